"""The life of one render, with an engine that costs nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.engine import FakeEngine
from yozora import generate
from yozora import recipe as recipes
from yozora.engine.protocol import Cancelled
from yozora.media import latents, video
from yozora.media.errors import MediaError
from yozora.render import Event, Noted, Recaptioned, Step, Stored, read_recipe, render, repeat
from yozora.request import MAX_PROMPT, Request, RequestError, check

PROMPT = "a red ball rolls on a beach"


def request(folder: Path, **changes: object) -> Request:
    return replace(Request(PROMPT, folder / "a.mp4", seed=7), **changes)


def test_a_prompt_becomes_a_film_with_its_recipe_and_latents(tmp_path):
    events: list[Event] = []
    engine = FakeEngine()
    (result,) = render(request(tmp_path), events.append, engine=engine)
    film = video.read_video(result.path)
    assert film.frames_THWC.shape == (48, 144, 256, 3)
    assert film.fps == 12
    recipe = read_recipe(result.path)
    assert recipe == result.recipe
    assert recipe.prompt == PROMPT
    assert recipe.timeline.seed == 7
    assert recipe.packets_sha256 == video.packets_sha256(result.path)
    stored = latents.load_latents(result.latents)
    assert stored.latents_FCHW.shape == (12, 3, 9, 16)
    assert stored.header["engine"] == "fake"
    assert stored.header["weights_sha256"] == engine.weights_sha256
    assert stored.header["packets_sha256"] == recipe.packets_sha256
    assert isinstance(events[0], Recaptioned)
    assert [e.done for e in events if isinstance(e, Step)] == [1, 2, 3, 4]
    assert events[-1] == Stored(result)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.latents.safetensors", "a.mp4"]


def test_every_step_can_show_a_preview(tmp_path):
    shapes = []

    def look(event: Event) -> None:
        if isinstance(event, Step):
            shapes.append(event.preview().shape)

    render(request(tmp_path, steps=3), look, engine=FakeEngine())
    assert shapes == [(12, 9, 16, 3)] * 3


def test_same_wish_same_packets_other_seed_other_packets(tmp_path):
    def packets(name: str, seed: int) -> str:
        wish = request(tmp_path, out=tmp_path / name, seed=seed)
        return render(wish, engine=FakeEngine())[0].recipe.packets_sha256

    assert packets("a.mp4", 7) == packets("b.mp4", 7) != packets("c.mp4", 8)


def test_repeat_gives_the_same_packets_and_says_so(tmp_path):
    (first,) = render(request(tmp_path, negative="blue", steps=5), engine=FakeEngine())
    notes: list[str] = []

    def listen(event: Event) -> None:
        if isinstance(event, Noted):
            notes.append(event.text)

    again = repeat(read_recipe(first.path), tmp_path / "b.mp4", listen, engine=FakeEngine())
    assert again.recipe.packets_sha256 == first.recipe.packets_sha256
    assert again.recipe.identity == first.recipe.identity
    assert notes == ["the same packets as the original"]

    elsewhere = replace(first.recipe, machine={"cpu": "another"}, weights_sha256="f" * 64)
    notes.clear()
    repeat(elsewhere, tmp_path / "c.mp4", listen, engine=FakeEngine())
    assert any("another" in note for note in notes)
    assert any("weights ffff" in note for note in notes)


def test_a_recipe_is_no_way_around_what_can_be_asked(tmp_path):
    (first,) = render(request(tmp_path), engine=FakeEngine())
    timeline = first.recipe.timeline
    huge = replace(first.recipe, timeline=replace(timeline, width=10**6, height=10**6))
    endless = replace(first.recipe, timeline=replace(timeline, spans=timeline.spans * 100))
    for recipe, name in ((huge, "b.mp4"), (endless, "b.mp4"), (first.recipe, "b.gif")):
        with pytest.raises(RequestError):
            repeat(recipe, tmp_path / name, engine=FakeEngine())


@pytest.mark.parametrize(
    ("seconds", "width", "height"),
    [
        (0.25, 256, 144),
        (1.3, 144, 256),
        (20, 128, 128),
        (2, 333, 201),
        (0.5, 1920, 1080),
        (1, 32, 32),
    ],
)
def test_length_and_shape_are_what_was_asked(tmp_path, seconds, width, height):
    wish = request(tmp_path, seconds=seconds, width=width, height=height)
    (result,) = render(wish, engine=FakeEngine())
    film = video.read_video(result.path)
    assert film.frames_THWC.shape == (round(seconds * 12), height, width, 3)


def test_the_number_of_steps_asked_is_the_number_taken(tmp_path):
    for steps in (1, 9, 100):
        engine = FakeEngine()
        (result,) = render(request(tmp_path, steps=steps), engine=engine)
        assert engine.calls == steps == result.recipe.evaluations


def test_variations_are_numbered_and_repeatable(tmp_path):
    results = render(request(tmp_path, variations=3), engine=FakeEngine())
    assert [r.path.name for r in results] == ["a-1.mp4", "a-2.mp4", "a-3.mp4"]
    assert [r.recipe.timeline.seed for r in results] == [7, 8, 9]
    assert len({r.recipe.packets_sha256 for r in results}) == 3
    for result in results:  # each is the film that its seed makes alone, words included
        seed = result.recipe.timeline.seed
        wish = request(tmp_path, out=tmp_path / "b.mp4", seed=None)
        (alone,) = render(wish, engine=FakeEngine(), draw_seed=lambda seed=seed: seed)
        assert alone.recipe.timeline == result.recipe.timeline


def test_cancel_stops_within_a_step_and_leaves_nothing(tmp_path):
    engine = FakeEngine()
    with pytest.raises(Cancelled):
        render(request(tmp_path), engine=engine, cancelled=lambda: engine.calls >= 2)
    assert engine.calls == 2
    assert list(tmp_path.iterdir()) == []


def test_a_film_that_cannot_be_stored_leaves_no_latents(tmp_path):
    class Vanishing(FakeEngine):
        def decode(self, latents_FCHW, closed=False, beside=None):
            (tmp_path / "a.mp4").mkdir()  # the place is taken while the film is made
            return super().decode(latents_FCHW, closed, beside)

    with pytest.raises(MediaError):
        render(request(tmp_path), engine=Vanishing())
    assert [p.name for p in tmp_path.iterdir()] == ["a.mp4"]


NAN = float("nan")
BAD = [
    {"prompt": ""},
    {"prompt": " \n\t "},
    {"prompt": "..."},
    {"prompt": "a dog " * 2000},
    {"prompt": "a\x00dog"},
    {"prompt": "a\x1b[31mdog"},
    {"prompt": "a \udcff dog"},
    {"negative": "x" * (MAX_PROMPT + 1)},
    {"seconds": 0},
    {"seconds": -1},
    {"seconds": 10_000},
    {"seconds": NAN},
    {"width": 1, "height": 1},
    {"width": 100_000, "height": 100_000},
    {"width": 256},
    {"seed": -1},
    {"seed": 2**64},
    {"steps": 0},
    {"steps": 101},
    {"variations": 0},
    {"variations": 17},
    {"quality": "good"},
    {"out": Path("a.avi")},
    {"out": Path("mp4")},
    {"prompt": None},
    {"prompt": 7},
    {"negative": None},
    {"negative": b"red"},
    {"seconds": "4"},
    {"seconds": None},
    {"seconds": True},
    {"seconds": 10**400},
    {"width": 256.0, "height": 144.0},
    {"width": "256", "height": "144"},
    {"seed": 1.5},
    {"seed": "7"},
    {"seed": True},
    {"seed": 10**5000},
    {"steps": np.float64(4)},
    {"variations": None},
    {"variations": 2.0},
    {"quality": None},
    {"quality": ["fast"]},
    {"enhance": "no"},
    {"out": None},
    {"out": b"a.mp4"},
    {"out": "a\x00.mp4"},
    {"out": "a\ud800.mp4"},
]


@pytest.mark.parametrize("changes", BAD, ids="-".join)
def test_bad_wishes_are_refused_in_one_sentence_with_a_remedy(changes, tmp_path):
    with pytest.raises(RequestError) as caught:
        check(request(tmp_path, **changes))
    sentence = str(caught.value)
    assert ": " in sentence and "\n" not in sentence and len(sentence) < 200


def test_whole_numbers_of_other_libraries_are_whole_numbers(tmp_path):
    one, two = np.int64(1), np.uint8(2)
    wish = request(tmp_path, seed=one, steps=two, variations=one, width=np.int32(64), height=64)
    checked = check(replace(wish, seconds=np.float32(0.5), out=str(tmp_path / "a.mp4")))
    for name in ("seed", "steps", "variations", "width"):
        assert type(getattr(checked, name)) is int
    assert type(checked.seconds) is float and isinstance(checked.out, Path)
    (result,) = render(replace(wish, seconds=np.float32(0.5)), engine=FakeEngine())
    assert read_recipe(result.path) == result.recipe and result.recipe.steps == 2


class PathOfNumber:
    """A path that names no text."""

    def __fspath__(self) -> int:
        return 7

    def __repr__(self) -> str:
        return "PathOfNumber()"


@pytest.mark.parametrize(
    "settings",
    [
        {"size": 256},
        {"size": "ab"},
        {"size": b"ab"},
        {"size": bytearray(b"ab")},
        {"size": {256, 144}},
        {"size": {256: 1, 144: 2}},
        {"size": ()},
        {"size": (256, 144, 3)},
        {"size": (256, None)},
        {"size": ("256", "144")},
        {"size": np.zeros(3)},
        {"on_event": None},
        {"out": None},
        {"out": 3},
        {"out": PathOfNumber()},
        {"seed": 1.5},
    ],
    ids=str,
)
def test_generate_refuses_values_of_wrong_types(settings, tmp_path):
    with pytest.raises(RequestError) as caught:
        generate("a dog", **{"out": tmp_path / "a.mp4", **settings})
    assert ": " in str(caught.value) and list(tmp_path.iterdir()) == []


def test_line_ends_in_a_prompt_are_spaces(tmp_path):
    assert check(request(tmp_path, prompt="a red\n ball\t")).prompt == "a red ball"


def test_recipe_identity_covers_what_decides_the_pixels(tmp_path):
    (result,) = render(request(tmp_path), engine=FakeEngine())
    recipe = result.recipe
    assert recipes.from_json(recipes.to_json(recipe)) == recipe
    others = [
        replace(recipe, steps=3),
        replace(recipe, quality="best"),
        replace(recipe, weights_sha256="1"),
        replace(recipe, timeline=replace(recipe.timeline, seed=8)),
        replace(recipe, timeline=replace(recipe.timeline, negative="red")),
    ]
    assert len({r.identity for r in (recipe, *others)}) == 6
    assert replace(recipe, prompt="other words").identity == recipe.identity


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"version": 1}',
        '{"version": 1, "timeline": 3}',
        '{"version": 1, "added": 3}',
    ],
)
def test_a_damaged_recipe_is_refused(tmp_path, text):
    path = tmp_path / "a.mp4"
    (result,) = render(request(tmp_path), engine=FakeEngine())
    film = video.encode(video.read_video(result.path).frames_THWC, 12)
    video.save_mp4(path, film, {video.RECIPE_KEY: text})
    with pytest.raises(MediaError):
        read_recipe(path)
