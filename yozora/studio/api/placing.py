"""From a call to a job, once: whoever sends the same request twice under one idempotency key gets
the same video."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse
from starlette.datastructures import UploadFile

from yozora.studio import orders, shown
from yozora.studio.api.bodies import Body
from yozora.studio.errors import StudioError
from yozora.studio.records import once
from yozora.studio.records.jobs import Job
from yozora.studio.records.people import Account
from yozora.studio.state import State, state_of
from yozora.studio.wishes import Wish

POLL = "openai-poll-after-ms"


def remembered(
    request: Request, account: str, body: Body, named: str = ""
) -> tuple[Job | None, str]:
    """What the same request made before, where it has an idempotency key; and the hash by which
    it is known: of its fields, its files, and what its address names. Raises Conflict."""
    key = key_of(request)
    said: list[Any] = [body.fields, named]
    if key is not None:
        said += [[name, _digest(one)] for name, one in sorted(body.files.items())]
    sha256 = hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()
    with state_of(request).database.read() as db:
        return orders.remembered(db, account, key, sha256), sha256


def _digest(file: UploadFile) -> str:
    found = hashlib.sha256()
    while part := file.file.read(1 << 20):
        found.update(part)
    file.file.seek(0)
    return found.hexdigest()


def key_of(request: Request) -> str | None:
    """Raises StudioError."""
    key = request.headers.get("idempotency-key")
    if key is not None and not 1 <= len(key) <= 255:
        raise StudioError("the idempotency key has 1 to 255 characters", code="invalid_value")
    return key


def placed(
    request: Request, account: Account, wish: Wish, model: str, sha256: str, **more: Any
) -> JSONResponse:
    """A job of this wish, or what the same request made at this very moment."""
    key, state = key_of(request), state_of(request)
    state.check_disk()
    with state.database.write() as db:
        job = orders.remembered(db, account.id, key, sha256)
        if job is None:
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
