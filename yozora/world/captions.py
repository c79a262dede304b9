"""Scenes in words: the one canonical caption, its paraphrases, and the judge's columns.

A canonical caption says every attribute that shows, in one order, with each colour beside its noun:
"a brown dog runs in a park in summer by day , clear weather , natural style , the camera follows".
A paraphrase says some of them, in another order, with other words of the same small language.
`parsing.py` is the inverse of both.
"""

from __future__ import annotations

import random
from dataclasses import replace

from yozora.world.parsing import Said, SaidSubject, parse
from yozora.world.phrases import (
    BESIDE,
    CANONICAL,
    GARMENTS,
    KIND_VARIANTS,
    KINDS,
    SEASONAL,
    VARIANTS,
    article,
)
from yozora.world.scene import INDOORS, Scene

__all__ = [
    "MAX_WORDS",
    "Said",
    "SaidSubject",
    "acts",
    "attributes",
    "caption",
    "caption_said",
    "paraphrase",
    "parse",
    "readable",
    "said",
]

MAX_WORDS = 48  # the longest caption of the language
NUMBER_WORDS = {1: "one", 2: "two", 3: "three"}
NONE = "none"  # a judge's column that the scene has nothing for

# How often a paraphrase leaves an attribute unsaid.
DROP = {
    "place": 0.20,
    "season": 0.50,
    "time": 0.25,
    "weather": 0.35,
    "style": 0.35,
    "camera": 0.35,
    "relation": 0.10,
    "colour": 0.15,
    "action": 0.10,
    "then": 0.10,
}


def caption(scene: Scene) -> str:
    """The canonical caption: at most 44 words, spaces around commas."""
    return caption_said(said(scene))


def said(scene: Scene) -> Said:
    """What the canonical caption of a scene says: all but season and weather that do not show."""
    subjects = tuple(
        SaidSubject(s.kind, s.colour, s.action, s.then, s.count) for s in scene.subjects
    )
    return Said(
        subjects=subjects,
        relation=scene.relation,
        place=scene.place,
        season=scene.season if scene.place in SEASONAL else None,
        time=scene.time,
        weather=None if scene.place in INDOORS else scene.weather,
        style=scene.style,
        camera=scene.camera,
    )


def caption_said(what: Said) -> str:
    """Canonical words for what is said, in the canonical order; what is None is left out."""
    first: list[str] = []
    if what.subjects:
        first += [_noun(what.subjects[0]), _verbs(what.subjects[0])]
    for other in what.subjects[1:2]:
        first += [CANONICAL["relation"].get(what.relation or "", BESIDE[0]), _noun(other)]
        first += ["that", _verbs(other)] if other.action else []
    for column in ("place", "season", "time"):
        first.append(_canonical(what, column))
    clauses = [" ".join(text for text in first if text)]
    clauses += [_canonical(what, column) for column in ("weather", "style", "camera")]
    return " , ".join(clause for clause in clauses if clause)


def acts(text: str) -> tuple[str, ...]:
    """The captions of a clip's equal parts: two where its subject changes what it does, else one.

    "a dog runs then sits" is told moment by moment, so that any part of a clip has its own words.
    """
    what = parse(text)
    if not what.subjects or what.subjects[0].then is None:
        return (text,)
    first, *rest = what.subjects
    both = replace(first, then=None), replace(first, action=first.then, then=None)
    return tuple(caption_said(replace(what, subjects=(act, *rest))) for act in both)


def attributes(scene: Scene) -> dict[str, str]:
    """The judge's columns: one value each, "none" where the scene has no such thing."""
    first = scene.subjects[0]
    second = scene.subjects[1] if len(scene.subjects) > 1 else None
    return {
        "subject": first.kind,
        "colour": first.colour,
        "action": first.action,
        "place": scene.place,
        "time": scene.time,
        "weather": scene.weather,
        "style": scene.style,
        "camera": scene.camera,
        "count": str(first.count),
        "relation": scene.relation or NONE,
        "second_subject": second.kind if second else NONE,
        "second_colour": second.colour if second else NONE,
        "then": first.then or NONE,
    }


def readable(scene: Scene) -> frozenset[str]:
    """The columns that somebody who sees the clip, and nothing else, can tell.

    Film noir has no colour, and its dawn and sunset look alike; indoors there is no weather; the
    hours do not show inside a spaceship; the second colour needs a second subject.
    """
    columns = set(attributes(scene))
    if scene.style == "noir":
        columns -= {"colour", "second_colour"}
        if scene.time in ("dawn", "sunset"):
            columns.discard("time")
    if scene.place in INDOORS:
        columns.discard("weather")
    if scene.place == "spaceship":
        columns.discard("time")
    if len(scene.subjects) < 2:
        columns.discard("second_colour")
    return frozenset(columns)


# -- canonical words -------------------------------------------------------------------------------


def _canonical(what: Said, column: str) -> str:
    value = getattr(what, column)
    return "" if value is None else CANONICAL[column][value]


