"""`/v1/videos`: create, retrieve, list, delete, remix, edit, extend; as OpenAI's clients do."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse

from yozora.studio import asked, orders, shown, tiers, wishes
from yozora.studio.api import bodies, describing
from yozora.studio.api.bodies import Body
from yozora.studio.api.callers import Reader, Writer
from yozora.studio.errors import StudioError, about
from yozora.studio.intake import Intake
from yozora.studio.records import jobs, library, once
from yozora.studio.records.jobs import Job
from yozora.studio.state import State, state_of
from yozora.studio.wishes import Wish

router = APIRouter(prefix="/v1/videos", tags=["videos"])
Read = Annotated[Body, Depends(bodies.read)]
POLL = "openai-poll-after-ms"


@router.post("", openapi_extra=describing.body(asked.Asked, "input_reference"),
             responses=describing.VIDEO)  # fmt: skip
def create(request: Request, who: Writer, body: Read) -> JSONResponse:
    """Make a video: from words, a picture, a tool of the editor or a whole timeline."""
    state = state_of(request)
    file = body.files.pop("input_reference", None)
    wanted = asked.read(asked.Asked, _without_uploads(body, "input_reference", file is not None))
    before, sha256 = _before(request, state, who.id, body.fields)
    if before is not None:
        return answer(state, before)
    wish, notes = Intake(state, who.account).wish(wanted, file)
    return _placed(
        request, state, who.account, wish, wanted.model, sha256, notes=tuple(notes),
        priority=wanted.priority, held=wanted.held, after=tuple(wanted.after),
    )  # fmt: skip


@router.post("/edits", openapi_extra=describing.body(asked.Edited, "video"),
             responses=describing.VIDEO)  # fmt: skip
def edit(request: Request, who: Writer, body: Read) -> JSONResponse:
    """New words over a video: what they do not change stays."""
    state = state_of(request)
    film, wanted = _film(request, who, body, asked.Edited)
    assert isinstance(wanted, asked.Edited)
    return _remixed(request, state, who, film, wanted, body.fields)


@router.post("/extensions", openapi_extra=describing.body(asked.Extended, "video"),
             responses=describing.VIDEO)  # fmt: skip
def extend(request: Request, who: Writer, body: Read) -> JSONResponse:
    """So many seconds more; `seconds` of the answer are those of the whole."""
    state = state_of(request)
    film, wanted = _film(request, who, body, asked.Extended)
    assert isinstance(wanted, asked.Extended)
    before, sha256 = _before(request, state, who.id, body.fields)
    if before is not None:
        return answer(state, before)
    model = _model(state, film, who.id, wanted.model)
    settings = orders.usual_settings(model, wanted.seed)
    wish = Wish(
        prompt=wanted.prompt,
        settings=settings.model_copy(update={"seconds": wanted.seconds}),
        tool=wishes.Extend(film=film, side=wanted.side),
    )
    return _placed(request, state, who.account, wish, model, sha256)


@router.post("/{video_id}/remix", openapi_extra=describing.body(asked.Remixed, None),
             responses=describing.VIDEO)  # fmt: skip
def remix(request: Request, video_id: str, who: Writer, body: Read) -> JSONResponse:
    """As an edit, of a video that is named in the address."""
    wanted = asked.read(asked.Remixed, body.fields)
    state = state_of(request)
    with state.database.read() as db:
        jobs.find(db, video_id, who.id)
    return _remixed(request, state, who, video_id, wanted, {**body.fields, "remix": video_id})


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


def _film(
    request: Request, who: Writer, body: Body, kind: type[asked.Edited | asked.Extended]
) -> tuple[str, asked.Edited | asked.Extended]:
    """The id of the video that is meant, uploaded where it came as a file; and what is asked."""
    file = body.files.get("video")
    named = isinstance(body.fields.get("video"), dict)
    wanted = asked.read(kind, _without_uploads(body, "video", file is not None and not named))
    if wanted.video is not None:
        with about("video"), state_of(request).database.read() as db:
            if wanted.video.id.startswith("file_"):
                library.file(db, wanted.video.id, who.id)
            else:
                jobs.find(db, wanted.video.id, who.id)
        return wanted.video.id, wanted
    if file is None:
        raise StudioError(
            "there is no video: send a file, or {'id': 'video_...'}", param="video",
            code="missing_required_parameter",
        )  # fmt: skip
    return Intake(state_of(request), who.account).upload(file, "video"), wanted


def _remixed(
    request: Request, state: State, who: Writer, film: str, wanted: asked.Remixed,
    fields: dict[str, Any],
) -> JSONResponse:  # fmt: skip
    before, sha256 = _before(request, state, who.id, fields)
    if before is not None:
        return answer(state, before)
    model = _model(state, film, who.id, wanted.model)
    wish = Wish(
        prompt=wanted.prompt,
        settings=orders.usual_settings(model, wanted.seed),
        tool=wishes.Remix(film=film, strength=wanted.strength),
    )
    source = film if film.startswith("video_") else None
    return _placed(request, state, who.account, wish, model, sha256, remixed_from=source)


def _model(state: State, film: str, account: str, said: str | None) -> str:
    """That which was said, else the film's own."""
    if said is not None or not film.startswith("video_"):
        return said or tiers.USUAL
    with state.database.read() as db:
        return jobs.find(db, film, account).model


def _before(
    request: Request, state: State, account: str, fields: dict[str, Any]
) -> tuple[Job | None, str]:
    """What the same request made before, where it has an idempotency key."""
    key = request.headers.get("idempotency-key")
    if key is not None and not 1 <= len(key) <= 255:
        raise StudioError("the idempotency key has 1 to 255 characters", code="invalid_value")
    with state.database.read() as db:
        return orders.remembered(db, account, key, fields)


def _placed(
    request: Request, state: State, account: Any, wish: Wish, model: str, sha256: str, **more: Any
) -> JSONResponse:
    key = request.headers.get("idempotency-key")
    state.check_disk()
    with state.database.write() as db:
        if key is not None and (before := once.find(db, account.id, key)) is not None:
            job = jobs.find(db, before.job, account.id)  # the same request, at the same moment
        else:
            job = orders.place(db, account, wish, model, state.now(), **more)
            if key is not None:
                once.remember(db, account.id, key, sha256, job.id, state.now())
    return answer(state, job)


def answer(state: State, job: Job) -> JSONResponse:
    """A video as it is now; a header says when to ask again."""
    if job.status.is_final:
        return JSONResponse(shown.video(job))
    estimate = state.outlook.of(job)
    return JSONResponse(shown.video(job, estimate), headers={POLL: str(estimate.poll_ms)})
