"""The evaluation's table: each figure beside the aims of both tiers."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

FULL, STARTER = "full", "starter"


@dataclass(frozen=True, slots=True)
class Aim:
    """What a tier asks of a figure; NaN: only reported."""

    at_least: bool
    full: float = math.nan
    starter: float = math.nan

    def met(self, value: float, tier: str) -> bool | None:
        aim = self.full if tier == FULL else self.starter
        if math.isnan(aim) or math.isnan(value):
            return None
        return value >= aim if self.at_least else value <= aim

    def text(self, tier: str, unit: str) -> str:
        aim = self.full if tier == FULL else self.starter
        return (
            "reported" if math.isnan(aim) else f"{'>=' if self.at_least else '<='} {aim:.4g}{unit}"
        )


REPORTED = Aim(True)


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    name: str
    value: float  # NaN where it could not be measured; the note says why
    unit: str = ""
    aim: Aim = REPORTED
    low: float = math.nan  # 95 % interval, where there is one
    high: float = math.nan
    note: str = ""

    def shown(self) -> str:
        if math.isnan(self.value):
            return "-"
        text = f"{self.value:.4g}{self.unit}" if math.isfinite(self.value) else "never"
        if not math.isnan(self.low):
            text += f" ({self.low:.4g}-{self.high:.4g})"
        return text


def percent(name: str, share: float, aim: Aim = REPORTED, note: str = "") -> Figure:
    return Figure(name, 100.0 * share, " %", aim, note=note)


def table(figures: list[Figure], tier: str) -> str:
    """Plain text, a line a figure; the verdict is the tier's."""
    words = {True: "pass", False: "FAIL", None: ""}
    rows = [("measure", "value", "full tier", "starter tier", f"{tier}?", "")]
    for f in figures:
        aims = (f.aim.text(FULL, f.unit), f.aim.text(STARTER, f.unit))
        if aims == ("reported", "reported"):
            aims = ("", "")
        rows.append((f.name, f.shown(), *aims, words[f.aim.met(f.value, tier)], f.note))
    widths = [max(len(row[i]) for row in rows) for i in range(5)]
    lines = []
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row[:5], widths, strict=True)]
        lines.append("  ".join([*cells, row[5]]).rstrip())
    lines.insert(1, "-" * (sum(widths) + 8))
    return "\n".join(lines)


def to_dict(figures: list[Figure], facts: dict[str, Any], tier: str) -> dict[str, Any]:
    """JSON values: what is not a number is null."""
    rows = []
    for f in figures:
        row = {k: v for k, v in asdict(f).items() if k != "aim"}
        row |= {
            "full_aim": f.aim.text(FULL, f.unit),
            "starter_aim": f.aim.text(STARTER, f.unit),
            "meets_full": f.aim.met(f.value, FULL),
            "meets_starter": f.aim.met(f.value, STARTER),
        }
        rows.append({k: _plain(v) for k, v in row.items()})
    return {**facts, "tier": tier, "figures": rows}


def _plain(value: Any) -> Any:
    if isinstance(value, float | np.floating):
        return round(float(value), 6) if math.isfinite(value) else None
    return value


def sheet(clips: Path, labels: list[tuple[int, str]], out: Path) -> None:
    """Four frames of each film over its caption."""
    from yozora.media import images

    found = [(i, text) for i, text in labels if (clips / f"{i:04d}.png").exists()]
    if not found:
        return
    strips = []
    for i, _ in found:
        strip = images.read_image(clips / f"{i:04d}.png")
        strips.append(images.fit(strip[None], strip.shape[1] // 2, strip.shape[0] // 2)[0])
    images.save_png(out, images.contact_sheet(strips, [text for _, text in found], columns=3))
