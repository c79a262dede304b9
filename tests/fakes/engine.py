"""An engine without a network: it paints each caption in a colour of its own, at once.

It keeps the engine's laws: deterministic under the seed, the number of steps asked is the number
taken, cancel stops within a step, kept latents come out bit-identical.
"""

# F latent frames, C channels, H, W cells

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from yozora.engine.canvas import Beside, Canvas, Floats
from yozora.engine.easing import Frame, eased
from yozora.engine.protocol import Cancelled, Frames, OnStep
from yozora.engine.steering import Steered, unsteered
from yozora.model.grid import FINE, Grid
from yozora.prompts import vocabulary


@dataclass
class FakeEngine:
    """`calls` counts steps, so a test can see what was asked of it."""

    grid: Grid = field(default_factory=lambda: Grid(channels=3))
    weights_sha256: str = "0" * 64
    latents_id: str = "fake latents"
    name: str = "fake"
    calls: int = 0
    reference_px: int = 96
    words: frozenset[str] = frozenset(vocabulary.words())

    def generate(
        self,
        canvas: Canvas,
        *,
        steps: int | None,
        quality: str,
        negative: str,
        on_step: OnStep,
        cancelled: Callable[[], bool],
        steered: Steered = unsteered,
    ) -> Floats:
        total = steps or {"fast": 4, "best": 8, "live": 2}[quality]
        numbers = range(canvas.begin, canvas.begin + len(canvas.caption_F))
        dice = [np.random.default_rng((canvas.seed, number)) for number in numbers]
        noise = np.stack([d.standard_normal(canvas.content_FCHW.shape[1:]) for d in dice])
        painted = np.stack([_colour(caption) for caption in canvas.caption_F])
        target = painted[:, :, None, None] + 0.1 * noise
        for reference in canvas.references:  # tints the whole film
            target = target + 0.3 * reference.content_CHW.mean((1, 2))[None, :, None, None]
        level = (
            canvas.level[:, None] if canvas.level.ndim == 3 else canvas.level[:, None, None, None]
        )
        x = np.where(level > 0, target, canvas.content_FCHW).astype(np.float16).astype(np.float32)
        for step in range(total):
            if cancelled():
                raise Cancelled
            if (steer := steered()) is not None:
                told = [
                    steer.change(caption) if f >= steer.first else caption
                    for f, caption in enumerate(canvas.caption_F)
                ]
                painted = np.stack([_colour(caption) for caption in told])
                x = np.where(level > 0, painted[:, :, None, None] + 0.1 * noise, x)
                x = x.astype(np.float16).astype(np.float32)
            self.calls += 1
            on_step(step + 1, total, x)
        return x

    def encode(self, frames: Frames) -> Floats:
        k, cell = self.grid.frames_per_latent, self.grid.cell_px
        t, h, w, _ = frames.shape
        blocks = frames.reshape(t // k, k, h // cell, cell, w // cell, cell, 3)
        mean = blocks.mean(axis=(1, 3, 5), dtype=np.float32) / 127.5 - 1.0
        return mean.transpose(0, 3, 1, 2)

    def find(self, latents_FCHW: Floats, words: str) -> Floats:
        """What is redder than green is "the red part"; nothing else is known."""
        red = latents_FCHW[:, 0] > latents_FCHW[:, 1] if "red" in words else latents_FCHW[:, 0] > 9
        return red.astype(np.float32).repeat(FINE, 1).repeat(FINE, 2)

    def tell(self, latents_FCHW: Floats, cancelled: Callable[[], bool] = lambda: False) -> str:
        """What is redder than green is a red car."""
        red = bool((latents_FCHW[:, 0] > latents_FCHW[:, 1]).any())
        return "a red car on a beach by day" if red else "in a forest at night"

    def decode(
        self, latents_FCHW: Floats, closed: bool = False, beside: Beside | None = None
    ) -> Frames:
        """Each latent frame in one colour, a little mixed with those that it sees beside it, and
        eased into the next."""
        beside = beside or Beside.plain(len(latents_FCHW), latents_FCHW, closed)
        seen = np.concatenate([latents_FCHW, beside.beyond_GCHW])
        around = seen[np.concatenate([beside.index_F2, beside.index_G2])].mean(1)
        mixed = np.where(seen == around, seen, 0.9 * seen + 0.1 * around)
        k, cell = self.grid.frames_per_latent, self.grid.cell_px
        rgb = self.preview(mixed).repeat(cell, 1).repeat(cell, 2).repeat(k, 0)
        own = rgb[: len(latents_FCHW) * k]
        return eased(own, k, beside, lambda n: rgb[n * k : (n + 1) * k], faded)

    def preview(self, latents_FCHW: Floats) -> Frames:
        rgb = (latents_FCHW.transpose(0, 2, 3, 1) + 1.0) * 127.5
        return np.clip(rgb, 0, 255).astype(np.uint8)


def faded(before: Frame, after: Frame, times: list[float]) -> list[Frame]:
    """Pictures between two, without a network."""
    mixed = [(1.0 - time) * before + time * after for time in times]
    return [one.round().astype(np.uint8) for one in mixed]


def _colour(caption: str) -> Floats:
    digest = hashlib.sha256(caption.encode()).digest()[:3]
    return np.array([byte / 127.5 - 1.0 for byte in digest], np.float32)
