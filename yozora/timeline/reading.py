"""JSON to a timeline: every fault is a sentence with a place. Standard library only."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from typing import Any, TypeVar

from yozora.timeline.checks import validate
from yozora.timeline.document import (
    RESERVED,
    VERSION,
    Box,
    Clip,
    Content,
    Curve,
    Mask,
    Mix,
    Path,
    Reference,
    Region,
    Source,
    Span,
    Still,
    Timeline,
    Words,
)
from yozora.timeline.errors import TimelineError

T = TypeVar("T")
PLAIN = {  # types in a person's words, and what to write instead
    int: ("whole number", "write one, as 60000"),
    str: ("text", "write it in quotes"),
    bool: ("yes or no", "write true or false"),
    list: ("list", "write one in brackets, as [1, 2]"),
    dict: ("object", 'write one in braces, as {"key": "value"}'),
}
_SPAN_KEYS = {"ticks", "caption", "level", "content", "references", "region", "shows", "cut"}
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
    level, region = span.get("level", 1.0), span.get("region")
    curved = isinstance(level, list)
    return Span(
        ticks=_typed(span.get("ticks"), int, f"{place}.ticks"),
        caption=_typed(span.get("caption"), str, f"{place}.caption"),
        level=_curve(level, f"{place}.level") if curved else _number(level, f"{place}.level"),
        content=None if content is None else _content(content, f"{place}.content"),
        references=tuple(
            _reference(reference, f"{place}.references[{i}]")
            for i, reference in enumerate(references)
        ),
        region=None if region is None else _region(region, f"{place}.region"),
        shows=_typed(span.get("shows", ""), str, f"{place}.shows"),
        cut=_typed(span.get("cut", False), bool, f"{place}.cut"),
    )


def _region(raw: object, place: str) -> Region:
    region = _object(raw, place, {"box", "mask", "words", "inverted", "feather", "caption"})
    named = [key for key in ("box", "mask", "words") if key in region]
    if len(named) != 1:
        raise TimelineError(place, f"{len(named)} shapes", "give one of box, mask and words")
    shape: Path | Mask | Words
    match named[0]:
        case "box":
            shape = _path(region["box"], f"{place}.box")
        case "mask":
            shape = Mask(_typed(region["mask"], str, f"{place}.mask"))
        case _:
            shape = Words(_typed(region["words"], str, f"{place}.words"))
    return Region(
        shape,
        _typed(region.get("inverted", False), bool, f"{place}.inverted"),
        _number(region.get("feather", 0.02), f"{place}.feather"),
        _typed(region.get("caption", ""), str, f"{place}.caption"),
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
        return Mix(
            first=_source(mix.get("first"), f"{place}.first"),
            second=_source(mix.get("second"), f"{place}.second"),
            curve=_curve(mix.get("curve", [[0, 0], [1, 1]]), f"{place}.curve"),
        )
    return _source(raw, place)


def _source(raw: object, place: str) -> Source:
    source = _object(raw, place, {"kind", "asset", "start", "stop", "at", "place"})
    where = _path(source["place"], f"{place}.place") if source.get("place") else ()
    asset = _typed(source.get("asset"), str, f"{place}.asset")
    match source.get("kind"):
        case "clip":
            return Clip(
                asset=asset,
                start=_typed(source.get("start"), int, f"{place}.start"),
                stop=_typed(source.get("stop"), int, f"{place}.stop"),
                place=where,
            )
        case "still":
            return Still(asset, _optional_int(source.get("at"), f"{place}.at"), where)
        case kind:
            raise TimelineError(f"{place}.kind", repr(kind), "use clip, still or mix")


def _curve(raw: object, place: str) -> Curve:
    rows = _rows(raw, place, 2, "give a place and a value")
    return tuple((at, value) for at, value in rows)


def _path(raw: object, place: str) -> Path:
    rows = _rows(raw, place, 5, "give a place, and x, y, width and height")
    return tuple((row[0], Box(*row[1:])) for row in rows)


def _rows(raw: object, place: str, count: int, remedy: str) -> list[list[float]]:
    rows = []
    for i, row in enumerate(_list(raw, place)):
        numbers = _list(row, f"{place}[{i}]")
        if len(numbers) != count:
            raise TimelineError(f"{place}[{i}]", f"{len(numbers)} numbers", remedy)
        rows.append([_number(number, f"{place}[{i}]") for number in numbers])
    return rows


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
        raise TimelineError(place, f"{f'{raw!r}'[:60]} is not a number", "give a number")
    return float(raw)


def _typed(raw: object, kind: type[T], place: str) -> T:
    if not isinstance(raw, kind) or (kind is int and isinstance(raw, bool)):
        what, remedy = PLAIN[kind]
        raise TimelineError(place, f"{f'{raw!r}'[:60]} is no {what}", remedy)
    return raw


def _list(raw: object, place: str) -> list[Any]:
    return _typed(raw, list, place)


def _object(raw: object, place: str, keys: set[str]) -> dict[str, Any]:
    document: dict[str, Any] = _typed(raw, dict, place)
    for key in document:
        if key not in keys:
            raise TimelineError(f"{place}.{key}", "not a known key", f"use {sorted(keys)}")
    return document
