"""What is told of a prompt's words is true of the caption: its brackets, its fates, its notes."""

from __future__ import annotations

import re

import pytest

from yozora.prompts.account import Fate, WordFate
from yozora.prompts.marking import LINKS, mark_added
from yozora.prompts.reading import read
from yozora.prompts.recaption import Recaption, recaption
from yozora.prompts.thesaurus import Meaning, spoken
from yozora.prompts.truth import truly
from yozora.prompts.writer import fault_of
from yozora.world.captions import caption_said, parse, said
from yozora.world.parsing import Said, SaidSubject
from yozora.world.phrases import CANONICAL

SHORT = [
    "a dog", "a dog or a cat", "cats and dogs in the rain", "an elephant and a dog",
    "a woman with a hat", "two men on a farm", "a red car beside a lion", "a boat at sunset",
    "a dog chases a cat", "a man to the left of an airplane", "rain", "in a park",
]  # fmt: skip


def outside(result: Recaption) -> list[str]:
    return re.sub(r"\[[^]]*\]", " ", result.marked).split()


def inside(result: Recaption) -> list[str]:
    return " ".join(re.findall(r"\[([^]]*)\]", result.marked)).split()


def by_word(result: Recaption) -> dict[str, WordFate]:
    return {word.word: word for word in result.words}


# -- brackets --------------------------------------------------------------------------------------


@pytest.mark.parametrize("prompt", SHORT)
def test_brackets_hold_none_of_the_users_words(prompt: str):
    plain = recaption(prompt, 0, enhance=False).caption.replace("next to", "")  # a side is chosen
    asked = [word for word in plain.split() if word not in LINKS]
    for seed in range(300):
        result = recaption(prompt, seed)
        assert [word for word in outside(result) if word not in LINKS] == asked, result.marked
        assert result.marked.replace("[", "").replace("]", "") == result.caption


@pytest.mark.parametrize("prompt", SHORT)
def test_articles_go_with_their_own_noun(prompt: str):
    """An article outside of the brackets leads up to a word outside of them."""
    for seed in range(100):
        marked = recaption(prompt, seed).marked
        assert not re.search(r"\b(?:a|an|the) \[[^]]* (?:in|on|at|to|by) (?:a|an|the)\b", marked)
        assert not re.search(r"\b(?:a|an|the)$", marked)


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [("a dog", "an orange dog sits on a farm", "[an orange] dog [sits on a farm]"),
     ("a dog", "a grey dog sits on a farm", "a [grey] dog [sits on a farm]"),
     ("a man in a park", "a man in a red coat walks in a park",
      "a man [in a red coat walks] in a park"),
     ("a man in a red coat", "a man in a red coat with a red hat walks",
      "a man in a red coat [with a red hat walks]"),
     ("a man with hat", "a man in a red coat with a blue hat",
      "a man [in a red coat] with [a blue] hat"),
     ("a dog next to a cat", "a dog sits to the left of an orange cat",
      "a dog [sits to the left of an orange] cat"),
     ("a dog to the left of a cat", "a dog sits to the left of a grey cat",
      "a dog [sits] to the left of a [grey] cat"),
     ("a dog", "a dog", "a dog"), ("", "a dog", "[a dog]"), ("a dog", "", "")],
)  # fmt: skip
def test_marks(before: str, after: str, marked: str):
    assert mark_added(before, after) == marked


@pytest.mark.parametrize("prompt", ["a zorblax dancing", "something red", "a red zorblax dances"])
def test_what_was_said_of_something_unknown_is_not_added(prompt: str):
    for seed in range(40):
        result = recaption(prompt, seed)
        for word in result.words:
            for told in {word.instead, {"dance": "dances"}.get(word.instead, "")} - {""}:
                if word.fate is not Fate.UNKNOWN and told in result.caption.split():
                    assert told in outside(result) and word.instead not in result.added


# -- every word that is not shown is named ---------------------------------------------------------


