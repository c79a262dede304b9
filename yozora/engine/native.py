"""The embedded engine: our own tokenizer and transformer behind the `Engine` verbs."""

# F latent frames, T pixel frames, C channels, H, W cells

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import torch

from yozora.engine.canvas import Beside, Canvas, Floats
from yozora.engine.captioner import Captioner
from yozora.engine.chunks import LIVE, each_chunk
from yozora.engine.easing import eased
from yozora.engine.guidance import Guidance, GuidedFlow
from yozora.engine.outliner import Outliner, freed, outlined, told_of
from yozora.engine.planner import Planner
from yozora.engine.protocol import Frames, Indices, OnStep
from yozora.engine.sample import Source, fill
from yozora.engine.schedules import windowed
from yozora.engine.shots import each_shot
from yozora.engine.steering import (
    Counted,
    Steered,
    Turned,
    later,
    moved,
    redrawn,
    turned,
    unsteered,
)
from yozora.engine.windows import window_of_one, windows_of
from yozora.engine.within import laid
from yozora.model.checkpoint import (
    latents_id,
    load_interpolator,
    load_tokenizer,
    load_transformer,
    sha256_of,
    weights_folder,
)
from yozora.model.errors import WeightsError
from yozora.model.grid import Grid
from yozora.model.interpolator import Interpolator, several_between
from yozora.model.layers import compute_dtype
from yozora.model.outlines import PLANES, outline_grid, shares_of
from yozora.model.tokenizer import Tokenizer
from yozora.model.transformer import Transformer
from yozora.prompts.vocabulary import Vocabulary

GUIDED = (0.5, 0.97)  # levels; measured in docs/log.md, 2026-11-21
LIVE_GUIDED = (0.6, 0.97)  # two steps of four
UNGUIDED = Guidance(weight=1.0)
REFERENCE_PX = 96  # side of a reference for weights that do not tell how they were trained
MOST_REFERENCE_PX = 2048


@dataclass(frozen=True, slots=True)
class Tier:
    """What a word like "fast" means for a set of weights."""

    steps: int  # evaluations of the flow a clip (a chunk, for clips longer than the window)
    guidance: Guidance
    shift: float = 3.5  # of the steps towards high noise, whatever the length
    outline_steps: int = 10  # of the outliner, where there is one: a tenth of a picture's each


def tiers(distilled: bool) -> dict[str, Tier]:
    """Quality tiers. Explicit guidance costs two network calls an evaluation."""
    live = Tier(
        4,
        Guidance(weight=4.0, between=LIVE_GUIDED, contrast=4.0, remembers=True),
        outline_steps=6,
    )
    if distilled:
        built_in = Guidance(weight=3.5, built_in=True, between=GUIDED)
        return {
            LIVE: replace(live, guidance=replace(built_in, remembers=True)),
            "fast": Tier(8, built_in),
            "best": Tier(32, Guidance(weight=3.0, between=GUIDED), outline_steps=24),
        }
    return {
        LIVE: live,
        "fast": Tier(5, Guidance(weight=4.0, between=GUIDED)),  # guided in three: 8 calls
        "best": Tier(32, Guidance(weight=3.0, between=GUIDED), outline_steps=24),
    }


