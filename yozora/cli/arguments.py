"""Values on the command line, read the same way by every command."""

from __future__ import annotations

import argparse
import math
import os
import re
from pathlib import Path
from typing import Any

# What `add_subparsers` returns; argparse does not export the type.
Commands = Any

MAX_PATH_BYTES, MAX_PART_BYTES = 4095, 255  # no file has a longer name


def seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds, write 4 or 2.5")
    return value


def whole(text: str) -> int:
    match = re.fullmatch(r"\s*[+-]?(\d+)\s*", text, re.ASCII)
    if match is None:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is no whole number, write for example 7")
    if len(match[1]) > 19:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} has too many digits, write at most 19")
    return int(text)


def file(text: str) -> Path:
    if not text.strip():
        raise argparse.ArgumentTypeError("the file's name is empty, write one")
    name = os.fsencode(text)
    if len(name) > MAX_PATH_BYTES or any(len(part) > MAX_PART_BYTES for part in name.split(b"/")):
        raise argparse.ArgumentTypeError(f"{text[:40]!r}... is too long, write a shorter name")
    return Path(text)


def size(text: str) -> tuple[int, int]:
    """`256x144` -> (width, height)."""
    match = re.fullmatch(r"\s*(\d{1,9})\s*[xX*]\s*(\d{1,9})\s*", text, re.ASCII)
    if match is None:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is no size, write width x height: 256x144")
    return int(match[1]), int(match[2])
