"""Cells with a subject weigh more in the loss, and mirrored clips carry mirrored cells."""

import json
import random

import numpy as np
import pytest
import torch

from yozora.model.grid import FINE
from yozora.training.latent_clips import Batch, LatentClips
from yozora.training.recipe import Recipe
from yozora.training.render_world import Shown, coarse, store
from yozora.training.shards import Clip, ShardWriter
from yozora.training.transformer_loop import cell_weights, channel_weights, velocity_loss
from yozora.world.sample import sample_scene

LOW = torch.full((1, 1), 0.2)


def batch(subject: np.ndarray | None) -> Batch:
    return Batch(np.zeros((1, 1, 2, 2, 4), np.float16), (("a",),), None, (), subject)


def test_an_error_on_the_subject_costs_more_than_the_same_error_beside_it() -> None:
    subject = np.zeros((1, 1, 2, 4), np.float16)
    subject[..., 0, 0] = 1.0
    level, target = torch.full((1, 1), 0.5), torch.zeros(1, 1, 2, 2, 4)
    cells = cell_weights(batch(subject), 3.0, level)
    on, beside = target.clone(), target.clone()
    on[..., 0, 0], beside[..., 1, 3] = 1.0, 1.0
    cost = [float(velocity_loss(out, target, level, cells)) for out in (on, beside)]
    assert cost[0] == pytest.approx(4.0 * cost[1])
    everywhere = float(velocity_loss(target + 1.0, target, level, cells))
    assert everywhere == pytest.approx(1.0), "the weights have mean 1"


def test_without_subjects_told_all_cells_weigh_the_same() -> None:
    assert cell_weights(batch(None), 3.0, LOW) is None
    assert cell_weights(batch(np.ones((1, 1, 2, 4), np.float16)), 0.0, LOW) is None


def test_where_nobody_can_know_the_subject_nothing_weighs_more() -> None:
    subject = np.zeros((1, 1, 2, 4), np.float16)
    subject[..., 0, 0] = 1.0
    cells = [cell_weights(batch(subject), 3.0, torch.full((1, 1), t)) for t in (0.97, 0.875, 0.2)]
    assert [float(c.max()) for c in cells if c is not None] == pytest.approx([1.0, 2.5, 4.0])


def test_cells_stay_with_their_clip_through_shards_and_mirrors(tmp_path) -> None:
    """The latents are the picture's own first rows, so both must tell the same story."""
    rng = random.Random(5)
    writer = ShardWriter(tmp_path, "shard-00000")
    scene = sample_scene(rng)
    frames = np.random.default_rng(0).integers(0, 255, (8, 9, 16, 3), np.uint8)
    subject = (frames[::4, :, :, 0] / 255.0).astype(np.float32)
    outline = np.stack([subject.repeat(FINE, 1).repeat(FINE, 2)] * 2, 1)

    def encode(video: np.ndarray) -> np.ndarray:
        return np.moveaxis(video[::4].astype(np.float32) / 255.0, -1, 1)

    store(writer, Recipe("tiny"), rng, Shown(scene, frames, outline, None), 0.0, encode, False)
    writer.close()
    clips = LatentClips(tmp_path)
    seen = set()
    for _ in range(20):
        drawn = clips.draw(
            rng, 1, 9 * 16, (1, 1), paraphrase=0.0, drop_caption=0.0, references=False
        )
        assert drawn.subject_BFHW is not None
        np.testing.assert_allclose(drawn.subject_BFHW, drawn.latents_BFCHW[:, :, 0], atol=1e-3)
        assert drawn.outline_BFPHW is not None
        np.testing.assert_allclose(coarse(drawn.outline_BFPHW[0]), drawn.subject_BFHW[0], atol=1e-3)
        seen.add(drawn.subject_BFHW.tobytes())
    assert len(seen) == 4, "two latent frames, each as it is and mirrored"


