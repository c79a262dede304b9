"""Styles of one's own: kept whole or not at all, found by name, used by every tool."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.fakes.engine import FakeEngine
from yozora import boards, editing, storyboards, styles
from yozora.desk import Desk
from yozora.engine.finish import Finisher
from yozora.events import Noted
from yozora.media.errors import MediaError
from yozora.media.images import save_png
from yozora.prompts.errors import PromptError
from yozora.prompts.styles import BUILT_IN, Preset
from yozora.render import Edit, edit, render, repeat
from yozora.request import Request, RequestError
from yozora.world.captions import parse

ENGINE = FakeEngine()
NOIR = BUILT_IN["film noir"]


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "look.png"
    ramp = np.arange(60 * 90 * 3, dtype=np.uint32).reshape(60, 90, 3) * 7 % 251
    save_png(path, ramp.astype(np.uint8))
    return path


def test_one_is_kept_found_by_any_spelling_and_taken_away(tmp_path, picture):
    where = tmp_path / "home" / "styles"
    kept, _ = styles.add(Preset("Sea Mist", "watercolour, fog", ("cyan",), "red", picture), where)
    assert styles.named("sea_MIST", where) == kept and kept.own
    assert kept.reference is not None
    assert kept.reference.read_bytes() == picture.read_bytes() and kept.reference.parent == where
    assert list(styles.known(where)[0])[: len(BUILT_IN)] == list(BUILT_IN)
    before = sorted(path.name for path in where.iterdir())
    with pytest.raises(PromptError, match="already: yozora styles --remove 'sea mist'"):
        styles.add(Preset("sea-mist", "noir"), where)
    with pytest.raises(MediaError):
        styles.add(Preset("other", "noir", reference=tmp_path / "none.png"), where)
    assert sorted(path.name for path in where.iterdir()) == before
    styles.remove("Sea Mist", where)
    assert not list(where.iterdir())
    with pytest.raises(PromptError, match="built in: only your own"):
        styles.remove("noir", where)


def test_a_name_that_nobody_knows_is_told_the_nearest(tmp_path):
    with pytest.raises(PromptError, match="did you mean 'film noir'"):
        styles.named("film noire", tmp_path)
    with pytest.raises(PromptError, match="--add makes one"):
        styles.named("qqqq", tmp_path)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"version": 9}', '{"version": 1, "name": 3}',
     '{"version": 1, "name": "other", "words": "noir"}',
     '{"version": 1, "name": "mine", "words": "a dog"}'],
)  # fmt: skip
def test_a_file_that_is_no_style_is_named_and_hides_no_other(tmp_path, text):
    (tmp_path / "mine.json").write_text(text)
    found, notes = styles.known(tmp_path)
    assert set(found) == set(BUILT_IN)
    assert len(notes) == 1 and "mine.json" in notes[0] and "delete it" in notes[0]


def wish(out, prompt="", **changes):
    return Request(prompt, out, seconds=1.0, seed=3, **changes)


def captions(one: Edit) -> list[str]:
    return [span.caption for span in one.timeline.spans]


def test_every_tool_takes_a_style(tmp_path):
    (dog,) = render(wish(tmp_path / "a.mp4", "a dog runs in a park by day"), engine=ENGINE)
    desk = Desk(ENGINE, 3, style=NOIR)
    ask = wish(tmp_path / "b.mp4", style=NOIR, width=96, height=96)
    made = [
        editing.remix(desk, ask, dog.path),
        editing.outpaint(desk, ask, dog.path),
        editing.loop(desk, ask, dog.path),
        editing.recut(desk, ask, dog.path, [editing.Keep(0.0, 0.5)], 1.0),
        editing.extend(desk, replace(ask, prompt="it jumps"), dog.path),
    ]
    for one in made:
        told = [parse(caption) for caption in captions(one)]
        assert any((t.style, t.weather) == ("noir", "fog") for t in told)
        assert all(t.subjects[0].kind == "dog" and t.place == "park" for t in told)
    with pytest.raises(RequestError, match="leave --style out"):
        editing.enlarge(desk, ask, dog.path, 2.0)


def test_a_boards_styles_are_presets_by_name_or_words(tmp_path):
    (tmp_path / "b.yaml").write_text(
        "seconds: 8\nstyle: film noir\ncards:\n- a woman walks in a park by day\n"
        "- {text: she waves, at: 3}\n- {text: she sits, at: 5, style: 'at night, cartoon style'}\n"
    )
    board, _ = boards.read(tmp_path / "b.yaml")
    assert boards.of_yaml(boards.to_yaml(board), tmp_path) == board
    ask = wish(tmp_path / "c.mp4")
    told = [parse(c) for c in captions(storyboards.storyboard(Desk(ENGINE, 3), ask, board))]
    assert [(t.style, t.time) for t in told] == [
        ("noir", "day"), ("noir", "day"), ("cartoon", "night")]  # fmt: skip
    desk = Desk(ENGINE, 3, style=BUILT_IN["claymation"])
    told = [parse(c) for c in captions(storyboards.storyboard(desk, ask, board))]
    assert {t.style for t in told} == {"clay"}


def test_a_styles_picture_and_negative_words_reach_the_film(tmp_path, picture):
    own, _ = styles.add(Preset("mine", "noir", (), "rain", picture), tmp_path / "styles")
    notes: list[str] = []

    def listen(event: object) -> None:
        if isinstance(event, Noted):
            notes.append(event.text)

    (film,) = render(wish(tmp_path / "a.mp4", "a dog", style=own), listen, engine=ENGINE)
    span = film.recipe.timeline.spans[0]
    assert [one.role for one in span.references] == ["style"]
    assert film.recipe.timeline.negative == "rain"
    assert any("weights hardly keep" in note for note in notes)
    (plain,) = render(wish(tmp_path / "b.mp4", "a dog", style=replace(own, reference=None)),
                      engine=ENGINE)  # fmt: skip
    assert plain.recipe.packets_sha256 != film.recipe.packets_sha256
    again = repeat(film.recipe, tmp_path / "c.mp4", references=[picture], engine=ENGINE)
    assert again.recipe.packets_sha256 == film.recipe.packets_sha256
    ask = wish(tmp_path / "d.mp4", "it jumps", style=own)
    one = editing.extend(Desk(ENGINE, 3, style=own), ask, film.path)
    (longer,) = edit(one, engine=ENGINE, finisher=Finisher())
    assert [len(s.references) for s in longer.recipe.timeline.spans] == [0, 1]
