"""Low-poly meshes: arrays of triangles, and the few solids that everything is built from.

Axes are right-handed, in metres: x right, y up, z towards the viewer. Things face +x and stand
on y = 0. Functions return new meshes; nothing is changed in place. Round solids have smooth
normals, boxy ones flat. Every solid takes a linear RGB `colour` in 0..1, a `bone` (index into
the pose's matrices) and a `glow` (0 lit by the scene .. 1 shines by itself).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float32]
RGB = tuple[float, float, float]
Point = Sequence[float]  # x, y, z in metres


@dataclass(frozen=True, slots=True)
class Mesh:
    """V vertices and T triangles. Every vertex moves with exactly one bone."""

    position_V3: Floats  # metres
    normal_V3: Floats  # unit length
    colour_V3: Floats  # linear RGB, 0..1
    glow_V: Floats  # 0 lit by the scene .. 1 shines by itself (neon, lamps, eyes)
    bone_V: NDArray[np.int32]  # index into the pose's matrices
    triangle_T3: NDArray[np.int32]  # counter-clockwise seen from outside


# ---------------------------------------------------------------- from arrays, and joining


def from_arrays(
    position_V3: ArrayLike,
    normal_V3: ArrayLike,
    triangle_T3: ArrayLike,
    colour: RGB,
    bone: int | ArrayLike = 0,
    glow: float = 0.0,
) -> Mesh:
    """A mesh of one colour; normals are made unit length, `bone` is one number or V of them."""
    position = np.asarray(position_V3, np.float64).reshape(-1, 3)
    normal = np.asarray(normal_V3, np.float64).reshape(-1, 3)
    length = np.linalg.norm(normal, axis=1, keepdims=True)
    normal = np.where(length > 1e-9, normal / np.maximum(length, 1e-9), (0.0, 1.0, 0.0))
    count = len(position)
    return Mesh(
        position.astype(np.float32),
        normal.astype(np.float32),
        np.tile(np.asarray(colour, np.float32), (count, 1)),
        np.full(count, glow, np.float32),
        np.broadcast_to(np.asarray(bone, np.int32), (count,)).copy(),
        np.asarray(triangle_T3, np.int32).reshape(-1, 3),
    )


def empty() -> Mesh:
    """A mesh of nothing, so that sums may start somewhere."""
    return from_arrays(np.zeros((0, 3)), np.zeros((0, 3)), np.zeros((0, 3)), (0, 0, 0))


def flat(corners_T33: ArrayLike, colour: RGB, bone: int = 0, glow: float = 0.0) -> Mesh:
    """Triangles given by their corners (T, 3, 3), counter-clockwise, with flat normals."""
    corners = np.asarray(corners_T33, np.float64).reshape(-1, 3, 3)
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    keep = np.linalg.norm(normal, axis=1) > 1e-12
    corners, normal = corners[keep], normal[keep]
    triangles = np.arange(3 * len(corners)).reshape(-1, 3)
    return from_arrays(corners, np.repeat(normal, 3, axis=0), triangles, colour, bone, glow)


def merge(*meshes: Mesh) -> Mesh:
    """All the meshes as one."""
    parts = meshes or (empty(),)
    starts = np.cumsum([0] + [len(m.position_V3) for m in parts[:-1]])
    return Mesh(
        np.concatenate([m.position_V3 for m in parts]),
        np.concatenate([m.normal_V3 for m in parts]),
        np.concatenate([m.colour_V3 for m in parts]),
        np.concatenate([m.glow_V for m in parts]),
        np.concatenate([m.bone_V for m in parts]),
        np.concatenate([m.triangle_T3 + s for m, s in zip(parts, starts, strict=True)]).astype(
            np.int32
        ),
    )


# ---------------------------------------------------------------- moving and painting


def transform(mesh: Mesh, matrix_44: ArrayLike) -> Mesh:
    """The mesh under an affine matrix that acts on column vectors; mirrors keep faces outward."""
    matrix = np.asarray(matrix_44, np.float64)
    linear = matrix[:3, :3]
    position = mesh.position_V3 @ linear.T + matrix[:3, 3]
    normal = mesh.normal_V3 @ np.linalg.inv(linear)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-9)
    mirrored = np.linalg.det(linear) < 0.0
    return replace(
        mesh,
        position_V3=position.astype(np.float32),
        normal_V3=normal.astype(np.float32),
        triangle_T3=mesh.triangle_T3[:, ::-1].copy() if mirrored else mesh.triangle_T3,
    )


def matrix(
    move: Point = (0.0, 0.0, 0.0),
    yaw_deg: float = 0.0,
    pitch_deg: float = 0.0,
    roll_deg: float = 0.0,
    scale: float = 1.0,
) -> NDArray[np.float64]:
    """4x4: scale, then roll (about x), pitch (about z: nose up), yaw (about y), then move."""
    cy, sy = math.cos(math.radians(yaw_deg)), math.sin(math.radians(yaw_deg))
    cp, sp = math.cos(math.radians(pitch_deg)), math.sin(math.radians(pitch_deg))
    cr, sr = math.cos(math.radians(roll_deg)), math.sin(math.radians(roll_deg))
    yaw = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    pitch = np.array([[cp, -sp, 0], [sp, cp, 0], [0, 0, 1]])
    roll = np.array([[1, 0, 0], [0, cr, -sr], [0, sr, cr]])
    out = np.eye(4)
    out[:3, :3] = scale * (yaw @ pitch @ roll)
    out[:3, 3] = move
    return out


def moved(mesh: Mesh, dx: float = 0.0, dy: float = 0.0, dz: float = 0.0) -> Mesh:
    """The mesh shifted, in metres."""
    return replace(mesh, position_V3=mesh.position_V3 + np.array([dx, dy, dz], np.float32))


def scaled(mesh: Mesh, scale: float | Point) -> Mesh:
    """The mesh scaled about the origin, by one factor or by one for each axis."""
    return transform(mesh, np.diag([*np.broadcast_to(np.asarray(scale, float), 3), 1.0]))


def turned(mesh: Mesh, degrees_about_y: float) -> Mesh:
    """The mesh turned about the vertical; +90 turns what faced right (+x) away from the viewer."""
    return transform(mesh, matrix(yaw_deg=degrees_about_y))


def mirrored(mesh: Mesh) -> Mesh:
    """The mesh with near and far (z) exchanged."""
    return scaled(mesh, (1.0, 1.0, -1.0))


def recolour(mesh: Mesh, colour: RGB, glow: float | None = None) -> Mesh:
    """The mesh in one colour, and with another glow if that is given."""
    count = len(mesh.position_V3)
    shine = mesh.glow_V if glow is None else np.full(count, glow, np.float32)
    paint = np.tile(np.asarray(colour, np.float32), (count, 1))
    return replace(mesh, colour_V3=paint, glow_V=shine)


# ---------------------------------------------------------------- boxy solids


def box(
    size_xyz: Point,
    centre: Point,
    colour: RGB,
    bone: int = 0,
    glow: float = 0.0,
    top: tuple[float, float] = (1.0, 1.0),
    top_shift: float = 0.0,
) -> Mesh:
    """A box of 12 triangles; its top may be narrower (factors along x and z) and shifted in x."""
    half = np.asarray(size_xyz, float) / 2.0
    corner = np.array([[x, y, z] for y in (-1, 1) for z in (1, -1) for x in (-1, 1)], float)
    corner[4:, 0] *= top[0]
    corner[4:, 2] *= top[1]
    corner = corner * half + np.asarray(centre, float)
    corner[4:, 0] += top_shift
    sides = [(0, 1, 5, 4), (1, 3, 7, 5), (3, 2, 6, 7), (2, 0, 4, 6), (4, 5, 7, 6), (2, 3, 1, 0)]
    corners = [corner[[a, b, c]] for q in sides for a, b, c in (q[:3], (q[0], q[2], q[3]))]
    return flat(corners, colour, bone, glow)


def quad(a: Point, b: Point, c: Point, d: Point, colour: RGB, bone: int = 0,
         glow: float = 0.0) -> Mesh:  # fmt: skip
    """One four-cornered face, counter-clockwise seen from its front; its back is not drawn."""
    return flat([[a, b, c], [a, c, d]], colour, bone, glow)


def plane(size_xz: tuple[float, float], centre: Point, colour: RGB, cells: int = 1,
          bone: int = 0, glow: float = 0.0) -> Mesh:  # fmt: skip
    """A level rectangle that faces up, cut into cells x cells squares."""
    x, z = np.meshgrid(*[np.linspace(-s / 2.0, s / 2.0, cells + 1) for s in size_xz])
    position = np.stack([x, np.zeros_like(x), z], -1).reshape(-1, 3) + np.asarray(centre, float)
    i = np.arange((cells + 1) ** 2).reshape(cells + 1, cells + 1)
    a, b, c, d = (q.ravel() for q in (i[:-1, :-1], i[:-1, 1:], i[1:, 1:], i[1:, :-1]))
    triangles = np.concatenate([np.stack([a, d, c], -1), np.stack([a, c, b], -1)])
    normal = np.tile((0.0, 1.0, 0.0), (len(position), 1))
    return from_arrays(position, normal, triangles, colour, bone, glow)


def slab(
    outline_xy: Sequence[tuple[float, float]],
    thickness: float,
    centre: Point,
    colour: RGB,
    bone: int = 0,
    glow: float = 0.0,
    rim: float = 1.0,
) -> Mesh:
    """An outline in the x-y plane given thickness along z: fins, sails, cars seen from the side.

    The outline is counter-clockwise and every corner must see its centroid; `rim` < 1 makes the
    front and the back smaller than the middle, as a bevel.
    """
    middle = np.asarray(outline_xy, float)
    heart = middle.mean(axis=0)
    half = thickness / 2.0

    def at(points: NDArray[np.float64], z: float) -> NDArray[np.float64]:
        return np.concatenate([points, np.full((len(points), 1), z)], 1) + np.asarray(centre, float)

    face = heart + (middle - heart) * rim
    layers = [at(face, half), at(face, -half)] if rim == 1.0 else [
        at(face, half), at(middle, 0.0), at(face, -half)]  # fmt: skip
    front, back = at(heart[None], half)[0], at(heart[None], -half)[0]
    corners = []
    for i in range(len(middle)):
        j = (i + 1) % len(middle)
        corners += [[front, layers[0][i], layers[0][j]], [back, layers[-1][j], layers[-1][i]]]
        for near, far in pairwise(layers):
            corners += [[near[i], far[i], far[j]], [near[i], far[j], near[j]]]
    return flat(corners, colour, bone, glow)


# ---------------------------------------------------------------- round solids


def _rings(
    position_RS3: NDArray[np.float64],
    normal_RS3: NDArray[np.float64],
    colour: RGB,
    bone_R: ArrayLike,
    glow: float,
) -> Mesh:
    """A skin over R rings of S points each, closed around; rings that are points cost nothing."""
    rows, sectors = position_RS3.shape[:2]
    index = np.arange(rows * sectors).reshape(rows, sectors)
    after = np.roll(index, -1, axis=1)
    a, b, c, d = (q.ravel() for q in (index[:-1], after[:-1], after[1:], index[1:]))
    triangles = np.concatenate([np.stack([a, b, c], -1), np.stack([a, c, d], -1)])
    flatten = position_RS3.reshape(-1, 3)
    p = flatten[triangles]
    area = np.linalg.norm(np.cross(p[:, 1] - p[:, 0], p[:, 2] - p[:, 0]), axis=1)
    bone = np.repeat(np.broadcast_to(np.asarray(bone_R, np.int32), (rows,)), sectors)
    triangles = triangles[area > 1e-10]
    return from_arrays(flatten, normal_RS3.reshape(-1, 3), triangles, colour, bone, glow)


def _revolve(
    along_R: Sequence[float],
    radius_R: Sequence[float],
    frame_33: NDArray[np.float64],
    start: Point,
    colour: RGB,
    bone: int,
    glow: float,
    sectors: int,
    normal_R2: Sequence[tuple[float, float]] | None = None,
) -> Mesh:
    """An outline (distance along the axis, radius) revolved; frame rows: axis, side, other."""
    along, radius = np.asarray(along_R, float), np.asarray(radius_R, float)
    if normal_R2 is None:  # (along, outward), across the outline's tangent
        tangent = np.gradient(np.stack([along, radius], 1), axis=0)
        outline = np.stack([-tangent[:, 1], tangent[:, 0]], 1)
    else:
        outline = np.asarray(normal_R2, float)
    angle = np.arange(sectors) * (2.0 * math.pi / sectors) + math.pi / sectors
    axis, side, other = frame_33
    round_S3 = np.cos(angle)[:, None] * side + np.sin(angle)[:, None] * other
    position = along[:, None, None] * axis + radius[:, None, None] * round_S3
    normal = outline[:, 0, None, None] * axis + outline[:, 1, None, None] * round_S3
    return _rings(position + np.asarray(start, float), normal, colour, bone, glow)


def _frame(direction: NDArray[np.float64]) -> NDArray[np.float64]:
    """Three unit rows: the direction, and two across it, right-handed."""
    axis = direction / max(float(np.linalg.norm(direction)), 1e-9)
    hint = np.array([0.0, 0.0, 1.0]) if abs(axis[2]) < 0.9 else np.array([1.0, 0.0, 0.0])
    other = np.cross(hint, axis)
    other /= np.linalg.norm(other)
    return np.stack([axis, np.cross(other, axis), other])


def ellipsoid(
    radii_xyz: Point,
    centre: Point,
    colour: RGB,
    bone: int = 0,
    glow: float = 0.0,
    rings: int = 6,
    sectors: int = 8,
) -> Mesh:
    """A ball with a radius for each axis: 2 * sectors * (rings - 1) triangles."""
    latitude = np.linspace(-math.pi / 2.0, math.pi / 2.0, rings + 1)
    outline = [(math.sin(a), max(math.cos(a), 0.0)) for a in latitude]
    unit = _revolve([o[0] for o in outline], [o[1] for o in outline], _frame(np.array([0, 1.0, 0])),
                    (0.0, 0.0, 0.0), colour, bone, glow, sectors, outline)  # fmt: skip
    return moved(scaled(unit, radii_xyz), *centre)


def capsule(
    start: Point,
    end: Point,
    radius_start: float,
    radius_end: float,
    colour: RGB,
    bone: int = 0,
    glow: float = 0.0,
    sectors: int = 6,
) -> Mesh:
    """A rod with round ends, 8 * sectors triangles: limbs, fingers, branches."""
    way = np.asarray(end, float) - np.asarray(start, float)
    length, a, b = float(np.linalg.norm(way)), radius_start, radius_end
    slope = (a - b) / max(length, 1e-9)
    along = [-a, -0.6 * a, 0.15 * a, length + 0.15 * b, length + 0.6 * b, length + b]
    radius = [0.0, 0.8 * a, a, b, 0.8 * b, 0.0]
    normal = [(-1.0, 0.0), (-0.6, 0.8), (slope, 1.0), (slope, 1.0), (0.6, 0.8), (1.0, 0.0)]
    return _revolve(along, radius, _frame(way), start, colour, bone, glow, sectors, normal)


def cylinder(
    start: Point,
    end: Point,
    radius: float,
    colour: RGB,
    bone: int = 0,
    glow: float = 0.0,
    sectors: int = 10,
    radius_end: float | None = None,
) -> Mesh:
    """A rod with flat ends (4 * sectors triangles), narrowing to `radius_end` if that is given."""
    way = np.asarray(end, float) - np.asarray(start, float)
    length, last = float(np.linalg.norm(way)), radius if radius_end is None else radius_end
    slope = (radius - last) / max(length, 1e-9)
    along = [0.0, 0.0, 0.0, length, length, length]
    rim = [0.0, radius, radius, last, last, 0.0]
    normal = [(-1.0, 0.0), (-1.0, 0.0), (slope, 1.0), (slope, 1.0), (1.0, 0.0), (1.0, 0.0)]
    return _revolve(along, rim, _frame(way), start, colour, bone, glow, sectors, normal)


def cone(base_centre: Point, radius: float, apex: Point, colour: RGB, bone: int = 0,
         glow: float = 0.0, sectors: int = 8) -> Mesh:  # fmt: skip
    """A cone with a flat base: 2 * sectors triangles."""
    return cylinder(base_centre, apex, radius, colour, bone, glow, sectors, radius_end=0.0)


def lathe(profile_yr: Sequence[tuple[float, float]], centre: Point, colour: RGB, bone: int = 0,
          glow: float = 0.0, sectors: int = 10) -> Mesh:  # fmt: skip
    """An outline of (height, radius) pairs, from the bottom up, revolved about the vertical."""
    height, radius = zip(*profile_yr, strict=True)
    frame = _frame(np.array([0.0, 1.0, 0.0]))
    return _revolve(height, radius, frame, centre, colour, bone, glow, sectors)


def tube(
    path_P3: ArrayLike,
    radii_P: ArrayLike,
    colour: RGB,
    bone: int | Sequence[int] = 0,
    glow: float = 0.0,
    sectors: int = 8,
    widths_P: ArrayLike | None = None,
) -> Mesh:
    """A skin along a path: bodies, necks, tails, sleeves; its ends are closed flat.

    `radii_P` is across the path (and up), `widths_P` along z if it differs. One bone a point of
    the path bends the skin where the bone changes. 2 * sectors * (P + 1) triangles.
    """
    path, radius = np.asarray(path_P3, float), np.asarray(radii_P, float)
    width = radius if widths_P is None else np.asarray(widths_P, float)
    radius, width = np.broadcast_to(radius, len(path)), np.broadcast_to(width, len(path))
    bones = np.broadcast_to(np.asarray(bone, np.int32), (len(path),))
    way = np.gradient(path, axis=0)
    angle = np.arange(sectors) * (2.0 * math.pi / sectors) + math.pi / sectors
    c, s = np.cos(angle)[:, None], np.sin(angle)[:, None]
    rings, normals = [], []
    for i, point in enumerate(path):
        _, side, other = _frame(way[i])  # `side` is z for every path in the x-y plane
        rings.append(point + c * width[i] * side + s * radius[i] * other)
        normals.append(c * side / max(width[i], 1e-6) + s * other / max(radius[i], 1e-6))
    normals = [n / np.linalg.norm(n, axis=1, keepdims=True) for n in normals]
    ends = [np.tile(path[k], (sectors, 1)) for k in (0, -1)]
    caps = [np.tile(sign * way[k], (sectors, 1)) for sign, k in ((-1.0, 0), (1.0, -1))]
    soft = [normals[0] + caps[0] / np.linalg.norm(caps[0][0]),
            normals[-1] + caps[1] / np.linalg.norm(caps[1][0])]  # fmt: skip
    normal = np.stack([caps[0], soft[0], *normals[1:-1], soft[1], caps[1]])
    bones = np.array([bones[0], *bones, bones[-1]])
    return _rings(np.stack([ends[0], *rings, ends[1]]), normal, colour, bones, glow)
