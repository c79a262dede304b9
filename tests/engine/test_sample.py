"""Laws of the one sampling loop, on a flow whose answer is known."""

import hashlib
import itertools
from dataclasses import replace

import numpy as np
import pytest

from yozora.engine.canvas import Canvas
from yozora.engine.protocol import Cancelled
from yozora.engine.sample import GHOSTS, Source, fill, moving, noise_for, sight
from yozora.engine.schedules import in_turn, together, windowed

C, H, W = 3, 2, 4
CAPTIONS = {"one": 1.0, "two": 2.0}


def canvas_of(level, captions=None, content=None, closed=False, seed=7):
    level = np.asarray(level, np.float32)
    frames = level.shape[0]
    if content is None:
        content = np.random.default_rng(1).standard_normal((frames, C, H, W)).astype(np.float32)
        content = content.astype(np.float16).astype(np.float32)
    return Canvas(content, level, tuple(captions or ["one"] * frames), 12.0, seed, closed=closed)


def known_flow(x, now, then, caption, against=()):
    """The exact flow towards a clip whose every value is its caption's number."""
    target = np.array([CAPTIONS[c] for c in caption], np.float32)[:, None, None, None]
    return (x - target) / np.maximum(now, 1e-6)[:, None, None, None]


@pytest.mark.parametrize("steps", [1, 3, 8])
def test_invented_frames_reach_what_their_caption_says(steps):
    canvas = canvas_of([1] * 4, ["one", "one", "two", "two"])
    out = fill(canvas, together(canvas.level, steps), known_flow, window=8)
    np.testing.assert_allclose(out[:2], 1.0, atol=2e-3)
    np.testing.assert_allclose(out[2:], 2.0, atol=2e-3)


def test_a_step_knows_the_bend_of_the_path():
    """Normal clips of width 0.5 have a curved flow with a known end: half the noise."""

    def curved(x, now, then, caption, against=()):
        t = now[:, None, None, None]
        clean = x * (1 - t) * 0.25 / ((1 - t) ** 2 * 0.25 + t**2)
        return (x - clean) / t

    canvas = canvas_of([1] * 2, content=np.zeros((2, C, H, W), np.float32))
    levels = together(canvas.level, 8)
    noise = noise_for(canvas)
    straight = noise.copy()
    for now, then in itertools.pairwise(levels):
        straight += (then - now)[:, None, None, None] * curved(straight, now, then, ())
    bent = fill(canvas, levels, curved, window=8)
    assert np.abs(bent - noise / 2).max() < 0.3 * np.abs(straight - noise / 2).max()


@pytest.mark.parametrize("level", [[0, 1, 1, 0], [1, 0, 0, 1], [0, 0.4, 1, 1], [0, 0, 0, 0]])
def test_kept_frames_come_out_bit_identical(level):
    canvas = canvas_of(level)
    for levels in (together(canvas.level, 5), in_turn(canvas.level, 5, 1)):
        out = fill(canvas, levels, known_flow, window=8)
        kept = canvas.level == 0
        assert out[kept].tobytes() == canvas.content_FCHW[kept].tobytes()
        assert np.isfinite(out).all()


def far_flow(x, now, then, caption, against=()):
    """A flow that is nowhere near straight, and moves with its caption."""
    pull = np.array([CAPTIONS[c] for c in caption], np.float32)[:, None, None, None]
    return np.sin(3 * x) + pull * (1 + now[:, None, None, None]) + 0.3 * x


@pytest.mark.parametrize("level", [[0.4] * 3, [0.9, 0.0, 0.9], [0.95] * 4])
def test_a_rework_under_its_own_caption_gives_back_what_was_there(level):
    """However wrong the network is: what it does wrong on the way back is taken off again."""
    canvas = canvas_of(level)
    levels = together(canvas.level, 6)
    same = fill(canvas, levels, far_flow, window=8, source=Source(canvas.caption_F, far_flow))
    np.testing.assert_allclose(same, canvas.content_FCHW, atol=5e-3)
    alone = fill(canvas, levels, far_flow, window=8)
    assert np.abs(alone - canvas.content_FCHW).max() > 0.5
    other = canvas_of(level, ["two"] * len(level))
    moved = fill(other, levels, far_flow, window=8, source=Source(canvas.caption_F, far_flow))
    reworked = canvas.level > 0
    assert (moved - canvas.content_FCHW)[reworked].mean() < -0.2  # as the captions differ
    assert np.array_equal(moved[~reworked], canvas.content_FCHW[~reworked])


