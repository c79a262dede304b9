"""Webhook endpoints: who is told what happened, and what became of the telling."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from yozora.studio import asked, hooks, shown
from yozora.studio.api import bodies, describing
from yozora.studio.api.bodies import Body
from yozora.studio.api.callers import Hooker
from yozora.studio.errors import StudioError, about
from yozora.studio.hooks import Hooks
from yozora.studio.records import hooks as records
from yozora.studio.state import state_of

router = APIRouter(prefix="/v1", tags=["webhooks"])
Read = Annotated[Body, Depends(bodies.read)]
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Url = Annotated[str, Field(min_length=8, max_length=2000, pattern=r"^https?://[!-~]+$")]
Type = Annotated[str, Field(json_schema_extra={"enum": list(records.TYPES)})]
Types = Annotated[list[Type], Field(min_length=1, max_length=40)]
ENDPOINT = describing.answers(describing.ENDPOINT_SCHEMA, said="The endpoint")
After = Annotated[str | None, Query(max_length=80)]
Limit = Annotated[int, Query(ge=1, le=100)]


class EndpointAsked(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: Name
    url: Url
    event_types: Types


class EndpointChanged(BaseModel):
    """What is left out stays."""

    model_config = ConfigDict(extra="forbid")
    name: Name | None = None
    url: Url | None = None
    event_types: Types | None = None
    enabled: bool | None = Field(None, description="Yozora's own: off, or on again")


class Tested(BaseModel):
    model_config = ConfigDict(extra="forbid")
    event_type: Type


class Rotated(BaseModel):
    model_config = ConfigDict(extra="forbid")
    keep_old_secret_active_for_24_hours: bool = False


@router.post(
    "/webhook_endpoints", openapi_extra=describing.body(EndpointAsked, None), responses=ENDPOINT
)
def create(request: Request, who: Hooker, body: Read) -> JSONResponse:
    """A new endpoint; its secret is told now, and never again."""
    wanted = asked.read(EndpointAsked, body.fields)
    types = _known(wanted.event_types)
    one = hooks.added(state_of(request), who.account, wanted.name, wanted.url, types)
    return JSONResponse(shown.endpoint(one, with_secret=True))


@router.get(
    "/webhook_endpoints",
    responses=describing.answers(describing.listed(describing.ENDPOINT_SCHEMA)),
)
def listed(request: Request, who: Hooker, after: After = None, limit: Limit = 20) -> JSONResponse:
    """The caller's endpoints, newest first."""
    with state_of(request).database.read() as db:
        page = records.endpoints(db, who.id, limit, after)
    return JSONResponse(shown.page([shown.endpoint(one) for one in page.items], page.has_more))


@router.get(
    "/webhook_event_types",
    responses=describing.answers({"type": "object", "required": ["object", "data"]}),
)
def types(who: Hooker) -> JSONResponse:
    """What there is to be told."""
    return JSONResponse({"object": "list", "data": list(records.TYPES)})


@router.get("/webhook_endpoints/{endpoint_id}", responses=ENDPOINT)
def retrieve(request: Request, endpoint_id: str, who: Hooker) -> JSONResponse:
    """One endpoint, without its secret."""
    with state_of(request).database.read() as db:
        return JSONResponse(shown.endpoint(records.find(db, endpoint_id, who.id)))


@router.post(
    "/webhook_endpoints/{endpoint_id}", openapi_extra=describing.body(EndpointChanged, None),
    responses=ENDPOINT,
)  # fmt: skip
def change(request: Request, endpoint_id: str, who: Hooker, body: Read) -> JSONResponse:
    """Another name, address or choice of events; a new address is switched on."""
    wanted = asked.read(EndpointChanged, body.fields)
    state = state_of(request)
    values: dict[str, Any] = {}
    if wanted.name is not None:
        values["name"] = wanted.name
    if wanted.event_types is not None:
        values["event_types"] = list(_known(wanted.event_types))
    if wanted.url is not None:
        values["url"] = hooks.check(state, who.account, wanted.url)
    if wanted.enabled or (wanted.url is not None and wanted.enabled is None):
        values |= {"disabled": None, "failing_since": None, "last_error": None}
    with state.database.write() as db:
        one = records.find(db, endpoint_id, who.id)
        if wanted.enabled is False:
            records.switch_off(db, one.id, "switched off by its owner", state.now())
        if any(getattr(one, name) != value for name, value in _plain(values)):
            one = records.change(db, one, updated_at=state.now(), **values)
        one = records.find(db, one.id, who.id)
    return JSONResponse(shown.endpoint(one))


