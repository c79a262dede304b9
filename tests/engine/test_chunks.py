"""A film that is made chunk by chunk is one film, however it is cut and whenever it ends."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from tests.fakes.weights import write_finishing_weights, write_tiny_weights
from yozora.engine.canvas import Canvas
from yozora.engine.chunks import LIVE, TURNED, each_chunk, endless, lengths, turned_to
from yozora.engine.native import NativeEngine

CAPTIONS = ("a red ball bounces on a beach", "a blue car drives on a road")


@pytest.fixture(scope="module")
def engine(tmp_path_factory) -> NativeEngine:
    """With a network that eases meetings: what a chunk shows of its end depends on the next."""
    folder = tmp_path_factory.mktemp("weights")
    write_tiny_weights(folder)
    write_finishing_weights(folder)
    return NativeEngine.load(folder)


def canvas_of(engine, captions, seed=3) -> Canvas:
    rows, cols = engine.grid.cells(engine.grid.width, engine.grid.height)
    count = len(captions)
    content = np.zeros((count, engine.grid.channels, rows, cols), np.float32)
    return Canvas(
        content, np.ones(count, np.float32), tuple(captions), engine.grid.fps, seed,
        shows_F=("",) * count,
    )  # fmt: skip


def made(engine, captions, count=None, **more):
    whole = canvas_of(engine, captions)

    def asked(first, last):
        cut = slice(first, last)
        return replace(
            whole,
            content_FCHW=whole.content_FCHW[cut],
            level=whole.level[cut],
            caption_F=whole.caption_F[cut],
            shows_F=whole.shows_F[cut],
        )

    return list(endless(engine, asked, count=count, **more))


def joined(chunks):
    latents = np.concatenate([chunk.latents_FCHW for chunk in chunks])
    return latents, np.concatenate([chunk.frames for chunk in chunks])


@pytest.mark.parametrize("turn", [0, 4, 6])
def test_chunks_as_they_come_are_the_film_made_as_a_document(engine, turn):
    size, _ = lengths(engine.grid)
    count = 2 * size + 1
    captions = [CAPTIONS[f >= turn] for f in range(count)]
    latents, frames = joined(made(engine, captions, count))
    whole = engine.generate(canvas_of(engine, captions), quality=LIVE)
    np.testing.assert_array_equal(latents, whole)
    np.testing.assert_array_equal(frames, engine.decode(whole))


def test_a_film_that_is_stopped_is_a_whole_film_of_what_was_done(engine):
    size, _ = lengths(engine.grid)
    asked = itertools.count()
    chunks = made(engine, CAPTIONS[:1] * 4 * size, stopped=lambda: next(asked) >= 7)
    latents, frames = joined(chunks)
    assert 0 < len(latents) < 4 * size and len(latents) % size == 0
    whole = engine.generate(canvas_of(engine, CAPTIONS[:1] * len(latents)), quality=LIVE)
    np.testing.assert_array_equal(latents, whole)
    np.testing.assert_array_equal(frames, engine.decode(whole))


def test_what_is_told_anew_drops_the_chunk_at_hand_and_nothing_before_it(engine):
    size, _ = lengths(engine.grid)
    plain = joined(made(engine, CAPTIONS[:1] * 2 * size, 2 * size))[0]
    calls, told = itertools.count(), list(CAPTIONS[:1] * 2 * size)
    heard = []

    def turned():
        if next(calls) == 5 and not heard:  # in the second chunk
            heard.append(True)
            told[size:] = CAPTIONS[1:] * size
            return True
        return False

    def asked(first, last):
        whole = canvas_of(engine, told)
        cut = slice(first, last)
        return replace(
            whole, content_FCHW=whole.content_FCHW[cut], level=whole.level[cut],
            caption_F=whole.caption_F[cut], shows_F=whole.shows_F[cut],
        )  # fmt: skip

    latents = joined(list(endless(engine, asked, count=2 * size, turned=turned)))[0]
    np.testing.assert_array_equal(latents[:size], plain[:size])
    assert np.abs(latents[size:] - plain[size:]).max() > 0.01
    again = engine.generate(canvas_of(engine, told), quality=LIVE)
    np.testing.assert_array_equal(latents, again)


def test_kept_frames_stay_and_are_seen_from_both_sides(engine):
    size, context = lengths(engine.grid)
    whole = canvas_of(engine, CAPTIONS[:1] * (3 * size))
    level = whole.level.copy()
    level[size : 2 * size] = 0.0
    content = whole.content_FCHW.copy()
    content[size : 2 * size] = np.random.default_rng(1).standard_normal(content[:size].shape)
    seen = []

    def sampled(chunk, on_step):
        seen.append((chunk.begin, chunk.level.tolist()))
        on_step(1, 1, chunk.content_FCHW)
        return np.where(chunk.level[:, None, None, None] > 0, 7.0, chunk.content_FCHW)

    steps = []
    canvas = replace(whole, content_FCHW=content, level=level, begin=10)
    out = each_chunk(canvas, engine.grid, sampled, lambda done, of, clean: steps.append((done, of)))
    np.testing.assert_array_equal(out[size : 2 * size], content[size : 2 * size])
    assert (out[:size] == 7).all() and (out[2 * size :] == 7).all()
    side = [0.0] * min(context, size)
    assert seen == [
        (10, [1.0] * size + side),
        (10 + 2 * size - len(side), side + [1.0] * size),
    ]
    assert steps == [(1, 2), (2, 2)]


def test_what_is_seen_under_other_words_is_reworked_out_of_sight(engine):
    canvas = canvas_of(engine, ["", "b", "c", "c"])
    canvas = replace(canvas, level=np.array([0, 0, 0, 1], np.float32))
    same = turned_to(replace(canvas, caption_F=("c",) * 4), 3)
    assert same.level.tolist() == [0, 0, 0, 1]
    turned = turned_to(canvas, 3)
    np.testing.assert_allclose(turned.level, [0, TURNED, 0, 1])
    assert turned.caption_F == ("", "c", "c", "c")
    assert turned.shows_F == ("", "", "", "")
    assert turned.turns_F == ("", "b", "", "b"), "and all that is made turns away from them"
    led = turned_to(replace(canvas, shows_F=("", "x", "c", "")), 3)
    assert (led.turns_F, led.shows_F) == (("", "x", "", "x"), ("", "", "c", ""))
