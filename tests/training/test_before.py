"""What would end a run is said before anything is rendered, in one sentence."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from tests.fakes.weights import write_tiny_weights
from tests.training.test_worker import TINY
from yozora.media.errors import MediaError
from yozora.model.checkpoint import Header, save, weights_folder
from yozora.model.errors import WeightsError
from yozora.model.grid import Grid
from yozora.training.before import blank_network
from yozora.training.errors import TrainingError
from yozora.training.loop import refuse_place, train
from yozora.training.optim import Optimiser, OptimiserSettings
from yozora.training.recipe_reading import read_recipe
from yozora.training.renderers import alone_in
from yozora.training.run import Run
from yozora.training.ship import borrowed, check_tokenizer_rests


def recipe_in(home: Path, *changes: tuple[str, str]) -> Path:
    """The tiny recipe on the grid of the tiny weights, with a folder of its own."""
    text = TINY.read_text()
    grid = ("width = 64\nheight = 48\nchannels = 8\nwindow_s = 1.0", "width = 128\nheight = 64\n"
            "channels = 8")  # fmt: skip
    for old, new in (grid, *changes):
        assert old in text, old
        text = text.replace(old, new, 1)
    path = home / "tiny.toml"
    path.write_text(f'home = "{home / "run"}"\n{text}')
    return path


def refused(home: Path, network: str, recipe: Path, init: Path | None = None) -> str:
    """The sentence; nothing was rendered."""
    with pytest.raises((TrainingError, WeightsError)) as told:
        train(network, recipe, init_from=init)
    assert not list(home.glob("run/data/*/*")), "refused before rendering"
    return str(told.value)


DECODER = ("[tokenizer]\n", "[tokenizer]\ndecoder_only = true\n")


def test_weights_to_start_from_are_looked_at_first(tmp_path: Path) -> None:
    write_tiny_weights(tmp_path)
    recipe, wide = recipe_in(tmp_path, DECODER), ("smooth = 8", "smooth = 16")
    assert "--init-from" in refused(tmp_path, "tokenizer", recipe)
    other = tmp_path / "transformer.safetensors"
    assert "not a tokenizer" in refused(tmp_path, "tokenizer", recipe, other)
    assert "not a judge" in refused(tmp_path, "judge", recipe, other)
    shipped = weights_folder() / "judge.safetensors"
    assert "judge.width" in refused(tmp_path, "judge", recipe, shipped)
    garbage = tmp_path / "garbage.safetensors"
    garbage.write_bytes(b"garbage")
    assert "not a readable" in refused(tmp_path, "tokenizer", recipe, garbage)
    right = tmp_path / "tokenizer.safetensors"
    wider = recipe_in(tmp_path, DECODER, wide)
    assert "another size" in refused(tmp_path, "tokenizer", wider, right)
    (tmp_path / "run" / "tokenizer").mkdir(parents=True)
    right.rename(tmp_path / "run" / "tokenizer" / right.name)
    wider = recipe_in(
        tmp_path, ("[transformer.size]\nwidth = 64", "[transformer.size]\nwidth = 128")
    )
    assert "another size" in refused(tmp_path, "transformer", wider, other)


@pytest.mark.parametrize("network", ["transformer", "outliner", "planner"])
def test_clips_longer_than_will_be_rendered_are_not_asked_for(tmp_path: Path, network: str) -> None:
    write_tiny_weights(tmp_path)
    (tmp_path / "run" / "tokenizer").mkdir(parents=True)
    right = tmp_path / "tokenizer.safetensors"
    right.rename(tmp_path / "run" / "tokenizer" / right.name)
    recipe = recipe_in(tmp_path, ("lengths = [[3, 1.0]]", "lengths = [[1, 1.0]]"))
    assert f"{network}.stages ask" in refused(tmp_path, network, recipe)


def test_a_damaged_tokenizer_teaches_no_transformer(tmp_path: Path) -> None:
    (tmp_path / "run" / "tokenizer").mkdir(parents=True)
    (tmp_path / "run" / "tokenizer" / "tokenizer.safetensors").write_bytes(b"garbage")
    assert "not a readable" in refused(tmp_path, "transformer", recipe_in(tmp_path))


@pytest.mark.parametrize(
    "state",
    [
        b"garbage",
        b"",
        {"weights": torch.zeros(3)},
        [1, 2],
        {"optimiser": 3, "steps": 0, "seconds": 0.0},
    ],
    ids=["garbage", "empty", "foreign", "list", "halves"],
)
@pytest.mark.parametrize("network", ["tokenizer", "judge"])
def test_a_foreign_checkpoint_is_refused(tmp_path: Path, network: str, state: object) -> None:
    place = tmp_path / "run" / network / "state.pt"
    place.parent.mkdir(parents=True)
    if isinstance(state, bytes):
        place.write_bytes(state)
    else:
        torch.save(state, place)
    told = refused(tmp_path, network, recipe_in(tmp_path))
    assert str(place) in told and "delete it to start afresh" in told


def test_a_checkpoint_of_another_network_is_refused(tmp_path: Path) -> None:
    recipe = recipe_in(tmp_path)
    layer = torch.nn.Linear(8, 8)
    run = Run(tmp_path / "run" / "tokenizer", read_recipe(recipe))
    state = Optimiser(layer, OptimiserSettings()).state_dict()
    run.save({"optimiser": state, "steps": 3, "seconds": 1.0})
    run.lock.close()
    assert "of another network" in refused(tmp_path, "tokenizer", recipe)
    half = {**state, "masters": {"weight": state["masters"]["weight"]}}
    with pytest.raises(TrainingError, match="another size"):
        Optimiser(layer, OptimiserSettings()).load_state_dict(half)


def test_a_transformer_does_not_go_on_with_another_tokenizers_latents(tmp_path: Path) -> None:
    recipe = read_recipe(recipe_in(tmp_path))
    write_tiny_weights(tmp_path)
    own = tmp_path / "run" / "tokenizer" / "tokenizer.safetensors"
    own.parent.mkdir(parents=True)
    (tmp_path / own.name).rename(own)
    network = blank_network("transformer", recipe).to_empty(device="cpu")
    run = Run(tmp_path / "run" / "transformer", recipe)
    state = Optimiser(network, OptimiserSettings()).state_dict()
    run.save({"optimiser": state, "steps": 3, "seconds": 1.0, "latents": "another"})
    run.lock.close()
    told = refused(tmp_path, "transformer", tmp_path / "tiny.toml")
    assert "of another tokenizer than" in told and "put that one back" in told


def test_another_shape_is_refused_before_rendering(tmp_path: Path) -> None:
    Run(tmp_path / "run" / "judge", read_recipe(recipe_in(tmp_path))).lock.close()
    other = recipe_in(tmp_path, ("width = 16", "width = 32"))
    assert "begun with another grid or size" in refused(tmp_path, "judge", other)


@pytest.mark.parametrize("place", ["tokenizer", "data", "data/pixels"])
def test_files_where_folders_should_be_are_named(tmp_path: Path, place: str) -> None:
    path = tmp_path / "run" / place
    path.parent.mkdir(parents=True)
    path.write_text("a file")
    told = refused(tmp_path, "tokenizer", recipe_in(tmp_path))
    assert str(path) in told and "move it away" in told


@pytest.mark.parametrize("to", ["nowhere", "SELF"])
@pytest.mark.parametrize(
    ("network", "place"),
    [("tokenizer", "tokenizer"), ("judge", "judge"), ("judge", "data"), ("distill", "tokenizer")],
)
def test_links_to_nothing_are_named(tmp_path: Path, network: str, place: str, to: str) -> None:
    path = tmp_path / "run" / place
    path.parent.mkdir(parents=True)
    path.symlink_to(path if to == "SELF" else tmp_path / to)
    told = refused(tmp_path, network, recipe_in(tmp_path))
    assert f"{path} is a link to nothing" in told and "move it away" in told


def test_a_file_that_is_a_link_to_nothing_is_named(tmp_path: Path) -> None:
    (part := tmp_path / "run" / "judge").mkdir(parents=True)
    (part / ".lock").symlink_to(part / ".lock")
    with pytest.raises(MediaError, match=r"\.lock cannot be written"):
        train("judge", recipe_in(tmp_path))
    assert not list(tmp_path.glob("run/data/*/*"))


@pytest.mark.parametrize("name", ["state.pt", "log.jsonl", "recipe.json", "judge.safetensors"])
def test_folders_where_files_should_be_are_named(tmp_path: Path, name: str) -> None:
    path = tmp_path / "run" / "judge" / name
    path.mkdir(parents=True)
    told = refused(tmp_path, "judge", recipe_in(tmp_path))
    assert str(path) in told and "move it away" in told


def test_what_the_disk_does_not_do_is_a_sentence(tmp_path: Path) -> None:
    write_tiny_weights(tmp_path)
    (tmp_path / "run" / "tokenizer").mkdir(parents=True)
    name = "tokenizer.safetensors"
    (tmp_path / name).rename(tmp_path / "run" / "tokenizer" / name)
    stamp = tmp_path / "run" / "data" / "latents" / "tokenizer.sha256"
    stamp.mkdir(parents=True)
    with pytest.raises(TrainingError, match=r"tokenizer\.sha256 cannot be used.*move it away"):
        train("transformer", recipe_in(tmp_path))
    with pytest.raises(TrainingError, match="is full: free some space"):
        refuse_place(OSError(errno.ENOSPC, "no space"), tmp_path)
    refuse_place(OSError(errno.ENOENT, "none", "/elsewhere"), tmp_path)


def test_weights_that_cannot_be_written_leave_nothing(tmp_path: Path) -> None:
    path = tmp_path / "judge.safetensors"
    path.mkdir()
    with pytest.raises(WeightsError, match="cannot be written"):
        save(path, Header("judge", Grid(), {}), {"a": torch.zeros(2)}, small=True)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("network", ["transformer", "distill"])
def test_a_tokenizer_in_the_making_teaches_nobody(tmp_path: Path, network: str) -> None:
    recipe, part = recipe_in(tmp_path), tmp_path / "run" / "tokenizer"
    run = Run(part, read_recipe(recipe))
    assert "is being trained: wait" in refused(tmp_path, network, recipe)
    run.lock.close()
    pixels = tmp_path / "run" / "data" / "pixels"
    with alone_in(pixels):  # its clips are rendered before it takes a step
        assert "is being trained: wait" in refused(tmp_path, network, recipe)
    layer = torch.nn.Linear(8, 8)
    state = Optimiser(layer, OptimiserSettings()).state_dict()
    run.save({"optimiser": state, "steps": 3, "seconds": 1.0})
    told = refused(tmp_path, network, recipe)
    assert "is not finished" in told and f"move {part} away" in told
    write_tiny_weights(part)
    check_tokenizer_rests(tmp_path / "run")
    assert borrowed(tmp_path / "run") == ""


def test_a_tokenizer_that_is_borrowed_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(TrainingError, match="another grid"):
        train("transformer", recipe_in(tmp_path))
    shipped = weights_folder() / "tokenizer.safetensors"
    assert f"tiny: no tokenizer in {tmp_path / 'run'}: {shipped} is used" in capsys.readouterr().out


LONG = "x" * 300


def test_a_name_that_no_file_system_takes_is_refused(tmp_path: Path) -> None:
    assert "check --init-from" in refused(tmp_path, "judge", recipe_in(tmp_path), Path(LONG))
    folder = ("[data]\n", f'[data]\nsource = "folder"\npath = "{LONG}"\n')
    assert "is no folder" in refused(tmp_path, "tokenizer", recipe_in(tmp_path, folder))


def test_a_name_of_weights_that_no_file_system_takes_is_refused(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from yozora.__main__ import main; main()", "train", "transformer"]
        + ["--config", str(recipe_in(tmp_path))],
        env={**os.environ, "YOZORA_WEIGHTS": LONG},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 2 and "YOZORA_WEIGHTS is too long a name" in done.stderr
