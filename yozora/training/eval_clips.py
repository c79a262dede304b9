"""The clips that the evaluation looks at, made once and kept: one JSON line a clip.

Prompt i is the caption of held-out scene i; its film has seed i, the weights' defaults, and is
never one of several. Its render is the same scene drawn by the world. An evaluation that is
stopped goes on where it was; other weights, or another judge, start afresh.
"""

# T frames, M moments, D feature channels

from __future__ import annotations

import json
import os
import random
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from yozora.engine.protocol import Engine, Frames
from yozora.media import files
from yozora.media.errors import MediaError
from yozora.model.judge import Judge
from yozora.timeline import tools
from yozora.timeline.compile import compile_timeline
from yozora.timeline.document import Timeline, to_ticks
from yozora.training import measures
from yozora.training.errors import TrainingError
from yozora.training.judge_data import labels
from yozora.training.render_world import timed_captions
from yozora.world.captions import caption
from yozora.world.sample import sample_scene
from yozora.world.scene import Scene

if TYPE_CHECKING:
    from yozora.world.renderer import Renderer

LENGTH_S = 4.0
STRIP = 4  # frames of a clip on the contact sheet
OnProgress = Callable[[str, int, int], None]  # (what, done, of)


@dataclass(frozen=True, slots=True)
class Row:
    """What is kept of one clip."""

    index: int
    scene: Scene
    best: dict[str, str]  # the judge's word by column
    verdict: dict[str, bool]
    feature: tuple[float, ...]
    numbers: dict[str, float] = field(default_factory=dict)

    def to_json(self) -> str:
        return json.dumps(asdict(self) | {"scene": self.scene.to_json()})

    @staticmethod
    def from_json(text: str | bytes) -> Row:
        """Raises one of `NO_ROW` for what no evaluation has written."""
        raw = json.loads(text)
        raw["scene"], raw["feature"] = Scene.from_json(raw["scene"]), tuple(raw["feature"])
        row = Row(**raw)
        if not row.sound():
            raise ValueError
        return row

    def sound(self) -> bool:
        """Whether its values are of the kinds that figures are made of."""
        words = [*self.best.values(), *labels(self.scene).values(), caption(self.scene)]
        counts = [subject.count for subject in self.scene.subjects]
        return (
            all(type(number) is int and number >= 0 for number in (self.index, *counts))
            and all(isinstance(word, str) for word in words)
            and all(isinstance(right, bool) for right in self.verdict.values())
            and all(_counts(value) for value in (*self.feature, *self.numbers.values()))
            and set(TOLD) <= set(self.best)
            and "subject" in self.verdict
        )


def _counts(value: object) -> bool:
    return type(value) is float or (type(value) is int and abs(value) < 2**53)


TOLD = ("subject", "colour", "action", "place", "time", "weather", "style", "camera")
TOGETHER = ("subject consistency", "background consistency", "smoothness", "flicker")
NUMBERS = {  # of each kind of clip
    "films": (*TOGETHER, "wall_s", "video_s"),
    "renders": TOGETHER,
    "others": TOGETHER,
    "reconstructions": (*TOGETHER, "psnr", "gradient"),
}
NO_ROW = (
    ValueError,  # JSON's and Unicode's too
    TypeError,
    LookupError,
    AttributeError,
    AssertionError,
    RecursionError,
)


class Rows:
    """Rows on disk, by index; those of another identity, and damaged ones, are dropped.

    `numbers`: what a row must have of those.
    """

    def __init__(self, path: Path, identity: str, numbers: tuple[str, ...] = ()) -> None:
        self.path, self.rows = path, dict[int, Row]()
        first = json.dumps({"identity": identity})
        try:
            lines = path.read_bytes().splitlines() if path.exists() else []
        except OSError as fault:
            raise TrainingError(
                f"{path} cannot be read ({fault.strerror}): move it away."
            ) from None
        if not lines or lines[0] != first.encode():
            files.write(path, f"{first}\n".encode())
            return
        rows = []
        for line in lines[1:]:
            with suppress(*NO_ROW):  # a kill in mid-line, a hand
                rows.append(Row.from_json(line))
        width = Counter(len(row.feature) for row in rows).most_common(1)
        for row in rows:
            if set(numbers) <= set(row.numbers) and len(row.feature) == width[0][0]:
                self.rows[row.index] = row
        text = "".join(self.rows[i].to_json() + "\n" for i in sorted(self.rows))
        files.write(path, f"{first}\n{text}".encode())

    def add(self, row: Row) -> None:
        self.rows[row.index] = row
        with self.path.open("a") as file:
            file.write(row.to_json() + "\n")

    def first(self, count: int) -> list[Row]:
        return [self.rows[i] for i in range(count) if i in self.rows]


def pictures(index: int) -> list[str]:
    """What is kept of film `index` to look at."""
    return [f"{index:04d}.png"] + ([f"viewer-{index:04d}.png"] if index < VIEWED else [])


def check_places(out: Path, films: int) -> None:
    """Nothing lies where rows and pictures will be put. Raises `TrainingError`."""
    places = [out / f"{name}.jsonl" for name in NUMBERS]
    places += [out / "clips" / name for index in range(films) for name in pictures(index)]
    places += [out / "viewer" / f"{index:04d}.png" for index in range(min(films, VIEWED))]
    for place in places:
        if not place.is_file() and os.path.lexists(place):
            try:
                files.check_writable(place)
            except MediaError:
                raise TrainingError(
                    f"{place} is no file: move it away, or name another folder with --out."
                ) from None


