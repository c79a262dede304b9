"""Laws of schedules: first row the start levels, no column rises, last row 0."""

import hashlib
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yozora.engine.sample import moving
from yozora.engine.schedules import CONTEXT, in_turn, shifted, together, windowed

levels = st.lists(
    st.one_of(st.just(0.0), st.floats(0.0, 1.0, width=32)), min_size=1, max_size=24
).map(lambda row: np.array(row, np.float32))


def assert_laws(levels_SF, level_F):
    np.testing.assert_array_equal(levels_SF[0], level_F)
    np.testing.assert_array_equal(levels_SF[-1], np.zeros_like(level_F))
    assert (np.diff(levels_SF, axis=0) <= 0).all()
    assert np.isfinite(levels_SF).all()


@given(levels, st.integers(1, 40), st.floats(0.2, 8.0))
def test_together_keeps_the_laws(level_F, steps, shift):
    levels_SF = together(level_F, steps, shift)
    assert levels_SF.shape == (steps + 1, len(level_F))
    assert_laws(levels_SF, level_F)


@given(
    *(levels, st.integers(1, 20), st.integers(1, 6), st.floats(0.0, 1.0), st.floats(0.2, 8.0)),
    st.one_of(st.none(), st.integers(1, 12)),
)
def test_in_turn_keeps_the_laws(level_F, steps, chunk, lag, shift, first):
    assert_laws(in_turn(level_F, steps, chunk, lag, shift, first), level_F)


def test_the_first_chunk_may_be_longer():
    levels_SF = in_turn(np.ones(9, np.float32), steps=2, chunk=2, first=5)
    done = [int(np.argmax(levels_SF[:, f] == 0)) for f in range(9)]
    assert done == [2] * 5 + [4] * 2 + [6] * 2


@given(levels, st.integers(1, 20))
def test_without_lag_in_turn_is_together(level_F, steps):
    np.testing.assert_array_equal(in_turn(level_F, steps, 3, lag=0.0), together(level_F, steps))


def test_with_full_lag_each_chunk_is_done_before_the_next_begins():
    levels_SF = in_turn(np.ones(6, np.float32), steps=4, chunk=2, lag=1.0)
    begun = [int(np.argmax(levels_SF[:, f] < 1)) for f in range(6)]
    done = [int(np.argmax(levels_SF[:, f] == 0)) for f in range(6)]
    assert begun[0] == begun[1] and done[0] == done[1] == 4
    assert begun[2] == done[0] + 1 and begun[4] == done[2] + 1


@given(levels, st.integers(1, 8), st.integers(2, 12))
def test_no_more_changes_at_once_than_a_window_holds(level_F, steps, window):
    levels_SF = windowed(level_F, steps, window)
    assert_laws(levels_SF, level_F)
    for now, then in itertools.pairwise(levels_SF):
        first, last = moving(now, then, window)
        assert last - first <= window


@pytest.mark.parametrize("frames,windows", [(12, 1), (13, 2), (18, 2), (19, 3), (48, 7)])
def test_a_film_costs_a_window_and_a_half_of_one_for_the_rest(frames, windows):
    assert len(windowed(np.ones(frames, np.float32), 5, 12)) - 1 == 5 * windows


def test_gaps_far_apart_are_filled_one_by_one():
    level_F = np.zeros(40, np.float32)
    level_F[5:10] = level_F[30:35] = 1.0
    levels_SF = windowed(level_F, 5, 12)
    assert len(levels_SF) - 1 == 5 * 2
    assert (levels_SF[5, 5:10] == 0).all() and (levels_SF[5, 30:35] == 1).all()


@given(st.integers(3, 9), st.integers(1, 30), st.integers(8, 16))
def test_a_gap_sees_what_it_goes_on_from(kept, gap, window):
    level_F = np.repeat(np.array([0, 1], np.float32), (kept, gap))
    for now, then in itertools.pairwise(windowed(level_F, 3, window)):
        first, last = moving(now, then, window)
        assert (now[first:last] == 0).sum() >= CONTEXT


def test_kept_frames_are_columns_of_zeros():
    level_F = np.array([0, 0, 1, 1, 0], np.float32)
    for levels_SF in (together(level_F, 5), in_turn(level_F, 5, 1)):
        assert (levels_SF[:, level_F == 0] == 0).all()


def test_shift_moves_steps_to_high_noise():
    u = np.linspace(0, 1, 9, dtype=np.float32)
    assert (shifted(u, 3.0)[1:-1] > u[1:-1]).all()
    np.testing.assert_allclose(shifted(u, 1.0), u, rtol=1e-6)


def test_exact_bytes():
    levels_SF = in_turn(np.array([0, 1, 1, 0.5, 1], np.float32), 8, 2, 0.5, 2.0)
    rounded = np.round(levels_SF, 5)
    assert hashlib.sha256(rounded.tobytes()).hexdigest()[:16] == "0b6dc02c251502d5"
