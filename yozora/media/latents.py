"""Latents beside their video, so that every later tool starts from what the sampler made."""

# F latent frames, C channels, H rows of cells, W columns of cells

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from yozora.media.errors import MediaError


@dataclass(frozen=True, slots=True)
class Latents:
    """A film's normalised latents, and how they become its frames."""

    latents_FCHW: NDArray[np.float32]
    header: Mapping[str, str]  # engine, latents_id, weights_sha256, grid, packets_sha256
    lead: Fraction = Fraction(0)  # pixel frames at the grid's rate before the film begins
    # what each sees before and after it when it is decoded, as `engine.canvas.Beside` has it; None:
    # as they lie
    beside_F2: NDArray[np.int64] | None = field(default=None, compare=False)
    beyond_GCHW: NDArray[np.float32] | None = field(default=None, compare=False)
    beyond_G2: NDArray[np.int64] | None = field(default=None, compare=False)
    copied_F: NDArray[np.bool_] | None = field(default=None, compare=False)  # whose pictures are
    # copies, of which the latents only tell; None: of none
    sha256: str = ""  # of the file that they were read from


def latents_path(video: Path | str) -> Path:
    """`name.mp4` -> `name.latents.safetensors`."""
    return Path(video).with_suffix(".latents.safetensors")


def to_file(latents: Latents) -> bytes:
    """Normalised latents as float16, with all else in the header.

    The sampler already rounded to float16, so nothing is lost.
    """
    tensors = {"latents_FCHW": np.ascontiguousarray(latents.latents_FCHW.astype(np.float16))}
    if latents.beside_F2 is not None:
        tensors["beside_F2"] = np.ascontiguousarray(latents.beside_F2.astype(np.int32))
    if latents.beyond_GCHW is not None and len(latents.beyond_GCHW):
        tensors["beyond_GCHW"] = np.ascontiguousarray(latents.beyond_GCHW.astype(np.float16))
        if latents.beyond_G2 is not None:
            tensors["beyond_G2"] = np.ascontiguousarray(latents.beyond_G2.astype(np.int32))
    if latents.copied_F is not None:
        tensors["copied_F"] = np.ascontiguousarray(latents.copied_F.astype(np.uint8))
    return save(tensors, metadata={**latents.header, "lead": str(latents.lead)})


def load_latents(path: Path | str) -> Latents:
    """What `to_file` wrote. Raises MediaError when it is missing or damaged."""
    try:
        with safe_open(str(path), framework="numpy") as file:
            header = dict(file.metadata() or {})
            values = file.get_tensor("latents_FCHW").astype(np.float32)
            names = {"beside_F2", "beyond_GCHW", "beyond_G2", "copied_F"} & set(file.keys())
            more = {name: file.get_tensor(name) for name in names}
        lead = Fraction(header.pop("lead", "0"))
        beyond = more.get("beyond_GCHW", values[:0]).astype(np.float32)
        beside, copied = more.get("beside_F2"), more.get("copied_F")
        seen = more.get("beyond_G2")
        _check(values, beyond, beside, seen, copied)
    except FileNotFoundError as error:
        raise MediaError(f"there is no file {path}: check the name") from error
    except (OSError, SafetensorError, ValueError, ZeroDivisionError) as error:
        raise MediaError(f"{path} holds no latents: render the video again") from error
    sha256 = hashlib.sha256(Path(path).read_bytes()).hexdigest()
    return Latents(
        values,
        header,
        lead,
        None if beside is None else beside.astype(np.int64),
        beyond,
        None if seen is None else seen.astype(np.int64),
        None if copied is None else copied.astype(bool),
        sha256,
    )


def _check(
    values: NDArray[np.float32],
    beyond: NDArray[np.float32],
    beside: NDArray[np.int32] | None,
    seen: NDArray[np.int32] | None,
    copied: NDArray[np.uint8] | None,
) -> None:
    """Raises ValueError for tensors that do not go together."""
    count = len(values)
    if values.ndim != 4 or beyond.shape[1:] != values.shape[1:]:
        raise ValueError("no latents")
    if not (np.isfinite(values).all() and np.isfinite(beyond).all()):
        raise ValueError("no numbers")
    for index, rows in ((beside, count), (seen, len(beyond))):
        if index is None:
            continue
        there = (index >= 0) & (index < count + len(beyond))
        if index.shape != (rows, 2) or not there.all():
            raise ValueError("frames that are not there")
    if copied is not None and copied.shape != (count,):
        raise ValueError("copies of other frames")
