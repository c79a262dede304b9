"""People: women in dresses, men in coats, children in jackets."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import lru_cache

from yozora.world import mesh as m
from yozora.world.assets import biped, figure, garments, head
from yozora.world.assets.asset import Asset, Look, Pose, contrast, mix, shade
from yozora.world.assets.rig import Rig
from yozora.world.assets.skeleton import CHEST, Build

SKINS: tuple[m.RGB, ...] = (
    (0.93, 0.70, 0.58), (0.87, 0.58, 0.43), (0.72, 0.44, 0.28),
    (0.52, 0.28, 0.16), (0.32, 0.16, 0.085), (0.19, 0.09, 0.05),
)  # fmt: skip
HAIRS: tuple[m.RGB, ...] = (
    (0.02, 0.018, 0.02), (0.06, 0.03, 0.015), (0.20, 0.09, 0.03),
    (0.42, 0.13, 0.04), (0.80, 0.56, 0.20), (0.10, 0.05, 0.03),
)  # fmt: skip
_TROUSERS: tuple[m.RGB, ...] = (
    (0.05, 0.07, 0.16), (0.07, 0.07, 0.08), (0.20, 0.14, 0.09), (0.30, 0.28, 0.24),
)  # fmt: skip
_COVERS: tuple[m.RGB, ...] = ((0.75, 0.10, 0.08), (0.06, 0.22, 0.62), (0.08, 0.42, 0.18))
_HEIGHT_M = {"woman": 1.70, "man": 1.83, "child": 1.18}
_HEAD = {"woman": 0.082, "man": 0.083, "child": 0.138}  # radius in heights
_HAT_SHARE = {"woman": 0.12, "man": 0.15, "child": 0.4}


def grown(tall: float, girth: float, man: bool) -> Build:
    """A grown-up's joints: broad shoulders or a narrow waist."""
    wide = 0.5 + 0.5 * girth
    if man:
        return Build.of(
            tall, 0.845, 0.795, 0.62, 0.51, 0.27, 0.625, 0.47, 0.140 * wide, 0.053, 0.16
        )
    return Build.of(tall, 0.842, 0.79, 0.645, 0.52, 0.275, 0.63, 0.485, 0.100 * wide, 0.05, 0.145)


def complexion(chance: random.Random) -> tuple[m.RGB, m.RGB]:
    """A skin and hair that go together."""
    tone = chance.uniform(0.0, len(SKINS) - 1.001)
    skin = mix(SKINS[int(tone)], SKINS[int(tone) + 1], tone % 1.0)
    return skin, chance.choice(HAIRS if tone < 2.5 else HAIRS[:2])


@dataclass(frozen=True, slots=True)
class _Person:
    """What the seed decides about somebody."""

    build: Build
    rig: Rig
    girth: float  # 1 is average
    skin: m.RGB
    hair: m.RGB
    trousers: m.RGB
    shoes: m.RGB
    cover: m.RGB  # of a book
    style: int  # of the hair, 0..3
    hat: bool
    beard: bool
    cut: float  # 0..1: how long the dress or the coat is


@lru_cache(maxsize=512)
def _person(kind: str, seed: int) -> _Person:
    chance = random.Random(f"{kind}:{seed}")
    tall = chance.uniform(0.96, 1.04) * _HEIGHT_M[kind]
    girth = chance.uniform(0.9, 1.12)
    if kind == "child":
        build = Build.of(tall, 0.70, 0.645, 0.49, 0.385, 0.205, 0.485, 0.35, 0.118, 0.062, 0.17)
    else:
        build = grown(tall, girth, kind == "man")
    skin, hair = complexion(chance)
    age = chance.random()
    if kind != "child" and age > 0.86:
        hair = mix(hair, (0.72, 0.72, 0.74), 6.0 * (age - 0.86))
    return _Person(
        build, build.rig(), girth, skin, hair, chance.choice(_TROUSERS),
        chance.choice(((0.04, 0.03, 0.03), (0.25, 0.12, 0.06), (0.85, 0.85, 0.85))),
        chance.choice(_COVERS), chance.randrange(4), chance.random() < _HAT_SHARE[kind],
        kind == "man" and chance.random() < 0.35, chance.random(),
    )  # fmt: skip


