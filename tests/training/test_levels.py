"""Laws of the noise levels that training draws."""

from __future__ import annotations

import itertools
import random
from dataclasses import fields, replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from yozora.training.levels import LevelMix, draw_levels

KINDS = ("independent", "staircase", "prefix", "suffix", "ends", "middle", "half")
NONE = LevelMix(**dict.fromkeys(KINDS, 0.0))


def only(kind: str) -> LevelMix:
    return replace(NONE, **{kind: 1.0})


@given(st.integers(0, 10**6), st.integers(1, 18), st.sampled_from([4, 72, 144]))
def test_every_row_has_something_to_learn_and_levels_are_shares(seed, frames, tokens):
    level = draw_levels(random.Random(seed), 16, frames, tokens, LevelMix())
    assert level.shape == (16, frames) and level.dtype == torch.float32
    assert bool((level >= 0).all() and (level <= 1).all())
    assert bool((level > 0).any(1).all())


@given(st.integers(0, 10**6), st.integers(3, 12), st.sampled_from(KINDS))
def test_known_frames_are_exactly_0_and_stand_where_the_kind_says(seed, frames, kind):
    for row in draw_levels(random.Random(seed), 8, frames, 72, only(kind)).tolist():
        known = [value == 0.0 for value in row]
        changes = sum(a != b for a, b in itertools.pairwise(known))
        match kind:
            case "independent" | "half":
                assert not any(known)
            case "prefix":
                assert known[0] and not known[-1] and changes == 1
            case "suffix":
                assert known[-1] and not known[0] and changes == 1
            case "ends":
                assert known[0] and known[-1] and changes == 2
            case "middle":
                assert not known[0] and not known[-1] and changes == 2
            case "staircase":
                assert changes <= 1 and row == sorted(row)
        if kind not in ("independent", "staircase", "half"):
            assert len({value for value in row if value}) == 1


def test_the_rest_has_one_level_for_all_frames():
    level = draw_levels(random.Random(0), 64, 6, 72, NONE)
    assert bool((level == level[:, :1]).all())


@pytest.mark.parametrize("frames", [3, 6, 12])
def test_about_half_of_the_clips_carry_frames_of_another_level(frames):
    level = draw_levels(random.Random(1), 2000, frames, 72, LevelMix())
    mixed = (level != level[:, :1]).any(1).float().mean().item()
    shares = sum(getattr(LevelMix(), f.name) for f in fields(LevelMix) if f.name in KINDS)
    assert mixed == pytest.approx(shares, abs=0.08)


def test_more_noised_tokens_mean_more_noise():
    few, many = (
        draw_levels(random.Random(2), 4000, 1, tokens, NONE).mean().item() for tokens in (9, 576)
    )
    assert many > few + 0.05
