"""The bones of what goes on two legs, and arms that reach for a point.

Right is the near side (z > 0) of somebody who faces +x.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from yozora.world.assets.rig import Place, Rig, Turn

HIPS, CHEST, HEAD, ARM_R, ARM_L, FORE_R, FORE_L = range(7)
LEG_R, LEG_L, SHIN_R, SHIN_L, SKIRT_R, SKIRT_L, HAIR, FOOT_R, FOOT_L = range(7, 16)
HEM_R, HEM_L, CAPE_1, CAPE_2, CAPE_3 = range(16, 21)  # a scarf's end hangs from the cape's bones
PACK, BOOK, PRESENT, STOOL, PILLOW, SWORD, SHIELD = range(21, 28)
PROPS = (BOOK, PRESENT, STOOL, PILLOW)  # not there but where a pose shows them
ABSENT = 1e-3  # the scale of what is not there

SIDES = (
    (1, ARM_R, FORE_R, LEG_R, SHIN_R, FOOT_R),
    (-1, ARM_L, FORE_L, LEG_L, SHIN_L, FOOT_L),
)


@dataclass(frozen=True, slots=True)
class Build:
    """Where the joints are, in metres above the ground and out from the middle."""

    height: float
    neck: float
    shoulder: float
    waist: float
    hip: float
    knee: float
    elbow: float
    wrist: float
    shoulder_out: float
    hip_out: float
    foot_length: float

    @staticmethod
    def of(height: float, *shares: float) -> Build:
        """The other ten measures as shares of the height, in their order."""
        return Build(height, *(share * height for share in shares))

    @property
    def ankle(self) -> float:
        return 0.045 * self.height

    @property
    def hem(self) -> float:
        """Where a long skirt bends."""
        return 0.5 * (self.hip + self.knee)

    def rig(self) -> Rig:
        out, leg, toe, tall = self.shoulder_out, self.hip_out, 0.7 * self.foot_length, self.height
        back = -0.06 * tall
        return Rig(
            (-1, HIPS, CHEST, CHEST, CHEST, ARM_R, ARM_L, HIPS, HIPS, LEG_R, LEG_L,
             HIPS, HIPS, HEAD, SHIN_R, SHIN_L,
             SKIRT_R, SKIRT_L, CHEST, CAPE_1, CAPE_2,
             CHEST, CHEST, CHEST, HIPS, CHEST, FORE_R, FORE_L),
            ((0, self.hip, 0), (0, self.waist, 0), (0, self.neck, 0),
             (0, self.shoulder, out), (0, self.shoulder, -out),
             (0, self.elbow, out), (0, self.elbow, -out),
             (0, self.hip, leg), (0, self.hip, -leg), (0, self.knee, leg), (0, self.knee, -leg),
             (0, self.hip, leg), (0, self.hip, -leg),
             (-0.05 * tall, self.neck + 0.1 * tall, 0),
             (0, self.ankle, leg), (0, self.ankle, -leg),
             (0, self.hem, leg), (0, self.hem, -leg),
             (back, self.shoulder, 0), (back, self.shoulder - 0.17 * tall, 0),
             (back, self.shoulder - 0.34 * tall, 0),
             (back, self.shoulder, 0), (0, self.shoulder, 0), (0, self.shoulder, 0),
             (0, self.hip, 0), (0, self.shoulder, 0),
             (0, self.wrist - 0.03 * tall, out), (0, self.wrist, -out)),
            tuple((bone, (x, 0.0, z)) for bone, z in ((FOOT_R, leg), (FOOT_L, -leg))
                  for x in (toe, toe - self.foot_length)),
        )  # fmt: skip


@dataclass(slots=True)
class Stance:
    """A pose before it is one: turns of bones, what is shown, and where the whole is."""

    turns: dict[int, Turn] = field(default_factory=dict)
    lift: float | None = 0.0  # of the lowest foot; None: `move` says where the hips are
    move: Place = (0.0, 0.0, 0.0)
    shown: dict[int, float] = field(default_factory=dict)  # prop -> scale, 1 whole
    shifts: dict[int, Place] = field(default_factory=dict)  # of props, in the chest's frame
    level: float = 0.92  # how level the ankles keep the soles


def aim(way: Place) -> Turn:
    """The turn that makes what hangs down point that way."""
    x, y, z = way
    across = math.hypot(x, z)
    yaw = math.atan2(-z, x) if across > 1e-6 else 0.0
    return math.degrees(yaw), math.degrees(math.atan2(across, -y)), 0.0


def _within(turn: Turn, way: Place) -> Place:
    """A direction in the frame of a bone with that yaw and pitch."""
    yaw, pitch = math.radians(turn[0]), math.radians(turn[1])
    c, s = math.cos(yaw), math.sin(yaw)
    x, y, z = c * way[0] - s * way[2], way[1], s * way[0] + c * way[2]
    c, s = math.cos(pitch), math.sin(pitch)
    return c * x + s * y, c * y - s * x, z


def leaning(b: Build, point: Place, pitch_deg: float) -> Place:
    """A point of the subject's frame in the frame of a chest with that pitch."""
    x, y, z = _within((0.0, pitch_deg, 0.0), (point[0], point[1] - b.waist, point[2]))
    return x, y + b.waist, z


def reach(b: Build, side: int, hand: Place, elbow: Place = (-0.4, -1.0, 0.5)) -> tuple[Turn, Turn]:
    """Turns of upper arm and forearm that bring a hand to a point, all in the chest's frame.

    `side` is 1 for the right, -1 for the left. The elbow bends towards `elbow`, whose z is
    outward. What is too far is pointed at with a straight arm.
    """
    upper, fore = b.shoulder - b.elbow, b.elbow - b.wrist + 0.03 * b.height
    d = (hand[0], hand[1] - b.shoulder, hand[2] - side * b.shoulder_out)
    length = math.sqrt(d[0] ** 2 + d[1] ** 2 + d[2] ** 2)
    u = (d[0] / length, d[1] / length, d[2] / length)
    far = min(max(length, 1.05 * abs(upper - fore) + 0.02 * b.height), 0.998 * (upper + fore))
    along = (upper**2 + far**2 - fore**2) / (2.0 * far)
    across = math.sqrt(max(upper**2 - along**2, 0.0))
    p = (elbow[0], elbow[1], side * elbow[2])
    dot = p[0] * u[0] + p[1] * u[1] + p[2] * u[2]
    q = (p[0] - dot * u[0], p[1] - dot * u[1], p[2] - dot * u[2])
    size = max(math.sqrt(q[0] ** 2 + q[1] ** 2 + q[2] ** 2), 1e-6)
    e = tuple(along * u[i] + across * q[i] / size for i in range(3))
    arm = aim((e[0], e[1], e[2]))
    rest = (far * u[0] - e[0], far * u[1] - e[1], far * u[2] - e[2])
    return arm, aim(_within(arm, rest))


def wield(arm: Turn, fore: Turn, way: Place) -> Turn:
    """The turn in the hand that makes what lies along +x at rest point that way in the chest's
    frame, however the arm is turned."""
    x, y, z = _within(fore, _within(arm, way))
    size = math.sqrt(x * x + y * y + z * z)
    return math.degrees(math.atan2(-z, x)), math.degrees(math.asin(y / size)), 0.0
