"""Where films go and what lies in them: the film and its latents, both or neither."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from yozora import recipe as recipes
from yozora.engine.canvas import Beside
from yozora.media import files, latents, video
from yozora.media.errors import MediaError
from yozora.recipe import Recipe
from yozora.request import Request
from yozora.timeline.compiled import Compiled
from yozora.timeline.document import Timeline, to_seconds

if TYPE_CHECKING:
    from yozora.engine.canvas import Floats
    from yozora.engine.protocol import Engine

BYTES_A_PIXEL = 0.05  # of a coded film, generously: what is asked of the disk beforehand


def film_paths(out: Path, variations: int) -> tuple[Path, ...]:
    """Where the films go: `name.mp4`, or `name-1.mp4`... for variations."""
    if variations == 1:
        return (out,)
    return tuple(out.with_stem(f"{out.stem}-{n}") for n in range(1, variations + 1))


def pixels_of(request: Request) -> float:
    """About how many pixels a film of words has."""
    size = (request.width or 512) * (request.height or 288)
    return size * request.seconds * float(request.fps or 12)


def pixels_of_film(timeline: Timeline) -> float:
    """About how many pixels the film of a timeline has."""
    size = (timeline.width or 512) * (timeline.height or 288)
    return size * to_seconds(timeline.ticks) * float(timeline.fps or 12)


def check_places(paths: Sequence[Path], pixels: float, sources: Sequence[Path] = ()) -> None:
    """Refuse places that cannot take films of so many pixels, or that are what they are made from.

    Raises MediaError.
    """
    need = round(pixels * BYTES_A_PIXEL * len(paths)) + (1 << 20)
    for path in paths:
        files.check_writable(path, need)
        files.check_writable(latents.latents_path(path))
    places = [place for path in paths for place in (path, latents.latents_path(path))]
    files.check_apart(places)
    for place in places:
        for source in sources:
            # False too for a name that is too long
            if place.exists() and source.exists() and place.samefile(source):
                raise MediaError(f"{place} is what the film is made from: choose another name")


def store(
    path: Path,
    film: video.Encoded,
    made: Floats,
    compiled: Compiled,
    recipe: Recipe,
    engine: Engine,
) -> None:
    """The latents and the film, both or neither: what was there before stays. Raises MediaError."""
    header = latents_header(engine, film.packets_sha256)
    index_F2, plain = compiled.beside.index_F2, Beside.plain(len(made), made).index_F2
    stored = latents.Latents(
        made,
        header,
        compiled.lead,
        None if np.array_equal(index_F2, plain) else index_F2,
        compiled.beside.beyond_GCHW,
        compiled.beside.index_G2,
        compiled.copied_F if compiled.copied_F.any() else None,
    )
    told = {video.RECIPE_KEY: recipes.to_json(recipe)}
    files.write_together({
        latents.latents_path(path): latents.to_file(stored),
        path: video.to_mp4(film, told),
    })  # fmt: skip


def latents_header(engine: Engine, packets_sha256: str) -> dict[str, str]:
    """What latents tell of themselves."""
    return {
        "engine": engine.name,
        "latents_id": engine.latents_id,
        "weights_sha256": engine.weights_sha256,
        "grid": recipes.plain_json(engine.grid.to_dict()),
        "packets_sha256": packets_sha256,
    }


def read_recipe(path: Path) -> Recipe:
    """The recipe inside a film. Raises MediaError."""
    text = video.read_recipe(path)
    try:
        return recipes.from_json(text)
    except (ValueError, OverflowError, RecursionError) as error:
        raise MediaError(f"the recipe in {path} is damaged ({error}): render it anew") from error
