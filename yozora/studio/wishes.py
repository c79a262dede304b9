"""What a job is to make: one of the editor's tools with its knobs, as it lies in the database.

The same classes read what the API is sent, write its description, and are read by the worker.
Sources are ids, of videos (`video_...`) or of uploaded files (`file_...`). Seconds throughout.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Union

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

Seconds = Annotated[float, Field(ge=0, le=86_400)]
Share = Annotated[float, Field(ge=0, le=1)]
Four = Annotated[list[float], Field(min_length=4, max_length=4)]
Stretch = Annotated[list[Seconds], Field(min_length=2, max_length=2)]
ID = r"^(video|file)_[A-Za-z0-9]{1,64}$"
Source = Annotated[
    str,
    Field(
        pattern=ID,
        description="the id of a video or of an uploaded file",
        examples=["video_0123456789abcdef"],
    ),
]


class Plain(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Settings(Plain):
    """How anything is made; what is left out is chosen, and told."""

    seconds: float | None = Field(None, ge=0.25, le=60)
    width: int | None = Field(None, ge=32, le=1920)
    height: int | None = Field(None, ge=32, le=1920)
    fps: float | None = Field(None, ge=1, le=240)
    seed: int = Field(0, ge=0, lt=2**62)
    steps: int | None = Field(None, ge=1, le=100)
    negative: str = Field("", max_length=2000)
    quality: Literal["fast", "best", "live"] = "fast"
    enhance: bool = True
    style: str | None = Field(None, max_length=100)
    references: list[Source] = Field(default_factory=list, max_length=3)


class Where(Plain):
    """A part of the picture: a box, a mask file, or what words name; at most one of them."""

    box: Four | None = Field(
        None, description="x, y, width, height: shares of the picture, or pixels"
    )
    mask: Source | None = Field(None, description="an image or a film, white where it is meant")
    region: str = Field("", max_length=200, description="words, as: the dog")
    inverted: bool = False
    feather: Share = 0.02

    @model_validator(mode="after")
    def _one(self) -> Where:
        if (self.box is not None) + (self.mask is not None) + bool(self.region) > 1:
            raise ValueError("a region is a box, a mask or words: give one of them")
        return self


class Generate(Plain):
    tool: Literal["generate"] = "generate"


class Animate(Plain):
    """A picture, or a moment of a film, comes to life."""

    tool: Literal["animate"] = "animate"
    picture: Source
    end: Source | None = None
    at: Seconds | None = None


class Extend(Plain):
    tool: Literal["extend"] = "extend"
    film: Source
    side: Literal["after", "before", "both"] = "after"
    ending: Source | None = Field(None, description="a film that it leads to")


class Retake(Where):
    tool: Literal["retake"] = "retake"
    film: Source
    start: Seconds | None = None
    stop: Seconds | None = None
    strength: Share = 1.0


class Insert(Where):
    tool: Literal["insert"] = "insert"
    film: Source
    start: Seconds | None = None
    stop: Seconds | None = None
    strength: Share = 1.0


class Outpaint(Plain):
    tool: Literal["outpaint"] = "outpaint"
    film: Source
    place: Four | None = None


class Reframe(Plain):
    tool: Literal["reframe"] = "reframe"
    film: Source
    on: str = Field("", max_length=200)
    whole: bool = False


class Kept(Plain):
    start: Seconds
    stop: Seconds
    at: Seconds | None = None
    speed: float = Field(1.0, ge=1 / 16, le=16)


class Recut(Plain):
    tool: Literal["recut"] = "recut"
    film: Source
    keep: list[Kept] = Field(min_length=1, max_length=100)

    @property
    def seconds(self) -> float:
        """To the end of the last part; each begins where it says, or where the one before ends."""
        end = 0.0
        for one in self.keep:
            end = (end if one.at is None else one.at) + (one.stop - one.start) / one.speed
        return end


class Remix(Plain):
    tool: Literal["remix"] = "remix"
    film: Source
    strength: Literal["subtle", "mild", "strong"] | Share = "mild"
    start: Seconds | None = None
    stop: Seconds | None = None


class Loop(Plain):
    tool: Literal["loop"] = "loop"
    film: Source
    seam: Literal["short", "normal", "long"] | Annotated[float, Field(ge=0.1, le=10)] = "normal"
    start: Seconds | None = None
    stop: Seconds | None = None


class Blend(Plain):
    tool: Literal["blend"] = "blend"
    film: Source
    other: Source
    curve: (
        Literal["transition", "mix", "sample"]
        | Annotated[
            list[Annotated[list[Share], Field(min_length=2, max_length=2)]],
            Field(min_length=1, max_length=1000),
        ]
    ) = Field("transition", description="a name, or [place, share of the second] pairs")
    overlap: Seconds | None = None
    strength: Share = 0.6
    trim_a: Stretch | None = None
    trim_b: Stretch | None = None


class Card(Plain):
    """What happens from a moment on; without `at` where the one before it ends."""

    at: Seconds | None = None
    seconds: Seconds | None = None
    text: str = Field("", max_length=2000)
    media: list[Source] = Field(default_factory=list, max_length=8)
    from_: Seconds | None = Field(None, alias="from")
    to: Seconds | None = None
    cut: bool | None = None
    camera: str | None = Field(None, max_length=100)
    style: str = Field("", max_length=200)


class Storyboard(Plain):
    tool: Literal["storyboard"] = "storyboard"
    cards: list[Card] = Field(min_length=1, max_length=200)
    characters: dict[str, str] = Field(default_factory=dict, max_length=20)


class Upscale(Plain):
    tool: Literal["upscale"] = "upscale"
    film: Source
    times: float | None = Field(None, ge=1, le=60)


class Interpolate(Plain):
    tool: Literal["interpolate"] = "interpolate"
    film: Source


class Document(Plain):
    """Any timeline: docs/timeline.md; its assets are ids."""

    tool: Literal["timeline"] = "timeline"
    timeline: dict[str, Any]


Tool = Annotated[
    Union[  # noqa: UP007  # a discriminated union needs the class
        Generate, Animate, Extend, Retake, Insert, Outpaint, Reframe, Recut, Remix, Loop, Blend,
        Storyboard, Upscale, Interpolate, Document,
    ],
    Field(discriminator="tool"),
]  # fmt: skip
TOOL: TypeAdapter[Tool] = TypeAdapter(Tool)
NAMES = sorted(TOOL.json_schema()["discriminator"]["mapping"])


class Wish(Plain):
    """Words, settings and a tool: all that a job is."""

    prompt: str = ""
    settings: Settings = Settings()
    tool: Tool = Generate()


def sources(wish: Wish) -> tuple[str, ...]:
    """Every video and file that a wish draws on, once."""
    found: dict[str, None] = dict.fromkeys(wish.settings.references)
    tool = wish.tool
    for name in ("picture", "film", "other", "end", "ending", "mask"):
        if isinstance(value := getattr(tool, name, None), str):
            found[value] = None
    if isinstance(tool, Storyboard):
        found |= dict.fromkeys(one for card in tool.cards for one in card.media)
    if isinstance(tool, Document):
        found |= dict.fromkeys(_assets(tool.timeline))
    return tuple(found)


def board_of(wish: Wish, board: Storyboard, named: Mapping[str, object]) -> str:
    """The cards as a person writes a board, media by other names: JSON is YAML."""
    cards = []
    for card in board.cards:
        raw = card.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True)
        if "media" in raw:
            raw["media"] = [str(named[name]) for name in raw["media"]]
        cards.append(raw)
    whole: dict[str, Any] = {"cards": cards}
    if wish.settings.seconds is not None:
        whole["seconds"] = wish.settings.seconds
    if board.characters:
        whole["characters"] = board.characters
    return json.dumps(whole, ensure_ascii=False)  # YAML reads no pairs of surrogates


def _assets(document: Any) -> Iterator[str]:
    """What a timeline names as its assets and its masks, wherever it does."""
    if isinstance(document, dict):
        for key, value in document.items():
            if key in ("asset", "mask") and isinstance(value, str):
                yield value
            else:
                yield from _assets(value)
    elif isinstance(document, list):
        for value in document:
            yield from _assets(value)
