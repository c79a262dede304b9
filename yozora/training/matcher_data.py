"""What the matcher is taught: individuals, each apart and in scenes of any place, hour and action.

An individual is a kind, a colour, a look and what it wears. Looks are split in two halves: one
teaches, the other measures, here and in `yozora eval --references`. Individuals come in groups of
one kind, so that telling them apart is more than telling kinds.

    python -m yozora.training.matcher_data FOLDER INDIVIDUALS A_SHARD SEED FPS N OF    (one process)
"""

# B individuals, V views, H, W pixels, S side of a reference

from __future__ import annotations

import os
import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from yozora.training.recipe import Recipe
from yozora.training.renderers import open_log
from yozora.training.run import make_folder
from yozora.training.shards import Clip, Shard, ShardWriter, shard_paths
from yozora.world.captions import COLOURLESS
from yozora.world.phrases import KINDS
from yozora.world.sample import camera_choices, sample_facing
from yozora.world.scene import (
    COLOURS,
    PLACES,
    SHELTERED,
    STYLES,
    TIMELESS,
    TIMES,
    WEATHERS,
    Scene,
    Subject,
)

Frames = NDArray[np.uint8]

WIDTH, HEIGHT = 256, 144  # pixels of a view
REFERENCE_PX = 96
VIEWS = 3  # scenes of each individual, one frame of each
GROUP = 8  # individuals of one kind, one after the other
MEASURED_EVERY = 10  # shards, of which one measures and never teaches
TEACHING, MEASURED = 0, 1  # halves of all looks
LENGTH_S = 2.0
WORN_SHARE = 0.5  # of people: with garments
NATURAL_SHARE = 0.7  # of scenes; the others in another style that has colours
TOLD_STYLES = tuple(style for style in STYLES if style not in COLOURLESS)


def individual(rng: random.Random, half: int, kind: str) -> Subject:
    """Somebody of a kind, whose look is of one half."""
    worn: tuple[tuple[str, str], ...] = ()
    garments = KINDS[kind].garments
    if garments and rng.random() < WORN_SHARE:
        picked = sorted(rng.sample(garments, rng.choice((1, 2))))
        worn = tuple((garment, rng.choice(list(COLOURS))) for garment in picked)
    action = next(iter(KINDS[kind].actions))
    look = 2 * rng.getrandbits(30) + half
    return Subject(kind, rng.choice(list(COLOURS)), action, look=look, worn=worn)


def scene_with(rng: random.Random, subject: Subject, plain: bool = False) -> Scene:
    """A scene with only that individual; `plain`: by day, clear and natural, a camera at rest."""
    shown = Subject(
        subject.kind,
        subject.colour,
        rng.choice(list(KINDS[subject.kind].actions)),
        look=subject.look,
        worn=subject.worn,
    )
    homes = KINDS[subject.kind].homes
    place = rng.choice(homes if homes and (plain or rng.random() < 0.5) else list(PLACES))
    timeless = plain or place in TIMELESS
    natural = plain or rng.random() < NATURAL_SHARE
    camera = "static" if plain else rng.choice(camera_choices((shown,)))
    return Scene(
        subjects=(shown,),
        place=place,
        time="day" if timeless else rng.choice(list(TIMES)),
        weather="clear" if plain or place in SHELTERED else rng.choice(list(WEATHERS)),
        style="natural" if natural else rng.choice(TOLD_STYLES),
        camera=camera,
        facing=sample_facing(rng, camera),
        length_s=LENGTH_S,
        seed=rng.getrandbits(31),
    )


def half_of(index: int) -> int:
    """Which looks a shard shows: the first and each tenth measure."""
    return MEASURED if index % MEASURED_EVERY == 0 else TEACHING


def render_shard(folder: Path, index: int, count: int, seed: int, fps: int) -> Path:
    """Individuals with their references and views; the same arguments give the same shard."""
    from yozora.world.renderer import Renderer  # needs OpenGL; training on shards does not

    rng = random.Random(f"matcher/{seed}/{index}")
    writer = ShardWriter(folder, f"shard-{index:05d}")
    kind = ""
    with Renderer(WIDTH, HEIGHT, fps=fps) as renderer:
        for number in range(count):
            if number % GROUP == 0:
                kind = rng.choice(sorted(KINDS))
            subject = individual(rng, half_of(index), kind)
            views = []
            for _ in range(VIEWS):
                scene = scene_with(rng, subject)
                views.append(renderer.render(scene, rng.uniform(0.2, LENGTH_S - 0.2), 1)[0])
            apart = renderer.reference(subject, REFERENCE_PX)
            told = Clip(fps, ("",), scene=scene.to_json())
            writer.add(told, {"frames": np.stack(views), "references": apart})
    return writer.close()


