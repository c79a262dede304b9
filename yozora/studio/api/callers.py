"""Who calls, and what they may do.

A key of the API, or a session of the page, or - where the studio listens on loopback alone, and its
owner has not switched that off - whoever sits at this machine. A page of another site is nobody.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection

from yozora.studio.errors import Busy, Forbidden, Unauthorized
from yozora.studio.records import people
from yozora.studio.records.people import Account
from yozora.studio.state import State, state_of

COOKIE = "yozora_session"
CSRF_HEADER = "x-yozora-csrf"
SAFE = ("GET", "HEAD", "OPTIONS")
SEEN_MS = 60_000  # between two notes of a key's use


@dataclass(frozen=True, slots=True)
class Caller:
    account: Account
    scopes: frozenset[str]
    key: str | None = None
    csrf: str | None = None  # of a session

    @property
    def id(self) -> str:
        return self.account.id


async def caller(request: HTTPConnection) -> Caller:
    """Raises Unauthorized, Forbidden, TooMany."""
    state = state_of(request)
    shown = _shown(request)
    found: Caller | None = state.known.get(shown)
    if found is None:
        found = await run_in_threadpool(_found, request, state)
        state.known.put(shown, found)
    if found.csrf is not None and request.scope.get("method", "GET") not in SAFE:
        sent = request.headers.get(CSRF_HEADER, "")
        if not hmac.compare_digest(sent.encode(), found.csrf.encode()):
            raise Forbidden("this came from another page: load the studio's page again")
    state.rates.spend(found.id, found.account.rate_per_minute)
    return found


def _shown(request: HTTPConnection) -> str:
    """All that says who calls."""
    told = (request.headers.get("authorization", ""), request.cookies.get(COOKIE, ""))
    return people.digest("\n".join((*told, str(is_own_page(request)))))


def _found(request: HTTPConnection, state: State) -> Caller:
    found = _by_key(request, state) or _by_session(request, state) or _sitting_here(request, state)
    if found is None:
        state.failures.failed(address(request))
        raise Unauthorized("there is no key: send it as Authorization: Bearer yz_...")
    if found.account.disabled:
        raise Unauthorized("this account is switched off: ask an administrator")
    return found


def address(request: HTTPConnection) -> str:
    return request.client.host if request.client else ""


def _by_key(request: HTTPConnection, state: State) -> Caller | None:
    header = request.headers.get("authorization", "")
    kind, _, secret = header.partition(" ")
    secret = secret.strip()
    if kind.lower() != "bearer" or not secret:
        return None
    state.failures.check(address(request))
    now = state.now()
    with state.database.read() as db:
        key = people.key_of(db, secret, now)
        account = None if key is None else people.get(db, key.account)
    if key is None or account is None:
        if state.is_open and not secret.startswith(people.KEY_MARK):
            return None  # a client's placeholder: whoever sits here needs no key
        state.failures.failed(address(request))
        raise Unauthorized("this key is not known, or has run out: make one on the studio's page")
    if now - (key.used_at or 0) > SEEN_MS:
        try:
            with state.database.write() as db:
                people.used(db, key, now)
        except Busy:
            pass  # a note, no more
    return Caller(account, frozenset(key.scopes) & account.role.scopes, key.id)


def _by_session(request: HTTPConnection, state: State) -> Caller | None:
    cookie = request.cookies.get(COOKIE)
    if not cookie:
        return None
    with state.database.read() as db:
        session = people.session(db, cookie, state.now())
        account = None if session is None else people.get(db, session.account)
    if session is None or account is None:
        return None
    return Caller(account, account.role.scopes, csrf=session.csrf)


def _sitting_here(request: HTTPConnection, state: State) -> Caller | None:
    if not state.is_open or not is_own_page(request):
        return None
    with state.database.read() as db:
        owner = people.owner(db)
    return None if owner is None else Caller(owner, owner.role.scopes)


def is_own_page(request: HTTPConnection) -> bool:
    """Whether a browser, if it is one, shows the studio's own page: of another site's it tells."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def needs(scope: str) -> Callable[[Caller], Awaitable[Caller]]:
    """A dependency: a caller who may do this."""

    async def allowed(who: Annotated[Caller, Depends(caller)]) -> Caller:
        if scope not in who.scopes:
            raise Forbidden(f"this needs the scope {scope!r}: use a key that has it")
        return who

    return allowed


Reader = Annotated[Caller, Depends(needs("videos:read"))]
Writer = Annotated[Caller, Depends(needs("videos:write"))]
Filer = Annotated[Caller, Depends(needs("files"))]
Hooker = Annotated[Caller, Depends(needs("webhooks"))]
Admin = Annotated[Caller, Depends(needs("admin"))]
