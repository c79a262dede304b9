"""Batches for the transformer: windows of latents with a caption a frame, by size and length."""

# B batch, F latent frames, C channels, H, W cells, K references

from __future__ import annotations

import json
import math
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from yozora.model.grid import FINE
from yozora.model.outlines import coarse, values_of
from yozora.model.plans import plan_of
from yozora.training.distributed import ALONE, Team
from yozora.training.shards import Clip, Shard, shard_paths

Halves = NDArray[np.float16]


RARE = ("two kinds", "second action")  # of scenes; `more` may draw them more often


@dataclass(frozen=True, slots=True)
class Item:
    """One clip in memory."""

    latents_FCHW: Halves
    captions: tuple[str, ...]
    short: tuple[str, ...]
    style: str
    kinds: frozenset[str]  # of its subjects; empty where no scene tells
    rare: frozenset[str]  # of RARE, what it shows
    look_CHW: Halves | None  # the first subject, apart
    subject_FHW: Halves | None  # share of each cell that subjects cover
    outline_FPHW: Halves | None  # the same of FINE by FINE parts of each cell, and the first's


@dataclass(frozen=True, slots=True)
class Batch:
    """What one step sees. `looks` and their roles are empty for most."""

    latents_BFCHW: Halves
    captions: tuple[tuple[str, ...], ...]
    looks_BKCHW: Halves | None = None
    roles: tuple[str, ...] = ()
    subject_BFHW: Halves | None = None  # None where no clip of the batch tells it
    outline_BFPHW: Halves | None = None  # all subjects and the first (P = 2), of FINE parts along
    # each side of a cell; NaN where not told
    window_B4: NDArray[np.int64] | None = None  # top, left, rows, columns of the whole, in cells


