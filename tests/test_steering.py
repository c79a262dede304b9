"""A film that is steered while it is made, and made again as it was steered."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.engine import FakeEngine
from yozora import editing
from yozora import recipe as recipes
from yozora.desk import Desk
from yozora.engine.native import NativeEngine
from yozora.events import Noted, Recaptioned, Step
from yozora.media.latents import load_latents
from yozora.media.video import read_video
from yozora.render import read_recipe, render, repeat
from yozora.request import Request, RequestError
from yozora.steering import Steering

PROMPT = "a red ball bounces on a beach"


def steered(out: Path, engine, at_step: int, *wishes, seconds: float = 2.0):
    steering, events = Steering(), []

    def listen(event) -> None:
        events.append(event)
        if isinstance(event, Step) and event.done == at_step:
            for words, at, place in wishes:
                steering.steer(words, at, place)

    wish = Request(PROMPT, out, seconds=seconds, seed=7)
    (film,) = render(wish, listen, engine=engine, steering=steering)
    return film, events


def test_words_reach_the_film_from_their_time_on(tmp_path):
    (plain,) = render(Request(PROMPT, tmp_path / "a.mp4", seconds=2.0, seed=7), engine=FakeEngine())
    film, events = steered(tmp_path / "b.mp4", FakeEngine(), 2, ("the ball is blue", 1.0, None))
    (turn,) = film.recipe.steered
    assert (turn.step, turn.at, turn.words) == (3, 120_000, "the ball is blue")
    told = [event.recaption.caption for event in events if isinstance(event, Recaptioned)]
    assert told[-1].startswith("a blue ball bounces on a beach")
    was, is_now = (read_video(one.path).frames_THWC.astype(int) for one in (plain, film))
    apart = np.abs(is_now - was).mean((1, 2, 3))
    assert apart[:8].max() < 3 and apart[12:].min() > 10


def test_a_steered_film_is_made_again(tmp_path, tiny_weights):
    engine = NativeEngine.load(tiny_weights)
    wishes = [("the ball is blue", 0.0, None), ("", 0.5, (0.2, 0.7))]
    film, events = steered(tmp_path / "a.mp4", engine, 2, *wishes)
    steps = [(event.done, event.of) for event in events if isinstance(event, Step)]
    assert [done for done, _ in steps] == list(range(1, len(steps) + 1)) and steps[-1][0] == steps[
        -1
    ][1]
    assert [turn.step for turn in film.recipe.steered] == [3, 4]
    recipe = read_recipe(film.path)
    assert recipes.from_json(recipes.to_json(recipe)) == recipe == film.recipe
    again = repeat(recipe, tmp_path / "b.mp4", engine=engine)
    assert again.recipe.packets_sha256 == recipe.packets_sha256
    assert again.recipe.identity == recipe.identity
    (plain,) = render(Request(PROMPT, tmp_path / "c.mp4", seconds=2.0, seed=7), engine=engine)
    assert plain.recipe.identity != recipe.identity
    latents = [load_latents(one.latents).latents_FCHW for one in (film, plain)]
    assert np.abs(latents[0] - latents[1]).max() > 0.01


def test_words_that_change_nothing_and_wishes_that_come_too_late_leave_the_film(tmp_path):
    engine = FakeEngine()
    (plain,) = render(Request(PROMPT, tmp_path / "a.mp4", seconds=2.0, seed=7), engine=engine)
    late, _ = steered(tmp_path / "b.mp4", engine, 4, ("the ball is blue", 0.0, None))
    assert late.recipe.steered == ()
    assert late.recipe.packets_sha256 == plain.recipe.packets_sha256


@pytest.mark.parametrize(
    ("words", "at", "place"),
    [("", 0.0, None), ("blue", -1.0, None), ("blue", math.nan, None), ("", 0.0, (0.5, 1.5)),
     ("", 0.0, (math.nan, 0.5)), ("\0", 0.0, None)],
)  # fmt: skip
def test_a_wish_nobody_could_mean_is_refused(words, at, place):
    with pytest.raises(RequestError, match=": "):
        Steering().steer(words, at, place)


@pytest.mark.parametrize(
    "row",
    [{"step": 0, "at": 0}, {"step": 1, "at": -1}, {"step": 1, "at": 0, "place": [2, 0]},
     {"step": 1, "at": 0, "place": [0.1]}, {"step": True, "at": 0}, 3],
    ids=str,
)  # fmt: skip
def test_a_recipe_with_turns_that_are_none_is_refused(tmp_path, row):
    wish = Request(PROMPT, tmp_path / "a.mp4", seconds=1.0, seed=7)
    (film,) = render(wish, engine=FakeEngine())
    raw = recipes.to_dict(film.recipe) | {"steered": [row]}
    with pytest.raises(ValueError, match=r"turns|steered"):
        recipes.from_json(recipes.plain_json(raw))


def test_words_are_told_of_as_any_others(tmp_path):
    _, events = steered(tmp_path / "a.mp4", FakeEngine(), 1, ("the ball is xyzzy", 0.0, None))
    fates = [e.recaption.words for e in events if isinstance(e, Recaptioned)][-1]
    assert any(word.word == "xyzzy" and word.fate.value == "not known" for word in fates)
    assert not [event for event in events if isinstance(event, Noted)]


def test_what_is_made_next_knows_what_the_film_was_steered_to(tmp_path):
    film, _ = steered(tmp_path / "a.mp4", FakeEngine(), 2, ("the ball is blue", 1.0, None))
    one = Desk(FakeEngine()).footage(film.path)
    assert one.caption(0, 120_000).startswith("a red ball")
    assert one.caption(130_000, 240_000).startswith("a blue ball")
    wish = Request("it bounces", tmp_path / "b.mp4", seconds=1.0, seed=1)
    longer = editing.extend(Desk(FakeEngine()), wish, film.path).timeline
    assert longer.spans[-1].caption.startswith("a blue ball")


def test_frames_that_were_done_keep_their_words(tmp_path, tiny_weights):
    """Of a film longer than the window: its first frames are done when the wish comes."""
    engine = NativeEngine.load(tiny_weights)
    window = engine.grid.window_s
    wish = ("the ball is blue", 0.0, None)
    film, _ = steered(tmp_path / "a.mp4", engine, 6, wish, seconds=2 * window)
    (turn,) = film.recipe.steered
    assert turn.at == round(window * 120_000)
    again = repeat(read_recipe(film.path), tmp_path / "b.mp4", engine=engine)
    assert again.recipe.packets_sha256 == film.recipe.packets_sha256
