"""A chat endpoint from the command line: its address, its key, and how it is reached."""

from __future__ import annotations

import argparse
import os
import urllib.request
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from yozora.captioning import See
    from yozora.prompts.writer import Endpoint

KEY = "YOZORA_API_KEY"  # the environment variable that holds an endpoint's key
MODEL = "default"  # servers with one model take any name
TIMEOUT_S = 120.0
MOST_BYTES = 8 << 20  # of an answer


Flag = tuple[str, dict[str, Any]]
FLAGS: tuple[Flag, ...] = (
    ("--endpoint", {"metavar": "URL",
                    "help": "a vision model behind OpenAI's chat API: http://localhost:8000/v1"}),
    ("--model", {"metavar": "NAME", "help": "which model of the endpoint (default: its own)"}),
)  # fmt: skip


def endpoint_of(arguments: argparse.Namespace) -> Endpoint | None:
    """What --endpoint and --model say. Raises RequestError for an address that is none."""
    from yozora.prompts.writer import Endpoint
    from yozora.request import RequestError

    url: str | None = arguments.endpoint
    if url is None:
        if arguments.model is not None:
            raise RequestError("--model is for --endpoint: give its address, or leave --model out")
        return None
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and url.isprintable()
    except ValueError:
        known = False
    if not known or " " in url:
        raise RequestError(f"{url[:60]!r} is no endpoint: write it as http://localhost:8000/v1")
    return Endpoint(url, arguments.model or MODEL, os.environ.get(KEY))


def over_http(url: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """A request to an endpoint; its answer, cut at `MOST_BYTES`. Raises OSError."""
    request = urllib.request.Request(url, body, dict(headers))
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:
        answer: bytes = response.read(MOST_BYTES)
    return answer


def viewer_of(arguments: argparse.Namespace) -> See | None:
    """The endpoint that was named, as a pair of eyes; None where none was. Raises RequestError."""
    endpoint = endpoint_of(arguments)
    if endpoint is None:
        return None
    from yozora.prompts.viewer import seen

    return lambda picture_png: seen(picture_png, endpoint, over_http)
