"""Values on the command line, read the same way by every command."""

from __future__ import annotations

import argparse
import math
import os
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

from yozora.request import television

# What `add_subparsers` returns; argparse does not export the type.
Commands = Any

MAX_PATH_BYTES, MAX_PART_BYTES = 4095, 255  # no file has a longer name


def seconds(text: str) -> float:
    return number(text, "number of seconds, write 4 or 2.5")


def whole(text: str) -> int:
    match = re.fullmatch(r"\s*[+-]?(\d+)\s*", text, re.ASCII)
    if match is None:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is no whole number, write for example 7")
    if len(match[1]) > 19:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} has too many digits, write at most 19")
    return int(text)


def rate(text: str) -> Fraction:
    """`24`, `29.97` or `24000/1001` frames a second, exactly; the decimals of television's rates
    stand for these rates."""
    match = re.fullmatch(r"\s*(\d{1,6})(?:/(\d{1,6})|(\.\d{1,6}))?\s*", text, re.ASCII)
    if match is None or (match[2] and not int(match[2])):
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is no rate, write 24, 29.97 or 24000/1001")
    if match[2]:
        return Fraction(int(match[1]), int(match[2]))
    return television(Fraction(match[1] + (match[3] or "")))


def stretch(text: str) -> tuple[float, float]:
    """`1.5:4` -> (1.5, 4.0) seconds."""
    begin, colon, end = text.partition(":")
    if not colon:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is no stretch, write FROM:TO as 1.5:4")
    return seconds(begin), seconds(end)


def box(text: str) -> tuple[float, float, float, float]:
    """`0.1,0.2,0.5,0.5` or `40,20,120,100` -> x, y, width, height."""
    try:
        x, y, width, height = (float(part) for part in text.split(","))
    except ValueError:
        x = y = width = height = math.nan
    if not all(math.isfinite(value) for value in (x, y, width, height)):
        raise argparse.ArgumentTypeError(
            f"{text[:40]!r} is no box, write x,y,width,height in pixels, or in shares up to 1"
        )
    if width <= 0 or height <= 0:
        raise argparse.ArgumentTypeError(
            f"{text[:40]!r} is an empty box, give it a width and a height"
        )
    return x, y, width, height


def number(text: str, what: str = "number, write for example 0.8") -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is no {what}")
    return value


def share(text: str) -> float:
    """A number from 0 to 1."""
    value = number(text)
    if not 0.0 <= value <= 1.0:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is outside 0..1, write for example 0.8")
    return value


def words(text: str) -> str:
    """Words that name something in a picture."""
    if not text.strip():
        raise argparse.ArgumentTypeError("it is empty, write what is meant, as 'the dog'")
    return text


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
