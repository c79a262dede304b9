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
from yozora.model.layers import compute_dtype
from yozora.model.upsampler import FACTOR, Upsampler, bicubic
from yozora.training.finish_data import (
    PARTS,
    FinishClips,
    between_batch,
    settings_of,
    two_size_batch,
)
from yozora.training.optim import Optimiser, parameters_m
from yozora.training.recipe import InterpolatorRun, Recipe, UpsamplerRun
from yozora.training.run import Progress, Run, dice
from yozora.training.tokenizer_loop import psnr, save_state

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
    torch.manual_seed(recipe.seed)
    torch.set_num_threads(recipe.threads)
    settings = settings_of(recipe, kind)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    run = Run(folder, recipe)
    progress = Progress(settings.minutes, settings.steps)
    state = run.load()
    if state is not None:
        progress.done_steps, progress.done_s = state["steps"], state["seconds"]
    seed = dice(recipe, kind, progress.done_steps, init)
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    job = task(kind, recipe, device)
    if init is not None:
        fill(job.network, init)
    job.network.to(device, compute_dtype(device))
    optimiser = Optimiser(job.network, settings.optimiser, settings.ema)
    if state is not None:
        optimiser.load_state_dict(state["optimiser"])
    clips = FinishClips(data)
    print(
        f"{kind}: {parameters_m(job.network.parameters()):.2f}M parameters, "
        f"{len(clips.clips)} clips so far, {settings.batch} crops a step"
    )
    began, already = time.monotonic(), progress.done_s
    sums, count, window_began = [0.0] * 3, 0, time.monotonic()
    while not progress.over:
        error_B, plain_B = job.step(clips, rng)
        ratio_B = error_B / (plain_B + FLOOR)
        loss = ratio_B.mean()
        loss.backward()
        optimiser.step(progress.falling(0.3, 0.02))
        progress.done_steps += 1
        progress.done_s = already + time.monotonic() - began
        gains_db = 10.0 * ((plain_B + FLOOR) / (error_B.detach() + FLOOR)).log10()
        now = loss.item(), error_B.mean().item(), gains_db.mean().item()
        sums, count = [a + b for a, b in zip(sums, now, strict=True)], count + 1
        if run.due("log", recipe.log_every_s) or progress.over:
            clips.refresh()
            run.log(
                step=progress.done_steps,
                minutes=progress.done_s / 60,
                loss=sums[0] / count,
                psnr=psnr(sums[1] / count),
                gain_db=sums[2] / count,
                crops_s=settings.batch * count / (time.monotonic() - window_began),
                clips=len(clips.clips),
            )
            sums, count, window_began = [0.0] * 3, 0, time.monotonic()
        if run.due("save", recipe.save_every_s):
            save_state(run, optimiser, progress)
            export(kind, run, optimiser, recipe, progress, {})
            run.stop_if_asked()
    save_state(run, optimiser, progress)
    job.network.load_state_dict(optimiser.ema_state())
    clips.refresh()
    measured = job.measure(clips)
    run.log(measured=True, **measured)
    return export(kind, run, optimiser, recipe, progress, measured)


def export(
    kind: str,
    run: Run,
    optimiser: Optimiser,
    recipe: Recipe,
    progress: Progress,
    measured: dict[str, float],
) -> Path:
    """Averaged weights as int8 rows, with what was measured in the header."""
    path = run.folder / f"{kind}.safetensors"
    facts = {"steps": progress.done_steps, "minutes": round(progress.done_s / 60, 1), **measured}
    header = Header(kind, recipe.grid, settings_of(recipe, kind).size.to_dict(), facts=facts)
    save(path, header, {k: v.float() for k, v in optimiser.ema_state().items()}, small=True)
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
