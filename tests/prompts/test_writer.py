"""A language model may write, but only in the caption language; the endpoint here is a fake."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from yozora.prompts.account import Fate
from yozora.prompts.instructions import EXAMPLES
from yozora.prompts.recaption import recaption
from yozora.prompts.writer import Endpoint, fault_of, instructions, write
from yozora.world.captions import parse

GOOD = "a white dog runs in a forest in autumn at dawn , rain , cartoon style , the camera follows"
ENDPOINT = Endpoint("http://localhost:1/v1/", "tiny", key="k")


def answering(*texts: str) -> tuple[Callable[[str, Mapping[str, str], bytes], bytes], list[dict]]:
    asked: list[dict] = []

    def transport(url: str, headers: Mapping[str, str], body: bytes) -> bytes:
        assert url == "http://localhost:1/v1/chat/completions"
        assert headers["Authorization"] == "Bearer k"
        asked.append(json.loads(body))
        content = texts[min(len(asked), len(texts)) - 1]
        return json.dumps({"choices": [{"message": {"content": content}}]}).encode()

    return transport, asked


def test_a_caption_of_the_language_is_taken():
    transport, asked = answering(GOOD)
    result = write("a dog runs in the woods", 3, ENDPOINT, transport)
    assert result.caption == GOOD
    assert result.scene is not None and result.scene.weather == "rain"
    assert [word.fate for word in result.words] == [Fate.HONOURED] * 3
    assert "white" in result.added and len(asked) == 1
    assert asked[0]["messages"][0]["content"] == instructions()


def test_a_word_that_the_model_forgot_is_named():
    transport, _ = answering(GOOD)
    result = write("a dog runs on the beach", 3, ENDPOINT, transport)
    assert result.words[-1].fate is Fate.UNKNOWN
    assert any('"beach"' in note for note in result.notes)


def test_a_second_try_may_be_right():
    transport, asked = answering("A majestic wolf!", GOOD)
    assert write("a wolf", 0, ENDPOINT, transport).caption == GOOD
    assert len(asked) == 2 and len(asked[1]["messages"]) == 4


def test_otherwise_our_own_writer_writes_and_says_so():
    transport, asked = answering("Sure! Here is a caption: a dog")
    result = write("a dog", 7, ENDPOINT, transport)
    assert result.caption == recaption("a dog", 7).caption
    assert "was not used" in result.notes[-1] and len(asked) == 2


def test_a_broken_endpoint_is_survived():
    def refused(url: str, headers: Mapping[str, str], body: bytes) -> bytes:
        raise ConnectionRefusedError

    for transport in (refused, lambda url, headers, body: b"<html>", lambda u, h, b: b"{}"):
        result = write("a dog", 7, ENDPOINT, transport)
        assert result.caption == recaption("a dog", 7).caption
        assert "failed" in result.notes[-1]


def test_faults_are_told():
    def fault(text: str) -> str:
        return fault_of(text, parse(text))

    assert fault(GOOD) == ""
    assert fault(GOOD.replace("dog runs", "car dances")) == "a car cannot dance"
    assert fault(GOOD.replace(" , the camera follows", "")) == "it says no camera"
    assert fault("in a park") == "it says no time"
    assert fault("") == "it says nothing"
    empty = "in a park in summer by day , clear weather , natural style , static camera"
    assert fault(empty) == ""
    two = "a red dog {} a white cat in a park in summer by day , rain , noir , static camera"
    two = two.replace("noir", "natural style")
    assert fault(two.format("chases")) == ""
    assert fault(two.format("meets")) == "a dog cannot meet a cat"
    assert fault(two.format("runs next to").replace("cat", "cat that sits")) == (
        "two subjects need a relation"
    )
    coat = "a woman in a red dress with boots walks in a library by day , natural style"
    assert fault(coat) == "what the woman wears lacks a colour"


def test_an_empty_place_may_be_written():
    empty = "in a library at night , natural style , the camera moves forward"
    transport, _ = answering(empty)
    result = write("an empty library at night", 3, ENDPOINT, transport)
    assert result.caption == empty and result.scene is not None and result.scene.subjects == ()
    assert [word.fate for word in result.words] == [Fate.HONOURED] * 3


def test_pairs_and_garments_may_be_written():
    chase = "a black dog chases a white cat in a living room by day , natural style , static camera"
    transport, _ = answering(chase)
    assert write("a dog chases a cat", 3, ENDPOINT, transport).caption == chase
    worn = (
        "a woman in a red dress with black boots walks on a beach at sunset , clear weather , "
        "natural style , the camera follows"
    )
    transport, _ = answering(worn)
    assert write("a woman in boots on the beach", 3, ENDPOINT, transport).caption == worn


def test_the_examples_of_the_instructions_are_captions():
    for text in EXAMPLES:
        assert fault_of(text, parse(text)) == "", text
        assert text in instructions()
