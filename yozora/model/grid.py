"""The grid a set of weights was trained on: data in the weights file, never a constant in code."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

MOST_FPS = 240  # pixel frames a second of any grid
FINE = 4  # parts along each side of a cell in which it is told where subjects are


@dataclass(frozen=True, slots=True)
class Grid:
    """How pixels become cells, latent frames and tokens.

    One latent frame is always the same `frames_per_latent` pixel frames (time-uniform); one cell
    is `cell_px` x `cell_px` pixels of it; one token is `token_rows` x `token_cols` cells.
    """

    fps: int = 12  # pixel frames a second
    frames_per_latent: int = 4  # k: pixel frames in a latent frame
    cell_px: int = 16  # pixels along each side of a cell
    channels: int = 64  # latent values a cell
    token_rows: int = 1  # cells a token, downwards
    token_cols: int = 2  # cells a token, across
    width: int = 256  # pixels, default frame
    height: int = 144  # pixels, default frame
    window_s: float = 4.0  # longest clip the weights saw in one attention window

    @property
    def latent_fps(self) -> float:
        """Latent frames a second."""
        return self.fps / self.frames_per_latent

    @property
    def step_px(self) -> tuple[int, int]:
        """(height, width) pixels of one token: frame sizes are multiples of these."""
        return self.token_rows * self.cell_px, self.token_cols * self.cell_px

    def cells(self, width: int, height: int) -> tuple[int, int]:
        """(rows, columns) of cells in a frame whose size is a multiple of `step_px`."""
        step_h, step_w = self.step_px
        assert width % step_w == 0 and height % step_h == 0, (width, height, self.step_px)
        return height // self.cell_px, width // self.cell_px

    def tokens(self, width: int, height: int) -> int:
        """Tokens a latent frame."""
        rows, cols = self.cells(width, height)
        return (rows // self.token_rows) * (cols // self.token_cols)

    def latent_frames(self, length_s: float) -> int:
        """Latent frames that cover `length_s` seconds: snapped outward, at least one."""
        frames = -(-round(length_s * self.fps * 1000) // 1000)
        return max(1, -(-frames // self.frames_per_latent))

    def nearest_size(self, width: int, height: int) -> tuple[int, int]:
        """The (width, height) on the grid with the asked aspect and the default frame's area."""
        step_h, step_w = self.step_px
        area = self.width * self.height
        aspect = width / height
        best = (self.width, self.height)
        best_cost = float("inf")
        for cols in range(1, 2 * area // (step_w * step_h) + 1):
            for rows in range(1, area * 3 // (2 * cols * step_w * step_h) + 2):
                w, h = cols * step_w, rows * step_h
                if not 0.85 * area <= w * h <= 1.15 * area:  # what training shows, and its cost
                    continue
                off = max(w / h / aspect, aspect / (w / h)) - 1.0
                cost = off + 0.1 * abs(w * h / area - 1.0)
                if cost < best_cost:
                    best, best_cost = (w, h), cost
        return best

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)
