"""What somebody may ask for, and the sentences that refuse the rest."""

from __future__ import annotations

import math
import operator
import os
import unicodedata
from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from fractions import Fraction
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yozora.recipe import QUALITIES

if TYPE_CHECKING:
    from yozora.media.references import Reference
    from yozora.prompts.styles import Preset

MIN_SECONDS, MAX_SECONDS = 0.25, 60.0
MIN_PX, MAX_PX = 32, 1920  # a side
MAX_PROMPT = 2000  # characters
MAX_STEPS = 100
MIN_FPS, MAX_FPS = 1, 240
MAX_VARIATIONS = 16
MAX_REFERENCES = 3
A_DAY_S = 86_400.0
# They may hold two values, but nobody means the sides of a film by them.
NO_SIDES = (str, bytes, bytearray, memoryview, Set, Mapping)


class RequestError(ValueError):
    """What was asked cannot be made: one sentence that ends in a remedy. `about`: which field of
    the request, "size" for its sides, where it is one."""

    def __init__(self, message: str, about: str = "") -> None:
        super().__init__(message)
        self.about = about


@dataclass(frozen=True, slots=True)
class Request:
    """One wish. `None` leaves a choice to the weights."""

    prompt: str
    out: Path  # name.mp4; with variations name-1.mp4, name-2.mp4, ...
    seconds: float = 4.0  # MIN_SECONDS..MAX_SECONDS
    width: int | None = None  # pixels, MIN_PX..MAX_PX; both or neither
    height: int | None = None
    fps: int | Fraction | None = None  # frames a second, MIN_FPS..MAX_FPS
    seed: int | None = None  # 0 or more; None draws one
    steps: int | None = None  # evaluations of the network, 1..MAX_STEPS
    negative: str = ""  # what to steer away from; costs one or two network calls more a step
    variations: int = 1  # films from seed, seed + 1, ...
    quality: str = "fast"  # one of QUALITIES
    enhance: bool = True  # let the recaptioner add what the prompt leaves out
    # who or what should appear: picture files, or pictures that are read already
    references: tuple[Path | Reference, ...] = ()
    style: Preset | None = None  # a look, added where the prompt says nothing of it

    @property
    def avoided(self) -> str:
        """What to steer away from: as asked, and what the style keeps out."""
        parts = self.negative, self.style.negative if self.style else ""
        return ", ".join(part for part in parts if part)


def check(request: Request, bare: bool = False) -> Request:
    """The same request with a tidy prompt, which one of a film that exists may lack (`bare`).

    Raises RequestError; needs no weights.
    """
    request = _typed(request)
    prompt = (
        "" if bare and not request.prompt.strip() else tidy(request.prompt, "the prompt", "prompt")
    )
    negative = request.negative.strip()
    negative = tidy(negative, "the negative prompt", "negative") if negative else ""
    if not MIN_SECONDS <= request.seconds <= MAX_SECONDS:  # false for NaN too
        raise RequestError(
            f"{request.seconds:g} seconds asked, {MIN_SECONDS:g} to {MAX_SECONDS:g} are possible: "
            + ("ask for fewer" if request.seconds > MAX_SECONDS else "ask for more"),
            "seconds",
        )
    if (request.width is None) != (request.height is None):
        raise RequestError(
            "one side of the size is missing: give width and height, as 256x144", "size"
        )
    for side in (request.width, request.height):
        if side is not None and not MIN_PX <= side <= MAX_PX:
            raise RequestError(
                f"a side of {side} pixels asked, {MIN_PX} to {MAX_PX} are possible: "
                "choose a size between, as 256x144",
                "size",
            )
    if request.fps is not None and not MIN_FPS <= request.fps <= MAX_FPS:
        raise RequestError(
            f"{request.fps} frames a second asked, {MIN_FPS} to {MAX_FPS} are possible: "
            "choose a number between, as 24",
            "fps",
        )
    if request.seed is not None and not 0 <= request.seed < 2**62:
        raise RequestError(f"the seed {request.seed} is not in 0..2^62-1: choose another", "seed")
    if request.steps is not None and not 1 <= request.steps <= MAX_STEPS:
        raise RequestError(
            f"{request.steps} steps asked, 1 to {MAX_STEPS} are possible: "
            "ask for a number between, or for none at all, which takes the default",
            "steps",
        )
    if not 1 <= request.variations <= MAX_VARIATIONS:
        raise RequestError(
            f"{request.variations} variations asked, 1 to {MAX_VARIATIONS} are possible: "
            "ask again with another seed for more"
        )
    if request.quality not in QUALITIES:
        raise RequestError(
            f"quality {request.quality[:40]!r} is unknown: use fast, best or live", "quality"
        )
    if len(request.references) > MAX_REFERENCES:
        raise RequestError(
            f"{len(request.references)} references given, {MAX_REFERENCES} are the most: "
            "leave some out"
        )
    if request.out.suffix != ".mp4":  # in small letters: A.MP4 and A.mp4 would share latents
        raise RequestError(f"{str(request.out)!r} is no film's name: write one as name.mp4")
    return replace(request, prompt=prompt, negative=negative)


