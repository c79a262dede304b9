"""Drives a running studio with LiteLLM, as drive.py does with OpenAI's own client."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
import traceback
from pathlib import Path
from typing import Any

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # prices from the package, not the network

PROMPT = "a dog runs in a park"


class Drive:
    """Where the studio is, and a video that is done."""

    def __init__(self, told: dict[str, str]) -> None:
        import litellm

        self.litellm, self.told = litellm, told
        self.where = {"api_base": told["url"] + "/v1", "api_key": "any"}
        self.films: list[Any] = []

    def create(self, **more: Any) -> Any:
        given = {"model": "openai/yozora-1", "prompt": PROMPT, "seconds": "1"} | more
        return self.litellm.video_generation(**given, **self.where)

    def status(self, video: str) -> Any:
        return self.litellm.video_status(video_id=video, **self.where)

    def made(self, video: Any) -> Any:
        until = time.monotonic() + 60
        while (found := self.status(video.id)).status in ("queued", "in_progress"):
            assert time.monotonic() < until, found
            time.sleep(0.05)
        assert found.status == "completed" and found.progress == 100, found
        return found

    def film(self) -> Any:
        if not self.films:
            self.films.append(self.made(self.create()))
        return self.films[0]


def check_generation(d: Drive) -> None:
    video = d.create(model="openai/sora-2", seconds="4", size="1280x720")
    assert (video.object, video.model, video.size) == ("video", "sora-2", "1280x720"), video
    assert video.seconds == "4" and video.status in ("queued", "in_progress"), video
    assert d.made(video).seconds == "4"


def check_generation_from_file(d: Drive) -> None:
    with Path(d.told["picture"]).open("rb") as picture:
        d.made(d.create(input_reference=picture))


def check_generation_with_extra_body(d: Drive) -> None:
    video = d.create(extra_body={"seed": 7, "width": 128, "height": 72})
    assert d.made(video).size == "128x72"


def check_generation_async(d: Drive) -> None:
    async def made() -> Any:
        video = await d.litellm.avideo_generation(
            model="openai/yozora-1", prompt=PROMPT, seconds="1", **d.where
        )
        return await d.litellm.avideo_status(video_id=video.id, **d.where)

    assert asyncio.run(made()).object == "video"


def check_content(d: Drive) -> None:
    film = d.litellm.video_content(video_id=d.film().id, **d.where)
    assert film[4:8] == b"ftyp", film[:20]
    for variant, start in (("thumbnail", b"RIFF"), ("spritesheet", b"\xff\xd8\xff")):
        found = d.litellm.video_content(video_id=d.film().id, variant=variant, **d.where)
        assert found.startswith(start), (variant, found[:20])


def check_list(d: Drive) -> None:
    from litellm.types.videos.utils import extract_original_video_id as own  # it wraps what we say

    film = own(d.film().id)
    found = d.litellm.video_list(custom_llm_provider="openai", limit=100, **d.where)
    assert film in [own(one["id"]) for one in found["data"]], (film, found)


def check_remix(d: Drive) -> None:
    d.made(
        d.litellm.video_remix(video_id=d.film().id, prompt="the park becomes a beach", **d.where)
    )


def check_edit(d: Drive) -> None:
    d.made(d.litellm.video_edit(video_id=d.film().id, prompt="a cat instead", **d.where))


def check_extension(d: Drive) -> None:
    video = d.litellm.video_extension(
        video_id=d.film().id, prompt="it jumps", seconds="4", **d.where
    )
    assert d.made(video).seconds == "5"


def check_characters(d: Drive) -> None:
    with Path(d.told["film"]).open("rb") as film:
        made = d.litellm.video_create_character(
            name="Rex", video=film, custom_llm_provider="openai", **d.where
        )
    assert made.name == "Rex", made
    assert d.litellm.video_get_character(character_id=made.id, **d.where).name == "Rex"
    d.made(d.create(prompt="Rex runs in a park", characters=[{"id": made.id}]))


def check_errors(d: Drive) -> None:
    wrong = {"api_base": d.where["api_base"], "api_key": "yz_wrong"}
    for kind, call in (
        ("BadRequestError", lambda: d.create(seconds="1000")),
        ("NotFoundError", lambda: d.create(model="openai/gpt-9")),
        (
            "AuthenticationError",
            lambda: d.litellm.video_generation(model="openai/sora-2", prompt=PROMPT, **wrong),
        ),
    ):
        try:
            call()
        except Exception as error:
            assert type(error).__name__ == kind, (kind, repr(error))
        else:
            raise AssertionError(f"no {kind}")


def main() -> None:
    drive = Drive(json.loads(sys.argv[1]))
    for name, check in list(globals().items()):
        if name.startswith("check_"):
            result, said = "passed", ""
            try:
                check(drive)
            except Exception:
                result, said = "failed", traceback.format_exc()[-1500:]
            told = {"check": name.removeprefix("check_"), "result": result, "said": said}
            print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
