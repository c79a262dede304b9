"""What became of the films of a run: one JSON beside the shards for each group that is done."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from yozora.training.errors import TrainingError

SETTLED = "settled"


@dataclass(slots=True)
class Tally:
    """What became of a group of films."""

    films: int = 0
    clips: int = 0
    seconds: float = 0.0
    cuts: int = 0
    short: int = 0  # films without a shot as long as the shortest clip
    refused: dict[str, int] = field(default_factory=dict)  # by where the refusal stands
    broken: list[str] = field(default_factory=list)  # names

    def add(self, other: Tally) -> None:
        self.films, self.clips = self.films + other.films, self.clips + other.clips
        self.seconds, self.cuts = self.seconds + other.seconds, self.cuts + other.cuts
        self.short += other.short
        for where, count in other.refused.items():
            self.refused[where] = self.refused.get(where, 0) + count
        self.broken += other.broken

    def told(self) -> str:
        """One line for people."""
        kept = self.films - sum(self.refused.values()) - len(self.broken) - self.short
        parts = [
            f"footage: {kept} of {self.films} films taken, {self.clips} clips, "
            f"{self.seconds / 60:.1f} minutes, {self.cuts} cuts"
        ]
        parts += [f"{count} refused {where}" for where, count in sorted(self.refused.items())]
        if self.broken:
            more = ", ..." if len(self.broken) > 3 else ""
            parts.append(f"{len(self.broken)} broken ({', '.join(self.broken[:3])}{more})")
        if self.short:
            parts.append(f"{self.short} too short")
        return "; ".join(parts)


def settled(folder: Path) -> Iterator[tuple[Path, Tally]]:
    """The groups of a data folder that are done. Raises `TrainingError` for a damaged tally."""
    for path in sorted((folder / SETTLED).glob("*.json")):
        try:
            tally = Tally(**json.loads(path.read_text()))
            Tally().add(tally)
        except (OSError, ValueError, TypeError, AttributeError) as fault:
            raise TrainingError(
                f"{path} cannot be read ({type(fault).__name__}): delete it, and give the same "
                "command again to have those films cut anew."
            ) from None
        yield path, tally


def told(folder: Path) -> str:
    """What became of the films whose groups are done, in one line."""
    total = Tally()
    for _, tally in settled(folder):
        total.add(tally)
    return total.told()
