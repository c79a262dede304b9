"""A dinosaur: a tyrannosaur, its huge head full of teeth, small arms, strong legs, long tail."""

from __future__ import annotations

from yozora.world import mesh as m
from yozora.world.assets.asset import Asset, Look, Pose, mix, phase_of, shade
from yozora.world.assets.rig import Rig, Turn, bump, pose_of, smooth, step, through, wave

_HEIGHT, _LENGTH = 1.92, 2.95
_WALK_M_S, _RUN_M_S = 1.1, 2.8
HIPS, CHEST, NECK, HEAD, JAW, TAIL_A, TAIL_B, TAIL_C, ARM_R, ARM_L = range(10)
THIGH_R, THIGH_L, SHIN_R, SHIN_L, FOOT_R, FOOT_L = range(10, 16)
_HEAD, _HEAD_SIZE = (0.78, 1.42), 1.28  # the joint of the head; how much it is enlarged about it
_OUT = 0.23  # legs from the middle plane
_HIP, _KNEE, _ANKLE = (-0.04, 0.92), (0.12, 0.54), (-0.10, 0.22)
_TOOTH = (0.98, 0.97, 0.90)
_RIG = Rig(
    (-1, HIPS, CHEST, NECK, HEAD, HIPS, TAIL_A, TAIL_B, CHEST, CHEST, HIPS, HIPS, THIGH_R, THIGH_L,
     SHIN_R, SHIN_L),
    ((-0.04, 0.95, 0), (0.12, 1.0, 0), (0.52, 1.14, 0), (*_HEAD, 0), (0.86, 1.40, 0),
     (-0.36, 0.98, 0), (-0.74, 0.96, 0), (-1.02, 1.03, 0), (0.46, 0.98, 0.22), (0.46, 0.98, -0.22),
     (*_HIP, _OUT), (*_HIP, -_OUT), (*_KNEE, _OUT), (*_KNEE, -_OUT), (*_ANKLE, _OUT),
     (*_ANKLE, -_OUT)),
    tuple((foot, (x, 0.0, side * _OUT)) for foot, side in ((FOOT_R, 1), (FOOT_L, -1))
          for x in (0.26, -0.12)),
)  # fmt: skip


