"""Trains the judge on renders: cross entropy on every column that can be seen in a clip.

Augmentations keep time as it is: mirror images with left and right exchanged in the labels, small
changes of brightness, blur, blocks and noise such as a codec or a tokenizer leave, and parts of
clips. Nothing generated is ever shown to it.
"""

# B clips, M moments, H, W pixels

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from yozora.model.checkpoint import Header, save
from yozora.model.judge import FEWEST, Judge, JudgeSize, batch_of
from yozora.model.layers import compute_dtype
from yozora.training.judge_data import MOMENTS, JudgeClips, columns, labels, start_renderers
from yozora.training.optim import Optimiser, OptimiserSettings, parameters_m
from yozora.training.recipe import Recipe
from yozora.training.run import Progress, Run, dice
from yozora.training.tokenizer_loop import save_state
from yozora.training.worker import wait_for_shards
from yozora.world.scene import Scene

UNTOLD = -100  # a label that is not scored
FIRST_SHARDS = 3  # that must be there before training starts


@dataclass(frozen=True, slots=True)
class Augmentation:
    """How renders are worn, so that the judge also reads decoded and coded clips."""

    mirrored: float = 0.5  # share of clips
    worn: float = 0.4  # share of clips with blur, blocks or noise
    coarsest: float = 2.5  # most a worn clip is scaled down and up again
    noise: float = 8.0  # most, standard deviation in 8-bit values
    brightness: float = 0.06  # most, up or down
    part: float = 0.15  # share of batches that show only a stretch of moments


OPTIMISER = OptimiserSettings(muon_lr=0.01, adam_lr=1.5e-3, warmup=50)
EMA = 0.995
SMOOTHING = 0.02  # of the labels


def train_judge(recipe: Recipe, folder: Path, data: Path) -> Path:
    """Render what is missing, then train or resume; returns the exported weights file."""
    torch.manual_seed(recipe.seed)
    torch.set_num_threads(recipe.threads)
    renderers = start_renderers(recipe, data)
    try:
        wait_for_shards(data, FIRST_SHARDS if renderers else 1, renderers)
        return _train(recipe, folder, data)
    finally:
        for process in renderers:
            process.terminate()


def _train(recipe: Recipe, folder: Path, data: Path) -> Path:
    settings = recipe.judge
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    network = Judge(JudgeSize(columns(), settings.width, MOMENTS))
    network.to(device, compute_dtype(device))
    optimiser = Optimiser(network, OPTIMISER, EMA)
    run = Run(folder, recipe)
    progress = Progress(settings.minutes, settings.steps)
    state = run.load()
    if state is not None:
        optimiser.load_state_dict(state["optimiser"])
        progress.done_steps, progress.done_s = state["steps"], state["seconds"]
    seed = dice(recipe, "judge", progress.done_steps)
    rng = random.Random(seed)
    torch.manual_seed(seed)
    clips = JudgeClips(data)
    if not clips.clips:  # one shard only: measure on what teaches
        clips = JudgeClips(data, held_back=0)
    print(
        f"judge: {parameters_m(network.parameters()):.1f}M parameters, {len(clips.clips)} clips "
        f"so far, {settings.batch} a step"
    )
    began, already = time.monotonic(), progress.done_s
    seen, window_began = 0, time.monotonic()
    losses: list[float] = []
    right: dict[str, list[int]] = {}
    while not progress.over:
        frames, scenes = clips.draw(rng, settings.batch)
        pairs, scenes = augmented(torch.from_numpy(frames), scenes, rng, Augmentation())
        logits = network(pairs.to(device))
        targets = {k: t.to(device) for k, t in targets_of(scenes, network.size).items()}
        loss = column_loss(logits, targets)
        loss.backward()
        optimiser.step(progress.falling(0.4, 0.02))
        progress.done_steps += 1
        progress.done_s = already + time.monotonic() - began
        seen += len(scenes)
        losses.append(loss.item())
        for name, (good, told) in hits(logits, targets).items():
            tally = right.setdefault(name, [0, 0])
            tally[0], tally[1] = tally[0] + good, tally[1] + told
        if run.due("log", recipe.log_every_s) or progress.over:
            clips.refresh()
            shares = {name: good / told for name, (good, told) in right.items() if told}
            worst = min(shares, key=shares.__getitem__)
            run.log(
                step=progress.done_steps,
                minutes=progress.done_s / 60,
                loss=sum(losses) / len(losses),
                macro=sum(shares.values()) / len(shares),
                worst=f"{worst} {shares[worst]:.2f}",
                clips_s=seen / (time.monotonic() - window_began),
                clips=len(clips.clips),
            )
            losses, right, seen, window_began = [], {}, 0, time.monotonic()
        if run.due("save", recipe.save_every_s):
            save_state(run, optimiser, progress)
            export(run, network, optimiser, recipe, progress)
            run.stop_if_asked()
    save_state(run, optimiser, progress)
    path = export(run, network, optimiser, recipe, progress)
    network.load_state_dict(optimiser.ema_state())
    measured = measure(network, clips)
    run.log(measured=round(sum(measured.values()) / len(measured), 4), **measured)
    return path


