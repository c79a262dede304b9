"""Parts that people, heroes, astronauts and knights share: limbs, cloth, what they hold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from yozora.world import mesh as m
from yozora.world.assets.asset import shade
from yozora.world.assets.gestures import PRESENT_M
from yozora.world.assets.skeleton import (
    BOOK,
    CAPE_1,
    CAPE_2,
    CAPE_3,
    CHEST,
    HEM_L,
    HEM_R,
    HIPS,
    PILLOW,
    PRESENT,
    SIDES,
    SKIRT_L,
    SKIRT_R,
    STOOL,
    Build,
)

_BOX, _RIBBON = (0.97, 0.80, 0.22), (0.85, 0.05, 0.12)  # one present passes between two people


def skirted(tube: m.Mesh, hip: float, hem: float = 0.0) -> m.Mesh:
    """Cloth below the hip hangs from the legs, its right half on one bone and its left on another;
    what is below `hem` from a second pair."""
    bone, height = tube.bone_V.copy(), tube.position_V3[:, 1]
    right = tube.position_V3[:, 2] > 0
    bone[(height < hip) & right] = SKIRT_R
    bone[(height < hip) & ~right] = SKIRT_L
    bone[(height < hem) & right] = HEM_R
    bone[(height < hem) & ~right] = HEM_L
    return m.Mesh(tube.position_V3, tube.normal_V3, tube.colour_V3, tube.glow_V,
                  bone.astype(np.int32), tube.triangle_T3)  # fmt: skip


def trunk(
    heights: Sequence[float],
    depths: Sequence[float],
    widths: Sequence[float],
    waist: float,
    colour: m.RGB,
) -> m.Mesh:
    """An upright tube, on the hips up to the waist and on the chest from there."""
    bones = [CHEST if y >= waist - 1e-6 else HIPS for y in heights]
    return m.tube([(0, y, 0) for y in heights], depths, colour, bones, sectors=12, widths_P=widths)


def arms(
    b: Build, thick: float, sleeve: m.RGB, cuff: m.RGB, hand: m.RGB, puff: float = 1.15
) -> list[m.Mesh]:
    """Upper arms, forearms and hands; `thick` is the elbow's radius in metres."""
    parts: list[m.Mesh] = []
    for side, upper, fore, *_ in SIDES:
        out = side * b.shoulder_out
        parts += [
            m.capsule((0, b.shoulder, out), (0, b.elbow, out), puff * thick, thick, sleeve, upper),
            m.cylinder((0, b.elbow, out), (0, b.wrist, out), 0.96 * thick, cuff, fore, sectors=6,
                       radius_end=0.8 * thick),
            m.ellipsoid((0.95 * thick, 1.4 * thick, 0.85 * thick), (0, b.wrist - thick, out), hand,
                        fore, rings=4, sectors=6),
        ]  # fmt: skip
    return parts


def legs(b: Build, thick: float, thigh: m.RGB, calf: m.RGB) -> list[m.Mesh]:
    """Thighs and calves; `thick` is the thigh's radius in metres."""
    parts: list[m.Mesh] = []
    for side, _, _, leg, shin, _ in SIDES:
        hip = side * b.hip_out
        parts += [
            m.capsule((0, b.hip, hip), (0, b.knee, hip), thick, 0.76 * thick, thigh, leg),
            m.cylinder((0, b.knee, hip), (0, b.ankle, hip), 0.75 * thick, calf, shin, sectors=6,
                       radius_end=0.5 * thick),
        ]  # fmt: skip
    return parts


def shoes(b: Build, wide: float, colour: m.RGB, tall: float = 1.35) -> list[m.Mesh]:
    """A pair, `wide` metres across and `tall` ankles high."""
    high = tall * b.ankle
    return [m.box((b.foot_length, high, wide), (0.2 * b.foot_length, 0.5 * high,
                  side * b.hip_out), colour, foot, top=(0.66, 0.8),
                  top_shift=-0.13 * b.foot_length) for side, *_, foot in SIDES]  # fmt: skip


def boots(b: Build, thick: float, colour: m.RGB, top: float = 0.96) -> list[m.Mesh]:
    """Big boots to the knee (`top` 1), over legs whose thighs have that radius."""
    parts: list[m.Mesh] = []
    high = b.ankle + top * (b.knee - b.ankle)
    for side, _, _, _, shin, _ in SIDES:
        hip = side * b.hip_out
        parts += [
            m.cylinder((0, 0.5 * b.ankle, hip), (0, high, hip), 0.86 * thick, colour, shin,
                       sectors=7, radius_end=1.12 * thick),
            m.cylinder((0, 0.86 * high, hip), (0, 1.03 * high, hip), 1.24 * thick,
                       shade(colour, 1.7) if sum(colour) < 0.5 else shade(colour, 0.75), shin,
                       sectors=7),
        ]  # fmt: skip
    return parts + shoes(b, 1.75 * thick, colour, 1.7)


