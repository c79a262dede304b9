"""A film that is watched while it is made, over a real socket, by real (untrained) networks."""

from __future__ import annotations

import io
import json

import av
import pytest
from websockets.sync.client import connect


def socket(watched, **headers):
    where = watched.url.replace("http", "ws") + "/v1/videos/stream"
    return connect(where, additional_headers=headers, max_size=1 << 24, open_timeout=20)


def heard(one, until=("end", "error")):
    """(what was said, the bytes of the film)."""
    said, film = [], b""
    while True:
        message = one.recv(timeout=60)
        if isinstance(message, bytes):
            film += message
            continue
        said.append(json.loads(message))
        if said[-1]["type"] in until:
            return said, film


def test_a_film_comes_in_pieces_and_turns_to_new_words(watched):
    with socket(watched) as one:
        start = {"type": "start", "prompt": "a dog runs in a park", "seconds": 3, "seed": 1}
        one.send(json.dumps(start))
        said, film = heard(one, ("begin",))
        one.send(json.dumps({"type": "steer", "prompt": "the dog runs on a beach at night"}))
        one.send("{nonsense")
        more, rest = heard(one)
    kinds = [each["type"] for each in said + more]
    assert {"caption", "begin", "steered", "refused", "end"} <= set(kinds)
    with av.open(io.BytesIO(film + rest)) as container:
        frames = sum(1 for _ in container.decode(video=0))
    assert frames == more[-1]["frames"] and more[-1]["seconds"] == 3.0


@pytest.mark.parametrize(
    ("start", "code"),
    [
        ({"prompt": ""}, "invalid_value"), ({"prompt": "a dog", "colour": 1}, "unknown_parameter"),
        ({"prompt": "a dog", "style": "no such"}, "invalid_prompt"),
    ],
)  # fmt: skip
def test_what_cannot_be_made_is_said(watched, start, code):
    with socket(watched) as one:
        one.send(json.dumps(start))
        assert heard(one)[0][-1]["code"] == code


def test_pages_of_other_sites_are_refused(watched):
    with socket(watched, Origin="https://evil.example") as one:
        assert heard(one)[0][-1]["code"] == "permission_denied"


@pytest.mark.acceptance  # its own processes take seconds to begin
def test_a_place_is_one_watchers_until_he_stops(watched):
    with socket(watched) as first:
        first.send(json.dumps({"prompt": "a dog runs in a park"}))
        heard(first, ("begin",))
        with socket(watched) as second:
            second.send(json.dumps({"prompt": "a cat"}))
            assert heard(second)[0][-1]["code"] == "rate_limit_exceeded"
        first.send(json.dumps({"type": "stop"}))
        assert heard(first)[0][-1]["type"] == "end"
    with socket(watched) as third:
        third.send(json.dumps({"prompt": "a dog", "size": "9x9"}))
        assert heard(third)[0][-1]["code"] == "invalid_request"
