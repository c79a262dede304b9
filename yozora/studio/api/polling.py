"""The call that every client makes again and again, answered before any other route is looked at.

Who waits for a video asks for it many times. Most of what that costs is the way: through the whole
framework, and to another thread and back, which takes longer than SQLite does to answer. What is
asked, who may, and what is answered is said in `videos.retrieve` and `callers`, as for all routes.
"""

from __future__ import annotations

import re

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from yozora.studio.api import callers, videos
from yozora.studio.api.envelope import refused
from yozora.studio.errors import StudioError
from yozora.studio.state import state_of

VIDEO = re.compile(r"/v1/videos/(video_[0-9a-f]{32})")
READ = callers.needs("videos:read")


class Polling:
    """`GET /v1/videos/{id}`; everything else goes on."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = None
        if scope["type"] == "http" and scope["method"] == "GET":
            found = VIDEO.fullmatch(scope["path"])
        if found is None:
            await self.app(scope, receive, send)
            return
        answer = await _answer(Request(scope, receive), found[1])
        await answer(scope, receive, send)


async def _answer(request: Request, video: str) -> Response:
    try:
        who = await READ(await callers.caller(request))
        if state_of(request).database.is_sqlite:  # a row of a file here, which no writer holds up
            return videos.retrieve(request, video, who)
        return await run_in_threadpool(videos.retrieve, request, video, who)
    except StudioError as error:
        return refused(error)
