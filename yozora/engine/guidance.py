"""Guidance: from network calls to the velocity that the sampling loop follows."""

# F latent frames, C channels, H, W cells, U captions

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from yozora.engine.canvas import Floats, Reference
from yozora.model.transformer import ROLES, References, TextContext, Transformer
from yozora.prompts.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Guidance:
    """How strongly the words pull, and by what means."""

    weight: float = 3.5  # 1 is the bare model; above 6 colours burn
    built_in: bool = False  # the network takes the weight as an input: one call a step
    jumps: bool = False  # the network was taught average velocities: r is where the step ends
    between: tuple[float, float] = (0.0, 2.0)  # levels of the frames that it pulls


class GuidedFlow:
    """The transformer as a `Velocity`; captions are encoded once and kept.

    Explicit guidance is v_n + w (v_c - v_n), with v_n the velocity under the negative caption
    (classifier-free guidance, arXiv 2207.12598): two branches in one batch, twice the cost. Frames
    outside the interval follow v_c alone (arXiv 2404.07724): at the top guidance burns colours,
    at the bottom it only costs. v_n draws on no references, so that they pull as the words do:
    in training most batches have none. The two branches are two calls then.
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
        self.texts: dict[tuple[str, ...], TextContext] = {}
        self.device = network.patch_in.weight.device
        self.references = self._references(references)

    def _references(self, references: Sequence[Reference]) -> References | None:
        if not references:
            return None
        latents = torch.from_numpy(np.stack([r.content_CHW for r in references])[None])
        roles = tuple(ROLES.index(r.role) for r in references)
        return References(latents.to(self.device), roles)

    def _text(self, captions: tuple[str, ...]) -> TextContext:
        if captions not in self.texts:
            ids = torch.tensor(
                self.vocabulary.encode_all(captions, self.network.size.text_words),
                device=self.device,
            )
            self.texts[captions] = self.network.encode_text(ids)
        return self.texts[captions]

    @torch.inference_mode()
    def __call__(self, x: Floats, now: Floats, then: Floats, caption: tuple[str, ...]) -> Floats:
        guidance = self.guidance
        frames = len(caption)
        low, high = guidance.between
        pulled_F = (now > low) & (now < high)
        explicit = self.explicit and bool(pulled_F.any())
        captions = tuple(dict.fromkeys(caption))
        caption_F = [captions.index(c) for c in caption]
        rows = [caption_F]
        if explicit:
            captions = (*captions, self.negative)
            rows.append([len(captions) - 1] * frames)
        text = self._text(captions)
        t, r = now, then if guidance.jumps else now
        built_in = guidance.built_in and not explicit and bool(pulled_F.any())
        weight = guidance.weight if built_in else 1.0
        if explicit and self.references is not None:
            branches = [(rows[:1], self.references), (rows[1:], None)]
        else:
            branches = [(rows, self.references)]
        parts = [self._velocity(x, t, r, weight, text, *branch) for branch in branches]
        v = torch.cat(parts)
        if explicit:
            weight_F = np.where(pulled_F, np.float32(guidance.weight), np.float32(1.0))
            v = v[1] + torch.from_numpy(weight_F).to(v)[:, None, None, None] * (v[0] - v[1])
        else:
            v = v[0]
        return v.cpu().numpy()

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
        """One call of the network: a row a branch, (B, F, C, H, W), float32."""
        copies = len(rows)
        second = torch.arange(len(t_F), device=self.device) / self.network.grid.latent_fps
        out = self.network(
            torch.from_numpy(x).to(self.device)[None].expand(copies, *x.shape),
            self._levels(t_F, copies),
            self._levels(r_F, copies),
            torch.full((copies,), weight, device=self.device),
            text,
            torch.tensor(rows, device=self.device),
            second,
            references,
        )
        assert isinstance(out, Tensor)
        return out.float()

    def _levels(self, level_F: Floats, copies: int) -> Tensor:
        return torch.from_numpy(level_F).to(self.device)[None].expand(copies, -1)
