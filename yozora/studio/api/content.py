"""The bytes of a video, whole or in ranges; what becomes of it while it is made."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse

from yozora.studio.api import shown
from yozora.studio.api.callers import Reader
from yozora.studio.api.envelope import envelope
from yozora.studio.records import jobs, library
from yozora.studio.records.library import Stored
from yozora.studio.state import State, state_of
from yozora.studio.watching import Seen, Watcher

router = APIRouter(prefix="/v1/videos", tags=["videos"])
Variant = Literal["video", "thumbnail", "spritesheet", "latents"]
_RANGE = re.compile(r"^bytes=(\d*)-(\d*)$")
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
    names = {"video/mp4": "mp4", "image/webp": "webp", "image/jpeg": "jpg", "image/png": "png"}
    return names.get(mime, "bin")


def served(request: Request, state: State, stored: Stored, filename: str) -> Response:
    """An object's bytes, or the range that was asked for."""
    tag = f'"{stored.sha256}"'
    headers = {
        "accept-ranges": "bytes",
        "etag": tag,
        "cache-control": "private, max-age=3600",
        "content-disposition": f'inline; filename="{filename}"',
    }
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    start, stop, status = 0, stored.bytes, 200
    wanted = request.headers.get("range")
    if wanted and request.headers.get("if-range", tag) == tag and (m := _RANGE.match(wanted)):
        found = _range(m[1], m[2], stored.bytes)
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


def _range(first: str, last: str, size: int) -> tuple[int, int] | None:
    """[start, stop) of a range; None where it has no byte."""
    if not first:
        count = min(int(last or 0), size)
        return (size - count, size) if count else None
    start = int(first)
    stop = min(size, int(last) + 1) if last else size
    return (start, stop) if start < stop else None


@router.get("/{video_id}/events", response_class=StreamingResponse)
async def events(request: Request, video_id: str, who: Reader) -> StreamingResponse:
    """Server-sent events until it is over: `video`, and `preview` with a picture that moves."""
    state, watcher = state_of(request), request.app.state.watcher
    with state.database.read() as db:
        jobs.find(db, video_id, who.id)
    return StreamingResponse(
        _told(state, watcher, video_id),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


async def _told(state: State, watcher: Watcher, video_id: str) -> AsyncIterator[bytes]:
    step = -1
    async for seen in watcher.watch(video_id):
        if seen is None:
            yield b": still here\n\n"
            continue
        if seen.preview is not None and seen.preview[0] != step:
            step = seen.preview[0]
            picture = base64.b64encode(seen.preview[1]).decode()
            yield _event("preview", {"step": step, "url": f"data:image/webp;base64,{picture}"})
        yield _event("video", _as_now(state, video_id, seen))


def _as_now(state: State, video_id: str, seen: Seen) -> dict[str, Any]:
    if seen.job is None:
        return {"id": video_id, "object": "video.deleted", "deleted": True}
    if seen.job.status.is_final:
        return shown.video(seen.job)
    return shown.video(seen.job, state.outlook.of(seen.job))


def _event(kind: str, data: dict[str, Any]) -> bytes:
    return f"event: {kind}\ndata: {json.dumps(data)}\n\n".encode()
