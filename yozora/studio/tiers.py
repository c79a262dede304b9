"""The names that clients ask for, and what each stands for here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from yozora.studio.errors import StudioError

SIZES = ("720x1280", "1280x720", "1024x1792", "1792x1024", "1080x1920", "1920x1080", "256x144",
         "144x256", "512x288", "288x512", "384x384")  # fmt: skip
SECONDS = ("4", "8", "12", "16", "20")
MOST_SECONDS = 60.0
OWN_SIZE = (256, 144)  # of the weights that ship


@dataclass(frozen=True, slots=True)
class Model:
    """A tier of quality under a name."""

    id: str
    quality: Literal["fast", "best", "live"]
    size: str  # where none is asked
    created: int = 1_759_276_800
    owned_by: str = "yozora"


MODELS = {
    model.id: model
    for model in (
        Model("yozora-1", "fast", "256x144"),
        Model("yozora-1-best", "best", "256x144"),
        Model("sora-2", "fast", "720x1280"),
        Model("sora-2-2025-10-06", "fast", "720x1280"),
        Model("sora-2-2025-12-08", "fast", "720x1280"),
        Model("sora-2-pro", "best", "720x1280"),
        Model("sora-2-pro-2025-10-06", "best", "720x1280"),
    )
}
USUAL = "sora-2"  # as OpenAI's own


def named(name: str) -> Model:
    """Raises StudioError with what there is."""
    if name not in MODELS:
        raise StudioError(
            f"the model {name[:60]!r} is not here: use one of {', '.join(MODELS)}",
            code="model_not_found", param="model", status=404,
        )  # fmt: skip
    return MODELS[name]
