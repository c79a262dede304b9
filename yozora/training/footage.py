"""Real videos as training clips: a folder of films, or WebDataset shards, to shards of our own.

`[data] source = "folder"`, `path` a folder with films at any depth and captions beside them
(NAME.txt, or NAME.json with "caption"); `source = "webdataset"`, `path` a glob of .tar files whose
members share names (a.mp4, a.txt, a.json). Refusals (`yozora.trust.refusals`) are read before a
film is opened; what is refused, broken or too short is counted and said. Films are taken in
groups, a shard for each, kept until the group, the recipe's grid or the tokenizer changes.
"""

from __future__ import annotations

import glob
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tarfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from yozora.training.errors import TrainingError
from yozora.training.footage_tally import SETTLED, Tally, settled, told
from yozora.training.recipe import Recipe
from yozora.training.render_world import Encode
from yozora.training.shards import Shard, ShardWriter, shard_paths
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
GROUPS_A_WORKER = 8  # so that the first shards come soon


@dataclass(frozen=True, slots=True)
class Film:
    """One video of the data, not opened yet."""

    name: str  # for sentences: its path, or archive:member
    path: Path  # of the file, or of the archive
    offset: int = 0  # in the archive
    size: int = 0  # bytes
    beside: tuple[tuple[str, int, int], ...] = ()  # in the archive: (suffix, offset, bytes)
    reserved: bool = False  # by a tdmrep.json inside of the archive


@dataclass(frozen=True, slots=True)
class Group:
    """Films that become one shard."""

    index: int
    films: tuple[Film, ...]
    refusals: tuple[Refusal | None, ...]
    identity: str  # changes with the films, what they refuse, the grid or the tokenizer

    @property
    def name(self) -> str:
        return f"shard-{self.index:05d}-{self.identity[:8]}"


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


def groups_of(recipe: Recipe, tokenizer: Path | None, number: int = 0, of: int = 1) -> list[Group]:
    """All films in groups, or every `of`-th of them. Same data, recipe, tokenizer: same groups."""
    films, data = films_of(recipe), recipe.data
    each = -(-len(films) // (GROUPS_A_WORKER * max(data.workers, 1)))
    each = max(1, min(each, data.scenes_a_shard))
    made_with = f"{recipe.grid} {data.sizes} {data.lengths} {data.seed}"
    if tokenizer is not None:
        made_with += hashlib.sha256(tokenizer.read_bytes()).hexdigest()
    groups = []
    for index, first in list(enumerate(range(0, len(films), each)))[number::of]:
        part = tuple(films[first : first + each])
        refusals = tuple(refusal(film, Path(data.path)) for film in part)
        told = [(f.name, f.size, str(r)) for f, r in zip(part, refusals, strict=True)]
        identity = hashlib.sha256(json.dumps([made_with, told]).encode()).hexdigest()
        groups.append(Group(index, part, refusals, identity))
    return groups


def start(
    recipe_path: Path, recipe: Recipe, run_folder: Path, kind: str, tokenizer: Path | None
) -> list[subprocess.Popen[bytes]]:
    """Say what is there and what refuses, forget shards of other films, and start the workers.

    Raises `TrainingError` where nothing can be taken, before any work.
    """
    from yozora.training.worker import data_folder, start_workers

    for module, package in (("av", "av"), ("scenedetect", "scenedetect-headless")):
        if importlib.util.find_spec(module) is None:
            raise TrainingError(
                f"Training on videos needs the package {package}: run pip install '.[train]' where "
                "the repository is."
            )
    groups = groups_of(recipe, tokenizer)
    films = sum(len(group.films) for group in groups)
    refused = Counter(r.value for group in groups for r in group.refusals if r is not None)
    parts = [f"{films} videos at {recipe.data.path}"]
    parts += [f"{count} refused {where}" for where, count in sorted(refused.items())]
    print("; ".join(parts), flush=True)
    if films == refused.total():
        raise TrainingError(
            f"All {films} videos at {recipe.data.path} refuse training "
            f"({', '.join(sorted(refused))}): name others, or ask who made them."
        )
    folder = data_folder(run_folder, kind)
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {group.name for group in groups}
    if any(folder.glob("shard-?????")):
        raise TrainingError(f"{folder} holds renders: give this recipe another name.")
    for path in folder.glob("shard-*"):
        if path.name not in wanted:
            shutil.rmtree(path)
    for path, tally in settled(folder):
        if path.stem not in wanted or (tally.clips and not (folder / path.stem).is_dir()):
            path.unlink()
    return start_workers(recipe_path, recipe, run_folder, kind, tokenizer)


def wait(
    recipe: Recipe,
    folder: Path,
    first: int,
    processes: list[subprocess.Popen[bytes]],
    poll_s: float = 0.3,
) -> None:
    """Until `first` shards are whole or all that can be is. Raises `TrainingError` for nothing."""
    from yozora.training.worker import last_words

    while len(shard_paths(folder)) < first:
        if all(p.poll() is not None for p in processes):
            if any(p.returncode for p in processes):
                raise TrainingError(
                    f"The processes that read the videos ended early{last_words(folder)}."
                )
            if not shard_paths(folder):
                raise TrainingError(
                    f"None of the videos at {recipe.data.path} can be used ({told(folder)}): "
                    "name others in data.path, or shorter clips in data.lengths."
                )
            return
        time.sleep(poll_s)


def work(
    recipe: Recipe,
    folder: Path,
    pixels: Path | None,
    number: int,
    of: int,
    encode: Encode | None,
    tokenizer: Path | None,
) -> int:
    """Make this worker's shards, pixels or (with `encode`) latents; returns how many it made.

    Latents come from the shards in `pixels` where the same films were cut before.
    """
    from yozora.training import footage_clips

    decoded = {g.index: g for g in groups_of(recipe, None, number, of)} if pixels else {}
    made, parent = 0, os.getppid()
    for group in groups_of(recipe, tokenizer, number, of):
        done = folder / SETTLED / f"{group.name}.json"
        if done.exists():
            continue
        if os.getppid() != parent:  # the training process was killed
            break
        began = time.monotonic()
        writer = ShardWriter(folder, group.name)
        before = None
        if pixels is not None and encode is not None:
            cut = decoded[group.index].name
            told_of = pixels / SETTLED / f"{cut}.json"
            if told_of.exists() and (pixels / cut / "clips.jsonl").exists():
                before = told_of.read_text()
                footage_clips.encode_again(writer, Shard(pixels / cut), encode)
        tally = Tally() if before is None else None
        if tally is not None:
            for film, refused in zip(group.films, group.refusals, strict=True):
                tally.films += 1
                if refused is not None:
                    tally.add(Tally(refused={refused.value: 1}))
                else:
                    footage_clips.take(writer, recipe, film, encode, tally)
        if writer.lines:
            writer.close()
        else:
            shutil.rmtree(writer.partial)
        done.parent.mkdir(exist_ok=True)
        partial = done.with_name(f".{done.name}.{os.getpid()}")
        partial.write_text(before or json.dumps(asdict(tally)))  # type: ignore[arg-type]
        os.replace(partial, done)
        made += 1
        print(f"{group.name}: {time.monotonic() - began:.1f} s", file=sys.stdout, flush=True)
    return made
