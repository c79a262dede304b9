"""Media in words: the caption of a film or a picture, from its recipe, the weights or a viewer."""

# T frames, H rows, W columns

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import closing, nullcontext
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from PIL import Image

from yozora import assets
from yozora.boards import AUTO, Board, Card
from yozora.desk import Desk
from yozora.prompts.recaption import Recaption
from yozora.request import RequestError
from yozora.timeline.document import TICKS_PER_S
from yozora.world.captions import caption_said, parse

MOMENTS = (0.2, 0.5, 0.8)  # of a film, that are looked at where nobody says when
GUESSED = "a guess in the words of the world that the weights know"
See = Callable[[bytes], Recaption]  # a picture (PNG) to a viewer's words


@dataclass(frozen=True, slots=True)
class Seen:
    """What a film or a picture shows."""

    caption: str
    origin: str  # "recipe" (exact), "weights" or "viewer" (guesses)
    notes: tuple[str, ...] = ()


def seen(
    desk: Desk,
    path: Path,
    at_s: float | None = None,
    see: See | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Seen:
    """The caption of a film, of a moment of it, or of a picture.

    What Yozora made tells its own; of all else `see` is asked, or the weights themselves, by the
    flow's error under each word. Raises MediaError, RequestError, what `see` raises, `Cancelled`.
    """
    one = assets.open_asset(assets.known(path), desk.engine)
    with closing(one.film) if one.film is not None else nullcontext():
        lasts_s = one.count / float(one.fps)
        if at_s is not None and one.film is None:
            raise RequestError(f"{one.name} is a picture and has no moments: leave --at out")
        if at_s is not None and not 0 <= at_s < lasts_s:
            raise RequestError(
                f"{at_s:g} s is no moment of {one.name}, which lasts {lasts_s:.3f} s: choose one "
                "within it"
            )
        start = round((at_s or 0.0) * TICKS_PER_S)
        told = one.caption(start, start + 1 if at_s is not None else one.ticks)
        if told:
            return Seen(told, "recipe")
        wanted = [at_s] if at_s is not None else [share * lasts_s for share in MOMENTS]
        moments = wanted if one.film is not None else [0.0]
        if see is not None:
            said = see(_png(one, moments[len(moments) // 2]))
            note = f"{one.name} was looked at by another model: {GUESSED}"
            return Seen(said.caption, "viewer", (*said.notes, note))
        frames = np.concatenate([assets.moment(one, desk.engine.grid, at) for at in moments])
    caption = desk.engine.tell(desk.engine.encode(frames), cancelled)
    note = f"{one.name} was not made by Yozora: what it shows is {GUESSED}, mostly wrong on who"
    return Seen(caption, "weights", (note,))


def _png(one: assets.Opened, at_s: float) -> bytes:
    buffer = io.BytesIO()
    picture = Image.fromarray(one.frame(int(Fraction(at_s) * one.fps)))
    picture.thumbnail((1024, 1024))
    picture.save(buffer, format="PNG")
    return buffer.getvalue()


def wanted(board: Board) -> bool:
    """Whether a card's text is `auto`."""
    return any(_is_auto(card) for card in board.cards)


def _is_auto(card: Card) -> bool:
    return card.text.split(", ", 1)[0] == AUTO


def told(
    desk: Desk, board: Board, whole: bool = False, see: See | None = None
) -> tuple[Board, tuple[str, ...]]:
    """A board with words for its media: where a card's text is `auto`, or, of the `whole` board,
    where it has none. Also what was read, in sentences. Raises as `seen` does."""
    notes: list[str] = []

    def one(card: Card) -> Card:
        asked = _is_auto(card) or (whole and not card.text)
        if not asked or not card.media:
            return card
        camera = card.text.split(", ", 1)[1:]
        path = card.media[0]
        picture = path.suffix.lower() in assets.IMAGES
        found = seen(desk, path, None if picture else card.from_s, see)
        notes.extend((*found.notes, f"{path.name} is told as: {found.caption}"))
        bare = replace(parse(found.caption), camera=None) if camera else None
        caption = found.caption if bare is None else caption_said(bare)
        return replace(card, text=", ".join([caption, *camera]))

    return replace(board, cards=tuple(one(card) for card in board.cards)), tuple(notes)
