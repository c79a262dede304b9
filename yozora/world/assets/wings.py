"""Wings and fins: flat blades that lie level and spread to the side, a joint near the body."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from yozora.world import mesh as m

Outline = Sequence[tuple[float, float]]  # (x, out): corners seen from above


def blade(
    outline: Outline,
    y: float,
    thickness: float,
    colour: m.RGB,
    bone: int,
    side: int,
    rim: float = 0.92,
    glow: float = 0.0,
) -> m.Mesh:
    """A level blade at height y; `side` 1 spreads to the near side (z > 0), -1 to the far one.

    Corners go from the front root outward, along the tip and back to the rear root, and every
    corner sees their centroid.
    """
    upright = m.slab(outline, thickness, (0.0, 0.0, 0.0), colour, bone, glow, rim)
    level = np.array([[1, 0, 0, 0], [0, 0, 1, y], [0, 1, 0, 0], [0, 0, 0, 1.0]])
    laid = m.transform(upright, level)
    return laid if side > 0 else m.mirrored(laid)


def inset(outline: Outline, share: float, towards: tuple[float, float]) -> Outline:
    """The outline shrunk to `share` of its size towards a point: what a rim leaves free."""
    px, pz = towards
    return [(px + (x - px) * share, pz + (z - pz) * share) for x, z in outline]


def disc(centre: tuple[float, float], radius: float, corners: int = 6) -> Outline:
    """A round spot as an outline."""
    angles = np.arange(corners) * (2.0 * np.pi / corners) + 0.3
    return [
        (centre[0] + radius * float(np.cos(a)), centre[1] + radius * float(np.sin(a)))
        for a in angles
    ]
