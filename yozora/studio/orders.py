"""From what a client asks to a job in the queue: limits first, then one transaction."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from yozora import styles
from yozora.prompts.errors import PromptError
from yozora.prompts.reading import read
from yozora.request import MAX_PX, Request, RequestError, check
from yozora.studio import estimates, possible, tiers, wishes
from yozora.studio.errors import Conflict, NotFound, StudioError, TooMany, in_fields
from yozora.studio.records import jobs, ledger, library, once
from yozora.studio.records.jobs import Job, New, Status
from yozora.studio.records.pages import new_id
from yozora.studio.records.people import Account
from yozora.studio.wishes import Settings, Wish
from yozora.timeline import reading, tools
from yozora.timeline.document import to_seconds

_NOWHERE = Path("video.mp4")  # a request has a name, which is not used here
MOST_QUEUED = 20_000  # of one account, unless it has a limit of its own
# Fields of a request, by the name of the API.
ASKED_AS = {"steps": "num_inference_steps", "negative": "negative_prompt"}
WORDLESS = (wishes.Loop, wishes.Blend, wishes.Recut, wishes.Extend, wishes.Outpaint,
            wishes.Reframe, wishes.Upscale, wishes.Interpolate, wishes.Storyboard,
            wishes.Document)  # fmt: skip


def place(
    db: Connection, account: Account, wish: Wish, model: str, now: int, *,
    remixed_from: str | None = None, batch: str | None = None, priority: int = 0,
    held: bool = False, after: tuple[str, ...] = (), notes: tuple[str, ...] = (),
) -> Job:  # fmt: skip
    """Queue a wish. Raises StudioError for what can never be made, and TooMany."""
    wish = checked(wish)
    waiting = []
    for name in wishes.sources(wish):
        if name.startswith("video_"):
            other = jobs.find(db, name, account.id)
            if not other.status.is_final:
                waiting.append(name)
            elif other.status is Status.FAILED:
                raise Conflict(f"{name} failed, nothing can be made of it: choose another video")
        else:
            file = library.file(db, name, account.id)
            if not file.mime.startswith(("image/", "video/")):
                raise StudioError(f"{name} is no picture and no film: choose another file")
    seconds, width, height = size_of(db, wish, account.id)
    if isinstance(wish.tool, wishes.Upscale) and max(width, height) > MAX_PX:
        raise StudioError(
            f"it would be {width}x{height}, {MAX_PX} a side are the most: ask for less",
            param="tool.times", code="invalid_value",
        )  # fmt: skip
    cost = estimates.work(wish, seconds, width, height)
    _within_limits(db, account, cost)
    job = jobs.submit(
        db,
        New(
            new_id("video", now), account.id, wish.model_dump(mode="json", by_alias=True),
            wish.prompt, model, seconds, width, height, wish.settings.seed, cost, remixed_from,
            batch, priority, held, tuple(dict.fromkeys((*waiting, *after))),
        ),
        now,
    )  # fmt: skip
    if notes:
        job = jobs.change(db, job, notes=list(notes))
    ledger.reserve(db, account.id, job.id, estimates.price_micros(cost), now)
    return job


def checked(wish: Wish) -> Wish:
    """What is refused without any network. Raises StudioError."""
    own = wish.settings
    needs_words = not isinstance(wish.tool, WORDLESS) and own.style is None
    if needs_words and not wish.prompt.strip():
        raise StudioError("there is no prompt: say what to show, as 'a dog running in the park'",
                          param="prompt", code="missing_required_parameter")  # fmt: skip
    try:
        check(
            Request(
                wish.prompt, _NOWHERE, seconds=4.0 if own.seconds is None else own.seconds,
                width=own.width, height=own.height, seed=own.seed, steps=own.steps,
                negative=own.negative, quality=own.quality,
            ),
            bare=not needs_words,
        )  # fmt: skip
        _check_style(own.style)
        if isinstance(wish.tool, wishes.Generate) and wish.prompt.strip():
            read(wish.prompt)
        possible.check(wish)
    except PromptError as error:
        raise StudioError(str(error), code="invalid_prompt", param="prompt") from error
    except RequestError as error:
        about = ASKED_AS.get(error.about, error.about)
        said = in_fields(str(error))
        raise StudioError(said, code="invalid_request", param=about or None) from error
    return wish


def _check_style(name: str | None) -> None:
    if name is not None and styles.find(name) is None:
        raise StudioError(f"there is no style {name[:40]!r}: GET /v1/styles lists them",
                          code="invalid_prompt", param="style")  # fmt: skip


def size_of(db: Connection, wish: Wish, account: str) -> tuple[float, int, int]:
    """(seconds, width, height) that the film will have, as far as it is known before."""
    own, tool = wish.settings, wish.tool
    like = own.seconds or 4.0, *tiers.OWN_SIZE
    first = getattr(tool, "film", "")
    if first.startswith("video_"):
        other = jobs.find(db, first, account)
        like = other.seconds, other.width, other.height
    elif first:
        like = library.file(db, first, account).film or like
    width, height = own.width or like[1], own.height or like[2]
    match tool:
        case wishes.Extend(side=side):
            seconds = like[0] + (own.seconds or 4.0) * (2 if side == "both" else 1)
        case wishes.Upscale(times=times) if own.width is None:
            scale = times or 2.0
            width, height = round(width * scale), round(height * scale)
            seconds = like[0]
        case wishes.Loop(seam=seam):
            seconds = like[0] + (tools.SEAMS[seam] if isinstance(seam, str) else seam)
        case wishes.Document(timeline=document):
            made = reading.from_dict(document)
            seconds = to_seconds(made.ticks)
            width, height = made.width or width, made.height or height
        case wishes.Storyboard(cards=cards):
            seconds = own.seconds or sum(card.seconds or 3.0 for card in cards)
        case wishes.Recut():
            seconds = own.seconds or tool.seconds
        case wishes.Generate() | wishes.Animate():
            seconds = own.seconds or like[0]
        case _:
            seconds = like[0]
    return round(seconds, 3), width, height


def _within_limits(db: Connection, account: Account, cost: float) -> None:
    queued = jobs.count_unfinished(db, account.id)
    most = MOST_QUEUED if account.most_queued is None else account.most_queued
    if queued >= most:
        raise TooMany(
            f"{queued} videos wait already, {most} are the most: wait for some, or cancel them",
            code="queue_full",
        )
    check_room(db, account)
    check_credit(db, account.id, cost)


def check_credit(db: Connection, account: str, cost: float) -> None:
    """Raises TooMany where credits are counted and are too few."""
    credit = ledger.balance(db, account)
    if credit is not None and credit < estimates.price_micros(cost):
        raise TooMany(
            f"this costs {cost:g} credits, {credit / 1e6:g} are left: ask an administrator for "
            "more, or for something shorter",
            code="insufficient_quota",
        )


def change(db: Connection, job: Job, now: int, **values: Any) -> Job:
    """Another wish for a job that waits, at its own price, as all have that are to be made of it.
    Raises Conflict, TooMany."""
    changed = jobs.change(db, job, **values)
    for other in jobs.waiting_for(db, job.id):
        wish = Wish.model_validate(other.wish)
        seconds, width, height = size_of(db, wish, job.account)
        if (seconds, width, height) != (other.seconds, other.width, other.height):
            cost = estimates.work(wish, seconds, width, height)
            change(db, other, now, seconds=seconds, width=width, height=height, cost=cost)
    if changed.cost != job.cost:
        ledger.refund(db, job.account, job.id, now)
        check_credit(db, job.account, changed.cost)
        ledger.reserve(db, job.account, job.id, estimates.price_micros(changed.cost), now)
    return changed


def check_room(db: Connection, account: Account, more: int = 0) -> None:
    """Raises TooMany where an account's disk quota is used up."""
    if account.most_bytes is None:
        return
    used = library.used_bytes(db, account.id)
    if used + more >= account.most_bytes:
        raise TooMany(
            f"{used / 2**20:.0f} of {account.most_bytes / 2**20:.0f} MiB are used: delete videos "
            "or files",
            code="storage_quota_exceeded",
        )


def remembered(db: Connection, account: str, key: str | None, sha256: str) -> Job | None:
    """The job that the same request made before under this key. Raises Conflict for another
    request's."""
    before = None if key is None else once.find(db, account, key)
    if before is None:
        return None
    if before.request_sha256 != sha256:
        raise Conflict(
            "this idempotency key came with another request before: use a new one",
            code="idempotency_key_reused",
        )
    try:
        return jobs.find(db, before.job, account)
    except NotFound as error:
        raise Conflict(
            "the video of this idempotency key was deleted: use a new one",
            code="idempotency_key_reused",
        ) from error


def anew(wish: Wish, **settings: Any) -> Wish:
    """A wish under other settings."""
    return wish.model_copy(update={"settings": wish.settings.model_copy(update=settings)})


def usual_settings(model: str, seed: int | None) -> Settings:
    """What an edit is made with, unless more is said."""
    tier = tiers.named(model)
    return Settings(seed=secrets.randbelow(2**31) if seed is None else seed, quality=tier.quality)
