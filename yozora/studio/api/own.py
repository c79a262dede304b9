"""What is one's own: keys, credits, usage, and the account itself, to take along or to end."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from yozora.studio import leaving, shown
from yozora.studio.api import bodies, describing, forms
from yozora.studio.api import people as admin
from yozora.studio.api.bodies import Body
from yozora.studio.api.callers import Anyone, Caller, Reader, Whole, address
from yozora.studio.errors import Forbidden, StudioError
from yozora.studio.records import belongings, ledger, people
from yozora.studio.records.people import SCOPES
from yozora.studio.state import state_of

router = APIRouter(prefix="/v1", tags=["own"])
Read = Annotated[Body, Depends(bodies.read)]
ZIP: dict[int | str, Any] = {
    200: {
        "description": "The account",
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class NewKey(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = Field("", max_length=100, description="what it is for")
    scopes: list[str] = Field(
        min_length=1, max_length=20, description=f"of {', '.join(SCOPES)}; none that you lack"
    )
    expires_at: int | None = Field(
        None, ge=0, lt=2**40, description="in Unix seconds; null: when it is revoked"
    )


@router.get("/me", responses=describing.answers(forms.ME))
def me(who: Anyone) -> JSONResponse:
    """Who calls, and what the calls of a session must send as `x-yozora-csrf`."""
    return forms.secret({
        "object": "me", "id": who.id, "name": who.account.name, "role": str(who.account.role),
        "scopes": sorted(who.scopes), "csrf": who.csrf,
    })  # fmt: skip


@router.get("/keys", responses=describing.answers(describing.listed(forms.KEY)))
def keys(request: Request, who: Anyone) -> JSONResponse:
    """One's own keys, without what opens."""
    with state_of(request).database.read() as db:
        found = people.keys(db, who.id)
    return JSONResponse(shown.page([forms.key(one) for one in found], False))


@router.post("/keys", openapi_extra=describing.body(NewKey, None),
             responses=describing.answers(forms.NEW_KEY))  # fmt: skip
def make_key(request: Request, who: Anyone, body: Read) -> JSONResponse:
    """A key, whose secret is told once. It may no more than who makes it, and for no longer."""
    wanted = forms.read(NewKey, body.fields)
    state = state_of(request)
    ends = None if wanted.expires_at is None else wanted.expires_at * 1000
    if ends is not None and ends <= state.now():
        raise StudioError("the key would have run out already: choose a later expires_at",
                          param="expires_at", code="invalid_value")  # fmt: skip
    more = set(wanted.scopes) & set(SCOPES) - who.scopes
    if more:
        raise Forbidden(f"the scope {min(more)!r} is not yours to give: leave it out")
    if who.key is not None and who.key.expires_at is not None:
        ends = who.key.expires_at if ends is None else min(ends, who.key.expires_at)
    with state.database.write() as db:
        made, secret = people.add_key(
            db, who.id, wanted.name, tuple(wanted.scopes), state.now(), ends
        )
        _note(db, request, who, "made a key", f"{made.id} {', '.join(made.scopes)}")
    return forms.secret(forms.key(made) | {"secret": secret})


@router.delete("/keys/{key_id}", responses=describing.DELETED)
def revoke(request: Request, key_id: str, who: Anyone) -> JSONResponse:
    """From here on it opens nothing. A key revokes none that may more than itself."""
    state = state_of(request)
    with state.database.write() as db:
        found = people.own_key(db, key_id, who.id)
        if not frozenset(found.scopes) & who.account.role.scopes <= who.scopes:
            raise Forbidden("that key may more than this one: log in, or use a key with all scopes")
        people.revoke(db, key_id, who.id, state.now())
        _note(db, request, who, "revoked a key", key_id)
    state.known.forget()
    return JSONResponse({"id": key_id, "object": "key.deleted", "deleted": True})


@router.get("/credits", responses=describing.answers(describing.listed(forms.LEDGER)))
def credits(
    request: Request, who: Reader, limit: Annotated[int, Query(ge=1, le=100)] = 20,
    before: Annotated[int | None, Query(ge=0, lt=2**53, description="a line's number")] = None,
) -> JSONResponse:  # fmt: skip
    """What is left, and how it came to that, the newest first. Null where nobody counts."""
    with state_of(request).database.read() as db:
        left = ledger.balance(db, who.id)
        found = ledger.rows(db, who.id, limit + 1, before)
    return forms.numbered([forms.change(row) for row in found], limit, credits=forms.credits(left))


@router.get("/usage", responses=describing.answers(forms.USAGE))
def usage(request: Request, who: Reader) -> JSONResponse:
    """Videos by status, seconds of film, bytes, and what of each is the most."""
    with state_of(request).database.read() as db:
        found = belongings.usage(db, who.id)
        left = ledger.balance(db, who.id)
    one = who.account
    return JSONResponse({
        "object": "usage", **found, "most_bytes": one.most_bytes,
        "most_running": one.most_running, "most_queued": one.most_queued,
        "rate_per_minute": one.rate_per_minute, "credits": forms.credits(left),
    })  # fmt: skip


@router.get("/account/export", responses=ZIP, response_class=Response)
def export(request: Request, who: Whole) -> StreamingResponse:
    """All that the account has, as a ZIP: what the studio knows of it, its films and files."""
    state = state_of(request)
    with state.database.write() as db:
        _note(db, request, who, "exported an account", who.id)
    headers = {
        "content-disposition": 'attachment; filename="yozora-account.zip"',
        "cache-control": "no-store",
    }
    parts = leaving.export(state, who.id)
    return StreamingResponse(parts, media_type="application/zip", headers=headers)


@router.delete("/account", openapi_extra=describing.body(admin.Confirmed, None),
               responses=describing.DELETED)  # fmt: skip
def erase(request: Request, who: Whole, body: Read) -> JSONResponse:
    """One's own account with all that it has, for good."""
    return admin.erased(request, who, who.account, body)


def _note(db: Any, request: Request, who: Caller, deed: str, subject: str) -> None:
    people.note(db, who.id, deed, subject, address(request), state_of(request).now())
