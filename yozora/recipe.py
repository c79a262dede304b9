"""What it takes to make a film again: JSON under the key `yozora.recipe` inside the MP4."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from dataclasses import asdict, dataclass, field, fields, replace
from importlib import metadata
from pathlib import Path
from typing import Any

from yozora import __version__
from yozora.timeline import reading, writing
from yozora.timeline.document import Timeline

VERSION = 1
QUALITIES = ("fast", "best", "live")
PACKAGES = ("torch", "numpy", "av", "pillow")  # what can change a pixel or a packet


@dataclass(frozen=True, slots=True)
class Shown:
    """A reference that a film was made with; the timeline names it by the file's hash."""

    name: str  # of the file, without its folder
    sha256: str  # of the file
    pixels_sha256: str  # of the picture made of it: what decides the film's


@dataclass(frozen=True, slots=True)
class Drawn:
    """A film or a picture that a timeline draws on; the timeline names it by the file's hash."""

    name: str  # of the file, without its folder
    sha256: str  # of the file
    latents_sha256: str = ""  # of its latents, where they were used in place of its pictures


@dataclass(frozen=True, slots=True)
class Turn:
    """What was asked for while a film was made, of all that was not done by then."""

    step: int  # before which it was heard, from 1
    at: int  # ticks of the film, from which on it was meant
    words: str = ""
    place: tuple[float, float] | None = None  # of the subject's middle, shares of the picture


@dataclass(frozen=True, slots=True)
class Recipe:
    """Timeline and settings, and where they were last rendered."""

    timeline: Timeline  # captions, length, size, seed, negative prompt
    prompt: str = ""  # what the person wrote
    negative_prompt: str = ""  # as written; the timeline has it in the caption language
    added: tuple[str, ...] = ()  # what the recaptioner added
    references: tuple[Shown, ...] = ()  # pictures of who or what appears
    assets: tuple[Drawn, ...] = ()  # films and pictures that it was made from
    steered: tuple[Turn, ...] = ()  # while it was made
    steps: int | None = None  # as asked; None: the default of the weights at this quality
    quality: str = "fast"
    evaluations: int = 0  # steps taken; a film longer than the window takes more than asked
    engine: str = ""
    weights_sha256: str = ""
    versions: dict[str, str] = field(default_factory=dict)
    machine: dict[str, str] = field(default_factory=dict)
    finishing: dict[str, str] | None = None  # sha256 by network that gave size or rate, if any
    packets_sha256: str = ""  # of the film; empty until it is coded
    told: str = field(default="", compare=False)  # the identity that a file told with it

    @property
    def identity(self) -> str:
        """sha256 of all that decides the pixels: timeline, seed, settings, engine, weights."""
        parts = [
            writing.to_json(self.timeline),
            str(self.steps),
            self.quality,
            self.engine,
            self.weights_sha256,
            *(f"{name} {sha256}" for name, sha256 in sorted((self.finishing or {}).items())),
            *(shown.pixels_sha256 for shown in self.references),
            *(drawn.latents_sha256 for drawn in self.assets if drawn.latents_sha256),
            *(plain_json(asdict(turn)) for turn in self.steered),
        ]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def of_this_machine(recipe: Recipe, engine: str, weights_sha256: str) -> Recipe:
    """The recipe as it would be rendered here and now."""
    return replace(
        recipe,
        engine=engine,
        weights_sha256=weights_sha256,
        versions=versions(),
        machine=machine(),
        evaluations=0,
        packets_sha256="",
    )


def versions() -> dict[str, str]:
    """Versions of Python, Yozora and the packages that can change a pixel."""
    installed = {package: metadata.version(package) for package in PACKAGES}
    return {"python": platform.python_version(), "yozora": __version__, **installed}


def machine() -> dict[str, str]:
    """What kind of machine this is; nothing that tells whose."""
    return {
        "system": platform.system(),
        "architecture": platform.machine(),
        "cpu": _cpu_model(),
        "cores": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0),
    }


def differences(then: Recipe, now: Recipe) -> tuple[str, ...]:
    """What may change the packets, a sentence each."""
    found = []
    if then.engine != now.engine:
        found.append(f"made with the engine {then.engine}, this is {now.engine}")
    if then.weights_sha256 != now.weights_sha256:
        found.append(
            f"made with the weights {then.weights_sha256[:12]}, these are "
            f"{now.weights_sha256[:12]}: the film will differ"
        )
    for name in sorted({*then.versions, *now.versions}):
        was, is_now = then.versions.get(name, "unknown"), now.versions.get(name, "unknown")
        if was != is_now:
            found.append(f"made with {name} {was}, this is {is_now}: the film may differ")
    for name in sorted({*then.machine, *now.machine}):
        was, is_now = then.machine.get(name, "unknown"), now.machine.get(name, "unknown")
        if was != is_now:
            found.append(f"made on {name} {was}, this is {is_now}: the film may differ")
    return tuple(found)


