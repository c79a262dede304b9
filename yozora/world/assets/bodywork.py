"""What vehicles are made of: smooth bodies painted in panels, wheels with five spokes, glass.

A body is half a cross-section at stations along x, mirrored: it needs few triangles, its windows
are panels of the same skin, and arches over the wheels are stations whose sill rises.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from yozora.world import mesh as m
from yozora.world.assets.asset import Pose, phase_of
from yozora.world.assets.rig import Place, Rig, Turn, pose_of, wave

BASE, BODY, FRONT, REAR, LAMPS = range(5)  # bones of what drives on two axles
# Of five spokes, at twelve frames a second: faster ones would seem to turn backwards.
SPIN_LIMIT_DEG_S = 300.0
TYRE: m.RGB = (0.028, 0.028, 0.032)
CHROME: m.RGB = (0.80, 0.81, 0.83)
LIGHT: m.RGB = (1.0, 0.95, 0.72)
TAIL: m.RGB = (0.85, 0.03, 0.03)

Paint = Callable[[float, int], m.RGB]  # (x of a panel's middle, its row from the sill up)
Curve = Sequence[tuple[float, float]]  # (x, value) with x rising


def brightness(colour: m.RGB) -> float:
    """How light a colour looks, 0..1."""
    return 0.3 * colour[0] + 0.6 * colour[1] + 0.1 * colour[2]


def glass_on(colour: m.RGB) -> m.RGB:
    """Windows that stand out from the paint: dark ones, on dark paint pale ones."""
    return (0.05, 0.09, 0.15) if brightness(colour) > 0.09 else (0.42, 0.58, 0.68)


def trim_on(colour: m.RGB) -> m.RGB:
    """Bumpers and grilles: nearly black, on dark paint grey."""
    return (0.045, 0.045, 0.05) if brightness(colour) > 0.06 else (0.24, 0.24, 0.26)


def second_on(colour: m.RGB) -> m.RGB:
    """A colour for stripes and domes: cream, on light paint a deep blue."""
    return (0.93, 0.91, 0.85) if brightness(colour) < 0.55 else (0.10, 0.16, 0.34)


# ---------------------------------------------------------------- skins


def smoothed(mesh: m.Mesh, crease_deg: float = 40.0) -> m.Mesh:
    """The mesh with soft normals wherever faces meet at less than the crease angle."""
    corner_C3 = mesh.position_V3[mesh.triangle_T3].reshape(-1, 3).astype(np.float64)
    p = corner_C3.reshape(-1, 3, 3)
    area_T3 = np.cross(p[:, 1] - p[:, 0], p[:, 2] - p[:, 0])
    unit_T3 = area_T3 / np.maximum(np.linalg.norm(area_T3, axis=1, keepdims=True), 1e-12)
    whole = np.round(corner_C3 * 2000.0).astype(np.int64) + 500_000
    code = (whole[:, 0] * 1_000_003 + whole[:, 1]) * 1_000_003 + whole[:, 2]
    _, spot_C, count = np.unique(code, return_inverse=True, return_counts=True)
    face_C = np.arange(len(corner_C3)) // 3
    order = np.argsort(spot_C, kind="stable")
    rank = np.arange(len(order)) - np.repeat(np.cumsum(count) - count, count)
    table = np.full((len(count), int(count.max(initial=1))), -1)
    table[spot_C[order], rank] = face_C[order]
    near_CK = table[spot_C]
    alike = (unit_T3[near_CK] @ unit_T3[face_C][:, :, None])[..., 0]
    keep = (alike > math.cos(math.radians(crease_deg))) & (near_CK >= 0)
    normal = (area_T3[near_CK] * keep[..., None]).sum(axis=1)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
    pick = mesh.triangle_T3.ravel()
    return m.Mesh(
        mesh.position_V3[pick],
        normal.astype(np.float32),
        mesh.colour_V3[pick],
        mesh.glow_V[pick],
        mesh.bone_V[pick],
        np.arange(len(pick), dtype=np.int32).reshape(-1, 3),
    )


def hull(
    near_RH3: ArrayLike,
    paint: Paint,
    bone: int = BODY,
    front: Sequence[m.RGB] = (),
    back: Sequence[m.RGB] = (),
    crease_deg: float = 40.0,
) -> m.Mesh:
    """A body from R stations, rear to front, of H points each, sill to roof on the near side.

    Row h is the panel above point h; row H - 1 is the roof between the two last points. `front`
    and `back` are the colours of the closed ends, H - 1 rows from the sill up; empty leaves them
    open.
    """
    near = np.asarray(near_RH3, np.float64)
    across = np.array([1.0, 1.0, -1.0])
    stations, points = near.shape[:2]
    ring = np.concatenate([near, near[:, ::-1] * across], axis=1)
    a, b, c, d = ring[:-1, :-1], ring[1:, :-1], ring[1:, 1:], ring[:-1, 1:]
    middle = near[:, :, 0].mean(axis=1)
    straight = _straight(ring)
    quads, colours = [np.zeros((0, 4, 3))], []
    for j in range(2 * points - 1):
        row, start, panels = min(j, 2 * points - 2 - j), 0, []
        skin = [paint(0.5 * (middle[i] + middle[i + 1]), row) for i in range(stations - 1)]
        for i in range(1, stations):
            level = i < stations - 1 and straight[i, j] and straight[i, j + 1]
            if not level or skin[i] != skin[start]:  # else one panel goes on
                panels.append((start, i))
                colours.append(skin[start])
                start = i
        first, last = np.array(panels).T
        quads.append(np.stack([a[first, j], b[last - 1, j], c[last - 1, j], d[first, j]], axis=1))
    for end, told, flip in ((near[-1], front, 1), (near[0], back, -1)):
        if told:
            low, high = end[:-1], end[1:]
            sides = [low, low * across, high * across, high][::flip]
            quads.append(np.stack(sides, axis=1))
            colours += list(told)
    corner = np.concatenate(quads)
    triangle = corner[:, [[0, 1, 2], [0, 2, 3]]].reshape(-1, 3, 3)
    colour = np.repeat(np.asarray(colours, np.float32), 2, axis=0)
    area = np.linalg.norm(
        np.cross(triangle[:, 1] - triangle[:, 0], triangle[:, 2] - triangle[:, 0]), axis=1
    )
    keep = area > 1e-6
    plain = m.flat(triangle[keep], (0, 0, 0), bone)
    return smoothed(replace(plain, colour_V3=np.repeat(colour[keep], 3, axis=0)), crease_deg)


def _straight(ring_RS3: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which points lie on the line from the station before to the station after, (R, S)."""
    way = np.diff(ring_RS3, axis=0)
    way /= np.maximum(np.linalg.norm(way, axis=2, keepdims=True), 1e-9)
    out = np.zeros(ring_RS3.shape[:2], bool)
    out[1:-1] = (way[1:] * way[:-1]).sum(axis=2) > 0.99999
    return out


