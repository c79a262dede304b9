"""What OpenAPI says of bodies that are read by hand, and of answers."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from yozora.studio import wishes
from yozora.studio.api import examples

ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["message", "type", "param", "code"],
            "properties": {
                "message": {"type": "string"},
                "type": {"type": "string"},
                "param": {"type": ["string", "null"]},
                "code": {"type": ["string", "null"]},
            },
        }
    },
}
_INT, _NULL_INT = {"type": "integer"}, {"type": ["integer", "null"]}
_TEXT, _NULL_TEXT = {"type": "string"}, {"type": ["string", "null"]}
VIDEO_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["id", "object", "model", "status", "progress", "created_at", "size", "seconds"],
    "properties": {
        "id": _TEXT,
        "object": {"const": "video"},
        "model": _TEXT,
        "status": {"enum": ["queued", "in_progress", "completed", "failed"]},
        "progress": {"type": "integer", "minimum": 0, "maximum": 100},
        "created_at": _INT,
        "completed_at": _NULL_INT,
        "expires_at": _NULL_INT,
        "prompt": _NULL_TEXT,
        "size": _TEXT,
        "seconds": _TEXT,
        "remixed_from_video_id": _NULL_TEXT,
        "error": {
            "type": ["object", "null"],
            "properties": {"code": _NULL_TEXT, "message": _NULL_TEXT},
        },
        "seed": _INT,
        "fps": {"type": ["number", "null"]},
        "num_frames": _NULL_INT,
        "caption": _NULL_TEXT,
        "notes": {"type": "array", "items": _TEXT},
        "tool": _TEXT,
        "made_from": {"type": "array", "items": _TEXT},
        "quality": _TEXT,
        "style": _NULL_TEXT,
        "negative_prompt": _TEXT,
        "num_inference_steps": _NULL_INT,
        "enhance": {"type": "boolean"},
        "held": {"type": "boolean"},
        "waits_for": _INT,
        "priority": _INT,
        "phase": _TEXT,
        "estimate": {
            "type": "object",
            "properties": {"starts_in_s": {"type": "number"}, "done_in_s": {"type": "number"}},
        },
    },
}


def listed(item: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["object", "data", "has_more"],
        "properties": {
            "object": {"const": "list"},
            "data": {"type": "array", "items": item},
            "first_id": _NULL_TEXT,
            "last_id": _NULL_TEXT,
            "has_more": {"type": "boolean"},
        },
    }


ERRORS: dict[int | str, Any] = {
    "default": {
        "description": "What went wrong, and what to do",
        "content": {"application/json": {"schema": ERROR}},
    }
}


def answers(schema: dict[str, Any], status: int = 200, said: str = "Done") -> dict[int | str, Any]:
    """An answer of this form, and every error in the envelope."""
    return {
        status: {"description": said, "content": {"application/json": {"schema": schema}}},
        **ERRORS,
    }


VIDEO = answers(VIDEO_SCHEMA, said="The video as it is now")
VIDEOS = answers(listed(VIDEO_SCHEMA), said="Some of the videos")
FILE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["id", "object", "bytes", "created_at", "filename", "purpose", "status"],
    "properties": {
        "id": _TEXT,
        "object": {"const": "file"},
        "bytes": _INT,
        "created_at": _INT,
        "expires_at": _NULL_INT,
        "filename": _TEXT,
        "purpose": _TEXT,
        "status": {"enum": ["uploaded", "processed", "error"]},
    },
}
CHARACTER_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["id", "object", "name", "created_at"],
    "properties": {
        "id": _TEXT, "object": {"const": "character"}, "name": _TEXT, "created_at": _INT,
    },
}  # fmt: skip
BATCH_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["id", "object", "endpoint", "input_file_id", "completion_window", "status",
                 "created_at", "request_counts"],
    "properties": {
        "id": _TEXT,
        "object": {"const": "batch"},
        "endpoint": _TEXT,
        "input_file_id": _TEXT,
        "completion_window": _TEXT,
        "status": {
            "enum": ["validating", "failed", "in_progress", "finalizing", "completed", "expired",
                     "cancelling", "cancelled"]
        },
        "output_file_id": _NULL_TEXT,
        "error_file_id": _NULL_TEXT,
        "errors": {"type": ["object", "null"]},
        "metadata": {"type": ["object", "null"]},
        "request_counts": {
            "type": "object",
            "required": ["total", "completed", "failed"],
            "properties": {"total": _INT, "completed": _INT, "failed": _INT},
        },
        "created_at": _INT,
        **{
            f"{name}_at": _NULL_INT
            for name in ("in_progress", "finalizing", "completed", "failed", "expires", "expired",
                         "cancelling", "cancelled")
        },
    },
}  # fmt: skip
ENDPOINT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["id", "object", "name", "url", "event_types", "created_at"],
    "properties": {
        "id": _TEXT,
        "object": {"const": "webhook_endpoint"},
        "name": _TEXT,
        "url": _TEXT,
        "event_types": {"type": "array", "items": _TEXT},
        "signing_secret": {"type": "string", "description": "when it is made or rotated alone"},
        "signing_secret_hint": _TEXT,
        "created_at": _INT,
        "updated_at": _INT,
        "enabled": {"type": "boolean"},
        "disabled_reason": _NULL_TEXT,
        "failing_since": _NULL_INT,
        "last_error": _NULL_TEXT,
    },
}
DELIVERY_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["id", "object", "event_id", "event_type", "status", "attempts", "created_at"],
    "properties": {
        "id": _TEXT,
        "object": {"const": "webhook_delivery"},
        "webhook_endpoint_id": _TEXT,
        "event_id": _TEXT,
        "event_type": _TEXT,
        "status": {"enum": ["waiting", "delivered", "given_up"]},
        "attempts": _INT,
        "status_code": _NULL_INT,
        "error": _NULL_TEXT,
        "created_at": _INT,
        "next_attempt_at": _NULL_INT,
        "ended_at": _NULL_INT,
    },
}
DELETED = answers(
    {
        "type": "object",
        "required": ["id", "object", "deleted"],
        "properties": {"id": _TEXT, "object": _TEXT, "deleted": {"const": True}},
    },
    said="It is gone",
)


def body(kind: type[BaseModel], file: str | None) -> dict[str, Any]:
    """A body as JSON, or as a form in which `file` may be a file."""
    schema = inlined(kind.model_json_schema(by_alias=True))
    if "tool" in schema["properties"]:
        schema["properties"]["tool"]["anyOf"] = [TOOLS, {"type": "string"}, {"type": "null"}]
    shown = examples.REQUESTS.get(kind.__name__, {})
    content: dict[str, Any] = {"application/json": {
        "schema": schema, "examples": {name: {"value": value} for name, value in shown.items()},
    }}  # fmt: skip
    form = dict(schema)
    if file is not None:
        binary = {"type": "string", "format": "binary"}
        own = {k: v for k, v in schema["properties"].items() if k != file}
        form = {**schema, "properties": {**own, file: binary}}
    content["multipart/form-data"] = {"schema": form}
    return {"requestBody": {"required": True, "content": content}}


def plain(document: dict[str, Any]) -> dict[str, Any]:
    """Without FastAPI's own form of an error, which is never sent here; with examples of answers,
    of which FastAPI would leave out what is null."""
    for verbs in document.get("paths", {}).values():
        for told in verbs.values():
            told["responses"].pop("422", None)
            for answer in told["responses"].values():
                shown = answer.get("content", {}).get("application/json", {})
                example = examples.of(shown.get("schema", {}))
                if example is not None:
                    shown["example"] = example
    schemas = document.get("components", {}).get("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    return document


def form(kind: type[BaseModel], file: str) -> dict[str, Any]:
    """A body that is a form alone, for it must have a file."""
    schema = inlined(kind.model_json_schema(by_alias=True))
    own = {**schema.get("properties", {}), file: {"type": "string", "format": "binary"}}
    needs = [*schema.get("required", []), file]
    content = {"multipart/form-data": {"schema": {**schema, "properties": own, "required": needs}}}
    return {"requestBody": {"required": True, "content": content}}


def inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema without references to definitions of its own."""
    definitions = schema.pop("$defs", {})

    def within(value: Any) -> Any:
        if isinstance(value, dict):
            reference = value.get("$ref", "")
            if reference.startswith("#/$defs/"):
                more = {k: v for k, v in value.items() if k != "$ref"}
                return within({**definitions[reference.removeprefix("#/$defs/")], **more})
            return {k: within(v) for k, v in value.items() if k != "discriminator"}
        return [within(one) for one in value] if isinstance(value, list) else value

    found: dict[str, Any] = within(schema)
    return found


TOOLS = inlined(wishes.TOOL.json_schema())  # each with its knobs
