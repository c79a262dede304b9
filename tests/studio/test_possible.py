"""What can never be made is refused before it waits; what can be made is not."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from tests.fakes.engine import FakeEngine
from yozora import editing
from yozora.engine.finish import Finisher
from yozora.media.errors import MediaError
from yozora.prompts.errors import PromptError
from yozora.render import render
from yozora.request import MAX_PROMPT, Request, RequestError
from yozora.studio import possible
from yozora.studio.errors import StudioError
from yozora.studio.wishes import NAMES, Wish
from yozora.studio.work.making import make
from yozora.timeline.errors import TimelineError

ENGINE = FakeEngine()
WORDS = "a red ball rolls on a beach"
FILM, OTHER, PICTURE, MASK = "video_a", "video_b", "file_a", "file_b"
SPAN = {"ticks": 120_000, "caption": WORDS}
CLIP = {"kind": "clip", "asset": FILM, "start": 0, "stop": 120_000}
BIG = {"width": 512, "height": 512}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A film of two seconds, another one, a red disc on white, and a mask."""
    folder = tmp_path_factory.mktemp("files")
    found = {}
    for name, seed in ((FILM, 1), (OTHER, 2)):
        found[name] = folder / f"{name}.mp4"
        render(Request(WORDS, found[name], seconds=2.0, seed=seed), engine=ENGINE)
    rows, cols = np.mgrid[:144, :256]
    disc = (rows - 72) ** 2 + (cols - 128) ** 2 < 50**2
    red = np.where(disc[..., None], (220, 20, 20), (255, 255, 255)).astype(np.uint8)
    for name, picture in ((PICTURE, red), (MASK, np.where(disc, 255, 0).astype(np.uint8))):
        found[name] = folder / f"{name}.png"
        Image.fromarray(picture).save(found[name])
    return found


def wish(tool, prompt=WORDS, **settings):
    return Wish.model_validate({"prompt": prompt, "settings": settings, "tool": tool})


def timeline(*spans, **more):
    return {"tool": "timeline", "timeline": {"version": 1, "spans": list(spans), **more}}


def cards(*listed, **more):
    return {"tool": "storyboard", "cards": list(listed), **more}


def drawn(*names):
    return {**SPAN, "references": [{"asset": name, "role": "character"} for name in names]}


MADE = [
    wish({"tool": "generate"}), wish({"tool": "generate"}, references=[PICTURE]),
    wish({"tool": "animate", "picture": PICTURE}),
    wish({"tool": "animate", "picture": FILM, "end": PICTURE, "at": 0.5}),
    wish({"tool": "extend", "film": FILM}), wish({"tool": "extend", "film": FILM, "ending": OTHER}),
    wish({"tool": "retake", "film": FILM}), wish({"tool": "retake", "film": FILM, "stop": 1.5}),
    wish({"tool": "retake", "film": FILM, "box": [200, 0, 400, 144]}),
    wish({"tool": "retake", "film": FILM, "box": [-0.2, 0.5, 1, 1], "start": 0.5, "stop": 1}),
    wish({"tool": "insert", "film": FILM, "mask": MASK}),
    wish({"tool": "insert", "film": FILM, "box": [0, 0, 128, 144], "inverted": True}),
    wish({"tool": "outpaint", "film": FILM}, **BIG),
    wish({"tool": "outpaint", "film": FILM, "place": [256, 256, 256, 256]}, **BIG),
    wish({"tool": "outpaint", "film": FILM, "place": [-0.5, 0, 1, 1]}, **BIG),
    wish({"tool": "reframe", "film": FILM}, width=144, height=256),
    wish({"tool": "recut", "film": FILM, "keep": [{"start": 1, "stop": 2, "speed": 0.25}]}),
    wish({"tool": "recut", "film": FILM, "keep": [{"start": 1, "stop": 2, "at": 9}]}, seconds=12),
    wish({"tool": "remix", "film": FILM, "start": 0.5}, "it snows at night"),
    wish({"tool": "loop", "film": FILM, "seam": 0.5, "start": 0.5, "stop": 1.5}, ""),
    wish({"tool": "blend", "film": FILM, "other": OTHER, "overlap": 0.5, "trim_a": [0, 1]}, ""),
    wish({"tool": "blend", "film": FILM, "other": OTHER, "curve": [[0, 0], [0.5, 1]]}, ""),
    wish(cards({"text": "a dog 🐕 runs in a park"}, {"text": "a cat", "at": 1}), seconds=2),
    wish(cards({"text": "Mara walks", "media": [FILM, PICTURE], "from": 0.5, "to": 1,
                "camera": "close-up", "style": "noir"}, characters={"Mara": "a woman in red"})),
    wish({"tool": "upscale", "film": FILM, "times": 1.5}, ""),
    wish({"tool": "interpolate", "film": FILM}, "", fps=24),
    wish(timeline(SPAN, {**SPAN, "caption": "", "level": 0, "content": CLIP}, width=64, height=64)),
    wish(timeline({**SPAN, "caption": "…", "level": 0, "content": CLIP}, fps="24", negative=" ")),
    wish(timeline({**SPAN, "level": 0.9, "content": CLIP, "region": {"mask": MASK}})),
    wish(timeline(drawn(PICTURE, MASK)), references=[PICTURE]),
    wish(timeline(SPAN, height=144), width=256, height=144),
]  # fmt: skip

