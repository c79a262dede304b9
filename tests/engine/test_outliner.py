"""Shapes first, pictures after: the two passes of a film keep the laws of one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from yozora.engine.canvas import Canvas
from yozora.engine.native import NativeEngine
from yozora.engine.outliner import HELD, HINDERED, Outliner, freed, held, told_of
from yozora.engine.protocol import Cancelled
from yozora.model.checkpoint import Header, latents_id, load_transformer, save
from yozora.model.errors import WeightsError
from yozora.model.grid import FINE, Grid
from yozora.model.outlines import outline_grid, values_of
from yozora.model.tokenizer import Tokenizer, TokenizerSize
from yozora.model.transformer import Transformer, TransformerSize
from yozora.prompts.vocabulary import vocabulary

GRID = Grid(channels=8, token_cols=1, width=64, height=48, window_s=1.0)
SMALL = {"width": 64, "blocks": 2, "text_width": 64}
CODER = TokenizerSize(fine=32, coarse=32, encoder_blocks=(1, 1), decoder_blocks=(1, 1), smooth=8)


def lively(network: Transformer, seed: int) -> Transformer:
    """Random values where training starts from zero, so that everything is heard."""
    torch.manual_seed(seed)
    for parameter in network.parameters():
        if not parameter.any():
            torch.nn.init.normal_(parameter, std=0.05)
    return network.eval()


def write(folder: Path, given: float = 0.5, outline: Grid | None = None) -> Path:
    """A folder of small weights with an outliner beside them."""
    words = vocabulary()
    torch.manual_seed(1)
    coder = Tokenizer(GRID, CODER)
    save(folder / "tokenizer.safetensors", Header("tokenizer", GRID, CODER.to_dict()),
         coder.state_dict(), small=False)  # fmt: skip
    size = TransformerSize(**SMALL, outlines=2)
    picture = lively(Transformer(GRID, size, len(words)), 2)
    facts = {"given": given, "latents": latents_id(folder / "tokenizer.safetensors")}
    header = Header("transformer", GRID, size.to_dict(), words.words, facts)
    save(folder / "transformer.safetensors", header, picture.state_dict(), small=False)
    grid = outline or outline_grid(GRID)
    size = TransformerSize(**SMALL, outlines=0)
    shapes = lively(Transformer(grid, size, len(words)), 3)
    header = Header("outliner", grid, size.to_dict(), words.words, {})
    save(folder / "outliner.safetensors", header, shapes.state_dict(), small=False)
    return folder


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> NativeEngine:
    return NativeEngine.load(write(tmp_path_factory.mktemp("weights")))


def canvas(frames: int = 3, columns: int = 4, kept: int = 0, seed: int = 5) -> Canvas:
    rng = np.random.default_rng(0)
    content = np.zeros((frames, GRID.channels, 3, columns), np.float32)
    content[:kept] = rng.standard_normal(content[:kept].shape)
    level = np.array([0.0] * kept + [1.0] * (frames - kept), np.float32)
    return Canvas(
        content.astype(np.float16).astype(np.float32), level, ("a dog",) * frames, 12.0, seed
    )


def drawn(engine: NativeEngine, of: Canvas) -> np.ndarray:
    assert engine.outliner is not None
    known = told_of(engine.transformer, engine.vocabulary, of)
    return engine.outliner.draw(of, known, steps=2)


def test_a_film_is_made_of_its_outlines(engine: NativeEngine) -> None:
    """Other outlines, another film; the same ones, the same film; and none, another one again."""
    assert engine.outliner is not None
    film = engine.generate(canvas(), steps=2)
    np.testing.assert_array_equal(film, engine.generate(canvas(), steps=2))
    network = load_transformer_again(engine.outliner.network)
    with torch.no_grad():
        network.patch_out.bias += 1.0
    other = Outliner(network, engine.outliner.vocabulary)
    alone = NativeEngine(
        engine.tokenizer, engine.transformer, engine.vocabulary, "", False, 0, other
    )
    assert np.abs(alone.generate(canvas(), steps=2) - film).max() > 1e-3
    alone.outliner = None
    assert np.abs(alone.generate(canvas(), steps=2) - film).max() > 1e-3


def test_frames_share_the_noise_that_weights_were_taught_with(engine: NativeEngine) -> None:
    """In both passes: the more of it, the more alike they come out of random values."""
    assert engine.outliner is not None

    def alike(values_FCHW: np.ndarray) -> float:
        frames = values_FCHW.reshape(len(values_FCHW), -1)
        return float(np.corrcoef(frames)[~np.eye(len(frames), dtype=bool)].mean())

    found = []
    for shared in (0.0, 0.9):
        shapes = load_transformer_again(engine.outliner.network, shared)
        picture = load_transformer_again(engine.transformer, shared)
        words = engine.vocabulary
        outliner = Outliner(shapes, words)
        both = NativeEngine(engine.tokenizer, picture, words, "", False, 0, outliner)
        alone = NativeEngine(engine.tokenizer, picture, words, "", False, 0)
        found.append((
            alike(drawn(both, canvas())),
            alike(both.generate(canvas(), steps=2)),
            alike(alone.generate(canvas(), steps=2)),
        ))  # fmt: skip
    for own, common in zip(*found, strict=True):
        assert common > own + 0.3


def load_transformer_again(network: Transformer, shared_noise: float = 0.0) -> Transformer:
    size = replace(network.size, shared_noise=shared_noise)
    copy = Transformer(network.grid, size, len(vocabulary()))
    copy.load_state_dict(network.state_dict())
    return copy.to(network.patch_in.weight.dtype).eval()


def test_what_is_kept_stays_bit_identical(engine: NativeEngine) -> None:
    of = canvas(kept=2)
    film = engine.generate(of, steps=2)
    np.testing.assert_array_equal(film[:2], of.content_FCHW[:2])
    assert film[2].any()


def test_cells_of_a_frame_may_be_kept(engine: NativeEngine) -> None:
    of = canvas(kept=2)
    level = np.ones((3, 3, 4), np.float32)
    level[:2] = 0.0
    level[1, :, 2:] = 1.0
    film = engine.generate(replace(of, level=level), steps=2)
    np.testing.assert_array_equal(film[1, :, :, :2], of.content_FCHW[1, :, :, :2])
    assert np.abs(film[1, :, :, 2:] - of.content_FCHW[1, :, :, 2:]).max() > 0.0


def test_outlines_know_what_is_kept_of_the_picture(engine: NativeEngine) -> None:
    """They are told of kept frames alone, in the first plane, and carry on from there."""
    of = canvas(kept=1)
    known = told_of(engine.transformer, engine.vocabulary, of)
    assert known[0, : FINE**2].any() and not known[0, FINE**2 :].any() and not known[1:].any()
    other = replace(of, content_FCHW=-of.content_FCHW)
    assert np.abs(drawn(engine, of)[1:] - drawn(engine, other)[1:]).max() > 1e-4


def test_a_rework_keeps_the_shapes_that_its_words_keep(engine: NativeEngine) -> None:
    """However much of the picture it makes anew, up to all of it; other words free them."""
    level = np.array([0.98, 0.98, 0.98, 0.5, 0.0, 1.0], np.float32)
    of = replace(
        canvas(frames=6, kept=6),
        level=level,
        caption_F=("a red dog runs at night",) * 6,
        shows_F=("a dog runs", "a dog sits", "", "a dog runs", "a dog runs", "a dog runs"),
    )
    np.testing.assert_allclose(held(of).level, [HELD, 0.98, 0.98, 0.5, 0.0, 1.0], rtol=1e-5)
    cells = np.broadcast_to(level[:, None, None], (6, 3, 4)).copy()
    cells[0, 0, 0] = 0.0
    inner = held(replace(of, level=cells)).level
    assert inner[0, 0, 0] == 0.0 and np.allclose(inner[0, 1:], HELD)
    assert held(replace(of, shows_F=())).level is level
    turning = replace(of, shows_F=(), turns_F=of.shows_F)
    np.testing.assert_array_equal(held(turning).level, held(of).level)

    def strayed(shows: str) -> float:
        work = replace(of, level=np.full(6, 0.98, np.float32), shows_F=(shows,) * 6)
        known = told_of(engine.transformer, engine.vocabulary, work)
        assert engine.outliner is not None
        return float(np.abs(engine.outliner.draw(work, known, steps=4) - known).mean())

    assert strayed("a dog runs") < strayed("a dog sits")


@pytest.mark.parametrize("columns", [4, 5])
def test_any_number_of_columns_has_outlines(engine: NativeEngine, columns: int) -> None:
    shapes = drawn(engine, canvas(columns=columns))
    assert shapes.shape == (3, 2 * FINE**2, 3, columns)
    assert np.abs(shapes).max() <= 1.0
    assert engine.generate(canvas(columns=columns), steps=2).shape == (3, 8, 3, columns)


def test_their_noise_is_not_the_pictures(engine: NativeEngine) -> None:
    first, second = drawn(engine, canvas(seed=5)), drawn(engine, canvas(seed=6))
    assert np.abs(first - second).max() > 1e-3


def test_a_film_can_be_stopped_while_its_outlines_are_made(engine: NativeEngine) -> None:
    calls = iter([False, True])
    with pytest.raises(Cancelled):
        engine.generate(canvas(), steps=2, cancelled=lambda: next(calls))


def test_weights_that_were_never_given_outlines_are_given_none(tmp_path: Path) -> None:
    assert NativeEngine.load(write(tmp_path, given=0.0)).outliner is None


def test_its_file_is_in_the_hash(tmp_path: Path) -> None:
    with_it = NativeEngine.load(write(tmp_path)).weights_sha256
    assert NativeEngine.load(tmp_path).weights_sha256 == with_it
    (tmp_path / "outliner.safetensors").unlink()
    assert NativeEngine.load(tmp_path).weights_sha256 != with_it


@pytest.mark.parametrize("name", ["outliner", "planner"])
def test_a_folder_in_its_place_is_refused(tmp_path: Path, name: str) -> None:
    path = write(tmp_path) / f"{name}.safetensors"
    path.unlink(missing_ok=True)
    path.mkdir()
    with pytest.raises(WeightsError, match="move it away"):
        NativeEngine.load(tmp_path)


def test_an_outliner_of_other_cells_is_refused(tmp_path: Path) -> None:
    write(tmp_path, outline=outline_grid(replace(GRID, cell_px=8)))
    with pytest.raises(WeightsError, match="different grids"):
        NativeEngine.load(tmp_path)


def test_a_transformer_is_no_outliner(tmp_path: Path) -> None:
    write(tmp_path)
    with pytest.raises(WeightsError, match="holds a transformer, not an outliner"):
        load_transformer(tmp_path / "transformer.safetensors", "outliner")


def test_footage_far_from_what_is_made_is_not_looked_at(engine: NativeEngine) -> None:
    """A long clip that is extended costs its end, not its length; a closed one has no far end."""
    of = canvas(frames=12, kept=11)
    seen = told_of(engine.transformer, engine.vocabulary, of).reshape(12, -1).any(1)
    assert seen.tolist() == [False] * 9 + [True] * 2 + [False], "a window is three frames"
    closed = told_of(engine.transformer, engine.vocabulary, replace(of, closed=True))
    assert closed[:11].reshape(11, -1).any(1).all()


def test_words_for_a_subject_leave_the_cells_around_it_and_the_other_way_round():
    covers = np.zeros((3, 2, 4 * FINE, 6 * FINE), np.float32)
    covers[:, :, : 2 * FINE, : 2 * FINE] = 1.0  # two by two cells in a corner
    outlines = values_of(covers).astype(np.float32)
    nobody = values_of(np.zeros_like(covers)).astype(np.float32)
    shows = "a red dog sits in a park"
    said = (
        "a blue dog sits in a park",
        "a red dog sits on a beach",
        f"{shows} , watercolour style",
    )
    canvas = Canvas(np.zeros((3, 8, 4, 6), np.float32), np.full(3, 0.9, np.float32), said, 12.0, 1,
                    shows_F=(shows,) * 3)  # fmt: skip
    for pair in ((outlines, nobody), (nobody, outlines)):  # before or after
        recoloured, moved, drawn = freed(canvas, *pair)
        assert recoloured[:3, :3].min() == 1.0 and not recoloured[3].any()
        assert not recoloured[:, 3:].any()
        assert np.allclose(moved[:2, :2], 1.0 - HINDERED) and moved[2:].min() == 1.0
        assert drawn.min() == 1.0
