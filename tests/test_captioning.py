"""Media in words: exact where Yozora made them, a guess that says so where it did not."""

from __future__ import annotations

import numpy as np
import pytest

from tests.fakes.engine import FakeEngine
from tests.fakes.footage import painted
from yozora import boards, captioning, storyboards
from yozora.desk import Desk
from yozora.media import video
from yozora.media.errors import MediaError
from yozora.media.images import save_png
from yozora.prompts.recaption import recaption
from yozora.render import read_recipe, render
from yozora.request import Request, RequestError
from yozora.timeline.errors import TimelineError
from yozora.world.captions import parse

ENGINE = FakeEngine()
RED = np.full((36, 64, 3), (200, 20, 20), np.uint8)
GREEN = np.full((36, 64, 3), (20, 200, 20), np.uint8)


def desk() -> Desk:
    return Desk(ENGINE, 3)


@pytest.fixture
def footage(tmp_path):
    """A second of green, then one of red."""
    path = tmp_path / "foot.mp4"
    video.write_mp4(path, (GREEN if n < 30 else RED for n in range(60)), 30)
    return path


def test_a_film_of_ours_tells_its_own_words(tmp_path):
    wish = Request("a dog runs then sits in a park", tmp_path / "a.mp4", seconds=2.0, seed=1)
    (film,) = render(wish, engine=ENGINE)
    spans = [span.caption for span in read_recipe(film.path).timeline.spans]
    assert len(spans) == 2
    found = captioning.seen(desk(), film.path, 1.5)
    assert (found.caption, found.origin, found.notes) == (spans[1], "recipe", ())
    assert captioning.seen(desk(), film.path, 0.2).caption == spans[0]


def test_footage_is_looked_at_and_the_guess_says_so(footage, tmp_path):
    for at, kinds in ((0.2, []), (1.4, ["car"])):
        found = captioning.seen(desk(), footage, at)
        assert found.origin == "weights" and "a guess in the words of the world" in found.notes[0]
        assert [s.kind for s in parse(found.caption).subjects] == kinds
    save_png(tmp_path / "p.png", RED)
    assert parse(captioning.seen(desk(), tmp_path / "p.png").caption).place == "beach"


def test_a_viewer_is_asked_where_one_is_given_and_only_of_what_is_not_ours(footage, tmp_path):
    pictures: list[bytes] = []

    def see(png: bytes):
        pictures.append(png)
        return recaption("a cat sleeps at home", 0, enhance=False)

    found = captioning.seen(desk(), footage, None, see)
    assert found.caption == "a cat sleeps in a living room" and found.origin == "viewer"
    assert len(pictures) == 1 and pictures[0].startswith(b"\x89PNG")
    (film,) = render(Request("a dog", tmp_path / "a.mp4", seconds=1.0, seed=1), engine=ENGINE)
    assert captioning.seen(desk(), film.path, None, see).origin == "recipe"
    assert len(pictures) == 1


def test_a_moment_that_is_not_there_is_refused(footage, tmp_path):
    save_png(tmp_path / "p.png", RED)
    with pytest.raises(RequestError, match=r"lasts 2\.000 s: choose one"):
        captioning.seen(desk(), footage, 2.0)
    with pytest.raises(RequestError, match="leave --at out"):
        captioning.seen(desk(), tmp_path / "p.png", 0.0)
    with pytest.raises(MediaError, match="there is no file"):
        captioning.seen(desk(), tmp_path / "none.mp4")


def test_cards_get_words_for_their_media(footage, tmp_path):
    save_png(tmp_path / "p.png", painted(3, 64, 36))
    text = (
        "cards:\n- {media: foot.mp4, from: 1.2, to: 2, text: auto, camera: static camera}\n"
        "- {media: foot.mp4, at: 3}\n- {text: a dog runs, media: p.png, at: 6}\n"
    )
    (tmp_path / "b.yaml").write_text(text)
    board, _ = boards.read(tmp_path / "b.yaml")
    assert captioning.wanted(board)
    auto, notes = captioning.told(desk(), board)
    assert [card.text for card in auto.cards] == [
        "a red car on a beach by day, static camera", "", "a dog runs"]  # fmt: skip
    assert any("foot.mp4 is told as" in note for note in notes)
    whole, _ = captioning.told(desk(), board, whole=True)
    assert parse(whole.cards[1].text).place and not captioning.wanted(whole)
    one = storyboards.storyboard(desk(), Request("", tmp_path / "c.mp4", seed=1), whole)
    assert "red car" in one.timeline.spans[1].caption
    far = tmp_path / "elsewhere"
    far.mkdir()
    (far / "b.yaml").write_text(boards.to_yaml(boards.seen_from(whole, far)))
    again, _ = boards.read(far / "b.yaml")
    assert again.cards[0].media[0].resolve() == footage.resolve()
    with pytest.raises(TimelineError, match="there are no media"):
        boards.of_yaml("cards: [{text: auto}]", tmp_path)
