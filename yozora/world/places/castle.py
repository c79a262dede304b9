"""A stone castle on a green hill: towers with pointed roofs, battlements, a gate, waving flags."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from yozora.world.mesh import (
    Floats,
    Mesh,
    box,
    cone,
    cylinder,
    ellipsoid,
    lathe,
    merge,
    moved,
    scaled,
)
from yozora.world.places.movers import Motion
from yozora.world.places.props import GREENS, WOOD, bush, park_tree, pine, rock, torch, tuft
from yozora.world.places.solids import (
    Block,
    Panel,
    along,
    blocks,
    both_ways,
    disc,
    field,
    panels,
    quads,
    scattered,
    spread,
)
from yozora.world.places.stage import Colour, Lamp, Site, Stage, mixed, shaded

_STONES: tuple[Colour, ...] = ((0.80, 0.76, 0.68), (0.72, 0.72, 0.74), (0.84, 0.74, 0.60))
_ROOFS: tuple[Colour, ...] = ((0.20, 0.34, 0.66), (0.76, 0.22, 0.16), (0.14, 0.48, 0.50))
_FLAGS: tuple[Colour, ...] = ((0.92, 0.16, 0.18), (0.98, 0.78, 0.14), (0.26, 0.34, 0.86))
_SAND: Colour = (0.84, 0.74, 0.55)
_HAY: Colour = (0.60, 0.64, 0.24)  # meadows are drier than lawns
_TOP = 1.25  # height of the hill
_SIZE = 0.9  # of the castle's buildings
_WALL = -15.5  # z of the castle's front
_CLOTHS = 4  # parts of a flag

HeightAt = Callable[[float, float], float]


def castle(site: Site) -> Stage:
    """A meadow below the castle's hill, with a path to the gate; on the water, a lake."""
    rng, greens = site.rng, GREENS[site.season]
    shore = -2.6 if site.on_water else 0.0
    meadow, meadow2 = (mixed(c, _HAY, 0.32) for c in (greens.grass, greens.grass2))
    middle = rng.choice((-1.0, 1.0)) * rng.uniform(2.4, 4.4)
    stone, roof = rng.choice(_STONES), rng.choice(_ROOFS)
    if site.season == "winter":
        roof = mixed(roof, (0.92, 0.95, 1.0), 0.25)

    def height(x: Floats, z: Floats) -> Floats:
        rise = np.clip((shore - 1.5 - z) / 10.5, 0.0, 1.0)
        rise = rise * rise * (3.0 - 2.0 * rise)
        broad = 0.45 + 0.55 * np.exp(-(((x - middle) / 15.0) ** 2))
        lower = 1.0 - 0.6 * np.clip((-22.0 - z) / 20.0, 0.0, 1.0)
        foot = 0.07 * np.clip((shore - z) / 2.5, 0.0, 1.0) - (0.0 if site.on_water else 0.03)
        return np.asarray(foot + _TOP * rise * broad * lower, np.float32)

    def y_at(x: float, z: float) -> float:
        return float(height(np.array([x], np.float32), np.array([z], np.float32))[0])

    x_N = both_ways(75.0, 10, 1.5)
    z_M = sorted(shore - 0.3 - v for v in [*spread(0.0, 16.0, 26, 1.0), 20.0, 26.0, 38.0, 60.0])
    parts: list[Mesh] = [field(x_N, z_M, height, meadow)]
    if site.on_water:
        reeds = [(x, 0.0, shore - rng.uniform(0.1, 0.5), 0.0, 1.4) for x in along(rng, 26, 5, 2)]
        parts.append(scattered(tuft(shaded(greens.bush, 1.1)), reeds))
    way_N2 = _way(middle, shore)
    parts.append(_path(y_at, way_N2))
    buildings = _buildings(site, stone, roof)
    parts.append(moved(scaled(buildings, _SIZE), middle, _TOP, _WALL))
    mound = ellipsoid((22.0, 3.4, 13.0), (0.0, -0.8, -40.0), meadow, rings=6, sectors=12)
    parts.append(_outer_walls(site, stone, roof, middle, y_at))
    parts += _plants(site, middle, shore, y_at, way_N2)
    hills = [mixed(meadow, (0.62, 0.74, 0.84), s) for s in (0.35, 0.6)]
    for k, x in enumerate(along(rng, 70, 17.0, 4.0)):
        size = (rng.uniform(12, 18), rng.uniform(3.2, 5.4), 8.0)
        parts.append(ellipsoid(size, (x, 0.0, -52.0 - 9.0 * (k % 2)), hills[k % 2],
                               rings=4, sectors=9))  # fmt: skip

    tops = [(0.0, 6.25, -3.4), (-2.9, 5.0, -2.6), (2.9, 5.0, -2.6), (-1.55, 4.05, 0.3),
            (1.55, 4.05, 0.3), (-5.4, 4.4, 0.0), (5.4, 4.4, 0.0)]  # fmt: skip
    poles = [(middle + _SIZE * x, _TOP + _SIZE * y, _WALL + _SIZE * z) for x, y, z in tops]
    parts += [
        cylinder((x, y - 0.3, z), (x, y + 1.15, z), 0.045, (0.34, 0.26, 0.2), sectors=4)
        for x, y, z in poles
    ]
    cloths = rng.sample(_FLAGS, 2)
    side = rng.choice((-1.0, 1.0))
    moving, motion = _flags(poles, cloths, side, 0.3 * site.dark)
    gate = (middle - 1.0, _TOP + 1.4, _WALL + 2.0)
    lamps = (
        Lamp(gate, (1.0, 0.66, 0.30), 6.5, site.dark),
        Lamp((middle + 1.0, *gate[1:]), (1.0, 0.66, 0.30), 6.5, site.dark),
        Lamp((middle, _TOP + 4.5, _WALL + 1.5), (1.0, 0.74, 0.44), 9.0, 0.55 * site.dark),
    )
    return Stage(
        merge(*parts),
        "water" if site.on_water else "solid",
        (0.20, 0.46, 0.62) if site.on_water else meadow,
        meadow2,
        water_y=0.0 if site.on_water else None,
        lamps=tuple(lamp for lamp in lamps if lamp.power > 0.0),
        puddles=False,
        fog_share=0.26,
        moving=moving,
        motion=motion,
        ahead=merge(mound, moved(scaled(buildings, 1.5), 0.0, 2.5, -36.0)),
    )


