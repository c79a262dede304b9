"""Heads: faces, hair, hats."""

from __future__ import annotations

from yozora.world import mesh as m
from yozora.world.assets.asset import contrast, mix, shade
from yozora.world.assets.skeleton import CHEST, HAIR, HEAD, Build

_LIPS = (0.72, 0.10, 0.14)


def face(b: Build, big: float, skin: m.RGB, lips: float = 0.4, eye: float = 1.0) -> list[m.Mesh]:
    """Neck and head with eyes, nose and mouth; `big` is the head's radius, `lips` their redness."""
    tall, base = b.height, b.neck
    y = base + 1.05 * big
    parts = [
        m.capsule((0, base - 0.05 * tall, 0), (0, base + 0.03 * tall, 0), 0.4 * big + 0.006 * tall,
                  0.4 * big, shade(skin, 0.93), CHEST),
        m.ellipsoid((0.9 * big, 1.08 * big, 0.84 * big), (0, y, 0), skin, HEAD, rings=6,
                    sectors=10),
        m.box((0.34 * big, 0.3 * big, 0.26 * big), (0.86 * big, y - 0.14 * big, 0), skin, HEAD,
              top=(0.3, 0.6)),
        m.box((0.12 * big, 0.13 * big, 0.4 * big), (0.73 * big, y - 0.52 * big, 0),
              mix(skin, _LIPS, lips), HEAD, top=(1.0, 1.2)),
    ]  # fmt: skip
    for side in (-1, 1):
        parts += [
            m.ellipsoid((0.1 * big, 0.18 * eye * big, 0.13 * big), (0.77 * big, y + 0.06 * big,
                        0.37 * side * big), (0.03, 0.02, 0.02), HEAD, rings=3, sectors=6),
        ]  # fmt: skip
    return parts


def _cap(y: float, big: float, hair: m.RGB, fat: float = 1.0) -> m.Mesh:
    """Hair over the crown and the back of the head, that leaves the face free."""
    return m.ellipsoid((1.0 * big * fat, 1.0 * big * fat, 0.98 * big * fat),
                       (-0.2 * big, y + 0.24 * big, 0), hair, HEAD, rings=5, sectors=9)  # fmt: skip


def long_hair(b: Build, big: float, hair: m.RGB, style: int) -> list[m.Mesh]:
    """A bob, long hair, a pony-tail, or a bun (0..3)."""
    y = b.neck + 1.05 * big
    parts = [_cap(y, big, hair, 1.04)]
    if style in (0, 1):
        low = (1.15, 2.7)[style] * big
        parts.append(
            m.tube([(-0.1 * big, y + 0.75 * big, 0), (-0.5 * big, y + 0.1 * big, 0),
                    (-0.66 * big, y - 0.5 * low, 0), (-0.62 * big, y - low, 0)],
                   [0.55 * big, 0.68 * big, 0.46 * big, 0.16 * big], hair, HAIR,
                   widths_P=[0.75 * big, 1.12 * big, 1.12 * big, 0.62 * big]))  # fmt: skip
        parts += [m.capsule((0.3 * big, y + 0.55 * big, 0.78 * s * big),
                            (0.18 * big, y - 0.75 * big, 0.84 * s * big), 0.26 * big, 0.2 * big,
                            hair, HEAD) for s in (-1, 1)]  # fmt: skip
    elif style == 2:
        parts.append(
            m.tube([(-0.75 * big, y + 0.75 * big, 0), (-1.45 * big, y + 0.75 * big, 0),
                    (-1.75 * big, y - 0.4 * big, 0), (-1.5 * big, y - 1.9 * big, 0)],
                   [0.3 * big, 0.42 * big, 0.46 * big, 0.1 * big], hair, HAIR,
                   widths_P=[0.3 * big, 0.45 * big, 0.5 * big, 0.12 * big]))  # fmt: skip
    else:
        parts.append(m.ellipsoid((0.5 * big, 0.5 * big, 0.52 * big),
                                 (-0.72 * big, y + 1.05 * big, 0), hair, HEAD,
                                 rings=5))  # fmt: skip
    return parts


