"""`/v1/models`: the names that there are, and what each can do; `/v1/styles`: the looks."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from yozora.request import MAX_FPS, MAX_PX, MAX_SECONDS, MIN_FPS, MIN_PX, MIN_SECONDS
from yozora.studio import asked, shown, tiers, wishes
from yozora.studio.api import describing
from yozora.studio.api.callers import Reader
from yozora.studio.tiers import Model
from yozora.styles import known

router = APIRouter(prefix="/v1", tags=["models"])
PARAMETERS = sorted(asked.Asked.model_fields)
MODEL = {
    "type": "object", "required": ["id", "object", "created", "owned_by"],
    "properties": {"object": {"const": "model"}},
}  # fmt: skip
STYLE = {
    "type": "object", "required": ["id", "object", "words", "own"],
    "properties": {"object": {"const": "style"}},
}  # fmt: skip


@router.get("/models", responses=describing.answers(describing.listed(MODEL)))
def listed(who: Reader) -> JSONResponse:
    """Every name that a video can be asked for under."""
    return JSONResponse(shown.page([_shown(one) for one in tiers.MODELS.values()], False))


@router.get("/models/{model}", responses=describing.answers(MODEL))
def retrieve(model: str, who: Reader) -> JSONResponse:
    """One name, and what it can do."""
    return JSONResponse(_shown(tiers.named(model)))


@router.get("/styles", responses=describing.answers(describing.listed(STYLE)))
def styles(who: Reader) -> JSONResponse:
    """Presets that a create call may name in `style`: those built in, and one's own."""
    found = [
        {"id": preset.name, "object": "style", "words": preset.words, "own": preset.own}
        for preset in known()[0].values()
    ]
    return JSONResponse(shown.page(found, False))


def _shown(model: Model) -> dict[str, Any]:
    return {
        "id": model.id,
        "object": "model",
        "created": model.created,
        "owned_by": model.owned_by,
        "capabilities": {
            "default_size": model.size,
            "supported_sizes": list(tiers.SIZES),
            "side_px": [MIN_PX, MAX_PX],
            "supported_seconds": list(tiers.SECONDS),
            "seconds": [MIN_SECONDS, MAX_SECONDS],
            "fps": [MIN_FPS, MAX_FPS],
            "quality": model.quality,
            "tools": wishes.NAMES,
            "input_reference": True,
            "seed": True,
            "negative_prompt": True,
            "audio": False,
            "parameters": PARAMETERS,
        },
    }
