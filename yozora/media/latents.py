"""Latents beside their video, so that every later tool starts from what the sampler made."""

# F latent frames, C channels, H rows of cells, W columns of cells

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from yozora.media.errors import MediaError


def latents_path(video: Path | str) -> Path:
    """`name.mp4` -> `name.latents.safetensors`."""
    return Path(video).with_suffix(".latents.safetensors")


def to_file(latents_FCHW: NDArray[np.floating], header: Mapping[str, str]) -> bytes:
    """Normalised latents as float16 with the grid, engine and weights in the header.

    The sampler already rounded to float16, so nothing is lost.
    """
    tensor = np.ascontiguousarray(latents_FCHW.astype(np.float16))
    return save({"latents_FCHW": tensor}, metadata=dict(header))


def load_latents(path: Path | str) -> tuple[NDArray[np.float32], dict[str, str]]:
    """(latents (F, C, H, W) float32, header). Raises MediaError when missing or damaged."""
    try:
        with safe_open(str(path), framework="numpy") as file:
            tensor = file.get_tensor("latents_FCHW")
            return tensor.astype(np.float32), dict(file.metadata() or {})
    except FileNotFoundError as error:
        raise MediaError(f"there is no file {path}: check the name") from error
    except (OSError, SafetensorError) as error:
        raise MediaError(f"{path} holds no latents: render the video again") from error
