"""Before anything is read: whose address was asked for, and how much may be sent."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from yozora.studio.api.envelope import envelope
from yozora.studio.errors import Forbidden, StudioError, TooLarge
from yozora.studio.state import State

LOCAL = ("localhost", "127.0.0.1", "::1")


class _TooMuch(Exception):
    pass


class Limits:
    """Refuses bodies that are too large as they come, and names that a page was tricked into: a
    loopback studio answers to its own name alone (DNS rebinding)."""

    def __init__(self, app: ASGIApp, state: State) -> None:
        self.app, self.state = app, state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = {k.lower(): v for k, v in scope["headers"]}
        host = urlsplit(f"//{headers.get(b'host', b'').decode('latin-1')}").hostname or ""
        if self.state.settings.is_local and host not in LOCAL:
            told = Forbidden(f"this studio answers at {self.state.settings.address} alone")
            await _refuse(scope, send, told)
            return
        most = self.state.settings.most_upload
        if scope["type"] == "http" and _number(headers.get(b"content-length")) > most:
            await _refuse(scope, send, _too_large(most))
            return
        got, begun = 0, False

        async def counted() -> Message:
            nonlocal got
            message = await receive()
            got += len(message.get("body", b""))
            if got > most:
                raise _TooMuch
            return message

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, counted, noted)
        except _TooMuch:
            if not begun:
                await _refuse(scope, send, _too_large(most))


def _number(text: bytes | None) -> int:
    return int(text) if text is not None and text.isdigit() and len(text) < 20 else 0


def _too_large(most: int) -> StudioError:
    return TooLarge(f"the request is larger than {most >> 20} MiB: send something smaller")


async def _refuse(scope: Scope, send: Send, error: StudioError) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": str(error)[:120]})
        return
    await envelope(error.status, str(error), error.code)(scope, _nothing, send)


async def _nothing() -> Message:
    return {"type": "http.disconnect"}
