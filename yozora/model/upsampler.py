"""The upsampler: frames at twice their size, as the world's renderer would have drawn them.

Work is done at half the small frame's resolution; pixels are shuffled out last, beside a bicubic
path. Nothing has a bias and the first layer sees differences to the local mean alone, so whatever
the weights are, a plain colour stays that colour, and a picture of half the contrast is sharpened
half as much (docs/adr/0016).
"""

# N frames, A pictures of a window (before, now, after), Y, X pixels, h, w cells of 2x2 pixels

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import chain, islice
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from yozora.model.layers import ResidualBlock

Frame = NDArray[np.uint8]  # (Y, X, 3)
FACTOR = 2  # each way
PATCH = 2  # pixels a side of what the first layer takes for one position
LEVEL = 127.5  # eight-bit levels a unit of what the layers add
CONTRAST = 16.0  # levels a unit of what they see: edges are few, and most is plain
DOUBLED_WHOLLY, STRETCHED = 2, 1.25  # after so many doublings so much is left to a resize
AT_A_TIME = 4  # frames through the layers at once: more gain nothing


@dataclass(frozen=True, slots=True)
class UpsamplerSize:
    """Width and depth."""

    width: int = 96  # channels; multiples of 32 suit matrix units
    blocks: int = 5
    around: int = 0  # frames that are seen before and after; 0, which learns faster: none

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


class Upsampler(nn.Module):
    """(N, A, Y, X, 3) levels 0..255 -> the middle picture (N, 2Y, 2X, 3), levels, unrounded."""

    def __init__(self, size: UpsamplerSize) -> None:
        super().__init__()
        self.size = size
        seen = PATCH**2 * (2 * size.around + 1) * 3
        made = (PATCH * FACTOR) ** 2 * 3
        self.patch_in = nn.Conv2d(seen, size.width, 3, padding=1, bias=False)
        blocks = [ResidualBlock(size.width, bias=False) for _ in range(size.blocks)]
        self.blocks = nn.Sequential(*blocks)
        self.patch_out = nn.Conv2d(size.width, made, 3, padding=1, bias=False)
        nn.init.zeros_(self.patch_out.weight)  # training starts from the bicubic picture

    def forward(self, window_NAYX3: Tensor) -> Tensor:
        now = window_NAYX3[:, self.size.around]
        return self.drawn(list(cells_of(window_NAYX3).unbind(1)), now)

    def run(self, frames_TYX3: Tensor) -> Tensor:
        """Consecutive frames -> all that have `around` neighbours at each side, as `forward`."""
        around = self.size.around
        count = len(frames_TYX3) - 2 * around
        cells = cells_of(frames_TYX3)
        window = [cells[i : i + count] for i in range(2 * around + 1)]
        return self.drawn(window, frames_TYX3[around : around + count])

    def drawn(self, window_NhwC: list[Tensor], now_NYX3: Tensor) -> Tensor:
        """From the cells of each picture of a window."""
        n, y, x, _ = now_NYX3.shape
        seen_NhwC = contrasts(window_NhwC, self.size.around).to(self.patch_in.weight.dtype)
        hidden = self.blocks(self.patch_in(seen_NhwC.permute(0, 3, 1, 2)))
        detail_NhwC = self.patch_out(hidden).permute(0, 2, 3, 1)
        h, w = detail_NhwC.shape[1:3]
        side = PATCH * FACTOR
        detail = detail_NhwC.reshape(n, h, w, side, side, 3).transpose(2, 3)
        detail = detail.reshape(n, h * side, w * side, 3)
        detail = detail[:, : FACTOR * y, : FACTOR * x]  # odd sides were filled up
        return torch.add(bicubic(now_NYX3), detail, alpha=LEVEL)


def bicubic(now_NYX3: Tensor) -> Tensor:
    """Twice the size by cubic interpolation, in whole levels as float32: (N, 2Y, 2X, 3)."""
    base = now_NYX3.permute(0, 3, 1, 2)
    if base.dtype != torch.uint8 or base.is_cuda:  # whole levels are 60 times as fast on a CPU
        base = base.float()
    large = F.interpolate(base, scale_factor=FACTOR, mode="bicubic", antialias=True)
    large = large.permute(0, 2, 3, 1)
    return large.round().clamp(0.0, 255.0) if large.is_floating_point() else large.float()


def cells_of(frames_YX3: Tensor) -> Tensor:
    """(..., Y, X, 3) -> (..., h, w, 12): rows, columns, colours of each cell; odd sides filled."""
    *before, y, x, _ = frames_YX3.shape
    if y % PATCH or x % PATCH:
        rows, cols = (torch.arange(side + side % PATCH).clamp(max=side - 1) for side in (y, x))
        frames_YX3 = frames_YX3[..., rows, :, :][..., cols, :]
        y, x = len(rows), len(cols)
    cells = frames_YX3.reshape(*before, y // PATCH, PATCH, x // PATCH, 3 * PATCH).transpose(-3, -2)
    return cells.reshape(*before, y // PATCH, x // PATCH, 3 * PATCH**2)


def contrasts(window_NhwC: list[Tensor], around: int) -> Tensor:
    """Pixels less the mean of the cells around in the middle picture, in units of `CONTRAST`:
    (N, h, w, 12A). Exactly 0 where all is one colour."""
    pixels = torch.cat([cells.float() for cells in window_NhwC], -1)
    n, h, w, c = pixels.shape
    now = pixels[..., 12 * around : 12 * around + 12].view(n, h, w, PATCH**2, 3)
    mean_N3hw = F.avg_pool2d(now.mean(3).permute(0, 3, 1, 2), 3, 1, 1, count_include_pad=False)
    apart = pixels.view(n, h, w, -1, 3) - mean_N3hw.permute(0, 2, 3, 1)[..., None, :]
    return apart.view(n, h, w, c).div_(CONTRAST)


@torch.inference_mode()
def double(network: Upsampler, frames: Iterable[Frame]) -> Iterator[Frame]:
    """Frames (Y, X, 3) at exactly twice their size, one after another: any length in little memory.

    The first and the last picture see themselves where a neighbour is missing.
    """
    around = network.size.around
    device = network.patch_in.weight.device
    source = iter(frames)
    held = list(islice(source, 1))  # the window's pictures, and those that wait for their turn
    if not held:
        return
    held = [held[0]] * around + held
    last = held[-1]
    while True:
        fresh = list(islice(source, AT_A_TIME + 2 * around - len(held)))
        last = fresh[-1] if fresh else last
        held += fresh
        over = len(held) < AT_A_TIME + 2 * around
        if over:
            held += [last] * around
        count = len(held) - 2 * around
        if count > 0:
            made = network.run(torch.from_numpy(np.stack(held)).to(device))
            yield from made.round_().clamp_(0.0, 255.0).to(torch.uint8).cpu().numpy()
        if over:
            return
        held = held[count:]


def times_doubled(width: int, height: int, of_width: int, of_height: int) -> int:
    """How often a picture is doubled until both of its sides reach what is asked, or after two
    doublings all but the last quarter: a third one takes four times as long as both, and most of
    it would be thrown away."""
    times = 0
    while True:
        least = 1.0 if times < DOUBLED_WHOLLY else STRETCHED
        if (width << times) * least >= of_width and (height << times) * least >= of_height:
            return times
        times += 1


def enlarged(network: Upsampler, frames: Iterable[Frame], times: int) -> Iterator[Frame]:
    """Doubled so many times."""
    source: Iterator[Frame] = chain(frames)
    for _ in range(times):
        source = double(network, source)
    return source
