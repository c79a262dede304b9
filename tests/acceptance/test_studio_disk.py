"""A disk that is really full, again and again: every job ends once or waits, no film is half."""

from __future__ import annotations

import random
import sqlite3
import time
from pathlib import Path

import httpx
import pytest

from tests.acceptance.studio_process import Process
from tests.fakes.disk import fill, small_disk
from yozora.media.video import packets_sha256
from yozora.studio.keeping import Keeper
from yozora.studio.objects import Objects
from yozora.studio.records import library
from yozora.studio.room import RESERVE
from yozora.studio.settings import Settings

pytestmark = pytest.mark.acceptance
BODY = {"model": "yozora-1", "prompt": "a dog runs in a park", "seconds": 1, "size": "64x32"}
ROUNDS = 8
PICTURE = Path(__file__).parents[2] / "docs/gallery/world.png"


def test_a_full_disk_loses_nothing(tmp_path, tiny_weights):
    dice, asked = random.Random(3), []
    with small_disk(tmp_path / "disk", mib=160) as home:
        studio = Process(home, tiny_weights)
        try:
            first = studio.http.post("/v1/videos", json=BODY).json()["id"]
            assert studio.over([first], 60)[first]["status"] == "completed"
            for _ in range(ROUNDS):
                asked += [studio.http.post("/v1/videos", json=BODY).json()["id"] for _ in range(3)]
                time.sleep(dice.uniform(0.0, 1.5))
                filler = fill(home)
                refused(studio.http.post("/v1/videos", json=BODY))
                file = {"file": ("a.png", PICTURE.read_bytes())}
                refused(studio.http.post("/v1/files", data={"purpose": "vision"}, files=file))
                assert studio.http.get(f"/v1/videos/{first}/content").is_success, "what is there is"
                assert len(studio.http.get("/v1/videos").json()["data"]) > 0
                time.sleep(dice.uniform(0.5, 3.0))
                filler.unlink()
            over = studio.over(asked, 300)
            assert len(over) == len(asked)
            for one, found in over.items():
                if found["status"] == "failed":
                    assert found["error"]["code"] == "storage_full", found
                    continue
                film = tmp_path / "film.mp4"
                film.write_bytes(studio.http.get(f"/v1/videos/{one}/content").content)
                assert packets_sha256(film) == studio.packets(one)
            with_little_room(studio, first)
        finally:
            studio.end()
        settings, database = Settings(home / "studio"), studio.database()
        objects = Objects.open(settings.storage_url)
        Keeper(settings, database, objects).sweep()
        with database.read() as db:
            known = library.known_keys(db)
        database.close()
        assert {key for key, _ in objects.everything()} == known
        with sqlite3.connect(home / "studio" / "studio.db") as raw:
            assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        raw.close()


def refused(answer: httpx.Response) -> None:
    """With a sentence that says what to do."""
    assert answer.status_code in (503, 507), answer.text
    error = answer.json()["error"]
    assert error["code"] in ("busy", "storage_full") and error["message"]


def with_little_room(studio: Process, video: str) -> None:
    """Nothing more is taken in where little is left, but what is there can be deleted."""
    filler = fill(studio.home, leave=RESERVE // 4)
    answer = studio.http.post("/v1/videos", json=BODY)
    assert (answer.status_code, answer.json()["error"]["code"]) == (507, "storage_full")
    assert studio.http.delete(f"/v1/videos/{video}").is_success
    assert studio.http.get(f"/v1/videos/{video}").status_code == 404
    filler.unlink()
    waiting = studio.http.post("/v1/videos", json=BODY)
    assert waiting.is_success
    assert studio.over([waiting.json()["id"]], 60)
