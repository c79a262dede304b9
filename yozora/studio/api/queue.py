"""Yozora's own verbs on jobs: cancel, pause, resume, change, reorder, and what something costs."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from yozora.studio import asked, estimates, orders, shown
from yozora.studio.api import bodies, describing
from yozora.studio.api.bodies import Body
from yozora.studio.api.callers import Admin, Reader, Writer
from yozora.studio.api.placing import answer, placed, remembered
from yozora.studio.errors import StudioError
from yozora.studio.records import facts, jobs, leases, ledger
from yozora.studio.records.jobs import Job
from yozora.studio.state import state_of
from yozora.studio.wishes import Wish

router = APIRouter(prefix="/v1/videos", tags=["queue"])
Read = Annotated[Body, Depends(bodies.read)]


class Changed(BaseModel):
    """What may be changed of a job that waits; what is left out stays."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)
    prompt: str | None = Field(None, min_length=1, max_length=32_000)
    seconds: asked.Seconds | None = None
    seed: int | None = Field(None, ge=0, lt=2**62)
    negative_prompt: str | None = Field(None, max_length=2000)
    priority: int | None = Field(None, ge=-10, le=10)


class Again(BaseModel):
    model_config = ConfigDict(extra="forbid")
    seed: int | None = Field(None, ge=0, lt=2**62, description="else that of the first time")


class Order(BaseModel):
    model_config = ConfigDict(extra="forbid")
    videos: list[asked.Id] = Field(min_length=1, max_length=1000)


class Paused(BaseModel):
    model_config = ConfigDict(extra="forbid")
    paused: bool


@router.post("/estimate", openapi_extra=describing.body(asked.Asked, None))
def estimate(request: Request, who: Reader, body: Read) -> JSONResponse:
    """What a create call would cost, and when its video would be done; nothing is made."""
    wanted = asked.read(asked.Asked, body.fields)
    picture = None
    if wanted.input_reference is not None:  # which one it is costs nothing
        picture = wanted.input_reference.file_id or "file_0"
    wish, notes = asked.wish_of(wanted, picture, [])
    state = state_of(request)
    with state.database.read() as db:
        seconds, width, height = orders.size_of(db, orders.checked(wish), who.id)
        cost = estimates.work(wish, seconds, width, height)
        last = Job("", who.id, {}, "", wanted.model, jobs.Status.QUEUED, seconds, width, height, 0,
                   cost, 0, turn=float("inf"), priority=wanted.priority)  # fmt: skip
        when = state.outlook.of(last)
        credit = ledger.balance(db, who.id)
        if facts.get(db, facts.PAUSED):
            notes.append("the queue is paused: nothing begins until it goes on")
    return JSONResponse({
        "object": "video.estimate", "seconds": f"{seconds:g}", "size": f"{width}x{height}",
        "credits": cost, "credits_left": None if credit is None else credit / 1e6,
        "starts_in_s": round(when.starts_s, 1), "done_in_s": round(when.done_s, 1), "notes": notes,
    })  # fmt: skip


@router.post("/order", openapi_extra=describing.body(Order, None), responses=describing.VIDEOS)
def reorder(request: Request, who: Writer, body: Read) -> JSONResponse:
    """One's own waiting videos in this order."""
    wanted = asked.read(Order, body.fields)
    with state_of(request).database.write() as db:
        found = jobs.reorder(db, who.id, wanted.videos)
    return JSONResponse(shown.page([shown.video(job) for job in found], False))


@router.post("/queue", openapi_extra=describing.body(Paused, None))
def pause_all(request: Request, who: Admin, body: Read) -> JSONResponse:
    """Pause or resume the whole queue; what runs is finished."""
    wanted = asked.read(Paused, body.fields)
    with state_of(request).database.write() as db:
        facts.put(db, facts.PAUSED, wanted.paused)
    return JSONResponse({"object": "queue", "paused": wanted.paused})


@router.post("/{video_id}/cancel", responses=describing.VIDEO)
def cancel(request: Request, video_id: str, who: Writer) -> JSONResponse:
    """Stop it: at once where it waits, within a step where it runs."""
    state = state_of(request)
    with state.database.write() as db:
        job = leases.cancel(db, jobs.find(db, video_id, who.id), state.now())
    return JSONResponse(shown.video(job))


@router.post("/{video_id}/pause", responses=describing.VIDEO)
def pause(request: Request, video_id: str, who: Writer) -> JSONResponse:
    """Let it wait; a running one stops within a step, and begins again when it is resumed."""
    with state_of(request).database.write() as db:
        job = jobs.hold(db, jobs.find(db, video_id, who.id))
    return JSONResponse(shown.video(job))


@router.post("/{video_id}/resume", responses=describing.VIDEO)
def resume(request: Request, video_id: str, who: Writer) -> JSONResponse:
    """What was paused goes on."""
    with state_of(request).database.write() as db:
        job = jobs.resume(db, jobs.find(db, video_id, who.id))
    return JSONResponse(shown.video(job))


@router.post(
    "/{video_id}/again", openapi_extra=describing.body(Again, None), responses=describing.VIDEO
)
def again(request: Request, video_id: str, who: Writer, body: Read) -> JSONResponse:
    """Another video with the same words, settings and tool."""
    wanted = asked.read(Again, body.fields)
    state = state_of(request)
    before, sha256 = remembered(request, who.id, body, f"again {video_id}")
    if before is not None:
        return answer(state, before)
    with state.database.read() as db:
        job = jobs.find(db, video_id, who.id)
    wish = Wish.model_validate(job.wish)
    if wanted.seed is not None:
        wish = orders.anew(wish, seed=wanted.seed)
    return placed(
        request, who.account, wish, job.model, sha256, remixed_from=job.remixed_from,
        priority=job.priority,
    )  # fmt: skip


@router.post(
    "/{video_id}", openapi_extra=describing.body(Changed, None), responses=describing.VIDEO
)
def change(request: Request, video_id: str, who: Writer, body: Read) -> JSONResponse:
    """Other words or settings for a video that waits."""
    wanted = asked.read(Changed, body.fields)
    state = state_of(request)
    with state.database.write() as db:
        job = jobs.find(db, video_id, who.id)
        job = orders.change(db, job, state.now(), **_values(db, job, wanted))
    return JSONResponse(shown.video(job))


def _values(db: Any, job: Job, wanted: Changed) -> dict[str, Any]:
    wish = Wish.model_validate(job.wish)
    told = {"seconds": wanted.seconds, "seed": wanted.seed, "negative": wanted.negative_prompt}
    wish = orders.anew(wish, **{k: v for k, v in told.items() if v is not None})
    if wanted.prompt is not None:
        wish = wish.model_copy(update={"prompt": wanted.prompt})
    wish = orders.checked(wish)
    seconds, width, height = orders.size_of(db, wish, job.account)
    values: dict[str, Any] = {
        "wish": wish.model_dump(mode="json", by_alias=True), "title": wish.prompt,
        "seed": wish.settings.seed, "seconds": seconds, "width": width, "height": height,
        "cost": estimates.work(wish, seconds, width, height),
    }  # fmt: skip
    if wanted.priority is not None:
        values["priority"] = wanted.priority
    if wanted.model_fields_set == set():
        raise StudioError("nothing is to change: send a prompt, or a priority")
    return values
