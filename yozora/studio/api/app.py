"""The whole API as one application: routes, errors in OpenAI's envelope, headers for safety."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.routing import Match

from yozora import __version__
from yozora.studio.api import (
    batches,
    characters,
    content,
    describing,
    files,
    live,
    login,
    models,
    own,
    page,
    people,
    queue,
    telling,
    videos,
    webhooks,
    workers,
)
from yozora.studio.api.envelope import Wrapping, envelope, refused
from yozora.studio.api.limits import Limits
from yozora.studio.api.polling import Polling
from yozora.studio.errors import Busy, StudioError
from yozora.studio.hooks import Hooks
from yozora.studio.state import State
from yozora.studio.watching import Lookups, Watcher

PARTS = (  # characters before videos: none of these has that name
    characters, live, telling, videos, content, models, queue, files, batches, webhooks, people,
    own, login, page, workers,
)  # fmt: skip


def application(state: State) -> FastAPI:
    """Every route, over one studio's state."""

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        app.state.watcher, app.state.lookups = Watcher(state.database), Lookups(state.database)
        with suppress(Busy):  # so that nobody who asks waits for the first look
            await run_in_threadpool(state.outlook.look)
        yield
        await app.state.watcher.close()

    app = FastAPI(
        title="Yozora",
        version=__version__,
        summary="Words to video: OpenAI's Videos API on your own machine, and an editor behind it",
        lifespan=life,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        responses=describing.ERRORS,
    )
    build = app.openapi
    app.openapi = lambda: describing.plain(build())  # type: ignore[method-assign]
    app.state.studio = state
    app.state.hooks = Hooks(state)
    for part in PARTS:
        app.include_router(part.router)
    app.add_exception_handler(StudioError, _studio_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_middleware(Polling)
    app.add_middleware(Limits, state=state)
    app.add_middleware(Wrapping)
    return app


async def _studio_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, StudioError)
    return refused(error)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    sentence = {
        404: "there is nothing at this address: see /openapi.json for what there is",
        405: f"{request.method} is not done here: see /openapi.json for what is",
    }.get(error.status_code, str(error.detail))
    code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code)
    headers = dict(error.headers or {})
    if error.status_code == 405:  # each route knows its own alone
        headers["Allow"] = ", ".join(_methods(request))
    return envelope(error.status_code, sentence, code, headers=headers)


def _methods(request: Request) -> list[str]:
    """That routes at this address take."""
    found: set[str] = set()
    for route in (one for part in PARTS for one in part.router.routes):
        if route.matches(request.scope)[0] is not Match.NONE:
            found |= getattr(route, "methods", None) or set()
    return sorted(found)


async def _validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"][1:]) or str(first["loc"][0])
    return envelope(400, f"{place[:80]}: {str(first['msg'])[:200]}", "invalid_value", place[:80])
