"""Style presets: a look under a name, told in words that the weights know.

What a preset says is added to a prompt where that says nothing of the attribute, and is marked as
added; the prompt's own words always win. A preset says how, never who or where.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from yozora.prompts.account import Fate
from yozora.prompts.errors import PromptError
from yozora.prompts.negative import told_negative
from yozora.prompts.reading import Reading, read
from yozora.world.captions import COLOURLESS
from yozora.world.parsing import Said, SaidSubject
from yozora.world.phrases import CANONICAL, SEASONAL
from yozora.world.scene import COLOURS, SHELTERED, STYLES, TIMELESS

MOST_NAME = 40  # characters
ATTRIBUTES = ("season", "time", "weather", "style", "camera")  # what a preset may say
NOTHING = Reading(Said(), (), (), None, frozenset(), ())  # of a prompt without words


@dataclass(frozen=True, slots=True)
class Preset:
    """A look under a name."""

    name: str
    words: str  # plain English: style, light, weather, season, camera
    palette: tuple[str, ...] = ()  # colours of subjects to which the prompt gives none
    negative: str = ""  # what to steer away from, as in --negative
    reference: Path | None = None  # a picture of the look; these weights hardly keep to it
    own: bool = False  # somebody's; False: built in

    @property
    def says(self) -> Mapping[str, str]:
        """Attribute -> value, for all that its words say."""
        return _said(read(self.words))


def _said(reading: Reading) -> dict[str, str]:
    told = {name: getattr(reading.said, name) or reading.leanings.get(name) for name in ATTRIBUTES}
    return {name: value for name, value in told.items() if value is not None}


def _built_in() -> dict[str, Preset]:
    found = {name: Preset(name, CANONICAL["style"][name]) for name in STYLES}
    for name, words, palette in (
        ("film noir", "film noir style, at night, fog, the camera pushes in", ""),
        ("archival", "film noir style, by day, cloudy sky, handheld camera", ""),
        ("silent film", "film noir style, by day, clear weather, static camera", ""),
        ("cardboard and papercraft", "papercraft style, by day, clear weather, static camera",
         "red orange cyan beige"),
        ("balloon world", "3d animation style, in summer, by day, clear weather, the camera rises",
         "pink cyan yellow red lime"),
        ("soft watercolour", "watercolour style, in spring, at dawn, fog, the camera pulls out",
         "pink beige cyan"),
        ("winter tale", "watercolour style, in winter, at sunset, falling snow, static camera",
         "red white blue"),
        ("claymation", "clay stop-motion style, by day, cloudy sky, static camera",
         "orange green purple"),
        ("picture book", "cartoon style, in spring, by day, clear weather, static camera",
         "red yellow blue"),
        ("midnight cartoon", "cartoon style, at night, clear weather, the camera pans right",
         "purple lime orange"),
        ("retro game", "pixel art style, at night, clear weather, the camera pans right",
         "lime cyan pink"),
        ("ink sketch", "line drawing style, by day, fog, static camera", ""),
        ("golden hour", "natural style, at sunset, clear weather, the camera orbits", ""),
        ("misty morning", "natural style, at dawn, fog, the camera pushes in", ""),
        ("documentary", "natural style, by day, cloudy sky, handheld camera", ""),
        ("storm", "natural style, at night, rain, handheld camera", ""),
        ("toy story", "3d animation style, at sunset, clear weather, the camera orbits",
         "red yellow blue green"),
        ("autumn papercraft", "papercraft style, in autumn, at sunset, cloudy sky, static camera",
         "orange brown red"),
    ):  # fmt: skip
        found[name] = Preset(name, words, tuple(palette.split()))
    return found


BUILT_IN: Mapping[str, Preset] = _built_in()


def plain_name(name: str) -> str:
    """A preset's name as it is compared: small letters, single spaces, "and" for "&"."""
    return " ".join(re.sub(r"[-_\s]+", " ", name.casefold().replace("&", " and ")).split())


