"""A shining ball in two colours, so that one sees it roll; it lies, rolls or bounces."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from yozora.world import mesh as m
from yozora.world.assets.asset import Asset, Look, Pose, contrast, phase_of
from yozora.world.assets.rig import Rig, pose_of, wave

_RADIUS = 0.3
BALL, SHINE = range(2)
_RIG = Rig((-1,), ((0.0, _RADIUS, 0.0),))
_ROLL_M_S = 1.0
_BOUNCE_S = 0.9
_LEAP = 2.3  # radii that it rises
_SQUASH = 0.32


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("ball"), look.rgb
    second = contrast(colour, (0.05, 0.05, 0.12), (0.97, 0.96, 0.93))
    if chance.random() < 0.7 and look.colour not in ("white", "yellow", "beige", "silver", "lime"):
        second = (0.97, 0.96, 0.93)
    pattern = chance.random()  # a beach ball's gores, a broad belt with a star's dots, dots
    if pattern < 0.5:
        skin = _painted(10, 24, lambda ring, sector: (
            second if ring in (0, 9) or sector % 6 >= 4 else colour))  # fmt: skip
    elif pattern < 0.75:
        skin = _painted(12, 24, lambda ring, sector: second if ring in (4, 7) else colour)
    else:
        skin = m.merge(m.ellipsoid((_RADIUS,) * 3, (0, 0, 0), colour, rings=12, sectors=18),
                       *_dots(second))  # fmt: skip
    tilted = m.transform(skin, m.matrix(roll_deg=62.0, yaw_deg=chance.uniform(-15.0, 15.0)))
    return m.merge(m.moved(tilted, dy=_RADIUS), *_shine())


def _shine() -> list[m.Mesh]:
    """The light of a window on the skin: it stays above while the ball turns beneath it."""
    spots = []
    for way in (100.0, 220.0, 340.0):
        for lift, size in ((50.0, 1.0), (27.0, 0.45)):
            spot = m.ellipsoid((0.012, 0.058 * size, 0.075 * size), (_RADIUS * 0.998, 0, 0),
                               (1.0, 1.0, 1.0), SHINE, 0.9, rings=4, sectors=8)  # fmt: skip
            up = m.transform(spot, m.matrix((0, _RADIUS, 0), pitch_deg=lift))
            spots.append(m.turned(up, -way - (22.0 if size < 1.0 else 0.0)))
    return spots


def _painted(rings: int, sectors: int, paint: Callable[[int, int], m.RGB]) -> m.Mesh:
    """A sphere whose patches each have one colour, by ring (from the bottom) and by sector."""
    ring_R = np.linspace(-math.pi / 2.0, math.pi / 2.0, rings + 1)
    turn_S = np.linspace(0.0, 2.0 * math.pi, sectors + 1)
    parts = []
    for r in range(rings):
        for s in range(sectors):
            at = [(math.cos(a) * math.cos(b), math.sin(a), -math.cos(a) * math.sin(b))
                  for a in ring_R[r:r + 2] for b in turn_S[s:s + 2]]  # fmt: skip
            corners = [at[0], at[3], at[2]] if r == 0 else [at[0], at[1], at[3]]
            if 0 < r < rings - 1:
                corners = [at[0], at[1], at[3], at[0], at[3], at[2]]
            faces = np.arange(len(corners)).reshape(-1, 3)
            parts.append(m.from_arrays(np.array(corners) * _RADIUS, corners, faces, paint(r, s)))
    return m.merge(*parts)


def _dots(colour: m.RGB) -> list[m.Mesh]:
    """Twelve round caps where an icosahedron has its corners, a little proud of the sphere."""
    golden = 0.5 * (1.0 + math.sqrt(5.0))
    corners = [(0.0, a, b * golden) for a in (-1.0, 1.0) for b in (-1.0, 1.0)]
    caps = []
    for corner in [p[i:] + p[:i] for p in corners for i in range(3)]:
        way = np.array(corner) / np.linalg.norm(corner)
        edge = math.radians(21.0)
        caps.append(m.cylinder(way * _RADIUS * math.cos(edge), way * _RADIUS * 1.015,
                               _RADIUS * math.sin(edge) * 1.04, colour, sectors=8,
                               radius_end=_RADIUS * 0.2))  # fmt: skip
    return caps


def pose(action: str, t_s: float, look: Look) -> Pose:
    start = phase_of(look.seed)
    turn, squash = 360.0 * start + 2.5 * wave(t_s / 2.4), np.eye(4)
    if action == "roll":
        turn = -math.degrees(_ROLL_M_S * t_s / _RADIUS) - 360.0 * start
    elif action == "bounce":
        turn = -50.0 * (t_s / _BOUNCE_S + start)
        u = (t_s / _BOUNCE_S + start) % 1.0
        high = 4.0 * u * (1.0 - u)
        # Flat on the ground, a little long in the air; what it loses in height it gains in width.
        tall = 1.0 - _SQUASH * max(0.0, 1.0 - high / 0.25) + 0.07 * high
        squash = np.diag([tall**-0.5, tall, tall**-0.5, 1.0])
        squash[1, 3] = high * _LEAP * _RADIUS
    ball = pose_of(_RIG, {BALL: (0.0, turn, 0.0)}).bones_B44[0]
    return Pose(np.stack([squash @ ball, squash]).astype(np.float32))


ASSET = Asset(
    kind="ball",
    plural="balls",
    synonyms=("sphere", "globe", "orb", "football", "soccer ball", "basketball", "beach ball",
              "beachball", "tennis ball", "volleyball", "marble", "baseball", "bubble",
              "pumpkin", "watermelon"),
    actions={
        "stand": ("lies", "lying"),
        "roll": ("rolls", "rolling"),
        "bounce": ("bounces", "bouncing"),
    },
    action_synonyms={
        "stand": ("rests", "stands", "sits", "waits", "stays", "stand still"),
        "roll": ("spins", "turns", "rotates", "moves", "goes", "runs", "tumbles", "travels",
                 "rolls away"),
        "bounce": ("jumps", "hops", "leaps", "dribbles", "bobs", "drops"),
    },
    natural_colours=("red", "blue", "yellow", "green", "orange"),
    wears=None,
    height_m=2.0 * _RADIUS,
    length_m=2.0 * _RADIUS,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s={"stand": 0.0, "roll": _ROLL_M_S, "bounce": 0.0},
    homes=("park", "beach", "street", "living room"),
)  # fmt: skip
