"""A language model in the writer's place: any endpoint that speaks OpenAI's chat completions.

It is told the caption language and the prompt; what it answers counts only if it is a caption of
that language, else our own recaptioner writes and a note says so. The transport is an argument, so
nothing here opens a connection by itself.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from yozora.prompts.account import Fate, WordFate
from yozora.prompts.reading import read
from yozora.prompts.recaption import Recaption, added_phrases, mark_added, recaption, scene_of
from yozora.world.captions import MAX_WORDS, caption, caption_said, parse, said
from yozora.world.parsing import Said, strangers, tokens
from yozora.world.phrases import CANONICAL, KINDS, SEASONAL
from yozora.world.scene import COLOURS, SHELTERED

Transport = Callable[[str, Mapping[str, str], bytes], bytes]  # (url, headers, body) -> response

ATTEMPTS = 2  # the second tells the model what was wrong with its first answer
SAMPLE = (
    "a brown dog runs in a park in summer by day , clear weather , natural style , "
    "the camera follows"
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the language model is."""

    url: str  # of the API, for example "http://localhost:11434/v1"
    model: str
    key: str | None = None  # sent as a bearer token


def write(prompt: str, seed: int, endpoint: Endpoint, transport: Transport) -> Recaption:
    """`recaption(prompt, seed)` with a language model as the writer.

    Falls back to `recaption` when the endpoint fails or does not answer in the caption
    language; the last note then says why. Raises PromptError for a prompt that cannot be read.
    """
    reading = read(prompt)
    messages = [
        {"role": "system", "content": instructions()},
        {"role": "user", "content": prompt},
    ]
    fault = ""
    for _ in range(ATTEMPTS):
        try:
            answer = _ask(messages, seed, endpoint, transport)
        except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
            fault = f"the endpoint failed ({type(error).__name__})"
            break
        what = parse(answer)
        fault = fault_of(answer, what)
        if not fault:
            return _accepted(prompt, seed, reading.said, reading.words, what)
        messages += [
            {"role": "assistant", "content": answer},
            {"role": "user", "content": f"Not in the caption language: {fault}. Write it again."},
        ]
    ours = recaption(prompt, seed)
    note = f"The language model was not used: {fault}. Yozora's own writer took its place."
    return replace(ours, notes=(*ours.notes, note))


def instructions() -> str:
    """The caption language, told to a language model."""
    lines = [
        "Rewrite the user's prompt as one caption in a small fixed language. Keep what is said,",
        "choose what is left open, and put the nearest thing for what the language lacks.",
        "Answer with the caption alone: lower case, spaces around commas, in this order:",
        "[subject] [action] (then [action]) ([relation] [subject] that [action]) [place]",
        "([season]) [time] , ([weather] ,) [style] , [camera]",
        f"Example: {SAMPLE}",
        "One subject is 'a red car', 'two red cars' or 'three red cars'; two kinds are one each.",
        f"Seasons are said only: {', '.join(sorted(SEASONAL))}.",
        f"Weather is not said in these places: {', '.join(sorted(SHELTERED))}.",
        f"Colours: {', '.join(COLOURS)}.",
    ]
    for column, values in CANONICAL.items():
        lines.append(f"{column.capitalize()}: {' | '.join(values.values())}.")
    for words in KINDS.values():
        verbs = ", ".join(third for third, _ in words.actions.values())
        noun = f"{words.kind} in a red {words.wears}" if words.wears else f"red {words.kind}"
        lines.append(f"Subject: a {noun} (several: {words.plural}) {verbs}.")
    return "\n".join(lines)


def fault_of(answer: str, what: Said) -> str:
    """What keeps an answer from being a complete caption; "" when it is one."""
    if outside := strangers(answer):
        return f"it has no word {outside[0]!r}"
    if len(tokens(answer)) > MAX_WORDS:
        return f"it has more than {MAX_WORDS} words"
    if not what.subjects:
        return "it names no subject"
    for subject in what.subjects:
        actions = KINDS[subject.kind or ""].actions
        if subject.colour is None or subject.action is None:
            return f"the {subject.kind} lacks a colour or an action"
        for action in (subject.action, subject.then):
            if action is not None and action not in actions:
                return f"a {subject.kind} cannot {action}"
    if len(what.subjects) == 2 and what.relation is None:
        return "two subjects need a relation"
    for column in ("place", "time", "style", "camera"):
        if getattr(what, column) is None:
            return f"it says no {column}"
    return ""


def _ask(
    messages: list[dict[str, str]], seed: int, endpoint: Endpoint, transport: Transport
) -> str:
    headers = {"Content-Type": "application/json"}
    if endpoint.key:
        headers["Authorization"] = f"Bearer {endpoint.key}"
    body = {"model": endpoint.model, "messages": messages, "seed": seed, "temperature": 0.7}
    url = f"{endpoint.url.rstrip('/')}/chat/completions"
    response = json.loads(transport(url, headers, json.dumps(body).encode()))
    answer = response["choices"][0]["message"]["content"]
    if not isinstance(answer, str):
        raise ValueError("the answer holds no text")
    return answer.strip().strip('."')


def _accepted(
    prompt: str, seed: int, before: Said, words: tuple[WordFate, ...], what: Said
) -> Recaption:
    """The model's caption in canonical form; a word that it did not keep is not known."""
    if what.place in SHELTERED:
        what = replace(what, weather=None)
    if what.place not in SEASONAL:
        what = replace(what, season=None)
    scene = scene_of(what, random.Random(f"{seed}:{' '.join(prompt.split())}"))
    text = caption(scene)
    fates = tuple(word if _kept(word, text) else replace(word, fate=Fate.UNKNOWN) for word in words)
    lost = dict.fromkeys(w.word for w in fates if w.fate is Fate.UNKNOWN)
    return Recaption(
        caption=text,
        scene=scene,
        words=fates,
        added=added_phrases(before, said(scene)),
        notes=tuple(f'"{word}" is not in the caption.' for word in lost),
        marked=mark_added(caption_said(before), text),
    )


def _kept(fate: WordFate, text: str) -> bool:
    """Whether the caption says what stands for a word (verbs in their present form count)."""
    if fate.instead.startswith("without "):
        return True
    said_words = set(text.split())
    return all(
        word in said_words or any(other.startswith(word) for other in said_words)
        for word in fate.instead.split()
        if word not in ("a", "an", "the")
    )
