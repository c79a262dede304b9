"""What a client sends, however it sends it: JSON, or forms with brackets and files.

    {"video": {"id": "v"}}  =  video[id]=v  =  video={"id":"v"}        lst[]=1&lst[]=2  =  [1, 2]

OpenAI's clients send forms even where there is no file; others send JSON in a field. Numbers that
come as text are read where they are wanted (`wishes` does).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request

from yozora.studio.asked import SaidList, SaidObject
from yozora.studio.errors import StudioError, TooLarge

MOST_JSON_BYTES = 32 << 20  # a data URL of 20 MiB, and what lies around it
MOST_FIELDS, MOST_FILES = 1000, 8
MOST_DEPTH = 40
_KEY = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")


@dataclass
class Body:
    """Fields as JSON has them, and the files that came with them."""

    fields: dict[str, Any]
    files: dict[str, UploadFile] = field(default_factory=dict)


async def read(request: Request) -> Body:
    """Raises StudioError."""
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    try:
        if kind in ("multipart/form-data", "application/x-www-form-urlencoded"):
            form = await request.form(
                max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=MOST_JSON_BYTES
            )
            return of_form(form)
        raw = await request.body()
    except (MultiPartException, HTTPException, UnicodeDecodeError, ValueError) as error:
        if isinstance(error, StudioError):
            raise
        raise StudioError(
            "the form cannot be read: send multipart/form-data with its boundary, or JSON"
        ) from error
    except ClientDisconnect as error:
        raise StudioError("the request ended too early: send it again") from error
    if kind not in ("", "application/json") and not kind.endswith("+json"):
        raise StudioError(
            f"{kind[:60]!r} is not read here: send JSON, or multipart/form-data", status=415
        )
    if len(raw) > MOST_JSON_BYTES:
        raise TooLarge("the request is too large: upload the file with POST /v1/files")
    return Body(of_json(raw))


def of_json(raw: bytes) -> dict[str, Any]:
    """An object. Raises StudioError."""
    try:
        value = json.loads(raw or b"{}", parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise StudioError("the request is no JSON: check its brackets and quotes") from error
    if not isinstance(value, dict):
        raise StudioError("the request is no object: write {...}")
    return value


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def of_form(form: FormData) -> Body:
    """A form's fields, their brackets unfolded."""
    body = Body({})
    said = form.multi_items()
    columns = _in_columns([name for name, value in said if isinstance(value, str)])
    for name, value in said:
        if not isinstance(value, str):
            if value.size or value.filename not in (None, "", "upload"):
                body.files[name.split("[")[0]] = value
            continue
        _put(body.fields, _path(name), _value(value), columns)
    return body


def _in_columns(names: list[str]) -> bool:
    """Whether a list of objects comes field by field, as Python's client sends it, instead of
    object by object: what is said more than once is said in a row."""
    runs = sum(one != before for one, before in zip(names, [None, *names], strict=False))
    return runs == len(set(names))


def _value(text: str) -> Any:
    """JSON in a field, where it is an object or a list; else the text. A field that wants text gets
    it as it came (`asked.validated`)."""
    if text[:1] not in ("{", "[") or text[-1:] not in ("}", "]"):
        return text
    try:
        value = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return text
    said = SaidObject(value) if isinstance(value, dict) else SaidList(value)
    said.text = text
    return said


def _path(name: str) -> list[str]:
    found = _KEY.match(name)
    if found is None:
        return [name]
    path = [found[1], *re.findall(r"\[([^\[\]]*)\]", found[2])]
    if len(path) > MOST_DEPTH:
        raise StudioError("the form's fields lie too deep in brackets: send JSON")
    return path


def _put(into: dict[str, Any], path: list[str], value: Any, columns: bool) -> None:
    """One field at its place; said twice it is a list. Raises StudioError."""
    key, *rest = path
    if not rest:
        old = into.get(key)
        if isinstance(old, list):
            old.append(value)
        else:
            into[key] = [old, value] if key in into and not isinstance(old, dict) else value
        return
    if not isinstance(into.get(key), list | dict):
        into[key] = _empty(rest)
    _within(into[key], rest, value, columns)


def _within(here: Any, path: list[str], value: Any, columns: bool) -> None:
    """`[]` is the next of a list, or one where this still belongs to it; `[2]` is the third."""
    key, *rest = path
    if isinstance(here, list) != _counts(key):
        raise StudioError(f"the field ...[{key[:40]}] is a list and an object: choose one")
    if isinstance(here, dict):
        _put(here, path, value, columns)
    elif not rest:
        here.append(value)
    else:
        at = int(key) if key else _place(here, rest, columns)
        if at >= len(here):
            here.append(_empty(rest))
            at = len(here) - 1
        if not isinstance(here[at], list | dict):
            raise StudioError("a list has objects and plain values: send JSON")
        _within(here[at], rest, value, columns)


def _place(here: list[Any], path: list[str], columns: bool) -> int:
    """Of the object that a field without a number belongs to."""
    if columns:
        return next((n for n, one in enumerate(here) if not _is_said(one, path, False)), len(here))
    return len(here) - (bool(here) and not _is_said(here[-1], path, True))


def _is_said(here: Any, path: list[str], in_turn: bool) -> bool:
    """Whether an object has this already, or, `in_turn`, has gone on to another field since."""
    for key in path:
        if not isinstance(here, dict):
            return isinstance(here, list) != _counts(key)
        if key not in here:
            return False
        if in_turn and key != next(reversed(here)):
            return True
        here = here[key]
    return True


def _counts(key: str) -> bool:
    return key == "" or (key.isascii() and key.isdigit() and len(key) <= 4)


def _empty(path: list[str]) -> Any:
    return [] if _counts(path[0]) else {}
