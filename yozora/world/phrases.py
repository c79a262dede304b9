"""The words of the caption language: kinds, their verbs, and every way to say an attribute.

`scene.py` holds the values and their canonical words; this file adds the few other words that a
caption may use for them, and reads the subjects' own words from `assets/`. Captions, the parser
and the vocabulary are all made from these tables, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from yozora.world.assets import ASSETS
from yozora.world.assets.garments import GARMENT_NAMES
from yozora.world.pairs import OWN_POSES, PAIRS
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
    poses: frozenset[str]  # all that its asset can show, for pairs too
    homes: tuple[str, ...]  # places where it belongs
    garments: tuple[str, ...]  # that it may wear beside `wears`


# What people may wear beside the garment that their own colour is said of.
WORN_BY: dict[str, tuple[str, ...]] = {
    "woman": ("backpack", "boots", "hat", "jacket", "scarf"),
    "man": ("backpack", "boots", "hat", "scarf", "trousers"),
    "child": ("backpack", "boots", "hat", "scarf", "trousers"),
}


def _kind_words() -> dict[str, KindWords]:
    return {
        kind: KindWords(
            kind=asset.kind,
            plural=asset.plural,
            synonyms=tuple(asset.synonyms),
            actions={a: w for a, w in sorted(asset.actions.items()) if a not in OWN_POSES},
            action_synonyms=dict(asset.action_synonyms),
            natural_colours=tuple(asset.natural_colours),
            wears=asset.wears,
            setting=asset.setting,
            travels=frozenset(a for a in asset.actions if asset.stride_m_s.get(a, 0.0) > 0.0),
            poses=frozenset(asset.actions),
            homes=tuple(asset.homes),
            garments=WORN_BY.get(kind, ()),
        )
        for kind, asset in sorted(ASSETS.items())
    }


KINDS: dict[str, KindWords] = _kind_words()

# A season is said, and drawn, only where leaves show it; elsewhere a scene is in summer.
SEASONAL = frozenset({"park", "forest", "farm", "castle", "mountains"})

# Other words for a kind that a caption may use (the recaptioner knows many more): one, several.
KIND_VARIANTS: dict[str, tuple[tuple[str, str], ...]] = {
    "airplane": (("plane", "planes"),),
    "ball": (("sphere", "spheres"),),
    "bicycle": (("bike", "bikes"),),
    "boat": (("sailboat", "sailboats"),),
    "box": (("cube", "cubes"),),
    "bus": (("coach", "coaches"),),
    "car": (("automobile", "automobiles"),),
    "cat": (("kitty", "kitties"),),
    "child": (("kid", "kids"),),
    "dog": (("hound", "hounds"),),
    "flying car": (("hovercar", "hovercars"),),
    "horse": (("pony", "ponies"),),
    "man": (("guy", "guys"),),
    "phone": (("smartphone", "smartphones"),),
    "rabbit": (("bunny", "bunnies"),),
    "robot": (("android", "androids"),),
    "spaceship": (("starship", "starships"), ("ufo", "ufos")),
    "train": (("locomotive", "locomotives"),),
    "truck": (("lorry", "lorries"),),
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
    "castle": ("before a castle", "at the castle", "castle"),
    "road": ("on a city road", "on a road with traffic", "city road"),
    "future city": ("in a future city", "among flying cars and skyscrapers", "future city"),
    "building": ("in a new building", "in a modern hall", "new building"),
    "studio": ("in a studio", "on a pedestal", "studio"),
    "space": ("in space", "among the stars", "outer space"),
    "sea bed": ("in the sea", "on the sea bed", "underwater"),
    "mountains": ("in mountains", "before snowy peaks", "mountains"),
    "farm": ("on the farm", "by a red barn", "farm"),
    "living room": ("in the living room", "at home", "living room"),
    "classroom": ("in the classroom", "at school", "classroom"),
    "market": ("at the market", "among market stalls", "market"),
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
    "cloudy": ("cloudy weather", "under grey clouds"),
    "fog": ("in the fog", "foggy weather"),
    "rain": ("in the rain", "it is raining", "rainy weather"),
    "snow": ("snow is falling", "it is snowing", "snowy weather"),
}
STYLE_VARIANTS: dict[str, tuple[str, ...]] = {
    "natural": ("realistic style", "realistic", "in natural style"),
    "cartoon": ("cartoon", "in cartoon style", "drawn as a cartoon"),
    "noir": ("black and white", "noir", "in film noir style"),
    "3d animation": ("3d animation", "animated film", "in 3d animation style"),
    "watercolour": ("watercolour", "a watercolour painting", "in watercolour style"),
    "pixel art": ("pixel art", "made of pixels", "in pixel art style"),
    "papercraft": ("papercraft", "made of paper", "in papercraft style"),
    "clay": ("stop-motion", "made of clay", "clay animation"),
    "line drawing": ("line drawing", "drawn in ink", "in line drawing style"),
}
CAMERA_VARIANTS: dict[str, tuple[str, ...]] = {
    "static": ("the camera is still", "still camera", "fixed camera"),
    "follow": ("tracking shot", "the camera tracks"),
    "pan left": ("camera pan to the left", "panning left"),
    "pan right": ("camera pan to the right", "panning right"),
    "push in": ("the camera moves closer", "camera push in"),
    "pull out": ("the camera moves away", "camera pull out"),
    "orbit": ("the camera circles", "orbiting camera"),
    "crane up": ("crane shot", "the camera goes up"),
    "handheld": ("the camera shakes", "camera held by hand"),
    "forward": ("the camera goes forward", "walkthrough"),
}
RELATION_VARIANTS: dict[str, tuple[str, ...]] = {
    "left of": ("on the left of", "left of"),
    "right of": ("on the right of", "right of"),
    "in front of": ("ahead of", "in the front of"),
    "behind": ("at the back of", "right behind"),
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
    "shirt": "shirts",
    "suit": "suits",
    **dict(GARMENT_NAMES.values()),
}
PAIRED = frozenset({"boots", "trousers"})  # said without "a"
GLUE = (",", "a", "an", "and", "are", "in", "is", "that", "the", "then", "there", "wearing", "with")

assert all(words.wears is None or words.wears in GARMENTS for words in KINDS.values())

# Every action's third person and participle: part of the vocabulary even before a kind has it.
ACTIONS: dict[str, tuple[str, str, str]] = {
    "bloom": ("bloom", "blooms", "blooming"),
    "bounce": ("bounce", "bounces", "bouncing"),
    "breathe fire": ("breathe fire", "breathes fire", "breathing fire"),
    "clap": ("clap", "claps", "clapping"),
    "dance": ("dance", "dances", "dancing"),
    "drive": ("drive", "drives", "driving"),
    "eat": ("eat", "eats", "eating"),
    "erupt": ("erupt", "erupts", "erupting"),
    "fight": ("fight", "fights", "fighting"),
    "float": ("float", "floats", "floating"),
    "fly": ("fly", "flies", "flying"),
    "hover": ("hover", "hovers", "hovering"),
    "jump": ("jump", "jumps", "jumping"),
    "launch": ("launch", "launches", "launching"),
    "read": ("read", "reads", "reading"),
    "rear": ("rear", "rears", "rearing"),
    "ride": ("ride", "rides", "riding"),
    "roar": ("roar", "roars", "roaring"),
    "roll": ("roll", "rolls", "rolling"),
    "run": ("run", "runs", "running"),
    "sail": ("sail", "sails", "sailing"),
    "sit": ("sit", "sits", "sitting"),
    "sleep": ("sleep", "sleeps", "sleeping"),
    "slide": ("slide", "slides", "sliding"),
    "smoke": ("smoke", "smokes", "smoking"),
    "spin": ("spin", "spins", "spinning"),
    "stand": ("stand", "stands", "standing"),
    "sway": ("sway", "sways", "swaying"),
    "swim": ("swim", "swims", "swimming"),
    "swing": ("swing", "swings", "swinging"),
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
    for name, pair in PAIRS.items():
        for form in pair.forms:
            add(form, "action", name)
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
        words.update(word for form in forms for word in form.split())
    return tuple(sorted(words))