def _head(colour: m.RGB, dark: m.RGB, size: float) -> m.Mesh:
    """Skull, snout, jaw, teeth and eyes, enlarged about the joint of the head."""
    mouth = (0.62, 0.08, 0.10)
    parts = [
        m.ellipsoid((0.26, 0.215, 0.205), (0.88, 1.54, 0), colour, HEAD, rings=6),
        m.tube([(0.90, 1.57, 0), (1.12, 1.565, 0), (1.34, 1.535, 0), (1.46, 1.50, 0)],
               [0.175, 0.155, 0.135, 0.08], colour, HEAD, sectors=8,
               widths_P=[0.19, 0.17, 0.15, 0.10]),
        m.box((0.52, 0.04, 0.25), (1.15, 1.42, 0), mouth, HEAD),
        m.tube([(0.80, 1.37, 0), (0.98, 1.345, 0), (1.24, 1.35, 0), (1.41, 1.37, 0)],
               [0.10, 0.075, 0.06, 0.035], colour, JAW, sectors=6,
               widths_P=[0.15, 0.155, 0.13, 0.08]),
        m.box((0.46, 0.03, 0.22), (1.14, 1.40, 0), mouth, JAW),
    ]  # fmt: skip
    for i in range(4):
        x = 1.06 + 0.105 * i
        for side in (1, -1):
            z = side * (0.15 - 0.018 * i)
            parts += [
                m.cone((x, 1.45, z), 0.034, (x, 1.345, z), _TOOTH, HEAD, sectors=4),
                m.cone((x - 0.05, 1.385, 0.85 * z), 0.026, (x - 0.05, 1.455, 0.85 * z), _TOOTH, JAW,
                       sectors=4),
            ]  # fmt: skip
    for side in (1, -1):
        parts += [
            m.ellipsoid((0.065, 0.068, 0.04), (1.0, 1.645, 0.155 * side), (0.99, 0.86, 0.2), HEAD,
                        rings=4, sectors=6),
            m.ellipsoid((0.034, 0.046, 0.03), (1.02, 1.645, 0.182 * side), (0.01, 0.01, 0.01), HEAD,
                        rings=4, sectors=5),
            m.capsule((0.90, 1.73, 0.13 * side), (1.08, 1.695, 0.15 * side), 0.045,
                      0.035, dark, HEAD, sectors=4),
        ]  # fmt: skip
    x, y = _HEAD
    grown = _HEAD_SIZE * size
    about = m.matrix((x - grown * x, y - grown * y, 0.0), scale=grown)
    return m.transform(m.merge(*parts), about)


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("dinosaur"), look.rgb
    bright = 0.3 * colour[0] + 0.6 * colour[1] + 0.1 * colour[2]
    dark = shade(colour, 0.55) if bright > 0.06 else (0.15, 0.15, 0.17)
    belly = mix(colour, (0.96, 0.90, 0.72), 0.75)
    fat, size = chance.uniform(0.92, 1.08), chance.uniform(0.95, 1.05)
    parts = [
        m.tube([(-0.46, 0.98, 0), (-0.22, 0.97, 0), (0.05, 0.97, 0), (0.32, 1.02, 0),
                (0.54, 1.14, 0), (0.68, 1.30, 0), (0.80, 1.44, 0)],
               [0.20, 0.29, 0.33 * fat, 0.31 * fat, 0.25, 0.21, 0.19], colour,
               [HIPS, HIPS, HIPS, CHEST, CHEST, NECK, HEAD], sectors=10,
               widths_P=[0.17, 0.25, 0.29 * fat, 0.27 * fat, 0.21, 0.17, 0.16]),
        m.ellipsoid((0.38, 0.20, 0.21), (0.26, 0.83, 0), belly, CHEST, rings=5),
        m.tube([(-0.34, 0.98, 0), (-0.54, 0.96, 0), (-0.76, 0.96, 0), (-1.04, 1.04, 0),
                (-1.36, 1.24, 0)], [0.24, 0.205, 0.165, 0.11, 0.02], colour,
               [HIPS, TAIL_A, TAIL_B, TAIL_C, TAIL_C], sectors=7),
    ]  # fmt: skip
    for x, y, wide, high, bone in ((-0.22, 1.10, 0.24, 0.17, HIPS), (0.08, 1.14, 0.27, 0.17, HIPS),
                                   (0.36, 1.18, 0.25, 0.16, CHEST),
                                   (-0.52, 1.06, 0.19, 0.115, TAIL_A)):  # fmt: skip
        parts.append(m.ellipsoid((0.055, high * fat + 0.02, wide * fat), (x, y, 0), dark, bone,
                                 rings=4, sectors=6))  # fmt: skip
    for side, arm, thigh, shin, foot in ((1, ARM_R, THIGH_R, SHIN_R, FOOT_R),
                                         (-1, ARM_L, THIGH_L, SHIN_L, FOOT_L)):  # fmt: skip
        z = side * _OUT
        parts += [
            m.capsule((0.46, 0.98, 0.23 * side), (0.58, 0.84, 0.27 * side), 0.07, 0.05, colour,
                      arm, sectors=5),
            m.cylinder((0.57, 0.83, 0.27 * side), (0.74, 0.86, 0.25 * side), 0.055, colour, arm,
                       sectors=5, radius_end=0.04),
            m.cone((0.73, 0.86, 0.25 * side), 0.035, (0.83, 0.82, 0.25 * side), _TOOTH, arm,
                   sectors=4),
            m.capsule((-0.04, 0.90, z), (_KNEE[0], _KNEE[1], z), 0.235 * fat, 0.13, colour, thigh,
                      sectors=7),
            m.capsule((*_KNEE, z), (*_ANKLE, z), 0.125, 0.075, colour, shin),
            m.capsule((*_ANKLE, z), (0.03, 0.07, z), 0.08, 0.07, colour, foot, sectors=5),
            m.slab([(-0.12, 0.0), (0.20, 0.0), (0.19, 0.07), (0.02, 0.13), (-0.10, 0.10)], 0.24,
                   (0, 0, z), colour, foot, rim=0.85),
            *(m.cone((0.18, 0.035, z + dz), 0.04, (0.30, 0.01, z + 1.1 * dz), _TOOTH, foot,
                     sectors=4) for dz in (-0.08, 0.0, 0.08)),
        ]  # fmt: skip
    return m.merge(_head(colour, dark, size), *parts)


