"""Nouns that are only mentioned: what is drawn, wished for, gone, or what something becomes."""

from __future__ import annotations

from yozora.prompts.account import Reader
from yozora.prompts.english import column_of
from yozora.prompts.inflect import verb_forms
from yozora.prompts.sense import role_of


def _forms(bases: str) -> frozenset[str]:
    return frozenset(form for base in bases.split() for form in verb_forms(base))


# What is made by these is a picture or a word: "draws a circle", "pours a swan into the foam".
DRAWING = _forms("draw paint sketch doodle carve knit sew embroider write trace pour spell imagine")
BECOMING = _forms("turn transform change morph melt dissolve shift fold grow mutate evolve")
WOULD = frozenset(["would", "could", "might", "who'd"])
GONE = frozenset(["gone", "missing", "absent", "vanished", "disappeared", "nowhere"])
BEING = frozenset(["is", "are", "was", "were", "has", "have", "had", "now", "suddenly", "already"])


def mentioned(reader: Reader, number: int) -> bool:
    """Whether a noun names nothing that is to be seen."""
    return (
        _hypothetical(reader, number) or _drawn(reader, number)
        or _outcome(reader, number) or _gone(reader, number)
    )  # fmt: skip


def _hypothetical(reader: Reader, number: int) -> bool:
    """ "as a visitor would", "as if by a child"."""
    following = reader.items[number + 1 : number + 2]
    if following and following[0].words[0] in WOULD:
        return True
    role, at = role_of(reader, number)
    before = [item.words[0] for item in reader.items[max(0, at - 2) : max(0, at)]]
    return role in ("agent", "within") and before in (["as", "if"], ["as", "though"])


def _drawn(reader: Reader, number: int) -> bool:
    """ "draws a circle", of somebody who was named before."""
    role, at = role_of(reader, number)
    return bool(reader.drafts) and role == "object" and reader.items[at].words[0] in DRAWING


def _outcome(reader: Reader, number: int) -> bool:
    """ "turns into a prince": one subject, and it is there already."""
    role, at = role_of(reader, number)
    if role == "object" and reader.items[at].words[0] in BECOMING and reader.drafts:
        return reader.items[at].words[-1] in ("into", "to")
    if role != "within" or reader.items[at].words[0] not in ("into", "to") or not reader.drafts:
        return False
    for item in reversed(reader.items[max(0, at - 4) : at]):
        if column_of(item) == "stop":
            return False
        if item.words[0] in BECOMING:
            return reader.items[at].words[0] == "into" or item.words[0].startswith("ch")
    return False


def _gone(reader: Reader, number: int) -> bool:
    """ "the scarecrow behind him is gone"."""
    for at in range(number + 1, min(number + 7, len(reader.items))):
        item = reader.items[at]
        if item.kind == "stop" or column_of(item) == "kind":
            return False
        if item.words[0] in GONE:
            return reader.items[at - 1].words[0] in BEING
    return False
