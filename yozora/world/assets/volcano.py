"""A volcano: a mountain of scree with a broken rim; it smokes, or throws fire and lets lava run."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from yozora.world import mesh as m
from yozora.world.assets.asset import Asset, Look, Pose, mix, phase_of
from yozora.world.assets.rig import smooth, wave

# The outline from the foot to the rim, (height, radius) in metres: steep above, a broad foot.
_OUTLINE = ((0.0, 1.46), (0.05, 1.26), (0.15, 1.04), (0.29, 0.83), (0.46, 0.65), (0.65, 0.49),
            (0.85, 0.365), (1.0, 0.29))  # fmt: skip
_CONE, _BASE, _RIM = _OUTLINE[-1][0], _OUTLINE[0][1], _OUTLINE[-1][1]
_HEIGHT = 2.0  # with its smoke
_STREAMS, _PUFFS, _SPARKS = 5, 8, 10  # sparks fly three by three
_WAY = (_CONE + 0.01, 0.72, 0.40, 0.10)  # heights where a stream's parts begin and end
_PARTS = len(_WAY) - 1
_STREAM, _PUFF = 1, 1 + _STREAMS * _PARTS  # first bones
_SPARK = _PUFF + _PUFFS
_JET = _SPARK + _SPARKS
_BONES = _JET + 1
_HOT: m.RGB = (1.0, 0.34, 0.04)
_HOTTEST: m.RGB = (1.0, 0.82, 0.26)
_BANK: m.RGB = (0.52, 0.06, 0.01)
_PUFF_S, _SPARK_S, _RUN_S = 3.2, 1.15, 2.2
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the seed decides about a volcano."""

    ridges: int
    phases: tuple[float, float, float]  # of the ridges, of finer ones, of the rim
    spur: float  # where the foot reaches farthest out, radians
    around: tuple[float, ...]  # where the streams run: in gullies
    throw: tuple[tuple[float, float, float], ...]  # of sparks: direction, reach, height
    drift: tuple[tuple[float, float], ...]  # of each puff, metres in x and z


@lru_cache(maxsize=256)
def _plan(seed: int) -> _Plan:
    chance = random.Random(f"volcano:{seed}")
    ridges = chance.choice((6, 7, 8))
    first, fine, rim = (chance.uniform(0.0, math.tau) for _ in range(3))
    skip = chance.randrange(ridges)
    gullies = [(1.5 * math.pi - first + math.tau * k) / ridges for k in range(ridges)]
    around = tuple(gullies[(skip + round(k * ridges / _STREAMS)) % ridges] for k in range(_STREAMS))
    throw = tuple((2.4 * k + chance.uniform(-0.4, 0.4), chance.uniform(0.14, 0.66),
                   chance.uniform(0.42, 0.80)) for k in range(_SPARKS))  # fmt: skip
    drift = tuple((0.20 + chance.uniform(-0.08, 0.08), chance.uniform(-0.10, 0.10))
                  for _ in range(_PUFFS))  # fmt: skip
    return _Plan(ridges, (first, fine, rim), chance.uniform(0.0, math.tau), around, throw, drift)


def _ridge(plan: _Plan, turn: float) -> float:
    """How far ridges (1) and gullies (-1) stand out at this angle."""
    first, fine, _ = plan.phases
    rough = 0.28 * math.sin((2 * plan.ridges + 1) * turn + fine)
    return 0.72 * math.sin(plan.ridges * turn + first) + rough


def _radius(plan: _Plan, turn: float, height: float) -> float:
    """Metres from the axis to the flank at this angle and height."""
    height = min(height, _CONE)
    below, above = next((a, b) for a, b in pairwise(_OUTLINE) if height <= b[0])
    share = (height - below[0]) / (above[0] - below[0])
    low = 1.0 - height / _CONE
    spur = 0.12 * math.exp(3.0 * math.cos(turn - plan.spur) - 3.0) * low
    shape = 1.0 + spur + (0.04 + 0.075 * low) * _ridge(plan, turn)
    return (below[1] + (above[1] - below[1]) * share) * shape


