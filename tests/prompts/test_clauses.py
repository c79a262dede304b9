"""Who does what, and what the clip is like: the laws of verbs, clauses, seats, hours and moods."""

from __future__ import annotations

import pytest

from yozora.prompts.reading import read

DONE: list[tuple[str, list[tuple[str, str | None, str | None]]]] = [
    # Where nothing is said or implied, nobody does anything.
    ("a fox and a heron", [("dog", None, None), ("bird", None, None)]),
    ("a rabbit beside a sleeping lion", [("rabbit", None, None), ("lion", "sleep", None)]),
    # Each does what their own clause says.
    ("a rabbit hops while a lion sleeps", [("rabbit", "jump", None), ("lion", "sleep", None)]),
    ("a horse gallops as a boy claps", [("horse", "run", None), ("child", "clap", None)]),
    # The same word is another action for another doer.
    ("a cook flips an omelette", [("man", "stand", None)]),
    ("pigeons scatter", [("bird", "fly", None)]),
    ("an old lorry rumbles down the road", [("truck", "drive", None)]),
    ("a ferry chugs along", [("boat", "sail", None)]),
    ("a cat laps milk", [("cat", "eat", None)]),
    # Who is in a seat sits, unless something else is said; who is in a bed sleeps.
    ("two nuns in a taxi", [("woman", "sit", None), ("car", None, None)]),
    ("a tailor on a stool humming", [("man", "sit", None)]),
    ("a clown on a bench dances", [("man", "dance", None)]),
    ("a boy in a hammock", [("child", "sleep", None)]),
    # Parts and garments act for themselves.
    ("a lion with its mane flowing", [("lion", None, None)]),
    ("a woman in a patched coat walks", [("woman", "walk", None)]),
    # Who is led goes along; what is thrown bounces.
    ("a girl leading a pony", [("child", "walk", None), ("horse", "walk", None)]),
    ("a boy throws a ball", [("child", "stand", None), ("ball", "bounce", None)]),
    # What comes next comes second; what is told of the time does not.
    ("a bear walks, then sleeps", [("bear", "walk", "sleep")]),
    ("a bear eats, after which it sleeps", [("bear", "eat", "sleep")]),
    ("a bear eats before it sleeps", [("bear", "eat", "sleep")]),
    ("a bear eats until it suddenly runs", [("bear", "eat", "run")]),
    ("a goat grazes and leaps", [("cow", "eat", "jump")]),
]  # fmt: skip


@pytest.mark.parametrize(("prompt", "wanted"), DONE, ids=[p for p, _ in DONE])
def test_who_does_what(prompt: str, wanted: list[tuple[str, str | None, str | None]]):
    found = [(s.kind, s.action, s.then) for s in read(prompt).said.subjects]
    assert found == wanted


CLIP: list[tuple[str, dict[str, str | None]]] = [
    ("a dog at 3am", {"time": "night"}),
    ("a dog at 6:30 a.m.", {"time": "dawn"}),
    ("a dog at 5pm", {"time": "sunset"}),
    ("a dog on a sunny winter morning",
     {"weather": "clear", "season": "winter", "time": "dawn"}),
    ("a dog on a rainy summer evening", {"weather": "rain", "season": "summer", "time": "sunset"}),
    ("a dog before the storm", {"weather": "cloudy"}),
    ("a wet dog", {"weather": None}),
    ("a dog in a clear raincoat", {"weather": None}),
    ("a dog in front of a christmas tree", {"season": "winter"}),
    ("a dog in a pile of leaves", {"season": "autumn"}),
    ("a snowman", {"season": "winter"}),
    ("we glide through a castle", {"camera": "forward"}),
    ("we follow a knight", {"camera": "follow"}),
    ("a dog, the camera never moves", {"camera": "static"}),
    ("a dog, drone rising", {"camera": "crane up"}),
    ("a dog, slow pull back to reveal the field", {"camera": "pull out"}),
    ("a dog, kodak portra", {"style": "natural"}),
    ("a dog, spider-verse", {"style": "cartoon"}),
    ("a dog, rotoscoped", {"style": "line drawing"}),
]  # fmt: skip


@pytest.mark.parametrize(("prompt", "slots"), CLIP, ids=[p for p, _ in CLIP])
def test_what_the_clip_is_like(prompt: str, slots: dict[str, str | None]):
    said = read(prompt).said
    assert {name: getattr(said, name) for name in slots} == slots


@pytest.mark.parametrize(
    ("prompt", "kinds", "action"),
    [("emancipation", ["bird"], "fly"), ("what does mercy look like", ["man", "woman"], "meet"),
     ("the ache of homesickness", ["man"], None), ("burnout", ["man"], "sit"),
     ("the last goodbye", ["man", "woman"], "stand"), ("solidarity", ["man", "woman"],
     "shake hands"), ("entropy", [], None)],
)  # fmt: skip
def test_ideas_bring_about_who_has_them(prompt: str, kinds: list[str], action: str | None):
    said = read(prompt).said
    assert [s.kind for s in said.subjects] == kinds
    assert (said.subjects[0].action if said.subjects else None) == action
