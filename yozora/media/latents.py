"""Latents beside their video, so that every later tool starts from what the sampler made."""

# F latent frames, C channels, H rows of cells, W columns of cells

from __future__ import annotations

import hashlib
import json
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
    # which latent frame stands before and after each when it is decoded; None: as they lie
    beside_F2: NDArray[np.int64] | None = field(default=None, compare=False)
    sha256: str = ""  # of the file that they were read from
    copied: bool = False  # some of the film's pictures are copies: its latents tell about them only


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
    told = {"lead": str(latents.lead), "copied": json.dumps(latents.copied)}
    return save(tensors, metadata={**latents.header, **told})


def load_latents(path: Path | str) -> Latents:
    """What `to_file` wrote. Raises MediaError when it is missing or damaged."""
    try:
        with safe_open(str(path), framework="numpy") as file:
            header = dict(file.metadata() or {})
            values = file.get_tensor("latents_FCHW").astype(np.float32)
            beside = file.get_tensor("beside_F2") if "beside_F2" in file.keys() else None  # noqa: SIM118
        lead, copied = Fraction(header.pop("lead", "0")), header.pop("copied", "false") == "true"
        if values.ndim != 4 or not np.isfinite(values).all():
            raise ValueError("no latents")
        if beside is not None:
            beside = beside.astype(np.int64)
            if (
                beside.shape != (len(values), 2)
                or not ((beside >= 0) & (beside < len(values))).all()
            ):
                raise ValueError("frames that are not there")
    except FileNotFoundError as error:
        raise MediaError(f"there is no file {path}: check the name") from error
    except (OSError, SafetensorError, ValueError, ZeroDivisionError) as error:
        raise MediaError(f"{path} holds no latents: render the video again") from error
    sha256 = hashlib.sha256(Path(path).read_bytes()).hexdigest()
    return Latents(values, header, lead, beside, sha256, copied)
