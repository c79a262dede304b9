"""Whoever refuses training is heard, wherever the mark stands; and only they are."""

from __future__ import annotations

import io
import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yozora.trust import boxes, refusals
from yozora.trust.refusals import Refusal


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


def labelled(label: str, *contents: bytes) -> bytes:
    """A JUMBF superbox with its description."""
    return box(
        b"jumb", box(b"jumd", bytes(16) + b"\x03" + label.encode() + b"\0") + b"".join(contents)
    )


def cbor(value: object) -> bytes:
    def head(major: int, n: int) -> bytes:
        return (
            bytes([major << 5 | n]) if n < 24 else bytes([major << 5 | 25]) + n.to_bytes(2, "big")
        )

    if isinstance(value, dict):
        return head(5, len(value)) + b"".join(cbor(k) + cbor(v) for k, v in value.items())
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(cbor, value))
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return head(0, value)
    assert isinstance(value, str)
    return head(3, len(value.encode())) + value.encode()


def store(label: str, content: bytes) -> bytes:
    """A manifest store with one manifest whose assertion store holds one assertion."""
    assertion = labelled(label, content)
    return labelled("c2pa", labelled("urn:c2pa:1", labelled("c2pa.assertions", assertion)))


def mp4(jumbf: bytes) -> io.BytesIO:
    """An MP4's outer boxes with a C2PA box, before the media data."""
    mark = boxes.C2PA_UUID + bytes(4) + b"manifest\0" + bytes(8) + jumbf
    return io.BytesIO(
        box(b"ftyp", b"isom" + bytes(4)) + box(b"uuid", mark) + box(b"mdat", bytes(99))
    )


def entries(prefix: str, use: str) -> dict[str, object]:
    return {"entries": {f"{prefix}.ai_generative_training": {"use": use}}}


@pytest.mark.parametrize("label", ["c2pa.training-mining", "cawg.training-mining__1"])
@pytest.mark.parametrize("use", ["notAllowed", "constrained"])
def test_a_manifest_that_refuses_is_heard_in_cbor_and_json(label, use):
    data = entries(label.partition(".")[0], use)
    for content in (box(b"cbor", cbor(data)), box(b"json", json.dumps(data).encode())):
        assert refusals.refusal_inside(mp4(store(label, content))) is Refusal.C2PA
        assert refusals.refusal_beside({".c2pa": store(label, content)}) is Refusal.C2PA


@pytest.mark.parametrize(
    "data",
    [
        entries("c2pa", "allowed"),
        {"entries": {"c2pa.ai_inference": {"use": "notAllowed"}}},  # training is not inference
    ],
)
def test_a_manifest_that_allows_is_none(data):
    content = box(b"cbor", cbor(data))
    assert refusals.refusal_inside(mp4(store("c2pa.training-mining", content))) is None
    other = box(b"cbor", cbor(entries("c2pa", "notAllowed")))  # another label's business
    assert refusals.refusal_inside(mp4(store("org.example.notes", other))) is None


def test_marks_that_cannot_be_read_refuse():
    whole = store("c2pa.training-mining", box(b"cbor", cbor(entries("c2pa", "allowed"))))
    for broken in (whole[:-3], store("c2pa.training-mining", box(b"cbor", b"\xbf")),
                   labelled("c2pa", box(b"brob", b"\1\2\3"))):  # fmt: skip
        assert refusals.refusal_inside(mp4(broken)) is Refusal.C2PA
    assert refusals.refusal_beside({".json": b"{"}) is Refusal.JSON


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ('{"caption": "a cat"}', False),
        ('{"caption": "a cat", "ai_training": "allowed"}', False),
        ('{"ai_training": "notAllowed"}', True),
        ('{"ai_training": false}', True),
        ('{"tdm-reservation": 1, "tdm-policy": "https://example.org/terms"}', True),
        ('{"tdm-reservation": 0}', False),
        ('{"XMP-plus:DataMining": "DMI-PROHIBITED-AIMLTRAINING"}', True),
        ('{"manifests": [{"label": "cawg.training-mining", "data": {"entries": '
         '{"cawg.ai_training": {"use": "constrained"}}}}]}', True),
        ('["a", {"b": [{"c2pa.data_mining": {"use": "notAllowed"}}]}]', True),
    ],
)  # fmt: skip
def test_descriptions_beside(text, refused):
    assert refusals.json_refuses(text.encode()) is refused


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ('<plus:DataMining>http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED</plus:DataMining>', True),
        ('plus:DataMining="http://ns.useplus.org/ldf/vocab/DMI-ALLOWED"', False),
        ('<rdf:Description tdm:reservation="1"/>', True),
        ('<tdm:reservation> 1 </tdm:reservation>', True),
        ('<tdm:reservation>0</tdm:reservation>', False),
    ],
)  # fmt: skip
def test_xmp_beside_and_inside(text, refused):
    assert refusals.xmp_refuses(text.encode()) is refused
    assert refusals.xmp_refuses(text.encode("utf-16")) is refused
    inside = io.BytesIO(box(b"ftyp", bytes(8)) + box(b"uuid", boxes.XMP_UUID + text.encode()))
    assert refusals.refusal_inside(inside) is (Refusal.XMP if refused else None)
    udta = io.BytesIO(box(b"moov", box(b"udta", box(b"XMP_", text.encode()))))
    assert refusals.refusal_inside(udta) is (Refusal.XMP if refused else None)


@pytest.mark.parametrize(
    ("pattern", "location", "reserved"),
    [
        ("/", "/a/b.mp4", True),
        ("/a/", "/a/b.mp4", True),
        ("/c/", "/a/b.mp4", False),
        ("*.mp4$", "/a/b.mp4", True),
        ("/*.webm$", "/a/b.mp4", False),
        ("/a/*/c.mp4", "/a/b/c.mp4", True),
        ("/a[1].mp4", "/a[1].mp4", True),
    ],
)
def test_a_reservation_for_a_folder(tmp_path, pattern, location, reserved):
    rules = [{"location": "/none", "tdm-reservation": 1},
             {"location": pattern, "tdm-reservation": 1}]  # fmt: skip
    path = tmp_path / location.lstrip("/")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"no video")
    assert refusals.refusal_of(path, tmp_path) is None
    (tmp_path / "tdmrep.json").write_text(json.dumps(rules))
    assert refusals.refusal_of(path, tmp_path) is (Refusal.TDMREP if reserved else None)
    rules = [{**rule, "tdm-reservation": 0} for rule in rules]
    (tmp_path / "tdmrep.json").write_text(json.dumps(rules))
    assert refusals.refusal_of(path, tmp_path) is None


def test_files_beside_by_either_name(tmp_path):
    for name in ("a.json", "a.mp4.json"):
        path = tmp_path / "a.mp4"
        path.write_bytes(b"")
        (tmp_path / name).write_text('{"ai_training": "notAllowed"}')
        assert refusals.refusal_of(path, tmp_path) is Refusal.JSON
        (tmp_path / name).unlink()


@given(st.binary(max_size=300), st.integers(0, 200), st.integers(0, 255))
def test_damage_is_never_an_exception(noise, at, value):
    whole = bytearray(
        mp4(store("c2pa.training-mining", box(b"cbor", cbor({"a": [1, "b"]})))).read()
    )
    whole[at % len(whole)] = value
    for data in (bytes(whole), noise, bytes(whole[:at]) + noise):
        refusals.refusal_inside(io.BytesIO(data))
        refusals.c2pa_refuses(data)
        refusals.json_refuses(data)
        refusals.xmp_refuses(data)
