"""A smartphone on end: a slab with round corners, a glowing screen of apps, cameras behind."""

from __future__ import annotations

import math

from yozora.world import mesh as m
from yozora.world.assets.asset import Asset, Look, Pose, contrast, phase_of, shade
from yozora.world.assets.rig import Rig, pose_of, wave

_HEIGHT, _WIDTH, _THICK = 1.0, 0.54, 0.085
_TURNED = 45.0  # so that the screen shows from the side as well as from ahead
_RIG = Rig((-1,), ((0.0, 0.0, 0.0),))
_SPIN_S = 3.2  # seconds a turn
_APPS = (
    (0.95, 0.25, 0.20),
    (0.20, 0.55, 0.98),
    (0.98, 0.80, 0.15),
    (0.25, 0.80, 0.35),
    (0.96, 0.96, 0.96),
    (0.98, 0.50, 0.12),
    (0.65, 0.30, 0.90),
    (0.15, 0.80, 0.85),
)
_LENSES = ((0.052, 0.055, (0.70, 0.72, 0.75)), (0.036, 0.065, (0.02, 0.02, 0.05)))


def _rounded(wide: float, tall: float, radius: float, steps: int = 4) -> list[tuple[float, float]]:
    """The outline of a rectangle with round corners about the origin, counter-clockwise."""
    outline = []
    for k, (x, y) in enumerate(((1, 1), (-1, 1), (-1, -1), (1, -1))):
        for i in range(steps):
            a = 0.5 * math.pi * (k + i / (steps - 1))
            outline.append((x * (wide / 2 - radius) + radius * math.cos(a),
                            y * (tall / 2 - radius) + radius * math.sin(a)))  # fmt: skip
    return outline


def _tile(wide: float, tall: float, x: float, y: float, z: float, colour: m.RGB,
          glow: float, radius: float = 0.03) -> m.Mesh:  # fmt: skip
    """A rounded plate on the front (z > 0) or the back of the phone."""
    return m.slab(_rounded(wide, tall, radius, 3), 0.012, (x, y, z), colour, glow=glow)


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("phone"), look.rgb
    middle, front = 0.5 * _HEIGHT, 0.5 * _THICK
    glass = (0.02, 0.02, 0.03) if look.colour != "black" else (0.30, 0.31, 0.34)
    parts = [
        m.slab(_rounded(_WIDTH, _HEIGHT, 0.11), _THICK, (0, middle, 0), colour, rim=0.97),
        m.slab(_rounded(_WIDTH - 0.045, _HEIGHT - 0.045, 0.09), 0.008, (0, middle, front), glass),
        m.slab(_rounded(_WIDTH - 0.08, _HEIGHT - 0.08, 0.075), 0.008, (0, middle, front + 0.004),
               colour, glow=0.75),
        m.slab(_rounded(0.16, 0.035, 0.0175, 3), 0.008, (0, 0.925, front + 0.008), glass),
    ]  # fmt: skip
    white = contrast(colour, (0.10, 0.10, 0.14), (0.97, 0.97, 0.97))
    face = front + 0.008
    parts.append(_tile(0.40, 0.17, 0.0, 0.785, face, white, 0.9))  # the clock
    parts.append(_tile(0.22, 0.05, -0.055, 0.785, face + 0.004, colour, 0.9, 0.02))
    apps = chance.sample([a for a in _APPS if math.dist(a, colour) > 0.35], 6)
    for k, app in enumerate(apps):
        x, y = -0.14 + 0.14 * (k % 3), 0.595 - 0.165 * (k // 3)
        parts.append(_tile(0.105, 0.105, x, y, face, app, 0.9))
    parts.append(_tile(0.40, 0.14, 0.0, 0.145, face, shade(colour, 0.55), 0.75, 0.05))
    for k in range(3):
        parts.append(_tile(0.09, 0.09, -0.12 + 0.12 * k, 0.145, face + 0.004, apps[2 * k], 0.9))
    bump = shade(colour, 0.6) if look.colour != "black" else (0.12, 0.12, 0.13)
    parts.append(m.slab(_rounded(0.25, 0.27, 0.07, 3), 0.06, (0.115, 0.80, -front - 0.01), bump))
    for x, y in ((0.06, 0.86), (0.06, 0.745), (0.17, 0.80)):
        for radius, z, lens in (
            (0.052, 0.055, (0.70, 0.72, 0.75)),
            (0.036, 0.065, (0.02, 0.02, 0.05)),
        ):
            parts.append(m.cylinder((x, y, -front - 0.03), (x, y, -front - z), radius, lens,
                                    sectors=10))  # fmt: skip
    for y in (0.66, 0.54):  # keys on the edge
        parts.append(m.box((0.016, 0.09, 0.04), (-_WIDTH / 2, y, 0), bump))
    return m.turned(m.merge(*parts), _TURNED)


def pose(action: str, t_s: float, look: Look) -> Pose:
    start = phase_of(look.seed)
    if action == "spin":
        return pose_of(_RIG, {0: (360.0 * (t_s / _SPIN_S + 0.1 * start), 0.0, 0.0)})
    return pose_of(_RIG, {0: (7.0 * wave(t_s / 3.0 + start), 0.0, 0.0)})


ASSET = Asset(
    kind="phone",
    plural="phones",
    synonyms=("smartphone", "smart phone", "mobile phone", "mobile", "cell phone", "cellphone",
              "iphone", "handset", "gadget", "tablet", "touchscreen", "handheld", "device",
              "telephone"),
    actions={"stand": ("stands", "standing"), "spin": ("spins", "spinning")},
    action_synonyms={
        "stand": ("rests", "lies", "waits", "stays", "stand still", "glows", "rings", "shows"),
        "spin": ("turns", "rotates", "revolves", "twirls", "pivots", "swivels", "turns around"),
    },
    natural_colours=("black", "white", "silver", "blue", "gold", "pink"),
    wears=None,
    height_m=_HEIGHT,
    length_m=_WIDTH,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s={"stand": 0.0, "spin": 0.0},
    near="box",
    homes=("studio", "living room", "classroom", "library", "future city"),
)  # fmt: skip
