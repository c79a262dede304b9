"""What a validation found, as a sentence for whoever sent it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from yozora.studio import wishes
from yozora.studio.errors import StudioError

_A_WAY = re.compile(
    r"[\[(]|^(constrained-\w+|str|int|float|bool|none)$"
)  # of several that a union has
WANTED = {
    "string_type": "text", "dict_type": "an object", "model_type": "an object",
    "list_type": "a list", "finite_number": "a finite number",
    "literal_error": "{expected}", "enum": "{expected}",
    "greater_than_equal": "{ge:g} or more", "less_than_equal": "{le:g} or less",
    "greater_than": "more than {gt:g}", "less_than": "less than {lt:g}",
    "string_too_long": "of at most {max_length} characters",
    "string_too_short": "of at least {min_length} characters",
    "too_long": "of at most {max_length} entries", "too_short": "of at least {min_length} entries",
}  # fmt: skip
KINDS = {"int": "a whole number", "float": "a number", "bool": "true or false"}
FORMS = {  # by how the pattern of a field begins
    "^(video|file)_": "the id of a video or of a file, as video_...",
    "^([1-9]": "hours or days, as 24h or 30d",
    "^[^": "text without control characters",
}


def fault(error: ValidationError, within: str = "") -> StudioError:
    """A validation's first fault: its place and a remedy. `within`: the field that was looked at,
    where it is not the whole request."""
    every = error.errors(include_url=False, include_input=False)
    first, place = every[0], _place(every[0]["loc"], within)
    match first["type"]:
        case "extra_forbidden":
            return _about(place, f"{place!r} is not known: leave it out", "unknown_parameter")
        case "missing":
            return _about(place, f"{place!r} is missing: send it", "missing_required_parameter")
        case "union_tag_invalid" | "union_tag_not_found":
            known = str(first.get("ctx", {}).get("expected_tags", "")) or ", ".join(wishes.NAMES)
            said = f"that is no tool: write {{'tool': NAME, ...}} with one of {known}"
            return _about("tool", said)
        case "value_error":
            return _about(place, str(first["msg"]).removeprefix("Value error, "))
    ways = dict.fromkeys(_wanted(one) for one in every if _place(one["loc"], within) == place)
    return _about(place, f"{place!r} is to be {' or '.join(ways)}: change it")


def _about(place: str, said: str, code: str = "invalid_value") -> StudioError:
    return StudioError(said, param=place or None, code=code)


def _place(parts: Sequence[int | str], within: str) -> str:
    """Of a field, without the ways that there are of reading it."""
    named = [str(part) for part in parts if not _A_WAY.search(str(part))]
    if within:  # whose first part is the tool's name
        named = [within, *named[1:]]
    return ".".join(named)[:80]


def _wanted(one: ErrorDetails) -> str:
    told: Mapping[str, Any] = one.get("ctx", {})
    if one["type"] == "string_pattern_mismatch":
        pattern = str(told["pattern"])
        known = (said for begin, said in FORMS.items() if pattern.startswith(begin))
        return next(known, "of another form (/openapi.json tells it)")
    if one["type"] in WANTED:
        return WANTED[one["type"]].format(**told)
    return KINDS.get(one["type"].partition("_")[0], str(one["msg"])[:200])
