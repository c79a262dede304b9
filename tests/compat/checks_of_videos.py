"""What a client makes, finds and takes away."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import os
import re
import time
from pathlib import Path
from typing import Any

from driver import JSON, PROMPT, SMALL, Drive

# what is made


def check_models(d: Drive) -> None:
    names = {one.id for one in d.client.models.list()}
    assert {"sora-2", "sora-2-pro", "yozora-1"} <= names, names
    assert d.client.models.retrieve("sora-2").owned_by == "yozora"


def check_create_from_text(d: Drive) -> None:
    raw = d.client.videos.with_raw_response.create(
        prompt=PROMPT, model="sora-2", seconds="4", size="1280x720"
    )
    video = raw.parse()
    assert int(raw.headers["openai-poll-after-ms"]) > 0
    assert (video.object, video.model, video.size) == ("video", "sora-2", "1280x720")
    assert video.seconds == "4" and video.prompt == PROMPT and video.error is None
    assert video.status in ("queued", "in_progress") and 0 <= video.progress <= 100
    done = d.made(video)
    assert (done.progress, done.seconds, done.size) == (100, "4", "1280x720")
    assert done.completed_at >= done.created_at > 1_700_000_000


def check_create_with_defaults(d: Drive) -> None:
    video = d.client.videos.create(prompt=PROMPT)
    assert (video.model, video.seconds, video.size) == ("sora-2", "4", "720x1280"), video
    d.client.post(f"/videos/{video.id}/cancel", cast_to=d.Video)


def check_create_and_poll(d: Drive) -> None:
    done = d.client.videos.create_and_poll(prompt=PROMPT, poll_interval_ms=50, **SMALL)
    assert done.status == "completed" and done.progress == 100, done.error


def check_poll_as_the_studio_says(d: Drive) -> None:
    done = d.client.videos.poll(d.client.videos.create(prompt=PROMPT, **SMALL).id)
    assert done.status == "completed", done.error


def check_create_and_poll_async(d: Drive) -> None:
    async def made() -> Any:
        async with d.openai.AsyncOpenAI(base_url=d.told["url"] + "/v1", api_key="any") as client:
            done = await client.videos.create_and_poll(prompt=PROMPT, poll_interval_ms=50, **SMALL)
            listed = [one.id async for one in client.videos.list(limit=1) if one.id == done.id]
            return done, listed, await (await client.videos.download_content(done.id)).aread()

    done, listed, film = asyncio.run(made())
    assert done.status == "completed" and listed == [done.id] and film[4:8] == b"ftyp"


def check_create_from_file(d: Drive) -> None:
    picture = Path(d.told["picture"])
    for given in (
        picture,
        picture.open("rb"),
        picture.read_bytes(),
        ("a.png", picture.read_bytes(), "image/png"),
    ):
        video = d.client.videos.create(prompt=PROMPT, input_reference=given, **SMALL)
        assert video.to_dict()["tool"] == "animate"
    d.made(video)


def check_create_from_address(d: Drive) -> None:
    url = "data:image/png;base64," + base64.b64encode(Path(d.told["picture"]).read_bytes()).decode()
    more = {"input_reference": {"image_url": url}}
    video = d.client.videos.create(prompt=PROMPT, extra_body=more, **SMALL)
    assert video.to_dict()["tool"] == "animate"
    video = d.client.videos.create(prompt=PROMPT, extra_body=more, extra_headers=JSON, **SMALL)
    assert d.made(video).to_dict()["tool"] == "animate"


def check_create_from_file_id(d: Drive) -> None:
    file = d.client.files.create(file=Path(d.told["picture"]), purpose="vision")
    more = {"input_reference": {"file_id": file.id}}
    video = d.client.videos.create(prompt=PROMPT, extra_body=more, **SMALL)
    assert d.made(video).to_dict()["tool"] == "animate"
    assert d.client.files.delete(file.id).deleted


def check_extra_body(d: Drive) -> None:
    more = {"seed": 7, "fps": 24, "num_frames": 24, "num_inference_steps": 2, "width": 128,
            "height": 72, "negative_prompt": "red", "enhance": False,
            "after": [d.film().id]}  # fmt: skip
    for headers in ({}, JSON):
        video = d.client.videos.create(
            prompt=PROMPT, model="yozora-1", extra_body=more, extra_headers=headers
        )
        done = d.made(video).to_dict()
        assert (done["seed"], done["size"], done["seconds"]) == (7, "128x72", "1"), done
        assert (done["fps"], done["num_frames"]) == (24, 24), done


def check_extra_body_nested(d: Drive) -> None:
    film = d.film().id
    cards = [{"text": "a dog runs", "seconds": 1}, {"text": "a cat sits", "seconds": 1}]
    for tool in (
        {"tool": "loop", "film": film, "seam": "short"},
        {"tool": "recut", "film": film, "keep": [{"start": 0, "stop": 0.5}]},
        {"tool": "retake", "film": film, "box": [0.1, 0.1, 0.5, 0.5]},
        {"tool": "storyboard", "cards": cards},
    ):
        tooled(d, tool["tool"], {"tool": tool})


def check_extra_body_as_json(d: Drive) -> None:
    film = d.film().id
    curve = {"tool": "blend", "film": film, "other": film, "curve": [[0, 0], [1, 1]]}
    tooled(d, "blend", {"tool": curve}, JSON)
    clip = {"kind": "clip", "asset": film, "start": 0, "stop": 120_000}
    kept = {"ticks": 120_000, "caption": "a dog", "level": 0.0, "content": clip}
    new = {"ticks": 120_000, "caption": "a cat", "level": 1.0}
    document = {"version": 1, "closed": True, "spans": [kept, new]}
    tooled(d, "timeline", {"timeline": document}, JSON)


def tooled(
    d: Drive, name: str, more: dict[str, Any], headers: dict[str, str] | None = None
) -> None:
    video = d.client.videos.create(
        prompt=PROMPT, model="yozora-1", extra_body=more, extra_headers=headers
    )
    assert d.made(video).to_dict()["tool"] == name


def check_idempotency_key(d: Drive) -> None:
    again = {"Idempotency-Key": f"drive-{time.time_ns()}"}
    first, second = (
        d.client.videos.create(prompt=PROMPT, extra_headers=again, **SMALL) for _ in range(2)
    )
    assert first.id == second.id


# what there is


def check_guide(d: Drive) -> None:
    text = Path(d.told["guide"]).read_text()
    (example, *_) = re.findall(r"```python\n(.*?)```", text, re.S)
    os.environ |= {"OPENAI_BASE_URL": d.told["url"] + "/v1", "OPENAI_API_KEY": "any"}
    os.chdir(d.told["folder"])
    exec(compile(example, "guide", "exec"), {})
    assert {path.name for path in Path().glob("dog.*")} == {"dog.mp4", "dog.webp", "dog.jpg"}


def check_retrieve(d: Drive) -> None:
    found = d.client.videos.retrieve(d.film().id)
    assert found.id == d.film().id and found.status == "completed"
    assert found.expires_at is None and found.remixed_from_video_id is None


def check_pages(d: Drive) -> None:
    pager = d.with_key(d.told["pager"])
    made = [
        pager.videos.create(prompt=PROMPT, extra_body={"held": True}, **SMALL).id for _ in range(5)
    ]
    for order, wanted in (("asc", made), ("desc", made[::-1])):
        for limit in (1, 2, 5, 100):
            assert [one.id for one in pager.videos.list(limit=limit, order=order)] == wanted
    page = pager.videos.list(limit=2, order="asc")
    assert page.has_more and page.last_id == made[1] and page.has_next_page()
    assert [one.id for one in page.get_next_page().data] == made[2:4]
    assert [one.id for one in pager.videos.list(after=made[3], order="asc")] == made[4:]
    for one in made:
        pager.post(f"/videos/{one}/cancel", cast_to=d.Video)
        pager.videos.delete(one)
    assert list(pager.videos.list()) == []


def check_variants(d: Drive) -> None:
    target = Path(d.told["folder"]) / "film.mp4"
    content = d.client.videos.download_content(d.film().id)
    content.write_to_file(target)
    assert target.read_bytes() == content.read() and target.read_bytes()[4:8] == b"ftyp"
    for variant, kind, start in (
        ("video", "video/mp4", b"\0\0"), ("thumbnail", "image/webp", b"RIFF"),
        ("spritesheet", "image/jpeg", b"\xff\xd8\xff"),
    ):  # fmt: skip
        found = d.client.videos.download_content(d.film().id, variant=variant)
        assert found.response.headers["content-type"] == kind and found.read().startswith(start)


def check_download_in_parts(d: Drive) -> None:
    whole = d.client.videos.download_content(d.film().id).read()
    part = d.client.videos.download_content(d.film().id, extra_headers={"Range": "bytes=4-7"})
    assert part.read() == b"ftyp" and part.response.status_code == 206
    target = io.BytesIO()
    with d.client.videos.with_streaming_response.download_content(d.film().id) as answer:
        for some in answer.iter_bytes(1000):
            target.write(some)
    assert target.getvalue() == whole


# what is made of it


def check_remix(d: Drive) -> None:
    video = d.client.videos.remix(d.film().id, prompt="the park becomes a beach")
    assert video.remixed_from_video_id == d.film().id
    assert d.made(video).seconds == d.film().seconds


def check_edit_id(d: Drive) -> None:
    body = {"prompt": "the dog becomes a cat", "video": {"id": d.film().id}}
    d.made(d.client.post("/videos/edits", body=body, cast_to=d.Video))


def check_edit_id_beside_an_empty_file(d: Drive) -> None:
    edit = d.needs("edit")
    video = edit(
        prompt="the dog becomes a cat", video=b"", extra_body={"video": {"id": d.film().id}}
    )
    assert video.remixed_from_video_id == d.film().id, video


def check_edit_file(d: Drive) -> None:
    edit = d.needs("edit")
    video = edit(
        prompt="the dog becomes a cat",
        video=Path(d.told["film"]),
        extra_body={"model": "yozora-1"},
    )
    d.made(video)


def check_extend_id(d: Drive) -> None:
    body = {"prompt": "it jumps", "seconds": "4", "video": {"id": d.film().id}}
    video = d.client.post("/videos/extensions", body=body, cast_to=d.Video)
    assert video.seconds == "5" and d.made(video).seconds == "5", video


def check_extend_file(d: Drive) -> None:
    extend = d.needs("extend")
    with Path(d.told["film"]).open("rb") as film:
        d.made(extend(prompt="it jumps", seconds="4", video=film))


def check_characters(d: Drive) -> None:
    create, get = d.needs("create_character"), d.needs("get_character")
    made = create(name="Rex", video=Path(d.told["film"]))
    assert made.id and made.name == "Rex" and made.created_at > 1_700_000_000
    assert get(made.id).name == "Rex"
    video = d.client.videos.create(
        prompt="Rex runs in a park", extra_body={"characters": [{"id": made.id}]}, **SMALL
    )
    d.made(video)


def check_cancel_ends_a_poll(d: Drive) -> None:
    video = d.client.videos.create(prompt=PROMPT, extra_body={"held": True}, **SMALL)
    d.client.post(f"/videos/{video.id}/cancel", cast_to=d.Video)
    done = d.client.videos.poll(video.id)
    assert (done.status, done.error.code) == ("failed", "cancelled") and done.error.message


def check_delete(d: Drive) -> None:
    video = d.made(d.client.videos.create(prompt=PROMPT, **SMALL))
    gone = d.client.videos.delete(video.id)
    assert (gone.id, gone.deleted, gone.object) == (video.id, True, "video.deleted")
    d.refused("NotFoundError", lambda: d.client.videos.retrieve(video.id))


def check_batch(d: Drive) -> None:
    line = {"method": "POST", "url": "/v1/videos", "body": {"prompt": PROMPT, **SMALL}}
    lines = [{"custom_id": f"n{n}", **line} for n in range(2)]
    text = "\n".join(json.dumps(line) for line in lines)
    file = d.client.files.create(file=("batch.jsonl", text.encode()), purpose="batch")
    batch = d.client.batches.create(
        input_file_id=file.id,
        endpoint="/v1/videos",
        completion_window="24h",
        metadata={"a": "b"},
    )
    until = time.monotonic() + 30
    while batch.status not in ("completed", "failed", "expired") and time.monotonic() < until:
        time.sleep(0.1)
        batch = d.client.batches.retrieve(batch.id)
    assert (batch.status, batch.request_counts.completed) == ("completed", 2), batch
    out = d.client.files.content(batch.output_file_id).text
    answers = [json.loads(line) for line in out.splitlines()]
    assert {one["custom_id"] for one in answers} == {"n0", "n1"}
    assert all(one["response"]["body"]["object"] == "video" for one in answers), answers
    assert batch.id in [one.id for one in d.client.batches.list(limit=1)]
