"""`yozora train`: teach a network from a recipe in `runs/`."""

from __future__ import annotations

import argparse

from yozora.cli import arguments as read
from yozora.cli.errors import DONE

NETWORKS = (
    "tokenizer", "transformer", "outliner", "planner", "distill", "judge", "matcher",
    "upsampler", "interpolator",
)  # fmt: skip


def add_to(commands: read.Commands) -> None:
    command = commands.add_parser(
        "train",
        help="train a network",
        description="Train a network from a recipe. A killed run goes on where it stopped.",
        allow_abbrev=False,
    )
    command.add_argument("network", choices=NETWORKS, help="what to train")
    command.add_argument(
        "--config", type=read.file, required=True, metavar="runs/NAME.toml", help="the recipe"
    )
    command.add_argument(
        "--init-from",
        type=read.file,
        metavar="FILE",
        help="start from these weights, not from nothing",
    )
    command.add_argument(
        "--grow",
        action="store_true",
        help="with --init-from, of transformer, outliner or judge: take over what fits of weights "
        "of other words, columns or grid",
    )
    command.add_argument(
        "--ship", action="store_true", help="put the result where generating looks for weights"
    )
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from yozora.training.loop import train

    train(
        arguments.network,
        arguments.config,
        init_from=arguments.init_from,
        grow=arguments.grow,
        ship=arguments.ship,
    )
    return DONE
