"""Distillation: guidance, and then jumps, become inputs of the network.

Guidance: the student at weight w learns the teacher's guided velocity v_n + w (v_c - v_n) at one
call (arXiv 2210.03142). Jumps: u(t, r) learns the mean of its own two half jumps, from instants
up (shortcut models, arXiv 2410.12557). Both on the same random timelines as training, or extend,
loop and stream would break at few steps. Some clips stay at r = t,
w = 1: the teacher, which negative prompts and the tools go on using.
"""

# B batch, F latent frames

from __future__ import annotations

import copy
import random
from pathlib import Path

import torch
from torch import Tensor

from yozora.model.blocks import TextContext
from yozora.model.checkpoint import fill, latents_id
from yozora.model.layers import compute_dtype
from yozora.model.transformer import Transformer
from yozora.prompts.vocabulary import vocabulary
from yozora.training.course import Course
from yozora.training.latent_clips import LatentClips
from yozora.training.levels import draw_levels
from yozora.training.noising import noised, worn
from yozora.training.outlines import outlines_of
from yozora.training.recipe import Recipe
from yozora.training.shards import read_shards
from yozora.training.transformer_loop import export, velocity_loss, words_of

JUMP_SHARE = 0.25  # of the batches that learn jumps; the others learn guidance at instants
SHORTEST = 0.0625  # of the level that is left: so short a jump is the instant's own velocity
JUMPS = (0.125, 0.25, 0.5, 1.0)  # longer ones are two of half the length; 1.0 ends at clean frames
PLAIN_SHARE = 0.15  # of the clips at weight 1: the teacher as it was, which negatives and tools use


def train_distill(
    recipe: Recipe, folder: Path, data: Path, tokenizer: Path, teacher_path: Path
) -> Path:
    """Train or resume; returns the exported weights file, marked as distilled."""
    settings, grid = recipe.distill, recipe.grid
    course = Course(recipe, folder, "distill", settings, teacher_path)
    device, progress = course.device, course.progress
    words = vocabulary()
    size = recipe.transformer.size
    student = Transformer(grid, size, len(words))
    fill(student, teacher_path)
    teacher = copy.deepcopy(student).to(device, compute_dtype(device)).requires_grad_(False)
    course.take(student, settings.ema)
    rng = random.Random(course.seed)
    latents = latents_id(tokenizer)
    clips = LatentClips(data)
    if not len(clips):
        next(read_shards(data))  # raises with a remedy
    losses: dict[str, list[float]] = {"guide": [], "jump": []}

    def exported() -> Path:
        run, optimiser = course.run, course.optimiser
        return export(run, student, optimiser, recipe, words, progress, latents, distilled=True)

    while not course.over:
        frames = rng.choices(settings.frames, [share for _, share in settings.frames])[0][0]
        batch = clips.draw(
            rng,
            frames,
            settings.batch_tokens,
            (grid.token_rows, grid.token_cols),
            paraphrase=recipe.transformer.paraphrase,
            drop_caption=0.05,
            references=False,
        )
        clean = torch.from_numpy(batch.latents_BFCHW).to(device).float()
        b, f, _, h, w = clean.shape
        tokens = grid.tokens(w * grid.cell_px, h * grid.cell_px)
        level = draw_levels(rng, b, f, tokens, recipe.transformer.levels).to(device)
        outlines, _ = outlines_of(batch, level, rng, size.outlines)
        clean = torch.cat([clean, outlines], 2)
        x, _ = noised(clean, level, recipe.transformer.levels.context_noise, size.shared_noise)
        made = grid.channels  # how many of the state's values flow: all, or those of the picture
        if rng.random() < recipe.transformer.given:
            x = torch.cat([x[:, :, :made], worn(outlines)], 2)
        else:
            made = x.shape[2]
        ids, caption_BF = words_of(batch, words, device, size.text_words)
        second = torch.arange(f, device=device) / grid.latent_fps
        low, high = settings.guidance
        weight = low + (high - low) * torch.rand(b, device=device)
        weight = torch.where(torch.rand(b, device=device) < PLAIN_SHARE, 1.0, weight)
        jump = rng.random() < JUMP_SHARE * min(1.0, 2.0 * progress.share)
        text = student.encode_text(ids)
        with torch.no_grad():
            share = rng.choice((SHORTEST, *JUMPS)) if jump else 0.0
            end = level * (1.0 - share)
            if share > SHORTEST:
                target = two_halves(
                    student, x, level, end, weight, student.encode_text(ids), caption_BF, second,
                    made,
                )  # fmt: skip
            else:
                target = guided(teacher, x, level, weight, ids, caption_BF, second)
        out = student(x, level, end, weight, text, caption_BF, second)
        loss = velocity_loss(out[:, :, :made], target[:, :, :made], level)
        loss.backward()
        course.step(0.5, 0.05)
        losses["jump" if jump else "guide"].append(loss.item())
        if course.logs:
            means = {k: sum(v) / len(v) if v else 0.0 for k, v in losses.items()}
            course.log(**means)
            losses = {"guide": [], "jump": []}
        course.save(exported, latents=latents)
    course.checkpoint(latents=latents)
    return exported()


def guided(
    teacher: Transformer,
    x: Tensor,
    level: Tensor,
    weight: Tensor,
    ids: Tensor,
    caption_BF: Tensor,
    second: Tensor,
) -> Tensor:
    """The teacher's velocity under classifier-free guidance, one weight a clip."""
    from yozora.prompts.vocabulary import EMPTY, PAD

    empty = torch.full_like(ids[:1], PAD)
    empty[0, 0] = EMPTY
    one = torch.ones(len(x), device=x.device)
    v_c = teacher(x, level, level, one, teacher.encode_text(ids), caption_BF, second).float()
    nothing = torch.zeros_like(caption_BF)
    v_n = teacher(x, level, level, one, teacher.encode_text(empty), nothing, second).float()
    return v_n + weight[:, None, None, None, None] * (v_c - v_n)


def two_halves(
    student: Transformer,
    x: Tensor,
    level: Tensor,
    end: Tensor,
    weight: Tensor,
    text: TextContext,
    caption_BF: Tensor,
    second: Tensor,
    made: int,
) -> Tensor:
    """The mean velocity of two jumps of the student, each half as long; of each cell's values the
    first `made` flow, the others are given."""
    middle = (level + end) / 2.0
    first = student(x, level, middle, weight, text, caption_BF, second).float()
    gap = (middle - level)[:, :, None, None, None]
    x_middle = torch.cat([(x + gap * first)[:, :, :made], x[:, :, made:]], 2)
    then = student(x_middle, middle, end, weight, text, caption_BF, second).float()
    return (first + then) / 2.0
