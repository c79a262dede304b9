"""Laws of the judge: it sees any clip, tells left from right, and learns from frames alone."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from yozora.model.checkpoint import load_judge
from yozora.model.judge import Judge, JudgeSize, changed, moment_indices, sized
from yozora.training import judge_loop
from yozora.training.judge_data import (
    JudgeClips,
    boxes,
    columns,
    draw_stretch,
    labels,
    shard_sizes,
    to_render,
)
from yozora.training.judge_loop import inside, look_loss, targets_of
from yozora.training.judge_views import Augmentation, Batch, augmented, worn
from yozora.training.loop import budget
from yozora.training.optim import OptimiserSettings
from yozora.training.recipe import JudgeRun, Recipe
from yozora.training.shards import Clip, ShardWriter
from yozora.world.captions import COLOURLESS
from yozora.world.sample import sample_scene
from yozora.world.scene import COLOURS, DEEP, Scene, Subject
from yozora.world.staging import stage_scene

SHAPE = (12, 2, 16, 32, 3)  # moments, pair, rows, columns: tiny clips for tests


def halves(scene: Scene) -> np.ndarray:
    """Boxes of what `painted` paints: a subject's half of the picture."""
    boxes_M34 = np.zeros((SHAPE[0], 3, 4), np.float32)
    if scene.subjects:
        boxes_M34[:, 0] = (0.0, 0.25, 0.5, 0.75)
    if len(scene.subjects) > 1:
        boxes_M34[:, 1] = (0.5, 0.25, 1.0, 0.75)
    return boxes_M34


def painted(scene: Scene) -> np.ndarray:
    """Moments of a scene as blocks: colours left and right, brightness tells the time."""
    rng = np.random.default_rng(scene.seed)
    frames = np.full(SHAPE, 30 + 50 * ["night", "dawn", "sunset", "day"].index(scene.time))
    told = labels(scene)
    for half, column in ((slice(0, 16), "colour"), (slice(16, 32), "second_colour")):
        if column in told:
            frames[:, :, 4:12, half] = np.array(COLOURS[told[column]]) * 255
    return (frames + rng.integers(0, 4, SHAPE)).clip(0, 255).astype(np.uint8)


def write_shards(folder: Path, shards: int, clips: int) -> None:
    rng = random.Random(0)
    for index in range(shards):
        writer = ShardWriter(folder, f"shard-{index:05d}")
        for _ in range(clips):
            scene = replace(sample_scene(rng), style="natural")
            clip = Clip(fps=12, captions=("",), scene=scene.to_json())
            writer.add(clip, {"frames": painted(scene), "boxes": halves(scene)})
        writer.close()


def recipe(tmp_path: Path, steps: int) -> Recipe:
    run = JudgeRun(scenes=300, steps=steps, batch=16, width=8)
    return Recipe("judge-test", judge=run, threads=1, home=str(tmp_path), log_every_s=1e9)


@pytest.mark.parametrize("count,fps", [(12, 12), (48, 12), (47, 12), (240, 12), (30, 30), (96, 24)])
def test_moments_are_spread_over_the_clip(count: int, fps: float) -> None:
    index_M2 = moment_indices(count, fps, 12)
    assert 3 <= len(index_M2) <= 12
    assert index_M2.min() >= 0 and index_M2.max() < count
    assert (index_M2[:, 1] > index_M2[:, 0]).all() and (np.diff(index_M2[:, 0]) > 0).all()
    assert np.ptp(np.diff(index_M2[:, 0])) <= 1
    seconds = (index_M2[:, 1] - index_M2[:, 0]) / fps
    assert seconds == pytest.approx(1 / 12, abs=0.02)  # 30 fps has no twelfth


