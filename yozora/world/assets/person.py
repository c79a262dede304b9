"""People: women in dresses, men in coats, children in jackets."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from yozora.world import mesh as m
from yozora.world.assets import biped
from yozora.world.assets.asset import Asset, Look, Pose, contrast, mix, shade
from yozora.world.assets.biped import (
    ARM_L,
    ARM_R,
    CHEST,
    FOOT_L,
    FOOT_R,
    FORE_L,
    FORE_R,
    HAIR,
    HEAD,
    HIPS,
    LEG_L,
    LEG_R,
    SHIN_L,
    SHIN_R,
    SKIRT_L,
    SKIRT_R,
)  # fmt: skip
from yozora.world.assets.rig import Rig

_SKINS: tuple[m.RGB, ...] = (
    (0.90, 0.66, 0.54), (0.84, 0.55, 0.40), (0.70, 0.42, 0.26),
    (0.50, 0.27, 0.15), (0.30, 0.15, 0.08), (0.17, 0.08, 0.045),
)  # fmt: skip
_HAIRS: tuple[m.RGB, ...] = (
    (0.02, 0.018, 0.02), (0.06, 0.03, 0.015), (0.17, 0.08, 0.03),
    (0.36, 0.11, 0.04), (0.75, 0.52, 0.20), (0.10, 0.05, 0.03),
)  # fmt: skip
_TROUSERS: tuple[m.RGB, ...] = (
    (0.05, 0.07, 0.16), (0.07, 0.07, 0.08), (0.20, 0.14, 0.09), (0.30, 0.28, 0.24),
)  # fmt: skip
_PACKS: tuple[m.RGB, ...] = ((0.9, 0.55, 0.05), (0.05, 0.3, 0.55), (0.5, 0.08, 0.25))


@dataclass(frozen=True, slots=True)
class _Person:
    """What the seed decides about somebody."""

    build: biped.Build
    rig: Rig
    girth: float  # 1 is average
    skin: m.RGB
    hair: m.RGB
    trousers: m.RGB
    shoes: m.RGB
    pack: m.RGB
    style: int  # of the hair, 0..2
    hat: bool
    beard: bool
    cut: float  # 0..1: how long the dress or the coat is


@lru_cache(maxsize=512)
def _person(kind: str, seed: int) -> _Person:
    chance = random.Random(f"{kind}:{seed}")
    size = chance.uniform(0.96, 1.04)
    tall = size * _HEIGHT_M[kind]
    girth = chance.uniform(0.9, 1.12)
    if kind == "child":
        build = biped.Build(
            tall,
            0.69 * tall,
            0.64 * tall,
            0.47 * tall,
            0.38 * tall,
            0.20 * tall,
            0.49 * tall,
            0.36 * tall,
            0.125 * tall,
            0.065 * tall,
            0.17 * tall,
        )
    else:
        out = (0.15 if kind == "man" else 0.112) * tall * (0.5 + 0.5 * girth)
        build = biped.Build(tall, 0.80 * tall, 0.755 * tall, 0.60 * tall, 0.49 * tall, 0.26 * tall,
                            0.60 * tall, 0.45 * tall, out, 0.058 * tall, 0.15 * tall)  # fmt: skip
    tone = chance.uniform(0.0, len(_SKINS) - 1.001)
    skin = mix(_SKINS[int(tone)], _SKINS[int(tone) + 1], tone % 1.0)
    age = chance.random()
    hair = chance.choice(_HAIRS if tone < 2.5 else _HAIRS[:2])
    if kind != "child" and age > 0.75:
        hair = mix(hair, (0.72, 0.72, 0.74), 4.0 * (age - 0.75))
    return _Person(
        build, build.rig(), girth, skin, hair, chance.choice(_TROUSERS),
        chance.choice(((0.04, 0.03, 0.03), (0.25, 0.12, 0.06), (0.85, 0.85, 0.85))),
        chance.choice(_PACKS), chance.randrange(3),
        chance.random() < (0.7 if kind == "child" else 0.55),
        kind == "man" and chance.random() < 0.4, chance.random(),
    )  # fmt: skip


def _head(p: _Person, kind: str, colour: m.RGB) -> list[m.Mesh]:
    tall, base = p.build.height, p.build.neck
    big = (0.135 if kind == "child" else 0.098) * tall
    y = base + 1.12 * big
    parts = [
        m.capsule((0, base - 0.04 * tall, 0), (0, base + 0.02 * tall, 0), 0.036 * tall,
                  0.036 * tall, p.skin, CHEST),
        m.ellipsoid((0.92 * big, 1.08 * big, 0.86 * big), (0, y, 0), p.skin, HEAD, sectors=10),
        m.box((0.3 * big, 0.26 * big, 0.24 * big), (0.95 * big, y - 0.1 * big, 0), p.skin, HEAD,
              top=(0.3, 0.6)),
        m.box((0.08 * big, 0.09 * big, 0.4 * big), (0.82 * big, y - 0.5 * big, 0),
              mix(p.skin, (0.55, 0.05, 0.05), 0.6), HEAD),
    ]  # fmt: skip
    for side in (-1, 1):
        parts += [
            m.box((0.12 * big, 0.26 * big, 0.24 * big), (0.84 * big, y + 0.15 * big,
                  0.36 * side * big), (0.95, 0.95, 0.95), HEAD),
            m.box((0.12 * big, 0.22 * big, 0.13 * big), (0.88 * big, y + 0.14 * big,
                  0.34 * side * big), (0.02, 0.02, 0.03), HEAD),
        ]  # fmt: skip
    cap = m.ellipsoid((1.02 * big, 0.98 * big, 1.0 * big), (-0.16 * big, y + 0.26 * big, 0),
                      p.hair, HEAD, rings=5, sectors=10)  # fmt: skip
    parts.append(cap)
    if kind == "woman":
        low = (0.9, 2.5, 3.3)[p.style] * big  # bob, long, very long
        parts.append(
            m.tube([(-0.25 * big, y + 0.7 * big, 0), (-0.72 * big, y, 0),
                    (-0.86 * big, y - 0.55 * low, 0), (-0.8 * big, y - low, 0)],
                   [0.5 * big, 0.5 * big, 0.42 * big, 0.2 * big], p.hair, HAIR,
                   widths_P=[0.7 * big, 1.12 * big, 1.05 * big, 0.6 * big]))  # fmt: skip
    if kind == "child" and not p.hat:
        if p.style == 0:
            parts += [m.ellipsoid((0.35 * big, 0.55 * big, 0.35 * big),
                                  (-0.3 * big, y - 0.1 * big, 1.2 * s * big), p.hair, HEAD, rings=4,
                                  sectors=6) for s in (-1, 1)]  # fmt: skip
        else:
            parts.append(
                m.cone(
                    (-0.1 * big, y + 1.0 * big, 0),
                    0.4 * big,
                    (0.35 * big, y + 1.5 * big, 0),
                    p.hair,
                    HEAD,
                    sectors=6,
                )
            )
    if p.beard:
        parts.append(
            m.ellipsoid(
                (0.62 * big, 0.6 * big, 0.7 * big),
                (0.36 * big, y - 0.74 * big, 0),
                p.hair,
                HEAD,
                rings=4,
            )
        )
    if p.hat and kind == "man":
        band = contrast(colour)
        parts += [
            m.cylinder((0, y + 0.5 * big, 0), (0, y + 0.6 * big, 0), 1.75 * big, colour, HEAD),
            m.cylinder((0, y + 0.6 * big, 0), (0, y + 0.78 * big, 0), 1.06 * big, band, HEAD),
            m.cylinder((0, y + 0.78 * big, 0), (0, y + 1.4 * big, 0), 1.06 * big, colour, HEAD,
                       radius_end=0.8 * big),
        ]  # fmt: skip
    if p.hat and kind == "child":
        parts += [
            m.ellipsoid((1.1 * big, 1.0 * big, 1.08 * big), (-0.06 * big, y + 0.42 * big, 0),
                        colour, HEAD, rings=5, sectors=10),
            m.cylinder((0.85 * big, y + 0.5 * big, 0), (0.85 * big, y + 0.6 * big, 0), 0.72 * big,
                       shade(colour, 0.7), HEAD, sectors=8),
        ]  # fmt: skip
    if p.hat and kind == "woman":  # a bow
        parts += [m.box((0.2 * big, 0.6 * big, 0.5 * big),
                        (-0.35 * big, y + 1.25 * big, 0.3 * s * big), colour, HEAD, top=(1, 1.3))
                  for s in (-1, 1)]  # fmt: skip
    return parts


def _skirted(tube: m.Mesh, hip: float) -> m.Mesh:
    """The cloth below the hip hangs from the legs: right half on one bone, left on the other."""
    bone = tube.bone_V.copy()
    below = tube.position_V3[:, 1] < hip
    bone[below & (tube.position_V3[:, 2] > 0)] = SKIRT_R
    bone[below & (tube.position_V3[:, 2] <= 0)] = SKIRT_L
    return m.Mesh(tube.position_V3, tube.normal_V3, tube.colour_V3, tube.glow_V,
                  bone.astype(np.int32), tube.triangle_T3)  # fmt: skip


def _body(p: _Person, kind: str, colour: m.RGB) -> list[m.Mesh]:
    b, g = p.build, p.girth
    tall, top = b.height, b.shoulder + 0.028 * b.height
    deep, wide = 0.07 * tall * g, b.shoulder_out
    if kind == "woman":
        hem = (0.20 + 0.12 * p.cut) * tall
        flare = (0.20 + 0.03 * p.cut) * tall
        path = [hem, 0.5 * (hem + b.hip), b.hip, b.waist, b.shoulder - 0.04 * tall, top]
        depths = [flare, 0.155 * tall, 0.105 * tall, 0.9 * deep, 1.12 * deep, 0.6 * deep]
        widths = [flare, 0.165 * tall, 0.115 * tall, 0.075 * tall * g, 0.9 * wide, 0.75 * wide]
        bones = [HIPS, HIPS, HIPS, CHEST, CHEST, CHEST]
    else:
        hem = (0.33 + 0.06 * p.cut if kind == "man" else 0.34) * tall
        path = [hem, b.hip + 0.005 * tall, b.waist, b.shoulder - 0.05 * tall, b.shoulder, top]
        child = kind == "child"
        depths = [1.45 * deep, 1.35 * deep, 1.25 * deep, 1.35 * deep, 1.1 * deep, 0.5 * deep]
        if child:
            depths = [1.3 * d for d in depths]
        low = 0.125 * tall if child else 0.126 * tall * (0.5 + 0.5 * g)
        widths = [low, 0.95 * low, 0.95 * low, wide, 1.02 * wide, 0.6 * wide]
        bones = [HIPS, HIPS, HIPS, CHEST, CHEST, CHEST]
    trunk = m.tube([(0, y, 0) for y in path], depths, colour, bones, sectors=10, widths_P=widths)
    parts = [_skirted(trunk, b.hip - 1e-3)]
    dark = mix(colour, contrast(colour), 0.6)
    front = 1.28 * deep if kind != "woman" else 0.95 * deep
    if kind == "man":  # lapels of a shirt, and a belt
        parts.append(m.box((0.03 * tall, 0.15 * tall, 0.085 * tall),
                           (1.3 * deep, b.shoulder - 0.055 * tall, 0), (0.85, 0.84, 0.8), CHEST,
                           top=(0.3, 1.3)))  # fmt: skip
    elif kind == "woman":
        parts.append(
            m.cylinder(
                (0, b.waist - 0.015 * tall, 0),
                (0, b.waist + 0.02 * tall, 0),
                0.088 * tall * g,
                dark,
                CHEST,
            )
        )
    else:
        parts.append(
            m.box(
                (0.02 * tall, 0.2 * tall, 0.02 * tall),
                (1.28 * front, 0.5 * (b.waist + b.shoulder), 0),
                dark,
                CHEST,
            )
        )
        parts.append(m.box((0.13 * tall, 0.19 * tall, 0.2 * tall),
                           (-1.9 * deep, 0.5 * (b.waist + b.shoulder), 0), p.pack, CHEST,
                           top=(0.8, 0.8)))  # fmt: skip
    return parts


def _limbs(p: _Person, kind: str, colour: m.RGB) -> list[m.Mesh]:
    b = p.build
    tall, thick = b.height, (1.15 if kind == "child" else 1.0) * (0.6 + 0.4 * p.girth)
    arm = (0.046 if kind == "man" else 0.036 if kind == "woman" else 0.05) * tall * thick
    parts: list[m.Mesh] = []
    for side, upper, fore, leg, shin, foot in (
        (1, ARM_R, FORE_R, LEG_R, SHIN_R, FOOT_R),
        (-1, ARM_L, FORE_L, LEG_L, SHIN_L, FOOT_L),
    ):
        out, hip = side * b.shoulder_out, side * b.hip_out
        parts += [
            m.capsule((0, b.shoulder, out), (0, b.elbow, out), 1.15 * arm, arm, colour, upper),
            m.capsule((0, b.elbow, out), (0, b.wrist, out), arm, 0.85 * arm, colour, fore),
            m.ellipsoid((0.95 * arm, 1.25 * arm, 0.9 * arm), (0, b.wrist - 0.9 * arm, out), p.skin,
                        fore, rings=4, sectors=6),
        ]  # fmt: skip
        thigh = {"man": p.trousers, "woman": p.skin, "child": shade(colour, 0.7)}[kind]
        calf = p.trousers if kind == "man" else p.skin
        wide = (0.062 if kind == "man" else 0.05 if kind == "woman" else 0.07) * tall * thick
        ankle = b.ankle
        parts += [
            m.capsule((0, b.hip, hip), (0, b.knee, hip), wide, 0.78 * wide, thigh, leg),
            m.capsule((0, b.knee, hip), (0, ankle, hip), 0.76 * wide, 0.6 * wide, calf, shin),
            m.box((b.foot_length, 1.3 * ankle, 1.5 * wide), (0.2 * b.foot_length, 0.65 * ankle,
                  hip), p.shoes, foot, top=(0.7, 0.8), top_shift=-0.12 * b.foot_length),
        ]  # fmt: skip
    return parts


def _build(kind: str, look: Look) -> m.Mesh:
    p = _person(kind, look.seed)
    return m.merge(*_body(p, kind, look.rgb), *_head(p, kind, look.rgb), *_limbs(p, kind, look.rgb))


def _pose(kind: str, action: str, t_s: float, look: Look) -> Pose:
    p = _person(kind, look.seed)
    return biped.pose(p.rig, p.build, action, t_s, look.seed)


_HEIGHT_M = {"woman": 1.68, "man": 1.82, "child": 1.18}


def _asset(kind: str, plural: str, wears: str, colours: tuple[str, ...],
           synonyms: tuple[str, ...]) -> Asset:  # fmt: skip
    tall = _HEIGHT_M[kind]
    stride = dict.fromkeys(biped.ACTIONS, 0.0)
    stride["walk"], stride["run"] = biped.WALK_HEIGHTS_S * tall, biped.RUN_HEIGHTS_S * tall

    def build(look: Look) -> m.Mesh:
        return _build(kind, look)

    def pose(action: str, t_s: float, look: Look) -> Pose:
        return _pose(kind, action, t_s, look)

    return Asset(kind, plural, synonyms, biped.ACTIONS, biped.ACTION_SYNONYMS, colours, wears,
                 1.04 * tall, 0.45 * tall, "ground", build, pose, stride)  # fmt: skip


ASSETS = (
    _asset("woman", "women", "dress", ("red", "blue", "purple", "white", "green"),
           ("lady", "female", "mother", "mom", "mum", "wife", "grandmother", "grandma", "aunt",
            "queen", "princess", "actress", "dancer", "ballerina", "bride", "sister", "madam",
            "businesswoman", "girlfriend", "witch", "heroine")),
    _asset("man", "men", "coat", ("blue", "brown", "grey", "black", "green"),
           ("guy", "gentleman", "male", "person", "human", "father", "dad", "husband", "fellow",
            "grandfather", "grandpa", "uncle", "king", "prince", "actor", "detective", "worker",
            "businessman", "farmer", "soldier", "knight", "wizard", "astronaut", "spaceman",
            "cowboy", "brother", "boyfriend", "somebody", "someone", "pedestrian",
            "traveller", "traveler", "hero", "chef", "doctor")),
    _asset("child", "children", "jacket", ("yellow", "red", "green", "orange", "cyan"),
           ("kid", "boy", "girl", "toddler", "son", "daughter", "youngster", "pupil",
            "schoolboy", "schoolgirl", "student", "teenager", "teen", "baby", "youth", "little boy",
            "little girl", "grandchild", "kiddo")),
)  # fmt: skip
