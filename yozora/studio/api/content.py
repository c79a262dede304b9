"""The bytes of a video, whole or in ranges."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse

from yozora.studio.api.callers import Reader
from yozora.studio.api.envelope import envelope
from yozora.studio.records import jobs, library
from yozora.studio.records.library import Stored
from yozora.studio.state import State, state_of

router = APIRouter(prefix="/v1/videos", tags=["videos"])
Variant = Literal["video", "thumbnail", "spritesheet", "latents"]
_RANGE = re.compile(r"bytes=[ \t]*([0-9]*)-([0-9]*)[ \t]*", re.IGNORECASE)  # one, not several
_TAG = re.compile(r'"[^"]*"')
BINARY: dict[int | str, Any] = {
    200: {
        "description": "The bytes",
        "content": {"video/mp4": {"schema": {"type": "string", "format": "binary"}}},
    },
    206: {"description": "A range of them"},
}


@router.get("/{video_id}/content", responses=BINARY, response_class=Response)
@router.head("/{video_id}/content", include_in_schema=False)
def content(
    request: Request, video_id: str, who: Reader,
    variant: Annotated[Variant, Query(description="what of it")] = "video",
) -> Response:  # fmt: skip
    """The film (MP4), a thumbnail (WebP), a sheet of its frames (JPEG), or its latents."""
    state = state_of(request)
    with state.database.read() as db:
        stored = library.object_of(db, jobs.find(db, video_id, who.id), variant)
    return served(request, state, stored, f"{video_id}.{suffix(stored.mime)}")


def suffix(mime: str) -> str:
    names = {
        "application/jsonl": "jsonl",
        "video/mp4": "mp4",
        "image/webp": "webp",
        "image/jpeg": "jpg",
        "image/png": "png",
    }
    return names.get(mime, "bin")


def served(request: Request, state: State, stored: Stored, filename: str) -> Response:
    """An object's bytes, or the range that was asked for."""
    tag = f'"{stored.sha256}"'
    headers = {
        "accept-ranges": "bytes",
        "etag": tag,
        "cache-control": "private, max-age=3600",
        "content-disposition": f"inline; filename*=UTF-8''{quote(filename)}",
    }
    if _is_known(request, tag):
        return Response(status_code=304, headers=headers)
    start, stop, status = 0, stored.bytes, 200
    wanted = _wanted(request.headers.get("range", ""))
    if wanted and stored.bytes and request.headers.get("if-range", tag) == tag:
        found = _range(*wanted, stored.bytes)
        if found is None:
            told = {"content-range": f"bytes */{stored.bytes}"}
            return envelope(
                416, "there are no such bytes: ask for fewer", "invalid_range", None, told
            )
        start, stop = found
        status = 206
        headers["content-range"] = f"bytes {start}-{stop - 1}/{stored.bytes}"
    headers["content-length"] = str(stop - start)
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers, media_type=stored.mime)
    parts = state.objects.parts(stored.key, start, stop)
    return StreamingResponse(parts, status, headers, stored.mime)


def _is_known(request: Request, tag: str) -> bool:
    """Whether who asks has these bytes already: by any of the tags told, weak ones too, or by *."""
    told = ",".join(request.headers.getlist("if-none-match")).strip()
    return told == "*" or tag in _TAG.findall(told)


def _wanted(text: str) -> tuple[str, str] | None:
    """The digits of a range's first and last byte, of which one may lack; None for what is no
    range, or runs backwards: it is ignored then, as RFC 9110 allows."""
    match = _RANGE.fullmatch(text)
    if match is None:
        return None
    first, last = match[1], match[2]
    backwards = first and last and _order(last) < _order(first)
    return None if backwards or not (first or last) else (first, last)


def _order(digits: str) -> tuple[int, str]:
    """Numbers of any length compare as these do."""
    digits = digits.lstrip("0")
    return len(digits), digits


def _at_most(digits: str, most: int) -> int:
    """A number of any length, or `most`."""
    length, digits = _order(digits)
    return most if length > 18 else min(int(digits or 0), most)


def _range(first: str, last: str, size: int) -> tuple[int, int] | None:
    """[start, stop) of a range; None where it has no byte."""
    if not first:
        count = _at_most(last, size)
        return (size - count, size) if count else None
    start = _at_most(first, size)
    stop = _at_most(last, size - 1) + 1 if last else size
    return (start, stop) if start < stop else None
