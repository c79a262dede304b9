"""A timeline to JSON, and its identity. Standard library only.

What a span has beyond the first documents' keys is written only where it says something, so that
their identities are still theirs.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

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
    Region,
    Span,
    Still,
    Timeline,
    Words,
)


def identity(timeline: Timeline) -> str:
    """sha256 of the canonical JSON: equal documents, equal identity, on every machine."""
    return hashlib.sha256(to_json(timeline).encode()).hexdigest()


def to_json(timeline: Timeline) -> str:
    """Canonical JSON: sorted keys, no spaces."""
    return json.dumps(to_dict(timeline), sort_keys=True, separators=(",", ":"))


def to_dict(timeline: Timeline) -> dict[str, Any]:
    """Plain JSON values."""
    return {
        "version": VERSION,
        "spans": [_span(span) for span in timeline.spans],
        "closed": timeline.closed,
        "width": timeline.width,
        "height": timeline.height,
        "fps": None if timeline.fps is None else str(timeline.fps),
        "seed": timeline.seed,
        "negative": timeline.negative,
        **{name: [] for name in RESERVED},
    }


def _span(span: Span) -> dict[str, Any]:
    level = span.level
    raw: dict[str, Any] = {
        "ticks": span.ticks,
        "caption": span.caption,
        "level": float(level) if isinstance(level, float | int) else _curve(level),
        "content": None if span.content is None else _content(span.content),
        "references": [{"asset": r.asset, "role": r.role} for r in span.references],
    }
    if span.region is not None:
        raw["region"] = _region(span.region)
    if span.shows:
        raw["shows"] = span.shows
    if span.cut:
        raw["cut"] = True
    return raw


def _content(content: Content) -> dict[str, Any]:
    match content:
        case Clip(asset, start, stop, place):
            raw = {"kind": "clip", "asset": asset, "start": start, "stop": stop}
            return raw | _placed(place)
        case Still(asset, at, place):
            return {"kind": "still", "asset": asset, "at": at} | _placed(place)
        case Mix(first, second, curve):
            return {
                "kind": "mix",
                "first": _content(first),
                "second": _content(second),
                "curve": _curve(curve),
            }


def _placed(place: Path) -> dict[str, Any]:
    return {"place": _path(place)} if place else {}


def _region(region: Region) -> dict[str, Any]:
    raw: dict[str, Any] = {"inverted": region.inverted, "feather": float(region.feather)}
    if region.caption:
        raw["caption"] = region.caption
    match region.shape:
        case Mask(asset):
            raw["mask"] = asset
        case Words(text):
            raw["words"] = text
        case path:
            raw["box"] = _path(path)
    return raw


def _path(path: Path) -> list[list[float]]:
    """[place, x, y, width, height] rows."""
    return [[float(at), *_box(box)] for at, box in path]


def _box(box: Box) -> list[float]:
    return [float(box.x), float(box.y), float(box.width), float(box.height)]


def _curve(curve: Curve) -> list[list[float]]:
    return [[float(x), float(value)] for x, value in curve]
