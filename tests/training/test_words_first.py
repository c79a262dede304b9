"""The text encoder learns to keep words, and then rests."""

from __future__ import annotations

import random

import numpy as np
import pytest
import torch

from yozora.model.grid import Grid
from yozora.model.text import PAD, TextEncoder
from yozora.model.transformer import Transformer, TransformerSize
from yozora.prompts.vocabulary import vocabulary
from yozora.training.latent_clips import LatentClips
from yozora.training.optim import Optimiser, OptimiserSettings
from yozora.training.shards import Clip, ShardWriter
from yozora.training.words_first import bags, learn_words, resting

DOG, HORSE = (
    f"a brown {kind} runs in a park by day , clear weather , natural style , static camera"
    for kind in ("dog", "horse")
)


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> LatentClips:
    folder = tmp_path_factory.mktemp("data")
    writer = ShardWriter(folder, "shard-00000")
    for colour in ("red", "brown", "white", "black"):
        for kind in ("dog", "horse", "cat", "car"):
            told = DOG.replace("brown", colour).replace("dog", kind)
            clip = Clip(12.0, (told,), (f"a {kind} runs",), "{}")
            writer.add(clip, {"outline": np.zeros((1, 2, 8, 16), np.float16)})
    writer.close()
    return LatentClips(folder, made_of="outlines")


def encoder() -> TextEncoder:
    torch.manual_seed(0)
    return TextEncoder(len(vocabulary()), 64, 64, longest=56)


@torch.no_grad()
def pooled(text: TextEncoder) -> torch.Tensor:
    return text(torch.tensor(vocabulary().encode_all([DOG, HORSE])))[1]


def apart(text: TextEncoder) -> float:
    """How far dog and horse are from each other, as a share of what both say."""
    dog, horse = pooled(text)
    return float((dog - horse).norm() / dog.norm())


def test_a_bag_has_each_word_once_and_no_padding() -> None:
    ids = torch.tensor([[5, 7, 5, PAD], [3, PAD, PAD, PAD]])
    assert bags(ids, 9).nonzero().tolist() == [[0, 5], [0, 7], [1, 3]]


def test_one_word_changes_what_is_said(clips: LatentClips) -> None:
    """Also where what all captions share is loud, as it becomes while pictures are learnt."""
    text = encoder()
    with torch.no_grad():
        text.pool.bias.fill_(10.0)
    before = apart(text)
    found = learn_words(text, clips, vocabulary(), 56, 200, random.Random(0))
    assert found > 0.95
    assert apart(text) > 2.0 * before
    assert 0.3 < pooled(text).square().mean().sqrt() < 0.5, "louder would drown the noise level"


def test_an_encoder_that_has_learnt_rests_and_is_kept_apart() -> None:
    """No optimiser has its values then, so the checkpoint must."""
    torch.manual_seed(0)
    network = Transformer(Grid(channels=4), TransformerSize(64, 1, 64), len(vocabulary()))
    assert resting(network) == {}
    network.text.requires_grad_(False)
    kept = resting(network)
    assert kept.keys() == network.text.state_dict().keys()
    held = Optimiser(network, OptimiserSettings()).masters
    assert held and not any(name.startswith("text.") for name in held)