def pose(action: str, t_s: float, look: Look) -> Pose:
    start = phase_of(look.seed)
    legs = ((THIGH_R, SHIN_R, FOOT_R, 0.0), (THIGH_L, SHIN_L, FOOT_L, 0.5))
    turns: dict[int, Turn] = {}
    if action in ("walk", "run"):
        run = action == "run"
        swing, stance, flex = (44.0, 0.38, 70.0) if run else (26.0, 0.56, 46.0)
        sweep = 2.0 * 0.92 * 0.75 * swing / 57.3 / stance  # metres a cycle
        u = t_s * (_RUN_M_S if run else _WALK_M_S) / sweep + start
        for thigh, shin, foot, shift in legs:
            hip, knee = step(u + shift, swing, flex, stance)
            turns[thigh], turns[shin] = (0.0, hip + 4.0, 0.0), (0.0, knee - 4.0, 0.0)
            turns[foot] = (0.0, -(hip + knee) * (0.9 if knee > -5.0 else 0.55), 0.0)
        bob, sway = wave(2.0 * u), wave(u)
        turns[HIPS] = (4.0 * sway, (-7.0 if run else 0.0) + 2.5 * bob, 3.0 * sway)
        turns[CHEST] = (-3.0 * sway, 2.0 * bob, 0.0)
        turns[NECK] = (0.0, (-14.0 if run else 0.0) + 7.0 * wave(2.0 * u + 0.2), 0.0)
        turns[HEAD] = (0.0, (16.0 if run else 0.0) - 7.0 * wave(2.0 * u + 0.25), 0.0)
        turns[JAW] = (0.0, -20.0 - 4.0 * bob if run else -4.0 + 4.0 * bob, 0.0)
        turns[TAIL_A] = (11.0 * sway, 5.0 * bob + 4.0, 0.0)
        turns[TAIL_B] = (14.0 * wave(u - 0.12), 4.0 * bob, 0.0)
        turns[TAIL_C] = (18.0 * wave(u - 0.24), 0.0, 0.0)
        turns[ARM_R], turns[ARM_L] = (0.0, 16.0 * sway, 0.0), (0.0, -16.0 * sway, 0.0)
        return pose_of(_RIG, turns, lift=0.10 * bump(2.0 * u - 0.2) if run else 0.0)
    up, gape, shake = 0.0, 0.0, 0.0
    if action == "roar":  # rears up, the head thrown back and shaking, the jaw as wide as it goes
        u = t_s / 2.4 + start
        gape = through(u, [(0.0, 0.75), (0.12, 1.0), (0.74, 1.0), (0.9, 0.6)])
        up, shake = 0.35 + 0.65 * gape, wave(t_s / 0.19) * smooth(3.0 * gape - 2.0)
    u = t_s / 2.8 + start
    breath = wave(u)
    turns = {
        HIPS: (0.0, 17.0 * up, 0.0),
        CHEST: (0.0, 1.5 * breath + 7.0 * up, 0.0),
        NECK: (6.0 * wave(0.5 * u) * (1.0 - up), 2.0 * breath + 4.0 * up, 0.0),
        HEAD: (10.0 * wave(0.5 * u) * (1.0 - up) + 3.0 * shake, 3.0 * breath + 14.0 * up, 0.0),
        JAW: (0.0, -3.0 - 2.0 * breath - 47.0 * gape, 0.0),
        TAIL_A: (10.0 * wave(0.5 * u), -9.0 * up, 0.0),
        TAIL_B: (14.0 * wave(0.5 * u - 0.1), 3.0 * up, 0.0),
        TAIL_C: (18.0 * wave(0.5 * u - 0.2), 8.0 * up, 0.0),
        ARM_R: (0.0, 6.0 * breath + 26.0 * up, -24.0 * up),
        ARM_L: (0.0, -6.0 * breath + 26.0 * up, 24.0 * up),
    }
    for thigh, shin, foot, shift in legs:
        apart = 5.0 if shift else -5.0
        turns[thigh], turns[shin] = (0.0, -17.0 * up + apart, 0.0), (0.0, 0.0, 0.0)
        turns[foot] = (0.0, -apart, 0.0)
    return pose_of(_RIG, turns, lift=0.0)


ASSET = Asset(
    kind="dinosaur",
    plural="dinosaurs",
    synonyms=("t-rex", "t rex", "trex", "tyrannosaur", "tyrannosaurus", "tyrannosaurus rex",
              "godzilla", "raptor", "velociraptor", "dino", "kaiju", "allosaurus", "spinosaurus",
              "triceratops", "stegosaurus", "brontosaurus", "brachiosaurus", "diplodocus", "beast",
              "monster", "reptile", "lizard monster", "giant lizard", "king kong"),
    actions={
        "stand": ("stands", "standing"),
        "walk": ("walks", "walking"),
        "run": ("runs", "running"),
        "roar": ("roars", "roaring"),
    },
    action_synonyms={
        "stand": ("waits", "rests", "stays", "looks", "stand still", "sits", "watches", "stares",
                  "sleeps", "sniffs", "poses"),
        "walk": ("stomps", "strolls", "wanders", "roams", "marches", "stalks", "moves", "goes",
                 "steps", "prowls", "lumbers"),
        "run": ("chases", "charges", "sprints", "races", "rushes", "dashes", "hunts", "flees",
                "gallops", "jumps", "plays"),
        "roar": ("growls", "bellows", "howls", "screams", "snarls", "shouts", "attacks", "bites",
                 "open its mouth", "eats", "rages"),
    },
    natural_colours=("green", "brown", "grey", "lime", "red"),
    wears=None,
    height_m=_HEIGHT,
    length_m=_LENGTH,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s={"stand": 0.0, "walk": _WALK_M_S, "run": _RUN_M_S, "roar": 0.0},
    near="dog",
    homes=("forest", "desert", "mountains"),
)  # fmt: skip
