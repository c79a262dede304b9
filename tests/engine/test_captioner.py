"""What the flow tells of pictures: the words under which it errs least, whoever the network is."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from yozora.engine.captioner import Captioner
from yozora.engine.native import NativeEngine
from yozora.engine.protocol import Cancelled
from yozora.model.blocks import TextContext
from yozora.model.grid import FINE, Grid
from yozora.model.transformer import Window
from yozora.prompts.vocabulary import vocabulary
from yozora.world.captions import caption_said, parse, said
from yozora.world.parsing import Said
from yozora.world.sample import sample_scene
from yozora.world.scene import SHELTERED

GRID = Grid(channels=4, token_cols=1)
ROWS, COLS = 9, 16
BOX = slice(3, 7), slice(5, 10)  # where the subject is


@dataclass
class Knowing:
    """A network that errs by as much as a caption says wrong; of a subject, only where it is."""

    truth: Said
    clean_FCHW: torch.Tensor
    asked: list[int] = field(default_factory=list)  # cells of each row
    grid: Grid = GRID
    state: int = GRID.channels + FINE**2
    size: SimpleNamespace = field(default_factory=lambda: SimpleNamespace(text_words=56))
    patch_in: SimpleNamespace = field(
        default_factory=lambda: SimpleNamespace(weight=torch.zeros(1))
    )

    def encode_text(self, ids_UL: torch.Tensor) -> TextContext:
        ids = ids_UL.float()
        return TextContext(ids[:, :, None], ids, ids)

    def outlined(self, x: torch.Tensor, *told: object) -> tuple[None, torch.Tensor]:
        logits = torch.full((len(x), 1, ROWS * FINE, COLS * FINE), -9.0)
        if self.truth.subjects:
            rows, cols = (slice(s.start * FINE, s.stop * FINE) for s in BOX)
            logits[:, :, rows, cols] = 9.0
        return None, logits

    def __call__(
        self, x: torch.Tensor, t: torch.Tensor, r: torch.Tensor, w: torch.Tensor,
        text: TextContext, index: torch.Tensor, second: torch.Tensor, window: Window,
    ) -> torch.Tensor:  # fmt: skip
        count, _, _, high, wide = x.shape
        self.asked += [high * wide] * count
        rows = slice(int(window.top_B), int(window.top_B) + high)
        cols = slice(int(window.left_B), int(window.left_B) + wide)
        clean = self.clean_FCHW[:, :, rows, cols]
        level = t[:, :, None, None, None]
        # the frame is the one whose noised picture it could be: all are alike here
        v = (x[:, :, : GRID.channels] - clean[0]) / level
        inside = torch.zeros(ROWS, COLS)
        inside[BOX] = 1.0
        for n, ids in enumerate(text.pooled_UD):
            what = parse(vocabulary().decode([int(i) for i in ids]))
            clauses = ("place", "time", "weather", "style")
            wrong = sum(getattr(what, c) not in (None, getattr(self.truth, c)) for c in clauses)
            v[n] += 0.05 * wrong
            for one, true in zip(what.subjects, self.truth.subjects, strict=False):
                off = (one.kind != true.kind) + (one.colour not in (None, true.colour))
                v[n] += 0.05 * off * inside[rows, cols]
        return torch.cat([v, torch.zeros(count, 1, FINE**2, high, wide)], 2)


def shown(truth: Said) -> tuple[Knowing, np.ndarray]:
    latents = np.random.default_rng(1).standard_normal((1, GRID.channels, ROWS, COLS))
    latents_FCHW = latents.astype(np.float32)
    return Knowing(truth, torch.from_numpy(latents_FCHW)), latents_FCHW


def truth_of(number: int) -> Said:
    what = said(sample_scene(random.Random(number)))
    subjects = tuple(
        replace(s, action=None, then=None, worn=(), count=1) for s in what.subjects[:1]
    )
    return replace(what, subjects=subjects, relation=None, season=None, camera=None)


@pytest.mark.parametrize("number", range(12))
def test_it_tells_what_a_network_that_knows_its_words_is_shown(number):
    truth = truth_of(number)
    network, latents_FCHW = shown(truth)
    told = Captioner(network, vocabulary()).read(latents_FCHW)
    what = parse(told)
    assert caption_said(what) == told
    grey = truth.style in ("noir", "line drawing")
    if grey:
        truth = replace(truth, subjects=tuple(replace(s, colour=None) for s in truth.subjects))
    assert what == truth
    assert what.place not in SHELTERED or what.weather is None
    assert sum(network.asked) < 300 * ROWS * COLS, "cheap: as many frames at most"


def test_subjects_are_looked_at_where_they_are():
    network, latents_FCHW = shown(truth_of(0))
    Captioner(network, vocabulary()).read(latents_FCHW)
    near = {cells for cells in network.asked if cells < ROWS * COLS}
    assert near == {6 * 7}, "the box and a cell around it"


def test_it_stops_when_it_is_told_to():
    network, latents_FCHW = shown(truth_of(0))
    with pytest.raises(Cancelled):
        Captioner(network, vocabulary()).read(latents_FCHW, lambda: len(network.asked) > 20)
    assert len(network.asked) < 40


def test_real_weights_tell_the_same_twice_and_words_that_they_know(tiny_weights):
    engine = NativeEngine.load(tiny_weights)
    pictures = np.random.default_rng(0).integers(0, 255, (8, 64, 128, 3), np.uint8)
    latents_FCHW = engine.encode(pictures)
    told = engine.tell(latents_FCHW)
    assert told == engine.tell(latents_FCHW)
    assert parse(told).place and parse(told).style
    assert all(word in engine.words for word in told.replace(",", " ").split())