def _head(p: _Person, kind: str, colour: m.RGB, worn: dict[str, m.RGB]) -> list[m.Mesh]:
    b, big = p.build, _HEAD[kind] * p.build.height
    hat = p.hat and "hat" not in worn
    if kind == "woman":
        parts = head.face(b, big, p.skin, lips=0.85, eye=1.1)
        flat = "hat" in worn and p.style == 3  # a bun would come through the hat
        parts += head.long_hair(b, big, p.hair, 1 if flat else p.style)
        parts += head.bow(b, big, colour) if hat else []
    elif kind == "man":
        parts = head.face(b, big, p.skin, lips=0.22, eye=0.85)
        covered = hat or "hat" in worn
        parts += head.short_hair(b, big, p.hair, 3 if covered else p.style)
        parts += [head.beard(b, big, p.hair)] if p.beard else []
        parts += head.brimmed_hat(b, big, colour, 1.7) if hat else []
    else:
        parts = head.face(b, big, p.skin, lips=0.3, eye=1.15)
        parts += head.child_hair(b, big, p.hair, p.style, colour, hat or "hat" in worn)
        parts += head.child_cap(b, big, colour) if hat else []
    return parts + (garments.hat(b, big, worn["hat"]) if "hat" in worn else [])


def _dress(p: _Person, colour: m.RGB, worn: dict[str, m.RGB]) -> list[m.Mesh]:
    b, g, tall = p.build, p.girth, p.build.height
    hem = (0.095 + 0.10 * p.cut) * tall
    if "boots" in worn:
        hem = max(hem, 0.215 * tall)
    if "trousers" in worn:
        hem = 0.38 * tall
    deep, wide = 0.062 * tall * g, b.shoulder_out
    flare = (0.1 + 0.32 * (0.40 * tall - hem) / tall) * tall
    low = [hem + share * (b.hip - hem) for share in (0.0, 0.24, 0.5, 0.76)]
    hip_deep, hip_wide = 0.088 * tall * (0.4 + 0.6 * g), 0.096 * tall * (0.4 + 0.6 * g)
    if "trousers" in worn:
        hip_deep, hip_wide = 1.08 * hip_deep, 0.115 * tall
    ease = (1.0, 0.7, 0.4, 0.14)
    heights = [*low, b.hip + 0.01 * tall, b.waist, b.shoulder - 0.06 * tall,
               b.shoulder - 0.005 * tall, b.shoulder + 0.03 * tall]  # fmt: skip
    depths = [hip_deep + e * (flare - hip_deep) for e in ease]
    widths = [hip_wide + e * (flare - hip_wide) for e in ease]
    depths += [hip_deep, 0.83 * deep, 1.12 * deep, 0.85 * deep, 0.5 * deep]
    widths += [hip_wide, 0.066 * tall * g, 0.9 * wide, 1.0 * wide, 0.45 * wide]
    belt = worn.get("belt", shade(colour, 0.5) if sum(colour) > 0.5 else (0.55, 0.5, 0.42))
    parts = [
        figure.skirted(figure.trunk(heights, depths, widths, b.waist, colour), b.hip, b.hem),
        m.cylinder((0, b.waist - 0.012 * tall, 0), (0, b.waist + 0.018 * tall, 0),
                   0.071 * tall * g, belt, CHEST),
    ]  # fmt: skip
    if "jacket" in worn:
        parts += garments.jacket(b, 1.05 * deep, wide, worn["jacket"], colour)
    return parts