def arched(sill: float, axles: Sequence[tuple[float, float, float]]) -> list[tuple[float, float]]:
    """(x, sill) of a lower edge that rises over wheels given as (x, centre height, radius)."""
    out: list[tuple[float, float]] = []
    for x, y, radius in sorted(axles):
        foot = math.asin(max(-0.9, min(0.9, (sill - y) / radius)))
        out.append((x - radius * math.cos(foot) - 0.02, sill))
        angles = np.linspace(math.pi - foot, foot, 8)
        out += [(x + radius * math.cos(t), y + radius * math.sin(t)) for t in angles]
        out.append((x + radius * math.cos(foot) + 0.02, sill))
    return out


def _on(curve: Curve, x_N: NDArray[np.float64]) -> NDArray[np.float64]:
    """The curve's values at x, straight between its points and level beyond them."""
    return np.interp(x_N, [p[0] for p in curve], [p[1] for p in curve])


def stations(
    xs: Sequence[float], rows: Sequence[tuple[Curve, Curve]], lean: Curve = ((0.0, 0.0),)
) -> NDArray[np.float64]:
    """(R, H, 3) for `hull`: each row is its height and its half width as curves over x.

    `lean` is how far a point of some height lies ahead, for ends that are not upright.
    """
    at = np.asarray(sorted(set(xs)), float)
    points = []
    for height, width in rows:
        y = _on(height, at)
        points.append(np.stack([at + _on(lean, y), y, _on(width, at)], axis=1))
    return np.stack(points, axis=1)


