"""The document's JSON Schema (draft 2020-12), made of the same numbers that `checks.py` holds to.

What a schema cannot say (a clip no longer than its film, a region only around content) the checks
say with a sentence. Standard library only.
"""

from __future__ import annotations

import json
from typing import Any

from yozora.timeline.checks import MOST_POINTS, MOST_WORDS, REACH
from yozora.timeline.document import MAX_TICKS, RESERVED, ROLES, TICKS_PER_S, VERSION

ID = "https://yozora.invalid/timeline-1.schema.json"


def schema() -> dict[str, Any]:
    """The schema as plain JSON values."""
    share = {"type": "number", "minimum": 0, "maximum": 1}
    reach = {"type": "number", "minimum": -REACH, "maximum": REACH}
    side = {"type": "number", "exclusiveMinimum": 0, "maximum": REACH}
    asset = {"type": "string", "minLength": 1}
    moment = {"type": "integer", "minimum": 0}
    place = {"$ref": "#/$defs/path"}
    clip = _object(
        {
            "kind": {"const": "clip"},
            "asset": asset,
            "start": moment,
            "stop": {"type": "integer", "minimum": 1, "maximum": 2 * MAX_TICKS},
            "place": place,
        },
        "kind", "asset", "start", "stop",
    )  # fmt: skip
    still = _object(
        {
            "kind": {"const": "still"},
            "asset": asset,
            "at": {"anyOf": [moment, {"type": "null"}]},
            "place": place,
        },
        "kind", "asset",
    )  # fmt: skip
    source = {"anyOf": [{"$ref": "#/$defs/clip"}, {"$ref": "#/$defs/still"}]}
    mix = _object(
        {
            "kind": {"const": "mix"},
            "first": source,
            "second": source,
            "curve": {"$ref": "#/$defs/curve"},
        },
        "kind", "first", "second",
    )  # fmt: skip
    region = {
        **_object(
            {
                "box": place,
                "mask": asset,
                "words": {"type": "string", "pattern": r"\S", "maxLength": MOST_WORDS},
                "inverted": {"type": "boolean"},
                "feather": share,
                "caption": {"type": "string", "description": "a thing alone, laid into it"},
            }
        ),
        "oneOf": [{"required": [shape]} for shape in ("box", "mask", "words")],
    }
    reference = _object({"asset": asset, "role": {"enum": list(ROLES)}}, "asset")
    span = _object(
        {
            "ticks": {
                "type": "integer",
                "minimum": 1,
                "maximum": MAX_TICKS,
                "description": f"length in 1/{TICKS_PER_S} s",
            },
            "caption": {"type": "string", "description": "what is made"},
            "level": {
                "anyOf": [share, {"$ref": "#/$defs/curve"}],
                "description": "where the noise starts: 1 invent, 0 keep, between: rework",
            },
            "content": {"anyOf": [source, {"$ref": "#/$defs/mix"}, {"type": "null"}]},
            "references": {"type": "array", "items": {"$ref": "#/$defs/reference"}},
            "region": {"anyOf": [{"$ref": "#/$defs/region"}, {"type": "null"}]},
            "shows": {"type": "string", "description": "what the content shows"},
            "cut": {"type": "boolean", "description": "a shot begins"},
        },
        "ticks", "caption",
    )  # fmt: skip
    pixels = {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}]}
    document = _object(
        {
            "version": {"const": VERSION},
            "spans": {"type": "array", "items": {"$ref": "#/$defs/span"}, "minItems": 1},
            "closed": {"type": "boolean", "description": "the last frame runs into the first"},
            "width": pixels,
            "height": pixels,
            "fps": {
                "anyOf": [
                    {"type": "string", "pattern": r"^\d{1,9}(/\d{1,9})?$"},
                    {"type": "null"},
                ]
            },
            "seed": {
                "anyOf": [
                    {"type": "integer", "minimum": 0, "maximum": 2**63 - 1},
                    {"type": "null"},
                ]
            },
            "negative": {"type": "string"},
            **{name: {"type": "array", "maxItems": 0} for name in RESERVED},
        },
        "version", "spans",
    )  # fmt: skip
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ID,
        "title": "Yozora timeline",
        **document,
        "$defs": {
            "curve": _rows([share, share], "place in the span, value"),
            "path": _rows([share, reach, reach, side, side], "place in the span, x, y, w, h"),
            "clip": clip,
            "still": still,
            "mix": mix,
            "region": region,
            "reference": reference,
            "span": span,
        },
    }


def text() -> str:
    """The schema as it is published in docs/timeline.schema.json."""
    return json.dumps(schema(), indent=1) + "\n"


def _object(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _rows(columns: list[dict[str, Any]], meaning: str) -> dict[str, Any]:
    row = {
        "type": "array",
        "prefixItems": columns,
        "items": False,
        "minItems": len(columns),
    }
    return {
        "type": "array",
        "items": row,
        "minItems": 1,
        "maxItems": MOST_POINTS,
        "description": f"rows of {meaning}",
    }