@pytest.mark.parametrize(
    "prompt",
    ["a cat inside a box", "a dog wearing a red hat and blue boots", "a cat in a scarf",
     "a zorblax in a park", "a dog with an umbrella", "a dog in a library in the rain in winter",
     "a bird with trousers", "red and blue lights in a street", "a horse runs past boxes",
     "nobody dances", "a dog but no dogs", "a dog, not running, runs", "12345",
     "a man looks into a mirror ball", "two dogs and three cats and four birds and a cow",
     "a woman without a coat", "a car with green shoes", "a dog next to a tree"],
)  # fmt: skip
@pytest.mark.parametrize("enhance", [True, False])
def test_every_word_that_is_not_shown_is_named(prompt: str, enhance: bool):
    for seed in range(5):
        result = recaption(prompt, seed, enhance)
        notes = " ".join(result.notes)
        for word in result.words:
            near = {word.word, word.word.removesuffix("s"), word.word.removesuffix("es")}
            quoted = " ".join(re.findall(r'"([^"]*)"', notes)).split()
            assert word.fate is not Fate.UNKNOWN or near & {*quoted}, (word, notes)


@pytest.mark.parametrize(
    ("prompt", "sentence"),
    [("a cat inside a box", '"box" is left out here.'),
     ("a dog wearing a hat", '"hat" is left out here.'),
     ("nobody dances", '"dances" is left out here.'),
     ("a dog in a library in winter", '"winter" does not show in a library.'),
     ("a dog in the rain in a classroom", '"rain" does not show in a classroom.'),
     ("a boat at dawn in space", '"dawn" does not show in outer space.')],
)  # fmt: skip
def test_a_known_word_is_not_called_unknown(prompt: str, sentence: str):
    assert sentence in recaption(prompt, 0).notes


@pytest.mark.parametrize("prompt", ["no people, a dog", "nobody but a dog in the park"])
def test_people_are_kept_out_where_something_else_is_there(prompt: str):
    word = by_word(recaption(prompt, 0))["people"]
    assert (word.fate, word.instead) == (Fate.HONOURED, "without women, men and children")


def test_garments_of_no_person_say_who_wears_them():
    assert "Only people wear garments." in recaption("a dog wearing a red hat", 0).notes


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [("garment", "boots", "boots"), ("garment", "hat", "a hat"), ("garment", "own", "clothes"),
     ("kind", "headphones", "headphones"), ("kind", "elephant", "an elephant"),
     ("kind", "bus", "a bus"), ("backdrop", "airplane", "an airplane")],
)  # fmt: skip
def test_nouns_have_the_article_that_they_need(column: str, value: str, told: str):
    assert spoken(Meaning(column, value, True)) == told


# -- fates are true of the caption -----------------------------------------------------------------


@pytest.mark.parametrize(
    "prompt",
    ["a man runs towards the camera", "zoom in zoom out pan left", "a flower, tracking shot",
     "a cat looks at the camera", "zoom out, pan right, a dog", "a dog, orbit, pan left"],
)  # fmt: skip
def test_a_camera_that_is_told_is_the_captions(prompt: str):
    phrases = {*CANONICAL["camera"].values()}
    for seed in range(20):
        result = recaption(prompt, seed)
        told = {w.instead for w in result.words if w.fate is not Fate.UNKNOWN} & phrases
        assert all(phrase in result.caption for phrase in told), result


def test_the_camera_itself_is_there_wherever_one_is_told():
    prompt = "a man runs towards the camera"
    assert by_word(recaption(prompt, 0))["camera"] == WordFate("camera", Fate.HONOURED, "camera")
    plain = recaption(prompt, 0, enhance=False)
    assert by_word(plain)["camera"].fate is Fate.UNKNOWN
    assert any('"camera"' in note for note in plain.notes)


