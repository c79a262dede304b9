"""Words of the caption language as numbers: what the text encoder reads.

The list is made from the grammar's tables and the subjects' words, sorted, so it is the same on
every machine. Trained weights carry their own list as data: `Vocabulary(words)` reads it back.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from yozora.world.parsing import tokens
from yozora.world.phrases import language_words

PAD, UNKNOWN, EMPTY = 0, 1, 2  # EMPTY stands for a caption left out, as in guidance
SPECIAL = ("<pad>", "<unknown>", "<empty>")
RESERVED = 61  # empty places at the end: a word added later takes one, and no table grows
MAX_WORDS = 56


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A word's number is its place in `words`; 0, 1 and 2 are `SPECIAL`."""

    words: tuple[str, ...]
    _ids: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        assert self.words[: len(SPECIAL)] == SPECIAL, "the special words come first"
        object.__setattr__(self, "_ids", {word: n for n, word in enumerate(self.words)})
        assert len(self._ids) == len(self.words), "a word occurs twice"

    def __len__(self) -> int:
        return len(self.words)

    def encode(self, text: str, max_words: int = MAX_WORDS) -> list[int]:
        """Ids of the words, cut to `max_words` and not padded; [EMPTY] for an empty caption."""
        ids = [self._ids.get(word, UNKNOWN) for word in tokens(text)[:max_words]]
        return ids or [EMPTY]

    def encode_all(self, texts: Sequence[str], max_words: int = MAX_WORDS) -> list[list[int]]:
        """Ids of several captions, padded to one length: a multiple of 8, so shapes recur."""
        rows = [self.encode(text, max_words) for text in texts]
        length = min(max_words, -(-max(map(len, rows)) // 8) * 8)
        return [row + [PAD] * (length - len(row)) for row in rows]

    def decode(self, ids: list[int]) -> str:
        """The words of ids, without padding: the inverse of `encode` on known words."""
        return " ".join(self.words[n] for n in ids if n not in (PAD, EMPTY))

    def digest(self) -> str:
        """sha256 of the list: weights and vocabulary belong together when it is equal."""
        return hashlib.sha256("\n".join(self.words).encode()).hexdigest()


@functools.cache
def vocabulary() -> Vocabulary:
    """The vocabulary of the present caption language, with its reserve."""
    reserve = tuple(f"<reserve {n}>" for n in range(RESERVED))
    return Vocabulary((*SPECIAL, *language_words(), *reserve))


def words() -> tuple[str, ...]:
    """All words in order of their ids, as stored with weights."""
    return vocabulary().words


def encode(text: str, max_words: int = MAX_WORDS) -> list[int]:
    """`Vocabulary.encode` with the present vocabulary."""
    return vocabulary().encode(text, max_words)


def digest() -> str:
    """`Vocabulary.digest` of the present vocabulary."""
    return vocabulary().digest()
