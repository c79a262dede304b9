"""New words in the middle of a render reach what is noisy, and nothing that is done."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from yozora.engine.canvas import Canvas
from yozora.engine.sample import fill
from yozora.engine.schedules import in_turn, together
from yozora.engine.steering import TURNED, Steer, Turned, moved, turned
from yozora.model.outlines import in_planes, shares_of, values_of

C, H, W = 2, 3, 4


def canvas_of(count: int) -> Canvas:
    content = np.zeros((count, C, H, W), np.float32)
    return Canvas(content, np.ones(count, np.float32), ("old",) * count, 12.0, 5)


def towards(x, now, then, caption, against=()):
    """A flow to 1 under the new words, to -1 under the old ones."""
    goal = np.array([1.0 if one == "new" else -1.0 for one in caption], np.float32)
    return (x - goal[:, None, None, None]) / np.maximum(now, 1e-3)[:, None, None, None]


def sampled(canvas, levels, ask_at):
    """As an engine goes on after it was turned; the canvases it went on with too."""
    asked, canvases = 0, []
    while True:

        def steered():
            nonlocal asked
            asked += 1
            return Steer(lambda caption: "new", first=2) if asked == ask_at else None

        try:
            return fill(canvas, levels(canvas), towards, window=99, steered=steered), canvases
        except Turned as turn:
            canvas = turned(canvas, turn)
            canvases.append(canvas)


@pytest.mark.parametrize("ask_at", [1, 3, 5])
def test_what_is_noisy_turns_and_frames_before_the_wish_do_not(ask_at):
    made, (canvas,) = sampled(canvas_of(6), lambda c: together(c.level, 5), ask_at)
    np.testing.assert_allclose(made[:2], -1, atol=0.02)
    np.testing.assert_allclose(made[2:], 1, atol=0.02)
    assert canvas.caption_F == ("old",) * 2 + ("new",) * 4
    assert (canvas.level[2:] >= np.float32(TURNED)).all()


def test_what_is_done_stays_bit_by_bit():
    levels = lambda c: in_turn(c.level, 4, chunk=3)  # noqa: E731
    plain = fill(canvas_of(6), levels(canvas_of(6)), towards, window=99)
    made, (canvas,) = sampled(canvas_of(6), levels, 6)  # the first chunk of three is done
    assert canvas.level.tolist()[:3] == [0, 0, 0]
    np.testing.assert_array_equal(made[:3], plain[:3])
    np.testing.assert_allclose(made[3:], 1, atol=0.02)


def test_kept_cells_are_no_part_of_it():
    canvas = canvas_of(4)
    level = np.ones((4, H, W), np.float32)
    level[:, 0] = 0.0
    content = canvas.content_FCHW.copy()
    content[:, :, 0] = 7.0
    canvas = replace(canvas, level=level, content_FCHW=content)
    made, (turned_to,) = sampled(canvas, lambda c: together(c.level.max((1, 2)), 5), 3)
    np.testing.assert_array_equal(made[:, :, 0], 7.0)
    assert (turned_to.level[:, 0] == 0).all()
    np.testing.assert_allclose(made[2:, :, 1:], 1, atol=0.02)


def outlines_at(x: int, y: int, frames: int = 3) -> np.ndarray:
    """A subject of 4 by 4 parts that goes right, a part a frame, and another that stands."""
    shares = np.zeros((frames, 2, 4 * H, 4 * W), np.float32)
    for f in range(frames):
        shares[f, :, y : y + 4, x + f : x + f + 4] = 1.0
    shares[:, 0, 0:2, 14:16] = 1.0
    return values_of(shares).astype(np.float32)


def test_a_subject_is_moved_with_its_way_and_others_stay():
    before = outlines_at(2, 4)
    after = moved(before, (9 / 16, 8 / 12), np.ones(3, bool))
    np.testing.assert_allclose(in_planes(after), in_planes(outlines_at(6, 6)), atol=1e-6)
    some = moved(before, (9 / 16, 8 / 12), np.array([False, True, True]))
    np.testing.assert_array_equal(some[0], before[0])


def test_a_subject_may_leave_the_picture_and_nothing_has_no_place():
    gone = shares_of(moved(outlines_at(2, 4), (1.0, 1.0), np.ones(3, bool)))
    assert 0 < gone[:, 1].sum() < 3 * 16
    empty = np.where(outlines_at(2, 4) > 2, 1.0, -1.0).astype(np.float32)
    np.testing.assert_array_equal(moved(empty, (0.5, 0.5), np.ones(3, bool)), empty)
