"""A film without an end, made while it is watched, that new words steer.

    live = yozora.stream("a dog runs in a park", seed=7)
    for frame in live:              # (H, W, 3) uint8, as fast as the machine makes them
        show(frame)
        if bored: live.steer("the dog runs on a beach")

Frames are made chunk by chunk when they are asked for, so nothing runs ahead of who watches. What
was shown stays; words change what is not yet made (architecture, section 3, length).
"""

# F latent frames, H rows, W columns

from __future__ import annotations

import secrets
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from yozora.desk import Desk
from yozora.engine.canvas import Canvas, Floats
from yozora.engine.canvas import Reference as Drawn
from yozora.engine.chunks import Chunk, endless, lengths
from yozora.engine.finish import Asked, Finish, Finisher, Frame, plan
from yozora.events import Noted, OnEvent, Recaptioned
from yozora.references import check_taught, latents_of, read_references
from yozora.request import Request, RequestError, check
from yozora.timeline.document import TICKS_PER_S, Span, Timeline
from yozora.timeline.document import Reference as Named
from yozora.world.captions import acts

if TYPE_CHECKING:
    from yozora.prompts.recaption import Recaption

ACT_S = 3.0  # after which a subject that does one thing and then another begins the other
FOREVER = 1 << 60  # frames
BEHIND = 64  # frames that are at hand after the newest: more than finishing looks back


@dataclass(frozen=True, slots=True)
class Telling:
    """A caption, and the first latent frame that is made under it."""

    first: int
    caption: str


