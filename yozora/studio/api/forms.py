"""What the routes about people and workers read and show, and the same for OpenAPI."""

from __future__ import annotations

from typing import Any, TypeVar

from fastapi.responses import JSONResponse
from pydantic import BaseModel

from yozora.studio import asked
from yozora.studio.records.people import Key

_TEXT, _INT, _NULL_INT = {"type": "string"}, {"type": "integer"}, {"type": ["integer", "null"]}
_CREDITS, _BOOL = {"type": ["number", "null"]}, {"type": "boolean"}
T = TypeVar("T", bound=BaseModel)


def _object(kind: str, **properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["object", *properties],
        "properties": {"object": {"const": kind}, **properties},
    }


ACCOUNT = _object(
    "account", id=_TEXT, name=_TEXT, role={"enum": ["owner", "admin", "member", "viewer"]},
    disabled=_BOOL, has_password=_BOOL, weight=_INT, most_running=_NULL_INT,
    most_queued=_NULL_INT, most_bytes=_NULL_INT, rate_per_minute=_NULL_INT, credits=_CREDITS,
    created_at=_INT,
)  # fmt: skip
LINK = _object("account.link", account=_TEXT, url=_TEXT, expires_at=_INT)
KEY = _object(
    "key", id=_TEXT, name=_TEXT, hint=_TEXT, scopes={"type": "array", "items": _TEXT},
    created_at=_INT, expires_at=_NULL_INT, used_at=_NULL_INT, revoked_at=_NULL_INT,
)  # fmt: skip
NEW_KEY = {**KEY, "properties": {**KEY["properties"], "secret": _TEXT}}
BALANCE = _object("credits", account=_TEXT, credits=_CREDITS)
LEDGER = _object(
    "credits.change", number=_INT, credits={"type": "number"}, reason=_TEXT,
    job={"type": ["string", "null"]}, created_at=_INT,
)  # fmt: skip
AUDIT = _object(
    "audit.line", number=_INT, account={"type": ["string", "null"]}, deed=_TEXT, subject=_TEXT,
    address=_TEXT, created_at=_INT,
)  # fmt: skip
USAGE = _object(
    "usage", videos={"type": "object"}, film_seconds={"type": "number"},
    worked_seconds={"type": "number"}, bytes=_INT, bytes_by_role={"type": "object"},
    most_bytes=_NULL_INT, most_running=_NULL_INT, most_queued=_NULL_INT,
    rate_per_minute=_NULL_INT, credits=_CREDITS,
)  # fmt: skip
WORKER = _object(
    "worker", id=_TEXT, host=_TEXT, pid=_INT, machine=_TEXT, started_at=_INT,
    video={"type": ["string", "null"]},
)  # fmt: skip
ME = _object(
    "me", id=_TEXT, name=_TEXT, role=_TEXT, scopes={"type": "array", "items": _TEXT},
    csrf={"type": ["string", "null"]},
)  # fmt: skip
SESSION = _object("session", account=_TEXT, name=_TEXT, role=_TEXT, csrf=_TEXT, expires_at=_INT)
DONE = {"type": "object", "required": ["object"], "properties": {"object": _TEXT}}


def read(kind: type[T], fields: dict[str, Any]) -> T:
    """As `asked.read`, where null says something: no limit. Raises StudioError."""
    return asked.validated(kind.model_validate, dict(fields))


def secret(body: dict[str, Any]) -> JSONResponse:
    """What nobody on the way is to keep."""
    return JSONResponse(body, headers={"cache-control": "no-store"})


def credits(micros: int | None) -> float | None:
    return None if micros is None else micros / 1e6


def key(one: Key) -> dict[str, Any]:
    return {
        "id": one.id, "object": "key", "name": one.name, "hint": one.hint,
        "scopes": list(one.scopes), "created_at": one.created_at // 1000,
        "expires_at": _s(one.expires_at), "used_at": _s(one.used_at),
        "revoked_at": _s(one.revoked_at),
    }  # fmt: skip


def change(row: dict[str, Any]) -> dict[str, Any]:
    """A line of the ledger."""
    return {
        "object": "credits.change", "number": row["number"], "credits": row["micros"] / 1e6,
        "reason": row["reason"], "job": row["job"], "created_at": row["created_at"] // 1000,
    }  # fmt: skip


def line(row: dict[str, Any]) -> dict[str, Any]:
    """A line of the audit log."""
    return {"object": "audit.line", **row, "created_at": row["created_at"] // 1000}


def worker(row: dict[str, Any]) -> dict[str, Any]:
    """One of `/v1/workers`."""
    return {"object": "worker", **row, "started_at": row["started_at"] // 1000}


def numbered(items: list[dict[str, Any]], limit: int, **more: Any) -> JSONResponse:
    """A page of lines, of which there may be one more than was asked: `before` the last number
    comes the next."""
    page = items[:limit]
    return JSONResponse({
        "object": "list", **more, "data": page, "has_more": len(items) > limit,
        "first_id": str(page[0]["number"]) if page else None,
        "last_id": str(page[-1]["number"]) if page else None,
    })  # fmt: skip


def _s(milliseconds: int | None) -> int | None:
    return None if milliseconds is None else milliseconds // 1000
