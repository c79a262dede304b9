"""kill -9, fifty times, of the server and of its worker: every job ends once, nothing is left."""

from __future__ import annotations

import json
import random
import time
from collections import Counter

import pytest
from sqlalchemy import func, select

from tests.acceptance.studio_process import Process
from tests.fakes.receiver import receiver
from yozora.media.video import packets_sha256
from yozora.studio.keeping import UPLOADING_S, Keeper
from yozora.studio.objects import Objects
from yozora.studio.records import hooks, library
from yozora.studio.records.tables import DELIVERIES, EVENTS, JOBS
from yozora.studio.settings import Settings

pytestmark = pytest.mark.acceptance
POINTS, LINES = 50, 3
BODY = {"model": "yozora-1", "prompt": "a dog runs in a park", "seconds": 1, "size": "64x32"}
TYPES = ["video.completed", "video.failed", "batch.completed", "batch.failed"]


@pytest.fixture
def there():
    with receiver() as one:
        yield one


def test_whoever_is_killed_whenever(tmp_path, tiny_weights, there):
    dice, asked, batches = random.Random(7), [], []
    studio = Process(tmp_path, tiny_weights)
    try:
        answer = studio.http.post(
            "/v1/webhook_endpoints", json={"name": "n", "url": there.url, "event_types": TYPES}
        )
        assert answer.is_success, answer.text
        for point in range(POINTS):
            for _ in range(dice.randrange(3)):
                key = f"{point}-{len(asked)}"
                answer = studio.http.post("/v1/videos", json=BODY, headers={"idempotency-key": key})
                asked.append(answer.json()["id"])
            if asked and dice.random() < 0.4:
                body = {"prompt": "it jumps", "seconds": 1, "video": {"id": asked[-1]}}
                answer = studio.http.post("/v1/videos/extensions", json=body)
                if answer.status_code == 200:  # not where that one failed already
                    asked.append(answer.json()["id"])
            if point % 5 == 0:
                batches.append(batch(studio))
            time.sleep(dice.uniform(0.0, 2.5))
            (studio.kill_server if dice.random() < 0.4 else studio.kill_worker)()
        over = studio.over(asked, 900)
        assert len(over) == len(asked)
        for one, found in over.items():
            if found["status"] == "failed":
                assert found["error"]["code"] in ("worker_lost", "dependency_failed"), found
                continue
            film = tmp_path / "film.mp4"
            film.write_bytes(studio.http.get(f"/v1/videos/{one}/content").content)
            assert packets_sha256(film) == studio.packets(one)
        for one in batches:
            check_batch(studio, one)
        told = everything_told(studio, asked, batches)
        assert set(told.values()) == {1}, "each end is told once"
        until_all_arrived(studio)
    finally:
        studio.end()
    heard = {(one.headers["webhook-id"], json.loads(one.body)["data"]["id"]) for one in there.got}
    assert sorted(subject for _, subject in heard) == sorted(told), "at least once, under one id"
    check_store(studio)
    completed = sum(found["status"] == "completed" for found in over.values())
    assert completed >= 0.8 * len(asked), Counter(found["status"] for found in over.values())


def batch(studio: Process) -> str:
    """A new one, of `LINES` lines."""
    lines = [{"custom_id": f"line-{n}", "method": "POST", "url": "/v1/videos", "body": BODY}
             for n in range(LINES)]  # fmt: skip
    data = "\n".join(map(json.dumps, lines)).encode()
    file = studio.http.post(
        "/v1/files", data={"purpose": "batch"}, files={"file": ("lines.jsonl", data)}
    ).json()
    body = {"input_file_id": file["id"], "endpoint": "/v1/videos", "completion_window": "24h"}
    return str(studio.http.post("/v1/batches", json=body).json()["id"])


def check_batch(studio: Process, one: str) -> None:
    """It is over, and each line is in one of its files, once."""
    until = time.monotonic() + 300
    while (found := studio.http.get(f"/v1/batches/{one}").json())["status"] != "completed":
        assert time.monotonic() < until, found
        time.sleep(0.3)
    seen: Counter[str] = Counter()
    for name in ("output_file_id", "error_file_id"):
        if found[name] is not None:
            text = studio.http.get(f"/v1/files/{found[name]}/content").text
            seen += Counter(json.loads(line)["custom_id"] for line in text.splitlines())
    assert seen == {f"line-{n}": 1 for n in range(LINES)}
    counts = found["request_counts"]
    assert counts["total"] == LINES == counts["completed"] + counts["failed"]


def everything_told(studio: Process, asked: list[str], batches: list[str]) -> Counter[str]:
    """How often the end of everything was told: of what was asked for, of every line's video."""
    database = studio.database()
    with database.read() as db:
        told = Counter(row.subject for row in db.execute(select(EVENTS.c.subject)))
        videos = {row.id for row in db.execute(select(JOBS.c.id))}
    database.close()
    assert set(told) == videos | set(batches)
    assert len(videos) == len(asked) + LINES * len(batches), "no line was placed twice"
    return told


def until_all_arrived(studio: Process) -> None:
    """Until every telling has arrived; what a killed server was sending is sent after a minute."""
    database, until = studio.database(), time.monotonic() + 180
    left = select(func.count()).where(DELIVERIES.c.status != hooks.DELIVERED)
    new = select(func.count()).where(EVENTS.c.shared_out.is_(False))
    while True:
        with database.read() as db:
            if not db.execute(left).scalar() and not db.execute(new).scalar():
                database.close()
                return
        assert time.monotonic() < until
        time.sleep(0.5)


def check_store(studio: Process) -> None:
    """No orphans, and nothing that is missing, once what may be an upload yet is none any more."""
    settings, database = Settings(studio.home / "studio"), studio.database()
    objects = Objects.open(settings.storage_url)
    later = time.time_ns() // 1_000_000 + round(2000 * UPLOADING_S)
    Keeper(settings, database, objects, now=lambda: later).sweep()
    with database.read() as db:
        known = library.known_keys(db)
    database.close()
    assert {key for key, _ in objects.everything()} == known
    assert not [one for one in settings.staging.rglob("*") if one.is_file()]
