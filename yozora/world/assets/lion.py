"""A lion: a great mane around its face, a strong body and a long tail with a tuft."""

from __future__ import annotations

import random
from functools import lru_cache

from yozora.world import mesh as m
from yozora.world.assets import gaits
from yozora.world.assets import quadruped as q
from yozora.world.assets.asset import Asset, Look, Pose, contrast, mix
from yozora.world.assets.rig import Rig

_LENGTH, _HEIGHT = 2.1, 1.45
_ACTIONS = q.words("stand", "sit", "walk", "run", "jump", "roar", "eat", "sleep")
_MANES = ((0.40, 0.15, 0.04), (0.26, 0.10, 0.04), (0.62, 0.25, 0.05), (0.93, 0.72, 0.38))


@lru_cache(maxsize=256)
def _frame(seed: int) -> tuple[q.Frame, Rig]:
    leg = 0.56 * random.Random(f"lion legs:{seed}").uniform(0.94, 1.06)
    f = q.Frame(
        hip=(-0.52, leg + 0.01), shoulder=(0.34, leg), knee_share=0.5, out=0.16,
        neck=(0.44, leg + 0.24), head=(0.60, leg + 0.40), tail=(-0.70, leg + 0.22),
        tail_middle=(-0.98, leg + 0.08), ear=(0.56, leg + 0.74, 0.17), paw=0.22,
        haunch=(-0.64, leg - 0.10), length=_LENGTH, mouth=(1.00, leg + 0.30), belly=leg - 0.12,
        thick=0.092, bow_deg=10.0, chin=0.17,
    )  # fmt: skip
    return f, f.rig()


def build(look: Look) -> m.Mesh:
    chance, colour = look.draw("lion"), look.rgb
    f, _ = _frame(look.seed)
    y = f.shoulder[1]
    fat, full = chance.uniform(0.94, 1.08), chance.uniform(0.94, 1.10)
    mane = chance.choice(_MANES[:3])
    if sum(abs(a - b) for a, b in zip(mane, colour, strict=True)) < 0.42:
        mane = _MANES[3] if sum(colour) < 0.9 else _MANES[1]
    rim = mix(mane, contrast(mane), 0.18)
    pale = mix(colour, (0.97, 0.93, 0.85), 0.65)
    parts = [
        q.trunk(f, [(-0.74, y + 0.16, 0.12, 0.11), (-0.62, y + 0.13, 0.23, 0.20),
                    (-0.28, y + 0.12, 0.20 * fat, 0.19 * fat),
                    (0.08, y + 0.12, 0.25 * fat, 0.22), (0.34, y + 0.14, 0.28, 0.23),
                    (0.50, y + 0.20, 0.18, 0.16)], colour),
        m.ellipsoid((0.29, 0.33, 0.27), (0.44, y + 0.20, 0), mane, q.FRONT, sectors=10),
        m.tube([(0.26, y + 0.40, 0), (0.42, y + 0.45, 0), (0.58, y + 0.49, 0),
                (0.69, y + 0.51, 0)],
               [0.17 * full, 0.35 * full, 0.39 * full, 0.30 * full], mane,
               [q.NECK, q.NECK, q.HEAD, q.HEAD], sectors=12,
               widths_P=[0.15 * full, 0.31 * full, 0.36 * full, 0.27 * full]),
        m.ellipsoid((0.22, 0.215, 0.205), (0.75, y + 0.50, 0), colour, q.HEAD, sectors=10),
        m.tube([(0.88, y + 0.46, 0), (1.01, y + 0.44, 0), (1.06, y + 0.435, 0)],
               [0.125, 0.11, 0.08], pale, q.HEAD, widths_P=[0.135, 0.12, 0.09]),
        m.ellipsoid((0.05, 0.055, 0.08), (1.055, y + 0.505, 0), (0.10, 0.04, 0.04), q.HEAD,
                    rings=4, sectors=6),
        m.ellipsoid((0.13, 0.06, 0.10), (0.92, y + 0.345, 0), pale, q.JAW, rings=4),
        m.box((0.20, 0.03, 0.14), (0.91, y + 0.385, 0), (0.78, 0.16, 0.18), q.JAW),
        m.tube([(-0.70, y + 0.22, 0), (-0.86, y + 0.20, 0), (-0.98, y + 0.06, 0),
                (-1.06, y - 0.14, 0), (-1.20, y - 0.22, 0)],
               [0.06, 0.05, 0.045, 0.045, 0.04], colour,
               [q.REAR, q.TAIL, q.TAIL, q.TIP, q.TIP], sectors=6),
        m.ellipsoid((0.14, 0.10, 0.10), (-1.25, y - 0.20, 0), mane, q.TIP, rings=5, sectors=7),
        q.food("meat", 0.44),
    ]  # fmt: skip
    for side, bone in ((1, q.EAR_R), (-1, q.EAR_L)):
        parts += [
            m.ellipsoid((0.05, 0.10, 0.09), (0.63, y + 0.78 * full, 0.22 * side), colour, bone,
                        rings=4),
            m.ellipsoid((0.04, 0.06, 0.05), (0.665, y + 0.78 * full, 0.22 * side), rim, bone,
                        rings=3, sectors=6),
            q.eye((0.925, y + 0.575, 0.115 * side), 0.042),
        ]  # fmt: skip
    parts += q.legs(f, f.thick, colour, pale if chance.random() < 0.4 else colour)
    return m.merge(*parts)


def pose(action: str, t_s: float, look: Look) -> Pose:
    return gaits.pose(*_frame(look.seed), action, t_s, look.seed, wag=22.0)


ASSET = Asset(
    kind="lion",
    plural="lions",
    synonyms=("lioness", "lion cub", "tiger", "tiger cub", "leopard", "cheetah", "panther",
              "jaguar", "puma", "cougar", "mountain lion", "big cat", "snow leopard",
              "king of the jungle", "wildcat", "sphinx", "bobcat"),
    actions=_ACTIONS,
    action_synonyms=q.synonyms(_ACTIONS),
    natural_colours=("yellow", "orange", "beige", "gold", "white"),
    wears=None,
    height_m=_HEIGHT,
    length_m=_LENGTH,
    setting="ground",
    build=build,
    pose=pose,
    stride_m_s=q.strides(_ACTIONS, _LENGTH),
    near="cat",
    homes=("desert", "forest", "mountains", "castle"),
)  # fmt: skip
