"""What stands beside a join: gaps between kept frames lead from one to the other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from yozora.timeline import tools
from yozora.timeline.document import TICKS_PER_S, Box, Clip, Mix, Still, Timeline, value_at
from yozora.timeline.joins import LED, TURN, led, turning

A, B, PICTURE = Clip("a", 1000, 1600), Clip("b", 0, 400), Still("i")
SECOND = TICKS_PER_S


def test_what_leads_from_one_clip_to_another_starts_from_their_frames():
    assert tools.bridge(A, B, "x", 90).spans[1].content is None
    _, between, _ = tools.bridge(A, B, "x", 90, frame=10).spans
    assert between.content == Mix(Still("a", 1590), Still("b", 0))
    assert (between.level, between.ticks) == (turning(90), 90)
    _, seam = tools.loop(A, "x", 90, frame=10).spans
    assert seam.content == Mix(Still("a", 1590), Still("a", 1000)) and seam.level == LED


def test_recut_and_storyboard_lead_over_their_gaps_and_leave_open_ends_open():
    parts = [tools.Part(90, Clip("a", 0, 100), 100), tools.Part(300, Clip("a", 500, 600), 100)]
    before, _, between, _, after = tools.recut(parts, "x", 500, frame=10).spans
    assert between.content == Mix(Still("a", 90), Still("a", 500)) and between.level == LED
    assert before.content is None and after.content is None
    cards = [tools.show(PICTURE, "one", 40) + tools.gap("one", 60), tools.show(B, "two")]
    _, turned, _ = tools.storyboard(cards, 10).spans
    assert turned.content == Mix(PICTURE, Still("b", 0)) and turned.level == turning(60)
    lived = tools.image_to_video(PICTURE, "x", 500, 40, Still("j"))
    assert lived.spans[1].content == Mix(PICTURE, Still("j"))
    assert [span.content for span in tools.storyboard(cards).spans] == [PICTURE, None, B]


@pytest.mark.parametrize("which", [1, 2])
def test_nothing_is_led_over_a_cut(which: int):
    spans = list(tools.bridge(A, B, "x", 90).spans)
    spans[which] = replace(spans[which], cut=True)
    assert led(Timeline(tuple(spans)), 10).spans[1].content is None


def test_nothing_is_led_from_what_is_made_or_lies_in_a_part_of_the_picture():
    placed = replace(A, place=((0.0, Box(0.0, 0.0, 0.5, 1.0)),))
    for first in (tools.show(placed, "x"), tools.show(A, "x", level=0.5), tools.gap("x", 20)):
        whole = first + tools.gap("x", 90) + tools.show(B, "y")
        assert led(whole, 10).spans[1].content is None


@pytest.mark.parametrize("seconds", [0.05, 0.5, 4 / 3, 1.5, 2.0, 4.0, 30.0])
def test_a_turn_is_low_at_its_ends_and_the_freer_the_longer(seconds: float):
    curve = turning(round(seconds * SECOND))
    places = [place for place, _ in curve]
    assert places == sorted(set(places)) and (places[0], places[-1]) == (0.0, 1.0)
    assert curve[0][1] == curve[-1][1] == TURN[0]
    assert TURN[1] <= value_at(curve, 0.5) <= 1.0
    if seconds > 0.1:
        assert value_at(curve, 0.5) >= value_at(turning(round(seconds * SECOND / 2)), 0.5)
    assert (value_at(curve, 0.5) == 1.0) is (seconds >= 4.0)
    if seconds > 4 / 3:  # it rises within two thirds of a second, however long it is
        assert value_at(curve, 2 / 3 / seconds) == pytest.approx(value_at(curve, 0.5))
