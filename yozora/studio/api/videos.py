"""`/v1/videos`: create, retrieve, list, delete, remix, edit, extend; as OpenAI's clients do."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse

from yozora.studio import asked, orders, shown, tiers, wishes
from yozora.studio.api import bodies, describing
from yozora.studio.api.bodies import Body
from yozora.studio.api.callers import Reader, Writer
from yozora.studio.api.placing import answer, placed, remembered
from yozora.studio.errors import StudioError, about
from yozora.studio.intake import Intake
from yozora.studio.records import jobs, library
from yozora.studio.state import State, state_of
from yozora.studio.wishes import Wish

router = APIRouter(prefix="/v1/videos", tags=["videos"])
Read = Annotated[Body, Depends(bodies.read)]
Change = TypeVar("Change", asked.Edited, asked.Extended)


@router.post("", openapi_extra=describing.body(asked.Asked, "input_reference"),
             responses=describing.VIDEO)  # fmt: skip
def create(request: Request, who: Writer, body: Read) -> JSONResponse:
    """Make a video: from words, a picture, a tool of the editor or a whole timeline."""
    state = state_of(request)
    file = body.files.get("input_reference")
    wanted = asked.read(asked.Asked, _without_uploads(body, "input_reference", file is not None))
    before, sha256 = remembered(request, who.id, body)
    if before is not None:
        return answer(state, before)
    wish, notes = Intake(state, who.account).wish(wanted, file)
    return placed(
        request, who.account, wish, wanted.model, sha256, notes=tuple(notes),
        priority=wanted.priority, held=wanted.held, after=tuple(wanted.after),
    )  # fmt: skip


@router.post("/edits", openapi_extra=describing.body(asked.Edited, "video"),
             responses=describing.VIDEO)  # fmt: skip
def edit(request: Request, who: Writer, body: Read) -> JSONResponse:
    """New words over a video: what they do not change stays."""
    wanted = _of_film(asked.Edited, body)
    before, sha256 = remembered(request, who.id, body)
    if before is not None:
        return answer(state_of(request), before)
    return _remixed(request, who, _film(request, who, body, wanted.video), wanted, sha256)


@router.post("/extensions", openapi_extra=describing.body(asked.Extended, "video"),
             responses=describing.VIDEO)  # fmt: skip
def extend(request: Request, who: Writer, body: Read) -> JSONResponse:
    """So many seconds more; `seconds` of the answer are those of the whole."""
    state = state_of(request)
    wanted = _of_film(asked.Extended, body)
    before, sha256 = remembered(request, who.id, body)
    if before is not None:
        return answer(state, before)
    film = _film(request, who, body, wanted.video)
    model = _model(state, film, who.id, wanted.model)
    settings = orders.usual_settings(model, wanted.seed)
    wish = Wish(
        prompt=wanted.prompt,
        settings=settings.model_copy(update={"seconds": wanted.seconds}),
        tool=wishes.Extend(film=film, side=wanted.side),
    )
    return placed(request, who.account, wish, model, sha256)


@router.post("/{video_id}/remix", openapi_extra=describing.body(asked.Remixed, None),
             responses=describing.VIDEO)  # fmt: skip
def remix(request: Request, video_id: str, who: Writer, body: Read) -> JSONResponse:
    """As an edit, of a video that is named in the address."""
    wanted = asked.read(asked.Remixed, body.fields)
    state = state_of(request)
    with state.database.read() as db:
        jobs.find(db, video_id, who.id)
    before, sha256 = remembered(request, who.id, body, f"remix {video_id}")
    if before is not None:
        return answer(state, before)
    return _remixed(request, who, video_id, wanted, sha256)


@router.get("", responses=describing.VIDEOS)
def listed(
    request: Request, who: Reader,
    after: Annotated[str | None, Query(max_length=80)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    order: Literal["asc", "desc"] = "desc",
    status: Annotated[jobs.Status | None, Query(description="Yozora's own")] = None,
    q: Annotated[str, Query(max_length=200, description="words of the prompt")] = "",
) -> JSONResponse:  # fmt: skip
    """The caller's videos, newest first unless asked."""
    with state_of(request).database.read() as db:
        page = library.videos(db, who.id, limit, after, order == "desc", status, q)
    return JSONResponse(shown.page([shown.video(job) for job in page.items], page.has_more))


@router.get("/{video_id}", responses=describing.VIDEO)
def retrieve(request: Request, video_id: str, who: Reader) -> JSONResponse:
    """One video as it is now; a header says when to ask again."""
    state = state_of(request)
    with state.database.read() as db:
        job = jobs.find(db, video_id, who.id)
    return answer(state, job)


@router.delete("/{video_id}", responses=describing.DELETED)
def delete(request: Request, video_id: str, who: Writer) -> JSONResponse:
    """A video that is completed or failed, and its bytes."""
    state = state_of(request)
    with state.database.write() as db:
        keys = jobs.remove(db, jobs.find(db, video_id, who.id))
    for key in keys:
        state.objects.delete(key)
    return JSONResponse({"id": video_id, "object": "video.deleted", "deleted": True})


def _without_uploads(body: Body, name: str, has_file: bool) -> dict[str, Any]:
    """Fields without the one that came as a file."""
    fields = dict(body.fields)
    if has_file or fields.get(name) == "":
        fields.pop(name, None)
    return fields


def _of_film(kind: type[Change], body: Body) -> Change:
    """What is asked of a video, which may have come as a file."""
    is_file = "video" in body.files and not isinstance(body.fields.get("video"), dict)
    return asked.read(kind, _without_uploads(body, "video", is_file))


def _film(request: Request, who: Writer, body: Body, named: asked.Named | None) -> str:
    """The id of the video that is meant, uploaded where it came as a file."""
    file = body.files.get("video")
    if named is not None:
        with about("video"), state_of(request).database.read() as db:
            find = library.file if named.id.startswith("file_") else jobs.find
            find(db, named.id, who.id)
        return named.id
    if file is None:
        raise StudioError(
            "there is no video: send a file, or {'id': 'video_...'}", param="video",
            code="missing_required_parameter",
        )  # fmt: skip
    return Intake(state_of(request), who.account).upload(file, "video")


def _remixed(
    request: Request, who: Writer, film: str, wanted: asked.Remixed, sha256: str
) -> JSONResponse:
    model = _model(state_of(request), film, who.id, wanted.model)
    wish = Wish(
        prompt=wanted.prompt,
        settings=orders.usual_settings(model, wanted.seed),
        tool=wishes.Remix(film=film, strength=wanted.strength),
    )
    source = film if film.startswith("video_") else None
    return placed(request, who.account, wish, model, sha256, remixed_from=source)


def _model(state: State, film: str, account: str, said: str | None) -> str:
    """That which was said, else the film's own."""
    if said is not None or not film.startswith("video_"):
        return said or tiers.USUAL
    with state.database.read() as db:
        return jobs.find(db, film, account).model
