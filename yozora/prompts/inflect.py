"""Regular and irregular English forms: plurals of nouns, finite forms and participles of verbs."""

from __future__ import annotations

VOWELS = "aeiou"

PLURALS = {
    "man": "men",
    "woman": "women",
    "child": "children",
    "person": "people",
    "foot": "feet",
    "goose": "geese",
    "mouse": "mice",
    "ox": "oxen",
    "deer": "deer",
    "sheep": "sheep",
    "fish": "fish",
    "moose": "moose",
    "aircraft": "aircraft",
    "spacecraft": "spacecraft",
    "hovercraft": "hovercraft",
    "dice": "dice",
    "wolf": "wolves",
    "werewolf": "werewolves",
    "calf": "calves",
    "elf": "elves",
    "dwarf": "dwarves",
    "thief": "thieves",
    "wife": "wives",
    "housewife": "housewives",
    "midwife": "midwives",
    "leaf": "leaves",
    "potato": "potatoes",
    "tomato": "tomatoes",
    "hero": "heroes",
    "buffalo": "buffaloes",
    "torpedo": "torpedoes",
    "mango": "mangoes",
    "cactus": "cacti",
}

PASTS = {  # base -> past forms that the rules do not make
    "run": ("ran",),
    "sit": ("sat",),
    "stand": ("stood",),
    "fly": ("flew", "flown"),
    "drive": ("drove", "driven"),
    "swim": ("swam", "swum"),
    "ride": ("rode", "ridden"),
    "go": ("went", "gone"),
    "come": ("came",),
    "lie": ("lay", "lain"),
    "sleep": ("slept",),
    "eat": ("ate", "eaten"),
    "drink": ("drank", "drunk"),
    "sing": ("sang", "sung"),
    "swing": ("swung",),
    "spring": ("sprang", "sprung"),
    "leap": ("leapt",),
    "flee": ("fled",),
    "creep": ("crept",),
    "sweep": ("swept",),
    "spin": ("spun",),
    "slide": ("slid",),
    "fall": ("fell", "fallen"),
    "rise": ("rose", "risen"),
    "grow": ("grew", "grown"),
    "read": (),
    "write": ("wrote", "written"),
    "hang": ("hung",),
    "stride": ("strode", "stridden"),
    "speed": ("sped",),
    "shake": ("shook", "shaken"),
    "wind": ("wound",),
    "rest": ("rested",),
    "put": (),
    "hit": (),
    "take": ("took", "taken"),
    "fight": ("fought",),
    "bring": ("brought",),
    "throw": ("threw", "thrown"),
    "catch": ("caught",),
    "hold": ("held",),
    "see": ("saw", "seen"),
    "feed": ("fed",),
    "leave": (),
    "strut": ("strutted",),
    "shoot": ("shot",),
}
SINGLE = frozenset(  # verbs whose last consonant is not doubled though they end like "run"
    ["open", "wander", "gather", "float", "bloom", "soar", "roam", "rest", "listen", "blossom"]
)


def plural(noun: str) -> str:
    """The plural of a noun or of the last word of a noun phrase."""
    head, _, last = noun.rpartition(" ")
    if last in PLURALS:
        text = PLURALS[last]
    elif last.endswith("woman") or last.endswith("man"):
        text = last[:-2] + "en"
    elif last.endswith(("s", "x", "z", "ch", "sh")):
        text = last + "es"
    elif last.endswith("y") and last[-2:-1] not in VOWELS:
        text = last[:-1] + "ies"
    else:
        text = last + "s"
    return f"{head} {text}".strip()


def _doubles(verb: str) -> bool:
    if verb in SINGLE or len(verb) < 3 or verb[-1] in VOWELS + "wxy":
        return False
    if verb[-2] not in VOWELS or verb[-3] in VOWELS:
        return False
    return sum(letter in VOWELS for letter in verb) == 1


def verb_forms(verb: str) -> tuple[str, ...]:
    """Base, -s, -ing and past forms of a verb; of a phrasal verb its first word is inflected."""
    first, _, rest = verb.partition(" ")
    if first.endswith(("s", "x", "z", "ch", "sh", "go", "do")):
        third = first + "es"
    elif first.endswith("y") and first[-2:-1] not in VOWELS:
        third = first[:-1] + "ies"
    else:
        third = first + "s"
    if first.endswith("ie"):
        participle = first[:-2] + "ying"
    elif first.endswith("e") and not first.endswith(("ee", "oe", "ye")):
        participle = first[:-1] + "ing"
    else:
        participle = first + (first[-1] if _doubles(first) else "") + "ing"
    if first in PASTS:
        pasts = PASTS[first]
    elif first.endswith("e"):
        pasts = (first + "d",)
    elif first.endswith("y") and first[-2:-1] not in VOWELS:
        pasts = (first[:-1] + "ied",)
    else:
        pasts = (first + (first[-1] if _doubles(first) else "") + "ed",)
    return tuple(f"{form} {rest}".strip() for form in (first, third, participle, *pasts))


def base_form(verb: str) -> str:
    """The base of a third person, also of a phrasal verb; a base stays as it is."""
    first, _, rest = verb.partition(" ")
    if first.endswith("ies") and len(first) > 4:
        first = first[:-3] + "y"
    elif first.endswith(("shes", "ches", "xes", "sses", "zzes", "goes", "does")):
        first = first[:-2]
    elif first.endswith("s") and not first.endswith("ss"):
        first = first[:-1]
    return f"{first} {rest}".strip()
