"""Cuts a prompt into words and gives each phrase its possible meanings."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from yozora.prompts.errors import PromptError
from yozora.prompts.grammar import (
    ANYWAY,
    FUNCTION_WORDS,
    NEGATION_GOES_ON,
    NEGATORS,
    PREPOSITIONS,
)
from yozora.prompts.thesaurus import Meaning, thesaurus

MAX_CHARACTERS = 2000


_MAY = "(?:has|had|have|can|could|will|would|ever|else|really|seems|to|yet)"
_MINDS = "notic|saw|see|know|care|caring|believ|remember|hear|understand|answer|listen|expect|mind"
# After "everyone" or "nobody" an exception is there: "nobody except a boy".
_ALL = "(?:everyone|everybody|nobody|no[ -]one|none|all the|all of|no people)"
_SOME = "one|a|an|two|three|for|his|her|the"
# Other ways to say so, in the words that the reader knows.
PLAINER = (
    (re.compile(r"\bw/o\b"), "without"),
    (re.compile(r"\bw/(?=[^\W\d_]| )"), "with "),
    (re.compile(r"\b(?:free|devoid|void|bereft|empty) (?:of|from)\b"), "without"),
    (re.compile(r"\b([^\W_]+)-free\b"), r"without \1"),
    (re.compile(r"\b(?:instead of|rather than|other than|apart from|aside from)\b"), "not"),
    (re.compile(r"\b(?:any|every)(?:where|thing| ?place),? (?:but|except|save)(?: for)?\b"), "not"),
    (re.compile(r"\b(?:leave|leaving|keep|keeping) out\b"), "not"),
    # nobody who sees or minds it is no empty place
    (re.compile(rf"\b(?:nobody|no[ -]one)(?: {_MAY})* (?:{_MINDS})\w*"), "unnoticed"),
    (
        re.compile(rf"\b({_ALL}\b[^.;!?]*?),? (?:except|but|save)(?: for)?(?= (?:{_SOME})\b)"),
        r"\1 ,",
    ),
    (re.compile(r"\b(?:nobody|no[ -]one)\b"), "no people"),
    (re.compile(r"\b([ap])\.m\b\.?"), r"\1m"),  # "3 a.m."
    (re.compile(r"\b(1?\d)[:.][0-5]\d ?([ap]m)\b"), r"\1\2"),  # "3:15pm"
    (re.compile(r"\b0?([5-9]|1[01]):[0-5]\d\b"), r"\1am"),  # "8:05"
    (re.compile(r"\b(?:0?[0-4]|2[0-4]):[0-5]\d\b"), "midnight"),  # "02:30"
)
# "no cats, dogs or birds"; "no rain, dogs run" is another matter
_NEGATED_LIST = re.compile(
    r"\b(?:no|not|without|avoid|excluding|except|never) \w+(?:, ?\w+)*, ?\w+,? (?:or|nor)\b"
)
PACE = frozenset(
    "slowly smoothly gently quickly gradually steadily softly slightly just then is also".split()  # noqa: SIM905
)
STOPS = frozenset('.,;:!?()[]{}|/"-')
AHEAD, NEVER = 2040, 20000  # years of the future
FUTURE = Meaning("place", "future city", True)


@dataclass(frozen=True, slots=True)
class Item:
    """A phrase of the prompt: its content words, and what it may mean."""

    words: tuple[str, ...]  # as read: lower case, without "the"
    places: tuple[int, ...]  # of its words among the prompt's words
    meanings: tuple[Meaning, ...]  # empty: grammar, punctuation, or unknown
    kind: str  # "phrase" | "grammar" | "stop" | "unknown"
    definite: bool = False  # "the" or "its" stood before it
    negated: bool = False


def clean(prompt: str) -> str:
    """The prompt with plain quotes, dashes and spaces.

    Raises PromptError when it is empty, too long, or holds control characters.
    """
    if len(prompt) > MAX_CHARACTERS:
        raise PromptError(
            f"The prompt has {len(prompt)} characters and {MAX_CHARACTERS} is the most: "
            "keep what is to be seen and leave out the rest."
        )
    text = unicodedata.normalize("NFKC", prompt)
    bad = next(
        (c for c in text if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\r\t"), ""
    )
    if bad:
        raise PromptError(
            f"The prompt holds the control character U+{ord(bad):04X}: "
            "type it again, or paste it as plain text."
        )
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Mn", "Me"))
    for fancy, plain in (("\u2019", "'"), ("\u2018", "'"), ("`", "'"), ("\u201c", '"')):
        text = text.replace(fancy, plain)
    text = re.sub("[\u201d\u00ab\u00bb]", '"', text)
    text = re.sub("[\u2010\u2011\u2212]", "-", text)
    text = re.sub("[\u2012-\u2015]|--+", " , ", text)
    if not any(_counts(c) for c in text):
        raise PromptError(
            "The prompt has no words: say what is to be seen, for example "
            '"a dog running in the park".'
        )
    text = text.lower()
    for other, plain in PLAINER:
        text = other.sub(plain, text)
    return _NEGATED_LIST.sub(lambda found: found[0].replace(",", " or "), text)


def _counts(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character) == "So"


def split_words(text: str) -> list[str]:
    """Words, numbers, single symbols such as emoji, and marks of punctuation."""
    known = thesaurus().words
    words: list[str] = []
    for word in re.findall(f"{_NUMBER}|[^\\W_]+(?:[-'&][^\\W_]+)*|\\S", text):
        if word in known or quantity(word) is not None:
            words.append(word)
        elif glued := _glued(word):
            words += glued
        else:
            words += [word] if "-" not in word[1:] else word.split("-")
    return words


# "-3" at the start of a word, "1,000", "1.5"; a number that goes on in letters is a word.
_NUMBER = r"(?<!\S)-\d+(?:\.\d+)?(?![\w-])|(?<![\w.])\d+(?:(?:,\d{3})+|\.\d+)(?![\w.]*\w)"


def quantity(word: str) -> float | None:
    """The number that digits write; None for a word."""
    plain = word.replace(",", "")
    try:
        return float(plain) if re.fullmatch(r"-?\d+(\.\d+)?", plain) else None
    except ValueError:
        return None


def _glued(word: str) -> list[str]:
    """ "3dogs" as "3" and "dogs"; nothing for other words."""
    match = re.fullmatch(r"(\d+)-?([^\W\d_]+)", word)
    if match is None:
        return []
    meanings = thesaurus().forms.get((match[2],), ())
    return [match[1], match[2]] if meanings and meanings[0].column == "kind" else []


def content_words(prompt: str) -> tuple[str, ...]:
    """The words that say something: each of them has a fate."""
    return tuple(word for word in split_words(clean(prompt)) if is_content(word))


def is_content(word: str) -> bool:
    """Whether a word says something, rather than being grammar or punctuation."""
    return any(_counts(c) for c in word) and word not in FUNCTION_WORDS and word not in ANYWAY


def items(text: str) -> list[Item]:
    """The phrases of a cleaned prompt in order, longest match first, with negation marked."""
    words: list[str] = []
    places: list[int] = []  # of each word in the prompt
    definite: set[int] = set()
    for place, word in enumerate(split_words(text)):
        if word == "the":
            definite.add(len(words))
        else:
            words.append(word)
            places.append(place)
    _camera_first(words, places)
    found: list[Item] = []
    at = 0
    negated = False
    while at < len(words):
        item = _item(words, at, found)
        length = len(item.words)
        head = item.words[0]
        if item.kind == "stop":
            negated = negated and head == ","
        elif item.kind == "grammar":
            negated = head in NEGATORS or (negated and head in NEGATION_GOES_ON)
        elif negated and found and found[-1].kind == "stop":
            negated = False
        is_number = item.kind == "phrase" and item.meanings[0].column == "number"
        found.append(
            Item(
                item.words,
                tuple(places[at : at + length]),
                item.meanings,
                item.kind,
                at in definite or (at > 0 and words[at - 1] in ("its", "his", "her", "their")),
                negated and item.kind in ("phrase", "unknown") and not is_number,
            )
        )
        at += length
    return _listed(_scoped(found))


def _camera_first(words: list[str], places: list[int]) -> None:
    """Moves "slowly" out of "the camera slowly pans left", in place: the phrase is whole then."""
    for start in range(len(words)):
        if words[start] != "camera":
            continue
        for at in range(start + 1, min(start + 5, len(words))):
            if words[at] in STOPS:
                break
            if words[at] in PACE:
                words.insert(start, words.pop(at))
                places.insert(start, places.pop(at))
                start += 1


def _scoped(found: list[Item]) -> list[Item]:
    """Ends each negation after the first noun, verb or clause that it reaches, "or" aside.

    An unknown word may be a verb ("don't zorble cats"): then it ends with the phrase.
    """
    result: list[Item] = []
    spent = reached = False
    for item in found:
        if item.kind == "grammar" and item.words[0] in (*NEGATORS, "or", "and", "nor"):
            spent = reached = False
        if reached and (item.kind == "stop" or item.words[0] in PREPOSITIONS):
            spent = True
        reached = reached or item.negated
        keep = item.negated and not spent
        if item.negated and item.kind != "unknown" and not _is_adjective(item):
            spent = True
        if not item.negated and item.kind == "phrase" and column_of(item) != "number":
            spent = False
        result.append(
            Item(item.words, item.places, item.meanings, item.kind, item.definite, keep)
            if item.negated
            else item
        )
    return result


def _listed(found: list[Item]) -> list[Item]:
    """Lets a negation go on through a list of plurals: "no cats, dogs, birds"."""
    for at in range(len(found) - 2):
        here, comma, item = found[at : at + 3]
        after = found[at + 3 : at + 4]
        listed = here.negated and _is_several(here) and comma.words == (",",)
        if listed and _is_several(item) and (not after or after[0].kind == "stop"):
            found[at + 2] = replace(item, negated=True)
    return found


def _is_several(item: Item) -> bool:
    return any(m.plural or m.column == "absent" for m in item.meanings)


def _is_adjective(item: Item) -> bool:
    return bool(item.meanings) and item.meanings[0].column in ("colour", "modifier", "unshown")


def _item(words: list[str], at: int, before: list[Item]) -> Item:
    book = thesaurus()
    word = words[at]
    if years := _year_to_come(words, at):
        return Item(tuple(words[at : at + years]), (), (FUTURE,), "phrase")
    meanings, length = book.match(words, at)
    if length > 1 and words[at] in FUNCTION_WORDS:  # "in dark water": not "in dark"
        _, beyond = book.match(words, at + 1)
        if beyond >= length and beyond > 1:
            meanings, length = (), 1
    if words[at : at + 3] == ["black", "and", "white"] and _before(words, at + length, "kind"):
        meanings, length = book.forms[("black",)], 1  # a cat's coat, not the film
    if meanings and length == 1 and word in FUNCTION_WORDS and meanings[0].column != "number":
        meanings = ()
    if any(meaning.column == "modifier" for meaning in meanings):
        shades = _before(words, at + length, "colour") or _before(words, at + length, "modifier")
        meanings = tuple(m for m in meanings if (m.column == "modifier") == shades)
    if meanings:
        return Item(tuple(words[at : at + length]), (), meanings, "phrase")
    if (number := quantity(word)) is not None:
        return Item((word,), (), (_number(number),), "phrase")
    if word in FUNCTION_WORDS:
        return Item((word,), (), (), "grammar")
    if word in ANYWAY:
        return Item((word,), (), (), "grammar")
    if word in STOPS or not is_content(word):
        return Item((word,), (), (), "stop")
    guesses = tuple(m for m in book.find(word) if m.column != "modifier")
    if guesses:
        return Item((word,), (), guesses, "phrase")
    return Item((word,), (), (), "unknown")


def _year_to_come(words: list[str], at: int) -> int:
    """How many words name a year well after today, "2150" or "year 3000"; 0 for all else."""
    named = words[at] == "year"
    digits = words[at + named] if at + named < len(words) else ""
    if (
        not re.fullmatch(r"\d{4,5}" if named else r"\d{4}", digits)
        or not AHEAD <= int(digits) < NEVER
    ):
        return 0
    after = words[at + named + 1] if at + named + 1 < len(words) else "."
    ends = after in STOPS or after in FUNCTION_WORDS
    told = at > 0 and words[at - 1] in ("in", "by", "of", "from", "circa", ",", "(", "-", "during")
    return 1 + named if named or (ends and (told or at == 0)) else 0


def _number(number: float) -> Meaning:
    """What digits say of a count: none, one, two or three; of less than none the sign is lost."""
    size = abs(number)
    count = 0 if size == 0 else 1 if size < 1 else 3 if size >= 3 else round(size)
    return Meaning("number", str(count), number == count)


def _before(words: list[str], at: int, column: str) -> bool:
    meanings, _ = thesaurus().match(words, at)
    return any(meaning.column == column for meaning in meanings)


def column_of(item: Item) -> str:
    """The column of its first meaning, else what sort of item it is."""
    return item.meanings[0].column if item.meanings else item.kind
