"""Files and words on the desk: what the tools need to know of them before there is a timeline."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from yozora import assets
from yozora.assets import File
from yozora.engine.finish import Finisher
from yozora.events import OnEvent, Result
from yozora.render import Edit, OnFrame, edit, load_engine, load_finisher
from yozora.request import Request, RequestError, file_name, moment
from yozora.steering import Steering
from yozora.timeline.checks import validate
from yozora.timeline.document import TICKS_PER_S, Clip, Still, Timeline, sources
from yozora.timeline.document import assets as assets_of

if TYPE_CHECKING:
    from yozora.engine.protocol import Engine
    from yozora.prompts.recaption import Recaption
    from yozora.prompts.styles import Preset


@dataclass(frozen=True, slots=True)
class Footage:
    """A film or a picture as a tool sees it. Times are ticks from its first frame."""

    file: File
    width: int
    height: int
    fps: Fraction
    count: int  # frames
    is_made: bool  # its latents are at hand: what is kept of it is never encoded again
    caption: Callable[[int, int], str]  # what Yozora was told of a stretch; "" where it was not

    @property
    def ticks(self) -> int:
        return round(self.count * TICKS_PER_S / self.fps)

    @property
    def frame(self) -> int:
        """How long one frame lasts, in ticks."""
        return round(TICKS_PER_S / self.fps)

    @property
    def seconds(self) -> float:
        return self.ticks / TICKS_PER_S

    @property
    def told(self) -> str:
        return self.caption(0, self.ticks)

    def at(self, seconds: float) -> int:
        """The beginning of the nearest frame, in ticks. Raises RequestError for what is no time."""
        return round(round(Fraction(moment(seconds)) * self.fps) * TICKS_PER_S / self.fps)

    def clip(self, start_s: float | None = None, stop_s: float | None = None) -> Clip:
        """A stretch of it, all unless told. Raises RequestError for one that it does not have."""
        if self.file.is_image:
            raise RequestError(
                f"{self.file.name} is a picture, this takes a film: yozora animate makes one of it"
            )
        start = 0 if start_s is None else self.at(start_s)
        stop = self.ticks if stop_s is None else self.at(stop_s)
        if not 0 <= start < stop <= self.ticks:
            asked = f"{(start_s or 0.0):g} to {self.seconds if stop_s is None else stop_s:g} s"
            raise RequestError(
                f"{asked} is no stretch of {self.file.name}, which lasts {self.seconds:.3f} s: "
                "choose one within it"
            )
        return Clip(self.file.sha256, start, stop)

    def still(self, at_s: float | None = None) -> Still:
        """A picture of it. Raises RequestError for a moment that it does not have."""
        if at_s is not None and self.file.is_image:
            raise RequestError(f"{self.file.name} is a picture, without moments: leave --at out")
        if at_s is not None and not 0 <= self.at(at_s) < self.ticks:
            raise RequestError(
                f"{at_s:g} s is no moment of {self.file.name}, which lasts {self.seconds:.3f} s: "
                "choose one within it"
            )
        return Still(self.file.sha256, None if at_s is None else self.at(at_s))


@dataclass
class Desk:
    """An engine, and the files that were laid out for it."""

    engine: Engine
    seed: int = 0  # of what is added to words
    enhance: bool = True
    finisher: Finisher | None = None  # None: no networks give sizes and rates
    files: dict[str, File] = field(default_factory=dict)
    style: Preset | None = None  # a look for all that is made
    sizes: dict[str, tuple[int, int]] = field(default_factory=dict)  # of the files, in pixels

    @staticmethod
    def open(seed: int = 0, enhance: bool = True) -> Desk:
        """With the weights that ship, or of the folder that YOZORA_WEIGHTS names. Raises
        WeightsError."""
        return Desk(load_engine(), seed, enhance, load_finisher(None))

    def make(
        self,
        wish: Edit,
        on_event: OnEvent = lambda event: None,
        cancelled: Callable[[], bool] = lambda: False,
        on_frame: OnFrame = lambda frame: None,
        steering: Steering | None = None,
    ) -> tuple[Result, ...]:
        """Render what a tool laid out. Raises as `render.edit` does."""
        return edit(
            wish,
            on_event,
            engine=self.engine,
            finisher=self.finisher or Finisher(),
            cancelled=cancelled,
            on_frame=on_frame,
            steering=steering,
        )

    def footage(self, path: Path) -> Footage:
        """A film or a picture. Raises MediaError, and RequestError for what is no file's name."""
        file = assets.known(file_name(path, "a film", "dog.mp4"))
        self.files[file.sha256] = file
        one = assets.open_asset(file, self.engine)
        if one.film is not None:
            one.film.close()
        self.sizes[file.sha256] = one.width, one.height
        return Footage(
            file, one.width, one.height, one.fps, one.count, one.latents is not None, one.caption
        )

    def named(self, words: str) -> list[str]:
        """What is to be said of words for a part of the picture: those that are not known. Raises
        RequestError where the rest names nobody, and PromptError."""
        from yozora.prompts.recaption import Fate, recaption
        from yozora.world.captions import parse

        told = recaption(words, 0, enhance=False)
        unknown = ", ".join(word.word for word in told.words if word.fate is Fate.UNKNOWN)[:80]
        if parse(told.caption).subjects:
            return [f"{unknown!r} in {words[:80]!r} is not known: left out"] if unknown else []
        what = f"{unknown!r} in {words[:80]!r} is not known" if unknown else (
            f"{words[:80]!r} names nobody and nothing that is found in pictures"
        )  # fmt: skip
        raise RequestError(f"{what}: use other words, as 'the dog', or give a box or a mask")

    def words(
        self, prompt: str, before: str = "", bare: bool = False, add: bool = False
    ) -> Recaption:
        """A prompt in the words that the weights read.

        Over a caption that is there it changes what it says, and leaves the rest; `add`: what it
        names comes beside what is there. Raises PromptError. `bare`: nothing is added but the
        style, whatever the desk adds to others. With a style there may be no prompt.
        """
        from yozora.prompts.changing import changed
        from yozora.prompts.older import in_words_of
        from yozora.prompts.recaption import Recaption, recaption
        from yozora.world.captions import caption_said, parse

        if bare and caption_said(parse(prompt)) == prompt and self.style is None:
            return Recaption(prompt, None, (), (), (), prompt)  # a caption already
        enhance = self.enhance and not bare
        if before or (self.style is not None and not prompt.strip()):
            told = changed(before, prompt, self.style, add)
        else:
            told = recaption(prompt, self.seed, enhance, style=self.style)
        return in_words_of(told, self.engine.words)

    def asked(self, prompt: str, before: str = "") -> Recaption | None:
        """`words` of a prompt that may be left out; None where a style does not speak for it."""
        return self.words(prompt, before) if prompt or self.style is not None else None

    def alone(self, prompt: str, before: str) -> str:
        """The caption of what a prompt adds to a film, without those who are there; "" where it
        names nobody. Raises PromptError."""
        from yozora.prompts.changing import alone
        from yozora.prompts.older import in_words_of
        from yozora.prompts.recaption import Recaption

        caption = alone(before, prompt)
        return in_words_of(Recaption(caption, None, (), (), ()), self.engine.words).caption

    def edit(
        self,
        timeline: Timeline,
        request: Request,
        recaption: Recaption | None,
        like: Footage | None = None,
        notes: Sequence[str] = (),
    ) -> Edit:
        """A timeline of the size and the rate that were asked, or of a film's own."""
        width, height = request.width, request.height
        rate = None if request.fps is None else Fraction(request.fps)
        if like is not None and not like.file.is_image:
            own = like.fps != self.engine.grid.fps
            rate = rate if rate is not None else like.fps if own else None
        if width is None or height is None:
            width, height = (like.width, like.height) if like else self._own_size
        timeline = replace(timeline, width=width, height=height, fps=rate)
        used = {name: self.files[name] for name in assets_of(validate(timeline))}
        cut = self._cut_off(timeline, width, height)
        return Edit(timeline, used, request, recaption, (*notes, *cut))

    def _cut_off(self, timeline: Timeline, width: int, height: int) -> list[str]:
        """What of films and pictures of another shape than the new film's is not seen in it."""
        found: dict[str, str] = {}
        for source in (one for span in timeline.spans for one in sources(span.content)):
            if source.asset not in self.sizes or source.place:
                continue
            wide, high = self.sizes[source.asset]
            wider = wide * height / (high * width)
            if (lost := 1 - min(wider, 1 / wider)) >= 0.01:
                side = "width" if wider > 1 else "height"
                found[source.asset] = (
                    f"{self.files[source.asset].name} is {wide}x{high}, another shape than "
                    f"{width}x{height}: {lost:.0%} of its {side} is cut off; yozora outpaint keeps "
                    "all of it"
                )
        return list(found.values())

    @property
    def _own_size(self) -> tuple[int, int]:
        return self.engine.grid.width, self.engine.grid.height
