"""Credits: what is made is paid for, whichever way it was asked for, and what is not is not."""

from __future__ import annotations

import json

import numpy as np
import pytest
from websockets.sync.client import connect

from tests.fakes.people import png, told
from yozora.media.video import write_mp4
from yozora.studio import estimates
from yozora.studio.metering import LIVE, SLICE_S, Meter
from yozora.studio.records import jobs, ledger, people
from yozora.studio.wishes import Wish

SMALL = {"model": "yozora-1", "prompt": "a dog runs in a park", "held": True}


def rich(one, name, credits, **limits):
    """(the key of somebody who has so many credits, the account's id)."""
    key = one.somebody(name, **limits)
    with one.state.database.write() as db:
        account = people.named(db, name)
        ledger.grant(db, account.id, round(credits * 1e6), 1)
    return key, account


def left(http):
    return http.get("/v1/credits").json()["credits"]


def test_a_video_that_is_changed_has_its_own_price(here):
    key, _ = rich(here, "changing mind", 2.0)
    with here.client(key) as http:
        assert told(http.post("/v1/videos", json=SMALL | {"seconds": 6}))[0] == 429
        one = http.post("/v1/videos", json=SMALL | {"seconds": 1}).json()["id"]
        after_one = left(http)
        refused = http.post(f"/v1/videos/{one}", json={"seconds": 6})
        assert told(refused) == (429, "insufficient_quota") and left(http) == after_one
        assert http.get(f"/v1/videos/{one}").json()["seconds"] == "1"
        assert http.post(f"/v1/videos/{one}", json={"seconds": 0.25}).is_success
        assert left(http) > after_one
        http.post(f"/v1/videos/{one}/cancel")
        assert left(http) == 2.0


def test_what_is_made_of_a_video_that_grows_is_paid_as_it_comes_out(here):
    key, _ = rich(here, "growing", 30.0)
    with here.client(key) as http:
        base = http.post("/v1/videos", json=SMALL | {"seconds": 0.25}).json()["id"]
        first = left(http)
        http.post(f"/v1/videos/{base}/remix", json={"prompt": "a cat"})
        small = first - left(http)
        assert http.post(f"/v1/videos/{base}", json={"seconds": 8}).is_success
        grown = 30.0 - left(http)
        assert grown > (30.0 - first) + 4 * small
        refused = http.post(f"/v1/videos/{base}", json={"seconds": 30})
        assert told(refused) == (429, "insufficient_quota") and 30.0 - left(http) == grown


def test_what_is_done_costs_what_it_came_to(running):
    key, account = rich(running, "settling", 30.0)
    with running.client(key) as http:
        made = http.post("/v1/videos", json=SMALL | {"seconds": 4}).json()["id"]
        with running.state.database.write() as db:
            job = jobs.find(db, made, account.id)
            jobs.change(
                db, job, wish=job.wish | {"settings": job.wish["settings"] | {"seconds": 1}}
            )
        http.post(f"/v1/videos/{made}/resume")
        running.finished(made, http)
        assert 30.0 - left(http) == pytest.approx(estimates.work(Wish(), 1.0, 256, 144))


def test_an_uploaded_film_is_as_long_as_it_is(here, tmp_path):
    write_mp4(tmp_path / "film.mp4", np.zeros((96, 72, 128, 3), np.uint8), 12)
    with here.client(here.somebody("uploader")) as http:
        sent = {"file": ("film.mp4", (tmp_path / "film.mp4").read_bytes())}
        film = http.post("/v1/files", data={"purpose": "user_data"}, files=sent).json()["id"]
        tool = {"tool": "remix", "film": film}
        body = {"model": "yozora-1", "prompt": "a cat", "tool": tool, "held": True}
        told_ = http.post("/v1/videos", json=body).json()
        assert (told_["seconds"], told_["size"]) == ("8", "128x72")
        keep = [{"start": 0, "stop": 2, "speed": 0.25}, {"start": 1, "stop": 2, "at": 9}]
        body["tool"] = {"tool": "recut", "film": film, "keep": keep}
        assert http.post("/v1/videos", json=body).json()["seconds"] == "10"


def test_what_a_video_is_to_be_made_of_stays_until_it_is(here):
    with here.client(here.somebody("needy")) as http:
        sent = http.post("/v1/files", data={"purpose": "vision"}, files={"file": png()})
        file = sent.json()["id"]
        body = SMALL | {"input_reference": {"file_id": file}, "seconds": 1}
        first = http.post("/v1/videos", json=body).json()["id"]
        sent = {"video": ("bello.png", png(somebody=True))}
        answer = http.post("/v1/videos/characters", data={"name": "Bello"}, files=sent)
        cast = answer.json()["id"]
        second = http.post(
            "/v1/videos", json=SMALL | {"characters": [{"id": cast}], "seconds": 1}
        ).json()["id"]
        where = f"/v1/files/{file}", f"/v1/videos/characters/{cast}"
        for one in where:
            assert told(http.delete(one)) == (409, "conflict")
            assert http.get(one).is_success
        for one in (first, second):
            assert http.post(f"/v1/videos/{one}/cancel").is_success
        for one in where:
            assert http.delete(one).is_success


def test_slices_are_paid_ahead_and_what_is_left_comes_back(here):
    _, account = rich(here, "meter", 100.0)
    meter = Meter(here.state, account)

    def balance():
        with here.state.database.read() as db:
            return ledger.balance(db, account.id) / 1e6

    meter.pay(SLICE_S)
    assert balance() == pytest.approx(100 - meter.cost(SLICE_S))
    meter.made(SLICE_S - 1)
    assert balance() == pytest.approx(100 - meter.cost(SLICE_S))
    meter.made(SLICE_S + 1)
    assert balance() < 100 - meter.cost(SLICE_S + 1)
    meter.settle()
    meter.settle()
    assert balance() == pytest.approx(100 - meter.cost(SLICE_S + 1))
    nothing = Meter(here.state, account)
    nothing.pay(1.0)
    nothing.settle()
    assert balance() == pytest.approx(100 - meter.cost(SLICE_S + 1))
    assert LIVE.settings.quality == "live"


def streamed(one, key, start):
    """What is said of a stream until it is over."""
    where = one.url.replace("http", "ws") + "/v1/videos/stream"
    said = []
    with connect(
        where, additional_headers={"Authorization": f"Bearer {key}"}, max_size=1 << 24
    ) as socket:
        socket.send(start if isinstance(start, bytes) else json.dumps(start))
        while not said or said[-1]["type"] not in ("end", "error"):
            message = socket.recv(timeout=60)
            if isinstance(message, str):
                said.append(json.loads(message))
    return said


def test_streams_are_paid_and_limited_too(watched):
    key, account = rich(watched, "watcher", 20.0)
    said = streamed(watched, key, {"prompt": "a dog runs in a park", "seconds": 2})
    assert said[-1]["type"] == "end" and "at" in [one["type"] for one in said]
    spent = 20 - Meter(watched.state, account).cost(2.0)
    with watched.client(key) as http:
        assert left(http) == pytest.approx(spent)
        poor, _ = rich(watched, "poor", 0.1)
        still, _ = rich(watched, "still", 20.0, most_running=0)
        for other, code in ((poor, "insufficient_quota"), (still, "rate_limit_exceeded")):
            said = streamed(watched, other, {"prompt": "a dog"})
            assert [one.get("code") for one in said] == [code]
    assert streamed(watched, key, b"\0\1")[0]["code"] == "invalid_request"
    assert streamed(watched, key, {"type": "steer", "prompt": "a"})[0]["code"] == "invalid_value"
