"""What can be known of a run before anything is rendered is said then, and not hours later."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path

import torch
from torch import nn

from yozora.media import files
from yozora.model.checkpoint import (
    expect,
    latents_id,
    load_state,
    load_tokenizer,
    weights_folder,
)
from yozora.model.judge import Judge, JudgeSize
from yozora.model.matcher import Matcher, MatcherSize
from yozora.model.tokenizer import Tokenizer
from yozora.model.transformer import Transformer
from yozora.prompts.vocabulary import vocabulary
from yozora.training.errors import TrainingError
from yozora.training.finish_data import KINDS, settings_of
from yozora.training.finish_loop import blank
from yozora.training.judge_data import MOMENTS, columns
from yozora.training.recipe import Recipe
from yozora.training.reworks import check_beside
from yozora.training.run import Progress, State, read_checkpoint, refuse_other_shape
from yozora.training.ship import TOKENIZER, check_ship, check_tokenizer_rests, tokenizer_of
from yozora.training.tokenizer_loop import NEEDS_INIT

DATA = {
    "tokenizer": "pixels", "transformer": "latents", "distill": "latents", "judge": "judge",
    "matcher": "matcher",
    "upsampler": "upsampler", "interpolator": "interpolator", "outliner": "outlines",
    "planner": "outlines",
}  # fmt: skip
SIZE = {
    "tokenizer": "tokenizer.size and grid",
    "transformer": "transformer.size and grid",
    "outliner": "outliner.size and grid",
    "planner": "planner.size",
    "judge": "judge.width",
    "matcher": "matcher.width",
    "upsampler": "upsampler.size",
    "interpolator": "interpolator.size",
}
STAGED = ("transformer", "outliner", "planner")
FILES = ("recipe.json", "log.jsonl", "state.pt", ".lock")


def check_run(
    network: str,
    recipe: Recipe,
    folder: Path,
    init: Path | None,
    ship: bool,
    grow: bool = False,
) -> None:
    """Raises `TrainingError`, `WeightsError` or `MediaError` for what would end the run later."""
    state = check_folder(network, recipe, folder)
    if network in (*KINDS, "outliner", "planner") and recipe.data.source != "world":
        raise TrainingError(
            f'The {network} learns from renders alone: set data.source to "world" in the recipe.'
        )
    if network in STAGED and recipe.data.source == "world":
        check_lengths(network, recipe)
    if network in ("transformer", "distill", "upsampler"):
        check_tokenizer_rests(folder)
    if network == "transformer":
        load_tokenizer(tokenizer_of(folder))  # refuses damaged ones
    if network in ("transformer", "distill") and state is not None:
        known = state.get("latents")
        if known and known != latents_id(tokenizer_of(folder)):
            raise TrainingError(
                f"The checkpoint {folder / network / 'state.pt'} has learnt the latents of another "
                f"tokenizer than {tokenizer_of(folder)}: put that one back, or give the recipe "
                "another name."
            )
    if network == "tokenizer" and recipe.tokenizer.decoder_only and init is None:
        raise TrainingError(NEEDS_INIT)
    if network == "tokenizer" and recipe.tokenizer.reworked > 0.0 and init is not None:
        check_beside(init)
    if init is not None and grow:
        expect(init, network)
    elif init is not None:
        check_init(network, recipe, init)
    if ship:
        kept = kept_latents(recipe, folder, state, init)
        check_ship(network, folder, recipe.grid, kept, weights_folder())


def check_lengths(network: str, recipe: Recipe) -> None:
    """Stages ask for no clips that are longer than all that will be rendered."""
    longest = max(frames for frames, _ in recipe.data.lengths)
    asked = max(n for stage in getattr(recipe, network).stages for n, _ in stage.frames)
    if asked > longest:
        raise TrainingError(
            f"{network}.stages ask for clips of {asked} latent frames, and {longest} are the most "
            "that data.lengths has: add longer ones there, or ask for shorter ones."
        )


def check_folder(network: str, recipe: Recipe, folder: Path) -> State | None:
    """The run's folder holds folders and files where they should be; its checkpoint, mapped."""
    part = folder / network
    places = [folder / "data", folder / "data" / DATA[network], part]
    places += [folder / "tokenizer"] if network in ("transformer", "distill") else []
    for place in places:
        if os.path.lexists(place) and not place.is_dir():
            what = "file" if place.exists() else "link to nothing"
            raise TrainingError(f"{place} is a {what} where a folder should be: move it away.")
    weights = "transformer" if network == "distill" else network
    for name in (*FILES, f"{weights}.safetensors"):
        path = part / name
        if path.is_dir():
            raise TrainingError(f"{path} is a folder where a file should be: move it away.")
        if path.is_symlink() and not path.exists():
            files.check_writable(path)
    refuse_other_shape(part / "recipe.json", asdict(recipe), network)
    state = read_checkpoint(part / "state.pt", mapped=True)
    if state is not None:
        blank = blank_network(network, recipe)
        shapes = {name: p.shape for name, p in blank.named_parameters()}
        held = state["optimiser"]["masters"]
        if any(shapes.get(name) != value.shape for name, value in held.items()):
            raise TrainingError(
                f"The checkpoint {part / 'state.pt'} is of another network: delete it to start "
                "afresh, or give the recipe another name."
            )
    return state


def blank_network(network: str, recipe: Recipe) -> nn.Module:
    """What is trained, without values: names and shapes."""
    with torch.device("meta"):
        if network == "tokenizer":
            return Tokenizer(recipe.grid, recipe.tokenizer.size)
        if network in KINDS:
            return blank(network, settings_of(recipe, network))
        if network == "matcher":
            return Matcher(MatcherSize(recipe.matcher.width))
        if network == "judge":
            return Judge(JudgeSize(columns(), recipe.judge.width, MOMENTS))
        return Transformer(recipe.grid, recipe.transformer.size, len(vocabulary()))


def check_init(network: str, recipe: Recipe, init: Path) -> None:
    """Weights to start from are of the recipe's kind, size and words."""
    kind = "transformer" if network == "distill" else network
    header = expect(init, kind)
    blank = blank_network(network, recipe)
    have = {name: value.shape for name, value in load_state(init).items()}
    want = {name: value.shape for name, value in blank.state_dict().items()}
    other = [name for name in {**want, **have} if have.get(name) != want.get(name)]
    if other:
        raise TrainingError(
            f"{init} is of another size than the recipe ({other[0]}): write its own size into "
            f"the recipe ({SIZE[kind]}), add --grow to take over what fits, or leave out "
            "--init-from."
        )
    if kind in ("transformer", "outliner", "planner") and tuple(header.words) != tuple(
        vocabulary().words
    ):
        raise TrainingError(
            f"{init} reads other words than this version: add --grow to take over what fits, "
            "leave out --init-from, or use the Yozora that it was made with."
        )


def kept_latents(
    recipe: Recipe, folder: Path, state: State | None, init: Path | None
) -> Path | None:
    """The tokenizer whose latents a run of the tokenizer leaves; None where it makes new ones."""
    made, settings = folder / "tokenizer" / TOKENIZER, recipe.tokenizer
    over = state is not None and (
        Progress(settings.minutes, settings.steps, state["steps"], state["seconds"]).over
    )
    if over and made.exists():
        return made
    return init if settings.decoder_only else None
