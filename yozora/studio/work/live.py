"""`python -m yozora.studio.work.live`: one film that is made while it is watched.

Reads JSON lines: what to make first, then what shall change. Writes frames of its own kind: a
letter (`V` a piece of fragmented MP4, `J` a JSON object), four bytes of length, and so many bytes.
It ends when its input does.
"""

from __future__ import annotations

import json
import os
import struct
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from yozora.events import Event, Noted, Recaptioned
from yozora.media import fragments
from yozora.studio.errors import StudioError
from yozora.studio.work import refusals

if TYPE_CHECKING:
    from yozora.desk import Desk
    from yozora.live import Live

HEAD = struct.Struct(">cI")
TELL_S = 1.0  # of film between two tellings how far it is


@dataclass
class Out:
    """Pieces of video and sentences, each whole, from whichever thread."""

    target: IO[bytes]
    lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, kind: bytes, data: bytes) -> None:
        with self.lock:
            self.target.write(HEAD.pack(kind, len(data)) + data)
            self.target.flush()

    def say(self, type_: str, **values: Any) -> None:
        self.put(b"J", json.dumps({"type": type_, **values}).encode())

    # what a muxer asks of a file
    def write(self, data: bytes) -> int:
        self.put(b"V", bytes(data))
        return len(data)

    def flush(self) -> None:
        return


def main() -> int:
    with os.fdopen(os.dup(1), "wb") as target:
        os.dup2(2, 1)  # whatever else prints goes to the log
        out = Out(target)
        try:
            make(json.loads(sys.stdin.readline()), out)
        except (BrokenPipeError, fragments.Left):
            return 0
        except Exception as error:
            code, sentence = refusals.told(error)
            if code == refusals.OURS:
                import traceback

                traceback.print_exc()
            out.say("error", code=code, message=sentence)
            return 2
    return 0


def make(asked: dict[str, Any], out: Out) -> None:
    """Pour a film out until it ends or is told to. Raises what `Live` raises."""
    from yozora.desk import Desk
    from yozora.live import Live
    from yozora.request import Request
    from yozora.styles import named

    def tell(event: Event) -> None:
        match event:
            case Recaptioned(recaption):
                out.say("caption", caption=recaption.marked or recaption.caption)
            case Noted(text):
                out.say("note", text=text)

    os.nice(int(asked.get("nice") or 0))
    style = asked.get("style")
    wish = Request(
        asked["prompt"], Path("live.mp4"), width=asked.get("width"), height=asked.get("height"),
        fps=asked.get("fps"), seed=asked.get("seed"), negative=asked.get("negative_prompt") or "",
        enhance=asked.get("enhance", True), style=None if style is None else named(style),
    )  # fmt: skip
    desk: Desk = Desk.open(wish.seed or 0, wish.enhance)
    live = Live(desk, wish, asked.get("seconds"), tell)
    width, height = live.size
    out.say("begin", width=width, height=height, fps=float(live.fps), seed=live.seed)
    threading.Thread(target=_listen, args=(live, out), daemon=True).start()
    sink = fragments.Mp4(cast(IO[bytes], out), live.fps, at_once=True)
    told = 0.0
    for frame in live:
        sink.put(frame)
        made = live.frames / float(live.fps)
        if made - told >= TELL_S:
            told = made
            out.say("at", seconds=round(made, 3))
    sink.close()
    out.say("end", frames=live.frames, seconds=round(live.frames / float(live.fps), 3))


def _listen(live: Live, out: Out) -> None:
    """What shall change, until nobody is there to say it."""
    for line in sys.stdin:
        try:
            _heed(live, json.loads(line), out)
        except Exception as error:  # words that mean nothing end no film
            code, sentence = refusals.told(error)
            out.say("refused", code=code, message=sentence)
    live.stop()


def _heed(live: Live, said: dict[str, Any], out: Out) -> None:
    match said.get("type"):
        case "steer":
            words, at = said.get("prompt"), said.get("at")
            if not isinstance(words, str) or not words.strip():
                raise StudioError("a steer says what comes: send {'type': 'steer', 'prompt': ...}")
            told = live.steer(words, at)
            out.say(
                "steered", caption=told.marked or told.caption, at_frame=live.frames,
                notes=list(told.notes),
            )  # fmt: skip
        case "pause":
            live.pause()
        case "resume":
            live.resume()
        case "stop":
            live.stop()
        case other:
            raise StudioError(
                f"{str(other)[:40]!r} is not known: send steer, pause, resume or stop"
            )


if __name__ == "__main__":
    sys.exit(main())
