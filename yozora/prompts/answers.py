"""What chat servers answer, and the caption in it.

OpenAI's form is spoken by llama.cpp's server, Ollama and vLLM with differences: where a model's
thoughts stand, what an error looks like, and which fields there are beside the text.
"""

from __future__ import annotations

import json
import re
from typing import Any

from yozora.world.parsing import strangers

MOST_TOLD = 200  # characters of a server's own words in a note
_THOUGHT = re.compile(r"<(think|thinking|thought|reasoning)>.*?</\1>", re.DOTALL | re.IGNORECASE)
_OPEN_THOUGHT = re.compile(r"<(think|thinking|thought|reasoning)>.*", re.DOTALL | re.IGNORECASE)
_REST_OF_THOUGHT = re.compile(r"^.*</(?:think|thinking|thought|reasoning)>", re.DOTALL | re.I)
_CHANNEL = re.compile(r"^.*<\|channel\|>final<\|message\|>", re.DOTALL)
_TOKEN = re.compile(r"<\|[^|<>]*\|>|</?s>|\[/?INST\]")
_FENCE = re.compile(r"```[\w-]*[ \t]*\n?(.*?)(?:```|$)", re.DOTALL)
_LABEL = re.compile(
    r"^(?:[-*>#]+ *|\d+[.)] *)?\**(?:caption|answer|output)\**:\** *", re.IGNORECASE
)


def text_of(response: bytes) -> str:
    """The text of a completion. A model's thoughts in a field of their own are not part of it.

    Raises ValueError, KeyError, IndexError or TypeError for a response that holds none.
    """
    message = json.loads(response)["choices"][0]["message"]
    content = message["content"]
    if isinstance(content, list):  # parts: [{"type": "text", "text": ".."}]
        content = "".join(part["text"] for part in content if part.get("type") == "text")
    if not isinstance(content, str) or not content.strip():
        raise ValueError("the answer holds no text")
    return content


def error_in(response: bytes) -> str:
    """What a server says has gone wrong, shortened; "" where it says nothing of the kind.

    {"error": {"message": ..}} of OpenAI's form, {"error": ".."}, {"object": "error", "message": ..}
    and {"detail": ..} are known; text that is no JSON is no error of this kind.
    """
    try:
        body: Any = json.loads(response)
    except ValueError:
        return ""
    if not isinstance(body, dict) or body.get("choices"):
        return ""
    problem = body.get("error") or body.get("detail")
    if body.get("object") == "error":
        problem = body.get("message") or problem
    if isinstance(problem, dict):
        problem = problem.get("message") or problem.get("type") or "an error"
    text = " ".join(str(problem).split()) if problem else ""
    return text if len(text) <= MOST_TOLD else text[: MOST_TOLD - 1] + "\u2026"


def caption_in(answer: str) -> str:
    """The caption in an answer, without thoughts, fences, quotation marks and labels."""
    text = _CHANNEL.sub("", answer)
    text = _THOUGHT.sub("", text)
    text = _REST_OF_THOUGHT.sub("", text)  # a template may have opened the thought itself
    text = _OPEN_THOUGHT.sub("", text)
    text = _TOKEN.sub("", text)
    fenced = _FENCE.search(text)
    text = fenced[1] if fenced else text
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    bare = [_bare(line) for line in lines]
    whole = [line for line in bare if line and not strangers(line)]
    return whole[0] if whole else _bare(" ".join(lines))


def _bare(line: str) -> str:
    """A line without its label, marks of emphasis and quotation, in lower case."""
    line = _LABEL.sub("", line).strip()
    for fancy in "\u201c\u201d\u2018\u2019*`":
        line = line.replace(fancy, "")
    return line.strip(" .\"'").lower()