def test_a_cut_clip_carries_the_captions_of_both_its_parts(tmp_path) -> None:
    """Latents here are their clip's own number, which its caption says."""
    writer = ShardWriter(tmp_path, "shard-00000")
    for number in range(4):
        latents = np.full((4, 2, 2, 4), number, np.float16)
        writer.add(Clip(12, (str(number),) * 4), {"latents": latents})
    writer.close()
    clips, rng = LatentClips(tmp_path), random.Random(0)
    told = {"paraphrase": 0.0, "drop_caption": 0.0, "references": False}
    drawn = clips.draw(rng, 4, 4 * 8 * 64, (1, 1), **told, cut=0.5)
    values = drawn.latents_BFCHW[:, :, 0, 0, 0].astype(int)
    assert [[int(c) for c in row] for row in drawn.captions] == values.tolist()
    cuts = [(row[1:] != row[:-1]).sum() for row in values]
    assert set(cuts) == {0, 1}
    whole = clips.draw(rng, 4, 4 * 8 * 64, (1, 1), **told).latents_BFCHW[:, :, 0, 0, 0]
    assert (whole == whole[:, :1]).all(), "none unless asked"


def test_hard_subjects_are_drawn_more_often(tmp_path) -> None:
    writer = ShardWriter(tmp_path, "shard-00000")
    for value, kind in enumerate(("dog", "car")):
        scene = json.dumps({"style": "natural", "subjects": [{"kind": kind}]})
        latents = np.full((1, 2, 2, 4), value, np.float16)
        writer.add(Clip(12, (kind,), scene=scene), {"latents": latents})
    writer.close()

    def cars(more: tuple[tuple[str, float], ...]) -> float:
        clips = LatentClips(tmp_path, more=more)
        told = {"paraphrase": 0.0, "drop_caption": 0.0, "references": False}
        drawn = clips.draw(random.Random(0), 1, 8 * 2000, (1, 1), **told)
        return float(drawn.latents_BFCHW[:, 0, 0, 0, 0].mean())

    assert cars(()) == pytest.approx(1 / 2, abs=0.05)
    assert cars((("dog", 3.0),)) == pytest.approx(1 / 4, abs=0.05)


def test_what_is_rare_in_scenes_is_drawn_more_often(tmp_path) -> None:
    writer = ShardWriter(tmp_path, "shard-00000")
    dog, cat = {"kind": "dog"}, {"kind": "cat"}
    for value, shown in enumerate(([dog], [dog, cat], [{**dog, "then": "sit"}])):
        scene = json.dumps({"style": "natural", "subjects": shown})
        latents = np.full((1, 2, 2, 4), value, np.float16)
        writer.add(Clip(12, ("a",), scene=scene), {"latents": latents})
    writer.close()
    clips = LatentClips(tmp_path, more=(("two kinds", 3.0), ("second action", 2.0), ("cat", 2.0)))
    told = {"paraphrase": 0.0, "drop_caption": 0.0, "references": False}
    drawn = clips.draw(random.Random(0), 1, 8 * 3000, (1, 1), **told)
    values = drawn.latents_BFCHW[:, 0, 0, 0, 0]
    shares = [float((values == value).mean()) for value in range(3)]
    assert shares == pytest.approx([1 / 9, 6 / 9, 2 / 9], abs=0.03)


def test_channels_weigh_as_they_vary(tmp_path) -> None:
    writer, made = ShardWriter(tmp_path, "shard-00000"), np.random.default_rng(0)
    for _ in range(8):
        latents = made.normal(size=(4, 3, 8, 8)) * np.array([1.0, 2.0, 4.0])[:, None, None]
        writer.add(Clip(12, ("a",) * 4), {"latents": latents.astype(np.float16)})
    writer.close()
    weight = channel_weights(LatentClips(tmp_path), 1.0)
    assert float(weight.mean()) == pytest.approx(1.0)
    assert (weight / weight[0]).tolist() == pytest.approx([1.0, 4.0, 16.0], rel=0.1)
    assert channel_weights(LatentClips(tmp_path), 0.0).tolist() == [1.0, 1.0, 1.0]
    level, target = torch.full((1, 1), 0.5), torch.zeros(1, 1, 3, 2, 4)
    cost = []
    for channel in range(3):
        out = target.clone()
        out[:, :, channel] = 1.0
        cost.append(float(velocity_loss(out, target, level, None, weight)))
    assert cost == pytest.approx((weight / 3).tolist())