def _way(middle: float, shore: float) -> NDArray[np.float64]:
    """Points (N, 2), x and z, of the path: from beyond the picture in a bow up to the gate."""
    share_N = np.linspace(0.0, 1.0, 16)
    side = -1.0 if middle > 0.0 else 1.0
    x_N = middle + side * 26.0 * (1.0 - share_N) ** 2.2
    z_N = shore - 2.4 + (_WALL + 1.3 - shore + 2.4) * share_N**1.15
    return np.stack([x_N, z_N], -1)


def _path(y_at: HeightAt, way_N2: NDArray[np.float64]) -> Mesh:
    """A path of sand, wider where it is near."""
    ahead_N2 = np.gradient(way_N2, axis=0)
    ahead_N2 /= np.linalg.norm(ahead_N2, axis=1, keepdims=True)
    half_N = np.linspace(1.0, 0.72, len(way_N2))
    across_N2 = np.stack([-ahead_N2[:, 1], ahead_N2[:, 0]], -1) * half_N[:, None]

    def edge(sign: float) -> NDArray[np.float64]:
        x_N, z_N = (way_N2 + sign * across_N2).T
        y_N = [y_at(x, z) + 0.05 for x, z in zip(x_N, z_N, strict=True)]
        return np.stack([x_N, y_N, z_N], -1)

    left, right = edge(-1.0), edge(1.0)
    corner = np.stack([left[:-1], right[:-1], right[1:], left[1:]], 1)
    count = len(corner)
    return quads(corner, np.tile(np.asarray(_SAND), (count, 1)), np.zeros(count))


def _merlons(wide: float, y: float, z: float, stone: Colour, x: float = 0.0) -> list[Block]:
    """Teeth along the top of a wall."""
    count = max(2, round(wide / 0.8))
    pitch = wide / count
    return [
        (stone, 0.0, (pitch * 0.55, 0.34, 0.4), (x - wide / 2 + pitch * (k + 0.5), y, z))
        for k in range(count)
    ]


def _tower(radius: float, tall: float, stone: Colour, roof: Colour | None) -> Mesh:
    """A round tower with a wider crown; a pointed roof, or battlements."""
    crown = shaded(stone, 1.08)
    profile = [(0.0, radius * 1.1), (0.4, radius), (tall - 0.5, radius)]
    parts = [
        lathe(profile, (0, 0, 0), stone, sectors=9),
        lathe([(tall - 0.5, radius), (tall - 0.32, radius * 1.2), (tall, radius * 1.2)],
              (0, 0, 0), crown, sectors=9),
    ]  # fmt: skip
    if roof:
        parts.append(cone((0, tall, 0), radius * 1.42, (0, tall + radius * 2.1, 0), roof,
                          sectors=9))  # fmt: skip
    else:
        parts.append(disc((0, tall - 0.02, 0), radius * 1.15, radius * 1.15, shaded(stone, 0.8)))
        for k in range(7):
            a = k * math.tau / 7 + 0.45
            parts.append(box((0.34, 0.36, 0.34),
                             (math.cos(a) * radius, tall + 0.16, math.sin(a) * radius),
                             crown))  # fmt: skip
    return merge(*parts)