def to_dict(recipe: Recipe) -> dict[str, Any]:
    """Plain JSON values."""
    timeline = recipe.timeline
    return {
        "version": VERSION,
        "identity": recipe.identity,
        "prompt": recipe.prompt,
        "negative_prompt": recipe.negative_prompt,
        "captions": [span.caption for span in timeline.spans],
        "added": list(recipe.added),
        "references": [asdict(shown) for shown in recipe.references],
        "assets": [asdict(drawn) for drawn in recipe.assets],
        "steered": [asdict(turn) for turn in recipe.steered],
        "seed": timeline.seed,
        "timeline": writing.to_dict(timeline),
        "steps": recipe.steps,
        "quality": recipe.quality,
        "evaluations": recipe.evaluations,
        "engine": recipe.engine,
        "weights_sha256": recipe.weights_sha256,
        "finishing": recipe.finishing or {},
        "versions": recipe.versions,
        "machine": recipe.machine,
        "packets_sha256": recipe.packets_sha256,
    }


def to_json(recipe: Recipe) -> str:
    return plain_json(to_dict(recipe))


def plain_json(value: Any) -> str:
    """Canonical ASCII JSON: sorted keys, no spaces."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def from_json(text: str) -> Recipe:
    """The recipe that `to_json` wrote. Raises ValueError (TimelineError is one) with a reason."""
    raw = json.loads(text)
    if not isinstance(raw, dict) or not isinstance(raw.get("version"), int):
        raise ValueError("it has no version")
    if raw["version"] != VERSION:
        raise ValueError(f"it is of version {raw['version']}, which another Yozora wrote")
    steps = raw.get("steps")
    quality = raw.get("quality", "fast")
    if not (steps is None or (isinstance(steps, int) and 1 <= steps <= 100_000)):
        raise ValueError("its steps are no number")
    if quality not in QUALITIES:
        raise ValueError("its quality is unknown")
    evaluations = raw.get("evaluations", 0)
    if not isinstance(evaluations, int):
        raise ValueError("its evaluations are no number")
    added = raw.get("added", [])
    if not isinstance(added, list):
        raise ValueError("what was added is no list")
    timeline = reading.from_dict(raw.get("timeline"))
    if timeline.seed is None:
        raise ValueError("it has no seed")
    return Recipe(
        timeline=timeline,
        prompt=str(raw.get("prompt", "")),
        negative_prompt=str(raw.get("negative_prompt", "")),
        added=tuple(str(word) for word in added),
        references=tuple(Shown(*row) for row in _rows(raw, "references", Shown)),
        assets=tuple(Drawn(*row) for row in _rows(raw, "assets", Drawn)),
        steered=_turns(raw.get("steered", [])),
        steps=steps,
        quality=quality,
        evaluations=evaluations,
        engine=str(raw.get("engine", "")),
        weights_sha256=str(raw.get("weights_sha256", "")),
        finishing=_texts(raw.get("finishing")),
        versions=_texts(raw.get("versions")),
        machine=_texts(raw.get("machine")),
        packets_sha256=str(raw.get("packets_sha256", "")),
        told=str(raw.get("identity", "")),
    )


def _rows(raw: dict[str, Any], name: str, kind: type[Shown] | type[Drawn]) -> list[list[str]]:
    """The files of a list, by their keys. Raises ValueError for what is no list of files."""
    listed = raw.get(name, [])
    keys = [one.name for one in fields(kind)]
    if not isinstance(listed, list):
        raise ValueError(f"its {name} are no list")
    if not all(isinstance(row, dict) and set(keys) <= set(row) for row in listed):
        raise ValueError(f"one of its {name} is no file")
    return [[str(row[key]) for key in keys] for row in listed]


def _turns(raw: object) -> tuple[Turn, ...]:
    """Raises ValueError for what tells of no turns."""
    if not isinstance(raw, list) or not all(isinstance(row, dict) for row in raw):
        raise ValueError("what it was steered by is no list")
    found = []
    for row in raw:
        step, at, place = row.get("step"), row.get("at"), row.get("place")
        whole = type(step) is int and type(at) is int and step > 0 and at >= 0
        shares = [] if place is None else place
        if not whole or not (
            isinstance(shares, list)
            and len(shares) in (0, 2)
            and all(type(one) in (int, float) and 0 <= one <= 1 for one in shares)
        ):
            raise ValueError("one of the turns that it took is none")
        where = (float(shares[0]), float(shares[1])) if shares else None
        found.append(Turn(step, at, str(row.get("words", "")), where))
    return tuple(found)


def _texts(raw: object) -> dict[str, str]:
    return {str(k): str(v) for k, v in raw.items()} if isinstance(raw, dict) else {}


def _cpu_model() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or "unknown"
