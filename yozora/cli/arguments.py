"""Values on the command line, read the same way by every command."""

from __future__ import annotations

import argparse
import math
import re
from pathlib import Path
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
    if re.fullmatch(r"\s*[+-]?\d+\s*", text, re.ASCII) is None:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is no whole number, write for example 7")
    if len(text) > 20:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} has too many digits, write at most 19")
    return int(text)


def file(text: str) -> Path:
    if not text.strip():
        raise argparse.ArgumentTypeError("the file's name is empty, write one")
    return Path(text)


def size(text: str) -> tuple[int, int]:
    """`256x144` -> (width, height)."""
    match = re.fullmatch(r"\s*(\d{1,9})\s*[xX*]\s*(\d{1,9})\s*", text, re.ASCII)
    if match is None:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is no size, write width x height: 256x144")
    return int(match[1]), int(match[2])
