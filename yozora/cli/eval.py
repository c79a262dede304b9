"""`yozora eval`: the measures that decide."""

from __future__ import annotations

import argparse

from yozora.cli.arguments import Commands
from yozora.cli.errors import DONE


def add_to(commands: Commands) -> None:
    command = commands.add_parser(
        "eval",
        help="measure the weights",
        description="Measure the weights: a table with intervals, and a contact sheet.",
        allow_abbrev=False,
    )
    command.add_argument("--quick", action="store_true", help="fewer prompts, wider intervals")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from yozora.training.evaluation import evaluate

    evaluate(quick=arguments.quick)
    return DONE
