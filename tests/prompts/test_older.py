"""Weights that know fewer words are told only what they know, and the person what is shown."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from yozora.prompts.older import NEAR, NEAR_COLOURS, in_words_of
from yozora.prompts.recaption import Recaption, recaption
from yozora.prompts.vocabulary import words
from yozora.world.captions import caption
from yozora.world.pairs import PAIRS
from yozora.world.parsing import parse, strangers, tokens
from yozora.world.phrases import CANONICAL, GARMENTS, GLUE, KINDS, NUMBERS
from yozora.world.sample import sample_scene
from yozora.world.scene import Scene, Subject

KINDS_THEN = ("ball", "bird", "boat", "box", "car", "cat", "child", "dog", "flower", "horse", "man",
              "robot", "spaceship", "woman")  # fmt: skip
ACTIONS_THEN = ("bloom", "bounce", "dance", "drive", "float", "fly", "hover", "jump", "roll", "run",
                "sail", "sit", "slide", "spin", "stand", "sway", "walk", "wave")  # fmt: skip
GARMENTS_THEN = ("coat", "dress", "jacket", "shirt", "suit")
COLOURS_THEN = ("red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink", "brown",
                "black", "white", "grey")  # fmt: skip


def words_then() -> frozenset[str]:
    """The language as it was with fourteen kinds, from today's tables without what came later."""
    texts = [*GLUE, *NUMBERS, *COLOURS_THEN]
    for kind in KINDS_THEN:
        texts += [kind, KINDS[kind].plural]
        for action in ACTIONS_THEN:
            texts += [action, *KINDS[kind].actions.get(action, ())]
    for garment in GARMENTS_THEN:
        texts += [garment, GARMENTS[garment]]
    for column, near in NEAR.items():
        texts += [text for value, text in CANONICAL[column].items() if value not in near]
    return frozenset(word for text in texts for word in tokens(text))


KNOWN = words_then()
OPEN_AIR = {"weather": "clear", "style": "natural", "camera": "static"}
PARK = Scene((), "park", "day", **OPEN_AIR)


def told(scene: Scene) -> Recaption:
    text = caption(scene)
    return in_words_of(Recaption(text, scene, (), (), (), text), KNOWN)


def scene_of(kind: str, action: str, colour: str = "red", **more: str) -> Scene:
    return replace(PARK, subjects=(Subject(kind, colour, action),), **more)


def test_the_list_lacks_what_came_later() -> None:
    for word in ("elephant", "chases", "castle", "watercolour", "fog", "gold", "behind", "hat"):
        assert word not in KNOWN and word in words()


def test_every_caption_is_said_in_known_words() -> None:
    rng, changed = random.Random(3), 0
    for _ in range(2000):
        scene = sample_scene(rng)
        made, text = told(scene), caption(scene)
        assert set(tokens(made.caption)) <= KNOWN, (text, made.caption)
        assert strangers(made.caption) == ()
        what, was = parse(made.caption), parse(text)
        assert bool(what.subjects) == bool(scene.subjects)
        assert len(what.subjects) == min(len(was.subjects), 2)
        for now, before in zip(what.subjects, was.subjects, strict=False):
            assert now.kind and set(now.kind.split()) <= KNOWN and now.count == before.count
            assert now.action is None or now.action in KINDS[now.kind].actions
            if before.kind in KINDS_THEN:
                assert now.kind == before.kind, "what is known stays"
            if before.colour in COLOURS_THEN:
                assert now.colour == before.colour
        for column, near in NEAR.items():
            value = getattr(was, column)
            if value is not None:
                assert getattr(what, column) == near.get(value, value)
        assert (made.caption == text) == (made.notes == ())
        assert made.marked == made.caption
        changed += made.caption != text
    assert changed > 1500, "most scenes hold something that came later"


def test_a_caption_of_known_words_stays_as_it_is() -> None:
    scene = scene_of("dog", "run", "brown")
    made = told(scene)
    assert made.caption == caption(scene) and made.notes == ()
    rng = random.Random(4)
    for scene in (sample_scene(rng) for _ in range(100)):
        text = caption(scene)
        given = Recaption(text, scene, (), (), ("a note",), text)
        assert in_words_of(given, words()) is given


@pytest.mark.parametrize(
    ("scene", "shown", "named"),
    [
        (scene_of("elephant", "walk"), "a red horse walks", '"elephant": "horse"'),
        (scene_of("dog", "sleep"), "a red dog sits", '"sleep" of a dog: "sit"'),
        (scene_of("cat", "sit", "gold"), "a yellow cat sits", '"gold": "yellow"'),
        (scene_of("dog", "run", place="castle"), "in a park", '"at a castle": "in a park"'),
        (scene_of("dog", "run", weather="fog"), ", rain", '"fog": "rain"'),
        (scene_of("dog", "run", style="clay"), "cartoon style", '"cartoon style" is shown'),
        (scene_of("dog", "run", camera="handheld"), "static camera", '"static camera" is shown'),
    ],
)
def test_what_is_not_known_is_shown_as_what_is_nearest_and_named(
    scene: Scene, shown: str, named: str
) -> None:
    made = told(scene)
    assert shown in made.caption
    assert len(made.notes) == 1 and named in made.notes[0]
    assert made.notes[0].startswith("These weights do not know")


def test_a_pair_becomes_two_beside_each_other() -> None:
    two = (Subject("dog", "brown", "chase"), Subject("cat", "white", PAIRS["chase"].partner))
    made = told(replace(PARK, subjects=two))
    assert made.caption.startswith("a brown dog runs to the left of a white cat that runs in")
    assert any('"chase" of a dog: "run" is shown' in note for note in made.notes)


def test_a_third_kind_and_garments_are_left_out_and_named() -> None:
    three = tuple(Subject(kind, "red", "stand") for kind in ("dog", "cat", "box"))
    made = told(replace(PARK, subjects=three, relation="left of"))
    assert len(parse(made.caption).subjects) == 2
    assert made.notes == ("These weights know two subjects at most: the third is left out.",)
    worn = Subject("woman", "red", "walk", worn=(("hat", "blue"),))
    made = told(replace(PARK, subjects=(worn,)))
    assert "hat" not in made.caption and "a woman in a red dress walks" in made.caption
    assert "garments" in made.notes[0]


def test_weights_that_lack_even_the_nearest_kind_say_so_and_end() -> None:
    known = KNOWN - {"car", "cars"}
    text = caption(scene_of("truck", "drive"))
    made = in_words_of(Recaption(text, None, (), ()), known)
    assert any('"truck"' in note for note in made.notes)


def test_each_later_value_leads_to_an_earlier_one() -> None:
    for near in NEAR.values():
        assert not set(near) & set(near.values())
    assert set(NEAR_COLOURS.values()) <= set(COLOURS_THEN)


def test_only_what_was_asked_for_is_told() -> None:
    """An action or a season that the recaptioner chose may change without a word."""
    for seed in range(40):
        made = in_words_of(recaption("a dog", seed), KNOWN)
        assert not [note for note in made.notes if "do not know" in note], (seed, made.notes)
        assert made.marked.replace("[", "").replace("]", "").split() == made.caption.split()
    made = in_words_of(recaption("a dragon in the fog", 1), KNOWN)
    notes = " ".join(made.notes)
    assert '"dragon"' in notes and '"fog"' in notes
