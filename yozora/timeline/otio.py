"""Timelines as OpenTimelineIO JSON, and back: what other editors have words for.

A kept clip is a clip, an invented stretch a gap, another speed a linear time warp; all else of a
span lies under the metadata key `yozora`, so that a timeline comes back as it went. Times are
exact: ticks at the rate of 120000. Standard library only; the format is OpenTimelineIO 0.17's.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from yozora.timeline import reading, writing
from yozora.timeline.checks import validate
from yozora.timeline.document import TICKS_PER_S, Clip, Source, Span, Still, Timeline, sources
from yozora.timeline.errors import TimelineError

KEY = "yozora"
DEEP = 8  # tracks and stacks within each other


def to_otio(timeline: Timeline, name: str = "Yozora") -> str:
    """OpenTimelineIO JSON of a timeline: one video track."""
    raw = writing.to_dict(timeline)
    spans = raw.pop("spans")
    children = [_item(span, told) for span, told in zip(timeline.spans, spans, strict=True)]
    track: dict[str, Any] = {
        "OTIO_SCHEMA": "Track.1", "name": "video", "kind": "Video", "source_range": None,
        "effects": [], "markers": [], "enabled": True, "metadata": {}, "children": children,
    }  # fmt: skip
    stack: dict[str, Any] = {
        "OTIO_SCHEMA": "Stack.1", "name": "tracks", "source_range": None, "effects": [],
        "markers": [], "enabled": True, "metadata": {}, "children": [track],
    }  # fmt: skip
    whole = {
        "OTIO_SCHEMA": "Timeline.1", "name": name, "global_start_time": None, "tracks": stack,
        "metadata": {KEY: raw},
    }  # fmt: skip
    return json.dumps(whole, indent=1)


def _item(span: Span, told: dict[str, Any]) -> dict[str, Any]:
    item = {
        "name": span.caption, "effects": [], "markers": [], "enabled": True,
        "metadata": {KEY: told},
    }  # fmt: skip
    source = next(sources(span.content), None)
    if source is None:
        return {**item, "OTIO_SCHEMA": "Gap.1", "source_range": _range(0, span.ticks)}
    start = source.start if isinstance(source, Clip) else source.at or 0
    lasts = source.stop - source.start if isinstance(source, Clip) else span.ticks
    reference: dict[str, Any] = {
        "OTIO_SCHEMA": "ExternalReference.1", "name": "", "metadata": {}, "available_range": None,
        "available_image_bounds": None, "target_url": source.asset,
    }  # fmt: skip
    return {
        **item,
        "OTIO_SCHEMA": "Clip.2",
        "source_range": _range(start, span.ticks),
        "effects": _warps(source, lasts / span.ticks),
        "media_references": {"DEFAULT_MEDIA": reference},
        "active_media_reference_key": "DEFAULT_MEDIA",
    }


def _warps(source: Source, speed: float) -> list[dict[str, Any]]:
    if isinstance(source, Still):
        speed = 0.0
    if speed == 1.0:
        return []
    kind = "FreezeFrame.1" if speed == 0.0 else "LinearTimeWarp.1"
    return [
        {"OTIO_SCHEMA": kind, "name": "", "effect_name": kind.split(".")[0], "enabled": True,
         "time_scalar": speed, "metadata": {}}
    ]  # fmt: skip


def _range(start: int, lasts: int) -> dict[str, Any]:
    def time(ticks: int) -> dict[str, Any]:
        return {"OTIO_SCHEMA": "RationalTime.1", "rate": float(TICKS_PER_S), "value": float(ticks)}

    return {"OTIO_SCHEMA": "TimeRange.1", "start_time": time(start), "duration": time(lasts)}


def from_otio(text: str, caption: str = "") -> tuple[Timeline, tuple[str, ...]]:
    """A timeline from OpenTimelineIO JSON, and what it has that a timeline has no words for.

    The first video track is read. Its clips are kept, its gaps invented under their names, or under
    `caption`. Raises TimelineError.
    """
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TimelineError("document", "not JSON", "export it again") from error
    if not isinstance(raw, dict) or not str(raw.get("OTIO_SCHEMA", "")).startswith("Timeline."):
        raise TimelineError("document", "no OpenTimelineIO timeline", "export the whole timeline")
    stack = raw.get("tracks")
    tracks = [track for track in _children(stack) if track.get("kind", "Video") == "Video"]
    if not tracks:
        raise TimelineError("tracks", "none with pictures", "export a video track")
    notes = [f"{len(tracks) - 1} more video tracks are left out"] if len(tracks) > 1 else []
    if len(_children(stack)) > len(tracks):
        notes.append("sound is left out")
    spans: list[Span] = []
    for place, item in _items(tracks[0], "tracks.children[0]", 0):
        span = _span(item, place, caption, notes)
        if span is not None:
            spans.append(span)
    own = raw.get("metadata", {}).get(KEY) if isinstance(raw.get("metadata"), dict) else None
    whole = Timeline(tuple(spans))
    if isinstance(own, dict):
        bare = reading.from_dict({**own, "spans": [{"ticks": 1, "caption": ""}]})
        whole = replace(bare, spans=whole.spans)
    return validate(whole), tuple(dict.fromkeys(notes))


def _children(raw: object) -> list[dict[str, Any]]:
    found = raw.get("children") if isinstance(raw, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _items(track: dict[str, Any], place: str, deep: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """What a track holds; of nested tracks, what these hold."""
    for i, item in enumerate(_children(track)):
        inner = f"{place}.children[{i}]"
        if str(item.get("OTIO_SCHEMA", "")).split(".")[0] in ("Track", "Stack") and deep < DEEP:
            nested = [item, *_children(item)][str(item["OTIO_SCHEMA"]).startswith("Stack") :][:1]
            for one in nested:
                yield from _items(one, inner, deep + 1)
        else:
            yield inner, item


def _span(item: dict[str, Any], place: str, caption: str, notes: list[str]) -> Span | None:
    metadata = item.get("metadata")
    own = metadata.get(KEY) if isinstance(metadata, dict) else None
    kind = str(item.get("OTIO_SCHEMA", "")).split(".")[0]
    if kind not in ("Clip", "Gap"):
        notes.append(f"a {kind or 'thing'} is left out")
        return None
    where = item.get("source_range")
    start, lasts = (_ticks(where, part, place) for part in ("start_time", "duration"))
    if isinstance(own, dict):
        told = reading.from_dict({"version": 1, "spans": [own]}).spans[0]
        if told.ticks == lasts:
            return told
        notes.append("a span was cut elsewhere: what it was told of more than its clip is left out")
    name = item.get("name") if isinstance(item.get("name"), str) else ""
    if kind == "Gap":
        return Span(lasts, name or caption)
    references = item.get("media_references")
    chosen = references.get(item.get("active_media_reference_key", "DEFAULT_MEDIA")) if isinstance(
        references, dict
    ) else item.get("media_reference")  # fmt: skip
    url = chosen.get("target_url") if isinstance(chosen, dict) else None
    if not isinstance(url, str) or not url:
        raise TimelineError(place, "a clip without a file", "link its media, and export it again")
    speed = 1.0
    for effect in item.get("effects") or []:
        scalar = effect.get("time_scalar") if isinstance(effect, dict) else None
        if isinstance(scalar, int | float) and math.isfinite(scalar):
            speed *= scalar
        else:
            notes.append("an effect is left out")
    url = url.removeprefix("file://")
    if speed == 0.0:
        return Span(lasts, name or caption, 0.0, Still(url, start))
    if speed < 0.0:
        raise TimelineError(place, "it plays backwards", "let it play forwards")
    return Span(lasts, name or caption, 0.0, Clip(url, start, start + max(1, round(lasts * speed))))


def _ticks(raw: object, part: str, place: str) -> int:
    time = raw.get(part) if isinstance(raw, dict) else None
    value, rate = (
        (time.get(k) for k in ("value", "rate")) if isinstance(time, dict) else (None, None)
    )
    known = all(isinstance(n, int | float) and math.isfinite(n) for n in (value, rate))
    if not known or not rate > 0 or value < 0:  # type: ignore[operator]
        raise TimelineError(
            f"{place}.source_range", "no range of time", "trim it, and export it again"
        )
    return round(value * TICKS_PER_S / rate)  # type: ignore[operator]
