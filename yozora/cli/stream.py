"""`yozora stream`: a film that is watched while it is made, and steered by lines of words."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import IO, TYPE_CHECKING

from yozora.cli import arguments as read
from yozora.cli.errors import DONE
from yozora.cli.making import Show, add_flags, report, wish_of
from yozora.cli.steering import listen, steer_live

if TYPE_CHECKING:
    from yozora.events import Result
    from yozora.live import Live

FORMATS = ("mp4", "y4m", "rgb")
HELP = """\
Make a film while it is watched, without an end unless --seconds gives one. It goes to a window; to
a file that plays while it grows; or, where the output is a pipe or -o is -, into that pipe:

    yozora stream "a dog runs in a park" -o - --format y4m | ffplay -

Each line on the input steers what is not yet made: new words for what shall change. /pause,
/resume, /stop and /at SECONDS WORDS do what they say; Ctrl-C ends the film as /stop does."""


def add_to(commands: read.Commands) -> None:
    command = commands.add_parser(
        "stream",
        help="make a film while it is watched, steered by new words",
        description=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = command.add_argument
    add("prompt", metavar="PROMPT", help="what to show at first")
    add_flags(command, "a window", "length (default: no end)", several=False)
    add("--format", choices=FORMATS, help="what a pipe gets (default: mp4, in fragments)")
    add("--window", action="store_true", help="show it, whatever the output is")
    command.set_defaults(run=run, error=command.error)


def run(arguments: argparse.Namespace) -> int:
    """Where it goes is settled first; then it is made until somebody ends it."""
    out, seconds = arguments.out, arguments.seconds
    piped = not arguments.window and (out == Path("-") or (out is None and not sys.stdout.isatty()))
    if arguments.window and out is not None:
        arguments.error("a film goes to one place, leave out -o or --window")
    if arguments.format and not piped:
        arguments.error("--format is for a pipe, leave it out or write -o -")
    if piped and arguments.json:
        arguments.error("the output is the film itself, leave --json out or name a file with -o")
    arguments.out, arguments.seconds = None if out == Path("-") else out, None
    show = Show(sys.stderr if piped or arguments.json else sys.stdout)
    if not piped and out is None:
        from yozora.cli.window import check_display

        check_display()
    live = _opened(arguments, seconds, show)
    with _ended_by_keys(live):
        listen(sys.stdin, lambda line: steer_live(live, line, show.say))
        result = _watched(arguments, live, piped, show)
    if arguments.json:
        results = () if result is None else (result,)
        print(json.dumps(report(results, show.recaption, show.notes)))
    return DONE


def _opened(arguments: argparse.Namespace, seconds: float | None, show: Show) -> Live:
    from yozora.desk import Desk
    from yozora.live import Live

    wish = wish_of(arguments, arguments.prompt, Path("video.mp4"))
    desk = Desk.open(wish.seed or 0, wish.enhance)
    return Live(desk, wish, seconds, show)


def _watched(arguments: argparse.Namespace, live: Live, piped: bool, show: Show) -> Result | None:
    if piped:
        _pour(live, arguments.format or "mp4", show)
        return None
    if arguments.out is None:
        from yozora.cli.window import show_live

        show_live(live, show.say)
        return None
    from yozora.recording import record

    return record(live, arguments.out, show)


def _pour(live: Live, form: str, show: Show) -> None:
    """Into the output, until the film ends or nobody reads it. Raises MediaError."""
    from yozora.media import fragments

    target: IO[bytes] = open(os.dup(1), "wb")  # noqa: SIM115  # closed below, whatever happens
    if form == "rgb":
        width, height = live.size
        show.say(
            f"frames:  RGB, {width}x{height} at {live.fps} a second: ffplay -f rawvideo "
            f"-pixel_format rgb24 -video_size {width}x{height} -framerate {live.fps} -"
        )
    sink = fragments.sink_of(form, target, live.fps)
    try:
        for frame in live:
            sink.put(frame)
        sink.close()
    except fragments.Left:
        live.stop()
        show.say("note:    nobody reads the film any more, so it ends here")
    finally:
        fragments.abandon(target)


class _ended_by_keys:
    """Ctrl-C ends the film as /stop does; a second time it ends all."""

    def __init__(self, live: Live) -> None:
        self.live = live

    def __enter__(self) -> None:
        def stop(number: int, frame: FrameType | None) -> None:
            signal.signal(signal.SIGINT, self.before)
            self.live.stop()

        self.before = signal.getsignal(signal.SIGINT)
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, stop)

    def __exit__(self, *error: object) -> None:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, self.before)
