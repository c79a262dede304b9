"""A script or a story, broken into shots: who is in it, and what is seen for how long.

Screenplay headings ("INT. LIBRARY - NIGHT"), Markdown headings and plain sentences are read. Who is
named in capitals or with a name is a character; what is said of one where it is first named ("MARA,
a young woman in a red coat") describes it in every shot. Dialogue is not shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

SECONDS_A_WORD, LEAST_S, MOST_S = 0.3, 2.0, 5.0  # of a shot
LONGEST_S = 60.0  # of one that says how long it lasts
HEADING = re.compile(r"^\s*(?:INT|EXT|INT\./EXT|I/E)\b[./ ]", re.IGNORECASE)
TITLE = re.compile(r"^\s*#{1,6}\s+(?P<title>.+?)\s*#*\s*$")
LISTED = re.compile(
    r"^\s*(?:[-*]\s*)?\**(?P<name>[A-Z][\w' ]{0,30}?)\**\s*[:\u2013\u2014-]\s+"
    r"(?P<what>(?:an?|the)\s.+)$"
)
CUE = re.compile(r"^\s*[A-Z][A-Z .'()-]{1,40}$")
APPOSED = re.compile(
    r"\b(?P<name>[A-Z][A-Z]+|[A-Z][a-z]+)(?:\s*\(\d+\))?,\s+(?P<what>an?\s[^,.;]+),?"
)
SENTENCE = re.compile(r"(?<=[.!?])[\"'\u2019\u201d)]*\s+(?=[\"'\u2018\u201c(A-Z])")
QUOTED = re.compile(r"[\"\u201c][^\"\u201d]*[\"\u201d]")
SPOKEN = re.compile(
    r"^(?:\w+\s+){0,3}(?:says?|said|asks?|asked|cries|cried|whispers?|shouts?|answers?)\b"
)
TURN = re.compile(  # how one shot becomes another: seen of none
    r"^\s*(?:(?:FADE|CUT|SMASH CUT|MATCH CUT|JUMP CUT|DISSOLVE|WIPE|IRIS)"
    r"(?:\s+(?:IN|OUT|TO|FROM|BACK|BLACK|WHITE))*|THE END|END CREDITS|CONTINUED|MORE)\s*[.:!]?\s*$",
    re.IGNORECASE,
)
NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30,
    "forty": 40, "fifty": 50, "sixty": 60,
}  # fmt: skip
LASTS = re.compile(
    r",?\s*\(?(?:\b(?:for|over|lasting)\s+)?(?:\babout\s+)?"
    rf"\b(?P<number>\d{{1,3}}(?:\.\d+)?|{'|'.join(NUMBERS)})[\s-]+(?:seconds?|secs?)\b\)?"
    r"(?!\s+(?:later|after|before|ago|pass))"
    r"(?:\s+of\b|,)?",
    re.IGNORECASE,
)
NOT_NAMES = frozenset(
    ["A", "An", "The", "It", "He", "She", "They", "We", "I", "You", "This", "That", "These"]
    + ["Those", "There", "Then", "And", "But", "At", "In", "On", "Inside", "Outside", "When"]
    + ["While", "After", "Before", "Suddenly", "Meanwhile", "Cut", "Fade", "Close", "Wide"]
)
HOURS = {
    "day": "by day", "night": "at night", "dawn": "at dawn", "dusk": "at sunset",
    "sunset": "at sunset", "morning": "in the morning", "evening": "in the evening",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shot:
    """What is seen without a cut."""

    text: str  # plain words, with characters by their names
    seconds: float
    cut: bool = True  # begins with a cut; else the one before runs into it


@dataclass(frozen=True, slots=True)
class Script:
    """A story as shots."""

    title: str
    shots: tuple[Shot, ...]
    characters: dict[str, str] = field(default_factory=dict)  # name -> what one sees of it
    notes: tuple[str, ...] = ()


def broken(text: str) -> Script:
    """A script's shots in order, each as long as its words need. Nothing visible is dropped."""
    title, place = "", ""
    characters: dict[str, str] = {}
    shots: list[Shot] = []
    said = 0
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n"))
    for block in blocks:
        lines = [line for line in block.split("\n") if line.strip() and not TURN.match(line)]
        if not lines:
            continue
        if found := TITLE.match(lines[0]):
            title, lines = title or found["title"], lines[1:]
        while lines and HEADING.match(lines[0]):
            place, lines = placed(lines[0]), lines[1:]
        listed = [LISTED.match(line) for line in lines]
        if lines and all(listed):
            characters |= {m["name"].strip().title(): m["what"].rstrip(".") for m in listed if m}
            continue
        if lines and CUE.match(lines[0]) and len(lines) > 1:  # who speaks, and what
            said += 1
            continue
        for number, sentence in enumerate(SENTENCE.split(" ".join(lines).strip())):
            bare = QUOTED.sub("", sentence).strip(" -*_\t,")
            bare = "" if bare != sentence.strip() and SPOKEN.match(bare) else bare
            bare, lasts = timed(_described(bare, characters))
            if not re.search(r"[^\W\d_]", bare):
                said += bool(sentence.strip())
                continue
            told = f"{bare.rstrip('.!?')}, {place}" if place else bare.rstrip(".!?")
            shots.append(
                Shot(told, lasts or seconds_of(bare), number == 0 or bool(place) or not shots)
            )
    notes: tuple[str, ...] = ()
    if said:
        lines_ = "line" if said == 1 else "lines"
        notes = (f"{said} {lines_} of dialogue: nobody is heard yet, so they are left out",)
    return Script(title, tuple(shots), characters, notes)


