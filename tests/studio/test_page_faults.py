"""The page where something is refused, gone or missing: a real browser at a real studio."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from tests.fakes.browser import looking, until
from tests.fakes.studio import Studio

pytestmark = pytest.mark.acceptance  # a real browser, which acceptance installs
LONGER_MS = 1500  # than the estimate waits, which is asked after each change and each create
NET = "net::ERR_"  # the browser's note that there is no network
PICTURE_ERROR = "[data-param=input_reference] .error"
WORDS_ERROR = "[data-param=prompt] .error"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def sight(busy: Studio) -> Iterator[Any]:
    with looking(busy.url, forgiven=(NET,)) as page:
        yield page


def made(busy: Studio, *prompts: str, **more: Any) -> list[str]:
    """The ids of films that are done, the newest first."""
    with busy.client() as http:
        ids = []
        for words in prompts:
            body = {"prompt": words, "seconds": "1", "size": "64x32", **more}
            ids.append(busy.completed(http.post("/v1/videos", json=body), http)["id"])
    return ids[::-1]


def shown(sight: Any, busy: Studio, *prompts: str, **more: Any) -> list[str]:
    """Films that are done, and that the page shows."""
    films = made(busy, *prompts, **more)
    sight.reload()
    for film in films:
        sight.wait_for_selector(tile(film))
    return films


def picture() -> dict[str, Any]:
    kept = io.BytesIO()
    Image.new("RGB", (64, 36), (90, 90, 90)).save(kept, "PNG")
    return {"name": "still.png", "mimeType": "image/png", "buffer": kept.getvalue()}


def estimated(sight: Any) -> None:
    """Waits until the estimate that follows a deed has been answered and shown."""
    sight.wait_for_timeout(LONGER_MS)


def is_open(sight: Any) -> bool:
    return bool(sight.evaluate("document.getElementById('player').open"))


def tile(video: str) -> str:
    return f".tile[data-id='{video}']"


def test_the_sentence_of_a_refused_create_stays_until_its_field_is_another(sight):
    sight.wait_for_selector("#estimate strong")
    damaged = {"name": "bad.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\nnone"}
    sight.set_input_files("#picture-file", damaged)
    until(sight, "document.getElementById('picture').hidden")  # no broken thumbnail
    assert sight.text_content("#picture-name") == "bad.png"
    sight.fill("#prompt", "it comes to life")
    sight.press("#prompt", "Control+Enter")
    sight.wait_for_selector(f"{PICTURE_ERROR}:not(:empty)")
    said = sight.text_content(PICTURE_ERROR)
    sight.wait_for_selector("#estimate strong")
    estimated(sight)
    assert sight.text_content(PICTURE_ERROR) == said
    line = sight.get_attribute(PICTURE_ERROR, "id")
    assert sight.get_attribute("#picture-choose", "aria-describedby") == line
    sight.fill("#prompt", "it comes to life, slowly")  # it is not about the words
    estimated(sight)
    assert sight.text_content(PICTURE_ERROR) == said
    sight.set_input_files("#picture-file", picture())
    until(sight, f"!document.querySelector('{PICTURE_ERROR}').textContent")
    sight.wait_for_selector("#picture:not([hidden])")


def test_what_is_no_picture_leaves_the_one_before(sight, busy):
    sight.wait_for_selector("#estimate strong")
    sight.set_input_files("#picture-file", picture())
    sight.wait_for_selector("#picture:not([hidden])")
    notes = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"a cat"}
    sight.set_input_files("#picture-file", notes)
    sight.fill("#prompt", "it comes to life")
    sight.fill("#seconds", "1")
    estimated(sight)
    assert "no picture" in sight.text_content(PICTURE_ERROR)
    assert sight.text_content("#picture-name") == "still.png"
    assert sight.is_visible("#picture")
    sight.click("#make")
    sight.wait_for_selector(".tile.film")
    assert not sight.text_content(PICTURE_ERROR)
    with busy.client() as http:
        assert http.get("/v1/videos").json()["data"][0]["tool"] == "animate"


def test_make_without_words_says_what_is_missing_by_the_words(sight, busy):
    sight.wait_for_selector("#estimate strong")
    sight.click("#make")
    sight.wait_for_selector(f"{WORDS_ERROR}:has-text('no prompt')")
    estimated(sight)
    assert "no prompt" in sight.text_content(WORDS_ERROR)
    assert sight.get_attribute("#prompt", "aria-invalid") == "true"
    assert sight.evaluate("document.activeElement.id") == "prompt"
    sight.fill("#prompt", "a dog")
    until(sight, f"!document.querySelector('{WORDS_ERROR}').textContent")
    assert sight.get_attribute("#prompt", "aria-invalid") is None
    with busy.client() as http:
        assert not http.get("/v1/videos").json()["data"]


def test_a_remix_without_words_says_so_and_is_not_made(sight, busy):
    (film,) = shown(sight, busy, "a dog")
    sight.click(f"{tile(film)} .cover")
    sight.click("[data-panel=remix]")
    sight.fill("#panel-words", "  ")
    sight.click("#player form button[type=submit]")
    sight.wait_for_selector(f"#player {WORDS_ERROR}:has-text('There are no words')")
    assert sight.get_attribute("#panel-words", "aria-invalid") == "true"
    with busy.client() as http:
        assert len(http.get("/v1/videos").json()["data"]) == 1


def test_a_film_that_could_not_be_deleted_comes_back_with_the_sentence(sight, busy):
    second, first = shown(sight, busy, "a dog runs in a park", "a cat sits in a library")
    sight.context.set_offline(True)
    sight.focus(f"{tile(first)} .cover")
    sight.keyboard.press("Delete")
    assert not sight.locator(tile(first)).count()
    sight.wait_for_selector(".toast:has-text('Not deleted: The studio does not answer')")
    assert sight.is_visible(tile(first))
    order = "[...document.querySelectorAll('.tile')].map((one) => one.dataset.id)"
    assert sight.evaluate(order) == [second, first]
    sight.context.set_offline(False)
    sight.click(".toast button:has-text('Try again')")
    with busy.client() as http:
        for _ in range(400):
            if (gone := http.get(f"/v1/videos/{first}").status_code) == 404:
                break
            sight.wait_for_timeout(50)
    assert gone == 404
    assert sight.is_visible(tile(second)) and not sight.locator(tile(first)).count()


def test_a_deletion_out_of_an_open_film_is_told_and_taken_back_above_it(sight, busy):
    second, first = shown(sight, busy, "a dog runs in a park", "a cat sits in a library")
    sight.click(f"{tile(second)} .cover")
    sight.click("#player button:has-text('Delete')")
    until(sight, f"location.hash === '#{first}'")
    sight.click(".toast button:has-text('Undo')")  # within reach, though all else is not
    assert is_open(sight)
    sight.keyboard.press("Escape")
    until(sight, "location.hash === ''")
    assert sight.is_visible(tile(second))


@pytest.mark.parametrize("context", [{}, PHONE], ids=["desk", "phone"])
def test_back_closes_a_film_and_closing_leaves_no_entry(busy, context):
    second, first = made(busy, "a dog runs in a park", "a cat sits in a library")
    with looking("about:blank", forgiven=(NET,), **context) as sight:
        sight.goto(busy.url)
        sight.wait_for_selector(tile(first))
        length = sight.evaluate("history.length")
        for closes in ("[aria-label=Close]", None):
            sight.click(f"{tile(second)} .cover")
            until(sight, f"location.hash === '#{second}'")
            sight.click("[aria-label='The older film']")
            until(sight, f"location.hash === '#{first}'")
            assert sight.evaluate("history.length") == length + 1  # films after it are no entries
            if closes:
                sight.click(closes)
            else:
                sight.go_back()
            until(sight, "location.hash === '' && !document.getElementById('player').open")
            until(sight, f"document.activeElement.dataset.id === '{first}'")
        sight.go_forward()
        until(sight, f"document.getElementById('player').open && location.hash === '#{first}'")
        sight.reload()  # and the way back is known afterwards too
        until(sight, "document.getElementById('player').open")
        sight.keyboard.press("Escape")
        until(sight, "location.hash === '' && !document.getElementById('player').open")
        sight.go_back()
        assert sight.url == "about:blank"


def test_an_address_names_a_film_or_the_page_says_that_there_is_none(busy):
    (film,) = made(busy, "a dog runs in a park")
    with looking(f"{busy.url}/#{film}", forgiven=(NET,)) as sight:
        until(sight, "document.getElementById('player').open")
        sight.click("[aria-label=Close]")
        until(sight, "location.hash === '' && !document.getElementById('player').open")
        sight.evaluate("location.hash = '#video_nope'")
        sight.wait_for_selector(".toast:has-text('no such film')")
        until(sight, "location.hash === ''")
        sight.goto("about:blank")
        sight.goto(f"{busy.url}/#video_nope")
        sight.wait_for_selector(".toast:has-text('no such film')")
        assert not is_open(sight) and sight.is_visible(tile(film))
        until(sight, "location.hash === ''")


def test_a_film_that_was_deleted_elsewhere_is_said_to_be_gone(sight, busy):
    third, second, first = shown(sight, busy, "a dog", "a cat", "a red car")
    with busy.client() as http:
        assert http.delete(f"/v1/videos/{second}").status_code == 200
    sight.click(f"{tile(second)} .cover")
    sight.wait_for_selector(".toast:has-text('That film is gone')")
    until(sight, "location.hash === '' && !document.getElementById('player').open")
    assert not sight.locator(tile(second)).count()
    until(sight, f"document.activeElement.dataset.id === '{first}'")
    assert sight.is_visible(tile(third)) and sight.is_visible(tile(first))


def test_an_open_film_says_that_the_studio_does_not_answer(sight, busy):
    (film,) = shown(sight, busy, "a dog")
    sight.context.set_offline(True)
    sight.click(f"{tile(film)} .cover")
    sight.wait_for_selector("#player .error:has-text('does not answer')")
    assert is_open(sight) and sight.locator(tile(film)).count()


def test_lengths_are_read_as_people_say_them(sight, busy):
    made(busy, "a dog")
    shown(sight, busy, "a cat", seconds="2.67")
    sight.wait_for_selector(".tile >> nth=1")
    labels = [one.get_attribute("aria-label") for one in sight.locator(".cover").all()]
    assert labels[1].endswith(", 1 second")
    assert re.search(r", 2\.\d seconds$", labels[0])
