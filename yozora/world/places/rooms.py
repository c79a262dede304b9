"""What rooms share: walls, floors, and windows on the hour outside."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from yozora.world.light import RGB, Light, indoor_light
from yozora.world.mesh import Mesh, from_arrays, merge
from yozora.world.places.props import GREENS
from yozora.world.places.solids import Panel, disc, panels, quads
from yozora.world.places.stage import Colour, Site, mixed, shaded

OUTSIDE: dict[str, tuple[Colour, Colour]] = {  # the sky at a window's foot and at its head
    "dawn": ((1.0, 0.80, 0.74), (0.72, 0.70, 0.94)),
    "day": ((0.84, 0.95, 1.0), (0.36, 0.68, 0.98)),
    "sunset": ((1.0, 0.66, 0.24), (0.80, 0.32, 0.42)),
    "night": ((0.14, 0.22, 0.48), (0.04, 0.07, 0.24)),
}
DIM = {"dawn": 0.85, "day": 1.0, "sunset": 0.55, "night": 0.22}  # of what stands outside
_TINTS: dict[str, tuple[RGB, float]] = {
    "dawn": ((1.0, 0.86, 0.84), 0.88),
    "day": ((1.0, 0.97, 0.91), 1.05),
    "sunset": ((1.0, 0.76, 0.52), 0.88),
    "night": ((0.92, 0.74, 0.56), 0.50),
}


def room_light(site: Site) -> Light:
    """Light through the windows by day, of lamps by night."""
    tint, level = _TINTS[site.time]
    return indoor_light(tint, level)


def sloped(corner_43: Sequence[Sequence[float]], low: Colour, high: Colour, glow: float) -> Mesh:
    """A four-sided face from `low` at its first two corners to `high` at the others."""
    corner = np.asarray(corner_43, np.float64)
    normal = np.cross(corner[1] - corner[0], corner[3] - corner[0])
    face = from_arrays(corner, np.tile(normal, (4, 1)), [[0, 1, 2], [0, 2, 3]], low, glow=glow)
    colour = np.array([low, low, high, high], np.float32)
    return replace(face, colour_V3=colour)


def pane(site: Site, x0: float, x1: float, y0: float, y1: float, z: float) -> Mesh:
    """The sky of the hour behind glass, paler at its foot."""
    low, high = OUTSIDE[site.time]
    return sloped([(x0, y0, z), (x1, y0, z), (x1, y1, z), (x0, y1, z)], low, high, 1.0)


def moon_or_sun(site: Site, x: float, y: float, z: float, radius: float) -> Mesh:
    """The disc behind a window; nothing by day."""
    colour: Colour = {
        "dawn": (1.0, 0.96, 0.86),
        "day": (1.0, 1.0, 1.0),
        "sunset": (1.0, 0.92, 0.50),
        "night": (0.98, 0.96, 0.84),
    }[site.time]
    size = 0.01 if site.time == "day" else radius
    return disc((x, y, z), size, size, colour, glow=1.0, upright=True, sectors=14)


def garden(site: Site, x0: float, x1: float, y0: float, z: float, tall: float) -> Mesh:
    """Round tree tops in the season's colour along the foot of a window."""
    greens = GREENS[site.season]
    leaf = (greens.leaves or ((0.62, 0.62, 0.64),))[-1]
    low = OUTSIDE[site.time][0]
    colour = mixed(shaded(leaf, DIM[site.time]), shaded(low, DIM[site.time]), 0.25)
    dark = shaded(colour, 0.72)
    count = max(1, round((x1 - x0) / (tall * 1.1)))
    step = (x1 - x0) / count
    parts = [panels([(x0, x1, y0, y0 + tall * 0.45, z, dark, 1.0)])]
    for k in range(count):
        x, r = x0 + (k + 0.5) * step, min(step, tall) * 0.5
        y = y0 + tall * (0.5 if k % 2 else 0.62)
        parts.append(disc((x, y, z + 0.005), r, r, colour, glow=1.0, upright=True, sectors=10))
    return merge(*parts)


def skyline(site: Site, x0: float, x1: float, y0: float, z: float, tall: float) -> Mesh:
    """Towers of a town, with lit windows in the dark."""
    low = OUTSIDE[site.time][0]
    stone = mixed(shaded((0.62, 0.70, 0.80), DIM[site.time]), low, 0.35)
    rows: list[Panel] = []
    x = x0
    while x < x1 - 0.2:
        wide, high = site.rng.uniform(0.7, 1.3), tall * site.rng.uniform(0.45, 1.0)
        end = min(x + wide, x1)
        rows.append((x, end, y0, y0 + high, z, shaded(stone, site.rng.uniform(0.86, 1.1)), 1.0))
        if site.dark > 0.5:
            for k in range(int(high / 0.45)):
                if site.rng.random() < 0.6:
                    at = x + (end - x) * site.rng.choice((0.25, 0.6))
                    y = y0 + 0.2 + 0.45 * k
                    rows.append((at, at + 0.16, y, y + 0.2, z + 0.01, (1.0, 0.82, 0.42), 1.0))
        x = end + site.rng.uniform(0.0, 0.25)
    return panels(rows)


def shell(end: float, back: float, high: float, wall: Colour, ceiling: Colour) -> Mesh:
    """Back wall at z = `back`, end walls at x = +-`end` and the ceiling, seen from inside."""
    x, y, z, front = end, high, back, 16.0
    return quads(
        np.array(
            [
                [(-x, 0, z), (x, 0, z), (x, y, z), (-x, y, z)],
                [(-x, y, z), (x, y, z), (x, y, front), (-x, y, front)],
                [(-x, 0, front), (-x, 0, z), (-x, y, z), (-x, y, front)],
                [(x, 0, z), (x, 0, front), (x, y, front), (x, y, z)],
            ],
            float,
        ),
        np.array([wall, ceiling, shaded(wall, 0.85), shaded(wall, 0.85)]),
        np.zeros(4),
    )


def arch(x: float, half: float, spring: float, z: float, colour: Colour, glow: float) -> Mesh:
    """The round head of a window: a half disc on the line y = `spring`."""
    turn = np.linspace(0.0, math.pi, 9)
    rim = np.stack([x + half * np.cos(turn), spring + half * np.sin(turn), np.full(9, z)], -1)
    point = np.concatenate([[(x, spring, z)], rim])
    triangle = [(0, k, k + 1) for k in range(1, 9)]
    return from_arrays(point, np.tile((0.0, 0.0, 1.0), (10, 1)), triangle, colour, glow=glow)