# (what no worker makes, the field that is to be told)
NEVER = [
    (wish({"tool": name, "film": FILM, "start": 1, "stop": stop}, "it snows"), "tool.stop")
    for name in ("retake", "remix", "loop") for stop in (0.5, 1)
] + [
    (wish({"tool": "loop", "film": FILM, "stop": 0}), "tool.stop"),
    (wish({"tool": "insert", "film": FILM, "box": [0, 0, 1, 1], "start": 2, "stop": 1}),
     "tool.stop"),
    (wish({"tool": "insert", "film": FILM}), "tool.box"),
    (wish({"tool": "insert", "film": FILM, "region": "  "}), "tool.region"),
    (wish({"tool": "insert", "film": FILM, "region": "the \0 dog"}), "tool.region"),
    *((wish({"tool": name, "film": FILM, "box": box}), "tool.box")
      for name in ("retake", "insert")
      for box in ([0, 0, 0, 0], [0.5, 0, -0.5, 1], [100, 100, 20, -20], [2, 0, 0.5, 0],
                  [-300, 0, 200, 144], [1, 0, 1, 1], [0, -1, 1, 1])),
    (wish({"tool": "outpaint", "film": FILM}), "size"),
    (wish({"tool": "reframe", "film": FILM}), "size"),
    (wish({"tool": "outpaint", "film": FILM, "place": [5, 5, 0, 1]}, **BIG), "tool.place"),
    (wish({"tool": "outpaint", "film": FILM, "place": [512, 0, 100, 100]}, **BIG), "tool.place"),
    (wish({"tool": "recut", "film": FILM, "keep": [{"start": 0, "stop": 1},
                                                   {"start": 2, "stop": 1}]}), "tool.keep.1.stop"),
    (wish({"tool": "recut", "film": FILM,
           "keep": [{"start": 0, "stop": 2, "speed": 1 / 16}] * 20}), "tool.keep"),
    (wish({"tool": "recut", "film": FILM, "keep": [{"start": 0, "stop": 1, "at": 9999}]}),
     "tool.keep"),
    (wish({"tool": "blend", "film": FILM, "other": OTHER, "trim_a": [2, 1]}), "tool.trim_a"),
    (wish({"tool": "blend", "film": FILM, "other": OTHER, "trim_b": [1, 1]}), "tool.trim_b"),
    (wish({"tool": "blend", "film": FILM, "other": OTHER, "overlap": 0.4}), "tool.overlap"),
    (wish({"tool": "blend", "film": FILM, "other": OTHER, "curve": [[1, 0], [0, 1]]}),
     "tool.curve"),
    (wish({"tool": "upscale", "film": FILM}, style="noir"), "style"),
    (wish({"tool": "interpolate", "film": FILM}, style="noir", fps=24), "style"),
    (wish(cards({"text": "a dog"}, {})), "tool.cards.1"),
    (wish(cards({"text": "auto"})), "tool.cards.0.text"),
    (wish(cards({"text": "a\0dog"})), "tool.cards.0.text"),
    (wish(cards({"text": "a dog", "seconds": 0})), "tool.cards.0.seconds"),
    (wish(cards({"text": "a dog", "at": 3}, {"text": "a cat", "at": 1})), "tool.cards.1.at"),
    (wish(cards({"text": "a dog", "at": 0}, {"text": "a cat", "at": 20}), seconds=4),
     "tool.cards.1.at"),
    (wish(cards({"text": "a dog", "media": [FILM], "from": 2, "to": 1})), "tool.cards.0.to"),
    (wish(cards({"text": "a dog", "seconds": 601})), "tool.cards"),
    (wish(cards(*[{"text": "a dog", "seconds": 4}] * 151)), "tool.cards"),
    (wish(cards({"text": "Mara walks"}, characters={"Mara": "a dog " * 400})), "tool.characters"),
    *((wish(timeline(SPAN, width=width, height=height)), f"timeline.{named}")
      for width, height, named in ((31, 144, "width"), (256, 1921, "height"),
                                   (10**6, 10**6, "width"), (256, None, "height"))),
    (wish({"tool": "timeline", "timeline": {}}), "timeline.version"),
    (wish(timeline()), "timeline.spans"), (wish(timeline(SPAN, colour=1)), "timeline.colour"),
    (wish(timeline(SPAN, {**SPAN, "ticks": 0})), "timeline.spans.1.ticks"),
    (wish(timeline(SPAN, fps="241")), "timeline.fps"),
    (wish(timeline(SPAN, negative="a dog " * 400)), "timeline.negative"),
    (wish(timeline(SPAN, negative="a\0dog")), "timeline.negative"),
    (wish(timeline(*[{**SPAN, "ticks": 6_000_100}] * 12)), "timeline.spans"),
    *((wish(timeline(SPAN, {**SPAN, "caption": said})), "timeline.spans.1.caption")
      for said in ("a dog " * 400, "a\0dog", "a \ud83d dog", "...")),
    (wish(timeline({**SPAN, "level": 0.9, "content": CLIP,
                    "region": {"box": [[0, 0, 0, 0.5, 1]], "caption": "a\0ball"}})),
     "timeline.spans.0.region.caption"),
    (wish(timeline(drawn(PICTURE, MASK, "file_c", "file_d"))), "timeline.spans"),
    (wish(timeline(drawn(PICTURE, MASK, "file_c")), references=[PICTURE]), "timeline.spans"),
    (wish(timeline(drawn(FILM))), "timeline.spans.0.references.0.asset"),
    *((wish(timeline({**SPAN, "level": 0.9, "content": CLIP, "region": {"mask": name}})),
       "timeline.spans.0.region.mask") for name in ("/etc/passwd", "file_\0", "video_")),
    (wish(timeline(SPAN, {**SPAN, "level": 0.9, "content": {
        "kind": "mix", "first": CLIP, "second": {**CLIP, "asset": "../film.mp4"}}})),
     "timeline.spans.1.content.second.asset"),
]  # fmt: skip


