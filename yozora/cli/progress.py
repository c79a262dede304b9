"""A progress bar with the time left, on a stream that may or may not be a terminal."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TextIO

_WIDTH = 24  # characters of the bar


class Progress:
    """`update(done, of)` redraws one line on a terminal; elsewhere it adds one now and then."""

    def __init__(
        self, label: str, stream: TextIO, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.label, self.stream, self.clock = label, stream, clock
        self.began = self.last_line = clock()
        self.live = stream.isatty()

    def update(self, done: int, of: int) -> None:
        now = self.clock()
        left = (now - self.began) / max(done, 1) * (of - done)
        if self.live:
            filled = _WIDTH * done // max(of, 1)
            bar = "#" * filled + "-" * (_WIDTH - filled)
            end = "\n" if done >= of else ""
            text = f"\r{self.label} [{bar}] {done}/{of}, {left:.0f} s left  {end}"
            self.stream.write(text)
        elif done >= of or now - self.last_line >= 5.0:
            self.last_line = now
            self.stream.write(f"{self.label} {done}/{of}, {left:.0f} s left\n")
        self.stream.flush()
