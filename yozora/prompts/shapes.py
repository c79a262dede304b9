"""What of a caption shapes in the picture follow: who is there, how many, what they do, the camera.

Colours, the place, the hour, the weather and the style are painted over shapes that stay.
"""

from __future__ import annotations

from typing import Any

from yozora.world.parsing import parse


def of_one_shape(one: str, other: str) -> bool:
    """Whether two captions of the language ask for the same shapes."""
    return one == other or _shaped(one) == _shaped(other)


def _shaped(caption: str) -> tuple[Any, ...]:
    said = parse(caption)
    who = [
        (s.kind, s.count, s.action, s.then, tuple(garment for garment, _ in s.worn))
        for s in said.subjects
    ]
    return who, said.relation, said.camera
