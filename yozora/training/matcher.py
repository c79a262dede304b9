"""Trains the matcher by contrast: an individual apart is nearest to itself in a scene.

InfoNCE (arXiv 1807.03748) both ways over a batch: each picture apart is asked which of the batch's
views shows it, and each view which picture. Batches hold groups of one kind.
"""

# B individuals, E values of a point

from __future__ import annotations

import random
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from yozora.model.checkpoint import Header, fill, save
from yozora.model.matcher import Matcher, MatcherSize
from yozora.training.course import Course
from yozora.training.matcher_data import VIEWS, Individuals, pairs_of, start_renderers
from yozora.training.optim import parameters_m
from yozora.training.recipe import Recipe
from yozora.training.renderers import alone_in, tell_of_fallen, wait_for_shards

FIRST_SHARDS = 3  # that must be there before training starts
EMA = 0.99
TEMPERATURE = 0.07  # of the likenesses, as is usual for points of length 1
CHOICES = 20  # among which the right one is to be found


def train_matcher(recipe: Recipe, folder: Path, data: Path, init: Path | None = None) -> Path:
    """Render what is missing, then train or resume; returns the exported weights file."""
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
    course = Course(recipe, folder, "matcher", settings, init)
    network = Matcher(MatcherSize(settings.width))
    if init is not None:
        fill(network, init)
    course.take(network, EMA)
    rng = random.Random(course.seed)
    clips = Individuals(data)
    print(
        f"matcher: {parameters_m(network.parameters()):.2f}M parameters, {len(clips)} individuals "
        f"so far, {settings.batch} a step"
    )
    losses: list[float] = []
    right: list[float] = []
    while not course.over:
        batch = clips.draw(rng, settings.batch)
        apart = network(batch.references_BSS3.to(course.device))
        seen = network(batch.views_BHW3.to(course.device))
        loss = contrast(apart, seen)
        loss.backward()
        course.step(0.4, 0.02)
        losses.append(loss.item())
        right.append(hits(apart, seen))
        if course.logs:
            clips.refresh()
            course.log(
                loss=sum(losses) / len(losses),
                right=sum(right) / len(right),
                individuals=len(clips),
            )
            losses, right = [], []
        course.save(lambda: export(course, network))
    course.checkpoint()
    path = export(course, network)
    network.load_state_dict(course.optimiser.ema_state())
    course.run.log(measured=round(measure(network.eval(), clips), 4))
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


def export(course: Course, network: Matcher) -> Path:
    """Averaged weights as int8 rows."""
    path = course.run.folder / "matcher.safetensors"
    grid = course.recipe.grid
    header = Header("matcher", grid, network.size.to_dict(), facts=course.facts())
    save(path, header, course.averaged(), small=True)
    return path
