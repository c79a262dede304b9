"""Footage on a timeline: what is kept equals the source, frame by frame, wherever it is cut."""

# F latent frames

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from tests.fakes.engine import FakeEngine
from tests.fakes.footage import FakeFootage, film, made_at, material, number
from yozora.engine.schedules import windowed
from yozora.model.grid import Grid
from yozora.timeline import tools
from yozora.timeline.compile import compile_timeline
from yozora.timeline.document import (
    TICKS_PER_S,
    Box,
    Clip,
    Mask,
    Mix,
    Region,
    Span,
    Still,
    Timeline,
    Words,
)
from yozora.timeline.errors import TimelineError

ENGINE = FakeEngine()
K = ENGINE.grid.frames_per_latent


def sized(timeline: Timeline, source: FakeFootage) -> Timeline:
    return replace(timeline, width=source.width, height=source.height, fps=source.fps)


@pytest.mark.parametrize("fps", [Fraction(30), Fraction(24000, 1001), Fraction(25)])
def test_kept_frames_equal_the_source_cut_at_every_phase(fps):
    """A latent frame is 10 frames at 30 a second, about 8 at 23.976: every phase, and beyond."""
    source = FakeFootage(fps=fps, count=80, width=64, height=36)
    for first in range(0, 11):
        start, stop = (round(n * TICKS_PER_S / fps) for n in (first, first + 23))
        clip = Clip("a", start, stop)
        made = sized(tools.retake(clip, "x", 0, (stop - start) // 3, "y"), source)
        compiled, _, frames = film(made, material(a=source))
        begin = round((stop - start) // 3 * fps / TICKS_PER_S)
        kept = [number(frame) for frame in frames[begin:]]
        assert kept == list(range(first + begin, first + 23)), first
        assert all(np.array_equal(frames[n], source.frame(first + n)) for n in range(begin, 23))
        assert compiled.count == len(frames) == 23


@pytest.mark.parametrize("fps", [Fraction(30), Fraction(24000, 1001)])
@pytest.mark.parametrize("tool", ["extend", "lead in", "surround", "retake", "recut", "bridge"])
def test_every_tool_that_keeps_footage_copies_it(fps, tool):
    source = FakeFootage(fps=fps, count=60, width=64, height=36)

    def at(frames: int) -> int:
        return round(frames * TICKS_PER_S / fps)

    clip = Clip("a", at(7), at(40))
    made, kept = {
        "extend": lambda: (tools.extend(clip, "x", at(20)), [(0, 7, 33)]),
        "lead in": lambda: (tools.lead_in(clip, "x", at(13)), [(13, 7, 33)]),
        "surround": lambda: (tools.surround(clip, "x", at(5), at(9)), [(5, 7, 33)]),
        "retake": lambda: (
            tools.retake(clip, "x", at(17) - at(7), at(31) - at(7)),
            [(0, 7, 10), (24, 31, 9)],
        ),
        "recut": lambda: (
            tools.recut(
                [
                    tools.Part(at(3), Clip("a", at(40), at(52)), at(12)),
                    tools.Part(at(21), Clip("a", at(2), at(9)), at(7)),
                ],
                "x",
                at(33),
            ),
            [(3, 40, 12), (21, 2, 7)],
        ),
        "bridge": lambda: (
            tools.bridge(clip, Clip("a", at(50), at(60)), "x", at(11)),
            [(0, 7, 33), (44, 50, 10)],
        ),
    }[tool]()
    _, _, frames = film(sized(made, source), material(a=source))
    for place, first, count in kept:
        for n in range(count):
            assert np.array_equal(frames[place + n], source.frame(first + n)), (tool, place + n)


def test_the_first_cut_falls_between_two_latent_frames():
    """So that what is known ends where the invention begins, at any rate and phase."""
    source = FakeFootage(fps=Fraction(30), count=90)
    for first in range(10):
        clip = Clip("a", first * 4000, (first + 37) * 4000)
        compiled, _, _ = film(sized(tools.extend(clip, "x", 120_000), source), material(a=source))
        join = compiled.lead + Fraction(37 * 12, 30)
        assert join % K == 0
        assert compiled.canvas.level.tolist().count(0) == join // K


def test_another_speed_shows_other_frames_and_a_still_shows_one():
    source = FakeFootage(fps=Fraction(24), count=96, width=64, height=36)
    second = TICKS_PER_S
    parts = [
        tools.Part(0, Clip("a", 0, second), 2 * second),
        tools.Part(2 * second, Clip("a", second, 3 * second), second),
        tools.Part(3 * second, Still("a", 2 * second), second),
    ]
    _, _, frames = film(sized(tools.recut(parts, "x", 4 * second), source), material(a=source))
    seen = [number(frame) for frame in frames]
    assert seen[:48] == [n // 2 for n in range(48)]
    assert seen[48:72] == list(range(24, 72, 2))
    assert seen[72:] == [48] * 24


def test_what_lies_outside_a_region_is_the_source_itself():
    source = FakeFootage(fps=Fraction(12), count=24, width=128, height=72)
    clip, box = Clip("a", 0, 240_000), Box(0.25, 0.25, 0.5, 0.5)
    for region, inside in (
        (Region(((0.0, box),), feather=0.0), (slice(18, 54), slice(32, 96))),
        (Region(((0.0, box),), inverted=True, feather=0.0), None),
    ):
        made = sized(tools.insert(clip, "x", region, "y"), source)
        compiled, _, frames = film(made, material(a=source))
        for n, frame in enumerate(frames):
            same = (frame == source.frame(n)).all(2)
            changed = np.zeros((72, 128), bool)
            if inside is not None:
                changed[inside] = True
            else:
                changed[:] = True
                changed[18:54, 32:96] = False
            assert same[~changed].all()
            assert not same[changed].any()
        assert compiled.canvas.level.ndim == 3


def test_a_region_that_words_name_is_found_in_the_content():
    red = np.full((2, 3, 9, 16), -1.0, np.float32)
    red[:, 0, 3:5, 4:8] = 1.0
    film_ = replace(made_at(FakeFootage(count=8), ENGINE), latents_FCHW=red)
    clip = Clip("a", 0, 80_000)
    made = tools.insert(clip, "x", Region(Words("the red part"), feather=0.0))
    compiled, latents, _ = film(made, material(a=film_))
    found = np.zeros((9, 16), bool)
    found[3:5, 4:8] = True
    assert ((compiled.canvas.level > 0) == found).all()
    assert np.array_equal(latents[:, :, ~found], red[:, :, ~found])
    with pytest.raises(TimelineError, match="nothing in the picture is 'a whale'"):
        film(tools.insert(clip, "x", Region(Words("a whale"))), material(a=film_))


def test_a_mask_of_another_shape_is_refused_and_one_of_another_size_is_not():
    source = FakeFootage(fps=Fraction(12), count=12, width=64, height=36)

    class Masks(FakeFootage):
        def frame(self, index: int) -> np.ndarray:
            picture = np.zeros((self.height, self.width, 3), np.uint8)
            picture[:, : self.width // 2] = 255
            return picture

    clip = Clip("a", 0, 120_000)
    made = sized(tools.insert(clip, "x", Region(Mask("m"), feather=0.0)), source)
    _, _, frames = film(made, material(a=source, m=Masks(width=320, height=180, count=1)))
    assert np.array_equal(frames[5][:, 36:], source.frame(5)[:, 36:])
    assert not np.array_equal(frames[5][:, :28], source.frame(5)[:, :28])
    with pytest.raises(TimelineError, match="draw it on a frame of the film"):
        film(made, material(a=source, m=Masks(width=100, height=100, count=1)))


def test_a_mask_drawn_on_the_film_is_fitted_as_the_film_is():
    """A square film on a wide canvas loses its upper and lower parts, and so does its mask."""
    source = FakeFootage(fps=Fraction(12), count=12, width=160, height=160)

    class Lower(FakeFootage):
        def frame(self, index: int) -> np.ndarray:
            picture = np.zeros((self.height, self.width, 3), np.uint8)
            picture[self.height // 2 :] = 255
            return picture

    made = tools.insert(Clip("a", 0, 120_000), "x", Region(Mask("m"), feather=0.0))
    made = replace(made, width=160, height=90, fps=Fraction(12))
    _, _, frames = film(made, material(a=source, m=Lower(width=80, height=80, count=1)))
    assert np.array_equal(frames[5][:38], np.broadcast_to(source.frame(5)[0, 0], (38, 160, 3)))
    assert (frames[5][52:] != source.frame(5)[0, 0]).any(-1).mean() > 0.5


def test_what_is_outpainted_keeps_its_own_pixels():
    source = FakeFootage(fps=Fraction(12), count=12, width=64, height=36)
    made = tools.outpaint(Clip("a", 0, 120_000), "x", Box(0.25, 0.25, 0.5, 0.5), feather=0.0)
    made = replace(made, width=128, height=72, fps=Fraction(12))
    compiled, _, frames = film(made, material(a=source))
    for n, frame in enumerate(frames):
        assert np.array_equal(frame[18:54, 32:96], source.frame(n))
        assert not np.array_equal(frame[:18], source.frame(n)[:1].repeat(18, 0).repeat(2, 1))
    assert (compiled.canvas.level.max(0) == 1).sum() < compiled.canvas.level[0].size


def test_kept_latents_of_a_film_come_out_as_they_were_and_decode_as_in_it():
    own = made_at(FakeFootage(count=40), ENGINE)
    second = TICKS_PER_S
    assert own.latents_FCHW is not None
    for made, at, first, count in (
        (tools.extend(Clip("a", 0, second), "x", second), 0, 0, 3),
        (tools.lead_in(Clip("a", second // 3, second), "x", second), 3, 1, 2),
        (tools.extend(Clip("a", second // 12, second), "x", second), 0, 0, 3),  # cut in a latent
    ):
        compiled, latents, _ = film(made, material(a=own))
        kept = latents[at : at + count]
        assert np.array_equal(kept, own.latents_FCHW[first : first + count])
        index, beyond = compiled.beside.index_F2, compiled.beside.beyond_GCHW
        seen = np.concatenate([latents, beyond])[index[at : at + count]]
        whole = own.latents_FCHW
        for n in range(count):  # what stood beside it in its own film, whatever stands there now
            around = whole[max(first + n - 1, 0)], whole[min(first + n + 1, len(whole) - 1)]
            assert np.array_equal(seen[n], np.stack(around))


def test_a_closed_film_lasts_whole_latent_frames_and_says_so():
    own = made_at(FakeFootage(count=40), ENGINE)
    compiled, latents, frames = film(
        tools.loop(Clip("a", 0, TICKS_PER_S), "x", TICKS_PER_S // 2), material(a=own)
    )
    assert len(latents) * K == len(frames) == compiled.count == 20
    assert any("longer than asked" in note for note in compiled.notes)
    assert compiled.beside.index_F2[-1].tolist() == [3, 0]  # its end is made to meet its beginning


def test_cards_that_are_cut_know_nothing_of_each_other():
    made = tools.storyboard(
        [tools.text_to_video("x", TICKS_PER_S), tools.text_to_video("y", TICKS_PER_S)]
    )
    second = replace(made.spans[1], cut=True)
    compiled, _, _ = film(replace(made, spans=(made.spans[0], second)), material())
    assert compiled.canvas.shots == (3,)
    assert compiled.beside.index_F2[2:4].tolist() == [[1, 2], [3, 4]]


SMALL = FakeEngine(Grid(channels=3, width=64, height=32, window_s=2.0))
sources = {
    "made": made_at(FakeFootage(count=72), SMALL),
    "thirty": FakeFootage(fps=Fraction(30), count=120, width=64, height=32),
    "film": FakeFootage(fps=Fraction(24000, 1001), count=120, width=32, height=16),
}
lasts = {name: round(s.count * TICKS_PER_S / s.fps) for name, s in sources.items()}


def a_span(dice: random.Random) -> Span:
    ticks = dice.randint(TICKS_PER_S // 30, TICKS_PER_S // 2)
    kind = dice.choice(["gap", "clip", "still", "mix"])
    if kind == "gap":
        return Span(ticks, dice.choice("xyz"), cut=dice.random() < 0.3)

    def clip() -> Clip:
        name = dice.choice(sorted(sources))
        length = min(ticks * dice.choice([1, 1, 1, 2]), lasts[name])
        start = dice.randint(0, lasts[name] - length)
        on_grid = start // 40_000 * 40_000 if dice.random() < 0.5 else start
        return Clip(name, on_grid, on_grid + length)

    content: Clip | Still | Mix = clip()
    if kind == "still":
        content = Still(content.asset, content.start)
    elif kind == "mix":
        content = Mix(content, clip())
    level = dice.choice([0.0, 0.0, 0.3, 1.0, ((0.0, 0.0), (1.0, 0.9))])
    region = None
    if dice.random() < 0.2:
        region = Region(((0.0, Box(0.2, 0.2, 0.4, 0.4)), (1.0, Box(0.5, 0.3, 0.4, 0.4))))
    return Span(ticks, "k", level, content, region=region, shows=dice.choice(["", "k"]))


def test_schedules_keep_their_laws_on_3000_timelines():
    """First row the start levels, no column rises, last row 0; what is kept is in the canvas."""
    for seed in range(3000):
        dice = random.Random(seed)
        parts = tuple(a_span(dice) for _ in range(dice.randint(1, 4)))
        timeline = Timeline(parts, dice.random() < 0.3, 64, 32)
        compiled = compile_timeline(timeline, SMALL.grid, 0, material(SMALL, **sources))
        canvas = compiled.canvas
        level_F = canvas.level.reshape(len(canvas.level), -1).max(1)
        window = SMALL.grid.latent_frames(SMALL.grid.window_s)
        levels = windowed(canvas.level, 5, window, 3.5)
        assert np.array_equal(levels[0], level_F), seed
        assert (np.diff(levels, axis=0) <= 0).all(), seed
        assert (levels[-1] == 0).all(), seed
        count = len(canvas.level)
        index = compiled.beside.index_F2
        assert ((index >= 0) & (index < count + len(compiled.beside.beyond_GCHW))).all(), seed
        assert 0 <= compiled.lead < K, seed
        covered = (count * K - (0 if timeline.closed else compiled.lead)) / SMALL.grid.fps
        assert covered * TICKS_PER_S >= timeline.ticks - TICKS_PER_S / SMALL.grid.fps, seed
