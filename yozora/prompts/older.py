"""Captions for weights that know fewer words than the language has today.

Weights carry the list of words that they were trained with. What a caption says in words that are
not on it is said as the nearest thing that they do know, and named: an older set of weights shows a
horse where a cow was asked for, rather than nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from yozora.prompts.marking import mark_added
from yozora.prompts.reading import nearest_action
from yozora.prompts.recaption import Recaption
from yozora.prompts.thesaurus import one_of
from yozora.world.assets import ASSETS
from yozora.world.captions import caption_said
from yozora.world.pairs import PAIRS, pose_of
from yozora.world.parsing import MOST_SUBJECTS, Said, SaidSubject, parse, tokens
from yozora.world.phrases import ACTIONS, CANONICAL, KINDS

# Each value that came later -> an earlier one that looks most like it.
NEAR: dict[str, dict[str, str]] = {
    "place": {
        "castle": "park", "road": "street", "future city": "street", "building": "library",
        "studio": "library", "space": "spaceship", "sea bed": "beach", "mountains": "snow field",
        "farm": "park", "living room": "library", "classroom": "library", "market": "street",
    },
    "weather": {"cloudy": "clear", "fog": "rain"},
    "style": {
        "3d animation": "cartoon", "watercolour": "cartoon", "pixel art": "cartoon",
        "papercraft": "cartoon", "clay": "cartoon", "line drawing": "noir",
    },
    "camera": {"crane up": "pull out", "handheld": "static", "forward": "push in"},
    "relation": {"in front of": "left of", "behind": "right of"},
    "season": {},
    "time": {},
}  # fmt: skip
Notes = list[tuple[str, str]]  # (what is not known, the sentence about it)
NEAR_COLOURS = {"gold": "yellow", "silver": "grey", "beige": "brown", "lime": "green"}


def in_words_of(recaption: Recaption, known: Collection[str]) -> Recaption:
    """The caption in `known` words alone, with a note for what was asked and is said otherwise.

    `known`: the words of the weights that will read it. What nobody asked for changes unsaid.
    """
    what = parse(recaption.caption)
    most = MOST_SUBJECTS if _says(CANONICAL["relation"]["behind"], known) else 2
    if _says(recaption.caption, known) and len(what.subjects) <= most:
        return recaption
    notes: Notes = []
    pair = PAIRS.get(what.subjects[0].action or "") if what.subjects else None
    subjects = tuple(_subject(subject, known, notes) for subject in what.subjects[:most])
    clauses = {}
    for column, near in NEAR.items():
        value = getattr(what, column)
        while value is not None and not _says(CANONICAL[column][value], known):
            other = near.get(value)
            told = f'"{CANONICAL[column][other]}" is shown' if other else "it is left out"
            phrase = CANONICAL[column][value]
            notes.append((phrase, f'These weights do not know "{phrase}": {told}.'))
            value = other
        clauses[column] = value
    if pair is not None and len(subjects) == 2 and subjects[0].action not in PAIRS:
        clauses["relation"] = clauses["relation"] or "left of"
        second = subjects[1]
        answer = _action(second.kind or "", pair.partner, known, [])  # what went without saying
        subjects = (subjects[0], replace(second, action=answer))
    if len(what.subjects) > len(subjects):
        notes.append(("", "These weights know two subjects at most: the third is left out."))
    text = caption_said(replace(Said(subjects), **clauses))
    asked = re.sub(r"\[[^]]*\]", " ", recaption.marked)
    new = tuple(sentence for phrase, sentence in notes if phrase not in recaption.added)
    return replace(
        recaption,
        caption=text,
        marked=mark_added(asked, text) if recaption.added else text,
        notes=(*recaption.notes, *new),
    )


def _says(phrase: str, known: Collection[str]) -> bool:
    return all(word in known for word in tokens(phrase))


def _subject(subject: SaidSubject, known: Collection[str], notes: Notes) -> SaidSubject:
    """The subject as the weights can show it."""
    kind = subject.kind or ""
    while not _says(kind, known) and ASSETS[kind].near not in ("", kind):
        sentence = f'These weights do not know "{kind}": "{ASSETS[kind].near}" is shown.'
        notes.append((kind, sentence))
        kind = ASSETS[kind].near
    colour = subject.colour
    if colour is not None and colour not in known:
        colour = NEAR_COLOURS.get(colour)
        sentence = f'These weights do not know "{subject.colour}": "{colour}" is shown.'
        notes.append((subject.colour or "", sentence))
    worn = tuple(
        (garment, shade)
        for garment, shade in subject.worn
        if garment in known and (shade is None or shade in known)
    )
    if worn != subject.worn:
        notes.append(("", "These weights do not know some of the garments: they are left out."))
    action = _action(kind, subject.action, known, notes)
    then = _action(kind, subject.then, known, notes) if subject.then != subject.action else None
    then = None if then == action else then
    return replace(subject, kind=kind, colour=colour, action=action, then=then, worn=worn)


def _action(kind: str, action: str | None, known: Collection[str], notes: Notes) -> str | None:
    """The action, or the kind's nearest that the weights know."""
    if action is None:
        return None
    if action in PAIRS and _says(PAIRS[action].forms[1], known):
        return action
    able = [a for a in KINDS[kind].actions if _says(" ".join(ACTIONS[a]), known)]
    if action in able:
        return action
    own = pose_of(action, able)  # of a pair's name, what its first subject is seen to do
    other = own if own in able else nearest_action(kind, action, able) if able else None
    sentence = f'These weights do not know "{action}" of {one_of(kind)}: "{other}" is shown.'
    notes.append((action, sentence))
    return other
