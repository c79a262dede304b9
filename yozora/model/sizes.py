"""Sizes and grids as a weights file tells them: data of strangers, checked before use.

What cannot be raises ValueError with the name of the value that is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

from yozora.model.grid import MOST_FPS, Grid
from yozora.model.judge import FEWEST, JudgeSize

MOST = 1 << 13  # of any whole number in a grid or a size
MOST_WINDOW_S = 600.0
MOST_MOMENTS = 64  # that a judge looks at

Size = TypeVar("Size")


def read_grid(raw: object) -> Grid:
    """A grid of whole numbers above 0 whose frame is whole tokens."""
    grid = Grid(**_table("grid", raw))
    for name, value in grid.to_dict().items():
        if name == "window_s":
            if type(value) not in (int, float) or not 0 < value <= MOST_WINDOW_S:
                raise ValueError(f"grid.{name} is {_cut(value)}")
        else:
            _whole(f"grid.{name}", value, most=MOST_FPS if name == "fps" else MOST)
    step_h, step_w = grid.step_px
    if grid.width % step_w or grid.height % step_h:
        raise ValueError(f"grid.width and height are no multiples of {step_w} and {step_h}")
    return grid


def read_size(kind: type[Size], raw: object, none: tuple[str, ...] = ()) -> Size:
    """A size whose values are whole numbers above 0 (those named in `none`: 0 or more), shares of 0
    to 1 where the default is one, or as many from 0 as the default has."""
    told = {k: tuple(v) if isinstance(v, list) else v for k, v in _table("size", raw).items()}
    size = kind(**told)
    for field in fields(size):  # type: ignore[arg-type]
        value = getattr(size, field.name)
        if isinstance(field.default, float):
            if type(value) not in (int, float) or not 0.0 <= value <= 1.0:
                raise ValueError(f"{field.name} is {_cut(value)}")
            continue
        if not isinstance(field.default, tuple):
            _whole(field.name, value, least=0 if field.name in none else 1)
            continue
        if not isinstance(value, tuple) or len(value) != len(field.default):
            raise ValueError(f"{field.name} is {_cut(value)}")
        for part in value:
            _whole(field.name, part, least=0)
    return size


def read_finish_size(kind: type[Size], raw: object, small: str = "", most: int = MOST) -> Size:
    """A size of plain whole numbers above 0; `small` names one of 0 to `most`."""
    size = kind(**_table("size", raw))
    for field in fields(size):  # type: ignore[arg-type]
        value = getattr(size, field.name)
        named = field.name == small
        least = 0 if named or "blocks" in field.name else 1
        _whole(field.name, value, least, most if named else MOST)
    return size


def read_judge_size(raw: object) -> JudgeSize:
    """The judge's columns of words, its width, and as many moments as a clip can have."""
    told = _table("size", raw)
    _whole("width", told["width"])
    _whole("frames", told["frames"], FEWEST, MOST_MOMENTS)
    columns = _table("columns", dict(told["columns"]))
    for name, values in columns.items():
        if not isinstance(name, str) or not isinstance(values, list) or not values:
            raise ValueError(f"the column {_cut(name)} has no list of values")
        if not all(isinstance(value, str) for value in values):
            raise ValueError(f"the column {_cut(name)} has values that are no words")
    if not {"subject", "place"} <= set(columns):
        raise ValueError("the columns subject and place are missing")
    return JudgeSize.from_dict(told)


def words(raw: object) -> tuple[str, ...]:
    """A vocabulary's words."""
    if not isinstance(raw, list) or not all(isinstance(word, str) for word in raw):
        raise ValueError("words are no list of words")
    return tuple(raw)


def room(file_bytes: int, *values: int) -> None:
    """Refuse a network of which one part alone has more values than its file has bytes."""
    if max(values) > file_bytes:
        raise ValueError(f"it asks for {max(values)} values, the file has {file_bytes} bytes")


def _table(name: str, raw: object) -> Mapping[str, Any]:
    if not isinstance(raw, dict):
        raise ValueError(f"{name} is {_cut(raw)}")
    return raw


def _whole(name: str, value: object, least: int = 1, most: int = MOST) -> None:
    if type(value) is not int or not least <= value <= most:
        raise ValueError(f"{name} is {_cut(value)}")


def _cut(value: object) -> str:
    return ascii(value)[:30]
