"""The boxes of ISO media files and of JUMBF, and CBOR, as far as reading marks needs them.

ISO/IEC 14496-12 (boxes), ISO/IEC 19566-5 (JUMBF), RFC 8949 (CBOR), C2PA 2.x "Embedding manifests
into BMFF". Sizes in a file are not believed: nothing is read past what holds it.
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Iterator
from typing import Any, BinaryIO

C2PA_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
MOST_BYTES = 64 << 20  # of one mark: manifests are kilobytes
DEEPEST = 24
FULL_BOX = 4  # bytes of version and flags
OFFSET = 8  # bytes of the offset that follows a C2PA box's purpose


class BoxError(Exception):
    """Data that does not follow the standards; for callers in this room."""


def marks(file: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """("c2pa" | "xmp", content) of every such box of an MP4 or MOV file; nothing for others."""
    file.seek(0, os.SEEK_END)
    yield from _marks(file, 0, file.tell(), 0)


def _marks(file: BinaryIO, at: int, end: int, depth: int) -> Iterator[tuple[str, bytes]]:
    while end - at >= 8:
        file.seek(at)
        head = file.read(16)
        size, kind, body = _sizes(head, end - at)
        if size < body or at + size > end:
            return  # no box: another container, or cut short
        start, stop = at + body, at + size
        if kind == b"uuid" and stop - start >= 16:
            file.seek(start)
            name = file.read(16)
            if name in (C2PA_UUID, XMP_UUID):
                data = file.read(min(stop - start - 16, MOST_BYTES))
                yield from _c2pa(data) if name == C2PA_UUID else [("xmp", data)]
        elif kind == b"XMP_":
            file.seek(start)
            yield "xmp", file.read(min(stop - start, MOST_BYTES))
        elif kind in (b"moov", b"udta") and depth < DEEPEST:
            yield from _marks(file, start, stop, depth + 1)
        at = stop


def _sizes(head: bytes, rest: int) -> tuple[int, bytes, int]:
    """(bytes of the box, its type, bytes of its header)."""
    size, kind = int(struct.unpack(">I", head[:4])[0]), head[4:8]
    if size == 1 and len(head) == 16:
        return int(struct.unpack(">Q", head[8:])[0]), kind, 16
    return (rest if size == 0 else size), kind, 8


def _c2pa(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The manifest store of a C2PA box; its other purposes (Merkle trees) hold none."""
    purpose, _, rest = data[FULL_BOX:].partition(b"\0")
    if purpose != b"merkle":
        yield "c2pa", rest[OFFSET:]


def assertions(jumbf: bytes, depth: int = 0, label: str = "") -> Iterator[tuple[str, Any]]:
    """(label, decoded content) of every labelled CBOR or JSON box, at any depth.

    Raises BoxError where the boxes do not fit into each other, or are compressed.
    """
    if depth > DEEPEST:
        raise BoxError("boxes within boxes without end")
    at = 0
    while at < len(jumbf):
        head = jumbf[at : at + 16]
        if len(head) < 8:
            raise BoxError("a box is cut short")
        size, kind, body = _sizes(head, len(jumbf) - at)
        if size < body or at + size > len(jumbf):
            raise BoxError("a box is longer than what holds it")
        data = jumbf[at + body : at + size]
        if kind == b"jumb":
            yield from assertions(data, depth + 1, "")
        elif kind == b"jumd":
            label = _label(data)
        elif kind == b"brob":
            raise BoxError("a compressed manifest")
        elif kind == b"json" and "training-mining" in label:
            try:
                yield label, json.loads(data)
            except (ValueError, RecursionError):
                raise BoxError("JSON that cannot be read") from None
        elif kind == b"cbor" and "training-mining" in label:
            yield label, Cbor(data).value(0)
        at += size


def _label(description: bytes) -> str:
    """A description box: a type of 16 bytes, toggles, then the label up to a zero byte."""
    if len(description) < 17:
        raise BoxError("a description is cut short")
    if not description[16] & 2:
        return ""
    return description[17:].partition(b"\0")[0].decode("utf-8", "replace")


class Cbor:
    """Reads one CBOR item (RFC 8949); enough for assertions. Raises BoxError."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, count: int) -> bytes:
        part = self.data[self.at : self.at + count]
        if len(part) < count:
            raise BoxError("CBOR is cut short")
        self.at += count
        return part

    def value(self, depth: int) -> Any:
        """The next item: int, bytes, str, list, dict, bool, float or None; tags are dropped."""
        if depth > DEEPEST:
            raise BoxError("CBOR within CBOR without end")
        first = self.take(1)[0]
        major, low = first >> 5, first & 31
        if major == 7:
            return self.simple(low)
        if low == 31:
            return self.endless(major, depth)
        number = self.number(low)
        match major:
            case 0:
                return number
            case 1:
                return -1 - number
            case 2:
                return self.take(number)
            case 3:
                return self.take(number).decode("utf-8", "replace")
            case 4:
                self.room(number)
                return [self.value(depth + 1) for _ in range(number)]
            case 5:
                self.room(number)
                return dict(self.pair(depth) for _ in range(number))
            case _:
                return self.value(depth + 1)

    def number(self, low: int) -> int:
        if low < 24:
            return low
        if low > 27:
            raise BoxError("a CBOR length of no kind")
        return int.from_bytes(self.take(1 << (low - 24)), "big")

    def room(self, count: int) -> None:
        if count > len(self.data):
            raise BoxError("CBOR promises more than it holds")

    def pair(self, depth: int) -> tuple[str, Any]:
        return str(self.value(depth + 1)), self.value(depth + 1)

    def endless(self, major: int, depth: int) -> Any:
        """Items up to a break."""
        if major not in (2, 3, 4, 5):
            raise BoxError("CBOR without end of no kind")
        parts: list[Any] = []
        while self.data[self.at : self.at + 1] != b"\xff":
            parts.append(self.pair(depth) if major == 5 else self.value(depth + 1))
        self.at += 1
        if major == 5:
            return dict(parts)
        if major == 4:
            return parts
        empty: Any = b"" if major == 2 else ""
        try:
            return empty.join(parts)
        except TypeError:
            raise BoxError("a CBOR string of parts of other kinds") from None

    def simple(self, low: int) -> Any:
        if low in (25, 26, 27):
            form = {25: ">e", 26: ">f", 27: ">d"}[low]
            return struct.unpack(form, self.take(1 << (low - 24)))[0]
        if low == 24:
            self.take(1)
        return {20: False, 21: True}.get(low)
