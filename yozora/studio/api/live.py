"""`WS /v1/videos/stream`: a film that is made while it is watched, and steered.

The client sends `{"type": "start", "prompt": ...}`, then `steer`, `pause`, `resume` or `stop`; it
gets pieces of fragmented MP4 as binary messages, and JSON: `begin`, `caption`, `note`, `steered`,
`refused`, `at`, `error`, `end`. Nothing runs ahead of who watches: what is not read is not made.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import struct
import sys
from collections.abc import AsyncIterator
from typing import Any, Literal

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocketState

from yozora.studio import asked
from yozora.studio.api import bodies
from yozora.studio.api.callers import caller, is_own_page, still
from yozora.studio.errors import Busy, Forbidden, StudioError, TooMany
from yozora.studio.metering import SLICE_S, Meter, counted
from yozora.studio.state import State, state_of

router = APIRouter(tags=["live"])
HEAD = struct.Struct(">cI")
MOST_LINE = 16_384  # characters of one message
START_S = 30.0  # for a client to say what it wants
ASK_S = 2.0  # between two looks whether who watches still may
PLACE_S = 3.0  # for somebody else to leave


class Start(BaseModel):
    """How a stream begins."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)
    type: Literal["start"] = "start"
    prompt: str = Field(min_length=1, max_length=2000)
    seconds: float | None = Field(None, gt=0, le=86_400, description="None: until it is stopped")
    size: str | None = Field(None, max_length=20)
    fps: int | None = Field(None, ge=1, le=60)
    seed: int | None = Field(None, ge=0, lt=2**62)
    negative_prompt: str = Field("", max_length=2000)
    enhance: bool = True
    style: str | None = Field(None, max_length=100)


@router.websocket("/v1/videos/stream")
async def stream(socket: WebSocket) -> None:
    """One film; as many at once as there are places for them."""
    state = state_of(socket)
    await socket.accept()
    try:
        if not is_own_page(socket):
            raise Forbidden("this came from another page: use the studio's own")
        who = await caller(socket)
        if "videos:write" not in who.scopes:
            raise Forbidden("this needs the scope 'videos:write': use a key that has it")
        said = await asyncio.wait_for(_text(socket), START_S)
        start = asked.read(Start, _object(said))
        meter = Meter(state, who.account)
        if start.size is not None:
            meter.width, meter.height = asked.size_of(start.size)
        with counted(state, who.account):
            async with _place(state):
                await _paid(socket, start, meter)
    except StudioError as error:
        await _say(socket, type="error", code=error.code, message=str(error))
    except TimeoutError:
        await _say(socket, type="error", code="timeout", message="nothing was asked: send a start")
    except WebSocketDisconnect:
        return
    with contextlib.suppress(RuntimeError, WebSocketDisconnect):
        await socket.close()


@contextlib.asynccontextmanager
async def _place(state: State) -> AsyncIterator[None]:
    """One of the places for streams; who is leaving his is waited for. Raises TooMany."""
    try:
        await asyncio.wait_for(state.streams.acquire(), PLACE_S)
    except TimeoutError as error:
        full = "as many streams run as this studio has places for: come again"
        raise TooMany(full, after_s=10.0) from error
    try:
        yield
    finally:
        state.streams.release()


async def _paid(socket: WebSocket, start: Start, meter: Meter) -> None:
    await run_in_threadpool(meter.pay, min(SLICE_S, start.seconds or SLICE_S))
    try:
        await _play(socket, start, meter)
    finally:
        with contextlib.suppress(Busy):  # what was paid for a slice at most
            await run_in_threadpool(meter.settle)


async def _play(socket: WebSocket, start: Start, meter: Meter) -> None:
    """A process makes it; this hands on what it writes, as fast as the client reads. Raises TooMany
    where credits are used up."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "yozora.studio.work.live",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None and process.stdout is not None
    wanted: dict[str, Any] = start.model_dump(exclude={"type", "size"})
    wanted["nice"] = meter.state.settings.nice
    if start.size is not None:
        wanted |= {"width": meter.width, "height": meter.height}
    process.stdin.write(json.dumps(wanted).encode() + b"\n")
    beside = [asyncio.create_task(_listen(socket, process)),
              asyncio.create_task(_guard(socket, process))]  # fmt: skip
    try:
        while head := await process.stdout.read(1):
            kind, length = HEAD.unpack(head + await process.stdout.readexactly(HEAD.size - 1))
            data = await process.stdout.readexactly(length)
            if kind == b"V":
                await socket.send_bytes(data)
            else:
                await socket.send_text(data.decode())
                told = json.loads(data)
                if told["type"] in ("at", "end"):
                    await run_in_threadpool(meter.made, told["seconds"])
    except (WebSocketDisconnect, RuntimeError, asyncio.IncompleteReadError):
        return  # nobody watches any more
    finally:
        for task in beside:
            task.cancel()
        _kill(process)
        await process.communicate()  # its end is told once all that it wrote is read


async def _guard(socket: WebSocket, process: asyncio.subprocess.Process) -> None:
    """End it where who began it may do so no longer."""
    while await still(socket, "videos:write"):
        await asyncio.sleep(ASK_S)
    told = "this key or session has ended: come in again"
    await _say(socket, type="error", code="invalid_api_key", message=told)
    _kill(process)


async def _listen(socket: WebSocket, process: asyncio.subprocess.Process) -> None:
    """What the client says, line by line; once it is gone nothing more is made, whatever the
    process is at."""
    assert process.stdin is not None
    try:
        while True:
            try:
                said = await _text(socket)
                process.stdin.write(json.dumps(_object(said)).encode() + b"\n")
            except StudioError as error:
                await _say(socket, type="refused", code=error.code, message=str(error))
    except (WebSocketDisconnect, RuntimeError, ConnectionError):
        _kill(process)


def _kill(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()


async def _text(socket: WebSocket) -> str:
    """The next message. Raises StudioError for one of bytes, WebSocketDisconnect."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1000))
    said = message.get("text")
    if said is None:
        raise StudioError("that message is bytes: send JSON as text")
    return str(said)


def _object(said: str) -> dict[str, Any]:
    if len(said) > MOST_LINE:
        raise StudioError(f"a message of {len(said)} characters: send {MOST_LINE} at most")
    return bodies.of_json(said.encode())


async def _say(socket: WebSocket, **values: Any) -> None:
    if socket.application_state is WebSocketState.CONNECTED:
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):
            await socket.send_text(json.dumps(values))
