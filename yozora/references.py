"""Which references a film is made with: read once, known to the weights, the same when repeated."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from yozora.assets import known
from yozora.media.references import Reference, read_reference, read_style
from yozora.recipe import Recipe
from yozora.request import Request, RequestError
from yozora.timeline.document import Reference as Drawing
from yozora.timeline.document import Timeline, is_kept

if TYPE_CHECKING:
    from yozora.engine.canvas import Floats
    from yozora.engine.protocol import Engine


def read_references(
    request: Request, roles: Mapping[str, str] | None = None
) -> tuple[tuple[Reference, ...], tuple[str, ...]]:
    """(each reference once, a style's picture last; sentences about what is odd in them).

    `roles`: what files stand for, by sha256, where that is known. Raises MediaError.
    """
    read = [
        one if isinstance(one, Reference) else _read(one, roles or {}) for one in request.references
    ]
    if request.style is not None and request.style.reference is not None:
        read.append(read_style(request.style.reference))
    shown = {one.sha256: one for one in reversed(read)}  # the first name of each
    notes = [one.note for one in read if one.note]
    if len(shown) < len(read):
        notes.append("a reference was given twice, and counts once")
    return tuple(one for one in read if shown[one.sha256] is one), tuple(dict.fromkeys(notes))


def _read(path: Path, roles: Mapping[str, str]) -> Reference:
    if "style" in roles.values() and roles.get(known(path).sha256) == "style":
        return read_style(path)
    return read_reference(path)


def check_taught(shown: Collection[Reference], engine: Engine) -> None:
    """Refuse references for weights that were trained without. Raises RequestError."""
    if shown and not engine.reference_px:
        raise RequestError(
            "these weights were trained without references: leave --reference out, or point "
            "YOZORA_WEIGHTS at weights that were trained with them"
        )


def given_again(recipe: Recipe, request: Request) -> tuple[tuple[Reference, ...], tuple[str, ...]]:
    """(the references of a film, in its own order, as the request gives them; a sentence for each
    whose file is the same and whose picture is not). Raises RequestError for other files."""
    spans = recipe.timeline.spans
    roles = {one.asset: one.role for span in spans for one in span.references}
    given, _ = read_references(request, roles)
    files_of = {one.sha256: one for one in given}
    for needed in recipe.references:
        if needed.sha256 not in files_of:
            raise RequestError(
                f"the film was made with the reference {needed.name!r}"
                + (", and what was given is another file" if given else "")
                + ": give that very file with --reference"
            )
    if len(files_of) > len(recipe.references):
        raise RequestError("a reference was given that the film was made without: leave it out")
    shown = tuple(files_of[needed.sha256] for needed in recipe.references)
    return shown, _redrawn(recipe, shown)


def drawing_on(timeline: Timeline, shown: Sequence[Reference]) -> Timeline:
    """The film with references for all of it that is made."""
    new = tuple(Drawing(one.sha256, one.role) for one in shown)
    spans = (
        span if is_kept(span) else replace(span, references=(*span.references, *new))
        for span in timeline.spans
    )
    return replace(timeline, spans=tuple(spans)) if new else timeline


def _redrawn(recipe: Recipe, shown: tuple[Reference, ...]) -> tuple[str, ...]:
    """A sentence for each reference whose file is the same and whose picture is not."""
    return tuple(
        f"the reference {then.name!r} gives another picture here: the film will differ"
        for then, now in zip(recipe.references, shown, strict=True)
        if then.pixels_sha256 != now.pixels_sha256
    )


def latents_of(shown: Collection[Reference], engine: Engine) -> dict[str, Floats]:
    """What stands for each reference when a timeline is compiled: a still's latents (C, H, W), as
    training encodes them."""
    k = engine.grid.frames_per_latent
    return {
        one.sha256: engine.encode(one.at(engine.reference_px)[None].repeat(k, 0))[0]
        for one in shown
    }
