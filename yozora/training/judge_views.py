"""How the judge sees renders while it learns: mirrored, through a window, worn, in part.

Every change is the same for all moments of a clip, so that motion and camera stay what they are,
and labels and boxes follow: a mirror exchanges left and right, a window keeps subjects whole where
it is large enough. Wear is what a codec or a tokenizer leaves: blur, blocks and noise.
"""

# B clips, M moments, H, W pixels; boxes (M, 3, 4): subjects from the left, x0, y0, x1, y1 in 0..1

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from yozora.model.judge import FEWEST, STEP_PX
from yozora.world.scene import Scene


@dataclass(frozen=True, slots=True)
class Augmentation:
    """How renders are changed, so that the judge learns no clip by heart and reads worn ones."""

    mirrored: float = 0.5  # share of clips
    windowed: float = 0.7  # share of batches seen through a smaller window, each clip at its own
    smallest: float = 0.75  # least share of height and of width that a window shows
    worn: float = 0.4  # share of clips with blur, blocks or noise
    coarsest: float = 2.5  # most a worn clip is scaled down and up again
    noise: float = 8.0  # most, standard deviation in 8-bit values
    brightness: float = 0.06  # most, up or down
    part: float = 0.15  # share of batches that show only a stretch of moments


@dataclass(frozen=True, slots=True)
class Batch:
    """Clips of one shape with what they show."""

    pairs_BM2HW3: Tensor  # uint8
    boxes_BM34: Tensor  # zeros where there is no such subject
    scenes: list[Scene]


def augmented(batch: Batch, rng: random.Random, how: Augmentation) -> Batch:
    """The same clips, changed, with the scenes and boxes that they now show."""
    boxes, scenes = batch.boxes_BM34.clone(), list(batch.scenes)
    height, width = batch.pairs_BM2HW3.shape[3:5]
    rows, cols = height, width
    if rng.random() < how.windowed:
        rows, cols = _side(height, rng, how), _side(width, rng, how)
    clips = []
    for i, scene in enumerate(scenes):
        pairs = batch.pairs_BM2HW3[i]
        if rng.random() < how.mirrored:
            pairs, boxes[i], scenes[i] = pairs.flip(3), mirrored(boxes[i]), scene.mirrored()
        there = boxes[i][(boxes[i] != 0).any(-1)]
        top = _offset(there[:, 1::2] * height, height, rows, rng)
        left = _offset(there[:, ::2] * width, width, cols, rng)
        pairs = pairs[:, :, top : top + rows, left : left + cols]
        boxes[i] = windowed(boxes[i], (left / width, top / height), (cols / width, rows / height))
        if rng.random() < how.worn:
            pairs = worn(pairs, rng, how)
        elif rng.random() < 0.5:
            scale = 1.0 + rng.uniform(-how.brightness, how.brightness)
            table = (np.arange(256) * scale).round().clip(0, 255).astype(np.uint8)
            pairs = torch.from_numpy(table.take(pairs.numpy()))
        clips.append(pairs)
    pairs = torch.stack(clips)
    keep = [i for i, scene in enumerate(scenes) if scene.then is None]
    most = pairs.shape[1]
    if rng.random() >= how.part or not keep or most <= FEWEST:
        return Batch(pairs, boxes, scenes)
    count = rng.randrange(FEWEST, most)
    part = slice(first := rng.randrange(0, most - count + 1), first + count)
    return Batch(pairs[keep, part], boxes[keep, part], [scenes[i] for i in keep])


def mirrored(boxes_M34: Tensor) -> Tensor:
    """Boxes of the mirror image, again from the left."""
    x0, y0, x1, y1 = boxes_M34.unbind(-1)
    there = (boxes_M34 != 0).any(-1, keepdim=True)
    turned = torch.stack([1 - x1, y0, 1 - x0, y1], -1) * there
    count = int(there.any(0).sum())
    return torch.cat([turned[:, :count].flip(1), turned[:, count:]], 1)


def windowed(boxes_M34: Tensor, corner: tuple[float, float], size: tuple[float, float]) -> Tensor:
    """Boxes in a window's own coordinates; `corner` and `size` (x, y) are shares of the picture."""
    there = (boxes_M34 != 0).any(-1, keepdim=True)
    moved = (boxes_M34 - boxes_M34.new_tensor(corner * 2)) / boxes_M34.new_tensor(size * 2)
    return moved.clamp(0.0, 1.0) * there


def worn(pairs_M2HW3: Tensor, rng: random.Random, how: Augmentation) -> Tensor:
    """A clip as a codec or a tokenizer leaves it: softer, in blocks, with noise on the blocks."""
    m, _, h, w, _ = pairs_M2HW3.shape
    x = pairs_M2HW3.reshape(m * 2, h, w, 3).permute(0, 3, 1, 2).float()
    kind = rng.random()
    if kind < 0.6:
        scale = rng.uniform(1.2, how.coarsest)
        small = F.interpolate(x, (round(h / scale), round(w / scale)), mode="area")
        x = F.interpolate(small, (h, w), mode="bilinear")
    elif kind < 0.8:
        side = rng.choice((4, 8))
        share = rng.uniform(0.2, 0.6)
        blocks = F.avg_pool2d(x, side)
        x += share * (F.interpolate(blocks, scale_factor=float(side), mode="nearest") - x)
    if rng.random() < 0.6:
        side = rng.choice((1, 2, 4))
        noise = torch.randn(m * 2, 3, h // side, w // side) * rng.uniform(0.0, how.noise)
        x += F.interpolate(noise, (h, w), mode="nearest") if side > 1 else noise
    x = x * (1.0 + rng.uniform(-how.brightness, how.brightness))
    return x.round_().clamp_(0, 255).to(torch.uint8).permute(0, 2, 3, 1).reshape(pairs_M2HW3.shape)


def _side(most: int, rng: random.Random, how: Augmentation) -> int:
    """A window's side, a multiple of the judge's step."""
    return STEP_PX * rng.randint(-(-int(most * how.smallest) // STEP_PX), most // STEP_PX)


def _offset(span_N2: Tensor, most: int, side: int, rng: random.Random) -> int:
    """Where a window begins, so that what spans these pixels is in it, or its middle is."""
    if not len(span_N2):
        return rng.randint(0, most - side)
    low, high = float(span_N2[:, 0].min()), float(span_N2[:, 1].max())
    first, last = max(0, int(np.ceil(high)) - side), min(most - side, int(low))
    if first <= last:
        return rng.randint(first, last)
    return int(np.clip(round((low + high - side) / 2), 0, most - side))
