"""What every check is given: a client of some version, and what it was told of the studio."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from typing import Any

SMALL = {"model": "yozora-1", "seconds": "1"}
PROMPT = "a dog runs in a park"
JSON = {"Content-Type": "application/json"}


class Absent(Exception):
    """This version of the client has no such thing."""


class Drive:
    """Only the standard library and the client are imported here."""

    def __init__(self, told: dict[str, str]) -> None:
        import openai
        from openai.types import Video

        self.openai, self.Video, self.told = openai, Video, told
        self.client = self.with_key("any")
        self.films: list[Any] = []

    def with_key(self, key: str) -> Any:
        return self.openai.OpenAI(base_url=self.told["url"] + "/v1", api_key=key)

    def film(self) -> Any:
        """A video that is done, made once."""
        if not self.films:
            self.films.append(self.made(self.client.videos.create(prompt=PROMPT, **SMALL)))
        return self.films[0]

    def made(self, video: Any) -> Any:
        done = self.client.videos.poll(video.id, poll_interval_ms=50)
        assert done.status == "completed", done.error
        return done

    def needs(self, name: str) -> Callable[..., Any]:
        """A method of `client.videos`, where there is one."""
        found = getattr(self.client.videos, name, None)
        if found is None:
            raise Absent(f"no videos.{name}")
        return found

    def hands(self, path: str) -> Any:
        """Ask the test for what a client cannot do: to be busy, to show what was delivered."""
        with urllib.request.urlopen(self.told["hands"] + path, b"", timeout=30) as answer:
            return json.load(answer)

    def refused(self, kind: str, call: Callable[[], Any]) -> Any:
        """The error of this class that a call ends in, with an id and a sentence."""
        try:
            call()
        except self.openai.APIStatusError as error:
            assert type(error).__name__ == kind, repr(error)
            assert error.request_id and error.request_id.startswith("req_"), error.request_id
            assert error.body["message"] and set(error.body) == {"message", "type", "param", "code"}
            return error
        raise AssertionError(f"no {kind}")