class NativeEngine:
    """Loads once, then serves any number of canvases."""

    name = "native"

    def __init__(
        self,
        tokenizer: Tokenizer,
        transformer: Transformer,
        vocabulary: Vocabulary,
        weights_sha256: str,
        distilled: bool,
        reference_px: int | None = None,
        outliner: Outliner | None = None,
        latents_id: str = "",
        interpolator: Interpolator | None = None,
    ) -> None:
        """`reference_px`: side of the references in training, 0 for none, None where unknown.
        `outliner`: what makes shapes first, for a transformer that was taught to be given them.
        `interpolator`: what eases the meetings of latent frames; without it they jump."""
        self.tokenizer, self.transformer = tokenizer, transformer
        self.outliner, self.interpolator = outliner, interpolator
        self.vocabulary = vocabulary
        self.weights_sha256 = weights_sha256
        self.latents_id = latents_id or weights_sha256
        self.tiers = tiers(distilled)
        step = math.lcm(*transformer.grid.step_px)
        usual = -(-REFERENCE_PX // step) * step
        self.reference_px = usual if reference_px is None else reference_px

    @property
    def grid(self) -> Grid:
        return self.transformer.grid

    @property
    def words(self) -> frozenset[str]:
        return frozenset(self.vocabulary.words)

    @staticmethod
    def load(folder: Path | None = None, device: str = "cpu") -> NativeEngine:
        """Raises `WeightsError` for missing, damaged, foreign or mismatched files."""
        folder = folder or weights_folder()
        paths = folder / "tokenizer.safetensors", folder / "transformer.safetensors"
        tokenizer, _ = load_tokenizer(paths[0])
        transformer, header = load_transformer(paths[1])
        facts = header.facts or {}
        shaped, planned = folder / "outliner.safetensors", folder / "planner.safetensors"
        given = bool(facts.get("given")) and shaped.exists()
        asked = [path for path in (shaped, planned) if given and path.exists()]
        between = folder / "interpolator.safetensors"
        asked += [between] if between.exists() else []
        if tokenizer.grid != transformer.grid:
            raise WeightsError(
                f"The tokenizer and the transformer in {folder} were trained on different grids: "
                "use both files of one training run."
            )
        here = latents_id(paths[0])
        if (facts.get("latents") or here) != here:
            raise WeightsError(
                f"The transformer in {folder} was trained on the latents of another tokenizer: "
                "use both files of one training run."
            )
        dtype = compute_dtype(device)
        return NativeEngine(
            tokenizer.to(device, dtype),
            transformer.to(device, dtype),
            Vocabulary(header.words),
            sha256_of(*paths, *asked),
            bool(facts.get("distilled", False)),
            reference_px(facts.get("reference_px"), transformer.grid, paths[1]),
            load_outliner(shaped, transformer, device) if given else None,
            here,
            load_interpolator(between)[0].to(device, dtype) if between.exists() else None,
        )

    def generate(
        self,
        canvas: Canvas,
        *,
        steps: int | None = None,
        quality: str = "fast",
        negative: str = "",
        on_step: OnStep = lambda done, of, clean: None,
        cancelled: Callable[[], bool] = lambda: False,
        steered: Steered = unsteered,
    ) -> Floats:
        """Latents (F, C, H, W); see `Engine`. A negative prompt pushes at the levels where guidance
        pulls, `Tier.guidance.between`."""

        tier = self.tiers[quality]

        def seen_whole(shot: Canvas, on_step: OnStep, asked: Steered = unsteered) -> Floats:
            return self._shot(shot, steps, tier, negative, on_step, cancelled, asked)

        def one(shot: Canvas, on_step: OnStep, first: int) -> Floats:
            if quality == LIVE and not shot.closed:
                return each_chunk(shot, self.grid, seen_whole, on_step)
            return seen_whole(shot, on_step, later(steered, first))

        return each_shot(canvas, one, on_step)

    def _shot(
        self,
        canvas: Canvas,
        steps: int | None,
        tier: Tier,
        negative: str,
        on_step: OnStep,
        cancelled: Callable[[], bool],
        steered: Steered,
    ) -> Floats:
        """A canvas of which every frame may see every other."""
        window = self.grid.latent_frames(self.grid.window_s)
        flow = GuidedFlow(
            self.transformer, self.vocabulary, tier.guidance, negative, canvas.references
        )
        plain = GuidedFlow(self.transformer, self.vocabulary, UNGUIDED, "", canvas.references)
        shared, counted = self.transformer.size.shared_noise, Counted(on_step)
        f, c, h, w = canvas.content_FCHW.shape
        if self.outliner is not None:
            known = told_of(self.transformer, self.vocabulary, canvas)
            draw = partial(
                self.outliner.draw, steps=tier.outline_steps, negative=negative,
                remembers=tier.guidance.remembers, cancelled=cancelled,
            )  # fmt: skip
            canvas, drawn = _shaped(canvas, known, draw)
            levels = windowed(canvas.level, steps or tier.steps, window, tier.shift)
            while True:
                kept_F = canvas.level.reshape(f, -1).max(1) <= 0
                given = drawn.copy()
                given[kept_F] = 0.0  # whose second plane nobody knows: as in training
                source = None
                if any(canvas.shows_F):
                    source = Source(canvas.shows_F, plain, known, freed(canvas, known, drawn))
                try:
                    return fill(
                        canvas, levels, flow, window=window, given_FOHW=given, source=source,
                        shared_noise=shared, on_step=counted, cancelled=cancelled, steered=steered,
                    )  # fmt: skip
                except Turned as turn:
                    canvas = turned(canvas, turn)
                    counted.turned()
                    levels = windowed(canvas.level, steps or tier.steps, window, tier.shift)
                    if canvas.within is not None:
                        continue  # what is laid into a region keeps its shape, and its place there
                    known, place = drawn, turn.steer.place
                    if place is None:
                        drawn = draw(redrawn(canvas), known)
                    else:
                        drawn = moved(known, place, turn.noisy_F)
        levels = windowed(canvas.level, steps or tier.steps, window, tier.shift)
        outlines = np.zeros((f, self.transformer.state - c, h, w), np.float32)  # made beside it
        state = replace(canvas, content_FCHW=np.concatenate([canvas.content_FCHW, outlines], 1))

        def told(done: int, of: int, clean_FCHW: Floats) -> None:
            counted(done, of, clean_FCHW[:, :c])

        while True:
            try:
                made = fill(
                    state, levels, flow, window=window, shared_noise=shared, on_step=told,
                    cancelled=cancelled, steered=steered,
                )  # fmt: skip
                return made[:, :c]
            except Turned as turn:
                state = turned(state, turn)
                counted.turned()
                levels = windowed(state.level, steps or tier.steps, window, tier.shift)

    @torch.inference_mode()
    def encode(self, frames: Frames) -> Floats:
        """Frames (T, H, W, 3) uint8, T a multiple of k, to normalised latents (F, C, H, W)."""
        device = self.tokenizer.patch_in.weight.device
        video = torch.from_numpy(frames).to(device).permute(0, 3, 1, 2)[None].float() / 127.5 - 1.0
        return self.tokenizer.encode(video)[0].cpu().numpy()

    @torch.inference_mode()
    def decode(
        self, latents_FCHW: Floats, closed: bool = False, beside: Beside | None = None
    ) -> Frames:
        """Latents to frames (T, H, W, 3) uint8, in windows of one shape."""
        weight = self.tokenizer.patch_in.weight
        beside = beside or Beside.plain(len(latents_FCHW), latents_FCHW, closed)
        seen = np.concatenate([latents_FCHW, beside.beyond_GCHW])
        count, k = len(latents_FCHW), self.grid.frames_per_latent

        def window(index: Indices, inner: int) -> Frames:
            z = torch.from_numpy(seen[index])[None].to(weight.device, weight.dtype)
            y = self.tokenizer.decode_context(z)[0].float()
            y = ((y + 1.0) * 127.5).round().clamp(0, 255).to(torch.uint8)
            return y[: inner * k].permute(0, 2, 3, 1).cpu().numpy()

        def beyond(n: int) -> Frames:
            known = beside.shown_G[n - count] if beside.shown_G else None
            if known is not None:
                return known
            before, after = beside.index_G2[n - count]
            return window(window_of_one(n, before, after), 1)

        frames = np.concatenate([window(*one) for one in windows_of(beside.index_F2)])
        if self.interpolator is None:
            return frames
        between = partial(several_between, self.interpolator)
        return eased(frames, k, beside, beyond, between)

    @torch.inference_mode()
    def find(self, latents_FCHW: Floats, words: str) -> Floats:
        """Where what a caption names is: the transformer tells outlines (ADR 12)."""
        return outlined(
            self.transformer, self.vocabulary, latents_FCHW, [words] * len(latents_FCHW)
        )

    def tell(self, latents_FCHW: Floats, cancelled: Callable[[], bool] = lambda: False) -> str:
        """A caption of what latents show, by the flow's own error under each word."""
        return Captioner(self.transformer, self.vocabulary).read(latents_FCHW, cancelled)

    def preview(self, latents_FCHW: Floats) -> Frames:
        """(F, H, W, 3) uint8: one pixel a cell, by the least-squares map in the weights."""
        matrix = self.tokenizer.preview_C3.float().cpu().numpy()
        bias = self.tokenizer.preview_bias_3.float().cpu().numpy()
        rgb = np.einsum("fchw,cd->fhwd", latents_FCHW, matrix) + bias
        return np.clip((rgb + 1.0) * 127.5, 0, 255).astype(np.uint8)


def _shaped(canvas: Canvas, known: Floats, draw: Callable[..., Floats]) -> tuple[Canvas, Floats]:
    """A canvas's outlines (F, O, H, W); where things are laid into it, with these in their places,
    and what they leave kept."""
    if canvas.within is None:
        return canvas, draw(canvas, known)

    def alone(film: Canvas) -> Floats:
        return shares_of(draw(film, np.zeros_like(known[: len(film.caption_F)])))[:, 0]

    things = laid(canvas, canvas.within, alone)
    return things.canvas, things.among(draw(things.canvas, known) if things.are_not_all else known)


def load_outliner(path: Path, transformer: Transformer, device: str) -> Outliner:
    """Raises `WeightsError` for a file that is damaged, or of other cells than the transformer."""
    network, header = load_transformer(path, "outliner")
    if network.grid != outline_grid(transformer.grid) or transformer.size.outlines != PLANES:
        raise WeightsError(
            f"{path} and the transformer beside it were trained on different grids: use files of "
            "one training run, or move the outliner away."
        )
    planner = load_planner(path.with_name("planner.safetensors"), device)
    return Outliner(network.to(device, compute_dtype(device)), Vocabulary(header.words), planner)


def load_planner(path: Path, device: str) -> Planner | None:
    """None where there is none; raises `WeightsError` for a file that is damaged or no planner."""
    if not path.exists():
        return None
    network, header = load_transformer(path, "planner")
    return Planner(network.to(device, compute_dtype(device)), Vocabulary(header.words))


def reference_px(told: object, grid: Grid, path: Path) -> int | None:
    """What weights say of their references: whole tokens. Raises `WeightsError`."""
    if told is None:
        return None
    step = math.lcm(*grid.step_px)
    if type(told) is not int or told % step or not 0 <= told <= MOST_REFERENCE_PX:
        raise WeightsError(
            f"{path} tells of references that cannot be ({ascii(told)[:30]} pixels): it is damaged "
            "or from another version; fetch it again."
        )
    return told