def test_cells_that_are_not_free_come_back_whatever_the_words():
    canvas = canvas_of([0.9, 0.9], ["two"] * 2)
    free = np.ones((2, H, W), np.float32)
    free[:, :, :2], free[:, :, 2] = 0.0, 0.5
    source = Source(("one", "one"), far_flow, free_FHW=free)
    out = fill(canvas, together(canvas.level, 6), far_flow, window=8, source=source)
    moved = np.abs(out - canvas.content_FCHW).mean((0, 1, 2))
    assert moved[:2].max() < 5e-3 < moved[2] < moved[3]
    gap = canvas_of([1.0, 1.0], ["two"] * 2)  # nothing to go back to
    bare = fill(gap, together(gap.level, 4), known_flow, window=8)
    held = fill(gap, together(gap.level, 4), known_flow, window=8, source=source)
    assert np.array_equal(held, bare)


def test_a_rework_of_unknown_content_and_what_is_invented_are_not_led():
    canvas = canvas_of([0.8, 1.0, 0.8])
    levels = together(canvas.level, 4)
    plain = fill(canvas, levels, known_flow, window=8)
    assert np.array_equal(
        fill(canvas, levels, known_flow, window=8, source=Source(("", "one", ""), far_flow)), plain
    )


def test_guidance_leads_a_rework_away_from_what_it_shows_and_from_nothing_else():
    told = []

    def noting(x, now, then, caption, against=()):
        told.append(against)
        return known_flow(x, now, then, caption)

    canvas = canvas_of([0.8, 1.0, 0.8, 0.0], ["two"] * 4)
    levels = together(canvas.level, 2)
    fill(canvas, levels, noting, window=8)
    fill(canvas, levels, noting, window=8, source=Source(("one", "one", "", "one"), known_flow))
    turning = replace(canvas, turns_F=("", "three", "four", ""))
    fill(turning, levels, noting, window=8, source=Source(("one", "one", "", "one"), known_flow))
    led, turned = ("one", "", "", "one"), ("one", "three", "four", "one")
    assert told == [(), (), led, led, turned, turned]


def test_a_step_asked_is_a_network_call_made():
    calls = []

    def counting(x, now, then, caption, against=()):
        calls.append(len(caption))
        return known_flow(x, now, then, caption)

    canvas = canvas_of([1] * 5)
    fill(canvas, together(canvas.level, 6), counting, window=8)
    assert calls == [5] * 6


def test_a_long_clip_costs_windows_and_sees_its_past():
    seen = []

    def watching(x, now, then, caption, against=()):
        seen.append((len(caption), int((now == 0).sum())))
        return known_flow(x, now, then, caption)

    canvas = canvas_of([1] * 20)
    out = fill(canvas, in_turn(canvas.level, 3, 4), watching, window=8)
    np.testing.assert_allclose(out, 1.0, atol=2e-3)
    assert len(seen) == 3 * 5
    assert max(frames for frames, _ in seen) == 8
    assert seen[0] == (4, 0) and seen[-1] == (8, 4)


def test_masked_cells_are_kept_and_others_made():
    level = np.ones((3, H, W), np.float32)
    level[:, :, :2] = 0.0
    canvas = canvas_of(level)
    out = fill(canvas, together(np.ones(3, np.float32), 4), known_flow, window=8)
    assert out[..., :2].tobytes() == canvas.content_FCHW[..., :2].tobytes()
    np.testing.assert_allclose(out[..., 2:], 1.0, atol=2e-3)


def test_a_closed_clip_carries_ghosts_of_its_other_end():
    index, lead = sight(6, 0, 6, closed=True, step=0)
    assert lead == GHOSTS
    assert index.tolist() == [4, 5, 0, 1, 2, 3, 4, 5, 0, 1]
    assert sight(6, 0, 6, closed=False, step=3)[0].tolist() == list(range(6))


def test_a_closed_clip_begins_elsewhere_at_each_step():
    begins = []
    for step in range(5):
        index, lead = sight(12, 0, 12, closed=True, step=step)
        assert sorted(index[lead:-lead]) == list(range(12))
        assert (np.diff(index) % 12 == 1).all()  # in order, around the seam too
        begins.append(int(index[lead]))
    gaps = np.diff(sorted([*begins, min(begins) + 12]))
    assert len(set(begins)) == 5 and gaps.max() <= 4, begins


def test_values_return_to_their_own_frames_however_the_clip_is_turned():
    """A flow towards each frame's own caption fills it with that number at every step."""

    def own(x, now, then, caption, against=()):
        goal = np.array([float(c) for c in caption], np.float32)[:, None, None, None]
        return (x - goal) / np.maximum(now, 1e-6)[:, None, None, None]

    canvas = canvas_of([1] * 7, captions=[str(f) for f in range(7)], closed=True)
    out = fill(canvas, together(canvas.level, 5), own, window=8)
    np.testing.assert_allclose(out[:, 0, 0, 0], np.arange(7), atol=2e-2)


