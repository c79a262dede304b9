"""Tools are plain functions: what each one's timeline must be."""

from __future__ import annotations

import pytest

from yozora.timeline import tools
from yozora.timeline.document import Box, Clip, Mix, Region, Still, Timeline, Words
from yozora.timeline.errors import TimelineError
from yozora.timeline.joins import turning

A, B = Clip("a", 1000, 1600), Clip("b", 0, 400)


def shape(timeline: Timeline) -> list[tuple[int, float]]:
    return [(span.ticks, span.level) for span in timeline.spans]


def test_each_tool_is_its_row_of_the_table():
    assert shape(tools.text_to_video("x", 500)) == [(500, 1)]
    assert shape(tools.image_to_video(Still("i"), "x", 500, 40)) == [(40, 0), (460, 1)]
    assert shape(tools.extend(A, "x", 300)) == [(600, 0), (300, 1)]
    assert shape(tools.lead_in(A, "x", 300)) == [(300, 1), (600, 0)]
    assert shape(tools.retake(A, "x", 100, 250)) == [(100, 0), (150, 1), (350, 0)]
    assert shape(tools.retake(A, "x", 0, 600)) == [(600, 1)]
    assert shape(tools.remix(A, "x", 0.6)) == [(600, 0.6)]
    assert shape(tools.loop(A, "x", 200)) == [(600, 0), (200, 1)]
    assert tools.loop(A, "x", 200).closed
    low = pytest.approx(0.2)
    eased = ((0.0, low), (0.5, 0.6), (1.0, low))  # beside what is kept
    assert shape(tools.blend(A, B, "x", 150, 0.6)) == [(450, 0), (150, eased), (250, 0)]
    parts = [tools.Part(700, B, 400), tools.Part(50, A, 600)]
    assert shape(tools.recut(parts, "x", 1500)) == [
        (50, 1),
        (600, 0),
        (50, 1),
        (400, 0),
        (400, 1),
    ]
    assert shape(tools.surround(A, "x", 100, 200)) == [(100, 1), (600, 0), (200, 1)]
    assert shape(tools.bridge(A, B, "x", 90)) == [(600, 0), (90, 1), (400, 0)]
    assert shape(tools.image_to_video(Still("i"), "x", 500, 40, Still("j"))) == [
        (40, 0), (420, turning(420)), (40, 0),
    ]  # fmt: skip
    assert shape(tools.insert(A, "x", Region(Words("dog")))) == [(600, 1)]
    assert shape(tools.outpaint(A, "x", Box(0.25, 0, 0.5, 1))) == [(600, 0)]
    assert shape(tools.blend(A, B, "x", 200, 0.5, tools.MIX)) == [(200, 0.5)]
    assert shape(tools.blend(A, B, "x", 200, 0.6, tools.SAMPLE)) == [
        (200, 0), (200, eased), (200, 0),
    ]  # fmt: skip
    cards = [tools.text_to_video("x", 5), tools.extend(B, "y", 7)]
    assert shape(tools.storyboard(cards)) == [(5, 1), (400, 0), (7, 1)]


def test_content_is_the_right_part_of_the_clip():
    before, _, after = tools.retake(A, "x", 100, 250).spans
    assert before.content == Clip("a", 1000, 1100)
    assert after.content == Clip("a", 1250, 1600)
    over = tools.blend(A, B, "x", 150).spans[1].content
    assert over == Mix(Clip("a", 1450, 1600), Clip("b", 0, 150), tools.TRANSITION)


@pytest.mark.parametrize(
    "make",
    [
        lambda: tools.text_to_video("x", 0),
        lambda: tools.retake(A, "x", 300, 700),
        lambda: tools.blend(A, B, "x", 500),
        lambda: tools.remix(A, "x", 1.5),
        lambda: tools.storyboard([]),
        lambda: tools.recut([tools.Part(0, A, 600), tools.Part(300, B, 400)], "x", 2000),
        lambda: tools.recut([tools.Part(0, A, 600)], "x", 100),
    ],
)
def test_impossible_wishes_are_refused(make):
    with pytest.raises(TimelineError):
        make()
