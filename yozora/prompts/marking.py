"""Which words of a caption were asked for, and which were added: the latter stand in brackets.

The words that say something hold on to each other; those of grammar go with the word that they
lead up to. So "a dog" that became "an orange dog sits on a farm" keeps "dog", and the "a" of the
farm was added.
"""

from __future__ import annotations

from collections.abc import Sequence

from yozora.world.parsing import tokens
from yozora.world.phrases import GLUE

ARTICLES = ("a", "an", "the")
# Words that only tie others together: alone they are no sign that a phrase was said.
LINKS = frozenset((*GLUE, "at", "by", "before", "of", "on", "to", "inside", "through"))


def mark_added(before: str, after: str) -> str:
    """The text after, with the words that the text before lacks in brackets."""
    old, new = tokens(before), tokens(after)
    kept = _kept(old, new)
    parts: list[str] = []
    for at, word in enumerate(new):
        if at and (at in kept) == (at - 1 in kept):
            parts[-1] += f" {word}"
        else:
            parts.append(word)
    first = 0 in kept
    return " ".join(
        part if (number % 2 == 0) == first else f"[{part}]" for number, part in enumerate(parts)
    )


def _kept(old: Sequence[str], new: Sequence[str]) -> set[int]:
    """The places in `new` of the words that `old` has: those that say something and their links."""
    pairs = _anchors(old, new)
    taken, kept = {i for i, _ in pairs}, {j for _, j in pairs}
    for i, j in pairs:
        _take_links(old, new, i, j, taken, kept)
    for i, j in pairs:  # what no word follows goes with the word before: "to the left of"
        while i + 1 < len(old) and j + 1 < len(new) and old[i + 1] == new[j + 1]:
            i, j = i + 1, j + 1
            if i in taken or j in kept or old[i] == ",":
                break
            taken.add(i)
            kept.add(j)
    return kept


def _take_links(
    old: Sequence[str], new: Sequence[str], i: int, j: int, taken: set[int], kept: set[int]
) -> None:
    """Keeps the links that lead up to old[i], which is new[j]: added words may stand between."""
    i, j = i - 1, j - 1
    if i < 0 or i in taken:
        return
    while j >= 0 and j not in kept and new[j] != old[i]:
        if old[i] in ARTICLES and new[j] in ARTICLES:
            return
        j -= 1
    while i >= 0 and j >= 0 and i not in taken and j not in kept and old[i] == new[j]:
        taken.add(i)
        kept.add(j)
        i, j = i - 1, j - 1


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """The most places (in old, in new) of words that say something, in order and both the same.

    Of several ways that keep as many words, the one that keeps more of them side by side.
    """
    best = [[(0, 0)] * (len(new) + 1) for _ in range(len(old) + 1)]  # (words, side by side)
    here = [[(-1, 0)] * (len(new) + 1) for _ in range(len(old) + 1)]  # where these two are paired
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            if old[i] == new[j] and old[i] not in LINKS:
                words, close = max(best[i + 1][j + 1], _closer(here[i + 1][j + 1]))
                here[i][j] = (words + 1, close)
            best[i][j] = max(here[i][j], best[i + 1][j], best[i][j + 1])
    pairs: list[tuple[int, int]] = []
    i = j = 0
    while i < len(old) and j < len(new):
        if here[i][j] == best[i][j] and here[i][j][0] > 0:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i + 1][j] == best[i][j]:
            i += 1
        else:
            j += 1
    return pairs


def _closer(score: tuple[int, int]) -> tuple[int, int]:
    return (score[0], score[1] + 1)
