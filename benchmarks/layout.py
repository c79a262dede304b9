"""How much alike the layouts of two films are: by depths that a linear map reads off latents."""

from __future__ import annotations

import random

import numpy as np

from yozora.engine.protocol import Engine
from yozora.world.sample import sample_scene


class Depth:
    """Latents to the logarithm of each cell's depth: ridge regression on the cells around."""

    def __init__(self, weight: np.ndarray) -> None:
        self.weight = weight

    @staticmethod
    def fitted(engine: Engine, scenes: int = 60) -> Depth:
        from yozora.world.renderer import Renderer

        grid = engine.grid
        gram, right = 0.0, 0.0
        with Renderer(grid.width, grid.height, grid.fps) as renderer:
            for index in range(scenes):
                scene = sample_scene(random.Random(f"depth/{index}"))
                labels = renderer.render_labels(scene, 0.0, grid.frames_per_latent * 2)
                depth = np.log(np.clip(labels.depth_THW, 0.1, 200.0))[:: grid.frames_per_latent]
                cell = grid.cell_px
                f, y, x = depth.shape
                wanted = depth.reshape(f, y // cell, cell, x // cell, cell).mean((2, 4)).ravel()
                features = around(engine.encode(labels.frames_THW3))
                gram = gram + features.T @ features
                right = right + features.T @ wanted
        gram = gram + 30.0 * np.eye(len(gram))
        return Depth(np.linalg.solve(gram, right))

    def of(self, latents_FCHW: np.ndarray) -> np.ndarray:
        f, _, h, w = latents_FCHW.shape
        return (around(latents_FCHW) @ self.weight).reshape(f, h * w)

    def agreement(self, one: np.ndarray, other: np.ndarray) -> float:
        """Mean rank correlation of two films' depths, frame by frame."""
        pairs = zip(self.of(one), self.of(other), strict=True)
        return float(np.mean([np.corrcoef(ranks(a), ranks(b))[0, 1] for a, b in pairs]))


def around(latents_FCHW: np.ndarray) -> np.ndarray:
    """Each cell with its eight neighbours, its row and a one: (F * H * W, 9 * C + 2)."""
    f, c, h, w = latents_FCHW.shape
    wide = np.pad(latents_FCHW, ((0, 0), (0, 0), (1, 1), (1, 1)), mode="edge")
    parts = [wide[:, :, i : i + h, j : j + w] for i in range(3) for j in range(3)]
    cells = np.concatenate(parts, 1).transpose(0, 2, 3, 1).reshape(f * h * w, 9 * c)
    row = np.broadcast_to(np.linspace(-1, 1, h)[None, :, None], (f, h, w)).reshape(-1, 1)
    return np.concatenate([cells, row, np.ones_like(row)], 1).astype(np.float64)


def ranks(values: np.ndarray) -> np.ndarray:
    return np.argsort(np.argsort(values)).astype(np.float64)
