"""How well prompts are read: `python benchmarks/recaption.py FILE.jsonl [--misses]`.

A line of the file is a prompt with the values that its words allow, slot by slot:
{"prompt", "subjects": [{"kind": [..], "colour": [..], "action": [..], "then": [..], "count": [..],
"worn": [["hat", "red" or null], ..]}], "nobody": bool, "relation": [..], "place": [..],
"time": [..], "season": [..], "weather": [..], "style": [..], "camera": [..], "abstract": bool}.
A slot that is absent is not spoken of. What is scored is the reading, feelings included, not what
enhancement adds: a slot read with an allowed value is right, any other is false, and a slot of the
file that is not read, or read wrongly, is missed. Subjects are matched as agrees best.
"""

from __future__ import annotations

import argparse
import itertools
import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yozora.prompts.account import Fate
from yozora.prompts.reading import read
from yozora.world.parsing import SaidSubject

CLAUSES = ("relation", "place", "time", "season", "weather", "style", "camera")
ATTRIBUTES = ("kind", "colour", "action", "then", "count")


@dataclass(slots=True)
class Score:
    """Slots counted, and what went wrong in words."""

    right: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)

    def add(self, slot: str, read_as: object, allowed: Sequence[object] | None) -> None:
        """Counts one slot: what it is read as (None: not) against the allowed values."""
        if read_as is not None and allowed is not None and read_as in allowed:
            self.right[slot] += 1
            return
        if read_as is None and allowed is None:
            return
        if read_as is not None:
            self.false[slot] += 1
        if allowed is not None:
            self.missed[slot] += 1
        self.misses.append(f"{slot}: {read_as or '-'} for {list(allowed) if allowed else '-'}")

    def take(self, other: Score) -> None:
        """Adds another score to this one."""
        for mine, theirs in (
            (self.right, other.right), (self.false, other.false), (self.missed, other.missed)
        ):  # fmt: skip
            mine.update(theirs)
        self.misses += other.misses

    @property
    def f1(self) -> float:
        """2 right / (2 right + false + missed), of all slots together."""
        right = self.right.total()
        return 2 * right / max(1, 2 * right + self.false.total() + self.missed.total())

    def __str__(self) -> str:
        right = self.right.total()
        precision = right / max(1, right + self.false.total())
        recall = right / max(1, right + self.missed.total())
        return f"precision {precision:.3f}  recall {recall:.3f}  F1 {self.f1:.3f}"


def score_subject(said: SaidSubject | None, wanted: Mapping[str, Any] | None) -> Score:
    """One subject as read against one of the file; None stands for no such subject."""
    score = Score()
    wanted = wanted or {}
    for name in ATTRIBUTES:
        value = getattr(said, name) if said else None
        allowed = wanted.get(name)
        if name == "count":  # one and unsaid are equal
            value = None if value == 1 else value
            allowed = None if not allowed or (value is None and 1 in allowed) else allowed
        score.add(name, value, allowed)
    worn = dict(said.worn) if said else {}
    for garment, colour in wanted.get("worn", ()):
        if garment in worn:
            score.add("worn", garment, [garment])
            shade = worn.pop(garment)
            score.add("worn colour", shade, [colour] if colour else None)
        else:
            score.add("worn", None, [garment])
            if colour:
                score.add("worn colour", None, [colour])
    for garment in worn:
        score.add("worn", garment, None)
    return score


def score_subjects(said: Sequence[SaidSubject], wanted: Sequence[Mapping[str, Any]]) -> Score:
    """All subjects, matched so that most slots are right."""
    size = max(len(said), len(wanted))
    ours = [*said, *[None] * (size - len(said))]
    theirs = [*wanted, *[None] * (size - len(wanted))]
    best = Score()
    for number, order in enumerate(itertools.permutations(theirs)):
        score = Score()
        for one, other in zip(ours, order, strict=True):
            score.take(score_subject(one, other))
        if number == 0 or score.f1 > best.f1:
            best = score
    return best


def score_line(line: Mapping[str, Any]) -> tuple[Score, Counter[Fate], list[str]]:
    """A prompt's slots, the fates of its content words, and the words that are not known."""
    reading = read(line["prompt"])
    score = score_subjects(reading.said.subjects, line.get("subjects", []))
    for column in CLAUSES:
        score.add(column, getattr(reading.said, column), line.get(column))
    score.add("nobody", reading.nobody or None, [True] if line.get("nobody") else None)
    fates = Counter(word.fate for word in reading.words)
    return score, fates, [w.word for w in reading.words if w.fate is Fate.UNKNOWN]


def main() -> None:
    """Prints the score of a file of prompts."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--misses", action="store_true", help="list what is read otherwise")
    arguments = parser.parse_args()
    lines = [json.loads(text) for text in arguments.file.read_text("utf-8").splitlines() if text]
    total, abstract, fates = Score(), Score(), Counter[Fate]()
    read("a dog")  # the tables are read once
    began = time.perf_counter()
    for line in lines:
        score, words, unknown = score_line(line)
        total.take(score)
        fates.update(words)
        if line.get("abstract"):
            abstract.take(score)
        if arguments.misses and score.misses:
            print(f"{line['prompt']}\n    {'; '.join(score.misses)}\n    not known: {unknown}")
    spent_ms = 1000 * (time.perf_counter() - began) / max(1, len(lines))
    print(f"{len(lines)} prompts, {spent_ms:.1f} ms each")
    print(f"all slots:     {total}")
    print(f"abstract only: {abstract}")
    for slot in sorted({*total.right, *total.false, *total.missed}):
        print(
            f"    {slot:<12} right {total.right[slot]:4d}"
            f"  false {total.false[slot]:4d}  missed {total.missed[slot]:4d}"
        )
    shares = {fate.value: f"{fates[fate] / max(1, fates.total()):.1%}" for fate in Fate}
    print("content words: " + ", ".join(f"{name} {share}" for name, share in shares.items()))


if __name__ == "__main__":
    main()
