"""The words of the caption language: kinds, their verbs, and every way to say an attribute.

`scene.py` holds the values and their canonical words; this file adds the few other words that a
caption may use for them, and reads the subjects' own words from `assets/`. Captions, the parser
and the vocabulary are all made from these tables, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from yozora.world.assets import ASSETS
from yozora.world.scene import (
    CAMERAS,
    COLOURS,
    PLACES,
    RELATIONS,
    SEASONS,
    STYLES,
    TIMES,
    WEATHERS,
)


@dataclass(frozen=True, slots=True)
class KindWords:
    """What language knows of one kind of subject."""

    kind: str
    plural: str
    synonyms: tuple[str, ...]  # plain English that means it
    actions: Mapping[str, tuple[str, str]]  # action -> third person, participle
    action_synonyms: Mapping[str, tuple[str, ...]]
    natural_colours: tuple[str, ...]
    wears: str | None  # "coat": the colour is said of what it wears
    setting: str  # "ground" | "water" | "air"
    travels: frozenset[str]  # actions that carry it across the ground


def _kind_words() -> dict[str, KindWords]:
    return {
        kind: KindWords(
            kind=asset.kind,
            plural=asset.plural,
            synonyms=tuple(asset.synonyms),
            actions=dict(sorted(asset.actions.items())),
            action_synonyms=dict(asset.action_synonyms),
            natural_colours=tuple(asset.natural_colours),
            wears=asset.wears,
            setting=asset.setting,
            travels=frozenset(a for a in asset.actions if asset.stride_m_s.get(a, 0.0) > 0.0),
        )
        for kind, asset in sorted(ASSETS.items())
    }


KINDS: dict[str, KindWords] = _kind_words()

# A season is said, and drawn, only where leaves show it; elsewhere a scene is in summer.
SEASONAL = frozenset({"park", "forest"})

# Other words for a kind that a caption may use (the recaptioner knows many more): one, several.
KIND_VARIANTS: dict[str, tuple[tuple[str, str], ...]] = {
    "ball": (("sphere", "spheres"),),
    "boat": (("sailboat", "sailboats"),),
    "box": (("cube", "cubes"),),
    "car": (("automobile", "automobiles"),),
    "cat": (("kitty", "kitties"),),
    "child": (("kid", "kids"),),
    "dog": (("hound", "hounds"),),
    "horse": (("pony", "ponies"),),
    "man": (("guy", "guys"),),
    "robot": (("android", "androids"),),
    "spaceship": (("starship", "starships"),),
    "woman": (("lady", "ladies"),),
}

# Each table: the value -> other phrases for it. No phrase may stand for two values.
PLACE_VARIANTS: dict[str, tuple[str, ...]] = {
    "park": ("in the park", "in a green park", "park"),
    "street": ("on a city street", "in the city", "on a street with neon signs", "city street"),
    "desert": ("in the desert", "in a sandy desert", "desert"),
    "beach": ("on the beach", "by the sea", "beach"),
    "snow field": ("in the snow field", "in a field of snow", "snow field"),
    "forest": ("in the forest", "in the woods", "among trees", "forest"),
    "library": ("in the library", "among books", "library"),
    "spaceship": ("in a spaceship", "aboard a spaceship", "spaceship interior"),
}
TIME_VARIANTS: dict[str, tuple[str, ...]] = {
    "dawn": ("at sunrise", "in the early morning", "dawn"),
    "day": ("in daylight", "during the day", "at noon", "daytime"),
    "sunset": ("at dusk", "in the evening", "sunset"),
    "night": ("in the dark", "during the night", "night"),
}
SEASON_VARIANTS: dict[str, tuple[str, ...]] = {
    "spring": ("in the spring", "spring"),
    "summer": ("in the summer", "summer"),
    "autumn": ("in the autumn", "autumn"),
    "winter": ("in the winter", "winter"),
}
WEATHER_VARIANTS: dict[str, tuple[str, ...]] = {
    "clear": ("clear sky", "in clear weather"),
    "rain": ("in the rain", "it is raining", "rainy weather"),
    "snow": ("snow is falling", "it is snowing", "snowy weather"),
}
STYLE_VARIANTS: dict[str, tuple[str, ...]] = {
    "natural": ("realistic style", "realistic", "in natural style"),
    "cartoon": ("cartoon", "in cartoon style", "drawn as a cartoon"),
    "noir": ("black and white", "noir", "in film noir style"),
}
CAMERA_VARIANTS: dict[str, tuple[str, ...]] = {
    "static": ("the camera is still", "still camera", "fixed camera"),
    "follow": ("tracking shot", "the camera tracks"),
    "pan left": ("camera pan to the left", "panning left"),
    "pan right": ("camera pan to the right", "panning right"),
    "push in": ("the camera moves closer", "camera push in"),
    "pull out": ("the camera moves away", "camera pull out"),
    "orbit": ("the camera circles", "orbiting camera"),
}
RELATION_VARIANTS: dict[str, tuple[str, ...]] = {
    "left of": ("on the left of", "left of"),
    "right of": ("on the right of", "right of"),
}
BESIDE = ("next to", "beside")  # two subjects, their order unsaid

CANONICAL: dict[str, dict[str, str]] = {
    "place": PLACES,
    "time": TIMES,
    "season": SEASONS,
    "weather": WEATHERS,
    "style": STYLES,
    "camera": CAMERAS,
    "relation": RELATIONS,
}
VARIANTS: dict[str, dict[str, tuple[str, ...]]] = {
    "place": PLACE_VARIANTS,
    "time": TIME_VARIANTS,
    "season": SEASON_VARIANTS,
    "weather": WEATHER_VARIANTS,
    "style": STYLE_VARIANTS,
    "camera": CAMERA_VARIANTS,
    "relation": RELATION_VARIANTS,
}

NUMBERS: dict[str, int] = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3}
GARMENTS: dict[str, str] = {  # one, several
    "coat": "coats",
    "dress": "dresses",
    "jacket": "jackets",
    "shirt": "shirts",
    "suit": "suits",
}
GLUE = (",", "a", "an", "and", "are", "in", "is", "that", "the", "then", "there", "wearing", "with")

assert all(words.wears is None or words.wears in GARMENTS for words in KINDS.values())

# Every action's third person and participle: part of the vocabulary even before a kind has it.
ACTIONS: dict[str, tuple[str, str, str]] = {
    "bloom": ("bloom", "blooms", "blooming"),
    "bounce": ("bounce", "bounces", "bouncing"),
    "dance": ("dance", "dances", "dancing"),
    "drive": ("drive", "drives", "driving"),
    "float": ("float", "floats", "floating"),
    "fly": ("fly", "flies", "flying"),
    "hover": ("hover", "hovers", "hovering"),
    "jump": ("jump", "jumps", "jumping"),
    "launch": ("launch", "launches", "launching"),
    "ride": ("ride", "rides", "riding"),
    "roll": ("roll", "rolls", "rolling"),
    "run": ("run", "runs", "running"),
    "sail": ("sail", "sails", "sailing"),
    "sit": ("sit", "sits", "sitting"),
    "slide": ("slide", "slides", "sliding"),
    "spin": ("spin", "spins", "spinning"),
    "stand": ("stand", "stands", "standing"),
    "sway": ("sway", "sways", "swaying"),
    "swim": ("swim", "swims", "swimming"),
    "turn": ("turn", "turns", "turning"),
    "walk": ("walk", "walks", "walking"),
    "wave": ("wave", "waves", "waving"),
}


def article(word: str) -> str:
    """Says "a" or "an", by the first letter."""
    return "an" if word[:1] in "aeiou" else "a"


def _phrases() -> dict[tuple[str, ...], tuple[str, str]]:
    table: dict[tuple[str, ...], tuple[str, str]] = {}

    def add(text: str, column: str, value: str) -> None:
        key = tuple(text.split())
        assert table.setdefault(key, (column, value)) == (column, value), (
            f"{text!r} says two things"
        )

    for column, values in CANONICAL.items():
        for value, text in values.items():
            for phrase in (text, *VARIANTS[column].get(value, ())):
                add(phrase, column, value)
    for text in BESIDE:
        add(text, "relation", "beside")
    for colour in COLOURS:
        add(colour, "colour", colour)
    for words in KINDS.values():
        for one, several in ((words.kind, words.plural), *KIND_VARIANTS.get(words.kind, ())):
            add(one, "kind", words.kind)
            add(several, "kind", words.kind)
        for action, forms in words.actions.items():
            for form in (action, *forms):
                add(form, "action", action)
    for one, several in GARMENTS.items():
        add(one, "garment", one)
        add(several, "garment", one)
    for number, count in NUMBERS.items():
        add(number, "count", str(count))
    add("then", "then", "then")
    return table


# Every phrase of the language, as words -> (column, value); the longest match wins.
PHRASES: dict[tuple[str, ...], tuple[str, str]] = _phrases()
LONGEST_PHRASE = max(len(key) for key in PHRASES)


def language_words() -> tuple[str, ...]:
    """Every word of the caption language, sorted, each once."""
    words: set[str] = set(GLUE)
    texts: Iterable[tuple[str, ...]] = PHRASES
    for text in texts:
        words.update(text)
    for forms in ACTIONS.values():
        words.update(forms)
    return tuple(sorted(words))
