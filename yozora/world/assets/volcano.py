"""A volcano: a ridged cone with a glowing crater; it smokes, or throws lava and lets it run."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from yozora.world import mesh as m
from yozora.world.assets.asset import Asset, Look, Pose, phase_of
from yozora.world.assets.rig import smooth

_CONE, _BASE, _RIM = 0.98, 1.22, 0.30  # height; radii at the foot and at the crater, metres
_HEIGHT = 1.85  # with its smoke, and some air: the near foot hangs low in the picture
_STREAMS, _PUFFS, _BLOBS = 5, 7, 12
# Where a stream's parts begin and end on the flank: (out, up).
_WAY = ((_RIM - 0.04, _CONE + 0.01), (0.45, 0.765), (0.69, 0.495), (1.06, 0.15))
_PARTS = len(_WAY) - 1
_STREAM, _PUFF = 1, 1 + _STREAMS * _PARTS  # first bones
_BLOB = _PUFF + _PUFFS
_BONES = _BLOB + _BLOBS
_HOT: m.RGB = (1.0, 0.36, 0.04)
_HOTTEST: m.RGB = (1.0, 0.80, 0.18)
_PUFF_S, _BLOB_S, _RUN_S = 2.6, 1.05, 2.2


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the seed decides about a volcano."""

    around: tuple[float, ...]  # where the streams run, radians
    throw: tuple[tuple[float, float, float], ...]  # of each blob: direction, reach, height
    drift: tuple[tuple[float, float], ...]  # of each puff, metres in x and z


@lru_cache(maxsize=256)
def _plan(seed: int) -> _Plan:
    chance = random.Random(f"volcano:{seed}")
    first = chance.uniform(0.0, 1.0)
    around = tuple((first + (k + chance.uniform(-0.18, 0.18)) / _STREAMS) * math.tau
                   for k in range(_STREAMS))  # fmt: skip
    throw = tuple((2.4 * k + chance.uniform(-0.4, 0.4), chance.uniform(0.12, 0.58),
                   chance.uniform(0.40, 0.85)) for k in range(_BLOBS))  # fmt: skip
    drift = tuple((0.14 + chance.uniform(-0.16, 0.16), chance.uniform(-0.12, 0.12))
                  for _ in range(_PUFFS))  # fmt: skip
    return _Plan(around, throw, drift)


def _cone(look: Look) -> m.Mesh:
    """The mountain: rings with ridges that fade towards the crater, and its inside."""
    chance, colour = (
        look.draw("volcano"),
        np.array(look.rgb) + (0.06 if look.colour == "black" else 0.0),
    )
    sectors, ridges = 28, chance.choice((5, 6, 7))
    turn = np.arange(sectors) * math.tau / sectors
    ridge = np.sin(ridges * turn + chance.uniform(0, 6.28))
    ridge += 0.5 * np.sin((2 * ridges + 1) * turn + chance.uniform(0, 6.28))
    outline = [(0.0, _BASE, 0.10), (0.26, 0.93, 0.075), (0.52, 0.655, 0.05), (0.76, 0.45, 0.03),
               (_CONE, _RIM, 0.012), (_CONE - 0.02, _RIM - 0.09, 0.0),
               (_CONE - 0.13, _RIM - 0.13, 0.0), (_CONE - 0.15, 0.0, 0.0)]  # fmt: skip
    rings, paint, glow = [], [], []
    for i, (y, radius, rough) in enumerate(outline):
        r = radius + rough * ridge
        rings.append(np.stack([r * np.cos(turn), np.full(sectors, y), -r * np.sin(turn)], 1))
        light = 0.90 + 0.18 * np.clip(ridge, -1.2, 1.2) - (0.0, 0.0, 0.06, 0.18, 0.28)[min(i, 4)]
        hot = i >= 5
        paint.append(np.tile(_HOT if i < 7 else _HOTTEST, (sectors, 1)) if hot
                     else np.clip(colour * light[:, None], 0.0, 1.0))  # fmt: skip
        glow.append(np.full(sectors, 1.0 if hot else 0.0))
    index = np.arange(len(outline) * sectors).reshape(-1, sectors)
    a, after = index, np.roll(index, -1, axis=1)
    faces = np.concatenate([
        np.stack([a[:-1], after[:-1], after[1:]], -1).reshape(-1, 3),
        np.stack([a[:-1], after[1:], a[1:]], -1).reshape(-1, 3),
    ])  # fmt: skip
    position = np.concatenate(rings)
    corner = position[faces]
    flat = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    normal = np.zeros_like(position)
    for k in range(3):
        np.add.at(normal, faces[:, k], flat)
    mesh = m.from_arrays(position, normal, faces, look.rgb)
    mesh.colour_V3[:] = np.concatenate(paint)
    mesh.glow_V[:] = np.concatenate(glow)
    return mesh


