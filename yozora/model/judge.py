"""The judge: what a clip shows, told from its frames alone.

It is trained on renders and may never choose, guide or train what it judges. A clip of any size
and any length from one second on is seen at up to `frames` moments, each with the picture and its
change over the next twelfth of a second, so that motion and camera can be told. One learned query
a column looks at all of space and time, twice.
"""

# B clips, M moments, H, W pixels or cells, D channels, K columns, N heads, T pixel frames

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from yozora.model.layers import Mlp, attend, norm
from yozora.model.tokenizer import ConvBlock, fold

Frames = NDArray[np.uint8]

WIDTH, HEIGHT = 256, 144  # pixels that the judge was trained at; others are brought to their area
STEP_PX = 16  # pixels a cell of the coarsest features: sizes are multiples of it
MOMENT_S = 1.0 / 3.0  # between two moments of a clip that is not longer than `frames` of them
CHANGE_S = 1.0 / 12.0  # over which the change at a moment is seen
DOUBT = 0.05  # that is left about two halves showing the same action, or not
FEWEST = 3  # moments of the shortest clip
PATCH_PX = 8  # pixels a side of what the first linear sees
SCALE = 1.0 / 64.0  # of pixel values, so that they are about 1
HEADS = 6
LOOKS = 2  # rounds of attention
HARMONICS = (0.5, 1.0, 2.0, 4.0)  # half waves over the clip's width, height and length


@dataclass(frozen=True, slots=True)
class JudgeSize:
    """What is told, and how wide the network is."""

    columns: tuple[tuple[str, tuple[str, ...]], ...]  # each column and its values
    width: int = 64  # twice as many channels at 8-pixel resolution, three times at 16-pixel
    frames: int = 12  # moments at most

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_dict(raw: Mapping[str, Any]) -> JudgeSize:
        columns = tuple((str(name), tuple(values)) for name, values in raw["columns"])
        return JudgeSize(columns, int(raw["width"]), int(raw["frames"]))


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the judge says of one clip."""

    shares: dict[str, dict[str, float]]  # column -> value -> probability
    feature_D: NDArray[np.float32]  # of the whole clip, for distances between sets of clips
    subject_MD: NDArray[np.float32]  # of what is looked at for the subject, moment by moment
    background_MD: NDArray[np.float32]  # and for the place; no moment knows of the others

    def best(self, column: str) -> str:
        shares = self.shares[column]
        return max(shares, key=shares.__getitem__)


class TimeBlock(nn.Module):
    """x + linear(SiLU(linear(norm(x) of the moment before, this one and the next)))."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.mix = nn.Linear(3 * channels, channels)
        self.out = nn.Linear(channels, channels)
        nn.init.normal_(self.out.weight, std=0.02)
        nn.init.zeros_(self.out.bias)

    def forward(self, x_BMHWD: Tensor) -> Tensor:
        y = norm(x_BMHWD)
        before = torch.cat([y[:, :1], y[:, :-1]], 1)
        after = torch.cat([y[:, 1:], y[:, -1:]], 1)
        return x_BMHWD + self.out(F.silu(self.mix(torch.cat([before, y, after], -1))))


