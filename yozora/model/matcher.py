"""The matcher: whether two pictures show the same individual, told by a point on a sphere.

It is trained on renders and measures whether a film shows whom its reference shows; it never
chooses, guides or trains a film. A picture of any size in whole cells of 16 pixels goes in.
"""

# N pictures, M moments, H, W pixels or cells, D channels, E values of a point, A looks

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from yozora.model.layers import norm
from yozora.model.tokenizer import ConvBlock, fold

PATCH_PX = 4  # pixels a side of what the first linear sees
STEP_PX = 16  # pixels a cell of the coarsest features: sides are multiples of it
LOOKS = 4  # places that are looked at, by content
POINT = 128  # values of a point
SCALE = 1.0 / 64.0  # of pixel values, so that they are about 1


@dataclass(frozen=True, slots=True)
class MatcherSize:
    """One dial: channels at 4-pixel resolution, twice as many at 8, three times at 16."""

    width: int = 48

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


class Matcher(nn.Module):
    """Pictures to points of length 1; those of one individual are near each other."""

    def __init__(self, size: MatcherSize) -> None:
        super().__init__()
        self.size = size
        fine, middle, coarse = size.width, 2 * size.width, 3 * size.width
        self.patch_in = nn.Linear(3 * PATCH_PX**2, fine)
        self.fine = ConvBlock(fine)
        self.down = nn.Linear(4 * fine, middle)
        self.middle = nn.Sequential(ConvBlock(middle), ConvBlock(middle))
        self.downer = nn.Linear(4 * middle, coarse)
        self.coarse = nn.Sequential(ConvBlock(coarse), ConvBlock(coarse))
        self.look_head = nn.Linear(coarse, LOOKS)
        self.point_head = nn.Linear(LOOKS * coarse, POINT)
        for block in self.modules():
            if isinstance(block, ConvBlock):
                nn.init.normal_(block.out.weight, std=0.02)
                nn.init.zeros_(block.out.bias)

    def forward(self, pictures_NHW3: Tensor) -> Tensor:
        """Values of 0..255 -> points (N, E), float32."""
        n, h, w, _ = pictures_NHW3.shape
        p = PATCH_PX
        x = pictures_NHW3.reshape(n, h // p, p, w // p, p, 3).permute(0, 1, 3, 2, 4, 5)
        x = x.reshape(n, h // p, w // p, 3 * p * p).to(self.patch_in.weight.dtype)
        y = self.fine(self.patch_in((x - 128.0) * SCALE))
        y = self.middle(self.down(fold(y, 2)))
        z = norm(self.coarse(self.downer(fold(y, 2)))).flatten(1, 2)
        share_NAS = self.look_head(z).softmax(1).transpose(1, 2)
        return F.normalize(self.point_head((share_NAS @ z).flatten(1)).float(), dim=-1)

    @torch.inference_mode()
    def point(self, frames_MHW3: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The point (E,) of who a clip, or a single picture, shows: the mean over its moments."""
        _, h, w, _ = frames_MHW3.shape
        x = torch.from_numpy(np.ascontiguousarray(frames_MHW3))
        if h % STEP_PX or w % STEP_PX:
            sides = [max(1, round(side / STEP_PX)) * STEP_PX for side in (h, w)]
            x = F.interpolate(x.permute(0, 3, 1, 2).float(), sides, mode="bilinear", antialias=True)
            x = x.permute(0, 2, 3, 1)
        points = self(x.to(self.patch_in.weight.device))
        return F.normalize(points.mean(0), dim=-1).cpu().numpy()
