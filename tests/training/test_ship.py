"""What ships fits what lies there: a tokenizer and a transformer of one grid and of one kind of
latents, or nothing."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.weights import GRID, write_tiny_weights
from yozora.engine.native import NativeEngine
from yozora.media.errors import MediaError
from yozora.model.checkpoint import latents_id, load_tokenizer, load_transformer, save
from yozora.model.grid import Grid
from yozora.training.errors import TrainingError
from yozora.training.ship import check_ship, same_latents, ship


def weights_in(place: Path, mean: float) -> tuple[Path, Path]:
    """A tokenizer whose latents lie around `mean`, and a transformer that knows it."""
    place.mkdir(parents=True)
    write_tiny_weights(place)
    coder, flow = place / "tokenizer.safetensors", place / "transformer.safetensors"
    tokenizer, header = load_tokenizer(coder)
    tokenizer.latent_mean_C.fill_(mean)
    save(coder, header, tokenizer.state_dict(), small=True)
    transformer, header = load_transformer(flow)
    facts = {"distilled": False, "latents": latents_id(coder)}
    save(flow, replace(header, facts=facts), transformer.state_dict(), small=True)
    return coder, flow


def run_with(folder: Path, mean: float) -> tuple[Path, Path]:
    """The folder of a run with both networks trained."""
    coder, flow = weights_in(folder / "tokenizer", mean)
    (folder / "transformer").mkdir()
    return coder, flow.rename(folder / "transformer" / flow.name)


def test_a_tokenizer_goes_alone_only_where_its_latents_are_known(tmp_path: Path) -> None:
    here, run = tmp_path / "here", tmp_path / "run"
    coder, _ = weights_in(here, 0.0)
    other, _ = run_with(run, 0.5)
    check_ship("tokenizer", run, GRID, coder, here)
    for latents_of in (None, other):
        with pytest.raises(TrainingError, match=r"latents of another.*without --ship"):
            check_ship("tokenizer", run, GRID, latents_of, here)
    with pytest.raises(TrainingError, match=r"another grid \(fps\).*without --ship"):
        check_ship("tokenizer", run, replace(GRID, fps=99), coder, here)
    before = coder.read_bytes()
    with pytest.raises(TrainingError, match="latents of another"):
        ship(other, run, here)
    assert coder.read_bytes() == before
    (tmp_path / "empty").mkdir()
    check_ship("tokenizer", run, GRID, None, tmp_path / "empty")
    ship(other, run, tmp_path / "empty")
    assert (tmp_path / "empty" / other.name).read_bytes() == other.read_bytes()


def test_a_transformer_brings_its_tokenizer_along(tmp_path: Path) -> None:
    here, run = tmp_path / "here", tmp_path / "run"
    coder, flow = weights_in(here, 0.0)
    own, made = run_with(run, 0.5)
    ship(made, run, here)
    NativeEngine.load(here)
    assert coder.read_bytes() == own.read_bytes() and flow.read_bytes() == made.read_bytes()
    decoder = b"a decoder that was trained on, with the same latents"
    tokenizer, header = load_tokenizer(coder)
    save(coder, replace(header, facts={"why": str(decoder)}), tokenizer.state_dict(), small=True)
    kept = coder.read_bytes()
    ship(made, run, here)
    assert coder.read_bytes() == kept, "a tokenizer that fits stays"


def test_a_transformer_without_its_tokenizer_stays(tmp_path: Path) -> None:
    here, run = tmp_path / "here", tmp_path / "run"
    coder, flow = weights_in(here, 0.0)
    own, made = run_with(run, 0.5)
    own.unlink()
    before = coder.read_bytes(), flow.read_bytes()
    with pytest.raises(TrainingError, match="fits neither"):
        ship(made, run, here)
    assert (coder.read_bytes(), flow.read_bytes()) == before


def test_a_transformer_is_not_distilled_on_other_latents(tmp_path: Path) -> None:
    coder, flow = weights_in(tmp_path / "here", 0.0)
    other, _ = run_with(tmp_path / "run", 0.5)
    same_latents(flow, coder, "nothing")
    with pytest.raises(TrainingError, match="another tokenizer"):
        same_latents(flow, other, "Nothing can be distilled")


@pytest.mark.parametrize("network", ["tokenizer", "transformer", "distill", "judge"])
def test_a_place_that_takes_nothing_is_said_before_training(tmp_path: Path, network: str) -> None:
    place = tmp_path / "weights"
    with pytest.raises(MediaError, match="make it first"):
        check_ship(network, tmp_path, Grid(), None, place)
    place.write_text("a file")
    with pytest.raises(MediaError):
        check_ship(network, tmp_path, Grid(), None, place)
