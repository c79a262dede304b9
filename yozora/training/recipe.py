"""A training run as one frozen value.

Every setting stands beside the thing it sets, with one line of meaning. `recipe_reading` reads one
from `runs/*.toml`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from yozora.model.grid import Grid
from yozora.model.interpolator import InterpolatorSize
from yozora.model.outlines import outline_grid
from yozora.model.plans import plan_grid
from yozora.model.tokenizer import TokenizerSize
from yozora.model.transformer import TransformerSize
from yozora.model.upsampler import UpsamplerSize
from yozora.training.levels import LevelMix
from yozora.training.optim import OptimiserSettings


@dataclass(frozen=True, slots=True)
class DataSettings:
    """What is trained on."""

    source: str = "world"  # "world": rendered here; "folder" or "webdataset": real videos
    path: str = ""  # of the folder, or of the WebDataset shards (glob), for real videos
    scenes: int = 4000  # rendered in all, for the world
    scenes_a_shard: int = 100
    seed: int = 1
    sizes: tuple[tuple[int, int, float], ...] = ((256, 144, 0.8), (160, 256, 0.1), (192, 192, 0.1))
    lengths: tuple[tuple[int, float], ...] = ((3, 0.6), (6, 0.22), (12, 0.18))  # latent frames
    reference_share: float = 0.15  # of scenes whose first subject is also rendered apart
    reference_px: int = 96  # side of that picture
    paraphrases: int = 3  # kept with each clip
    workers: int = 2  # rendering processes
    ring: int = 0  # if above 0, only so many shards of pixels are kept: the newest, and the first


@dataclass(frozen=True, slots=True)
class TokenizerRun:
    """How the tokenizer is trained."""

    size: TokenizerSize = TokenizerSize()
    optimiser: OptimiserSettings = OptimiserSettings(muon_lr=0.02, adam_lr=1.5e-3)
    minutes: float = 20.0  # wall clock; the learning rate falls to zero at its end
    steps: int = 0  # if above 0, an end by count instead of by clock
    batch: int = 8  # clips a step
    frames: int = 3  # latent frames a clip
    crop: int = 128  # pixels a side
    noise: float = 0.25  # most noise on the latents, in their standard deviations
    other_share: float = 0.03  # of clips that are dead leaves, fractals, text, noise: not renders
    ema: float = 0.998
    outline_weight: float = 1.0  # in the loss, of telling where subjects are
    channel_power: float = 0.5  # of a latent channel's reach in pixels: how large it is stored
    decoder_only: bool = False  # latents stay as they are: transformers and films remain valid
    critic: float = 0.0  # of the decoder alone: the critic's pull beside squared error's
    reworked: float = 0.0  # of the decoder alone: share of steps on latents that were reworked
    rework_from: tuple[float, float] = (0.3, 0.7)  # from which levels
    steady: float = 0.0  # of the decoder alone: how much frames' changes count beside the frames


@dataclass(frozen=True, slots=True)
class Stage:
    """One part of the transformer's curriculum."""

    minutes: float
    frames: tuple[tuple[int, float], ...]  # (latent frames a clip, share of the batches)
    close: float = 0.0  # share of batches of a second or less that see a window with a subject


@dataclass(frozen=True, slots=True)
class TransformerRun:
    """How the transformer is trained."""

    size: TransformerSize = TransformerSize()
    optimiser: OptimiserSettings = OptimiserSettings()
    stages: tuple[Stage, ...] = (Stage(30.0, ((1, 1.0),)), Stage(30.0, ((3, 0.5), (6, 0.5))))
    steps: int = 0  # if above 0, an end by count instead of by clock
    batch_tokens: int = 4608  # tokens a step, whatever the clips' length
    levels: LevelMix = LevelMix()
    subject_weight: float = 3.0  # a cell full of subject counts 1 + this, one without it 1
    outline_weight: float = 1.0  # in the loss, of telling where subjects are
    shape_weight: float = 0.5  # in the loss, of making outlines beside the latents
    given: float = 0.0  # share of batches whose outlines are given, not made
    channel_power: float = 1.0  # of a channel's variance: its weight in the loss; 0: all alike
    more: tuple[tuple[str, float], ...] = ()  # kinds, or what is RARE, drawn so many times as often
    route: float = 0.0  # share of a frame's tokens that pass the middle blocks by
    close_cells: tuple[int, int] = (6, 8)  # rows and columns of a close window
    fuse: bool = False  # compile the blocks: 1.2 times as fast, needs a C++ compiler
    drop_caption: float = 0.10
    paraphrase: float = 0.30  # of captions told another way
    cut: float = 0.10  # of clips of several frames, that change into another clip at some frame
    reference_every: int = 10  # one batch in so many carries reference tokens; 0: none
    ema: float = 0.9995
    decay_from: float = 0.7  # the learning rate is flat up to this share of the run, then falls
    floor: float = 0.05  # of the learning rate, at the end


@dataclass(frozen=True, slots=True)
class OutlinerSize(TransformerSize):
    """A shape is smaller than its picture, and so is what makes it."""

    width: int = 256
    blocks: int = 4
    text_width: int = 128
    outlines: int = 0  # beside its values, which are outlines themselves
    flow_map: int = 0


@dataclass(frozen=True, slots=True)
class OutlinerRun(TransformerRun):
    """How the outliner is trained: a transformer whose latents are outlines (ADR 21)."""

    size: OutlinerSize = OutlinerSize()
    optimiser: OptimiserSettings = OptimiserSettings(muon_lr=0.02, adam_lr=1.5e-3)
    batch_tokens: int = 3456
    channel_power: float = 0.0
    reference_every: int = 0
    cut: float = 0.0
    ema: float = 0.995


