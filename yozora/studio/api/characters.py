"""`/v1/videos/characters`: somebody from a clip, to be drawn in other videos."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from yozora.studio import asked, shown
from yozora.studio.api import bodies, describing
from yozora.studio.api.bodies import Body
from yozora.studio.api.callers import Reader, Writer
from yozora.studio.errors import StudioError
from yozora.studio.intake import Intake
from yozora.studio.records import library
from yozora.studio.state import state_of

router = APIRouter(prefix="/v1/videos/characters", tags=["characters"])
Read = Annotated[Body, Depends(bodies.read)]
CHARACTER = describing.answers(describing.CHARACTER_SCHEMA, said="The character")


class CharacterAsked(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    name: str = Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$")


@router.post("", openapi_extra=describing.form(CharacterAsked, "video"), responses=CHARACTER)
def create(request: Request, who: Writer, body: Read) -> JSONResponse:
    """Somebody from a clip of a minute at most, or from a picture: what its middle shows."""
    file = body.files.get("video")
    fields = {k: v for k, v in body.fields.items() if k != "video"}
    wanted = asked.read(CharacterAsked, fields)
    if file is None:
        raise StudioError(
            "there is no video, or nothing in it: send a clip of a minute at most, or a picture",
            param="video", code="missing_required_parameter",
        )  # fmt: skip
    made = Intake(state_of(request), who.account).make_character(wanted.name, file)
    return JSONResponse(shown.character(made))


@router.get("", responses=describing.answers(describing.listed(describing.CHARACTER_SCHEMA)))
def listed(
    request: Request, who: Reader,
    after: Annotated[str | None, Query(max_length=80)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    order: Literal["asc", "desc"] = "desc",
) -> JSONResponse:  # fmt: skip
    """The caller's own, newest first unless asked."""
    with state_of(request).database.read() as db:
        page = library.characters(db, who.id, limit, after, order == "desc")
    return JSONResponse(shown.page([shown.character(one) for one in page.items], page.has_more))


@router.get("/{character_id}", responses=CHARACTER)
def retrieve(request: Request, character_id: str, who: Reader) -> JSONResponse:
    """One character."""
    with state_of(request).database.read() as db:
        return JSONResponse(shown.character(library.character(db, character_id, who.id)))


@router.delete("/{character_id}", responses=describing.DELETED)
def delete(request: Request, character_id: str, who: Writer) -> JSONResponse:
    """A character and its picture; videos that were made with it stay."""
    state = state_of(request)
    with state.database.write() as db:
        key = library.remove_character(db, library.character(db, character_id, who.id))
    state.objects.delete(key)
    return JSONResponse({"id": character_id, "object": "character.deleted", "deleted": True})
