"""A negative prompt's two sides: whole captions that differ by what is to be avoided alone."""

from __future__ import annotations

import random

import pytest

from yozora.prompts.contrast import sides
from yozora.prompts.negative import read_negative, told_negative
from yozora.prompts.recaption import recaption
from yozora.world.captions import caption, paraphrase
from yozora.world.parsing import parse, strangers, tokens
from yozora.world.sample import sample_scene
from yozora.world.scene import COLOURS


def test_a_colour_stands_against_all_others_and_against_nothing_else():
    towards, away = sides("a woman dances in a park by day", "red")
    assert away == ("a woman in a red dress dances in a park by day",)
    said = {parse(one).subjects[0].colour for one in towards}
    assert said == set(COLOURS) - {"red"} and len(towards) == len(said)
    for one in towards:
        other = parse(one).subjects[0].colour
        swapped = one.replace(f"an {other}", "a red").replace(f"a {other}", "a red")
        assert swapped == away[0] and len(tokens(one)) == len(tokens(away[0]))


@pytest.mark.parametrize(
    ("said", "negative", "away"),
    [
        ("a dog runs in a park , clear weather", "rain", "a dog runs in a park , rain"),
        ("a dog runs in a park", "sit", "a dog sits in a park"),
        ("a dog runs in a park", "cat", "a dog runs next to a cat in a park"),
        ("a dog runs in a park", "black dog", "a black dog runs in a park"),
        ("a dog runs then sits in a park", "jump", "a dog jumps in a park"),
        ("in a library at night", "by day , dog", "a dog in a library by day"),
    ],
)
def test_what_is_avoided_stands_in_the_place_of_its_like(said: str, negative: str, away: str):
    assert sides(said, negative) == ((said,), (away,))


@pytest.mark.parametrize("negative", ["red", "drive", "red , drive", "red car"])
def test_what_was_asked_for_is_no_side_of_it(negative: str):
    asked = "a red car drives in a desert"
    assert sides(asked, negative) == ((asked,), (asked,))


def test_both_sides_are_captions_of_the_language_for_any_scene():
    rng = random.Random(5)
    for _ in range(60):
        scene = sample_scene(rng)
        said = rng.choice((caption, lambda s: paraphrase(s, rng)))(scene)
        other = sample_scene(rng)
        named = [other.place, other.style, rng.choice(list(COLOURS))]
        named += [other.subjects[0].kind] if other.subjects else []
        negative = read_negative(", ".join(rng.sample(named, 2))).said
        for side in sides(said, negative):
            assert side and len({len(tokens(one)) for one in side}) == 1
            assert not any(strangers(one) for one in side)


def test_what_is_avoided_is_not_added():
    prompt = "a woman dances in a park"
    for negative, column in (
        ("red", "colour"),
        ("people, evening, rain", "time"),
        ("noir", "style"),
    ):
        read, notes = told_negative(negative)
        assert not notes
        for seed in range(40):
            told = recaption(prompt, seed, avoided=read.values)
            scene = told.scene
            assert scene is not None
            assert (column, getattr(scene, column, None)) not in read.values
            assert all(("colour", one.colour) not in read.values for one in scene.subjects)
            assert scene.subjects[0].kind == "woman", "asked for, whoever else is to be avoided"
    plain = {recaption(prompt, seed).scene.subjects[0].colour for seed in range(40)}
    assert "red" in plain, "else there was nothing to avoid"


def test_a_colour_of_something_bars_neither():
    assert read_negative("a red car, rain").values == {("weather", "rain")}
