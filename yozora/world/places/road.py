"""A broad road through a modern city: lanes, traffic both ways, trees, light blocks of flats."""

from __future__ import annotations

from yozora.world.mesh import Mesh, box, cylinder, merge, moved, scaled
from yozora.world.places.facades import COATS, crowd, windows
from yozora.world.places.movers import SPAN, Mover, Part, bus, passing, saloon, van
from yozora.world.places.props import GREENS, IRON, bush, park_tree
from yozora.world.places.solids import Block, Panel, along, blocks, panels, scattered
from yozora.world.places.stage import Colour, Lamp, Site, Stage, mixed, shaded

_ASPHALT: Colour = (0.33, 0.34, 0.37)
_PAINT: Colour = (0.95, 0.94, 0.90)
_AMBER: Colour = (0.96, 0.72, 0.16)
_KERB = -5.9  # z of the pavement's edge
_FRONT = -11.0  # z of the first houses
_LANES = (-2.0, -4.5)  # z of those that go to the right, and to the left
_WALLS: tuple[Colour, ...] = (
    (0.93, 0.90, 0.84),
    (0.86, 0.56, 0.42),
    (0.62, 0.74, 0.80),
    (0.90, 0.78, 0.56),
    (0.70, 0.72, 0.76),
    (0.56, 0.70, 0.62),
)
_CARS: tuple[Colour, ...] = (
    (0.85, 0.16, 0.12),
    (0.95, 0.93, 0.90),
    (0.98, 0.76, 0.12),
    (0.14, 0.36, 0.74),
    (0.20, 0.22, 0.26),
    (0.16, 0.60, 0.56),
    (0.94, 0.48, 0.16),
)


def road(site: Site) -> Stage:
    """Lanes along x, then pavement, trees and houses; on the water, a river below the road."""
    rng, greens = site.rng, GREENS[site.season]
    high = 0.35 if site.on_water else 0.0
    skyline = _skyline(site)
    parts = [_surface(site, high), _blocks_of_flats(site), skyline]
    kinds = [park_tree(k, greens, rng) for k in (0, 2)]
    trees_x = along(rng, 34, 6.4, 0.8)
    for k, tree in enumerate(kinds):
        spots = [
            (x, 0.1, -8.2, rng.uniform(0, 360), rng.uniform(0.62, 0.74)) for x in trees_x[k::2]
        ]
        parts.append(scattered(tree, spots, [rng.uniform(0.92, 1.1) for _ in spots]))
    hedge = [(x + 3.0, 0.1, -8.6, 0.0, 1.1) for x in trees_x]
    parts.append(scattered(bush(shaded(greens.bush, 0.95)), hedge))
    posts_x = along(rng, 34, 9.0, 0.4)
    parts.append(scattered(_lamp(site), [(x, high, _KERB - 0.4, 0.0, 1.0) for x in posts_x]))

    paint = rng.sample(_CARS, len(_CARS))
    movers: list[Mover] = []
    for lane, (z, speed) in enumerate(zip(_LANES, (7.5, -6.5), strict=True)):
        start = rng.uniform(0.0, 15.0)
        for k in range(6):
            colour = paint[(k + 3 * lane) % len(paint)]
            if lane == 1 and k == 1:  # large things keep to the far lane
                red = rng.choice(((0.80, 0.14, 0.12), (0.12, 0.46, 0.36)))
                mesh = scaled(bus(red, site.dark), 0.9)
            elif lane == 1 and k == 4:
                mesh = scaled(van(colour, rng.choice(COATS), site.dark), 0.84)
            else:
                mesh = saloon(colour, site.dark)
            x = -SPAN + start + 2 * SPAN * k / 6 + rng.uniform(-2.0, 2.0)
            movers.append(Mover((Part(mesh),), x, high, z, speed))
    movers += crowd(site, 7, high + 0.12, (_KERB - 0.7, _KERB - 1.7))
    moving, motion = passing(movers, 0.16 * site.dark)

    near = sorted(posts_x, key=abs)[:4]
    lamps = tuple(
        Lamp((x, 3.2, _KERB + 0.6), (1.0, 0.84, 0.58), 8.0, site.dark)
        for x in near
        if site.dark > 0.0
    )
    colour = (0.14, 0.32, 0.42) if site.on_water else _ASPHALT
    return Stage(
        merge(*parts),
        "water" if site.on_water else "solid",
        colour,
        shaded(colour, 0.92),
        water_y=0.0 if site.on_water else None,
        lamps=lamps,
        snow_cover=0.7,
        fog_share=0.5,
        moving=moving,
        motion=motion,
        ahead=moved(skyline, dz=-24.0),
    )


