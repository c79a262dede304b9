"""Lists in pages, in the order of making; and ids, which carry the moment of theirs, so that a page
goes on after something that is gone by then."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, and_, or_

from yozora.studio.errors import NotFound

_ID = re.compile(r"^[a-z]+_([0-9a-f]{12})[0-9a-f]{20}$")


def new_id(kind: str, now: int) -> str:
    """`kind` and 32 hexadecimal digits: of the moment, in ms, and of 80 random bits."""
    return f"{kind}_{now:012x}{secrets.token_hex(10)}"


def moment_of(id_: str) -> int | None:
    """When an id was made, in ms; None for what is no id."""
    found = _ID.match(id_)
    return int(found[1], 16) if found else None


@dataclass(frozen=True, slots=True)
class Page:
    """Some of a list, newest first or oldest first."""

    items: tuple[Any, ...]
    has_more: bool


def paged(
    db: Connection, table: Table, wanted: Select[Any], limit: int, after: str | None, newest: bool,
    make: Callable[[Row[Any]], Any],
) -> Page:  # fmt: skip
    """Of the rows that are wanted, by when they were made, those that follow the one with the id
    `after`, which may be deleted since. Raises NotFound for what is no id."""
    at, id_ = table.c.created_at, table.c.id
    order = (at.desc(), id_.desc()) if newest else (at, id_)
    found = wanted.order_by(*order).limit(limit + 1)
    if after:
        then = db.execute(wanted.with_only_columns(at).where(id_ == after)).scalar()
        then = moment_of(after) if then is None else then
        if then is None:
            raise NotFound(f"there is nothing {after[:60]!r} to go on after: check the id",
                           param="after")  # fmt: skip
        older = or_(at < then, and_(at == then, id_ < after))
        newer = or_(at > then, and_(at == then, id_ > after))
        found = found.where(older if newest else newer)
    rows = db.execute(found).all()
    return Page(tuple(make(row) for row in rows[:limit]), len(rows) > limit)
