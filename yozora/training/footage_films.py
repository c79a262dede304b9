"""The videos of a training recipe, uncut: files and members of archives, their captions and what
refuses that they are trained on (`yozora.trust.refusals`)."""

from __future__ import annotations

import glob
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from yozora.training.errors import TrainingError
from yozora.training.recipe import Recipe
from yozora.trust.refusals import (
    SIDECARS,
    TDM_FILE,
    Refusal,
    refusal_beside,
    refusal_inside,
    refusal_of,
    reserved_above,
    tdmrep_reserves,
)

VIDEOS = (".mp4", ".webm", ".mov", ".mkv", ".m4v")


@dataclass(frozen=True, slots=True)
class Film:
    """One video of the data, not opened yet."""

    name: str  # for sentences: its path, or archive:member
    path: Path  # of the file, or of the archive
    offset: int = 0  # in the archive
    size: int = 0  # bytes
    beside: tuple[tuple[str, int, int], ...] = ()  # in the archive: (suffix, offset, bytes)
    reserved: bool = False  # by a tdmrep.json inside of the archive


def films_of(recipe: Recipe) -> list[Film]:
    """Every video that the recipe's data names, by name. Raises `TrainingError` for none."""
    data = recipe.data
    if not data.path:
        raise TrainingError(
            f'data.source is "{data.source}" but data.path is empty: name the videos there.'
        )
    if data.source == "folder":
        top = Path(data.path)
        if not os.path.isdir(top):  # nor what no file system takes for a name
            raise TrainingError(f"{top} is no folder: name one that holds videos in data.path.")
        paths = sorted(p for p in top.rglob("*") if p.suffix.lower() in VIDEOS and p.is_file())
        films = [Film(str(p.relative_to(top)), p, size=p.stat().st_size) for p in paths]
    else:  # "webdataset": recipes with any other source are refused when they are read
        archives = [Path(p) for p in sorted(glob.glob(data.path, recursive=True))]
        films = [film for path in archives for film in members(path)]
    if not films:
        raise TrainingError(
            f"No videos at {data.path}: it should hold {', '.join(VIDEOS)} files"
            + (" in .tar archives." if data.source == "webdataset" else ".")
        )
    return films


def members(archive: Path) -> list[Film]:
    """The videos of one WebDataset shard with what lies beside them under the same name.

    Raises `TrainingError` for a file that is no archive.
    """
    try:
        with tarfile.open(archive, "r:") as tar:
            infos = [info for info in tar if info.isfile()]
            rules = b""
            for info in infos:
                if Path(info.name).name == TDM_FILE and (file := tar.extractfile(info)):
                    rules = file.read()
    except (tarfile.TarError, OSError, EOFError) as fault:
        raise TrainingError(
            f"{archive} is no readable .tar archive ({fault}): mend it, or move it away. "
            "Compressed archives should be unpacked once."
        ) from None
    by_key: dict[str, list[tarfile.TarInfo]] = {}
    for info in infos:
        folder, _, base = info.name.rpartition("/")
        by_key.setdefault(f"{folder}/{base.partition('.')[0]}", []).append(info)
    films = []
    for parts in by_key.values():
        beside = tuple(
            (suffix, info.offset_data, info.size)
            for info in parts
            if (suffix := Path(info.name).suffix.lower()) in (*SIDECARS, ".txt")
        )
        for info in parts:
            if Path(info.name).suffix.lower() in VIDEOS:
                reserved = bool(rules) and tdmrep_reserves(rules, "/" + info.name.lstrip("./"))
                name = f"{archive.name}:{info.name}"
                films.append(Film(name, archive, info.offset_data, info.size, beside, reserved))
    return films


@contextmanager
def opened(film: Film) -> Iterator[BinaryIO]:
    """The video's bytes as a file."""
    with film.path.open("rb") as file:
        if not film.offset:
            yield file
            return
        yield Part(file, film.offset, film.size)  # type: ignore[misc]


class Part:
    """A stretch of a file as a file: a member of an archive."""

    def __init__(self, file: BinaryIO, offset: int, size: int) -> None:
        self.file, self.offset, self.size, self.at = file, offset, size, 0

    def read(self, count: int = -1) -> bytes:
        rest = max(self.size - self.at, 0)
        self.file.seek(self.offset + self.at)
        data = self.file.read(rest if count < 0 else min(count, rest))
        self.at += len(data)
        return data

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self.at, os.SEEK_END: self.size}[whence]
        self.at = max(base + offset, 0)
        return self.at

    def tell(self) -> int:
        return self.at

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True


def beside(film: Film) -> dict[str, bytes]:
    """What lies beside a film of an archive, by suffix."""
    found = {}
    with film.path.open("rb") as file:
        for suffix, offset, size in film.beside:
            file.seek(offset)
            found[suffix] = file.read(size)
    return found


def refusal(film: Film, top: Path) -> Refusal | None:
    """What refuses that this film is trained on; None where nothing does."""
    try:
        if not film.offset:
            return refusal_of(film.path, top)
        if film.reserved or reserved_above(film.path, film.path.parent):
            return Refusal.TDMREP
        if (found := refusal_beside(beside(film))) is not None:
            return found
        with opened(film) as file:
            return refusal_inside(file)
    except OSError:  # it cannot be opened: decoding it will say so
        return None


def captions_of(film: Film) -> tuple[str, ...]:
    """Captions, the first one first; none for a film without."""
    if film.offset:
        texts = beside(film)
    else:
        paths = [(s, film.path.with_suffix(s)) for s in (".txt", ".json")]
        texts = {s: p.read_bytes() for s, p in paths if p.is_file()}
    if ".txt" in texts:
        lines = texts[".txt"].decode("utf-8", "replace").splitlines()
        return tuple(line.strip() for line in lines if line.strip())
    try:
        row = json.loads(texts.get(".json", b"{}"))
    except ValueError:
        return ()
    for key in ("caption", "captions", "text", "prompt", "description"):
        told = row.get(key) if isinstance(row, dict) else None
        if isinstance(told, str) and told.strip():
            return (told.strip(),)
        if isinstance(told, list):
            return tuple(text for text in told if isinstance(text, str) and text.strip())
    return ()
