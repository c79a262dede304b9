"""A vision model's eyes: any endpoint that speaks OpenAI's chat completions and sees pictures.

It is asked for one plain sentence, which is read into the caption language as a person's prompt is.
The transport is an argument, so nothing here opens a connection by itself.
"""

from __future__ import annotations

import base64
import json

from yozora.prompts.answers import caption_in, error_in, text_of
from yozora.prompts.errors import PromptError
from yozora.prompts.recaption import Recaption, recaption
from yozora.prompts.writer import Endpoint, ServerError, Transport, headers_of, told_fault, url_of

MOST_TOKENS = 1024  # a sentence has less than 100: the rest is for models that think aloud
MOST_READ = 2000  # characters of an answer
ASKED = (
    "Say in one plain sentence what this picture shows: who or what, in which colours, what it "
    "does, where, at what time of day, in what weather, and whether it is a photograph, a cartoon, "
    "a watercolour, an ink drawing, papercraft, clay, pixel art or 3d animation. Name no camera. "
    "Answer with the sentence alone."
)


class ViewerError(PromptError):
    """The endpoint gave no words for a picture."""


def seen(picture_png: bytes, endpoint: Endpoint, transport: Transport) -> Recaption:
    """What a vision model says of a picture, read into the caption language; nothing is added.

    Raises ViewerError where the endpoint fails, or what it says cannot be read.
    """
    url = f"data:image/png;base64,{base64.b64encode(picture_png).decode()}"
    content = [
        {"type": "text", "text": ASKED},
        {"type": "image_url", "image_url": {"url": url}},
    ]
    body = {
        "model": endpoint.model,
        "messages": [{"role": "user", "content": content}],
        "temperature": 0.0,
        "max_tokens": MOST_TOKENS,
        "stream": False,
    }
    try:
        response = transport(url_of(endpoint), headers_of(endpoint), json.dumps(body).encode())
        if problem := error_in(response):
            raise ServerError(problem)
        answer = caption_in(text_of(response))[:MOST_READ]
        told = recaption(answer, 0, enhance=False)
    except PromptError as error:
        raise ViewerError(
            "the endpoint's answer says nothing that can be seen: ask another model, or leave "
            "--endpoint out"
        ) from error
    except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise ViewerError(
            f"the endpoint failed ({told_fault(error)}): check its address, --model and the key, "
            "or leave --endpoint out"
        ) from error
    if not told.caption:
        raise ViewerError(
            f"the endpoint said {answer[:80]!r}, of which the weights know nothing: ask another "
            "model, or leave --endpoint out"
        )
    return told
