"""The page for people: what is served, that nothing in it is inline, and a walk in a browser."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.fakes.browser import looking, until
from tests.fakes.studio import Studio, studio
from yozora.studio.api.page import FOLDER, KINDS
from yozora.studio.records import people

SCRIPTS = sorted(FOLDER.glob("*.js"))
HOLE = re.compile(r"\$\{[^{}]*\}")


def test_every_file_is_served_by_its_type_under_a_strict_policy(http):
    names = [path.name for path in FOLDER.iterdir() if path.is_file()]
    assert {"index.html", "style.css", "app.js"} <= set(names)
    for name in names:
        answer = http.get("/" if name == "index.html" else f"/page/{name}")
        assert answer.status_code == 200, name
        assert answer.headers["content-type"] == KINDS[Path(name).suffix]
        assert answer.headers["x-content-type-options"] == "nosniff"
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
        assert answer.content == (FOLDER / name).read_bytes()


@pytest.mark.parametrize(
    "path",
    ["/page/../api/page.py", "/page/..%2fapi%2fpage.py", "/page/%2e%2e/serving.py",
     "/page/..%5cerrors.py", "/page/%2e%2e%2f%2e%2e%2f__init__.py", "/page/none.js", "/page/",
     "/page/style.css%00.html", "/page/.", "/page/__init__.py"],
)  # fmt: skip
def test_nothing_else_is_served(http, path):
    answer = http.get(path)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


class _Inline(HTMLParser):
    """What a strict policy would not run, and what is fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.fetched: list[str] = []
        self.within = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.within = tag
        told_inline = [name for name in told if name.startswith("on") or name == "style"]
        self.faults += [f"{tag} {name}" for name in told_inline]
        if tag == "style" or (tag == "script" and "src" not in told):
            self.faults.append(tag)
        self.fetched += [told[name] or "" for name in ("src", "href") if name in told]

    def handle_data(self, data: str) -> None:
        if self.within in ("script", "style") and data.strip():
            self.faults.append(data)

    def handle_endtag(self, tag: str) -> None:
        self.within = ""


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(http):
    page = _Inline()
    page.feed((FOLDER / "index.html").read_text())
    assert not page.faults
    assert page.fetched and all(one.startswith("/") for one in page.fetched)
    assert all(http.get(one).status_code == 200 for one in page.fetched)
    markup = re.compile(r"(inner|outer)HTML|insertAdjacentHTML|document\.write|\beval\(|Function\(")
    for script in SCRIPTS:
        text = script.read_text()
        assert not markup.search(text), script.name
        assert all(one.startswith("./") for one in re.findall(r'from "([^"]+)"', text))
    for part in FOLDER.glob("*.css"):
        addresses = re.findall(r'url\("?([^")]+)', part.read_text())
        assert addresses and all(one.startswith("/page/") for one in addresses)


def test_every_route_that_the_page_calls_is_there(http):
    document = http.get("/openapi.json").json()["paths"]
    known = {(verb.upper(), path) for path, verbs in document.items() for verb in verbs}
    known.add(("GET", "/v1/me"))  # the page's own, in no document

    def is_there(method: str, path: str) -> bool:
        shape = HOLE.sub("{}", path).split("?")[0]
        return any(
            verb == method and re.fullmatch(re.sub(r"\{\w+\}", r"[^/]+", route), shape)
            for verb, route in known
        )

    calls = 0
    for script in SCRIPTS:
        text = script.read_text()
        found = re.findall(r'call\("(\w+)", (["`])(/v1/.*?)\2', text)
        calls += len(found)
        named = {path for _, _, path in found}
        for method, _, path in found:
            assert is_there(method, path), f"{script.name}: {method} {path}"
        for path in re.findall(r'["`](/v1/[^"`]*)', text):
            others = is_there("GET", HOLE.sub("x", path.split("${variant")[0]))
            assert path in named or others, f"{script.name}: {path}"
    assert calls >= 15


@pytest.fixture
def sight(busy: Studio) -> Iterator[Any]:
    with looking(busy.url) as page:
        yield page


