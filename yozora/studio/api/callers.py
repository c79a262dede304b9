"""Who calls, and what they may do.

A key of the API, or a session of the page, or - where the studio listens on loopback alone, and
its owner has not switched that off - whoever sits at this machine. A page of another site is
nobody, and so is whoever comes through a proxy: that sits here, they do not.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection

from yozora.studio.errors import Busy, Forbidden, TooMany, Unauthorized
from yozora.studio.records import people
from yozora.studio.records.people import Account, Key, Session
from yozora.studio.state import State, state_of

COOKIE = "yozora_session"
CSRF_HEADER = "x-yozora-csrf"
SAFE = ("GET", "HEAD", "OPTIONS")
SEEN_MS = 60_000  # between two notes of a key's use
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")  # by a proxy
NOT_OURS = "this came from another page: load the studio's page again"


@dataclass(frozen=True, slots=True)
class Caller:
    account: Account
    scopes: frozenset[str]
    key: Key | None = None
    session: Session | None = None

    @property
    def id(self) -> str:
        return self.account.id

    @property
    def csrf(self) -> str | None:
        return None if self.session is None else self.session.csrf

    @property
    def sits_here(self) -> bool:
        """At this machine, and showed nothing."""
        return self.key is None and self.session is None

    @property
    def is_whole(self) -> bool:
        """Whether it may do all that its account may."""
        return self.scopes >= self.account.role.scopes


async def caller(request: HTTPConnection) -> Caller:
    """Raises Unauthorized, Forbidden, TooMany."""
    state = state_of(request)
    found = await _known(request, state)
    if found.csrf is not None and request.scope.get("method", "GET") not in SAFE:
        sent = request.headers.get(CSRF_HEADER, "")
        if not hmac.compare_digest(sent.encode(), found.csrf.encode()):
            raise Forbidden(NOT_OURS)
    if not found.sits_here or found.account.rate_per_minute is not None:
        state.rates.spend(found.id, found.account.rate_per_minute)
    return found


async def still(request: HTTPConnection, scope: str) -> bool:
    """Whether who began something that lasts may go on with it."""
    try:
        return scope in (await _known(request, state_of(request))).scopes
    except (Unauthorized, Forbidden, TooMany):
        return False
    except Busy:  # says nothing against it
        return True


async def _known(request: HTTPConnection, state: State) -> Caller:
    shown = _shown(request)
    found: Caller | None = state.known.get(shown)
    if found is None:
        changes = state.known.changes
        found = await run_in_threadpool(_found, request, state)
        state.known.put(shown, found, changes)
    return found


def _shown(request: HTTPConnection) -> str:
    """All that says who calls."""
    sent = request.headers.get("authorization", ""), request.cookies.get(cookie_name(request), "")
    told = (*sent, is_own_page(request), _is_forwarded(request))
    return people.digest("\n".join(map(str, told)))


def _found(request: HTTPConnection, state: State) -> Caller:
    found = _by_key(request, state) or _by_session(request, state) or _sitting_here(request, state)
    if found is None:
        raise Unauthorized("there is no key: send it as Authorization: Bearer yz_...")
    if found.account.disabled:
        raise Unauthorized("this account is switched off: ask an administrator")
    return found


def address(request: HTTPConnection) -> str:
    """Whence it comes, for the audit log."""
    return request.client.host[:64] if request.client else ""


def neighbourhood(request: HTTPConnection) -> str:
    """Whence it comes, for counting failures: of IPv6 whoever has one address has 2^64 of them."""
    told = address(request)
    try:
        found = ip_address(told)
    except ValueError:
        return told
    return found.exploded[:19] if isinstance(found, IPv6Address) else told


def _by_key(request: HTTPConnection, state: State) -> Caller | None:
    header = request.headers.get("authorization", "")
    kind, _, secret = header.partition(" ")
    secret = secret.strip()
    if kind.lower() != "bearer" or not secret:
        return None
    now = state.now()
    with state.database.read() as db:
        key = people.key_of(db, secret, now)
        account = None if key is None else people.get(db, key.account)
    if key is None or account is None:
        if state.is_open and not secret.startswith(people.KEY_MARK):
            return None  # a client's placeholder: whoever sits here needs no key
        state.failures.failed(neighbourhood(request))
        raise Unauthorized("this key is not known, or has run out: make one on the studio's page")
    if now - (key.used_at or 0) > SEEN_MS:
        try:
            with state.database.write() as db:
                people.used(db, key, now)
        except Busy:
            pass  # a note, no more
    return Caller(account, frozenset(key.scopes) & account.role.scopes, key)


def _by_session(request: HTTPConnection, state: State) -> Caller | None:
    cookie = request.cookies.get(cookie_name(request))
    if not cookie:
        return None
    with state.database.read() as db:
        session = people.session(db, cookie, state.now())
        account = None if session is None else people.get(db, session.account)
    if session is None or account is None:
        return None
    if not is_own_page(request):
        raise Forbidden(NOT_OURS)  # other ports of this host get the cookie too
    return Caller(account, account.role.scopes, session=session)


def _sitting_here(request: HTTPConnection, state: State) -> Caller | None:
    if not state.is_open or not is_own_page(request) or _is_forwarded(request):
        return None
    with state.database.read() as db:
        owner = people.owner(db)
    return None if owner is None else Caller(owner, owner.role.scopes)


def _is_forwarded(request: HTTPConnection) -> bool:
    return any(name in request.headers for name in FORWARDED)


def _is_secure(request: HTTPConnection) -> bool:
    return request.url.scheme in ("https", "wss")


def cookie_name(request: HTTPConnection) -> str:
    """Over https a name that browsers keep to this very host, path and connection."""
    return f"__Host-{COOKIE}" if _is_secure(request) else COOKIE


def let_in(
    request: HTTPConnection, response: Response, secret: str, session: Session, now: int
) -> None:
    """The session's cookie: no script reads it, no other site's page sends it."""
    response.set_cookie(
        cookie_name(request), secret, max_age=(session.expires_at - now) // 1000, path="/",
        httponly=True, samesite="strict", secure=_is_secure(request),
    )  # fmt: skip
    response.headers["cache-control"] = "no-store"


def let_out(request: HTTPConnection, response: Response) -> None:
    response.delete_cookie(
        cookie_name(request), path="/", httponly=True, samesite="strict",
        secure=_is_secure(request),
    )  # fmt: skip


def is_own_page(request: HTTPConnection) -> bool:
    """Whether a browser, if it is one, shows the studio's own page: of another site's it tells."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    if origin is None:
        return True
    try:
        return urlsplit(origin).netloc == request.headers.get("host")
    except ValueError:  # no address at all
        return False


def needs(scope: str) -> Callable[[Caller], Awaitable[Caller]]:
    """A dependency: a caller who may do this."""

    async def allowed(who: Annotated[Caller, Depends(caller)]) -> Caller:
        if scope not in who.scopes:
            raise Forbidden(f"this needs the scope {scope!r}: use a key that has it")
        return who

    return allowed


async def whole(who: Annotated[Caller, Depends(caller)]) -> Caller:
    """A dependency: a caller who may do all that the account may, as what is asked is about it."""
    if not who.is_whole:
        raise Forbidden("this is about the whole account: log in, or use a key with all its scopes")
    return who


Anyone = Annotated[Caller, Depends(caller)]
Whole = Annotated[Caller, Depends(whole)]
Reader = Annotated[Caller, Depends(needs("videos:read"))]
Writer = Annotated[Caller, Depends(needs("videos:write"))]
Filer = Annotated[Caller, Depends(needs("files"))]
Hooker = Annotated[Caller, Depends(needs("webhooks"))]
Admin = Annotated[Caller, Depends(needs("admin"))]
