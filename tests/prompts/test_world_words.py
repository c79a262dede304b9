"""Three subjects, pairs, garments, empty places, script lines and moods, in plain English."""

from __future__ import annotations

import pytest

from yozora.prompts.account import Fate
from yozora.prompts.english import content_words
from yozora.prompts.reading import read
from yozora.prompts.recaption import recaption
from yozora.world.captions import caption_said, parse, said
from yozora.world.parsing import strangers

# prompt -> the caption of what was said, as the language has it, with nothing added
SAID = {
    "a dog chases a cat": "a dog chases a cat",
    "a cat is chased by a big dog": "a dog chases a cat",
    "a policeman chased by a bear": "a bear chases a man",
    "a man hands his daughter a present": "a man gives a present to a child",
    "santa gives a child a gift": "a man gives a present to a child in winter",
    "two people meeting and shaking hands": "a man shakes hands with a woman",
    "a businessman shakes hands with a robot": "a man shakes hands with a robot",
    "a stylish woman in a black leather jacket, long red dress and black boots": (
        "a woman in a red dress with black boots and a black jacket"
    ),
    "a kid with a blue backpack and red boots": "a child with a blue backpack and red boots",
    "a boy in a green jersey": "a child in a green jacket",
    "on the left a black cat, on the right a white dog": (
        "a black cat to the left of a white dog"
    ),
    "there's an elephant walking behind a zebra": "an elephant walks behind a horse",
    "a boy flies a kite": "a child stands next to a balloon that flies",
    "a man drives a red car": "a man sits next to a red car that drives",
    "an elderly couple dances": "a woman dances next to a man that dances",
    "INT. LIBRARY - NIGHT. An old man reads.": "a man reads in a library at night",
    "EXT. HARBOUR - DAWN. Fog. A sailor waits.": "a man stands on a beach at dawn , fog",
    "she dances in the kitchen": "a woman dances in a living room",
    "my dog, he's a brown dachshund, runs": "a brown dog runs",
    "please make me a video of three penguins sliding": "three penguins slide",
    "a lion as strong as a bear roars": "a lion roars",
    "a herd of elephants, the mother sleeps": "three elephants sleep",
    "the red ball was thrown by a girl in a yellow hat": (
        "a red ball next to a child with a yellow hat that stands"
    ),
    "a girl in a red hat, a man in a blue suit and a white dog": (
        "a child with a red hat next to a man in a blue coat next to a white dog"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("prompt", "text"), SAID.items(), ids=list(SAID))
def test_what_is_said(prompt: str, text: str):
    reading = read(prompt)
    assert caption_said(reading.shown) == text
    assert tuple(word.word for word in reading.words) == content_words(prompt)
    for seed in range(5):
        result = recaption(prompt, seed)
        assert result.scene is not None and parse(result.caption) == said(result.scene)
        assert strangers(result.caption) == ()


@pytest.mark.parametrize(
    ("prompt", "camera"),
    [("a serene library", "forward"), ("walkthrough of a modern museum", "forward"),
     ("modern kitchen with a white island, slow pan left", "pan left"),
     ("an empty street at night, no people", "forward"),
     ("first person view driving through tokyo at night", "forward")],
)  # fmt: skip
def test_places_may_be_empty(prompt: str, camera: str):
    for seed in range(10):
        scene = recaption(prompt, seed).scene
        assert scene is not None and scene.subjects == () and scene.camera == camera


def test_a_caption_holds_one_of_each_of_several_kinds():
    reading = read("two dogs and a cat")
    assert reading.said.subjects[0].count == 2 and reading.shown.subjects[0].count == 1


def test_three_stand_beside_each_other_and_a_fourth_is_named():
    for seed in range(10):
        scene = recaption("a dog, a cat, a horse and a cow", seed).scene
        assert scene is not None and len(scene.subjects) == 3
        assert scene.relation in ("left of", "right of")


@pytest.mark.parametrize(
    ("prompt", "slots"),
    [("loneliness", {"time": "night", "weather": "rain", "count": 1}),
     ("pure joy", {"action": "jump", "weather": "clear"}),
     ("freedom", {"kind": "bird", "action": "fly"}),
     ("a new beginning", {"kind": "flower", "action": "bloom", "season": "spring"}),
     ("a nostalgic park", {"time": "sunset", "season": "autumn"}),
     ("a mysterious castle", {"time": "night", "weather": "fog"}),
     ("friendship", {"action": "shake hands"}), ("generosity", {"action": "give"})],
)  # fmt: skip
def test_moods_guide_what_is_left_open(prompt: str, slots: dict[str, object]):
    for seed in range(10):
        result = recaption(prompt, seed)
        assert result.scene is not None
        first = result.scene.subjects[0] if result.scene.subjects else None
        for name, value in slots.items():
            found = getattr(result.scene, name, None) or getattr(first, name, None)
            assert found == value, (name, result.caption)
        (*_, word) = result.words
        assert all(w.fate is not Fate.UNKNOWN for w in result.words if w.word != "pure")
        assert word.instead


def test_moods_leave_alone_what_is_said():
    scene = recaption("a mysterious castle by day in the snow", 0).scene
    assert scene is not None and (scene.time, scene.weather) == ("day", "snow")


def test_without_enhancement_a_suggestion_is_not_shown():
    (castle, eerie) = (w.fate for w in recaption("castle eerie", 0, enhance=False).words)
    assert castle is Fate.HONOURED and eerie is Fate.UNKNOWN


def test_what_is_never_there_is_kept_out():
    words = {w.word: w.fate for w in read("a dog, no text, no logo").words}
    assert words["text"] is Fate.HONOURED and words["logo"] is Fate.HONOURED


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [("elehpant", "elephant"), ("buterfly", "butterfly"), ("spaceshp", "spaceship"),
     ("dinosuar", "dinosaur"), ("rabit", "rabbit"), ("astronuat", "astronaut")],
)  # fmt: skip
def test_slips_of_the_pen(wrong: str, kind: str):
    (subject,) = read(f"a {wrong} in the park").said.subjects
    assert subject.kind == kind


@pytest.mark.parametrize("word", ["blots", "century", "shutters", "scrape", "changing", "stern"])
def test_other_words_are_no_slips(word: str):
    assert read(f"some {word}").said.subjects == ()


def test_what_a_full_caption_has_no_room_for_is_said():
    prompt = (
        "a man in a red hat and blue trousers next to a woman in a red dress with a yellow scarf "
        "and green boots and a boy with a purple backpack and a white hat"
    )
    for seed in range(5):
        result = recaption(prompt, seed)
        assert len(result.caption.split()) <= 56
        for word in result.words:
            if word.fate is Fate.HONOURED and word.instead != "trousers":
                assert word.instead in result.caption, word
        assert any("56 words at most" in note for note in result.notes)