def _on_flank(plan: _Plan, turn: float, height: float, above: float = 0.0) -> Floats:
    """A point of the flank (3,), or so many metres off it."""
    out = _radius(plan, turn, height) + above
    return np.array([out * math.cos(turn), height + 0.6 * above, -out * math.sin(turn)])


def _mountain(look: Look) -> m.Mesh:
    """Ridges that run down to the foot, dark cinders above, a broken rim, and the crater."""
    plan, chance = _plan(look.seed), look.draw("volcano scree")
    colour = np.array(look.rgb) + (0.06 if look.colour == "black" else 0.0)
    sectors = 32
    turn = np.arange(sectors) * math.tau / sectors
    ridge = np.array([_ridge(plan, t) for t in turn])
    notched = np.sin(2.0 * turn + plan.phases[2]) + 0.6 * np.sin(5.0 * turn + plan.phases[1])
    inside = ((_CONE - 0.05, 0.70), (_CONE - 0.14, 0.55), (_CONE - 0.16, 0.0))
    rings, paint, glow = [], [], []
    for i, (y, radius) in enumerate((*_OUTLINE, *((y, _RIM * share) for y, share in inside))):
        flank = i < len(_OUTLINE)
        r = np.array([_radius(plan, t, y) for t in turn]) if flank else np.full(sectors, radius)
        if 0 < i < len(_OUTLINE) - 1:  # rough rock
            r = r * (1.0 + np.array([chance.uniform(-0.035, 0.035) for _ in range(sectors)]))
        rim = 0.032 * notched * (i in (len(_OUTLINE) - 2, len(_OUTLINE) - 1)) * (0.4 if i == len(
            _OUTLINE) - 2 else 1.0)  # fmt: skip
        rings.append(np.stack([r * np.cos(turn), y + rim, -r * np.sin(turn)], 1))
        cinders = 1.10 - 0.50 * smooth((y / _CONE - 0.30) / 0.70)  # burnt towards the rim
        streak = np.array([chance.uniform(-0.07, 0.07) for _ in range(sectors)])
        light = np.clip(cinders * (0.95 + 0.32 * ridge + streak), 0.57, 1.20)
        hot = i >= len(_OUTLINE) + 1
        heat = _HOT if i == len(_OUTLINE) + 1 else _HOTTEST
        paint.append(np.tile(heat, (sectors, 1)) if hot
                     else np.clip(colour * light[:, None], 0.0, 1.0))  # fmt: skip
        glow.append(np.full(sectors, 1.0 if hot else 0.0))
    index = np.arange(len(rings) * sectors).reshape(-1, sectors)
    a, after = index, np.roll(index, -1, axis=1)
    faces = np.concatenate([
        np.stack([a[:-1], after[:-1], after[1:]], -1).reshape(-1, 3),
        np.stack([a[:-2], after[1:-1], a[1:-1]], -1).reshape(-1, 3),  # within is but a point
    ])  # fmt: skip
    position, tint = np.concatenate(rings), np.concatenate(paint)
    mesh = m.flat(position[faces], look.rgb)  # in facets, as rock breaks
    tone = np.array([chance.uniform(0.90, 1.08) for _ in faces]).repeat(3)[:, None]
    mesh.colour_V3[:] = np.clip(tint[faces.ravel()] * tone, 0.0, 1.0)
    mesh.glow_V[:] = np.concatenate(glow)[faces.ravel()]
    return mesh


