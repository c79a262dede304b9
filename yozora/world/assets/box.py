"""A box, as a crate with thick edges or a gift with a bow; it stands, spins or hops."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from yozora.world import mesh as m
from yozora.world.assets.asset import Asset, Look, Pose, contrast, mix, phase_of, shade
from yozora.world.assets.rig import Rig, leap, pose_of

_SIDE = 1.0
_RIG = Rig((-1,), ((0.0, 0.0, 0.0),))
_YAW = 32.0  # so that an edge points ahead and two sides show
_SPIN_S = 2.4  # seconds a turn
_JUMP_S = 1.1


def build(look: Look) -> m.Mesh:
    chance = look.draw("box")
    tall = chance.uniform(0.94, 1.04)
    return _gift(look, tall) if chance.random() < 0.5 else _crate(look, tall)


def _sides(size: m.Point, centre: m.Point, colour: m.RGB) -> m.Mesh:
    """A box whose four sides differ in brightness and whose top is bright: three faces show."""
    solid = m.box(size, centre, colour)
    normal = solid.normal_V3
    share = np.where(normal[:, 1] > 0.5, 1.15, 1.0 - 0.32 * np.abs(normal[:, 0]))
    paint = np.clip(solid.colour_V3 * share[:, None], 0.0, 1.0).astype(np.float32)
    return replace(solid, colour_V3=paint)


def _gift(look: Look, tall: float) -> m.Mesh:
    """A box with a lid, a ribbon around it both ways and a bow on top."""
    chance, colour = look.draw("gift"), look.rgb
    lid, wide = 0.22, 0.15
    ribbons = [c for c in ((0.96, 0.94, 0.90), (0.93, 0.70, 0.12), (0.82, 0.10, 0.14),
                           (0.14, 0.30, 0.80)) if math.dist(c, colour) > 0.55]  # fmt: skip
    ribbon = ribbons[0] if chance.random() < 0.5 else chance.choice(ribbons)
    low = tall - lid
    parts = [
        _sides((0.90, low, 0.90), (0, 0.5 * low, 0), colour),
        _sides((_SIDE, lid, _SIDE), (0, low + 0.5 * lid, 0), colour),
        m.box((0.91, 0.04, 0.91), (0, low - 0.015, 0), shade(colour, 0.55)),  # the lid's shadow
        _sides((0.925, low, wide), (0, 0.5 * low, 0), ribbon),
        _sides((wide, low, 0.925), (0, 0.5 * low, 0), ribbon),
        _sides((_SIDE + 0.025, lid + 0.012, wide), (0, low + 0.5 * lid, 0), ribbon),
        _sides((wide, lid + 0.012, _SIDE + 0.025), (0, low + 0.5 * lid, 0), ribbon),
        m.ellipsoid((0.085, 0.085, 0.085), (0, tall + 0.05, 0), shade(ribbon, 0.85), rings=5),
    ]
    for k in range(4):  # two loops and two ends
        loop = m.ellipsoid((0.19, 0.085, 0.10), (0.19, 0, 0), ribbon, rings=6, sectors=8)
        up = m.matrix((0, tall + 0.05, 0), pitch_deg=34.0, yaw_deg=45.0 + 90.0 * k)
        parts.append(m.transform(loop, up))
    return m.merge(*parts)


def _crate(look: Look, tall: float) -> m.Mesh:
    """A crate: a thick frame along all twelve edges and a beam across each side."""
    chance, colour = look.draw("crate"), look.rgb
    bright = contrast(colour) == (0.05, 0.04, 0.04)
    trim = shade(colour, 0.52) if bright else mix(colour, (0.92, 0.9, 0.85), 0.5)
    wide, edge = 0.5 * _SIDE, 0.13
    parts = [_sides((0.92, tall - 0.08, 0.92), (0, 0.5 * tall, 0), colour)]
    for a in (-1, 1):
        for b in (-1, 1):
            x, y, z = wide - edge / 2, 0.5 * tall - edge / 2, wide - edge / 2
            parts += [
                _sides((_SIDE, edge, edge), (0, 0.5 * tall + a * y, b * z), trim),
                _sides((edge, tall, edge), (a * x, 0.5 * tall, b * z), trim),
                _sides((edge, edge, _SIDE), (a * x, 0.5 * tall + b * y, 0), trim),
            ]
    both = chance.random() < 0.5
    for degrees in (0.0, 90.0, 180.0, 270.0):
        for lean in (43.0, -43.0) if both else (43.0,):
            plank = m.box((1.10, 0.11, 0.04), (0, 0, 0), trim if degrees != 90.0 else
                          shade(trim, 0.7))  # fmt: skip
            flat = m.transform(plank, m.matrix((0, 0.5 * tall, 0.462), pitch_deg=lean))
            parts.append(m.turned(flat, degrees))
    return m.merge(*parts)


def pose(action: str, t_s: float, look: Look) -> Pose:
    start = phase_of(look.seed)
    if action == "spin":
        return pose_of(_RIG, {0: (360.0 * (t_s / _SPIN_S + start), 0.0, 0.0)})
    if action == "jump":
        _, height, stretch = leap(t_s / _JUMP_S + start)
        return pose_of(_RIG, {0: (_YAW, 12.0 * stretch, 0.0)}, (0, 0.5 * height, 0))
    return pose_of(_RIG, {0: (_YAW, 0.0, 0.0)})


ASSET = Asset(
    kind="box",
    plural="boxes",
    synonyms=("cube", "crate", "block", "carton", "parcel", "package", "chest", "case", "bin",
              "container", "present", "gift", "brick", "dice", "die", "suitcase", "trunk"),
    actions={
        "stand": ("stands", "standing"),
        "spin": ("spins", "spinning"),
        "jump": ("jumps", "jumping"),
    },
    action_synonyms={
        "stand": ("rests", "sits", "lies", "waits", "stays", "stand still"),
        "spin": ("turns", "rotates", "revolves", "twirls", "whirls", "pivots", "swivels"),
        "jump": ("hops", "leaps", "bounces", "bounds", "skips"),
    },
    natural_colours=("brown", "red", "blue", "yellow", "green"),
    wears=None,
    height_m=1.1 * _SIDE,
    length_m=1.3 * _SIDE,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s={"stand": 0.0, "spin": 0.0, "jump": 0.0},
    homes=("street", "library", "living room", "market", "studio"),
)  # fmt: skip
