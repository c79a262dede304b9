"""A film's last act: from the frames that weights make to the size and the rate that were asked.

Frames between are drawn first, by the interpolator; then pictures are doubled by the upsampler
until they reach the size, and one resize gives exactly that. Frames stream through. Where a
network is missing, frames are repeated and pictures enlarged by Lanczos, and a note says so
(docs/adr/0016).
"""

# T frames, Y, X pixels

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from yozora.media.images import fit
from yozora.model.checkpoint import load_interpolator, load_upsampler, sha256_of, weights_folder
from yozora.model.interpolator import Interpolator, between
from yozora.model.layers import compute_dtype
from yozora.model.upsampler import Upsampler, enlarged, times_doubled

Frame = NDArray[np.uint8]  # (Y, X, 3)
Frames = NDArray[np.uint8]  # (T, Y, X, 3)
UPSAMPLER, INTERPOLATOR = "upsampler", "interpolator"
MISSING = {
    UPSAMPLER: "enlarged by Lanczos",
    INTERPOLATOR: "frames are repeated",
}


class Finisher:
    """The networks of a folder, each loaded when a film first needs it. None: there are none."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder

    @staticmethod
    def shipped() -> Finisher:
        """Those that ship, or of the folder that YOZORA_WEIGHTS names."""
        return Finisher(weights_folder())

    def path(self, name: str) -> Path | None:
        """The file of a network, where there is one."""
        path = self.folder / f"{name}.safetensors" if self.folder is not None else None
        return path if path is not None and path.exists() else None

    def id_of(self, name: str) -> str:
        """What tells one set of weights from another; "" where there are none."""
        path = self.path(name)
        return sha256_of(path) if path is not None else ""

    @cached_property
    def upsampler(self) -> Upsampler:
        """Raises `WeightsError` for damaged or foreign files."""
        path = self.path(UPSAMPLER)
        assert path is not None
        return load_upsampler(path)[0].to(compute_dtype())

    @cached_property
    def interpolator(self) -> Interpolator:
        """Raises `WeightsError` for damaged or foreign files."""
        path = self.path(INTERPOLATOR)
        assert path is not None
        return load_interpolator(path)[0].to(compute_dtype())


@dataclass(frozen=True, slots=True)
class Asked:
    """What a film shall be, and what it is made from."""

    width: int  # pixels of the film
    height: int
    rate: Fraction  # its frames a second
    count: int  # its frames
    made_width: int  # of the frames that the weights make
    made_height: int
    made_rate: Fraction
    closed: bool = False  # the last frame runs into the first
    lead: Fraction = Fraction(0)  # made frames before the film begins

    @property
    def times(self) -> int:
        """How often pictures are doubled."""
        return times_doubled(self.made_width, self.made_height, self.width, self.height)

    @property
    def draws_between(self) -> bool:
        """Whether some frame lies between two that are made."""
        return max(self.lead.denominator, (self.made_rate / self.rate).denominator) != 1


@dataclass(frozen=True, slots=True)
class Finish:
    """How a film is finished: decided before it is made, and recorded in its recipe."""

    asked: Asked
    upsampler: Upsampler | None
    interpolator: Interpolator | None
    told: Mapping[str, str]  # by network that is used, the sha256 of its file
    notes: tuple[str, ...]

    def frames(
        self, made_TYX3: Sequence[Frame] | Frames, first: int = 0, last: int | None = None
    ) -> Iterator[Frame]:
        """The film's frames [first, last), all unless told, one at a time: a long, large film need
        not be in memory."""
        return self.each(made_TYX3, range(first, self.asked.count if last is None else last))

    def each(self, made_TYX3: Sequence[Frame] | Frames, wanted: Iterable[int]) -> Iterator[Frame]:
        """The film's frames of these numbers, in rising order."""
        asked = self.asked
        source = retimed(made_TYX3, asked, self.interpolator, wanted)
        if self.upsampler is not None:
            source = enlarged(self.upsampler, source, asked.times)
        for frame in source:
            yield fit(frame[None], asked.width, asked.height)[0]


def plan(asked: Asked, networks: Finisher, recorded: Mapping[str, str] | None = None) -> Finish:
    """Which networks finish a film.

    `recorded`: what its recipe tells, for a film that is made again: what was done without a
    network is done without it. Raises `WeightsError` for files that cannot be used.
    """
    needed = {UPSAMPLER: asked.times > 0, INTERPOLATOR: asked.draws_between}
    told: dict[str, str] = {}
    notes = []
    for name, is_needed in needed.items():
        was = None if recorded is None else recorded.get(name, "")
        if not is_needed or was == "":
            continue
        here = networks.id_of(name)
        if here:
            told[name] = here
        else:
            remedy = f"train one with yozora train {name} --config runs/starter.toml --ship"
            notes.append(f"no {name} here, so {MISSING[name]}: {remedy}")
        if was is not None and was != here:
            now = f"this one is {here[:12]}" if here else "there is none here"
            notes.append(f"made with the {name} {was[:12]}, {now}: the film will differ")
    return Finish(
        asked,
        networks.upsampler if UPSAMPLER in told else None,
        networks.interpolator if INTERPOLATOR in told else None,
        told,
        tuple(notes),
    )


def retimed(
    made_TYX3: Sequence[Frame] | Frames,
    asked: Asked,
    network: Interpolator | None,
    wanted: Iterable[int] | None = None,
) -> Iterator[Frame]:
    """Frames at the asked rate from frames at their own: those that fall on one are that one.

    After the last one a closed film runs into its first; another one holds its last.
    """
    count = len(made_TYX3)
    for index in range(asked.count) if wanted is None else wanted:
        at = asked.lead + index * asked.made_rate / asked.rate
        first, time = int(at), float(at % 1)
        if network is None:
            first, time = int(at + Fraction(1, 2)), 0.0
        pair = [(i % count if asked.closed else min(i, count - 1)) for i in (first, first + 1)]
        if time == 0.0 or pair[0] == pair[1]:
            yield made_TYX3[pair[0]]
        else:
            assert network is not None
            yield between(network, made_TYX3[pair[0]], made_TYX3[pair[1]], time)