@pytest.mark.parametrize("shape", [(48, 144, 256), (13, 90, 60), (24, 288, 512)])
def test_it_looks_at_any_size_and_length(shape: tuple[int, int, int]) -> None:
    torch.manual_seed(0)
    judge = Judge(JudgeSize(columns(), width=4)).eval()
    frames = np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8)
    first, again = judge.look(frames, 12), judge.look(frames, 12)
    for name, values in columns():
        assert tuple(first.shares[name]) == values
        assert sum(first.shares[name].values()) == pytest.approx(1.0, abs=1e-4)
        assert first.shares[name] == again.shares[name]
    assert first.feature_D.shape == (12,) and first.subject_MD.shape[1] == 12
    rows, cols = sized(frames[:2][None])[0, 0].shape[:2]
    assert rows % 16 == cols % 16 == 0
    assert 0.8 < rows * cols / (256 * 144) < 1.25


def test_labels_are_values_and_a_mirror_exchanges_the_sides() -> None:
    values = dict(columns())
    rng = random.Random(1)
    for _ in range(300):
        scene = sample_scene(rng)
        told, mirrored = labels(scene), labels(scene.mirrored())
        assert all(told[name] in values[name] for name in told)
        coloured = bool(scene.subjects) and scene.style not in COLOURLESS
        assert ("colour" in told) == coloured
        if len(scene.subjects) == 3:
            assert mirrored["subject"] == told["third_subject"]
            assert mirrored["second_subject"] == told["second_subject"]
        elif len(scene.subjects) == 2:
            for column in ("subject", "action"):
                assert mirrored[column] == told["second_" + column]
            if told["depth"] != "none":
                assert {mirrored["depth"], told["depth"]} == {"in front", "behind"}
        else:
            assert mirrored["subject"] == told["subject"] and "second_colour" not in told
            assert told["count"] == str(sum(subject.count for subject in scene.subjects))


PARK = Scene((), "park", "day", "clear", "natural", "static", facing=10.0)
DOG, CAT = Subject("dog", "brown", "run"), Subject("cat", "white", "sit")
ALONE = {"second_subject": "none", "third_subject": "none", "then": "none", "depth": "none"}


def test_a_pair_is_labelled_with_what_both_do_from_the_left() -> None:
    two = (replace(DOG, action="chase"), replace(CAT, action="flee"))
    for facing, left, right in ((10.0, DOG, CAT), (170.0, CAT, DOG)):
        told = labels(replace(PARK, subjects=two, facing=facing))
        assert (told["subject"], told["second_subject"]) == (left.kind, right.kind)
        assert (told["colour"], told["second_colour"]) == (left.colour, right.colour)
        assert told["action"] == told["second_action"] == "chase"
        assert told["depth"] == told["third_subject"] == "none" and "count" not in told


def test_depth_is_that_of_the_left_one_where_it_is_staged() -> None:
    """The label is checked against the staged scene: who is left, and who is nearer."""
    seen = set()
    for relation in DEEP:
        for seed, facing in ((0, 10.0), (1, 10.0), (0, 200.0), (1, 200.0)):
            scene = replace(PARK, subjects=(DOG, CAT), relation=relation, seed=seed)
            scene = replace(scene, facing=facing, camera="follow")
            told, staging = labels(scene), stage_scene(scene, 16 / 9)
            places = np.array(staging.places_at(2.0))
            (x, _, deep), (other_x, _, other_deep) = staging.view_at(2.0, 16 / 9).project(
                places, 160, 90
            )
            left = "dog" if x < other_x else "cat"
            nearer = "dog" if deep < other_deep else "cat"
            assert nearer == ("dog" if relation == "in front of" else "cat")
            assert told["subject"] == left
            assert told["depth"] == ("in front" if nearer == left else "behind")
            seen.add((left, nearer))
    assert len(seen) == 4


