"""A real Chromium that looks at the page of a studio."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from typing import Any

import pytest


@contextlib.contextmanager
def looking(url: str, *, forgiven: tuple[str, ...] = (), **context: Any) -> Iterator[Any]:
    """A browser's page at `url`; what it complains of fails, but what says one of `forgiven`."""
    driver = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("there is no Chromium on this machine")
    said: list[str] = []
    with driver.sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        page = browser.new_page(**{"viewport": {"width": 1280, "height": 900}} | context)
        page.set_default_timeout(30_000)
        page.on("console", lambda one: said.append(one.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.add_init_script(
            "document.addEventListener('securitypolicyviolation',"
            " (one) => console.error('policy', one.violatedDirective, one.blockedURI));"
        )
        page.goto(url)
        yield page
        browser.close()
    refused = "the server responded with a status of 40"  # the browser's note, no fault
    fine = (refused, *forgiven)
    assert not [one for one in said if not any(part in one for part in fine)]


def until(page: Any, script: str) -> None:
    """The policy forbids a waiting script of the driver's own in the page: it is asked instead."""
    for _ in range(200):
        if page.evaluate(script):
            return
        page.wait_for_timeout(50)
    raise AssertionError(script)
