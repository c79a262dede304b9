"""The API keeps what its description says, whatever it is sent."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.people import png
from tests.fakes.studio import studio
from yozora.studio.api import examples

pytestmark = pytest.mark.acceptance
CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance",
    "response_schema_conformance", "response_headers_conformance",
)  # fmt: skip  # forms hold text, where "0" may be false: what is let in is no check
NOT_BY_MACHINE = (  # they do not end by themselves, or end the caller
    "/v1/videos/{video_id}/events", "/v1/videos/events", "/v1/account", "/v1/logout",
)  # fmt: skip


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with studio(tmp_path_factory.mktemp("openapi"), workers=1) as one:
        yield one


def test_the_description_is_openapi_3_1(running):
    with running.client() as http:
        document = http.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    pytest.importorskip("openapi_spec_validator").validate(document)
    for path, verbs in document["paths"].items():
        for verb, told in verbs.items():
            assert told.get("description"), f"{verb} {path} says nothing"


def test_examples_keep_the_form_that_they_are_shown_with(running):
    """Of every JSON body and of every JSON answer that has an object's name."""
    jsonschema = pytest.importorskip("jsonschema")
    with running.client() as http:
        document = http.get("/openapi.json").json()
    for path, verbs in document["paths"].items():
        for verb, told in verbs.items():
            sent = told.get("requestBody", {}).get("content", {}).get("application/json")
            if sent is not None:
                assert sent["examples"], (verb, path)
                for one in sent["examples"].values():
                    jsonschema.validate(one["value"], sent["schema"])
            answer = told["responses"].get("200", {}).get("content", {}).get("application/json", {})
            is_named = "const" in answer.get("schema", {}).get("properties", {}).get("object", {})
            if is_named:
                jsonschema.validate(answer["example"], answer["schema"])


def test_what_the_examples_ask_for_can_be_made(running):
    with running.client() as http:
        small = {"prompt": "a dog runs", "seconds": 4, "model": "yozora-1"}
        film, other = (running.completed(http.post("/v1/videos", json=small), http)["id"]
                       for _ in range(2))  # fmt: skip
        sent = http.post("/v1/files", data={"purpose": "vision"}, files={"file": png()})
        file = sent.json()["id"]
        for name, one in examples.REQUESTS["Asked"].items():
            text = json.dumps(one).replace(examples.VIDEO, film).replace(examples.OTHER, other)
            body = json.loads(text.replace(examples.FILE, file))
            answer = http.post("/v1/videos/estimate", json=body)
            assert answer.is_success and answer.json()["credits"] > 0, (name, answer.text)


def test_nothing_that_is_sent_breaks_it(running, tmp_path):
    program = Path(sys.executable).with_name("schemathesis")
    found = str(program) if program.exists() else shutil.which("schemathesis")
    if found is None:
        pytest.skip("schemathesis is not installed")
    command = [
        found, "run", f"{running.url}/openapi.json", "--checks", ",".join(CHECKS),
        "--max-examples", "15", "--no-color", "--seed", "7",
        "--phases", "examples,coverage,fuzzing",
    ]  # fmt: skip
    for path in NOT_BY_MACHINE:
        command += ["--exclude-path", path]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=tmp_path, timeout=900, check=False
    )
    assert done.returncode == 0, done.stdout[-6000:]
