"""A box: a plain cube with trimmed edges, which stands, spins or hops."""

from __future__ import annotations

from yozora.world import mesh as m
from yozora.world.assets.asset import Asset, Look, Pose, contrast, mix, phase_of
from yozora.world.assets.rig import Rig, leap, pose_of

_SIDE = 1.0
_RIG = Rig((-1,), ((0.0, 0.0, 0.0),))
_SPIN_S = 2.4  # seconds a turn
_JUMP_S = 1.1


def build(look: Look) -> m.Mesh:
    chance = look.draw("box")
    colour = look.rgb
    trim = mix(colour, contrast(colour), 0.55)
    tall = chance.uniform(0.92, 1.08)
    wide = 0.5 * _SIDE
    parts = [m.box((0.96 * _SIDE, 0.96 * tall, 0.96 * _SIDE), (0, 0.5 * tall, 0), colour)]
    edge = 0.1
    for a in (-1, 1):
        for b in (-1, 1):
            x, y, z = wide - edge / 2, 0.5 * tall - edge / 2, wide - edge / 2
            parts += [
                m.box((_SIDE, edge, edge), (0, 0.5 * tall + a * y, b * z), trim),
                m.box((edge, tall, edge), (a * x, 0.5 * tall, b * z), trim),
                m.box((edge, edge, _SIDE), (a * x, 0.5 * tall + b * y, 0), trim),
            ]
    if chance.random() < 0.5:  # a crate's diagonals
        for side in (-1.0, 1.0):
            plank = m.box((1.12, 0.09, 0.05), (0, 0, 0), trim)
            flat = m.transform(plank, m.matrix((0, 0.5 * tall, side * 0.47), pitch_deg=42 * side))
            parts += [flat, m.turned(flat, 90.0)]
    else:  # a ribbon-like label
        for degrees in (0.0, 90.0, 180.0, 270.0):
            label = m.box((0.3, 0.3, 0.02), (0, 0.5 * tall, 0.48), trim)
            parts.append(m.turned(label, degrees))
    return m.merge(*parts)


def pose(action: str, t_s: float, look: Look) -> Pose:
    start = phase_of(look.seed)
    if action == "spin":
        return pose_of(_RIG, {0: (360.0 * (t_s / _SPIN_S + start), 0.0, 0.0)})
    if action == "jump":
        _, height, stretch = leap(t_s / _JUMP_S + start)
        return pose_of(_RIG, {0: (24.0, 12.0 * stretch, 0.0)}, (0, 0.5 * height, 0))
    return pose_of(_RIG, {0: (24.0, 0.0, 0.0)})


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
    height_m=_SIDE,
    length_m=1.3 * _SIDE,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s={"stand": 0.0, "spin": 0.0, "jump": 0.0},
)  # fmt: skip
