"""The video tokenizer: k pixel frames of a cell become one column of latent channels, and back.

Time-uniform: every latent frame stands for the same k pixel frames, seen by the encoder alone;
the decoder looks one latent frame to each side and no further. So latents can be cut, joined and
rotated (docs/adr/0002). Norms work per position. Work is done at low resolution; pixels are
shuffled out last, then one light convolution removes the seams of the patches. A linear path
beside each network starts as the best linear code (principal components), so that the networks
learn what a linear code cannot say.
"""

# B clips, F latent frames, C latent channels, H rows of cells, W columns of cells
# k pixel frames a latent frame; T = F * k pixel frames; Y, X pixels

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from yozora.model.grid import Grid
from yozora.model.layers import norm

PATCH = 8  # pixels a side of what the first linear sees


@dataclass(frozen=True, slots=True)
class TokenizerSize:
    """Widths and depths; everything else follows from the grid."""

    fine: int = 256  # channels at 8-pixel resolution
    coarse: int = 384  # channels at cell resolution
    encoder_blocks: tuple[int, int] = (2, 2)  # residual blocks at (fine, coarse)
    decoder_blocks: tuple[int, int] = (3, 3)
    smooth: int = 24  # channels of the last convolution at full resolution

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


class ConvBlock(nn.Module):
    """x + linear(SiLU(conv3x3(norm(x)))), channels last."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)
        self.out = nn.Linear(channels, channels)

    def forward(self, x_NHWC: Tensor) -> Tensor:
        y = self.conv(norm(x_NHWC).permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
        return x_NHWC + self.out(F.silu(y))


class Tokenizer(nn.Module):
    """Encoder and decoder with the latents' normalisation inside.

    `encode`: uint8-like floats in -1..1, (B, T, 3, Y, X) -> latents (B, F, C, H, W), each channel
    as large as `latent_scale_C` says: what moves pixels further is larger, so that noise hides it
    last. `decode` is its inverse, near enough. T is a multiple of k.
    """

    latent_mean_C: Tensor
    latent_std_C: Tensor
    latent_scale_C: Tensor
    preview_C3: Tensor
    preview_bias_3: Tensor

    def __init__(self, grid: Grid, size: TokenizerSize) -> None:
        super().__init__()
        self.grid, self.size = grid, size
        k, c = grid.frames_per_latent, grid.channels
        self.ratio = grid.cell_px // PATCH
        assert self.ratio * PATCH == grid.cell_px
        fine, coarse = size.fine, size.coarse
        self.patch_in = nn.Linear(k * 3 * PATCH * PATCH, fine)
        self.encode_fine = nn.Sequential(*[ConvBlock(fine) for _ in range(size.encoder_blocks[0])])
        self.down = nn.Linear(fine * self.ratio**2, coarse)
        self.encode_coarse = nn.Sequential(
            *[ConvBlock(coarse) for _ in range(size.encoder_blocks[1])]
        )
        self.to_latent = nn.Linear(coarse, c)
        self.latent_linear = nn.Linear(k * 3 * grid.cell_px**2, c)
        self.from_latent = nn.Linear(3 * c, coarse)
        self.decode_coarse = nn.Sequential(
            *[ConvBlock(coarse) for _ in range(size.decoder_blocks[1])]
        )
        self.up = nn.Linear(coarse, fine * self.ratio**2)
        self.decode_fine = nn.Sequential(*[ConvBlock(fine) for _ in range(size.decoder_blocks[0])])
        self.patch_out = nn.Linear(fine, k * 3 * PATCH * PATCH)
        self.linear_latent = nn.Linear(c, k * 3 * grid.cell_px**2)
        self.smooth_in = nn.Conv2d(k * 3, size.smooth, 3, padding=1)
        self.smooth_out = nn.Conv2d(size.smooth, k * 3, 3, padding=1)
        self.register_buffer("latent_mean_C", torch.zeros(c))
        self.register_buffer("latent_std_C", torch.ones(c))
        self.register_buffer("latent_scale_C", torch.ones(c))  # mean square 1
        self.register_buffer("preview_C3", torch.zeros(c, 3))  # least squares: latents -> RGB
        self.register_buffer("preview_bias_3", torch.zeros(3))
        for last in (self.to_latent, self.patch_out, self.smooth_out):
            nn.init.zeros_(last.weight)
            if last.bias is not None:
                nn.init.zeros_(last.bias)
        for block in self.modules():
            if isinstance(block, ConvBlock):
                nn.init.normal_(block.out.weight, std=0.02)
                nn.init.zeros_(block.out.bias)

    def encode_raw(self, video_BTCYX: Tensor) -> Tensor:
        """Latents before normalisation: (B, T, 3, Y, X) -> (B, F, C, H, W)."""
        b, t, _, y, x = video_BTCYX.shape
        k = self.grid.frames_per_latent
        assert t % k == 0, f"{t} frames are not a multiple of {k}"
        f = t // k
        # channels are ordered (k, 3) and then by the position inside the patch
        flat = video_BTCYX.reshape(b * f, k * 3, y, x)
        h, w, p = y // PATCH, x // PATCH, PATCH
        patches = flat.view(b * f, k * 3, h, p, w, p).permute(0, 2, 4, 1, 3, 5)
        patches = patches.reshape(b * f, h, w, k * 3 * p * p)
        z = self.encode_fine(self.patch_in(patches))
        z = self.to_latent(self.encode_coarse(self.down(fold(z, self.ratio))))
        z = z + self.latent_linear(fold(patches, self.ratio))
        return z.permute(0, 3, 1, 2).reshape(b, f, self.grid.channels, *z.shape[1:3])

    def normalise(self, raw_BFCHW: Tensor) -> Tensor:
        shape = (1, 1, -1, 1, 1)
        mean, std = self.latent_mean_C.clone(), self.latent_std_C.clone()  # `follow` moves them
        return (raw_BFCHW - mean.view(shape)) * (self.latent_scale_C / std).view(shape)

    def encode(self, video_BTCYX: Tensor) -> Tensor:
        """Normalised latents."""
        raw = self.encode_raw(video_BTCYX.to(self.patch_in.weight.dtype))
        return self.normalise(raw.float())

    def decode_context(self, context_BFCHW: Tensor) -> Tensor:
        """Decode the inner frames of a window that carries one frame of context at each end.

        (B, F + 2, C, H, W) -> (B, F * k, 3, Y, X) in about -1..1.
        """
        z = context_BFCHW.permute(0, 1, 3, 4, 2)  # B, F+2, H, W, C
        z = z / self.latent_scale_C.to(z.dtype)
        triple = torch.cat([z[:, :-2], z[:, 1:-1], z[:, 2:]], -1)
        b, f, h, w, _ = triple.shape
        y = self.from_latent(triple.reshape(b * f, h, w, -1))
        y = unfold(self.up(self.decode_coarse(y)), self.ratio)
        straight = self.linear_latent(z[:, 1:-1].reshape(b * f, h, w, -1))
        y = self.patch_out(self.decode_fine(y)) + unfold(straight, self.ratio)
        k, p = self.grid.frames_per_latent, PATCH
        rows, cols = h * self.ratio, w * self.ratio
        y = y.view(b * f, rows, cols, k * 3, p, p).permute(0, 3, 1, 4, 2, 5)
        y = y.reshape(b * f, k * 3, rows * p, cols * p)
        y = y.contiguous(memory_format=torch.channels_last)
        y = y + self.smooth_out(F.silu(self.smooth_in(y)))
        return y.reshape(b, f * k, 3, rows * p, cols * p)

    def decode(self, latents_BFCHW: Tensor, closed: bool = False) -> Tensor:
        """Normalised latents -> pixels; a closed clip's ends see each other, others repeat."""
        z = latents_BFCHW.to(self.patch_in.weight.dtype)
        if closed:
            z = torch.cat([z[:, -1:], z, z[:, :1]], 1)
        else:
            z = torch.cat([z[:, :1], z, z[:, -1:]], 1)
        return self.decode_context(z)

    @torch.no_grad()
    def start_linear(self, cells_NP: Tensor) -> None:
        """Set the linear paths to the principal components of cells.

        `cells_NP` holds N cells' pixels, P = k * 3 * cell_px^2 values in the order of `cells`.
        Latents start with unit variance.
        """
        mean = cells_NP.mean(0)
        centred = cells_NP - mean
        power, axes = torch.linalg.eigh(centred.T @ centred / len(centred))
        c = self.grid.channels
        power, axes = power.flip(0)[:c].clamp(min=1e-8), axes.flip(1)[:, :c]
        self.latent_linear.weight.copy_((axes / power.sqrt()).T)
        self.latent_linear.bias.copy_(-(mean @ axes) / power.sqrt())
        self.linear_latent.weight.copy_(axes * power.sqrt())
        self.linear_latent.bias.copy_(mean)
        self.latent_mean_C.zero_()
        self.latent_std_C.fill_(1.0)

    @torch.no_grad()
    def scale_channels(self, power: float) -> None:
        """Make channels as large as their reach in pixels to a power; 0 leaves them alike."""
        reach = self.linear_latent.weight.float().norm(dim=0).pow(power)
        self.latent_scale_C.copy_(reach / reach.square().mean().sqrt())

    def cells(self, video_BTCYX: Tensor) -> Tensor:
        """Pixels of each cell, (n, P), as `latent_linear` sees them."""
        b, t, _, y, x = video_BTCYX.shape
        k, p = self.grid.frames_per_latent, PATCH
        flat = video_BTCYX.reshape(b * t // k, k * 3, y // p, p, x // p, p)
        patches = flat.permute(0, 2, 4, 1, 3, 5).reshape(-1, y // p, x // p, k * 3 * p * p)
        folded = fold(patches, self.ratio)
        return folded.reshape(-1, folded.shape[-1])

    @torch.no_grad()
    def follow(self, raw_BFCHW: Tensor, share: float) -> None:
        """Move the stored mean and deviation of each channel by `share` towards a batch's."""
        raw = raw_BFCHW.detach().float()
        self.latent_mean_C.lerp_(raw.mean((0, 1, 3, 4)), share)
        off = (raw - self.latent_mean_C.view(1, 1, -1, 1, 1)).square().mean((0, 1, 3, 4))
        self.latent_std_C.copy_(self.latent_std_C.square().lerp(off, share).sqrt() + 1e-6)

    def encoder_parts(self) -> tuple[nn.Module, ...]:
        """What decides the latents; all else may be trained without changing them."""
        down = (self.patch_in, self.encode_fine, self.down, self.encode_coarse)
        return (*down, self.to_latent, self.latent_linear)

    def forward(
        self, video_BTCYX: Tensor, noise_std: float = 0.0, follow: float = 0.01
    ) -> tuple[Tensor, Tensor]:
        """Training pass: (pixels, raw latents).

        The statistics are running ones: a small batch's own would hide its colour and light.
        `follow` 0 leaves them, and so the latents, as they are.
        """
        raw = self.encode_raw(video_BTCYX)
        if follow > 0.0:
            self.follow(raw, follow)
        z = self.normalise(raw.float()).to(raw.dtype)
        if noise_std > 0.0:
            level = torch.rand(z.shape[0], 1, 1, 1, 1, device=z.device) * noise_std
            z = z + torch.randn_like(z) * level.to(z.dtype)
        z = torch.cat([z[:, :1], z, z[:, -1:]], 1)
        return self.decode_context(z), raw


def fold(x_NHWC: Tensor, ratio: int) -> Tensor:
    """Gather each `ratio` x `ratio` square of positions into channels."""
    n, h, w, c = x_NHWC.shape
    x = x_NHWC.view(n, h // ratio, ratio, w // ratio, ratio, c).permute(0, 1, 3, 2, 4, 5)
    return x.reshape(n, h // ratio, w // ratio, ratio * ratio * c)


def unfold(x_NHWC: Tensor, ratio: int) -> Tensor:
    """The inverse of `fold`."""
    n, h, w, c = x_NHWC.shape
    x = x_NHWC.view(n, h, w, ratio, ratio, c // ratio**2).permute(0, 1, 3, 2, 4, 5)
    return x.reshape(n, h * ratio, w * ratio, c // ratio**2)
