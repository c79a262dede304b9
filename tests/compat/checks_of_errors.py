"""What a client is refused, and what it is told by webhook."""

from __future__ import annotations

import base64
import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from driver import PROMPT, SMALL, Drive

# what goes wrong


def check_bad_request(d: Drive) -> None:
    create = d.client.videos.create
    wrong = d.refused("BadRequestError", lambda: create(prompt=PROMPT, seconds="1000"))
    assert wrong.status_code == 400 and wrong.param == "seconds" and wrong.code
    d.refused("BadRequestError", lambda: create(prompt=PROMPT, size="wide"))
    d.refused("BadRequestError", lambda: create(prompt=PROMPT, extra_body={"colour": "red"}))
    d.refused("BadRequestError", lambda: create(prompt=""))
    d.refused("BadRequestError", lambda: create(prompt=PROMPT, input_reference=b"no picture"))
    d.refused("BadRequestError", lambda: d.client.videos.list(limit=1000))


def check_authentication(d: Drive) -> None:
    wrong = d.refused("AuthenticationError", lambda: list(d.with_key("yz_wrong").videos.list()))
    assert wrong.status_code == 401 and wrong.code == "invalid_api_key"


def check_permission(d: Drive) -> None:
    viewer = d.with_key(d.told["viewer"])
    assert list(viewer.videos.list()) == []
    d.refused("PermissionDeniedError", lambda: viewer.videos.create(prompt=PROMPT))


def check_not_found(d: Drive) -> None:
    videos = d.client.videos
    for call in (
        lambda: videos.retrieve("video_none"), lambda: videos.delete("video_none"),
        lambda: videos.download_content("video_none"), lambda: videos.list(after="video_none"),
        lambda: videos.remix("video_none", prompt="at night"),
        lambda: videos.create(prompt=PROMPT, model="gpt-9"),
    ):  # fmt: skip
        assert d.refused("NotFoundError", call).status_code == 404


def check_conflict(d: Drive) -> None:
    video = d.client.videos.create(prompt=PROMPT, extra_body={"held": True}, **SMALL)
    began = time.monotonic()
    d.refused("ConflictError", lambda: d.client.videos.delete(video.id))
    assert time.monotonic() - began < 0.4, "the client tried again, which cannot help"
    d.client.post(f"/videos/{video.id}/cancel", cast_to=d.Video)


def check_quota(d: Drive) -> None:
    few = d.with_key(d.told["few"])
    wrong = d.refused("RateLimitError", lambda: few.videos.create(prompt=PROMPT))
    assert wrong.code == "queue_full" and wrong.response.headers["x-should-retry"] == "false"


def check_rate_limit(d: Drive) -> None:
    slow = d.with_key(d.told["slow"])
    once = slow.with_options(max_retries=0)
    wrong = d.refused("RateLimitError", lambda: [once.videos.list() for _ in range(100)])
    assert wrong.code == "rate_limit_exceeded" and wrong.status_code == 429
    assert slow.videos.with_raw_response.list().retries_taken >= 1


def check_busy(d: Drive) -> None:
    d.hands("/busy")
    once = d.client.with_options(max_retries=0)
    with ThreadPoolExecutor() as pool:
        patient = pool.submit(d.client.videos.with_raw_response.create, prompt=PROMPT, **SMALL)
        wrong = d.refused("InternalServerError", lambda: once.videos.create(prompt=PROMPT))
        assert (wrong.status_code, wrong.code) == (503, "busy")
        raw = patient.result(60)
    assert raw.retries_taken >= 1 and raw.parse().status == "queued"


def check_request_id(d: Drive) -> None:
    assert d.client.videos.retrieve(d.film().id)._request_id.startswith("req_")


# what is told


def check_webhook(d: Drive) -> None:
    body = {
        "name": "drive",
        "url": d.told["hook"],
        "event_types": ["video.completed", "video.failed"],
    }
    typed = hasattr(d.client.webhooks, "create")
    if typed:
        endpoint = d.client.webhooks.create(**body)
        assert endpoint.id in [one.id for one in d.client.webhooks.list()]
        secret = endpoint.signing_secret
        assert d.client.webhooks.retrieve(endpoint.id).name == "drive"
    else:
        endpoint = d.client.post("/webhook_endpoints", body=body, cast_to=object)
        secret = endpoint["signing_secret"]
    video = d.made(d.client.videos.create(prompt=PROMPT, **SMALL))
    sent = delivered(d, video.id)
    event = d.client.webhooks.unwrap(sent["body"], sent["headers"], secret=secret)
    assert (event.type, event.data.id, event.object) == ("video.completed", video.id, "event")
    d.client.webhooks.verify_signature(sent["body"], sent["headers"], secret=secret)
    other = "whsec_" + base64.b64encode(b"x" * 32).decode()
    try:
        d.client.webhooks.unwrap(sent["body"], sent["headers"], secret=other)
    except d.openai.InvalidWebhookSignatureError:
        pass
    else:
        raise AssertionError("another secret's signature is taken")
    if typed:
        assert d.client.webhooks.delete(endpoint.id).deleted
    else:
        d.client.delete(f"/webhook_endpoints/{endpoint['id']}", cast_to=object)


def delivered(d: Drive, video: str) -> Any:
    """What the studio sent of a video."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        for one in d.hands("/delivered"):
            if json.loads(one["body"])["data"]["id"] == video:
                return one
        time.sleep(0.1)
    raise AssertionError("nothing was delivered")