def shard_sizes(individuals: int, a_shard: int) -> list[int]:
    """Individuals of each shard."""
    return [min(a_shard, individuals - at) for at in range(0, individuals, a_shard)]


def start_renderers(recipe: Recipe, folder: Path) -> list[subprocess.Popen[bytes]]:
    """Start the recipe's rendering processes; shards that are there already are kept."""
    make_folder(folder)
    run = recipe.matcher
    count = len(shard_sizes(run.individuals, run.individuals_a_shard))
    if all((folder / f"shard-{i:05d}").exists() for i in range(count)):
        return []
    processes = []
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "LP_NUM_THREADS": "0"}
    for number in range(recipe.data.workers):
        values = (folder, run.individuals, run.individuals_a_shard, recipe.data.seed,
                  recipe.grid.fps, number, recipe.data.workers)  # fmt: skip
        command = [sys.executable, "-m", "yozora.training.matcher_data", *map(str, values)]
        with open_log(folder / f"worker-{number}.log") as log:
            processes.append(subprocess.Popen(command, stdout=log, stderr=log, env=environment))
    return processes


def main(argv: list[str]) -> int:
    folder = Path(argv[0])
    individuals, a_shard, seed, fps, number, of = map(int, argv[1:])
    os.nice(5)
    sizes = shard_sizes(individuals, a_shard)
    for index in range(number, len(sizes), of):
        if not (folder / f"shard-{index:05d}").exists():
            render_shard(folder, index, sizes[index], seed, fps)
            print(f"shard {index} of {len(sizes)}", flush=True)
    return 0


# -- reading ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pairs:
    """Individuals apart and in a scene, row by row."""

    references_BSS3: Tensor  # uint8
    views_BHW3: Tensor  # uint8


class Individuals:
    """All shards of a folder; takes in new ones as they appear."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seen: set[Path] = set()
        self.teaching: dict[str, list[tuple[Shard, Clip]]] = {}  # by kind
        self.measured: dict[str, list[tuple[Shard, Clip]]] = {}
        self.refresh()

    def refresh(self) -> None:
        for path in shard_paths(self.folder):
            if path in self.seen:
                continue
            self.seen.add(path)
            shard = Shard(path)
            for clip in shard.clips:
                assert clip.scene is not None
                subject = Scene.from_json(clip.scene).subjects[0]
                half = self.measured if subject.look % 2 == MEASURED else self.teaching
                half.setdefault(subject.kind, []).append((shard, clip))

    def __len__(self) -> int:
        return sum(map(len, self.teaching.values()))

    def draw(self, rng: random.Random, count: int) -> Pairs:
        """Individuals that teach, in groups of one kind, each with one of its views, changed."""
        rows: list[tuple[Shard, Clip]] = []
        teaching = self.teaching or self.measured  # one shard only
        kinds = [kind for kind, of in teaching.items() for _ in of]
        while len(rows) < count:
            of = teaching[rng.choice(kinds)]
            rows += rng.sample(of, min(len(of), GROUP, count - len(rows)))
        views = [rng.randrange(VIEWS) for _ in rows]
        found = pairs_of(rows, views)
        return Pairs(
            torch.stack([changed(one, rng, False) for one in found.references_BSS3]),
            torch.stack([changed(one, rng, True) for one in found.views_BHW3]),
        )


def pairs_of(rows: list[tuple[Shard, Clip]], views: list[int]) -> Pairs:
    """Individuals, each with one of its views."""
    apart = np.stack([shard.read(clip, "references") for shard, clip in rows])
    seen = [shard.read(clip, "frames")[v] for (shard, clip), v in zip(rows, views, strict=True)]
    return Pairs(torch.from_numpy(apart), torch.from_numpy(np.stack(seen)))


def changed(picture_HW3: Tensor, rng: random.Random, worn: bool) -> Tensor:
    """Mirrored, brighter or darker, softer, with noise: as films are, and so that none is learnt
    by heart. Who is in it stays who it is."""
    x = picture_HW3.permute(2, 0, 1)[None].float()
    if rng.random() < 0.5:
        x = x.flip(3)
    if rng.random() < 0.5 and worn:
        height, width = x.shape[2:]
        scale = rng.uniform(1.2, 2.5)
        small = F.interpolate(x, (round(height / scale), round(width / scale)), mode="area")
        x = F.interpolate(small, (height, width), mode="bilinear")
    x = x * (1.0 + rng.uniform(-0.06, 0.06))
    if rng.random() < 0.5:
        x = x + torch.randn_like(x) * rng.uniform(0.0, 6.0)
    return x[0].round_().clamp_(0, 255).to(torch.uint8).permute(1, 2, 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
