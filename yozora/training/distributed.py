"""Several processes, one run: `torchrun --nproc-per-node N -m yozora train ...` with FSDP2.

Every process draws the same batch from the same dice and keeps its own rows, so the number of
processes changes nothing but the rounding, and a run may go on with another number. Parameters
are float32 shards, gathered in the compute type a block at a time (arXiv 2304.11277, as
`fully_shard`); Muon's matrices are gathered, shared out, and orthogonalised by one process each.
Process 0 owns the clock, the list of clips, the log and the files. Without torchrun: `ALONE`.
"""

# n matrices of one shape; P processes

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.tensor import DTensor

from yozora.model.layers import compute_dtype
from yozora.training.errors import TrainingError
from yozora.training.optim import Spread, orthogonalise

T = TypeVar("T")
PATIENCE = timedelta(minutes=60)  # others wait while process 0 waits for the first clips


@dataclass(frozen=True, slots=True)
class Team:
    """The processes of a run, as one of them sees it."""

    rank: int = 0
    size: int = 1

    @property
    def first(self) -> bool:
        """Whether this process writes files and speaks."""
        return self.rank == 0

    def slice_of(self, rows: int) -> slice:
        """This process's share of `rows`, which divide evenly."""
        assert rows % self.size == 0, f"{rows} rows over {self.size} processes"
        each = rows // self.size
        return slice(self.rank * each, (self.rank + 1) * each)

    def rows(self, whole: Tensor) -> Tensor:
        """This process's share of the first axis."""
        return whole[self.slice_of(len(whole))]

    def agree(self, value: T) -> T:
        """Process 0's value, on every process."""
        if self.size == 1:
            return value
        box = [value]
        dist.broadcast_object_list(box, src=0, device=torch.device("cpu"))
        return box[0]

    def mean(self, value: float) -> float:
        """The mean of a number over the processes."""
        if self.size == 1:
            return value
        total = torch.tensor(value, dtype=torch.float64)
        dist.all_reduce(total)
        return total.item() / self.size

    def wait(self) -> None:
        """Until every process is here."""
        self.agree(None)


ALONE = Team()


def device_of() -> torch.device:
    """This process's accelerator, or the CPU."""
    if not torch.cuda.is_available():
        return torch.device("cpu")
    return torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))


def join_team() -> Team:
    """The team that torchrun started, or `ALONE`. Raises `TrainingError` when it does not form."""
    size = int(os.environ.get("WORLD_SIZE", "1"))
    if size == 1:
        return ALONE
    if not dist.is_initialized():
        if torch.cuda.is_available():
            torch.cuda.set_device(device_of())
        backend = "cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo"
        try:
            dist.init_process_group(backend, timeout=PATIENCE)
        except (RuntimeError, ValueError) as fault:
            raise TrainingError(
                f"The {size} processes did not find each other ({str(fault)[:80]}): start them "
                "with torchrun, and name the network in GLOO_SOCKET_IFNAME if there are several."
            ) from None
    return Team(dist.get_rank(), size)


def leave_team(failed: bool = False) -> None:
    """End what `join_team` began; who `failed` does not wait for the others."""
    if dist.is_initialized():
        if not failed:  # who leaves while another still sends is aborted now and then
            dist.barrier()
        dist.destroy_process_group()


def shard(whole: nn.Module, groups: Sequence[list[nn.Module]], device: torch.device) -> None:
    """Spread a float32 network over the team, in place.

    Each group (modules that run one after another) is gathered by itself when it runs, and the
    rest of `whole`, whose `forward` is the training step, for the length of that step.
    """
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import MixedPrecisionPolicy, fully_shard

    # neither concerns us: no output is changed in place, and the new name is younger than 2.11
    warnings.filterwarnings("ignore", "FSDP2-wrapped module .* returned a view", UserWarning)
    warnings.filterwarnings("ignore", ".*all_gather_into_tensor. is deprecated", FutureWarning)
    mesh = init_device_mesh(device.type, (dist.get_world_size(),))
    policy = MixedPrecisionPolicy(
        param_dtype=compute_dtype(device),
        reduce_dtype=torch.float32,
        cast_forward_inputs=False,  # times and levels stay float32
    )
    for group in groups:
        fully_shard(group, mesh=mesh, mp_policy=policy)
    fully_shard(whole, mesh=mesh, mp_policy=policy)


def spread_over(
    team: Team,
    whole: nn.Module,
    network: nn.Module,
    groups: Sequence[list[nn.Module]],
    device: torch.device,
) -> Spread:
    """Put `network` on the device in its training type, or its shards where there is a team.

    `whole` holds it and is what the training step calls; see `shard`.
    """
    if team.size == 1:
        network.to(device, compute_dtype(device))
        return Spread()
    network.to(device)
    shard(whole, groups, device)
    return Sharded(network, team)


class Sharded(Spread):
    """Rows of every parameter over the processes, as `fully_shard` cuts them: equal parts, the
    last ones shorter or empty."""

    def __init__(self, network: nn.Module, team: Team) -> None:
        self.team = team
        self.shapes = {n: tuple(p.shape) for n, p in network.named_parameters()}

    def mine(self, p: Tensor) -> Tensor:
        return p.to_local() if isinstance(p, DTensor) else p

    def rows(self, count: int) -> slice:
        each = -(-count // self.team.size)
        return slice(min(self.team.rank * each, count), min((self.team.rank + 1) * each, count))

    def part(self, name: str, whole: Tensor) -> Tensor:
        return whole[self.rows(self.shapes[name][0])]

    def whole(self, name: str, mine: Tensor) -> Tensor:
        return self.joined(mine, self.shapes[name][0])

    def joined(self, mine: Tensor, count: int) -> Tensor:
        """All `count` rows from every process's own."""
        each = -(-count // self.team.size)
        padded = mine.new_zeros(each, *mine.shape[1:])
        padded[: len(mine)] = mine
        out = mine.new_empty(each * self.team.size, *mine.shape[1:])
        # as bytes: gloo knows fewer types than torch
        dist.all_gather_into_tensor(out.view(torch.uint8), padded.view(torch.uint8))
        return out[:count]

    def norm(self, norm: Tensor) -> Tensor:
        total = norm.square()
        dist.all_reduce(total)
        return total.sqrt()

    def orthogonalise(self, ahead: list[Tensor], rows: int, cols: int, steps: int) -> Tensor:
        """Gathered as bf16, which is what the iteration starts from; process i does the i-th share.

        Two gathers of the matrices a step, and 1/P of the work of one process.
        """
        mine_rNC = torch.stack([a.view(-1, cols) for a in ahead], 1).bfloat16()
        whole_nRC = self.joined(mine_rNC.contiguous(), rows).transpose(0, 1)
        share = self.rows(len(ahead))
        own_nRC = orthogonalise(whole_nRC[share], steps)
        return self.joined(own_nRC.contiguous(), len(ahead))[:, self.rows(rows)]
