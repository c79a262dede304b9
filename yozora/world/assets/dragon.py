"""A dragon: four legs, great bat wings, a horned head on a long neck, a spiked tail, and fire."""

from __future__ import annotations

from yozora.world import mesh as m
from yozora.world.assets.asset import Asset, Look, Pose, mix, phase_of, shade
from yozora.world.assets.rig import Rig, Turn, bump, pose_of, step, through, wave
from yozora.world.assets.wings import blade

_HEIGHT, _LENGTH = 2.0, 2.75
_WALK_M_S, _FLY_M_S = 0.9, 2.4
BODY, NECK_A, NECK_B, HEAD, JAW, TAIL_A, TAIL_B, TAIL_C, WING_R, WING_L, TIP_R, TIP_L = range(12)
FIRE, FLAME, FORE_R, FORE_L, HIND_R, HIND_L, PAW_R, PAW_L, HOCK_R, HOCK_L = range(12, 22)
_OUT, _FORE_X, _HIND_X, _HIP, _KNEE = 0.19, 0.30, -0.36, 0.58, 0.29
_Y = 0.92  # of the wings' joints
_HEAD_AT, _HEAD_SIZE = (0.78, 1.44), 1.3  # the joint of the head; how much it is enlarged
_MOUTH = (1.28, 1.35, 0.0)
_RIG = Rig(
    (-1, BODY, NECK_A, NECK_B, HEAD, BODY, TAIL_A, TAIL_B, BODY, BODY, WING_R, WING_L, HEAD, FIRE,
     BODY, BODY, BODY, BODY, FORE_R, FORE_L, HIND_R, HIND_L),
    ((0, 0.68, 0), (0.36, 0.80, 0), (0.60, 1.12, 0), (*_HEAD_AT, 0), (0.83, 1.34, 0),
     (-0.50, 0.64, 0), (-0.76, 0.47, 0), (-0.98, 0.46, 0), (0.14, _Y, 0.14), (0.14, _Y, -0.14),
     (0.34, _Y, 0.84), (0.34, _Y, -0.84), _MOUTH, (1.85, 1.35, 0),
     *((x, y, side * _OUT) for x, y in ((_FORE_X, _HIP), (_HIND_X, _HIP), (_FORE_X, _KNEE),
                                        (_HIND_X, _KNEE)) for side in (1, -1))),
    tuple((bone, (x + dx, 0.0, side * _OUT)) for x, right, left in
          ((_FORE_X, PAW_R, PAW_L), (_HIND_X, HOCK_R, HOCK_L))
          for bone, side in ((right, 1), (left, -1)) for dx in (0.13, -0.09)),
)  # fmt: skip
_INNER = ((0.24, 0.10), (0.36, 0.86), (-0.12, 0.78), (-0.58, 0.90), (-0.48, 0.50), (-0.56, 0.10))
_OUTER = ((0.36, 0.82), (0.34, 1.20), (0.06, 1.74), (-0.14, 1.34), (-0.52, 1.42), (-0.42, 1.08),
          (-0.58, 0.90), (-0.12, 0.78))  # fmt: skip
_HIDDEN = 0.02


def _fire() -> list[m.Mesh]:
    """A cone of fire before the mouth, white hot where it starts and red where it ends."""
    x, y, _ = _MOUTH
    white, yellow = (1.0, 0.97, 0.75), (1.0, 0.82, 0.15)
    orange, red = (1.0, 0.48, 0.03), (0.92, 0.16, 0.03)
    return [
        m.tube([(x, y, 0), (x + 0.30, y, 0)], [0.05, 0.14], white, FIRE,
               1.0, sectors=7),
        m.tube([(x + 0.24, y, 0), (x + 0.62, y, 0)], [0.13, 0.25], yellow, FIRE, 1.0, sectors=7),
        m.tube([(x + 0.52, y, 0), (x + 0.94, y, 0)], [0.24, 0.32], orange, FLAME, 1.0, sectors=7),
        *(m.cone((x + 0.80, y + dy, dz), 0.20, (x + 1.42 - far, y + 1.5 * dy, 1.5 * dz), red, FLAME,
                 1.0, sectors=6)
          for dy, dz, far in ((0.15, 0.08, 0.18), (-0.15, 0.06, 0.10), (0.02, -0.16, 0.2),
                              (0.0, 0.14, 0.0))),
    ]  # fmt: skip