@pytest.mark.acceptance  # a real browser, which acceptance installs
def test_a_walk_through_the_page(sight, busy):
    sight.wait_for_selector("#empty:not([hidden])")
    assert f"{busy.url}/v1" in sight.text_content("#empty .base")
    sight.wait_for_selector("#estimate strong")
    busy.engine.holds.set()
    sight.fill("#prompt", "a dog runs in a park")
    sight.fill("#seconds", "1")
    sight.click("#more summary")
    sight.fill("#seed", "41")
    sight.check("input[name=variations][value='2']", force=True)
    sight.press("#prompt", "Control+Enter")
    sight.wait_for_selector(".card .moving:not([hidden])")  # the preview moves
    sight.wait_for_selector(".row")
    sight.click(".row [aria-label='Change the words']")
    sight.fill(".row textarea", "a cat sits in a library")
    sight.click(".row button[type=submit]")
    sight.wait_for_selector(".row .said:has-text('cat')")
    busy.engine.holds.clear()
    sight.wait_for_selector(".tile.film >> nth=1")
    with busy.client() as http:
        made = http.get("/v1/videos").json()["data"]
    assert {(one["prompt"], one["seed"]) for one in made} == {
        ("a dog runs in a park", 41), ("a cat sits in a library", 42),
    }  # fmt: skip

    sight.hover(".tile >> nth=0")
    sight.wait_for_selector(".tile video.on")
    sight.click(".tile:has-text('dog')")
    until(sight, "document.querySelector('#player video').currentTime > 0.1")
    assert sight.locator("#player mark").count() >= 1  # what was added to the words
    sight.click("[data-panel=remix]")
    sight.fill("#panel-words", "the park becomes a beach")
    sight.click("#player form button[type=submit]")
    sight.keyboard.press("Escape")
    sight.wait_for_selector(".tile:has-text('becomes a beach')")

    sight.fill("#search", "becomes")
    until(sight, "document.querySelectorAll('.tile').length === 1")
    sight.fill("#search", "")
    until(sight, "document.querySelectorAll('.tile').length === 3")
    sight.focus(".cover >> nth=0")
    sight.keyboard.press("ArrowRight")
    name = sight.evaluate("document.activeElement.dataset.id")
    sight.keyboard.press("Delete")
    sight.click("text=Undo")
    assert sight.evaluate("document.activeElement.dataset.id") == name
    sight.keyboard.press("Delete")
    sight.goto("about:blank")  # who leaves meant it
    with busy.client() as http:
        for _ in range(100):
            if (gone := http.get(f"/v1/videos/{name}").status_code) == 404:
                break
            sight.wait_for_timeout(50)
    assert gone == 404


@pytest.mark.acceptance  # a real browser, which acceptance installs
def test_a_picture_is_pasted_and_errors_stand_at_their_fields(sight, busy):
    sight.wait_for_selector("#estimate strong")
    picture = io.BytesIO()
    Image.fromarray(np.full((36, 64, 3), 90, np.uint8)).save(picture, "PNG")
    given = {"name": "still.png", "mimeType": "image/png", "buffer": picture.getvalue()}
    sight.set_input_files("#picture-file", given)
    sight.wait_for_selector("#picture:not([hidden])")
    sight.fill("#prompt", "it comes to life")
    sight.fill("#seconds", "1")
    sight.click("#make")
    sight.wait_for_selector(".tile.film")
    with busy.client() as http:
        assert http.get("/v1/videos").json()["data"][0]["tool"] == "animate"
    sight.route(  # an answer of the API, without the browser's own complaint of its status
        "**/v1/videos/estimate",
        lambda route: route.fulfill(json={
            "seconds": "1", "size": "1x1", "credits": 1.5, "credits_left": 4, "starts_in_s": 0,
            "done_in_s": 200, "notes": [],
        }),
    )  # fmt: skip
    sight.fill("#seconds", "2")
    sight.wait_for_selector("#estimate:has-text('about 3 min')")
    assert "1.5 of 4.0 credits" in sight.text_content("#estimate")
    sight.unroute("**/v1/videos/estimate")
    sight.fill("#seconds", "1000")
    sight.wait_for_selector("[data-error=seconds]:has-text('60')")
    assert sight.get_attribute("#seconds", "aria-invalid") == "true"
    sight.fill("#seconds", "1")
    sight.fill("#prompt", "")
    sight.click("#picture-remove")
    sight.click("#make")
    sight.wait_for_selector("#composer .error:not(:empty)")
    with busy.client() as http:
        assert len(http.get("/v1/videos").json()["data"]) == 1


@pytest.mark.acceptance  # a real browser, which acceptance installs
def test_who_is_unknown_is_told_how_to_come_in(tmp_path, sight):
    with studio(tmp_path / "closed", open_here=False) as one:
        sight.goto(one.url)
        sight.wait_for_selector("#login:not([hidden])")
        assert "one-time link" in sight.text_content("#login")
        with one.state.database.write() as db:
            owner = people.owner(db)
            secret = people.add_link(db, owner.id, one.state.now())
        sight.goto(f"{one.url}/enter/{'0' * 43}")
        sight.click("button")
        sight.wait_for_selector("#login-error:text('too old')")
        sight.goto(f"{one.url}/enter/{secret}")
        sight.click("button")
        sight.wait_for_selector("#empty:not([hidden])")
        sight.fill("#prompt", "a dog runs in a park")
        sight.fill("#seconds", "1")
        sight.click("#make")  # with what keeps other pages out
        sight.wait_for_selector(".tile.film")
        sight.goto("about:blank")
