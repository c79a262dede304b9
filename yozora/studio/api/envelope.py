"""What is around every answer: OpenAI's form of an error, an id, headers for safety."""

from __future__ import annotations

import secrets
import traceback

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from yozora.studio.errors import StudioError, as_body

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
SAFE_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "content-security-policy": CSP,
    "x-frame-options": "DENY",
}


def envelope(
    status: int, message: str, code: str | None = None, param: str | None = None,
    headers: dict[str, str] | None = None,
) -> JSONResponse:  # fmt: skip
    """An error as OpenAI's clients read it."""
    return JSONResponse({"error": as_body(status, message, code, param)}, status, headers=headers)


def refused(error: StudioError) -> JSONResponse:
    """What the studio itself complains of."""
    return envelope(error.status, str(error), error.code, error.param, error.headers)


class Wrapping:
    """Outermost: an id on every answer, and no answer without its envelope."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        number, begun = _number(scope), False

        async def noted(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = number
                if message["status"] >= 500 and scope["method"] not in ("GET", "HEAD"):
                    headers.setdefault("x-should-retry", "false")
                for name, value in SAFE_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except Exception as error:
            traceback.print_exception(error)
            if not begun:
                told = envelope(500, "something went wrong here: the studio's log says what",
                                "internal_error")  # fmt: skip
                await told(scope, receive, noted)


def _number(scope: Scope) -> str:
    """A client's own id where it is a plain one."""
    sent = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
    plain = sent.replace("-", "").replace("_", "")
    is_plain = plain.isascii() and plain.isalnum() and len(sent) <= 64
    return sent if is_plain else f"req_{secrets.token_hex(12)}"