class Judge(nn.Module):
    """`forward` gives logits by column; `look` an opinion of one clip."""

    def __init__(self, size: JudgeSize) -> None:
        super().__init__()
        self.size = size
        fine, d = 2 * size.width, 3 * size.width
        assert d % HEADS == 0, d
        self.patch_in = nn.Linear(6 * PATCH_PX**2, fine)
        self.fine = nn.Sequential(ConvBlock(fine), ConvBlock(fine), ConvBlock(fine))
        self.down = nn.Linear(4 * fine, d)
        self.alone = nn.Sequential(ConvBlock(d))
        self.time = nn.ModuleList([TimeBlock(d) for _ in range(2)])
        self.coarse = nn.ModuleList([ConvBlock(d) for _ in range(2)])
        self.place_in = nn.Linear(3 * 2 * len(HARMONICS), d)
        self.keys, self.values = nn.Linear(d, d), nn.Linear(d, d)
        self.table_query_KD = nn.Parameter(torch.randn(len(size.columns), d))
        self.gather = nn.Linear(d, d)
        self.think = Mlp(d, 2 * d)
        self.head = nn.ModuleList([nn.Linear(d, len(values)) for _, values in size.columns])
        for block in self.modules():
            if isinstance(block, ConvBlock):
                nn.init.normal_(block.out.weight, std=0.02)
                nn.init.zeros_(block.out.bias)

    def trunk(self, pairs_BM2HW3: Tensor) -> tuple[Tensor, Tensor]:
        """Pictures in 0..255 -> features (B, M, H, W, D): with time mixed, and moment by moment."""
        b, m, _, h, w, _ = pairs_BM2HW3.shape
        p = PATCH_PX
        x = pairs_BM2HW3.reshape(b * m, 2, h // p, p, w // p, p, 3).permute(0, 2, 4, 1, 3, 5, 6)
        x = x.reshape(b * m, h // p, w // p, 6 * p * p).to(self.patch_in.weight.dtype)
        half = 3 * p * p
        x[..., half:] -= x[..., :half]  # what changes, beside what is there
        y = self.patch_in(x.mul_(SCALE))
        y = self.alone(self.down(fold(self.fine(y), 2)))
        z = alone = y.view(b, m, *y.shape[1:])
        for time, coarse in zip(self.time, self.coarse, strict=True):
            z = time(z)
            z = coarse(z.reshape(y.shape)).view(z.shape)
        return z, alone

    def ask(self, features_BMHWD: Tensor) -> tuple[Tensor, Tensor]:
        """What each column's query finds: (B, K, D), and where its last look went (B, K, S)."""
        b, m, h, w, d = features_BMHWD.shape
        z = norm(features_BMHWD)
        z = (z + self.place_in(places(m, h, w, z.device).to(z.dtype))).reshape(b, m * h * w, d)
        k, v = split_heads(self.keys(z)), split_heads(self.values(z))
        state = self.table_query_KD[None].expand(b, -1, -1)
        for _ in range(LOOKS):
            q = split_heads(norm(state))
            found = attend(q, k, v).transpose(1, 2).reshape(b, -1, d)
            state = state + self.gather(found)
            state = state + self.think(norm(state))
        scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
        return norm(state), scores.softmax(-1).mean(1)

    def forward(self, pairs_BM2HW3: Tensor) -> dict[str, Tensor]:
        """Logits (B, values) of every column."""
        found, _ = self.ask(self.trunk(pairs_BM2HW3)[0])
        return self.logits(found)

    def shares(self, found_KD: Tensor) -> dict[str, dict[str, float]]:
        """Column -> value -> probability, of one clip."""
        told = self.logits(found_KD[None]).values()
        return {
            name: dict(zip(values, logits[0].softmax(-1).tolist(), strict=True))
            for (name, values), logits in zip(self.size.columns, told, strict=True)
        }

    def logits(self, found_BKD: Tensor) -> dict[str, Tensor]:
        return {
            name: head(found_BKD[:, i]).float()
            for i, ((name, _), head) in enumerate(zip(self.size.columns, self.head, strict=True))
        }

    @torch.inference_mode()
    def look(self, frames_THW3: Frames, fps: float) -> Opinion:
        """An opinion of one clip of at least a second (a shorter one is held)."""
        pairs = sized(moments(frames_THW3, fps, self.size.frames))
        device = self.patch_in.weight.device
        features, alone = self.trunk(torch.from_numpy(pairs)[None].to(device))
        found, looked = self.ask(features)
        names = [name for name, _ in self.size.columns]
        m = features.shape[1]
        looked_KMS = looked[0].float().reshape(len(names), m, -1)
        shares = self.shares(found[0])
        if m >= 2 * FEWEST and "then" in shares:
            half = m // 2
            halves = torch.from_numpy(np.stack([pairs[:half], pairs[m - half :]])).to(device)
            early, late = self.ask(self.trunk(halves)[0])[0]
            shares["then"] = changed(shares, self.shares(early), self.shares(late))
        apart_MSD = norm(alone[0].float()).flatten(1, 2)

        def gathered(column: str) -> NDArray[np.float32]:
            weight = looked_KMS[names.index(column)]
            weight = weight / weight.sum(-1, keepdim=True).clamp(min=1e-9)
            return (weight[:, :, None] * apart_MSD).sum(1).cpu().numpy()

        feature = norm(features[0].float()).mean((0, 1, 2)).cpu().numpy()
        return Opinion(shares, feature, gathered("subject"), gathered("place"))


Shares = Mapping[str, Mapping[str, float]]


def changed(whole: Shares, early: Shares, late: Shares) -> dict[str, float]:
    """`then` by the whole clip and by its halves, as if they erred apart (a product of experts): a
    second action is what the last half shows and the first does not; without one they are alike."""
    then, (none, *actions) = whole["then"], whole["then"]
    two = 1.0 - whole["second_subject"][none]  # either of two may change: the left, the right
    begun, same = dict.fromkeys(actions, 0.0), 1.0
    for column, there in (("action", 1.0), ("second_action", two)):
        first, last = early[column], late[column]
        same *= 1.0 - there + there * sum(first[a] * last[a] for a in actions)
        for a in actions:
            begun[a] += there * last[a] * (1.0 - first[a])
    still = min(max(same, DOUBT), 1.0 - DOUBT)
    shown = {a: then[a] * begun[a] for a in actions}
    total = max(sum(shown.values()), 1e-12)
    stays, goes = then[none] * still, (1.0 - then[none]) * (1.0 - still)
    moved = goes / max(stays + goes, 1e-12)
    return {none: 1.0 - moved, **{a: moved * share / total for a, share in shown.items()}}


def split_heads(x_BSD: Tensor) -> Tensor:
    b, s, d = x_BSD.shape
    return x_BSD.view(b, s, HEADS, d // HEADS).transpose(1, 2)


def places(m: int, h: int, w: int, device: torch.device) -> Tensor:
    """Waves over length, height and width (M, H, W, 6 a harmonic): ends are -1 and 1, any size."""
    axes = [
        (torch.arange(n, device=device, dtype=torch.float32) + 0.5) * (2.0 / n) - 1.0
        for n in (m, h, w)
    ]
    grid = torch.stack(torch.meshgrid(*axes, indexing="ij"), -1)
    angle = torch.cat([grid * (math.pi * f) for f in HARMONICS], -1)
    return torch.cat([angle.sin(), angle.cos()], -1)


def moment_indices(count: int, fps: float, most: int) -> NDArray[np.int64]:
    """Frames (M, 2) to look at: evenly spread moments, each with the frame `CHANGE_S` later."""
    length_s = count / fps
    m = int(np.clip(round(length_s / MOMENT_S), FEWEST, most))
    gap = max(1, round(fps * CHANGE_S))
    middle = (np.arange(m) + 0.5) * count / m
    first = np.floor(middle - gap / 2).astype(np.int64).clip(0, max(count - 1 - gap, 0))
    return np.stack([first, np.minimum(first + gap, count - 1)], 1)


def moments(frames_THW3: Frames, fps: float, most: int) -> Frames:
    """(M, 2, H, W, 3): each moment's picture and the one `CHANGE_S` later."""
    return np.ascontiguousarray(frames_THW3[moment_indices(len(frames_THW3), fps, most)])


def sized(pairs_M2HW3: Frames) -> Frames:
    """The same pictures with about the area the judge knows, their shape kept to `STEP_PX`."""
    m, _, h, w, _ = pairs_M2HW3.shape
    scale = math.sqrt(WIDTH * HEIGHT / (h * w))
    rows, cols = (max(1, round(side * scale / STEP_PX)) * STEP_PX for side in (h, w))
    if (rows, cols) == (h, w):
        return pairs_M2HW3
    x = torch.from_numpy(pairs_M2HW3).reshape(m * 2, h, w, 3).permute(0, 3, 1, 2).float()
    x = F.interpolate(x, (rows, cols), mode="bilinear", antialias=True)
    x = x.round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1)
    return x.reshape(m, 2, rows, cols, 3).contiguous().numpy()
