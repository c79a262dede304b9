"""A damaged shard is named, with a remedy, before a step is made on it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.weights import GRID
from yozora.model.tokenizer import Tokenizer, TokenizerSize
from yozora.training.errors import TrainingError
from yozora.training.footage_tally import SETTLED, told
from yozora.training.renderers import clear
from yozora.training.shards import Clip, Shard, ShardWriter
from yozora.training.tokenizer_loop import PixelClips, sampled

SIZE = TokenizerSize(32, 32, (1, 1), (1, 1), 8)


def shard_in(folder: Path) -> Path:
    writer = ShardWriter(folder, "shard-00000")
    for level in (1, 2):
        frames = np.full((4, 8, 8, 3), level, np.uint8)
        writer.add(Clip(12.0, ("a dog",)), {"frames": frames})
    return writer.close()


def cut(path: Path, share: float) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])


@pytest.mark.parametrize(
    "harm",
    [
        lambda shard: cut(shard / "frames.u8", 0.0),
        lambda shard: cut(shard / "frames.u8", 0.7),
        lambda shard: cut(shard / "clips.jsonl", 0.0),
        lambda shard: cut(shard / "clips.jsonl", 0.7),
        lambda shard: (shard / "clips.jsonl").write_bytes(b"\xff\xfe"),
        lambda shard: (shard / "clips.jsonl").write_text("[3]\n"),
        lambda shard: (shard / "clips.jsonl").write_text('{"captions": 3}\n'),
        lambda shard: (shard / "frames.u8").unlink(),
    ],
)
def test_a_damaged_shard_is_named(tmp_path: Path, harm: Callable[[Path], object]) -> None:
    path = shard_in(tmp_path)
    clip = Shard(path).clips[1]
    assert (Shard(path).read(clip, "frames") == 2).all()
    harm(path)
    with pytest.raises(TrainingError, match=r"shard-00000 is damaged.*delete that folder"):
        Shard(path)


def test_a_shard_that_is_gone_is_not_called_damaged(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Shard(tmp_path / "shard-00000")


def test_a_file_in_a_shards_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "pixels").mkdir()
    (tmp_path / "pixels" / "shard-00000").write_text("a file")
    with pytest.raises(TrainingError, match="shard-00000 is a file"):
        clear(tmp_path / "pixels", None)


@pytest.mark.parametrize("text", ["", "[1]", '{"films": "x"}', '{"colour": 1}'])
def test_a_damaged_tally_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / SETTLED).mkdir()
    (tmp_path / SETTLED / "shard-00000-abc.json").write_text(text)
    with pytest.raises(TrainingError, match=r"shard-00000-abc\.json cannot be read.*delete it"):
        told(tmp_path)


def test_small_clips_of_two_shapes_give_crops_of_one(tmp_path: Path) -> None:
    writer = ShardWriter(tmp_path, "shard-00000")
    for shape in ((48, 64), (64, 48)):
        writer.add(Clip(12.0, ("a dog",)), {"frames": np.zeros((4, *shape, 3), np.uint8)})
    writer.close()
    clips = PixelClips(tmp_path, held_back=0)
    raw, colours = sampled(Tokenizer(GRID, SIZE), clips, np.random.default_rng(0), 2)
    assert clips.side(GRID.cell_px) == 48
    assert len(raw) == len(colours) == 2 * 8 * 9
