"""What the numbers of a recipe must be, told when it is read and not after hours of rendering."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from yozora.model.grid import FINE, MOST_FPS, Grid
from yozora.model.outlines import outline_grid
from yozora.model.plans import plan_grid
from yozora.model.tokenizer import TokenizerSize
from yozora.training.errors import TrainingError
from yozora.training.latent_clips import RARE
from yozora.training.optim import OptimiserSettings
from yozora.training.recipe import Recipe, TransformerRun
from yozora.world.assets import ASSETS

SOURCES = ("world", "folder", "webdataset")
HEAD = 64  # channels of an attention head: widths are multiples
JUDGE_HEADS = 6  # that three times the judge's width is shared out between
MOST_PROCESSES = 1024
MOST_TOKENS = 2**24  # a step: more fills any memory
MOST_PIXELS = 2**28  # of a tokenizer's step, likewise
MOST_CELL = 2**15  # pixel values a cell: the tokenizer starts from a table of their products
MOST_CHANNELS = 1024
MOST_SIDE = 4096  # pixels
MOST_SCENES = 10**8
MOST_FRAMES = 256  # latent frames of a clip
MOST_CLIPS = 4096  # a step
MOST_WIDTH, MOST_BLOCKS = 8192, 128  # of a network
MOST_WORDS = 1000  # that a network reads of a caption

Rule = tuple[str, bool, str]  # setting, whether its value can be, what it must be


def check(recipe: Recipe, file: str) -> None:
    """Raises `TrainingError` with the first setting that cannot be."""
    for rules in (_run, _grid, _data, _tokenizer, _transformer, _others, _finish):
        for where, good, remedy in rules(recipe):
            if not good:
                raise TrainingError(f"{file}: {where} {remedy}.")


def _run(recipe: Recipe) -> Iterator[Rule]:
    named = re.fullmatch(r"\w[\w.-]{0,99}", recipe.name) is not None
    yield "name", named, "names a folder: use letters, digits, dots and dashes"
    yield "home", "\0" not in recipe.home, "names no folder: write a path"
    yield from _within("threads", recipe.threads, 1, MOST_PROCESSES)
    names = ("save_every_s", "log_every_s", "sheet_every_s")
    yield from _above({name: getattr(recipe, name) for name in names})
    yield "seed", recipe.seed >= 0, "must not be below 0"


def _grid(recipe: Recipe) -> Iterator[Rule]:
    grid = recipe.grid
    yield from _within("grid.fps", grid.fps, 1, MOST_FPS)
    yield from _within("grid.frames_per_latent", grid.frames_per_latent, 1, 64)
    yield from _within("grid.cell_px", grid.cell_px, 1, 96)
    yield "grid.cell_px", grid.cell_px % (2 * FINE) == 0, f"must be a multiple of {2 * FINE}"
    values = 3 * grid.frames_per_latent * grid.cell_px**2
    most = f"makes {values} values a cell (3 x frames x cell_px x cell_px): at most {MOST_CELL}"
    yield "grid.frames_per_latent", values <= MOST_CELL, f"{most}, so choose fewer frames"
    yield from _within("grid.channels", grid.channels, 1, min(MOST_CHANNELS, values))
    yield from _within("grid.token_rows", grid.token_rows, 1, 64)
    yield from _within("grid.token_cols", grid.token_cols, 1, 64)
    step_h, step_w = grid.step_px
    fits = grid.width > 0 and grid.width % step_w == 0
    yield "grid.width", fits, f"must be a multiple of {step_w} pixels, a token's width"
    fits = grid.height > 0 and grid.height % step_h == 0
    yield "grid.height", fits, f"must be a multiple of {step_h} pixels, a token's height"
    small = max(grid.width, grid.height) <= MOST_SIDE
    yield "grid.width", small, f"and height must be {MOST_SIDE} pixels at most"
    yield "grid.window_s", 0 < grid.window_s <= 600, "must be above 0 and at most 600 seconds"


def _data(recipe: Recipe) -> Iterator[Rule]:
    data, grid = recipe.data, recipe.grid
    known = data.source in SOURCES
    yield "data.source", known, f"is {data.source!r}: choose one of {', '.join(SOURCES)}"
    yield from _within("data.scenes", data.scenes, 1, MOST_SCENES)
    yield from _within("data.scenes_a_shard", data.scenes_a_shard, 1, 10_000)
    yield from _share({"data.reference_share": data.reference_share})
    yield from _within("data.workers", data.workers, 0, MOST_PROCESSES)
    kept = data.ring == 0 or data.ring >= 2
    yield "data.ring", kept, "must be 0 to keep all shards, or 2 or more: one measures, one teaches"
    yield from _within("data.paraphrases", data.paraphrases, 0, 100)
    yield from _frames("data.lengths", data.lengths)
    yield "data.sizes", _table(data.sizes, grid.cell_px), "must read as [[256, 144, 1.0]]"
    step_h, step_w = grid.step_px
    whole = all(w % step_w == 0 and h % step_h == 0 for w, h, _ in data.sizes)
    yield "data.sizes", whole, f"must be multiples of {step_w}x{step_h} pixels, a token"
    small = all(max(w, h) <= MOST_SIDE for w, h, _ in data.sizes)
    yield "data.sizes", small, f"must have sides of {MOST_SIDE} pixels at most"
    least = min(min(w, h) for w, h, _ in data.sizes)
    side = data.reference_px
    fits = 0 < side <= least and side % step_w == 0 and side % step_h == 0
    yield (
        "data.reference_px",
        fits or data.reference_share == 0,
        f"must be a multiple of {max(step_w, step_h)} and at most {least}, the smallest side",
    )


def _tokenizer(recipe: Recipe) -> Iterator[Rule]:
    run, cell = recipe.tokenizer, recipe.grid.cell_px
    yield from _within("tokenizer.batch", run.batch, 1, MOST_CLIPS)
    yield from _within("tokenizer.frames", run.frames, 1, MOST_FRAMES)
    least = min(min(w, h) for w, h, _ in recipe.data.sizes)
    fits = 0 < run.crop <= least and run.crop % cell == 0
    yield "tokenizer.crop", fits, f"must be a multiple of {cell} and at most {least}"
    pixels = run.batch * run.frames * recipe.grid.frames_per_latent * run.crop**2
    most = f"makes {pixels} pixels a step (clips x frames x crop x crop): at most {MOST_PIXELS}"
    yield "tokenizer.batch", pixels <= MOST_PIXELS, f"{most}, so choose fewer clips"
    yield from _tokenizer_size(run.size)
    yield from _length("tokenizer", run.minutes, run.steps)
    yield from _share({"tokenizer.ema": run.ema, "tokenizer.other_share": run.other_share})
    yield "tokenizer.noise", 0 <= run.noise <= 10, "must be 0 to 10"
    yield "tokenizer.critic", 0 <= run.critic <= 10, "must be 0 to 10"
    yield from _share({"tokenizer.reworked": run.reworked})
    low, high = run.rework_from
    yield "tokenizer.rework_from", 0 < low <= high < 1, "must be two levels in 0 to 1, both within"
    yield "tokenizer.steady", 0 <= run.steady <= 100, "must be 0 to 100"
    for name in ("critic", "reworked", "steady"):
        alone = run.decoder_only or getattr(run, name) == 0
        yield f"tokenizer.{name}", alone, "is of the decoder alone: it needs decoder_only = true"
    world = recipe.data.source == "world" or run.reworked == 0
    yield "tokenizer.reworked", world, "needs renders: data.source must be world"
    yield "tokenizer.channel_power", 0 <= run.channel_power <= 4, "must be 0 to 4"
    yield "tokenizer.outline_weight", 0 <= run.outline_weight <= 1e3, "must be 0 to 1000"
    yield from _optimiser("tokenizer", run.optimiser)


def _tokenizer_size(size: TokenizerSize) -> Iterator[Rule]:
    for name in ("fine", "coarse", "smooth"):
        yield from _within(f"tokenizer.size.{name}", getattr(size, name), 1, MOST_WIDTH)
    for name in ("encoder_blocks", "decoder_blocks"):
        good = all(0 <= count <= MOST_BLOCKS for count in getattr(size, name))
        yield f"tokenizer.size.{name}", good, f"must be two numbers of 0 to {MOST_BLOCKS}"


def _transformer(recipe: Recipe) -> Iterator[Rule]:
    yield from _flow("transformer", recipe.transformer, recipe.grid, (1, 2))
    yield from _flow("outliner", recipe.outliner, outline_grid(recipe.grid), (0,))
    yield from _flow("planner", recipe.planner, plan_grid(recipe.grid), (0,))


def _flow(part: str, run: TransformerRun, grid: Grid, planes: tuple[int, ...]) -> Iterator[Rule]:
    size = run.size
    for name in ("width", "text_width"):
        value = getattr(size, name)
        whole = 0 < value <= MOST_WIDTH and value % HEAD == 0
        asks = f"must be a multiple of {HEAD}, {MOST_WIDTH} at most"
        yield f"{part}.size.{name}", whole, asks
    yield from _within(f"{part}.size.blocks", size.blocks, 1, MOST_BLOCKS)
    read = 1 <= size.cross_every <= size.blocks
    told = f"must be {' or '.join(map(str, planes))} planes"
    yield f"{part}.size.outlines", size.outlines in planes, told
    for name in ("clock", "bag"):
        yield f"{part}.size.{name}", getattr(size, name) in (0, 1), "must be 0 or 1"
    maps = (1,) if part == "transformer" else (0, 1)
    asks = f"must be {' or '.join(map(str, maps))}"
    yield f"{part}.size.flow_map", size.flow_map in maps, asks
    yield from _within(f"{part}.size.text_words", size.text_words, 1, MOST_WORDS)
    yield f"{part}.size.cross_every", read, "must be 1 to the number of blocks"
    yield from _within(f"{part}.batch_tokens", run.batch_tokens, 1, MOST_TOKENS)
    yield f"{part}.reference_every", run.reference_every >= 0, "must not be below 0"
    names = ("drop_caption", "paraphrase", "cut", "ema", "decay_from", "floor", "route", "given")
    yield from _share({f"{part}.{name}": getattr(run, name) for name in names})
    yield from _share({f"{part}.size.shared_noise": size.shared_noise})
    for name in ("subject_weight", "outline_weight", "shape_weight"):
        yield f"{part}.{name}", 0 <= getattr(run, name) <= 1e3, "must be 0 to 1000"
    known = (*sorted(ASSETS), *RARE)
    often = all(name in known and 0 < times <= 100 for name, times in run.more)
    asks = f'must be [["dog", 2.0], ...], times up to 100 and names of {", ".join(known)}'
    yield f"{part}.more", often, asks
    named = [name for name, _ in run.more]
    twice = next((name for name in named if named.count(name) > 1), "")
    yield f"{part}.more", not twice, f"names {twice!r} twice: leave one of the two out"
    yield f"{part}.channel_power", 0 <= run.channel_power <= 4, "must be 0 to 4"
    yield f"{part}.stages", bool(run.stages), "is empty: give at least one"
    for stage in run.stages:
        yield f"{part}.stages", 0 <= stage.minutes <= 1e6, "must have minutes of 0 or more"
        yield from _frames(f"{part}.stages", stage.frames)
        yield f"{part}.stages", 0 <= stage.close <= 1, "have close as a share: choose 0 to 1"
    yield from _length(part, sum(stage.minutes for stage in run.stages), run.steps)
    token = grid.token_rows, grid.token_cols
    sides = zip(run.close_cells, token, strict=True)
    fits = all(side > 0 and side % of == 0 for side, of in sides)
    yield f"{part}.close_cells", fits, f"must be multiples of {list(token)}, a token's cells"
    mix = run.levels
    kinds = ("independent", "staircase", "prefix", "suffix", "ends", "middle", "half")
    shares = {f"{part}.levels.{name}": getattr(mix, name) for name in (*kinds, "even", "top")}
    yield from _share(shares)
    yield f"{part}.levels", sum(getattr(mix, k) for k in kinds) <= 1, "sums to more than 1"
    yield f"{part}.levels", mix.even + mix.top <= 1, "has even and top above 1 together"
    yield f"{part}.levels.std", 0 < mix.std <= 10, "must be above 0"
    yield f"{part}.levels.mean", -10 <= mix.mean <= 10, "must be -10 to 10"
    yield from _share({f"{part}.levels.context_noise": mix.context_noise})
    yield from _optimiser(part, run.optimiser)


def _others(recipe: Recipe) -> Iterator[Rule]:
    run, judge = recipe.distill, recipe.judge
    yield from _within("distill.batch_tokens", run.batch_tokens, 1, MOST_TOKENS)
    yield from _frames("distill.frames", run.frames)
    yield from _length("distill", run.minutes, run.steps)
    yield from _share({"distill.ema": run.ema})
    yield from _optimiser("distill", run.optimiser)
    low, high = run.guidance
    yield "distill.guidance", 0 <= low <= high <= 100, "must be two weights, the lower one first"
    yield from _within("judge.scenes", judge.scenes, 1, MOST_SCENES)
    yield from _within("judge.batch", judge.batch, 1, MOST_CLIPS)
    yield from _within("judge.width", judge.width, 1, MOST_WIDTH)
    for name in ("short_scenes", "changing_scenes"):
        yield from _within(f"judge.{name}", getattr(judge, name), 0, MOST_SCENES)
    yield from _optimiser("judge", judge.optimiser)
    shared = 3 * judge.width % JUDGE_HEADS == 0
    yield "judge.width", shared, "must be an even number"
    yield from _length("judge", judge.minutes, judge.steps)
    matcher = recipe.matcher
    yield from _within("matcher.individuals", matcher.individuals, 1, MOST_SCENES)
    yield from _within("matcher.individuals_a_shard", matcher.individuals_a_shard, 1, 10_000)
    yield from _within("matcher.batch", matcher.batch, 2, MOST_CLIPS)
    yield from _within("matcher.width", matcher.width, 1, MOST_WIDTH)
    yield from _optimiser("matcher", matcher.optimiser)
    yield from _length("matcher", matcher.minutes, matcher.steps)


def _finish(recipe: Recipe) -> Iterator[Rule]:
    for part, run in (("upsampler", recipe.upsampler), ("interpolator", recipe.interpolator)):
        yield from _within(f"{part}.scenes", run.scenes, 1, MOST_SCENES)
        yield from _within(f"{part}.scenes_a_shard", run.scenes_a_shard, 1, 10_000)
        halves = run.scenes > run.scenes_a_shard
        told = f"must be more than scenes_a_shard ({run.scenes_a_shard}): the first shard measures"
        yield f"{part}.scenes", halves, told
        yield from _within(f"{part}.moments", run.moments, 1, 1000)
        yield from _within(f"{part}.batch", run.batch, 1, MOST_CLIPS)
        yield from _within(f"{part}.crop", run.crop, 16, MOST_SIDE)
        pixels = run.batch * run.crop**2
        most = f"makes {pixels} pixels a step (crops x crop x crop): at most {MOST_PIXELS // 8}"
        yield f"{part}.batch", pixels <= MOST_PIXELS // 8, f"{most}, so choose fewer crops"
        yield from _share({f"{part}.ema": run.ema})
        yield from _length(part, run.minutes, run.steps)
        yield from _optimiser(part, run.optimiser)
    up, between = recipe.upsampler, recipe.interpolator
    shares = {f"upsampler.{name}": getattr(up, name) for name in ("soft_share", "lone_share")}
    yield from _share(shares)
    yield from _within("upsampler.size.width", up.size.width, 1, MOST_WIDTH)
    yield from _within("upsampler.size.blocks", up.size.blocks, 0, MOST_BLOCKS)
    yield from _within("upsampler.size.around", up.size.around, 0, 1)
    yield from _within("upsampler.crops", up.crops, 1, 100)
    yield from _within("interpolator.crops", between.crops, 1, 100)
    for name in ("fine", "coarse", "mend"):
        value = getattr(between.size, name)
        yield from _within(f"interpolator.size.{name}", value, 1, MOST_WIDTH)
    for name in ("coarse_blocks", "fine_blocks"):
        value = getattr(between.size, name)
        yield from _within(f"interpolator.size.{name}", value, 0, MOST_BLOCKS)


def _above(values: dict[str, float]) -> Iterator[Rule]:
    for where, value in values.items():
        yield where, value > 0, "must be above 0"


def _share(values: dict[str, float]) -> Iterator[Rule]:
    for where, value in values.items():
        yield where, 0 <= value <= 1, "is a share: choose 0 to 1"


def _within(where: str, value: int, low: int, high: int) -> Iterator[Rule]:
    yield where, low <= value <= high, f"must be {low} to {high}"


def _length(part: str, minutes: float, steps: int) -> Iterator[Rule]:
    yield f"{part}.minutes", 0 <= minutes <= 1e6, "must be a number of 0 or more"
    yield f"{part}.steps", steps >= 0, "must not be below 0"
    yield (
        f"{part}.minutes",
        minutes > 0 or steps > 0,
        "is 0, and so are its steps: set one",
    )


def _optimiser(part: str, of: OptimiserSettings) -> Iterator[Rule]:
    place = f"{part}.optimiser"
    good = 0 <= of.muon_lr <= 10 and 0 <= of.adam_lr <= 10
    yield place, good, "has a learning rate outside 0 to 10"
    yield f"{place}.momentum", 0 <= of.momentum < 1, "must be 0 or more and below 1"
    yield f"{place}.betas", all(0 <= b < 1 for b in of.betas), "must be 0 or more and below 1"
    yield f"{place}.eps", 0 < of.eps <= 1, "must be above 0 and at most 1"
    yield f"{place}.weight_decay", 0 <= of.weight_decay <= 10, "must be 0 to 10"
    yield from _within(f"{place}.warmup", of.warmup, 0, 10**9)
    yield from _above({f"{place}.clip": of.clip})
    yield from _within(f"{place}.ns_steps", of.ns_steps, 1, 100)


def _frames(where: str, rows: Sequence[tuple[int, float]]) -> Iterator[Rule]:
    """Rows of latent frames a clip and their share."""
    good = _table(rows, 1) and all(count <= MOST_FRAMES for count, _ in rows)
    asks = (
        f"must have rows of frames and share like [[3, 0.6], [6, 0.4]], frames 1 to {MOST_FRAMES}"
    )
    yield where, good, asks


def _table(rows: Sequence[Sequence[float]], least: int) -> bool:
    """Whether a table of values and weights can be drawn from."""
    values = all(value >= least for row in rows for value in row[:-1])
    weights = [row[-1] for row in rows]
    return values and all(0 <= w < math.inf for w in weights) and sum(weights) > 0
