"""Guidance: from network calls to the velocity that the sampling loop follows."""

# F latent frames, C channels, H, W cells, U captions

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from yozora.engine.canvas import Floats, Reference
from yozora.model.blocks import Memory, TextContext
from yozora.model.transformer import ROLES, References, Transformer
from yozora.prompts.contrast import sides
from yozora.prompts.vocabulary import Vocabulary

Told = tuple[str, ...]  # captions of which the mean is told; nearly always one


@dataclass(frozen=True, slots=True)
class Guidance:
    """How strongly the words pull, and by what means."""

    weight: float = 3.5  # 1 is the bare model; above 6 colours burn
    built_in: bool = False  # the network takes the weight as an input: one call a step
    jumps: bool = False  # the network was taught average velocities: r is where the step ends
    between: tuple[float, float] = (0.0, 2.0)  # levels of the frames that it pulls
    away: float = 3.0  # how strongly a negative prompt pushes, beside the weight
    contrast: float = 5.0  # the weight where it leads from one caption to another
    remembers: bool = False  # frames that stand are seen once a clip: not again at each step


class GuidedFlow:
    """The transformer as a `Velocity`; captions are encoded once and kept.

    Explicit guidance is v_0 + w (v_c - v_0), with v_0 the velocity without words (classifier-free
    guidance, arXiv 2207.12598) or, where a frame is led away from another caption, under that one,
    so that only what the two differ by is pulled at. Two branches in one batch, twice the cost.
    A negative prompt adds
    a (v_p - v_n), with v_n under the same caption with what is to be avoided in it, and v_p with
    other things in its place, or as it is (`prompts.contrast`, ADR 22): one or two branches more.
    Frames outside the interval follow v_c alone (arXiv 2404.07724):
    at the top guidance burns colours, at the bottom it only costs. v_0 draws on no references, so
    that they pull as the words do: in training most batches have none. It is a call of its own
    then.
    """

    def __init__(
        self,
        network: Transformer,
        vocabulary: Vocabulary,
        guidance: Guidance,
        negative: str = "",
        references: Sequence[Reference] = (),
    ) -> None:
        self.network, self.vocabulary, self.guidance = network, vocabulary, guidance
        self.negative = negative
        apart = bool(negative) or bool(references)  # what no weight that is built in was taught
        self.explicit = guidance.weight != 1.0 and (apart or not guidance.built_in)
        self.texts: dict[tuple[Told, ...], TextContext] = {}
        self.device = network.patch_in.weight.device
        self.references = self._references(references)
        self.memory: tuple[bytes, list[Memory]] = b"", []

    def _references(self, references: Sequence[Reference]) -> References | None:
        if not references:
            return None
        latents = torch.from_numpy(np.stack([r.content_CHW for r in references])[None])
        roles = tuple(ROLES.index(r.role) for r in references)
        return References(latents.to(self.device), roles)

    def _text(self, told: tuple[Told, ...]) -> TextContext:
        """One row a telling: the mean of its captions' words."""
        if told not in self.texts:
            captions = [caption for one in told for caption in one]
            ids = self.vocabulary.encode_all(captions, self.network.size.text_words)
            text = self.network.encode_text(torch.tensor(ids, device=self.device))
            if len(captions) > len(told):
                many = [len(one) for one in told]
                parts = (text.words_ULD, text.pooled_UD, text.bias)
                means = [torch.stack([p.mean(0) for p in part.split(many)]) for part in parts]
                text = TextContext(*means)
            self.texts[told] = text
        return self.texts[told]

    @torch.inference_mode()
    def __call__(
        self,
        x: Floats,
        now: Floats,
        then: Floats,
        caption: tuple[str, ...],
        against: tuple[str, ...] = (),
    ) -> Floats:
        guidance = self.guidance
        low, high = guidance.between
        pulled_F = (now > low) & (now < high)
        against = against or ("",) * len(caption)
        explicit = (self.explicit or any(against)) and bool(pulled_F.any())
        branches: list[list[Told]] = [[(one,) for one in caption]]  # what each tells each frame
        if explicit:
            branches.append([(one,) for one in against])
        if explicit and self.negative:
            pair = {one: sides(one, self.negative) for one in dict.fromkeys(caption)}
            branches += [[pair[one][side] for one in caption] for side in (0, 1)]
            if branches[2] == branches[3]:  # all that is to be avoided was asked for
                branches = branches[:2]
            elif branches[2] == branches[0]:
                del branches[2]
        told = tuple(dict.fromkeys(one for branch in branches for one in branch))
        rows = [[told.index(one) for one in branch] for branch in branches]
        text = self._text(told)
        t, r = now, then if guidance.jumps else now
        built_in = guidance.built_in and not explicit and bool(pulled_F.any())
        weight = guidance.weight if built_in else 1.0
        calls = [(rows, self.references)]
        if explicit and self.references is not None:
            calls = [(rows[:1], self.references), (rows[1:2], None), (rows[2:], self.references)]
        parts = [self._velocity(x, t, r, weight, text, *call) for call in calls if call[0]]
        v, *others = torch.cat(parts)
        towards = others[1] if len(others) == 3 else v
        if explicit:
            led_F = np.array([bool(one) for one in against])
            weight_F = np.where(led_F, guidance.contrast, guidance.weight)
            v = others[0] + self._where(pulled_F, weight_F, 1.0) * (v - others[0])
        if len(others) > 1:
            v = v + self._where(pulled_F, guidance.away, 0.0) * (towards - others[-1])
        return v.cpu().numpy()

    def _where(
        self, chosen_F: NDArray[np.bool_], one: float | NDArray[np.float64], other: float
    ) -> Tensor:
        """(F, 1, 1, 1) float32."""
        value_F = np.where(chosen_F, one, other).astype(np.float32)
        return torch.from_numpy(value_F).to(self.device)[:, None, None, None]

    def _velocity(
        self,
        x: Floats,
        t_F: Floats,
        r_F: Floats,
        weight: float,
        text: TextContext,
        rows: list[list[int]],
        references: References | None,
    ) -> Tensor:
        """One call of the network: a row a branch, (B, F, C, H, W), float32. 0 in frames that stand
        and were seen before."""
        copies, seen, memory = len(rows), *self._seen(x, t_F)
        second_F = torch.from_numpy(seen).to(self.device) / self.network.grid.latent_fps
        made = self.network(
            torch.from_numpy(x[seen]).to(self.device)[None].expand(copies, *x[seen].shape),
            self._levels(t_F[seen], copies),
            self._levels(r_F[seen], copies),
            torch.full((copies,), weight, device=self.device),
            text,
            torch.tensor(rows, device=self.device)[:, seen],
            second_F,
            references,
            memory=memory,
        )
        assert isinstance(made, Tensor)
        out = torch.zeros(copies, len(x), *made.shape[2:], device=self.device)
        out[:, seen] = made.float()
        return out

    def _seen(self, x: Floats, t_F: Floats) -> tuple[NDArray[np.int64], Sequence[Memory]]:
        """The frames that a call works on, and what it remembers of the others."""
        stand_F = t_F <= 0.0
        if not self.guidance.remembers or stand_F.all() or not stand_F.any():
            return np.arange(len(x)), ()
        key = x[stand_F].tobytes() + stand_F.tobytes()
        if self.memory[0] == key:
            return np.flatnonzero(~stand_F), self.memory[1]
        grid = self.network.grid
        count = x.shape[2] * x.shape[3] // (grid.token_rows * grid.token_cols)
        stand_S = torch.from_numpy(np.flatnonzero(np.repeat(stand_F, count))).to(self.device)
        self.memory = key, [Memory(stand_S) for _ in self.network.layers()]
        return np.arange(len(x)), self.memory[1]

    def _levels(self, level_F: Floats, copies: int) -> Tensor:
        return torch.from_numpy(level_F).to(self.device)[None].expand(copies, -1)
