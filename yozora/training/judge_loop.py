"""Trains the judge on renders: cross entropy on every column that can be seen in a clip.

Where the world knows a subject to be, the queries about it are taught to look (`look_loss`): a clip
says much more by its boxes than by a dozen words. Nothing generated is ever shown to it.
"""

# B clips, M moments, H, W cells of features, K columns, S = M H W

from __future__ import annotations

import random
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from yozora.model.checkpoint import Header, fill, save
from yozora.model.judge import Judge, JudgeSize
from yozora.training.course import Course
from yozora.training.grow import grow
from yozora.training.judge_data import (
    MOMENTS,
    JudgeClips,
    batch_of,
    columns,
    labels,
    start_renderers,
)
from yozora.training.judge_views import Augmentation, augmented
from yozora.training.optim import parameters_m
from yozora.training.recipe import Recipe
from yozora.training.renderers import alone_in, tell_of_fallen, wait_for_shards
from yozora.world.scene import Scene

UNTOLD = -100  # a label that is not scored
FIRST_SHARDS = 3  # that must be there before training starts

EMA = 0.995
SMOOTHING = 0.02  # of the labels
LOOK_WEIGHT = 0.2  # of where it looks, beside what it says
LOOKS_AT = {  # column -> the subjects that its query looks at: from the left
    "subject": (0,), "colour": (0,), "action": (0,), "count": (0,), "then": (0, 1),
    "second_subject": (1,), "second_colour": (1,), "second_action": (1,),
    "third_subject": (2,), "depth": (0, 1), "worn": (0,), "worn_colour": (0,),
}  # fmt: skip


def train_judge(
    recipe: Recipe, folder: Path, data: Path, init: Path | None = None, grown: bool = False
) -> Path:
    """Render what is missing, then train or resume; returns the exported weights file."""
    with alone_in(data):
        renderers = start_renderers(recipe, data)
        try:
            wait_for_shards(data, FIRST_SHARDS if renderers else 1, renderers)
            made = _train(recipe, folder, data, init, grown)
            tell_of_fallen(data, renderers)
            return made
        finally:
            for process in renderers:
                process.terminate()


def _train(recipe: Recipe, folder: Path, data: Path, init: Path | None, grown: bool) -> Path:
    settings = recipe.judge
    course = Course(recipe, folder, "judge", settings, init)
    network = Judge(JudgeSize(columns(), settings.width, MOMENTS))
    if init is not None and grown:
        print(grow(network, init), flush=True)
    elif init is not None:
        fill(network, init)
    course.take(network, EMA)
    device, rng = course.device, random.Random(course.seed)
    clips = JudgeClips(data)
    if not clips.clips:  # one shard only: measure on what teaches
        clips = JudgeClips(data, held_back=0)
    print(
        f"judge: {parameters_m(network.parameters()):.1f}M parameters, {len(clips.clips)} clips "
        f"so far, {settings.batch} a step"
    )
    seen, window_began = 0, time.monotonic()
    losses: list[float] = []
    looks: list[float] = []
    right: dict[str, list[int]] = {}
    while not course.over:
        batch = augmented(clips.draw(rng, settings.batch), rng, Augmentation())
        targets = {k: t.to(device) for k, t in targets_of(batch.scenes, network.size).items()}
        features = network.trunk(batch.pairs_BM2HW3.to(device))[0]
        found, looked = network.ask(features)
        logits = network.logits(found)
        seen_in = inside(batch.boxes_BM34.to(device), features.shape[2], features.shape[3])
        look = look_loss(looked, seen_in, targets, network.size)
        loss = column_loss(logits, targets) + LOOK_WEIGHT * look
        loss.backward()
        course.step(0.4, 0.02)
        seen += len(batch.scenes)
        losses.append(loss.item())
        looks.append(look.item())
        for name, (good, told) in hits(logits, targets).items():
            tally = right.setdefault(name, [0, 0])
            tally[0], tally[1] = tally[0] + good, tally[1] + told
        if course.logs:
            clips.refresh()
            shares = {name: good / told for name, (good, told) in right.items() if told}
            worst = min(shares, key=shares.__getitem__)
            course.log(
                loss=sum(losses) / len(losses),
                look=sum(looks) / len(looks),
                macro=sum(shares.values()) / len(shares),
                worst=f"{worst} {shares[worst]:.2f}",
                clips_s=seen / (time.monotonic() - window_began),
                clips=len(clips.clips),
            )
            losses, looks, right, seen, window_began = [], [], {}, 0, time.monotonic()
        course.save(lambda: export(course, network))
    course.checkpoint()
    path = export(course, network)
    network.load_state_dict(course.optimiser.ema_state())
    measured = measure(network, clips)
    course.run.log(measured=round(sum(measured.values()) / len(measured), 4), **measured)
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


