"""What the lines of a batch say: read from its file, and written into others when they are over."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from yozora.studio import asked, orders, shown
from yozora.studio.errors import Busy, StudioError, as_body
from yozora.studio.intake import Intake
from yozora.studio.objects import Objects
from yozora.studio.records.batches import Batch, Line, State
from yozora.studio.records.jobs import Job, Status
from yozora.studio.wishes import Wish

ENDPOINT = "/v1/videos"
MOST_ERRORS = 100  # of a file that is refused
CHUNK = 1 << 20
STOPPED = {
    State.CANCELLED: ("batch_cancelled", "the batch was cancelled before this line was done"),
    State.EXPIRED: ("batch_expired", "the batch's time was over before this line was done"),
}


@dataclass(frozen=True, slots=True)
class Read:
    """A line as it is to be placed, or why it cannot be; `end`: where the next begins."""

    number: int
    custom_id: str
    end: int
    wish: Wish | None = None
    notes: tuple[str, ...] = ()
    wanted: asked.Asked | None = None
    refusal: StudioError | None = None


def lines(objects: Objects, key: str, size: int, at: int) -> Iterator[tuple[bytes, int]]:
    """(line, where the next begins) of a file in the store, from a byte on; empty ones are left
    out."""
    held = b""
    end = at
    while at < size:
        part = objects.part(key, at, min(at + CHUNK, size))
        at += len(part)
        *whole, held = (held + part).split(b"\n")
        for line in whole:
            end += len(line) + 1
            if line.strip():
                yield line, end
    if held.strip():
        yield held, size


def checked(found: Iterator[tuple[bytes, int]]) -> tuple[int, list[dict[str, Any]]]:
    """(how many lines, what is wrong with them): faults for which nothing of a batch is made."""
    seen: set[str] = set()
    errors: list[dict[str, Any]] = []
    count = 0
    for raw, _ in found:
        count += 1
        if (fault := _fault(raw, count, seen)) is not None:
            errors.append(fault)
            if len(errors) >= MOST_ERRORS:
                break
    if not count:
        errors.append(error_of("empty_file", "there is no line in the file: write some", None))
    return count, errors


def _fault(raw: bytes, number: int, seen: set[str]) -> dict[str, Any] | None:
    try:
        line = json.loads(raw)
    except (ValueError, RecursionError):
        line = None
    if not isinstance(line, dict):
        return error_of("invalid_json_line", "the line is no JSON object: write {...}", number)
    name = line.get("custom_id")
    if not isinstance(name, str) or not 1 <= len(name) <= 512 or not name.isprintable():
        sentence = "custom_id is missing, or no text of 1 to 512 printable letters: write one"
        return error_of("missing_required_parameter", sentence, number, "custom_id")
    if name in seen:
        sentence = f"custom_id {name[:60]!r} is in the file twice: choose another"
        return error_of("duplicate_custom_id", sentence, number, "custom_id")
    seen.add(name)
    if line.get("method") != "POST":
        return error_of("invalid_method", "the method is not POST: write POST", number, "method")
    if line.get("url") != ENDPOINT:
        return error_of("invalid_url", f"the url is not {ENDPOINT}: write that", number, "url")
    if not isinstance(line.get("body"), dict):
        return error_of(
            "missing_required_parameter", "body is no object: write {...}", number, "body"
        )
    return None


def error_of(code: str, message: str, line: int | None, param: str | None = None) -> dict[str, Any]:
    return {"code": code, "message": message, "line": line, "param": param}


def read(raw: bytes, number: int, end: int, intake: Intake) -> Read:
    line = json.loads(raw)
    name = str(line["custom_id"])
    try:
        wanted = asked.read(asked.Asked, line["body"])
        wish, notes = intake.wish(wanted)
        wish = orders.checked(wish)
    except Busy:
        raise
    except StudioError as error:
        return Read(number, name, end, refusal=error)
    return Read(number, name, end, wish, tuple(notes), wanted)


def outcome(one: Batch, line: Line, job: Job | None) -> tuple[bool, dict[str, Any]]:
    """(whether it is good, its line of the files) of a job that is over, or gone."""
    if job is not None and job.status is Status.COMPLETED:
        return True, answer_of(one, line.number, line.custom_id, _response(200, shown.video(job)))
    if job is None:
        error: dict[str, Any] = {"code": "video_deleted", "message": f"{line.job} was deleted"}
    elif job.error_code == "cancelled" and one.end_as in STOPPED:
        code, message = STOPPED[one.end_as]
        error = {"code": code, "message": message, "video_id": job.id}
    else:
        error = {"code": job.error_code, "message": job.error_message, "video_id": job.id}
    return False, answer_of(one, line.number, line.custom_id, None, error)


def unplaced(one: Batch, number: int, raw: bytes) -> Line:
    """A line of a batch that was stopped before."""
    code, message = STOPPED[one.end_as]
    name = str(json.loads(raw)["custom_id"])
    error = {"code": code, "message": message}
    return Line(number, name, None, answer_of(one, number, name, None, error))


def refused(one: Batch, read: Read, error: StudioError) -> dict[str, Any]:
    body = {"error": as_body(error.status, str(error), error.code, error.param)}
    return answer_of(one, read.number, read.custom_id, _response(error.status, body))


def _response(status: int, body: dict[str, Any]) -> dict[str, Any]:
    return {"status_code": status, "request_id": f"req_{secrets.token_hex(12)}", "body": body}


def answer_of(
    one: Batch, number: int, custom_id: str, response: dict[str, Any] | None,
    error: dict[str, Any] | None = None,
) -> dict[str, Any]:  # fmt: skip
    id_ = f"batch_req_{one.id.removeprefix('batch_')}_{number}"
    return {"id": id_, "custom_id": custom_id, "response": response, "error": error}
