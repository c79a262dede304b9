"""Storyboards: cards at times, as YAML that a person edits.

    seconds: 20
    characters:
      Mara: a woman in a red coat
    cards:
      - text: Mara walks along a neon street at night
        seconds: 3.5
      - text: she waves
        cut: false
      - at: 9
        media: dog.mp4
        from: 1
        to: 3
        text: a dog runs past

A card lasts until the next one. Without `at` it begins where the one before it ends. A card that is
closer to the one before than `CLOSE_S` begins with a cut, and so does one that says `cut: true`;
others are led to. Media stand at the card's time, and the rest of its stretch is invented; `text:
auto` stands for what they show. `style`, of the board or of a card, is a preset's name (`yozora
styles`) or words.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from yozora.media import files
from yozora.prompts.script import Script, broken
from yozora.timeline.errors import TimelineError

CLOSE_S = 1.0  # between two cards: less is a cut, more is bridged
MOST_S = 600.0  # of a film
AUTO = "auto"  # a card's text: what its media show
USUAL_S = 3.0  # of a card that says nothing of its length
MOST_CARDS = 200
MOST_BYTES = 1 << 20
KEYS = {
    "board": {"title", "seconds", "style", "characters", "cards", "size", "fps", "seed"},
    "card": {"at", "seconds", "text", "media", "from", "to", "cut", "camera", "style"},
}


@dataclass(frozen=True, slots=True)
class Card:
    """What happens from a moment on."""

    at_s: float
    text: str = ""
    media: tuple[Path, ...] = ()  # pictures and films, one after another
    from_s: float | None = None  # of a film
    to_s: float | None = None
    cut: bool | None = None  # None: as the distance says
    lasts_s: float | None = None  # after which what leads to the next card begins
    style: str = ""  # a preset's name, or words; the board's where the card has none


@dataclass(frozen=True, slots=True)
class Board:
    """A storyboard as it was written."""

    cards: tuple[Card, ...]
    seconds: float
    title: str = ""
    style: str = ""
    characters: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)  # size, fps, seed


def read(path: Path) -> tuple[Board, tuple[str, ...]]:
    """A board from YAML, or from a script that is broken into cards; and what was left out.

    Raises MediaError, TimelineError.
    """
    text = files.read_text(path, MOST_BYTES)
    if path.suffix.lower() in (".yaml", ".yml"):
        return of_yaml(text, path.parent), ()
    script = broken(text)
    return of_script(script), script.notes


def of_script(script: Script) -> Board:
    """A script's shots as cards, one after another."""
    cards: list[Card] = []
    at = 0.0
    for shot in script.shots:
        cards.append(Card(at, shot.text, cut=shot.cut if cards else None, lasts_s=shot.seconds))
        at += shot.seconds
    if not cards:
        raise TimelineError(
            "script", "nothing to be seen", "write what happens, sentence by sentence"
        )
    return Board(tuple(cards), at, script.title, characters=script.characters)


def to_yaml(board: Board) -> str:
    """The board as a person edits it."""
    raw: dict[str, Any] = {"title": board.title} if board.title else {}
    raw |= {"seconds": board.seconds, **board.settings}
    raw |= {"style": board.style} if board.style else {}
    raw |= {"characters": dict(board.characters)} if board.characters else {}
    raw["cards"] = [_card_to_raw(card, board.style) for card in board.cards]
    return str(yaml.safe_dump(raw, sort_keys=False, allow_unicode=True, width=100))


def seen_from(board: Board, folder: Path) -> Board:
    """The board with its media as paths from a folder."""

    def one(path: Path) -> Path:
        return Path(os.path.relpath(str(path), str(folder)))

    cards = (replace(card, media=tuple(one(path) for path in card.media)) for card in board.cards)
    return replace(board, cards=tuple(cards))


def _card_to_raw(card: Card, style: str) -> dict[str, Any]:
    raw: dict[str, Any] = {"at": card.at_s}
    raw |= {"text": card.text} if card.text else {}
    raw |= {"media": [str(one) for one in card.media]} if card.media else {}
    raw |= {"style": card.style} if card.style not in ("", style) else {}
    optional = {"seconds": card.lasts_s, "from": card.from_s, "to": card.to_s, "cut": card.cut}
    return raw | {key: value for key, value in optional.items() if value is not None}


