"""Every word of the caption language has a number, and the number is the same everywhere."""

from __future__ import annotations

import random

from yozora.prompts.vocabulary import (
    EMPTY,
    MAX_WORDS,
    PAD,
    RESERVED,
    UNKNOWN,
    Vocabulary,
    digest,
    encode,
    vocabulary,
    words,
)
from yozora.world.captions import caption, paraphrase
from yozora.world.sample import sample_scene


def test_captions_and_paraphrases_are_known_words():
    rng = random.Random(0)
    for _ in range(500):
        scene = sample_scene(rng)
        for text in (caption(scene), paraphrase(scene, rng)):
            ids = encode(text)
            assert UNKNOWN not in ids and PAD not in ids
            assert len(ids) == len(text.split()) <= MAX_WORDS
            assert vocabulary().decode(ids) == text


def test_special_ids():
    assert encode("") == [EMPTY]
    assert encode("zebra") == [UNKNOWN]
    assert encode("a " * 100) == encode("a") * MAX_WORDS
    assert encode("Dog,cat") == encode("dog , cat")


def test_weights_carry_their_own_list():
    stored = Vocabulary(tuple(words()))
    assert stored == vocabulary()
    assert stored.digest() == digest()
    assert stored.encode("a red dog") == encode("a red dog")
    shorter = Vocabulary(words()[:50])
    assert shorter.encode("xylophone") == [UNKNOWN] and shorter.digest() != digest()


def test_there_is_a_reserve():
    assert sum(word.startswith("<reserve") for word in words()) == RESERVED
    assert words()[-1] == f"<reserve {RESERVED - 1}>"