@dataclass(frozen=True, slots=True)
class PlannerSize(OutlinerSize):
    """A frame is one token, so a plan costs next to nothing."""

    width: int = 64
    blocks: int = 3
    text_width: int = 64
    cross_every: int = 1
    clock: int = 1
    bag: int = 1


@dataclass(frozen=True, slots=True)
class PlannerRun(OutlinerRun):
    """How the planner is trained: a transformer whose latents are plans of outlines (ADR 23)."""

    size: PlannerSize = PlannerSize()
    stages: tuple[Stage, ...] = (Stage(20.0, ((1, 0.05), (4, 0.1), (12, 0.85))),)
    batch_tokens: int = 768
    levels: LevelMix = LevelMix(mean=1.0, top=0.1)  # words tell a plan, where noise leaves nothing
    decay_from: float = 0.3
    floor: float = 0.02


@dataclass(frozen=True, slots=True)
class DistillRun:
    """How guidance, and then jumps, become inputs of the network."""

    optimiser: OptimiserSettings = OptimiserSettings(muon_lr=0.004, adam_lr=2e-4, warmup=20)
    minutes: float = 15.0
    steps: int = 0
    batch_tokens: int = 4608
    guidance: tuple[float, float] = (1.0, 4.0)  # weights are drawn evenly from here
    frames: tuple[tuple[int, float], ...] = ((3, 0.4), (6, 0.3), (12, 0.3))
    ema: float = 0.98


@dataclass(frozen=True, slots=True)
class JudgeRun:
    """How the judge is trained; it never chooses, guides or trains what it judges."""

    optimiser: OptimiserSettings = OptimiserSettings(muon_lr=0.01, adam_lr=1.5e-3, warmup=50)
    scenes: int = 4000  # of four seconds, seen at twelve moments
    short_scenes: int = 0  # of one second, seen at three: a quarter of the rendering
    changing_scenes: int = 0  # with a second action, or of two kinds: half of them whole
    minutes: float = 15.0
    steps: int = 0
    batch: int = 32
    width: int = 64


@dataclass(frozen=True, slots=True)
class MatcherRun:
    """How the matcher is trained: who is who, for `yozora eval --references`."""

    optimiser: OptimiserSettings = OptimiserSettings(muon_lr=0.01, adam_lr=1.5e-3, warmup=50)
    individuals: int = 2000  # each apart and in three scenes
    individuals_a_shard: int = 40
    minutes: float = 10.0
    steps: int = 0
    batch: int = 48  # individuals a step
    width: int = 48


@dataclass(frozen=True, slots=True)
class UpsamplerRun:
    """How the upsampler is trained: renders of the grid's size to renders of twice that."""

    size: UpsamplerSize = UpsamplerSize()
    optimiser: OptimiserSettings = OptimiserSettings(muon_lr=0.005, adam_lr=1e-3, warmup=50)
    scenes: int = 1500
    moments: int = 3  # of each scene that are rendered in both sizes
    scenes_a_shard: int = 20
    minutes: float = 12.0
    steps: int = 0
    batch: int = 8  # crops a step
    crop: int = 48  # pixels a side of the small picture, or what it has
    crops: int = 3  # that are looked at for each one taken, which has most contrast
    soft_share: float = 0.35  # of crops that are reconstructions, or blurred and noisy like them
    lone_share: float = 0.1  # of crops whose neighbours in time are the picture itself
    ema: float = 0.995


@dataclass(frozen=True, slots=True)
class InterpolatorRun:
    """How the interpolator is trained: renders at four times the grid's frames a second."""

    size: InterpolatorSize = InterpolatorSize()
    optimiser: OptimiserSettings = OptimiserSettings(muon_lr=0.01, adam_lr=1e-3, warmup=50)
    scenes: int = 1500
    moments: int = 2  # of each scene: nine pictures over two frames of the grid
    scenes_a_shard: int = 20
    minutes: float = 12.0
    steps: int = 0
    batch: int = 8  # crops a step
    crop: int = 96  # pixels a side, or what the picture has
    crops: int = 3  # that are looked at for each one taken, which changes most
    ema: float = 0.995


@dataclass(frozen=True, slots=True)
class Recipe:
    """A whole run."""

    name: str
    grid: Grid = Grid()
    data: DataSettings = DataSettings()
    tokenizer: TokenizerRun = TokenizerRun()
    transformer: TransformerRun = TransformerRun()
    outliner: OutlinerRun = OutlinerRun()
    planner: PlannerRun = PlannerRun()
    distill: DistillRun = DistillRun()
    judge: JudgeRun = JudgeRun()
    matcher: MatcherRun = MatcherRun()
    upsampler: UpsamplerRun = UpsamplerRun()
    interpolator: InterpolatorRun = InterpolatorRun()
    seed: int = 0
    threads: int = 2  # of the training process
    save_every_s: float = 120.0
    sheet_every_s: float = 900.0  # between pictures of what the transformer makes
    log_every_s: float = 20.0
    home: str = ""  # folder of checkpoints and data; empty: YOZORA_HOME/runs/NAME


def of_part(recipe: Recipe, network: str) -> Recipe:
    """The recipe by which the transformer's loop trains an "outliner" or a "planner": its grid and
    its settings. That of any other network is the recipe itself."""
    if network == "outliner":
        return replace(recipe, grid=outline_grid(recipe.grid), transformer=recipe.outliner)
    if network == "planner":
        return replace(recipe, grid=plan_grid(recipe.grid), transformer=recipe.planner)
    return recipe
