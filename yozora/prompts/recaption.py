"""Plain English -> a full caption: what was said is kept, what was left out is added and marked.

"a dog running in the park" -> "a brown dog runs in a park in summer by day , clear weather ,
natural style , the camera follows". The same prompt and seed give the same caption.
"""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass, replace

from yozora.prompts.account import Fate, WordFate
from yozora.prompts.enhancing import enhanced, fitted
from yozora.prompts.finishing import action_of
from yozora.prompts.marking import mark_added
from yozora.prompts.negation import made_all_the_same
from yozora.prompts.reading import Reading, read
from yozora.prompts.styles import Preset, filled, leaning, open_to, painted
from yozora.prompts.truth import named, truly
from yozora.world.captions import caption_said, said
from yozora.world.pairs import PAIRS
from yozora.world.parsing import Said, SaidSubject
from yozora.world.phrases import CANONICAL, KINDS
from yozora.world.sample import sample_facing
from yozora.world.scene import COLOURS, Scene, Subject

__all__ = ["Fate", "Recaption", "WordFate", "account", "recaption", "scene_of"]


@dataclass(frozen=True, slots=True)
class Recaption:
    """A prompt in the caption language, with an account of how it came about."""

    caption: str
    scene: Scene | None  # None when the caption leaves something unsaid
    words: tuple[WordFate, ...]  # every content word of the prompt, in order
    added: tuple[str, ...]  # phrases that nobody said
    notes: tuple[str, ...] = ()  # sentences for the user
    marked: str = ""  # the caption with [what was added] in brackets


def recaption(
    prompt: str,
    seed: int,
    enhance: bool = True,
    colours: bool = True,
    avoided: Collection[tuple[str, str]] = (),
    style: Preset | None = None,
) -> Recaption:
    """The caption that a prompt is rendered by.

    With `enhance` every attribute that the prompt leaves open is chosen, plausibly, by `seed`;
    without, the caption holds only what was said. Without `colours` none is added to a subject: a
    picture tells what it looks like. `avoided`: (column, value) that is not chosen, as what the
    prompt itself keeps out. `style`: what is added first, with `enhance` or without.
    Raises PromptError for a prompt that cannot be read.
    """
    reading = read(prompt)
    reading = replace(reading, excluded=reading.excluded.union(avoided))
    lent_by = open_to(reading, style)
    if not enhance:
        words = tuple(
            replace(word, fate=Fate.UNKNOWN) if number in reading.leaning else word
            for number, word in enumerate(reading.words)
        )
        bare, told = (fitted(what) for what in (reading.shown, filled(reading.shown, lent_by)))
        said_so, text = caption_said(bare), caption_said(told)
        if not reading.said.subjects and reading.spare_colour:
            text = " , ".join(part for part in (reading.spare_colour, text) if part)
        words, notes = account(words, reading, told, text)
        if not text:
            notes.append("Nothing in the prompt is known: the caption is empty.")
        marked = mark_added(said_so, text) if lent_by else text
        return Recaption(text, None, words, added_phrases(bare, told), tuple(notes), marked)
    rng = random.Random(f"{seed}:{' '.join(prompt.split())}")
    full = enhanced(leaning(reading, style), rng)
    full = painted(full, reading, style, random.Random(f"palette {seed}"))
    scene = scene_of(full, rng)
    told = said(scene) if colours else _uncoloured(said(scene), reading)
    text = caption_said(told)
    words, notes = account(reading.words, reading, told, text)
    if full.subjects and not reading.said.subjects and "kind" not in reading.leanings:
        notes.append("No subject was known, so one was chosen.")
    lent = _lent(reading, told)
    return Recaption(
        caption=text,
        scene=scene,
        words=words,
        added=tuple(p for p in added_phrases(reading.shown, told) if p not in lent),
        notes=tuple(notes),
        marked=mark_added(" ".join([*lent.values(), caption_said(reading.shown)]), text),
    )


def account(
    words: tuple[WordFate, ...], reading: Reading, told: Said, text: str
) -> tuple[tuple[WordFate, ...], list[str]]:
    """The fates of the words in a caption that tells that much, and the sentences for the user."""
    fates, notes = truly(words, told, text, reading.excluded)
    notes = [*reading.notes, *notes, *made_all_the_same(reading.excluded, told)]
    return fates, [*notes, *named(fates, notes)]


def _lent(reading: Reading, told: Said) -> dict[str, str]:
    """Colour and action that were said of what nobody knows and that whoever was chosen has.

    What each is called -> the word of the caption that says it.
    """
    if reading.said.subjects or not told.subjects:
        return {}
    first = told.subjects[0]
    words = KINDS[first.kind or ""].actions
    lent = {reading.spare_colour: reading.spare_colour} if reading.spare_colour else {}
    loose = {action_of(first.kind or "", item)[0] for item in reading.loose[:1]}
    return lent | {action: words[action][0] for action in loose & {first.action} & {*words}}


def scene_of(what: Said, rng: random.Random) -> Scene:
    """The scene that a complete account tells of; looks, facing and layout are drawn."""
    assert what.place and what.style and what.camera
    pair = PAIRS.get(what.subjects[0].action or "") if len(what.subjects) == 2 else None
    subjects = tuple(
        Subject(
            kind=s.kind or "",
            colour=s.colour or "",
            action=s.action or (pair.partner if pair else ""),
            then=s.then,
            count=s.count or 1,
            look=rng.getrandbits(31),
            worn=tuple(
                (garment, colour or rng.choice(list(COLOURS))) for garment, colour in s.worn
            ),
        )
        for s in what.subjects
    )
    return Scene(
        subjects=subjects,
        place=what.place,
        time=what.time or "day",
        weather=what.weather or "clear",
        style=what.style,
        camera=what.camera,
        season=what.season or "summer",
        relation=what.relation,
        facing=sample_facing(rng, what.camera, pair is not None),
        seed=rng.getrandbits(31),
    )


def _uncoloured(full: Said, reading: Reading) -> Said:
    """The account without the colours of subjects that nobody said."""
    before = reading.shown.subjects
    subjects = tuple(
        replace(subject, colour=before[i].colour if i < len(before) else reading.spare_colour)
        for i, subject in enumerate(full.subjects)
    )
    return replace(full, subjects=subjects)


def added_phrases(before: Said, after: Said) -> tuple[str, ...]:
    """Phrases of the account after that the account before does not have."""
    found: list[str] = []
    for index, subject in enumerate(after.subjects):
        old = before.subjects[index] if index < len(before.subjects) else SaidSubject()
        found += [subject.colour] if subject.colour and old.colour is None else []
        found += [subject.kind] if subject.kind and old.kind is None else []
        found += [subject.action] if subject.action and old.action is None else []
        found += [shade for garment, shade in subject.worn if shade and (garment, None) in old.worn]
    for column in ("relation", "place", "season", "time", "weather", "style", "camera"):
        value = getattr(after, column)
        if value is not None and getattr(before, column) is None:
            found.append(CANONICAL[column][value])
    return tuple(found)
