"""`yozora inspect`: what a film is and what it was made from."""

from __future__ import annotations

import argparse
import json
from typing import Any

from yozora.cli import arguments as read
from yozora.cli.errors import DONE
from yozora.cli.streams import plain


def add_to(commands: read.Commands) -> None:
    command = commands.add_parser(
        "inspect",
        help="print a film's recipe",
        description="Print what a film is and the recipe inside it. Exit code 2 when it has none.",
        allow_abbrev=False,
    )
    command.add_argument("file", type=read.file, metavar="FILE", help="a film that Yozora made")
    command.add_argument("--json", action="store_true", help="print the recipe as one JSON object")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from yozora import render
    from yozora.media import video
    from yozora.recipe import to_dict

    recipe = render.read_recipe(arguments.file)
    raw = to_dict(recipe)
    now = video.packets_sha256(arguments.file)
    untouched = {
        "packets_untouched": now == recipe.packets_sha256,
        "recipe_untouched": recipe.told in ("", recipe.identity),
    }
    if arguments.json:
        print(json.dumps({**raw, **untouched}))
        return DONE
    for line in lines(raw, now, recipe.told):
        print(line)
    return DONE


def lines(raw: dict[str, Any], packets_now: str, told: str = "") -> list[str]:
    """A recipe for a person. `told`: the identity that stands in the file."""
    mine = raw["identity"]
    edited = "" if told in ("", mine) else f" (the recipe was CHANGED since: it says {told})"
    then = raw["packets_sha256"]
    changed = "as made" if then == packets_now else f"CHANGED since, now {packets_now}"
    timeline = raw["timeline"]
    length_s = sum(span["ticks"] for span in timeline["spans"]) / 120_000
    rows = [
        ("prompt", raw["prompt"]),
        *(("caption", caption) for caption in raw["captions"]),
        ("added", ", ".join(raw["added"]) or "nothing"),
        *(("reference", f"{r['name']}, sha256 {r['sha256'][:16]}") for r in raw["references"]),
        *(("steered", _turn(turn)) for turn in raw["steered"]),
        ("negative", raw["negative_prompt"] or "nothing"),
        ("length", f"{length_s:g} s"),
        ("size", f"{timeline['width']}x{timeline['height']}"),
        *([("rate", f"{timeline['fps']} frames a second")] if timeline["fps"] else []),
        *((name, f"weights {sha256[:16]}") for name, sha256 in raw["finishing"].items()),
        ("seed", timeline["seed"]),
        ("quality", f"{raw['quality']}, {raw['evaluations']} steps"),
        ("engine", f"{raw['engine']}, weights {raw['weights_sha256'][:16]}"),
        ("made with", ", ".join(f"{name} {v}" for name, v in sorted(raw["versions"].items()))),
        ("made on", ", ".join(raw["machine"].get(k, "") for k in ("system", "cpu"))),
        ("identity", mine + edited),
        ("packets", f"{then} ({changed})" if then else f"{packets_now} (the recipe holds no hash)"),
    ]
    return [f"{name + ':':<10} {plain(value)}" for name, value in rows]


def _turn(turn: dict[str, Any]) -> str:
    """What was asked for while it was made."""
    place = "" if turn["place"] is None else "to {:g},{:g}".format(*turn["place"])
    said = " ".join(part for part in (turn["words"], place) if part)
    return f"{said}, from {turn['at'] / 120_000:g} s on, before step {turn['step']}"
