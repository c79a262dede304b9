"""Shapes before pictures: a small network makes a clip's outlines, which are then held while the
transformer fills them in (ADR 21)."""

# F latent frames, O outline values a cell, C channels, H, W cells

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from yozora.engine.canvas import Canvas, Floats
from yozora.engine.guidance import Guidance, GuidedFlow
from yozora.engine.planner import Planner
from yozora.engine.sample import fill
from yozora.engine.schedules import windowed
from yozora.model.grid import FINE
from yozora.model.outlines import coarse, grown, shares_of
from yozora.model.transformer import Transformer
from yozora.prompts.shapes import Parts, apart, of_one_shape
from yozora.prompts.vocabulary import Vocabulary

SEED = 1 << 64  # added to a film's: beyond every seed, so that its noise is no picture's
SHIFT = 6.0  # of the steps towards high noise: below level 0.5 a shape is settled
GUIDANCE = Guidance(weight=3.0, between=(0.3, 0.99))
HELD = 0.6  # noise on shapes that the words keep: the edge of each is drawn anew, and it stays
HINDERED = 0.5  # of the pull on cells that subjects cover, where the words speak of all around them
FREED = 0.98  # level of a rework above which they are more and more free of it


@dataclass(frozen=True, slots=True)
class Outliner:
    """A network of `model.outlines.outline_grid` with the words that it reads."""

    network: Transformer
    vocabulary: Vocabulary
    planner: Planner | None = None  # where subjects are, told beforehand

    def draw(
        self,
        canvas: Canvas,
        known_FOHW: Floats,
        *,
        steps: int,
        negative: str = "",
        remembers: bool = False,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Floats:
        """Outlines (F, O, H, W) of a canvas of pictures, in [-1, 1].

        `known_FOHW`: those of its content, 0 where nobody knows; what is kept of the picture is
        kept of them. `remembers`: see `Guidance`. Raises `Cancelled` within a step.
        """
        grid = self.network.grid
        columns = known_FOHW.shape[3]
        odd = -columns % grid.token_cols  # a token more than the picture has, cut off again
        wider = [(0, 0)] * 3 + [(0, odd)]
        canvas = held(canvas)
        level = canvas.level
        if self.planner is not None:
            known_FOHW, level = self.planner.sketched(
                canvas, known_FOHW, negative=negative, cancelled=cancelled
            )
        if level.ndim == 3:
            level = np.pad(level, wider[1:], "edge")
        content = np.pad(known_FOHW, wider, "edge")
        shapes = replace(
            canvas, content_FCHW=content, level=level, seed=canvas.seed + SEED, references=()
        )
        window = grid.latent_frames(grid.window_s)
        guidance = replace(GUIDANCE, remembers=remembers)
        flow = GuidedFlow(self.network, self.vocabulary, guidance, negative)
        levels = windowed(level, steps, window, SHIFT)
        shared = self.network.size.shared_noise
        made = fill(shapes, levels, flow, window=window, shared_noise=shared, cancelled=cancelled)
        return np.clip(made[..., :columns], -1.0, 1.0)


def held(canvas: Canvas) -> Canvas:
    """The canvas for its shapes: a rework by words that ask for the same ones keeps them, however
    much of the picture it makes anew."""
    old_F = canvas.turns_F or canvas.shows_F
    pairs = zip(old_F, canvas.caption_F, strict=False)
    kept_F = np.array([bool(old) and of_one_shape(old, new) for old, new in pairs])
    if not kept_F.any():
        return canvas
    low = np.interp(canvas.level, (HELD, FREED, 1.0), (HELD, HELD, 1.0)).astype(np.float32)
    kept = kept_F.reshape(-1, *(1,) * (canvas.level.ndim - 1))
    return replace(canvas, level=np.where(kept, np.minimum(canvas.level, low), canvas.level))


def freed(canvas: Canvas, before_FOHW: Floats, after_FOHW: Floats) -> Floats:
    """How far each cell (F, H, W) of a rework follows its new words, 0..1.

    Words for subjects alone are for the cells that these cover, in the outlines before or after,
    and the ones beside them; words for all around them are for the others.
    """
    cover = np.maximum(*(coarse(shares_of(one)) for one in (before_FOHW, after_FOHW)))
    wide, free = grown(cover), np.ones_like(cover)
    for f, (old, new) in enumerate(zip(canvas.shows_F, canvas.caption_F, strict=True)):
        parts = apart(old, new) if old else Parts.ALL
        if parts is Parts.SUBJECTS:
            free[f] = np.minimum(2.0 * wide[f], 1.0)
        elif parts is Parts.AROUND:
            free[f] = 1.0 - HINDERED * cover[f]
    return free


def told_of(transformer: Transformer, vocabulary: Vocabulary, canvas: Canvas) -> Floats:
    """Outlines (F, O, H, W) that the transformer tells of a canvas's content (ADR 12), whose second
    plane is 0: whose shape it is, a picture does not tell. 0 in frames without content, and in
    those that no window shows with what is made."""
    content = canvas.content_FCHW
    f, c, h, w = content.shape
    values = transformer.state - c
    out = np.zeros((f, values, h, w), np.float32)
    level_FN = canvas.level.reshape(f, -1)
    made = np.flatnonzero(level_FN.max(1) > 0.0)
    window = transformer.grid.latent_frames(transformer.grid.window_s)
    apart_F = np.abs(np.arange(f)[:, None] - made).min(1, initial=f)
    if canvas.closed:
        apart_F[:] = 0
    told = np.flatnonzero((level_FN.min(1) < 1.0) & (apart_F < window))
    if not len(told):
        return out
    shares = outlined(transformer, vocabulary, content[told], [canvas.caption_F[i] for i in told])
    signed = torch.from_numpy(2.0 * shares - 1.0)
    out[told, : FINE**2] = torch.nn.functional.pixel_unshuffle(signed[:, None], FINE).numpy()
    return out


@torch.inference_mode()
def outlined(
    transformer: Transformer,
    vocabulary: Vocabulary,
    latents_FCHW: Floats,
    captions: Sequence[str],
) -> Floats:
    """Where the transformer sees the subjects of captions in clean latents, a frame at a time:
    shares (F, FINE * H, FINE * W)."""
    f, c, h, w = latents_FCHW.shape
    device = transformer.patch_in.weight.device
    nothing = np.zeros((f, transformer.state - c, h, w), np.float32)
    x = torch.from_numpy(np.concatenate([latents_FCHW, nothing], 1)).to(device)[:, None]
    zero, one = torch.zeros(f, 1, device=device), torch.ones(f, device=device)
    words = vocabulary.encode_all(list(captions), transformer.size.text_words)
    text = transformer.encode_text(torch.tensor(words, device=device))
    caption = torch.arange(f, device=device)[:, None]
    second = torch.zeros(1, device=device)
    logits = transformer.outlined(x, zero, zero, one, text, caption, second)[1]
    return logits[:, 0].sigmoid().float().cpu().numpy()
