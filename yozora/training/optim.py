"""Muon for hidden matrices, AdamW for the rest, float32 masters for bf16 weights, and EMA.

Muon: momentum orthogonalised by a Newton-Schulz iteration (K. Jordan, 2024; arXiv 2502.16982 for
the scale). Measured here (docs/log.md): at equal time +2 dB over AdamW for the tokenizer, two
thirds of its loss for the transformer.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from yozora.model.layers import compute_dtype
from yozora.training.errors import TrainingError

EMA_EVERY = 4  # steps between updates of the average: it costs a pass over all weights
NS = (3.4445, -4.7750, 2.0315)  # quintic whose repeated application sends singular values to ~1


@dataclass(frozen=True, slots=True)
class OptimiserSettings:
    muon_lr: float = 0.02  # hidden matrices move by a semi-orthogonal matrix times this
    adam_lr: float = 1e-3  # for embeddings, biases, tables, first and last layers
    momentum: float = 0.95
    betas: tuple[float, float] = (0.9, 0.98)
    eps: float = 1e-12
    weight_decay: float = 0.0
    warmup: int = 100  # steps over which both rates rise from 0
    clip: float = 1.0  # largest global gradient norm for the AdamW part
    ns_steps: int = 4


def orthogonalise(g: Tensor, steps: int) -> Tensor:
    """Nearest semi-orthogonal matrices, roughly: (n, rows, cols) -> same shape.

    Started from bfloat16's digits everywhere, computed in what the machine has units for.
    """
    x = g.bfloat16().to(compute_dtype(g.device))
    tall = x.shape[-2] > x.shape[-1]
    if tall:
        x = x.mT.contiguous()
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    a, b, c = NS
    for _ in range(steps):
        s = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(s, s, s, beta=b, alpha=c), x, beta=a)
    return x.mT if tall else x


class Spread:
    """How the network's values lie over processes. Here: whole, in the only one.

    `distributed.Sharded` is the other answer; what is computed is the same.
    """

    def mine(self, p: Tensor) -> Tensor:
        """This process's rows of a parameter, or of its gradient."""
        return p

    def whole(self, name: str, mine: Tensor) -> Tensor:
        """The inverse of `part`: every process calls it, every process gets all rows."""
        return mine

    def part(self, name: str, whole: Tensor) -> Tensor:
        """This process's rows of a whole value of parameter `name`."""
        return whole

    def norm(self, norm: Tensor) -> Tensor:
        """Norm over all processes from this one's."""
        return norm

    def orthogonalise(self, ahead: list[Tensor], rows: int, cols: int, steps: int) -> Tensor:
        """(n, this process's rows, cols) of the orthogonalised n matrices of one shape."""
        return orthogonalise(torch.stack([a.view(rows, cols) for a in ahead]), steps)