def revolved(
    profile_ar: Sequence[tuple[float, float]],
    centre: m.Point,
    colour: m.RGB,
    bone: int,
    sectors: int = 14,
    glow: float = 0.0,
    crease_deg: float = 50.0,
    axis: str = "z",
) -> m.Mesh:
    """(distance along the axis, radius) pairs turned about the z, x or y axis; the solid lies to
    the left of the way along the pairs, so a rod runs from its back, outside, to its front."""
    profile = np.asarray(profile_ar, float)
    way = np.diff(profile, axis=0)
    way /= np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-9)
    normal_P2 = np.stack([-way[:, 1], way[:, 0]], axis=1)  # (along, outward) of each segment
    bend = np.ones((len(way) + 1, 1))
    bend[1:-1, 0] = (way[1:] * way[:-1]).sum(axis=1)
    before = np.concatenate([normal_P2[:1], normal_P2])
    after = np.concatenate([normal_P2, normal_P2[-1:]])
    soft = np.where(bend > math.cos(math.radians(crease_deg)), before + after, 0.0)
    first = np.where(soft[:-1].any(axis=1, keepdims=True), soft[:-1], normal_P2)
    last = np.where(soft[1:].any(axis=1, keepdims=True), soft[1:], normal_P2)
    point = np.stack([profile[:-1], profile[1:]], axis=1).reshape(-1, 2)
    slope = np.stack([first, last], axis=1).reshape(-1, 2)
    angle = np.arange(sectors) * (2.0 * math.pi / sectors) + math.pi / sectors
    c, s = np.cos(angle), np.sin(angle)

    def turned(pairs_N2: NDArray[np.float64]) -> NDArray[np.float64]:
        u, r = pairs_N2[:, :1] + 0.0 * c, pairs_N2[:, 1:]
        order = {"z": (r * c, r * s, u), "x": (u, r * c, r * s), "y": (r * s, u, r * c)}
        return np.stack(order[axis], axis=-1).reshape(-1, 3)

    ring = np.arange(sectors)
    after_S = np.roll(ring, -1)
    low = 2 * sectors * np.arange(len(way))[:, None]
    quad = np.stack(
        [low + ring, low + after_S, low + sectors + after_S, low + sectors + ring], axis=-1
    ).reshape(-1, 4)
    upper = np.repeat(profile[1:, 1] > 1e-6, sectors)
    lower = np.repeat(profile[:-1, 1] > 1e-6, sectors)
    triangle = np.concatenate([quad[lower][:, [0, 1, 2]], quad[upper][:, [0, 2, 3]]])
    at = turned(point) + np.asarray(centre, float)
    return m.from_arrays(at, turned(slope), triangle, colour, bone, glow)


# ---------------------------------------------------------------- wheels


def wheel(
    centre: m.Point,
    radius: float,
    bone: int,
    width: float = 0.22,
    metal: m.RGB = CHROME,
    spokes: int = 5,
    sectors: int = 12,
) -> m.Mesh:
    """A wheel whose outer face lies at `centre`; it looks to the side of z that it is on.

    Five spokes between a bright rim and a hub; `roll_along` turns them no faster than the eye
    can follow.
    """
    whole = _wheel(radius, bone, width, metal, spokes, sectors)
    return m.moved(whole if centre[2] > 0 else m.mirrored(whole), *centre)


