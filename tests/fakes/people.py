"""People of a studio that asks everybody who they are: made, let in, given keys."""

from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Iterator
from typing import Any

import httpx
import numpy as np
from PIL import Image

from tests.fakes.studio import Studio

SMALL = {"model": "yozora-1", "seconds": "1", "prompt": "a dog runs in a park"}
GOOD, BETTER = "correct horse battery", "staple stapler staples"


def told(answer: httpx.Response) -> tuple[int, str]:
    """(status, code) of an error."""
    return answer.status_code, answer.json()["error"]["code"]


def account(boss: httpx.Client, name: str, **more: Any) -> dict[str, Any]:
    answer = boss.post("/v1/accounts", json={"name": name} | more)
    assert answer.status_code == 200, answer.text
    return answer.json()


@contextlib.contextmanager
def entered(
    closed: Studio, boss: httpx.Client, name: str, **more: Any
) -> Iterator[tuple[httpx.Client, dict[str, Any]]]:
    """A browser in which somebody new came in by a link, and set a password."""
    made = account(boss, name, **more)
    link = boss.post(f"/v1/accounts/{made['id']}/link").json()["url"]
    with closed.client() as browser:
        assert browser.post(link).status_code == 303
        browser.headers["x-yozora-csrf"] = browser.get("/v1/me").json()["csrf"]
        assert browser.put("/v1/password", json={"password": GOOD}).status_code == 200
        yield browser, made


def key_of(browser: httpx.Client, *scopes: str, **more: Any) -> dict[str, Any]:
    return browser.post("/v1/keys", json={"scopes": scopes, "name": "k"} | more).json()


def png(somebody: bool = False) -> bytes:
    """A picture: plain, or of somebody before a plain backdrop."""
    pixels = np.full((36, 64, 3), 90, np.uint8)
    if somebody:
        pixels[10:30, 25:40] = (20, 160, 60)
    target = io.BytesIO()
    Image.fromarray(pixels).save(target, "PNG")
    return target.getvalue()


def unpacked(archive: bytes) -> bytes:
    """All that is in a ZIP."""
    with zipfile.ZipFile(io.BytesIO(archive)) as found:
        assert found.testzip() is None
        return b"".join(found.read(name) for name in found.namelist())
