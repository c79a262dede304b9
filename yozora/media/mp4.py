"""Box surgery on a finished MP4 in memory: the index to the front, and an odd frame size.

The muxer can move the index itself only by reopening a real path; doing it on bytes lets the whole
file be written in one go, so that a killed process leaves no half of a video behind.
Boxes as in ISO/IEC 14496-12.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_CONTAINERS = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl"})
_OFFSETS = {b"stco": ">I", b"co64": ">Q"}  # chunk offset tables: box -> one entry


def boxes(data: bytes | bytearray, start: int, stop: int) -> Iterator[tuple[bytes, int, int]]:
    """(type, start, stop) of each box in `[start, stop)`, headers included."""
    at = start
    while at + 8 <= stop:
        size, kind = struct.unpack_from(">I4s", data, at)
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, at + 8)
        elif size == 0:
            size = stop - at
        assert size >= 8 and at + size <= stop, "the muxer wrote a broken box"
        yield bytes(kind), at, at + size
        at += size


def _walk(data: bytearray, start: int, stop: int) -> Iterator[tuple[bytes, int, int]]:
    for kind, box_start, box_stop in boxes(data, start, stop):
        yield kind, box_start, box_stop
        if kind in _CONTAINERS:
            yield from _walk(data, box_start + 8, box_stop)


def faststart(data: bytes) -> bytes:
    """The same MP4 with `moov` before `mdat`: a browser plays it while it loads."""
    top = list(boxes(data, 0, len(data)))
    kinds = [kind for kind, _, _ in top]
    if kinds.index(b"moov") < kinds.index(b"mdat"):
        return data
    parts = {kind: data[start:stop] for kind, start, stop in top}
    index = bytearray(parts.pop(b"moov"))
    shift = len(index)
    for kind, start, _ in _walk(index, 0, len(index)):
        if kind in _OFFSETS:
            (count,) = struct.unpack_from(">I", index, start + 12)
            entry = _OFFSETS[kind]
            for i in range(count):
                at = start + 16 + i * struct.calcsize(entry)
                (offset,) = struct.unpack_from(entry, index, at)
                struct.pack_into(entry, index, at, offset + shift)
    head = parts.pop(b"ftyp")
    return head + bytes(index) + b"".join(data[a:b] for kind, a, b in top if kind in parts)


def crop_to(data: bytes, width: int, height: int) -> bytes:
    """The same MP4 shown at `width` x `height`, at most one pixel less each way than it is coded.

    4:2:0 H.264 cannot say an odd size, but its container can: players take the size of the sample
    entry where it is less than one macroblock smaller than the coded one.
    """
    out = bytearray(data)
    for kind, start, stop in list(_walk(out, 0, len(out))):
        if kind == b"tkhd":  # width and height are the last two fields, 16.16 fixed point
            struct.pack_into(">II", out, stop - 8, width << 16, height << 16)
        elif kind == b"stsd":
            assert out[start + 20 : start + 24] == b"avc1"
            struct.pack_into(">HH", out, start + 16 + 32, width, height)
    return bytes(out)