def _coat(p: _Person, kind: str, colour: m.RGB, worn: dict[str, m.RGB]) -> list[m.Mesh]:
    b, g, tall = p.build, p.girth, p.build.height
    child = kind == "child"
    short = b.hip - 0.035 * tall if child else b.hip - 0.05 * tall
    hem = short if child or "trousers" in worn or "jacket" in worn else (0.32 + 0.08 * p.cut) * tall
    deep, wide = (0.088 if child else 0.068) * tall * g, b.shoulder_out
    hip = (0.118 if child else 0.113) * tall * (0.5 + 0.5 * g)
    swing = 1.0 + (0.4 if child else 0.75) * (b.hip - hem) / tall
    heights = [hem, 0.5 * (hem + b.hip), b.hip + 0.005 * tall, b.waist, b.shoulder - 0.06 * tall,
               b.shoulder + 0.002 * tall, b.shoulder + 0.035 * tall]  # fmt: skip
    depths = [
        1.4 * deep * swing,
        1.4 * deep,
        1.28 * deep,
        1.15 * deep,
        1.32 * deep,
        1.0 * deep,
        0.45 * deep,
    ]
    widths = [
        1.08 * hip * swing,
        1.1 * hip,
        1.06 * hip,
        0.92 * hip,
        0.98 * wide,
        1.03 * wide,
        0.45 * wide,
    ]
    parts = [figure.skirted(figure.trunk(heights, depths, widths, b.waist, colour), b.hip)]
    dark = shade(colour, 0.45) if sum(colour) > 0.5 else (0.35, 0.34, 0.34)
    tie = contrast(colour, (0.10, 0.09, 0.12), (0.62, 0.06, 0.08))
    if "jacket" in worn:
        parts += garments.jacket(b, 1.22 * deep, 1.0 * wide, worn["jacket"], colour)
    elif not child:  # a shirt between lapels, a tie, a collar and a seam
        front = [b.waist + 0.02 * tall, b.shoulder - 0.06 * tall, b.shoulder + 0.01 * tall]
        parts += [
            m.tube([(x * deep, y, 0) for x, y in zip((0.75, 0.86, 0.6), front, strict=True)],
                   [0.5 * deep] * 3, (0.86, 0.85, 0.82), CHEST, sectors=8,
                   widths_P=[0.012 * tall, 0.045 * tall, 0.062 * tall]),
            m.box((0.016 * tall, 0.13 * tall, 0.022 * tall), (1.34 * deep, b.shoulder - 0.045 *
                  tall, 0), tie, CHEST, top=(0.6, 0.8), top_shift=-0.012 * tall),
            m.cylinder((0, b.shoulder + 0.02 * tall, 0), (0, b.shoulder + 0.055 * tall, 0),
                       0.062 * tall, shade(colour, 0.75), CHEST, sectors=8),
            m.box((0.02 * tall, b.waist + 0.02 * tall - b.hip, 0.016 * tall),
                  (1.24 * deep, 0.5 * (b.hip + b.waist), 0), dark, CHEST, top=(1.0, 0.8)),
        ]  # fmt: skip
    else:  # a zip and a hood
        parts += [
            m.box((0.02 * tall, b.shoulder - b.hip, 0.028 * tall), (1.26 * deep, 0.5 * (b.hip +
                  b.shoulder), 0), dark, CHEST),
            m.ellipsoid((0.07 * tall, 0.05 * tall, 0.1 * tall), (-0.075 * tall, b.shoulder +
                        0.02 * tall, 0), shade(colour, 0.8), CHEST, rings=5),
        ]  # fmt: skip
    return parts


