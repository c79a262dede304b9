#!/usr/bin/env python3
"""Try what an integration of Sora does against a studio, and say what is different.

    OPENAI_BASE_URL=http://127.0.0.1:8000/v1 python scripts/migrate_from_sora.py

The variables that OpenAI's clients read are read here: OPENAI_BASE_URL and OPENAI_API_KEY. A video
is made, polled, downloaded and deleted with the requests that those clients send, by Python's own
library alone. It ends with 0 where an integration can come over, 1 where something does not work,
2 where nothing answers. docs/migrate-from-sora.md says the rest.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

OPENAI = "https://api.openai.com"
HERE = "http://127.0.0.1:8000/v1"
FIELDS = {"id", "object", "model", "status", "progress", "created_at", "completed_at", "expires_at",
          "prompt", "size", "seconds", "remixed_from_video_id", "error"}  # fmt: skip
VARIANTS = {"video": ("video/mp4", "mp4"), "thumbnail": ("image/webp", "webp"),
            "spritesheet": ("image/jpeg", "jpg")}  # fmt: skip
USUAL_POLL_MS = 1000
OVER = ("completed", "failed")


class Stop(Exception):
    """Nothing more can be tried: (how it ends, why)."""


@dataclass
class Answer:
    status: int
    headers: Any
    raw: bytes

    @property
    def json(self) -> dict[str, Any]:
        try:
            found = json.loads(self.raw)
        except ValueError:
            found = None
        return found if isinstance(found, dict) else {}


@dataclass
class Studio:
    """A studio, and what was found out about it."""

    base: str
    key: str
    broken: list[str] = field(default_factory=list)
    differs: list[str] = field(default_factory=list)

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> Answer:
        """As OpenAI's clients ask: forms even where there is no file."""
        headers = {"authorization": f"Bearer {self.key}", "accept": "application/json"}
        body = None
        if form is not None:
            mark = uuid.uuid4().hex
            parts = (f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
                     for name, value in form.items())  # fmt: skip
            body = ("".join(parts) + f"--{mark}--\r\n").encode()
            headers["content-type"] = f"multipart/form-data; boundary={mark}"
        try:
            request = urllib.request.Request(self.base + path, body, headers, method=method)
            with urllib.request.urlopen(request, timeout=600) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())
        except (OSError, ValueError) as error:
            raise Stop(2, f"{self.base} does not answer ({error}): start it with yozora studio, or "
                          "set OPENAI_BASE_URL") from error  # fmt: skip

    def needs(self, holds: bool, said: str) -> bool:
        """What an integration cannot do without."""
        print(f"{'works' if holds else 'BROKEN':8} {said}")
        if not holds:
            self.broken.append(said)
        return holds

    def note(self, said: str) -> None:
        print(f"differs  {said}")
        self.differs.append(said)


def models(studio: Studio, model: str) -> None:
    found = studio.ask("GET", "/models")
    if found.status in (401, 403):
        raise Stop(1, f"the key is refused ({found.json.get('error', {}).get('message')}): set "
                      "OPENAI_API_KEY to a key of the studio")  # fmt: skip
    names = {one["id"]: one for one in found.json.get("data", [])}
    if not studio.needs(model in names, f"GET /models knows {model}"):
        raise Stop(1, f"there is no {model}: use one of {', '.join(names)}")
    can = names[model].get("capabilities", {})
    if can.get("quality"):
        studio.note(f"{model} is a name for the quality {can['quality']!r} of the studio's weights")
    if can.get("audio") is False:
        studio.note("films have no sound")
    if can.get("seconds"):
        least, most = can["seconds"]
        studio.note(f"any length from {least:g} to {most:g} s, not only 4, 8, 12, 16 and 20")


def create(studio: Studio, asked: dict[str, str]) -> dict[str, Any]:
    answer = studio.ask("POST", "/videos", asked)
    video = answer.json
    if not studio.needs(answer.status == 200, "POST /videos as multipart/form-data"):
        raise Stop(1, f"{answer.status}: {video.get('error', {}).get('message', answer.raw[:200])}")
    studio.needs(video.keys() >= FIELDS, "the video has every field of OpenAI's")
    studio.needs(isinstance(video.get("seconds"), str), "its seconds are text")
    studio.needs(bool(answer.headers.get("x-request-id")), "answers have x-request-id")
    if more := sorted(video.keys() - FIELDS):
        studio.note(f"fields that OpenAI's has not: {', '.join(more)}")
    return video


