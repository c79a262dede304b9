"""Real videos as training clips: a folder of films, or WebDataset shards, to shards of our own.

`[data] source = "folder"`, `path` a folder with films at any depth and captions beside them
(NAME.txt, or NAME.json with "caption"); `source = "webdataset"`, `path` a glob of .tar files whose
members share names (a.mp4, a.txt, a.json). Refusals (`yozora.trust.refusals`) are read before a
film is opened; what is refused, broken or too short is counted and said. Films are taken in
groups, a shard for each, kept until the group, the recipe's grid or the tokenizer changes.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from yozora.training import footage_clips
from yozora.training.errors import TrainingError
from yozora.training.footage_films import Film, films_of, refusal
from yozora.training.footage_tally import SETTLED, Tally, settled, told
from yozora.training.recipe import Recipe
from yozora.training.render_world import Encode
from yozora.training.renderers import data_folder, last_words, start_workers
from yozora.training.shards import Shard, ShardWriter, shard_paths
from yozora.trust.refusals import Refusal

GROUPS_A_WORKER = 8  # so that the first shards come soon


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
