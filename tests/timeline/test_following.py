"""Crops that follow somebody: no jitter, a bounded speed, nothing beyond the picture."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yozora.timeline.document import Clip, box_at
from yozora.timeline.following import (
    MOST_SPEED,
    ROOM,
    SMOOTH_S,
    Sight,
    crop_size,
    crops,
    places,
    sight_of,
)
from yozora.timeline.material import covered

STEP_S = 1 / 3
SIGHTS = st.lists(
    st.one_of(
        st.none(),
        st.builds(Sight, *[st.floats(0, 1)] * 2, *[st.floats(0, 0.4)] * 2),
    ),
    min_size=1, max_size=60,
)  # fmt: skip


@given(SIGHTS, st.floats(0.2, 5.0))
def test_crops_stay_inside_move_slowly_and_keep_their_size(seen, aspect):
    width, height = crop_size(seen, aspect)
    boxes = crops(seen, STEP_S, width, height)
    assert len(boxes) == len(seen)
    for box in boxes:
        assert (box.width, box.height) == (width, height)
        for at, size in ((box.x, width), (box.y, height)):
            if size >= 1.0:
                assert at == pytest.approx((1 - size) / 2, abs=1e-5)
            else:
                assert -1e-5 <= at <= 1 - size + 1e-5
    for side in ("x", "y"):
        steps = np.abs(np.diff([getattr(box, side) for box in boxes]))
        assert steps.max(initial=0.0) <= MOST_SPEED * STEP_S + 1e-5


@given(SIGHTS, st.floats(0.3, 3.0), st.sampled_from([(288, 512), (144, 144), (64, 36), (37, 91)]))
def test_a_crop_inside_the_picture_leaves_no_pixel_to_invent(seen, aspect, pixels):
    width, height = crop_size([], aspect)
    path = places(crops(seen, STEP_S, width, height), pixels)
    clip = Clip("a", 0, 1, path)
    for into in np.linspace(0, 1, 23):
        left, top, right, bottom = covered(clip, into, *pixels)
        assert left <= 0 and top <= 0 and right >= pixels[0] and bottom >= pixels[1]
        box = box_at(path, into)
        shape = box.width * width, box.height * height
        assert shape == pytest.approx((1, 1)), "nothing is stretched"


def test_who_moves_evenly_is_kept_in_the_middle():
    seen = [Sight(0.25 + 0.5 * i / 29, 0.5, 0.1, 0.3) for i in range(30)]
    boxes = crops(seen, STEP_S, 0.3, 1.0)
    off = [abs(box.x + 0.15 - one.x) for box, one in zip(boxes, seen, strict=True)]
    assert max(off) < 0.05
    assert max(off[5:-5]) < 0.005


def test_a_shaking_subject_gives_a_still_picture():
    rng = np.random.default_rng(0)
    shaking = [Sight(0.5 + 0.04 * rng.standard_normal(), 0.5, 0.1, 0.3) for _ in range(60)]
    xs = np.array([box.x for box in crops(shaking, STEP_S, 0.3, 1.0)])
    raw = np.array([one.x for one in shaking])
    assert np.abs(np.diff(xs)).mean() < 0.15 * np.abs(np.diff(raw)).mean()


def test_one_moment_that_was_seen_wrongly_moves_nothing():
    seen = [Sight(0.5, 0.5, 0.1, 0.3)] * 30
    wrong = [*seen[:15], Sight(0.05, 0.1, 0.1, 0.3), *seen[16:]]
    assert crops(wrong, STEP_S, 0.3, 1.0) == crops(seen, STEP_S, 0.3, 1.0)


def test_where_nothing_is_seen_the_path_goes_on_between():
    there, gone = Sight(0.3, 0.5, 0.1, 0.3), Sight(0.7, 0.5, 0.1, 0.3)
    boxes = crops([there] * 9 + [None] * 6 + [gone] * 9, STEP_S, 0.2, 1.0)
    xs = [box.x for box in boxes]
    assert xs == sorted(xs) and xs[0] == pytest.approx(0.2, abs=0.02)
    assert xs[-1] == pytest.approx(0.6, abs=0.02)
    assert SMOOTH_S > 0
    assert len(set(crops([None] * 5, STEP_S, 0.5, 1.0))) == 1


def test_what_is_too_large_for_a_crop_is_given_room():
    wide = [Sight(0.5, 0.5, 0.8, 0.3)] * 4
    assert crop_size(wide, 0.3, ROOM) == pytest.approx((0.88, 0.88 / 0.3))
    assert crop_size(wide, 0.3) == (0.3, 1.0)
    assert crop_size(wide, 0.9, ROOM) == (0.9, 1.0)
    assert crop_size([Sight(0.5, 0.5, 0.2, 0.9)] * 4, 0.3, ROOM) == (0.3, 1.0)
    assert crop_size([], 0.3) == (0.3, 1.0) and crop_size([None], 2.0) == (1.0, 0.5)


def test_a_sight_is_where_most_of_it_is():
    share = np.zeros((36, 64), np.float32)
    assert sight_of(share) is None
    share[10:20, 40:50] = 0.9
    share[30, 2] = 0.9  # a stray part
    seen = sight_of(share)
    assert seen is not None
    assert seen.x == pytest.approx(45 / 64, abs=0.01)
    assert seen.y == pytest.approx(15 / 36, abs=0.02)
    assert seen.width == pytest.approx(10 / 64, abs=0.02)
