"""Values on the command line, read the same way by every command."""

from __future__ import annotations

import argparse
import math
import re
from typing import Any

# What `add_subparsers` returns; argparse does not export the type.
Commands = Any


def seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds, write 4 or 2.5")
    return value


def whole(text: str) -> int:
    try:
        return int(text) if len(text) < 20 else _refuse(text)
    except ValueError:
        return _refuse(text)


def _refuse(text: str) -> int:
    raise argparse.ArgumentTypeError(f"{text[:40]!r} is no whole number, write for example 7")


def size(text: str) -> tuple[int, int]:
    """`256x144` -> (width, height)."""
    match = re.fullmatch(r"\s*(\d{1,9})\s*[xX*]\s*(\d{1,9})\s*", text, re.ASCII)
    if match is None:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is no size, write width x height: 256x144")
    return int(match[1]), int(match[2])