def _rivulet(plan: _Plan, turn: float, part: int, wide: float, hot: m.RGB, bone: int) -> m.Mesh:
    """A part of a stream, from its own beginning: a bright core between dark banks."""
    steps, start = 3, _on_flank(plan, turn, _WAY[part])
    high, low = _WAY[part], _WAY[part + 1]
    banks = ((-1.0, 0.0), (-0.5, 0.03), (0.5, 0.03), (1.0, 0.0))
    rows = []
    for i in range(steps + 1):
        done = (part + i / steps) / _PARTS
        y = high + (low - high) * i / steps
        winding = turn + 0.06 * math.sin(7.0 * done + 40.0 * turn) * done
        half = wide * (0.62 + 0.5 * done) * (0.5 if done >= 1.0 else 1.0)
        out = _radius(plan, winding, y)
        rows.append([_on_flank(plan, winding + side * half / out, y, 0.022 + up) - start
                     for side, up in banks])  # fmt: skip
    position = np.array(rows).reshape(-1, 3)
    index = np.arange(len(position)).reshape(steps + 1, len(banks))
    a, b, c, d = (q.ravel() for q in (index[:-1, :-1], index[1:, :-1], index[1:, 1:],
                                      index[:-1, 1:]))  # fmt: skip
    faces = np.concatenate([np.stack([a, b, c], -1), np.stack([a, c, d], -1)])
    normal = np.tile((math.cos(turn), 0.8, -math.sin(turn)), (len(position), 1))
    mesh = m.from_arrays(position, normal, faces, _BANK, bone, 1.0)
    for i in range(steps + 1):  # it cools on its way
        mesh.colour_V3[index[i, 1:-1]] = mix(_HOTTEST, hot, (part + i / steps) / _PARTS)
    return mesh


def build(look: Look) -> m.Mesh:
    chance, plan = look.draw("volcano smoke"), _plan(look.seed)
    hot = _HOT if look.colour not in ("orange", "red") else (1.0, 0.60, 0.08)
    parts = [_mountain(look)]
    for k, turn in enumerate(plan.around):
        wide = chance.uniform(0.044, 0.058)
        parts += [_rivulet(plan, turn, i, wide, hot, _STREAM + k * _PARTS + i)
                  for i in range(_PARTS)]  # fmt: skip
    smoke = chance.uniform(0.56, 0.68)
    for k in range(_PUFFS):
        puff = m.ellipsoid((0.27, 0.23, 0.27), (0, 0, 0), (1, 1, 1), _PUFF + k, rings=4, sectors=7)
        tone = smoke * (1.0 + 0.05 * (k % 3 - 1)) * (0.92 + 0.16 * puff.normal_V3[:, 1:2])
        puff.colour_V3[:] = np.clip(tone * (1.0, 0.985, 0.98), 0.0, 1.0)
        parts.append(puff)
    ember = m.ellipsoid((1.0, 1.25, 1.0), (0, 0, 0), _HOTTEST, 0, 1.0, rings=2, sectors=4)
    for k in range(_SPARKS):
        for n, size in enumerate((0.060, 0.050, 0.040)):
            at = [chance.uniform(-0.16, 0.16) * (n > 0) for _ in range(3)]
            spark = m.recolour(ember, hot) if n == 1 else ember
            place = spark.position_V3 * np.float32(size) + np.array(at, np.float32)
            bone = np.full(len(place), _SPARK + k, np.int32)
            parts.append(replace(spark, position_V3=place, bone_V=bone))
    jet = m.lathe([(-0.1, 0.15), (0.1, 0.135), (0.3, 0.075), (0.52, 0.0)], (0, 0, 0), hot, _JET,
                  1.0, sectors=7)  # fmt: skip
    share = np.clip(1.1 - jet.position_V3[:, 1:2] / 0.4, 0.0, 1.0)
    jet.colour_V3[:] = np.array(hot) * (1.0 - share) + np.array(_HOTTEST) * share
    return m.merge(*parts, jet)