def _noun(subject: SaidSubject, names: tuple[str, str] | None = None, worn: str = "in") -> str:
    """Says "a brown dog", "two blue robots", "three men in red coats"."""
    kind, colour, count = subject.kind, subject.colour, subject.count or 1
    words = KINDS.get(kind or "")
    one, several = names or ((words.kind, words.plural) if words else ("", ""))
    name = one if count == 1 else several
    if not (words and words.wears):
        text = f"{colour} {name}" if colour else name
    elif colour:
        garment = words.wears if count == 1 else GARMENTS[words.wears]
        coat = f"{article(colour)} {colour} {garment}" if count == 1 else f"{colour} {garment}"
        text = f"{name} {worn} {coat}"
    else:
        text = name
    text = text.strip()
    return text and f"{article(text) if count == 1 else NUMBER_WORDS[count]} {text}"


def _verbs(subject: SaidSubject, form: str = "finite", joint: str = "then") -> str:
    """Says "runs", "runs then jumps", "run" of several; as participles "running then jumping"."""
    if subject.action is None:
        return ""
    words = KINDS[subject.kind or ""]
    several = (subject.count or 1) > 1

    def inflect(action: str) -> str:
        third, participle = words.actions[action]
        return participle if form != "finite" else action if several else third

    text = inflect(subject.action)
    if subject.then is not None:
        text += f" {joint} {inflect(subject.then)}"
    if form == "progressive":
        text = ("are " if several else "is ") + text
    return text


# -- paraphrases -----------------------------------------------------------------------------------

PREPOSITIONS = frozenset({"in", "on", "at", "by", "during", "inside", "aboard", "among"})
FORMS = ("finite", "participle", "progressive")


def paraphrase(scene: Scene, rng: random.Random) -> str:
    """The scene in other words: at most `MAX_WORDS`, some attributes left unsaid.

    The kinds, their number and the second subject are always said. What is said is true:
    `parse` of it never contradicts `said(scene)`.
    """
    what = said(scene)
    subjects = tuple(_thinned(subject, rng) for subject in what.subjects)
    form = rng.choice(FORMS)
    core = _core(subjects, what.relation, form, rng)
    clause: dict[str, str] = {}
    for column in ("place", "season", "time", "weather", "style", "camera"):
        value = getattr(what, column)
        if value is not None and rng.random() >= DROP[column]:
            clause[column] = _say(column, value, rng)
    order = rng.choice(ORDERS)
    groups = []
    for group in order:
        text = ""
        for part in group:
            piece = core if part == "core" else clause.get(part, "")
            if text and piece and part != "core" and piece.split()[0] not in PREPOSITIONS:
                piece = CANONICAL[part][getattr(what, part)]  # no bare "night" after a verb
            text = f"{text} {piece}".strip()
        if text:
            groups.append(text)
    return " , ".join(groups)


# Families of templates: clauses in one group follow each other, groups are parted by commas.
ORDERS: tuple[tuple[tuple[str, ...], ...], ...] = (
    (("core", "place", "season", "time"), ("weather",), ("style",), ("camera",)),
    (("core", "place", "time"), ("season",), ("camera",), ("weather",), ("style",)),
    (("place", "time"), ("core",), ("season",), ("weather",), ("style",), ("camera",)),
    (("time",), ("core", "place"), ("weather",), ("season",), ("camera",), ("style",)),
    (("style",), ("core", "place", "time"), ("weather",), ("season",), ("camera",)),
    (("camera",), ("core", "place", "season"), ("time",), ("weather",), ("style",)),
    (("season", "place"), ("core",), ("weather",), ("time",), ("style",), ("camera",)),
    (("weather",), ("time",), ("core", "place"), ("season",), ("style",), ("camera",)),
    (("style",), ("camera",), ("place",), ("season", "time"), ("weather",), ("core",)),
)


def _thinned(subject: SaidSubject, rng: random.Random) -> SaidSubject:
    keep_colour = rng.random() >= DROP["colour"]
    keep_action = rng.random() >= DROP["action"]
    keep_then = rng.random() >= DROP["then"]
    return SaidSubject(
        subject.kind,
        subject.colour if keep_colour else None,
        subject.action if keep_action else None,
        subject.then if keep_action and keep_then else None,
        subject.count,
    )


def _core(
    subjects: tuple[SaidSubject, ...], relation: str | None, form: str, rng: random.Random
) -> str:
    """The subjects, what they do and how they stand to each other."""
    texts = []
    for index, subject in enumerate(subjects):
        names = rng.choice((None, *KIND_VARIANTS.get(subject.kind or "", ())))
        worn = rng.choice(("in", "wearing", "with"))
        joint = rng.choice(("then", "and then"))
        if index == 1 and relation is not None:
            beside = rng.random() < DROP["relation"]
            texts.append(rng.choice(BESIDE) if beside else _say("relation", relation, rng))
        texts.append(_noun(subject, names, worn))
        if verbs := _verbs(subject, form, joint):
            texts.append(("that " if index == 1 and form != "participle" else "") + verbs)
    prefix = "there is " if form == "participle" and rng.random() < 0.3 else ""
    if prefix and (subjects[0].count or 1) > 1:
        prefix = "there are "
    return prefix + " ".join(texts)


def _say(column: str, value: str, rng: random.Random) -> str:
    """The canonical phrase half of the time, else one of its variants."""
    canonical = CANONICAL[column][value]
    return canonical if rng.random() < 0.5 else rng.choice(VARIANTS[column][value])
