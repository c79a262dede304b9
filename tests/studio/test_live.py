"""A film that is watched while it is made, over a real socket, by real (untrained) networks."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import socket as sockets
import subprocess
import time

import av
import httpx
import pytest
from websockets.sync.client import connect


def socket(watched, sock=None, **headers):
    where = watched.url.replace("http", "ws") + "/v1/videos/stream"
    return connect(
        where, sock=sock, additional_headers=headers, max_size=1 << 24, open_timeout=20, max_queue=1
    )


def left(one):
    """Gone, without a word."""
    one.socket.shutdown(sockets.SHUT_RDWR)
    one.socket.close()


def process_of_a_film():
    """The one that the studio in this process began."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,args="], capture_output=True, text=True)
    rows = (line.split(maxsplit=2) for line in listed.stdout.splitlines())
    (found,) = (int(pid) for pid, parent, what in rows
                if int(parent) == os.getpid() and "yozora.studio.work.live" in what)  # fmt: skip
    return found


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


def test_a_film_that_is_stopped_before_its_first_frame_simply_ends(watched):
    for seconds in (None, 20):
        with socket(watched) as one:
            start = {"prompt": "a dog runs in a park", "size": "512x512", "seconds": seconds}
            one.send(json.dumps({key: value for key, value in start.items() if value}))
            one.send(json.dumps({"type": "stop"}))
            said, film = heard(one)
        assert said[-1] == {"type": "end", "frames": 0, "seconds": 0.0} and not film


def test_who_leaves_without_a_word_makes_room_at_once(watched):
    """Whatever the process is at: this one never comes back from it."""
    with socket(watched) as first:
        first.send(json.dumps({"prompt": "a dog runs in a park", "size": "1920x1920"}))
        heard(first, ("begin",))
        process = process_of_a_film()
        os.kill(process, signal.SIGSTOP)
        time.sleep(1)  # what it wrote before that is on its way
        left(first)
    try:
        with socket(watched) as second:
            second.send(json.dumps({"prompt": "a cat"}))
            assert heard(second, ("begin", "error"))[0][-1]["type"] == "begin"
            assert process_of_a_film() != process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


@pytest.mark.acceptance  # as long as it takes to fill what lies between the two
def test_who_looked_at_nothing_and_left_makes_room_too(watched):
    where = httpx.URL(watched.url)
    one = sockets.socket()
    one.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
    one.connect((where.host, where.port))
    with socket(watched, one) as first:
        first.send(json.dumps({"prompt": "a dog runs in a park", "size": "640x640"}))
        time.sleep(8)
        assert process_of_a_film()
        left(first)
    with socket(watched) as second:
        second.send(json.dumps({"prompt": "a cat"}))
        assert heard(second, ("begin", "error"))[0][-1]["type"] == "begin"


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
