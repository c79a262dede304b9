"""Headers of weights that cannot be: each is refused with a sentence, at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from yozora.model.checkpoint import (
    load_judge,
    load_tokenizer,
    load_transformer,
    read_header,
    save,
)
from yozora.model.errors import WeightsError

JUDGE = Path(__file__).parents[2] / "yozora" / "model" / "weights" / "judge.safetensors"
LOADERS = {
    "tokenizer": load_tokenizer,
    "transformer": load_transformer,
    "judge": load_judge,
}
DEEP: Any = "[" * 100_000
GRIDS: list[Any] = [
    *({"fps": bad} for bad in (0, -12, 241, 8192, "12", 12.0, True, None, [12], 10**9)),
    *({"cell_px": bad} for bad in (0, -16, "16", 10**6)),
    *({"window_s": bad} for bad in (0, "4", float("nan"), 1e9)),
    {"width": 100},
    {"colour": 1},
]
SIZES: dict[str, list[Any]] = {
    "tokenizer": [
        {"encoder_blocks": [1]},
        {"encoder_blocks": 1},
        {"decoder_blocks": [1, "1"]},
        {"decoder_blocks": [1, -1]},
        {"coarse": [32]},
        {"fine": 8192},
        {"smooth": "8"},
    ],
    "transformer": [
        {"blocks": [1]},
        {"blocks": 0},
        {"blocks": 8000},
        {"width": "64"},
        {"width": 64.0},
        {"width": 8192},
        {"cross_every": 0},
        {"height": 1},
    ],
    "judge": [
        {"frames": 0},
        {"frames": -1},
        {"frames": 1},
        {"frames": 65},
        {"frames": 8192},
        {"frames": "12"},
        {"width": "64"},
        {"width": 8190},
        {"columns": []},
        {"columns": [1]},
        {"columns": [["subject", "dog"]]},
        {"columns": [["subject", []], ["place", ["park"]]]},
        {"columns": 3},
    ],
}
CASES = [
    *((kind, {"size": change}) for kind, changes in SIZES.items() for change in changes),
    *(("tokenizer", {"grid": change}) for change in GRIDS),
    ("judge", {"grid": {"fps": 8192}}),
    *((kind, {"size": bad}) for kind in SIZES for bad in ([1], "x", None)),
    *(("transformer", {"words": bad}) for bad in ("words", [1, 2], [["a"]], 3)),
    ("transformer", {"facts": [1]}),
    ("tokenizer", {"grid": [1]}),
    ("tokenizer", {"kind": ["tokenizer"]}),
]


def changed(source: Path, path: Path, change: dict[str, Any]) -> None:
    """A copy of weights whose header says something else: tables are changed, values replaced."""
    with safe_open(source, framework="pt") as file:
        told = dict(file.metadata())
    body = json.loads(told["yozora"])
    for name, value in change.items():
        body[name] = {**body[name], **value} if isinstance(value, dict) else value
    save_file(load_file(source), path, {**told, "yozora": json.dumps(body)})


@pytest.mark.parametrize(("kind", "change"), CASES, ids=lambda value: str(value)[:60])
def test_a_header_that_cannot_be_is_refused(kind, change, tiny_weights, tmp_path):
    source = JUDGE if kind == "judge" else tiny_weights / f"{kind}.safetensors"
    path = tmp_path / source.name
    changed(source, path, change)
    with pytest.raises(WeightsError, match=r"[:;] .*\.$"):
        LOADERS[kind](path)


BODIES = [DEEP, "[1]", "3", "null", '"text"', "{", '{"kind": "judge"}']


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body[:20])
def test_a_header_of_another_shape_is_refused(body, tiny_weights, tmp_path):
    source, path = tiny_weights / "tokenizer.safetensors", tmp_path / "tokenizer.safetensors"
    save_file(load_file(source), path, {"format": "yozora-1", "yozora": body})
    with pytest.raises(WeightsError, match="it is damaged"):
        read_header(path)


def test_headers_as_they_are_written_are_read(tiny_weights):
    for kind, load in LOADERS.items():
        assert load(JUDGE if kind == "judge" else tiny_weights / f"{kind}.safetensors")


class Interrupted(type(Path())):  # type: ignore[misc]
    """A place for weights at which Ctrl-C comes: once they are written aside, before the move."""

    def __fspath__(self) -> str:
        if self.name == "judge.safetensors":
            raise KeyboardInterrupt
        return super().__fspath__()


def test_an_interrupted_export_leaves_nothing(tmp_path: Path) -> None:
    header = read_header(JUDGE)
    with pytest.raises(KeyboardInterrupt):
        save(Interrupted(tmp_path / "judge.safetensors"), header, load_file(JUDGE), small=False)
    assert list(tmp_path.iterdir()) == []