def pose(action: str, t_s: float, look: Look) -> Pose:
    plan, start = _plan(look.seed), phase_of(look.seed)
    erupting = action == "erupt"
    bones = np.tile(np.eye(4), (_BONES, 1, 1))
    run = (t_s + 0.5) / _RUN_S * _PARTS if erupting else 0.0  # parts that have come out
    for k, turn in enumerate(plan.around):
        for i, at in enumerate(_sources(look.seed)[k]):
            grown = min(max(run * (1.0 + 0.12 * (k % 3)) - i, 0.0), 1.0)
            size = max(grown, 0.30 if i == 0 else 0.02)  # always a little: the rim glows
            inward = 0.0 if grown > 0.02 or i == 0 else 0.12
            place = (at[0] - inward * math.cos(turn), at[1], at[2] + inward * math.sin(turn))
            _put(bones[_STREAM + k * _PARTS + i], place, size)
    base, climb = (_CONE + 0.32, 0.80) if erupting else (_CONE - 0.10, 0.92)
    for k, (x, z) in enumerate(plan.drift):
        u = (t_s / _PUFF_S + start + k / _PUFFS) % 1.0
        up = min(u / 0.9, 1.0) if u < 0.9 else (1.0 - u) / 0.1  # it comes back unseen, tiny
        size = (0.42 + 0.95 * up) * smooth((1.0 - up) / 0.16) * smooth(up / 0.05 + 0.3)
        size = 0.02 if u >= 0.9 else max(0.02, size)
        _put(bones[_PUFF + k], (x * up * (0.4 + 1.2 * up), base + climb * up, z * up), size)
    for k, (turn, reach, high) in enumerate(plan.throw):
        u = (t_s / _SPARK_S + start + 0.618 * k) % 1.0
        if not erupting:
            _put(bones[_SPARK + k], (0.0, _CONE - 0.2, 0.0), 0.02)
            continue
        air = min(u / 0.85, 1.0) if u < 0.85 else (1.0 - u) / 0.15
        flying = u < 0.85
        x, z = reach * air * math.cos(turn), reach * air * math.sin(turn)
        # Up from the crater and down on the flank, which falls away as far as it is out.
        arc = 4.0 * high * air * (1.0 - air) if flying else -0.1
        y = _CONE - 0.1 - 0.75 * reach * air + arc
        size = max(0.02, min(1.0, 6.0 * air) * (1.2 - 0.5 * air)) if flying else 0.02
        _put(bones[_SPARK + k], (x, y, z), size * smooth(t_s / 0.2 + 0.2))
    fire = 1.0 + 0.13 * wave(t_s / 0.31 + start) + 0.08 * wave(t_s / 0.19)
    _put(bones[_JET], (0.0, _CONE - 0.05 if erupting else _CONE - 0.2, 0.0),
         fire if erupting else 0.02)  # fmt: skip
    return Pose(bones.astype(np.float32))


@lru_cache(maxsize=256)
def _sources(seed: int) -> tuple[tuple[tuple[float, float, float], ...], ...]:
    """Where each part of each stream begins."""
    plan = _plan(seed)
    points = [[_on_flank(plan, turn, y) for y in _WAY[:-1]] for turn in plan.around]
    return tuple(tuple((float(x), float(y), float(z)) for x, y, z in row) for row in points)


def _put(bone_44: Floats, place: tuple[float, float, float], size: float) -> None:
    """A bone of this size at a place."""
    bone_44[[0, 1, 2], [0, 1, 2]] = size
    bone_44[:3, 3] = place


ASSET = Asset(
    kind="volcano",
    plural="volcanoes",
    synonyms=("volcano model", "lava mountain", "fire mountain", "crater", "mount etna", "etna",
              "vesuvius", "mount vesuvius", "mount fuji", "stratovolcano", "geyser"),
    actions={"smoke": ("smokes", "smoking"), "erupt": ("erupts", "erupting")},
    action_synonyms={
        "smoke": ("stands", "sleeps", "rests", "rumbles", "steams", "fumes", "puffs", "waits",
                  "stays", "looms", "smoulders"),
        "erupt": ("explodes", "blows", "bursts", "spews", "spits", "goes off", "awakes", "glows",
                  "spews lava", "blows up", "spits fire", "burns", "flows", "pours", "overflows"),
    },
    natural_colours=("grey", "brown", "black", "red", "purple"),
    wears=None,
    height_m=_HEIGHT,
    length_m=2.0 * _BASE,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s={"smoke": 0.0, "erupt": 0.0},
    near="box",
    homes=("desert", "mountains", "beach", "classroom", "space"),
    vast=3.0,
)  # fmt: skip