def _head(colour: m.RGB, horn: m.RGB, long: float) -> m.Mesh:
    """Skull, snout, jaw, horns and eyes, enlarged about the joint of the head."""
    parts = [
        m.ellipsoid((0.19, 0.155, 0.15), (0.84, 1.47, 0), colour, HEAD, rings=6, sectors=8),
        m.tube([(0.88, 1.47, 0), (1.02, 1.445, 0), (1.16, 1.43, 0), (1.22, 1.43, 0)],
               [0.125, 0.10, 0.085, 0.05], colour, HEAD, sectors=7,
               widths_P=[0.135, 0.11, 0.095, 0.06]),
        m.tube([(0.80, 1.36, 0), (0.96, 1.34, 0), (1.18, 1.35, 0)], [0.075, 0.055, 0.03], colour,
               JAW, sectors=6, widths_P=[0.115, 0.10, 0.06]),
    ]  # fmt: skip
    for side in (1, -1):
        parts += [
            m.cone((0.76, 1.56, 0.08 * side), 0.055, (0.46, 1.70 + 0.06 * long, 0.17 * side), horn,
                   HEAD, sectors=6),
            m.cone((0.74, 1.45, 0.13 * side), 0.045, (0.54, 1.45, 0.25 * side), colour, HEAD,
                   sectors=5),
            m.ellipsoid((0.05, 0.048, 0.03), (0.93, 1.53, 0.112 * side), (1.0, 0.88, 0.15), HEAD,
                        0.5, rings=4, sectors=6),
            m.ellipsoid((0.02, 0.036, 0.02), (0.945, 1.53, 0.133 * side), (0.01, 0.01, 0.01), HEAD,
                        rings=4, sectors=5),
            m.cone((1.12, 1.40, 0.07 * side), 0.022, (1.12, 1.325, 0.07 * side), (0.98, 0.97, 0.92),
                   HEAD, sectors=4),
        ]  # fmt: skip
    x, y = _HEAD_AT
    about = m.matrix((x - _HEAD_SIZE * x, y - _HEAD_SIZE * y, 0.0), scale=_HEAD_SIZE)
    return m.transform(m.merge(*parts), about)


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("dragon"), look.rgb
    bright = 0.3 * colour[0] + 0.6 * colour[1] + 0.1 * colour[2]
    skin = shade(colour, 0.66) if bright > 0.06 else (0.15, 0.15, 0.18)
    belly = mix(colour, (0.98, 0.88, 0.60), 0.75)
    horn = (0.95, 0.90, 0.76) if bright < 0.8 else (0.30, 0.25, 0.24)
    spike = chance.choice((horn, skin, mix((0.98, 0.72, 0.12), colour, 0.15)))
    fat, long = chance.uniform(0.92, 1.1), chance.uniform(0.85, 1.2)
    tail = [(-0.44, 0.66), (-0.60, 0.55), (-0.78, 0.46), (-1.00, 0.46), (-1.18, 0.66)]
    neck = [(0.26, 0.74), (0.46, 0.93), (0.60, 1.13), (0.70, 1.32), (0.79, 1.45)]
    parts = [
        m.tube([(-0.54, 0.66, 0), (-0.36, 0.68, 0), (-0.06, 0.68, 0), (0.24, 0.73, 0),
                (0.42, 0.80, 0)], [0.17, 0.26, 0.285 * fat, 0.29 * fat, 0.19], colour, BODY,
               sectors=9, widths_P=[0.15, 0.24, 0.26 * fat, 0.26 * fat, 0.17]),
        m.ellipsoid((0.36, 0.19, 0.20), (0.08, 0.55, 0), belly, BODY, rings=5),
        m.tube([(x, y, 0) for x, y in neck], [0.25, 0.205, 0.17, 0.15, 0.14], colour,
               [BODY, NECK_A, NECK_B, NECK_B, HEAD], sectors=8),
        m.tube([(x, y, 0) for x, y in tail], [0.20, 0.17, 0.13, 0.09, 0.04], colour,
               [BODY, TAIL_A, TAIL_B, TAIL_C, TAIL_C], sectors=7),
        m.slab([(-1.08, 0.62), (-1.28, 0.60), (-1.36, 0.96), (-1.06, 0.80)], 0.09, (0, 0, 0), spike,
               TAIL_C, rim=0.6),
        _head(colour, horn, long),
        *_fire(),
    ]  # fmt: skip
    spikes = [(0.44, 1.05, 0.30, 0.55, NECK_A), (0.56, 1.25, 0.40, 0.60, NECK_B),
              (-0.06, 0.92, 0.16, 1.0, BODY), (-0.34, 0.89, 0.14, 0.9, BODY),
              (-0.62, 0.70, 0.20, 0.8, TAIL_A), (-0.82, 0.59, 0.15, 0.7, TAIL_B)]  # fmt: skip
    for x, y, back, size, bone in spikes:
        tip = (x - 0.5 * back, y + 0.17 * long * size, 0)
        parts.append(m.cone((x, y - 0.05, 0), 0.095 * size, tip, spike, bone, sectors=4))
    for side, wing, end, fore, hind, paw, hock in (
        (1, WING_R, TIP_R, FORE_R, HIND_R, PAW_R, HOCK_R),
        (-1, WING_L, TIP_L, FORE_L, HIND_L, PAW_L, HOCK_L),
    ):
        wrist = (0.35, _Y, 0.84 * side)
        z = _OUT * side
        parts += [
            blade(_INNER, _Y, 0.03, skin, wing, side, 1.0),
            blade(_OUTER, _Y, 0.03, skin, end, side, 1.0),
            m.capsule((0.14, _Y, 0.14 * side), wrist, 0.065, 0.045, colour, wing, sectors=5),
            *(m.cone(wrist, 0.045, (x, _Y, o * side), colour, end, sectors=4)
              for x, o in ((0.07, 1.76), (-0.50, 1.44), (-0.57, 0.91))),
            m.cone(wrist, 0.04, (0.50, _Y + 0.02, 0.88 * side), horn, wing, sectors=4),
        ]  # fmt: skip
        for x, upper, lower, thick in ((_FORE_X, fore, paw, 0.13), (_HIND_X, hind, hock, 0.18)):
            parts += [
                m.capsule(
                    (x, _HIP + 0.02, z), (x, _KNEE, z), thick, 0.095, colour, upper, sectors=5
                ),
                m.cylinder(
                    (x, _KNEE, z), (x, 0.06, z), 0.098, colour, lower, sectors=6, radius_end=0.08
                ),
                m.box((0.23, 0.11, 0.20), (x + 0.02, 0.055, z), colour, lower, top=(0.65, 0.8)),
                m.cone((x + 0.10, 0.055, z), 0.05, (x + 0.20, 0.045, z), horn, lower, sectors=4),
            ]
    return m.merge(*parts)