def file_name(value: object, what: str = "out", example: str = "name.mp4") -> Path:
    """A path for what may name a file. Raises RequestError."""
    try:
        name = os.fspath(value) if isinstance(value, str | os.PathLike) else None
        known = isinstance(name, str) and b"\0" not in os.fsencode(name)
    except (UnicodeEncodeError, TypeError):  # a path that names no text
        known = False
    if not known:
        raise RequestError(f"{what} is {_shown(value)}, no file's name: write one as {example!r}")
    return Path(str(name))


def sides(size: object) -> tuple[Any, Any]:
    """The (width, height) of a size, or neither for None. Raises RequestError."""
    if size is None:
        return None, None
    try:
        width, height = (None, None) if isinstance(size, NO_SIDES) else size  # type: ignore[misc]
    except (TypeError, ValueError):
        width = height = None
    if width is None or height is None:
        raise RequestError(f"size is {_shown(size)}: give (width, height) in pixels, as (256, 144)")
    return width, height


def within(
    name: str, value: object, least: float, most: float, unit: str = "", example: str = "0.8"
) -> float:
    """A number that lies between two others. Raises RequestError."""
    told = number(name, value)
    if not least <= told <= most:  # false for NaN too
        raise RequestError(
            f"{name} of {told:g}{unit} is outside {least:g}..{most:g}{unit}: "
            f"give one between, as {example}"
        )
    return told


def moment(value: object) -> float:
    """A time in seconds, from 0 on. Raises RequestError."""
    told = number("a time", value)
    if not 0 <= told <= A_DAY_S:  # false for NaN too
        raise RequestError(f"{told:g} s is no time in a film: give seconds from 0 on, as 1.5")
    return told


def numbers(name: str, values: object, count: int) -> list[float]:
    """So many plain numbers. Raises RequestError."""
    rows = list(values) if isinstance(values, tuple | list) else []
    told = [number(name, value) for value in rows]
    if len(told) != count or not all(math.isfinite(value) for value in told):
        raise RequestError(f"{name} is no {count} numbers: write them as (0.1, 0.2, 0.5, 0.5)")
    return told


def named_or_number(name: str, value: object, names: Mapping[str, float]) -> float:
    """A word of a scale, or a number. Raises RequestError."""
    if isinstance(value, str):
        if value not in names:
            known = ", ".join(names)
            raise RequestError(f"{name} is {value[:40]!r}: write {known} or a number")
        return names[value]
    return number(name, value)


