"""What `POST /v1/videos` and its sisters may say, and the wish that it comes to."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
    model_validator,
)

from yozora.studio import tiers, wishes
from yozora.studio.errors import StudioError
from yozora.studio.faults import fault
from yozora.studio.wishes import Settings, Wish

_SIZE = re.compile(r"^\s*(\d{1,5})\s*[xX*\u00d7]\s*(\d{1,5})\s*$", re.ASCII)
_SECONDS_SAID = re.compile(r"^(\d{1,4}(\.\d{0,9})?|\.\d{1,9})s?$", re.ASCII)


def _seconds(value: Any) -> Any:
    """ "8", 8 and 8.0 alike, and "8s"."""
    if not isinstance(value, str):
        return value
    if not _SECONDS_SAID.match(value.strip()):
        raise ValueError(f"{value[:20]!r} is no number of seconds: write 4, or 4.5")
    return value.strip().removesuffix("s")


_SECONDS = {
    "anyOf": [
        {"type": "number", "minimum": 0.25, "maximum": tiers.MOST_SECONDS},
        {"type": "string", "pattern": r"^\d{1,2}(\.\d{1,6})?s?$", "examples": ["4"]},
    ]
}
Seconds = Annotated[
    float,
    BeforeValidator(_seconds),
    Field(ge=0.25, le=tiers.MOST_SECONDS),
    WithJsonSchema(_SECONDS),
]
Id = Annotated[str, Field(max_length=80)]
USUAL_FPS = 12.0
LASTING = (wishes.Generate, wishes.Animate, wishes.Extend, wishes.Recut, wishes.Storyboard)
T = TypeVar("T", bound=BaseModel)
Found = TypeVar("Found")


class SaidList(list[Any]):
    """A list that came as text in a form, with the text: it may have been meant as such."""

    text = ""


class SaidObject(dict[str, Any]):
    """An object that came as text in a form, with the text."""

    text = ""


class Input(BaseModel):
    """A picture to begin with: a file of yours, or an address."""

    model_config = ConfigDict(extra="forbid")
    file_id: Id | None = None
    image_url: str | None = Field(None, max_length=20_971_520)


class Named(BaseModel):
    model_config = ConfigDict(extra="ignore")
    id: Id


class Sent(BaseModel):
    """A body whose numbers are numbers: true is none."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _no_truths(cls, fields: Any) -> Any:
        for name, field in cls.model_fields.items():
            if isinstance(fields.get(name), bool) and field.annotation is not bool:
                raise ValueError(f"{name!r} is to be more than true or false: change it")
        return fields


class Asked(Sent):
    """The body of `POST /v1/videos`. What OpenAI's has not are Yozora's own, all optional."""

    prompt: str = Field("", max_length=32_000, description="what to show")
    model: str = Field(tiers.USUAL, max_length=100)
    seconds: Seconds | None = Field(None, description='length: "4", or any from 0.25 to 60')
    size: str | None = Field(None, max_length=20, examples=["1280x720"])
    input_reference: Input | None = None
    characters: list[Named] = Field(default_factory=list, max_length=3)
    # names that SGLang and vLLM-Omni use
    seed: int | None = Field(None, ge=0, lt=2**62)
    fps: float | None = Field(None, ge=1, le=240)
    num_frames: int | None = Field(None, ge=1, le=14_400)
    num_inference_steps: int | None = Field(None, ge=1, le=100)
    guidance_scale: float | None = Field(None, description="taken, and told: it is in the weights")
    negative_prompt: str = Field("", max_length=2000)
    width: int | None = Field(None, ge=32, le=1920)
    height: int | None = Field(None, ge=32, le=1920)
    # Yozora's own
    quality: Literal["fast", "best", "live"] | None = None
    enhance: bool = True
    style: str | None = Field(None, max_length=100)
    tool: dict[str, Any] | str | None = Field(
        None, description="a tool of the editor with its knobs, as {'tool': 'loop', 'film': ...}"
    )
    timeline: dict[str, Any] | None = Field(None, description="a whole document: docs/timeline.md")
    priority: int = Field(0, ge=-10, le=10)
    held: bool = Field(False, description="wait until it is resumed")
    after: list[Id] = Field(
        default_factory=list, max_length=100, description="videos to be done before"
    )
    user: str | None = Field(None, max_length=200, description="taken, and not used")
    metadata: dict[str, Any] | None = Field(None, description="taken, and not used")


class Remixed(Sent):
    prompt: str = Field(min_length=1, max_length=32_000)
    strength: Literal["subtle", "mild", "strong"] | wishes.Share = "mild"
    seed: int | None = Field(None, ge=0, lt=2**62)
    model: str | None = Field(None, max_length=100)


class Edited(Remixed):
    video: Named | None = None


class Extended(Sent):
    prompt: str = Field("", max_length=32_000)
    seconds: Seconds = Field(description="how much more")
    video: Named | None = None
    side: Literal["after", "before", "both"] = "after"
    seed: int | None = Field(None, ge=0, lt=2**62)
    model: str | None = Field(None, max_length=100)


def read(kind: type[T], fields: dict[str, Any]) -> T:
    """Raises StudioError with the first fault, its place and a remedy."""
    return validated(kind.model_validate, {k: v for k, v in fields.items() if v is not None})


