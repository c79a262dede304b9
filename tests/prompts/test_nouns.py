"""Who and what a prompt names, which of it is one and the same, and what is seen anyway."""

from __future__ import annotations

import pytest

from yozora.prompts.account import Fate
from yozora.prompts.reading import read
from yozora.prompts.shown import table
from yozora.prompts.thesaurus import thesaurus
from yozora.world.captions import caption_said
from yozora.world.phrases import CANONICAL, KINDS

# prompt -> the caption of what was said, with nothing added
SAID = {
    # one of several that were named together
    "two dogs, one black and one white": "a black dog next to a white dog",
    "two women, the older in a red dress and the younger in a blue hat": (
        "a woman in a red dress next to a woman with a blue hat"
    ),
    "three rabbits, one of them jumps": "three rabbits jump",
    # nouns that tell of nouns are no subjects, unless nothing else is there
    "a cat on a policeman's desk": "a cat",
    "a sailor's dynamo and a parrot": "a bird",
    "a dragon egg": "a dragon",
    # a noun again is the same one
    "a fox jumps, then fox sleeps": "a dog jumps then sleeps",
    "an elephant with her baby": "two elephants",
    "a giraffe calf": "a horse",
    # things about a subject are scenery
    "a woman with headphones": "a woman",
    "a horse, seen from a helicopter": "a horse , the camera rises",
    "a girl dressed as a pirate": "a child",
    # several kinds are one of each unless a number was said; groups are several
    "kids with a dog": "a child next to a dog",
    "a brass band": "three men",
    "a shoal of herrings": "three fishes",
    # places
    "a supermarket car park": "on a road through a city",
    "an astronaut outside a space station": "an astronaut in outer space",
    "a nurse outside a bakery": "a woman on a city street with neon signs",
}


@pytest.mark.parametrize(("prompt", "text"), SAID.items(), ids=list(SAID))
def test_who_is_there(prompt: str, text: str):
    assert caption_said(read(prompt).shown) == text


def test_a_list_of_plurals_is_kept_out_whole():
    reading = read("a quiet park, no cats, dogs, birds")
    assert {("kind", kind) for kind in ("cat", "dog", "bird")} <= reading.excluded
    assert not reading.said.subjects
    assert read("no rain, dogs run").said.subjects[0].kind == "dog"


def test_what_the_place_shows_is_honoured_there_and_nowhere_else():
    for prompt, word, honoured in (
        ("a dog under trees in a park", "trees", True),
        ("a dog under trees in a desert", "trees", False),
        ("books in a library", "books", True),
        ("a castle with towers under the stars at night", "stars", True),
        ("a dog in a library in the rain", "rain", False),
        ("a cat with soft paws", "paws", True),
        ("a car with paws", "paws", False),
    ):
        fates = {w.word: w.fate for w in read(prompt).words}
        assert (fates[word] is Fate.HONOURED) == honoured, prompt


def test_the_table_of_what_is_shown_is_sound():
    for slot, value in table():
        assert value in (KINDS if slot == "kind" else CANONICAL[slot])


def test_right_words_are_not_taken_for_others():
    book = thesaurus()
    assert book.find("strange") == book.find("layers") == ()
    assert book.find("elehant") == book.find("elephant")
