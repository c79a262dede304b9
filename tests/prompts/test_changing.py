"""New words over a caption: what they say is changed, and nothing else."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from yozora.prompts.changing import alone, changed
from yozora.prompts.errors import PromptError
from yozora.world.captions import caption
from yozora.world.parsing import parse
from yozora.world.phrases import CANONICAL
from yozora.world.sample import sample_scene

DOG = (
    "a brown dog runs in a park in summer by day , clear weather , natural style , "
    "the camera follows"
)
PARK = "in a park in summer by day , clear weather , natural style"
TWO = (
    "a white cat to the left of a grey robot that walks in a library by day , natural style , "
    "static camera"
)


@pytest.mark.parametrize(
    ("before", "words", "old", "new"),
    [
        (DOG, "it snows at night", "by day , clear weather", "at night , falling snow"),
        (DOG, "it starts to snow", "clear weather", "falling snow"),
        (DOG, "in watercolour style", "natural style", "watercolour style"),
        (DOG, "the dog becomes a cat", "dog", "cat"),
        (DOG, "turn the dog into a black cat", "brown dog", "black cat"),
        (DOG, "make it red", "brown", "red"),
        (DOG, "the dog is white", "brown", "white"),
        (DOG, "it jumps", "runs", "jumps"),
        (DOG, "the dog sits down", "runs", "sits"),
        (DOG, "add a red ball", "runs", "runs next to a red ball"),
        (DOG, "replace the park with a beach", "in a park in summer", "on a beach"),
        (DOG, "a beach", "in a park in summer", "on a beach"),
        (DOG, "the park becomes a beach at night", "in a park in summer by day",
         "on a beach at night"),
        (DOG, "the camera pans left", "the camera follows", "the camera pans left"),
        (DOG, "no dogs", "a brown dog runs in", "in"),
        (TWO, "the robot becomes a knight", "robot", "knight"),
        (TWO, "turn the cat into a dog", "cat", "dog"),
        (TWO, "the cat is black", "white", "black"),
        (TWO, "the library becomes a spaceship", "in a library by day", "inside a spaceship"),
    ],
)  # fmt: skip
def test_what_is_said_changes_and_all_else_stays(before, words, old, new):
    assert changed(before, words).caption == before.replace(old, new)


def test_a_place_where_no_hour_shows_gets_one_when_it_is_left():
    ship = "a brown dog runs inside a spaceship , natural style , static camera"
    told = changed(ship, "the spaceship becomes a park").caption
    assert told == DOG.replace("the camera follows", "static camera")


def test_a_clause_said_again_changes_nothing_and_another_one_only_itself():
    """For any scene and each clause that its caption has."""
    for seed in range(60):
        own = caption(sample_scene(random.Random(seed)))
        told = parse(own)
        for column in ("style", "camera", "weather", "time"):
            value = getattr(told, column)
            if value is None:
                continue
            assert changed(own, CANONICAL[column][value]).caption == own
            other = next(one for one in CANONICAL[column] if one != value)
            after = changed(own, CANONICAL[column][other]).caption
            assert parse(after) == replace(told, **{column: other}), (own, column, after)


def test_what_nobody_knows_changes_nothing_and_says_so():
    told = changed(DOG, "a lovely zorg")
    assert told.caption == DOG
    assert any("change nothing" in note for note in told.notes)
    assert [word.word for word in told.words if word.fate.value == "not known"]
    with pytest.raises(PromptError):
        changed(DOG, "...")


@pytest.mark.parametrize(
    ("before", "words", "thing"),
    [
        (DOG, "add a red ball", f"a red ball {PARK}"),
        (DOG, "a red ball", f"a red ball {PARK}"),
        (TWO, "put two white cats there", "two white cats in a library by day , natural style"),
        (DOG, "it snows", ""),
        ("", "a red ball", "a red ball"),
    ],
)  # fmt: skip
def test_a_thing_alone_is_told_in_the_films_place_without_its_subjects(before, words, thing):
    assert alone(before, words) == thing


def test_what_is_added_comes_beside_what_is_there():
    assert "a brown dog runs next to a red ball" in changed(DOG, "a red ball", add=True).caption
    assert "dog" not in changed(DOG, "a red ball").caption


@pytest.mark.parametrize(
    ("words", "absent"),
    [
        ("the zebra becomes a cat", True),
        ("replace the car with a cat", True),
        ("the dog becomes a cat", False),
        ("the park becomes a beach", False),
        ("a cat", False),
    ],
)
def test_whom_words_would_change_and_nobody_told_of_is_named(words: str, absent: bool):
    told = changed("a brown dog runs in a park by day", words)
    assert any("is not said to be there" in note for note in told.notes) is absent
