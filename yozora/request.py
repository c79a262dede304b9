"""What somebody may ask for, and the sentences that refuse the rest."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path

MIN_SECONDS, MAX_SECONDS = 0.25, 60.0
MIN_PX, MAX_PX = 32, 1920  # a side
MAX_PROMPT = 2000  # characters
MAX_STEPS = 100
MAX_VARIATIONS = 16
QUALITIES = ("fast", "best")


class RequestError(ValueError):
    """What was asked cannot be made: one sentence that ends in a remedy."""


@dataclass(frozen=True, slots=True)
class Request:
    """One wish. `None` leaves a choice to the weights."""

    prompt: str
    out: Path  # name.mp4; with variations name-1.mp4, name-2.mp4, ...
    seconds: float = 4.0  # MIN_SECONDS..MAX_SECONDS
    width: int | None = None  # pixels, MIN_PX..MAX_PX; both or neither
    height: int | None = None
    seed: int | None = None  # 0 or more; None draws one
    steps: int | None = None  # evaluations of the network, 1..MAX_STEPS
    negative: str = ""  # what to steer away from; costs a second network call a step
    variations: int = 1  # films from seed, seed + 1, ...
    quality: str = "fast"  # one of QUALITIES
    enhance: bool = True  # let the recaptioner add what the prompt leaves out


def check(request: Request) -> Request:
    """The same request with a tidy prompt. Raises RequestError; needs no weights."""
    prompt = tidy(request.prompt, "the prompt")
    negative = tidy(request.negative, "the negative prompt") if request.negative.strip() else ""
    if not MIN_SECONDS <= request.seconds <= MAX_SECONDS:  # false for NaN too
        raise RequestError(
            f"{request.seconds:g} seconds asked, {MIN_SECONDS:g} to {MAX_SECONDS:g} are possible: "
            + ("ask for fewer" if request.seconds > MAX_SECONDS else "ask for more")
        )
    if (request.width is None) != (request.height is None):
        raise RequestError("one side of the size is missing: give width and height, as 256x144")
    for side in (request.width, request.height):
        if side is not None and not MIN_PX <= side <= MAX_PX:
            raise RequestError(
                f"a side of {side} pixels asked, {MIN_PX} to {MAX_PX} are possible: "
                "choose a size between, as 256x144"
            )
    if request.seed is not None and not 0 <= request.seed < 2**62:
        raise RequestError(f"the seed {request.seed} is not in 0..2^62-1: choose another")
    if request.steps is not None and not 1 <= request.steps <= MAX_STEPS:
        raise RequestError(
            f"{request.steps} steps asked, 1 to {MAX_STEPS} are possible: "
            "ask for a number between, or for none at all, which takes the default"
        )
    if not 1 <= request.variations <= MAX_VARIATIONS:
        raise RequestError(
            f"{request.variations} variations asked, 1 to {MAX_VARIATIONS} are possible: "
            "ask again with another seed for more"
        )
    if request.quality not in QUALITIES:
        raise RequestError(f"quality {request.quality!r} is unknown: use fast or best")
    if request.out.suffix != ".mp4":  # in small letters: A.MP4 and A.mp4 would share latents
        raise RequestError(f"{str(request.out)!r} is no film's name: write one as name.mp4")
    return replace(request, prompt=prompt, negative=negative)


def tidy(text: str, name: str) -> str:
    """Text with plain single spaces. Raises RequestError for what nobody could mean."""
    plain = " ".join(text.split())
    if not any(c.isalnum() or unicodedata.category(c) == "So" for c in plain):  # emoji are words
        raise RequestError(f"{name} has no words: say what to show, as 'a dog running in the park'")
    if len(plain) > MAX_PROMPT:
        raise RequestError(
            f"{name} has {len(plain)} characters, {MAX_PROMPT} are the most: say it shorter"
        )
    for c in plain:
        if unicodedata.category(c) == "Cs":  # what Python makes of bytes that are no UTF-8
            raise RequestError(
                f"{name} is not valid UTF-8: write it again, or set the terminal to it"
            )
        if unicodedata.category(c) in ("Cc", "Co"):
            raise RequestError(f"{name} holds the control character U+{ord(c):04X}: remove it")
    return plain