def build(look: Look) -> m.Mesh:
    chance, plan = look.draw("volcano smoke"), _plan(look.seed)
    parts = [_cone(look)]
    hot = _HOT if look.colour not in ("orange", "red") else (1.0, 0.72, 0.10)
    for k, turn in enumerate(plan.around):
        wide = chance.uniform(0.10, 0.14)
        for i in range(_PARTS):
            (x0, y0), (x1, y1) = _WAY[i], _WAY[i + 1]
            path = [(0, 0, 0), (0.5 * (x1 - x0), 0.5 * (y1 - y0), 0), (x1 - x0, y1 - y0, 0)]
            size = wide * (0.9 + 0.15 * i)
            part = m.tube(path, 0.055, hot, _STREAM + k * _PARTS + i, 1.0, 4,
                          [0.85 * size, size, 0.8 * size])  # fmt: skip
            parts.append(m.turned(part, math.degrees(turn)))
    fire = m.cone((0, _CONE - 0.07, 0), _RIM - 0.08, (0, _CONE + 0.02, 0), _HOTTEST, 0, 1.0, 12)
    parts.append(fire)
    smoke = chance.uniform(0.50, 0.66)
    for k in range(_PUFFS):
        tone = smoke * (1.0 + 0.12 * (k % 3 - 1))
        parts.append(m.ellipsoid((0.24, 0.20, 0.24), (0, 0, 0), (tone, tone, tone * 1.03),
                                 _PUFF + k, rings=4, sectors=7))  # fmt: skip
    for k in range(_BLOBS):
        parts.append(m.ellipsoid((0.105, 0.105, 0.105), (0, 0, 0), _HOTTEST if k % 2 else hot,
                                 _BLOB + k, 1.0, rings=3, sectors=5))  # fmt: skip
    return m.merge(*parts)


def pose(action: str, t_s: float, look: Look) -> Pose:
    plan, start = _plan(look.seed), phase_of(look.seed)
    erupting = action == "erupt"
    bones = np.tile(np.eye(4), (_BONES, 1, 1))
    run = t_s / _RUN_S * _PARTS if erupting else 0.0  # parts that have come out
    for k, turn in enumerate(plan.around):
        for i, (x, y) in enumerate(_WAY[:-1]):
            grown = min(max(run * (1.0 + 0.12 * (k % 3)) - i, 0.0), 1.0)
            # The first part always shows a little: the rim glows.
            size = max(grown, 0.35 if i == 0 else 0.02)
            sunk = 0.0 if grown > 0.02 or i == 0 else 0.1
            place = (x * math.cos(turn), y - sunk, -x * math.sin(turn))
            _put(bones[_STREAM + k * _PARTS + i], place, size)
    base = _CONE + (0.62 if erupting else -0.08)  # over the fountain
    for k, (x, z) in enumerate(plan.drift):
        u = (t_s / _PUFF_S + start + k / _PUFFS) % 1.0
        up = min(u / 0.88, 1.0) if u < 0.88 else (1.0 - u) / 0.12  # it comes back unseen, tiny
        size = 0.02 if u >= 0.88 else max(0.02, min(1.0, 3.5 * up) * smooth((1.0 - up) / 0.22))
        size *= 0.1 if erupting and k % 2 else 0.55 + up
        _put(bones[_PUFF + k], (x * up * (1.0 + up), base + 0.62 * up, z * up), size)
    for k, (turn, reach, high) in enumerate(plan.throw):
        u = (t_s / _BLOB_S + start + 0.618 * k) % 1.0
        if not erupting:
            _put(bones[_BLOB + k], (0.0, _CONE - 0.2, 0.0), 0.02)
            continue
        air = min(u / 0.85, 1.0) if u < 0.85 else (1.0 - u) / 0.15
        flying = u < 0.85
        x, z = reach * air * math.cos(turn), reach * air * math.sin(turn)
        # Up from the crater and down on the flank, which falls away as far as it is out.
        y = _CONE - 0.1 + 4.0 * high * air * (1.0 - air) - 0.55 * reach * air if flying else (
            _CONE - 0.1 - 0.55 * reach * air - 0.1)  # fmt: skip
        size = max(0.02, min(1.0, 6.0 * air) * (1.15 - 0.5 * air)) if flying else 0.02
        _put(bones[_BLOB + k], (x, y, z), size * smooth(t_s / 0.2 + 0.2))
    return Pose(bones.astype(np.float32))


def _put(bone_44: NDArray[np.float64], place: tuple[float, float, float], size: float) -> None:
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
)  # fmt: skip
