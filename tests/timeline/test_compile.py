"""The compiler: whole latent frames, invention before keeping, and it says what it snapped."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.footage import Made, material
from yozora.model.grid import FINE, Grid
from yozora.timeline import tools
from yozora.timeline.compile import compile_timeline
from yozora.timeline.compiled import Copied
from yozora.timeline.document import TICKS_PER_S, Box, Clip, Region, Span, Timeline, to_ticks
from yozora.timeline.errors import TimelineError
from yozora.timeline.material import Sampled

GRID = Grid(channels=3)
LATENT = TICKS_PER_S * GRID.frames_per_latent // GRID.fps
FILM = np.arange(20, dtype=np.float32)[:, None, None, None] * np.ones((1, 3, 9, 16), np.float32)


film = material(
    a=Sampled(FILM, Fraction(GRID.fps), GRID.frames_per_latent),
    b=Sampled(-FILM, Fraction(GRID.fps), GRID.frames_per_latent),
)


def test_text_to_video_is_all_gap():
    compiled = compile_timeline(tools.text_to_video("x", 4 * TICKS_PER_S), GRID, seed=7)
    canvas = compiled.canvas
    assert compiled.frames == 48
    assert canvas.content_FCHW.shape == (12, 3, 9, 16)
    assert canvas.level.tolist() == [1.0] * 12
    assert canvas.caption_F == ("x",) * 12
    assert (canvas.seed, canvas.fps, compiled.fps) == (7, 12.0, Fraction(12))
    assert compiled.notes == ()


@given(st.integers(1, 60 * TICKS_PER_S))
def test_length_is_what_was_asked_and_the_canvas_covers_it(length):
    compiled = compile_timeline(tools.text_to_video("x", length), GRID, seed=0)
    assert compiled.frames == max(1, round(length * Fraction(12) / TICKS_PER_S))
    made = len(compiled.canvas.caption_F) * GRID.frames_per_latent
    assert compiled.frames <= made < compiled.frames + GRID.frames_per_latent
    assert bool(compiled.notes) == (made != compiled.frames)


def test_kept_frames_bring_their_content():
    clip = Clip("a", 5 * LATENT, 9 * LATENT)
    compiled = compile_timeline(tools.extend(clip, "x", 3 * LATENT), GRID, 0, film)
    assert compiled.canvas.level.tolist() == [0, 0, 0, 0, 1, 1, 1]
    assert compiled.canvas.content_FCHW[:, 0, 0, 0].tolist() == [5, 6, 7, 8, 0, 0, 0]


def test_invention_wins_a_shared_frame_and_is_told():
    clip = Clip("a", 0, 2 * LATENT + LATENT // 2)
    compiled = compile_timeline(tools.extend(clip, "x", 2 * LATENT), GRID, 0, film)
    assert compiled.canvas.level.tolist() == [0, 0, 1, 1, 1]
    assert any("inside a latent frame" in note for note in compiled.notes)
    assert compiled.copied == (Copied(8, 10, 0),)  # what is kept of the shared one is copied


def test_a_blend_follows_its_curve_frame_by_frame():
    """Mixed latents would stand still for a latent frame and jump to the next."""
    encoded: list[np.ndarray] = []

    def encode(frames):
        encoded.append(frames)
        return np.full((len(frames) // GRID.frames_per_latent, 3, 9, 16), 7.0, np.float32)

    def grey(value: int) -> Made:
        frames = np.full((24, 90, 160, 3), value, np.uint8)
        latents = np.full((6, 3, 9, 16), value, np.float32)
        return Made(Fraction(GRID.fps), 24, 160, 90, latents, frames=frames)

    given = replace(material(a=grey(200), b=grey(40)), encode=encode)
    a, b = Clip("a", 0, 6 * LATENT), Clip("b", 0, 6 * LATENT)
    compiled = compile_timeline(
        tools.blend(a, b, "x", 4 * LATENT, 0.6, ((0, 0), (1, 1))), GRID, 0, given
    )
    level, values = compiled.canvas.level, compiled.canvas.content_FCHW[:, 0, 0, 0]
    assert np.allclose(level, [0, 0, 0.3, 0.5, 0.5, 0.3, 0, 0])
    assert values.tolist() == [200, 200, 7, 7, 7, 7, 40, 40]
    (frames,) = encoded
    assert frames[:, 0, 0, 0].tolist() == [200 - 10 * n for n in range(16)]


def test_a_rework_of_pictures_that_were_copied_starts_from_them():
    """Their latents were made beside them, and only tell of them; what is kept stays kept."""

    def encode(frames):
        assert (frames == 90).all()
        return np.full((len(frames) // GRID.frames_per_latent, 3, 9, 16), 7.0, np.float32)

    frames = np.full((24, 90, 160, 3), 90, np.uint8)
    copied_F = np.array([0, 1, 0, 0, 1, 0], bool)
    asset = Made(Fraction(GRID.fps), 24, 160, 90, FILM[:6], copied_F=copied_F, frames=frames)
    given = replace(material(a=asset), encode=encode)
    clip = Clip("a", 0, 6 * LATENT)
    for made, expected in (
        (tools.remix(clip, "x", 0.9), [0, 7, 2, 3, 7, 5]),
        (tools.remix(clip, "x", 0.9, "", 0, 3 * LATENT), [0, 7, 2, 3, 4, 5]),
    ):
        compiled = compile_timeline(made, GRID, 0, given)
        assert compiled.canvas.content_FCHW[:, 0, 0, 0].tolist() == expected


def test_captions_change_where_the_cards_do():
    cards = tools.storyboard([tools.text_to_video(c, 2 * LATENT) for c in "xyz"])
    assert compile_timeline(cards, GRID, 0).canvas.caption_F == tuple("xxyyzz")


@given(st.integers(32, 1920), st.integers(32, 1920))
def test_any_size_is_made_near_its_shape(width, height):
    timeline = Timeline((Span(to_ticks(1), "x"),), width=width, height=height)
    compiled = compile_timeline(timeline, GRID, 0)
    assert (compiled.width, compiled.height) == (width, height)
    rows, cols = compiled.canvas.content_FCHW.shape[2:]
    if 1 / 3 <= width / height <= 3:
        assert 0.8 < (cols / rows) / (width / height) < 1.25


def test_what_the_engine_cannot_do_is_refused():
    for fps in (Fraction(1, 2), Fraction(252)):
        with pytest.raises(TimelineError, match="these weights make 12"):
            compile_timeline(Timeline((Span(5, "x"),), fps=fps), GRID, 0)
    with pytest.raises(TimelineError, match="nobody knows the asset"):
        compile_timeline(tools.remix(Clip("a", 0, 5), "x", 0.5), GRID, 0)
    with pytest.raises(TimelineError, match=r"7\.000 s of it are asked for"):
        compile_timeline(tools.remix(Clip("a", 0, to_ticks(7)), "x", 0.5), GRID, 0, film)


def test_what_is_laid_into_a_region_has_room_there_and_a_caption_of_its_own():
    clip = Clip("a", 0, 4 * LATENT)
    half = Region(((0.0, Box(0.0, 0.5, 0.5, 0.5)), (1.0, Box(0.5, 0.5, 0.5, 0.5))), feather=0.0)
    later = tools.insert(clip, "x", half, "y", "a ball", LATENT, 3 * LATENT)
    canvas = compile_timeline(later, GRID, 0, film).canvas
    within = canvas.within
    assert within is not None and within.caption_F == ("", "a ball", "a ball", "")
    assert canvas.caption_F == ("y", "x", "x", "y"), "the film's own captions stay what they were"
    fine = canvas.level.repeat(FINE, 1).repeat(FINE, 2)
    assert within.share_FYX.shape == fine.shape
    assert not within.share_FYX[[0, 3]].any() and not within.share_FYX[:, :18].any()
    assert (fine[within.share_FYX > 0] == 1.0).all(), "room only where something is made"
    lefts = [int(np.flatnonzero(share.any(0))[0]) for share in within.share_FYX[1:3]]
    assert lefts == [8, 24], "at a quarter and three quarters of the way"
    plain = tools.insert(clip, "x", half, "y", "", LATENT, 3 * LATENT)
    assert compile_timeline(plain, GRID, 0, film).canvas.within is None
