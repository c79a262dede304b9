"""The document: one meaning, one JSON, one hash; every fault a sentence with a place."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import jsonschema
import opentimelineio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yozora import editing
from yozora.timeline import otio, reading, schema
from yozora.timeline.checks import validate
from yozora.timeline.document import (
    RESERVED,
    Box,
    Clip,
    Content,
    Mask,
    Mix,
    Reference,
    Region,
    Span,
    Still,
    Timeline,
    Words,
    assets,
    to_ticks,
)
from yozora.timeline.errors import TimelineError
from yozora.timeline.writing import identity, to_dict, to_json

SCHEMA = jsonschema.Draft202012Validator(schema.schema())
ticks = st.integers(1, 10**9)
levels = st.floats(0, 1)
names = st.text(min_size=1, max_size=12)


@st.composite
def contents(draw: st.DrawFn, length: int) -> Content:
    def source() -> Clip | Still:
        if draw(st.booleans()):
            start = draw(st.integers(0, 10**6))
            return Clip(draw(names), start, start + length)
        return Still(draw(names), draw(st.none() | st.integers(0, 10**6)))

    if draw(st.booleans()):
        return source()
    return Mix(source(), source(), ((0.0, draw(levels)), (1.0, draw(levels))))


curves = st.lists(st.tuples(levels, levels), min_size=1, max_size=4).map(
    lambda points: tuple(sorted(points))
)
boxes = st.builds(
    Box, st.floats(-0.9, 0.9), st.floats(-0.9, 0.9), st.floats(0.91, 2), st.floats(0.91, 2)
)  # fmt: skip
paths = st.lists(st.tuples(levels, boxes), min_size=1, max_size=3).map(
    lambda points: tuple(sorted(points, key=lambda point: point[0]))
)
regions = st.builds(
    Region,
    paths | st.builds(Mask, names) | st.builds(Words, names.filter(str.strip)),
    st.booleans(),
    levels,
    st.text(max_size=9),
)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    length = draw(ticks)
    references = st.builds(Reference, names, st.sampled_from(("character", "style")))
    refs = tuple(draw(st.lists(references, max_size=2)))
    if draw(st.booleans()):
        return Span(length, draw(st.text(max_size=30)), 1.0, None, refs, cut=draw(st.booleans()))
    content = draw(contents(length))
    if not isinstance(content, Mix):
        content = replace(content, place=draw(st.just(()) | paths))
    return Span(
        length,
        draw(st.text(max_size=30)),
        draw(levels | curves),
        content,
        refs,
        draw(st.none() | regions),
        draw(st.text(max_size=5)),
        draw(st.booleans()),
    )


timelines = st.builds(
    Timeline,
    spans=st.lists(spans(), min_size=1, max_size=5).map(tuple),
    closed=st.booleans(),
    width=st.none() | st.integers(1, 4096),
    height=st.none() | st.integers(1, 4096),
    fps=st.none() | st.sampled_from([Fraction(12), Fraction(24000, 1001)]),
    seed=st.none() | st.integers(0, 2**62),
    negative=st.text(max_size=10),
)


@given(timelines)
def test_json_gives_back_the_same_document_and_hash(timeline):
    validate(timeline)
    back = reading.from_json(to_json(timeline))
    assert back == timeline
    assert to_json(back) == to_json(timeline)
    assert identity(back) == identity(timeline)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5),
                    lambda inner: st.lists(inner, max_size=3)
                    | st.dictionaries(st.sampled_from(["version", "spans", "seed", "ticks", "fps",
                                                       "caption", "content", "kind", "level"]),
                                      inner, max_size=4), max_leaves=12))  # fmt: skip
def test_any_json_is_read_or_refused_with_a_sentence(raw):
    if isinstance(raw, dict):
        raw = {**raw, "version": 1}
    with pytest.raises(TimelineError) as caught:
        reading.from_json(json.dumps(raw))
        raise TimelineError("", "", "")  # a random document that happens to be right
    error = caught.value
    assert str(error) == f"{error.place}: {error.fault}: {error.remedy}"


@given(timelines)
def test_what_is_written_fits_the_published_schema(timeline):
    SCHEMA.validate(to_dict(timeline))


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"spans": []},
        {"surprise": 1},
        {"fps": "fast"},
        {"seed": -1},
        {"spans": [{"ticks": 0, "caption": "x"}]},
        {"spans": [{"ticks": 5, "caption": "x", "level": 1.5}]},
        {"spans": [{"ticks": 5, "caption": "x", "level": [[0, 0, 0]]}]},
        {"spans": [{"ticks": 5}]},
        {"spans": [{"ticks": 5, "caption": "x", "region": {"box": [[0, 0, 0, 0, 1]]}}]},
        {"spans": [{"ticks": 5, "caption": "x", "region": {"mask": "m", "words": "w"}}]},
        {"spans": [{"ticks": 5, "caption": "x", "content": {"kind": "song", "asset": "a"}}]},
        {"spans": [{"ticks": 5, "caption": "x", "content": {"kind": "clip", "asset": "a"}}]},
        {"sound_tracks": [{}]},
    ],
)
def test_the_schema_refuses_what_is_refused(change):
    raw = {"version": 1, "spans": [{"ticks": 5, "caption": "x"}], **change}
    assert not SCHEMA.is_valid(raw)
    with pytest.raises(TimelineError):
        reading.from_dict(raw)


def test_the_published_schema_is_the_one_in_the_code():
    published = Path(__file__).parents[2] / "docs" / "timeline.schema.json"
    assert published.read_text() == schema.text()


@given(timelines)
def test_opentimelineio_brings_back_what_it_was_given(timeline):
    back, notes = otio.from_otio(otio.to_otio(timeline))
    assert back == timeline and not notes


def test_the_field_s_own_library_reads_and_writes_our_timelines():
    clip = Clip("a.mp4", 60_000, 180_000)
    timeline = Timeline(
        (Span(120_000, "x", 0.0, clip), Span(60_000, "y"), Span(240_000, "z", 0.0, clip)),
        width=256, height=144, fps=Fraction(24), seed=3,
    )  # fmt: skip
    theirs = opentimelineio.adapters.read_from_string(otio.to_otio(timeline), "otio_json")
    assert theirs.duration().to_seconds() == 3.5
    first, gap, slow = theirs.tracks[0]
    assert first.media_reference.target_url == "a.mp4"
    assert first.source_range.start_time.to_seconds() == 0.5
    assert isinstance(gap, opentimelineio.schema.Gap)
    assert slow.effects[0].time_scalar == 0.5
    text = opentimelineio.adapters.write_to_string(theirs, "otio_json")
    assert otio.from_otio(text) == (timeline, ())


def test_a_timeline_of_another_editor_is_kept_clips_and_gaps():
    time, range_ = opentimelineio.opentime.RationalTime, opentimelineio.opentime.TimeRange
    theirs = opentimelineio.schema.Timeline("cut")
    track = opentimelineio.schema.Track("v", kind="Video")
    media = opentimelineio.schema.ExternalReference("file://b.mov")
    track.append(opentimelineio.schema.Clip("one", media, range_(time(12, 24), time(48, 24))))
    track.append(opentimelineio.schema.Transition("SMPTE_Dissolve", "d", time(2, 24), time(2, 24)))
    track.append(opentimelineio.schema.Gap(source_range=range_(time(0, 24), time(24, 24))))
    theirs.tracks.append(track)
    theirs.tracks.append(opentimelineio.schema.Track("a", kind="Audio"))
    text = opentimelineio.adapters.write_to_string(theirs, "otio_json")
    timeline, notes = otio.from_otio(text, "a dog runs")
    assert timeline.spans == (
        Span(240_000, "one", 0.0, Clip("b.mov", 60_000, 300_000)),
        Span(120_000, "a dog runs"),
    )
    assert notes == ("sound is left out", "a Transition is left out")


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"OTIO_SCHEMA": "Clip.2"}', '{"OTIO_SCHEMA": "Timeline.1"}',
     '{"OTIO_SCHEMA": "Timeline.1", "tracks": {"children": [{"kind": "Video", "children": '
     '[{"OTIO_SCHEMA": "Clip.2"}]}]}}'],
)  # fmt: skip
def test_bent_opentimelineio_is_refused(text):
    with pytest.raises(TimelineError):
        otio.from_otio(text)


def test_hash_is_the_same_on_every_machine():
    timeline = Timeline((Span(480_000, "a small brown dog runs"),), width=256, height=144, seed=7)
    assert identity(timeline) == (
        "2c59911fa0a0c2e2e815f7d91229bc14e8b58f74d825155e8a6c62a8ebdd43ff"
    )


def test_ticks_are_exact_for_film_and_television_rates():
    for rate in (24, 25, 30, 60, Fraction(24000, 1001), Fraction(30000, 1001)):
        frame = Fraction(120_000) / rate
        assert frame.denominator == 1
        assert to_ticks(1 / Fraction(rate)) == frame


@pytest.mark.parametrize(
    ("span", "place"),
    [
        (Span(0, "x"), "spans[0].ticks"),
        (Span(5, "x", 1.5), "spans[0].level"),
        (Span(5, "x", float("nan")), "spans[0].level"),
        (Span(5, "x", 0.0), "spans[0].content"),
        (Span(5, "x", 0.0, Clip("a", 3, 3)), "spans[0].content"),
        (Span(5, "x", 0.0, Clip("a", 0, 81)), "spans[0].content"),
        (Span(5, "x", 0.0, Still("")), "spans[0].content.asset"),
        (Span(5, "x", 0.5, Mix(Still("a"), Still("b"), ((1.0, 0.0), (0.0, 1.0)))),
         "spans[0].content.curve"),
        (Span(5, "x", references=(Reference("a", "hero"),)), "spans[0].references[0].role"),
    ],
)  # fmt: skip
def test_faults_name_their_place(span, place):
    with pytest.raises(TimelineError) as caught:
        validate(Timeline((span,)))
    assert caught.value.place == place


def test_reserved_keys_are_kept_free():
    raw = to_dict(Timeline((Span(5, "x"),)))
    for name in RESERVED:
        assert raw[name] == []
        with pytest.raises(TimelineError, match="not understood yet"):
            reading.from_dict({**raw, name: [{}]})
    with pytest.raises(TimelineError, match="not a known key"):
        reading.from_dict({**raw, "surprise": 1})
    with pytest.raises(TimelineError, match="version"):
        reading.from_dict({**raw, "version": 2})


def test_assets_come_once_in_order():
    clip, still = Clip("b", 0, 5), Still("a")
    timeline = Timeline(
        (Span(5, "x", 0.0, clip), Span(5, "x", 0.5, Mix(still, clip), (Reference("c"),)))
    )
    assert assets(timeline) == ("b", "a", "c")
    assert replace(timeline, closed=True) != timeline


@pytest.mark.parametrize(
    "path",
    [
        ((0.0, Box(1.0, 0.0, 0.5, 1.0)),),
        ((0.0, Box(0.0, -0.5, 1.0, 0.5)),),
        ((0.0, Box(-2.0, 0.0, 1.0, 1.0)), (1.0, Box(-1.5, 0.2, 1.0, 1.0))),
    ],
)
def test_a_box_that_is_never_in_sight_is_refused_and_one_that_comes_in_is_not(path):
    clip = Clip("a", 0, 100)
    for span in (
        Span(100, "x", 0.0, replace(clip, place=path)),
        Span(100, "x", 1.0, clip, region=Region(path)),
    ):
        with pytest.raises(TimelineError, match="never comes into the picture"):
            validate(Timeline((span,)))
    comes = (path[0], (1.0, Box(0.2, 0.2, 0.5, 0.5)))
    validate(Timeline((Span(100, "x", 1.0, clip, region=Region(comes)),)))


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ('{"version": 1, "spans": [{"ticks": 1.5, "caption": ""}]}', "1.5 is no whole number"),
        ("[]", "[] is no object"),
        ('{"version": 1, "spans": {}}', "{} is no list"),
    ],
)
def test_what_is_no_number_is_told_in_plain_words(tmp_path, raw, said):
    (tmp_path / "t.json").write_text(raw)
    with pytest.raises(TimelineError, match=re.escape(said)):
        editing.written(tmp_path / "t.json")
