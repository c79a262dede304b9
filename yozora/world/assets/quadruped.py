"""What goes on four legs: one skeleton, one way to make a body, and the words they share.

Near legs (z > 0) are _R, far ones _L. The body bends between its hind and its front half; how it
moves is in `gaits.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yozora.world import mesh as m
from yozora.world.assets.rig import Rig

REAR, FRONT, NECK, HEAD, TAIL, TIP, EAR_R, EAR_L = range(8)
FORE_R, FORE_L, HIND_R, HIND_L, PAW_R, PAW_L, HOCK_R, HOCK_L = range(8, 16)
JAW, EYES, FOOD = range(16, 19)  # the eyes hide in the head of a sleeper, the food when none eats
NOSE_1, NOSE_2, NOSE_3 = range(19, 22)  # of an elephant's trunk, from its root
WALK_LENGTHS_S, RUN_LENGTHS_S = 0.55, 1.4


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the joints are, in metres; x from the middle of the body, y from the ground."""

    hip: tuple[float, float]  # of the hind legs
    shoulder: tuple[float, float]  # of the front legs
    knee_share: float  # how far up the legs the lower joint is
    out: float  # legs from the middle plane
    neck: tuple[float, float]
    head: tuple[float, float]
    tail: tuple[float, float]
    tail_middle: tuple[float, float]
    ear: tuple[float, float, float]
    paw: float  # length of a foot
    haunch: tuple[float, float]  # what touches the ground when it sits
    length: float
    mouth: tuple[float, float] = (0.0, 0.0)  # the lowest point of the muzzle: it eats with this
    belly: float = 0.0  # height of what it lies on
    thick: float = 0.05  # radius of its legs
    bow_deg: float = 0.0  # how far its front goes down to eat
    hoofed: bool = False  # it folds its legs under itself to lie
    hops: bool = False  # both hind legs push at once
    chin: float = 0.0  # how far its mane or ears hang below the mouth
    heel: float = 0.0  # how far its hind feet reach forward, if that is more than a paw
    nod: float = -1.0  # how much its head makes up for the neck when that lies down
    nose: tuple[tuple[float, float], ...] = ()  # joints of a trunk, from its root

    def rig(self) -> Rig:
        def legs(x: float, y: float) -> list[tuple[float, float, float]]:
            return [(x, y, self.out), (x, y, -self.out)]

        (hx, hy), (sx, sy), share = self.hip, self.shoulder, self.knee_share
        jaw = (0.6 * self.head[0] + 0.4 * self.mouth[0], 0.4 * self.head[1] + 0.6 * self.mouth[1])
        pivots = [
            (hx, hy, 0.0), (*self.bend, 0.0), (*self.neck, 0.0),
            (*self.head, 0.0), (*self.tail, 0.0), (*self.tail_middle, 0.0),
            self.ear, (self.ear[0], self.ear[1], -self.ear[2]),
            *legs(sx, sy), *legs(hx, hy), *legs(sx, share * sy), *legs(hx, share * hy),
            (*jaw, 0.0), (*self.head, 0.0), (0.0, 0.0, 0.0), *((x, y, 0.0) for x, y in self.nose),
        ]  # fmt: skip
        ends, toe = (0.7 * self.paw, -0.3 * self.paw), max(0.7 * self.paw, self.heel)
        feet = [(bone, (x + dx, 0.0, z)) for bone, x, z in (
            (PAW_R, sx, self.out), (PAW_L, sx, -self.out), (HOCK_R, hx, self.out),
            (HOCK_L, hx, -self.out)) for dx in ends]  # fmt: skip
        feet += [
            (bone, (hx + toe, 0.0, z)) for bone, z in ((HOCK_R, self.out), (HOCK_L, -self.out))
        ]
        feet += [(REAR, (*self.haunch, 0.0))]
        return Rig(
            (-1, REAR, FRONT, NECK, REAR, TAIL, HEAD, HEAD, FRONT, FRONT, REAR, REAR,
             FORE_R, FORE_L, HIND_R, HIND_L, HEAD, HEAD, REAR,
             *(HEAD, NOSE_1, NOSE_2)[: len(self.nose)]), tuple(pivots), tuple(feet))  # fmt: skip

    @property
    def bend(self) -> tuple[float, float]:
        """Where the back bends."""
        (hx, hy), (sx, sy) = self.hip, self.shoulder
        return (0.45 * (hx + sx), 0.5 * (hy + sy))