def _wings(turns: dict[int, Turn], raised: float, back: float, bend: float) -> None:
    """Both wings raised by so many degrees, swept back, and bent down at the wrist.

    Their front edges are tilted up, so that they are seen from the front as well.
    """
    turns[WING_R], turns[WING_L] = (-back, 18.0, -raised), (back, 18.0, raised)
    turns[TIP_R], turns[TIP_L] = (-0.4 * back, 0.0, bend), (0.4 * back, 0.0, -bend)


def pose(action: str, t_s: float, look: Look) -> Pose:
    start = phase_of(look.seed)
    turns: dict[int, Turn] = {}
    scales = {FIRE: _HIDDEN}
    move, lift = (0.0, 0.0, 0.0), 0.0
    if action == "fly":
        u = t_s / 0.85 + start
        flap = wave(u)
        _wings(turns, 22.0 + 46.0 * flap, 4.0, 6.0 + 28.0 * wave(u - 0.2))
        turns[BODY] = (0.0, 15.0 - 5.0 * wave(u + 0.25), 3.0 * wave(t_s / 2.3 + start))
        turns[NECK_A] = (0.0, -26.0 + 5.0 * wave(u + 0.2), 0.0)
        turns[NECK_B] = (0.0, -14.0, 0.0)
        turns[HEAD] = (0.0, 32.0 - 4.0 * wave(u + 0.2), 0.0)
        turns[TAIL_A] = (0.0, 12.0 + 8.0 * wave(u + 0.05), 0.0)
        turns[TAIL_B] = (6.0 * wave(0.5 * u), 6.0 + 10.0 * wave(u - 0.08), 0.0)
        turns[TAIL_C] = (8.0 * wave(0.5 * u), -8.0 + 12.0 * wave(u - 0.2), 0.0)
        for leg, low, pitch in ((FORE_R, PAW_R, -38.0), (FORE_L, PAW_L, -44.0),
                                (HIND_R, HOCK_R, -62.0), (HIND_L, HOCK_L, -68.0)):  # fmt: skip
            turns[leg], turns[low] = (0.0, pitch, 0.0), (0.0, -28.0, 0.0)
        rise = 0.85 - 0.10 * wave(u + 0.25)
        return pose_of(_RIG, turns, (0.0, rise, 0.0), scales=scales)
    u = t_s / 2.8 + start
    sway, breath = wave(0.5 * u), wave(u)
    turns[TAIL_A] = (12.0 * sway, 0.0, 0.0)
    turns[TAIL_B] = (16.0 * wave(0.5 * u - 0.1), 3.0 * breath, 0.0)
    turns[TAIL_C] = (20.0 * wave(0.5 * u - 0.2), 4.0 * breath, 0.0)
    if action == "walk":
        swing, stance = 26.0, 0.56
        u = t_s * _WALK_M_S * stance / (2.0 * _HIP * 0.44) + start
        for leg, low, shift in ((FORE_R, PAW_R, 0.0), (FORE_L, PAW_L, 0.5), (HIND_R, HOCK_R, 0.6),
                                (HIND_L, HOCK_L, 0.1)):  # fmt: skip
            hip, knee = step(u + shift, swing, 64.0, stance)
            turns[leg], turns[low] = (0.0, hip, 0.0), (0.0, knee, 0.0)
        _wings(turns, 62.0 + 7.0 * wave(2.0 * u), 14.0, 24.0)
        turns[BODY] = (0.0, 1.5 * wave(2.0 * u), 2.5 * wave(u))
        turns[NECK_A] = (4.0 * wave(u), 5.0 * wave(2.0 * u + 0.2), 0.0)
        turns[NECK_B] = (4.0 * wave(u), 0.0, 0.0)
        turns[HEAD] = (0.0, -5.0 * wave(2.0 * u + 0.2), 0.0)
    elif action == "breathe fire":  # a breath in with the head drawn back, then fire
        v = t_s / 2.0 + 0.25 * start
        blow = through(v, [(0.0, 0.0), (0.16, 1.0), (0.80, 1.0), (0.92, 0.0)])
        flicker = 1.0 + 0.07 * wave(t_s / 0.23) + 0.05 * wave(t_s / 0.37)
        scales = {
            FIRE: max(_HIDDEN, 1.3 * blow * flicker),
            FLAME: 1.0 + 0.14 * wave(t_s / 0.29 + 0.3),
        }
        _wings(turns, 66.0 + 5.0 * breath - 4.0 * blow, 8.0, 18.0)
        turns[NECK_A] = (0.0, 14.0 - 26.0 * blow, 0.0)
        turns[NECK_B] = (0.0, 14.0 - 26.0 * blow, 0.0)
        turns[HEAD] = (3.0 * wave(t_s / 0.7), -14.0 + 50.0 * blow, 0.0)
        turns[JAW] = (0.0, -6.0 - 30.0 * blow, 0.0)
        turns[FORE_R], turns[FORE_L] = (0.0, 10.0, 0.0), (0.0, -6.0, 0.0)
        move = (-0.60, 0.0, 0.0)  # so that dragon and fire share the picture
    else:
        _wings(turns, 64.0 + 7.0 * breath, 12.0, 24.0 + 6.0 * breath)
        turns[NECK_A] = (8.0 * sway, 3.0 * breath, 0.0)
        turns[NECK_B] = (8.0 * sway, 2.0 * breath, 0.0)
        turns[HEAD] = (10.0 * sway, -3.0 * breath, 0.0)
        turns[JAW] = (0.0, -8.0 * bump(u) ** 4, 0.0)
    return pose_of(_RIG, turns, move, lift, scales)


