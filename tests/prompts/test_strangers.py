"""Prompts that strangers wrote, with what their words allow: they are read as a person would."""

from __future__ import annotations

import importlib.util
import json
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

from yozora.prompts.account import Fate
from yozora.prompts.reading import read
from yozora.world.parsing import SaidSubject

HERE = Path(__file__).parent
LINES = [json.loads(t) for t in (HERE / "strangers_seen.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    path = HERE.parents[1] / "benchmarks" / "recaption.py"
    spec = importlib.util.spec_from_file_location("recaption_benchmark", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclasses look their own module up
    spec.loader.exec_module(module)
    return module


def test_what_strangers_say_is_read(benchmark: ModuleType):
    total = benchmark.Score()
    for line in LINES:
        total.take(benchmark.score_line(line)[0])
    assert total.f1 >= 0.86, str(total)


def test_most_of_their_words_are_shown_or_stood_for(benchmark: ModuleType):
    fates = [word.fate for line in LINES for word in read(line["prompt"]).words]
    assert sum(fate is not Fate.UNKNOWN for fate in fates) / len(fates) >= 0.6


def test_reading_is_quick():
    read("a dog")
    began = time.process_time()  # what else the machine does counts not
    for line in LINES:
        read(line["prompt"])
    assert (time.process_time() - began) / len(LINES) < 0.02


def test_scores(benchmark: ModuleType):
    wanted = {"kind": ["dog"], "colour": ["red", "brown"], "count": [1], "worn": [["hat", "red"]]}
    score = benchmark.score_subject(
        SaidSubject("dog", "brown", "run", None, 1, (("hat", "blue"), ("scarf", None))), wanted
    )
    assert score.right == {"kind": 1, "colour": 1, "worn": 1}
    assert score.false == {"action": 1, "worn": 1, "worn colour": 1}
    assert score.missed == {"worn colour": 1}
    best = benchmark.score_subjects(
        [SaidSubject("cat"), SaidSubject("dog")], [{"kind": ["dog"]}, {"kind": ["cat"]}]
    )
    assert best.f1 == 1.0
    nobody = benchmark.score_subjects([], [])
    assert nobody.right.total() == nobody.false.total() == nobody.missed.total() == 0
