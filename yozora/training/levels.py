"""Noise levels as the timelines draw them: the training curriculum is random timelines.

All equal (text to video, remix), independent per chunk, the staircases of streaming, clean
prefixes, suffixes, ends and middles (extend, lead-in, retake, re-cut), half-noised spans (blend).
Exact 0 marks known frames, which carry no loss. Levels are logit-normal (SD3, arXiv 2403.03206)
with a time shift that grows with the number of noised tokens.
"""

# B batch, F latent frames

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from statistics import NormalDist

import torch
from torch import Tensor


def shift_for(noised_tokens: int) -> float:
    """Time shift by the number of *noised* tokens (SD3 section 5.3.2): 2.5 for one frame of 72.

    Frames of a clip repeat each other, so the same noise hides less of a longer gap; but they do
    move, so the shift grows more slowly than by the root that holds for finer still pictures.
    """
    return 2.5 * (max(noised_tokens, 1) / 72) ** 0.2


@dataclass(frozen=True, slots=True)
class LevelMix:
    """Shares of the kinds of timeline in a batch; the rest has one level for all frames."""

    independent: float = 0.10
    staircase: float = 0.12
    prefix: float = 0.12
    suffix: float = 0.05
    ends: float = 0.05
    middle: float = 0.04
    half: float = 0.06
    context_noise: float = 0.06  # most noise (std) added to known frames, still called level 0
    mean: float = 0.0  # of the logit-normal
    std: float = 1.0
    even: float = 0.10  # share of levels that are even in 0..1 instead: fine detail is settled low
    top: float = 0.02  # share of levels at exactly 1, where every film starts


def draw_levels(
    rng: random.Random, batch: int, frames: int, tokens_a_frame: int, mix: LevelMix
) -> Tensor:
    """Levels (B, F) in [0, 1], float32; every row has at least one frame above 0.

    Rows share the distribution out between them (arXiv 2107.00630), so that batches are alike.
    """
    parts = [(i + rng.random()) / batch for i in range(batch)]
    rng.shuffle(parts)
    rows = [_row(rng, frames, tokens_a_frame, mix, part) for part in parts]
    return torch.tensor(rows, dtype=torch.float32)


def _level(
    rng: random.Random, noised_frames: int, tokens_a_frame: int, mix: LevelMix, part: float
) -> float:
    """The level at the quantile `part` of the distribution."""
    pick = rng.random()
    if pick < mix.top:
        return 1.0
    if pick < mix.top + mix.even:
        return max(part, 1e-3)
    normal = NormalDist(mix.mean, mix.std).inv_cdf(min(max(part, 1e-6), 1.0 - 1e-6))
    u = 1.0 / (1.0 + math.exp(-normal))
    s = shift_for(noised_frames * tokens_a_frame)
    return s * u / (1.0 + (s - 1.0) * u)


def _row(rng: random.Random, frames: int, tokens: int, mix: LevelMix, part: float) -> list[float]:
    if frames == 1:
        return [_level(rng, 1, tokens, mix, part)]
    pick = rng.random()
    kinds = ("independent", "staircase", "prefix", "suffix", "ends", "middle", "half")
    kind = "equal"
    for name in kinds:
        pick -= getattr(mix, name)
        if pick < 0:
            kind = name
            break
    if kind == "independent":
        chunk = rng.choice((1, 2, 3))
        levels = [
            _level(rng, frames, tokens, mix, rng.random()) for _ in range(-(-frames // chunk))
        ]
        return [levels[f // chunk] for f in range(frames)]
    if kind == "staircase":
        head = rng.randrange(0, frames)  # clean frames that streaming has already finished
        stairs = rng.choice((1, 2, 3))
        slope = 1.0 / max(1, -(-(frames - head) // stairs))
        phase = rng.random() * slope
        row = [min(1.0, phase + slope * ((f - head) // stairs)) for f in range(frames)]
        s = shift_for((frames - head) * tokens)
        row = [max(s * u / (1.0 + (s - 1.0) * u), 1e-3) for u in row]
        return [0.0 if f < head else row[f] for f in range(frames)]
    known = [False] * frames
    cut = rng.randrange(1, frames)
    if kind == "prefix":
        known = [f < cut for f in range(frames)]
    elif kind == "suffix":
        known = [f >= cut for f in range(frames)]
    elif kind == "ends" and frames >= 3:
        left = rng.randrange(1, frames - 1)
        right = rng.randrange(left + 1, frames)
        known = [f < left or f >= right for f in range(frames)]
    elif kind == "middle" and frames >= 3:
        left = rng.randrange(1, frames - 1)
        right = rng.randrange(left + 1, frames)
        known = [left <= f < right for f in range(frames)]
    noised = frames - sum(known)
    level = _level(rng, noised, tokens, mix, part)
    if kind == "half":
        other = level * rng.random()
        return [max(other, 1e-3) if f < cut else level for f in range(frames)]
    return [0.0 if known[f] else level for f in range(frames)]
