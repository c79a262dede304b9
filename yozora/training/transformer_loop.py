"""Trains the transformer: rectified flow on random timelines, from single frames to whole clips.

Velocity target `noise - clean` (rectified flow, arXiv 2209.03003), one noise level per latent
frame, loss only where the level is above 0, so that every editing tool is learnt from step 0.
"""

# B batch, F latent frames, N tokens a frame, C channels, H, W cells, U captions

from __future__ import annotations

import os
import random
import shutil
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from yozora.model.checkpoint import Header, fill, latents_id, save
from yozora.model.transformer import ROLES, References, Transformer, Window
from yozora.prompts.vocabulary import MAX_WORDS, Vocabulary, vocabulary
from yozora.training.course import save_state
from yozora.training.distributed import device_of, join_team, spread_over
from yozora.training.errors import TrainingError
from yozora.training.grow import grow
from yozora.training.latent_clips import Batch, LatentClips
from yozora.training.levels import draw_levels
from yozora.training.noising import noised, worn
from yozora.training.optim import Optimiser, parameters_m
from yozora.training.outlines import (
    outline_loss,
    outline_velocity_loss,
    outlines_of,
    partly_told,
)
from yozora.training.recipe import Recipe, Stage
from yozora.training.run import Progress, Run, dice
from yozora.training.shards import read_shards
from yozora.training.sheets import sample_sheet

SOME_CLIPS = 512  # whose variance tells the channels' weights
CLOSE_FRAMES = 3  # most latent frames of a batch that sees only a window: longer ones leave it
MADE_OF = {"outliner": "outlines", "planner": "plans"}  # instead of latents
CLOSE_TOP = 0.94  # highest level of a window around a subject


def flops_a_token(network: Transformer, tokens: int) -> float:
    """Forward and backward floating-point operations a token, attention included."""
    size = network.size
    matrices = sum(p.numel() for b in network.blocks for p in b.parameters() if p.ndim == 2)
    return 6.0 * matrices + 12.0 * tokens * size.width * size.blocks


def words_of(
    batch: Batch, words: Vocabulary, device: torch.device, most: int = MAX_WORDS
) -> tuple[Tensor, Tensor]:
    """Ids (U, L) of the batch's captions and each frame's caption (B, F).

    A clip with one caption keeps a row of its own, so that the network need not gather.
    """
    texts: list[str] = []
    index = []
    if all(len(set(told)) == 1 for told in batch.captions):
        texts = [told[0] for told in batch.captions]
        index = [[i] * len(told) for i, told in enumerate(batch.captions)]
    else:
        for told in batch.captions:
            for text in told:
                if text not in texts:
                    texts.append(text)
        index = [[texts.index(text) for text in told] for told in batch.captions]
    ids = torch.tensor(words.encode_all(texts, most), device=device)
    return ids, torch.tensor(index, device=device)


def kept_tokens(
    rng: random.Random, tokens: int, share: float, device: torch.device
) -> Tensor | None:
    """Which tokens of a frame go through all blocks: all but a `share` of them, drawn anew."""
    count = max(1, tokens - round(share * tokens))
    if count == tokens:
        return None
    return torch.tensor(sorted(rng.sample(range(tokens), count)), device=device)


def references_of(batch: Batch, device: torch.device) -> References | None:
    if batch.looks_BKCHW is None:
        return None
    latents = torch.from_numpy(batch.looks_BKCHW).to(device).float()
    return References(latents, tuple(ROLES.index(r) for r in batch.roles))


def window_of(batch: Batch, device: torch.device) -> Window | None:
    if batch.window_B4 is None:
        return None
    return Window(*torch.from_numpy(batch.window_B4).to(device, torch.float32).unbind(1))


def cell_weights(batch: Batch, weight: float, level_BF: Tensor) -> Tensor | None:
    """1 where there is no subject, 1 + `weight` where one fills a cell: (B, F, H, W).

    Only at levels that leave no doubt where the subject is: a weight that depends on what cannot be
    seen yet would teach to see subjects where they may be. It grows from level 0.95 down to 0.8:
    there the place shows, and the shape is what is settled (docs/log.md).
    """
    if batch.subject_BFHW is None or weight == 0.0:
        return None
    sure_BF = ((0.95 - level_BF) / 0.15).clamp(0.0, 1.0)
    share = torch.from_numpy(batch.subject_BFHW).to(level_BF.device).float()
    return 1.0 + weight * sure_BF[:, :, None, None] * share


def channel_weights(clips: LatentClips, power: float) -> Tensor:
    """(C,), mean 1: each channel's variance over the first clips to a power.

    Channels are stored as large as the root of their reach in pixels (`tokenizer.channel_power`),
    so the first power of the variance makes the loss an error in pixels, to first order.
    """
    some = next(iter(clips.items.values()))[:SOME_CLIPS]
    frames = np.concatenate([item.latents_FCHW for item in some]).astype(np.float32)
    weight = torch.from_numpy(frames.var((0, 2, 3))).clamp(min=1e-6) ** power
    return weight / weight.mean()


