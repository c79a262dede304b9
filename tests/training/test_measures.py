"""Laws of the evaluation: what a perfect film scores, and that a stopped evaluation goes on."""

from __future__ import annotations

import hashlib
import json
import math
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.fakes.engine import FakeEngine
from yozora.media.errors import MediaError
from yozora.model.judge import Judge, JudgeSize, Opinion
from yozora.training import measures, viewer
from yozora.training.errors import TrainingError
from yozora.training.eval_clips import Row, Rows, held_out_scene
from yozora.training.evaluate import VERSION, Settings, evaluate, shuffled
from yozora.training.judge_data import columns, labels
from yozora.training.report import Aim, Figure, table
from yozora.world import split
from yozora.world.captions import COLOURLESS
from yozora.world.sample import sample_scene
from yozora.world.scene import DEEP, Scene, Subject

PAIR = Scene(
    subjects=(Subject("dog", "red", "run"), Subject("car", "blue", "drive")),
    place="park",
    time="day",
    weather="clear",
    style="natural",
    camera="static",
    relation="right of",
)


def opinion_of(told: dict[str, str]) -> Opinion:
    """A judge that is nearly sure of what it is told, and undecided about the rest."""
    shares = {}
    for name, values in columns():
        rest = 0.1 / len(values)
        shares[name] = {v: rest + (0.9 if told.get(name) == v else 0.0) for v in values}
    nothing = np.ones((4, 6), np.float32)
    return Opinion(shares, nothing[0], nothing, nothing)


def test_a_film_that_shows_its_scene_is_right_in_every_column() -> None:
    rng = random.Random(3)
    for _ in range(200):
        scene = sample_scene(rng)
        found = measures.verdict(scene, opinion_of(labels(scene)))
        assert all(found.values()), (scene, found)
        assert ("relation" in found) == (scene.relation is not None)
        assert ("then" in found) == (scene.then is not None)
        told = scene.style not in COLOURLESS and len(scene.subjects) in (1, 2)
        assert ("colour" in found) == told
        assert ("worn" in found) == any(subject.worn for subject in scene.subjects)


def test_a_wrong_order_counts_once() -> None:
    shown = opinion_of(labels(replace(PAIR, relation="left of")))
    found = measures.verdict(PAIR, shown)
    assert not found.pop("relation")
    assert all(found.values())


def test_exchanged_colours_are_a_binding_error() -> None:
    dog, car = PAIR.subjects
    mixed = replace(PAIR, subjects=(replace(dog, colour="blue"), replace(car, colour="red")))
    found = measures.verdict(PAIR, opinion_of(labels(mixed)))
    assert {c for c, right in found.items() if not right} == {
        "colour",
        "second_colour",
        "colour_binding",
    }


def test_a_missing_second_subject_is_no_relation() -> None:
    alone = replace(PAIR, subjects=PAIR.subjects[:1], relation=None)
    assert not measures.verdict(PAIR, opinion_of(labels(alone)))["relation"]


ALONE = replace(PAIR, subjects=PAIR.subjects[:1], relation=None)


def wrong(scene: Scene, shown: Scene) -> set[str]:
    """The columns that a film of another scene has wrong."""
    found = measures.verdict(scene, opinion_of(labels(shown)))
    return {column for column, right in found.items() if not right}


def test_who_stands_in_front_is_scored_and_who_is_left_is_not() -> None:
    front, behind = (replace(PAIR, relation=relation) for relation in ("in front of", "behind"))
    assert wrong(front, behind) == {"relation"} == wrong(behind, front)
    assert wrong(front, replace(front, seed=1)) == set(), "nobody said who stands to the left"
    assert wrong(front, ALONE) >= {"relation", "second_subject"}
    assert wrong(front, replace(front, relation="left of")) == {"relation"}


def test_a_chase_that_is_none_is_a_wrong_action() -> None:
    dog, car = PAIR.subjects
    two = (replace(dog, action="chase"), replace(car, action="flee"))
    chase = replace(PAIR, subjects=two, relation=None)
    assert wrong(chase, chase) == set()
    assert "relation" not in measures.verdict(chase, opinion_of(labels(chase)))
    assert wrong(chase, replace(PAIR, relation="left of")) == {"action"}


