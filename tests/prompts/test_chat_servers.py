"""The writer against servers that answer as llama.cpp, Ollama and vLLM do, over a real socket."""

from __future__ import annotations

import json
import threading
import urllib.request
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from yozora.prompts.answers import caption_in, error_in
from yozora.prompts.recaption import Recaption, recaption
from yozora.prompts.writer import Endpoint, write

GOOD = "a white dog runs in a forest in autumn at dawn , rain , cartoon style , the camera follows"
PROMPT = "a dog runs in the woods"


def llama_cpp(content: str) -> dict[str, object]:
    """A completion as llama.cpp's server sends it, with its timings."""
    message = {
        "role": "assistant",
        "reasoning_content": "The user wants a dog.",
        "content": content,
    }
    return {
        "choices": [{"finish_reason": "stop", "index": 0, "message": message}],
        "created": 1754000000, "model": "gpt-3.5-turbo", "system_fingerprint": "b6000-abc",
        "object": "chat.completion", "id": "chatcmpl-x",
        "usage": {"completion_tokens": 22, "prompt_tokens": 900, "total_tokens": 922},
        "timings": {"prompt_n": 900, "prompt_ms": 12.5, "predicted_per_second": 80.0},
    }  # fmt: skip


def ollama(content: str) -> dict[str, object]:
    """A completion as Ollama sends it: thoughts, where it parts them, are `reasoning`."""
    message = {"role": "assistant", "content": content, "reasoning": "Let me think."}
    return {
        "id": "chatcmpl-123", "object": "chat.completion", "created": 1754000000,
        "model": "llama3.2", "system_fingerprint": "fp_ollama",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 900, "completion_tokens": 22, "total_tokens": 922},
    }  # fmt: skip


def vllm(content: str) -> dict[str, object]:
    """A completion as vLLM sends it, with many fields that are null."""
    message = {
        "role": "assistant", "content": content, "refusal": None, "annotations": None,
        "audio": None, "function_call": None, "tool_calls": [], "reasoning_content": None,
    }  # fmt: skip
    choice = {
        "index": 0, "message": message, "logprobs": None, "finish_reason": "stop",
        "stop_reason": None, "token_ids": None,
    }  # fmt: skip
    return {
        "id": "chatcmpl-9f", "object": "chat.completion", "created": 1754000000, "model": "m",
        "choices": [choice], "service_tier": None, "prompt_logprobs": None,
        "usage": {"prompt_tokens": 900, "total_tokens": 922, "prompt_tokens_details": None},
    }  # fmt: skip


class Server(ThreadingHTTPServer):
    """Sends what it is told, and keeps what it was asked."""

    status = 200
    reply = b""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[dict[str, object]] = []


class Handler(BaseHTTPRequestHandler):
    """One completion."""

    server: Server

    def do_POST(self) -> None:
        assert self.path == "/v1/chat/completions"
        self.server.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(self.server.reply)))
        self.end_headers()
        self.wfile.write(self.server.reply)

    def log_message(self, format: str, *args: object) -> None:
        pass


