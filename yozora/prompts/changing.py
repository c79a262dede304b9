"""New words over what there is: what they say takes the place of its like, all else stays.

"it snows at night" over "a brown dog runs in a park in summer by day , ..." gives that dog in that
park at night in falling snow.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from yozora.prompts.account import CLAUSES
from yozora.prompts.enhancing import fitted
from yozora.prompts.errors import PromptError
from yozora.prompts.finishing import action_of, nearest_action
from yozora.prompts.marking import mark_added
from yozora.prompts.merging import PERSONS
from yozora.prompts.reading import NOBODY, Reading, read
from yozora.prompts.recaption import Recaption, account
from yozora.prompts.styles import NOTHING, Preset, open_to
from yozora.world.captions import caption_said
from yozora.world.pairs import PAIRS
from yozora.world.parsing import MOST_SUBJECTS, Said, SaidSubject, parse
from yozora.world.phrases import CANONICAL, KINDS, SEASONAL
from yozora.world.scene import SHELTERED, TIMELESS

# What a new place has where nobody says it and the old one hid it.
PLAIN = {"season": "summer", "time": "day", "weather": "clear"}
SWAPS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^(?:please )?(?:replace|change|turn|transform|swap|switch)\s+(?P<old>.+?)\s+"
        r"(?:with|by|into|to|for)\s+(?P<new>.+)$",
        r"^(?P<old>.+?)\s+(?:becomes?|turns? into|changes? (?:in)?to|transforms? into|is now)\s+"
        r"(?P<new>.+)$",
    )
]
ADD = re.compile(r"^(?:please )?(?:add|insert|put|place|include)\s+(?P<new>.+)$", re.IGNORECASE)


def alone(before: str, prompt: str) -> str:
    """The caption of what words add to a film, in that film's place and style, without those who
    are there; "" where they name nobody. The camera is told by what surrounds it. Raises
    PromptError."""
    told, base = read(_parts(prompt)[0]).shown, parse(before)
    if not told.subjects:
        return ""
    clauses = {name: getattr(told, name) or getattr(base, name) for name in CLAUSES}
    clauses["camera"] = None
    relation = told.relation if len(told.subjects) > 1 else None
    return caption_said(fitted(Said(subjects=told.subjects, relation=relation, **clauses)))


def changed(before: str, prompt: str, style: Preset | None = None, add: bool = False) -> Recaption:
    """A caption changed by a person's words, with an account of each word.

    `before`: a caption of the language. A subject of a kind that is there is told more closely;
    another kind takes the only subject's place, or comes beside it where the words say "add", or
    `add` does. A `style` changes what it says and the words do not; with a style there may be no
    words. Raises PromptError for a prompt that cannot be read.
    """
    text, old, adding = _parts(prompt)
    adding, notes = adding or add, _absent(before, old)
    reading = NOTHING if style is not None and not text else read(text)
    if style is not None:
        plain = _changed(before, reading, old, adding, {})
        styled = _changed(before, reading, old, adding, open_to(reading, style))
        new = [n for n in CLAUSES if getattr(styled, n) not in (None, getattr(plain, n))]
        added = tuple(CANONICAL[name][getattr(styled, name)] for name in new)
        told = _recaption(before, styled, reading, notes)
        return replace(told, added=added, marked=mark_added(caption_said(plain), told.caption))
    return _recaption(before, _changed(before, reading, old, adding, {}), reading, notes)


def _changed(
    before: str, reading: Reading, old: str, adding: bool, style: Mapping[str, str]
) -> Said:
    base, told = parse(before), reading.shown
    subjects = _subjects(base, told, reading, old, adding)
    clauses = {n: getattr(told, n) or style.get(n) or getattr(base, n) for n in CLAUSES}
    place = clauses["place"]
    if told.place is not None and told.place != base.place:
        clauses = {name: value or PLAIN.get(name) for name, value in clauses.items()}
    clauses["weather"] = None if place in SHELTERED else clauses["weather"]
    clauses["time"] = None if place in TIMELESS else clauses["time"]
    clauses["season"] = clauses["season"] if place is None or place in SEASONAL else None
    relation = (told.relation or base.relation) if len(subjects) > 1 else None
    return fitted(Said(subjects=subjects, relation=relation, **clauses))


def _recaption(before: str, what: Said, reading: Reading, more: Sequence[str] = ()) -> Recaption:
    caption = caption_said(what)
    words, notes = account(reading.words, reading, what, caption)
    notes = [*more, *notes]
    if caption == before:
        notes.append("These words change nothing of what is shown.")
    return Recaption(caption, None, words, (), tuple(notes), caption)


def _parts(prompt: str) -> tuple[str, str, bool]:
    """(what shall be, what it takes the place of, whether it comes beside what is there)."""
    plain = " ".join(prompt.split())
    for pattern in SWAPS:
        if match := pattern.match(plain):
            old, new = match["old"], match["new"]
            return (f"inside {_bare(new)}" if _is_place(old) else new), old, False
    if match := ADD.match(plain):
        return match["new"], "", True
    return plain, "", False


def _is_place(words: str) -> bool:
    """Whether words name a place and nobody in it, so that what takes its place is one too."""
    with suppress(PromptError):
        said = read(words).said
        return said.place is not None and not said.subjects
    return False


def _bare(words: str) -> str:
    """A place without the preposition that it came with."""
    return re.sub(r"^(?:in|inside|on|at|into)\s+", "", words, flags=re.IGNORECASE)


def _subjects(
    base: Said, told: Said, reading: Reading, old: str, adding: bool
) -> tuple[SaidSubject, ...]:
    barred = {value for column, value in reading.excluded if column == "kind"}
    found = [one for one in base.subjects if one.kind not in barred]
    if any(word.instead == NOBODY for word in reading.words):
        return ()
    if not told.subjects:
        return tuple([_touched(found[0], reading), *found[1:]] if found else [])
    if adding or not found:
        return (*found, *told.subjects)[:MOST_SUBJECTS]
    at = _number_of(found, old)
    for number, new in enumerate(told.subjects):
        same = next((i for i, one in enumerate(found) if one.kind == new.kind), None)
        if same is not None:
            found[same] = _closer(found[same], new)
        elif number == 0 and (old or len(found) == 1):
            found[at] = _instead(found[at], new)
        elif number < len(found):
            found[number] = _instead(found[number], new)
        else:
            found.append(new)
    return tuple(found[:MOST_SUBJECTS])


def _absent(before: str, old: str) -> list[str]:
    """A sentence where words are to change somebody who is not there."""
    there = {one.kind for one in parse(before).subjects}
    named: list[str] = []
    with suppress(PromptError):
        named = [one.kind for one in read(old).said.subjects if one.kind] if old else []
    if not named or there & set(named):
        return []
    return [f'"{old[:40]}" is not said to be there: who is there is changed instead.']


def _number_of(there: list[SaidSubject], old: str) -> int:
    """Which subject some words name; the first unless they name another."""
    if old:
        kinds: set[str | None] = set()
        with suppress(PromptError):
            kinds = {one.kind for one in read(old).said.subjects}
        return next((i for i, one in enumerate(there) if one.kind in kinds), 0)
    return 0


def _closer(before: SaidSubject, new: SaidSubject) -> SaidSubject:
    """The same subject, told more closely."""
    return replace(
        before,
        colour=new.colour or before.colour,
        action=new.action or before.action,
        then=new.then if new.action else before.then,
        count=new.count or before.count,
        worn=new.worn or before.worn,
    )


def _instead(before: SaidSubject, new: SaidSubject) -> SaidSubject:
    """Another kind, doing what the one before did where it can."""
    able = KINDS[new.kind or ""].actions
    action = new.action
    if action is None and before.action is not None and before.action not in PAIRS:
        able_too = before.action in able
        action = before.action if able_too else nearest_action(new.kind or "", before.action)
    dressed = (new.kind in PERSONS) != (before.kind in PERSONS)  # a coat's colour is no dress's
    colour = new.colour or (None if dressed else before.colour)
    return replace(new, colour=colour, action=action, count=new.count or 1)


def _touched(subject: SaidSubject, reading: Reading) -> SaidSubject:
    """The subject with a colour or an action that was said of nobody in particular."""
    kind = subject.kind or ""
    colour = reading.spare_colour or subject.colour
    for item in reading.loose[:1]:
        action = action_of(kind, item)[0]
        if action in KINDS[kind].actions:
            return replace(subject, colour=colour, action=action, then=None)
    return replace(subject, colour=colour)
