"""A studio: a seamless backdrop in two soft tones, a round stage with a shining rim, soft boxes."""

from __future__ import annotations

import math

import numpy as np

from yozora.world.light import indoor_light
from yozora.world.mesh import Mesh, cylinder, from_arrays, matrix, merge, transform
from yozora.world.places.solids import blocks, scattered
from yozora.world.places.stage import STILL, Colour, Lamp, Site, Stage, mixed, shaded

_REACH = 46.0  # x of the backdrop's ends
_FLOOR_SHARE = 0.93  # a shining wall as bright as a lit floor of the same colour
_TONES: tuple[tuple[Colour, Colour], ...] = (  # the floor, and the backdrop overhead
    ((0.95, 0.80, 0.72), (0.86, 0.46, 0.50)),
    ((0.80, 0.87, 0.95), (0.36, 0.52, 0.86)),
    ((0.80, 0.92, 0.86), (0.24, 0.62, 0.62)),
    ((0.93, 0.93, 0.92), (0.62, 0.65, 0.70)),
    ((0.88, 0.82, 0.95), (0.52, 0.40, 0.80)),
    ((0.96, 0.89, 0.70), (0.93, 0.60, 0.28)),
    ((0.52, 0.56, 0.66), (0.15, 0.17, 0.28)),
)
_RIMS: tuple[Colour, ...] = ((1.0, 0.98, 0.92), (0.55, 0.95, 1.0), (1.0, 0.78, 0.40))


def studio(site: Site) -> Stage:
    """A product's stage; on the water, a basin with the same rim."""
    rng = site.rng
    floor, high = rng.choice(_TONES)
    rim = rng.choice(_RIMS)
    boxes = [side * (3.3 + 6.2 * k) + rng.uniform(-0.2, 0.2) for side in (-1, 1) for k in range(4)]
    parts = [
        _backdrop(floor, mixed(high, floor, rng.uniform(0.0, 0.15))),
        *_round_stage(site.subject_z, floor, rim),
        *(_soft_box(x) for x in boxes),
    ]
    lamps = [Lamp((x, 2.7, 0.6), (1.0, 0.98, 0.94), 6.0, 0.22) for x in (-3.0, 3.0)]
    lamps.append(Lamp((0.0, 0.5, site.subject_z), rim, 3.2, 0.16))
    pool: Colour = mixed(high, (0.20, 0.50, 0.62), 0.6)
    return Stage(
        merge(*parts),
        "water" if site.on_water else "solid",
        pool if site.on_water else floor,
        mixed(pool, (1.0, 1.0, 1.0), 0.4) if site.on_water else floor,
        sky=False,
        water_y=0.0 if site.on_water else None,
        light=indoor_light((1.0, 0.98, 0.96), 0.98),
        lamps=tuple(lamps),
    )


def _backdrop(floor: Colour, high: Colour) -> Mesh:
    """Paper that comes down the wall and out along the floor without an edge."""
    bend = np.linspace(0.0, 0.5 * math.pi, 12)  # a quarter of a circle, then straight up
    profile = [(-1.5 - 2.6 * math.sin(a), 2.6 * (1.0 - math.cos(a))) for a in bend]
    profile += [(-4.1, y) for y in (3.4, 4.4, 5.4, 7.5, 14.0)]
    x_N = np.concatenate([np.linspace(-_REACH, -8, 16), np.linspace(-7, 7, 15),
                          np.linspace(8, _REACH, 16)])  # fmt: skip
    z_M, y_M = (np.array(v) for v in zip(*profile, strict=True))
    x, y = np.meshgrid(x_N, y_M)
    z = np.repeat(z_M[:, None], len(x_N), 1)
    up = np.clip((y - 0.1) / 3.1, 0.0, 1.0)[..., None]
    share = up * up * (3.0 - 2.0 * up)
    colour = np.array(floor) * _FLOOR_SHARE * (1 - share) + np.array(high) * share
    pool = np.exp(-((x / 4.2) ** 2) - ((y - 1.9) / 1.9) ** 2)[..., None]  # a spot on the wall
    colour = colour + (np.array(mixed(floor, (1.0, 1.0, 1.0), 0.35)) - colour) * 0.42 * pool
    rows, cols = x.shape
    k = (np.arange(rows - 1)[:, None] * cols + np.arange(cols - 1)).reshape(-1)
    faces = np.concatenate([np.stack([k, k + 1, k + cols + 1], -1),
                            np.stack([k, k + cols + 1, k + cols], -1)])  # fmt: skip
    normal = np.tile((0.0, 0.0, 1.0), (rows * cols, 1))
    mesh = from_arrays(np.stack([x, y, z], -1), normal, faces, floor, STILL, 1.0)
    mesh.colour_V3[:] = np.clip(colour, 0.0, 1.0).reshape(-1, 3)
    return mesh


