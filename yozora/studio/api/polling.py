"""The call that every client makes again and again, answered before any other route is looked at.

Who waits for a video asks for it many times, and most of what that costs is the way: through the
whole framework, and to another thread and back. Who may ask, and what is answered, is said where it
is for `videos.retrieve`, which does the same.
"""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from yozora.studio.api import callers
from yozora.studio.api.envelope import refused
from yozora.studio.api.placing import answer
from yozora.studio.errors import StudioError
from yozora.studio.records import jobs
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
        job = await request.app.state.lookups.job(video)
        if job is None or job.account != who.id:
            raise jobs.missing(video)
        return answer(state_of(request), job)
    except StudioError as error:
        return refused(error)