def validated(validate: Callable[[Any], Found], value: Any, within: str = "") -> Found:
    """What a validation makes of a value; what came as text, and is wanted as such, is text again.
    `within`: the field that it is. Raises StudioError with the first fault and a remedy."""
    while True:
        try:
            return validate(value)
        except ValidationError as error:
            faults = error.errors(include_url=False, include_input=False)
            texts = [one["loc"] for one in faults if one["type"] == "string_type"]
            if not any(_is_text_again(value, place) for place in texts):
                raise fault(error, within) from error
        except RecursionError as error:
            raise StudioError("the request lies too deep in brackets: make it flatter") from error


def _is_text_again(value: Any, place: tuple[int | str, ...]) -> bool:
    """Whether there was such a text there."""
    for part in place:
        try:
            there = value[part]
        except (KeyError, IndexError, TypeError):  # which of several it might be
            continue
        if isinstance(there, SaidList | SaidObject):
            value[part] = there.text
            return True
        value = there
    return False


def size_of(text: str) -> tuple[int, int]:
    """Raises StudioError."""
    found = _SIZE.match(text)
    if found is None:
        raise StudioError(f"the size {text[:20]!r} is no size: write 1280x720", param="size")
    return int(found[1]), int(found[2])


def wish_of(asked: Asked, picture: str | None, references: list[str]) -> tuple[Wish, list[str]]:
    """The wish of a create call and what is to be said of it. `picture`: the id of what it begins
    with. Raises StudioError."""
    model = tiers.named(asked.model)
    width, height = asked.width, asked.height
    if (width is None) != (height is None):
        raise StudioError("one side of the size is missing: send width and height", param="width")
    if width is None and asked.size is not None:
        width, height = size_of(asked.size)
    tool = _tool(asked, picture)
    notes = _unused(asked, tool, width, height)
    makes = isinstance(tool, wishes.Generate | wishes.Animate)
    if width is None and makes:
        width, height = size_of(model.size)
    seconds = asked.seconds
    if asked.num_frames is not None and seconds is None:
        seconds = asked.num_frames / (asked.fps or USUAL_FPS)
    if seconds is None and makes:
        seconds = 4.0
    try:
        settings = Settings(
            seconds=seconds, width=width, height=height, fps=asked.fps,
            seed=_seed(asked, tool),
            steps=asked.num_inference_steps, negative=asked.negative_prompt,
            quality=asked.quality or model.quality, enhance=asked.enhance, style=asked.style,
            references=references,
        )  # fmt: skip
        return Wish(prompt=asked.prompt, settings=settings, tool=tool), notes
    except ValidationError as error:
        told = fault(error)
        if told.param in ("width", "height") and asked.width is None:
            told.param = "size"
        raise told from error


def _unused(asked: Asked, tool: Any, width: int | None, height: int | None) -> list[str]:
    """Of what was sent and has no effect, a sentence each. Raises StudioError where nothing would
    have one."""
    notes = []
    if asked.guidance_scale is not None:
        notes.append("guidance_scale is part of these weights: it was not used")
    if asked.size is not None and size_of(asked.size) != (width, height):
        notes.append(f"width and height say {width}x{height}: size was not used")
    seconds = asked.seconds or 0.0
    lasts = asked.num_frames / (asked.fps or USUAL_FPS) if asked.num_frames else seconds
    if seconds and abs(lasts - seconds) > 0.5 / USUAL_FPS:
        notes.append(f"seconds say {asked.seconds:g}: num_frames was not used")
    if (asked.seconds, asked.num_frames) != (None, None) and not isinstance(tool, LASTING):
        notes.append(f"the tool {tool.tool} tells how long it lasts: its length was not used")
    if isinstance(tool, wishes.Interpolate) and asked.fps is None:
        raise StudioError("there is no rate to interpolate to: send fps, as 24", param="fps",
                          code="missing_required_parameter")  # fmt: skip
    if isinstance(tool, wishes.Upscale) and tool.times == 1 and width is None:
        raise StudioError("times 1 changes nothing: send 2, or a size", param="tool.times",
                          code="invalid_value")  # fmt: skip
    return notes


def _seed(asked: Asked, tool: Any) -> int:
    """As asked, or as the document says; else any."""
    own = tool.timeline.get("seed") if isinstance(tool, wishes.Document) else None
    told = own if asked.seed is None else asked.seed
    return told if isinstance(told, int) else secrets.randbelow(2**31)


def _tool(asked: Asked, picture: str | None) -> Any:
    given = [asked.tool is not None, asked.timeline is not None, picture is not None]
    if sum(given) > 1:
        raise StudioError("a tool, a timeline and a picture to begin with: send one of them")
    raw: dict[str, Any] = {"tool": "generate"}
    if asked.timeline is not None:
        raw = {"tool": "timeline", "timeline": asked.timeline}
    elif picture is not None:
        raw = {"tool": "animate", "picture": picture}
    elif asked.tool is not None:
        raw = {"tool": asked.tool} if isinstance(asked.tool, str) else asked.tool
    return validated(wishes.TOOL.validate_python, raw, "tool")
