"""What clients are shown: OpenAI's objects, with what Yozora adds under names of its own."""

from __future__ import annotations

from typing import Any

from yozora.studio.estimates import Estimate
from yozora.studio.records.batches import Batch
from yozora.studio.records.hooks import Delivery, Endpoint
from yozora.studio.records.jobs import Job, Status
from yozora.studio.records.library import Character, File
from yozora.studio.wishes import Wish, sources


def video(job: Job, estimate: Estimate | None = None) -> dict[str, Any]:
    """The Video object. `progress` is 100 once it is completed."""
    error = None
    if job.status is Status.FAILED:
        error = {"code": job.error_code, "message": job.error_message}
    own = job.wish["settings"]
    shown: dict[str, Any] = {
        "id": job.id,
        "object": "video",
        "model": job.model,
        "status": str(job.status),
        "progress": job.progress,
        "created_at": job.created_at // 1000,
        "completed_at": _s(job.completed_at) if job.status is Status.COMPLETED else None,
        "expires_at": _s(job.expires_at),
        "prompt": job.title,
        "size": f"{job.width}x{job.height}",
        "seconds": f"{job.seconds:g}",
        "remixed_from_video_id": job.remixed_from,
        "error": error,
        "seed": job.seed,
        "fps": job.fps,
        "num_frames": job.frames,
        "caption": job.caption or None,
        "notes": list(job.notes),
        "tool": job.wish["tool"]["tool"],
        "made_from": list(sources(Wish.model_validate(job.wish))),
        "quality": own["quality"],
        "style": own["style"],
        "negative_prompt": own["negative"],
        "num_inference_steps": own["steps"],
        "enhance": own["enhance"],
        "held": job.held or job.stop == "hold",
        "waits_for": job.waits,
        "priority": job.priority,
        "phase": job.phase,
    }
    if estimate is not None and not job.status.is_final:
        shown["estimate"] = {
            "starts_in_s": round(estimate.starts_s, 1),
            "done_in_s": round(estimate.done_s, 1),
        }
    return shown


def page(items: list[dict[str, Any]], has_more: bool) -> dict[str, Any]:
    return {
        "object": "list",
        "data": items,
        "first_id": items[0]["id"] if items else None,
        "last_id": items[-1]["id"] if items else None,
        "has_more": has_more,
    }


def file(one: File) -> dict[str, Any]:
    return {
        "id": one.id,
        "object": "file",
        "bytes": one.bytes,
        "created_at": one.created_at // 1000,
        "expires_at": _s(one.expires_at),
        "filename": one.filename,
        "purpose": one.purpose,
        "status": "processed",
    }


def character(one: Character) -> dict[str, Any]:
    return {
        "id": one.id, "object": "character", "name": one.name, "created_at": one.created_at // 1000,
    }  # fmt: skip


def batch(one: Batch) -> dict[str, Any]:
    ended: dict[str, int | None] = dict.fromkeys(
        ("completed_at", "failed_at", "expired_at", "cancelled_at")
    )
    if one.ended_at is not None:
        ended[f"{one.status}_at"] = _s(one.ended_at)
    return {
        "id": one.id,
        "object": "batch",
        "endpoint": one.endpoint,
        "input_file_id": one.input_file,
        "completion_window": one.window,
        "status": str(one.status),
        "output_file_id": one.output_file,
        "error_file_id": one.error_file,
        "errors": None if one.errors is None else {"object": "list", "data": one.errors},
        "metadata": one.metadata,
        "request_counts": {
            "total": one.total, "completed": one.completed, "failed": one.failed,
        },
        "created_at": one.created_at // 1000,
        "in_progress_at": _s(one.in_progress_at),
        "finalizing_at": _s(one.finalizing_at),
        "cancelling_at": _s(one.cancelling_at),
        "expires_at": _s(one.expires_at),
        **ended,
    }  # fmt: skip


def endpoint(one: Endpoint, with_secret: bool = False) -> dict[str, Any]:
    secret = {"signing_secret": one.secret} if with_secret else {}
    return {
        "id": one.id,
        "object": "webhook_endpoint",
        "name": one.name,
        "url": one.url,
        "event_types": list(one.event_types),
        **secret,
        "signing_secret_hint": f"whsec_...{one.secret[-4:]}",
        "created_at": one.created_at // 1000,
        "updated_at": one.updated_at // 1000,
        "enabled": one.disabled is None,
        "disabled_reason": one.disabled,
        "failing_since": _s(one.failing_since),
        "last_error": one.last_error,
    }


def delivery(one: Delivery) -> dict[str, Any]:
    return {
        "id": one.id,
        "object": "webhook_delivery",
        "webhook_endpoint_id": one.endpoint,
        "event_id": one.event,
        "event_type": one.event_type,
        "status": one.status,
        "attempts": one.attempts,
        "status_code": one.last_status,
        "error": one.last_error,
        "created_at": one.created_at // 1000,
        "next_attempt_at": _s(one.next_at) if one.ended_at is None else None,
        "ended_at": _s(one.ended_at),
    }


def _s(milliseconds: int | None) -> int | None:
    return None if milliseconds is None else milliseconds // 1000