def velocity_loss(
    out: Tensor,
    target: Tensor,
    level_BF: Tensor,
    weight_BFHW: Tensor | None = None,
    weight_C: Tensor | None = None,
) -> Tensor:
    """Mean squared error over frames whose level is above 0, cells and channels weighted."""
    error = (out.float() - target).square()
    if weight_C is not None:
        error = error * weight_C[:, None, None]
    if weight_BFHW is not None:
        error = error * (weight_BFHW / weight_BFHW.mean())[:, :, None]
    error = error.mean((2, 3, 4))
    scored = (level_BF > 0).float()
    return (error * scored).sum() / scored.sum().clamp(min=1.0)


class Velocity(nn.Module):
    """The training step's forward pass, words included: what `fully_shard` gathers around."""

    def __init__(self, network: Transformer) -> None:
        super().__init__()
        self.network = network

    def forward(
        self,
        x: Tensor,
        level_BF: Tensor,
        ids_UL: Tensor,
        caption_BF: Tensor,
        second_F: Tensor,
        references: References | None,
        window: Window | None = None,
        kept_N: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """The plain velocity (r = t, w = 1), (B, F, C, H, W), and the outline's logits."""
        one = torch.ones(len(x), device=x.device)
        text = self.network.encode_text(ids_UL)
        return self.network.outlined(
            x, level_BF, level_BF, one, text, caption_BF, second_F, references, window, kept_N
        )

    def groups(self) -> list[list[nn.Module]]:
        """What is gathered together: a block's linears, in the order in which they run."""
        parts = [
            (b.qkv, b.out, b.cross_q, b.cross_kv, b.cross_out, b.mlp) for b in self.network.layers()
        ]
        return [[part for part in block if part is not None] for block in parts]


def train_transformer(
    recipe: Recipe,
    folder: Path,
    data: Path,
    tokenizer: Path | None = None,
    init: Path | None = None,
    grown: bool = False,
    kind: str = "transformer",
) -> Path:
    """Train or resume; returns the exported weights file.

    With the tokenizer that made the latents, a sheet of samples is drawn at intervals. `kind`: an
    "outliner" learns outlines as others learn latents, a "planner" plans, by `recipe.of_part`.
    """
    torch.manual_seed(recipe.seed)
    torch.set_num_threads(recipe.threads)
    settings, grid, alone = recipe.transformer, recipe.grid, kind in MADE_OF
    team, device = join_team(), device_of()
    words = vocabulary()
    network = Transformer(grid, settings.size, len(words))
    if init is not None and grown:
        print(grow(network, init, words, kind), flush=True)
    elif init is not None:
        fill(network, init)
    if settings.fuse:
        compiler = os.environ.get("CXX", "g++")
        if shutil.which(compiler) is None:
            raise TrainingError(
                f"There is no C++ compiler ({compiler}): install one, or write fuse = false."
            )
        network.fuse()
    run = Run(folder, recipe, writes=team.first)
    state = run.load()
    clips = LatentClips(data, team, settings.more, MADE_OF.get(kind, "latents"))
    if not len(clips):
        next(read_shards(data))  # raises with a remedy
    velocity = Velocity(network)
    spread = spread_over(team, velocity, network, velocity.groups(), device)
    optimiser = Optimiser(network, settings.optimiser, settings.ema, spread)
    progress = Progress(sum(s.minutes for s in settings.stages), settings.steps)
    if state is not None:
        optimiser.load_state_dict(state["optimiser"])
        progress.done_steps, progress.done_s = state["steps"], state["seconds"]
    seed = dice(recipe, kind, progress.done_steps, init)
    rng = random.Random(seed)
    torch.manual_seed(seed)
    latents = latents_id(tokenizer) if tokenizer is not None else ""
    channels = channel_weights(clips, settings.channel_power).to(device)
    a_frame = grid.tokens(grid.width, grid.height)
    rate = flops_a_token(network, a_frame * 3)
    run.say(
        f"{kind}: {parameters_m(network.parameters()):.1f}M parameters, "
        f"{len(clips)} clips, {clips.frames} latent frames; "
        f"{rate / 1e6:.0f} MFLOP a token, {settings.batch_tokens} tokens a step"
    )
    began, already = time.monotonic(), progress.done_s
    window_tokens = 0
    window_began = time.monotonic()
    losses: list[float] = []
    while not progress.over:
        stage = stage_of(recipe, progress)
        frames = rng.choices(stage.frames, [share for _, share in stage.frames])[0][0]
        close = frames <= CLOSE_FRAMES and rng.random() < stage.close
        batch = clips.draw(
            rng,
            frames,
            settings.batch_tokens,
            (grid.token_rows, grid.token_cols),
            paraphrase=settings.paraphrase,
            drop_caption=settings.drop_caption,
            references=not close and one_in(rng, settings.reference_every),
            close=settings.close_cells if close else None,
            cut=settings.cut,
        )
        clean = torch.from_numpy(batch.latents_BFCHW).to(device).float()
        b, f, _, h, w = clean.shape
        tokens = grid.tokens(w * grid.cell_px, h * grid.cell_px)
        whole = a_frame if close else tokens
        levels = draw_levels(rng, b * team.size, f, whole, settings.levels)
        if close:  # a window tells where a subject is: no higher than that shows anyway
            levels = levels * CLOSE_TOP
        level = team.rows(levels).to(device)
        outlines, outlined = outlines_of(batch, level, rng, settings.size.outlines)
        whole_state = torch.cat([clean, outlines], 2)
        x, target = noised(
            whole_state, level, settings.levels.context_noise, settings.size.shared_noise, team
        )
        given = rng.random() < settings.given
        if alone:
            x = partly_told(x, level, rng)
        elif given:
            x = torch.cat([x[:, :, : grid.channels], worn(outlines, team)], 2)
        ids, caption_BF = words_of(batch, words, device, settings.size.text_words)
        second_F = torch.arange(f, device=device) / grid.latent_fps
        looks, window = references_of(batch, device), window_of(batch, device)
        kept = kept_tokens(rng, tokens, settings.route, device)
        out, outline = velocity(x, level, ids, caption_BF, second_F, looks, window, kept)
        cells = cell_weights(batch, settings.subject_weight, level)
        c = grid.channels
        loss = velocity_loss(out[:, :, :c], target[:, :, :c], level, cells, channels)
        loss = loss + settings.outline_weight * outline_loss(outline, batch)
        if not given and not alone:
            error = (out - target)[:, :, c:]
            loss = loss + settings.shape_weight * outline_velocity_loss(error, outlined, level)
        if team.size > 1:  # the mean over the team's frames, not over its processes
            loss = loss * (team.rows(levels) > 0).sum() / (levels > 0).sum() * team.size
        loss.backward()
        optimiser.step(progress.falling(settings.decay_from, settings.floor))
        progress.done_steps += 1
        window_tokens += b * f * tokens * team.size
        losses.append(loss.item())
        now_s = already + time.monotonic() - began
        due = run.due("log", recipe.log_every_s), run.due("save", recipe.save_every_s)
        progress.done_s, (log, keep) = team.agree((now_s, due))
        if log or progress.over:
            clips.refresh()
            speed = window_tokens / (time.monotonic() - window_began)
            run.log(
                step=progress.done_steps,
                minutes=progress.done_s / 60,
                loss=team.mean(sum(losses) / len(losses)),
                tokens_s=speed,
                tflops=speed * rate / 1e12,
                clips=len(clips),
                frames=frames,
            )
            losses, window_tokens, window_began = [], 0, time.monotonic()
        if keep:
            save_state(run, optimiser, progress, latents=latents)
            made = export(run, network, optimiser, recipe, words, progress, latents, kind=kind)
            if tokenizer is not None and team.first and run.due("sheet", recipe.sheet_every_s):
                sample_sheet(folder / f"sheet-{progress.done_steps:07d}.png", tokenizer, made)
            run.stop_if_asked(team.agree)
    save_state(run, optimiser, progress, latents=latents)
    return export(run, network, optimiser, recipe, words, progress, latents, kind=kind)


def one_in(rng: random.Random, many: int) -> bool:
    """True one time in so many; never for 0."""
    return many > 0 and rng.randrange(many) == 0


def stage_of(recipe: Recipe, progress: Progress) -> Stage:
    """The stage that the progress stands in."""
    stages = recipe.transformer.stages
    whole = sum(s.minutes for s in stages)
    at = progress.share * whole
    for stage in stages:
        at -= stage.minutes
        if at < 0:
            break
    return stage


def reference_px(recipe: Recipe) -> int:
    """Side of the pictures that the network was shown apart; 0 where it was shown none."""
    data = recipe.data
    return data.reference_px if data.source == "world" and data.reference_share > 0.0 else 0


def export(
    run: Run,
    network: Transformer,
    optimiser: Optimiser,
    recipe: Recipe,
    words: Vocabulary,
    progress: Progress,
    latents: str,
    distilled: bool = False,
    kind: str = "transformer",
) -> Path:
    """Averaged weights as int8 rows, with the vocabulary and what they were trained on.

    `latents`: of which tokenizer (`checkpoint.latents_id`).
    """
    path = run.folder / f"{kind}.safetensors"
    facts = {
        "steps": progress.done_steps,
        "minutes": round(progress.done_s / 60, 1),
        "distilled": distilled,
        "latents": latents,
        "reference_px": reference_px(recipe) if recipe.transformer.reference_every else 0,
        "given": recipe.transformer.given,
    }
    header = Header(kind, recipe.grid, recipe.transformer.size.to_dict(), words.words, facts)
    state = {k: v.float() for k, v in optimiser.ema_state().items()}
    if run.writes:
        save(path, header, state, small=True)
    return path
