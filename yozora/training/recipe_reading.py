"""`runs/*.toml` to a recipe: unknown settings and values that cannot be are refused."""

from __future__ import annotations

import dataclasses
import os
import tomllib
import types
import typing
from pathlib import Path
from typing import Any

from yozora.media.files import is_stream
from yozora.training.errors import TrainingError
from yozora.training.recipe import Recipe
from yozora.training.recipe_rules import check

LARGEST = 2**62  # of any number in a recipe
MEANT = {
    float: "a number",
    int: "a whole number",
    str: "text in quotes",
    bool: "true or false",
}


def read_recipe(path: Path) -> Recipe:
    """Raises `TrainingError` for files that are missing, malformed or say what is not known."""
    try:
        if is_stream(path):
            raise TrainingError(f"{path} is a device or a pipe, no recipe: name a file.")
        raw = tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        raise TrainingError(f"No recipe at {path}: runs/ holds the ones that ship.") from None
    except OSError as fault:
        raise TrainingError(f"{path} cannot be read ({fault.strerror}): name a recipe.") from None
    except (ValueError, RecursionError) as fault:  # TOML's and Unicode's are ValueErrors
        raise TrainingError(f"{path} is not TOML ({fault}): mend that line.") from None
    raw.setdefault("name", path.stem)
    recipe = _build(Recipe, raw, path.name)
    assert isinstance(recipe, Recipe)
    check(recipe, path.name)
    data = dataclasses.replace(recipe.data, path=os.path.expanduser(recipe.data.path))
    return dataclasses.replace(recipe, home=os.path.expanduser(recipe.home), data=data)


def _build(kind: Any, raw: Any, where: str, table: str = "", several: bool = False) -> Any:
    """Raw TOML values to frozen dataclasses and tuples, by the fields' types.

    `table`: what TOML calls the place; `several`: it is one of a list of tables.
    """
    if dataclasses.is_dataclass(kind):
        if not isinstance(raw, dict):
            told = f"[[{table}]]" if several else f"[{table}]"
            raise TrainingError(f"{where} should be a table: write {told}.")
        hints = typing.get_type_hints(kind)
        unknown = sorted(set(raw) - set(hints))
        if unknown:
            raise TrainingError(
                f"{where} has no setting {unknown[0]!r}: it knows {', '.join(sorted(hints))}."
            )
        values = {
            k: _build(hints[k], v, f"{where}.{k}", f"{table}.{k}" if table else k)
            for k, v in raw.items()
        }
        try:
            return kind(**values)  # type: ignore[operator]  # a dataclass type, not an instance
        except TypeError as fault:
            raise TrainingError(f"{where} is incomplete ({fault}): add what is missing.") from None
    origin = typing.get_origin(kind)
    if origin is tuple:
        inner = typing.get_args(kind)
        if not isinstance(raw, list):
            tables = dataclasses.is_dataclass(inner[0])
            how = f"tables, each under [[{table}]]" if tables else "a list, in brackets"
            raise TrainingError(f"{where} is {raw!r}: write {how}.")
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(_build(inner[0], v, where, table, True) for v in raw)
        if len(inner) != len(raw):
            raise TrainingError(f"{where} should have {len(inner)} values, not {len(raw)}.")
        return tuple(_build(t, v, where, table) for t, v in zip(inner, raw, strict=True))
    if origin in (typing.Union, types.UnionType):
        kind = next(t for t in typing.get_args(kind) if t is not type(None))
    if isinstance(raw, int | float) and not -LARGEST <= raw <= LARGEST:  # false for NaN too
        raise TrainingError(f"{where} is no number to count with: write a smaller one.")
    if kind is float and isinstance(raw, int) and not isinstance(raw, bool):
        return float(raw)
    if not isinstance(raw, kind) or (kind is int and isinstance(raw, bool)):
        raise TrainingError(f"{where} is {raw!r}: write {MEANT.get(kind, kind.__name__)}.")
    return raw
