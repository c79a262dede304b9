"""People: accounts and their limits, invitations, credits, the audit log. For administrators.

Nobody gives away what they have not: who is no owner leaves owners alone and makes none, and a link
opens no more than its maker may do. What an account has is shown to it alone, whatever a role.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from yozora.studio import leaving, shown
from yozora.studio.api import bodies, describing, forms
from yozora.studio.api.bodies import Body
from yozora.studio.api.callers import Admin, Caller, address
from yozora.studio.errors import Conflict, Forbidden, StudioError
from yozora.studio.records import ledger, people
from yozora.studio.records.people import Account, Role
from yozora.studio.state import state_of

router = APIRouter(prefix="/v1", tags=["people"])
Read = Annotated[Body, Depends(bodies.read)]
Limit = Annotated[int, Query(ge=1, le=100)]
MOST_CREDITS = 1e9


def _plain(name: str) -> str:
    """As it is kept: one form of every letter, no spaces around it, nothing that hides."""
    name = people.plain(name)
    if not name or len(name) > 100 or not name.isprintable():
        raise ValueError("a name has 1 to 100 characters that can be seen")
    return name


Name = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_plain)]
Given = Literal["owner", "admin", "member", "viewer"]


class Limits(BaseModel):
    """What an account may use; null: as much as there is."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)
    weight: int = Field(1, ge=1, le=1000, description="of its turns in the queue")
    most_running: int | None = Field(None, ge=0, le=10_000, description="videos at once")
    most_queued: int | None = Field(None, ge=0, le=1_000_000)
    most_bytes: int | None = Field(None, ge=0, lt=2**60, description="of films and files")
    rate_per_minute: int | None = Field(None, ge=1, le=1_000_000, description="calls of the API")


class NewAccount(Limits):
    name: Name
    role: Given = "member"


class ChangedAccount(Limits):
    """What is left out stays."""

    name: Name = ""
    role: Given = "member"
    disabled: bool = False


class Granted(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)
    credits: float = Field(ge=-MOST_CREDITS, le=MOST_CREDITS, description="below 0: fewer")


class Confirmed(BaseModel):
    model_config = ConfigDict(extra="forbid")
    confirm: str = Field(max_length=200, description="the account's name")


@router.get("/accounts", responses=describing.answers(describing.listed(forms.ACCOUNT)))
def listed(
    request: Request, who: Admin, limit: Limit = 100,
    after: Annotated[str | None, Query(max_length=80)] = None,
) -> JSONResponse:  # fmt: skip
    """Everybody, the oldest first."""
    with state_of(request).database.read() as db:
        page = people.some(db, limit, after)
        items = [account(one, ledger.balance(db, one.id)) for one in page.items]
    return JSONResponse(shown.page(items, page.has_more))


@router.post("/accounts", openapi_extra=describing.body(NewAccount, None),
             responses=describing.answers(forms.ACCOUNT))  # fmt: skip
def create(request: Request, who: Admin, body: Read) -> JSONResponse:
    """Somebody new, who comes in by a link."""
    wanted = forms.read(NewAccount, body.fields)
    _may_give(who, Role(wanted.role))
    limits = wanted.model_dump(exclude={"name", "role"})
    state = state_of(request)
    with state.database.write() as db:
        made = people.add(db, wanted.name, Role(wanted.role), state.now(), **limits)
        _note(db, request, who, "made an account", f"{made.id} role={made.role}")
    return JSONResponse(account(made, None))


@router.get("/accounts/{account_id}", responses=describing.answers(forms.ACCOUNT))
def retrieve(request: Request, account_id: str, who: Admin) -> JSONResponse:
    """One of them."""
    with state_of(request).database.read() as db:
        found = people.present(db, account_id)
        return JSONResponse(account(found, ledger.balance(db, found.id)))


@router.post("/accounts/{account_id}", openapi_extra=describing.body(ChangedAccount, None),
             responses=describing.answers(forms.ACCOUNT))  # fmt: skip
def change(request: Request, account_id: str, who: Admin, body: Read) -> JSONResponse:
    """Another name, role or limit; or switch it off, which ends its sessions."""
    wanted = forms.read(ChangedAccount, body.fields)
    values = wanted.model_dump(exclude_unset=True)
    if not values:
        raise StudioError("nothing is to change: send a role, or a limit")
    with state_of(request).database.write() as db:
        before = people.present(db, account_id)
        _may_touch(who, before)
        if "role" in values:
            values["role"] = Role(wanted.role)
            _may_give(who, values["role"])
        found = people.change(db, account_id, **values)
        told = ", ".join(k if k == "name" else f"{k}={v}" for k, v in values.items())
        _note(db, request, who, "changed an account", f"{found.id} {told}")
        left = ledger.balance(db, found.id)
    state_of(request).known.forget()
    return JSONResponse(account(found, left))