def nearest(name: str, known: Iterable[str]) -> str:
    """The name that is most like one that nobody knows; "" where none is."""
    known, asked = list(known), plain_name(name)
    within = [one for one in known if asked and asked in one.split()]
    return (within or get_close_matches(asked, known, 1, 0.5) or [""])[0]


def checked(preset: Preset) -> tuple[Preset, tuple[str, ...]]:
    """A preset of one's own with a tidy name and words, and what is odd in it, in sentences.

    Raises PromptError for what is no look.
    """
    name = plain_name(preset.name)
    if not re.fullmatch(rf"[a-z0-9 ]{{1,{MOST_NAME}}}", name):
        raise PromptError(
            f"{preset.name[:60]!r} is no name for a style: write up to {MOST_NAME} letters, digits "
            "and spaces"
        )
    if name in BUILT_IN:
        raise PromptError(f"the style {name!r} is built in: choose another name")
    if not preset.words.strip():
        raise PromptError("a style needs words: say how it looks, as 'watercolour, at dawn, fog'")
    reading = read(preset.words)
    if reading.said.subjects or reading.said.place:
        told = reading.said.subjects[0].kind if reading.said.subjects else reading.said.place
        raise PromptError(
            f"{preset.words[:60]!r} names {told}, and a style says how and not who or where: "
            "leave that to the prompt"
        )
    if not _said(reading):
        raise PromptError(
            f"{preset.words[:60]!r} says nothing that the weights know of a look: name a style, an "
            "hour, a weather, a season or a camera, as 'watercolour, at dawn, fog'"
        )
    strange = [colour for colour in preset.palette if colour not in COLOURS]
    if strange:
        raise PromptError(f"{strange[0][:40]!r} is no colour of the palette: use {_list(COLOURS)}")
    notes = [
        f'the weights do not know "{word.word}"' + (f', say "{word.instead}"' * bool(word.instead))
        for word in reading.words
        if word.fate is Fate.UNKNOWN
    ]
    if preset.palette and reading.said.style in COLOURLESS:
        notes.append(f"{CANONICAL['style'][reading.said.style or '']} has no colours to show")
    words, negative = " ".join(preset.words.split()), " ".join(preset.negative.split())
    notes += told_negative(negative)[1]
    return replace(preset, name=name, words=words, negative=negative, own=True), tuple(notes)


def _list(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}"


def open_to(reading: Reading, preset: Preset | None) -> dict[str, str]:
    """What a preset says of attributes of which a prompt says nothing, nor keeps it out."""
    return {
        name: value
        for name, value in (preset.says if preset else {}).items()
        if getattr(reading.said, name) is None and (name, value) not in reading.excluded
    }


def leaning(reading: Reading, preset: Preset | None) -> Reading:
    """The reading with the preset for what it leaves open."""
    return replace(reading, leanings={**reading.leanings, **open_to(reading, preset)})


def filled(what: Said, values: Mapping[str, str]) -> Said:
    """The account with values for attributes that it leaves open, where the place shows them."""
    hidden = {"weather"} if what.place in SHELTERED else set()
    hidden |= {"time"} if what.place in TIMELESS else set()
    hidden |= {"season"} if what.place is not None and what.place not in SEASONAL else set()
    new = {
        name: value
        for name, value in values.items()
        if name not in hidden and getattr(what, name) is None
    }
    return replace(what, **new)  # type: ignore[arg-type]


def painted(full: Said, reading: Reading, preset: Preset | None, rng: random.Random) -> Said:
    """The account with the preset's colours on subjects whose own nobody said or implied."""
    free = [c for c in (preset.palette if preset else ()) if ("colour", c) not in reading.excluded]
    if not free or reading.spare_colour is not None:
        return full
    before = reading.shown.subjects

    def one(index: int, subject: SaidSubject) -> SaidSubject:
        known = index < len(before) and before[index].colour is not None
        known = known or (index < len(reading.implied) and reading.implied[index] is not None)
        return subject if known else replace(subject, colour=rng.choice(free))

    return replace(full, subjects=tuple(one(i, s) for i, s in enumerate(full.subjects)))
