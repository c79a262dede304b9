"""Ranges of mountains: faceted peaks under jagged snow. About 18 triangles a peak."""

from __future__ import annotations

import math
import random

from yozora.world.mesh import Mesh, flat, merge
from yozora.world.places.props import SNOWY
from yozora.world.places.solids import along
from yozora.world.places.stage import Colour


def ridge(
    rng: random.Random,
    z: float,
    tall: tuple[float, float],
    step: float,
    stone: Colour,
    bare: float,
) -> Mesh:
    """Peaks side by side, each a crooked pyramid; above the share `bare` of it they are white.

    `tall` is the range of their heights, `step` from peak to peak, both in metres.
    """
    snow: list[list[tuple[float, float, float]]] = []
    dark: list[list[tuple[float, float, float]]] = []
    for x in along(rng, 130.0, step, step * 0.25):
        _peak(rng, x, z - rng.uniform(0.0, 12.0), rng.uniform(*tall), bare, snow, dark)
    return merge(flat(dark, stone), flat(snow, SNOWY))


def _peak(
    rng: random.Random,
    x: float,
    z: float,
    tall: float,
    bare: float,
    snow: list[list[tuple[float, float, float]]],
    dark: list[list[tuple[float, float, float]]],
) -> None:
    """A crooked pyramid with a jagged line of snow; only the half that is seen."""
    wide = tall * rng.uniform(0.85, 1.1)
    apex = (x + rng.uniform(-0.12, 0.12) * wide, tall, z)
    line, foot = [], []
    for k in range(7):
        turn = -0.15 + k * (math.pi + 0.3) / 6
        ridge = 1.0 + (0.22 if k % 2 else -0.12)
        cut = min(0.92, bare * (1.0 + (0.32 if k % 2 else -0.18) + rng.uniform(-0.1, 0.1)))
        ahead = (math.cos(turn) * wide * ridge, math.sin(turn) * wide * ridge)
        foot.append((x + ahead[0], -1.0, z + ahead[1]))
        share = (1.0 - cut) * rng.uniform(0.92, 1.05)
        line.append((apex[0] + (foot[-1][0] - apex[0]) * share, tall * cut, z + ahead[1] * share))
    for k in range(6):
        snow.append([apex, line[k + 1], line[k]])
        dark.append([line[k], line[k + 1], foot[k + 1]])
        dark.append([line[k], foot[k + 1], foot[k]])