def test_three_kinds_and_nobody_have_labels() -> None:
    three = (DOG, CAT, Subject("ball", "red", "bounce"))
    for relation, kinds in (
        ("left of", ("dog", "cat", "ball")),
        ("right of", ("ball", "cat", "dog")),
    ):
        told = labels(replace(PARK, subjects=three, relation=relation))
        names = ("subject", "second_subject", "third_subject")
        assert tuple(told[name] for name in names) == kinds
        assert told["second_action"] == "sit" and "count" not in told and "worn" not in told
    told = labels(PARK)
    place = {"place": "park", "time": "day", "weather": "clear", "style": "natural"}
    empty = {"subject": "none", "count": "0"}
    assert told == place | ALONE | empty | {"camera": "static"}
    woman = Subject("woman", "red", "walk", worn=(("boots", "lime"), ("hat", "blue")))
    told = labels(replace(PARK, subjects=(woman,)))
    assert (told["worn"], told["worn_colour"]) == ("boots", "lime")
    assert labels(replace(PARK, subjects=(DOG,)))["worn"] == "none"


def batch_of_eight(rng: random.Random) -> Batch:
    scenes = [replace(sample_scene(rng), style="natural") for _ in range(8)]
    clips, boxes_BM34 = (np.stack([draw(s) for s in scenes]) for draw in (painted, halves))
    return Batch(torch.from_numpy(clips), torch.from_numpy(boxes_BM34), scenes)


def opinion_of(**said: dict[str, float]) -> dict[str, dict[str, float]]:
    """Every column undecided, but those that are said; what is not named shares the rest."""
    out = {}
    for name, values in columns():
        told = said.get(name, {})
        rest = (1.0 - sum(told.values())) / (len(values) - len(told))
        out[name] = {value: told.get(value, rest) for value in values}
    return out


def test_a_second_action_is_what_the_last_half_shows() -> None:
    alone = {"none": 0.98}
    unsure = opinion_of(then={"none": 0.5}, second_subject=alone)
    walks = opinion_of(action={"walk": 0.9}, second_subject=alone)
    jumps = opinion_of(action={"jump": 0.9}, second_subject=alone)
    found = changed(unsure, walks, jumps)
    assert sum(found.values()) == pytest.approx(1.0) and found["jump"] > 0.6
    assert changed(unsure, walks, walks)["none"] > 0.75
    sure = opinion_of(then={"none": 0.999}, second_subject=alone)
    assert changed(sure, walks, jumps)["none"] > 0.9, "halves only help to decide"
    both = opinion_of(then={"none": 0.5}, second_subject={"none": 0.02})
    still = {"action": {"walk": 0.9}}
    right = (
        opinion_of(**still, second_action={"sit": 0.9}),
        opinion_of(**still, second_action={"jump": 0.9}),
    )
    assert changed(both, *right)["jump"] > 0.6, "the right one changes"


def test_augmentation_keeps_labels_true() -> None:
    rng = random.Random(2)
    given = batch_of_eight(rng)
    always = Augmentation(mirrored=1.0, windowed=0.0, worn=0.0, brightness=0.0, part=0.0)
    shown = augmented(given, rng, always)
    assert shown.scenes == [s.mirrored() for s in given.scenes]
    assert torch.equal(shown.pairs_BM2HW3, given.pairs_BM2HW3.flip(4))
    parts = Augmentation(mirrored=0.0, windowed=0.0, worn=0.0, part=1.0)
    shown = augmented(given, rng, parts)
    assert 3 <= shown.pairs_BM2HW3.shape[1] < 12
    assert len(shown.pairs_BM2HW3) == len(shown.boxes_BM34) == len(shown.scenes)
    assert all(s.then is None for s in shown.scenes)
    for seed in range(6):
        clip = given.pairs_BM2HW3[0]
        out = worn(clip, random.Random(seed), Augmentation())
        assert out.shape == clip.shape and out.dtype == torch.uint8
        assert (out.float() - clip.float()).abs().mean() < 30


