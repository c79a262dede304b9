"""Wishes that come while a film is being made: where they wait, and how the engine hears them."""

# F latent frames

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from yozora.events import Noted, OnEvent, Recaptioned
from yozora.prompts.errors import PromptError
from yozora.recipe import Recipe, Turn
from yozora.request import RequestError, tidy
from yozora.timeline.document import TICKS_PER_S, Timeline, edges, is_kept, to_ticks

if TYPE_CHECKING:
    from yozora.engine.protocol import Engine
    from yozora.engine.steering import Steer
    from yozora.timeline.compiled import Compiled


class Steering:
    """Give one to a render, and steer it from another thread, or from its events."""

    def __init__(self) -> None:
        self._waiting: deque[Turn] = deque()

    def steer(
        self, prompt: str = "", at: float = 0.0, place: tuple[float, float] | None = None
    ) -> None:
        """New words for what is not done from `at` seconds on, or a new place of the subject's
        middle: shares of the picture, from the left and from the top. Heard at the next step.
        Raises RequestError."""
        words = tidy(prompt, "the line") if prompt.strip() else ""
        if not words and place is None:
            raise RequestError("nothing is to change: say new words, or a place as 0.3,0.5")
        if not 0.0 <= at < math.inf:
            raise RequestError(f"{at:g} s is no time of a film: choose one from 0 on")
        if place is not None and not all(0.0 <= share <= 1.0 for share in place):
            raise RequestError(
                f"the place {place[0]:g},{place[1]:g} is outside the picture: give shares of it, "
                "from the left and from the top, as 0.3,0.5"
            )
        self._waiting.append(Turn(0, to_ticks(at), words, place))

    def take(self) -> Turn | None:
        return self._waiting.popleft() if self._waiting else None


class Heard:
    """Asked by the engine before each step. Keeps what it told, so that a film can be made again;
    `script`: what a film was told that is made again."""

    def __init__(
        self,
        steering: Steering | None,
        script: Sequence[Turn],
        compiled: Compiled,
        engine: Engine,
        on_event: OnEvent,
    ) -> None:
        self.steering, self.script = steering, {turn.step: turn for turn in script}
        self.compiled, self.engine, self.on_event = compiled, engine, on_event
        self.step = 0
        self.turns: list[Turn] = []

    def __call__(self) -> Steer | None:
        self.step += 1
        if self.script:
            turn = self.script.get(self.step)
        else:
            turn = self.steering.take() if self.steering is not None else None
        return None if turn is None else self._steer(turn)

    def _steer(self, turn: Turn) -> Steer | None:
        from yozora.engine.steering import Steer
        from yozora.prompts.changing import changed
        from yozora.prompts.older import in_words_of

        told: dict[str, str] = {}

        def change(caption: str) -> str:
            if caption not in told:
                read = in_words_of(changed(caption, turn.words), self.engine.words)
                self.on_event(Recaptioned(read))
                told[caption] = read.caption
            return told[caption]

        grid = self.engine.grid
        frame = turn.at * grid.fps / TICKS_PER_S + self.compiled.lead
        try:
            if turn.words:
                change(self.compiled.canvas.caption_F[-1])
        except PromptError as error:
            self.on_event(Noted(f"{error}; the film goes on as it was"))
            return None
        self.turns.append(Turn(self.step, turn.at, turn.words, turn.place))
        first = int(frame // grid.frames_per_latent)
        if not turn.words:
            return Steer(place=turn.place, first=first, heard=self._reached)
        return Steer(change, turn.place, first, self._reached)

    def _reached(self, first: int) -> None:
        """Frames before this one were done: what was asked for is of those after them."""
        grid, turn = self.engine.grid, self.turns[-1]
        frames = first * grid.frames_per_latent - self.compiled.lead
        at = math.ceil(frames * TICKS_PER_S / grid.fps)
        self.turns[-1] = replace(turn, at=max(turn.at, at))


def as_told(recipe: Recipe) -> Timeline:
    """The timeline with the captions that its film shows: what it was steered by has its place."""
    from yozora.prompts.changing import changed

    timeline = recipe.timeline
    for turn in recipe.steered:
        if not turn.words:
            continue
        spans = []
        for span, (start, stop) in zip(timeline.spans, edges(timeline), strict=True):
            cut = min(max(turn.at, start), stop)
            told = span.caption if is_kept(span) else changed(span.caption, turn.words).caption
            parts = ((cut - start, span.caption), (stop - cut, told))
            spans += [replace(span, ticks=ticks, caption=one) for ticks, one in parts if ticks]
        timeline = replace(timeline, spans=tuple(spans))
    return timeline
