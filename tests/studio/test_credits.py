"""Credits: what is made is paid for, whichever way it was asked for, and what is not is not."""

from __future__ import annotations

import json

import pytest
from websockets.sync.client import connect

from tests.fakes.people import png, told
from yozora.studio.metering import LIVE, SLICE_S, Meter
from yozora.studio.records import ledger, people

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
