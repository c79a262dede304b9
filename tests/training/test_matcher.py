"""Laws of the matcher: an individual is nearest to itself, and looks that measure never teach."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import random
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.fakes.engine import FakeEngine
from yozora.model.checkpoint import load_judge, load_matcher
from yozora.model.errors import WeightsError
from yozora.model.matcher import Matcher, MatcherSize
from yozora.training.errors import TrainingError
from yozora.training.eval_references import (
    WAYS,
    caption_of,
    case,
    evaluate_references,
    figures,
    interval,
)
from yozora.training.loop import budget
from yozora.training.matcher import contrast, hits, measure, train_matcher
from yozora.training.matcher_data import (
    GROUP,
    MEASURED,
    REFERENCE_PX,
    TEACHING,
    VIEWS,
    Individuals,
    half_of,
    individual,
    pairs_of,
    scene_with,
    shard_sizes,
)
from yozora.training.optim import parameters_m
from yozora.training.recipe import MatcherRun, Recipe
from yozora.training.shards import Clip, ShardWriter
from yozora.world.parsing import parse
from yozora.world.phrases import KINDS
from yozora.world.scene import Subject

SHAPE = (VIEWS, 32, 64, 3)  # views of tiny individuals


def coat(subject: Subject) -> np.ndarray:
    """A pattern of one's own: three colours from the look."""
    rng = np.random.default_rng(subject.look)
    return rng.integers(0, 256, (3, 3)).repeat(4, 0).repeat(12, 0).reshape(12, 12, 3).astype("u1")