def inside(boxes_BM34: Tensor, rows: int, cols: int) -> Tensor:
    """Which cells (B, 3, M H W) a subject's box covers or touches by half."""
    x0, y0, x1, y1 = boxes_BM34[..., None].unbind(-2)  # (B, M, 3, 1)
    x = (torch.arange(cols, device=x0.device) + 0.5) / cols
    y = (torch.arange(rows, device=x0.device) + 0.5) / rows
    across = (x > x0 - 0.5 / cols) & (x < x1 + 0.5 / cols)
    down = (y > y0 - 0.5 / rows) & (y < y1 + 0.5 / rows)
    there = (boxes_BM34 != 0).any(-1)[..., None, None]
    cells_BM3HW = down[..., :, None] & across[..., None, :] & there
    return cells_BM3HW.transpose(1, 2).flatten(2)


def look_loss(
    looked_BKS: Tensor, inside_B3S: Tensor, targets: dict[str, Tensor], size: JudgeSize
) -> Tensor:
    """Mean of -log of the attention that falls on the subject a column asks about."""
    losses = []
    for k, (name, _) in enumerate(size.columns):
        if name not in LOOKS_AT:
            continue
        cells_BS = inside_B3S[:, list(LOOKS_AT[name])].any(1)
        asked = (targets[name] != UNTOLD) & cells_BS.any(1)
        share = (looked_BKS[:, k].float() * cells_BS).sum(1).clamp(min=1e-4)
        losses.append(-(share.log() * asked).sum() / asked.sum().clamp(min=1))
    return torch.stack(losses).mean()


def hits(logits: dict[str, Tensor], targets: dict[str, Tensor]) -> dict[str, tuple[int, int]]:
    """(right, told) by column."""
    out = {}
    for name, logit in logits.items():
        told = targets[name] != UNTOLD
        good = (logit.argmax(-1) == targets[name]) & told
        out[name] = int(good.sum()), int(told.sum())
    return out


@torch.inference_mode()
def measure(network: Judge, clips: JudgeClips, batch: int = 8) -> dict[str, float]:
    """Accuracy by column on the shard that was held back."""
    rows = clips.measured or clips.clips
    device = network.patch_in.weight.device
    right: dict[str, list[int]] = {}
    for at in range(0, len(rows), batch):
        part = rows[at : at + batch]
        shown = batch_of(part)
        targets = targets_of(shown.scenes, network.size)
        logits = network(shown.pairs_BM2HW3.to(device))
        found = hits(logits, {k: t.to(device) for k, t in targets.items()})
        for name, (good, told) in found.items():
            tally = right.setdefault(name, [0, 0])
            tally[0], tally[1] = tally[0] + good, tally[1] + told
    return {name: round(good / told, 4) for name, (good, told) in right.items() if told}


def export(course: Course, network: Judge) -> Path:
    """Averaged weights as int8 rows, with the columns in the header."""
    path = course.run.folder / "judge.safetensors"
    grid = course.recipe.grid
    header = Header("judge", grid, network.size.to_dict(), facts=course.facts())
    save(path, header, course.averaged(), small=True)
    return path
