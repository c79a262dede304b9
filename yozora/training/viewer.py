"""What somebody who sees only frames says of 100 generated films, beside what the judge says.

The pictures and the form hold no prompt and none of the judge's words. Fill in `answers` with one
of `choices`, or "?" for what cannot be told; the next `yozora eval --judge` compares.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yozora.media import files
from yozora.training.errors import TrainingError
from yozora.training.eval_clips import VIEWED, Row
from yozora.training.judge_data import columns, labels

ASKED = ("subject", "colour", "action", "place", "time", "weather", "style", "count")
UNSURE = "?"
HOW = (
    "Look at each picture: twelve frames of four seconds, in reading order. Write what it shows, "
    "one of the choices, or ? where it cannot be told. Of two different kinds, tell of the left."
)


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the filled-in form says."""

    answers: int  # given, "?" aside
    unsure: int
    agreed: float  # share of the answers that the judge gave too
    films: int  # with a subject and an action, "?" or not
    recognised: int  # films whose subject and action are those of the prompt


def export(rows: list[Row], clips: Path, folder: Path, identity: str) -> Path:
    """Pictures and an empty form; a form for these same films is left as it is."""
    form = folder / "form.json"
    films: list[dict[str, Any]] = []
    if form.exists():
        before = read(form)
        if before.get("identity") == identity:
            films = before["films"]  # a longer evaluation asks for more of the same films
        else:
            form.replace(folder / f"form-{before.get('identity', 'of-other-weights')}.json")
    folder.mkdir(parents=True, exist_ok=True)
    asked = {film["picture"] for film in films}
    for row in rows[:VIEWED]:
        name = f"{row.index:04d}.png"
        shutil.copyfile(clips / f"viewer-{name}", folder / name)
        if name not in asked:
            films.append({"picture": name, "answers": dict.fromkeys(ASKED, "")})
    choices = {name: list(values) for name, values in columns() if name in ASKED}
    body = {"identity": identity, "how": HOW, "choices": choices, "films": films}
    files.write(form, (json.dumps(body, indent=1) + "\n").encode())
    return form


def agreement(form: Path, rows: list[Row]) -> Agreement | None:
    """None until something is filled in. TrainingError for answers that are no choice."""
    body = read(form)
    by_name = {f"{row.index:04d}.png": row for row in rows}
    answers = unsure = agreed = films = recognised = 0
    for film in body["films"]:
        row = by_name.get(film["picture"])
        said = {c: str(v).strip().lower() for c, v in film["answers"].items() if str(v).strip()}
        if row is None or not said:
            continue
        for column, word in said.items():
            if word == UNSURE:
                unsure += 1
                continue
            if word not in body["choices"].get(column, ()):
                raise TrainingError(
                    f"{form}: {word!r} is no {column} ({film['picture']}): write one of "
                    f"{', '.join(body['choices'][column])}, or ?."
                )
            answers += 1
            agreed += word == row.best[column]
        if "subject" in said and "action" in said:
            films += 1
            truth = labels(row.scene)
            recognised += all(said[c] == truth[c] for c in ("subject", "action"))
    if not answers:
        return None
    return Agreement(answers, unsure, agreed / answers, films, recognised)


def read(form: Path) -> dict[str, Any]:
    try:
        body: dict[str, Any] = json.loads(form.read_text())
        assert isinstance(body["choices"], dict)
        for film in body["films"]:
            assert isinstance(film["picture"], str) and isinstance(film["answers"], dict)
    except (OSError, ValueError, KeyError, TypeError, AssertionError, RecursionError) as fault:
        raise TrainingError(
            f"{form} cannot be read ({type(fault).__name__} {str(fault)[:80]}): mend that place, "
            "or move the file away for an empty form."
        ) from None
    return body
