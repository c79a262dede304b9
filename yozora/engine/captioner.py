"""What pictures show, told by the flow itself: the words under which it errs least.

A flow that reads words is a classifier without training (diffusion classifier, arXiv 2303.16203):
noise is added to what is there, and the velocity that the network gives under a caption is compared
with the true one. Captions differ in one attribute at a time; all are asked with the same noise, so
that only the words differ. Most values are out after a few draws of noise; the best go on.
"""

# F latent frames, C channels, O outline values, H, W cells, U captions, D draws

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from yozora.engine.canvas import Floats
from yozora.engine.outliner import outlined
from yozora.engine.protocol import Cancelled
from yozora.model.blocks import TextContext
from yozora.model.grid import FINE
from yozora.model.transformer import Transformer, Window
from yozora.prompts.vocabulary import Vocabulary
from yozora.world.captions import COLOURLESS, caption_said
from yozora.world.parsing import Said, SaidSubject, tokens
from yozora.world.phrases import KINDS
from yozora.world.scene import COLOURS, PLACES, SHELTERED, STYLES, TIMELESS, TIMES, WEATHERS

BATCH = 8  # captions in one call
FINALISTS = 6  # values that go on after the first draws
THERE, MUCH = 0.5, 0.02  # share of a cell from which a subject is in it; of cells, that it is there
LEAST = 4  # cells along a side of the part of the picture where a subject is looked at


@dataclass(frozen=True, slots=True)
class Question:
    """One attribute: its values, and the levels of noise at which all, and the best, are asked."""

    values: tuple[str, ...]
    levels: tuple[float, ...]
    more: tuple[float, ...] = ()
    near: bool = False  # asked of the part of the picture where subjects are


# Levels: by ranks of the true value on 14 clips of training's kind
QUESTIONS = {
    "place": Question(tuple(PLACES), (0.65, 0.92), (0.8, 0.92)),
    "style": Question(tuple(STYLES), (0.45, 0.65, 0.92), (0.55, 0.65, 0.8)),
    "time": Question(tuple(TIMES), (0.65, 0.92, 0.8)),
    "weather": Question(tuple(WEATHERS), (0.45, 0.65, 0.8)),
    "kind": Question(tuple(KINDS), (0.65, 0.8, 0.9), (0.7, 0.8, 0.9), near=True),
    "colour": Question(tuple(COLOURS), (0.45, 0.65, 0.8), near=True),
}