def trunk(f: Frame, points: Sequence[tuple[float, float, float, float]], colour: m.RGB) -> m.Mesh:
    """A body from rump to chest: (x, y, half height, half width) of each ring."""
    middle = 0.45 * (f.hip[0] + f.shoulder[0])
    return m.tube([(x, y, 0) for x, y, _, _ in points], [p[2] for p in points], colour,
                  [REAR if x < middle else FRONT for x, _, _, _ in points], sectors=10,
                  widths_P=[p[3] for p in points])  # fmt: skip


def legs(f: Frame, thick: float, colour: m.RGB, foot: m.RGB, hoof: bool = False) -> list[m.Mesh]:
    """Four legs with a knee each; `hoof` makes feet short and hard instead of soft."""
    parts: list[m.Mesh] = []
    for side, fore, paw, hind, hock in ((1, FORE_R, PAW_R, HIND_R, HOCK_R),
                                        (-1, FORE_L, PAW_L, HIND_L, HOCK_L)):  # fmt: skip
        z = side * f.out
        for (x, y), upper, lower, fat in ((f.shoulder, fore, paw, 1.25), (f.hip, hind, hock, 1.75)):
            knee, low = f.knee_share * y, max(0.3 * f.paw, 0.75 * thick)
            bend = 0.0 if upper == fore else -0.2 * f.paw
            parts += [
                m.capsule((x, y, z), (x + bend, knee, z), fat * thick, thick, colour, upper),
                m.capsule((x + bend, knee, z), (x, low, z), 0.95 * thick, 0.75 * thick, colour,
                          lower),
            ]  # fmt: skip
            if hoof:
                parts.append(
                    m.cylinder(
                        (x, 0.5 * f.paw, z),
                        (x + 0.1 * f.paw, 0, z),
                        0.8 * thick,
                        foot,
                        lower,
                        sectors=7,
                        radius_end=1.25 * thick,
                    )
                )
            else:
                parts.append(m.box((f.paw, 0.55 * f.paw, 2.1 * thick),
                                   (x + 0.2 * f.paw, 0.275 * f.paw, z), foot, lower,
                                   top=(0.75, 0.8)))  # fmt: skip
    return parts


def eye(centre: tuple[float, float, float], size: float, iris: m.RGB | None = None) -> m.Mesh:
    """One eye, white with a dark pupil, or dark with a light spot where `iris` is None."""
    x, y, z = centre
    side = 1.0 if z > 0 else -1.0
    dark = (0.01, 0.01, 0.01)
    white = (0.95, 0.95, 0.95)
    return m.merge(
        m.ellipsoid((size, 1.15 * size, 0.6 * size), centre, iris or dark, EYES, rings=3,
                    sectors=6, glow=0.2 if iris else 0.0),
        m.ellipsoid((0.62 * size, 0.75 * size, 0.5 * size) if iris else (0.32 * size,) * 3,
                    (x + 0.45 * size, y + (0.0 if iris else 0.35 * size), z + 0.25 * side * size),
                    dark if iris else white, EYES, rings=3, sectors=4),
    )  # fmt: skip


