"""The files that a timeline is made from: found, known by their content, opened, closed again."""

# F latent frames, H rows, W columns

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from yozora import recipe as recipes
from yozora.engine.canvas import Beside
from yozora.media import video
from yozora.media.errors import MediaError
from yozora.media.files import is_stream
from yozora.media.film import Film
from yozora.media.images import Picture, fit, read_opaque
from yozora.media.latents import Latents, latents_path, load_latents
from yozora.recipe import Drawn, Recipe
from yozora.steering import as_told
from yozora.timeline.document import TICKS_PER_S, Timeline, assets, with_assets
from yozora.timeline.errors import TimelineError
from yozora.timeline.material import Material

if TYPE_CHECKING:
    from yozora.engine.canvas import Floats
    from yozora.engine.protocol import Engine, Frames
    from yozora.model.grid import Grid

IMAGES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff"})
STILL_FPS = Fraction(24)  # of an image, which has one frame


@dataclass(frozen=True, slots=True)
class File:
    """A file that a timeline names, known by its content."""

    path: Path
    sha256: str

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def is_image(self) -> bool:
        return self.path.suffix.lower() in IMAGES


def known(path: Path) -> File:
    """A file's identity. Raises MediaError where it cannot be read."""
    try:
        if is_stream(path):
            raise MediaError(f"{path} is a device or a pipe: name a film or a picture")
        with path.open("rb") as file:
            return File(path, hashlib.file_digest(file, "sha256").hexdigest())
    except FileNotFoundError as error:
        raise MediaError(f"there is no file {path}: check the name") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no such name"
        raise MediaError(f"{path} cannot be read ({reason}): name a film or a picture") from error


def identified(timeline: Timeline, folder: Path) -> tuple[Timeline, dict[str, File]]:
    """The same film with each asset under its file's sha256, and these files.

    Names are paths, counted from `folder`. Raises MediaError.
    """
    files = {name: known(folder / name) for name in assets(timeline)}
    names = {name: file.sha256 for name, file in files.items()}
    return with_assets(timeline, names), {file.sha256: file for file in files.values()}