def test_closed_clips_do_not_know_where_they_start():
    """A flow that mixes neighbours gives the rotated clip for the rotated canvas."""

    def neighbourly(x, now, then, caption, against=()):
        mixed = x.copy()
        mixed[1:-1] = (x[:-2] + x[1:-1] + x[2:]) / 3.0
        return mixed

    content = np.random.default_rng(3).standard_normal((6, C, H, W)).astype(np.float32)
    level = np.full(6, 0.5, np.float32)
    noise = noise_for(canvas_of(level, content=content))
    start = 0.5 * content + 0.5 * noise
    first = fill_from(start, level, neighbourly)
    turned = fill_from(np.roll(start, 2, 0), level, neighbourly)
    np.testing.assert_allclose(np.roll(first, 2, 0), turned, atol=2e-3)


def fill_from(start, level, flow):
    """Run one step from a given state: content chosen so that the noised start equals it."""
    plain = canvas_of(level, content=np.zeros_like(start), closed=True)
    content = ((start - 0.5 * noise_for(plain)) / 0.5).astype(np.float32)
    canvas = canvas_of(level, content=content, closed=True)
    return fill(canvas, together(level, 1), flow, window=8)


def test_cancel_stops_before_the_next_call():
    calls = []

    def counting(x, now, then, caption, against=()):
        calls.append(1)
        return known_flow(x, now, then, caption)

    canvas = canvas_of([1] * 3)
    with pytest.raises(Cancelled):
        fill(
            canvas,
            together(canvas.level, 9),
            counting,
            window=8,
            cancelled=lambda: len(calls) >= 2,
        )
    assert len(calls) == 2


def test_frames_still_asleep_stay_out_of_sight():
    now = np.array([0, 0, 1, 1, 1, 1], np.float32)
    then = np.array([0, 0, 0.5, 0.5, 1, 1], np.float32)
    assert moving(now, then, 8) == (0, 4)
    assert moving(now, then, 3) == (1, 4)


def test_a_gap_sees_both_of_its_sides():
    now = np.zeros(12, np.float32)
    now[5:7] = 1.0
    assert moving(now, now / 2, 6) == (3, 9)
    assert moving(np.roll(now, -4), np.roll(now, -4) / 2, 6) == (0, 6)


def test_longer_clips_start_with_the_same_noise():
    short, long = noise_for(canvas_of([1] * 3)), noise_for(canvas_of([1] * 9))
    np.testing.assert_array_equal(short, long[:3])
    assert not np.array_equal(short, noise_for(canvas_of([1] * 3, seed=8)))


def test_no_frame_repeats_the_noise_of_another():
    """Not even moved along: a counter that steps by one a frame would do that."""
    noise = noise_for(canvas_of([1] * 4)).reshape(4, -1)
    assert np.unique(noise).size == noise.size


@pytest.mark.parametrize("shared", [0.3, 0.9])
def test_frames_share_as_much_noise_as_is_asked(shared):
    """And each frame's is white all the same; a longer clip still starts like a shorter one."""
    canvas = canvas_of([1] * 6, content=np.zeros((6, 40, 12, 12), np.float32))
    noise = noise_for(canvas, shared).reshape(6, -1)
    likeness = np.corrcoef(noise)
    assert noise.var(1) == pytest.approx(np.ones(6), abs=0.06)
    assert likeness[~np.eye(6, dtype=bool)] == pytest.approx(shared, abs=0.06)
    short = canvas_of([1] * 2, content=np.zeros((2, 40, 12, 12), np.float32))
    np.testing.assert_array_equal(noise_for(short, shared).reshape(2, -1), noise[:2])


def test_noise_has_exact_bytes():
    digest = hashlib.sha256(noise_for(canvas_of([1, 1])).tobytes()).hexdigest()
    assert digest[:16] == "4d9da26c725b9b4c"


def test_a_closed_clips_last_gap_sees_its_first_frames():
    now = np.repeat(np.array([0, 1], np.float32), (12, 6))
    assert moving(now, now / 2, 12) == (6, 18)
    assert moving(now, now / 2, 12, closed=True) == (9, 21)
    assert sight(18, 9, 21, closed=True, step=0)[0].tolist() == [*range(9, 18), 0, 1, 2]
    captions = [str(f) for f in range(18)]
    seen = []

    def noting(x, now, then, caption, against=()):
        seen.append([int(c) for c in caption])
        return (x - np.array(seen[-1], np.float32)[:, None, None, None]) / np.maximum(now, 1e-6)[
            :, None, None, None
        ]

    canvas = canvas_of([1] * 18, captions, closed=True)
    out = fill(canvas, windowed(canvas.level, 4, 12), noting, window=12)
    assert seen[0] == [*range(12)] and seen[-1] == [*range(9, 18), 0, 1, 2]
    np.testing.assert_allclose(out.mean((1, 2, 3)), range(18), atol=0.05)
