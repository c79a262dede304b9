"""A film as footage: any of its frames, upright and in its own size, without holding it whole."""

# H rows, W columns

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from types import TracebackType

import av
import av.container
import av.video
import numpy as np
from numpy.typing import NDArray

from yozora.media.errors import MediaError
from yozora.media.video import to_rgb

Picture = NDArray[np.uint8]  # (H, W, 3)
MOST_FPS = 240
MOST_SIDE_PX = 8192
FAR_FRAMES = 48  # ahead of the last one read: worth a jump to a key frame
SLACK = Fraction(1, 50)  # of a frame's time: what containers round


class Film:
    """An open film: its facts, and `frame(i)`. A context manager; files stay open in between.

    Frames are counted at one steady rate; where the film has none, the picture that is shown at
    that moment is taken, and `steady` is False.
    """

    def __init__(self, path: Path | str) -> None:
        """Raises MediaError for what is no film, or none that can be cut."""
        self.path = Path(path)
        if self.path.exists() and not self.path.is_file():
            raise MediaError(f"{path} is a folder or a device, not a film: name a video file")
        try:
            self._file = self.path.open("rb")
        except FileNotFoundError as error:
            raise MediaError(f"there is no file {path}: check the name") from error
        except OSError as error:
            raise MediaError(f"{path} cannot be read ({error.strerror}): check it") from error
        try:
            self._open()
        except BaseException:
            self._file.close()
            raise

    def _open(self) -> None:
        try:
            self._container = av.open(self._file, "r", metadata_errors="replace")
        except (OSError, av.FFmpegError, ValueError) as error:
            raise self._fault(error) from error
        if not self._container.streams.video:
            raise MediaError(f"{self.path} holds no video: name a video file")
        self._stream = self._container.streams.video[0]
        self._stream.thread_type = "AUTO"
        self.sound = bool(self._container.streams.audio)
        self._began: Fraction | None = None
        self._next = 0  # how many frames were given out since the last jump
        self._ahead: tuple[Fraction, av.VideoFrame] | None = None
        self._shown: tuple[Fraction, av.VideoFrame] | None = None
        self._source: Iterator[av.VideoFrame] = iter(())
        self._jump(None)
        first = self._decoded()
        if first is None:
            raise MediaError(f"{self.path} holds no frames: make or copy it again")
        self._began, self._shown = first[0], first
        picture = self._upright(first[1])
        self.height, self.width = picture.shape[:2]
        if not (1 < self.width <= MOST_SIDE_PX and 1 < self.height <= MOST_SIDE_PX):
            raise MediaError(
                f"{self.path} is {self.width}x{self.height} pixels, 2 to {MOST_SIDE_PX} a side are "
                "possible: make it larger or smaller first"
            )
        self.fps = self._rate()
        self.count, self.steady = self._frames()

    def _rate(self) -> Fraction:
        stream = self._stream
        rate = stream.average_rate or stream.guessed_rate or stream.base_rate
        if not rate or not 0 < rate <= MOST_FPS:
            raise MediaError(
                f"{self.path} has no frame rate that can be used ({rate}): convert it to a steady "
                "one first, as with ffmpeg -r 24"
            )
        return Fraction(rate).limit_denominator(1001)

    def _frames(self) -> tuple[int, bool]:
        """How many at that rate, and whether they come at equal distances."""
        times = []
        time_base = self._stream.time_base or Fraction(1, 1000)
        lasts = Fraction(0)
        for packet in self._packets():
            if packet.pts is not None:
                times.append(packet.pts * time_base)
                lasts = Fraction((packet.duration or 0) * time_base)
        self._jump(None)
        self._shown = None
        if not times:
            return 1, True
        times.sort()
        steps = [b - a for a, b in pairwise(times)]
        step = 1 / self.fps
        tick = 2 * Fraction(time_base)  # what the container itself rounds
        steady = all(abs(one - step) <= step * SLACK + tick for one in steps)
        if steady:
            return len(times), True
        return max(1, round((times[-1] - times[0] + (lasts or step)) * self.fps)), False

    def _packets(self) -> Iterator[av.Packet]:
        try:
            with suppress(av.FFmpegError):
                self._container.seek(0)
            yield from (p for p in self._container.demux(self._stream) if p.dts is not None)
        except (OSError, av.FFmpegError) as error:
            raise self._fault(error) from error

    def frame(self, index: int) -> Picture:
        """The picture that is shown at that frame, (height, width, 3) RGB.

        Before the first and after the last frame: these. Raises MediaError half way into a film
        that is damaged or that changed since.
        """
        index = min(max(index, 0), self.count - 1)
        assert self._began is not None
        at = self._began + (index + Fraction(1, 2)) / self.fps
        behind = self._shown is None or self._shown[0] > at
        if behind or at - self._time() > FAR_FRAMES / self.fps:
            self._jump(at)
        while True:
            ahead = self._ahead or self._decoded()
            if ahead is None or (ahead[0] > at and self._shown is not None):
                self._ahead = ahead
                break
            self._shown, self._ahead = ahead, None
        if self._shown is None:
            raise MediaError(f"{self.path} breaks off: copy it again")
        picture = self._upright(self._shown[1])
        if picture.shape[:2] != (self.height, self.width):
            raise MediaError(f"{self.path} changes its size half way: convert it to one size first")
        return picture

    def _time(self) -> Fraction:
        assert self._shown is not None
        return self._shown[0]

    def _jump(self, to: Fraction | None) -> None:
        """Go on at the key frame before a time; None: at the beginning."""
        try:
            stream = self._stream
            base = stream.time_base or Fraction(1, 1000)
            goal = int(to / base) if to is not None else (stream.start_time or 0)
            try:
                self._container.seek(goal, stream=stream, backward=True)
            except av.FFmpegError:  # what cannot be searched is read again
                self._container.close()
                self._file.seek(0)
                self._container = av.open(self._file, "r", metadata_errors="replace")
                self._stream = self._container.streams.video[0]
            self._source = self._container.decode(self._stream)
        except (OSError, av.FFmpegError) as error:
            raise self._fault(error) from error
        self._shown = self._ahead = None

    def _decoded(self) -> tuple[Fraction, av.VideoFrame] | None:
        try:
            frame = next(self._source, None)
        except (OSError, av.FFmpegError) as error:
            raise self._fault(error) from error
        if frame is None:
            return None
        if frame.pts is None:
            raise MediaError(
                f"{self.path} does not say when its pictures are shown: convert it to MP4 first"
            )
        return frame.pts * Fraction(frame.time_base or 0), frame

    def _upright(self, frame: av.VideoFrame) -> Picture:
        """Turned as its tag says, with square pixels."""
        aspect = self._stream.sample_aspect_ratio or Fraction(1)
        width = max(1, round(frame.width * aspect))
        return np.ascontiguousarray(np.rot90(to_rgb(frame, width), frame.rotation // 90))

    def _fault(self, error: BaseException) -> MediaError:
        reason = getattr(error, "strerror", None) or str(error)
        return MediaError(
            f"{self.path} is not a readable video ({reason}): name another one, or copy it again"
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
