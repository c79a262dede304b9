"""What the judge is taught: its columns, and renders of scenes that show them.

Several kinds have no first and second on a screen, so the judge tells them by place, from the left:
the columns are `subject`, `colour`, `action`, then `second_*`, then `third_subject`; `depth` says
whether the left one of two stands in front or behind, `then` is the second action of whichever
changes. Of a pair, both are labelled with what they do together. Draws hold every pair of
attributes, those too that the model is never trained on: a judge that never met a blue dog would
deny it (docs/adr, 13). The seeds are its own: no clip that it is asked about was shown to it.

    python -m yozora.training.judge_data FOLDER LONG SHORT CHANGING SEED FPS N OF    (one process)
"""

# M moments, B clips, H, W pixels

from __future__ import annotations

import math
import os
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from yozora.model.judge import HEIGHT, WIDTH, moment_indices
from yozora.training.judge_views import Batch
from yozora.training.recipe import JudgeRun, Recipe
from yozora.training.renderers import open_log
from yozora.training.run import make_folder
from yozora.training.shards import Clip, Shard, ShardWriter, shard_paths
from yozora.world.captions import NONE, caption, readable
from yozora.world.pairs import PAIRS
from yozora.world.parsing import MOST_SUBJECTS
from yozora.world.phrases import KINDS, WORN_BY
from yozora.world.sample import sample_scene
from yozora.world.scene import (
    CAMERAS,
    COLOURS,
    DEEP,
    PLACES,
    STYLES,
    TIMES,
    WEATHERS,
    Scene,
    Subject,
)
from yozora.world.staging import stage_scene, steps_aside

GARMENTS = {garment for garments in WORN_BY.values() for garment in garments}

Frames = NDArray[np.uint8]

MOMENTS = 12  # of a training clip, each a pair of frames
SCENES_A_SHARD = 50
LENGTH_S = 4.0
IN_FRONT, BEHIND = "in front", "behind"  # of the left one of two
SHORT_S = 1.0  # of short scenes, which hold one action; what needs no time is told as well in them
CHANGING_S = (2.0, LENGTH_S)  # around the middle, where a second action begins, in turns


def columns() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The judge's columns and their values, from the world's own tables."""
    kinds = tuple(sorted(KINDS))
    own = {action for words in KINDS.values() for action in words.actions}
    actions = tuple(sorted(own | {*PAIRS}))
    colours = tuple(COLOURS)
    return (
        ("subject", (NONE, *kinds)),
        ("colour", colours),
        ("action", actions),
        ("place", tuple(PLACES)),
        ("time", tuple(TIMES)),
        ("weather", tuple(WEATHERS)),
        ("style", tuple(STYLES)),
        ("camera", tuple(CAMERAS)),
        ("count", ("0", "1", "2", "3")),
        ("then", (NONE, *sorted(own))),
        ("second_subject", (NONE, *kinds)),
        ("second_colour", colours),
        ("second_action", actions),
        ("third_subject", (NONE, *kinds)),
        ("depth", (NONE, IN_FRONT, BEHIND)),
        ("worn", (NONE, *sorted(GARMENTS))),
        ("worn_colour", colours),
    )


def from_the_left(scene: Scene) -> tuple[Subject, ...]:
    """The subjects by their place on the screen."""
    if len(scene.subjects) < 2:
        return scene.subjects
    if scene.pair is not None:
        reverse = math.cos(math.radians(scene.facing)) < 0.0
    elif scene.relation in DEEP:
        reverse = steps_aside(scene)
    else:
        reverse = scene.relation == "right of"
    return scene.subjects[::-1] if reverse else scene.subjects


def depth(scene: Scene) -> str:
    """How the left one of two stands to the other."""
    if scene.relation not in DEEP:
        return NONE
    first_is_left = from_the_left(scene)[0] is scene.subjects[0]
    return IN_FRONT if (scene.relation == "in front of") == first_is_left else BEHIND


def labels(scene: Scene) -> dict[str, str]:
    """The columns' values that can be seen in the scene; what cannot be told is absent."""
    left, right, third = (*from_the_left(scene), None, None, None)[:3]
    seen = readable(scene)
    together = scene.subjects[0].action if scene.pair else None
    told = {
        "subject": left.kind if left else NONE,
        "then": scene.then or NONE,
        "second_subject": right.kind if right else NONE,
        "third_subject": third.kind if third else NONE,
        "depth": depth(scene),
    }
    for column in ("place", "time", "weather", "style", "camera"):
        if column in seen:
            told[column] = getattr(scene, column)
    if left is None:
        return told | {"count": "0"}
    told["action"] = together or left.action
    if "colour" in seen:
        told["colour"] = left.colour
    if right is None:
        told["count"] = str(left.count)
        told["worn"] = left.worn[0][0] if left.worn else NONE
        if "worn_colour" in seen and left.worn:
            told["worn_colour"] = left.worn[0][1]
    else:
        told["second_action"] = together or right.action
        if "colour" in seen:
            told["second_colour"] = right.colour
    return told