@dataclass
class Opened:
    """An asset (timeline.material.Asset) while it is open."""

    file: File
    engine: Engine
    film: Film | None  # None: an image
    recipe: Recipe | None  # where Yozora made it
    latents: Latents | None
    notes: tuple[str, ...] = ()
    still: Picture = field(default_factory=lambda: np.zeros((1, 1, 3), np.uint8))

    @property
    def name(self) -> str:
        return self.file.name

    @property
    def width(self) -> int:
        return self.film.width if self.film else self.still.shape[1]

    @property
    def height(self) -> int:
        return self.film.height if self.film else self.still.shape[0]

    @property
    def fps(self) -> Fraction:
        return self.film.fps if self.film else STILL_FPS

    @property
    def count(self) -> int:
        return self.film.count if self.film else 1

    @property
    def ticks(self) -> int:
        """How long it lasts."""
        return round(self.count * TICKS_PER_S / self.fps)

    @property
    def latents_FCHW(self) -> NDArray[np.float32] | None:
        return self.latents.latents_FCHW if self.latents else None

    @property
    def beside(self) -> Beside | None:
        if self.latents is None or self.latents.beside_F2 is None:
            return None
        return Beside.told(
            self.latents.latents_FCHW,
            self.latents.beside_F2,
            self.latents.beyond_GCHW,
            self.latents.beyond_G2,
        )

    @property
    def lead(self) -> Fraction:
        return self.latents.lead if self.latents else Fraction(0)

    @property
    def copied_F(self) -> NDArray[np.bool_] | None:
        return self.latents.copied_F if self.latents else None

    def frame(self, index: int) -> Picture:
        """A frame as it was before it was coded, where its latents give just that."""
        index = min(max(index, 0), self.count - 1)
        if self._plain:
            made = min(index + int(self.lead), len(self._decoded) - 1)
            copied_F = self.copied_F
            if copied_F is None or not copied_F[made // self.engine.grid.frames_per_latent]:
                picture: Picture = self._decoded[made]
                return picture
        return self.film.frame(index) if self.film else self.still

    @property
    def _plain(self) -> bool:
        """Whether nothing came after decoding: no other size and no other rate."""
        if self.latents is None or self.lead.denominator != 1:
            return False
        rows, cols = self.latents.latents_FCHW.shape[2:]
        grid = self.engine.grid
        made = cols * grid.cell_px, rows * grid.cell_px, Fraction(grid.fps)
        return made == (self.width, self.height, self.fps)

    @cached_property
    def _decoded(self) -> NDArray[np.uint8]:
        assert self.latents is not None
        return self.engine.decode(self.latents.latents_FCHW, beside=self.beside)

    def caption(self, start: int, stop: int) -> str:
        """What Yozora was told for most of a stretch of it; "" of a film that it did not make."""
        if self.recipe is None:
            return ""
        at, shares = 0, dict[str, int]()
        for span in as_told(self.recipe).spans:
            share = min(stop, at + span.ticks) - max(start, at)
            shares[span.caption] = shares.get(span.caption, 0) + max(share, 0)
            at += span.ticks
        return max(shares, key=shares.__getitem__)


@contextmanager
def opened(files: Mapping[str, File], engine: Engine) -> Iterator[dict[str, Opened]]:
    """Every file, by its sha256, until the end of the block. Raises MediaError."""
    with ExitStack() as stack:
        found = {}
        for sha256, file in files.items():
            one = open_asset(file, engine)
            if one.film is not None:
                stack.enter_context(one.film)
            found[sha256] = one
        yield found


def open_asset(file: File, engine: Engine) -> Opened:
    """One file; who opens it closes its film. Raises MediaError."""
    if file.is_image:
        still, is_cut = read_opaque(file.path)
        told = (f"{file.name} is transparent in part: black is shown there",) if is_cut else ()
        return Opened(file, engine, None, None, None, told, still)
    film = Film(file.path)
    notes = []
    if not film.steady:
        notes.append(
            f"{file.name} has no steady frame rate: it is shown at {float(film.fps):.3f} frames a "
            "second, each picture when it is due"
        )
    if film.sound:
        notes.append(f"{file.name} has sound, which is left out")
    recipe = recipe_of(file)
    latents, note = latents_of(file, recipe, engine)
    if note:
        notes.append(note)
    return Opened(file, engine, film, recipe, latents, tuple(notes))


def recipe_of(file: File) -> Recipe | None:
    """What Yozora wrote into a film; None where there is nothing, or nothing that can be read."""
    try:
        return recipes.from_json(video.read_metadata(file.path)[video.RECIPE_KEY])
    except (KeyError, ValueError, OverflowError, RecursionError):
        return None


def latents_of(file: File, recipe: Recipe | None, engine: Engine) -> tuple[Latents | None, str]:
    """(the latents that lie beside a film, where they are this film's and this engine's; why its
    pictures are encoded instead)."""
    if recipe is None:
        return None, f"{file.name} was not made by Yozora: its pictures are encoded"
    path = latents_path(file.path)
    if not path.exists():
        return None, f"there are no latents beside {file.name}: its pictures are encoded"
    try:
        latents = load_latents(path)
    except MediaError as error:
        return None, f"{error}; the pictures of {file.name} are encoded"
    header = latents.header
    ours = header.get("engine") == engine.name and (
        header.get("latents_id", "") == engine.latents_id
        or header.get("weights_sha256", "") == engine.weights_sha256
    )
    if not ours:
        return None, (
            f"the latents beside {file.name} are of other weights: its pictures are encoded"
        )
    if header.get("packets_sha256", recipe.packets_sha256) != recipe.packets_sha256:
        return None, f"the latents beside {file.name} are another film's: its pictures are encoded"
    return latents, ""


def material_of(
    found: Mapping[str, Opened], engine: Engine, references: Mapping[str, Floats]
) -> Material:
    """What a timeline names, and how this engine reads pictures."""

    def find(latents_FCHW: Floats, words: str) -> Floats:
        return named(engine, latents_FCHW, words)

    return Material(found, engine.encode, find, references)


def named(engine: Engine, latents_FCHW: Floats, words: str) -> Floats:
    """Where what words name is, as `Engine.find` tells it; any subject, where there are none."""
    from yozora.prompts.older import in_words_of
    from yozora.prompts.recaption import recaption

    if not words:
        return engine.find(latents_FCHW, "")
    told = in_words_of(recaption(words, 0, enhance=False), engine.words)
    return engine.find(latents_FCHW, told.caption)


def moment(one: Opened, grid: Grid, at_s: float) -> Frames:
    """The pictures of one latent frame, from a moment of a film on, on the grid's size."""
    width, height = grid.nearest_size(one.width, one.height)
    at = [Fraction(at_s) + Fraction(n, grid.fps) for n in range(grid.frames_per_latent)]
    return fit(np.stack([one.frame(int(when * one.fps)) for when in at]), width, height)


def drawn_on(found: Mapping[str, Opened]) -> tuple[Drawn, ...]:
    """The files for a recipe: without their places."""
    return tuple(
        Drawn(one.name, sha256, one.latents.sha256 if one.latents else "")
        for sha256, one in found.items()
    )


def needed(recipe: Recipe, folder: Path, given: Sequence[Path]) -> dict[str, File]:
    """The files of a film that is made again: those given, and those that lie beside it.

    Raises TimelineError for one that is missing or another file now.
    """
    here = [known(path) for path in given]
    for one in recipe.assets:
        beside = folder / one.name
        if beside.is_file() and all(one.sha256 != file.sha256 for file in here):
            here.append(known(beside))
    by_content = {file.sha256: file for file in here}
    for one in recipe.assets:
        if one.sha256 not in by_content:
            raise TimelineError(
                "assets",
                f"the film was made from {one.name!r}, which is not here, or is another file now",
                "give that very file with --asset",
            )
    return {one.sha256: by_content[one.sha256] for one in recipe.assets}
