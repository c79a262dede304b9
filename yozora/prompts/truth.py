"""What is told of a prompt's words, held against the caption that came of it.

A fate is set while a prompt is read, before the caption is chosen. Here it is seen whether the
caption has what the fate promises, and every word that the caption lacks gets its sentence.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import replace

from yozora.prompts.account import Fate, WordFate
from yozora.prompts.inflect import plural
from yozora.prompts.negation import WITHOUT, kept_out
from yozora.prompts.reading import HIDDEN, NOBODY
from yozora.prompts.thesaurus import spoken, thesaurus
from yozora.world.captions import MAX_WORDS
from yozora.world.pairs import PAIRS
from yozora.world.parsing import Said, tokens
from yozora.world.phrases import ACTIONS, CANONICAL, GARMENTS, KINDS
from yozora.world.scene import COLOURS

COUNTS = {"one": 1, "two": 2, "three": 3}
FIELDS = ("place", "time", "season", "weather", "style", "camera")


def truly(
    words: tuple[WordFate, ...], told: Said, text: str, excluded: Collection[tuple[str, str]]
) -> tuple[tuple[WordFate, ...], list[str]]:
    """The fates as the caption bears them out, and a sentence for each word it has no room for.

    `told`: what the caption `text` says of subjects and clauses; `excluded`: (column, value) that
    was to be kept out.
    """
    there = _there(told, text)
    known = _known()
    broken = kept_out(excluded, told)
    fates = tuple(_true(word, told, known - there, broken) for word in words)
    named = {*GARMENTS, *COLOURS} - {*tokens(text)}
    full = [
        old.word
        for old, new in zip(words, fates, strict=True)
        if new.fate is Fate.UNKNOWN is not old.fate and old.instead in named
    ]
    sentence = f'A caption has {MAX_WORDS} words at most: "{{}}" is left out.'
    return fates, [sentence.format(word) for word in dict.fromkeys(full)]


def _true(word: WordFate, told: Said, lacking: Collection[str], broken: Iterable[str]) -> WordFate:
    """A word's fate: not known where the caption lacks it, and another camera where it has one."""
    if word.fate is Fate.UNKNOWN:
        return word
    if word.instead in CANONICAL["camera"].values() and told.camera is not None:
        camera = CANONICAL["camera"][told.camera]
        return word if camera == word.instead else replace(
            word, fate=Fate.SUBSTITUTED, instead=camera
        )  # fmt: skip
    if word.instead.startswith(WITHOUT):
        phrases = re.split(r", | and ", word.instead.removeprefix(WITHOUT))
        true = not {*phrases} & {*broken}
    else:
        true = word.instead not in lacking
    return word if true else replace(word, fate=Fate.UNKNOWN)


def _known() -> frozenset[str]:
    """Every phrase that can stand for a word and that a caption may have or lack."""
    kinds = {name for words in KINDS.values() for name in (words.kind, words.plural)}
    pairs = {name for pair in PAIRS for name in (pair, PAIRS[pair].forms[0])}
    clauses = {phrase for column in FIELDS for phrase in CANONICAL[column].values()}
    return frozenset(
        {*kinds, *pairs, *clauses, *ACTIONS, *GARMENTS, *COLOURS, *COUNTS, NOBODY, "camera"}
    )


def _there(told: Said, text: str) -> set[str]:
    """The phrases for all that a caption says, its words for colours and garments among them."""
    said = tokens(text)
    found = {*said, *(one for one, many in GARMENTS.items() if many in said)} - {*COUNTS}
    found -= {*ACTIONS}
    for column in FIELDS:
        value = getattr(told, column)
        found |= {CANONICAL[column][value]} if value is not None else set()
    for subject in told.subjects:
        words = KINDS[subject.kind or ""]
        found |= {words.kind, words.plural}
        found |= {name for name, count in COUNTS.items() if count == (subject.count or 1)}
        for action in (subject.action, subject.then):
            found |= {action} if action else set()
            if action in PAIRS:
                pair = PAIRS[action]
                found |= {pair.forms[0], *pair.first[:1], *pair.second[:1]}
    return found if told.subjects else found | {NOBODY}


def named(words: Iterable[WordFate], notes: Iterable[str]) -> list[str]:
    """A sentence for every word that is not shown, unless a note quotes it."""
    quotes = " ".join(part for note in notes for part in re.findall(r'"([^"]*)"', note)).split()
    quoted = {*quotes, *map(plural, quotes)}
    unknown = dict.fromkeys(w for w in words if w.fate is Fate.UNKNOWN and w.word not in quoted)
    return list(dict.fromkeys(_sentence(word) for word in unknown))


def _sentence(word: WordFate) -> str:
    if word.instead.startswith(WITHOUT):
        return f'"{word.word}" is not kept out.'
    if word.instead.endswith(HIDDEN):
        return f'"{word.word}" does not show {word.instead.removesuffix(HIDDEN)}.'
    if word.word in word.instead.split() or _says(word):
        return f'"{word.word}" is left out here.'
    return f'"{word.word}" is not known, so it is not shown' + (
        f'; a word near it that is: "{word.instead}".' if word.instead else "."
    )


def _says(word: WordFate) -> bool:
    """Whether what stands for a word is what it means, so that the word is known all the same."""
    meanings = thesaurus().forms.get((word.word,), ())
    return any(m.exact and word.instead in (m.value, spoken(m)) for m in meanings)
