"""Trains the networks that finish a film, upsampler and interpolator, by squared error on renders.

Each crop's error counts as a share of what the plain way leaves there: line drawings, whose lines
nothing can foretell, would drown all else otherwise. Crops, Muon for the hidden layers, averaged
weights as int8 rows.
"""

# B crops, Y, X pixels

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from yozora.media.images import fit
from yozora.model.checkpoint import Header, fill, save
from yozora.model.interpolator import Interpolator
from yozora.model.upsampler import FACTOR, Upsampler, bicubic
from yozora.training.course import Course
from yozora.training.finish_data import (
    PARTS,
    FinishClips,
    between_batch,
    settings_of,
    two_size_batch,
)
from yozora.training.optim import parameters_m
from yozora.training.recipe import InterpolatorRun, Recipe, UpsamplerRun
from yozora.training.tokenizer_loop import psnr

FLOOR = 3e-4  # squared error, 41 dB: where the plain way is as good as that, little is to learn
MEASURED = 48  # clips of the shard that is held back


@dataclass(frozen=True, slots=True)
class Task:
    """What the two have not in common."""

    network: nn.Module
    # squared errors (B,) of the network, with gradients, and of what needs none
    step: Callable[[FinishClips, np.random.Generator], tuple[Tensor, Tensor]]
    measure: Callable[[FinishClips], dict[str, float]]  # decibels on what is held back


def blank(kind: str, settings: UpsamplerRun | InterpolatorRun) -> nn.Module:
    """The network without values learnt."""
    if isinstance(settings, UpsamplerRun):
        return Upsampler(settings.size)
    return Interpolator(settings.size)


