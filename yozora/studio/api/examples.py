"""Examples of what is sent and answered, for OpenAPI: each keeps the form that it is shown with."""

from __future__ import annotations

from typing import Any

VIDEO, OTHER, FILE = ("video_" + "0123456789abcdef" * 2, "video_" + "fedcba9876543210" * 2,
                      "file_" + "0123456789abcdef" * 2)  # fmt: skip
ACCOUNT, WHEN = "acct_0123456789abcdef01234567", 1_795_000_000
_TYPES = ["video.completed", "video.failed"]
_LIMITS = {"weight": 2, "most_running": 2, "most_queued": 100, "most_bytes": 10**10,
           "rate_per_minute": 600}  # fmt: skip

REQUESTS: dict[str, dict[str, Any]] = {  # by the name of the body's class, then by what it shows
    "Asked": {
        "words": {"model": "sora-2", "prompt": "a dog running in the park", "seconds": "4"},
        "settings": {
            "model": "yozora-1-best", "prompt": "a red boat at sunset", "seconds": "8",
            "size": "512x288", "seed": 7, "fps": 24, "negative_prompt": "people",
        },
        "a picture to begin with": {
            "prompt": "it wakes and runs", "input_reference": {"file_id": FILE},
        },
        "loop": {"tool": {"tool": "loop", "film": VIDEO, "seam": "short"}},
        "blend": {"tool": {"tool": "blend", "film": VIDEO, "other": OTHER, "curve": "transition"}},
        "re-cut": {
            "seconds": "8", "prompt": "the dog rests",
            "tool": {"tool": "recut", "film": VIDEO, "keep": [
                {"start": 1, "stop": 3, "at": 0}, {"start": 0, "stop": 1, "at": 5, "speed": 0.5},
            ]},
        },
        "retake of what words name": {
            "prompt": "a white dog",
            "tool": {"tool": "retake", "film": VIDEO, "region": "the dog", "start": 1, "stop": 3},
        },
        "storyboard": {
            "tool": {"tool": "storyboard", "cards": [
                {"text": "a woman walks in a park", "seconds": 3},
                {"text": "a woman sits in a library", "seconds": 3, "camera": "push in"},
            ]},
        },
        "after another, at night": {
            "prompt": "a dog runs at night", "after": [VIDEO], "priority": -5,
        },
        "a timeline": {
            "timeline": {"version": 1, "seed": 7, "spans": [
                {"ticks": 360_000, "caption": "a dog runs in a park", "level": 0,
                 "content": {"kind": "clip", "asset": VIDEO, "start": 0, "stop": 360_000}},
                {"ticks": 240_000, "caption": "the dog jumps into a pond"},
            ]},
        },
    },
    "Remixed": {"words": {"prompt": "the park becomes a beach", "strength": "mild"}},
    "Edited": {"words": {"prompt": "the park becomes a beach", "video": {"id": VIDEO}}},
    "Extended": {
        "after": {"prompt": "it jumps", "seconds": "4", "video": {"id": VIDEO}},
        "before": {"prompt": "it sleeps", "seconds": 2, "video": {"id": VIDEO}, "side": "before"},
    },
    "Changed": {"words": {"prompt": "a cat runs in a park", "priority": 5}},
    "Again": {"another seed": {"seed": 8}},
    "Order": {"the second first": {"videos": [OTHER, VIDEO]}},
    "Paused": {"pause": {"paused": True}, "go on": {"paused": False}},
    "BatchAsked": {
        "a day": {"input_file_id": FILE, "endpoint": "/v1/videos", "completion_window": "24h"},
    },
    "EndpointAsked": {
        "mine": {"name": "mine", "url": "https://example.com/hook", "event_types": _TYPES},
    },
    "EndpointChanged": {"on again": {"enabled": True}},
    "Tested": {"a sample": {"event_type": "video.completed"}},
    "Rotated": {"both for a day": {"keep_old_secret_active_for_24_hours": True}},
    "Login": {"by name": {"name": "ada", "password": "correct horse battery"}},
    "NewPassword": {
        "another": {"password": "battery staple horse", "current": "correct horse battery"},
    },
    "NewKey": {
        "for a program": {"name": "pipeline", "scopes": ["videos:read", "videos:write"]},
    },
    "NewAccount": {"a member": {"name": "ada", "role": "member", **_LIMITS}},
    "ChangedAccount": {"fewer at once": {"most_running": 1}, "off": {"disabled": True}},
    "Granted": {"more": {"credits": 100}, "fewer": {"credits": -20}},
    "Confirmed": {"by name": {"confirm": "the account's own name"}},
}  # fmt: skip
_VIDEO = {
    "id": VIDEO, "object": "video", "model": "sora-2", "status": "in_progress", "progress": 42,
    "created_at": WHEN, "completed_at": None, "expires_at": None,
    "prompt": "a dog running in the park", "size": "720x1280", "seconds": "4",
    "remixed_from_video_id": None, "error": None, "seed": 7, "fps": None, "num_frames": None,
    "caption": "a dog runs in a park [by day, in summer]", "notes": [], "tool": "generate",
    "made_from": [], "quality": "fast", "phase": "sampling", "held": False, "waits_for": 0,
    "priority": 0, "estimate": {"starts_in_s": 0.0, "done_in_s": 9.5},
}  # fmt: skip
ANSWERS: dict[str, dict[str, Any]] = {
    str(one["object"]): one
    for one in (
        _VIDEO,
        {"id": "yozora-1", "object": "model", "created": WHEN, "owned_by": "yozora"},
        {"id": "noir", "object": "style", "words": "in black and white, hard shadows", "own": True},
        {
            "id": FILE, "object": "file", "bytes": 48_213, "created_at": WHEN, "expires_at": None,
            "filename": "dog.png", "purpose": "vision", "status": "processed",
        },
        {
            "id": "char_" + "0123456789abcdef" * 2, "object": "character", "name": "Bello",
            "created_at": WHEN,
        },
        {
            "id": "batch_" + "0123456789abcdef" * 2, "object": "batch", "endpoint": "/v1/videos",
            "input_file_id": FILE, "completion_window": "24h", "status": "in_progress",
            "output_file_id": None, "error_file_id": None, "errors": None, "metadata": None,
            "request_counts": {"total": 5, "completed": 2, "failed": 0}, "created_at": WHEN,
            "expires_at": WHEN + 86_400,
        },
        {
            "id": "we_" + "0123456789abcdef" * 2, "object": "webhook_endpoint", "name": "mine",
            "url": "https://example.com/hook", "event_types": _TYPES,
            "signing_secret_hint": "whsec_...9f2c", "created_at": WHEN, "updated_at": WHEN,
            "enabled": True, "disabled_reason": None, "failing_since": None, "last_error": None,
        },
        {
            "id": "wh_" + "0123456789abcdef" * 2, "object": "webhook_delivery",
            "event_id": "evt_" + "0123456789abcdef" * 2, "event_type": "video.completed",
            "status": "delivered", "attempts": 1, "status_code": 200, "error": None,
            "created_at": WHEN, "next_attempt_at": None, "ended_at": WHEN + 1,
        },
        {
            "id": ACCOUNT, "object": "account", "name": "ada", "role": "member",
            "disabled": False, "has_password": True, **_LIMITS, "credits": None,
            "created_at": WHEN,
        },
        {
            "object": "account.link", "account": ACCOUNT, "expires_at": WHEN + 86_400,
            "url": "http://127.0.0.1:8000/enter/a-secret-that-opens-once",
        },
        {
            "id": "key_0123456789abcdef", "object": "key", "name": "pipeline", "hint": "yz_...4d1a",
            "scopes": ["videos:read", "videos:write"], "created_at": WHEN, "expires_at": None,
            "used_at": WHEN + 60, "revoked_at": None,
        },
        {"object": "credits", "account": ACCOUNT, "credits": 100.0},
        {
            "object": "credits.change", "number": 3, "credits": -0.8, "reason": "video",
            "job": VIDEO, "created_at": WHEN,
        },
        {
            "object": "audit.line", "number": 12, "account": ACCOUNT, "deed": "logged in",
            "subject": "", "address": "127.0.0.1", "created_at": WHEN,
        },
        {
            "object": "usage", "videos": {"completed": 12, "queued": 1}, "film_seconds": 48.0,
            "worked_seconds": 130.5, "bytes": 9_812_345, "bytes_by_role": {"video": 9_500_000},
            "most_bytes": None, "most_running": None, "most_queued": None,
            "rate_per_minute": None, "credits": None,
        },
        {
            "object": "me", "id": ACCOUNT, "name": "ada", "role": "member", "csrf": None,
            "scopes": ["files", "videos:read", "videos:write", "webhooks"],
        },
        {
            "object": "session", "account": ACCOUNT, "name": "ada", "role": "member",
            "csrf": "sent-as-x-yozora-csrf", "expires_at": WHEN + 14 * 86_400,
        },
        {
            "id": "worker-0123456789ab", "object": "worker", "host": "render-1", "pid": 4711,
            "machine": "x86_64", "started_at": WHEN, "video": VIDEO,
        },
    )
}  # fmt: skip


def of(schema: dict[str, Any]) -> Any:
    """An answer of this form, where one is known; else None."""
    told = schema.get("properties", {})
    kind = told.get("object", {}).get("const")
    if kind == "list":
        item = of(told["data"]["items"])
        if item is None:
            return None
        name = str(item.get("id", item.get("number")))
        more = {"credits": None} if "credits" in told else {}
        return {"object": "list", "data": [item], "first_id": name, "last_id": name,
                "has_more": False, **more}  # fmt: skip
    if kind in ANSWERS:
        example = ANSWERS[kind]
        extra = {"secret": "yz_told-once"} if "secret" in told else {}
        return {**example, **extra}
    return None
