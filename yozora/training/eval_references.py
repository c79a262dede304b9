"""`yozora eval --references N`: is who is in a film the one that its reference shows?

N held-out individuals, each with a film from the picture and a caption that tells its kind and
neither its colour nor what it wears. The matcher, which never met these looks, picks the film's
reference out of twenty of the same kind. Beside it stand the world's own renders of the same
scenes (what the matcher can tell) and films without the reference (what the words alone give).
"""

# S side of a reference, E values of a point

from __future__ import annotations

import hashlib
import json
import math
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from yozora.engine.protocol import Engine, Frames
from yozora.media import files
from yozora.model.checkpoint import load_matcher, sha256_of, weights_folder
from yozora.model.layers import compute_dtype
from yozora.model.matcher import Matcher
from yozora.timeline import tools
from yozora.timeline.compile import compile_timeline
from yozora.timeline.document import Reference, to_ticks
from yozora.timeline.material import NOTHING
from yozora.training.errors import TrainingError
from yozora.training.eval_clips import OnProgress, spread
from yozora.training.evaluate import open_world
from yozora.training.matcher import CHOICES
from yozora.training.matcher_data import (
    LENGTH_S,
    MEASURED,
    REFERENCE_PX,
    individual,
    scene_with,
)
from yozora.training.report import FULL, STARTER, Figure, to_dict
from yozora.training.run import hold
from yozora.world.captions import caption_said, said
from yozora.world.phrases import KINDS
from yozora.world.scene import Scene, Subject

if TYPE_CHECKING:
    from yozora.world.renderer import Renderer

VERSION = 1  # of what is measured: rows of another version are not mixed
MOMENTS = 6  # of a film that the matcher looks at
SHOWN = 24  # individuals on the sheet
WAYS = ("films", "renders", "films without")
NAMES = {
    "films": f"right reference of {CHOICES}, films",
    "renders": "  the world's own renders (ceiling)",
    "films without": "  films without a reference (floor)",
}