@dataclass
class Optimiser:
    """Owns float32 masters; the network holds what `step` writes back, in its own dtype."""

    network: nn.Module
    settings: OptimiserSettings
    ema_decay: float = 0.999
    spread: Spread = field(default_factory=Spread)
    steps_done: int = 0
    masters: dict[str, Tensor] = field(default_factory=dict)
    ema: dict[str, Tensor] = field(default_factory=dict)
    first: dict[str, Tensor] = field(default_factory=dict)
    second: dict[str, Tensor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        params = {n: p for n, p in self.network.named_parameters() if p.requires_grad}
        self.shape_of = {n: tuple(p.shape) for n, p in params.items()}
        for name, p in params.items():
            self.masters[name] = self.spread.mine(p).detach().float().clone()
            self.ema[name] = self.masters[name].clone()
        self.muon_names = [n for n, p in params.items() if is_hidden_matrix(n, p)]
        hidden = set(self.muon_names)
        self.adam_names = [n for n in self.masters if n not in hidden]
        for name in self.muon_names:  # bf16 is what the iteration sees of the momentum anyway
            self.first[name] = torch.zeros_like(self.masters[name], dtype=torch.bfloat16)
        for name in self.adam_names:
            self.first[name] = torch.zeros_like(self.masters[name])
            self.second[name] = torch.zeros_like(self.masters[name])
        self.shapes: dict[tuple[int, int], list[str]] = {}
        for name in self.muon_names:
            matrix = params[name]
            self.shapes.setdefault((matrix.shape[0], matrix[0].numel()), []).append(name)

    def step(self, scale: float = 1.0) -> float:
        """One update from the gradients in the network; returns the AdamW part's global norm.

        `scale` multiplies both learning rates (the schedule). A step whose gradients are not
        finite is dropped; every layer has a part among AdamW's, so that part tells.
        """
        s = self.settings
        params = dict(self.network.named_parameters())
        grads = {
            n: self.spread.mine(
                g if (g := params[n].grad) is not None else torch.zeros_like(params[n])
            )
            for n in self.masters
        }
        adam = {n: grads[n].float() for n in self.adam_names}
        norm = torch.stack(torch._foreach_norm(list(adam.values()))).norm()
        total = self.spread.norm(norm).item()
        if not math.isfinite(total):
            self.network.zero_grad(set_to_none=True)
            return total
        self.steps_done += 1
        scale = scale * min(1.0, self.steps_done / max(s.warmup, 1))
        self.step_muon(grads, s.muon_lr * scale)
        self.step_adam(adam, s.adam_lr * scale, min(1.0, s.clip / (total + 1e-6)))
        if self.steps_done % EMA_EVERY == 0:
            decay = min(self.ema_decay, self.steps_done / (self.steps_done + 10.0)) ** EMA_EVERY
            torch._foreach_lerp_(list(self.ema.values()), list(self.masters.values()), 1 - decay)
        with torch.no_grad():
            for name, master in self.masters.items():
                self.spread.mine(params[name]).copy_(master)
        self.network.zero_grad(set_to_none=True)
        return total

    def step_muon(self, grads: dict[str, Tensor], lr: float) -> None:
        s = self.settings
        for (rows, cols), names in self.shapes.items():
            ahead = []
            for name in names:
                moment, grad = self.first[name], grads[name].to(torch.bfloat16)
                moment.lerp_(grad, 1.0 - s.momentum)
                ahead.append(grad.lerp(moment, s.momentum))
            update = self.spread.orthogonalise(ahead, rows, cols, s.ns_steps)
            size = lr * math.sqrt(max(1.0, rows / cols))
            for name, u in zip(names, update, strict=True):
                master = self.masters[name]
                if s.weight_decay:
                    master.mul_(1.0 - lr * s.weight_decay)
                master.sub_(u.reshape(master.shape), alpha=size)

    def step_adam(self, grads: dict[str, Tensor], lr: float, clip: float) -> None:
        s = self.settings
        names = self.adam_names
        these = [grads[n] * clip for n in names]
        first, second = [self.first[n] for n in names], [self.second[n] for n in names]
        torch._foreach_lerp_(first, these, 1.0 - s.betas[0])
        torch._foreach_mul_(second, s.betas[1])
        torch._foreach_addcmul_(second, these, these, 1.0 - s.betas[1])
        bias = math.sqrt(1.0 - s.betas[1] ** self.steps_done) / (
            1.0 - s.betas[0] ** self.steps_done
        )
        root = torch._foreach_sqrt(second)
        torch._foreach_add_(root, s.eps)
        masters = [self.masters[n] for n in names]
        torch._foreach_addcdiv_(masters, first, root, -lr * bias)

    def ema_state(self) -> dict[str, Tensor]:
        """Averaged weights with the network's buffers: what is evaluated and shipped."""
        buffers = {n: v for n, v in self.network.state_dict().items() if n not in self.ema}
        state = {n: v.detach().clone() for n, v in buffers.items()}
        state.update({n: self.spread.whole(n, v).clone() for n, v in self.ema.items()})
        return state

    def state_dict(self) -> dict[str, Any]:
        """All that resuming needs, whole: any number of processes can go on from it."""
        held = {
            "masters": self.masters,
            "ema": self.ema,
            "first": self.first,
            "second": self.second,
        }
        whole = {k: {n: self.spread.whole(n, v) for n, v in d.items()} for k, d in held.items()}
        return {"steps_done": self.steps_done, **whole}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Raises `TrainingError` for the state of a network of another size."""
        other = []
        for key in ("masters", "ema", "first", "second"):
            held: Mapping[str, Tensor] = state[key]
            shapes = {n: self.shape_of[n] for n in getattr(self, key)}
            found = {n: tuple(v.shape) for n, v in held.items()}
            other += [n for n in {**found, **shapes} if found.get(n) != shapes.get(n)]
        if other:
            raise TrainingError(
                f"The checkpoint is of a network of another size ({other[0]}): give the recipe "
                "another name, or delete the folder of that run."
            )
        self.steps_done = state["steps_done"]
        for key in ("masters", "ema", "first", "second"):
            mine: dict[str, Tensor] = getattr(self, key)
            for name, value in state[key].items():
                mine[name].copy_(self.spread.part(name, value))
        with torch.no_grad():
            for name, p in self.network.named_parameters():
                if name in self.masters:
                    self.spread.mine(p).copy_(self.masters[name])


# First and last layers, tables, and what sees a constant until it is distilled: its gradients have
# rank 1, which Muon would blow up to full rank at every step.
EDGES = (
    *("embed", "patch_in", "patch_out", "place", "clock", "bag", "table", "smooth", "role"),
    *("latent", "head", "skip", "ask", "gap", "guide"),
)


def is_hidden_matrix(name: str, p: Tensor) -> bool:
    """Whether Muon moves this parameter: a matrix inside, neither first nor last nor a table."""
    edge = any(part in name for part in EDGES)
    return p.ndim >= 2 and min(p.shape[0], p[0].numel()) >= 32 and not edge


def parameters_m(parameters: Iterable[Tensor]) -> float:
    """Millions of values."""
    return sum(p.numel() for p in parameters) / 1e6
