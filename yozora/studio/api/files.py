"""`/v1/files`: pictures and films to make videos of, lines for batches, and what batches wrote."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from yozora.studio import asked, shown
from yozora.studio.api import bodies, describing
from yozora.studio.api.bodies import Body
from yozora.studio.api.callers import Filer
from yozora.studio.api.content import served
from yozora.studio.errors import StudioError
from yozora.studio.intake import LINES_MIME, Intake
from yozora.studio.records import library
from yozora.studio.state import state_of

router = APIRouter(prefix="/v1/files", tags=["files"])
Read = Annotated[Body, Depends(bodies.read)]
BYTES: dict[int | str, Any] = {
    200: {
        "description": "The bytes",
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in ("image/png", "video/mp4", LINES_MIME)
        },
    },
    206: {"description": "A range of them"},
}
FILE = describing.answers(describing.FILE_SCHEMA, said="The file")


class ExpiresAfter(BaseModel):
    """How long a file is kept."""

    model_config = ConfigDict(extra="forbid")
    anchor: Literal["created_at"]
    seconds: int = Field(ge=3600, le=2_592_000, description="an hour to 30 days")


class FileAsked(BaseModel):
    model_config = ConfigDict(extra="forbid")
    purpose: Literal["user_data", "vision", "assistants", "batch"] = Field(
        description="batch: JSON objects, one a line; all others: a picture or a film"
    )
    expires_after: ExpiresAfter | None = None


@router.post("", openapi_extra=describing.form(FileAsked, "file"), responses=FILE)
def upload(request: Request, who: Filer, body: Read) -> JSONResponse:
    """Keep a picture, a film, or the lines of a batch; nothing else is taken."""
    file = body.files.get("file")
    wanted = asked.read(FileAsked, {k: v for k, v in body.fields.items() if k != "file"})
    if file is None:
        raise StudioError(
            "there is no file, or nothing in it: send it as the form's field 'file'",
            param="file", code="missing_required_parameter",
        )  # fmt: skip
    keep_s = None if wanted.expires_after is None else wanted.expires_after.seconds
    state = state_of(request)
    id_ = Intake(state, who.account).file(file, wanted.purpose, keep_s)
    with state.database.read() as db:
        return JSONResponse(shown.file(library.file(db, id_, who.id)))


@router.get("", responses=describing.answers(describing.listed(describing.FILE_SCHEMA)))
def listed(
    request: Request, who: Filer,
    after: Annotated[str | None, Query(max_length=80)] = None,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 10_000,
    order: Literal["asc", "desc"] = "desc",
    purpose: Annotated[str | None, Query(max_length=40)] = None,
) -> JSONResponse:  # fmt: skip
    """The caller's files, newest first unless asked."""
    with state_of(request).database.read() as db:
        page = library.files(db, who.id, limit, after, order == "desc", purpose)
    return JSONResponse(shown.page([shown.file(one) for one in page.items], page.has_more))


@router.get("/{file_id}", responses=FILE)
def retrieve(request: Request, file_id: str, who: Filer) -> JSONResponse:
    """One file."""
    with state_of(request).database.read() as db:
        return JSONResponse(shown.file(library.file(db, file_id, who.id)))


@router.delete("/{file_id}", responses=describing.DELETED)
def delete(request: Request, file_id: str, who: Filer) -> JSONResponse:
    """A file and its bytes; what a batch reads, or a character is drawn on, stays."""
    state = state_of(request)
    with state.database.write() as db:
        key = library.remove_file(db, library.file(db, file_id, who.id))
    state.objects.delete(key)
    return JSONResponse({"id": file_id, "object": "file", "deleted": True})


@router.get("/{file_id}/content", responses=BYTES, response_class=Response)
@router.head("/{file_id}/content", include_in_schema=False)
def content(request: Request, file_id: str, who: Filer) -> Response:
    """Its bytes, whole or in ranges."""
    state = state_of(request)
    with state.database.read() as db:
        file = library.file(db, file_id, who.id)
        stored = library.stored(db, file.object)
    assert stored is not None, "a file has its object"
    return served(request, state, stored, file.filename)