def _slits(site: Site, spots: list[tuple[float, float, float]], wide: float = 0.3) -> Mesh:
    """Narrow windows at (x, y, z): dark by day, warm by night."""
    pane = mixed((0.16, 0.17, 0.22), (1.0, 0.78, 0.38), min(1.0, 1.7 * site.dark))
    rows: list[Panel] = [
        (x - wide / 2, x + wide / 2, y, y + 0.62, z, pane, site.dark) for x, y, z in spots
    ]
    return panels(rows)


def _buildings(site: Site, stone: Colour, roof: Colour) -> Mesh:
    """The castle itself, with the middle of its gate at the origin."""
    dark = shaded(stone, 0.86)
    rows: list[Block] = [
        (stone, 0.0, (11.0, 2.1, 0.9), (0.0, -0.3, -0.5)),  # curtain wall
        (shaded(stone, 1.06), 0.0, (2.5, 2.9, 1.6), (0.0, -0.3, 0.1)),  # gatehouse
        (dark, 0.0, (5.0, 4.4, 3.4), (0.0, -0.3, -4.2)),  # keep
        (shaded(stone, 1.02), 0.0, (5.3, 0.35, 3.7), (0.0, 4.0, -4.2)),
    ]
    rows += _merlons(11.0, 1.8, -0.3, stone)
    rows += _merlons(2.5, 2.6, 0.8, shaded(stone, 1.06))
    rows += _merlons(5.3, 4.35, -2.55, shaded(stone, 1.02))
    parts = [blocks(rows)]
    for x in (-1.55, 1.55):  # beside the gate
        parts.append(moved(_tower(0.62, 2.9, stone, roof), x, -0.3, 0.3))
    for x in (-5.4, 5.4):  # at the corners
        parts.append(moved(_tower(0.95, 2.9, stone, roof), x, -0.3, 0.0))
    for x in (-2.9, 2.9):  # of the keep
        parts.append(moved(_tower(0.68, 4.1, stone, roof), x, -0.3, -2.6))
    parts.append(moved(_tower(1.0, 4.9, shaded(stone, 1.04), roof), 0.0, -0.3, -3.4))
    gate, z = (0.20, 0.12, 0.07), 0.93
    parts += [
        panels([(-0.72, 0.72, -0.3, 1.0, z, shaded(stone, 0.6), 0.0),
                (-0.55, 0.55, -0.3, 1.0, z + 0.02, gate, 0.0)]),
        disc((0, 1.0, z), 0.72, 0.72, shaded(stone, 0.6), upright=True),
        disc((0, 1.0, z + 0.02), 0.55, 0.55, gate, upright=True),
        panels([(x - 0.05, x + 0.05, -0.3, 1.45, z + 0.05, WOOD, 0.0)
                for x in (-0.33, 0.0, 0.33)]),
    ]  # fmt: skip
    for x in (-3.4, 3.4):  # long cloths on the wall
        cloth: Panel = (x - 0.34, x + 0.34, 0.15, 1.55, 0.0, roof, 0.05)
        stripe: Panel = (x - 0.14, x + 0.14, 0.35, 1.30, 0.02, (0.98, 0.82, 0.30), 0.1)
        parts.append(panels([cloth, stripe]))
    spots = [(x, y, -2.47) for x in (-1.5, 1.5) for y in (2.2, 3.2)]
    spots += [(0.0, 3.0, -2.36), (0.0, 1.9, 0.94), (-5.4, 1.3, 0.98), (5.4, 1.3, 0.98)]
    spots += [(x, 2.7, -1.89) for x in (-2.9, 2.9)] + [(x, 1.5, 0.94) for x in (-1.55, 1.55)]
    parts.append(_slits(site, spots))
    fire = scattered(torch(), [(x, -0.3, 1.5, 0.0, 0.75) for x in (-1.05, 1.05)])
    return merge(*parts, fire)