def _ring(z: float, inner: tuple[float, float], outer: tuple[float, float], colour: Colour,
          glow: float) -> Mesh:  # fmt: skip
    """A round strip between two circles, each (radius, height); its upper side is seen."""
    turn = np.arange(49) * math.tau / 48
    way = np.stack([np.cos(turn), 0.0 * turn, -np.sin(turn)], 1)
    a, b = (r * way + (0.0, y, z) for r, y in (outer, inner))
    k = np.arange(48)
    faces = np.concatenate([np.stack([k, k + 1, k + 50], -1), np.stack([k, k + 50, k + 49], -1)])
    slope = np.array([outer[0] - inner[0], inner[1] - outer[1]])
    normal = way * slope[1] + np.array([0.0, 1.0, 0.0]) * slope[0]
    return from_arrays(np.concatenate([a, b]), np.tile(normal, (2, 1)), faces, colour, STILL, glow)


def _round_stage(z: float, floor: Colour, rim: Colour) -> list[Mesh]:
    """Two low rings around the subject, the inner one shining: the edge of a round platform."""
    radius = 1.95
    step, edge = shaded(floor, 0.78), mixed(floor, (1.0, 1.0, 1.0), 0.55)
    return [
        _ring(z, (radius - 0.10, 0.01), (radius, 0.06), rim, 1.0),
        _ring(z, (radius, 0.06), (radius + 0.10, 0.07), edge, 0.0),
        _ring(z, (radius + 0.10, 0.07), (radius + 0.14, 0.02), shaded(step, 0.75), 0.0),
        _ring(z, (radius + 0.14, 0.02), (radius + 0.62, 0.02), step, 0.0),
        _ring(z, (radius + 0.62, 0.02), (radius + 0.70, 0.02), rim, 0.8),
    ]


def _soft_box(x: float) -> Mesh:
    """A broad lamp with a white cloth on a stand, turned towards the middle of the picture."""
    black: Colour = (0.09, 0.09, 0.10)
    head = merge(
        blocks([(black, 0.0, (1.25, 1.55, 0.22), (0.0, -0.78, -0.13))], below=True),
        blocks([((1.0, 0.99, 0.96), 1.0, (1.05, 1.35, 0.04), (0.0, -0.68, 0.0))], below=True),
    )
    inward = -38.0 if x > 0 else 38.0
    lamp = transform(head, matrix((0.0, 2.35, 0.0), yaw_deg=inward))
    legs = [
        cylinder((0, 0.75, -0.2), (dx, 0.02, dz), 0.035, black, sectors=4)
        for dx, dz in ((-0.5, -0.05), (0.5, -0.05), (0.0, -0.7))
    ]
    stand = cylinder((0, 0.5, -0.2), (0, 2.0, -0.2), 0.045, black, sectors=5)
    return scattered(merge(lamp, stand, *legs), [(x, 0.0, -1.0, 0.0, 1.0)])
