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
    if kind not in ("", "application/json", "text/plain") and not kind.endswith("+json"):
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
    for name, value in form.multi_items():
        if not isinstance(value, str):
            if value.size or value.filename not in (None, "", "upload"):
                body.files[name.split("[")[0]] = value
            continue
        _put(body.fields, _path(name), _value(value))
    return body


def _value(text: str) -> Any:
    """JSON in a field, where it is an object or a list; else the text."""
    if text[:1] in ("{", "[") and text[-1:] in ("}", "]"):
        try:
            return json.loads(text, parse_constant=_no_number)
        except (ValueError, RecursionError):
            return text
    return text


def _path(name: str) -> list[str]:
    found = _KEY.match(name)
    if found is None:
        return [name]
    path = [found[1], *re.findall(r"\[([^\[\]]*)\]", found[2])]
    if len(path) > MOST_DEPTH:
        raise StudioError("the form's fields lie too deep in brackets: send JSON")
    return path


def _put(into: dict[str, Any], path: list[str], value: Any) -> None:
    """One field at its place; `[]` is the next of a list, or the last where it lacks this key."""
    here: Any = into
    for key, following in zip(path, [*path[1:], None], strict=True):
        if following is None:
            if isinstance(here, list):
                here.append(value)
            elif key in here and not isinstance(here[key], list | dict):
                here[key] = [here[key], value]  # said twice: a list
            elif key in here and isinstance(here[key], list):
                here[key].append(value)
            else:
                here[key] = value
            return
        empty: Any = [] if following == "" or following.isdigit() else {}
        if isinstance(here, list):
            here = _within_list(here, path[path.index(key) + 1 :], empty)
        else:
            if not isinstance(here.get(key), list | dict):
                here[key] = empty
            here = here[key]
            if isinstance(here, dict) and following == "":
                raise StudioError(f"the field {path[0][:40]!r} is a list and an object: choose one")


def _within_list(here: list[Any], rest: list[str], empty: Any) -> Any:
    """Where `a[][b]` goes: the last object without b, or a new one."""
    key = rest[0] if rest else ""
    if not here or not isinstance(here[-1], dict) or key in here[-1] or isinstance(empty, list):
        here.append(empty)
    return here[-1]