def test_boxes_follow_what_augmentation_does() -> None:
    """A bright block stays in its own box, whatever mirror and window do."""
    rng = random.Random(5)
    scenes = [sample_scene(rng) for _ in range(40)]
    for scene in [scene for scene in scenes if len(scene.subjects) in (1, 2)]:
        two = len(scene.subjects) == 2
        clip = torch.zeros(1, 3, 2, 64, 128, 3, dtype=torch.uint8)
        clip[:, :, :, 24:40, 8:40, 0] = 200
        box = torch.zeros(1, 3, 3, 4)
        box[:, :, 0] = torch.tensor([8 / 128, 24 / 64, 40 / 128, 40 / 64])
        if two:
            clip[:, :, :, 24:40, 72:104, 1] = 200
            box[:, :, 1] = torch.tensor([72 / 128, 24 / 64, 104 / 128, 40 / 64])
        shown = augmented(Batch(clip, box, [scene]), rng, Augmentation(worn=0.0, brightness=0.0))
        rows, cols = shown.pairs_BM2HW3.shape[3:5]
        assert rows % 16 == cols % 16 == 0 and rows >= 48 and cols >= 96
        swapped = two and shown.scenes != [scene]
        for side in range(1 + two):
            x0, y0, x1, y1 = (shown.boxes_BM34[0, 0, side] * torch.tensor([cols, rows] * 2)).round()
            lit = shown.pairs_BM2HW3[0, 0, 0, :, :, int(side != swapped)] > 0
            ys, xs = lit.nonzero().unbind(1)
            assert (xs.min(), ys.min(), xs.max() + 1, ys.max() + 1) == (x0, y0, x1, y1)


def test_boxes_hold_the_subjects_of_a_render() -> None:
    """By geometry alone, against the pixels that the world says are the subject's."""
    renderer_module = pytest.importorskip("yozora.world.renderer")
    rng, seconds = random.Random(8), [0.5, 2.0]
    with renderer_module.Renderer(128, 72, fps=2) as renderer:
        for _ in range(6):
            scene = sample_scene(rng)
            told = renderer.render_labels(scene)
            found = boxes(scene, seconds, 128, 72)
            sides = (0, 1) if scene.relation != "right of" else (1, 0)
            for actor, subject in enumerate(told.subject_I):
                for m, at_s in enumerate(seconds):
                    x0, y0, x1, y1 = told.box2d_TI4[round(at_s * 2), actor] / (128, 72, 128, 72)
                    if x1 > x0:
                        left, top, right, bottom = found[m, sides[subject]]
                        slack = 1.5 / 72
                        assert left <= x0 + slack and x1 <= right + slack
                        assert top <= y0 + slack and y1 <= bottom + slack
            if len(scene.subjects) == 1:
                assert not found[:, 1].any()


def test_looking_at_the_box_costs_nothing_and_elsewhere_much() -> None:
    size = JudgeSize(columns())
    drawn = map(sample_scene, map(random.Random, range(99)))
    scene = next(s for s in drawn if s.relation and len(s.subjects) == 2)
    cells = inside(torch.from_numpy(halves(scene))[None], 8, 8)
    assert cells.shape == (1, 3, 12 * 8 * 8) and (cells[:, :2].sum(-1) >= 12 * 4 * 4).all()
    targets = targets_of([scene], size)
    for inverted, least, most in ((False, 0.0, 1e-4), (True, 4.0, 20.0)):
        looked = torch.zeros(1, len(size.columns), cells.shape[-1])
        for k, (name, _) in enumerate(size.columns):
            seen = cells[0, 1] if name.startswith("second") else cells[0, 0]
            seen = (~cells.any(1)[0]) if inverted else seen
            looked[0, k] = seen / seen.sum()
        assert least <= look_loss(looked, cells, targets, size).item() <= most


def test_what_cannot_be_told_is_not_scored() -> None:
    rng = random.Random(4)
    noir = replace(sample_scene(rng), style="noir")
    targets = targets_of([noir], JudgeSize(columns()))
    assert targets["colour"].item() == judge_loop.UNTOLD
    assert targets["place"].item() >= 0
    logits = {name: torch.zeros(1, len(values)) for name, values in columns()}
    assert torch.isfinite(judge_loop.column_loss(logits, targets))
    assert judge_loop.hits(logits, targets)["colour"] == (0, 0)