def task(kind: str, recipe: Recipe, device: torch.device) -> Task:
    settings = settings_of(recipe, kind)
    network = blank(kind, settings)

    def upsampler_step(clips: FinishClips, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
        windows, wanted = (t.to(device) for t in two_size_batch(clips, recipe.upsampler, rng))
        target = wanted.float()
        plain = bicubic(windows[:, recipe.upsampler.size.around])
        return squared(network(windows), target), squared(plain, target)

    def interpolator_step(clips: FinishClips, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
        given = (t.to(device) for t in between_batch(clips, recipe.interpolator, rng))
        before, after, wanted, time_B = given
        first, second, target = (x.permute(0, 3, 1, 2).float() for x in (before, after, wanted))
        share = time_B.float().view(-1, 1, 1, 1)
        plain = (1.0 - share) * first + share * second
        return squared(network(first, second, time_B), target), squared(plain, target)

    def measure(clips: FinishClips) -> dict[str, float]:
        if isinstance(network, Upsampler):
            return upsampler_db(network, clips)
        assert isinstance(network, Interpolator)
        return interpolator_db(network, clips)

    return Task(network, upsampler_step if kind == "upsampler" else interpolator_step, measure)


def squared(made: Tensor, wanted: Tensor) -> Tensor:
    """Mean squared error of levels, in units of 127.5, of each picture of a batch."""
    return ((made - wanted) / 127.5).square().mean((1, 2, 3))


def train_finish(
    kind: str, recipe: Recipe, folder: Path, data: Path, init: Path | None = None
) -> Path:
    """Train or resume an "upsampler" or an "interpolator"; returns the exported weights file."""
    settings = settings_of(recipe, kind)
    course = Course(recipe, folder, kind, settings, init)
    job = task(kind, recipe, course.device)
    if init is not None:
        fill(job.network, init)
    course.take(job.network, settings.ema)
    rng = np.random.default_rng(course.seed)
    clips = FinishClips(data)
    print(
        f"{kind}: {parameters_m(job.network.parameters()):.2f}M parameters, "
        f"{len(clips.clips)} clips so far, {settings.batch} crops a step"
    )
    sums, count, window_began = [0.0] * 3, 0, time.monotonic()
    while not course.over:
        error_B, plain_B = job.step(clips, rng)
        ratio_B = error_B / (plain_B + FLOOR)
        loss = ratio_B.mean()
        loss.backward()
        course.step(0.3, 0.02)
        gains_db = 10.0 * ((plain_B + FLOOR) / (error_B.detach() + FLOOR)).log10()
        now = loss.item(), error_B.mean().item(), gains_db.mean().item()
        sums, count = [a + b for a, b in zip(sums, now, strict=True)], count + 1
        if course.logs:
            clips.refresh()
            course.log(
                loss=sums[0] / count,
                psnr=psnr(sums[1] / count),
                gain_db=sums[2] / count,
                crops_s=settings.batch * count / (time.monotonic() - window_began),
                clips=len(clips.clips),
            )
            sums, count, window_began = [0.0] * 3, 0, time.monotonic()
        course.save(lambda: export(kind, course, {}))
    course.checkpoint()
    job.network.load_state_dict(course.optimiser.ema_state())
    clips.refresh()
    measured = job.measure(clips)
    course.run.log(measured=True, **measured)
    return export(kind, course, measured)


def export(kind: str, course: Course, measured: dict[str, float]) -> Path:
    """Averaged weights as int8 rows, with what was measured in the header."""
    path = course.run.folder / f"{kind}.safetensors"
    size = settings_of(course.recipe, kind).size.to_dict()
    header = Header(kind, course.recipe.grid, size, facts=course.facts(**measured))
    save(path, header, course.averaged(), small=True)
    return path


def db(errors: list[float]) -> float:
    """Mean of decibels, a picture each, from squared errors in units of 127.5 levels."""
    return round(float(np.mean([psnr(error) for error in errors])), 2)


def error_of(made: Any, wanted: Any) -> float:
    gap = (made.astype(np.float32) - wanted.astype(np.float32)) / 127.5
    return float((gap**2).mean())


@torch.inference_mode()
def upsampler_db(network: Upsampler, clips: FinishClips) -> dict[str, float]:
    """Decibels of the network and of Lanczos on whole pictures that were held back."""
    made, plain = [], []
    device, around = network.patch_in.weight.device, network.size.around
    for arrays, _ in zip(clips.held_back(), range(MEASURED), strict=False):
        small, wanted = arrays["small"][1 - around : 2 + around], arrays["large"][0]
        given = torch.from_numpy(small.copy()).to(device)
        large = network.run(given)[0].round().clamp(0.0, 255.0).cpu().numpy()
        made.append(error_of(large, wanted))
        size = FACTOR * small.shape[2], FACTOR * small.shape[1]
        plain.append(error_of(fit(small[around : around + 1], *size)[0], wanted))
    return {"db": db(made), "lanczos_db": db(plain)}


@torch.inference_mode()
def interpolator_db(network: Interpolator, clips: FinishClips) -> dict[str, float]:
    """Decibels of the network, of blending and of the nearer frame, half way between two frames of
    the grid."""
    made, blended, nearer = [], [], []
    device = network.patch_in.weight.device
    for arrays, _ in zip(clips.held_back(), range(MEASURED), strict=False):
        video = arrays["frames"]
        before, wanted, after = video[0], video[PARTS // 2], video[PARTS]
        if (before == after).all():  # nothing moves: every way is right
            continue
        pair = torch.from_numpy(np.stack([before, after])).to(device).permute(0, 3, 1, 2)
        drawn = network(pair[:1], pair[1:], torch.tensor([0.5], device=device))[0]
        drawn = drawn.round().clamp(0.0, 255.0).permute(1, 2, 0).cpu().numpy()
        made.append(error_of(drawn, wanted))
        blended.append(error_of((before.astype(np.float32) + after) / 2.0, wanted))
        nearer.append(error_of(before, wanted))
    if not made:
        return {}
    return {"db": db(made), "blending_db": db(blended), "repetition_db": db(nearer)}
