"""What moves in a place by itself: traffic, passers-by. Everything is a function of the time alone.

Movers go along x at a constant speed, from -SPAN to SPAN and again from the start. Nobody sees
them begin again: near the ends of their way they shrink to nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from yozora.world.mesh import Mesh, box, capsule, cylinder, ellipsoid, merge, moved
from yozora.world.places.stage import Colour, mixed, shaded

SPAN = 46.0  # metres at scale 1, to each side
FADE = 4.0  # metres of its way over which a mover grows or shrinks
MOST = 40  # bones that a place may move

Motion = Callable[[float], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Part:
    """A rigid part of a mover. It may swing about an axle along z, as legs do."""

    mesh: Mesh  # at the origin, facing +x
    hip_m: float = 0.0  # height of the axle
    swing_deg: float = 0.0
    half_turns: int = 0  # 1: swings against the others


@dataclass(frozen=True, slots=True)
class Mover:
    """Something that passes by, and how."""

    parts: tuple[Part, ...]
    start_x: float  # at 0 s
    y: float
    z: float
    speed: float  # m/s; negative: to the left
    step_hz: float = 0.0  # of its swing, and twice that of its bob
    bob_m: float = 0.0


def passing(movers: Sequence[Mover], lit: float = 0.0) -> tuple[Mesh, Motion]:
    """The mesh of all movers, one bone a part, and what moves it.

    `lit`: how much of its own colour everything shows in the dark, 0..1: the town's light.
    """
    rows = [(mover, part) for mover in movers for part in mover.parts]
    assert len(rows) <= MOST, f"{len(rows)} moving parts"
    meshes = [
        replace(part.mesh, bone_V=np.full(len(part.mesh.bone_V), bone, np.int32))
        for bone, (_, part) in enumerate(rows)
    ]
    start_B, y_B, z_B, speed_B, hz_B, bob_B = np.array(
        [(m.start_x, m.y, m.z, m.speed, m.step_hz, m.bob_m) for m, _ in rows], np.float64
    ).T
    hip_B, swing_B, phase_B = np.array(
        [(p.hip_m, math.radians(p.swing_deg), math.pi * p.half_turns) for _, p in rows]
    ).T
    ahead_B = np.where(speed_B < 0.0, -1.0, 1.0)

    def motion(t_s: float) -> NDArray[np.float32]:
        x_B = (start_B + speed_B * t_s + SPAN) % (2.0 * SPAN) - SPAN
        size_B = np.clip((SPAN - np.abs(x_B)) / FADE, 0.001, 1.0)
        turn_B = swing_B * np.sin(math.tau * hz_B * t_s + start_B + phase_B)
        c_B, s_B = np.cos(turn_B), np.sin(turn_B)
        out = np.zeros((len(rows), 4, 4))
        out[:, 0, 0], out[:, 0, 1] = size_B * ahead_B * c_B, -size_B * ahead_B * s_B
        out[:, 1, 0], out[:, 1, 1] = size_B * s_B, size_B * c_B
        out[:, 2, 2] = size_B * ahead_B
        out[:, 0, 3] = x_B + size_B * ahead_B * s_B * hip_B
        bob = bob_B * np.abs(np.sin(math.tau * hz_B * t_s + start_B))
        out[:, 1, 3] = y_B + size_B * (hip_B * (1.0 - c_B)) + bob
        out[:, 2, 3], out[:, 3, 3] = z_B, 1.0
        return out.astype(np.float32)

    mesh = merge(*meshes)
    return replace(mesh, glow_V=np.maximum(mesh.glow_V, np.float32(lit))), motion


# ---------------------------------------------------------------- who passes by


def walker(coat: Colour, skin: Colour, hair: Colour, legs: Colour, tall: float) -> tuple[Part, ...]:
    """A person in three parts: `tall` metres, seen from afar. About 220 triangles."""
    k = tall / 1.7
    body = merge(
        capsule((0, 0.86 * k, 0), (0.02, 1.30 * k, 0), 0.23 * k, 0.19 * k, coat, sectors=6),
        box((0.36 * k, 0.34 * k, 0.38 * k), (0, 0.76 * k, 0), coat, top=(0.9, 0.9)),
        capsule((0, 1.32 * k, 0.2 * k), (0.1 * k, 0.84 * k, 0.26 * k), 0.08 * k, 0.07 * k,
                shaded(coat, 0.82), sectors=4),
        ellipsoid((0.15 * k, 0.17 * k, 0.15 * k), (0.03, 1.58 * k, 0), skin, rings=4, sectors=6),
        ellipsoid((0.17 * k, 0.13 * k, 0.17 * k), (-0.03, 1.66 * k, 0), hair, rings=3, sectors=6),
    )  # fmt: skip

    def leg(z: float) -> Mesh:
        foot = box((0.26 * k, 0.09 * k, 0.13 * k), (0.05, 0.045 * k, z), shaded(legs, 0.5))
        thigh = capsule((0, 0.8 * k, z), (0, 0.1 * k, z), 0.1 * k, 0.075 * k, legs, sectors=5)
        return merge(thigh, foot)

    return (
        Part(body),
        Part(leg(0.1 * k), 0.84 * k, 27.0),
        Part(leg(-0.1 * k), 0.84 * k, 27.0, 1),
    )


def saloon(paint: Colour, dark: float) -> Mesh:
    """A small car, 3.9 m, facing +x; its lamps are lit when it is `dark`. About 190 triangles."""
    glass, tyre = mixed((0.30, 0.42, 0.52), (0.07, 0.09, 0.14), dark), (0.05, 0.05, 0.06)
    parts = [
        box((3.9, 0.62, 1.6), (0, 0.60, 0), paint, top=(0.96, 0.94)),
        box((2.3, 0.54, 1.44), (-0.2, 1.17, 0), glass, top=(0.66, 0.86), top_shift=-0.08),
        box((1.56, 0.09, 1.28), (-0.29, 1.46, 0), paint, top=(0.94, 0.94)),
        box((0.14, 0.56, 1.47), (-0.22, 1.16, 0), paint, top=(1.0, 0.87)),
        *_lamps(1.95, 0.66, 0.55, dark),
    ]
    parts += [_wheel(x, tyre) for x in (-1.2, 1.2)]
    return merge(*parts)


def van(paint: Colour, stripe: Colour, dark: float) -> Mesh:
    """A delivery van, 4.8 m, facing +x. About 190 triangles."""
    glass, tyre = mixed((0.30, 0.42, 0.52), (0.07, 0.09, 0.14), dark), (0.05, 0.05, 0.06)
    parts = [
        box((3.4, 1.75, 1.75), (-0.7, 1.28, 0), paint, top=(0.98, 0.96)),
        box((3.42, 0.34, 1.79), (-0.7, 1.15, 0), stripe),
        box((1.4, 0.75, 1.7), (1.68, 0.78, 0), paint),
        box((1.3, 0.72, 1.6), (1.60, 1.5, 0), glass, top=(0.5, 0.9), top_shift=-0.3),
        *_lamps(2.4, 0.72, 0.6, dark),
    ]
    parts += [_wheel(x, tyre, 0.4) for x in (-1.6, 1.5)]
    return merge(*parts)


def bus(paint: Colour, dark: float) -> Mesh:
    """A town bus, 8 m, facing +x; its windows shine by night. About 130 triangles."""
    tyre = (0.05, 0.05, 0.06)
    glass = mixed((0.42, 0.56, 0.66), (1.0, 0.86, 0.56), min(1.0, 1.6 * dark))
    parts = [
        box((8.0, 2.3, 2.0), (0, 1.55, 0), paint, top=(0.98, 0.95)),
        box((7.3, 0.85, 2.03), (-0.1, 1.85, 0), glass, glow=0.85 * dark),
        box((8.02, 0.85, 1.6), (0.02, 1.85, 0), glass, glow=0.85 * dark),
        box((8.04, 0.22, 2.04), (0, 0.95, 0), (0.93, 0.92, 0.88)),
        *_lamps(4.0, 0.72, 0.7, dark),
    ]
    parts += [box((0.18, 0.9, 2.06), (x, 1.85, 0), paint) for x in (-2.0, 0.2, 2.4)]
    parts += [_wheel(x, tyre, 0.46, 1.06) for x in (-2.6, 2.5)]
    return merge(*parts)


def flyer(paint: Colour, light: Colour, dark: float) -> Mesh:
    """A flying car, 4.4 m, facing +x: no wheels, a bright keel. 84 triangles."""
    glass = mixed((0.20, 0.34, 0.46), (0.10, 0.16, 0.28), dark)
    hot = mixed((1.0, 1.0, 1.0), light, 0.75)
    return merge(
        box((4.0, 0.52, 1.5), (0, 0.46, 0), paint, top=(0.86, 0.9), top_shift=-0.1),
        box((2.2, 0.56, 1.3), (-0.2, 0.98, 0), glass, top=(0.52, 0.8), top_shift=-0.12),
        box((1.2, 0.08, 1.06), (-0.31, 1.29, 0), paint),
        box((3.4, 0.16, 1.15), (-0.1, 0.13, 0), hot, glow=1.0, top=(1.05, 1.05)),
        box((0.9, 0.14, 2.2), (-1.5, 0.5, 0), shaded(paint, 0.8), top=(0.7, 1.0)),
        box((0.16, 0.3, 0.9), (-2.2, 0.42, 0), (1.0, 0.22, 0.16), glow=1.0),
        box((0.2, 0.24, 0.7), (2.12, 0.38, 0), (1.0, 0.97, 0.82), glow=1.0),
    )


def _lamps(x: float, y: float, z: float, dark: float) -> list[Mesh]:
    """White lamps at the front (+x), red ones at the back."""
    white = mixed((0.86, 0.87, 0.85), (1.0, 0.95, 0.75), dark)
    return [
        box((0.1, 0.2, 0.34), (sign * x, y, side * z), colour, glow=max(0.25, dark))
        for sign, colour in ((1.0, white), (-1.0, (0.85, 0.08, 0.06)))
        for side in (-1.0, 1.0)
    ]


def _wheel(x: float, tyre: Colour, radius: float = 0.36, z: float = 0.82) -> Mesh:
    """Both wheels of an axle, as one roller, with light caps."""
    roller = cylinder((x, radius, -z), (x, radius, z), radius, tyre, sectors=8)
    cap = cylinder((x, radius, z), (x, radius, z + 0.03), radius * 0.5, (0.7, 0.71, 0.73),
                   sectors=6)  # fmt: skip
    return merge(roller, cap)


def lifted(parts: tuple[Part, ...], mesh: Mesh, dy: float) -> tuple[Part, ...]:
    """The same mover with something more, `dy` above its foot, fixed to its first part."""
    first = replace(parts[0], mesh=merge(parts[0].mesh, moved(mesh, dy=dy)))
    return (first, *parts[1:])