@dataclass(frozen=True, slots=True)
class Found:
    """What was measured."""

    figures: list[Figure]
    tier: str
    json: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One held-out individual, the scene that it is shown in, and who else is to choose from."""

    subject: Subject
    scene: Scene
    others: tuple[Subject, ...]


def case(index: int) -> Case:
    """Kinds take turns; looks are of the half that never taught the matcher."""
    rng = random.Random(f"evaluation/references/{index}")
    kinds = sorted(KINDS)
    kind = kinds[index % len(kinds)]
    subject = individual(rng, MEASURED, kind)
    others = tuple(individual(rng, MEASURED, kind) for _ in range(CHOICES - 1))
    return Case(subject, scene_with(rng, subject, plain=True), others)


def caption_of(scene: Scene) -> str:
    """Its canonical caption without colour and garments."""
    told = said(scene)
    bare = tuple(replace(subject, colour=None, worn=()) for subject in told.subjects)
    return caption_said(replace(told, subjects=bare))


def evaluate_references(
    out: Path,
    count: int,
    on_progress: OnProgress = lambda what, done, of: None,
    *,
    engine: Engine | None = None,
    matcher: Matcher | None = None,
    open_renderer: Callable[[int, int, int], Renderer | None] = open_world,
) -> Found:
    """Measure and write `references.json` and `references.png` into a folder.

    Raises WeightsError without weights or matcher, TrainingError where there are no references.
    """
    from yozora.engine.native import NativeEngine

    path = weights_folder() / "matcher.safetensors"
    who = "given"
    if matcher is None:
        matcher, who = load_matcher(path)[0].to(compute_dtype()), sha256_of(path)
    engine = engine or NativeEngine.load()
    if not engine.reference_px:
        raise TrainingError(
            "These weights were trained without references: train a transformer with "
            "data.reference_share above 0."
        )
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise TrainingError(
            f"Cannot write to {out} ({fault.strerror}): name another folder with --out."
        ) from None
    for name in ("references.json", "references.png"):
        files.check_writable(out / name)
    opened = open_renderer(engine.grid.width, engine.grid.height, engine.grid.fps)
    if opened is None:
        raise TrainingError(
            "References are pictures of the world, and this machine cannot render it (OpenGL "
            "without a window is missing): apt-get install libegl1 libgl1-mesa-dri."
        )
    busy = f"Another evaluation is at work in {out}: wait for it, or name another folder"
    with hold(out / ".lock", f"{busy} with --out.", "name with --out"), opened as renderer:
        identity = hashlib.sha256(f"{VERSION}/{engine.weights_sha256}/{who}".encode()).hexdigest()
        rows = _measure(out, count, on_progress, engine, matcher, renderer, identity)
    tier = FULL if engine.grid.fps >= 24 else STARTER
    found = figures(rows)
    facts = {
        "version": VERSION,
        "weights_sha256": engine.weights_sha256,
        "matcher_sha256": who,
        "individuals": count,
    }
    body = to_dict(found, facts, tier)
    files.write(out / "references.json", (json.dumps(body, indent=1) + "\n").encode())
    return Found(found, tier, body)


def _measure(
    out: Path,
    count: int,
    on_progress: OnProgress,
    engine: Engine,
    matcher: Matcher,
    renderer: Renderer,
    identity: str,
) -> list[dict[str, bool]]:
    """By individual and way, whether the right one was picked; what is known already is kept."""
    from yozora.media import images

    path = out / "references.jsonl"
    first = json.dumps({"identity": identity})
    known = _known(path, first)
    if not known:  # pictures of other weights
        for old in (out / "references").glob("*.png"):
            old.unlink()
    text = "".join(f"{json.dumps({'index': i, **row})}\n" for i, row in sorted(known.items()))
    files.write(path, f"{first}\n{text}".encode())
    strips = out / "references"
    strips.mkdir(exist_ok=True)
    for index in range(count):
        picture = strips / f"{index:04d}.png"
        if index not in known or (index < SHOWN and not picture.is_file()):
            one = case(index)
            seen = films(one, index, engine, renderer)
            if index not in known:
                known[index] = picked(one, seen, matcher, renderer)
                with path.open("a") as file:
                    file.write(json.dumps({"index": index, **known[index]}) + "\n")
            if index < SHOWN:
                apart = renderer.reference(one.subject, REFERENCE_PX)
                images.save_png(picture, strip(apart, seen))
        on_progress("references", index + 1, count)
    shown = range(min(count, SHOWN))
    pictures = [images.read_image(strips / f"{index:04d}.png") for index in shown]
    labels = [caption_of(case(index).scene) for index in shown]
    images.save_png(out / "references.png", images.contact_sheet(pictures, labels, 2))
    return [known[index] for index in range(count)]


def _known(path: Path, first: str) -> dict[int, dict[str, bool]]:
    """Rows on disk of the same weights and matcher; damaged ones are dropped."""
    rows: dict[int, dict[str, bool]] = {}
    lines = path.read_text(errors="replace").splitlines() if path.is_file() else []
    for line in lines[1:] if lines[:1] == [first] else []:
        with suppress(ValueError, TypeError, LookupError):
            raw = json.loads(line)
            rows[int(raw["index"])] = {way: bool(raw[way]) for way in WAYS}
    return rows


def films(one: Case, seed: int, engine: Engine, renderer: Renderer) -> dict[str, Frames]:
    """The film with the reference, the film without, and the render of the scene."""
    still = renderer.reference(one.subject, engine.reference_px)
    latents = engine.encode(still[None].repeat(engine.grid.frames_per_latent, 0))
    made = {}
    for way, references in (("films", (Reference("picture"),)), ("films without", ())):
        bare = tools.text_to_video(caption_of(one.scene), to_ticks(LENGTH_S), references)
        grid = engine.grid
        timeline = replace(bare, seed=seed, width=grid.width, height=grid.height)
        material = replace(NOTHING, references={"picture": latents[0]})
        compiled = compile_timeline(timeline, grid, seed, material)
        z = engine.generate(
            compiled.canvas,
            steps=None,
            quality="fast",
            negative="",
            on_step=lambda done, of, clean: None,
            cancelled=lambda: False,
        )
        made[way] = engine.decode(z)[: compiled.frames]
    return {**made, "renders": renderer.render(one.scene)}


def picked(
    one: Case, seen: dict[str, Frames], matcher: Matcher, renderer: Renderer
) -> dict[str, bool]:
    """Whether the matcher finds each clip's own reference among all."""
    everybody = (one.subject, *one.others)
    points = np.stack(
        [matcher.point(renderer.reference(who, REFERENCE_PX)[None]) for who in everybody]
    )
    found = {}
    for way in WAYS:
        frames = seen[way]
        point = matcher.point(frames[spread(len(frames), MOMENTS)])
        found[way] = int((points @ point).argmax()) == 0
    return found


def strip(apart: Frames, seen: dict[str, Frames]) -> Frames:
    """The reference, and two frames each of the film, the render and the film without it."""
    from yozora.media import images

    height = len(apart)
    parts = [apart]
    for way in WAYS:
        frames = seen[way][spread(len(seen[way]), 4)[1:3]]
        width = round(frames.shape[2] * height / frames.shape[1])
        parts += list(images.fit(frames, width, height))
    return np.concatenate(parts, axis=1)


def figures(rows: list[dict[str, bool]]) -> list[Figure]:
    """Shares right with their 95 % intervals; chance is one in `CHOICES`."""
    lines = []
    for way in WAYS:
        share = float(np.mean([row[way] for row in rows]))
        low, high = interval(share, len(rows))
        note = f"{len(rows)} individuals, chance is {100 / CHOICES:g} %"
        lines.append(
            Figure(NAMES[way], 100 * share, " %", low=100 * low, high=100 * high, note=note)
        )
    return lines


def interval(share: float, count: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's interval of a share (Wilson 1927)."""
    over = 1.0 + z * z / count
    middle = (share + z * z / (2 * count)) / over
    half = z * math.sqrt(share * (1.0 - share) / count + z * z / (4 * count**2)) / over
    return max(0.0, middle - half), min(1.0, middle + half)