@router.delete("/webhook_endpoints/{endpoint_id}", responses=describing.DELETED)
def delete(request: Request, endpoint_id: str, who: Hooker) -> JSONResponse:
    """An endpoint, and all that was to be sent there."""
    with state_of(request).database.write() as db:
        records.remove(db, records.find(db, endpoint_id, who.id))
    deleted = {"id": endpoint_id, "object": "webhook_endpoint.deleted", "deleted": True}
    return JSONResponse(deleted)


@router.post(
    "/webhook_endpoints/{endpoint_id}/test", openapi_extra=describing.body(Tested, None),
    responses=describing.answers({"type": "object", "required": ["status_code", "success"]}),
)  # fmt: skip
def test(request: Request, endpoint_id: str, who: Hooker, body: Read) -> JSONResponse:
    """Send a sample now, and say what was answered."""
    wanted = asked.read(Tested, body.fields)
    with about("event_type"):
        (type_,) = _known([wanted.event_type])
    with state_of(request).database.read() as db:
        one = records.find(db, endpoint_id, who.id)
    status = _sender(request).test(one, type_)
    return JSONResponse({
        "object": "webhook_endpoint.test", "webhook_endpoint_id": one.id, "event_type": type_,
        "status_code": status, "success": True,
    })  # fmt: skip


@router.post(
    "/webhook_endpoints/{endpoint_id}/rotate_secret",
    openapi_extra=describing.body(Rotated, None), responses=ENDPOINT,
)  # fmt: skip
def rotate(request: Request, endpoint_id: str, who: Hooker, body: Read) -> JSONResponse:
    """A new secret; the old one signs for a day more where that is asked."""
    wanted = asked.read(Rotated, body.fields)
    state = state_of(request)
    with state.database.read() as db:
        one = records.find(db, endpoint_id, who.id)
    one = hooks.rotated(state, one, wanted.keep_old_secret_active_for_24_hours)
    return JSONResponse(shown.endpoint(one, with_secret=True))


@router.get(
    "/webhook_endpoints/{endpoint_id}/deliveries",
    responses=describing.answers(describing.listed(describing.DELIVERY_SCHEMA)),
)
def deliveries(
    request: Request, endpoint_id: str, who: Hooker, after: After = None, limit: Limit = 20,
    status: Literal["waiting", "delivered", "given_up"] | None = None,
) -> JSONResponse:  # fmt: skip
    """What was sent there, or shall be, newest first. Yozora's own."""
    with state_of(request).database.read() as db:
        one = records.find(db, endpoint_id, who.id)
        page = records.deliveries(db, one, limit, after, status)
    return JSONResponse(shown.page([shown.delivery(one) for one in page.items], page.has_more))


def _sender(request: Request) -> Hooks:
    sender: Hooks = request.app.state.hooks
    return sender


def _known(types: list[str]) -> tuple[str, ...]:
    """Raises StudioError."""
    for one in types:
        if one not in records.TYPES:
            raise StudioError(
                f"{one[:60]!r} never happens here: choose of {', '.join(records.TYPES)}",
                param="event_types", code="invalid_value",
            )  # fmt: skip
    return tuple(dict.fromkeys(types))


def _plain(values: dict[str, Any]) -> list[tuple[str, Any]]:
    """As an endpoint has them."""
    return [(k, tuple(v) if isinstance(v, list) else v) for k, v in values.items()]
