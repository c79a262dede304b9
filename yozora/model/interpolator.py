"""The interpolator: what lies between two frames, at any time between them.

A small network looks at both pictures in cells of 4x4 pixels and says, for each place of the wanted
picture, where it was before and where it will be; both frames are drawn there by bilinear look-up
and mixed, and a light layer mends seams. At time 0 and 1 the frames themselves come out, and equal
plain colours give that colour, whatever the weights are (docs/adr/0016).
"""

# N pairs, Y, X pixels, h, w cells; flows are (N, 2, ...) pixels to the right and down

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from yozora.model.layers import ResidualBlock

Frame = NDArray[np.uint8]  # (Y, X, 3)
CELL = 4  # pixels a side of a fine cell; coarse ones have twice that
REACH = 16.0  # pixels a unit of what the layers say about flow
LEVEL = 127.5  # eight-bit levels a unit of what the layers see
CUT_APART = 0.35  # share of pixels in other colours, above which two frames are two scenes
CUT_LEVELS = 12.0  # and the difference of their coarse pictures, in levels


@dataclass(frozen=True, slots=True)
class InterpolatorSize:
    """Widths and depths."""

    fine: int = 64  # channels at 4-pixel resolution
    coarse: int = 128  # channels at 8-pixel resolution, where motion is found
    coarse_blocks: int = 4
    fine_blocks: int = 2
    mend: int = 32  # channels of the last layers, at 2-pixel resolution

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


class Interpolator(nn.Module):
    """Two pictures (N, 3, Y, X), levels 0..255, and times (N,) -> the pictures between, levels."""

    def __init__(self, size: InterpolatorSize) -> None:
        super().__init__()
        self.size = size
        pair = 2 * 3 * CELL**2
        self.patch_in = nn.Conv2d(pair + 2, size.fine, 3, padding=1)  # and the time, both ways
        self.down = nn.Conv2d(4 * size.fine, size.coarse, 1)
        self.coarse_blocks = blocks(size.coarse, size.coarse_blocks)
        self.head_coarse = nn.Conv2d(size.coarse, 4, 3, padding=1)
        self.up = nn.Conv2d(size.coarse, 4 * size.fine, 1)
        self.join = nn.Conv2d(size.fine + pair, size.fine, 3, padding=1)
        self.fine_blocks = blocks(size.fine, size.fine_blocks)
        self.head_fine = nn.Conv2d(size.fine, 5, 3, padding=1)
        self.smooth_in = nn.Conv2d(24, size.mend, 3, padding=1, bias=False)
        self.mend = nn.Conv2d(size.mend, size.mend, 3, padding=1, bias=False)
        self.smooth_out = nn.Conv2d(size.mend, 12, 3, padding=1, bias=False)
        for last in (self.head_coarse, self.head_fine, self.smooth_out):
            nn.init.zeros_(last.weight)  # training starts from the mean of both pictures
            if last.bias is not None:
                nn.init.zeros_(last.bias)

    def forward(self, before_N3YX: Tensor, after_N3YX: Tensor, time_N: Tensor) -> Tensor:
        y, x = before_N3YX.shape[-2:]
        fill = (0, -x % (2 * CELL), 0, -y % (2 * CELL))
        before = F.pad(before_N3YX.float(), fill, mode="replicate")
        after = F.pad(after_N3YX.float(), fill, mode="replicate")
        time = time_N.float().view(-1, 1, 1, 1)
        dtype = self.patch_in.weight.dtype
        cells = seen(before, after)
        when = time.expand(-1, 1, *cells.shape[-2:])
        hidden = F.relu(self.patch_in(flat(torch.cat([cells, when, 1.0 - when], 1), dtype)))
        deep = self.coarse_blocks(self.down(F.pixel_unshuffle(hidden, 2)))
        flow = grown(self.head_coarse(deep).float(), 2 * CELL)
        drawn = warp(before, time * flow[:, :2]), warp(after, (1.0 - time) * flow[:, 2:])
        hidden = hidden + F.pixel_shuffle(self.up(deep), 2)
        hidden = self.join(torch.cat([hidden, flat(seen(*drawn), dtype)], 1))
        told = grown(self.head_fine(self.fine_blocks(hidden)).float(), CELL)
        flow = flow + told[:, :4]
        first = warp(before, time * flow[:, :2])
        second = warp(after, (1.0 - time) * flow[:, 2:])
        # of the first picture, where both are as near; never nothing, so that one can be divided by
        share = 0.01 + 0.98 * told[:, 4:].div(REACH).sigmoid()
        one, two = (1.0 - time) * share, time * (1.0 - share)
        mixed = (one * first + two * second) / (one + two)
        mixed = mixed + 4.0 * time * (1.0 - time) * self.mended(first, second, mixed)
        return mixed[..., :y, :x]

    def mended(self, first: Tensor, second: Tensor, mixed: Tensor) -> Tensor:
        """What the mixture lacks, from how both pictures differ from its local mean."""
        mean = F.avg_pool2d(F.avg_pool2d(mixed, 2), 3, 1, 1, count_include_pad=False)
        mean = mean[:, None, :, None]
        n, h, w = mixed.shape[0], mixed.shape[2] // 2, mixed.shape[3] // 2
        pixels = F.pixel_unshuffle(torch.cat([first, second], 1), 2)
        apart = (pixels.view(n, 2, 3, 4, h, w) - mean).view(n, 24, h, w) / LEVEL
        hidden = F.relu(self.smooth_in(flat(apart, self.smooth_in.weight.dtype)))
        hidden = self.smooth_out(F.relu(self.mend(hidden)))
        return LEVEL * F.pixel_shuffle(hidden, 2).float()


