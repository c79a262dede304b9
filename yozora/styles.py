"""Style presets by name: those built in, and one's own, a small JSON file each in
`YOZORA_HOME/styles`, a picture of the look beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from yozora.home import home
from yozora.media import files
from yozora.media.errors import MediaError
from yozora.media.references import FORMATS, read_style
from yozora.prompts.errors import PromptError
from yozora.prompts.styles import BUILT_IN, Preset, checked, nearest, plain_name

MOST_BYTES = 1 << 16
VERSION = 1


def folder() -> Path:
    """Where one's own are; not made yet."""
    return home() / "styles"


def known(where: Path | None = None) -> tuple[dict[str, Preset], tuple[str, ...]]:
    """Every preset by name, one's own last, and a sentence for each file that is none."""
    found, notes = dict(BUILT_IN), []
    for path in sorted((where or folder()).glob("*.json")):
        try:
            preset = _read(path)
        except (MediaError, PromptError, ValueError) as error:
            notes.append(f"{path} is no style ({error}): mend it, or delete it")
        else:
            found[preset.name] = preset
    return found, tuple(notes)


def find(name: str, where: Path | None = None) -> Preset | None:
    """A preset; None where there is none of that name."""
    return known(where)[0].get(plain_name(name))


def named(name: str, where: Path | None = None) -> Preset:
    """A preset. Raises PromptError for a name that nobody knows."""
    found, _ = known(where)
    preset = found.get(plain_name(name))
    if preset is None:
        like = nearest(name, found)
        raise PromptError(
            f"there is no style {name[:40]!r}: "
            + (f"did you mean {like!r}? " if like else "")
            + "yozora styles lists them, yozora styles --add makes one"
        )
    return preset


def add(preset: Preset, where: Path | None = None) -> tuple[Preset, tuple[str, ...]]:
    """Keep a preset of one's own, its picture too: whole, or not at all.

    Returns it as it was kept, and what is odd in it. Raises PromptError, MediaError.
    """
    preset, notes = checked(preset)
    place = where or folder()
    path = _path(place, preset.name)
    if path.exists():
        raise PromptError(
            f"there is a style {preset.name!r} already: yozora styles --remove {preset.name!r} "
            "takes it away"
        )
    contents: dict[Path | str, bytes] = {}
    if preset.reference is not None:
        look = read_style(preset.reference)
        notes = (*notes, look.note) if look.note else notes
        kept = path.with_suffix(preset.reference.suffix.lower() or f".{FORMATS[0].lower()}")
        contents[kept] = preset.reference.read_bytes()
        preset = replace(preset, reference=kept)
    raw = {
        "version": VERSION,
        "name": preset.name,
        "words": preset.words,
        "palette": list(preset.palette),
        "negative": preset.negative,
        "reference": preset.reference.name if preset.reference else "",
    }
    contents[path] = (json.dumps(raw, indent=2) + "\n").encode()
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MediaError(f"{place} cannot be made: point YOZORA_HOME at another place") from error
    files.write_together(contents)
    return preset, notes


def remove(name: str, where: Path | None = None) -> Preset:
    """Take away a preset of one's own. Raises PromptError, MediaError."""
    preset = named(name, where)
    if not preset.own:
        raise PromptError(f"the style {preset.name!r} is built in: only your own can be removed")
    try:
        _path(where or folder(), preset.name).unlink()
        if preset.reference is not None:
            preset.reference.unlink(missing_ok=True)
    except OSError as error:
        raise MediaError(f"the style {preset.name!r} cannot be removed: free its file") from error
    return preset


def _path(place: Path, name: str) -> Path:
    return place / f"{name.replace(' ', '-')}.json"


def _read(path: Path) -> Preset:
    """One's own preset. Raises MediaError, PromptError or ValueError for a file that holds none."""
    raw = json.loads(files.read_text(path, MOST_BYTES))
    if not isinstance(raw, Mapping) or raw.get("version") != VERSION:
        raise ValueError("its version is unknown")
    texts = [raw.get(key, "") for key in ("name", "words", "negative", "reference")]
    palette = raw.get("palette", [])
    if not isinstance(palette, list) or not all(isinstance(t, str) for t in (*texts, *palette)):
        raise ValueError("its values are no text")
    name, words, negative, reference = texts
    picture = path.parent / Path(reference).name if reference else None
    preset, _ = checked(Preset(name, words, tuple(palette), negative, picture))
    if path != _path(path.parent, preset.name):
        raise ValueError(f"it should be named {_path(path.parent, preset.name).name}")
    return preset
