"""`/v1/batches`: many videos from one file; what became of each of its lines, in two others."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from yozora.studio import asked, batches, shown
from yozora.studio.api import bodies, describing
from yozora.studio.api.bodies import Body
from yozora.studio.api.callers import Reader, Writer
from yozora.studio.api.files import ExpiresAfter
from yozora.studio.api.placing import key_of
from yozora.studio.errors import StudioError
from yozora.studio.records import batches as records
from yozora.studio.state import state_of

router = APIRouter(prefix="/v1/batches", tags=["batches"])
Read = Annotated[Body, Depends(bodies.read)]
BATCH = describing.answers(describing.BATCH_SCHEMA, said="The batch as it is now")
_WINDOW = re.compile(r"^([1-9]\d{0,2})([hd])$")
MOST_WINDOW_H = 30 * 24


class BatchAsked(BaseModel):
    model_config = ConfigDict(extra="forbid")
    input_file_id: asked.Id = Field(description="a file of the purpose batch")
    endpoint: Literal["/v1/videos"]
    completion_window: str = Field(
        max_length=10, pattern=_WINDOW.pattern, description='"24h"; here any from 1h to 30d'
    )
    metadata: (
        dict[Annotated[str, Field(max_length=64)], Annotated[str, Field(max_length=512)]] | None
    ) = Field(None, max_length=16)
    output_expires_after: ExpiresAfter | None = None


@router.post("", openapi_extra=describing.body(BatchAsked, None), responses=BATCH)
def create(request: Request, who: Writer, body: Read) -> JSONResponse:
    """Make a video of every line of a file."""
    wanted = asked.read(BatchAsked, body.fields)
    key = key_of(request)
    expires = wanted.output_expires_after
    made = batches.created(
        state_of(request), who.account, wanted.input_file_id, wanted.completion_window,
        _window_ms(wanted.completion_window), wanted.metadata,
        None if expires is None else expires.seconds, key,
        hashlib.sha256(json.dumps(["batch", body.fields], sort_keys=True).encode()).hexdigest(),
    )  # fmt: skip
    return JSONResponse(shown.batch(made))


@router.get("", responses=describing.answers(describing.listed(describing.BATCH_SCHEMA)))
def listed(
    request: Request, who: Reader,
    after: Annotated[str | None, Query(max_length=80)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> JSONResponse:  # fmt: skip
    """The caller's batches, newest first."""
    with state_of(request).database.read() as db:
        page = records.listed(db, who.id, limit, after)
    return JSONResponse(shown.page([shown.batch(one) for one in page.items], page.has_more))


@router.get("/{batch_id}", responses=BATCH)
def retrieve(request: Request, batch_id: str, who: Reader) -> JSONResponse:
    """One batch as it is now."""
    with state_of(request).database.read() as db:
        return JSONResponse(shown.batch(records.find(db, batch_id, who.id)))


@router.post("/{batch_id}/cancel", responses=BATCH)
def cancel(request: Request, batch_id: str, who: Writer) -> JSONResponse:
    """Stop it: what is made is kept and written out, what runs stops within a step."""
    state = state_of(request)
    with state.database.write() as db:
        one = records.cancel(db, records.find(db, batch_id, who.id), state.now())
    return JSONResponse(shown.batch(one))


def _window_ms(text: str) -> int:
    """Raises StudioError."""
    found = _WINDOW.match(text)
    assert found is not None, "the pattern was checked"
    hours = int(found[1]) * (24 if found[2] == "d" else 1)
    if hours > MOST_WINDOW_H:
        raise StudioError(
            f"the window {text!r} is longer than 30 days: write 24h", param="completion_window"
        )
    return hours * 3_600_000
