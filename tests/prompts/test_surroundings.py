"""Places told in passing, and what is offered for words that nobody knows: laws."""

from __future__ import annotations

import pytest

from yozora.prompts.account import Fate
from yozora.prompts.reading import read
from yozora.prompts.recaption import recaption

PLACES: list[tuple[str, str | None, list[str]]] = [
    # Of a part of a place the place counts; what a ship holds is no ship.
    ("the interior of a spaceship", "spaceship", []),
    ("inside of a starship", "spaceship", []),
    ("a dog at the edge of a forest", "forest", ["dog"]),
    # A year well after today tells the future, and a number of things does not.
    ("Nairobi in 2071", "future city", []),
    ("Lima in the year 4000", "future city", []),
    ("a farm in 2071", "farm", []),
    ("Oslo in 1971", "street", []),
    ("2071 robots in a park", "park", ["robot"]),
    # Who drives through a city is on a road, and passes its people.
    ("driving through town at night with pedestrians", "road", ["car"]),
    ("a bus drives through the city", "road", ["bus"]),
    ("a woman walks through the city with people", "street", ["woman", "man"]),
    ("pedestrians walk through the city", "street", ["man"]),
    ("driving home, a tired plumber yawns", None, ["man"]),
    # A verb or an hour may hold the place.
    ("a fox crosses a road", "road", ["dog"]),
    ("a fox in the city at night", "street", ["dog"]),
]  # fmt: skip


@pytest.mark.parametrize(("prompt", "place", "kinds"), PLACES, ids=[p for p, *_ in PLACES])
def test_places_told_by_the_way(prompt: str, place: str | None, kinds: list[str]):
    reading = read(prompt)
    assert reading.said.place == place
    assert [subject.kind for subject in reading.said.subjects] == kinds
    assert kinds or reading.nobody


def test_a_drive_shows_traffic_and_people():
    words = read("driving through the city by day with traffic and pedestrians").words
    assert all(word.fate is Fate.HONOURED for word in words)


@pytest.mark.parametrize(
    ("prompt", "action"),
    [("an erupting volcano", "erupt"), ("three dancing robots", "dance"),
     ("a swinging pendulum", "swing"), ("a flying car", None), ("a racing car", None)],
)  # fmt: skip
def test_a_participle_before_a_noun_is_its_action(prompt: str, action: str | None):
    assert read(prompt).said.subjects[0].action == action


@pytest.mark.parametrize("seed", range(6))
def test_on_a_pedestal_nothing_goes_that_was_not_told_to(seed: int):
    scene = recaption("product shot of a blue bus on a pedestal", seed).scene
    assert scene is not None and scene.subjects[0].action in ("stand", "turn")
    scene = recaption("a blue bus drives on a pedestal", seed).scene
    assert scene is not None and scene.subjects[0].action == "drive"


def test_only_what_is_near_is_offered():
    fates = {w.word: w.instead for w in read("a damp zorbing dog in 1893 by a mountian").words}
    assert fates["damp"] == fates["zorbing"] == fates["1893"] == ""
    assert fates["mountian"] == "in the mountains"