def write_shards(folder: Path, shards: int) -> None:
    """Painted individuals: their coats on grey, and anywhere on noise."""
    rng, noise = random.Random(0), np.random.default_rng(0)
    for index in range(shards):
        writer = ShardWriter(folder, f"shard-{index:05d}")
        for number in range(24):
            kind = sorted(KINDS)[(index + number // GROUP) % 5]
            subject = individual(rng, half_of(index), kind)
            apart = np.full((32, 32, 3), 165, np.uint8)
            apart[10:22, 10:22] = coat(subject)
            views = noise.integers(90, 170, SHAPE).astype(np.uint8)
            for view in views:
                y, x = rng.randrange(20), rng.randrange(52)
                view[y : y + 12, x : x + 12] = coat(subject)
            told = Clip(12, ("",), scene=scene_with(rng, subject).to_json())
            writer.add(told, {"frames": views, "references": apart})
        writer.close()


def test_after_a_little_training_an_individual_is_nearest_to_itself(tmp_path: Path) -> None:
    data = tmp_path / "data" / "matcher"
    data.mkdir(parents=True)
    write_shards(data, 3)
    run = MatcherRun(individuals=72, individuals_a_shard=24, steps=150, batch=16, width=16)
    recipe = Recipe("matcher-test", matcher=run, threads=1, log_every_s=1e9)
    clips = Individuals(data)
    before = measure(Matcher(MatcherSize(16)).eval(), clips)
    made = train_matcher(recipe, tmp_path / "matcher", data)
    network, header = load_matcher(made)
    assert header.facts and header.facts["steps"] == 150
    after = measure(network, clips)
    assert after > 0.5 > before + 0.2, (before, after)
    rows = [row for of in clips.measured.values() for row in of]
    found = pairs_of(rows, [0] * len(rows))
    with torch.inference_mode():
        likeness = network(found.references_BSS3) @ network(found.views_BHW3).T
    own = likeness.diagonal().mean()
    assert own > (likeness.sum() - likeness.trace()) / (likeness.numel() - len(rows)) + 0.2
    with pytest.raises(WeightsError, match="not a judge"):
        load_judge(made)


def test_looks_that_measure_never_teach(tmp_path: Path) -> None:
    write_shards(tmp_path, 3)
    clips = Individuals(tmp_path)
    assert len(clips) == 48 and sum(map(len, clips.measured.values())) == 24
    held = {tuple(coat_of(row)) for of in clips.measured.values() for row in of}
    batch = clips.draw(random.Random(0), 200)
    assert len(batch.views_BHW3) == len(batch.references_BSS3) == 200
    taught = {tuple(coat_of(row)) for of in clips.teaching.values() for row in of}
    assert not held & taught
    rng = random.Random(1)
    for kind in KINDS:
        assert individual(rng, TEACHING, kind).look % 2 == TEACHING
        assert case(sorted(KINDS).index(kind)).subject.look % 2 == MEASURED
    assert shard_sizes(100, 40) == [40, 40, 20] and half_of(0) == half_of(10) == MEASURED
    assert "2,000 individuals" in budget(Recipe("a"), "matcher")


def coat_of(row: tuple) -> np.ndarray:
    shard, clip = row
    return np.asarray(shard.read(clip, "references"))[10:22, 10:22].ravel()


@pytest.mark.skipif(importlib.util.find_spec("moderngl") is None, reason="no OpenGL")
def test_a_shard_of_renders_is_the_same_when_made_again(tmp_path: Path) -> None:
    from yozora.training.matcher_data import render_shard

    first, again = (render_shard(tmp_path / name, 1, 2, 5, 12) for name in ("a", "b"))
    assert (first / "frames.u8").read_bytes() == (again / "frames.u8").read_bytes()
    clips = Individuals(tmp_path / "a")
    (rows,) = clips.teaching.values()
    shard, clip = rows[0]
    assert shard.read(clip, "frames").shape == (VIEWS, 144, 256, 3)
    assert shard.read(clip, "references").shape == (REFERENCE_PX, REFERENCE_PX, 3)


def test_scenes_show_the_very_individual() -> None:
    rng = random.Random(2)
    for kind in KINDS:
        subject = individual(rng, TEACHING, kind)
        for plain in (False, True):
            (shown,) = scene_with(rng, subject, plain).subjects
            assert (shown.kind, shown.colour, shown.look, shown.worn) == (
                subject.kind, subject.colour, subject.look, subject.worn
            )  # fmt: skip


def test_points_have_length_one_at_any_size() -> None:
    torch.manual_seed(0)
    network = Matcher(MatcherSize()).eval()
    assert parameters_m(network.parameters()) < 1.0
    for shape in ((1, 96, 96), (3, 144, 256), (2, 90, 61)):
        frames = np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8)
        assert np.linalg.norm(network.point(frames)) == pytest.approx(1.0, abs=1e-5)


def test_contrast_is_least_where_everybody_is_nearest_to_itself() -> None:
    apart = torch.eye(6)
    assert hits(apart, apart) == 1.0 and hits(apart, apart.roll(1, 0)) == 0.0
    assert contrast(apart, apart) < 0.01 < contrast(apart, apart.roll(1, 0))


# -- the probe -------------------------------------------------------------------------------------


def tint(subject: Subject) -> np.ndarray:
    """A colour of one's own."""
    digest = hashlib.sha256(f"{subject.look}/{subject.colour}".encode()).digest()
    return np.frombuffer(digest[:3], np.uint8)


class Colours(Matcher):
    """Tells by the mean colour."""

    def __init__(self) -> None:
        super().__init__(MatcherSize(4))

    def point(self, frames: np.ndarray) -> np.ndarray:
        mean = frames.reshape(-1, 3).mean(0) - 127.5
        return mean / np.linalg.norm(mean)


class World(nullcontext):
    """Paints everybody in one colour."""

    def reference(self, subject: Subject, px: int) -> np.ndarray:
        return np.broadcast_to(tint(subject), (px, px, 3))

    def render(self, scene) -> np.ndarray:
        return np.broadcast_to(tint(scene.subjects[0]), (24, 144, 256, 3))

    def __enter__(self) -> World:
        return self


class Shows(FakeEngine):
    """Shows its reference, or grey."""

    def generate(self, canvas, **told):
        x = np.zeros_like(canvas.content_FCHW)
        for reference in canvas.references:
            x[:] = reference.content_CHW.mean((1, 2), keepdims=True)
        return x + 0.01 * (canvas.seed % 7)


def probe(out: Path, engine: FakeEngine, count: int = 12):
    return evaluate_references(
        out, count, engine=engine, matcher=Colours(), open_renderer=lambda w, h, fps: World()
    )


def test_films_that_show_their_reference_are_found_and_others_are_not(tmp_path: Path) -> None:
    found = probe(tmp_path, Shows())
    films, ceiling, floor = (figure.value for figure in found.figures)
    assert ceiling == 100.0 and films > 80.0 and floor < 40.0
    assert (tmp_path / "references.png").is_file()
    body = json.loads((tmp_path / "references.json").read_text())
    assert body["individuals"] == 12 and len(body["figures"]) == len(WAYS)


def test_a_stopped_probe_goes_on_and_other_weights_start_afresh(tmp_path: Path) -> None:
    first = probe(tmp_path, Shows(), 3)
    rows = (tmp_path / "references.jsonl").read_text()
    (tmp_path / "references.jsonl").write_text(rows + '{"index": 7, "fil')
    assert probe(tmp_path, FakeEngine(), 3).figures == first.figures  # what is known is kept
    probe(tmp_path, Shows(weights_sha256="1" * 64), 2)
    assert len((tmp_path / "references.jsonl").read_text().splitlines()) == 3


def test_what_cannot_be_measured_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="without references: "):
        probe(tmp_path, Shows(reference_px=0))
    with pytest.raises(TrainingError, match="OpenGL"):
        evaluate_references(
            tmp_path, 1, engine=Shows(), matcher=Colours(), open_renderer=lambda w, h, f: None
        )


def test_a_case_tells_the_kind_and_leaves_the_rest_to_the_picture() -> None:
    for index in range(2 * len(KINDS)):
        one = case(index)
        assert one == case(index)
        (told,) = parse(caption_of(one.scene)).subjects
        assert told.kind == one.subject.kind and told.colour is None and not told.worn
        assert len({one.subject, *one.others}) == 20
        assert {other.kind for other in one.others} == {told.kind}


def test_intervals_hold_the_share() -> None:
    for share, count in ((0.0, 5), (0.5, 40), (1.0, 40), (0.3, 1000)):
        low, high = interval(share, count)
        assert 0.0 <= low <= share + 1e-9 and share - 1e-9 <= high <= 1.0
    rows = [dict.fromkeys(WAYS, True), dict.fromkeys(WAYS, False)]
    assert [figure.value for figure in figures(rows)] == [50.0] * 3
    assert REFERENCE_PX == 96