def of_yaml(text: str, folder: Path) -> Board:
    """A board from YAML; media are paths from `folder`. Raises TimelineError with the place."""
    try:
        raw = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark is not None else "document"
        raise TimelineError(where, "not YAML", "check its dashes, colons and indents") from error
    whole = _object(raw, "document", KEYS["board"])
    listed = whole.get("cards")
    if not isinstance(listed, list) or not listed:
        raise TimelineError("cards", "there are none", "write at least one, as - text: a dog runs")
    if len(listed) > MOST_CARDS:
        raise TimelineError("cards", f"{len(listed)} of them", f"{MOST_CARDS} are the most")
    style = _words(whole, "style", "style")
    cards: list[Card] = []
    end = 0.0
    for i, row in enumerate(listed):
        card = _card(row, f"cards[{i}]", end, folder, style)
        if cards and card.at_s <= cards[-1].at_s:
            raise TimelineError(
                f"cards[{i}].at",
                f"{card.at_s:g} s is not after the card before it, at {cards[-1].at_s:g} s",
                "give it a later time",
            )
        if cards and card.at_s < end and cards[-1].lasts_s is not None:
            raise TimelineError(
                f"cards[{i}].at",
                f"it overlaps the card before it, which lasts until {end:g} s",
                "give it a later time, or make that one shorter",
            )
        cards.append(card)
        end = card.at_s + (card.lasts_s or USUAL_S)
    seconds = _seconds(whole, "seconds", "seconds", end)
    if seconds <= cards[-1].at_s:
        raise TimelineError(
            f"cards[{len(cards) - 1}].at",
            f"{cards[-1].at_s:g} s is after the end of the film, at {seconds:g} s",
            "move the card, or make the film longer with seconds",
        )
    if seconds > MOST_S:
        raise TimelineError("seconds", f"{seconds:g} s", f"{MOST_S:g} are the most: split it")
    settings: dict[str, Any] = {k: whole[k] for k in ("size", "fps", "seed") if k in whole}
    return Board(
        tuple(cards), seconds, _words(whole, "title", "title"), style,
        _characters(whole.get("characters")), settings,
    )  # fmt: skip


def _card(raw: object, place: str, at: float, folder: Path, style: str) -> Card:
    row = _object(raw if not isinstance(raw, str) else {"text": raw}, place, KEYS["card"])
    text = _words(row, "text", f"{place}.text")
    media = row.get("media", [])
    listed = media if isinstance(media, list) else [media]
    if not all(isinstance(one, str) and one.strip() for one in listed):
        raise TimelineError(f"{place}.media", "no file's name", "write one as media: dog.mp4")
    if not text and not listed:
        raise TimelineError(place, "nothing happens on it", "give it text or media")
    if text == AUTO and not listed:
        raise TimelineError(
            f"{place}.text", "auto, and there are no media", "give it media, or words"
        )
    camera, own = (_words(row, key, f"{place}.{key}") for key in ("camera", "style"))
    cut = row.get("cut")
    if cut is not None and not isinstance(cut, bool):
        raise TimelineError(f"{place}.cut", repr(cut)[:40], "write true or false")
    stretch = {"from_s": row.get("from"), "to_s": row.get("to"), "lasts_s": row.get("seconds")}
    names = {"from_s": "from", "to_s": "to", "lasts_s": "seconds"}
    times = {
        key: None if value is None else _seconds(row, names[key], f"{place}.{names[key]}", 0.0)
        for key, value in stretch.items()
    }
    if times["lasts_s"] is not None and times["lasts_s"] <= 0:
        raise TimelineError(f"{place}.seconds", "no length", "give it a length above 0")
    return Card(
        _seconds(row, "at", f"{place}.at", at),
        ", ".join(part for part in (text, camera) if part),
        tuple(folder / one for one in listed),
        cut=cut,
        style=own or style,
        **times,
    )


def _characters(raw: object) -> dict[str, str]:
    if raw is None:
        return {}
    if not isinstance(raw, dict) or not all(isinstance(v, str) for v in (*raw, *raw.values())):
        raise TimelineError("characters", "no names", "write them as Mara: a woman in a red coat")
    return dict(raw)


def _object(raw: object, place: str, keys: set[str]) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise TimelineError(place, "not a list of keys and values", f"use {sorted(keys)}")
    for key in raw:
        if key not in keys:
            raise TimelineError(f"{place}.{key}", "not a known key", f"use {sorted(keys)}")
    return raw


def _words(raw: dict[str, Any], key: str, place: str) -> str:
    value = raw.get(key, "")
    if not isinstance(value, str):
        raise TimelineError(
            place, f"{value!r} is no text"[:60], "write words, in quotes if need be"
        )
    return " ".join(value.split())


def _seconds(raw: dict[str, Any], key: str, place: str, otherwise: float) -> float:
    value = raw.get(key, otherwise)
    known = isinstance(value, int | float) and not isinstance(value, bool)
    if not known or not math.isfinite(value) or value < 0:
        raise TimelineError(place, f"{value!r} is no time"[:60], "give seconds of 0 or more")
    return float(value)
