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
from yozora.prompts.answers import caption_in, error_in, text_of
from yozora.prompts.instructions import instructions
from yozora.prompts.marking import mark_added
from yozora.prompts.reading import NOBODY, read
from yozora.prompts.recaption import Recaption, added_phrases, recaption, scene_of
from yozora.prompts.thesaurus import one_of
from yozora.world.captions import MAX_WORDS, caption, caption_said, parse, said
from yozora.world.pairs import PAIRS, possible
from yozora.world.parsing import Said, strangers, tokens
from yozora.world.phrases import KINDS, SEASONAL
from yozora.world.scene import ACROSS, SHELTERED, TIMELESS

__all__ = ["Endpoint", "Transport", "fault_of", "instructions", "write"]

Transport = Callable[[str, Mapping[str, str], bytes], bytes]  # (url, headers, body) -> response

ATTEMPTS = 2  # the second tells the model what was wrong with its first answer
MOST_TOKENS = 2048  # a caption has less than 100: the rest is for models that think aloud


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
        except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
            fault = f"the endpoint failed ({told_fault(error)})"
            break
        text = caption_in(answer)
        what = parse(text)
        fault = fault_of(text, what)
        if not fault:
            return _accepted(prompt, seed, reading.shown, reading.words, what)
        messages += [
            {"role": "assistant", "content": text or answer[:200]},
            {"role": "user", "content": f"Not in the caption language: {fault}. Write it again."},
        ]
    ours = recaption(prompt, seed)
    note = f"The language model was not used: {fault}. Yozora's own writer took its place."
    return replace(ours, notes=(*ours.notes, note))


def told_fault(error: Exception) -> str:
    """What went wrong, with what the server itself said where it said anything."""
    name = type(error).__name__
    body = b""
    if isinstance(error, OSError) and callable(read_body := getattr(error, "read", None)):
        try:  # an HTTP status that is no success comes as an error with the response's body
            body = read_body()
        except (OSError, ValueError):
            body = b""
    said_so = error_in(body) if body else str(error) if isinstance(error, ServerError) else ""
    return f"{name}: {said_so}" if said_so else name


class ServerError(ValueError):
    """The server answered with an error in the place of a completion."""


def fault_of(answer: str, what: Said) -> str:
    """What keeps an answer from being a complete caption; "" when it is one."""
    if not answer:
        return "it says nothing"
    if outside := strangers(answer):
        return f"it has no word {outside[0]!r}"
    if len(tokens(answer)) > MAX_WORDS:
        return f"it has more than {MAX_WORDS} words"
    pair = PAIRS.get(what.subjects[0].action or "") if what.subjects else None
    if pair is not None and len(what.subjects) != 2:
        return f"to {pair.forms[0]} takes two subjects"
    for number, subject in enumerate(what.subjects):
        words = KINDS[subject.kind or ""]
        partner = pair is not None and number == 1
        if subject.colour is None or (subject.action is None and not partner):
            return f"the {subject.kind} lacks a colour or an action"
        if any(colour is None for _, colour in subject.worn):
            return f"what the {subject.kind} wears lacks a colour"
        if pair is None or partner:
            for action in (subject.action, subject.then):
                if action is not None and action not in words.actions:
                    return f"{one_of(subject.kind or '')} cannot {action}"
    if pair is not None:
        one, other = (KINDS[subject.kind or ""] for subject in what.subjects)
        if not possible(what.subjects[0].action or "", one.poses, other.poses):
            return f"{one_of(one.kind)} cannot {pair.forms[0]} {one_of(other.kind)}"
    elif len(what.subjects) > 1 and what.relation is None:
        return "two subjects need a relation"
    if len(what.subjects) == 3 and what.relation not in ACROSS:
        return "three subjects stand to the left or to the right of each other"
    for column in ("place", "time", "style", "camera"):
        if column == "time" and what.place in TIMELESS:
            continue
        if getattr(what, column) is None:
            return f"it says no {column}"
    return ""


def _ask(
    messages: list[dict[str, str]], seed: int, endpoint: Endpoint, transport: Transport
) -> str:
    body = {
        "model": endpoint.model,
        "messages": messages,
        "seed": seed,
        "temperature": 0.7,
        "max_tokens": MOST_TOKENS,
        "stream": False,
    }
    response = transport(url_of(endpoint), headers_of(endpoint), json.dumps(body).encode())
    if problem := error_in(response):
        raise ServerError(problem)
    return text_of(response)


def url_of(endpoint: Endpoint) -> str:
    """Where completions are asked for."""
    return f"{endpoint.url.rstrip('/')}/chat/completions"


def headers_of(endpoint: Endpoint) -> dict[str, str]:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    return headers | ({"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {})


def _accepted(
    prompt: str, seed: int, before: Said, words: tuple[WordFate, ...], what: Said
) -> Recaption:
    """The model's caption in canonical form; a word that it did not keep is not known."""
    if what.place in SHELTERED:
        what = replace(what, weather=None)
    if what.place not in SEASONAL:
        what = replace(what, season=None)
    if what.place in TIMELESS:
        what = replace(what, time=None)
    if len(what.subjects) > 1:
        subjects = tuple(replace(subject, count=1) for subject in what.subjects)
        paired = subjects[0].action in PAIRS
        what = replace(what, subjects=subjects, relation=None if paired else what.relation)
    else:
        what = replace(what, relation=None)
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
    if fate.instead == NOBODY:
        return not parse(text).subjects
    said_words = set(text.split())
    return all(
        word in said_words or any(other.startswith(word) for other in said_words)
        for word in fate.instead.split()
        if word not in ("a", "an", "the")
    )