def short_hair(b: Build, big: float, hair: m.RGB, style: int) -> list[m.Mesh]:
    """Combed up in front, a parting, curls, or cropped (0..3)."""
    y = b.neck + 1.05 * big
    if style == 2:
        return [_cap(y + 0.1 * big, big, hair, 1.14)]
    parts = [_cap(y, big, hair, 0.97 if style == 3 else 1.0)]
    if style < 2:
        parts.append(m.ellipsoid((0.55 * big, 0.34 * big, 0.72 * big),
                                 (0.36 * big, y + (1.02 if style == 0 else 0.96) * big,
                                  0.0 if style == 0 else 0.22 * big), hair, HEAD,
                                 rings=4))  # fmt: skip
    return parts


def beard(b: Build, big: float, hair: m.RGB) -> m.Mesh:
    """Around the chin."""
    y = b.neck + 1.05 * big
    return m.ellipsoid((0.6 * big, 0.56 * big, 0.68 * big), (0.32 * big, y - 0.78 * big, 0), hair,
                       HEAD, rings=4)  # fmt: skip


def child_hair(
    b: Build, big: float, hair: m.RGB, style: int, tie: m.RGB, capped: bool
) -> list[m.Mesh]:
    """Pigtails with coloured ties (styles 0 and 1) or tousled hair, as far as a cap shows it."""
    y = b.neck + 1.05 * big
    parts = [_cap(y, big, hair, 1.0)]
    if style < 2:
        for s in (-1, 1):
            parts += [
                m.ellipsoid((0.22 * big, 0.22 * big, 0.22 * big),
                            (-0.25 * big, y + 0.28 * big, 1.02 * s * big), tie, HEAD, rings=4,
                            sectors=6),
                m.ellipsoid((0.34 * big, 0.62 * big, 0.34 * big),
                            (-0.32 * big, y - 0.22 * big, 1.32 * s * big), hair, HEAD, rings=5,
                            sectors=6),
            ]  # fmt: skip
    elif not capped:
        for x, z in ((0.35, 0.1), (-0.2, -0.35), (-0.2, 0.4)):
            parts.append(m.cone((x * big, y + 0.95 * big, z * big), 0.36 * big,
                                ((x + 0.32) * big, y + 1.45 * big, 1.3 * z * big), hair, HEAD,
                                sectors=6))  # fmt: skip
    return parts


def child_cap(b: Build, big: float, colour: m.RGB) -> list[m.Mesh]:
    """A round cap with a peak."""
    y = b.neck + 1.05 * big
    return [
        m.ellipsoid((1.08 * big, 0.95 * big, 1.06 * big), (-0.1 * big, y + 0.44 * big, 0), colour,
                    HEAD, rings=6, sectors=10),
        m.cylinder((0.8 * big, y + 0.5 * big, 0), (0.8 * big, y + 0.6 * big, 0), 0.74 * big,
                   shade(colour, 0.72), HEAD, sectors=8),
    ]  # fmt: skip


def brimmed_hat(b: Build, big: float, colour: m.RGB, brim: float) -> list[m.Mesh]:
    """A hat with a band; `brim` is its radius in head radii."""
    y = b.neck + 1.05 * big
    return [
        m.cylinder((0, y + 0.44 * big, 0), (0, y + 0.58 * big, 0), brim * big, colour, HEAD,
                   sectors=12, radius_end=0.9 * brim * big),
        m.cylinder((0, y + 0.56 * big, 0), (0, y + 0.8 * big, 0), 1.12 * big, contrast(colour),
                   HEAD),
        m.cylinder((0, y + 0.78 * big, 0), (0, y + 1.4 * big, 0), 1.1 * big, colour, HEAD,
                   radius_end=0.84 * big),
    ]  # fmt: skip


def bow(b: Build, big: float, colour: m.RGB) -> list[m.Mesh]:
    """A ribbon in the hair."""
    y = b.neck + 1.05 * big
    return [m.box((0.24 * big, 0.6 * big, 0.5 * big), (-0.3 * big, y + 1.2 * big, 0.3 * s * big),
                  colour, HEAD, top=(1, 1.3)) for s in (-1, 1)]  # fmt: skip