def _surface(site: Site, high: float) -> Mesh:
    """Pavement and the lanes' lines; over a river, the roadway and its wall too."""
    pale = (0.74, 0.72, 0.68)
    rows: list[Block] = [
        (pale, 0.0, (96.0, 0.12 + high, 26.0), (0.0, 0.0, _KERB - 13.0)),
        ((0.86, 0.85, 0.82), 0.0, (96.0, 0.16 + high, 0.25), (0.0, 0.0, _KERB)),
    ]
    if site.on_water:
        rows.append((_ASPHALT, 0.0, (96.0, high, -_KERB - 0.4), (0.0, 0.0, _KERB / 2 - 0.2)))
        rows.append(((0.78, 0.74, 0.68), 0.0, (96.0, high + 0.3, 0.3), (0.0, 0.0, -0.3)))
    shine = 0.22 * site.dark
    for k in range(24):
        x = -46.0 + 4.0 * k
        for z in (1.5, -0.75):
            if z < 0.0 or not site.on_water:
                rows.append((_PAINT, shine, (2.0, 0.015, 0.17), (x, high, z)))
    for z in (-3.08, -3.42):
        rows.append((_AMBER, shine, (96.0, 0.015, 0.17), (0.0, high, z)))
    rows.append((_PAINT, 0.0, (96.0, 0.012, 0.12), (0.0, high, _KERB + 0.4)))
    return blocks(rows)


def _blocks_of_flats(site: Site) -> Mesh:
    """The first row: light modern blocks with bands of windows and shops, some with gaps."""
    rng = site.rng
    rows: list[Block] = []
    flat: list[Panel] = []
    x, kind = -40.0, rng.randrange(len(_WALLS))
    while x < 38.0:
        width = rng.uniform(6.0, 9.5)
        kind = (kind + rng.randrange(1, len(_WALLS))) % len(_WALLS)
        wall, floors = _WALLS[kind], rng.choice((1, 1, 2, 2, 3))
        height, middle = 1.9 + 1.35 * floors, x + width / 2
        rows.append((wall, 0.0, (width, height, 7.0), (middle, 0.0, _FRONT - 3.5)))
        rows.append((shaded(wall, 0.84), 0.0, (width + 0.2, 0.22, 7.2),
                     (middle, height, _FRONT - 3.5)))  # fmt: skip
        flat += windows(site, (x + 0.3, x + width - 0.3, 0.35, 1.45, _FRONT + 0.03),
                        (3, 1), (0.88, 1.0), (0.36, 0.46, 0.52), 0.95)  # fmt: skip
        canopy = rng.choice(COATS[:5])
        rows.append((canopy, 0.0, (width - 0.4, 0.22, 0.7), (middle, 1.5, _FRONT + 0.35)))
        glass = mixed((0.42, 0.62, 0.78), wall, 0.15)
        frame = (x + 0.5, x + width - 0.5, 1.95, height - 0.1, _FRONT + 0.03)
        if rng.random() < 0.5:  # bands from end to end
            flat += windows(site, frame, (4, floors), (1.0, 0.52), glass, 0.6)
        else:
            flat += windows(site, frame, (max(3, int(width / 1.5)), floors), (0.56, 0.62),
                            glass, 0.6)  # fmt: skip
        x += width + (rng.uniform(2.5, 5.0) if rng.random() < 0.65 else 0.5)
    return merge(blocks(rows), panels(flat))


def _skyline(site: Site) -> Mesh:
    """Towers further away, in the blue of distance."""
    rng = site.rng
    rows: list[Block] = []
    flat: list[Panel] = []
    for k in range(15):
        x, wide = -52.0 + 7.4 * k + rng.uniform(-1.5, 1.5), rng.uniform(4.0, 6.5)
        tall, z = rng.uniform(6.0, 13.0), -30.0 - rng.uniform(0, 10)
        wall = mixed((0.62, 0.72, 0.80), rng.choice(_WALLS), 0.3)
        rows.append((wall, 0.0, (wide, tall, 5.0), (x, 0.0, z)))
        if rng.random() < 0.5:
            rows.append((shaded(wall, 0.9), 0.0, (wide * 0.5, 1.4, 3.0), (x, tall, z)))
        flat += windows(site, (x - wide * 0.4, x + wide * 0.4, 2.0, tall - 0.4, z + 2.55),
                        (2, max(2, int(tall / 2.0))), (0.74, 0.5),
                        mixed((0.44, 0.58, 0.72), wall, 0.4), 0.6)  # fmt: skip
    return merge(blocks(rows), panels(flat))


def _lamp(site: Site) -> Mesh:
    """A slim lamp, 3.6 m, with an arm over the lanes."""
    glass = (1.0, 0.92, 0.70) if site.dark > 0.0 else (0.90, 0.91, 0.88)
    steel = mixed(IRON, (0.5, 0.52, 0.55), 0.5)
    return merge(
        cylinder((0, 0, 0), (0, 3.5, 0.1), 0.07, steel, sectors=5),
        cylinder((0, 3.45, 0.05), (0, 3.6, 1.0), 0.05, steel, sectors=4),
        box((0.26, 0.1, 0.7), (0, 3.56, 1.1), glass, glow=site.dark),
    )