@dataclass(frozen=True, slots=True)
class Captioner:
    """A transformer and its words, asked what it sees."""

    network: Transformer
    vocabulary: Vocabulary

    def read(self, latents_FCHW: Floats, cancelled: Callable[[], bool] = lambda: False) -> str:
        """A caption of clean latents: who, in which colour, where, when, in what weather and style.

        Draws of noise take the frames in turn, each looked at alone: more frames cost no more.
        Raises `Cancelled`.
        """
        given_FOHW = self._given(latents_FCHW)
        there_FHW = (given_FOHW[:, : FINE**2].mean(1) + 1.0) / 2.0
        scene = _Scene(latents_FCHW, given_FOHW, there_FHW)
        what = Said()
        for column, question in QUESTIONS.items():
            if _hidden(column, what, there_FHW):
                continue
            values = [v for v in question.values if self._knows(_with(what, column, v))]
            if values:
                best = self._best(scene, what, column, values, question, cancelled)
                what = _with(what, column, best)
        return caption_said(what)

    def _knows(self, what: Said) -> bool:
        known = set(self.vocabulary.words)
        return all(word in known for word in tokens(caption_said(what)))

    def _best(
        self,
        scene: _Scene,
        what: Said,
        column: str,
        values: list[str],
        question: Question,
        cancelled: Callable[[], bool],
    ) -> str:
        total_U = np.zeros(len(values))
        left = np.arange(len(values))
        draws = list(enumerate((*question.levels, *question.more)))
        for turn in (draws[: len(question.levels)], draws[len(question.levels) :]):
            captions = [caption_said(_with(what, column, values[i])) for i in left]
            for number, level in turn:
                total_U[left] += self._errors(
                    scene, captions, level, number, question.near, cancelled
                )
            left = left[np.argsort(total_U[left], kind="stable")][:FINALISTS]
        return values[int(left[np.argmin(total_U[left])])]

    @torch.inference_mode()
    def _errors(
        self,
        scene: _Scene,
        captions: Sequence[str],
        level: float,
        number: int,
        near: bool,
        cancelled: Callable[[], bool],
    ) -> NDArray[np.float64]:
        """Mean squared error of the velocity under each caption (U,), over the level's own size."""
        network = self.network
        frame = number % len(scene.latents_FCHW)
        clean = scene.latents_FCHW[frame]
        c, h, w = clean.shape
        rows, cols, weight_HW = scene.part(frame, near, network.grid.token_rows,
                                           network.grid.token_cols)  # fmt: skip
        dice = np.random.Generator(np.random.Philox(key=number))
        noise = dice.standard_normal(clean.shape, dtype=np.float32)
        noised = (1.0 - level) * clean + level * noise
        seen = np.concatenate([noised, scene.given_FOHW[frame]])[:, rows, cols]
        device = network.patch_in.weight.device
        x = torch.from_numpy(np.ascontiguousarray(seen)).to(device)[None, None]
        wanted = torch.from_numpy(np.ascontiguousarray((noise - clean)[:, rows, cols])).to(device)
        weight = torch.from_numpy(weight_HW).to(device)
        at = (rows.start, cols.start, h, w)
        window = Window(*(torch.tensor([float(value)], device=device) for value in at))
        ids = self.vocabulary.encode_all(list(captions), network.size.text_words)
        text = network.encode_text(torch.tensor(ids, device=device))
        found = []
        for begin in range(0, len(captions), BATCH):
            if cancelled():
                raise Cancelled
            some = slice(begin, begin + BATCH)
            part = TextContext(text.words_ULD[some], text.pooled_UD[some], text.bias[some])
            many = len(part.pooled_UD)
            levels = torch.full((many, 1), level, device=device)
            one = torch.ones(many, device=device)
            index = torch.arange(many, device=device)[:, None]
            v = network(x.expand(many, *x.shape[1:]), levels, levels, one, part, index,
                        torch.zeros(1, device=device), window=window)  # fmt: skip
            error = (v[:, 0, :c].float() - wanted).square().mean(1)
            found.append((error * weight).sum((1, 2)).double().cpu().numpy())
        return np.concatenate(found)

    def _given(self, latents_FCHW: Floats) -> Floats:
        """Outlines (F, O, H, W) as the network tells them where no words do."""
        f, c, h, w = latents_FCHW.shape
        values = np.zeros((f, self.network.state - c, h, w), np.float32)
        if values.shape[1]:
            with torch.inference_mode():
                shares = outlined(self.network, self.vocabulary, latents_FCHW, [""] * f)
            signed = torch.from_numpy(2.0 * shares - 1.0)[:, None]
            values[:, : FINE**2] = torch.nn.functional.pixel_unshuffle(signed, FINE).numpy()
        return values


@dataclass(frozen=True, slots=True)
class _Scene:
    """Pictures, and where in them subjects are."""

    latents_FCHW: Floats
    given_FOHW: Floats
    there_FHW: Floats  # share of each cell

    def part(self, frame: int, near: bool, tall: int, wide: int) -> tuple[slice, slice, Floats]:
        """Rows and columns that are looked at, and the weight of each of their cells."""
        share = self.there_FHW[frame]
        h, w = share.shape
        if not near or float((share > THERE).mean()) < MUCH:
            return slice(0, h), slice(0, w), np.full((h, w), 1.0 / (h * w), np.float32)
        rows = _around(np.flatnonzero(share.max(1) > THERE), h, tall)
        cols = _around(np.flatnonzero(share.max(0) > THERE), w, wide)
        weight = share[rows, cols]
        return rows, cols, (weight / weight.sum()).astype(np.float32)


def _around(found: NDArray[np.int64], size: int, step: int) -> slice:
    """The cells from the first to the last and one more on each side, in whole tokens."""
    first, last = max(int(found[0]) - 1, 0), min(int(found[-1]) + 2, size)
    missing = max(min(LEAST, size) - (last - first), 0)
    first = max(min(first - missing // 2, size - (last - first) - missing), 0)
    last = min(max(last, first + min(LEAST, size)), size)
    return slice(first // step * step, -(-last // step) * step)


def _hidden(column: str, what: Said, there_FHW: Floats) -> bool:
    """Whether the picture cannot show it."""
    if column == "weather":
        return what.place in SHELTERED
    if column == "time":
        return what.place in TIMELESS
    if column == "colour":
        return not what.subjects or what.style in COLOURLESS
    return column == "kind" and float((there_FHW > THERE).mean()) < MUCH


def _with(what: Said, column: str, value: str) -> Said:
    if column == "kind":
        return replace(what, subjects=(SaidSubject(kind=value, count=1),))
    if column == "colour":
        return replace(what, subjects=(replace(what.subjects[0], colour=value),))
    clause = {column: value}
    return replace(what, **clause)  # type: ignore[arg-type]
