"""What one is told of all that one has under way, on one connection."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

SLOW = {"model": "yozora-1", "seconds": "1", "prompt": "a dog runs", "num_inference_steps": 100}


@pytest.fixture
def http(running):
    with running.client() as client:
        yield client


def told(answer: httpx.Response) -> Iterator[tuple[str, dict[str, Any]]]:
    kind = ""
    for line in answer.iter_lines():
        if line.startswith("event:"):
            kind = line[6:].strip()
        elif line.startswith("data:"):
            yield kind, json.loads(line[5:])


def test_one_stream_tells_of_all_in_their_order(http, running):
    running.engine.slow.set()
    names = [http.post("/v1/videos", json=SLOW).json()["id"] for _ in range(3)]
    orders, previewed, ended = [], set(), {}
    with running.client(running.somebody("next door")) as other:
        theirs = other.post("/v1/videos", json=SLOW).json()["id"]
        with http.stream("GET", "/v1/videos/events") as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            for kind, one in told(answer):
                assert one.get("id") != theirs
                if kind == "queue":
                    orders.append(one["videos"])
                    if len(orders) == 1:
                        later = [names[2], names[1]]
                        assert http.post("/v1/videos/order", json={"videos": later}).is_success
                elif kind == "preview":
                    previewed.add(one["id"])
                    if one["id"] == names[0] and orders[-1][1:] == later:
                        running.engine.slow.clear()
                elif kind == "video" and one["status"] in ("completed", "failed"):
                    ended[one["id"]] = one["status"]
                    if len(ended) == 3:
                        break
        running.finished(theirs, other)
    assert orders[0] == names and orders[1] == [names[0], names[2], names[1]]
    assert names[0] in previewed and previewed <= set(names)
    assert list(ended) == orders[1] and set(ended.values()) == {"completed"}


def test_the_stream_tells_of_what_is_cancelled_paused_and_deleted(http, running):
    running.engine.slow.set()
    first, second = (http.post("/v1/videos", json=SLOW).json()["id"] for _ in range(2))
    seen = []
    with http.stream("GET", "/v1/videos/events") as answer:
        for kind, one in told(answer):
            if kind == "queue":
                seen.append(("paused", one["paused"]))
            elif kind == "video" and one["id"] == second:
                seen.append((one["status"], one["held"]))
                if one["status"] == "failed":
                    break
            if len(seen) == 2:
                http.post("/v1/videos/queue", json={"paused": True})
                http.post(f"/v1/videos/{second}/pause")
            elif ("queued", True) in seen and ("paused", True) in seen:
                http.post("/v1/videos/queue", json={"paused": False})
                http.post(f"/v1/videos/{second}/cancel")
    http.post(f"/v1/videos/{first}/cancel")
    running.engine.slow.clear()
    assert running.finished(first, http)["error"]["code"] == "cancelled"
    assert seen[0] == ("paused", False) and seen[-1] == ("failed", True)


def test_again_is_the_same_film_and_another_where_a_seed_is_sent(http, running):
    body = SLOW | {"seed": 5, "num_inference_steps": 2, "negative_prompt": "rain"}
    film = running.completed(http.post("/v1/videos", json=body), http)
    same = running.completed(http.post(f"/v1/videos/{film['id']}/again", json={}), http)
    other = running.completed(http.post(f"/v1/videos/{film['id']}/again", json={"seed": 6}), http)
    kept = ("prompt", "negative_prompt", "size", "seconds", "num_inference_steps", "model")
    assert all(film[name] == same[name] == other[name] for name in kept)
    assert (same["seed"], other["seed"]) == (5, 6) and same["id"] != film["id"]


def test_styles_are_listed_and_can_be_used(http, running):
    found = http.get("/v1/styles").json()["data"]
    assert {"id", "words", "own"} <= set(found[0]) and "film noir" in {one["id"] for one in found}
    body = SLOW | {"style": found[0]["id"], "num_inference_steps": 2}
    assert running.completed(http.post("/v1/videos", json=body), http)["style"] == found[0]["id"]


def test_a_picture_counts_in_the_estimate_before_it_is_sent(http):
    body = {"prompt": "it moves", "model": "yozora-1", "seconds": "2"}
    plain = http.post("/v1/videos/estimate", json=body).json()["credits"]
    shown = body | {"input_reference": {"image_url": "data:,"}}
    assert http.post("/v1/videos/estimate", json=shown).json()["credits"] > plain