def made(one: Wish, files, folder):
    """What a worker does."""
    named = {**files, **dict.fromkeys(("file_c", "file_d"), files[PICTURE])}
    return make(
        one, named, folder / "made.mp4", engine=ENGINE, finisher=Finisher(),
        on_event=lambda event: None, cancelled=lambda: False,
    )  # fmt: skip


@pytest.mark.parametrize("one", MADE, ids=lambda one: one.tool.tool)
def test_what_is_made_is_not_refused(one, files, tmp_path):
    possible.check(one)
    assert made(one, files, tmp_path).frames > 0


def test_every_tool_is_among_them():
    assert sorted({one.tool.tool for one in MADE}) == NAMES


@pytest.mark.parametrize(("one", "param"), NEVER)
def test_what_is_refused_is_never_made(one, param, files, tmp_path):
    with pytest.raises(StudioError, match=r": ") as caught:
        possible.check(one)
    assert caught.value.param == param and caught.value.status == 400
    assert caught.value.code in ("invalid_request", "invalid_prompt", "invalid_timeline")
    with pytest.raises((RequestError, TimelineError, PromptError, MediaError)):
        made(one, files, tmp_path)


@pytest.mark.parametrize("said", ["a\0dog", "a \ud83d dog", "a" * (MAX_PROMPT + 1)])
@pytest.mark.parametrize("key", ["caption", "shows"])
def test_what_is_written_beside_a_film_can_be_read(said, key):
    with pytest.raises(StudioError) as caught:
        possible.check(wish(timeline({**SPAN, "level": 0, "content": CLIP, key: said})))
    assert caught.value.param == f"timeline.spans.0.{key}"
    possible.check(
        wish(timeline({**SPAN, "level": 0, "content": CLIP, key: "a\ndog" + "." * 1995}))
    )


def test_its_limits_are_those_of_who_makes_it():
    assert possible.LEAST_OVERLAP_S == editing.LEAST_OVERLAP_S


def test_it_is_asked_without_the_networks():
    code = "import sys, yozora.studio.possible; assert not {'torch', 'av'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
