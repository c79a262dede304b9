"""What houses and their streets share: windows, people in the colours of a crowd."""

from __future__ import annotations

from yozora.world.mesh import Mesh, box, lathe, merge
from yozora.world.places.movers import Mover, lifted, walker
from yozora.world.places.solids import Panel
from yozora.world.places.stage import Colour, Site, mixed

WARM: tuple[Colour, ...] = ((1.0, 0.84, 0.52), (1.0, 0.76, 0.42), (0.98, 0.90, 0.70))
COATS: tuple[Colour, ...] = (
    (0.86, 0.26, 0.20),
    (0.20, 0.42, 0.72),
    (0.95, 0.72, 0.22),
    (0.24, 0.56, 0.42),
    (0.92, 0.90, 0.84),
    (0.58, 0.34, 0.62),
    (0.30, 0.32, 0.40),
)
SKINS: tuple[Colour, ...] = (
    (0.96, 0.78, 0.64),
    (0.82, 0.58, 0.42),
    (0.56, 0.36, 0.24),
    (0.36, 0.22, 0.15),
)
HAIRS: tuple[Colour, ...] = ((0.10, 0.08, 0.08), (0.30, 0.18, 0.10), (0.62, 0.42, 0.18))


def windows(
    site: Site,
    frame: tuple[float, float, float, float, float],
    grid: tuple[int, int],
    share: tuple[float, float],
    dull: Colour,
    lit: float = 0.5,
) -> list[Panel]:
    """Windows in a frame (x0, x1, y0, y1, z), `grid` columns by rows of them.

    `share` of the pitch along x and y is glass; of all windows `lit` shine by night.
    """
    x0, x1, y0, y1, z = frame
    columns, rows = grid
    wide, tall = (x1 - x0) / columns, (y1 - y0) / rows
    pale = (1.0 - share[0]) / 2 * wide
    warm = site.rng.choice(WARM)
    dark = mixed(dull, (0.10, 0.13, 0.22), 0.75 * site.dark)
    out: list[Panel] = []
    for row in range(rows):
        for column in range(columns):
            on = site.rng.random() < lit * min(1.0, 1.6 * site.dark)
            left = x0 + column * wide + pale
            low = y0 + row * tall + (1.0 - share[1]) / 2 * tall
            box = (left, left + wide - 2 * pale, low, low + share[1] * tall, z)
            out.append((*box, warm if on else dark, 0.35 + 0.6 * site.dark if on else 0.0))
    return out


def crowd(
    site: Site, count: int, y: float, z: tuple[float, float], reach: float = 40.0
) -> list[Mover]:
    """`count` people who walk either way between two depths; three bones each.

    In the rain they carry umbrellas.
    """
    rng, out = site.rng, []
    for k in range(count):
        tall = rng.uniform(1.5, 1.75)
        parts = walker(
            rng.choice(COATS), rng.choice(SKINS), rng.choice(HAIRS),
            rng.choice(((0.16, 0.17, 0.24), (0.28, 0.22, 0.20), (0.24, 0.30, 0.42))), tall,
        )  # fmt: skip
        if site.weather == "rain":
            parts = lifted(parts, _umbrella(rng.choice(COATS)), tall - 0.02)
        x = -reach + 2 * reach * (k + rng.uniform(0.15, 0.85)) / count
        pace = rng.uniform(0.95, 1.3) * rng.choice((-1.0, 1.0))
        depth = z[0] + (z[1] - z[0]) * ((k * 0.618) % 1.0)
        out.append(Mover(parts, x, y, depth, pace, 0.68 * abs(pace), 0.04))
    return out


def _umbrella(cloth: Colour) -> Mesh:
    """An open umbrella, 1.2 m across, whose rim is at the height of 0."""
    return merge(
        lathe([(0.02, 0.0), (0.0, 0.6), (0.2, 0.42), (0.32, 0.0)], (0.05, 0.0, 0.1), cloth,
              sectors=8),
        box((0.04, 0.8, 0.04), (0.18, -0.3, 0.2), (0.2, 0.2, 0.22)),
    )  # fmt: skip