def food(what: str, size: float) -> m.Mesh:
    """Something to eat, `size` metres wide, standing at the origin: it is moved to the mouth."""
    r = 0.5 * size
    if what == "bowl":
        return m.merge(
            m.cylinder((0, 0, 0), (0, 0.62 * r, 0), 0.8 * r, (0.8, 0.1, 0.08), FOOD,
                       radius_end=r),
            m.ellipsoid((0.85 * r, 0.35 * r, 0.85 * r), (0, 0.62 * r, 0), (0.5, 0.26, 0.1), FOOD,
                        rings=4),
        )  # fmt: skip
    if what == "meat":
        return m.merge(
            m.capsule((-0.3 * r, 0.45 * r, 0), (0.35 * r, 0.45 * r, 0), 0.6 * r, 0.45 * r,
                      (0.72, 0.14, 0.10), FOOD),
            m.capsule((0.3 * r, 0.45 * r, 0), (1.2 * r, 0.45 * r, 0), 0.14 * r, 0.24 * r,
                      (0.95, 0.92, 0.85), FOOD),
        )  # fmt: skip
    if what == "carrot":
        return m.merge(
            m.cylinder((-1.1 * r, 0.14 * r, 0), (0.5 * r, 0.3 * r, 0), 0.05 * r,
                       (0.95, 0.4, 0.03), FOOD, radius_end=0.34 * r, sectors=7),
            m.cone((0.5 * r, 0.3 * r, 0), 0.22 * r, (1.3 * r, 0.75 * r, 0.2 * r),
                   (0.12, 0.55, 0.1), FOOD, sectors=5),
            m.cone((0.5 * r, 0.3 * r, 0), 0.2 * r, (1.3 * r, 0.4 * r, -0.25 * r),
                   (0.16, 0.62, 0.12), FOOD, sectors=5),
        )  # fmt: skip
    if what == "honey":
        return m.merge(
            m.lathe([(0, 0), (0, 0.6 * r), (0.35 * r, 0.95 * r), (0.8 * r, 0.95 * r),
                     (1.1 * r, 0.68 * r), (1.3 * r, 0.72 * r), (1.3 * r, 0)], (0, 0, 0),
                    (0.30, 0.42, 0.72), FOOD, sectors=9),
            m.ellipsoid((0.62 * r, 0.22 * r, 0.62 * r), (0, 1.28 * r, 0), (0.98, 0.70, 0.08), FOOD,
                        rings=4),
        )  # fmt: skip
    return m.merge(  # hay
        m.ellipsoid((r, 0.34 * r, 0.9 * r), (0, 0.22 * r, 0), (0.86, 0.68, 0.2), FOOD, rings=3),
        *(m.cone((0.5 * r * x, 0.1 * r, 0.5 * r * z), 0.28 * r,
                 (0.9 * r * x, 0.75 * r, 0.9 * r * z), (0.93, 0.78, 0.3), FOOD, sectors=4)
          for x, z in ((-1, 0.4), (0.3, 1), (0.9, -0.4))),
    )  # fmt: skip


ACTIONS: dict[str, tuple[str, str]] = {
    "stand": ("stands", "standing"),
    "sit": ("sits", "sitting"),
    "walk": ("walks", "walking"),
    "run": ("runs", "running"),
    "jump": ("jumps", "jumping"),
    "eat": ("eats", "eating"),
    "sleep": ("sleeps", "sleeping"),
    "rear": ("rears", "rearing"),
    "roar": ("roars", "roaring"),
}
ACTION_SYNONYMS: dict[str, tuple[str, ...]] = {
    "stand": ("waits", "stays", "looks", "watches", "stares", "stand still",
              "sniffs", "listens", "poses"),
    "sit": ("sit down", "crouches", "begs", "squats", "rests on its haunches"),
    "walk": ("trots", "wanders", "strolls", "prowls", "goes", "moves", "steps", "roams",
             "explores", "ambles", "marches", "patrols"),
    "run": ("gallops", "sprints", "races", "dashes", "chases", "charges", "rushes", "speeds",
            "bolts", "flees", "hunts", "plays"),
    "jump": ("leaps", "hops", "bounces", "bounds", "skips", "pounces", "frolics",
             "jump up"),
    "eat": ("grazes", "feeds", "chews", "munches", "nibbles", "drinks", "licks", "gnaws",
            "devours", "has a meal"),
    "sleep": ("rests", "naps", "snoozes", "dozes", "slumbers", "lies", "lies down",
              "takes a nap", "snores", "dreams", "curls up", "lounges"),
    "rear": ("rears up", "stands up", "stands on its hind legs", "prances"),
    "roar": ("growls", "snarls", "bellows", "howls", "bares its teeth", "threatens"),
}  # fmt: skip
STRIDES = {"walk": WALK_LENGTHS_S, "run": RUN_LENGTHS_S}  # body lengths a second


def strides(actions: dict[str, tuple[str, str]], length_m: float) -> dict[str, float]:
    """Speeds in m/s of something this long."""
    return {action: STRIDES.get(action, 0.0) * length_m for action in actions}


def words(*actions: str) -> dict[str, tuple[str, str]]:
    """These of the actions that four-legged things share, in this order."""
    return {action: ACTIONS[action] for action in actions}


def synonyms(
    actions: dict[str, tuple[str, str]], **more: tuple[str, ...]
) -> dict[str, tuple[str, ...]]:
    """Other words for these actions: the shared ones, and `more` by action."""
    own = {word for several in more.values() for word in several}
    return {
        action: (*(w for w in ACTION_SYNONYMS.get(action, ()) if w not in own),
                 *more.get(action, ()))
        for action in actions
    }  # fmt: skip
