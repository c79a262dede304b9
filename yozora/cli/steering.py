"""Lines of words that steer a film while it is made: `stream`'s, and a render's under `--steer`."""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yozora.cli import arguments as read
from yozora.cli.making import Show, caption_lines
from yozora.cli.streams import plain

if TYPE_CHECKING:
    from yozora.live import Live
    from yozora.steering import Steering

Say = Callable[[str], None]
VERBS = ("/pause", "/resume", "/stop")


@dataclass(frozen=True, slots=True)
class Line:
    """What one line asks for."""

    verb: str = ""  # one of VERBS, or none
    words: str = ""
    at: float | None = None  # seconds of the film
    place: tuple[float, float] | None = None


def parsed(line: str, verbs: tuple[str, ...], places: bool) -> Line:
    """Raises RequestError for a line that nobody could mean."""
    from yozora.request import RequestError, tidy

    verb, _, rest = line.strip().partition(" ")
    at, place = None, None
    known = (*verbs, "/at SECONDS WORDS", *(("/place X,Y",) if places else ()))
    if verb in verbs:
        return Line(verb)
    while verb in ("/at", "/place"):
        value, _, rest = rest.strip().partition(" ")
        if verb == "/at":
            try:
                at = read.seconds(value)
            except argparse.ArgumentTypeError as error:
                raise RequestError(f"{error}: /at 12 the dog runs on a beach") from None
        elif places:
            place = _place(value)
        else:
            raise RequestError("a stream moves nothing: say in words what shall be")
        line = rest
        verb, _, rest = rest.strip().partition(" ")
    if verb.startswith("/"):
        raise RequestError(f"{verb[:20]!r} is no command: write {', '.join(known)}, or words alone")
    words = tidy(line, "the line") if line.strip() or place is None else ""
    return Line("", words, at, place)


def _place(text: str) -> tuple[float, float]:
    from yozora.request import RequestError

    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError:
        raise RequestError(
            f"{text[:20]!r} is no place: write shares of the picture, as /place 0.3,0.5"
        ) from None
    return x, y


def steer_live(live: Live, line: str, say: Say) -> None:
    """Do what a line asks of a stream. What it cannot is told, and the film goes on."""
    from yozora.prompts.errors import PromptError
    from yozora.request import RequestError

    try:
        asked = parsed(line, VERBS, places=False)
        if asked.verb:
            {"/pause": live.pause, "/resume": live.resume, "/stop": live.stop}[asked.verb]()
            return
        told = live.steer(asked.words, asked.at)
    except (RequestError, PromptError) as error:
        say(f"note:    {plain(str(error))}")
        return
    for one in caption_lines(told):
        say(one)


def steer_render(steering: Steering, line: str, say: Say) -> None:
    """Put what a line asks where the render finds it at its next step."""
    from yozora.request import RequestError

    try:
        asked = parsed(line, (), places=True)
        steering.steer(asked.words, asked.at or 0.0, asked.place)
    except RequestError as error:
        say(f"note:    {plain(str(error))}")


def listen(source: Any, heard: Callable[[str], None]) -> None:
    """Each line that is not empty, read beside the film until there are no more."""

    def hear() -> None:
        for line in source:
            if line.strip():
                heard(line)

    if source is not None:
        threading.Thread(target=hear, daemon=True).start()


def steering_of(arguments: argparse.Namespace, show: Show) -> Steering | None:
    """What the lines on the input steer, where that was asked for. Raises RequestError."""
    from yozora.request import RequestError
    from yozora.steering import Steering

    if not arguments.steer:
        return None
    if arguments.quality == "live":
        raise RequestError("a film of quality live is steered as a stream: use yozora stream")
    steering = Steering()
    listen(sys.stdin, lambda line: steer_render(steering, line, show.say))
    return steering
