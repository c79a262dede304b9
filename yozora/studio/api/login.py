"""Names and passwords: in, out, and another one.

Who guesses waits, by address and by name, and learns from no answer whether there is such a name.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from yozora.studio import passwords
from yozora.studio.api import bodies, describing, forms
from yozora.studio.api.bodies import Body
from yozora.studio.api.callers import (
    NOT_OURS,
    Anyone,
    Caller,
    address,
    cookie_name,
    is_own_page,
    let_in,
    let_out,
    neighbourhood,
)
from yozora.studio.errors import Forbidden, Unauthorized
from yozora.studio.records import people
from yozora.studio.records.people import Account
from yozora.studio.state import State, state_of

router = APIRouter(prefix="/v1", tags=["login"])
Read = Annotated[Body, Depends(bodies.read)]
FRESH_MS = 10 * 60_000  # after coming in: a new password needs no old one


class Login(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=100)
    password: str = Field(max_length=passwords.MOST)


class NewPassword(BaseModel):
    model_config = ConfigDict(extra="forbid")
    password: str = Field(description=f"{passwords.LEAST} to {passwords.MOST} characters")
    current: str = Field("", max_length=passwords.MOST, description="the one until now")


@router.post("/login", openapi_extra=describing.body(Login, None),
             responses=describing.answers(forms.SESSION))  # fmt: skip
def login(request: Request, body: Read) -> JSONResponse:
    """A session: a cookie, and what every call that changes something sends as `x-yozora-csrf`."""
    if not is_own_page(request):
        raise Forbidden(NOT_OURS)
    wanted = forms.read(Login, body.fields)
    state = state_of(request)
    name = people.plain(wanted.name)
    with state.database.read() as db:
        found = people.named(db, name)
    kept = None if found is None else found.password_hash
    if not _proved(request, state, name, wanted.password, kept) or found is None:
        raise Unauthorized("the name or the password is wrong: try again, or ask for a link")
    if found.disabled:
        raise Unauthorized("this account is switched off: ask an administrator")
    anew = passwords.hashed(wanted.password) if passwords.is_old(kept or "") else None
    now = state.now()
    with state.database.write() as db:
        if anew is not None:
            people.keep_anew(db, found.id, anew)
        people.end_session(db, request.cookies.get(cookie_name(request), ""))
        secret, session = people.add_session(db, found.id, now)
        people.note(db, found.id, "logged in", "", address(request), now)
    state.known.forget()
    answer = forms.secret({
        "object": "session", "account": found.id, "name": found.name, "role": str(found.role),
        "csrf": session.csrf, "expires_at": session.expires_at // 1000,
    })  # fmt: skip
    let_in(request, answer, secret, session, now)
    return answer


@router.post("/logout", responses=describing.answers(forms.DONE))
def logout(request: Request) -> JSONResponse:
    """The session of this browser ends."""
    if not is_own_page(request):
        raise Forbidden(NOT_OURS)
    state = state_of(request)
    secret = request.cookies.get(cookie_name(request), "")
    if secret:
        with state.database.write() as db:
            session = people.session(db, secret, state.now())
            people.end_session(db, secret)
            if session is not None:
                people.note(db, session.account, "logged out", "", address(request), state.now())
        state.known.forget()
    answer = forms.secret({"object": "session.deleted"})
    let_out(request, answer)
    return answer


@router.put("/password", openapi_extra=describing.body(NewPassword, None),
            responses=describing.answers(forms.DONE))  # fmt: skip
def password(request: Request, who: Anyone, body: Read) -> JSONResponse:
    """Another password of one's own; other sessions end, and links open nothing any more. It needs
    the one until now, but of who came in a moment ago, by a link or with it."""
    wanted = forms.read(NewPassword, body.fields)
    state = state_of(request)
    _check(request, state, who, wanted)
    kept = passwords.hashed(wanted.password)
    own = request.cookies.get(cookie_name(request), "") if who.session is not None else ""
    with state.database.write() as db:
        people.set_password(db, who.id, kept)
        people.end_sessions(db, who.id, but=own)
        people.note(db, who.id, "changed the password", "", address(request), state.now())
    state.known.forget()
    return forms.secret({"object": "password"})


def _check(request: Request, state: State, who: Caller, wanted: NewPassword) -> None:
    if who.key is not None:
        raise Forbidden("a key changes no password, which opens more than a key may: log in")
    account: Account = who.account
    sits_here = who.session is None
    is_fresh = who.session is not None and state.now() - who.session.created_at < FRESH_MS
    if sits_here or is_fresh or account.password_hash is None:
        return
    if not _proved(request, state, account.name, wanted.current, account.password_hash):
        raise Forbidden("this is not the password until now: send it as 'current'")


def _proved(request: Request, state: State, name: str, password: str, kept: str | None) -> bool:
    """Whether a password is right. It counts as wrong while it is looked at, by address and by
    name. Raises TooMany, Busy."""
    whence = neighbourhood(request)
    state.failures.failed(whence)
    state.guesses.failed(name.casefold())
    is_right = passwords.is_right(password, kept)
    if is_right:
        state.failures.forgive(whence)
        state.guesses.forgive(name.casefold())
    return is_right