# -- rendering -------------------------------------------------------------------------------------


def render_shard(
    folder: Path, index: int, scenes: int, seed: int, fps: int, kind: str = "long"
) -> Path:
    """Render shard `index`, kept at the moments the judge looks at: "long" scenes whole, a second
    of "short" ones, or the middle or all of "changing" ones."""
    from yozora.world.renderer import Renderer  # needs OpenGL; training on shards does not

    rng = random.Random(f"judge/{seed}/{index}")
    writer = ShardWriter(folder, f"shard-{index:05d}")
    with Renderer(WIDTH, HEIGHT, fps=fps) as renderer:
        for number in range(scenes):
            scene, start_s, length_s = draw_stretch(rng, kind, number)
            told = Clip(fps, (caption(scene),), scene=scene.to_json(), start_s=start_s)
            index_M2 = moment_indices(round(length_s * fps), fps, MOMENTS)
            writer.add(told, {
                "frames": render_moments(renderer, scene, start_s, index_M2),
                "boxes": boxes(scene, [start_s + a / fps for a, _ in index_M2], WIDTH, HEIGHT),
            })  # fmt: skip
    return writer.close()


def draw_stretch(rng: random.Random, kind: str, number: int) -> tuple[Scene, float, float]:
    """A scene, where the part that is shown begins, and how long it is, in seconds.

    Of "changing" scenes every other one has a second action, the rest two kinds of subject: rare
    otherwise, and hardest to tell. Half of either are shown whole.
    """
    scene = sample_scene(rng, length_s=LENGTH_S, held_out=None)
    if kind == "short":
        return scene.as_one_act(), rng.uniform(0.0, LENGTH_S - SHORT_S), SHORT_S
    if kind == "changing":
        while (scene.then is None) if number % 2 else (len(scene.subjects) < 2):
            scene = sample_scene(rng, length_s=LENGTH_S, held_out=None)
        length_s = CHANGING_S[number // 2 % len(CHANGING_S)]
        middle_s = LENGTH_S / 2 + rng.uniform(-1.0, 1.0) * (LENGTH_S - length_s) / 6
        return scene, middle_s - length_s / 2, length_s
    return scene, 0.0, LENGTH_S


def render_moments(
    renderer: object, scene: Scene, start_s: float, index_M2: NDArray[np.int64]
) -> Frames:
    """Only the frames of a stretch that the judge looks at: (M, 2, H, W, 3)."""
    from yozora.world.renderer import Renderer

    assert isinstance(renderer, Renderer)
    fps = renderer.fps
    runs = [renderer.render(scene, start_s + a / fps, int(b - a) + 1)[[0, -1]] for a, b in index_M2]
    return np.stack(runs)


def boxes(scene: Scene, seconds: list[float], width: int, height: int) -> NDArray[np.float32]:
    """Around the subjects, from the left, at these times, hidden parts too: (M, 3, 4) of x0, y0,
    x1, y1 as shares of the picture, cut at its edges; zeros where there is none. Alike ones share
    a box."""
    staging = stage_scene(scene, width / height)
    out_M34 = np.zeros((len(seconds), MOST_SUBJECTS, 4), np.float32)
    for side, subject in enumerate(from_the_left(scene)):
        actors = [a for a in staging.actors if scene.subjects[a.subject] is subject]
        for m, at_s in enumerate(seconds if actors else ()):
            view = staging.view_at(at_s, width / height)
            point_N3 = np.concatenate([actor.points_at(at_s) for actor in actors])
            at_N2 = view.project(point_N3, width, height)[:, :2] / (width, height)
            box = np.concatenate([at_N2.min(0), at_N2.max(0)]).clip(0.0, 1.0)
            if (box[2:] > box[:2]).all():
                out_M34[m, side] = box
    return out_M34


def shard_sizes(long: int, short: int = 0, changing: int = 0) -> list[tuple[int, str]]:
    """Scenes of each shard, and their kind."""
    each = SCENES_A_SHARD
    return [
        (min(each, count - at), kind)
        for count, kind in ((long, "long"), (short, "short"), (changing, "changing"))
        for at in range(0, count, each)
    ]


def to_render(judge: JudgeRun, fps: int) -> tuple[int, int]:
    """(scenes, about how many frames) of all its shards: two frames a moment."""
    seconds = {"long": LENGTH_S, "short": SHORT_S, "changing": sum(CHANGING_S) / len(CHANGING_S)}
    sizes = shard_sizes(judge.scenes, judge.short_scenes, judge.changing_scenes)
    frames = sum(
        2 * count * len(moment_indices(round(seconds[kind] * fps), fps, MOMENTS))
        for count, kind in sizes
    )
    return sum(count for count, _ in sizes), frames


def start_renderers(recipe: Recipe, folder: Path) -> list[subprocess.Popen[bytes]]:
    """Start the recipe's rendering processes; shards that are there already are kept."""
    make_folder(folder)
    judge = recipe.judge
    counts = judge.scenes, judge.short_scenes, judge.changing_scenes
    sizes = shard_sizes(*counts)
    if all(shard_path(folder, i).exists() for i in range(len(sizes))):
        return []
    processes = []
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "LP_NUM_THREADS": "0"}
    for number in range(recipe.data.workers):
        values = folder, *counts, recipe.data.seed, recipe.grid.fps, number, recipe.data.workers
        command = [sys.executable, "-m", "yozora.training.judge_data", *map(str, values)]
        with open_log(folder / f"worker-{number}.log") as log:
            processes.append(subprocess.Popen(command, stdout=log, stderr=log, env=environment))
    return processes


