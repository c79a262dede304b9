"""What a negative prompt is pushed away from, in whole captions (ADR 22).

"a woman dances in a street" against "red": away from "a woman in a red dress dances in a street",
towards what is left, that woman's dress in the other colours. The two sides differ by the colour
alone, so what their velocities differ by is that alone; and all are captions as training had them,
which "red" by itself is not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from yozora.prompts.account import CLAUSES
from yozora.world.captions import caption_said
from yozora.world.parsing import MOST_SUBJECTS, Said, SaidSubject, parse
from yozora.world.phrases import KINDS
from yozora.world.scene import COLOURS


def sides(caption: str, negative: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(towards, away from): captions of equal length, of which the mean is meant.

    `negative`: phrases of the caption language parted by commas (`negative.read_negative`). In
    what is to be avoided a colour goes to subjects whose own nobody said, an action takes the place
    of another, a kind comes beside what is there, a clause in the place of its like. On the other
    side is the caption as it is; where a colour went in, in each of the other colours. What was
    asked for in so many words stays on both sides, which are the same where there is nothing else.
    """
    phrases = [phrase for part in negative.split(",") if (phrase := " ".join(part.split()))]
    colours = [phrase for phrase in phrases if phrase in COLOURS]
    asked = parse(caption)
    there = asked
    for phrase in phrases:
        if phrase not in COLOURS:
            there = _with(there, parse(phrase), phrase)
    if not colours or all(subject.colour for subject in asked.subjects):
        return (caption,), (caption_said(there) if there != asked else caption,)
    others = [colour for colour in COLOURS if colour not in colours]
    return _coloured(asked, others or colours), _coloured(there, colours)


def _coloured(what: Said, colours: Iterable[str]) -> tuple[str, ...]:
    """One caption a colour, which all subjects have whose own nobody said."""
    return tuple(
        caption_said(
            replace(
                what,
                subjects=tuple(replace(one, colour=one.colour or colour) for one in what.subjects),
            )
        )
        for colour in colours
    )


def _with(what: Said, avoided: Said, phrase: str) -> Said:
    if avoided.subjects:
        return replace(what, subjects=_beside(what.subjects, avoided.subjects[0]))
    told = {name: value for name in CLAUSES if (value := getattr(avoided, name)) is not None}
    if told:
        return replace(what, **told)
    return replace(what, subjects=tuple(_doing(one, phrase) for one in what.subjects))


def _beside(there: tuple[SaidSubject, ...], new: SaidSubject) -> tuple[SaidSubject, ...]:
    """With one subject more: told more closely where its kind is there and that much is unsaid."""
    for index, one in enumerate(there):
        if one.kind == new.kind:
            closer = replace(one, colour=one.colour or new.colour, action=one.action or new.action)
            return (*there[:index], closer, *there[index + 1 :])
    return (*there, new)[:MOST_SUBJECTS]


def _doing(subject: SaidSubject, name: str) -> SaidSubject:
    """A subject doing what it can do; as it is where that is not what the words name."""
    known = KINDS[subject.kind or ""].actions
    actions = [action for action, forms in known.items() if name in (action, *forms)]
    return replace(subject, action=actions[0], then=None) if actions else subject
