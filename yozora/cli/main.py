"""`yozora COMMAND`: parse, call, and turn what happened into an exit code.

0 done, 2 your input, 1 our fault, 130 cancelled. Nothing heavy is imported before the arguments are
known to be good.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType
from typing import NoReturn

from yozora.cli import caption, generate, inspect, stream, studio, styles, tools, train, world
from yozora.cli import eval as evaluation
from yozora.cli.errors import CANCELLED, DONE, OUR_FAULT, YOUR_INPUT, exit_code
from yozora.cli.streams import OutputError, Stream, plain

PLACES = ("--box", "--place", "--keep", "--trim-a", "--trim-b")  # of several numbers
COMMANDS = (generate, tools, stream, studio, styles, caption, inspect, world, train, evaluation)


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, instead of a page of usage."""

    def error(self, message: str) -> NoReturn:
        sentence = f"{message}: see {self.prog} --help"
        self.exit(_end(YOUR_INPUT, sentence, "--json" in sys.argv))


def parser() -> Parser:
    """The whole command line; each command adds its own flags."""
    top = Parser(
        prog="yozora",
        description="Text to video by a model of its own, on any machine.",
        allow_abbrev=False,
    )
    from yozora import __version__

    top.add_argument("--version", action="version", version=f"yozora {__version__}")
    commands = top.add_subparsers(
        dest="command", required=True, metavar="COMMAND", parser_class=Parser
    )
    for command in COMMANDS:
        command.add_to(commands)
    return top


def run(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    wants_json = "--json" in (sys.argv if argv is None else argv)
    try:
        code = _command(argv)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return _end(CANCELLED, "cancelled, nothing was left half-written", wants_json)
    except OutputError as error:
        return _end(YOUR_INPUT, str(error), wants_json)
    except Exception as error:
        code = exit_code(error)
        if code != OUR_FAULT:
            return _end(code, str(error), wants_json)
        if os.environ.get("YOZORA_TRACE"):
            with suppress(OutputError):
                traceback.print_exc()
        what = f"{type(error).__name__}: {error}".rstrip(": ")
        return _end(
            code,
            f"this is a fault of Yozora ({what}): report it with the command that you gave; "
            "YOZORA_TRACE=1 shows where it happened",
            wants_json,
        )


def joined(argv: Sequence[str]) -> list[str]:
    """The same arguments, where `--box -10,0,60,60` means what `--box=-10,0,60,60` does: argparse
    takes a value that begins with a minus for a flag, unless it is one plain number."""
    told: list[str] = []
    for value in argv:
        if told and told[-1] in PLACES and re.match(r"-\.?\d", value):
            told[-1] += f"={value}"
        else:
            told.append(value)
    return told


def _command(argv: Sequence[str] | None) -> int:
    try:
        arguments = parser().parse_args(joined(sys.argv[1:] if argv is None else argv))
        code: int = arguments.run(arguments)
    except SystemExit as end:  # after --help, --version, or what a parser refused
        return end.code if isinstance(end.code, int) else DONE
    return code


def main() -> NoReturn:
    """Entry point of the console script."""
    signal.signal(signal.SIGTERM, _interrupt)
    hangup = getattr(signal, "SIGHUP", None)  # a closed terminal; absent on some systems
    if hangup is not None and signal.getsignal(hangup) is not signal.SIG_IGN:  # as under nohup
        signal.signal(hangup, _interrupt)
    sys.stdout, sys.stderr = Stream(sys.stdout), Stream(sys.stderr)
    code = run()
    if os.environ.get("WORLD_SIZE", "1") != "1":  # torchrun's: threads that outlive the
        with suppress(OutputError):  # interpreter abort its orderly end now and then
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def _end(code: int, sentence: str, wants_json: bool) -> int:
    if code == CANCELLED:  # one word of farewell, however often somebody presses the keys
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sentence = plain(" ".join(sentence.split()))
    with suppress(OutputError):  # a stream that takes nothing takes no sentence about it either
        print(f"yozora: {sentence}", file=sys.stderr, flush=True)
    if wants_json:
        with suppress(OutputError):
            print(json.dumps({"error": sentence, "exit_code": code}), flush=True)
    return code


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