def test_three_kinds_are_looked_for_at_their_places() -> None:
    dog, car = PAIR.subjects
    three = replace(PAIR, subjects=(dog, car, Subject("box", "red", "spin")), relation="left of")
    assert wrong(three, three) == set()
    changed = replace(three, subjects=(dog, Subject("cat", "red", "sit"), three.subjects[2]))
    assert wrong(three, changed) == {"second_subject"}
    assert {"subject", "third_subject"} <= wrong(three, replace(three, relation="right of"))
    assert "relation" in wrong(three, replace(three, relation="right of"))


def test_a_place_alone_is_right_when_nobody_is_there() -> None:
    nobody = replace(PAIR, subjects=(), relation=None)
    assert wrong(nobody, nobody) == set()
    assert wrong(nobody, ALONE) == {"subject", "count"} and "subject" in wrong(ALONE, nobody)


def test_a_garment_and_its_colour_are_scored() -> None:
    def dressed(*worn: tuple[str, str]) -> Scene:
        return replace(ALONE, subjects=(Subject("woman", "red", "walk", worn=worn),))

    assert wrong(dressed(("hat", "blue")), dressed(("hat", "blue"))) == set()
    assert wrong(dressed(("hat", "blue")), dressed(("hat", "lime"))) == {"worn_colour"}
    assert "worn" in wrong(dressed(("hat", "blue")), dressed())
    assert "worn" not in measures.verdict(dressed(), opinion_of(labels(dressed(("hat", "blue")))))


def test_what_an_older_judge_has_no_column_for_is_not_scored() -> None:
    rng = random.Random(7)
    for _ in range(200):
        scene = sample_scene(rng)
        full = opinion_of(labels(scene))
        shares = {c: v for c, v in full.shares.items() if c not in measures.LATER}
        found = measures.verdict(scene, replace(full, shares=shares))
        newer = scene.relation in DEEP or len(scene.subjects) == 3
        assert not set(found) & {*measures.LATER, *(["relation"] if newer else [])}
        assert found.pop("subject") or len(scene.subjects) == 3
        assert all(found.values())


def test_macro_is_the_mean_over_columns_inside_its_interval() -> None:
    verdicts = [{"a": i % 2 == 0, "b": True} for i in range(100)]
    found = measures.macro(verdicts, ("a", "b", "absent"))
    assert found.mean == pytest.approx(0.75)
    assert found.low < 0.75 < found.high and found.high - found.low < 0.12
    assert measures.macro(verdicts, ("a", "b")) == found
    assert math.isnan(measures.macro([], ("a",)).mean)


def test_frechet_of_shifted_and_scaled_gaussians() -> None:
    rng = np.random.default_rng(0)
    a = rng.standard_normal((4000, 5))
    assert measures.frechet(a, a) == pytest.approx(0.0, abs=1e-6)
    assert measures.frechet(a, a + 2.0) == pytest.approx(20.0, rel=1e-6)
    # equal means: the trace of A + B - 2 (A B)^1/2, here 5 (1 - 3)^2 of the same sample
    assert measures.frechet(a - a.mean(0), 3 * (a - a.mean(0))) == pytest.approx(20.0, rel=0.1)


def test_what_stands_still_is_consistent_and_smooth() -> None:
    still = np.full((8, 16, 16, 3), 90, np.uint8)
    assert measures.consistency(np.ones((5, 3))) == pytest.approx(1.0)
    assert measures.consistency(np.eye(4)) == pytest.approx(0.0)
    assert measures.smoothness(still) == measures.steadiness(still) == 1.0
    ramp = (np.arange(9)[:, None, None, None] * 10 + np.zeros((9, 4, 4, 3))).astype(np.uint8)
    assert measures.smoothness(ramp) == 1.0
    assert measures.seam(ramp) == (80.0, 10.0)


def test_psnr_and_gradient() -> None:
    a = np.zeros((2, 4, 4, 3), np.uint8)
    assert measures.psnr(a, a) == 99.0
    assert measures.psnr(a, a + 255) == pytest.approx(0.0)
    half = np.zeros((2, 4, 4), bool)
    half[:, :2] = True
    b = a.copy()
    b[:, :2] = 10
    assert measures.psnr(a, b, ~half) == 99.0
    assert measures.psnr(a, b, half) == pytest.approx(20 * math.log10(25.5))
    assert measures.gradient_energy(a) == 0.0 < measures.gradient_energy(b)


