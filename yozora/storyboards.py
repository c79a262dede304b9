"""A storyboard on a timeline: every card's words, media and cut."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from yozora import styles
from yozora.boards import CLOSE_S, Board, Card
from yozora.desk import Desk, Footage
from yozora.prompts.script import with_characters
from yozora.render import Edit
from yozora.request import Request, RequestError, check
from yozora.timeline import tools
from yozora.timeline.document import TICKS_PER_S, Span, Timeline, to_ticks

if TYPE_CHECKING:
    from yozora.prompts.recaption import Recaption

STILL = round(TICKS_PER_S / 24)  # how long a picture is held before it comes to life


def storyboard(desk: Desk, wish: Request, board: Board) -> Edit:
    """A board on a timeline, in one film. The request's settings come before the board's."""
    wish = settled(wish, board)
    notes: list[str] = []
    people = {name: _seen(desk, name, what, notes) for name, what in board.characters.items()}
    stretches: list[Timeline] = []
    before: Recaption | None = None
    look = Look(desk, "")
    like: Footage | None = None
    for i, card in enumerate(board.cards):
        end = board.cards[i + 1].at_s if i + 1 < len(board.cards) else board.seconds
        if i == 0 and card.at_s > 0:
            card = replace(card, at_s=0.0)  # what comes before the first card is part of it
        look = styled(desk, card.style, look)
        media = [desk.footage(path) for path in card.media]
        like = like or next((one for one in media if not one.file.is_image), None)
        shown = next((one.told for one in media), "")
        parts = (with_characters(card.text, people), look.words)
        text = ", ".join(part for part in parts if part)
        told = look.desk.asked(text, before.caption if before else "" if text else shown) or before
        caption = told.caption if told else shown
        if told is not None and told is not before:
            notes += [f"card {i + 1}: {note}" for note in told.notes]
        close = i > 0 and card.at_s - board.cards[i - 1].at_s < CLOSE_S
        cut = i > 0 and (close if card.cut is None else card.cut)
        part = _stretch(card, caption, to_ticks(end) - to_ticks(card.at_s), media)
        first = replace(part.spans[0], cut=cut)
        stretches.append(replace(part, spans=(first, *part.spans[1:])))
        before = told
    timeline = tools.storyboard(stretches, STILL if like is None else like.frame)
    return desk.edit(timeline, wish, None, like, notes)


@dataclass(frozen=True, slots=True)
class Look:
    """The style of a card: its words, or a desk that adds a preset's."""

    desk: Desk
    name: str  # as the board has it
    words: str = ""


def styled(desk: Desk, name: str, before: Look) -> Look:
    """A card's style after that of the card before it: what goes on needs no saying again.

    The request's own style comes before the board's. Raises PromptError.
    """
    if desk.style is not None:
        return Look(replace(desk, style=None) if before.name else desk, desk.style.name)
    if name == before.name:
        return Look(replace(desk, style=None), name)
    preset = styles.find(name) if name else None
    return Look(replace(desk, style=preset), name, "" if preset else name)


def settled(wish: Request, board: Board) -> Request:
    """A request with what the board says of size, rate and seed, where it says nothing itself.

    Raises RequestError.
    """
    size, fps, seed = (board.settings.get(key) for key in ("size", "fps", "seed"))
    if size is not None and wish.width is None:
        sides = re.fullmatch(r"(\d{1,5})x(\d{1,5})", str(size))
        if sides is None:
            raise RequestError(f"the board's size is {str(size)[:40]!r}: write it as 256x144")
        wish = replace(wish, width=int(sides[1]), height=int(sides[2]))
    if fps is not None and wish.fps is None:
        if not re.fullmatch(r"\d{1,3}(/\d{1,4}|\.\d{1,3})?", str(fps)):
            raise RequestError(f"the board's fps is {str(fps)[:40]!r}: write it as 24")
        wish = replace(wish, fps=Fraction(str(fps)))
    if seed is not None and wish.seed is None:
        wish = replace(wish, seed=seed)
    return check(wish, bare=True)


def _stretch(card: Card, caption: str, ticks: int, media: list[Footage]) -> Timeline:
    """One card's part of the film: its media, then what is invented."""
    spans: list[Span] = []
    left = ticks
    for one in media:
        if one.file.is_image:
            lasts = min(left, STILL)
            content = one.still()
            spans.append(Span(lasts, one.told or caption, 0.0, content)) if lasts else None
        else:
            clip = one.clip(card.from_s, card.to_s)
            lasts = min(left, tools.length(clip))
            kept = tools.cut(clip, 0, lasts)
            spans.append(Span(lasts, one.told or caption, 0.0, kept)) if lasts else None
        left -= lasts
    if left:
        spans.append(Span(left, caption))
    return Timeline(tuple(spans))


def _seen(desk: Desk, name: str, what: str, notes: list[str]) -> str:
    """A character in so many words that every card shows the same one: what was left open of its
    clothes is chosen once."""
    from yozora.world.captions import caption_said
    from yozora.world.parsing import Said, parse

    read = desk.words(what)
    notes += [f"{name}: {note}" for note in read.notes]
    told = parse(read.caption)
    if not told.subjects:
        return what
    one = replace(told.subjects[0], action=None, then=None)
    return caption_said(Said(subjects=(one,)))