def held_out_scene(index: int, series: str = "prompts") -> Scene:
    """Scene `index` of a series: never seen in training, by its pairs."""
    return sample_scene(random.Random(f"evaluation/{series}/{index}"), held_out=True)


def film_of(scene: Scene, engine: Engine, seed: int, closed: bool = False) -> Timeline:
    """The scene's captions as a timeline: two spans where the action changes half way."""
    half_s = scene.length_s / 2
    before, after = timed_captions(scene, [0.0, half_s])
    if before == after:
        timeline = tools.text_to_video(before, to_ticks(scene.length_s))
    else:
        cards = [tools.text_to_video(text, to_ticks(half_s)) for text in (before, after)]
        timeline = tools.storyboard(cards)
    grid = engine.grid
    return replace(timeline, seed=seed, width=grid.width, height=grid.height, closed=closed)


def make(timeline: Timeline, engine: Engine) -> Frames:
    """A film's frames (T, H, W, 3), default settings."""
    assert timeline.seed is not None
    compiled = compile_timeline(timeline, engine.grid, timeline.seed)
    latents = engine.generate(
        compiled.canvas,
        steps=None,
        quality="fast",
        negative="",
        on_step=lambda done, of, clean: None,
        cancelled=lambda: False,
    )
    return engine.decode(latents, compiled.canvas.closed)[: compiled.frames]


def judged(index: int, scene: Scene, frames: Frames, fps: float, judge: Judge) -> Row:
    """One clip seen by the judge, with the measures of how it holds together."""
    opinion = judge.look(frames, fps)
    numbers = {
        "subject consistency": measures.consistency(opinion.subject_MD),
        "background consistency": measures.consistency(opinion.background_MD),
        "smoothness": measures.smoothness(frames),
        "flicker": measures.steadiness(frames),
    }
    return Row(
        index,
        scene,
        {column: opinion.best(column) for column in opinion.shares},
        measures.verdict(scene, opinion),
        tuple(round(float(v), 5) for v in opinion.feature_D),
        numbers,
    )


def generate(
    engine: Engine, judge: Judge, rows: Rows, count: int, folder: Path, on_progress: OnProgress
) -> list[Row]:
    """Films of prompts 0..count-1, each made, coded, timed and judged."""
    from yozora.media import images, video

    folder.mkdir(parents=True, exist_ok=True)
    for index in range(count):
        kept = all((folder / name).is_file() for name in pictures(index))
        if index not in rows.rows or not kept:
            scene = held_out_scene(index)
            began = time.perf_counter()
            frames = make(film_of(scene, engine, index), engine)
            video.encode(frames, engine.grid.fps)
            wall_s = time.perf_counter() - began
            images.save_png(folder / f"{index:04d}.png", images.filmstrip(frames, STRIP))
            if index < VIEWED:
                sheet = images.contact_sheet(list(frames[spread(len(frames), 12)]), columns=4)
                images.save_png(folder / f"viewer-{index:04d}.png", sheet)
            row = judged(index, scene, frames, engine.grid.fps, judge)
            numbers = {**row.numbers, "wall_s": wall_s, "video_s": len(frames) / engine.grid.fps}
            rows.add(replace(row, numbers=numbers))
        on_progress("films", index + 1, count)
    return rows.first(count)


VIEWED = 100  # films whose frames are exported for a viewer


def spread(count: int, picked: int) -> NDArray[np.int64]:
    return np.linspace(0, count - 1, picked).round().astype(np.int64)


def render(
    renderer: Renderer,
    engine: Engine | None,
    judge: Judge,
    stores: tuple[Rows, Rows],
    count: int,
    on_progress: OnProgress,
) -> tuple[list[Row], list[Row]]:
    """The same scenes drawn by the world, and (with an engine) through the tokenizer and back."""
    drawn, through = stores
    for index in range(count):
        need = engine is not None and index not in through.rows
        if index not in drawn.rows or need:
            scene = held_out_scene(index)
            frames = renderer.render(scene)
            if index not in drawn.rows:
                drawn.add(judged(index, scene, frames, renderer.fps, judge))
            if need:
                assert engine is not None
                back = engine.decode(engine.encode(frames))
                row = judged(index, scene, back, renderer.fps, judge)
                masks = subject_masks(renderer, scene)
                numbers = {**row.numbers, **reconstruction(frames, back, masks)}
                through.add(replace(row, numbers=numbers))
        on_progress("renders", index + 1, count)
    return drawn.first(count), through.first(count)


def render_others(
    renderer: Renderer, judge: Judge, rows: Rows, count: int, on_progress: OnProgress
) -> list[Row]:
    """Renders of other held-out scenes: what real clips differ from real clips by."""
    for index in range(count):
        if index not in rows.rows:
            scene = held_out_scene(index, "others")
            rows.add(judged(index, scene, renderer.render(scene), renderer.fps, judge))
        on_progress("other renders", index + 1, count)
    return rows.first(count)


def subject_masks(renderer: Renderer, scene: Scene) -> NDArray[np.bool_]:
    """Which pixels (T, H, W) show a subject."""
    from yozora.world.labels import FIRST_SUBJECT

    return renderer.render_labels(scene).instance_THW >= FIRST_SUBJECT


def reconstruction(frames: Frames, back: Frames, masks: NDArray[np.bool_]) -> dict[str, float]:
    """How well a clip survives the tokenizer."""
    source = measures.gradient_energy(frames)
    found = {
        "psnr": measures.psnr(frames, back),
        "gradient": measures.gradient_energy(back) / max(source, 1e-6),
    }
    if masks.any():
        found["subject psnr"] = measures.psnr(frames, back, masks)
    return found
