"""What strangers send changes nothing and leaks nothing: each is refused in the envelope."""

from __future__ import annotations

import io
import json
import socket
import struct
import zipfile
import zlib

import httpx
import pytest

from tests.fakes.studio import studio

SMALL = {"model": "yozora-1", "seconds": "1", "prompt": "a dog runs in a park"}


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with studio(tmp_path_factory.mktemp("hostile"), most_upload=4 << 20) as one:
        yield one


@pytest.fixture
def http(running):
    with running.client() as client:
        yield client


def refused(answer: httpx.Response, *statuses: int) -> str:
    assert answer.status_code in (statuses or (400, 404, 413, 415, 422)), answer.text[:500]
    error = answer.json()["error"]
    told = error["message"]
    assert "Traceback" not in told and "/tmp" not in told and "sqlite" not in told.lower()
    return str(error["code"])


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that says it is so large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 4_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def zipped() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.png", b"\0" * 5_000_000)
    return target.getvalue()


UPLOADS = {
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "svg with a head": b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///etc'>]>",
    "html": b"<!DOCTYPE html><script>fetch('/v1/keys')</script>",
    "playlist": b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
    "concat": b"ffconcat version 1.0\nfile /etc/passwd\n",
    "zip": zipped(),
    "png bomb": bomb(60_000, 60_000),
    "wide png": bomb(2**31 - 1, 1),
    "empty": b"",
    "noise": bytes(range(256)) * 40,
    "half an mp4": b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + b"\0\0\x10\0moov" + b"\0" * 64,
    "gif with a script": b"GIF89a/*\x01\x00\x01\x00*/=1;alert(1)//",
}


@pytest.mark.parametrize("kind", UPLOADS)
@pytest.mark.parametrize("where", ["input_reference", "video"])
def test_uploads_that_are_no_picture_and_no_film(http, running, kind, where):
    before = sorted(key for key, _ in running.state.objects.everything())
    path = "/v1/videos" if where == "input_reference" else "/v1/videos/edits"
    fields = SMALL if where == "input_reference" else {"prompt": "at night"}
    files = {where: ("a.png", UPLOADS[kind], "image/png")}
    refused(http.post(path, data=fields, files=files))
    assert sorted(key for key, _ in running.state.objects.everything()) == before


@pytest.mark.parametrize(
    "id_",
    ["../../etc/passwd", "..%2f..%2fetc%2fpasswd", "video_%00", "video_'; DROP TABLE jobs; --",
     "%2e%2e", "video_" + "a" * 5000, "video_\u202e", "*", "video_1 OR 1=1"],
)  # fmt: skip
def test_ids_that_lead_elsewhere(http, id_):
    for path in (f"/v1/videos/{id_}", f"/v1/videos/{id_}/content", f"/v1/files/{id_}",
                 f"/v1/videos/characters/{id_}", f"/page/{id_}"):  # fmt: skip
        refused(http.get(path), 400, 404, 414)
    body = SMALL | {"tool": {"tool": "loop", "film": id_}}
    refused(http.post("/v1/videos", json=body))
    assert http.get("/v1/videos").status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "../../evil.png",
        "a\r\nset-cookie: x=1.png",
        'a".png; x="',
        "\u202egnp.exe",
        "a" * 3000,
        "con",
        "",
    ],
)
def test_names_of_files_stay_names(http, running, name):
    picture = io.BytesIO()
    from PIL import Image

    Image.new("RGB", (64, 36)).save(picture, "PNG")
    raw = (
        b'--x\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nvision\r\n--x\r\n'
        b'content-disposition: form-data; name="file"; filename="'
        + name.replace("\r\n", "%0D%0A").replace('"', "%22").encode()
        + b'"\r\ncontent-type: image/png\r\n\r\n' + picture.getvalue() + b"\r\n--x--\r\n"
    )  # fmt: skip
    told = {"content-type": "multipart/form-data; boundary=x"}
    answer = http.post("/v1/files", content=raw, headers=told)
    if answer.status_code != 200:
        refused(answer)
        return
    kept = answer.json()["filename"]
    assert "/" not in kept and "\\" not in kept and "\n" not in kept and len(kept) < 200
    shown = http.get(f"/v1/files/{answer.json()['id']}/content")
    assert (
        "set-cookie" not in shown.headers and shown.headers["x-content-type-options"] == "nosniff"
    )


def test_bodies_that_are_too_large_end_before_they_are_read(http, running):
    refused(http.post("/v1/videos", content=b"x" * (5 << 20)), 413)

    def endless():
        for _ in range(200):
            yield b"x" * 65_536

    try:
        answer = http.post("/v1/videos", content=endless())
        refused(answer, 413)
    except httpx.WriteError:
        pass  # the door was shut while it was still talking
    assert http.get("/v1/videos").status_code == 200


@pytest.mark.parametrize(
    "raw",
    [b"[" * 100_000, b'{"a":' * 50_000, b'{"prompt": "a dog", "seed": 1e999}',
     b'{"seed": ' + b"9" * 9999 + b"}", b'{"prompt": "\\ud800"}', b'{"prompt": "a\\u0000dog"}',
     b'{"tool": {"tool": ["loop"]}}',
     json.dumps({"timeline": {"version": 1, "spans": [[[[]]]] * 1000}}).encode()],
)  # fmt: skip
def test_json_that_wants_to_break_something(http, raw):
    refused(http.post("/v1/videos", content=raw, headers={"content-type": "application/json"}))


@pytest.mark.parametrize(
    "field",
    ["a[" + "b][" * 500 + "c]", "a" * 50_000, "__proto__[x]", "tool[tool][]", "[]", "a[b", "\x00"],
)
def test_forms_that_want_to_break_something(http, field):
    told = {"content-type": "application/x-www-form-urlencoded"}
    body = httpx.QueryParams({field: "1", "prompt": "a dog"})
    refused(http.post("/v1/videos", content=str(body).encode(), headers=told))


def test_half_a_request_holds_nobody_up(running):
    """Connections that say nothing more; others are answered meanwhile."""
    port = int(running.url.rsplit(":", 1)[1])
    slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(50)]
    for one in slow:
        one.sendall(b"POST /v1/videos HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 100\r\n\r\n{")
    with running.client() as http:
        assert http.get("/v1/videos").status_code == 200
    for one in slow:
        one.close()


def test_headers_that_want_to_be_two(running):
    port = int(running.url.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as one:
        one.sendall(
            b"GET /v1/videos HTTP/1.1\r\nhost: 127.0.0.1\r\n"
            b"x-request-id: a%0d%0aset-cookie: x=1\r\nconnection: close\r\n\r\n"
        )
        answer = b""
        while part := one.recv(65_536):
            answer += part
    assert b"set-cookie" not in answer.lower() and b"x-request-id: req_" in answer.lower()