def post(url: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """A transport over HTTP; a status that is no success raises `urllib.error.HTTPError`."""
    request = urllib.request.Request(url, body, dict(headers), method="POST")
    with urllib.request.urlopen(request, timeout=10) as response:
        found: bytes = response.read()
    return found


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def asked(server: Server, reply: object, status: int = 200) -> Recaption:
    server.status = status
    server.reply = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
    url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    return write(PROMPT, 3, Endpoint(url, "m"), post)


CONTENTS = {
    "plain": GOOD,
    "newlines": f"\n\n{GOOD}\n",
    "capital and full stop": GOOD.capitalize() + ".",
    "quoted": f'"{GOOD}"',
    "fenced": f"```\n{GOOD}\n```",
    "fenced with a language": f"Sure!\n```text\n{GOOD}\n```\nHope this helps!",
    "thought": f"<think>\nA dog , a forest.\n</think>\n\n{GOOD}",
    "thought opened by the template": f"The user wants a dog.\n</think>\n\n{GOOD}",
    "labelled": f"Caption: {GOOD}",
    "bold label": f"**Caption:** {GOOD}",
    "introduced": f"Here is the caption:\n\n{GOOD}",
    "end token": f"{GOOD}<|im_end|>",
    "commas without spaces": GOOD.replace(" ,", ","),
}


@pytest.mark.parametrize("form", [llama_cpp, ollama, vllm])
@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
def test_completions_are_understood(server: Server, form, content: str):
    assert asked(server, form(content)).caption == GOOD
    (body,) = server.asked
    assert body["stream"] is False and body["model"] == "m" and body["seed"] == 3


def test_content_in_parts(server: Server):
    answer = vllm(GOOD)
    answer["choices"][0]["message"]["content"] = [{"type": "text", "text": GOOD}]  # type: ignore[index]
    assert asked(server, answer).caption == GOOD


ERRORS: dict[str, tuple[int, object, str]] = {
    "llama.cpp, loading": (
        503, {"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}},
        "Loading model",
    ),
    "llama.cpp, context": (
        400,
        {"error": {"code": 400, "message": "the request exceeds the available context size",
                   "type": "exceed_context_size_error", "n_prompt_tokens": 9, "n_ctx": 4}},
        "context size",
    ),
    "Ollama, no model": (
        404,
        {"error": {"message": "model 'm' not found", "type": "api_error", "param": None,
                   "code": None}},
        "model 'm' not found",
    ),
    "Ollama, native": (400, {"error": "invalid options"}, "invalid options"),
    "vLLM, old": (
        404,
        {"object": "error", "message": "The model `m` does not exist.", "type": "NotFoundError",
         "param": None, "code": 404},
        "does not exist",
    ),
    "vLLM, unauthorized": (401, {"error": "Unauthorized"}, "Unauthorized"),
    "proxy": (502, b"<html>Bad gateway</html>", "HTTPError"),
    "error with success": (200, {"error": {"message": "out of memory"}}, "out of memory"),
}  # fmt: skip


@pytest.mark.parametrize(("status", "reply", "told"), ERRORS.values(), ids=ERRORS)
def test_errors_fall_back_and_are_told(server: Server, status: int, reply: object, told: str):
    result = asked(server, reply, status)
    assert result.caption == recaption(PROMPT, 3).caption
    assert "was not used" in result.notes[-1] and told in result.notes[-1]
    assert len(server.asked) == 1


ODD = {
    "empty": llama_cpp(""),
    "null": {"choices": [{"message": {"role": "assistant", "content": None}}]},
    "no choices": {"choices": []},
    "a list": [1, 2],
    "stream": b'data: {"choices": [{"delta": {"content": "a"}}]}\n\ndata: [DONE]\n\n',
    "only thoughts": ollama("<think>I never come to an end"),
    "refusal": vllm("I'm sorry, but I can't help with that."),
}


@pytest.mark.parametrize("reply", ODD.values(), ids=ODD)
def test_odd_answers_and_refusals_fall_back(server: Server, reply: object):
    result = asked(server, reply)
    assert result.caption == recaption(PROMPT, 3).caption
    assert "Yozora's own writer took its place." in result.notes[-1]


def test_no_server_at_all():
    with Server() as gone:
        port = gone.server_address[1]
    result = write(PROMPT, 3, Endpoint(f"http://127.0.0.1:{port}/v1", "m"), post)
    assert "URLError" in result.notes[-1]


def test_pieces():
    assert caption_in("<|channel|>analysis<|message|>hm<|channel|>final<|message|>a dog") == "a dog"
    assert error_in(b'{"detail": [{"msg": "field required"}]}') != ""
    assert error_in(b"{}") == error_in(b"nonsense") == error_in(b"[]") == ""
    assert len(error_in(json.dumps({"error": "x" * 900}).encode())) == 200
