"""Live films: what is shown stays, words change the rest, and the document makes the same again."""

from __future__ import annotations

import io
import os
import threading
from dataclasses import replace
from fractions import Fraction
from itertools import islice, pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from tests.fakes.engine import FakeEngine
from yozora.desk import Desk
from yozora.engine.chunks import lengths
from yozora.engine.native import NativeEngine
from yozora.live import Live
from yozora.media import fragments, video
from yozora.media.errors import MediaError
from yozora.media.film import Film
from yozora.media.latents import latents_path, load_latents
from yozora.recording import record
from yozora.render import read_recipe, repeat
from yozora.request import Request, RequestError
from yozora.storing import read_recipe as recipe_in

FIRST = Request("a red ball bounces on a beach", Path("live.mp4"), seed=7)


def live_of(seconds: float | None = None, engine=None, **changes) -> Live:
    return Live(Desk(engine or FakeEngine(), seed=7), replace(FIRST, **changes), seconds)


def colours(frames) -> np.ndarray:
    return np.stack(frames).mean((1, 2))


def test_a_film_without_an_end_sees_no_more_than_a_chunk_and_what_stands_before_it():
    seen = []

    class Watched(FakeEngine):
        def generate(self, canvas, **more):
            seen.append(len(canvas.caption_F))
            return super().generate(canvas, **more)

    live = live_of(engine=Watched())
    frames = list(islice(iter(live), 400))
    assert len(frames) == 400 and max(seen) == sum(lengths(live.engine.grid))
    assert len(live._source.gi_frame.f_locals["made"].held) <= 64


def test_words_change_what_comes_and_nothing_that_was_shown():
    plain = list(islice(iter(live_of()), 60))
    live = live_of()
    frames = list(islice(iter(live), 30))
    told = live.steer("the ball is blue")
    frames += list(islice(iter(live), 30))
    assert "blue ball" in told.caption and "on a beach" in told.caption
    np.testing.assert_array_equal(np.stack(frames[:30]), np.stack(plain[:30]))
    apart = np.abs(colours(frames[30:]) - colours(plain[30:])).max(1)
    size, _ = lengths(live.engine.grid)
    late = (size + 1) * live.engine.grid.frames_per_latent
    assert apart[late:].min() > 5, "the new words are not heard within a chunk"


def test_words_for_later_wait_until_then():
    plain = list(islice(iter(live_of()), 96))
    live = live_of()
    live.steer("the ball is blue", at=4.0)
    frames = list(islice(iter(live), 96))
    k = live.engine.grid.frames_per_latent
    assert np.abs(colours(frames[: 48 - k]) - colours(plain[: 48 - k])).max() == 0
    assert np.abs(colours(frames[48:]) - colours(plain[48:])).max(1).min() > 5
    assert [span.ticks for span in live.timeline.spans] == [4 * 120_000, 4 * 120_000]


def test_words_for_earlier_go_through_what_is_told_for_later():
    """They change what they say of it, and leave the rest of the plan as it is."""
    live = live_of()
    live.steer("at night", at=3.0)
    live.steer("the ball is on a road", at=4.0)
    live.steer("it rains", at=1.0)
    first, rain, night, road = (one.caption for one in live.tellings)
    assert "rain" not in first and "night" not in first
    assert "rain" in rain and "night" not in rain and "beach" in rain
    assert "rain" in night and "night" in night and "beach" in night
    assert "rain" in road and "night" in road and "road" in road
    latent = [round(s * live.engine.grid.latent_fps) for s in (0, 1, 3, 4)]
    assert [one.first for one in live.tellings] == latent
    live.steer("it rains", at=1.0)
    assert [one.caption for one in live.tellings] == [first, rain, night, road]


def test_words_nobody_can_read_change_nothing():
    live = live_of()
    before = live.caption
    told = live.steer("xyzzy qwrtp")
    assert {word.fate.value for word in told.words} == {"not known"} and told.notes
    assert live.caption == before and len(live.tellings) == 1


def test_a_pause_holds_the_next_frame_and_a_stop_ends_the_film():
    live = live_of()
    frames = iter(live)
    next(frames)
    live.pause()
    got: list[object] = []
    waiting = threading.Thread(target=lambda: got.append(next(frames)), daemon=True)
    waiting.start()
    waiting.join(0.3)
    assert live.paused and not got
    live.resume()
    waiting.join(10)
    assert len(got) == 1
    live.stop()
    rest = list(frames)
    k, (size, _) = live.engine.grid.frames_per_latent, lengths(live.engine.grid)
    assert (2 + len(rest)) % (k * size) == 0 and live.frames == 2 + len(rest)


@pytest.mark.parametrize("fps", [None, 24])
@pytest.mark.parametrize("seconds", [None, 20.0])
def test_a_stopped_film_ends_where_it_was_made_however_long_it_should_be(seconds, fps, tmp_path):
    """Before its first frame too; nothing is shown on in place of what was not made."""
    live = live_of(seconds, fps=fps)
    live.stop()
    assert not list(live) and live.frames == 0
    never = live_of(seconds, fps=fps)
    never.stop()
    assert record(never, tmp_path / "never.mp4") is None and not list(tmp_path.iterdir())
    live = live_of(seconds, fps=fps)
    frames = iter(live)
    shown = [next(frames)]
    live.stop()
    shown += frames
    size, _ = lengths(live.engine.grid)
    made = size * live.engine.grid.frames_per_latent
    assert live.made == size and len(shown) == live.frames == made * live.fps / live.engine.grid.fps