def cape(b: Build, colour: m.RGB, top: float, bottom: float, low: float) -> m.Mesh:
    """Cloth down the back to the height `low`, `top` and `bottom` metres wide."""
    back, first = -0.06 * b.height, b.shoulder + 0.03 * b.height
    heights = [first, b.shoulder - 0.06 * b.height, b.shoulder - 0.2 * b.height,
               b.shoulder - 0.36 * b.height, low]  # fmt: skip
    widths = [0.5 * (top + (bottom - top) * share) for share in (0.0, 0.3, 0.62, 0.85, 1.0)]
    thick = [share * b.height for share in (0.022, 0.03, 0.04, 0.05, 0.055)]
    path = [(back - 0.02 * b.height * i, y, 0) for i, y in enumerate(heights)]
    bones = [CHEST, CAPE_1, CAPE_1, CAPE_2, CAPE_3]
    return m.tube(path, thick, colour, bones, sectors=8, widths_P=widths)


def scarf_end(b: Build, colour: m.RGB) -> m.Mesh:
    """What of a scarf flutters behind."""
    tall, y = b.height, b.shoulder + 0.02 * b.height
    path = [(-0.05 * tall, y, 0.0), (-0.075 * tall, y - 0.09 * tall, 0.02),
            (-0.085 * tall, y - 0.2 * tall, 0.02),
            (-0.09 * tall, y - 0.36 * tall, 0.02)]  # fmt: skip
    return m.tube(path, [0.022 * tall] * 4, colour, [CHEST, CAPE_1, CAPE_2, CAPE_3], sectors=6,
                  widths_P=[0.04 * tall, 0.05 * tall, 0.055 * tall, 0.06 * tall])  # fmt: skip


def present(b: Build) -> list[m.Mesh]:
    """A wrapped box with a ribbon and a bow, of one size whoever holds it."""
    s, y = PRESENT_M, b.shoulder
    return [
        m.box((s, 0.86 * s, s), (0, y, 0), _BOX, PRESENT),
        m.box((1.03 * s, 0.89 * s, 0.24 * s), (0, y, 0), _RIBBON, PRESENT),
        m.box((0.24 * s, 0.89 * s, 1.03 * s), (0, y, 0), _RIBBON, PRESENT),
        m.box((0.16 * s, 0.3 * s, 0.6 * s), (0, y + 0.55 * s, 0), _RIBBON, PRESENT, top=(1, 1.5)),
    ]


def belongings(b: Build, cover: m.RGB) -> list[m.Mesh]:
    """Present, book, stool and pillow; a pose shows the one that it needs."""
    tall, y = b.height, b.shoulder
    wood, linen = (0.46, 0.26, 0.12), (0.93, 0.93, 0.95)
    parts = present(b)
    for side in (1, -1):  # an open book: its pages towards the reader
        leaf = m.box((0.02 * tall, 0.235 * tall, 0.17 * tall), (0, 0, 0), cover)
        pages = m.box((0.02 * tall, 0.21 * tall, 0.155 * tall), (-0.016 * tall, 0, 0),
                      (0.95, 0.93, 0.85))  # fmt: skip
        half = m.moved(m.merge(leaf, pages), 0, 0, 0.083 * side * tall)
        half = m.moved(m.turned(half, 32.0 * side), 0, y, 0)
        parts.append(m.Mesh(half.position_V3, half.normal_V3, half.colour_V3, half.glow_V,
                            np.full(len(half.bone_V), BOOK, np.int32),
                            half.triangle_T3))  # fmt: skip
    floor, seat = b.hip - b.knee + 0.02 * tall, b.hip - 0.06 * tall
    parts += [
        m.cylinder((-0.02 * tall, floor, 0), (-0.02 * tall, seat - 0.035 * tall, 0), 0.1 * tall,
                   shade(wood, 0.7), STOOL, sectors=8, radius_end=0.085 * tall),
        m.cylinder((-0.02 * tall, seat - 0.04 * tall, 0), (-0.02 * tall, seat, 0), 0.135 * tall,
                   wood, STOOL, sectors=10),
        m.ellipsoid((0.055 * tall, 0.115 * tall, 0.19 * tall),
                    (-0.085 * tall, b.neck + 0.085 * tall, 0), linen, PILLOW, rings=5),
    ]  # fmt: skip
    return parts