def test_the_first_shard_is_held_back(tmp_path: Path) -> None:
    write_shards(tmp_path, 2, 5)
    clips = JudgeClips(tmp_path)
    assert len(clips.clips) == len(clips.measured) == 5
    assert len({scene.digest() for scene in clips.draw(random.Random(0), 5).scenes}) == 5
    long, short = [(50, "long"), (50, "long"), (20, "long")], [(50, "short"), (10, "short")]
    assert shard_sizes(120, 60, 30) == [*long, *short, (30, "changing")]


def test_the_budget_counts_what_is_rendered(tmp_path: Path) -> None:
    made = recipe(tmp_path, 1)
    judge = replace(made.judge, scenes=50, short_scenes=50, changing_scenes=100)
    assert to_render(judge, 12) == (200, 50 * 24 + 50 * 6 + 100 * 18)
    line = budget(replace(made, judge=judge), "judge")
    assert line.startswith("judge-test: 200 scenes, about 3,300 frames")
    assert not budget(made, "distill")


def test_stretches_show_what_they_are_drawn_for() -> None:
    rng = random.Random(0)
    drawn = [draw_stretch(rng, "changing", number) for number in range(200)]
    assert all(scene.then for scene, _, _ in drawn[1::2])
    assert all(len(scene.subjects) > 1 for scene, _, _ in drawn[::2])
    for scene, start_s, length_s in drawn:  # at least half a second of either action
        assert start_s + 0.5 <= scene.length_s / 2 <= start_s + length_s - 0.5
    short = [draw_stretch(rng, "short", number) for number in range(200)]
    assert not any(scene.then for scene, _, _ in short)
    assert all(0.0 <= start_s <= scene.length_s - length_s for scene, start_s, length_s in short)


def test_batches_hold_clips_of_one_length(tmp_path: Path) -> None:
    write_shards(tmp_path, 2, 5)
    writer, rng = ShardWriter(tmp_path, "shard-00009"), random.Random(3)
    for _ in range(5):
        scene = replace(sample_scene(rng), style="natural")
        told = Clip(12, ("a",), scene=scene.to_json())
        writer.add(told, {"frames": painted(scene)[:3], "boxes": halves(scene)[:3]})
    writer.close()
    clips, seen = JudgeClips(tmp_path), set()
    for _ in range(20):
        batch = clips.draw(rng, 5)
        assert len({scene.digest() for scene in batch.scenes}) == 5
        seen.add(batch.pairs_BM2HW3.shape[1])
    assert seen == {3, 12}


@pytest.mark.acceptance  # minutes, where the machine is slow
def test_training_learns_resumes_and_exports(tmp_path: Path) -> None:
    data = tmp_path / "data"
    write_shards(data, 6, 50)  # every shard of the recipe is there: nothing to render
    part = judge_loop.train_judge(recipe(tmp_path, 20), tmp_path / "run", data)
    assert load_judge(part)[1].facts == {"steps": 20, "minutes": pytest.approx(0.0, abs=5.0)}
    path = judge_loop.train_judge(recipe(tmp_path, 320), tmp_path / "run", data)
    judge, header = load_judge(path)
    assert header.facts is not None and header.facts["steps"] == 320
    measured = judge_loop.measure(judge, JudgeClips(data))
    assert measured["time"] > 0.7  # chance is 0.25
    assert measured["colour"] > 0.2  # chance is 0.08
    more = recipe(tmp_path, 1)
    more = replace(more, judge=replace(more.judge, optimiser=OptimiserSettings(0.0, 0.0)))
    path = judge_loop.train_judge(more, tmp_path / "more", data, path)
    again = judge_loop.measure(load_judge(path)[0], JudgeClips(data))
    assert again["time"] == pytest.approx(measured["time"], abs=0.05)  # what it started from
