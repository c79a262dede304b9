"""docs/world.md tells the whole world: its tables are those of the code."""

from __future__ import annotations

import re
from pathlib import Path

from yozora.training.judge_data import columns
from yozora.world.pairs import PAIRS
from yozora.world.phrases import KINDS, SEASONAL, WORN_BY
from yozora.world.sample import (
    NOBODY_SHARE,
    PAIR_SHARE,
    SECOND_SHARE,
    STYLE_WEIGHTS,
    THIRD_SHARE,
)
from yozora.world.scene import (
    CAMERAS,
    COLOURS,
    PLACES,
    RELATIONS,
    SHELTERED,
    STYLES,
    TIMELESS,
    TIMES,
    WEATHERS,
)

PAGE = (Path(__file__).parents[2] / "docs" / "world.md").read_text()
ROWS = [
    tuple(cell.strip() for cell in line.strip("|").split("|"))
    for line in PAGE.splitlines()
    if line.startswith("|")
]


def row(name: str, cells: int) -> tuple[str, ...]:
    """The first row of so many cells, after its name."""
    return next(found[1:] for found in ROWS if found[0] == name and len(found) == cells)


def entries(cell: str, mark: str = ",") -> list[str]:
    """What a cell lists, without asides."""
    return [re.sub(r"\([^)]*\)|,.*", "", part).strip() for part in cell.split(mark)]


def test_every_kind_has_its_row() -> None:
    for kind, has in KINDS.items():
        _, actions, homes = row(kind, 4)
        told = {name.strip("*"): name.startswith("*") for name in entries(actions)}
        assert told == {action: action in has.travels for action in has.actions}, kind
        assert tuple(entries(homes)) == has.homes, kind
    for kind, garments in WORN_BY.items():
        told_of = "women" if kind == "woman" else "men and children"
        assert f"{told_of} {', '.join(garments)}" in re.sub(r"\s+", " ", PAGE)


def test_every_place_has_its_row() -> None:
    for place, said in PLACES.items():
        shows = ["yes" if place not in none else "" for none in (TIMELESS, SHELTERED)]
        assert row(place, 5) == (said, *shows, "yes" if place in SEASONAL else "")


def test_every_other_value_is_told() -> None:
    assert entries(row("time", 2)[0]) == list(TIMES)
    assert sorted(entries(row("weather", 2)[0], ";")) == sorted(WEATHERS)
    assert entries(row("camera", 2)[0], ";") == list(CAMERAS)
    assert all(row(style, 2) for style in STYLES)
    assert all(f"*{pair.forms[1]}*" in PAGE for pair in PAIRS.values())
    assert all(f"*{relation}*" in PAGE for relation in RELATIONS)
    told = {}
    for cells in (found for found in ROWS if len(found) == 4):
        told |= {cells[0]: cells[1], cells[2].split(",")[0]: cells[3]}
    for colour, rgb in COLOURS.items():
        assert tuple(float(part) for part in told[colour].split()) == rgb


def test_odds_and_columns_are_those_of_the_code() -> None:
    shares = [NOBODY_SHARE, PAIR_SHARE, SECOND_SHARE, THIRD_SHARE]
    percents = [round(100 * share) for share in (*shares, 1 - sum(shares))]
    assert [int(n) for n in re.findall(r"(\d+) %", row("who is there", 2)[0])] == percents
    styles = [round(100 * STYLE_WEIGHTS[style]) for style in ("natural", "clay")]
    odds = [cell for found in ROWS if found[0] == "style" for cell in found[1:]][-1]
    assert [int(n) for n in re.findall(r"(\d+) %", odds)] == styles
    told = " ".join(cell for found in ROWS for cell in found)
    assert all(f"`{column}`" in told for column, _ in columns())
