"""Clips that are not renders: a part of the tokenizer's diet, so that it also survives footage.

Dead leaves (occluding discs with natural size statistics, arXiv 2106.05963 on why such images
teach), coloured noise with a 1/f spectrum, stripes and checkers, and glyph-like strokes; all move.
"""

# T frames, Y, X pixels

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Frames = NDArray[np.uint8]


def synthetic_clip(rng: np.random.Generator, frames: int, height: int, width: int) -> Frames:
    """One moving clip (T, Y, X, 3), uint8."""
    kind = rng.integers(3)
    margin = 24
    size = (height + 2 * margin, width + 2 * margin)
    if kind == 0:
        still = dead_leaves(rng, *size)
    elif kind == 1:
        still = coloured_noise(rng, *size)
    else:
        still = strokes(rng, *size)
    drift = rng.uniform(-1.8, 1.8, 2)
    out = np.empty((frames, height, width, 3), np.uint8)
    for t in range(frames):
        y = margin + int(np.clip(round(drift[0] * (t - frames / 2)), -margin, margin))
        x = margin + int(np.clip(round(drift[1] * (t - frames / 2)), -margin, margin))
        out[t] = still[y : y + height, x : x + width]
    return out


def dead_leaves(rng: np.random.Generator, height: int, width: int) -> Frames:
    """Discs and boxes whose radii follow r^-3, each hiding what lies behind."""
    picture = np.empty((height, width, 3), np.float32)
    picture[:] = rng.uniform(0, 255, 3)
    yy, xx = np.mgrid[:height, :width].astype(np.float32)
    for _ in range(60):
        radius = 4.0 / np.sqrt(rng.uniform(0.004, 1.0))
        cy, cx = rng.uniform(0, height), rng.uniform(0, width)
        if rng.random() < 0.6:
            inside = (yy - cy) ** 2 + (xx - cx) ** 2 < radius**2
        else:
            inside = (abs(yy - cy) < radius) & (abs(xx - cx) < radius * rng.uniform(0.3, 2.0))
        shade = 1.0 + (yy - cy) / (radius + 1.0) * rng.uniform(-0.3, 0.3)
        colour = rng.uniform(0, 255, 3)
        picture[inside] = (colour * shade[..., None])[inside]
    return np.clip(picture, 0, 255).astype(np.uint8)


def coloured_noise(rng: np.random.Generator, height: int, width: int) -> Frames:
    """Gaussian noise with amplitude 1/f^a, a in 0.8..2, mixed over the colour channels."""
    fy = np.fft.fftfreq(height)[:, None]
    fx = np.fft.rfftfreq(width)[None]
    power = 1.0 / np.maximum(np.hypot(fy, fx), 1.0 / max(height, width)) ** rng.uniform(0.8, 2.0)
    layers = [
        np.fft.irfft2(np.fft.rfft2(rng.standard_normal((height, width))) * power, (height, width))
        for _ in range(3)
    ]
    flat = np.stack([layer / (layer.std() + 1e-6) for layer in layers], -1)
    mixed = flat @ rng.uniform(-1, 1, (3, 3))
    return np.clip(128 + 45 * mixed, 0, 255).astype(np.uint8)


def strokes(rng: np.random.Generator, height: int, width: int) -> Frames:
    """Rows of small dark or light marks on a plain ground: like print, windows, leaves."""
    picture = np.empty((height, width, 3), np.float32)
    picture[:] = rng.uniform(0, 255, 3)
    for _ in range(rng.integers(40, 160)):
        h, w = rng.integers(1, 7), rng.integers(1, 12)
        y, x = rng.integers(0, height - 7), rng.integers(0, width - 12)
        picture[y : y + h, x : x + w] = rng.uniform(0, 255, 3)
    return picture.astype(np.uint8)
