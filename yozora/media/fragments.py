"""A film that is written while it is made, and can be watched meanwhile: to a file, or into a pipe.

A file gets fragmented MP4, which plays up to its last fragment at any moment; once the film has
ended it becomes the MP4 that every other film is. A pipe gets fragmented MP4, YUV4MPEG2, which
players read without being told anything, or bare RGB frames.
"""

# H rows, W columns

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import IO, Any, Protocol

import av
import av.container
import av.video
import numpy as np
from numpy.typing import NDArray

from yozora.media import files, mp4, video
from yozora.media.errors import MediaError

Frame = NDArray[np.uint8]  # (H, W, 3)
FORMATS = ("mp4", "y4m", "rgb")
STANDARD = 576  # rows up to which players take YUV4MPEG2, which cannot say, for BT.601
_FRAGMENTED = "empty_moov+default_base_moof"
# each frame is coded when it comes, and written before the next one
_AT_ONCE = {"tune": "zerolatency", "bframes": "0"}


class Left(Exception):
    """Who watched is gone."""


class Sink(Protocol):
    """Where frames go, one after another, all of one size."""

    def put(self, frame_HWC: Frame) -> None:
        """Raises MediaError, and `Left` where a reader has gone."""
        ...

    def close(self) -> None: ...


def sink_of(form: str, target: IO[bytes], rate: Fraction) -> Sink:
    """A pipe of one of `FORMATS`."""
    if form == "mp4":
        return Mp4(target, rate, at_once=True)
    return Bare(target, rate, "y4m" if form == "y4m" else "rgb")


class Mp4:
    """Fragmented MP4. `at_once`: for who watches a pipe; otherwise the packets are those of any
    other film of these frames."""

    def __init__(self, target: IO[bytes], rate: Fraction, at_once: bool = False) -> None:
        self.rate, self.count = rate, 0
        self.more = _AT_ONCE if at_once else {}
        flags = f"{_FRAGMENTED}+frag_every_frame" if at_once else f"{_FRAGMENTED}+frag_keyframe"
        self.target = _Told(target)
        options = {"movflags": flags, "flush_packets": "1"}
        self.container = av.open(self.target, "w", format="mp4", options=options)
        self.stream: av.video.VideoStream | None = None

    def put(self, frame_HWC: Frame) -> None:
        if self.stream is None:
            rows, cols = frame_HWC.shape[:2]
            self.stream = video.h264(self.container, self.rate, cols, rows, self.more)
        picture = video.picture_of(frame_HWC, self.count, self.rate)
        self._mux(self.stream.encode(picture))
        self.count += 1

    def close(self) -> None:
        if self.stream is not None:
            self._mux(self.stream.encode(None))
        try:
            self.container.close()
        except (OSError, av.FFmpegError) as error:
            raise self.target.reason(error) from error
        self.target.flush()

    def _mux(self, packets: Any) -> None:
        try:
            self.container.mux(packets)
        except (OSError, av.FFmpegError) as error:
            raise self.target.reason(error) from error


class Bare:
    """Frames uncoded: YUV4MPEG2 (4:2:0), or RGB bytes alone."""

    def __init__(self, target: IO[bytes], rate: Fraction, form: str) -> None:
        self.target, self.rate, self.form, self.begun = _Told(target), rate, form, False

    def put(self, frame_HWC: Frame) -> None:
        rows, cols = frame_HWC.shape[:2]
        data = frame_HWC.tobytes()
        if self.form == "y4m":
            matrix = video.BT709 if rows > STANDARD else video.BT601
            data = b"FRAME\n" + video.to_yuv420(frame_HWC, matrix).tobytes()
            if not self.begun:
                rate = f"{self.rate.numerator}:{self.rate.denominator}"
                head = f"YUV4MPEG2 W{cols + cols % 2} H{rows + rows % 2} F{rate} Ip A1:1 C420mpeg2"
                data = f"{head} XCOLORRANGE=LIMITED\n".encode() + data
        self.begun = True
        try:
            self.target.write(data)
            self.target.flush()
        except OSError as error:
            raise self.target.reason(error) from error

    def close(self) -> None:
        self.target.flush()


class _Told:
    """What a muxer writes to; remembers why it could not."""

    def __init__(self, target: IO[bytes]) -> None:
        self.target, self.error = target, None  # type: tuple[IO[bytes], OSError | None]

    def write(self, data: bytes) -> int:
        try:
            self.target.write(data)
            self.target.flush()
        except OSError as error:
            self.error = error
            raise
        return len(data)

    def flush(self) -> None:
        if self.error is None:
            self.target.flush()

    def reason(self, error: BaseException) -> Exception:
        """The error to raise in place of a muxer's own."""
        cause = self.error or error
        if isinstance(cause, BrokenPipeError):
            return Left()
        why = (getattr(cause, "strerror", None) or str(cause)).lower()
        return MediaError(f"the stream cannot be written ({why}): send it elsewhere")


def finish(path: Path, width: int, height: int, metadata: Mapping[str, str]) -> None:
    """A fragmented film as the MP4 that every other is, of the size that was asked, in one step and
    in little memory, where no side is odd. Raises MediaError; the film stays as it was then."""
    files.check_writable(path, path.stat().st_size)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    options = {"movflags": "use_metadata_tags+faststart"}
    try:
        with (
            av.open(str(path), "r", format="mp4") as source,
            av.open(str(part), "w", format="mp4", options=options) as target,
        ):
            video.copy_packets(source, target, metadata)
        if width % 2 or height % 2:  # coded one pixel larger
            part.write_bytes(mp4.crop_to(part.read_bytes(), width, height))
        part.replace(path)
    except (OSError, av.FFmpegError) as error:
        why = (getattr(error, "strerror", None) or str(error)).lower()
        raise MediaError(f"{path} cannot be finished ({why}): it plays as it is") from error
    finally:
        part.unlink(missing_ok=True)


def opened(path: Path) -> IO[bytes]:
    """A file for a film to be written while it is made. Raises MediaError."""
    files.check_writable(path)
    try:
        return io.BufferedWriter(io.FileIO(path, "w"))
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise MediaError(f"{path} cannot be written ({why}): choose another place") from error


def abandon(target: IO[bytes]) -> None:
    """Close a pipe, whether or not somebody still reads it."""
    with suppress(OSError):
        target.close()