def _typed(request: Request) -> Request:
    """The request with plain values of Python's own types; whole numbers of other libraries too."""
    for name, text in (("prompt", request.prompt), ("negative", request.negative)):
        if not isinstance(text, str):
            raise RequestError(f"{name} is {_shown(text)}, no text: write it in quotes")
    if not isinstance(request.quality, str):
        raise RequestError(f"quality is {_shown(request.quality)}: use 'fast' or 'best'")
    if not isinstance(request.enhance, bool):
        raise RequestError(f"enhance is {_shown(request.enhance)}: use True or False")
    return replace(
        request,
        out=file_name(request.out),
        seconds=number("seconds", request.seconds),
        width=_whole_or_none("width", request.width),
        height=_whole_or_none("height", request.height),
        fps=_rate(request.fps),
        seed=_whole_or_none("seed", request.seed),
        steps=_whole_or_none("steps", request.steps),
        variations=_whole("variations", request.variations),
        references=_references(request.references),
        style=_style(request.style),
    )


def _style(value: object) -> Preset | None:
    if value is None:
        return None
    from yozora.prompts.styles import Preset

    if isinstance(value, Preset):
        return value
    raise RequestError(f"style is {_shown(value)}: give that of yozora.styles.named('x')")


def _references(value: object) -> tuple[Path | Reference, ...]:
    """Names of files, or references that are read already."""
    if not isinstance(value, tuple | list):
        raise RequestError(f"references is {_shown(value)}: give a list, as ['dog.png']")
    return tuple(_reference(one) for one in value)


def _reference(value: object) -> Path | Reference:
    if not isinstance(value, str | os.PathLike):
        from yozora.media.references import Reference  # loaded already by who made one

        if isinstance(value, Reference):
            return value
    return file_name(value, "a reference", "dog.png")


def number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, Real):
        raise RequestError(f"{name} is {_shown(value)}, no number: write for example 2.5")
    try:
        return float(value)
    except OverflowError:
        return math.inf


def television(rate: Fraction) -> Fraction:
    """The rate that decimals of television's stand for, as 29.97 for 30000/1001; else the same."""
    near = Fraction(round(rate) * 1000, 1001)
    return near if rate.denominator != 1 and abs(rate - near) < Fraction(1, 100) else rate


def _rate(value: object) -> int | Fraction | None:
    """Whole frames a second, or a fraction of whole numbers."""
    if isinstance(value, Fraction) and value.denominator != 1:
        return value.limit_denominator(1001)
    return _whole_or_none("fps", int(value) if isinstance(value, Fraction) else value)


def _whole_or_none(name: str, value: object) -> int | None:
    return None if value is None else _whole(name, value)


def _whole(name: str, value: object) -> int:
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        number = None
    if number is None or isinstance(value, bool):
        raise RequestError(f"{name} is {_shown(value)}, no whole number: write for example 7")
    if abs(number) >= 2**64:  # Python itself refuses to print one of thousands of digits
        raise RequestError(f"{name} has too many digits: write a smaller whole number")
    return number


def _shown(value: object) -> str:
    """A value, cut to what fits in a sentence; the type of one that is not plain."""
    if value is None or isinstance(value, str | bytes | bool | float):
        return ascii(value)[:40]
    return f"of the type {type(value).__name__}"


def tidy(text: str, name: str, about: str = "") -> str:
    """Text with plain single spaces. Raises RequestError for what nobody could mean."""
    plain = " ".join(text.split())
    if not any(c.isalnum() or unicodedata.category(c) == "So" for c in plain):  # emoji are words
        raise RequestError(
            f"{name} has no words: say what to show, as 'a dog running in the park'", about
        )
    if len(plain) > MAX_PROMPT:
        raise RequestError(
            f"{name} has {len(plain)} characters, {MAX_PROMPT} are the most: say it shorter",
            about,
        )
    for c in plain:
        if unicodedata.category(c) == "Cs":  # what Python makes of bytes that are no UTF-8
            raise RequestError(
                f"{name} is not valid UTF-8: write it again, or set the terminal to it",
                about,
            )
        if unicodedata.category(c) in ("Cc", "Co"):
            raise RequestError(
                f"{name} holds the control character U+{ord(c):04X}: remove it", about
            )
    return plain
