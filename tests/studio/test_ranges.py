"""Parts of a file by HTTP's own rules (RFC 9110): what is no range is ignored, numbers may be long,
and who has the bytes already is told so."""

from __future__ import annotations

import io
import json

import pytest

LINE = {"custom_id": "a", "method": "POST", "url": "/v1/videos", "body": {"prompt": "a dog"}}
RAW = json.dumps(LINE).encode() + b"\n"
SIZE = len(RAW)
LONG = "9" * 5000


@pytest.fixture(scope="module")
def where(running):
    """Where the bytes of a file are."""
    file = running.openai().files.create(file=("a.jsonl", io.BytesIO(RAW)), purpose="batch")
    return f"/v1/files/{file.id}/content"


@pytest.mark.parametrize(
    ("wanted", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=3-7", 3, 8),
        ("bytes=3-", 3, SIZE),
        ("bytes=-5", SIZE - 5, SIZE),
        (f"bytes=0-{SIZE - 1}", 0, SIZE),
        (f"bytes=3-{SIZE}", 3, SIZE),
        (f"bytes=0-{LONG}", 0, SIZE),
        (f"bytes=3-{LONG}", 3, SIZE),
        (f"bytes=-{LONG}", 0, SIZE),
        (f"bytes={'0' * 5000}3-{'0' * 4000}7", 3, 8),
        ("Bytes= 3-7", 3, 8),
    ],
)
def test_a_range_is_the_bytes_that_were_asked(http, where, wanted, start, stop):
    answer = http.get(where, headers={"range": wanted})
    assert (answer.status_code, answer.content) == (206, RAW[start:stop])
    assert answer.headers["content-range"] == f"bytes {start}-{stop - 1}/{SIZE}"
    assert answer.headers["content-length"] == str(stop - start)


@pytest.mark.parametrize(
    "wanted", [f"bytes={SIZE}-", f"bytes={SIZE}-{SIZE + 5}", f"bytes={LONG}-", "bytes=-0",
               f"bytes={LONG}-{LONG}", f"bytes={LONG}-9{LONG}", f"bytes=-{'0' * 5000}"]
)  # fmt: skip
def test_a_range_behind_the_end_has_no_bytes(http, where, wanted):
    answer = http.get(where, headers={"range": wanted})
    assert answer.status_code == 416 and answer.json()["error"]["code"] == "invalid_range"
    assert answer.headers["content-range"] == f"bytes */{SIZE}"


@pytest.mark.parametrize(
    "wanted", ["bytes=5-2", "bytes=-", "bytes=", "bytes", "", "bytes=a-b", "bytes=--5",
               "bytes=+1-2", "bytes=0-1x", "lines=0-3", "bytes=0 - 3", "bytes=0-1,3-4",
               "bytes=1_0-2_0", f"bytes=9{LONG}-{LONG}", f"bytes={LONG}-3"]
)  # fmt: skip
def test_what_is_no_range_is_ignored(http, where, wanted):
    answer = http.get(where, headers={"range": wanted})
    assert (answer.status_code, answer.content) == (200, RAW)
    assert "content-range" not in answer.headers


def test_who_has_the_bytes_is_told_so(http, where):
    tag = http.get(where).headers["etag"]
    for known in ("*", tag, f"W/{tag}", f'"other", {tag}', f'W/"other",W/{tag} , "more"'):
        for ask in (http.get, http.head):
            answer = ask(where, headers={"if-none-match": known})
            assert (answer.status_code, answer.content) == (304, b""), known
            assert answer.headers["etag"] == tag
    both = [("if-none-match", '"other"'), ("if-none-match", tag)]
    assert http.get(where, headers=both).status_code == 304
    assert http.get(where, headers={"if-none-match": "*", "range": "bytes=0-3"}).status_code == 304


def test_who_has_other_bytes_gets_these(http, where):
    tag = http.get(where).headers["etag"]
    for other in ('"other"', 'W/"other", "more"', tag.strip('"'), f'"{tag[1:-2]}"', '"*"', "", '"'):
        answer = http.get(where, headers={"if-none-match": other})
        assert (answer.status_code, answer.content) == (200, RAW), other
    assert http.get(where + "x", headers={"if-none-match": "*"}).status_code == 404