ASSET = Asset(
    kind="dragon",
    plural="dragons",
    synonyms=("wyvern", "fire dragon", "drake", "baby dragon", "griffin", "gryphon", "hydra",
              "pterodactyl", "pterosaur", "smaug", "fire-breathing dragon", "winged beast",
              "chimera", "phoenix", "gargoyle", "wyrm", "basilisk"),
    actions={
        "stand": ("stands", "standing"),
        "walk": ("walks", "walking"),
        "fly": ("flies", "flying"),
        "breathe fire": ("breathes fire", "breathing fire"),
    },
    action_synonyms={
        "stand": ("waits", "rests", "stays", "looks", "stand still", "sits", "guards", "sleeps",
                  "perches", "watches", "poses", "stares"),
        "walk": ("strolls", "wanders", "roams", "marches", "moves", "goes", "steps", "prowls",
                 "runs", "stomps", "charges"),
        "fly": ("soars", "glides", "flaps", "hovers", "swoops", "takes off", "flap its wings",
                "circles", "jumps"),
        "breathe fire": ("spit fire", "spew fire", "spews flames", "breathe flames", "spit flames",
                         "roars", "attacks", "burns", "blow fire", "shoot fire", "exhale fire",
                         "breathe out fire", "spits", "snarls", "growls", "spew flames"),
    },
    natural_colours=("green", "red", "black", "purple", "gold"),
    wears=None,
    height_m=_HEIGHT,
    length_m=_LENGTH,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s={"stand": 0.0, "walk": _WALK_M_S, "fly": _FLY_M_S, "breathe fire": 0.0},
    near="bird",
    homes=("castle", "mountains", "desert"),
)  # fmt: skip
