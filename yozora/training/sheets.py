"""What a network makes right now, as a picture: fixed prompts and seeds, during training."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from yozora.engine.canvas import Canvas
from yozora.engine.native import NativeEngine
from yozora.media.images import contact_sheet, save_png
from yozora.model.checkpoint import load_tokenizer, load_transformer
from yozora.model.layers import compute_dtype
from yozora.prompts.vocabulary import Vocabulary

PROMPTS = (
    "a brown dog runs in a park in summer by day , clear weather , natural style , "
    "the camera follows",
    "a woman in a red dress walks on a city street with neon signs at night , rain , "
    "natural style , static camera",
    "a yellow car drives in a desert at sunset , clear weather , cartoon style , "
    "the camera follows",
    "a white boat sails on a beach by day , clear weather , natural style , the camera pans left",
    "a black cat sits in a library by day , natural style , the camera pushes in",
    "a blue robot waves inside a spaceship by day , natural style , static camera",
    "a pink flower blooms in a forest in spring at dawn , clear weather , natural style , "
    "static camera",
    "a green ball bounces in a snow field by day , falling snow , film noir style , static camera",
)


def sample_sheet(
    png: Path, tokenizer: Path, transformer: Path, *, frames: int = 3, steps: int = 12
) -> None:
    """Write a PNG from two weights files: the middle picture of each latent frame, by prompt."""
    coder, _ = load_tokenizer(tokenizer)
    network, header = load_transformer(transformer)
    dtype = compute_dtype()
    words = Vocabulary(header.words)
    engine = NativeEngine(coder.to(dtype), network.to(dtype), words, "", distilled=False)
    grid = engine.grid
    rows, cols = grid.cells(grid.width, grid.height)
    k = grid.frames_per_latent
    pictures = []
    for seed, prompt in enumerate(PROMPTS):
        canvas = Canvas(
            np.zeros((frames, grid.channels, rows, cols), np.float32),
            np.ones(frames, np.float32),
            (prompt,) * frames,
            float(grid.fps),
            seed,
        )
        video = engine.decode(engine.generate(canvas, steps=steps, quality="best"))
        pictures += [video[f * k + k // 2] for f in range(frames)]
    save_png(png, contact_sheet(pictures, columns=2 * frames))