def poll(studio: Studio, video: dict[str, Any], most_s: float) -> dict[str, Any]:
    """As `create_and_poll` does."""
    until, seen, told = time.monotonic() + most_s, [], False
    while True:
        answer = studio.ask("GET", f"/videos/{video['id']}")
        video = answer.json
        if answer.status != 200:
            raise Stop(1, f"GET /videos/{{id}} answers {answer.status}")
        seen.append(video["progress"])
        if video["status"] in OVER:
            break
        if time.monotonic() > until:
            raise Stop(1, f"it is not done after {most_s:g} s: ask for a shorter one, or --wait")
        header = answer.headers.get("openai-poll-after-ms")
        told = told or header is not None
        time.sleep(int(header or USUAL_POLL_MS) / 1000)
    studio.needs(video["status"] == "completed", f"it ends as completed, in {len(seen)} polls")
    if video["error"]:
        raise Stop(1, f"{video['error']['code']}: {video['error']['message']}")
    studio.needs(seen == sorted(seen) and seen[-1] == 100, "progress never falls, and ends at 100")
    if len(seen) > 1:
        studio.needs(told, "openai-poll-after-ms says when to ask again")
    return video


def compare(studio: Studio, asked: dict[str, str], video: dict[str, Any]) -> None:
    for name in ("model", "size", "seconds", "prompt"):
        if name in asked and video[name] != asked[name]:
            studio.note(f"{name}: {asked[name]!r} was asked, {video[name]!r} was made")
    if video["expires_at"] is None:
        studio.note("it does not expire: delete what is not needed")
    for one in video.get("notes", []):
        studio.note(f"of this prompt: {one}")


def download(studio: Studio, video: dict[str, Any], folder: Path | None) -> None:
    for variant, (mime, suffix) in VARIANTS.items():
        answer = studio.ask("GET", f"/videos/{video['id']}/content?variant={variant}")
        kind = answer.headers.get("content-type")
        said = f"content?variant={variant}: {kind}, {len(answer.raw)} bytes"
        if studio.needs(answer.status == 200 and kind == mime, said) and folder is not None:
            (folder / f"{video['id']}.{suffix}").write_bytes(answer.raw)


def errors(studio: Studio, asked: dict[str, str]) -> None:
    for what, answer, status in (
        ("a wrong size", studio.ask("POST", "/videos", asked | {"size": "wide"}), 400),
        ("an unknown video", studio.ask("GET", "/videos/video_none"), 404),
    ):
        error = answer.json.get("error", {})
        holds = answer.status == status and {"message", "type", "param", "code"} <= error.keys()
        studio.needs(holds, f"{what} is a {answer.status} in OpenAI's form")


def main() -> int:
    told = argparse.ArgumentParser(description="Try an integration of Sora against a studio.")
    told.add_argument("--prompt", default="a dog running in the park")
    told.add_argument("--model", default="sora-2")
    told.add_argument("--size", default="1280x720")
    told.add_argument("--seconds", default="4")
    told.add_argument("--out", type=Path, help="a folder for what is downloaded")
    told.add_argument("--keep", action="store_true", help="do not delete the video")
    told.add_argument("--wait", type=float, default=1800, help="seconds until it must be done")
    given = told.parse_args()
    base = os.environ.get("OPENAI_BASE_URL", HERE).rstrip("/")
    studio = Studio(base, os.environ.get("OPENAI_API_KEY", "any"))
    asked = {name: getattr(given, name) for name in ("prompt", "model", "size", "seconds")}
    try:
        if base.startswith(OPENAI):
            raise Stop(2, "OPENAI_BASE_URL is OpenAI's own, where Sora is gone: set it to a "
                          f"studio's, as {HERE}")  # fmt: skip
        if given.out is not None:
            given.out.mkdir(parents=True, exist_ok=True)
        print(f"studio   {base}")
        models(studio, given.model)
        video = poll(studio, create(studio, asked), given.wait)
        compare(studio, asked, video)
        download(studio, video, given.out)
        errors(studio, asked)
        if not given.keep:
            gone = studio.ask("DELETE", f"/videos/{video['id']}").json
            studio.needs(gone.get("deleted") is True, "DELETE /videos/{id}")
    except Stop as stop:
        code, why = stop.args
        print(f"stopped  {why}", file=sys.stderr)
        return int(code)
    print(f"{len(studio.broken)} broken, {len(studio.differs)} differences")
    return 1 if studio.broken else 0


if __name__ == "__main__":
    sys.exit(main())