def targets_of(scenes: list[Scene], size: JudgeSize) -> dict[str, Tensor]:
    """Each column's indices (B,); `UNTOLD` where the clip does not show it."""
    told = [labels(scene) for scene in scenes]
    return {
        name: torch.tensor([values.index(t[name]) if name in t else UNTOLD for t in told])
        for name, values in size.columns
    }


def column_loss(logits: dict[str, Tensor], targets: dict[str, Tensor]) -> Tensor:
    """Mean over columns of the cross entropy where they can be told."""
    losses = []
    for name, logit in logits.items():
        target = targets[name]
        total = F.cross_entropy(
            logit, target, ignore_index=UNTOLD, reduction="sum", label_smoothing=SMOOTHING
        )
        losses.append(total / (target != UNTOLD).sum().clamp(min=1))
    return torch.stack(losses).mean()


def hits(logits: dict[str, Tensor], targets: dict[str, Tensor]) -> dict[str, tuple[int, int]]:
    """(right, told) by column."""
    out = {}
    for name, logit in logits.items():
        told = targets[name] != UNTOLD
        good = (logit.argmax(-1) == targets[name]) & told
        out[name] = int(good.sum()), int(told.sum())
    return out


def augmented(
    pairs_BM2HW3: Tensor, scenes: list[Scene], rng: random.Random, how: Augmentation
) -> tuple[Tensor, list[Scene]]:
    """Worn and mirrored clips, uint8, with the scenes that they now show."""
    pairs, shown = pairs_BM2HW3.clone(), list(scenes)
    for i, scene in enumerate(scenes):
        if rng.random() < how.mirrored:
            pairs[i], shown[i] = pairs[i].flip(3), scene.mirrored()
        if rng.random() < how.worn:
            pairs[i] = worn(pairs[i], rng, how)
        elif rng.random() < 0.5:
            scale = 1.0 + rng.uniform(-how.brightness, how.brightness)
            table = (np.arange(256) * scale).round().clip(0, 255).astype(np.uint8)
            pairs[i] = torch.from_numpy(table.take(pairs[i].numpy()))
    keep = [i for i, scene in enumerate(shown) if scene.subjects[0].then is None]
    most = pairs.shape[1]
    if rng.random() >= how.part or not keep or most <= FEWEST:
        return pairs, shown
    count = rng.randrange(FEWEST, most)
    first = rng.randrange(0, most - count + 1)
    return pairs[keep, first : first + count], [shown[i] for i in keep]


def worn(pairs_M2HW3: Tensor, rng: random.Random, how: Augmentation) -> Tensor:
    """A clip as a codec or a tokenizer leaves it: softer, in blocks, with noise on the blocks."""
    m, _, h, w, _ = pairs_M2HW3.shape
    x = pairs_M2HW3.reshape(m * 2, h, w, 3).permute(0, 3, 1, 2).float()
    kind = rng.random()
    if kind < 0.6:
        scale = rng.uniform(1.2, how.coarsest)
        small = F.interpolate(x, (round(h / scale), round(w / scale)), mode="area")
        x = F.interpolate(small, (h, w), mode="bilinear")
    elif kind < 0.8:
        side = rng.choice((4, 8))
        share = rng.uniform(0.2, 0.6)
        blocks = F.avg_pool2d(x, side)
        x += share * (F.interpolate(blocks, scale_factor=float(side), mode="nearest") - x)
    if rng.random() < 0.6:
        side = rng.choice((1, 2, 4))
        noise = torch.randn(m * 2, 3, h // side, w // side) * rng.uniform(0.0, how.noise)
        x += F.interpolate(noise, (h, w), mode="nearest") if side > 1 else noise
    x = x * (1.0 + rng.uniform(-how.brightness, how.brightness))
    return x.round_().clamp_(0, 255).to(torch.uint8).permute(0, 2, 3, 1).reshape(pairs_M2HW3.shape)


@torch.inference_mode()
def measure(network: Judge, clips: JudgeClips, batch: int = 8) -> dict[str, float]:
    """Accuracy by column on the shard that was held back."""
    rows = clips.measured or clips.clips
    device = network.patch_in.weight.device
    right: dict[str, list[int]] = {}
    for at in range(0, len(rows), batch):
        part = rows[at : at + batch]
        pairs = batch_of([shard.read(clip, "frames") for shard, clip, _ in part])
        found = hits(network(pairs.to(device)), {
            k: t.to(device) for k, t in targets_of([s for _, _, s in part], network.size).items()
        })  # fmt: skip
        for name, (good, told) in found.items():
            tally = right.setdefault(name, [0, 0])
            tally[0], tally[1] = tally[0] + good, tally[1] + told
    return {name: round(good / told, 4) for name, (good, told) in right.items() if told}


def export(
    run: Run, network: Judge, optimiser: Optimiser, recipe: Recipe, progress: Progress
) -> Path:
    """Averaged weights as int8 rows, with the columns in the header."""
    path = run.folder / "judge.safetensors"
    facts = {"steps": progress.done_steps, "minutes": round(progress.done_s / 60, 1)}
    header = Header("judge", recipe.grid, network.size.to_dict(), facts=facts)
    save(path, header, {k: v.float() for k, v in optimiser.ema_state().items()}, small=True)
    return path
