"""Rows of an evaluation: kept over a kill, and only those that figures can be made of."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.training.test_measures import PAIR
from yozora.training.eval_clips import NUMBERS, Row, Rows
from yozora.training.judge_data import columns

BEST = {name: values[0] for name, values in columns()}
RIGHT = {"subject": True, "action": False}
FILMS = dict.fromkeys(NUMBERS["films"], 0.5)


def row_of(index: int) -> Row:
    return Row(index, PAIR, BEST, RIGHT, (0.5, 0.25), FILMS)


def test_rows_survive_a_kill_and_other_weights_start_afresh(tmp_path: Path) -> None:
    path, row = tmp_path / "films.jsonl", row_of(1)
    rows = Rows(path, "a")
    rows.add(row)
    with path.open("a") as file:
        file.write('{"index": 2, "sce')
    assert Rows(path, "a").first(9) == [row]
    assert Rows(path, "a").first(9) == [row]
    assert Rows(path, "b").first(9) == []


HARMS: list[dict[str, Any]] = [
    {"index": "2"},
    {"index": True},
    {"index": -1},
    {"numbers": None},
    {"numbers": {**FILMS, "wall_s": None}},
    {"numbers": {**FILMS, "wall_s": 10**400}},
    {"numbers": {"wall_s": 1.0}},
    {"verdict": [1]},
    {"verdict": {**RIGHT, "subject": 1}},
    {"verdict": {}},
    {"best": None},
    {"best": {"subject": "dog"}},
    {"best": {**BEST, "place": 3}},
    {"best": {**BEST, "place": ["park"]}},
    {"feature": 3},
    {"feature": [0.5]},
    {"feature": ["a", "b"]},
    {"scene": 3},
    {"scene": "[]"},
    {"scene": PAIR.to_json().replace('"park"', "3")},
    {"scene": PAIR.to_json().replace('"count":1', '"count":"1"')},
    {"colour": 1},
]


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: str(harm)[:60])
def test_a_row_that_no_figure_can_be_made_of_is_made_again(
    tmp_path: Path, harm: dict[str, Any]
) -> None:
    path = tmp_path / "films.jsonl"
    rows = Rows(path, "a", NUMBERS["films"])
    sound = [row_of(0), row_of(1)]
    for row in sound:
        rows.add(row)
    with path.open("a") as file:
        file.write(json.dumps(json.loads(row_of(2).to_json()) | harm) + "\n")
    assert Rows(path, "a", NUMBERS["films"]).first(9) == sound


@pytest.mark.parametrize(
    "line", [b"[" * 100_000, b"\xff", b"[]", b"null"], ids=["deep", "bytes", "list", "null"]
)
def test_a_line_that_is_no_row_costs_no_other(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "films.jsonl"
    Rows(path, "a").add(row_of(0))
    path.write_bytes(path.read_bytes() + line + b"\n")
    rows = Rows(path, "a")
    rows.add(row_of(1))
    assert Rows(path, "a").first(9) == [row_of(0), row_of(1)]