def _outer_walls(
    site: Site, stone: Colour, roof: Colour, middle: float, y_at: HeightAt
) -> Mesh:  # fmt: skip
    """Walls and towers to both sides, as far as a camera may turn."""
    rows: list[Block] = []
    parts: list[Mesh] = []
    slits: list[tuple[float, float, float]] = []
    far = shaded(stone, 0.94)
    for side in (-1.0, 1.0):
        start, z = 5.4 * _SIZE, _WALL
        for k in range(4):
            long = site.rng.uniform(6.0, 8.5)
            a, b = middle + side * start, middle + side * (start + long)
            z_end = z - 1.3
            low = min(y_at(a, z), y_at(b, z_end)) - 0.5
            rows.append((far, 0.0, (long, 1.8, 0.8), ((a + b) / 2, low, z - 0.7)))
            rows += _merlons(long, low + 1.8, z - 0.5, far, (a + b) / 2)
            start, z = start + long, z_end
            tall = site.rng.uniform(2.5, 3.4)
            tower = _tower(0.85, tall, stone, roof if k % 2 else None)
            parts.append(moved(tower, b, low, z))
            slits.append((b, low + tall - 1.5, z + 0.87))
    return merge(blocks(rows), *parts, _slits(site, slits))


def _plants(
    site: Site, middle: float, shore: float, y_at: HeightAt, way_N2: NDArray[np.float64]
) -> list[Mesh]:
    """Trees and bushes on the slopes, never before the castle's front; nothing on the path."""

    def free(x: float, z: float) -> bool:
        return float(np.hypot(*(way_N2 - (x, z)).T).min()) > 1.9

    rng, greens = site.rng, GREENS[site.season]
    parts: list[Mesh] = []
    for kind in range(3):
        spots = []
        for x in along(rng, 36, 7.5, 3.0):
            z = shore - rng.uniform(3.5, 11.0)
            gap = abs(x - middle) - 7.0 * (z / _WALL)
            if gap > 0.0 and abs(x) > 3.0 and free(x, z):
                spots.append((x, y_at(x, z), z, rng.uniform(0, 360), rng.uniform(0.5, 0.7)))
        tree = pine((0.16, 0.40, 0.26), site.season == "winter") if kind == 2 else (
            park_tree(kind, greens, rng, True))  # fmt: skip
        if spots:
            parts.append(scattered(tree, spots, [rng.uniform(0.9, 1.1) for _ in spots]))
    low = []
    for x in along(rng, 30, 4.2, 1.6):
        z = shore - rng.uniform(1.2, 9.0)
        if free(x, z):
            low.append((x, y_at(x, z), z, 0.0, rng.uniform(0.5, 0.85)))
    parts.append(scattered(bush(greens.bush), low[::2]))
    parts.append(scattered(rock(1, (0.66, 0.65, 0.62)), low[1::2]))
    return parts


def _flags(
    poles: list[tuple[float, float, float]], cloths: list[Colour], side: float, lit: float
) -> tuple[Mesh, Motion]:
    """Flags in the wind: each is a chain of parts that turn one after another."""
    long, tall = 1.4, 0.75
    part = long / _CLOTHS
    meshes = []
    for k in range(len(poles)):
        for i in range(_CLOTHS):
            high = tall * (1.0 - 0.12 * i)
            meshes.append(
                box((part, high, 0.04), (part / 2, 0.0, 0.0), cloths[k % 2], k * _CLOTHS + i, lit)
            )
    foot_N3 = np.array(poles) + (0.0, 0.74, 0.0)
    phase_N1 = np.arange(len(poles))[:, None] * 1.9
    order_C = np.arange(_CLOTHS)
    base = 0.0 if side > 0.0 else math.pi

    def motion(t_s: float) -> NDArray[np.float32]:
        wave_NC = 5.6 * t_s - 1.15 * order_C + phase_N1
        yaw = base + (0.20 + 0.12 * order_C) * np.sin(wave_NC)
        dip = (0.12 + 0.14 * order_C) * np.cos(wave_NC) - 0.1
        c, s, cd, sd = np.cos(yaw), np.sin(yaw), np.cos(dip), np.sin(dip)
        end_NC3 = np.cumsum(np.stack([c * cd, sd, -s * cd], -1) * part, axis=1)
        start_NC3 = np.concatenate([np.zeros_like(end_NC3[:, :1]), end_NC3[:, :-1]], 1)
        out = np.zeros((*c.shape, 4, 4))
        out[..., 0, 0], out[..., 0, 1], out[..., 0, 2] = c * cd, -c * sd, s
        out[..., 1, 0], out[..., 1, 1] = sd, cd
        out[..., 2, 0], out[..., 2, 1], out[..., 2, 2] = -s * cd, s * sd, c
        out[..., :3, 3] = start_NC3 + foot_N3[:, None]
        out[..., 3, 3] = 1.0
        return out.reshape(-1, 4, 4).astype(np.float32)

    return merge(*meshes), motion
