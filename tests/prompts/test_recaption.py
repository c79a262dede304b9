"""Plain English in, the caption language out: what was said is kept, and every word has a fate."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yozora.prompts.account import Fate
from yozora.prompts.english import content_words
from yozora.prompts.errors import PromptError
from yozora.prompts.moods import suggestions
from yozora.prompts.negative import read_negative
from yozora.prompts.reading import read
from yozora.prompts.recaption import recaption
from yozora.prompts.thesaurus import spoken, thesaurus
from yozora.prompts.vocabulary import UNKNOWN, encode
from yozora.world.captions import caption, parse, said
from yozora.world.pairs import PAIRS, PARTNERS
from yozora.world.parsing import strangers
from yozora.world.phrases import CANONICAL, KINDS

# prompt -> slots: of the first subject by name, of the second with "2", of the clip by column.
PROMPTS: list[tuple[str, dict[str, object]]] = [
    ("a dog running in the park", {"kind": "dog", "action": "run", "place": "park"}),
    ("A small brown puppy runs across a green park on a sunny day, trees swaying, tracking shot",
     {"kind": "dog", "colour": "brown", "action": "run", "then": None, "place": "park",
      "time": "day", "weather": "clear", "camera": "follow", "kind2": None}),
    ("two red robots dancing in Tokyo at night, neon lights, rain",
     {"kind": "robot", "colour": "red", "count": 2, "action": "dance", "place": "street",
      "time": "night", "weather": "rain"}),
    ("a woman in a red dress walking on the beach at golden hour",
     {"kind": "woman", "colour": "red", "action": "walk", "place": "beach", "time": "sunset"}),
    ("in the park a cat is sitting next to a blue ball",
     {"kind": "cat", "action": "sit", "kind2": "ball", "colour2": "blue", "colour": None}),
    ("a wolf howls at the moon in the snow",
     {"kind": "dog", "place": "snow field", "kind2": None}),
    ("a unicorn galloping through the woods at dawn, anime style",
     {"kind": "horse", "action": "run", "place": "forest", "time": "dawn", "style": "cartoon"}),
    ("a king wearing a crimson cloak waves then walks away in the library",
     {"kind": "man", "colour": "red", "action": "wave", "then": "walk", "place": "library"}),
    ("black and white film of a man on a city street at midnight, rain",
     {"kind": "man", "style": "noir", "colour": None, "time": "night", "weather": "rain"}),
    ("a beautiful sunset over the desert dunes", {"kind": None, "place": "desert",
                                                  "time": "sunset"}),
    ("a dog and a cat running in the garden, the cat on the left",
     {"kind": "dog", "action": "run", "kind2": "cat", "action2": "run", "relation": "right of"}),
    ("several birds flying over the ocean, aerial shot",
     {"kind": "bird", "count": 3, "action": "fly", "place": "beach", "camera": "crane up"}),
    ("a robot inside a spaceship, camera slowly zooms in",
     {"kind": "robot", "place": "spaceship", "camera": "push in", "kind2": None}),
    ("a spaceship flying through a space station",
     {"kind": "spaceship", "action": "fly", "place": "spaceship"}),
    ("no people, a car driving on the road without rain",
     {"kind": "car", "action": "drive", "place": "road", "weather": None, "kind2": None}),
    ("the camera slowly pans left as a turquoise sailboat drifts near the coast",
     {"kind": "boat", "colour": "cyan", "action": "float", "camera": "pan left",
      "place": "beach"}),
    ("A man walks. Then he jumps. It is snowing.",
     {"kind": "man", "action": "walk", "then": "jump", "weather": "snow"}),
    ("a black and white cat sleeping in a bookshop",
     {"kind": "cat", "colour": "black", "action": "sleep", "place": "library", "style": None}),
    ("golden retriever puppy playing with a ball on the grass in autumn",
     {"kind": "dog", "kind2": "ball", "season": "autumn"}),
    ("a light blue box spinning, static camera",
     {"kind": "box", "colour": "cyan", "action": "spin", "camera": "static"}),
    ("a dark red car", {"kind": "car", "colour": "red"}),
    ("\U0001f436 in the snow", {"kind": "dog", "place": "snow field"}),
    ("a green ball bouncing to the right of a yellow box",
     {"kind": "ball", "colour": "green", "action": "bounce", "relation": "right of",
      "kind2": "box", "colour2": "yellow"}),
    ("a car that is red drives through a snowy forest",
     {"kind": "car", "colour": "red", "action": "drive", "place": "forest", "weather": "snow"}),
    ("blue sky, white clouds, a ship at sea",
     {"kind": "boat", "colour": None, "weather": "clear", "place": "beach"}),
    ("a dog not running in the park, not red", {"kind": "dog", "action": None, "colour": None}),
    ("a bus", {"kind": "bus"}),
    ("a girl riding a red bike in the park",
     {"kind": "bicycle", "colour": "red", "action": "ride", "place": "park", "kind2": None}),
    ("a steam train passing through the mountains", {"kind": "train", "action": "drive"}),
    ("a rocket taking off in the desert",
     {"kind": "rocket", "action": "launch", "place": "desert"}),
    ("a white plane flying at sunset", {"kind": "airplane", "colour": "white", "action": "fly"}),
    ("a silver flying car hovering", {"kind": "flying car", "action": "hover"}),
    ("the camera orbits around a golden rose blooming in a meadow in spring",
     {"kind": "flower", "colour": "gold", "action": "bloom", "place": "park",
      "season": "spring", "camera": "orbit"}),
    ("Astronaut riding a horse on Mars, photorealistic, 8k",
     {"kind": "astronaut", "kind2": "horse", "place": "desert", "style": "natural"}),
    ("sailing ship in a storm at night, cinematic",
     {"kind": "boat", "weather": "rain", "time": "night", "style": "natural"}),
    ("two spaceships hovering over the desert at dusk then flying away",
     {"kind": "spaceship", "count": 2, "action": "hover", "then": "fly", "place": "desert",
      "time": "sunset"}),
    ("an empty street at night, no cars", {"kind": None, "place": "street", "time": "night"}),
    ("a child holding a red balloon", {"kind": "child", "kind2": "balloon", "colour2": "red"}),
    ("a white cat jumps after sitting",
     {"kind": "cat", "colour": "white", "action": "sit", "then": "jump"}),
    ("a fire truck racing down the avenue at dusk, camera tracking",
     {"kind": "truck", "action": "drive", "place": "street", "time": "sunset",
      "camera": "follow"}),
    ("a boy in a blue hoodie jumping in puddles",
     {"kind": "child", "colour": "blue", "action": "jump", "weather": None}),
    ("a couple of horses galloped across the tundra", {"kind": "horse", "count": 2,
                                                       "action": "run", "place": "snow field"}),
    ("a dog, not a cat, sits on the beach", {"kind": "dog", "action": "sit", "place": "beach",
                                             "kind2": None}),
    ("comic book drawing of three violet flowers swaying, panning right",
     {"kind": "flower", "count": 3, "colour": "purple", "action": "sway", "style": "cartoon",
      "camera": "pan right"}),
    ("a sheepdog runing in teh parc", {"kind": "dog", "action": "run"}),
    ("a crimson spaceship left of a beige horse, drizzle, dolly in",
     {"kind": "spaceship", "colour": "red", "relation": "left of", "kind2": "horse",
      "colour2": "beige", "weather": "rain", "camera": "push in"}),
]  # fmt: skip


@pytest.mark.parametrize(("prompt", "slots"), PROMPTS, ids=[p[:40] for p, _ in PROMPTS])
def test_real_prompts(prompt: str, slots: dict[str, object]):
    what = read(prompt).said
    found: dict[str, object] = {}
    for name in slots:
        if hasattr(what, name):
            found[name] = getattr(what, name)
        else:
            index = 1 if name.endswith("2") else 0
            subject = what.subjects[index] if len(what.subjects) > index else None
            found[name] = getattr(subject, name.removesuffix("2")) if subject else None
    assert found == slots


@pytest.mark.parametrize("prompt", [p for p, _ in PROMPTS], ids=[p[:40] for p, _ in PROMPTS])
def test_laws_of_a_recaption(prompt: str):
    result = recaption(prompt, 11)
    assert result == recaption(prompt, 11)
    # Every content word has a fate, in order, and what is shown of it is told.
    assert tuple(word.word for word in result.words) == content_words(prompt)
    assert all(word.instead for word in result.words if word.fate is not Fate.UNKNOWN)
    # The caption is one of the language, and complete.
    assert result.scene is not None and caption(result.scene) == result.caption
    assert parse(result.caption) == said(result.scene)
    assert strangers(result.caption) == () and UNKNOWN not in encode(result.caption)
    able = [{*KINDS[s.kind].actions, *PAIRS, *PARTNERS} for s in result.scene.subjects]
    assert all(s.action in own for s, own in zip(result.scene.subjects, able, strict=True))
    # What was said is in it.
    before, after = read(prompt).shown, said(result.scene)
    for column in ("relation", "place", "season", "time", "weather", "style"):
        assert getattr(before, column) in (None, getattr(after, column))
    for one, other in zip(before.subjects, after.subjects, strict=False):
        for name in ("kind", "colour", "action", "then", "count"):
            assert getattr(one, name) in (None, getattr(other, name))
    # Without its marks, the marked caption is the caption.
    assert result.marked.replace("[", "").replace("]", "").split() == result.caption.split()


def test_enhance_off_adds_nothing():
    result = recaption("a dog running in the park", 0, enhance=False)
    assert result.caption == "a dog runs in a park"
    assert result.added == () and result.scene is None


def test_additions_are_marked():
    result = recaption("a red car at night", 0)
    assert "a red car" in result.caption and "at night" in result.caption
    assert {"natural style", "clear weather"} <= set(result.added)
    assert "red" not in result.added and "at night" not in result.added
    assert "[" in result.marked and "a red car" in result.marked


def test_seeds_differ():
    assert len({recaption("a dog", seed).caption for seed in range(30)}) > 10


def test_what_is_excluded_is_not_added():
    for seed in range(40):
        scene = recaption("a dog, not brown, not running, no night", seed).scene
        assert scene is not None and scene.time != "night"
        assert scene.subjects[0].colour != "brown" and scene.subjects[0].action != "run"
        scene = recaption("at the beach, no people, not sunny", seed).scene
        assert scene is not None and scene.weather != "clear" and scene.subjects == ()
        scene = recaption("at the beach, somebody but no child, not sunny", seed).scene
        assert scene is not None and scene.subjects[0].kind != "child"


@pytest.mark.parametrize(
    ("prompt", "out"),
    [("a dog, don't show a park", ["park"]), ("a dog; avoid parks", ["park"]),
     ("a park lacking dogs", ["dog"]), ("a park w/o dogs", ["dog"]),
     ("a dog-free park", ["dog"]), ("a park free of dogs", ["dog"]),
     ("a boat, not near the beach", ["beach"]), ("don't zorble cats, a dog", ["cat"]),
     ("a dog instead of a cat", ["cat"]), ("no snow", ["snow", "snow field"]),
     ("no animals", ["bear", "bird", "butterfly", "cat", "cow", "dinosaur", "dog", "dragon",
      "elephant", "fish", "horse", "lion", "penguin", "rabbit"]),
     ("a park without pets", ["bird", "cat", "dog", "rabbit"]),
     ("a street, no vehicles", ["airplane", "bicycle", "boat", "bus", "car", "flying car",
                              "rocket", "spaceship", "train", "truck"]),
     ("nobody in the park", ["child", "man", "woman"]), ("no cats, dogs, or birds",
      ["bird", "cat", "dog"]), ("no one in the street", ["child", "man", "woman"]),
     ("no rain, dogs run or jump", ["rain"]), ("a dog not alone on the beach", []),
     ("a dog without zorblaxes in the park", []), ("no red, a dog runs", ["red"]),
     ("not far from the beach a dog", []), ("without rain a dog runs", ["rain"])],
)  # fmt: skip
def test_what_is_kept_out_is_not_made(prompt: str, out: list[str]):
    assert sorted(value for _, value in read(prompt).excluded) == out
    for seed in range(20):
        result = recaption(prompt, seed)
        assert result.scene is not None
        what = said(result.scene)
        shown = {what.place, what.weather} | {s.kind for s in what.subjects}
        assert not shown & set(out) and not any("to be kept out" in note for note in result.notes)


def test_what_cannot_be_kept_out_is_said():
    for prompt, word in (("a woman without a coat", "coat"), ("a dog, no leash", "leash")):
        (note,) = recaption(prompt, 0).notes
        assert note.startswith(f'"{word}" cannot be kept out: ')


def test_a_class_kept_out_says_which_kinds():
    (word,) = read("no animals").words
    assert word.instead is not None and word.instead.startswith("without dogs, cats, horses, ")


def test_what_is_kept_out_and_made_all_the_same_is_said():
    for enhance in (True, False):
        (note,) = recaption("a dog, no dogs", 0, enhance).notes
        assert note.startswith('"dog" was to be kept out and is made all the same')


def test_to_stop_an_action_is_to_do_it_first():
    for prompt in ("a dog stops running", "a dog runs then stops"):
        (dog,) = read(prompt).said.subjects
        assert (dog.action, dog.then) == ("run", "stand")


def test_boats_are_on_the_water_and_the_still_are_not_followed():
    for seed in range(30):
        boat = recaption("a boat", seed).scene
        assert boat is not None and boat.place in KINDS["boat"].homes
        flower = recaption("a flower, tracking shot", seed).scene
        assert flower is not None and flower.camera == "static"


def test_unknown_words_are_named():
    result = recaption("a zorblax dancing in the park with an umbrella", 0)
    fates = {word.word: word for word in result.words}
    assert fates["zorblax"].fate is Fate.UNKNOWN and fates["dancing"].fate is Fate.HONOURED
    assert result.scene is not None and result.scene.subjects[0].action == "dance"
    assert any('"zorblax"' in note for note in result.notes)
    plain = {w.word: w.fate for w in recaption("a zorblax dancing", 0, enhance=False).words}
    assert plain["dancing"] is Fate.UNKNOWN  # nobody dances in that caption


def test_what_cannot_show_is_said():
    words = {w.word: w.fate for w in read("a dog in a library in the rain in winter").words}
    assert words["rain"] is Fate.UNKNOWN and words["winter"] is Fate.UNKNOWN
    notes = recaption("two dogs and three cats and four birds and a cow", 0).notes
    assert 'A clip has three subjects at most: "cow" is not made.' in notes
    assert not any("not known" in note for note in notes)


def test_none_of_a_kind_is_said_to_be_one():
    for prompt in ("0 dogs", "zero dogs", "none of the dogs"):
        result = recaption(prompt, 0)
        assert result.scene is not None and result.scene.subjects[0].count == 1
        assert [w.instead for w in result.words] == ["one"] * (len(result.words) - 1) + ["dog"]
        assert len(result.notes) == 1 and "None of a kind cannot be made" in result.notes[0]


@pytest.mark.parametrize(
    ("prompt", "count", "note"),
    [("-3 robots", 3, 'Less than none cannot be made: "-3" is read as three.'),
     ("1.5 dogs", 2, 'Subjects are made whole: "1.5" is read as two.'),
     ("3dogs", 3, ""), ("2 dogs", 2, ""), ("1 dog", 1, ""),
     ("a million cats", 3, "Three of a kind is the most."),
     ("two billion cars", 3, "Three of a kind is the most."),
     ("1,000 dogs", 3, "Three of a kind is the most."),
     ("37 dogs", 3, "Three of a kind is the most."),
     ("1" + "0" * 400 + " dogs", 3, "Three of a kind is the most.")],
    ids=lambda value: str(value)[:20],
)  # fmt: skip
def test_numbers(prompt: str, count: int, note: str):
    result = recaption(prompt, 0)
    assert read(prompt).said.subjects[0].count == count
    assert result.notes == ((note,) if note else ())
    assert all(word.fate is not Fate.UNKNOWN for word in result.words)


def test_two_kinds_are_one_of_each_and_the_number_says_so():
    words = {w.word: w for w in read("two dogs and a cat").words}
    assert words["two"].fate is Fate.SUBSTITUTED and words["two"].instead == "one"


def test_an_action_too_many_is_said_not_to_be_made():
    result = recaption("a dog runs then sits then jumps", 0)
    assert result.notes == ('The first subject has two actions at most: "jumps" is not made.',)
    assert result.words[-1].fate is Fate.UNKNOWN
    notes = recaption("a dog runs and a cat sits and walks", 0).notes
    assert notes == ('The second subject has one action at most: "walks" is not made.',)


@pytest.mark.parametrize(
    "prompt",
    ["", "   \n\t ", "!!! ...", "the of and", "a dog\x00", "bell\x07 cat", "x" * 2001, "\ud800"],
    ids=["empty", "blank", "marks", "grammar", "nul", "bell", "long", "surrogate"],
)
def test_bad_prompts_raise_a_sentence_with_a_remedy(prompt: str):
    with pytest.raises(PromptError, match=r"^The prompt .*: .*\.$"):
        recaption(prompt, 0)


@given(st.text(max_size=200), st.integers(0, 2**31))
def test_no_text_breaks_it(prompt: str, seed: int):
    try:
        result = recaption(prompt, seed)
    except PromptError:
        return
    assert tuple(word.word for word in result.words) == content_words(prompt)
    assert result.scene is not None and parse(result.caption) == said(result.scene)
    recaption(prompt, seed, enhance=False)


WORDS = sorted({word for form in thesaurus().forms for word in form if word.isascii()})


@given(st.lists(st.sampled_from([*WORDS, ",", ".", "the", "and", "not", "then", "it"]), min_size=1))
def test_no_sentence_of_known_words_breaks_it(words: list[str]):
    prompt = " ".join(words)
    if len(prompt) > 2000:
        return
    try:
        result = recaption(prompt, 1)
    except PromptError:
        return
    assert tuple(word.word for word in result.words) == content_words(prompt)
    assert strangers(result.caption) == ()
    plain = recaption(prompt, 1, enhance=False).caption
    assert strangers(plain) == ()


@pytest.mark.parametrize(
    ("text", "fragment"),
    [("red", "red"), ("a red dog", "red dog"), ("rain, night", "at night , rain"),
     ("no rain", "rain"), ("people", "woman , man , child"),
     ("red blue green", "red , blue , green"),
     ("red, blue dogs, cats", "red , blue dog , cat"), ("red and red", "red"),
     ("dogs cats birds, a horse", "dog , cat , bird , horse"),
     ("a dog runs, a car that is red", "dog , run , red car"),
     ("a woman in a red dress", "red woman"), ("black and white dogs", "black , white dog"),
     ("rain, snow, dawn, night", "in a snow field , at dawn , at night , rain , falling snow")],
)  # fmt: skip
def test_negatives(text: str, fragment: str):
    negative = read_negative(text)
    assert negative.said == fragment and strangers(negative.said) == ()


def test_a_negative_prompt_names_what_it_cannot_say():
    negative = read_negative("blurry, dogs, a zorblax, cats, birds, blurry")
    assert negative.said == "dog , cat , bird"
    assert negative.strange == ("blurry", "zorblax") and negative.nearest == ()


def test_a_negative_prompt_names_what_it_is_read_as():
    negative = read_negative("a maroon wolf, animals, howling at cats")
    assert negative.said.startswith("red dog , dog , cat , horse , bird")
    assert dict(negative.nearest)["wolf"] == "dog" and dict(negative.nearest)["maroon"] == "red"
    assert "animals" not in dict(negative.nearest)


def test_the_table_is_sound():
    book = thesaurus()
    assert len(book.forms) > 15_000
    for form, meanings in book.forms.items():
        assert form and all(form), form
        columns = [m.column for m in meanings if m.column not in ("action", "modifier")]
        assert len(columns) == len(set(columns))
        for meaning in meanings:
            if meaning.column in ("kind", "backdrop"):
                assert all(kind in KINDS for kind in meaning.value.split("+"))
            if meaning.column in ("mood", "hint"):
                for column, value in suggestions(meaning).items():
                    known = value in CANONICAL[column] if column in CANONICAL else value
                    assert known, (form, column, value)
                assert strangers(spoken(meaning)) == ()
            if meaning.column == "unshown":
                assert strangers(meaning.value) == ()