@router.post("/accounts/{account_id}/link", responses=describing.answers(forms.LINK))
def invite(request: Request, account_id: str, who: Admin) -> JSONResponse:
    """A link that opens the account once, within a day; those made before open nothing any more.
    Who has been in comes in again by an owner's link alone, so that no administrator is they."""
    state = state_of(request)
    with state.database.write() as db:
        found = people.present(db, account_id)
        _may_touch(who, found)
        if not found.role.scopes <= who.scopes:
            raise Forbidden("the link would open more than this key does: use one with all scopes")
        is_used = found.password_hash is not None or people.has_been_in(db, found.id)
        if is_used and found.id != who.id and who.account.role is not Role.OWNER:
            raise Forbidden("somebody uses this account already: ask an owner for the link")
        if found.disabled:
            raise Conflict("this account is switched off: switch it on first")
        secret = people.add_link(db, found.id, state.now())
        _note(db, request, who, "made a link", found.id)
    where = str(request.base_url).rstrip("/")
    return forms.secret({
        "object": "account.link", "account": found.id, "url": f"{where}/enter/{secret}",
        "expires_at": (state.now() + people.LINK_MS) // 1000,
    })  # fmt: skip


@router.post("/accounts/{account_id}/credits", openapi_extra=describing.body(Granted, None),
             responses=describing.answers(forms.BALANCE))  # fmt: skip
def grant(request: Request, account_id: str, who: Admin, body: Read) -> JSONResponse:
    """More credits, or fewer. The first grant begins the counting."""
    micros = round(forms.read(Granted, body.fields).credits * 1e6)
    state = state_of(request)
    with state.database.write() as db:
        found = people.present(db, account_id)
        _may_touch(who, found)
        ledger.grant(db, found.id, micros, state.now())
        _note(db, request, who, "granted credits", f"{found.id} {micros / 1e6:+g}")
        left = ledger.balance(db, found.id)
    return JSONResponse({"object": "credits", "account": found.id, "credits": forms.credits(left)})


@router.delete("/accounts/{account_id}", openapi_extra=describing.body(Confirmed, None),
               responses=describing.DELETED)  # fmt: skip
def erase(request: Request, account_id: str, who: Admin, body: Read) -> JSONResponse:
    """An account with all that it has, for good; an owner's right."""
    if who.account.role is not Role.OWNER or not who.is_whole:
        raise Forbidden("only an owner erases somebody: switch the account off, or ask an owner")
    with state_of(request).database.read() as db:
        found = people.present(db, account_id)
    return erased(request, who, found, body)


def erased(request: Request, who: Caller, gone: Account, body: Body) -> JSONResponse:
    """Forget an account whose name was written to say that it is meant."""
    wanted = forms.read(Confirmed, body.fields)
    if wanted.confirm != gone.name:
        raise StudioError(
            "this cannot be undone: send the account's name as 'confirm'", param="confirm"
        )
    state = state_of(request)

    def deed(db: Any, nobody: str) -> None:
        by_itself = who.id == gone.id
        by, whence = (nobody, "") if by_itself else (who.id, address(request))
        people.note(db, by, "erased an account", nobody, whence, state.now())

    leaving.erase(state, gone.id, deed)
    return JSONResponse({"id": gone.id, "object": "account.deleted", "deleted": True})


@router.get("/audit", responses=describing.answers(describing.listed(forms.AUDIT)))
def audit(
    request: Request, who: Admin, limit: Limit = 100,
    before: Annotated[int | None, Query(ge=0, lt=2**53, description="a line's number")] = None,
) -> JSONResponse:  # fmt: skip
    """Who did what, when, and whence; the newest first."""
    with state_of(request).database.read() as db:
        found = people.audit(db, limit + 1, before)
    return forms.numbered([forms.line(one) for one in found], limit)


def account(one: Account, balance: int | None) -> dict[str, Any]:
    """An account as administrators see it: itself, and nothing that it has."""
    return {
        "id": one.id, "object": "account", "name": one.name, "role": str(one.role),
        "disabled": one.disabled, "has_password": one.password_hash is not None,
        "weight": one.weight, "most_running": one.most_running, "most_queued": one.most_queued,
        "most_bytes": one.most_bytes, "rate_per_minute": one.rate_per_minute,
        "credits": forms.credits(balance), "created_at": one.created_at // 1000,
    }  # fmt: skip


def _may_touch(who: Caller, other: Account) -> None:
    if other.role is Role.OWNER and who.account.role is not Role.OWNER:
        raise Forbidden("only an owner changes an owner: ask one")


def _may_give(who: Caller, role: Role) -> None:
    if role is Role.OWNER and who.account.role is not Role.OWNER:
        raise Forbidden("only an owner makes an owner: ask one, or choose another role")


def _note(db: Any, request: Request, who: Caller, deed: str, subject: str) -> None:
    people.note(db, who.id, deed, subject, address(request), state_of(request).now())
