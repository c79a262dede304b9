"""Films that are edited again: what is kept is what they show, whatever they are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from tests.fakes.engine import FakeEngine
from tests.fakes.footage import FakeFootage, Made, made, material
from yozora.timeline import tools
from yozora.timeline.document import TICKS_PER_S, Box, Clip, Region, Timeline

ENGINE = FakeEngine()
WIDTH, HEIGHT = ENGINE.grid.width, ENGINE.grid.height
FRAME = TICKS_PER_S // 12  # ticks


def film_of(caption: str, frames: int) -> Made:
    """A film of words."""
    plain = replace(tools.text_to_video(caption, frames * FRAME), width=WIDTH, height=HEIGHT)
    return made(plain, material(ENGINE))


DOG, CAT = film_of("a dog runs", 24), film_of("a cat sits", 12)
FOOTAGE = FakeFootage(fps=Fraction(24000, 1001), count=40, width=WIDTH, height=HEIGHT)
STEADY = replace(FOOTAGE, fps=Fraction(12))


def clip(name: str, one: FakeFootage, start: int = 0, stop: int | None = None) -> Clip:
    """Part of a film, in ticks."""
    return Clip(name, start, round(one.count * TICKS_PER_S / one.fps) if stop is None else stop)


def given(timeline: Timeline, **assets: FakeFootage) -> Made:
    """The film of a timeline, in the size that the engine makes."""
    sized = replace(timeline, width=WIDTH, height=HEIGHT, fps=next(iter(assets.values())).fps)
    return made(sized, material(ENGINE, **assets))


def looped() -> Made:
    return given(tools.loop(clip("a", DOG), "x", 6 * FRAME), a=DOG)


# of the kinds that joins are: on the grid and off it, with footage, in a region, at another rate
MIXED: dict[str, Callable[[], Made]] = {
    "blend": lambda: given(
        tools.blend(clip("a", DOG), clip("b", CAT), "x", 6 * FRAME), a=DOG, b=CAT
    ),
    "blend off the grid": lambda: given(
        tools.blend(clip("a", DOG, 0, 204_000), clip("b", CAT), "x", 48_000), a=DOG, b=CAT
    ),
    "blend of a loop": lambda: given(
        tools.blend(clip("a", looped()), clip("b", CAT), "x", 6 * FRAME), a=looped(), b=CAT
    ),
    "re-cut": lambda: given(
        tools.recut(
            [
                tools.Part(3 * FRAME, clip("a", DOG, 9 * FRAME, 16 * FRAME), 7 * FRAME),
                tools.Part(20 * FRAME, clip("a", DOG, 2 * FRAME, 9 * FRAME), 7 * FRAME),
            ],
            "x",
            40 * FRAME,
        ),
        a=DOG,
    ),
    "bridge": lambda: given(
        tools.bridge(clip("a", DOG), clip("b", CAT), "x", 9 * FRAME, frame=FRAME), a=DOG, b=CAT
    ),
    "footage": lambda: given(
        tools.surround(clip("a", FOOTAGE), "x", 2 * TICKS_PER_S, 2 * TICKS_PER_S), a=FOOTAGE
    ),
    "loop of footage": lambda: given(
        tools.loop(clip("a", STEADY), "x", 2 * TICKS_PER_S), a=STEADY
    ),
    "region": lambda: given(
        tools.insert(
            clip("a", DOG), "x", Region(((0.0, Box(0.2, 0.2, 0.4, 0.4)),)), "y",
            start=7 * FRAME, stop=15 * FRAME,
        ),
        a=DOG,
    ),
}  # fmt: skip
AGAIN: dict[str, Callable[[Clip, int], tuple[Timeline, int]]] = {
    "extend": lambda whole, frame: (tools.extend(whole, "z", 6 * frame), 0),
    "lead in": lambda whole, frame: (tools.lead_in(whole, "z", 8 * frame), 8),
    "lead in off the grid": lambda whole, frame: (tools.lead_in(whole, "z", 7 * frame), 7),
    "keep": lambda whole, frame: (tools.show(whole, "z"), 0),
}


@pytest.mark.parametrize("again", AGAIN)
@pytest.mark.parametrize("mixed", MIXED)
def test_what_is_kept_of_a_mixed_film_is_what_it_shows(mixed, again):
    one = MIXED[mixed]()
    for _ in range(3):
        edited, at = AGAIN[again](clip("a", one), round(TICKS_PER_S / one.fps))
        after = given(edited, a=one)
        assert np.array_equal(after.frames[at : at + one.count], one.frames)
        one = after


@pytest.mark.parametrize("mixed", MIXED)
def test_latents_tell_all_of_what_is_not_said_to_be_copied(mixed):
    one = MIXED[mixed]()
    assert one.latents_FCHW is not None and one.copied_F is not None and one.copied_F.any()
    if one.fps != ENGINE.grid.fps:
        return
    decoded = ENGINE.decode(one.latents_FCHW, beside=one.beside)[int(one.lead) :][: one.count]
    held = ~one.copied_F.repeat(ENGINE.grid.frames_per_latent)[int(one.lead) :][: one.count]
    assert np.array_equal(decoded[held], one.frames[held])


def test_a_loop_runs_into_the_frame_that_it_begins_with_though_that_is_copied():
    """Both ways: what is made before a copied frame ends near it, and after one begins near it."""
    whole, seam = clip("a", STEADY), tools.gap("x", 16 * FRAME)
    for timeline, at in ((tools.show(whole, "") + seam, 0), (seam + tools.show(whole, ""), -1)):
        one = given(replace(timeline, closed=True), a=STEADY)
        beside = one.frames[at - 1 if at == 0 else 0].astype(int)
        further = one.frames[at - 8 if at == 0 else 7].astype(int)
        copied = one.frames[at].astype(int)
        assert 2 * np.abs(beside - copied).mean() < np.abs(further - copied).mean()