class LatentClips:
    """All shards of a folder, in memory (of one process); takes in new ones as they appear."""

    def __init__(
        self,
        folder: Path,
        team: Team = ALONE,
        more: Sequence[tuple[str, float]] = (),
        made_of: str = "latents",
    ) -> None:
        """`more`: kinds of subject or values of RARE, and how often their clips are drawn (others
        once). `made_of`: "latents", or "outlines" or their "plans", which then take the latents'
        place."""
        self.folder, self.team, self.more = folder, team, dict(more)
        self.kind = "latents" if made_of == "latents" else "outline"
        self.planned = made_of == "plans"
        self.seen: set[Path] = set()
        self.items: dict[tuple[int, int], list[Item]] = {}
        self.frames = 0
        self.longest = 0  # latent frames of the longest clip
        self.refresh()

    def refresh(self) -> None:
        for path in self.team.agree(shard_paths(self.folder)):
            if path in self.seen:
                continue
            self.seen.add(path)
            shard = Shard(path)
            for clip in shard.clips:
                if self.kind in clip.places:
                    item = _item(shard, clip, self.kind, self.planned, mapped=self.team.size > 1)
                    self.items.setdefault(item.latents_FCHW.shape[2:], []).append(item)
                    self.frames += len(item.latents_FCHW)
                    self.longest = max(self.longest, len(item.latents_FCHW))

    def __len__(self) -> int:
        return sum(map(len, self.items.values()))

    def draw(
        self,
        rng: random.Random,
        frames: int,
        batch_tokens: int,
        token: tuple[int, int],
        *,
        paraphrase: float,
        drop_caption: float,
        references: bool,
        close: tuple[int, int] | None = None,
        cut: float = 0.0,
    ) -> Batch:
        """A batch of one size; as many clips as fill `batch_tokens`, tokens of (rows, columns).

        `close`: only a window of so many rows and columns of cells, somewhere around a subject.
        `cut`: share of clips that become another clip, with its caption, from some frame on.

        Where no clip lasts `frames` yet, the batch is as long as the longest. Of several processes
        each draws the same clips and reads its own part of them.
        """
        sizes = list(self.items)
        frames = min(frames, self.longest)
        long_enough = {
            size: [i for i in self.items[size] if len(i.latents_FCHW) >= frames] for size in sizes
        }
        sizes = [s for s in sizes if long_enough[s]]
        size = rng.choices(sizes, [len(long_enough[s]) for s in sizes])[0]
        pool = long_enough[size]
        if references:
            pool = [i for i in pool if i.look_CHW is not None] or pool
        seen = size if close is None else (min(close[0], size[0]), min(close[1], size[1]))
        count = max(1, batch_tokens * token[0] * token[1] // (frames * seen[0] * seen[1]))
        count = -(-count // self.team.size) * self.team.size
        rows, captions, subjects, outlines, windows = [], [], [], [], []
        picked = rng.choices(pool, [self.often(item) for item in pool], k=count)
        for item in picked:
            latents, subject, outline, told = stretch(rng, item, frames, paraphrase)
            if frames > 1 and not references and rng.random() < cut:
                after = stretch(rng, rng.choice(pool), frames, paraphrase)
                at = rng.randrange(1, frames)
                latents = np.concatenate([latents[:at], after[0][at:]])
                subject = np.concatenate([subject[:at], after[1][at:]])
                outline = np.concatenate([outline[:at], after[2][at:]])
                told = told[:at] + after[3][at:]
            if rng.random() < drop_caption:
                told = ("",) * frames
            top, left = (0, 0) if close is None else around(rng, subject, seen, token)
            down, along = slice(top, top + seen[0]), slice(left, left + seen[1])
            windows.append((top, left, *size))
            rows.append(latents[:, :, down, along])
            subjects.append(subject[:, down, along])
            fine = [slice(FINE * part.start, FINE * part.stop) for part in (down, along)]
            outlines.append(outline[..., fine[0], fine[1]])
            captions.append(told)
        mine = self.team.slice_of(count)
        latents = np.stack(rows[mine])
        looks, roles = self.looks(rng, size, picked) if references else (None, ())
        told_apart = any(item.subject_FHW is not None for item in picked)
        return Batch(
            latents,
            tuple(captions[mine]),
            None if looks is None else looks[mine],
            roles,
            np.stack(subjects[mine]) if told_apart else None,
            np.stack(outlines[mine]) if any(i.outline_FPHW is not None for i in picked) else None,
            None if close is None else np.array(windows[mine]),
        )

    def often(self, item: Item) -> float:
        """How often a clip is drawn: as often as its subject that is drawn most often, and so many
        times more for what else is rare about it."""
        if not self.more:
            return 1.0
        kinds = max((self.more.get(kind, 1.0) for kind in item.kinds), default=1.0)
        return kinds * math.prod(self.more.get(name, 1.0) for name in item.rare)

    def looks(
        self, rng: random.Random, size: tuple[int, int], picked: list[Item]
    ) -> tuple[Halves | None, tuple[str, ...]]:
        """A character sheet, a style picture, or both, for every clip of the batch.

        A style picture is a corner of another clip of the same style; clips of one batch all have
        the same kinds of reference.
        """
        with_sheet = all(i.look_CHW is not None for i in picked)
        kinds = rng.choice((("character",), ("style",), ("character", "style")))
        with_style = all(i.style for i in picked)  # real videos tell none
        roles = tuple(k for k in kinds if (with_style if k == "style" else with_sheet))
        if not roles:
            return None, ()
        side = next((i.look_CHW.shape[-1] for i in picked if i.look_CHW is not None), 6)
        side = min(side, *size)
        rows = []
        for item in picked:
            row = []
            for role in roles:
                if role == "character":
                    assert item.look_CHW is not None
                    row.append(item.look_CHW)
                else:
                    row.append(self.style_picture(rng, size, item.style, side))
            rows.append(np.stack(row))
        return np.stack(rows), roles

    def style_picture(
        self, rng: random.Random, size: tuple[int, int], style: str, side: int
    ) -> Halves:
        for _ in range(64):
            other = rng.choice(self.items[size])
            if other.style == style:
                break
        frame = other.latents_FCHW[rng.randrange(len(other.latents_FCHW))]
        y = rng.randrange(0, size[0] - side + 1)
        x = rng.randrange(0, size[1] - side + 1)
        return frame[:, y : y + side, x : x + side]


def stretch(
    rng: random.Random, item: Item, frames: int, paraphrase: float
) -> tuple[Halves, Halves, Halves, tuple[str, ...]]:
    """Some frames of a clip: latents, subjects' shares, their outlines and a caption each."""
    start = rng.randrange(0, len(item.latents_FCHW) - frames + 1)
    some = slice(start, start + frames)
    latents = item.latents_FCHW[some]
    h, w = latents.shape[2:]
    none = np.zeros((frames, h, w), np.float16)
    subject = none if item.subject_FHW is None else item.subject_FHW[some]
    none = np.full((frames, 2, FINE * h, FINE * w), np.nan, np.float16)
    outline = none if item.outline_FPHW is None else item.outline_FPHW[some]
    told = item.captions[some]
    if item.short and rng.random() < paraphrase:
        told = (rng.choice(item.short),) * frames
    return latents, subject, outline, told


def around(
    rng: random.Random, subject_FHW: Halves, seen: tuple[int, int], token: tuple[int, int]
) -> tuple[int, int]:
    """Top and left cell of a window of `seen` cells with some of a subject anywhere inside it.

    It begins with a whole token of so many rows and columns. Without a subject it lies anywhere.
    """
    _, height, width = subject_FHW.shape
    share = subject_FHW.sum(0, np.float32)
    flat = (share if share.any() else np.ones_like(share)).ravel()
    row, col = divmod(rng.choices(range(len(flat)), flat.tolist())[0], width)
    top = min(max(row - rng.randrange(seen[0]), 0), height - seen[0])
    left = min(max(col - rng.randrange(seen[1]), 0), width - seen[1])
    return top // token[0] * token[0], left // token[1] * token[1]


def _item(shard: Shard, clip: Clip, kind: str, planned: bool, mapped: bool) -> Item:
    """`mapped`: latents stay in the file, whose pages the processes of a machine share."""
    look = None
    if "looks" in clip.places:
        look = np.array(shard.read(clip, "looks"))[0]
    scene = json.loads(clip.scene) if clip.scene else {}
    style = scene.get("style", "")
    shown = scene.get("subjects", ())
    kinds = frozenset(sys.intern(subject["kind"]) for subject in shown)
    tells = len(shown) > 1, any(subject.get("then") for subject in shown)
    rare = frozenset(name for name, there in zip(RARE, tells, strict=True) if there)
    if kind == "outline":
        shares = shard.read(clip, "outline")
        values, cells = values_of(shares), coarse(shares).astype(np.float16)
        if planned:
            plan = plan_of(values).astype(np.float16)
            return Item(plan, clip.captions, clip.short, style, kinds, rare, None, None, None)
        return Item(values, clip.captions, clip.short, style, kinds, rare, None, cells, None)
    latents = shard.read(clip, "latents")
    latents = latents if mapped else np.array(latents)
    outline = np.array(shard.read(clip, "outline")) if "outline" in clip.places else None
    subject = np.array(shard.read(clip, "subject")) if "subject" in clip.places else None
    return Item(latents, clip.captions, clip.short, style, kinds, rare, look, subject, outline)