@pytest.mark.parametrize(
    "instead",
    ["cat", "cats", "jump", "chase", "two", "red", "hat", "in a park", "at night", "rain",
     "in winter", "film noir style", "with nobody in it", "without dogs", "without dogs, cats"],
)  # fmt: skip
@pytest.mark.parametrize("fate", [Fate.HONOURED, Fate.SUBSTITUTED])
def test_what_the_caption_lacks_is_not_honoured(instead: str, fate: Fate):
    dog = SaidSubject("dog", "brown", "run", None, 1)
    told = Said((dog,), place="farm", season="summer", time="day", weather="clear", style="natural")
    words = (WordFate("word", fate, instead),)
    assert truly(words, told, caption_said(told), {("kind", "dog")})[0] == (
        WordFate("word", Fate.UNKNOWN, instead),
    )


@pytest.mark.parametrize(
    "instead",
    ["dog", "dogs", "run", "jump", "one", "brown", "on a farm", "by day", "clear weather",
     "in summer", "natural style", "static camera", "camera", "without cats", "a present"],
)  # fmt: skip
def test_what_the_caption_has_stays_honoured(instead: str):
    dog = SaidSubject("dog", "brown", "run", "jump", 1)
    told = Said((dog,), None, "farm", "summer", "day", "clear", "natural", "static")
    words = (WordFate("word", Fate.HONOURED, instead),)
    assert truly(words, told, caption_said(told), {("kind", "cat")}) == (words, [])


@pytest.mark.parametrize("prompt", ["red", "a red zorblax", "in a park, blue"])
def test_a_colour_that_a_plain_caption_has_is_honoured(prompt: str):
    result = recaption(prompt, 0, enhance=False)
    colours = [w for w in result.words if w.instead in result.caption.split()]
    assert all(w.fate is Fate.HONOURED for w in colours)
    assert colours or not {"red", "blue"} & {*result.caption.split()}


@pytest.mark.parametrize("prompt", ["nobody dances", "no people, dancing", "an empty park, runs"])
def test_nobody_does_anything(prompt: str):
    for seed in range(10):
        result = recaption(prompt, seed)
        if result.scene is not None and not result.scene.subjects:
            verbs = [w for w in result.words if w.instead in ("dance", "run")]
            assert verbs and all(w.fate is Fate.UNKNOWN for w in verbs)


@pytest.mark.parametrize(
    ("prompt", "told"),
    [("cats", 2), ("dogs in the rain", 2), ("cats and dogs in the rain", 0), ("a cat and dogs", 0),
     ("two dogs", 0), ("two dogs and cats", 0)],
)  # fmt: skip
def test_a_number_that_a_note_tells_is_made(prompt: str, told: int):
    result = recaption(prompt, 0)
    guessed = [note for note in result.notes if note.startswith("How many ")]
    assert len(guessed) == (told > 0)
    assert not told or parse(result.caption).subjects[0].count == told
    several = len(parse(result.caption).subjects) > 1
    assert several == ("Two kinds in one clip are one of each." in result.notes)


@pytest.mark.parametrize("before", ["anywhere but", "everywhere except", "any place but",
                                    "anywhere, except for"])  # fmt: skip
def test_anywhere_but_keeps_a_place_out(before: str):
    prompt = f"a dog {before} in a park"
    assert ("place", "park") in read(prompt).excluded
    for seed in range(20):
        result = recaption(prompt, seed)
        assert result.scene is not None and said(result.scene).place != "park"
    assert by_word(result)["park"] == WordFate("park", Fate.HONOURED, "without a park")


@pytest.mark.parametrize("prompt", ["12345", "2345678", "99999 , a dog", "in 12345"])
def test_a_long_number_is_no_year(prompt: str):
    assert read(prompt).said.place is None


@pytest.mark.parametrize("prompt", ["2150", "in 2150", "year 12345"])
def test_a_year_to_come_is_a_city_of_the_future(prompt: str):
    assert read(prompt).said.place == "future city"


@pytest.mark.parametrize(
    ("caption", "fault"),
    [("an orange elephant reads in a park by day , natural style , static camera",
      "an elephant cannot read"),
     ("a red airplane sits in a park by day , natural style , static camera",
      "an airplane cannot sit")],
)  # fmt: skip
def test_faults_have_the_article_that_they_need(caption: str, fault: str):
    assert fault_of(caption, parse(caption)) == fault
