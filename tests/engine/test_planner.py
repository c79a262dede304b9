"""Where before shapes: a plan tells the outliner where to begin, and nothing that is kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.engine.test_outliner import GRID, SMALL, canvas, lively, write
from yozora.engine.native import NativeEngine
from yozora.engine.outliner import told_of
from yozora.engine.planner import SKETCHED, Planner
from yozora.engine.protocol import Cancelled
from yozora.model.checkpoint import Header, save
from yozora.model.errors import WeightsError
from yozora.model.grid import FINE
from yozora.model.plans import plan_grid
from yozora.model.transformer import Transformer, TransformerSize
from yozora.prompts.vocabulary import vocabulary


def write_planned(folder: Path, seed: int = 4) -> Path:
    """A folder of small weights with outliner and planner."""
    write(folder)
    words, grid = vocabulary(), plan_grid(GRID)
    size = TransformerSize(**SMALL, outlines=0, flow_map=0)
    network = lively(Transformer(grid, size, len(words)), seed)
    header = Header("planner", grid, size.to_dict(), words.words, {})
    save(folder / "planner.safetensors", header, network.state_dict(), small=False)
    return folder


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> NativeEngine:
    return NativeEngine.load(write_planned(tmp_path_factory.mktemp("weights")))


def planner_of(engine: NativeEngine) -> Planner:
    assert engine.outliner is not None and engine.outliner.planner is not None
    return engine.outliner.planner


def test_a_film_is_made_of_its_plan(engine: NativeEngine, tmp_path: Path) -> None:
    """Another plan, another film; the same one, the same film; and none, another one again."""
    film = engine.generate(canvas(), steps=2)
    np.testing.assert_array_equal(film, engine.generate(canvas(), steps=2))
    other = NativeEngine.load(write_planned(tmp_path, seed=5))
    assert np.abs(other.generate(canvas(), steps=2) - film).max() > 1e-4
    (tmp_path / "planner.safetensors").unlink()
    without = NativeEngine.load(tmp_path)
    assert without.outliner is not None and without.outliner.planner is None
    assert np.abs(without.generate(canvas(), steps=2) - film).max() > 1e-4
    assert len({e.weights_sha256 for e in (engine, other, without)}) == 3


def test_sketches_stand_in_what_is_invented_alone(engine: NativeEngine) -> None:
    of = canvas(frames=3, kept=1)
    of = replace(of, level=np.array([0.0, 0.5, 1.0], np.float32))
    known = told_of(engine.transformer, engine.vocabulary, of)
    outlines, level = planner_of(engine).sketched(of, known)
    assert np.array_equal(outlines[:2], known[:2]), "kept, and noised half of the way"
    assert outlines[2].any() and np.abs(outlines).max() <= 1.0
    assert level.tolist() == pytest.approx([0.0, 0.5, SKETCHED])


def test_a_plan_follows_what_is_known(engine: NativeEngine) -> None:
    of = canvas(frames=3, kept=1)
    known = told_of(engine.transformer, engine.vocabulary, of)
    one = planner_of(engine).sketched(of, known)[0]
    other = planner_of(engine).sketched(of, -known)[0]
    assert np.abs(one[1:] - other[1:]).max() > 1e-4


def test_cells_of_a_frame_may_be_kept(engine: NativeEngine) -> None:
    of = canvas(kept=2)
    level = np.ones((3, 3, 4), np.float32)
    level[:2] = 0.0
    level[1, :, 2:] = 1.0
    of = replace(of, level=level)
    known = told_of(engine.transformer, engine.vocabulary, of)
    outlines, start = planner_of(engine).sketched(of, known)
    assert start.shape == level.shape and start.max() == np.float32(SKETCHED)
    assert np.array_equal(outlines[1, :, :, :2], known[1, :, :, :2])
    film = engine.generate(of, steps=2)
    np.testing.assert_array_equal(film[1, :, :, :2], of.content_FCHW[1, :, :, :2])


@pytest.mark.parametrize("columns", [4, 5])
def test_any_number_of_columns_has_a_plan(engine: NativeEngine, columns: int) -> None:
    of = canvas(columns=columns)
    outlines, _ = planner_of(engine).sketched(of, np.zeros((3, 2 * FINE**2, 3, columns), "f4"))
    assert outlines.shape == (3, 2 * FINE**2, 3, columns)
    assert engine.generate(of, steps=2).shape == (3, 8, 3, columns)


def test_a_film_can_be_stopped_while_it_is_planned(engine: NativeEngine) -> None:
    calls = iter([False, False, True])
    with pytest.raises(Cancelled):
        engine.generate(canvas(), steps=2, cancelled=lambda: next(calls))


def test_an_outliner_is_no_planner(tmp_path: Path) -> None:
    write_planned(tmp_path)
    (tmp_path / "planner.safetensors").write_bytes((tmp_path / "outliner.safetensors").read_bytes())
    with pytest.raises(WeightsError, match="holds an outliner, not a planner"):
        NativeEngine.load(tmp_path)


def test_without_inputs_of_a_flow_map_a_network_is_smaller_and_still_told_its_level() -> None:
    torch.manual_seed(0)
    grid, count = plan_grid(GRID), len(vocabulary())
    plain, both = (
        lively(Transformer(grid, TransformerSize(**SMALL, outlines=0, flow_map=n), count), 1)
        for n in (0, 1)
    )
    assert len(plain.state_dict()) < len(both.state_dict())
    x, second = torch.randn(1, 2, grid.channels, 1, 1), torch.arange(2) / 3.0
    text, caption = plain.encode_text(torch.ones(1, 3, dtype=torch.long)), torch.zeros(1, 2).long()

    def made(t: float, r: float) -> torch.Tensor:
        level, end = torch.full((1, 2), t), torch.full((1, 2), r)
        return plain(x, level, end, torch.ones(1), text, caption, second)

    assert torch.equal(made(0.8, 0.8), made(0.8, 0.2))
    assert not torch.equal(made(0.8, 0.8), made(0.4, 0.4))
