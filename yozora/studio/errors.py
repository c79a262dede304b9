"""What goes wrong in the studio: each a sentence with a remedy, a code and a status of HTTP."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

KINDS = {401: "authentication_error", 403: "permission_error", 409: "conflict_error",
         429: "rate_limit_error"}  # fmt: skip


def as_body(status: int, message: str, code: str | None, param: str | None) -> dict[str, Any]:
    """An error as OpenAI's clients read it."""
    kind = KINDS.get(status, "invalid_request_error" if status < 500 else "server_error")
    return {"message": message, "type": kind, "param": param, "code": code}


def _again(after_s: float) -> dict[str, str]:
    """That coming again helps, and when: for OpenAI's clients, and for others."""
    return {
        "retry-after-ms": str(round(after_s * 1000)), "retry-after": str(math.ceil(after_s)),
        "x-should-retry": "true",
    }  # fmt: skip


def in_fields(sentence: str) -> str:
    """A sentence that names options of the command line, in the names of the API."""
    return re.sub(r"\byozora ([a-z]+)", r"the tool \1", re.sub(r"--([a-z]+)", r"\1", sentence))


class StudioError(ValueError):
    """`status`: of HTTP; `code`: for programs; `param`: what of the request it is about."""

    status = 400
    code = "invalid_request"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        status: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code or type(self).code
        self.param = param
        self.status = status or type(self).status
        self.headers = headers or {}


@contextmanager
def about(param: str) -> Iterator[None]:
    """What goes wrong within is about this part of the request."""
    try:
        yield
    except StudioError as error:
        error.param = param
        raise


class NotFound(StudioError):
    """Also for what is somebody else's: who asks learns nothing of it."""

    status, code = 404, "not_found"


class Conflict(StudioError):
    """It is not in a state in which that can be done; coming again at once does not help."""

    status, code = 409, "conflict"

    def __init__(self, message: str, *, code: str | None = None, param: str | None = None) -> None:
        super().__init__(message, code=code, param=param, headers={"x-should-retry": "false"})


class Raced(Conflict):
    """Nothing was done; who comes again is answered as if the other had been first."""

    def __init__(self) -> None:
        super().__init__("another call did the same at this very moment: ask again")
        self.headers = _again(0.2)


class Stopping(Conflict):
    """What is cancelled stops within a step; who comes again then finds it over."""

    def __init__(self, video: str) -> None:
        super().__init__(f"{video} is being cancelled: ask again in a moment")
        self.headers = _again(0.5)


class Unauthorized(StudioError):
    status, code = 401, "invalid_api_key"


class Forbidden(StudioError):
    status, code = 403, "permission_denied"


class TooLarge(StudioError):
    status, code = 413, "too_large"


class TooMany(StudioError):
    """A quota, a rate or credits: `after_s` says when to come again, where waiting helps."""

    status, code = 429, "rate_limit_exceeded"

    def __init__(self, message: str, *, code: str | None = None, after_s: float = 0.0) -> None:
        headers = _again(after_s) if after_s else {"x-should-retry": "false"}
        super().__init__(message, code=code, headers=headers)


class StorageFull(StudioError):
    """Of the disk, whoever filled it; an account's own quota is `TooMany`."""

    status, code = 507, "storage_full"

    def __init__(self) -> None:
        super().__init__(
            "there is hardly any room left on the studio's disk: delete videos or files, or make "
            "room there",
            headers={"x-should-retry": "false"},
        )


class Busy(StudioError):
    """Nothing was done; coming again helps."""

    status, code = 503, "busy"

    def __init__(self, why: str = "") -> None:
        super().__init__(
            f"the studio cannot do that now{f' ({why})' if why else ''}: ask again in a moment",
            headers=_again(0.5),
        )
