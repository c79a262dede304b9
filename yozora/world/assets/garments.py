"""What people wear beside what their colour is said of: jacket, boots, hat, scarf and more."""

from __future__ import annotations

from yozora.world import mesh as m
from yozora.world.assets import figure, head
from yozora.world.assets.asset import Look, shade
from yozora.world.assets.skeleton import CHEST, PACK, Build
from yozora.world.scene import COLOURS

GARMENT_NAMES: dict[str, tuple[str, str]] = {  # one person's, several people's
    "jacket": ("jacket", "jackets"),
    "boots": ("boots", "boots"),
    "hat": ("hat", "hats"),
    "scarf": ("scarf", "scarves"),
    "backpack": ("backpack", "backpacks"),
    "trousers": ("trousers", "trousers"),
}


def worn(look: Look) -> dict[str, m.RGB]:
    """Garment -> colour; what is not in GARMENT_NAMES is left out."""
    return {what: COLOURS[colour] for what, colour in look.worn if what in GARMENT_NAMES}


def jacket(b: Build, depth: float, width: float, colour: m.RGB, below: m.RGB) -> list[m.Mesh]:
    """A short jacket over a trunk of these radii at the chest, open in front on `below`."""
    tall = b.height
    heights = [b.waist - 0.035 * tall, b.waist + 0.03 * tall, b.shoulder - 0.05 * tall,
               b.shoulder + 0.012 * tall, b.shoulder + 0.04 * tall]  # fmt: skip
    heights[0] = max(heights[0], b.hip + 0.01 * tall)
    depths = [1.22 * depth, 1.2 * depth, 1.3 * depth, 1.0 * depth, 0.55 * depth]
    widths = [1.14 * width, 1.1 * width, 1.16 * width, 1.04 * width, 0.5 * width]
    open_depths = [0.5 * d for d in depths]
    front = m.tube([(0.62 * d, y, 0) for d, y in zip(depths, heights, strict=True)],
                   open_depths, below, CHEST, sectors=6,
                   widths_P=[0.40 * width] * 4 + [0.24 * width])  # fmt: skip
    edge = shade(colour, 0.8 if sum(colour) > 0.5 else 2.2)
    collar = m.cylinder((0, b.shoulder + 0.02 * tall, 0), (0, b.shoulder + 0.055 * tall, 0),
                        0.7 * depth, edge, CHEST, sectors=6, radius_end=0.8 * depth)  # fmt: skip
    return [figure.trunk(heights, depths, widths, 0.0, colour), front, collar]


def scarf(b: Build, round_m: float, colour: m.RGB) -> list[m.Mesh]:
    """A thick scarf around the neck, one end of it behind."""
    y = b.neck - 0.002 * b.height
    return [
        m.ellipsoid((1.12 * round_m, 0.55 * round_m, 1.16 * round_m), (0.012 * b.height, y, 0),
                    colour, CHEST, rings=5, sectors=10),
        m.box((0.03 * b.height, 0.15 * b.height, 0.07 * b.height),
              (0.95 * round_m, y - 0.09 * b.height, 0.025 * b.height), shade(colour, 0.85), CHEST,
              top=(1.0, 0.8)),
        figure.scarf_end(b, shade(colour, 0.92)),
    ]  # fmt: skip


def backpack(b: Build, depth: float, width: float, colour: m.RGB) -> list[m.Mesh]:
    """A big one, with its straps; `depth` and `width` are the chest's radii."""
    tall, y = b.height, 0.5 * (b.waist + b.shoulder) - 0.005 * b.height
    long = b.shoulder - b.waist + 0.12 * tall
    deep, wide = 0.16 * tall, max(1.7 * width, 0.2 * tall)
    back = -depth - 0.5 * deep
    straps = [m.box((2.5 * depth, 0.9 * (b.shoulder - b.waist), 0.045 * tall),
                    (0.04 * depth, y + 0.04 * tall, 0.62 * s * width), shade(colour, 0.7), PACK,
                    top=(0.8, 1.0)) for s in (-1, 1)]  # fmt: skip
    return [
        m.ellipsoid((0.62 * deep, 0.56 * long, 0.56 * wide), (back, y, 0), colour, PACK, rings=7,
                    sectors=10),
        m.box((0.5 * deep, 0.4 * long, 0.7 * wide), (back - 0.36 * deep, y - 0.14 * long, 0),
              shade(colour, 0.8), PACK, top=(0.8, 0.9)),
        *straps,
    ]  # fmt: skip


def hat(b: Build, big: float, colour: m.RGB) -> list[m.Mesh]:
    """With a wide brim; a child's head is large enough for a smaller one."""
    return head.brimmed_hat(b, big, colour, 1.75 if big > 0.12 * b.height else 2.15)
