"""Trains the matcher by contrast: an individual apart is nearest to itself in a scene.

InfoNCE (arXiv 1807.03748) both ways over a batch: each picture apart is asked which of the batch's
views shows it, and each view which picture. Batches hold groups of one kind.
"""

# B individuals, E values of a point

from __future__ import annotations

import random
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from yozora.model.checkpoint import Header, fill, save
from yozora.model.layers import compute_dtype
from yozora.model.matcher import Matcher, MatcherSize
from yozora.training.matcher_data import VIEWS, Individuals, pairs_of, start_renderers
from yozora.training.optim import Optimiser, parameters_m
from yozora.training.recipe import Recipe
from yozora.training.renderers import alone_in, tell_of_fallen, wait_for_shards
from yozora.training.run import Progress, Run, dice
from yozora.training.tokenizer_loop import save_state

FIRST_SHARDS = 3  # that must be there before training starts
EMA = 0.99
TEMPERATURE = 0.07  # of the likenesses, as is usual for points of length 1
CHOICES = 20  # among which the right one is to be found


def train_matcher(recipe: Recipe, folder: Path, data: Path, init: Path | None = None) -> Path:
    """Render what is missing, then train or resume; returns the exported weights file."""
    torch.manual_seed(recipe.seed)
    torch.set_num_threads(recipe.threads)
    with alone_in(data):
        renderers = start_renderers(recipe, data)
        try:
            wait_for_shards(data, FIRST_SHARDS if renderers else 1, renderers)
            made = _train(recipe, folder, data, init)
            tell_of_fallen(data, renderers)
            return made
        finally:
            for process in renderers:
                process.terminate()


def _train(recipe: Recipe, folder: Path, data: Path, init: Path | None) -> Path:
    settings = recipe.matcher
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    network = Matcher(MatcherSize(settings.width))
    if init is not None:
        fill(network, init)
    network.to(device, compute_dtype(device))
    optimiser = Optimiser(network, settings.optimiser, EMA)
    run = Run(folder, recipe)
    progress = Progress(settings.minutes, settings.steps)
    state = run.load()
    if state is not None:
        optimiser.load_state_dict(state["optimiser"])
        progress.done_steps, progress.done_s = state["steps"], state["seconds"]
    seed = dice(recipe, "matcher", progress.done_steps, init)
    rng = random.Random(seed)
    torch.manual_seed(seed)
    clips = Individuals(data)
    print(
        f"matcher: {parameters_m(network.parameters()):.2f}M parameters, {len(clips)} individuals "
        f"so far, {settings.batch} a step"
    )
    began, already = time.monotonic(), progress.done_s
    losses: list[float] = []
    right: list[float] = []
    while not progress.over:
        batch = clips.draw(rng, settings.batch)
        apart = network(batch.references_BSS3.to(device))
        seen = network(batch.views_BHW3.to(device))
        loss = contrast(apart, seen)
        loss.backward()
        optimiser.step(progress.falling(0.4, 0.02))
        progress.done_steps += 1
        progress.done_s = already + time.monotonic() - began
        losses.append(loss.item())
        right.append(hits(apart, seen))
        if run.due("log", recipe.log_every_s) or progress.over:
            clips.refresh()
            run.log(
                step=progress.done_steps,
                minutes=progress.done_s / 60,
                loss=sum(losses) / len(losses),
                right=sum(right) / len(right),
                individuals=len(clips),
            )
            losses, right = [], []
        if run.due("save", recipe.save_every_s):
            save_state(run, optimiser, progress)
            export(run, network, optimiser, recipe, progress)
            run.stop_if_asked()
    save_state(run, optimiser, progress)
    path = export(run, network, optimiser, recipe, progress)
    network.load_state_dict(optimiser.ema_state())
    run.log(measured=round(measure(network.eval(), clips), 4))
    return path


def contrast(apart_BE: Tensor, seen_BE: Tensor) -> Tensor:
    """Mean cross entropy of finding each one's own among all, both ways."""
    logits = apart_BE @ seen_BE.T / TEMPERATURE
    own = torch.arange(len(logits), device=logits.device)
    return (F.cross_entropy(logits, own) + F.cross_entropy(logits.T, own)) / 2


def hits(apart_BE: Tensor, seen_BE: Tensor) -> float:
    """Share of the views whose nearest picture apart is their own."""
    nearest = (seen_BE @ apart_BE.T).argmax(1)
    return float((nearest == torch.arange(len(nearest), device=nearest.device)).float().mean())


@torch.inference_mode()
def measure(network: Matcher, clips: Individuals, seed: int = 0) -> float:
    """Share right among `CHOICES` of the half that never teaches, of one kind as far as there are
    such; among fewer where there are fewer."""
    rng = random.Random(seed)
    kinds = clips.measured or clips.teaching
    everybody = [row for of in kinds.values() for row in of]
    points = {}
    device = network.patch_in.weight.device
    for at in range(0, len(everybody), 16):
        rows = everybody[at : at + 16]
        found = pairs_of(rows, [rng.randrange(VIEWS) for _ in rows])
        apart = network(found.references_BSS3.to(device)).cpu()
        seen = network(found.views_BHW3.to(device)).cpu()
        for row, a, b in zip(rows, apart, seen, strict=True):
            points[id(row)] = a, b
    right = 0
    for of in kinds.values():
        for row in of:
            like = [other for other in of if other is not row]
            rest = [other for other in everybody if not any(other is one for one in of)]
            picked = rng.sample(like, min(len(like), CHOICES - 1))
            picked += rng.sample(rest, min(len(rest), CHOICES - 1 - len(picked)))
            apart = torch.stack([points[id(one)][0] for one in (row, *picked)])
            right += int((apart @ points[id(row)][1]).argmax() == 0)
    return right / max(len(everybody), 1)


def export(
    run: Run, network: Matcher, optimiser: Optimiser, recipe: Recipe, progress: Progress
) -> Path:
    """Averaged weights as int8 rows."""
    path = run.folder / "matcher.safetensors"
    facts = {"steps": progress.done_steps, "minutes": round(progress.done_s / 60, 1)}
    header = Header("matcher", recipe.grid, network.size.to_dict(), facts=facts)
    save(path, header, {k: v.float() for k, v in optimiser.ema_state().items()}, small=True)
    return path
