"""The places: what stands behind, beside and under a subject. One file each, found by its name.

To add a place: one file `the_name.py` with `def the_name(site: Site) -> Stage`, and one line in
`scene.PLACES`.
"""

from __future__ import annotations

import importlib
import random
from collections.abc import Callable

from yozora.world.places.stage import (
    GROUND,
    LEAVES,
    STILL,
    WATER,
    Lamp,
    Site,
    Stage,
    finished,
    growth_of,
)
from yozora.world.scene import PLACES

__all__ = ["GROUND", "LEAVES", "STILL", "WATER", "Lamp", "Stage", "build_stage"]


def builder_of(place: str) -> Callable[[Site], Stage]:
    """What lays a place out; KeyError for a place that is not in `scene.PLACES`."""
    if place not in PLACES:
        raise KeyError(place)
    name = place.replace(" ", "_")
    build: Callable[[Site], Stage] = getattr(importlib.import_module(f"{__name__}.{name}"), name)
    return build


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
    clear = clear_m / scale
    site = Site(season, time, weather, rng, on_water, clear / growth_of(clear))
    return finished(builder_of(place)(site), site, clear, scale)
