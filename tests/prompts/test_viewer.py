"""A vision model behind a chat endpoint: what it says of a picture is read, or refused."""

from __future__ import annotations

import base64
import json

import pytest

from yozora.prompts.viewer import ViewerError, seen
from yozora.prompts.writer import Endpoint

HERE = Endpoint("http://viewer/v1/", "eyes", "secret")
PNG = b"\x89PNG picture"


def answering(text: str, log: list[tuple[str, dict, dict]] | None = None):
    def transport(url, headers, body):
        if log is not None:
            log.append((url, dict(headers), json.loads(body)))
        return json.dumps({"choices": [{"message": {"content": text}}]}).encode()

    return transport


def test_the_picture_is_sent_with_the_key_and_the_answer_is_read():
    log: list[tuple[str, dict, dict]] = []
    told = seen(PNG, HERE, answering('"A red car drives on a beach at sunset."', log))
    assert told.caption == "a red car drives on a beach at sunset"
    assert told.added == ()
    ((url, headers, body),) = log
    assert url == "http://viewer/v1/chat/completions"
    assert headers["Authorization"] == "Bearer secret" and body["model"] == "eyes"
    (message,) = body["messages"]
    data = message["content"][1]["image_url"]["url"].removeprefix("data:image/png;base64,")
    assert base64.b64decode(data) == PNG


def test_words_that_the_weights_do_not_know_are_named():
    told = seen(PNG, HERE, answering("<think>hm</think>A platypus sits in a forest in the rain."))
    assert "in a forest" in told.caption and "rain" in told.caption
    assert any("platypus" in note for note in told.notes) or any(
        word.word == "platypus" for word in told.words
    )


@pytest.mark.parametrize("text", ["", "   ", "xyzzy", "...", "\x00\x01"])
def test_an_answer_that_shows_nothing_is_refused(text):
    with pytest.raises(ViewerError, match="leave --endpoint out"):
        seen(PNG, HERE, answering(text))


def test_an_endpoint_that_fails_is_told_with_its_own_words():
    with pytest.raises(ViewerError, match=r"no such model.*check its address"):
        seen(PNG, HERE, lambda *asked: b'{"error": {"message": "no such model"}}')

    def down(*asked):
        raise ConnectionRefusedError

    with pytest.raises(ViewerError, match="ConnectionRefusedError"):
        seen(PNG, HERE, down)
