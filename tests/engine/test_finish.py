"""Laws of a film's last act: size, rate and number of frames, with and without networks."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.weights import write_finishing_weights
from yozora.engine.finish import Asked, Finisher, plan
from yozora.media.images import fit
from yozora.model.errors import WeightsError


def film(count: int) -> np.ndarray:
    rng = np.random.default_rng(count)
    start = rng.integers(0, 200, (1, 16, 32, 3))
    return (start + np.arange(count)[:, None, None, None]).astype(np.uint8)


def asked(count: int, rate: int, size: tuple[int, int] = (32, 16), closed: bool = False) -> Asked:
    return Asked(*size, Fraction(rate), count, 32, 16, Fraction(12), closed)


@pytest.fixture
def networks(tmp_path: Path) -> Finisher:
    write_finishing_weights(tmp_path)
    return Finisher(tmp_path)


@pytest.mark.parametrize("rate", [12, 13, 24, 25, 30, 48, 60, 120, 6])
@pytest.mark.parametrize("size", [(32, 16), (33, 16), (101, 75), (20, 40), (128, 64)])
def test_a_film_is_what_was_asked(networks: Finisher, rate: int, size: tuple[int, int]) -> None:
    for finisher in (networks, Finisher()):
        made = list(plan(asked(rate // 2, rate, size), finisher).frames(film(6)))
        assert len(made) == rate // 2
        assert {(f.shape, f.dtype) for f in made} == {((size[1], size[0], 3), np.dtype(np.uint8))}


def test_frames_that_fall_on_made_ones_are_those(networks: Finisher) -> None:
    made = film(6)
    shown = list(plan(asked(15, 30), networks).frames(made))
    for index, at in ((0, 0), (5, 2), (10, 4)):
        assert (shown[index] == made[at]).all()
    assert not (shown[1] == made[0]).all() and not (shown[1] == made[1]).all()
    assert (shown[-1] == made[-1]).all(), "after the last one nothing is known"
    ring = list(plan(asked(15, 30, closed=True), networks).frames(made))
    assert not (ring[-1] == made[-1]).all(), "a closed film runs into its first frame"
    half = list(plan(asked(3, 6), networks).frames(made))
    assert all((a == b).all() for a, b in zip(half, made[::2], strict=True))
    plain = plan(asked(6, 12), networks)
    assert not plain.told and not plain.notes
    assert all((a == b).all() for a, b in zip(plain.frames(made), made, strict=True))


def test_without_networks_the_plain_ways_and_a_note() -> None:
    finish = plan(asked(12, 24, (64, 32)), Finisher())
    assert len(finish.notes) == 2 and not finish.told
    assert all("yozora train" in note for note in finish.notes)
    made = film(6)
    shown = list(finish.frames(made))
    assert (shown[0] == fit(made[:1], 64, 32)[0]).all() and (shown[2] == shown[1]).all()
    small = plan(asked(6, 12, (16, 8)), Finisher())
    assert not small.notes, "made smaller as ever"


def test_a_recipe_tells_how_it_is_made_again(networks: Finisher, tmp_path: Path) -> None:
    wish = asked(12, 24, (64, 32))
    first = plan(wish, networks)
    assert set(first.told) == {"upsampler", "interpolator"} and not first.notes
    again = plan(wish, Finisher(tmp_path), first.told)
    made = film(6)
    assert again.told == first.told and not again.notes
    assert all((a == b).all() for a, b in zip(first.frames(made), again.frames(made), strict=True))
    plain = plan(wish, networks, {})  # made before there were networks
    assert not plain.told and not plain.notes
    assert any("film will differ" in note for note in plan(wish, Finisher(), first.told).notes)
    write_finishing_weights(tmp_path, seed=1)
    assert len(plan(wish, Finisher(tmp_path), first.told).notes) == 2


def test_damaged_files_are_refused_only_where_they_are_needed(tmp_path: Path) -> None:
    (tmp_path / "upsampler.safetensors").write_bytes(b"garbage")
    plan(asked(6, 12), Finisher(tmp_path))
    with pytest.raises(WeightsError, match="not a readable"):
        plan(asked(6, 12, (64, 32)), Finisher(tmp_path))
