"""Films without a file: frames that tell their own number, and latents where asked."""

# F latent frames, C channels, H, W cells

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from tests.fakes.engine import FakeEngine
from yozora.engine.canvas import Beside
from yozora.engine.finish import Asked, Finisher, plan
from yozora.timeline.assemble import assembled
from yozora.timeline.compile import compile_timeline
from yozora.timeline.compiled import Compiled
from yozora.timeline.document import Timeline
from yozora.timeline.material import Asset, Material


def painted(index: int, width: int, height: int) -> NDArray[np.uint8]:
    """A frame of one colour that no other of the first 64,000 has."""
    frame = np.empty((height, width, 3), np.uint8)
    frame[:] = index % 40 * 6, index // 40 % 40 * 6, index // 1600 * 6
    return frame


def number(frame: NDArray[np.uint8]) -> int:
    """Which frame of a film was painted so."""
    r, g, b = (round(float(value) / 6) for value in frame.reshape(-1, 3).mean(0))
    return r + 40 * g + 1600 * b


@dataclass(frozen=True)
class FakeFootage:
    """A film of painted frames."""

    fps: Fraction = Fraction(30)
    count: int = 90
    width: int = 320
    height: int = 180
    latents_FCHW: NDArray[np.float32] | None = None
    name: str = "footage"
    lead: Fraction = Fraction(0)
    copied_F: NDArray[np.bool_] | None = None
    beside: Beside | None = None

    def frame(self, index: int) -> NDArray[np.uint8]:
        return painted(min(max(index, 0), self.count - 1), self.width, self.height)


def material(engine: FakeEngine | None = None, **assets: Asset) -> Material:
    """Assets by name, and what an engine does with their pictures."""
    engine = engine or FakeEngine()
    return Material(assets, engine.encode, engine.find, {})


def made_at(film: FakeFootage, engine: FakeEngine) -> FakeFootage:
    """The same film as if the engine had made it: with latents, at its grid."""
    grid = engine.grid
    k = grid.frames_per_latent
    frames = np.stack([painted(i, grid.width, grid.height) for i in range(film.count // k * k)])
    return replace(
        film,
        fps=Fraction(grid.fps),
        count=len(frames),
        width=grid.width,
        height=grid.height,
        latents_FCHW=engine.encode(frames).astype(np.float16).astype(np.float32),
    )


ENGINE = FakeEngine()


def film(
    timeline: Timeline, given_: Material
) -> tuple[Compiled, NDArray[np.float32], NDArray[np.uint8]]:
    """(what was compiled, latents, the film's frames), by an engine that costs nothing."""
    compiled = compile_timeline(timeline, ENGINE.grid, 7, given_)
    made = ENGINE.generate(
        compiled.canvas, steps=2, quality="fast", negative="",
        on_step=lambda done, of, clean: None, cancelled=lambda: False,
    )  # fmt: skip
    frames = ENGINE.decode(made, compiled.canvas.closed, compiled.beside)
    rows, cols = compiled.canvas.content_FCHW.shape[2:]
    cell = ENGINE.grid.cell_px
    asked = Asked(
        compiled.width, compiled.height, compiled.fps, compiled.count, cols * cell, rows * cell,
        Fraction(ENGINE.grid.fps), compiled.canvas.closed, compiled.lead,
    )  # fmt: skip
    finish = plan(asked, Finisher())
    parts = assembled(lambda a, b: finish.frames(frames, a, b), compiled, timeline, given_)
    return compiled, made, np.stack(list(parts))


@dataclass(frozen=True)
class Made(FakeFootage):
    """A film as it is stored: its very pictures, and the latents beside them."""

    frames: NDArray[np.uint8] = field(default_factory=lambda: np.zeros((1, 1, 1, 3), np.uint8))

    def frame(self, index: int) -> NDArray[np.uint8]:
        picture: NDArray[np.uint8] = self.frames[min(max(index, 0), self.count - 1)]
        return picture


def made(timeline: Timeline, given_: Material) -> Made:
    """The film of a timeline, to be edited again."""
    compiled, latents, frames = film(timeline, given_)
    return Made(
        fps=compiled.fps,
        count=len(frames),
        width=compiled.width,
        height=compiled.height,
        latents_FCHW=latents,
        lead=compiled.lead,
        copied_F=compiled.copied_F,
        beside=compiled.beside,
        frames=frames,
    )
