"""What somebody who sees only frames says of 100 generated films, beside what the judge says.

The pictures and the form hold no prompt and none of the judge's words. Fill in `answers` with one
of `choices`, or "?" for what cannot be told; the next `yozora eval --judge` compares.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
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
    if form.exists() and (other := read(form)["identity"]) != identity:
        form.replace(free_place(folder, other))
    mine = [path for path in put_aside(folder, identity) if read(path)["identity"] == identity]
    if not form.exists() and mine:  # these weights were looked at before others
        mine[-1].replace(form)
    # a longer evaluation asks for more of the same films
    before: dict[str, Any] = read(form) if form.exists() else {"films": []}
    films: list[dict[str, Any]] = before["films"]
    folder.mkdir(parents=True, exist_ok=True)
    asked = {film["picture"] for film in films}
    for row in rows[:VIEWED]:
        name = f"{row.index:04d}.png"
        shutil.copyfile(clips / f"viewer-{name}", folder / name)
        if name not in asked:
            films.append({"picture": name, "answers": dict.fromkeys(ASKED, "")})
    choices = {name: list(values) for name, values in columns() if name in ASKED}
    body = {"identity": identity, "how": HOW, "choices": choices, "films": films}
    notes = {name: value for name, value in before.items() if name not in body}
    files.write(form, text_of(body | notes).encode())
    return form


def text_of(body: dict[str, Any]) -> str:
    """A form as it is written."""
    return json.dumps(body, indent=1) + "\n"


def put_aside(folder: Path, identity: str) -> list[Path]:
    """Forms that made room for those of other weights, by their names, the latest last."""
    return [path for _, path in sorted(_numbered(folder, identity))]


def free_place(folder: Path, identity: str) -> Path:
    """Where the next one goes: never where one lies."""
    number = max((number for number, _ in _numbered(folder, identity)), default=0) + 1
    return folder / (f"form-{identity}-{number}.json" if number > 1 else f"form-{identity}.json")


def _numbered(folder: Path, identity: str) -> Iterator[tuple[int, Path]]:
    for path in folder.glob("form-*.json"):
        name = re.fullmatch(rf"form-{re.escape(identity)}(-[1-9][0-9]{{0,8}})?", path.stem)
        if name is not None:
            yield int((name[1] or "-1")[1:]), path


def agreement(form: Path, rows: list[Row]) -> Agreement | None:
    """None until something is filled in. TrainingError for answers that are no choice."""
    body = read(form)
    by_name = {f"{row.index:04d}.png": row for row in rows}
    answers = unsure = agreed = films = recognised = 0
    for film in body["films"]:
        _check_answers(form, film)
        row, said = by_name.get(film["picture"]), said_of(film)
        if row is None or not said:
            continue
        given = {column: word for column, word in said.items() if word != UNSURE}
        unsure += len(said) - len(given)
        answers += len(given)
        agreed += sum(word == row.best.get(column) for column, word in given.items())
        if "subject" in said and "action" in said:
            films += 1
            truth = labels(row.scene)
            recognised += all(said[c] == truth[c] for c in ("subject", "action"))
    if not answers:
        return None
    return Agreement(answers, unsure, agreed / answers, films, recognised)


def said_of(film: dict[str, Any]) -> dict[str, str]:
    """What is filled in of one film, by column."""
    told = {column: str(value).strip().lower() for column, value in film["answers"].items()}
    return {column: word for column, word in told.items() if word}


def read(form: Path) -> dict[str, Any]:
    """A form, looked at from end to end. Raises `TrainingError` with the place that is wrong."""
    try:
        body: dict[str, Any] = json.loads(form.read_text())
        text_of(body)  # what is nested too deeply to be written again is refused here
        for part, kind in (("identity", str), ("choices", dict), ("films", list)):
            _mend(isinstance(body[part], kind), f"{part} is no {KINDS[kind]}")
        _mend(re.fullmatch(r"[\w-]{1,64}", body["identity"], re.ASCII), "identity was changed")
        for number, film in enumerate(body["films"], 1):
            place = f"film {number}"
            _mend(isinstance(film, dict), f"{place} is no table")
            _mend(isinstance(film["picture"], str), f"{place}: picture is no text")
            _mend(isinstance(film["answers"], dict), f"{place}: answers is no table")
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as fault:
        raise TrainingError(
            f"{form} cannot be read ({type(fault).__name__} {str(fault)[:80]}): mend that place, "
            "or move the file away for an empty form."
        ) from None
    return body


def check(folder: Path, identity: str) -> None:
    """Look at the form that `export` will go on with. Raises `TrainingError`."""
    for form in (folder / "form.json", *put_aside(folder, identity)):
        if form.exists():
            body = read(form)
            for film in body["films"] if body["identity"] == identity else ():
                _check_answers(form, film)


KINDS = {str: "text", dict: "table", list: "list"}


def _mend(good: object, what: str) -> None:
    if not good:
        raise ValueError(what)


def _check_answers(form: Path, film: dict[str, Any]) -> None:
    choices = {name: values for name, values in columns() if name in ASKED}
    for column, word in said_of(film).items():
        if column not in choices:
            raise TrainingError(
                f"{form}: {column!r} is not asked ({film['picture']}): take it out, what is asked "
                f"is {', '.join(choices)}."
            )
        if word != UNSURE and word not in choices[column]:
            raise TrainingError(
                f"{form}: {word!r} is no {column} ({film['picture']}): write one of "
                f"{', '.join(choices[column])}, or ?."
            )