def shard_path(folder: Path, index: int) -> Path:
    return folder / f"shard-{index:05d}"


def main(argv: list[str]) -> int:
    folder = Path(argv[0])
    *counts, seed, fps, number, of = map(int, argv[1:])
    os.nice(5)
    sizes = shard_sizes(*counts)
    for index in range(number, len(sizes), of):
        if not shard_path(folder, index).exists():
            count, kind = sizes[index]
            render_shard(folder, index, count, seed, fps, kind)
            print(f"shard {index} of {len(sizes)}", flush=True)
    return 0


# -- reading ---------------------------------------------------------------------------------------


class JudgeClips:
    """Rendered clips with their scenes; takes in new shards as they appear.

    The first `held_back` shards measure the training; they never teach.
    """

    def __init__(self, folder: Path, held_back: int = 1) -> None:
        self.folder, self.held_back = folder, held_back
        self.seen: set[Path] = set()
        self.clips: list[tuple[Shard, Clip, Scene]] = []
        self.measured: list[tuple[Shard, Clip, Scene]] = []
        self.order: dict[int, list[int]] = {}  # by moments a clip, what is still to be seen
        self.refresh()

    def refresh(self) -> None:
        back = {shard_path(self.folder, i) for i in range(self.held_back)}
        for path in shard_paths(self.folder):
            if path in self.seen:
                continue
            self.seen.add(path)
            shard = Shard(path)
            rows = [(shard, c, Scene.from_json(c.scene)) for c in shard.clips if c.scene]
            (self.measured if path in back else self.clips).extend(rows)

    def draw(self, rng: random.Random, count: int) -> Batch:
        """Clips that all have the same number of moments; every clip is seen once before any of
        its length is seen again."""
        lengths = [clip.places["frames"].shape[0] for _, clip, _ in self.clips]
        moments = rng.choice(lengths)
        rows = []
        for _ in range(count):
            left = self.order.setdefault(moments, [])
            if not left:
                left.extend(i for i, length in enumerate(lengths) if length == moments)
                rng.shuffle(left)
            rows.append(self.clips[left.pop()])
        return batch_of(rows)


def batch_of(rows: Sequence[tuple[Shard, Clip, Scene]]) -> Batch:
    """Clips of one shape as one batch."""

    def read(kind: str) -> torch.Tensor:
        return torch.from_numpy(np.stack([shard.read(clip, kind) for shard, clip, _ in rows]))

    return Batch(read("frames"), read("boxes").float(), [scene for _, _, scene in rows])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
