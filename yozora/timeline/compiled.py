"""What compiling a timeline gives: a canvas for the engine, and what becomes of its frames."""

# F latent frames

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from yozora.engine.canvas import Beside, Canvas
from yozora.timeline.regions import Found


@dataclass(frozen=True, slots=True)
class Copied:
    """A stretch of the film whose pictures, or parts of them, come from a span's content."""

    first: int  # frames of the film
    last: int  # not included
    span: int


@dataclass(frozen=True, slots=True)
class Compiled:
    """What the engine is given, and what to do with its frames afterwards."""

    canvas: Canvas
    beside: Beside  # what each latent frame sees before and after it when it is decoded
    lead: Fraction  # pixel frames at the grid's rate that are made before the film begins
    frames: int  # pixel frames at the grid's rate that the film shows, from there on
    width: int  # pixels of the film; the canvas may be another size of about this shape
    height: int
    fps: Fraction  # of the film; the engine makes the grid's
    count: int  # frames of the film, at that rate
    copied: tuple[Copied, ...]  # in order
    copied_F: NDArray[np.bool_]  # latent frames of which pictures are copied
    found: dict[int, Found]  # by span, what the words of its region name
    notes: tuple[str, ...]  # what was snapped, in sentences
