"""JSON to a timeline: every fault is a sentence with a place. Standard library only."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from typing import Any, TypeVar

from yozora.timeline.document import (
    RESERVED,
    VERSION,
    Clip,
    Content,
    Mix,
    Reference,
    Source,
    Span,
    Still,
    Timeline,
    validate,
)
from yozora.timeline.errors import TimelineError

T = TypeVar("T")
_SPAN_KEYS = {"ticks", "caption", "level", "content", "references"}
_KEYS = {"version", "spans", "closed", "width", "height", "fps", "seed", "negative", *RESERVED}


def from_json(text: str) -> Timeline:
    """The timeline that `to_json` wrote, validated. Raises TimelineError."""
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TimelineError("document", "not JSON", "check the brackets and quotes") from error
    return from_dict(raw)


def from_dict(raw: object) -> Timeline:
    """As `from_json`, from parsed JSON."""
    document = _object(raw, "document", _KEYS)
    version = document.get("version")
    if version != VERSION:
        raise TimelineError(
            "version", f"{version!r} is not {VERSION}", "use the Yozora that wrote the document"
        )
    for name in RESERVED:
        if document.get(name):
            raise TimelineError(name, "not understood yet", "leave it an empty list")
    spans = _list(document.get("spans", []), "spans")
    return validate(
        Timeline(
            spans=tuple(_span(span, f"spans[{i}]") for i, span in enumerate(spans)),
            closed=_typed(document.get("closed", False), bool, "closed"),
            width=_optional_int(document.get("width"), "width"),
            height=_optional_int(document.get("height"), "height"),
            fps=_fps(document.get("fps")),
            seed=_optional_int(document.get("seed"), "seed"),
            negative=_typed(document.get("negative", ""), str, "negative"),
        )
    )


def _span(raw: object, place: str) -> Span:
    span = _object(raw, place, _SPAN_KEYS)
    content = span.get("content")
    references = _list(span.get("references", []), f"{place}.references")
    return Span(
        ticks=_typed(span.get("ticks"), int, f"{place}.ticks"),
        caption=_typed(span.get("caption"), str, f"{place}.caption"),
        level=_number(span.get("level", 1.0), f"{place}.level"),
        content=None if content is None else _content(content, f"{place}.content"),
        references=tuple(
            _reference(reference, f"{place}.references[{i}]")
            for i, reference in enumerate(references)
        ),
    )


def _reference(raw: object, place: str) -> Reference:
    reference = _object(raw, place, {"asset", "role"})
    return Reference(
        asset=_typed(reference.get("asset"), str, f"{place}.asset"),
        role=_typed(reference.get("role", "character"), str, f"{place}.role"),
    )


def _content(raw: object, place: str) -> Content:
    if isinstance(raw, dict) and raw.get("kind") == "mix":
        mix = _object(raw, place, {"kind", "first", "second", "curve"})
        curve = _list(mix.get("curve", [[0, 0], [1, 1]]), f"{place}.curve")
        return Mix(
            first=_source(mix.get("first"), f"{place}.first"),
            second=_source(mix.get("second"), f"{place}.second"),
            curve=tuple(_point(point, f"{place}.curve[{i}]") for i, point in enumerate(curve)),
        )
    return _source(raw, place)


def _source(raw: object, place: str) -> Source:
    source = _object(raw, place, {"kind", "asset", "start", "stop", "at"})
    asset = _typed(source.get("asset"), str, f"{place}.asset")
    match source.get("kind"):
        case "clip":
            return Clip(
                asset=asset,
                start=_typed(source.get("start"), int, f"{place}.start"),
                stop=_typed(source.get("stop"), int, f"{place}.stop"),
            )
        case "still":
            return Still(asset=asset, at=_optional_int(source.get("at"), f"{place}.at"))
        case kind:
            raise TimelineError(f"{place}.kind", repr(kind), "use clip, still or mix")


def _point(raw: object, place: str) -> tuple[float, float]:
    point = _list(raw, place)
    if len(point) != 2:
        raise TimelineError(place, f"{len(point)} numbers", "give a place and a share")
    return _number(point[0], place), _number(point[1], place)


def _fps(raw: object) -> Fraction | None:
    if raw is None:
        return None
    try:
        text = _typed(raw, str, "fps")
        if re.fullmatch(r"\d{1,9}(/\d{1,9})?", text, re.ASCII) is None:  # "1e999999999" is none
            raise ValueError(text)
        return Fraction(text)
    except (ValueError, ZeroDivisionError) as error:
        raise TimelineError("fps", repr(raw), 'give text like "24" or "24000/1001"') from error


def _optional_int(raw: object, place: str) -> int | None:
    return None if raw is None else _typed(raw, int, place)


def _number(raw: object, place: str) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise TimelineError(place, f"{raw!r} is not a number", "give a number")
    return float(raw)


def _typed(raw: object, kind: type[T], place: str) -> T:
    if not isinstance(raw, kind) or (kind is int and isinstance(raw, bool)):
        raise TimelineError(place, f"{raw!r} is no {kind.__name__}", f"give a {kind.__name__}")
    return raw


def _list(raw: object, place: str) -> list[Any]:
    return _typed(raw, list, place)


def _object(raw: object, place: str, keys: set[str]) -> dict[str, Any]:
    document: dict[str, Any] = _typed(raw, dict, place)
    for key in document:
        if key not in keys:
            raise TimelineError(f"{place}.{key}", "not a known key", f"use {sorted(keys)}")
    return document
