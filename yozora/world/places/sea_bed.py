"""Under water: blue mist, shafts of light, bright corals, sea grass, rocks, fish and bubbles."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from yozora.world.light import RGB, Light, direction, scaled, shown
from yozora.world.mesh import (
    Floats,
    Mesh,
    capsule,
    ellipsoid,
    flat,
    lathe,
    matrix,
    merge,
    moved,
    slab,
    transform,
)
from yozora.world.mesh import scaled as scaled_mesh
from yozora.world.places.props import rock, two_tone
from yozora.world.places.solids import Spot, along, field, scattered, shafts, spread
from yozora.world.places.stage import GROUND, Colour, Lamp, Site, Stage, mixed, shaded

_CORALS: tuple[Colour, ...] = (
    (0.98, 0.32, 0.42),
    (1.00, 0.56, 0.18),
    (0.74, 0.30, 0.84),
    (0.98, 0.52, 0.72),
    (1.00, 0.80, 0.24),
)
_GRASS: Colour = (0.16, 0.62, 0.34)
_FISH: tuple[tuple[Colour, Colour], ...] = (
    ((1.0, 0.55, 0.10), (0.98, 0.96, 0.92)),
    ((1.0, 0.86, 0.18), (0.14, 0.30, 0.75)),
    ((0.95, 0.30, 0.50), (1.0, 0.82, 0.40)),
)
_SPAN = 34.0  # fish swim from -_SPAN to _SPAN
_RISE = 6.5  # metres that a bubble rises before it begins again
# By time: the water far away, the water above, the light, its strength.
_WATER: dict[str, tuple[RGB, RGB, RGB, float]] = {
    "dawn": (shown(0.30, 0.38, 0.70), shown(0.96, 0.70, 0.88), (1.0, 0.84, 0.96), 0.90),
    "day": (shown(0.04, 0.42, 0.72), shown(0.42, 0.92, 0.98), (0.92, 1.0, 1.0), 1.15),
    "sunset": (shown(0.20, 0.24, 0.48), shown(1.0, 0.58, 0.26), (1.0, 0.76, 0.58), 0.90),
    "night": (shown(0.015, 0.06, 0.24), shown(0.06, 0.24, 0.56), (0.42, 0.62, 1.0), 0.34),
}


def sea_bed(site: Site) -> Stage:
    """A reef on white sand; who floats has the bright surface below it."""
    rng = site.rng
    far, above, tint, level = _WATER[site.time]
    sand = mixed((0.74, 0.72, 0.58), (0.56, 0.70, 0.72), rng.random())
    parts: list[Mesh] = [_floor(rng, sand), _shafts(site, far, above, -21.0)]
    stones: list[Spot] = [
        (x, -0.1, -rng.uniform(3.0, 7.0), rng.uniform(0, 360), rng.uniform(1.6, 3.0))
        for x in along(rng, 30.0, 6.5, 2.0)
    ]
    parts.append(scattered(rock(5, (0.36, 0.46, 0.54)), stones))
    for x in along(rng, 44.0, 11.0, 2.5):  # reefs far off, blue in the mist
        tall = rng.uniform(2.2, 4.8)
        parts.append(
            ellipsoid(
                (rng.uniform(3.5, 5.5), tall, 2.5),
                (x, 0.0, -rng.uniform(15.0, 18.0)),
                (0.24, 0.40, 0.52),
                rings=6,
                sectors=10,
            )
        )
    side = rng.choice((-1, 1))
    parts += [_wreck(side * rng.uniform(3.0, 5.0) + 25.0 * k, -11.5, side) for k in (-1, 0, 1)]
    parts += _reef(rng)
    moving, motion = _swimmers(rng)
    glow: tuple[Lamp, ...] = ()
    if site.dark > 0.9:
        glow = tuple(Lamp((x, 1.6, -2.6), (0.30, 0.80, 0.95), 6.5, 0.9) for x in (-5.0, 0.0, 5.0))
    return Stage(
        merge(*parts),
        "water" if site.on_water else "solid",
        (0.30, 0.75, 0.78) if site.on_water else sand,
        shaded(sand, 0.86),
        sky=False,
        ahead=_shafts(site, far, above, -36.0),
        water_y=0.0 if site.on_water else None,
        light=_light(far, above, tint, level, site),
        fog_density=0.052,
        lamps=glow,
        moving=moving,
        motion=motion,
    )


def _light(far: RGB, above: RGB, tint: RGB, level: float, site: Site) -> Light:
    """Sunlight from straight above, blue from all sides."""
    return Light(
        sun_dir=direction(150, 66),
        disc_dir=direction(150, 66),
        sun=scaled(tint, 0.75 * level),
        up=scaled((tint[0] * 0.52, tint[1] * 0.72, tint[2] * 0.84), 0.62 * level),
        down=scaled((0.20, 0.42, 0.55), 0.55 * level),
        zenith=above,
        horizon=far,
        halo=(0.0, 0.0, 0.0),
        disc=(0.0, 0.0, 0.0),
        disc_deg=1.0,
        cloud=above,
        clouds=0.0,
        stars=0.0,
        fog=0.052,
        rim=scaled((0.35, 0.75, 0.95), 0.25 + 0.25 * level),
        subject=0.72 + 0.2 * level,
        shadow=0.5,
    )


def _floor(rng: random.Random, sand: Colour) -> Mesh:
    """Low waves of sand that rise towards the back."""
    p, q = rng.uniform(0, 6.28), rng.uniform(0, 6.28)

    def height(x: Floats, z: Floats) -> Floats:
        away = np.clip((-2.0 - z) / 10.0, 0.0, 1.5)
        wave = 0.5 + 0.3 * np.sin(x * 0.35 + z * 0.3 + p) + 0.25 * np.sin(x * 0.16 - z * 0.4 + q)
        return np.asarray(away * wave * 0.9 - 0.05, np.float32)

    z_M = [-z for z in reversed(spread(1.5, 40.0, 8, 1.6))]
    return field(np.linspace(-60.0, 60.0, 31).tolist(), z_M, height, sand, GROUND)


def _shafts(site: Site, far: RGB, above: RGB, z: float) -> Mesh:
    """A curtain far behind: the water, brighter where light falls in slanting shafts."""
    low = (math.sqrt(far[0] / 1.25), math.sqrt(far[1] / 1.25), math.sqrt(far[2] / 1.25))
    high = (math.sqrt(above[0] / 1.25), math.sqrt(above[1] / 1.25), math.sqrt(above[2] / 1.25))
    lit = mixed(high, (1.0, 1.0, 1.0), 0.30 if site.time != "night" else 0.12)
    return shafts(site.rng, z, 16.0, low, high, lit)


def _wreck(x: float, z: float, side: int) -> Mesh:
    """An old ship that leans on its keel, 8 m, with a broken mast."""
    wood: Colour = (0.34, 0.26, 0.20)
    outline = [(-4.0, 2.6), (-3.3, 0.0), (2.6, 0.0), (4.6, 2.9), (2.6, 2.1), (-2.0, 1.9),
               (-2.1, 2.8)]  # fmt: skip
    hull = slab(outline, 2.2, (0.0, -0.3, 0.0), wood, rim=0.9)
    rail = slab([(-2.0, 1.7), (2.7, 1.9), (2.7, 2.1), (-2.0, 1.9)], 2.3, (0, -0.3, 0),
                shaded(wood, 1.4))  # fmt: skip
    masts = [
        capsule((a, 1.2, 0.0), (a - 0.5, tall, 0.0), 0.16, 0.12, shaded(wood, 1.2), sectors=5)
        for a, tall in ((-0.9, 5.4), (1.4, 4.4))
    ]
    yards = [
        capsule((a - 1.3, y - 0.2, 0.2), (a + 1.2, y + 0.3, 0.2), 0.1, 0.08, shaded(wood, 1.2),
                sectors=4)
        for a, y in ((-1.25, 4.2), (1.1, 3.5))
    ]  # fmt: skip
    ship = transform(merge(hull, rail, *masts, *yards), matrix((x, 0, z), 12.0, 7.0, 14.0))
    return ship if side > 0 else transform(ship, matrix((2 * x, 0, 2 * z), 180.0))


def _reef(rng: random.Random) -> list[Mesh]:
    """Corals in groups: branches, fans, balls and tubes, large and in clear colours."""
    makers = (_branches, _fan, _ball, _tubes)
    out: list[Mesh] = []
    groups = along(rng, 29.0, 5.2, 0.9)
    for kind in range(4):
        for tone in range(2):
            colour = _CORALS[(kind + 2 * tone + rng.randrange(2)) % len(_CORALS)]
            spots: list[Spot] = []
            for k, x in enumerate(groups):
                if (k + tone) % 2 == 0:
                    at = x + (kind - 1.5) * 1.2 + rng.uniform(-0.3, 0.3)
                    z = -rng.uniform(1.1, 3.8) - (0.8 if kind == 1 else 0.0)
                    spots.append((at, -0.05, z, rng.uniform(-40, 40), rng.uniform(1.0, 1.6)))
            coral = makers[kind](rng, colour)
            shine = np.full_like(coral.glow_V, 0.30)  # else the blue light makes them grey
            out.append(scattered(replace(coral, glow_V=shine), spots))
    return out


def _branches(rng: random.Random, colour: Colour) -> Mesh:
    """A bush of thick fingers, 1.2 m."""
    parts = []
    for k in range(5):
        turn = k * math.tau / 5 + rng.uniform(-0.3, 0.3)
        x, z = 0.42 * math.cos(turn), 0.30 * math.sin(turn)
        tall = rng.uniform(0.75, 1.2)
        parts.append(
            capsule((0.2 * x, 0.0, 0.2 * z), (x, tall, z), 0.12, 0.10,
                    shaded(colour, 0.9 + 0.04 * k), sectors=4)
        )  # fmt: skip
    return merge(*parts)


def _fan(rng: random.Random, colour: Colour) -> Mesh:
    """A flat fan on a short stem, 1.7 m, to the viewer and back."""
    rim = [(0.95 * math.sin(a), 0.85 + 0.95 * math.cos(a) * (1.0 - 0.1 * (k % 2)))
           for k, a in enumerate(np.linspace(-2.1, 2.1, 11))]  # fmt: skip
    front = []
    for (x0, y0), (x1, y1) in pairwise(rim):
        front.append([(0.0, 0.1, 0.03), (x1, y1, 0.03), (x0, y0, 0.03)])
        front.append([(0.0, 0.1, -0.03), (x0, y0, -0.03), (x1, y1, -0.03)])
    ribs = [
        capsule((0.0, 0.0, 0.0), (0.72 * math.sin(a), 0.85 + 0.8 * math.cos(a), 0.0), 0.07, 0.03,
                shaded(colour, 0.72), sectors=3)
        for a in (-1.0, 0.0, 1.0)
    ]  # fmt: skip
    return merge(two_tone(flat(front, colour), shaded(colour, 0.62)), *ribs)


def _ball(rng: random.Random, colour: Colour) -> Mesh:
    """A round head of coral, 1.1 m across."""
    dome = ellipsoid((0.58, 0.5, 0.55), (0.0, 0.3, 0.0), colour, rings=5, sectors=8)
    small = ellipsoid((0.34, 0.3, 0.32), (0.62, 0.16, 0.15), colour, rings=3, sectors=6)
    low = shaded(colour, 0.6)
    return merge(two_tone(dome, low), two_tone(small, low))


def _tubes(rng: random.Random, colour: Colour) -> Mesh:
    """Five open pipes of a sponge, up to 1.4 m."""
    parts = []
    for k, (x, z) in enumerate(((0.0, 0.0), (0.34, 0.1), (-0.32, 0.12), (0.14, -0.25))):
        tall = (1.4, 1.05, 0.8, 1.2)[k]
        parts.append(
            lathe([(0.0, 0.13), (tall, 0.21), (tall - 0.1, 0.0)], (x, 0.0, z),
                  shaded(colour, 0.86 + 0.06 * k), sectors=6)
        )  # fmt: skip
    return merge(*parts)


def _kelp(kind: int) -> Mesh:
    """Four long winding blades, 2.4 m: 64 triangles."""
    rng = random.Random(f"kelp {kind}")
    green = _GRASS if kind == 0 else mixed(_GRASS, (0.62, 0.70, 0.20), 0.6)
    corners = []
    for k in range(4):
        x0, tall = -0.36 + 0.24 * k, rng.uniform(1.5, 2.6)
        bend = rng.uniform(0.1, 0.25)
        y_N = np.linspace(0.0, tall, 5)
        x_N = x0 + bend * np.sin(y_N * 2.4 + k * 1.7)
        wide_N = 0.15 * np.array([0.7, 1.0, 1.0, 0.8, 0.05])
        z = 0.1 * (k % 2)
        for i in range(4):
            a = (x_N[i] - wide_N[i], y_N[i], z)
            b = (x_N[i] + wide_N[i], y_N[i], z)
            c = (x_N[i + 1] + wide_N[i + 1], y_N[i + 1], z)
            d = (x_N[i + 1] - wide_N[i + 1], y_N[i + 1], z)
            corners += [[a, b, c], [a, c, d]]
    front = flat(corners, green)
    back = flat([c[::-1] for c in corners], shaded(green, 0.8))
    return two_tone(merge(front, moved(back, dz=-0.04)), shaded(green, 0.55))


def _fish(body: Colour, fin: Colour, bone: int) -> Mesh:
    """A round fish of 0.9 m that faces +x; it shines a little."""
    trunk = ellipsoid((0.32, 0.22, 0.1), (0, 0, 0), body, bone=bone, rings=4, sectors=6)
    stripe = ellipsoid((0.08, 0.215, 0.115), (0.04, 0, 0), fin, bone=bone, rings=3, sectors=5)
    tail = [(-0.24, 0.0), (-0.52, 0.22), (-0.44, 0.0), (-0.52, -0.22)]
    corners = []
    for a, b, c in ((0, 1, 2), (0, 2, 3)):
        corners.append([(*tail[i], 0.02) for i in (a, b, c)])
        corners.append([(*tail[i], -0.02) for i in (c, b, a)])
    for y in (1.0, -1.0):
        top = [(0.12, 0.16 * y, 0.0), (-0.2, 0.13 * y, 0.0), (-0.2, 0.36 * y, 0.0)]
        corners += [top, top[::-1]]
    eye = ellipsoid((0.04, 0.045, 0.13), (0.2, 0.05, 0), (0.05, 0.05, 0.08), bone=bone, rings=2,
                    sectors=4)  # fmt: skip
    whole = scaled_mesh(merge(trunk, stripe, eye, flat(corners, fin, bone)), 1.5)
    return replace(whole, glow_V=np.full_like(whole.glow_V, 0.35))


def _on_bone(mesh: Mesh, bone: int) -> Mesh:
    """The mesh moved by another bone."""
    return replace(mesh, bone_V=np.full(len(mesh.position_V3), bone, np.int32))


def _swimmers(rng: random.Random) -> tuple[Mesh, Callable[[float], NDArray[np.float32]]]:
    """Schools of fish that swim along x, bubbles that rise, sea grass that leans to and fro."""
    fish, bubbles, grass = 18, 10, 12
    meshes: list[Mesh] = []
    start = np.zeros((fish, 3))
    speed = np.zeros(fish)
    first = rng.randrange(3)
    for school in range(6):
        colours = _FISH[(school + first) % len(_FISH)]
        ahead = rng.choice((-1.0, 1.0))
        x = -_SPAN + 11.3 * school + rng.uniform(-2, 2)
        y, z = rng.uniform(1.5, 2.9), rng.uniform(-4.0, -1.4)
        pace = ahead * rng.uniform(0.5, 0.9)
        for k in range(school, fish, 6):
            n = k // 6
            start[k] = (x + 1.25 * n, y + 0.5 * (n % 2), z - 0.4 * n)
            speed[k] = pace
            meshes.append(_fish(*colours, bone=k))
    rising = np.array([(rng.uniform(-26, 26), rng.uniform(0, _RISE), rng.uniform(-4.5, -0.8))
                       for _ in range(bubbles)])  # fmt: skip
    for k in range(bubbles):
        pearl: Colour = (0.80, 0.96, 1.0)
        size = rng.uniform(0.07, 0.15)
        meshes.append(
            merge(*(
                ellipsoid((size * s, size * s, size * s), (dx, dy, 0.0), pearl, bone=fish + k,
                          glow=0.55, rings=3, sectors=5)
                for dx, dy, s in ((0.0, 0.0, 1.0), (0.16, 0.5, 0.7), (-0.1, 0.95, 0.8))
            ))
        )  # fmt: skip
    tufts: list[float] = []
    for kind in range(2):
        for x in along(rng, 30.0, 10.0, 2.0)[: grass // 2]:
            blades: list[Spot] = [
                (x + dx, 0.0, -rng.uniform(1.8, 4.5), rng.uniform(-40, 40), rng.uniform(0.8, 1.25))
                for dx in (-0.5, 0.5)
            ]
            shades = [rng.uniform(0.85, 1.2) for _ in blades]
            group = scattered(_kelp(kind), blades, shades)
            meshes.append(_on_bone(group, fish + bubbles + len(tufts)))
            tufts.append(x)
    side, last = np.sign(speed), fish + bubbles
    phase = np.array(tufts)

    def motion(seconds: float) -> NDArray[np.float32]:
        out = np.zeros((last + len(tufts), 4, 4))
        out[:, 3, 3] = 1.0
        out[last:] = np.eye(4)
        out[last:, 0, 1] = 0.16 * np.sin(1.3 * seconds + 0.5 * phase)
        x = (start[:, 0] + speed * seconds + _SPAN) % (2 * _SPAN) - _SPAN
        size = np.clip((_SPAN - np.abs(x)) / 3.0, 0.001, 1.0)
        wag = 0.30 * np.sin(seconds * 7.0 + start[:, 0] * 3.0)
        out[:fish, 0, 0] = size * side * np.cos(wag)
        out[:fish, 2, 0] = size * np.sin(wag)
        out[:fish, 1, 1] = size
        out[:fish, 0, 2] = -size * side * np.sin(wag) * side
        out[:fish, 2, 2] = size * np.cos(wag) * side
        out[:fish, 0, 3], out[:fish, 2, 3] = x, start[:, 2]
        out[:fish, 1, 3] = start[:, 1] + 0.12 * np.sin(seconds * 1.3 + start[:, 0])
        y = (rising[:, 1] + 0.75 * seconds) % _RISE
        fade = np.clip(np.minimum(y, _RISE - y) / 0.6, 0.001, 1.0)
        for axis in range(3):
            out[fish:last, axis, axis] = fade
        out[fish:last, 0, 3] = rising[:, 0] + 0.1 * np.sin(seconds * 2.0 + rising[:, 0])
        out[fish:last, 1, 3], out[fish:last, 2, 3] = y, rising[:, 2]
        return out.astype(np.float32)

    return merge(*meshes), motion