def blocks(channels: int, count: int) -> nn.Sequential:
    return nn.Sequential(*[ResidualBlock(channels) for _ in range(count)])


def flat(x: Tensor, dtype: torch.dtype) -> Tensor:
    """As convolutions on a CPU like it."""
    return x.to(dtype).contiguous(memory_format=torch.channels_last)


def seen(before_N3YX: Tensor, after_N3YX: Tensor) -> Tensor:
    """Both pictures in fine cells, in about -1..1: (N, 96, h, w)."""
    return F.pixel_unshuffle(torch.cat([before_N3YX, after_N3YX], 1), CELL) / LEVEL - 1.0


def grown(x: Tensor, times: int) -> Tensor:
    """From cells to pixels, straight between, in units of `REACH`."""
    return REACH * F.interpolate(x, scale_factor=times, mode="bilinear", align_corners=False)


def warp(picture_N3YX: Tensor, flow_N2YX: Tensor) -> Tensor:
    """The picture's colours at each place plus its flow; beyond an edge, the edge's."""
    y, x = picture_N3YX.shape[-2:]
    device = picture_N3YX.device
    across = (torch.arange(x, device=device) * 2.0 + 1.0) / x - 1.0
    down = (torch.arange(y, device=device) * 2.0 + 1.0) / y - 1.0
    at_x = across + flow_N2YX[:, 0] * (2.0 / x)
    at_y = down[:, None] + flow_N2YX[:, 1] * (2.0 / y)
    grid = torch.stack([at_x, at_y], -1)
    return F.grid_sample(
        picture_N3YX, grid, mode="bilinear", padding_mode="border", align_corners=False
    )


def between(network: Interpolator, before: Frame, after: Frame, time: float) -> Frame:
    """The frame at `time`, 0 before to 1 after; at a cut, the nearer one."""
    if time <= 0.0 or time >= 1.0 or is_cut(before, after):
        return before if time < 0.5 else after
    return several_between(network, before, after, [time])[0]


@torch.inference_mode()
def several_between(
    network: Interpolator, before: Frame, after: Frame, times: Sequence[float]
) -> list[Frame]:
    """The frames at `times`, in one call; between two scenes one fades into the other."""
    if is_cut(before, after):
        mixed = [(1.0 - time) * before + time * after.astype(np.float32) for time in times]
        return [one.round().astype(np.uint8) for one in mixed]
    device, count = network.patch_in.weight.device, len(times)
    pair = torch.from_numpy(np.stack([before, after])).to(device).permute(0, 3, 1, 2)
    one, other = (each[None].expand(count, -1, -1, -1) for each in pair)
    made = network(one, other, torch.tensor(times, device=device))
    frames = made.round_().clamp_(0.0, 255.0).to(torch.uint8).permute(0, 2, 3, 1)
    return list(frames.contiguous().cpu().numpy())


def is_cut(before: Frame, after: Frame) -> bool:
    """Whether two frames are of two scenes: other colours, and in other places."""
    coarse = np.abs(_coarse(before) - _coarse(after)).mean()
    return bool(coarse > CUT_LEVELS and _apart(before, after) > CUT_APART)


def _coarse(frame: Frame) -> NDArray[np.float32]:
    """Mean colours of 8 x 8 parts of a frame."""
    rows, cols = (max(1, side // 8) for side in frame.shape[:2])
    cut = frame[: rows * (frame.shape[0] // rows), : cols * (frame.shape[1] // cols)]
    parts = cut.reshape(rows, cut.shape[0] // rows, cols, cut.shape[1] // cols, 3)
    return parts.mean((1, 3), dtype=np.float32)


def _apart(before: Frame, after: Frame) -> float:
    """Share of pixels whose colour, of 8 x 8 x 8, the other frame has no place for."""
    counts = []
    for frame in (before, after):
        code = (frame >> 5).astype(np.int32) @ np.array([64, 8, 1], np.int32)
        counts.append(np.bincount(code.reshape(-1), minlength=512) / code.size)
    return float(np.abs(counts[0] - counts[1]).sum() / 2.0)
