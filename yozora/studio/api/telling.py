"""What becomes of videos while they are made, as server-sent events: of one, or of all."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from yozora.studio import shown
from yozora.studio.api.callers import Reader, still
from yozora.studio.errors import Busy
from yozora.studio.records import jobs
from yozora.studio.records.jobs import Job
from yozora.studio.state import State, state_of
from yozora.studio.watching import Line, Seen, Watcher

router = APIRouter(prefix="/v1/videos", tags=["videos"])
ASK_S = 2.0  # between two looks whether a listener may still listen


@router.get("/events", response_class=StreamingResponse)
async def events_of_all(request: Request, who: Reader) -> StreamingResponse:
    """Server-sent events without an end, of all that one has under way: `queue` with their order,
    and `video` and `preview` of each; one connection, however many there are."""
    state, watcher = state_of(request), request.app.state.watcher
    return _stream(request, _told_of_all(state, watcher, who.id))


@router.get("/{video_id}/events", response_class=StreamingResponse)
async def events(request: Request, video_id: str, who: Reader) -> StreamingResponse:
    """Server-sent events until it is over: `video`, and `preview` with a picture that moves."""
    state, watcher = state_of(request), request.app.state.watcher
    with state.database.read() as db:
        jobs.find(db, video_id, who.id)
    return _stream(request, _told(state, watcher, video_id))


def _stream(request: Request, parts: AsyncIterator[bytes]) -> StreamingResponse:
    return StreamingResponse(
        _while_allowed(request, parts),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


async def _while_allowed(request: Request, parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Until a key is revoked or a session ends; where nothing is told, a sign of life asks."""
    asked = time.monotonic()
    async for part in parts:
        if time.monotonic() - asked > ASK_S:
            asked = time.monotonic()
            if not await still(request, "videos:read"):
                return
        yield part


async def _told(state: State, watcher: Watcher, video_id: str) -> AsyncIterator[bytes]:
    step = -1
    async for seen in watcher.watch(video_id):
        if seen is None:
            yield b": still here\n\n"
            continue
        if seen.preview is not None and seen.preview[0] != step:
            step = seen.preview[0]
            yield _preview(video_id, *seen.preview)
        yield _event("video", _as_now(state, video_id, seen))


def _as_now(state: State, video_id: str, seen: Seen) -> dict[str, Any]:
    if seen.job is None:
        return _gone(video_id)
    if seen.job.status.is_final:
        return shown.video(seen.job)
    return shown.video(seen.job, state.outlook.of(seen.job))


@dataclass
class _Listener:
    """What somebody was told already."""

    state: State
    jobs: dict[str, Job] = field(default_factory=dict)
    steps: dict[str, int] = field(default_factory=dict)
    queue: dict[str, Any] | None = None

    def news(self, line: Line) -> list[bytes]:
        """What is to be told now. Where the order changes, all are told anew, as the times at
        which they begin do."""
        queue = {
            "videos": [job.id for job in line.jobs], "has_more": line.has_more,
            "paused": line.paused,
        }  # fmt: skip
        here = {job.id: job for job in line.jobs}
        told: list[bytes] = []
        is_new = queue != self.queue
        with self.state.database.read() as db:
            over = [name for name in self.jobs if name not in here]
            ended = jobs.several(db, over)
            for name in over:
                job = ended.get(name)
                if job is None or job.status.is_final:
                    told.append(_event("video", _gone(name) if job is None else shown.video(job)))
            if is_new:
                told.append(_event("queue", queue))
            for job in line.jobs:
                if is_new or job != self.jobs.get(job.id):
                    told.append(_event("video", shown.video(job, self.state.outlook.of(job))))
                preview = line.previews.get(job.id)
                if preview is not None and preview[0] != self.steps.get(job.id):
                    self.steps[job.id] = preview[0]
                    told.append(_preview(job.id, *preview))
        self.jobs, self.queue = here, queue
        self.steps = {name: step for name, step in self.steps.items() if name in line.previews}
        return told


async def _told_of_all(state: State, watcher: Watcher, account: str) -> AsyncIterator[bytes]:
    listener, missed = _Listener(state), None
    async for line in watcher.line(account):
        if line is None and missed is None:
            yield b": still here\n\n"
            continue
        now = line or missed
        assert now is not None
        try:
            news, missed = await run_in_threadpool(listener.news, now), None
        except Busy:
            missed = now  # told with the next change, or sign of life
            continue
        for part in news:
            yield part


def _gone(video_id: str) -> dict[str, Any]:
    return {"id": video_id, "object": "video.deleted", "deleted": True}


def _preview(video_id: str, step: int, picture: bytes) -> bytes:
    url = f"data:image/webp;base64,{base64.b64encode(picture).decode()}"
    return _event("preview", {"id": video_id, "step": step, "url": url})


def _event(kind: str, data: dict[str, Any]) -> bytes:
    return f"event: {kind}\ndata: {json.dumps(data)}\n\n".encode()
