"""The eight places: what stands behind, beside and under a subject.

To add a place: one file with `def name(site: Site) -> Stage`, one line in `PLACES_BY_NAME`, one
in `scene.PLACES`.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from yozora.world.places.beach import beach
from yozora.world.places.desert import desert
from yozora.world.places.forest import forest
from yozora.world.places.library import library
from yozora.world.places.park import park
from yozora.world.places.snow_field import snow_field
from yozora.world.places.spaceship import spaceship
from yozora.world.places.stage import (
    GROUND,
    LEAVES,
    STILL,
    WATER,
    Lamp,
    Site,
    Stage,
    finished,
)
from yozora.world.places.street import street

__all__ = ["GROUND", "LEAVES", "STILL", "WATER", "Lamp", "Stage", "build_stage"]

PLACES_BY_NAME: dict[str, Callable[[Site], Stage]] = {
    "park": park,
    "street": street,
    "desert": desert,
    "beach": beach,
    "snow field": snow_field,
    "forest": forest,
    "library": library,
    "spaceship": spaceship,
}


def build_stage(
    place: str,
    season: str,
    time: str,
    weather: str,
    seed: int,
    clear_m: float,
    scale: float,
    on_water: bool = False,
) -> Stage:
    """The surroundings of a scene; equal arguments give equal stages.

    `place`, `season`, `time`, `weather`: keys of the tables in `scene.py` (KeyError otherwise).
    `clear_m`: nothing stands where |z| < clear_m, nor nearer to the viewer. `scale`: multiplies
    all sizes and distances but not `clear_m`. `on_water`: the subject floats.
    """
    rng = random.Random(f"{place} {seed}")
    site = Site(season, time, weather, rng, on_water)
    return finished(PLACES_BY_NAME[place](site), site, clear_m / scale, scale)
