"""What a prompt wants kept out: "no animals", "without rain"."""

from __future__ import annotations

from collections.abc import Collection

from yozora.prompts.account import CLAUSES, Fate, Reader
from yozora.prompts.english import Item
from yozora.prompts.grammar import PREPOSITIONS
from yozora.prompts.thesaurus import Meaning, spoken
from yozora.world.parsing import Said
from yozora.world.phrases import ACTIONS, CANONICAL, KINDS

WITHOUT = "without "  # so begins what stands for a word that keeps something out
_PEOPLE = ("woman", "man", "child")
_MAMMALS = ("dog", "cat", "horse", "elephant", "rabbit", "bear", "lion", "cow")
ANIMALS = (
    *_MAMMALS[:3],
    "bird",
    *_MAMMALS[3:],
    "fish",
    "butterfly",
    "penguin",
    "dinosaur",
    "dragon",
)
_VEHICLES = ("car", "boat", "spaceship", "bus", "truck", "train", "bicycle", "airplane", "rocket",
             "flying car")  # fmt: skip
# Words for more kinds than one: what is kept out is all of them.
CLASSES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("people", "person", "persons", "humans", "human"), _PEOPLE),
    **dict.fromkeys(("somebody", "someone", "anybody", "anyone", "strangers"), _PEOPLE),
    **dict.fromkeys(("crowd", "crowds", "pedestrians", "characters", "figures"), _PEOPLE),
    **dict.fromkeys(("adult", "adults"), ("woman", "man")),
    **dict.fromkeys(("animal", "animals", "creature", "creatures", "beast", "beasts"), ANIMALS),
    **dict.fromkeys(("mammal", "mammals"), _MAMMALS),
    **dict.fromkeys(("pet", "pets"), ("dog", "cat", "bird", "rabbit")),
    **dict.fromkeys(("monster", "monsters"), ("dinosaur", "dragon")),
    **dict.fromkeys(("vehicle", "vehicles"), _VEHICLES),
}


def take_negated(reader: Reader, item: Item, meaning: Meaning) -> None:
    """Keeps what a phrase means out of the clip, all of it where it means several things."""
    column, value = meaning.column, meaning.value
    if column == "backdrop":
        column = "kind"
    kinds = CLASSES.get(item.words[-1], ()) if column == "kind" else ()
    if column == "kind" and "+" in value:
        kinds = tuple(dict.fromkeys(value.split("+")))  # "no families"
    if column == "absent":
        reader.mark(item, Fate.HONOURED, f"without {' '.join(item.words)}")
    elif column == "snow":
        reader.excluded |= {("weather", "snow"), ("place", "snow field")}
        reader.mark(item, Fate.HONOURED, "without falling snow and without a snow field")
    elif kinds:
        if set(_PEOPLE) <= set(kinds):
            reader.empty.append(item)
        reader.excluded.update(("kind", kind) for kind in kinds)
        plurals = [KINDS[kind].plural for kind in kinds]
        told = " and ".join(part for part in (", ".join(plurals[:-1]), plurals[-1]) if part)
        reader.mark(item, Fate.HONOURED, f"without {told}")
    elif column in (*CLAUSES, "kind", "colour", "action"):
        reader.excluded.add((column, value))
        reader.mark(item, Fate.HONOURED, f"without {_bare(meaning)}")
    else:
        said = " ".join(item.words)
        reader.mark(item, Fate.UNKNOWN, said)
        reader.note(f'"{said}" cannot be kept out: only subjects, colours, actions and scenes can.')


def _bare(meaning: Meaning) -> str:
    """What stands after "without": "dogs", "running", "a park", "night"."""
    if meaning.column in ("kind", "backdrop"):
        return KINDS[meaning.value].plural
    if meaning.column == "action":
        return ACTIONS[meaning.value][2] if meaning.value in ACTIONS else meaning.value
    first, _, rest = spoken(meaning).partition(" ")
    return rest if first in PREPOSITIONS and rest else spoken(meaning)


def made_all_the_same(excluded: Collection[tuple[str, str]], said: Said) -> list[str]:
    """A sentence for everything that is kept out by one word and made by another."""
    return [
        f'"{CANONICAL[column][value] if column in CANONICAL else value}" was to be kept out and is '
        "made all the same, for want of another or because it was asked for too."
        for column, value in _made(excluded, said)
    ]


def kept_out(excluded: Collection[tuple[str, str]], said: Said) -> set[str]:
    """What stands after "without" for all that was to be kept out and is made all the same."""
    return {_bare(Meaning(column, value, True)) for column, value in _made(excluded, said)}


def _made(excluded: Collection[tuple[str, str]], said: Said) -> list[tuple[str, str]]:
    """The (column, value) that were to be kept out and that an account has."""
    made = {
        (column, getattr(subject, name) or "")
        for subject in said.subjects
        for column, name in (
            ("kind", "kind"), ("colour", "colour"), ("action", "action"), ("action", "then")
        )
    } | {(column, getattr(said, column) or "") for column in CLAUSES}  # fmt: skip
    return sorted({*excluded} & made)
