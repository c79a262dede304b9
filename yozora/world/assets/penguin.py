"""A penguin: upright, a white belly, flippers for arms; it waddles, and slides on its belly."""

from __future__ import annotations

from yozora.world import mesh as m
from yozora.world.assets.asset import Asset, Look, Pose, mix, phase_of, shade
from yozora.world.assets.rig import Rig, Turn, bump, leap, pose_of, wave

_HEIGHT, _LENGTH = 1.08, 0.66
_WALK_M_S, _SLIDE_M_S = 0.42, 1.3
BODY, HEAD, FLIPPER_R, FLIPPER_L, FOOT_R, FOOT_L = range(6)
_RIG = Rig(
    (-1, BODY, BODY, BODY, BODY, BODY),
    ((0, 0.30, 0), (0.01, 0.80, 0), (0.0, 0.70, 0.19), (0.0, 0.70, -0.19),
     (0.02, 0.16, 0.12), (0.02, 0.16, -0.12)),
    ((FOOT_R, (0.20, 0, 0.12)), (FOOT_L, (0.20, 0, -0.12)), (FOOT_R, (-0.06, 0, 0.12)),
     (FOOT_L, (-0.06, 0, -0.12)), (BODY, (0.295, 0.42, 0)), (BODY, (0.26, 0.58, 0)),
     (BODY, (0.27, 0.25, 0))),
)  # fmt: skip


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("penguin"), look.rgb
    fat = chance.uniform(0.92, 1.1)
    bright = 0.3 * colour[0] + 0.6 * colour[1] + 0.1 * colour[2]
    white = (0.97, 0.97, 0.95) if bright < 0.8 else (0.80, 0.83, 0.88)
    wing = shade(colour, 0.62) if bright > 0.06 else (0.13, 0.13, 0.15)
    orange = chance.choice(((0.98, 0.50, 0.05), (0.98, 0.68, 0.08), (0.95, 0.36, 0.10)))
    cheek = chance.choice((white, mix(white, (1.0, 0.72, 0.1), 0.8)))
    parts = [
        m.tube([(-0.05, 0.06, 0), (-0.04, 0.13, 0), (-0.03, 0.30, 0), (-0.02, 0.48, 0),
                (0.0, 0.66, 0), (0.01, 0.78, 0), (0.02, 0.88, 0)],
               [0.12, 0.21, 0.265, 0.265, 0.22, 0.175, 0.13], colour, BODY, sectors=12,
               widths_P=[0.13, 0.23, 0.28 * fat, 0.28 * fat, 0.23, 0.18, 0.14]),
        m.ellipsoid((0.195, 0.345, 0.235 * fat), (0.10, 0.42, 0), white, BODY, rings=8, sectors=12),
        m.ellipsoid((0.185, 0.175, 0.175), (0.035, 0.91, 0), colour, HEAD, rings=7, sectors=12),
        m.cone((0.19, 0.90, 0), 0.062, (0.38, 0.865, 0), orange, HEAD, sectors=6),
        m.cone((-0.22, 0.16, 0), 0.10, (-0.42, 0.05, 0), colour, BODY, sectors=6),
    ]  # fmt: skip
    for side, flipper, foot in ((1, FLIPPER_R, FOOT_R), (-1, FLIPPER_L, FOOT_L)):
        parts += [
            m.ellipsoid((0.085, 0.085, 0.05), (0.11, 0.855, 0.122 * side), cheek, HEAD, rings=5),
            m.ellipsoid((0.038, 0.046, 0.03), (0.145, 0.955, 0.118 * side), (0.98, 0.98, 0.98),
                        HEAD, rings=4),
            m.ellipsoid((0.024, 0.032, 0.02), (0.163, 0.955, 0.136 * side), (0.01, 0.01, 0.01),
                        HEAD, rings=4),
            m.ellipsoid((0.105, 0.275, 0.04), (-0.02, 0.46, 0.285 * side * fat), wing, flipper,
                        rings=6),
            m.capsule((0.02, 0.16, 0.12 * side), (0.03, 0.05, 0.12 * side), 0.06, 0.05, orange,
                      foot),
            m.slab([(-0.06, 0.0), (0.22, 0.0), (0.20, 0.045), (-0.02, 0.075)], 0.16,
                   (0, 0, 0.12 * side), orange, foot, rim=0.85),
        ]  # fmt: skip
    return m.merge(*parts)