def test_evaluation_scenes_are_held_out_and_fixed() -> None:
    for i in range(20):
        assert split.held_out(held_out_scene(i))
        assert held_out_scene(i) == held_out_scene(i) != held_out_scene(i, "others")


def test_shuffled_captions_score_chance() -> None:
    rows = []
    for i in range(300):
        scene = held_out_scene(i)
        best = {name: values[0] for name, values in columns()} | labels(scene)
        rows.append(Row(i, scene, best, {}, ()))
    share, chance = shuffled(rows)
    assert 0.1 < chance < 0.4
    assert share == pytest.approx(chance, abs=0.03)


def test_the_table_says_what_is_met() -> None:
    figures = [
        Figure("good", 91.0, " %", Aim(True, 90.0, 70.0), 89.0, 93.0),
        Figure("middling", 75.0, " %", Aim(True, 90.0, 70.0)),
        Figure("unknown", math.nan, "", Aim(False, 1.2, 1.2), note="needs renders"),
    ]
    full, starter = table(figures, "full"), table(figures, "starter")
    assert full.count("pass") == 1 and full.count("FAIL") == 1
    assert starter.count("pass") == 2 and "FAIL" not in starter
    assert "needs renders" in full and "91 % (89-93)" in full


def test_an_evaluation_goes_on_and_reads_the_viewer(tmp_path: Path) -> None:
    torch.manual_seed(0)
    judge = Judge(JudgeSize(columns(), width=4)).eval()
    engine = FakeEngine()
    settings = Settings(tmp_path, 3, 3, loops=1, extensions=2, steered=1)
    found = evaluate(settings, engine=engine, judge=judge, open_renderer=lambda w, h, fps: None)
    names = {figure.name: figure for figure in found.figures}
    assert names["kept spans bit-exact"].value == 1.0
    assert names["real time"].value > 0 and math.isnan(names["tokenizer PSNR"].value)
    assert "OpenGL" in found.notes[0]
    assert json.loads((tmp_path / "eval.json").read_text())["tier"] == "starter"
    assert (tmp_path / "films.png").exists()

    form = tmp_path / "viewer" / "form.json"
    body = json.loads(form.read_text())
    assert "caption" not in form.read_text() and len(body["films"]) == 3
    rows = Rows(tmp_path / "films.jsonl", body["identity"]).first(3)
    for film, row in zip(body["films"], rows, strict=True):
        film["answers"] |= {c: row.best[c] for c in ("subject", "action", "place")}
        film["answers"]["time"] = "?"
    form.write_text(json.dumps(body))
    calls = engine.calls
    settings = replace(settings, judge_only=True)
    again = evaluate(settings, engine=engine, judge=judge, open_renderer=lambda w, h, fps: None)
    assert engine.calls == calls, "films that are there are not made again"
    agreed = {f.name: f for f in again.figures}["judge and a viewer agree"]
    assert agreed.value == 100.0 and "9 answers, 3 unsure" in agreed.note

    kept = form.read_bytes()
    viewer.export(rows, tmp_path / "clips", form.parent, body["identity"])
    assert form.read_bytes() == kept
    body["films"].pop()
    form.write_text(json.dumps(body))
    viewer.export(rows, tmp_path / "clips", form.parent, body["identity"])
    grown = json.loads(form.read_text())["films"]
    assert len(grown) == 3 and grown[:2] == body["films"], "answers stay, the missing film is asked"
    for identity in ("second", "third"):
        viewer.export(rows, tmp_path / "clips", form.parent, identity)
    old = form.with_name(f"form-{body['identity']}.json")
    assert json.loads(old.read_text())["films"] == grown, "and outlive other weights"
    viewer.export(rows, tmp_path / "clips", form.parent, body["identity"])
    assert json.loads(form.read_text())["films"] == grown, "and are there again with these"
    for damaged in ("{,", '{"films": [3], "choices": {}}', '{"films": [{}], "choices": {}}'):
        form.write_text(damaged)
        with pytest.raises(TrainingError, match="mend that place"):
            viewer.agreement(form, rows)

    body["films"][0]["answers"]["subject"] = "unicorn"
    form.write_text(json.dumps(body))
    with pytest.raises(TrainingError, match="unicorn"):
        viewer.agreement(form, rows)


