"""A film as footage: any of its frames, upright and in its own size, without holding it whole."""

# H rows, W columns; ticks are the film's own units of time

from __future__ import annotations

import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
import av.container
import av.stream
import av.video
import numpy as np
from numpy.typing import NDArray

from yozora.media.errors import MediaError
from yozora.media.video import FORMATS, to_rgb

Picture = NDArray[np.uint8]  # (H, W, 3)
MOST_FPS = 240
MOST_SIDE_PX = 8192
FAR_FRAMES = 48  # ahead of the last one read: worth a jump to a key frame
LOST_FRAMES = 3  # at the very end, which a decoder may keep to itself
SLACK = Fraction(1, 4)  # of a frame's time: so much earlier or later than due is still steady
LONG_PACKETS, LONG_BYTES = 1 << 16, 1 << 28  # no more than one of these is read to count frames
MIXED_PACKETS = 64  # within which they may lie in another order than they are shown in
# Read as pictures to tell them from films
STILLS = "jpeg_pipe,png_pipe,webp_pipe,bmp_pipe,tiff_pipe"
JUMPING = ("mov", "matroska", "mpegts", "flv", "asf", "mxf")  # times are the same after a jump


class Film:
    """An open film: its facts, and `frame(i)`. A context manager; files stay open in between.

    Frames are counted at one steady rate; where the film has none, the picture that is shown at
    that moment is taken, and `steady` is False.
    """

    def __init__(self, path: Path | str) -> None:
        """Raises MediaError for what is no film, or none that can be cut."""
        self.path = Path(path)
        self._shown: tuple[int, av.VideoFrame] | None = None  # (ticks, picture)
        self._ahead: tuple[int, av.VideoFrame] | None = None
        try:
            other = self.path.exists() and not self.path.is_file()
            if not other:
                self._file = self.path.open("rb")
        except FileNotFoundError as error:
            raise MediaError(f"there is no file {path}: check the name") from error
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "no such name"
            raise MediaError(f"{path} cannot be read ({reason}): check it") from error
        if other:
            raise MediaError(f"{path} is a folder or a device, not a film: name a video file")
        self._found = self._state()
        try:
            self._open()
        except BaseException:
            self._file.close()
            raise

    def _state(self) -> tuple[int, int]:
        now = os.fstat(self._file.fileno())
        return now.st_size, now.st_mtime_ns

    def _open(self) -> None:
        self._restart()
        self.sound = bool(self._container.streams.audio)
        kind = self._container.format.name
        # AVI does not say when pictures are shown that are coded in another order: count them
        self._timed = kind != "avi" or not self._stream.codec_context.has_b_frames
        self._jumps = kind.startswith(JUMPING)
        times, last, lasts = self._times()
        self._restart()
        first = self._shown = self._decoded()
        if first is None:
            raise MediaError(f"{self.path} holds no frames: make or copy it again")
        self._began: int = first[0]
        self._last: int = max(last, self._began)
        self._coded = first[1].width, first[1].height
        aspect = self._stream.sample_aspect_ratio or 1  # of a pixel
        self.width, self.height = round(first[1].width * aspect), first[1].height
        if _quarters(first[1]) % 2:
            self.width, self.height = self.height, self.width
        if not (1 < self.width <= MOST_SIDE_PX and 1 < self.height <= MOST_SIDE_PX):
            raise MediaError(
                f"{self.path} is {self.width}x{self.height} pixels, 2 to {MOST_SIDE_PX} a side are "
                "possible: make it larger or smaller first"
            )
        # what comes before the first key frame cannot be shown
        self._count(times[times >= self._began], lasts)

    def _restart(self) -> None:
        """Go on at the beginning: not every format can be searched, but each can be opened."""
        try:
            self._file.seek(0)
            self._container = av.open(
                self._file,
                "r",
                container_options={"format_whitelist": f"{FORMATS},{STILLS}"},
                metadata_errors="replace",
            )
        except (OSError, av.FFmpegError, ValueError) as error:
            raise self._fault(error) from error
        if self._container.format.name in STILLS:
            raise MediaError(f"{self.path} is a picture: let its name end in .jpg, .png or .webp")
        cover = av.stream.Disposition.attached_pic  # of an album
        films = [s for s in self._container.streams.video if not s.disposition & cover]
        if not films:
            raise MediaError(f"{self.path} holds no video: name a video file")
        self._stream = films[0]
        self._stream.thread_type = "SLICE"  # else a fault takes sound pictures before it along
        self._source: Iterator[av.VideoFrame] = self._container.decode(self._stream)
        self._read = 0  # frames since
        self._shown = self._ahead = None

    def _times(self) -> tuple[NDArray[np.int64], int, int]:
        """(when pictures are shown, in order; when the last one is, for how long), in ticks.

        Of a long film only its first pictures and the last one.
        """
        found: list[tuple[int, int]] = []
        last, read = (0, 0), 0
        for at, lasts, size in self._packets():
            found.append((at, lasts))
            read += size
            if self._jumps and (len(found) >= LONG_PACKETS or read >= LONG_BYTES):
                found, last = sorted(found)[:-MIXED_PACKETS], self._end()
                break
        else:
            last = max(found, default=last)
        return np.array(sorted(at for at, _ in found), np.int64), *last

    def _end(self) -> tuple[int, int]:
        """(when the last picture is shown, for how long), read from behind."""
        container = self._container
        ends_s = Fraction((container.start_time or 0) + (container.duration or 0), av.time_base)
        for back_s in (2, 20, 200):  # sound may go on after the last picture
            self._seek((ends_s - back_s) / (self._stream.time_base or 1))
            if found := [(at, lasts) for at, lasts, _ in self._packets()]:
                return max(found)
        self._restart()
        return max((at, lasts) for at, lasts, _ in self._packets())

    def _packets(self) -> Iterator[tuple[int, int, int]]:
        """(when it is shown, for how long, in ticks; bytes) of every picture to come."""
        count = 0
        try:
            for packet in self._container.demux(self._stream):
                at = packet.pts if self._timed else count
                if at is not None and packet.size and not packet.is_discard:
                    yield at, packet.duration or 0, packet.size
                    count += 1
        except (OSError, av.FFmpegError) as error:
            raise self._fault(error) from error

    def _count(self, times: NDArray[np.int64], lasts: int) -> None:
        """How many frames at which rate, and whether they come at equal distances."""
        stream, tick_s = self._stream, self._stream.time_base or Fraction(1, 1000)
        rates = [stream.average_rate, stream.guessed_rate, stream.base_rate]
        usable = [Fraction(r).limit_denominator(1001) for r in rates if r and 0 < r <= MOST_FPS]
        if not usable:
            raise MediaError(
                f"{self.path} has no frame rate that can be used ({rates[0]}): convert it to a "
                "steady one first, as with ffmpeg -r 24"
            )
        for rate in (*usable, usable[0]):
            self.fps, self._step = rate, 1 / (rate * tick_s) if self._timed else Fraction(1)
            frames = (self._last - self._began) / self._step
            off = np.abs((times - self._began) / float(self._step) - np.arange(len(times)))
            self.steady = abs(frames - round(frames)) <= SLACK and off.max(initial=0) <= SLACK
            if self.steady:
                break
        if not self.steady:
            frames += (lasts / self._step or 1) - 1
        self.count = max(1, round(frames) + 1)
        told = [entry.timestamp for entry in stream.index_entries[-99:] if not entry.is_discard]
        if self._timed and told and told[-1] > self._last + LOST_FRAMES * self._step:
            raise MediaError(f"{self.path} breaks off: copy it again")

    def frame(self, index: int) -> Picture:
        """The picture that is shown at that frame, (height, width, 3) RGB.

        Before the first and after the last frame: these. Raises MediaError half way into a film
        that is damaged or that changed since.
        """
        if self._state() != self._found:
            raise MediaError(f"{self.path} was written to while it was open: start again")
        index = min(max(index, 0), self.count - 1)
        due = self._began + index * self._step
        at = due + self._step / 2
        here = self._shown[0] if self._shown else None
        if here is None or here > at or (self._jumps and at - here > FAR_FRAMES * self._step):
            self._jump(at)
        over, early = False, due - SLACK * self._step
        while not (self.steady and self._shown and self._shown[0] >= early):
            self._ahead = self._ahead or self._decoded()
            over = self._ahead is None
            if self._ahead is None or (self._shown and self._ahead[0] > at):
                break
            self._shown, self._ahead = self._ahead, None
        least = min(due, Fraction(self._last)) - LOST_FRAMES * self._step
        if self._shown is None or (over and self._shown[0] < least):
            self._shown = None
            raise MediaError(f"{self.path} breaks off: copy it again")
        return self._upright(self._shown[1])

    def _jump(self, to: Fraction) -> None:
        """Go on at a key frame before a time."""
        back = Fraction(0)
        while self._jumps and to - back > self._began and self._seek(to - back):
            self._source = self._container.decode(self._stream)
            self._shown, self._ahead = None, self._decoded()
            if self._ahead and self._ahead[0] <= to:
                return
            # pictures may come before the key frame that they need, and formats land too late
            back = max(2 * back, FAR_FRAMES * self._step)
        self._restart()

    def _seek(self, to: Fraction) -> bool:
        try:
            self._container.seek(int(to // 1), stream=self._stream)
        except (OSError, av.FFmpegError):
            return False
        return True

    def _decoded(self) -> tuple[int, av.VideoFrame] | None:
        """(ticks, the next picture); None after the last."""
        try:
            frame = next(self._source, None)
        except (OSError, av.FFmpegError) as error:
            self._shown = None
            raise self._fault(error) from error
        if frame is None:
            return None
        at = frame.pts if self._timed else self._read
        self._read += 1
        if at is None:
            raise MediaError(
                f"{self.path} does not say when its pictures are shown: convert it to MP4 first"
            )
        return at, frame

    def _upright(self, frame: av.VideoFrame) -> Picture:
        """Turned as its tag says, with square pixels."""
        if (frame.width, frame.height) != self._coded:
            raise MediaError(f"{self.path} changes its size half way: convert it to one size first")
        width = self.height if _quarters(frame) % 2 else self.width
        try:
            return np.ascontiguousarray(np.rot90(to_rgb(frame, width), _quarters(frame)))
        except (OSError, ValueError, av.FFmpegError) as error:
            raise self._fault(error) from error

    def _fault(self, error: BaseException) -> MediaError:
        reason = getattr(error, "strerror", None) or str(error)
        return MediaError(
            f"{self.path} is not a readable video ({reason}): name an MP4, MOV, MKV, WebM, AVI or "
            "GIF, or copy it again"
        )

    def close(self) -> None:
        self._container.close()
        self._file.close()

    def __enter__(self) -> Film:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _quarters(frame: av.VideoFrame) -> int:
    """How many quarter turns counterclockwise bring it upright."""
    return round(frame.rotation / 90)