def pose(action: str, t_s: float, look: Look) -> Pose:
    start = phase_of(look.seed)
    if action == "walk":  # from one foot to the other, the whole body leaning
        u = t_s / 0.8 + start
        lean = wave(u)
        turns: dict[int, Turn] = {
            BODY: (10.0 * wave(u + 0.25), 2.0 * wave(2.0 * u), 14.0 * lean),
            HEAD: (-8.0 * wave(u + 0.25), 4.0 * wave(2.0 * u), -9.0 * lean),
            FLIPPER_R: (0.0, 12.0 * lean, -38.0 + 12.0 * lean),
            FLIPPER_L: (0.0, -12.0 * lean, 38.0 + 12.0 * lean),
            FOOT_R: (0.0, 26.0 * wave(u + 0.25), -10.0 * lean),
            FOOT_L: (0.0, -26.0 * wave(u + 0.25), -10.0 * lean),
        }
        return pose_of(_RIG, turns, lift=0.03 * bump(2.0 * u))
    if action == "jump":
        crouch, height, stretch = leap(t_s / 1.1 + start)
        turns = {
            BODY: (0.0, -16.0 * crouch + 8.0 * stretch, 0.0),
            HEAD: (0.0, 12.0 * crouch, 0.0),
            FLIPPER_R: (0.0, -30.0 * crouch, -14.0 - 96.0 * stretch),
            FLIPPER_L: (0.0, -30.0 * crouch, 14.0 + 96.0 * stretch),
            FOOT_R: (0.0, 16.0 * crouch - 55.0 * stretch, 0.0),
            FOOT_L: (0.0, 16.0 * crouch - 40.0 * stretch, 0.0),
        }
        return pose_of(_RIG, turns, lift=0.55 * height)
    if action == "slide":  # on its belly, head up, feet behind
        u = t_s / 0.9 + start
        turns = {
            BODY: (5.0 * wave(0.5 * u), -74.0 + 3.0 * wave(u), 4.0 * wave(0.5 * u + 0.2)),
            HEAD: (6.0 * wave(0.5 * u), 52.0 + 4.0 * wave(u), 0.0),
            FLIPPER_R: (0.0, -24.0, -44.0 - 18.0 * wave(u)),
            FLIPPER_L: (0.0, -24.0, 44.0 + 18.0 * wave(u)),
            FOOT_R: (0.0, -52.0 + 14.0 * wave(2.0 * u), 0.0),
            FOOT_L: (0.0, -52.0 - 14.0 * wave(2.0 * u), 0.0),
        }
        return pose_of(_RIG, turns, lift=0.0)
    u = t_s / 2.4 + start
    flap = bump(u) ** 4 * wave(3.0 * u)
    turns = {
        BODY: (0.0, 1.5 * wave(u), 1.5 * wave(0.5 * u)),
        HEAD: (32.0 * wave(0.5 * u), 5.0 * wave(u + 0.2), 0.0),
        FLIPPER_R: (0.0, 0.0, -14.0 - 14.0 * flap),
        FLIPPER_L: (0.0, 0.0, 14.0 + 14.0 * flap),
    }
    return pose_of(_RIG, turns, lift=0.0)


_ACTIONS = {
    "stand": ("stands", "standing"),
    "walk": ("walks", "walking"),
    "jump": ("jumps", "jumping"),
    "slide": ("slides", "sliding"),
}

ASSET = Asset(
    kind="penguin",
    plural="penguins",
    synonyms=("emperor penguin", "king penguin", "baby penguin", "puffin", "adelie penguin",
              "penguin chick", "little penguin", "rockhopper", "gentoo", "auk"),
    actions=_ACTIONS,
    action_synonyms={
        "stand": ("waits", "rests", "looks", "stays", "stand still", "sits", "sleeps", "sings",
                  "poses", "stares", "huddles"),
        "walk": ("waddles", "strolls", "wanders", "steps", "marches", "moves", "goes", "struts",
                 "runs", "dances"),
        "jump": ("hops", "leaps", "bounces", "jump up", "skips", "flaps"),
        "slide": ("slithers", "glides", "slide on its belly", "slips", "toboggans", "sleds",
                  "sledges", "swims", "skates", "belly slides"),
    },
    natural_colours=("black", "blue", "grey", "brown"),
    wears=None,
    height_m=_HEIGHT,
    length_m=_LENGTH,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s={"stand": 0.0, "walk": _WALK_M_S, "jump": 0.0, "slide": _SLIDE_M_S},
    near="bird",
    homes=("snow field", "beach", "mountains"),
)  # fmt: skip
