"""Many simple shapes at once: what places are made of, as few numpy calls.

N shapes, V vertices. Nothing here has a bottom or a back: nobody can see them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from yozora.world.mesh import Floats, Mesh
from yozora.world.places.stage import GROUND, STILL, Colour

Spot = tuple[float, float, float, float, float]  # x, y, z, turn in degrees, size


def _mesh(
    position_V3: NDArray[np.floating],
    normal_V3: NDArray[np.floating],
    colour_V3: NDArray[np.floating],
    triangle_T3: NDArray[np.integer],
    glow: float | NDArray[np.floating] = 0.0,
    material: int = STILL,
) -> Mesh:
    count = len(position_V3)
    return Mesh(
        np.ascontiguousarray(position_V3, np.float32),
        np.ascontiguousarray(normal_V3, np.float32),
        np.ascontiguousarray(colour_V3, np.float32),
        np.broadcast_to(np.asarray(glow, np.float32), (count,)).copy(),
        np.full(count, material, np.int32),
        np.ascontiguousarray(triangle_T3, np.int32),
    )


def quads(
    corner_N43: NDArray[np.floating],
    colour_N3: NDArray[np.floating],
    glow_N: NDArray[np.floating],
    material: int = STILL,
) -> Mesh:
    """Flat four-sided faces; corners counter-clockwise seen from outside."""
    corner_N43 = np.asarray(corner_N43, np.float64)
    count = len(corner_N43)
    normal_N3 = np.cross(corner_N43[:, 1] - corner_N43[:, 0], corner_N43[:, 3] - corner_N43[:, 0])
    normal_N3 /= np.maximum(np.linalg.norm(normal_N3, axis=1, keepdims=True), 1e-9)
    pair_23 = np.array([[0, 1, 2], [0, 2, 3]])
    triangle = (np.arange(count)[:, None, None] * 4 + pair_23).reshape(-1, 3)
    return _mesh(
        corner_N43.reshape(-1, 3),
        np.repeat(normal_N3, 4, axis=0),
        np.repeat(np.asarray(colour_N3), 4, axis=0),
        triangle,
        np.repeat(np.asarray(glow_N), 4),
        material,
    )


Panel = tuple[float, float, float, float, float, Colour, float]  # x0, x1, y0, y1, z, colour, glow


def panels(rows: Sequence[Panel]) -> Mesh:
    """Upright rectangles that face the viewer: windows, signs, books, screens."""
    corner = [
        ((x0, y0, z), (x1, y0, z), (x1, y1, z), (x0, y1, z)) for x0, x1, y0, y1, z, _, _ in rows
    ]
    return quads(np.array(corner), np.array([r[5] for r in rows]), np.array([r[6] for r in rows]))


Block = tuple[Colour, float, tuple[float, float, float], tuple[float, float, float]]

# Corners of the unit block's four seen faces: front, top, left, right.
_FACES_4_43 = np.array(
    [
        [[-1, -1, 1], [1, -1, 1], [1, 1, 1], [-1, 1, 1]],
        [[-1, 1, 1], [1, 1, 1], [1, 1, -1], [-1, 1, -1]],
        [[-1, -1, -1], [-1, -1, 1], [-1, 1, 1], [-1, 1, -1]],
        [[1, -1, 1], [1, -1, -1], [1, 1, -1], [1, 1, 1]],
    ],
    np.float64,
) * np.array([0.5, 0.5, 0.5])
_BELOW_43 = np.array([[-1, -1, -1], [1, -1, -1], [1, -1, 1], [-1, -1, 1]], np.float64) * 0.5


def blocks(rows: Sequence[Block], below: bool = False) -> Mesh:
    """Upright boxes, each (colour, glow, size xyz, centre of its foot): front, top, sides.

    `below` adds the under side, for what hangs above the eye.
    """
    faces = np.concatenate([_FACES_4_43, _BELOW_43[None]]) if below else _FACES_4_43
    size_N3 = np.array([r[2] for r in rows])
    centre_N3 = np.array([r[3] for r in rows], np.float64)
    centre_N3[:, 1] += size_N3[:, 1] / 2
    corner = faces[None] * size_N3[:, None, None] + centre_N3[:, None, None]
    sides = len(faces)
    return quads(
        corner.reshape(-1, 4, 3),
        np.repeat(np.array([r[0] for r in rows]), sides, axis=0),
        np.repeat(np.array([r[1] for r in rows]), sides),
    )


def field(
    x_N: Sequence[float],
    z_M: Sequence[float],
    height: Callable[[Floats, Floats], Floats] | float,
    colour: Callable[[Floats, Floats, Floats], Floats] | Colour,
    material: int = GROUND,
) -> Mesh:
    """Ground over a grid: `height(x, z)` in metres, `colour(x, z, y)` one RGB a point.

    x and z rise; both functions take (M, N) arrays; colour returns (M, N, 3).
    """
    x_MN, z_MN = np.meshgrid(np.asarray(x_N, np.float32), np.asarray(z_M, np.float32))
    if callable(height):
        y_MN = height(x_MN, z_MN)
        step = np.float32(0.2)
        slope_x = (height(x_MN + step, z_MN) - height(x_MN - step, z_MN)) / (2 * step)
        slope_z = (height(x_MN, z_MN + step) - height(x_MN, z_MN - step)) / (2 * step)
    else:
        y_MN = np.full_like(x_MN, height)
        slope_x = slope_z = np.zeros_like(x_MN)
    normal = np.stack([-slope_x, np.ones_like(x_MN), -slope_z], -1).reshape(-1, 3)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    if callable(colour):
        colour_V3 = np.clip(colour(x_MN, z_MN, y_MN), 0.0, 1.0).reshape(-1, 3)
    else:
        colour_V3 = np.tile(np.asarray(colour, np.float32), (x_MN.size, 1))
    rows, cols = x_MN.shape
    first = (np.arange(rows - 1)[:, None] * cols + np.arange(cols - 1)[None]).reshape(-1)
    near = first + cols
    triangle = np.concatenate(
        [
            np.stack([first, near, near + 1], -1),
            np.stack([first, near + 1, first + 1], -1),
        ]
    )
    point = np.stack([x_MN, y_MN, z_MN], -1).reshape(-1, 3)
    return _mesh(point, normal, colour_V3, triangle, 0.0, material)


def disc(
    centre: tuple[float, float, float],
    radius_x: float,
    radius_z: float,
    colour: Colour,
    material: int = STILL,
    sectors: int = 14,
    glow: float = 0.0,
    upright: bool = False,
) -> Mesh:
    """A flat ellipse, facing up, or (`upright`) facing the viewer with `radius_z` as its height."""
    turn = np.arange(sectors) * (2 * np.pi / sectors)
    a, b = np.cos(turn) * radius_x, np.sin(turn) * radius_z
    flat = np.zeros(sectors)
    rim = np.stack([a, b, flat], -1) if upright else np.stack([a, flat, -b], -1)
    point = np.concatenate([np.zeros((1, 3)), rim]) + np.asarray(centre)
    normal = np.zeros_like(point)
    normal[:, 2 if upright else 1] = 1.0
    k = np.arange(sectors)
    triangle = np.stack([np.zeros_like(k), k + 1, (k + 1) % sectors + 1], -1)
    return _mesh(
        point, normal, np.tile(np.asarray(colour), (sectors + 1, 1)), triangle, glow, material
    )


def scattered(mesh: Mesh, spots: Sequence[Spot], shades: Sequence[float] | None = None) -> Mesh:
    """Copies of `mesh`, one a spot; `shades` makes each copy lighter or darker."""
    count, size_V = len(spots), len(mesh.position_V3)
    spot_N5 = np.asarray(spots, np.float32).reshape(count, 5)
    turn = np.radians(spot_N5[:, 3])
    turn_N33 = np.zeros((count, 3, 3), np.float32)
    turn_N33[:, 0, 0] = turn_N33[:, 2, 2] = np.cos(turn)
    turn_N33[:, 0, 2], turn_N33[:, 2, 0] = np.sin(turn), -np.sin(turn)
    turn_N33[:, 1, 1] = 1.0
    point = np.einsum("nij,vj->nvi", turn_N33, mesh.position_V3)
    point = point * spot_N5[:, None, 4:5] + spot_N5[:, None, :3]
    normal = np.einsum("nij,vj->nvi", turn_N33, mesh.normal_V3)
    shade = np.ones(count) if shades is None else np.asarray(shades)
    colour = np.clip(mesh.colour_V3[None] * shade[:, None, None], 0.0, 1.0)
    triangle = mesh.triangle_T3[None] + (np.arange(count) * size_V)[:, None, None]
    return Mesh(
        point.reshape(-1, 3).astype(np.float32),
        normal.reshape(-1, 3).astype(np.float32),
        colour.reshape(-1, 3).astype(np.float32),
        np.tile(mesh.glow_V, count),
        np.tile(mesh.bone_V, count),
        triangle.reshape(-1, 3).astype(np.int32),
    )


def spread(near: float, far: float, steps: int, power: float = 2.0) -> list[float]:
    """`steps` + 1 numbers from `near` to `far`, denser at `near`."""
    return [near + (far - near) * (k / steps) ** power for k in range(steps + 1)]


def both_ways(reach: float, steps: int, power: float = 2.0) -> list[float]:
    """2 * `steps` + 1 numbers from -`reach` to `reach`, denser in the middle."""
    right = spread(0.0, reach, steps, power)
    return [-v for v in reversed(right[1:])] + right


def band(
    x_N: Sequence[float],
    z_far_N: Sequence[float] | float,
    z_near_N: Sequence[float] | float,
    y: float,
    colour: Colour,
    material: int = STILL,
) -> Mesh:
    """A flat strip along x whose two edges may wind: paths, shores, foam."""
    x = np.asarray(x_N, np.float32)
    edges = [np.broadcast_to(np.asarray(e, np.float32), x.shape) for e in (z_far_N, z_near_N)]
    count = len(x)
    point = np.concatenate([np.stack([x, np.full(count, y), e], -1) for e in edges])
    k = np.arange(count - 1)
    triangle = np.concatenate(
        [np.stack([k, k + count, k + count + 1], -1), np.stack([k, k + count + 1, k + 1], -1)]
    )
    normal = np.tile(np.array([0.0, 1.0, 0.0]), (2 * count, 1))
    colours = np.tile(np.asarray(colour), (2 * count, 1))
    return _mesh(point, normal, colours, triangle, 0.0, material)


def along(rng: random.Random, reach: float, step: float, jitter: float) -> list[float]:
    """x from -`reach` to `reach` every `step` metres or so, each moved by up to `jitter`."""
    count = int(2 * reach / step)
    start = rng.uniform(0.0, step)
    return [-reach + start + k * step + rng.uniform(-jitter, jitter) for k in range(count)]


def shafts(
    rng: random.Random, z: float, top: float, low: Colour, high: Colour, lit: Colour
) -> Mesh:
    """A curtain at `z` that glows from `low` at its foot to `high` at `top` metres.

    Slanting shafts of light fall through it, towards the colour `lit`.
    """
    x_N = np.linspace(-75.0, 75.0, 61)
    y_M = np.array([-1.0, 0.19 * top, 0.44 * top, top])
    shine_M3 = np.array([0.0, 0.14, 0.5, 1.0])[:, None]
    base_M3 = np.asarray(low) * (1.0 - shine_M3) + np.asarray(high) * shine_M3
    bright_N = np.array([rng.choice((0.0, 0.0, 0.0, 0.75, 1.0)) for _ in x_N])
    share_MN = bright_N[None] * (0.12 + 0.55 * shine_M3)
    colour_MN3 = base_M3[:, None] + (np.asarray(lit) - base_M3[:, None]) * share_MN[..., None]
    x_MN = x_N[None] + 3.5 * (y_M[:, None] + 1.0) / (top + 1.0)
    y_MN = np.broadcast_to(y_M[:, None], x_MN.shape)
    point = np.stack([x_MN, y_MN, np.full_like(x_MN, z)], -1).reshape(-1, 3)
    rows, cols = x_MN.shape
    first = (np.arange(rows - 1)[:, None] * cols + np.arange(cols - 1)[None]).ravel()
    above = first + cols
    triangle = np.concatenate(
        [np.stack([first, first + 1, above + 1], -1), np.stack([first, above + 1, above], -1)]
    )
    normal = np.tile(np.array([0.0, 0.0, 1.0]), (len(point), 1))
    return _mesh(point, normal, np.clip(colour_MN3, 0.0, 1.0).reshape(-1, 3), triangle, 1.0)
