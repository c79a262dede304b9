"""A recipe that cannot be run is refused when it is read, with the setting and a remedy."""

import os
from pathlib import Path

import pytest

from yozora.training.errors import TrainingError
from yozora.training.recipe_reading import read_recipe

RUNS = Path(__file__).parents[2] / "runs"


@pytest.mark.parametrize("path", sorted(RUNS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_recipe_that_ships_is_read(path: Path) -> None:
    assert read_recipe(path).name


@pytest.mark.parametrize(
    ("text", "place", "remedy"),
    [
        ('name = "../../x"', "name", "use letters"),
        ('name = ""', "name", "use letters"),
        ("threads = 0", "threads", "1 to"),
        ('threads = "two"', "threads", "whole number"),
        ("[data]\nscenes = 0", "data.scenes", "1 to"),
        ("[data]\nscenes = true", "data.scenes", "whole number"),
        ('[data]\nsource = "youtube"', "data.source", "choose one of world"),
        ("[data]\nlengths = []", "data.lengths", "[[3, 0.6]"),
        ("[data]\nlengths = [[0, 1.0]]", "data.lengths", "[[3, 0.6]"),
        ("[data]\nlengths = 3", "data.lengths", "list"),
        ("[data]\nsizes = [[250, 144, 1.0]]", "data.sizes", "16"),
        ("[data]\nworkers = -1", "data.workers", "0 to"),
        ("[data]\nreference_share = 2.0", "data.reference_share", "0 to 1"),
        ("[tokenizer]\nminutes = -1", "tokenizer.minutes", "0 or more"),
        ("[tokenizer]\nminutes = nan", "tokenizer.minutes", "smaller one"),
        ("[tokenizer]\ncrop = 100", "tokenizer.crop", "multiple of 16"),
        ("[tokenizer]\nbatch = 0", "tokenizer.batch", "1 to"),
        ("[transformer]\nstages = []", "transformer.stages", "at least one"),
        ("[transformer]\nwidth = 3", "no setting 'width'", "it knows"),
        ("[judge]\nbatch = 0", "judge.batch", "1 to"),
        ("data = 3", "data", "write [data]."),
        ("data = [1]", "data", "write [data]."),
        ("[tokenizer]\nsize = 3", "tokenizer.size", "write [tokenizer.size]."),
        ("[transformer]\nstages = [1]", "transformer.stages", "write [[transformer.stages]]."),
        ("[transformer]\nstages = 1", "transformer.stages", "under [[transformer.stages]]."),
        ("[grid]\ncell_px = 0", "grid.cell_px", "1 to"),
        ("[grid]\ncell_px = 12", "grid.cell_px", "multiple of 8"),
        ("[grid]\ntoken_rows = 2", "grid.height", "multiple of 32"),
        ("[grid]\nfps = 0", "grid.fps", "1 to"),
        ("[grid]\nwindow_s = inf", "grid.window_s", "smaller one"),
        ("[outliner]\nbatch_tokens = 0", "outliner.batch_tokens", "1 to"),
        ("[outliner.size]\noutlines = 1", "outliner.size.outlines", "0 planes"),
        ("seed = -1", "seed", "below 0"),
        (f"seed = {10**30}", "seed", "smaller one"),
        ("threads = " + "9" * 5000, "TOML", "mend"),
        ("x = " + "[" * 5000, "TOML", "mend"),
        ('home = "\\u0000"', "home", "path"),
        ("[data]\nworkers = 100000", "data.workers", "0 to"),
        ("[data]\nreference_px = 192", "data.reference_px", "at most 144"),
        ("[data]\nsizes = [[8192, 8192, 1.0]]", "data.sizes", "4096"),
        ("[tokenizer]\ncrop = 160", "tokenizer.crop", "at most 144"),
        ("[tokenizer]\nsteps = -1", "tokenizer.steps", "below 0"),
        ("[tokenizer]\nminutes = 0", "tokenizer.minutes", "set one"),
        ("[tokenizer]\noptimiser = { muon_lr = nan }", "muon_lr", "smaller one"),
        ("[transformer]\nchannel_power = -1.0", "channel_power", "0 to 4"),
        ("[transformer]\nsubject_weight = nan", "subject_weight", "smaller one"),
        ("[transformer]\nema = -1.0", "transformer.ema", "0 to 1"),
        ("[transformer]\nreference_every = -1", "reference_every", "below 0"),
        ("[transformer]\nbatch_tokens = 1000000000000", "batch_tokens", "1 to"),
        ("[transformer]\ncut = 1.5", "transformer.cut", "0 to 1"),
        ("[transformer]\nroute = -0.5", "transformer.route", "0 to 1"),
        ("[transformer]\nroute = 1.5", "transformer.route", "0 to 1"),
        ("[transformer]\nclose_cells = [3, 3]", "close_cells", "multiples of [1, 2]"),
        ("[transformer]\nlevels = { std = 0.0 }", "levels.std", "above 0"),
        ("[transformer]\nlevels = { prefix = 0.9 }", "levels", "more than 1"),
        ("[transformer.size]\nwidth = 100", "size.width", "multiple of 64"),
        ("[transformer.size]\ncross_every = 0", "cross_every", "number of blocks"),
        ("[judge]\nwidth = 63", "judge.width", "even"),
        ("sheet_every_s = -5.0", "sheet_every_s", "above 0"),
        ("save_every_s = -5.0", "save_every_s", "above 0"),
        ("[grid]\nframes_per_latent = 400", "grid.frames_per_latent", "1 to 64"),
        ("[grid]\nframes_per_latent = 64", "grid.frames_per_latent", "at most 32768"),
        ("[grid]\nchannels = 1000000000", "grid.channels", "1 to 1024"),
        ("[grid]\ncell_px = 8\nframes_per_latent = 1\nchannels = 193", "channels", "1 to 192"),
        ("[grid]\nwidth = 32768", "grid.width", "4096"),
        ("[data]\nring = 1", "data.ring", "2 or more"),
        ("[data]\nscenes = 1000000000000", "data.scenes", "1 to 100000000"),
        ("[data]\nlengths = [[100000, 1.0]]", "data.lengths", "1 to 256"),
        ("[data]\nparaphrases = 1000000", "data.paraphrases", "0 to 100"),
        ("[tokenizer]\nbatch = 1000000", "tokenizer.batch", "1 to 4096"),
        ("[tokenizer]\nframes = 1000", "tokenizer.frames", "1 to 256"),
        ("[tokenizer]\nbatch = 4096\nframes = 256", "tokenizer.batch", "at most 268435456"),
        ("[tokenizer.size]\nfine = 0", "tokenizer.size.fine", "1 to 8192"),
        ("[tokenizer.size]\ncoarse = -64", "tokenizer.size.coarse", "1 to 8192"),
        ("[tokenizer.size]\nsmooth = 1000000", "tokenizer.size.smooth", "1 to 8192"),
        ("[tokenizer.size]\nencoder_blocks = [-1, 2]", "size.encoder_blocks", "0 to 128"),
        ("[tokenizer.size]\ndecoder_blocks = [1, 999]", "size.decoder_blocks", "0 to 128"),
        ("[tokenizer.optimiser]\nbetas = [0.9, 1.0]", "tokenizer.optimiser.betas", "below 1"),
        ("[tokenizer.optimiser]\neps = 0.0", "tokenizer.optimiser.eps", "above 0"),
        ("[transformer.optimiser]\nns_steps = 0", "transformer.optimiser.ns_steps", "1 to"),
        ("[transformer.optimiser]\nmomentum = 1.5", "optimiser.momentum", "below 1"),
        ("[transformer.optimiser]\nwarmup = -1", "optimiser.warmup", "0 to"),
        ("[distill.optimiser]\nclip = 0.0", "distill.optimiser.clip", "above 0"),
        ("[distill.optimiser]\nweight_decay = -0.1", "optimiser.weight_decay", "0 to 10"),
        ("[transformer]\noutline_weight = -5.0", "transformer.outline_weight", "0 to 1000"),
        ("[tokenizer]\noutline_weight = -5.0", "tokenizer.outline_weight", "0 to 1000"),
        ('[transformer]\nmore = [["dog", 2.0], ["dog", 3.0]]', "'dog' twice", "leave one"),
        ("[transformer.size]\nwidth = 6400000", "size.width", "8192 at most"),
        ("[transformer.size]\nblocks = 100000", "size.blocks", "1 to 128"),
        (
            "[transformer]\nstages = [{ minutes = 1.0, frames = [[9999, 1.0]] }]",
            "transformer.stages",
            "1 to 256",
        ),
        ("[distill]\nframes = [[9999, 1.0]]", "distill.frames", "1 to 256"),
        *(
            (f"[{part}.size]\ntext_words = {words}", f"{part}.size.text_words", "1 to 1000")
            for part in ("transformer", "outliner", "planner")
            for words in (0, -1, 10**9)
        ),
        ("[upsampler]\nscenes = 20", "upsampler.scenes", "more than scenes_a_shard (20)"),
        ("[interpolator]\nscenes = 1", "interpolator.scenes", "the first shard measures"),
        ("[judge]\nbatch = 1000000", "judge.batch", "1 to 4096"),
        ("[judge]\nwidth = 1000000", "judge.width", "1 to 8192"),
        ("[judge]\nshort_scenes = 1000000000000", "judge.short_scenes", "0 to"),
    ],
)
def test_values_that_cannot_be_are_refused_with_a_remedy(
    tmp_path: Path, text: str, place: str, remedy: str
) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text(text)
    with pytest.raises(TrainingError) as told:
        read_recipe(path)
    assert place in str(told.value)
    assert remedy in str(told.value)


def test_a_mark_of_the_byte_order_is_no_fault(tmp_path: Path) -> None:
    """As some editors write it before everything else."""
    path = tmp_path / "recipe.toml"
    path.write_text('name = "mine"\n', "utf-8-sig")
    assert read_recipe(path).name == "mine"


def test_a_pipe_is_no_recipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "recipe.toml")
    with pytest.raises(TrainingError, match="name a file"):
        read_recipe(tmp_path / "recipe.toml")


def test_a_tilde_is_the_persons_own_folder(tmp_path: Path) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text('home = "~/runs/mine"\n[data]\npath = "~/films"\n')
    recipe = read_recipe(path)
    assert Path(recipe.home) == Path.home() / "runs" / "mine"
    assert Path(recipe.data.path) == Path.home() / "films"
