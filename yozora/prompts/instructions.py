"""The caption language, told to a language model."""

from __future__ import annotations

import functools

from yozora.world.pairs import PAIRS
from yozora.world.phrases import CANONICAL, KINDS, PAIRED, SEASONAL, article
from yozora.world.scene import COLOURS, SHELTERED, TIMELESS

EXAMPLES = (
    "a brown dog runs in a park in summer by day , clear weather , natural style , "
    "the camera follows",
    "a woman in a red dress with black boots and a black jacket walks then waves on a beach "
    "at sunset , clear weather , natural style , the camera follows",
    "a black dog chases a white cat in a living room by day , natural style , static camera",
    "three grey robots dance inside a spaceship , cartoon style , the camera orbits",
    "in a library at night , watercolour style , the camera moves forward",
)


@functools.cache
def instructions() -> str:
    """What a language model is told before the prompt."""
    pairs = ", ".join(f"'{pair.forms[1]}'" for pair in PAIRS.values())
    lines = [
        "Rewrite the user's prompt as one caption in a small fixed language. Keep what is said,",
        "choose what is left open, and put the nearest thing for what the language lacks. Turn a",
        "mood or an idea into what shows it. Answer with the caption alone: no quotation marks,",
        "no explanation, lower case, spaces around commas, in this order:",
        "[subject] [action] (then [action]) ([relation] [subject] that [action]) [place]",
        "([season]) [time] , ([weather] ,) [style] , [camera]",
        "Examples:",
        *(f"- {text}" for text in EXAMPLES),
        "One subject is 'a red car', 'two red cars' or 'three red cars'. Two or three kinds are",
        "one each, joined by relations; three stand to the left or to the right of each other.",
        f"Two may do something with each other, without a relation: {pairs} stand between them.",
        "An empty place has no subject: the caption begins with the place.",
        "A person's own colour is that of the garment named below. A lone person may wear two more",
        "garments, each with a colour: 'with a red hat and black boots'.",
        f"Seasons are said only: {', '.join(sorted(SEASONAL))}.",
        f"Weather is not said in these places: {', '.join(sorted(SHELTERED))}.",
        f"The time is not said in these places: {', '.join(sorted(TIMELESS))}.",
        f"Colours: {', '.join(COLOURS)}.",
    ]
    for column, values in CANONICAL.items():
        lines.append(f"{column.capitalize()}: {' | '.join(values.values())}.")
    for words in KINDS.values():
        verbs = ", ".join(third for third, _ in words.actions.values())
        noun = f"{words.kind} in a red {words.wears}" if words.wears else f"red {words.kind}"
        line = f"Subject: {article(noun)} {noun} (several: {words.plural}) {verbs}."
        if words.garments:
            worn = (name if name in PAIRED else f"a {name}" for name in words.garments)
            line += f" May wear: {', '.join(worn)}."
        lines.append(line)
    return "\n".join(lines)