HARMS = [
    ("{,", "JSONDecodeError"),
    ("[]", "TypeError"),
    ('{"choices": {}, "films": []}', "identity"),
    ('{"identity": "../a", "choices": {}, "films": []}', "identity was changed"),
    ('{"identity": "a", "choices": [], "films": []}', "choices is no table"),
    ('{"identity": "a", "choices": {}, "films": {}}', "films is no list"),
    ('{"identity": "a", "choices": {}, "films": [3]}', "film 1 is no table"),
    ('{"identity": "a", "choices": {}, "films": [{"picture": 3}]}', "film 1: picture"),
    ('{"identity": "a", "choices": {}, "films": [{"picture": "0"}]}', "answers"),
    ('{"identity": "IDENTITY", "choices": {}, "films": [{"picture": "0", "answers": '
     '{"subject": "unicorn"}}]}', "'unicorn' is no subject"),
    ('{"identity": "IDENTITY", "choices": {}, "films": [{"picture": "0", "answers": '
     '{"mood": "grim"}}]}', "'mood' is not asked"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place"), HARMS)
def test_a_damaged_form_is_refused_before_a_film_is_made(
    tmp_path: Path, text: str, place: str
) -> None:
    engine, judge = FakeEngine(), Judge(JudgeSize(columns(), width=4)).eval()
    form = tmp_path / "viewer" / "form.json"
    form.parent.mkdir()
    who = hashlib.sha256(f"{VERSION}/{engine.weights_sha256}/given".encode()).hexdigest()[:24]
    form.write_text(text.replace("IDENTITY", who))
    with pytest.raises(TrainingError) as told:
        evaluate(Settings(tmp_path, 3, judge_only=True), engine=engine, judge=judge)
    assert place in str(told.value) and str(form) in str(told.value)
    assert engine.calls == 0


def test_a_place_that_takes_no_figures_is_said_before_a_film_is_made(tmp_path: Path) -> None:
    engine, judge = FakeEngine(), Judge(JudgeSize(columns(), width=4)).eval()
    (tmp_path / "viewer").write_text("a file")
    with pytest.raises(TrainingError, match="name another folder"):
        evaluate(Settings(tmp_path, 3, judge_only=True), engine=engine, judge=judge)
    (tmp_path / "viewer").unlink()
    (tmp_path / "judge.json").mkdir()
    with pytest.raises(MediaError, match=r"judge\.json is a folder"):
        evaluate(Settings(tmp_path, 3, judge_only=True), engine=engine, judge=judge)
    assert engine.calls == 0


@pytest.mark.parametrize(
    "place",
    ["films.jsonl", "renders.jsonl", "reconstructions.jsonl", "others.jsonl", "viewer/0000.png"]
    + ["clips/viewer-0000.png", "clips/0002.png"],
)
def test_what_lies_where_a_clip_is_kept_is_said_before_a_film_is_made(
    tmp_path: Path, place: str
) -> None:
    engine, judge = FakeEngine(), Judge(JudgeSize(columns(), width=4)).eval()
    (tmp_path / place).mkdir(parents=True)
    with pytest.raises(TrainingError) as told:
        evaluate(Settings(tmp_path, 3, judge_only=True), engine=engine, judge=judge)
    assert f"{tmp_path / place} is no file: move it away" in str(told.value)
    assert engine.calls == 0


def test_one_evaluation_at_a_time_in_a_folder(tmp_path: Path) -> None:
    engine, judge = FakeEngine(), Judge(JudgeSize(columns(), width=4)).eval()
    settings = Settings(tmp_path, 1, judge_only=True)
    told: list[str] = []

    def second(what: str, done: int, of: int) -> None:
        before = (tmp_path / "films.jsonl").read_bytes()
        other = Judge(JudgeSize(columns(), width=8)).eval()
        with pytest.raises(TrainingError) as refused:
            evaluate(settings, engine=engine, judge=other)
        told.append(str(refused.value))
        assert (tmp_path / "films.jsonl").read_bytes() == before

    nothing = lambda width, height, fps: None  # noqa: E731
    evaluate(settings, second, engine=engine, judge=judge, open_renderer=nothing)
    assert told and all("Another evaluation" in t and "--out" in t for t in told)
    evaluate(settings, engine=engine, judge=judge, open_renderer=nothing)
