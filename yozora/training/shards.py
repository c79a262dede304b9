"""Clips on disk for training: raw arrays and one JSON line a clip, read by memory map.

A shard is a folder: `clips.jsonl` says, for each clip, where its values start, their shape and
what they show; `frames.u8` holds pixels (T, H, W, 3), `latents.f16` normalised latents
(F, C, H, W), `subject.f16` how much of each cell subjects cover (F, H, W), `references.u8` pictures
of the subject apart (Y, X, 3), `looks.f16` their latents, `boxes.f16` where subjects are in the
judge's clips (M, 3, 4). `small.u8`, `large.u8` and `soft.u8` are one moment in two sizes, and
its small pictures as a tokenizer gives them back.
A shard appears under its name only when it is whole, so that a reader never meets half of one.
"""

from __future__ import annotations

import json
import math
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yozora.training.errors import TrainingError

DTYPES = {
    "frames": np.uint8, "references": np.uint8,
    "small": np.uint8, "soft": np.uint8, "large": np.uint8,
    "latents": np.float16, "looks": np.float16, "subject": np.float16,
    "outline": np.float16, "boxes": np.float16,
}  # fmt: skip
SUFFIX = {kind: "u8" if dtype is np.uint8 else "f16" for kind, dtype in DTYPES.items()}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an array lies in its file."""

    start: int  # values before it
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip of a shard."""

    fps: float
    captions: tuple[str, ...]  # one a latent frame
    short: tuple[str, ...] = ()  # paraphrases of it, whole-clip
    scene: str | None = None  # canonical JSON of the scene it was rendered from
    start_s: float = 0.0  # where in the scene the clip begins
    places: dict[str, Place] = field(default_factory=dict)  # by kind of array


class ShardWriter:
    """Collects clips, then puts the whole shard in place with one rename."""

    def __init__(self, folder: Path, name: str) -> None:
        self.final = folder / name
        self.partial = folder / f".{name}.{os.getpid()}.partial"
        self.partial.mkdir(parents=True, exist_ok=True)
        self.counts = dict.fromkeys(DTYPES, 0)
        self.files: dict[str, Any] = {}
        self.lines: list[str] = []

    def add(self, clip: Clip, arrays: dict[str, NDArray[Any]]) -> None:
        places = {}
        for kind, array in arrays.items():
            if kind not in self.files:
                self.files[kind] = (self.partial / f"{kind}.{SUFFIX[kind]}").open("wb")
            data = np.ascontiguousarray(array, dtype=DTYPES[kind])
            self.files[kind].write(data.tobytes())
            places[kind] = Place(self.counts[kind], tuple(data.shape))
            self.counts[kind] += data.size
        row = asdict(clip) | {"places": {k: asdict(p) for k, p in places.items()}}
        self.lines.append(json.dumps(row))

    def close(self) -> Path:
        for file in self.files.values():
            file.close()
        (self.partial / "clips.jsonl").write_text("\n".join(self.lines) + "\n")
        if self.final.exists():
            shutil.rmtree(self.final)
        os.replace(self.partial, self.final)
        return self.final


class Shard:
    """A whole shard, mapped into memory."""

    def __init__(self, path: Path) -> None:
        """Raises `TrainingError` for one that is damaged, FileNotFoundError where there is none."""
        self.path = path
        try:
            self.clips = [_clip(line) for line in (path / "clips.jsonl").read_text().splitlines()]
            self.arrays = {
                kind: np.memmap(path / f"{kind}.{SUFFIX[kind]}", dtype=DTYPES[kind], mode="r")
                for kind in DTYPES
                if (path / f"{kind}.{SUFFIX[kind]}").exists()
            }
            wrong = self._wrong()
        except FileNotFoundError:
            raise
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
            wrong = f"{type(fault).__name__} {str(fault)[:80]}"
        if wrong and not (path / "clips.jsonl").exists():  # removed just now
            raise FileNotFoundError(path)
        if wrong:
            raise TrainingError(
                f"The shard {path} is damaged ({wrong}): delete that folder, and give the same "
                "command again to have it made anew."
            )

    def _wrong(self) -> str:
        """What is not as it was written, if anything."""
        for clip in self.clips:
            for kind, place in clip.places.items():
                values = self.arrays[kind].size if kind in self.arrays else 0
                if not 0 <= place.start <= place.start + math.prod(place.shape) <= values:
                    return f"{kind} ends early"
        return "" if self.clips else "it holds no clips"

    def read(self, clip: Clip, kind: str) -> NDArray[Any]:
        place = clip.places[kind]
        count = int(np.prod(place.shape))
        return self.arrays[kind][place.start : place.start + count].reshape(place.shape)


def _clip(line: str) -> Clip:
    row = json.loads(line)
    row["captions"], row["short"] = tuple(row["captions"]), tuple(row["short"])
    row["places"] = {k: Place(p["start"], tuple(p["shape"])) for k, p in row["places"].items()}
    return Clip(**row)


def shard_paths(folder: Path) -> list[Path]:
    """Whole shards, by name."""
    return sorted(p for p in folder.glob("shard-*") if (p / "clips.jsonl").exists())


def read_shards(folder: Path) -> Iterator[Shard]:
    """Raises `TrainingError` when there is none."""
    paths = shard_paths(folder)
    if not paths:
        raise TrainingError(
            f"No training shards in {folder}: yozora train tokenizer and then transformer make "
            "them, with this recipe."
        )
    for path in paths:
        yield Shard(path)
