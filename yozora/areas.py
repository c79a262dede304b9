"""The part of the picture that a tool works on: a box, what is white in a mask, what words name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from yozora.desk import Desk, Footage
from yozora.request import RequestError, numbers, within
from yozora.timeline.document import Box, Mask, Region, Words
from yozora.timeline.document import Path as BoxPath
from yozora.timeline.regions import alike


@dataclass(frozen=True, slots=True)
class Where:
    """The part of the picture that a tool works on; at most one is given."""

    box: tuple[float, float, float, float] | None = None  # x, y, width, height: shares, or pixels
    mask: Path | None = None
    words: str = ""
    inverted: bool = False
    feather: float = 0.02

    def region(self, desk: Desk, film: Footage) -> Region | None:
        """None where nothing is given: the whole picture."""
        given = [self.box is not None, self.mask is not None, bool(self.words)]
        if sum(given) > 1:
            raise RequestError("a region is a box, a mask or words: give one of them")
        shape: BoxPath | Mask | Words
        if self.box is not None:
            shape = ((0.0, box_of(self.box, film.width, film.height)),)
        elif self.mask is not None:
            shape = Mask(_mask(desk, self.mask, film))
        elif self.words:
            shape = Words(self.words)
        else:
            return None
        return Region(shape, self.inverted, within("the feather", self.feather, 0.0, 1.0))

    def notes(self, desk: Desk) -> list[str]:
        """What is to be said of its words. Raises RequestError for those that name nobody."""
        return desk.named(self.words) if self.words else []


def _mask(desk: Desk, path: Path, film: Footage) -> str:
    """The identity of a mask of a film's own shape."""
    mask = desk.footage(path)
    if not alike(mask.width, mask.height, film.width, film.height):
        raise RequestError(
            f"{mask.file.name} is {mask.width}x{mask.height}, {film.file.name} "
            f"{film.width}x{film.height}: draw it on a frame of the film"
        )
    return mask.file.sha256


def box_of(sides: tuple[float, float, float, float], width: int, height: int) -> Box:
    """Shares of the picture where all are at most 1, else pixels of the film. Raises RequestError
    for one that is empty or beside the picture."""
    x, y, wide, high = numbers("a box", sides, 4)
    if not all(abs(number) <= 1.0 for number in (x, y, wide, high)):
        x, y, wide, high = x / width, y / height, wide / width, high / height
    if wide <= 0 or high <= 0:
        raise RequestError("a box is empty: give it a width and a height above 0")
    if x >= 1 or y >= 1 or x + wide <= 0 or y + high <= 0:
        raise RequestError(
            f"the box {','.join(f'{number:g}' for number in sides)} lies wholly outside the "
            f"picture, which is {width}x{height}: move it into it"
        )
    return Box(x, y, wide, high)