@lru_cache(maxsize=64)
def _wheel(radius: float, bone: int, width: float, metal: m.RGB, spokes: int,
           sectors: int) -> m.Mesh:  # fmt: skip
    """A wheel at the origin that looks to +z."""
    rim, origin = 0.70 * radius, (0.0, 0.0, 0.0)
    parts = [
        revolved([(-width, radius), (-0.1 * width, radius), (0.02, 0.86 * radius), (0.02, rim)],
                 origin, TYRE, bone, sectors),
        revolved([(0.02, rim), (0.0, 0.85 * rim)], origin, metal, bone, sectors),
        revolved([(0.0, 0.86 * rim), (0.0, 0.0)], origin, (0.10, 0.10, 0.11), bone, sectors),
        revolved([(0.045, 0.24 * rim), (0.045, 0.0)], origin, metal, bone, 6),
    ]  # fmt: skip
    broad, slim = 0.16 * rim, 0.11 * rim
    for k in range(spokes):
        t = 2.0 * math.pi * k / spokes
        c, s = math.cos(t), math.sin(t)
        blade = ((0.1 * rim, -broad), (0.9 * rim, -slim), (0.9 * rim, slim), (0.1 * rim, broad))
        corners = [(c * u - s * v, s * u + c * v, 0.022) for u, v in blade]
        parts.append(m.quad(corners[0], corners[1], corners[2], corners[3], metal, bone))
    return m.merge(*parts)


def axle_rig(front: float, rear: float, radius: float, pivot: float, lamp: Place) -> Rig:
    """The skeleton of what drives on two axles at these x."""
    return Rig(
        (-1, BASE, BASE, BASE, BODY),
        ((0, 0, 0), (0, pivot, 0), (front, radius, 0), (rear, radius, 0), lamp),
    )


def roll_along(
    rig: Rig,
    action: str,
    t_s: float,
    seed: int,
    spin_deg_s: float,
    sway: float = 1.0,
    more: Mapping[int, Turn] | None = None,
) -> Pose:
    """Poses of "stand", "drive", "turn" (a winding way) and "spin" (on the spot).

    `spin_deg_s` is how fast the wheels turn in "drive", within what can be followed; `sway` scales
    bobbing and leaning.
    """
    start = phase_of(seed)
    wheels = [b for b, parent in enumerate(rig.parent_B) if parent == BASE and b != BODY]
    if action == "stand":
        still: dict[int, Turn] = dict.fromkeys(wheels, (0.0, 40.0 * start, 0.0))
        return pose_of(rig, {**still, **(more or {})}, scales={LAMPS: 0.05})
    if action == "spin":
        still = dict.fromkeys(wheels, (0.0, 40.0 * start, 0.0))
        still[BASE] = (80.0 * t_s + 360.0 * start, 0.0, 0.0)
        return pose_of(rig, {**still, **(more or {})})
    u = t_s / 0.62 + start
    spin = -min(spin_deg_s, SPIN_LIMIT_DEG_S) * t_s - 360.0 * start
    turns: dict[int, Turn] = dict.fromkeys(wheels, (0.0, spin, 0.0))
    lean = 1.3 * wave(0.5 * u)
    if action == "turn":
        v = t_s / 3.0 + start
        turns[BASE] = (42.0 * wave(v), 0.0, 0.0)
        turns[FRONT] = (28.0 * wave(v + 0.25), spin, 0.0)
        lean += 5.0 * wave(v + 0.25)
    turns[BODY] = (0.0, sway * (1.0 + 1.5 * wave(u)), sway * lean)
    shaken = pose_of(rig, {**turns, **(more or {})})
    body = [b for b, parent in enumerate(rig.parent_B) if b == BODY or parent == BODY]
    shaken.bones_B44[body, 1, 3] += sway * (0.03 + 0.03 * wave(u + 0.3))
    return shaken
