"""`yozora eval`: the measures that decide."""

from __future__ import annotations

import argparse
import json
import sys

from yozora.cli import arguments as read
from yozora.cli.errors import DONE
from yozora.cli.progress import Progress

MOST_PROMPTS = 100_000


def add_to(commands: read.Commands) -> None:
    command = commands.add_parser(
        "eval",
        help="measure the weights",
        description="Measure the weights as they ship: a table with intervals, eval.json and a "
        "contact sheet. A stopped evaluation goes on where it was. Comparing with renders needs "
        "OpenGL without a window (EGL).",
        allow_abbrev=False,
    )
    add = command.add_argument
    add("--quick", action="store_true", help="fewer prompts, wider intervals")
    add("--judge", action="store_true", help="only the judge's own four conditions")
    add("--prompts", type=read.whole, metavar="N", help="held-out prompts (default: 512)")
    add(
        "--references",
        type=read.whole,
        metavar="N",
        help="only: is who is in a film the one that its reference shows? N individuals",
    )
    add("--out", type=read.file, metavar="DIR", help="folder (default: evaluation in YOZORA_HOME)")
    add("--footage", type=read.file, metavar="FILE", help="a camera's film, for the tokenizer")
    add("--json", action="store_true", help="print one JSON object; progress goes to stderr")
    command.set_defaults(run=run, error=command.error)


def run(arguments: argparse.Namespace) -> int:
    """Measure, print, say where the rest lies."""
    from dataclasses import replace

    if arguments.prompts is not None and not 1 <= arguments.prompts <= MOST_PROMPTS:
        arguments.error(f"{arguments.prompts} prompts asked, choose 1 to {MOST_PROMPTS}")
    if arguments.judge and arguments.footage:
        arguments.error("--judge looks at no footage, leave one of the two out")
    if arguments.references is not None:
        if arguments.judge or arguments.quick or arguments.footage or arguments.prompts is not None:
            arguments.error(
                "--references measures nothing else, give only --out and --json with it"
            )
        if not 1 <= arguments.references <= MOST_PROMPTS:
            arguments.error(f"{arguments.references} individuals asked, choose 1 to {MOST_PROMPTS}")
    from yozora.home import home
    from yozora.training.report import table

    out = arguments.out or home() / "evaluation"
    if arguments.references is not None:
        from yozora.training.eval_references import evaluate_references

        seen = evaluate_references(out, arguments.references, _Bars())
        print(json.dumps(seen.json) if arguments.json else table(seen.figures, seen.tier))
        if not arguments.json:
            print(f"made:    {out}")
        return DONE
    from yozora.training.evaluate import Settings, evaluate

    if arguments.quick:
        settings = Settings.quick(out, arguments.footage, arguments.judge)
    else:
        settings = Settings(out, footage=arguments.footage, judge_only=arguments.judge)
    if arguments.prompts is not None:
        settings = replace(settings, prompts=arguments.prompts)
    found = evaluate(settings, _Bars())
    if arguments.json:
        print(json.dumps(found.json))
        return DONE
    print(table(found.figures, found.tier))
    for note in found.notes:
        print(f"note:    {note}")
    print(f"made:    {out}")
    return DONE


class _Bars:
    """One bar a kind of work."""

    def __init__(self) -> None:
        self.what, self.bar = "", Progress("", sys.stderr)

    def __call__(self, what: str, done: int, of: int) -> None:
        if what != self.what:
            self.what, self.bar = what, Progress(what, sys.stderr)
        self.bar.update(done, of)
