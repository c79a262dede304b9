"""A data folder holds whole shards, of one tokenizer."""

from yozora.training.worker import clear


def test_latents_of_another_tokenizer_are_put_aside(tmp_path):
    first, second = tmp_path / "a.safetensors", tmp_path / "b.safetensors"
    first.write_bytes(b"one")
    second.write_bytes(b"two")
    folder = tmp_path / "latents"
    clear(folder, first)
    (folder / "shard-00000").mkdir()
    clear(folder, first)
    assert (folder / "shard-00000").exists()
    clear(folder, second)
    assert not (folder / "shard-00000").exists()
    (aside,) = tmp_path.glob("latents-*")
    assert (aside / "shard-00000").exists()


def test_halves_of_shards_are_cleared_and_whole_ones_stay(tmp_path):
    folder = tmp_path / "pixels"
    (folder / ".shard-00001.77.partial").mkdir(parents=True)
    (folder / "shard-00000").mkdir()
    clear(folder, None)
    assert [p.name for p in folder.iterdir()] == ["shard-00000"]
