"""A run's folder: one process, one shape, whole files; and what may be shipped from it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tests.fakes.weights import write_tiny_weights
from yozora.engine.native import NativeEngine
from yozora.model.checkpoint import latents_id, load_tokenizer, load_transformer, read_header, save
from yozora.model.errors import WeightsError
from yozora.model.grid import Grid
from yozora.model.transformer import Transformer, TransformerSize
from yozora.training.errors import TrainingError
from yozora.training.optim import Optimiser, OptimiserSettings
from yozora.training.recipe import Recipe
from yozora.training.run import Run
from yozora.training.ship import same_grid


def test_a_run_is_one_process_at_a_time(tmp_path: Path) -> None:
    first = Run(tmp_path / "tokenizer", Recipe("a"))
    with pytest.raises(TrainingError, match="Another process"):
        Run(tmp_path / "tokenizer", Recipe("a"))
    first.lock.close()
    Run(tmp_path / "tokenizer", Recipe("a"))


def test_a_run_goes_on_with_the_shape_it_was_begun_with(tmp_path: Path) -> None:
    folder = tmp_path / "transformer"
    Run(folder, Recipe("a")).lock.close()
    told = (folder / "recipe.json").read_bytes()
    longer = replace(Recipe("a"), seed=5)
    Run(folder, longer).lock.close()
    other = replace(Recipe("a"), grid=Grid(channels=8))
    with pytest.raises(TrainingError, match="another grid"):
        Run(folder, other)
    wide = replace(Recipe("a").transformer, size=TransformerSize(width=128))
    with pytest.raises(TrainingError, match="another grid or size"):
        Run(folder, replace(Recipe("a"), transformer=wide))
    assert json.loads((folder / "recipe.json").read_text())["seed"] == 5 and told


class Interrupted:
    """Ctrl-C while a checkpoint is being written."""

    def __reduce__(self) -> str:
        raise KeyboardInterrupt


def test_an_interrupted_checkpoint_leaves_nothing(tmp_path: Path) -> None:
    run = Run(tmp_path / "judge", Recipe("a"))
    run.save({"step": 1})
    before = {p.name: p.read_bytes() for p in run.folder.iterdir()}
    with pytest.raises(KeyboardInterrupt):
        run.save({"step": 2, "state": Interrupted()})
    assert {p.name: p.read_bytes() for p in run.folder.iterdir()} == before


@pytest.mark.parametrize(
    "text",
    ["[]", "null", '{"judge": 1}', "[" * 100_000, '{"grid": ' + "[" * 100_000, "{", "\xff"],
    ids=["list", "null", "number", "deep", "deep grid", "half", "bytes"],
)
def test_a_damaged_note_of_the_recipe_is_refused(tmp_path: Path, text: str) -> None:
    Run(tmp_path / "judge", Recipe("a")).lock.close()
    told = tmp_path / "judge" / "recipe.json"
    told.write_bytes(text.encode("latin-1"))
    with pytest.raises(TrainingError, match=r"recipe\.json cannot be read: restore it"):
        Run(tmp_path / "judge", Recipe("a"))
    assert told.read_bytes() == text.encode("latin-1")
    told.unlink()
    Run(tmp_path / "judge", Recipe("a")).lock.close()


def test_a_loss_that_is_no_number_ends_the_run(tmp_path: Path) -> None:
    run = Run(tmp_path / "judge", Recipe("a"))
    run.log(step=1, loss=0.5)
    with pytest.raises(TrainingError, match="learning rates"):
        run.log(step=2, loss=float("nan"))


def test_a_checkpoint_of_another_size_is_refused(tmp_path: Path) -> None:
    made = [
        Optimiser(
            Transformer(Grid(channels=4), TransformerSize(width, 2, 64), 8), OptimiserSettings()
        )
        for width in (64, 128)
    ]
    with pytest.raises(TrainingError, match="another size"):
        made[1].load_state_dict(made[0].state_dict())


def test_transformers_and_tokenizers_of_two_grids_do_not_meet(tmp_path: Path) -> None:
    write_tiny_weights(tmp_path)
    path = tmp_path / "tokenizer.safetensors"
    same_grid(path, read_header(path).grid, "nothing")
    with pytest.raises(TrainingError, match="another grid"):
        same_grid(path, Grid(fps=99), "nothing")


def test_weights_with_values_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    from safetensors import safe_open
    from safetensors.torch import save_file

    write_tiny_weights(tmp_path)
    path = tmp_path / "tokenizer.safetensors"
    with safe_open(path, framework="pt") as file:
        tensors, told = {k: file.get_tensor(k) for k in file.keys()}, file.metadata()  # noqa: SIM118
    name = next(k for k, v in tensors.items() if v.is_floating_point())
    tensors[name] = torch.full_like(tensors[name], float("nan"))
    save_file(tensors, path, told)
    with pytest.raises(WeightsError, match="no numbers"):
        load_tokenizer(path)
    body = json.loads(told["yozora"])
    body["size"]["colour"] = 3
    save_file(tensors, path, told | {"yozora": json.dumps(body)})
    with pytest.raises(WeightsError, match="does not know"):
        load_tokenizer(path)


def test_every_block_can_read_the_words() -> None:
    for every, reads in ((1, 4), (2, 2), (3, 1)):
        made = Transformer(Grid(channels=4), TransformerSize(64, 4, 64, cross_every=every), 8)
        assert sum(block.cross_q is not None for block in made.layers()) == reads


def test_a_transformer_knows_its_tokenizers_latents(tmp_path: Path) -> None:
    write_tiny_weights(tmp_path)
    paths = [tmp_path / f"{name}.safetensors" for name in ("tokenizer", "transformer")]
    network, header = load_transformer(paths[1])

    def say(latents: str) -> None:
        facts = {**(header.facts or {}), "latents": latents}
        save(paths[1], replace(header, facts=facts), network.state_dict(), small=True)

    say(latents_id(paths[0]))
    NativeEngine.load(tmp_path)
    say("another")
    with pytest.raises(WeightsError, match="another tokenizer"):
        NativeEngine.load(tmp_path)
