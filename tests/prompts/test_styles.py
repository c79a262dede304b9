"""Style presets: a look that is added where a prompt says nothing of it."""

from __future__ import annotations

from itertools import combinations

import pytest

from yozora.prompts.changing import changed
from yozora.prompts.errors import PromptError
from yozora.prompts.older import in_words_of
from yozora.prompts.recaption import recaption
from yozora.prompts.styles import ATTRIBUTES, BUILT_IN, Preset, checked, nearest, plain_name
from yozora.prompts.vocabulary import words
from yozora.world.captions import parse
from yozora.world.parsing import strangers
from yozora.world.scene import STYLES

PROMPTS = (
    "a dog", "a woman walks in a park", "a red car drives in a desert at noon in the rain",
    "a library", "two robots in outer space", "a watercolour of a boat at night, static camera",
)  # fmt: skip
DOG = (
    "a brown dog runs in a park in summer by day , clear weather , natural style , the camera "
    "follows"
)


@pytest.mark.parametrize("name", BUILT_IN)
@pytest.mark.parametrize("enhance", [True, False])
def test_the_prompt_wins_and_what_it_leaves_open_is_the_presets(name, enhance):
    preset = BUILT_IN[name]
    for prompt in PROMPTS:
        bare = parse(recaption(prompt, 5, enhance=False).caption)
        told = recaption(prompt, 5, enhance, style=preset)
        what = parse(told.caption)
        for column in ATTRIBUTES:
            said = getattr(bare, column)
            if said is not None:
                assert getattr(what, column) == said, (prompt, column)
            elif column in preset.says and getattr(what, column) is not None:
                assert getattr(what, column) == preset.says[column], (prompt, column)
        if bare.style is None:
            assert what.style == preset.says["style"]
        assert not strangers(told.caption)
        assert in_words_of(told, words()).caption == told.caption


def test_what_a_style_adds_stands_in_brackets():
    told = recaption("a woman walks in a park", 1, enhance=False, style=BUILT_IN["film noir"])
    assert told.marked == (
        "a woman walks in a park [at night , fog , film noir style , the camera pushes in]"
    )
    assert set(told.added) == {"at night", "fog", "film noir style", "the camera pushes in"}


def test_what_the_prompt_keeps_out_no_style_brings():
    told = parse(recaption("a dog in a park, no fog", 1, style=BUILT_IN["film noir"]).caption)
    assert (told.style, told.time) == ("noir", "night") and told.weather != "fog"


def test_a_palette_colours_only_whom_nobody_coloured():
    palette = BUILT_IN["retro game"].palette
    for seed in range(6):
        open_one = parse(recaption("a cat sits", seed, style=BUILT_IN["retro game"]).caption)
        assert open_one.subjects[0].colour in palette
        said = parse(recaption("a white cat sits", seed, style=BUILT_IN["retro game"]).caption)
        assert said.subjects[0].colour == "white"


def test_a_style_over_a_caption_changes_its_look_alone():
    told = changed(DOG, "", BUILT_IN["winter tale"])
    what, before = parse(told.caption), parse(DOG)
    assert (what.subjects, what.place) == (before.subjects, before.place)
    assert (what.season, what.weather, what.style) == ("winter", "snow", "watercolour")
    assert "watercolour style" in told.added and "[" in told.marked
    assert parse(changed(DOG, "by day", BUILT_IN["winter tale"]).caption).time == "day"
    with pytest.raises(PromptError):
        changed(DOG, "")


def test_every_built_in_preset_is_another_and_every_style_of_the_world_has_one():
    looks = {name: (*sorted(one.says.items()), one.palette) for name, one in BUILT_IN.items()}
    assert all(looks[a] != looks[b] for a, b in combinations(looks, 2))
    assert {one.says["style"] for one in BUILT_IN.values()} == set(STYLES) <= set(BUILT_IN)
    assert sum(len(one.says) > 2 for one in BUILT_IN.values()) >= 10
    for one in BUILT_IN.values():  # none says what it does not mean
        assert one.name == plain_name(one.name)
        assert one.says == parse_of(one)


def parse_of(preset: Preset) -> dict[str, str]:
    told = parse(recaption(preset.words, 0, enhance=False).caption)
    return {c: getattr(told, c) for c in ATTRIBUTES if getattr(told, c) is not None}


@pytest.mark.parametrize(
    ("preset", "sentence"),
    [
        (Preset("../x", "noir"), "is no name"),
        (Preset("x" * 41, "noir"), "is no name"),
        (Preset("", "noir"), "is no name"),
        (Preset("Film_Noir", "noir"), "is built in: choose"),
        (Preset("mine", " "), "needs words: say"),
        (Preset("mine", "a dog at night"), "names dog"),
        (Preset("mine", "on a beach"), "names beach"),
        (Preset("mine", "xyzzy frobnicate"), "says nothing that the weights know"),
        (Preset("mine", "noir", ("mauvish",)), "is no colour of the palette: use red"),
    ],
)
def test_what_is_no_look_is_refused(preset, sentence):
    with pytest.raises(PromptError, match=sentence):
        checked(preset)


def test_a_look_of_ones_own_is_tidied_and_what_is_not_known_is_told():
    preset, notes = checked(Preset("My  LOOK & more", "watercolour,  misty, bloomy"))
    assert preset.name == "my look and more" and preset.own
    assert preset.says == {"style": "watercolour", "weather": "fog"}
    assert any("bloomy" in note for note in notes)


def test_the_nearest_name_is_told():
    assert nearest("Film-Noirr", BUILT_IN) == "film noir"
    assert nearest("papercaft", BUILT_IN) == "papercraft"
    assert nearest("qqqq", BUILT_IN) == ""
