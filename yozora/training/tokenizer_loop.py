"""Trains the tokenizer: plain squared error, Muon, small batches of crops, noise on the latents.

Why so: docs/log.md and the measurements it cites. Squared error beat every mixture with gradient
or absolute terms, on those terms too. The decoder alone may then be trained on against a critic
(docs/adr, 15).
"""

# B clips, T pixel frames, Y, X pixels, C latent channels

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from yozora.model.checkpoint import Header, fill, load_state, save
from yozora.model.tokenizer import Tokenizer
from yozora.training.course import Course
from yozora.training.critic import Opponent
from yozora.training.errors import TrainingError
from yozora.training.optim import parameters_m
from yozora.training.recipe import Recipe
from yozora.training.reworks import pair
from yozora.training.shards import Clip, Shard, read_shards, shard_paths
from yozora.training.synthetic import synthetic_clip

Frames = NDArray[np.uint8]
CELLS_FOR_START = 32768  # cells whose principal components are taken

NEEDS_INIT = (
    "Training the decoder alone needs the weights whose latents it reads: name them with "
    "--init-from."
)


class PixelClips:
    """Random crops in space and time of the clips of a folder; finds new shards as they appear."""

    def __init__(self, folder: Path, held_back: int = 1) -> None:
        self.folder, self.held_back = folder, held_back
        self.seen: set[Path] = set()
        self.clips: list[tuple[Shard, Clip]] = []
        self.refresh()

    def refresh(self) -> None:
        """Take in new shards, let go of those removed (`data.ring`).

        The first `held_back` of the folder are kept for measuring.
        """
        self.clips = [(shard, clip) for shard, clip in self.clips if shard.path.exists()]
        for path in shard_paths(self.folder)[self.held_back :]:
            if path not in self.seen:
                self.seen.add(path)
                try:
                    shard = Shard(path)
                except FileNotFoundError:  # removed just now
                    continue
                self.clips += [(shard, c) for c in shard.clips if "frames" in c.places]

    def side(self, cell: int) -> int:
        """Pixels of crops that every clip can give: eight cells, or what the smallest has."""
        least = min(min(clip.places["frames"].shape[1:3]) for _, clip in self.clips)
        return min(8, least // cell) * cell

    def crop(self, rng: np.random.Generator, frames: int, side: int) -> Frames:
        shard, clip = self.clips[int(rng.integers(len(self.clips)))]
        video = shard.read(clip, "frames")
        t, y, x, _ = video.shape
        t0 = int(rng.integers(0, max(t - frames, 0) + 1))
        y0 = int(rng.integers(0, max(y - side, 0) + 1))
        x0 = int(rng.integers(0, max(x - side, 0) + 1))
        cut = video[t0 : t0 + frames, y0 : y0 + side, x0 : x0 + side]
        if rng.random() < 0.5:
            cut = cut[:, :, ::-1]
        if cut.shape[0] < frames:  # short clips hold their last picture
            cut = np.concatenate([cut, np.repeat(cut[-1:], frames - cut.shape[0], 0)])
        return np.ascontiguousarray(cut)


def batches(clips: PixelClips, recipe: Recipe, rng: np.random.Generator) -> Iterator[Tensor]:
    """Endless batches (B, T, 3, Y, X) in -1..1."""
    run, k = recipe.tokenizer, recipe.grid.frames_per_latent
    frames = run.frames * k
    while True:
        rows = [
            synthetic_clip(rng, frames, run.crop, run.crop)
            if rng.random() < run.other_share
            else clips.crop(rng, frames, run.crop)
            for _ in range(run.batch)
        ]
        video = torch.from_numpy(np.stack(rows)).permute(0, 1, 4, 2, 3)
        yield video.float() / 127.5 - 1.0


def reworked_batches(
    clips: PixelClips, recipe: Recipe, rng: np.random.Generator
) -> Iterator[tuple[Tensor, Tensor]]:
    """Endless pairs of pixels (B, T, 3, Y, X) in -1..1 and what the transformer made of their
    latents, (B, F + 2, C, H, W): see `reworks`."""
    run, cell_px = recipe.tokenizer, recipe.grid.cell_px
    while True:
        picked = [clips.clips[int(rng.integers(len(clips.clips)))] for _ in range(run.batch)]
        pairs = [pair(*one, rng, run.frames, run.crop, cell_px) for one in picked]
        frames, latents = (torch.from_numpy(np.stack(each)) for each in zip(*pairs, strict=True))
        yield frames.permute(0, 1, 4, 2, 3).float() / 127.5 - 1.0, latents


def unsteadiness(error_BTCYX: Tensor) -> Tensor:
    """The gradient of 4 times the squared error of the changes from frame to frame."""
    change = error_BTCYX.diff(dim=1)
    out = torch.zeros_like(error_BTCYX)
    out[:, 1:] += change
    out[:, :-1] -= change
    return out * (8.0 / error_BTCYX.numel())


def train_tokenizer(recipe: Recipe, folder: Path, data: Path, init: Path | None = None) -> Path:
    """Train or resume; returns the exported weights file."""
    settings = recipe.tokenizer
    course = Course(recipe, folder, "tokenizer", settings, init)
    device, state = course.device, course.state
    made = folder / "tokenizer.safetensors"
    if course.over and made.exists():  # its latents may be in use: nothing about it may change
        return made
    clips = PixelClips(data)
    if not clips.clips:  # one shard only: measure on what teaches
        clips = PixelClips(data, held_back=0)
    if not clips.clips:
        next(read_shards(data))  # raises with a remedy
    rng = np.random.default_rng(course.seed)
    network = Tokenizer(recipe.grid, settings.size)
    if init is not None:
        fill(network, init)
    elif state is None:
        start(network, clips, rng)
    kept = keep_latents(network, init) if settings.decoder_only else {}
    course.take(network, settings.ema)
    for name, buffer in network.named_buffers():  # statistics that move by a hundredth: float32
        setattr(network, name, buffer.float())
    if state is not None:
        for name, value in state.get("buffers", {}).items():
            getattr(network, name).copy_(value)
    critic = Opponent(recipe.grid.frames_per_latent, device) if settings.critic > 0.0 else None
    if critic is not None and state is not None and "critic" in state:
        critic.load(state["critic"])
    print(
        f"tokenizer: {parameters_m(network.parameters()):.1f}M parameters, "
        f"{len(clips.clips)} clips, {settings.batch} x {settings.frames} latent frames a step"
    )
    source, reworks = batches(clips, recipe, rng), reworked_batches(clips, recipe, rng)
    window = [0, time.monotonic()]
    while not course.over:
        dtype = network.patch_in.weight.dtype
        keep = torch.zeros(())
        if rng.random() < settings.reworked:
            video, seen = (each.to(device, dtype) for each in next(reworks))
            out = network.decode_context(seen)
        else:
            video = next(source).to(device, dtype)
            out, raw = network(video, settings.noise, 0.0 if settings.decoder_only else 0.01)
            keep = raw.float().square().mean()  # keeps the scale of raw latents from wandering
        error = (out - video).float()
        mse = error.square().mean()
        if settings.decoder_only:
            pull = (8.0 / error.numel()) * error.detach()
            if critic is not None:
                pull = critic.pull(out, video, settings.critic)
            out.backward((pull + settings.steady * unsteadiness(error.detach())).to(out.dtype))
        else:
            (4.0 * mse + 1e-4 * keep).backward()
        course.step(0.3, 0.02)
        window[0] += settings.batch * settings.frames
        if course.logs:
            clips.refresh()
            rate = window[0] / (time.monotonic() - window[1])
            course.log(
                psnr=psnr(mse.item()),
                latent_frames_s=rate,
                clips=len(clips.clips),
                **({} if critic is None else {"critic": critic.loss}),
            )
            window = [0, time.monotonic()]
        course.save(**opponent(critic))
    course.checkpoint(**opponent(critic))
    return export(course, network, data, kept)


def keep_latents(network: Tokenizer, init: Path | None) -> dict[str, Tensor]:
    """Freeze all that decides the latents; returns it as the file has it, to the last bit."""
    if init is None:
        raise TrainingError(NEEDS_INIT)
    for part in network.encoder_parts():
        part.requires_grad_(False)
    trained = {name for name, p in network.named_parameters() if p.requires_grad}
    return {name: value for name, value in load_state(init).items() if name not in trained}


def psnr(mse: float) -> float:
    """Decibels, for values in -1..1."""
    return 10.0 * math.log10(4.0 / max(mse, 1e-12))


def opponent(critic: Opponent | None) -> dict[str, Any]:
    return {} if critic is None else {"critic": critic.state()}


@torch.no_grad()
def export(course: Course, network: Tokenizer, data: Path, kept: dict[str, Tensor]) -> Path:
    """Averaged weights with latent statistics and the preview map, as int8 rows."""
    recipe = course.recipe
    network.load_state_dict(course.optimiser.ema_state())
    if not recipe.tokenizer.decoder_only:
        network.scale_channels(recipe.tokenizer.channel_power)
    fit_preview(network, PixelClips(data, held_back=0), np.random.default_rng(5))
    path = course.run.folder / "tokenizer.safetensors"
    state = {k: v.float() for k, v in network.state_dict().items()} | kept
    size = recipe.tokenizer.size.to_dict()
    save(path, Header("tokenizer", recipe.grid, size, facts=course.facts()), state, small=True)
    return path


@torch.no_grad()
def start(network: Tokenizer, clips: PixelClips, rng: np.random.Generator) -> None:
    """Linear paths from principal components: where training starts."""
    k, side = network.grid.frames_per_latent, clips.side(network.grid.cell_px)
    rows = [clips.crop(rng, k, side) for _ in range(CELLS_FOR_START // 64)]
    video = torch.from_numpy(np.stack(rows)).permute(0, 1, 4, 2, 3).float() / 127.5 - 1.0
    network.start_linear(network.cells(video))


@torch.no_grad()
def fit_preview(
    network: Tokenizer, clips: PixelClips, rng: np.random.Generator, batches_: int = 24
) -> None:
    """Store the least-squares map from a cell's latents to its mean colour."""
    z, rgb = sampled(network, clips, rng, batches_)
    normal = network.normalise(z.T[None, None, :, :, None])[0, 0, :, :, 0].T.cpu()
    design = torch.cat([normal, torch.ones(len(normal), 1)], 1).double()
    solution = torch.linalg.lstsq(design, rgb.double()).solution.float()
    network.preview_C3.copy_(solution[:-1])
    network.preview_bias_3.copy_(solution[-1])


def sampled(
    network: Tokenizer, clips: PixelClips, rng: np.random.Generator, batches_: int
) -> tuple[Tensor, Tensor]:
    """Raw latents (n, C) of random cells and the cells' mean colours (n, 3) in -1..1."""
    grid = network.grid
    k, cell = grid.frames_per_latent, grid.cell_px
    side = clips.side(cell)
    latents, colours = [], []
    dtype, device = network.patch_in.weight.dtype, network.patch_in.weight.device
    for _ in range(batches_):
        rows = np.stack([clips.crop(rng, k, side) for _ in range(8)])
        video = torch.from_numpy(rows).permute(0, 1, 4, 2, 3).float() / 127.5 - 1.0
        raw = network.encode_raw(video.to(device, dtype)).float().cpu()  # B, 1, C, H, W
        b, _, c, h, w = raw.shape
        latents.append(raw.permute(0, 1, 3, 4, 2).reshape(-1, c))
        mean = video.mean(1).view(b, 3, h, cell, w, cell).mean((3, 5))
        colours.append(mean.permute(0, 2, 3, 1).reshape(-1, 3))
    return torch.cat(latents), torch.cat(colours)