class Live:
    """An iterator of frames (H, W, 3); its other verbs may be called from other threads."""

    def __init__(
        self,
        desk: Desk,
        wish: Request,
        seconds: float | None = None,
        on_event: OnEvent = lambda event: None,
        on_chunk: Callable[[Floats], None] = lambda latents_FCHW: None,
        draw_seed: Callable[[], int] = lambda: secrets.randbelow(2**31),
    ) -> None:
        """`wish`: its own `seconds` say nothing here. `seconds`: how long, without an end where
        None. `on_chunk` gets latents (F, C, H, W) as they are made. Raises RequestError,
        PromptError, MediaError or WeightsError."""
        from yozora.prompts.negative import told_negative

        if seconds is not None and not 0 < seconds < float("inf"):
            raise RequestError(f"{seconds:g} seconds asked: ask for more than 0, or for no end")
        self.request = wish = check(replace(wish, seconds=4.0))
        if wish.variations != 1:
            raise RequestError("a stream is one film: leave variations out, or choose another seed")
        self.engine, self.on_chunk = desk.engine, on_chunk
        self.desk = replace(
            desk, style=None
        )  # a look is for the first words: later ones may leave it
        self.shown, notes = read_references(wish)
        check_taught(self.shown, self.engine)
        negative, more = told_negative(wish.negative)
        self.negative = negative.said
        for note in (*notes, *more):
            on_event(Noted(note))
        self.seed = draw_seed() if wish.seed is None else wish.seed
        self.recaption = replace(desk, style=wish.style).words(wish.prompt)
        on_event(Recaptioned(self.recaption))
        grid = self.engine.grid
        act = grid.latent_frames(ACT_S)
        parts = acts(self.recaption.caption)
        self.tellings = [Telling(act * i, caption) for i, caption in enumerate(parts)]
        self.finish = self._finish(desk.finisher or Finisher(), seconds)
        for note in self.finish.notes:
            on_event(Noted(note))
        self.seconds = seconds
        self.made = 0  # latent frames
        self.frames = 0  # frames given out
        self._again = False  # the chunk at hand was begun again
        self._turned = threading.Event()
        self._stopped = threading.Event()
        self._going = threading.Event()
        self._going.set()
        self._lock = threading.Lock()
        self._source = self._given_out()

    def _finish(self, finisher: Finisher, seconds: float | None) -> Finish:
        grid, wish = self.engine.grid, self.request
        width, height = wish.width or grid.width, wish.height or grid.height
        made_width, made_height = grid.nearest_size(width, height)
        rate = Fraction(wish.fps or grid.fps)
        count = FOREVER if seconds is None else max(1, round(Fraction(seconds) * rate))
        made_rate = Fraction(grid.fps)
        return plan(Asked(width, height, rate, count, made_width, made_height, made_rate), finisher)

    @property
    def fps(self) -> Fraction:
        return self.finish.asked.rate

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of its frames, in pixels."""
        return self.finish.asked.width, self.finish.asked.height

    @property
    def count(self) -> int | None:
        """Latent frames that are made in all; None where there is no end."""
        if self.seconds is None:
            return None
        return -(-self._frames // self.engine.grid.frames_per_latent)

    @property
    def _frames(self) -> int:
        """Of those that the engine makes, how many a film of these seconds is finished from."""
        return max(1, round(Fraction(self.seconds or 0) * self.engine.grid.fps))

    @property
    def caption(self) -> str:
        """What it was told last."""
        with self._lock:
            return self.tellings[-1].caption

    def steer(self, prompt: str, at: float | None = None) -> Recaption:
        """New words from `at` seconds on, at once unless told: they change what they say of what
        is told there and after it, and leave the rest. What is made by then stays. Raises
        PromptError."""
        grid = self.engine.grid
        size, act = lengths(grid)[0], grid.latent_frames(ACT_S)
        wished = 0 if at is None else round(at * grid.fps / grid.frames_per_latent)
        with self._lock:
            before = list(self.tellings)
            now = self._told(max(self.made, wished))
        changed = {one: self.desk.words(prompt, one) for one in {now, *(b.caption for b in before)}}
        with self._lock:
            first = max(self.made + (size if self._again else 0), wished)
            told = changed.get(now := self._told(first)) or self.desk.words(prompt, now)
            parts = acts(told.caption)
            new = [Telling(first + act * i, part) for i, part in enumerate(parts)]
            planned = [one for one in self.tellings if one.first > new[-1].first]
            later = [
                replace(one, caption=acts(changed[one.caption].caption)[-1])
                for one in planned
                if one.caption in changed
            ]
            if at is None and parts == (now,) and later == planned:
                return told  # nothing is told anew
            self.tellings = [*(one for one in self.tellings if one.first < first), *new, *later]
            if first < self.made + size and not self._again:
                self._turned.set()
        return told

    def pause(self) -> None:
        """The next frame waits for `resume`; nothing is made meanwhile beyond the chunk at hand."""
        self._going.clear()

    def resume(self) -> None:
        self._going.set()

    @property
    def paused(self) -> bool:
        return not self._going.is_set()

    def stop(self) -> None:
        """The film ends with the last chunk that is done; what is being made is dropped within a
        step."""
        self._stopped.set()
        self._going.set()

    def __iter__(self) -> Iterator[Frame]:
        return self._source

    @property
    def timeline(self) -> Timeline:
        """The film so far as a document: what it takes to make it again."""
        grid, (width, height) = self.engine.grid, self.size
        named = tuple(Named(one.sha256) for one in self.shown)
        ticks = max(1, round(self.frames * TICKS_PER_S / self.fps))
        latent = Fraction(grid.frames_per_latent * TICKS_PER_S) / Fraction(grid.fps)
        with self._lock:
            told = list(self.tellings)
        edges = [min(ticks, round(one.first * latent)) for one in told] + [ticks]
        spans = tuple(
            Span(stop - start, one.caption, references=named)
            for one, start, stop in zip(told, edges, edges[1:], strict=False)
            if stop > start
        )
        fps = None if self.request.fps is None else Fraction(self.request.fps)
        return Timeline(
            spans, width=width, height=height, fps=fps, seed=self.seed, negative=self.negative
        )

    def _given_out(self) -> Iterator[Frame]:
        made = _Made(self._chunks(), FOREVER if self.seconds is None else self._frames + 1)
        source = self.finish.each(made, self._numbers(made))
        while True:
            self._going.wait()
            frame = next(source, None)
            self._going.wait()
            if frame is None:
                return
            self.frames += 1
            yield frame

    def _numbers(self, made: _Made) -> Iterator[int]:
        """Of the film's frames; of one that was stopped, of those that were made."""
        asked = self.finish.asked
        for index in range(asked.count):
            at = index * asked.made_rate / asked.rate
            if not made.reaches(int(at)) and self.made != self.count:
                return
            yield index

    def _chunks(self) -> Iterator[Chunk]:
        pictures = latents_of(self.shown, self.engine)
        drawn = tuple(Drawn(pictures[one.sha256], "character") for one in self.shown)
        asked = self.finish.asked
        rows, cols = self.engine.grid.cells(asked.made_width, asked.made_height)
        nothing = np.zeros((1, self.engine.grid.channels, rows, cols), np.float32)
        began = -1  # the latent frame at which a chunk was last begun

        def canvas(seen: int, last: int) -> Canvas:
            nonlocal began
            with self._lock:
                self._again = began == self.made
                began = self.made
                self._turned.clear()
                told = tuple(self._told(f) for f in range(seen, last))
            return Canvas(
                nothing.repeat(last - seen, 0),
                np.ones(last - seen, np.float32),
                told,
                float(self.engine.grid.fps),
                self.seed,
                drawn,
                shows_F=("",) * len(told),
            )

        for chunk in endless(
            self.engine,
            canvas,
            count=self.count,
            negative=self.negative,
            steps=self.request.steps,
            turned=self._turned.is_set,
            stopped=self._stopped.is_set,
        ):
            with self._lock:
                self.made += len(chunk.latents_FCHW)
                self._again = False
            self.on_chunk(chunk.latents_FCHW)
            yield chunk

    def _told(self, frame: int) -> str:
        told = self.tellings[0]
        for one in self.tellings:
            told = one if one.first <= frame else told
        return told.caption


class _Made(Sequence[Frame]):
    """The engine's frames by number, made when they are asked for, and forgotten again. After the
    last one, which there must be, it is shown on."""

    def __init__(self, chunks: Iterator[Chunk], all_: int) -> None:
        self.chunks, self.all = chunks, all_
        self.held: deque[Frame] = deque(maxlen=BEHIND)
        self.made = 0

    def __len__(self) -> int:
        return self.all

    def reaches(self, index: int) -> bool:
        """Whether there is such a frame; makes it."""
        while index >= self.made:
            chunk = next(self.chunks, None)
            if chunk is None:
                return False
            for frame in chunk.frames:
                self.held.append(frame)
                self.made += 1
        return True

    def __getitem__(self, index: int) -> Frame:  # type: ignore[override]
        return self.held[index - self.made] if self.reaches(index) else self.held[-1]
