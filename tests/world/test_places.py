"""Laws of the places: same arguments same stage, budgets, room for the subject, variety."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from yozora.world.places import GROUND, LEAVES, STILL, WATER, Stage, build_stage, builder_of
from yozora.world.scene import INDOORS, PLACES, SEASONS, SHELTERED, TIMES

CLEAR_M = 3.0
CASES = [(place, wet) for place in PLACES for wet in (False, True)]


@lru_cache(maxsize=256)
def stage(place: str, on_water: bool = False, **changes: object) -> Stage:
    return built(place, on_water, **changes)


def built(place: str, on_water: bool = False, **changes: object) -> Stage:
    settings: dict[str, object] = {
        "season": "summer",
        "time": "day",
        "weather": "clear",
        "seed": 3,
        "clear_m": CLEAR_M,
        "scale": 1.0,
    }
    settings.update(changes)
    return build_stage(place, on_water=on_water, **settings)  # type: ignore[arg-type]


def test_every_place_of_the_scene_table_can_be_built() -> None:
    for place in PLACES:
        assert callable(builder_of(place))


@pytest.mark.parametrize(("place", "on_water"), CASES)
def test_equal_arguments_give_equal_stages(place: str, on_water: bool) -> None:
    one, two = stage(place, on_water), built(place, on_water)
    for part in ("position_V3", "normal_V3", "colour_V3", "glow_V", "bone_V", "triangle_T3"):
        np.testing.assert_array_equal(getattr(one.mesh, part), getattr(two.mesh, part))
    assert one.lamps == two.lamps
    assert (one.ground, one.ground_colour, one.fog_density) == (
        two.ground,
        two.ground_colour,
        two.fog_density,
    )


@pytest.mark.parametrize(("place", "on_water"), CASES)
def test_a_seed_changes_the_layout(place: str, on_water: bool) -> None:
    one, two = stage(place, on_water, seed=1), stage(place, on_water, seed=2)
    assert one.mesh.position_V3.shape != two.mesh.position_V3.shape or not np.allclose(
        one.mesh.position_V3, two.mesh.position_V3
    )


@pytest.mark.parametrize(("place", "on_water"), CASES)
@pytest.mark.parametrize("season", SEASONS)
def test_meshes_are_sound_and_within_budget(place: str, on_water: bool, season: str) -> None:
    for seed in (2 * list(SEASONS).index(season), 2 * list(SEASONS).index(season) + 1):
        laid = built(place, on_water, season=season, seed=seed, time="night")
        mesh = laid.mesh
        assert 300 <= len(mesh.triangle_T3) <= 9000
        for values in (mesh.position_V3, mesh.normal_V3, mesh.colour_V3, mesh.glow_V):
            assert values.dtype == np.float32 and np.isfinite(values).all()
        np.testing.assert_allclose(np.linalg.norm(mesh.normal_V3, axis=1), 1.0, atol=1e-3)
        assert mesh.colour_V3.min() >= 0.0 and mesh.colour_V3.max() <= 1.0
        assert set(np.unique(mesh.bone_V)) <= {STILL, GROUND, WATER, LEAVES}
        assert mesh.triangle_T3.min() >= 0 and mesh.triangle_T3.max() < len(mesh.position_V3)
        assert len(laid.lamps) <= 4


@pytest.mark.parametrize(("place", "on_water"), CASES)
@pytest.mark.parametrize("clear_m", [2.5, 9.0])
def test_nothing_stands_where_the_subject_moves(place: str, on_water: bool, clear_m: float) -> None:
    for seed in range(3):
        mesh = built(place, on_water, seed=seed, clear_m=clear_m).mesh
        corner_T33 = mesh.position_V3[mesh.triangle_T3]
        tall_T = corner_T33[..., 1].max(axis=1) > 0.1
        low_T = corner_T33[..., 1].min(axis=1) < 4.0  # a ceiling hangs over everybody
        ends_T = np.abs(corner_T33[..., 0]).min(axis=1) > 24.0
        near_T = corner_T33[..., 2].max(axis=1) > -clear_m
        assert not (tall_T & low_T & near_T & ~ends_T).any()


@pytest.mark.parametrize(("place", "on_water"), CASES)
def test_things_stand_everywhere_along_the_track(place: str, on_water: bool) -> None:
    """A camera that follows always sees something pass."""
    mesh = stage(place, on_water).mesh
    x_V = mesh.position_V3[(mesh.position_V3[:, 1] > 0.3) & (mesh.position_V3[:, 2] > -25.0), 0]
    count, _ = np.histogram(x_V, bins=10, range=(-25.0, 25.0))
    assert (count > 20).all()
    assert mesh.position_V3[:, 0].min() <= -28.0 and mesh.position_V3[:, 0].max() >= 28.0


@pytest.mark.parametrize(("place", "on_water"), CASES)
def test_scale_multiplies_everything(place: str, on_water: bool) -> None:
    one = stage(place, on_water, time="night")
    two = stage(place, on_water, time="night", clear_m=2 * CLEAR_M, scale=2.0)
    np.testing.assert_allclose(two.mesh.position_V3, 2 * one.mesh.position_V3, rtol=1e-4, atol=1e-4)
    np.testing.assert_array_equal(two.mesh.colour_V3, one.mesh.colour_V3)
    for a, b in zip(one.lamps, two.lamps, strict=True):
        assert b.reach_m == pytest.approx(2 * a.reach_m)
        assert b.position_3 == pytest.approx(tuple(2 * p for p in a.position_3))


@pytest.mark.parametrize(("place", "on_water"), CASES)
def test_who_floats_has_water_below(place: str, on_water: bool) -> None:
    laid = stage(place, on_water)
    assert (laid.ground == "water") == on_water
    if on_water:
        assert laid.water_y == 0.0
    if place in INDOORS or place not in SHELTERED:  # under water and in space it is as they like
        assert laid.sky == (place not in INDOORS)
        assert (laid.light is None) == laid.sky


def test_places_differ_in_colour() -> None:
    """No two places share most of their colours, in 64 coarse classes."""
    shares = {}
    for place in PLACES:
        colour_V3 = stage(place).mesh.colour_V3
        count, _ = np.histogramdd(colour_V3, bins=4, range=[(0.0, 1.0)] * 3)
        shares[place] = count / count.sum()
    for first in PLACES:
        for second in PLACES:
            if first < second:
                common = np.minimum(shares[first], shares[second]).sum()
                assert common < 0.75, (first, second)


@pytest.mark.parametrize("place", sorted(set(PLACES) - SHELTERED - {"street", "desert"}))
def test_seasons_change_colours(place: str) -> None:
    means = [stage(place, season=s).mesh.colour_V3.mean(axis=0) for s in SEASONS]
    for i, first in enumerate(means):
        for second in means[i + 1 :]:
            assert np.abs(first - second).max() > 0.004


@pytest.mark.parametrize("place", sorted(set(PLACES) - SHELTERED - {"snow field"}))
def test_winter_whitens_the_ground(place: str) -> None:
    assert sum(stage(place, season="winter").ground_colour) > sum(stage(place).ground_colour)


@pytest.mark.parametrize("place", PLACES)
def test_rain_makes_puddles_where_they_can_lie(place: str) -> None:
    assert stage(place).ground in ("solid", "wet")
    rained = stage(place, weather="rain").ground
    if place in ("street", "road", "beach"):
        assert rained == "wet"
    if place in ("park", "desert", "snow field", "forest", "library", "mountains", "farm"):
        assert rained == "solid"


def test_the_hour_shows_indoors_and_lights_lamps() -> None:
    panes = [stage("library", time=t).mesh for t in TIMES]
    shining = [m.colour_V3[m.glow_V > 0.9].mean(axis=0) for m in panes]
    for i, first in enumerate(shining):
        for second in shining[i + 1 :]:
            assert np.abs(first - second).max() > 0.02
    for place in ("park", "snow field"):
        assert not stage(place, time="day").lamps
        assert stage(place, time="night").lamps
    assert stage("street", time="night").lamps
