"""The page for people: create, watch it being made, play; and the one-time link that opens it."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse, Response

from yozora.studio.api.callers import (
    NOT_OURS,
    address,
    is_own_page,
    let_in,
    neighbourhood,
)
from yozora.studio.errors import Forbidden, NotFound, Unauthorized
from yozora.studio.records import people
from yozora.studio.state import state_of

router = APIRouter(include_in_schema=False)
FOLDER = Path(__file__).parents[1] / "page"
KINDS = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8",
         ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}  # fmt: skip


@router.get("/")
def index() -> Response:
    return _file("index.html")


@router.get("/page/{name}")
def part(name: str) -> Response:
    return _file(name)


@router.get("/healthz")
def health(request: Request) -> JSONResponse:
    """Whether the studio can do its work: its database answers."""
    with state_of(request).database.read() as db:
        people.owner(db)
    return JSONResponse({"status": "ok"})


@router.get("/enter/{secret}")
def door(secret: str) -> Response:
    """What a one-time link shows. It is not used by being looked at, as chats do with links."""
    page = _file("enter.html")
    page.headers["referrer-policy"] = "same-origin"  # else its own form would come from nowhere
    return page


@router.post("/enter/{secret}")
def enter(request: Request, secret: str) -> Response:
    """A one-time link is used: who does is its account from here on, in this browser."""
    if not is_own_page(request):
        raise Forbidden(NOT_OURS)
    state = state_of(request)
    with state.database.write() as db:
        account = people.take_link(db, secret, state.now())
        if account is not None:
            cookie, session = people.add_session(db, account, state.now())
            people.note(db, account, "entered by a link", "", address(request), state.now())
    if account is None:
        state.failures.failed(neighbourhood(request))
        if "text/html" in request.headers.get("accept", ""):  # a person: the page says it
            return RedirectResponse("/#used", status_code=303)
        raise Unauthorized("this link was used, or is too old: ask for another")
    response = RedirectResponse("/", status_code=303)
    let_in(request, response, cookie, session, state.now())
    return response


def _file(name: str) -> Response:
    path = FOLDER / name
    if path.suffix not in KINDS or path.name != name or not path.is_file():
        raise NotFound("there is nothing at this address: the page is at /")
    return FileResponse(path, media_type=KINDS[path.suffix], headers={"cache-control": "no-cache"})
