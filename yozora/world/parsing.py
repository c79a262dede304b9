"""Reads captions back: the inverse of `captions.py`.

Longest phrase first, left to right; a colour binds to the noun after it, or through a garment to
the noun before it; a verb belongs to the last noun, the one after "then" is its second action.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from yozora.world.phrases import CANONICAL, GLUE, KINDS, LONGEST_PHRASE, PHRASES

MOST_SUBJECTS = 3


@dataclass(frozen=True, slots=True)
class SaidSubject:
    """A subject as far as words say it; None is unsaid."""

    kind: str | None = None
    colour: str | None = None
    action: str | None = None
    then: str | None = None
    count: int | None = None
    worn: tuple[tuple[str, str | None], ...] = ()  # (garment, colour)


@dataclass(frozen=True, slots=True)
class Said:
    """A scene as far as words say it; None is unsaid."""

    subjects: tuple[SaidSubject, ...] = ()
    relation: str | None = None
    place: str | None = None
    season: str | None = None
    time: str | None = None
    weather: str | None = None
    style: str | None = None
    camera: str | None = None


def tokens(text: str) -> list[str]:
    """Lower-case words and commas."""
    return text.lower().replace(",", " , ").split()


def parse(text: str) -> Said:
    """What a caption says. Words outside the language are passed over; see `strangers`."""
    words = tokens(text)
    clauses: dict[str, str] = {}
    subjects: list[SaidSubject] = []
    colour: str | None = None
    count: int | None = None
    then = False
    at = 0
    while at < len(words):
        column, value, length = _match(words, at)
        at += length
        if column == "colour":
            colour = value
        elif column == "count":
            count = int(value)
        elif column == "kind":
            subjects.append(SaidSubject(kind=value, colour=colour, count=count))
            colour, count, then = None, None, False
        elif column == "garment" and subjects:
            subjects[-1] = _dressed(subjects[-1], value, colour)
            colour, count = None, None
        elif column == "then":
            then = True
        elif column == "action" and subjects:
            last = subjects[-1]
            second = then and last.action is not None
            subjects[-1] = replace(last, then=value) if second else replace(last, action=value)
            then = False
        elif column in CANONICAL:
            clauses[column] = value
    relation = clauses.get("relation")
    return Said(
        subjects=tuple(subjects[:MOST_SUBJECTS]),
        relation=None if relation == "beside" else relation,
        place=clauses.get("place"),
        season=clauses.get("season"),
        time=clauses.get("time"),
        weather=clauses.get("weather"),
        style=clauses.get("style"),
        camera=clauses.get("camera"),
    )


def _dressed(subject: SaidSubject, garment: str, colour: str | None) -> SaidSubject:
    """The subject with what is said of a garment: its own colour, or one worn beside it."""
    if garment in KINDS[subject.kind or ""].garments:
        return replace(subject, worn=(*subject.worn, (garment, colour)))
    return replace(subject, colour=colour or subject.colour)


def strangers(text: str) -> tuple[str, ...]:
    """The words of a text that its reading passes over: not in the language, or not in a phrase."""
    words = tokens(text)
    outside: list[str] = []
    at = 0
    while at < len(words):
        column, _, length = _match(words, at)
        if not column and words[at] not in GLUE:
            outside.append(words[at])
        at += length
    return tuple(outside)


def _match(words: list[str], at: int) -> tuple[str, str, int]:
    """(column, value, number of words) of the longest phrase at a position; ("", "", 1) if none."""
    for length in range(min(LONGEST_PHRASE, len(words) - at), 0, -1):
        if found := PHRASES.get(tuple(words[at : at + length])):
            return (*found, length)
    return "", "", 1
