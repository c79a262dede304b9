"""What of a caption shapes in the picture follow: who is there, how many, what they do, the camera.

Colours, the place, the hour, the weather and the style are painted over shapes that stay.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

from yozora.world.parsing import parse


def of_one_shape(one: str, other: str) -> bool:
    """Whether two captions of the language ask for the same shapes."""
    return one == other or _shaped(one) == _shaped(other)


class Parts(Enum):
    """Parts of a picture."""

    ALL = "all"
    SUBJECTS = "subjects"
    AROUND = "around"  # all but the subjects


def apart(one: str, other: str) -> Parts:
    """Where two captions of the language ask for other pictures. What only one of them says of the
    hour and the weather counts for nothing: indoors neither shows."""
    old, new = parse(one), parse(other)
    who = old.subjects != new.subjects or old.relation != new.relation
    light = any(
        None not in (a, b) and a != b for a, b in ((old.time, new.time), (old.weather, new.weather))
    )
    if light or (old.style, old.camera) != (new.style, new.camera):
        return Parts.ALL
    where = (old.place, old.season) != (new.place, new.season)
    return Parts.ALL if who and where else Parts.SUBJECTS if who else Parts.AROUND


def _shaped(caption: str) -> tuple[Any, ...]:
    said = parse(caption)
    who = [
        (s.kind, s.count, s.action, s.then, tuple(garment for garment, _ in s.worn))
        for s in said.subjects
    ]
    return who, said.relation, said.camera
