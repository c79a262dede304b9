"""Scenes in words: the one canonical caption, its paraphrases, and the judge's columns.

A canonical caption says every attribute that shows, in one order, with each colour beside its noun:
"a brown dog runs in a park in summer by day , clear weather , natural style , the camera follows".
A paraphrase says some of them, in another order, with other words of the same small language.
`parsing.py` is the inverse of both.
"""

from __future__ import annotations

import random
from dataclasses import replace

from yozora.world.pairs import PAIRS, PARTNERS
from yozora.world.parsing import Said, SaidSubject, parse
from yozora.world.phrases import (
    BESIDE,
    CANONICAL,
    GARMENTS,
    KIND_VARIANTS,
    KINDS,
    PAIRED,
    SEASONAL,
    VARIANTS,
    article,
)
from yozora.world.scene import SHELTERED, TIMELESS, Scene

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

MAX_WORDS = 56  # the longest caption of the language
NUMBER_WORDS = {1: "one", 2: "two", 3: "three"}
NONE = "none"  # a judge's column that the scene has nothing for
COLOURLESS = frozenset({"noir", "line drawing"})  # styles in which no colour can be told

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
    "worn": 0.15,
}


def caption(scene: Scene) -> str:
    """The canonical caption: at most `MAX_WORDS`, spaces around commas."""
    return caption_said(said(scene))


def said(scene: Scene) -> Said:
    """What the canonical caption of a scene says: all but season, hour and weather that do not
    show, and what the second of a pair does, which goes without saying."""
    subjects = tuple(
        SaidSubject(
            s.kind, s.colour, None if s.action in PARTNERS else s.action, s.then, s.count, s.worn
        )
        for s in scene.subjects
    )
    return Said(
        subjects=subjects,
        relation=scene.relation,
        place=scene.place,
        season=scene.season if scene.place in SEASONAL else None,
        time=None if scene.place in TIMELESS else scene.time,
        weather=None if scene.place in SHELTERED else scene.weather,
        style=scene.style,
        camera=scene.camera,
    )


def caption_said(what: Said) -> str:
    """Canonical words for what is said, in the canonical order; what is None is left out."""
    first: list[str] = []
    if what.subjects:
        first += [_noun(what.subjects[0]), _verbs(what.subjects[0])]
    pair = bool(what.subjects) and what.subjects[0].action in PAIRS
    for other in what.subjects[1:]:
        first += [] if pair else [CANONICAL["relation"].get(what.relation or "", BESIDE[0])]
        first.append(_noun(other))
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
    first, second, third = (*scene.subjects, None, None, None)[:3]
    worn = first.worn[0] if first and first.worn else (NONE, NONE)
    return {
        "subject": first.kind if first else NONE,
        "colour": first.colour if first else NONE,
        "action": first.action if first else NONE,
        "place": scene.place,
        "time": scene.time,
        "weather": scene.weather,
        "style": scene.style,
        "camera": scene.camera,
        "count": str(first.count) if first else "0",
        "relation": scene.relation or NONE,
        "second_subject": second.kind if second else NONE,
        "second_colour": second.colour if second else NONE,
        "third_subject": third.kind if third else NONE,
        "worn": worn[0],
        "worn_colour": worn[1],
        "then": (first.then if first else None) or NONE,
    }


def readable(scene: Scene) -> frozenset[str]:
    """The columns that somebody who sees the clip, and nothing else, can tell.

    Film noir has no colour, and its dawn and sunset look alike; an ink drawing has neither hours
    nor fine colours; some places have no weather, some no hours; a place alone has no subject's
    columns, and a second colour needs a second subject.
    """
    columns = set(attributes(scene))
    if scene.style in COLOURLESS:
        columns -= {"colour", "second_colour", "worn_colour"}
        if scene.style != "noir" or scene.time in ("dawn", "sunset"):
            columns.discard("time")
    if scene.place in SHELTERED:
        columns.discard("weather")
    if scene.place in TIMELESS:
        columns.discard("time")
    if not scene.subjects:
        columns -= {"colour", "action"}
    elif not scene.subjects[0].worn:
        columns.discard("worn_colour")
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
    if subject.worn:
        text += f" {'with' if worn == 'in' else worn} " + " and ".join(
            garment
            if colour is None
            else f"{colour} {garment}"
            if garment in PAIRED
            else f"{article(colour)} {colour} {garment}"
            for garment, colour in subject.worn
        )
    return text and f"{article(text) if count == 1 else NUMBER_WORDS[count]} {text}"


def _verbs(subject: SaidSubject, form: str = "finite", joint: str = "then") -> str:
    """Says "runs", "runs then jumps", "run" of several; as participles "running then jumping"."""
    if subject.action is None:
        return ""
    words = KINDS[subject.kind or ""]
    several = (subject.count or 1) > 1

    def inflect(action: str) -> str:
        if action in PAIRS:
            return PAIRS[action].forms[2 if form != "finite" else 1]
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
    keep_action = rng.random() >= DROP["action"] or subject.action in PAIRS
    keep_then = rng.random() >= DROP["then"]
    return SaidSubject(
        subject.kind,
        subject.colour if keep_colour else None,
        subject.action if keep_action else None,
        subject.then if keep_action and keep_then else None,
        subject.count,
        tuple(pair for pair in subject.worn if rng.random() >= DROP["worn"]),
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
        if index and relation is not None:
            beside = rng.random() < DROP["relation"]
            texts.append(rng.choice(BESIDE) if beside else _say("relation", relation, rng))
        texts.append(_noun(subject, names, worn))
        if verbs := _verbs(subject, form, joint):
            texts.append(("that " if index and form != "participle" else "") + verbs)
    prefix = "there is " if texts and form == "participle" and rng.random() < 0.3 else ""
    if prefix and (subjects[0].count or 1) > 1:
        prefix = "there are "
    return prefix + " ".join(texts)


def _say(column: str, value: str, rng: random.Random) -> str:
    """The canonical phrase half of the time, else one of its variants."""
    canonical = CANONICAL[column][value]
    return canonical if rng.random() < 0.5 else rng.choice(VARIANTS[column][value])