@pytest.mark.parametrize(
    ("changes", "seconds", "count", "shape"),
    [
        ({}, 2.0, 24, (144, 256, 3)),
        ({"fps": 24}, 1.5, 36, (144, 256, 3)),
        ({"width": 128, "height": 128}, 1.0, 12, (128, 128, 3)),
        ({"fps": 5}, 0.2, 1, (144, 256, 3)),
    ],
)
def test_any_length_size_and_rate(changes, seconds, count, shape):
    frames = list(live_of(seconds, **changes))
    assert len(frames) == count and {frame.shape for frame in frames} == {shape}


@pytest.mark.parametrize(
    ("seconds", "changes"),
    [(0.0, {}), (float("nan"), {}), (float("inf"), {}), (None, {"variations": 2}),
     (None, {"prompt": "  "}), (None, {"width": 8, "height": 8})],
)  # fmt: skip
def test_what_cannot_be_streamed_is_refused_with_a_remedy(seconds, changes):
    with pytest.raises(RequestError, match=r": "):
        live_of(seconds, **changes)


def test_a_recorded_film_is_made_again_from_its_document(tmp_path, tiny_weights):
    engine = NativeEngine.load(tiny_weights)
    live = live_of(engine=engine)
    count = 0

    def watch(frame) -> None:
        nonlocal count
        count += 1
        if count == 2:
            live.steer("the ball is blue")
        if count == 20:
            live.stop()

    film = record(live, tmp_path / "live.mp4", on_frame=watch)
    assert film is not None and film.frames == count > 20
    recipe = read_recipe(film.path)
    assert [span.caption for span in recipe.timeline.spans][-1].startswith("a blue ball")
    with av.open(str(film.path)) as container:
        stream = container.streams.video[0]
        shown = sorted(p.pts for p in container.demux(stream) if p.pts is not None)
        assert container.start_time == 0 and stream.start_time == 0
        assert [float(pts * stream.time_base * 12) for pts in shown] == list(range(count))
    made = load_latents(film.latents)
    assert made.header["packets_sha256"] == video.packets_sha256(film.path)
    again = repeat(recipe, tmp_path / "again.mp4", engine=engine)
    assert again.recipe.packets_sha256 == recipe.packets_sha256
    np.testing.assert_array_equal(load_latents(again.latents).latents_FCHW, made.latents_FCHW)


def test_a_film_that_ends_in_a_fault_still_plays_and_says_what_it_is(tmp_path):
    live = live_of()

    def fail(frame) -> None:
        if live.frames == 30:
            raise KeyboardInterrupt

    path = tmp_path / "live.mp4"
    with pytest.raises(KeyboardInterrupt):
        record(live, path, on_frame=fail)
    assert len(video.read_video(path).frames_THWC) == 30
    assert recipe_in(path).timeline.ticks == 30 * 10_000
    assert set(os.listdir(tmp_path)) == {path.name, latents_path(path).name}


def test_it_plays_while_it_grows(tmp_path):
    path, live, lengths_seen = tmp_path / "live.mp4", live_of(10.0), []

    def look(frame) -> None:
        if live.frames % 40 == 0 and path.stat().st_size > 2000:
            lengths_seen.append(len(video.read_video(path).frames_THWC))

    record(live, path, on_frame=look)
    assert lengths_seen and lengths_seen == sorted(lengths_seen)
    assert len(video.read_video(path).frames_THWC) == 120


def test_a_pipe_gets_each_frame_as_it_comes():
    frames = list(live_of(1.0))
    for form in fragments.FORMATS:
        target = io.BytesIO()
        sink = fragments.sink_of(form, target, Fraction(12))
        sizes = []
        for frame in frames:
            sink.put(frame)
            sizes.append(len(target.getvalue()))
        assert all(b > a for a, b in pairwise(sizes)), form
        sink.close()
        if form == "rgb":
            np.testing.assert_array_equal(
                np.frombuffer(target.getvalue(), np.uint8).reshape(-1, *frames[0].shape),
                np.stack(frames),
            )
            continue
        with av.open(io.BytesIO(target.getvalue())) as film:
            shown = [video.to_rgb(frame) for frame in film.decode(video=0)]
        assert len(shown) == len(frames)
        apart = np.abs(np.stack(shown).astype(int) - np.stack(frames))
        assert apart.mean() < 3, form


def test_a_reader_that_leaves_and_a_disk_that_is_full_are_told_apart():
    class Gone(io.BytesIO):
        def write(self, data):
            raise BrokenPipeError

    class Full(io.BytesIO):
        def write(self, data):
            raise OSError(28, "No space left on device")

    frame = np.zeros((16, 16, 3), np.uint8)
    for form in fragments.FORMATS:
        for target, error in ((Gone(), fragments.Left), (Full(), MediaError)):
            with pytest.raises(error):
                sink = fragments.sink_of(form, target, Fraction(12))
                for _ in range(4):
                    sink.put(frame)


def test_an_odd_size_is_recorded_as_it_was_asked(tmp_path):
    film = record(live_of(1.0, width=65, height=37), tmp_path / "odd.mp4")
    assert film is not None and (film.width, film.height) == (65, 37)
    with Film(film.path) as shown:
        assert (shown.width, shown.height) == (65, 37)


def test_a_stream_that_makes_nothing_leaves_what_was_there(tmp_path):
    class Broken(FakeEngine):
        def generate(self, canvas, **more):
            raise RuntimeError("no")

    path = tmp_path / "old.mp4"
    path.write_bytes(b"a film")
    with pytest.raises(RuntimeError):
        record(live_of(engine=Broken()), path)
    assert path.read_bytes() == b"a film"