def _limbs(p: _Person, kind: str, colour: m.RGB, worn: dict[str, m.RGB]) -> list[m.Mesh]:
    b, loose = p.build, 0.6 + 0.4 * p.girth
    tall = b.height
    arm = {"man": 0.042, "woman": 0.030, "child": 0.046}[kind] * tall * loose
    thick = {"man": 0.061, "woman": 0.047, "child": 0.066}[kind] * tall * loose
    sleeve = worn.get("jacket", colour)
    bare = kind == "woman" and "jacket" not in worn and p.cut < 0.6
    parts = figure.arms(b, arm, sleeve, p.skin if bare else sleeve, p.skin, 1.45 if bare else 1.2)
    cloth = {"man": p.trousers, "woman": p.skin, "child": (0.13, 0.20, 0.40)}[kind]
    if "trousers" in worn:
        cloth, thick = worn["trousers"], thick * (1.12 if kind == "woman" else 1.0)
    shoe = shade(colour, 0.55) if kind == "woman" else p.shoes
    parts += figure.legs(b, thick, cloth, cloth)
    if "boots" in worn:
        return parts + figure.boots(b, thick, worn["boots"])
    return parts + figure.shoes(b, 1.35 * thick, shoe)


def _build(kind: str, look: Look) -> m.Mesh:
    p, worn = _person(kind, look.seed), garments.worn(look)
    b, colour = p.build, look.rgb
    deep = {"man": 0.09, "woman": 0.07, "child": 0.115}[kind] * b.height * p.girth
    parts = _dress(p, colour, worn) if kind == "woman" else _coat(p, kind, colour, worn)
    parts += _head(p, kind, colour, worn) + _limbs(p, kind, colour, worn)
    if "scarf" in worn:
        round_m = {"man": 0.085, "woman": 0.075, "child": 0.105}[kind] * b.height
        parts += garments.scarf(b, round_m, worn["scarf"])
    if "backpack" in worn:
        parts += garments.backpack(b, deep, b.shoulder_out, worn["backpack"])
    return m.merge(*parts, *figure.belongings(b, p.cover))


def _pose(kind: str, action: str, t_s: float, look: Look) -> Pose:
    p = _person(kind, look.seed)
    return biped.pose(p.rig, p.build, action, t_s, look.seed)


def _asset(kind: str, plural: str, wears: str, colours: tuple[str, ...],
           homes: tuple[str, ...], synonyms: tuple[str, ...]) -> Asset:  # fmt: skip
    tall, can = _HEIGHT_M[kind], biped.PERSON_ACTIONS

    def build(look: Look) -> m.Mesh:
        return _build(kind, look)

    def pose(action: str, t_s: float, look: Look) -> Pose:
        return _pose(kind, action, t_s, look)

    return Asset(kind, plural, synonyms, biped.actions_of(*can), biped.synonyms_of(*can), colours,
                 wears, 1.02 * tall, 0.42 * tall, "ground", build, pose,
                 biped.strides_of(tall, *can), near=kind, homes=homes)  # fmt: skip


ASSETS = (
    _asset("woman", "women", "dress", ("red", "blue", "purple", "white", "green"),
           ("street", "market", "living room", "park", "library"),
           ("lady", "female", "mother", "mom", "mum", "wife", "grandmother", "grandma", "aunt",
            "queen", "princess", "actress", "dancer", "ballerina", "bride", "sister", "madam",
            "businesswoman", "girlfriend", "witch")),
    _asset("man", "men", "coat", ("blue", "brown", "grey", "black", "green"),
           ("street", "building", "market", "library", "farm"),
           ("guy", "gentleman", "male", "person", "human", "father", "dad", "husband", "fellow",
            "grandfather", "grandpa", "uncle", "king", "prince", "actor", "detective", "worker",
            "businessman", "farmer", "wizard", "cowboy", "brother", "boyfriend", "somebody",
            "someone", "pedestrian", "traveller", "traveler", "chef", "doctor", "pilot")),
    _asset("child", "children", "jacket", ("yellow", "red", "green", "orange", "cyan"),
           ("park", "classroom", "living room", "beach", "snow field"),
           ("kid", "boy", "girl", "toddler", "son", "daughter", "youngster", "pupil",
            "schoolboy", "schoolgirl", "student", "teenager", "teen", "baby", "youth", "little boy",
            "little girl", "grandchild", "kiddo")),
)  # fmt: skip
