"""Shots know nothing of each other, and a decoder's windows are always of one shape."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from yozora.engine.canvas import Beside, Canvas
from yozora.engine.shots import each_shot
from yozora.engine.windows import AT_ONCE, windows_of

C, H, W = 3, 2, 4
BESIDE = Beside.plain(10, np.zeros((10, 1, 1, 1), np.float32))


def canvas_of(level: list[float], shots: tuple[int, ...]) -> Canvas:
    content = np.random.default_rng(1).standard_normal((len(level), C, H, W)).astype(np.float32)
    captions = tuple(str(f) for f in range(len(level)))
    return Canvas(content, np.array(level, np.float32), captions, 12.0, 7, shots=shots)


def test_each_shot_is_sampled_for_itself_and_kept_ones_cost_nothing():
    seen, firsts = [], []

    def sampled(shot, on_step, first):
        firsts.append(first)
        seen.append((shot.caption_F, shot.seed, shot.shots))
        for done in range(3):
            on_step(done + 1, 3, shot.content_FCHW)
        return shot.content_FCHW + len(seen)

    steps = []

    def told(done, of, clean):
        steps.append((done, of, len(clean)))

    canvas = canvas_of([1, 1, 0, 0, 1, 1, 1], (2, 4))
    made = each_shot(canvas, sampled, told)
    assert firsts == [0, 4]
    assert seen == [(("0", "1"), 7, ()), (("4", "5", "6"), 9, ())]
    apart = (made - canvas.content_FCHW).mean((1, 2, 3))
    np.testing.assert_allclose(apart, [1, 1, 0, 0, 2, 2, 2], atol=1e-6)
    assert steps == [(n, 6, 7) for n in range(1, 7)]


@given(st.integers(1, 30), st.booleans(), st.integers(0, 2**32 - 1))
def test_windows_show_every_frame_once_with_its_own_neighbours(count, closed, seed):
    dice = np.random.default_rng(seed)
    index = np.arange(count)
    beside = np.stack([index - 1, index + 1], 1)
    beside = beside % count if closed else beside.clip(0, count - 1)
    for f in dice.integers(0, count, 3):
        beside[f, dice.integers(0, 2)] = f  # an end of what was cut out of its film
    shown = []
    for window, counted in windows_of(beside):
        assert len(window) == AT_ONCE + 2
        for at in range(1, counted + 1):
            shown.append(int(window[at]))
            assert window[at - 1] == beside[window[at], 0]
            assert window[at + 1] == beside[window[at], 1]
    assert shown == list(range(count))


def test_frames_that_lie_as_they_are_decoded_fill_whole_windows():
    counts = [counted for _, counted in windows_of(BESIDE.index_F2)]
    assert counts == [4, 4, 2]
    assert all(a == AT_ONCE for a, _ in itertools.pairwise(counts))
