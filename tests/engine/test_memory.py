"""Frames that stand are seen by those that move, and worked on once a clip."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from yozora.engine.guidance import Guidance, GuidedFlow
from yozora.engine.native import NativeEngine
from yozora.model.transformer import Transformer

STANDS = np.array([0.0, 0.0, 0.8, 0.8, 0.0], np.float32)
MOVES = STANDS > 0


@pytest.fixture(scope="module")
def engine(tiny_weights) -> NativeEngine:
    return NativeEngine.load(tiny_weights)


class Watched(Transformer):
    """Notes how many frames each call works on."""

    def outlined(self, x_BFCHW, *told, **more):
        self.worked = [*getattr(self, "worked", []), x_BFCHW.shape[1]]
        return super().outlined(x_BFCHW, *told, **more)


def network_of(engine: NativeEngine, blocks: int) -> Watched:
    """With values everywhere, also where training begins with none."""
    torch.manual_seed(3)
    size = replace(engine.transformer.size, blocks=blocks)
    network = Watched(engine.grid, size, len(engine.vocabulary.words) + 2).eval()
    with torch.no_grad():
        for value in network.parameters():
            value.add_(0.05 * torch.randn_like(value))
    return network


def flow_of(engine: NativeEngine, network: Transformer, weight: float = 3.0) -> GuidedFlow:
    return GuidedFlow(network, engine.vocabulary, Guidance(weight, remembers=True))


def shown(engine: NativeEngine, network: Transformer, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.standard_normal((len(STANDS), network.state, 4, 8)).astype(np.float32)


def call(flow: GuidedFlow, x: np.ndarray, level: float = 0.8) -> np.ndarray:
    now = np.where(MOVES, np.float32(level), np.float32(0))
    return flow(x, now, now * np.float32(0.5), ("a dog runs", *["a red dog runs"] * 4))


def test_what_a_single_block_remembers_is_what_it_would_see_again(engine):
    """Keys and values of the first block know nothing of other frames, so nothing is lost."""
    network = network_of(engine, 1)
    x = shown(engine, network)
    remembering = flow_of(engine, network, weight=1.0)
    call(remembering, x, 0.95)
    later = x.copy()
    later[MOVES] *= 0.5
    again = call(remembering, later)
    anew = call(GuidedFlow(network, engine.vocabulary, Guidance(1.0)), later)
    np.testing.assert_allclose(again[MOVES], anew[MOVES], atol=2e-5)
    assert not again[~MOVES].any()


def test_what_moves_sees_what_stands_and_only_that_is_worked_on(engine):
    network = network_of(engine, 3)
    x, other = shown(engine, network), shown(engine, network, 1)
    other[MOVES] = x[MOVES]
    found = []
    for clip in (x, other):
        flow = flow_of(engine, network)
        call(flow, clip, 0.9)
        found.append(call(flow, clip)[MOVES])
    assert network.worked == [5, 2] * 2
    assert np.abs(found[0] - found[1]).max() > 1e-3


def test_other_frames_that_stand_are_seen_anew(engine):
    """A window that moves on, and content that is another, is never told by what was before."""
    network = network_of(engine, 3)
    x, other = shown(engine, network), shown(engine, network, 1)
    used, fresh = flow_of(engine, network), flow_of(engine, network)
    call(used, x)
    np.testing.assert_array_equal(call(used, other), call(fresh, other))