def placed(heading: str) -> str:
    """ "INT. OLD LIBRARY - NIGHT" -> "in an old library at night"."""
    bare = re.sub(r"^\s*(?:INT|EXT|I/E)[./ ]+(?:(?:INT|EXT)[./ ]+)?", "", heading, flags=re.I)
    where, *when = (part.strip().lower() for part in re.split(r"\s+[-\u2013\u2014]\s+", bare))
    vowel = where[:1] in "aeiou"
    article = "" if where.startswith(("a ", "an ", "the ")) else "an " if vowel else "a "
    return " ".join([f"in {article}{where}", *(HOURS.get(one, one) for one in when)]).strip()


def timed(text: str) -> tuple[str, float]:
    """(the words without how long it lasts, these seconds): "a dog runs for ten seconds"; 0 where
    they do not say."""
    found = LASTS.search(text)
    if found is None:
        return text, 0.0
    told = found["number"].lower()
    lasts = float(NUMBERS.get(told) or told)
    rest = " ".join(f"{text[: found.start()]} {text[found.end() :]}".strip(" ,").split())
    return re.sub(r"\s+(?=[.,!?])", "", rest), min(lasts, LONGEST_S)


def seconds_of(text: str) -> float:
    """How long a shot of these words lasts, in half seconds."""
    wanted = SECONDS_A_WORD * len(text.split())
    return round(2 * min(max(wanted, LEAST_S), MOST_S)) / 2


def _described(text: str, characters: dict[str, str]) -> str:
    """The sentence with names alone; who is described in it is remembered."""

    def remembered(match: re.Match[str]) -> str:
        name = match["name"]
        if name in NOT_NAMES:
            return match[0]
        characters.setdefault(name.title(), match["what"].strip())
        return name.title()

    text = APPOSED.sub(remembered, text)
    for name in characters:  # in capitals where a screenplay first names somebody
        text = re.sub(rf"\b{re.escape(name.upper())}\b", name, text)
    return text


def with_characters(text: str, characters: dict[str, str]) -> str:
    """The words with each character as what one sees of it."""
    for name, what in sorted(characters.items(), key=lambda item: -len(item[0])):
        text = re.sub(rf"\b{re.escape(name)}(?:['\u2019]s)?\b", what, text)
    return text
