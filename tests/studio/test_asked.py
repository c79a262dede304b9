"""What cannot be read is told in a sentence, with the field that it is about."""

from __future__ import annotations

import pytest

from yozora.studio import asked
from yozora.studio.errors import StudioError, in_fields

LOOP = {"tool": "loop", "film": "video_a"}
RETAKE = {"tool": "retake", "film": "video_a"}


def told(**body):
    wanted = asked.read(asked.Asked, {"prompt": "a dog"} | body)
    return asked.wish_of(wanted, None, [])


@pytest.mark.parametrize(
    ("body", "param", "words"),
    [
        ({"seconds": "soon"}, "seconds", "no number of seconds"),
        ({"seconds": "4_0"}, "seconds", "write 4"),
        ({"seconds": "1e1"}, "seconds", "write 4"),
        ({"seconds": [1]}, "seconds", "a number"),
        ({"seconds": float("inf")}, "seconds", "finite"),
        ({"seed": "x"}, "seed", "a whole number"),
        ({"seed": -1}, "seed", "0 or more"),
        ({"seed": True}, None, "'seed' is to be more than true or false"),
        ({"fps": 1000}, "fps", "240 or less"),
        ({"quality": "ultra"}, "quality", "'fast', 'best' or 'live'"),
        ({"prompt": 3}, "prompt", "text"),
        ({"held": "maybe"}, "held", "true or false"),
        ({"characters": [{"id": "a"}] * 4}, "characters", "at most 3 entries"),
        ({"input_reference": 3}, "input_reference", "an object"),
        ({"after": ["x" * 100]}, "after.0", "at most 80 characters"),
        ({"colour": "red"}, "colour", "leave it out"),
        ({"size": "\u0661\u0662x\u0661\u0662"}, "size", "1280x720"),
        ({"tool": 3}, "tool", "an object or text"),
        ({"tool": "dance"}, "tool", "'loop'"),
        ({"tool": LOOP | {"seam": "long!"}}, "tool.seam", "'long' or a number"),
        ({"tool": RETAKE | {"box": [1, 2]}}, "tool.box", "at least 4 entries"),
        ({"tool": RETAKE | {"film": "x"}}, "tool.film", "the id of a video or of a file"),
        ({"tool": RETAKE | {"box": [0, 0, 1, 1], "region": "dog"}}, "tool", "give one of them"),
        ({"tool": {"tool": "interpolate", "film": "video_a"}}, "fps", "as 24"),
        ({"tool": {"tool": "upscale", "film": "video_a", "times": 1}}, "tool.times", "send 2"),
    ],
)
def test_a_fault_is_a_sentence_about_its_field(body, param, words):
    with pytest.raises(StudioError) as error:
        told(**body)
    said = str(error.value)
    assert error.value.param == param and words in said and ":" in said
    assert "Input should" not in said and "dict[" not in said and len(said) < 400


@pytest.mark.parametrize(
    ("body", "note"),
    [
        ({"num_frames": 36, "seconds": 1}, "num_frames"),
        ({"num_frames": 24, "seconds": 1, "fps": 24}, None),
        ({"num_frames": 48, "seconds": "4"}, None),
        ({"size": "64x64", "width": 128, "height": 64}, "size"),
        ({"size": "128\u00d764", "width": 128, "height": 64}, None),
        ({"tool": LOOP, "seconds": 60}, "length"),
        ({"tool": {"tool": "extend", "film": "video_a"}, "seconds": 4}, None),
        ({"guidance_scale": 7}, "guidance_scale"),
    ],
)
def test_what_has_no_effect_is_told(body, note):
    _, notes = told(**body)
    assert [note in one for one in notes] == ([] if note is None else [True])


def test_a_documents_seed_is_the_films_unless_another_is_asked():
    document = {"version": 1, "spans": [], "seed": 77}
    assert told(timeline=document)[0].settings.seed == 77
    assert told(timeline=document, seed=5)[0].settings.seed == 5


def test_options_are_told_as_fields():
    assert in_fields("say it, as --size 512x512") == "say it, as size 512x512"
    assert in_fields("leave --at out, or use yozora remix") == "leave at out, or use the tool remix"
