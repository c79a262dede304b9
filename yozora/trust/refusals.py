"""Marks by which somebody refuses that a video is trained on; nothing but the standard library.

Read are: C2PA manifests inside MP4 and MOV files, or beside any file as NAME.c2pa, with a training
and data mining assertion (`c2pa.training-mining`, `cawg.training-mining`); XMP inside or beside
(IPTC/PLUS Data Mining, TDM reservation); NAME.json beside; and `tdmrep.json` in a folder above
(W3C TDM Reservation Protocol). To refuse needs no proof, so signatures are not verified; and a
mark that cannot be read refuses.
"""

from __future__ import annotations

import enum
import fnmatch
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from yozora.trust import boxes
from yozora.trust.boxes import BoxError

USES = ("ai_training", "ai_generative_training", "data_mining")  # inference alone is no refusal
REFUSED = ("notallowed", "constrained", "false", "no", "0")  # constrained without terms: refused
SIDECARS = (".json", ".xmp", ".c2pa")
XMP_RESERVED = re.compile(r"reservation\s*(=\s*[\"']\s*1\s*[\"']|>\s*1\s*<)")
TDM_FILE = "tdmrep.json"


class Refusal(enum.Enum):
    """Where the refusal stands; the value reads well after a number of videos."""

    C2PA = "by their C2PA manifest"
    XMP = "by XMP (IPTC/PLUS data mining, or TDM reservation)"
    JSON = "by a .json beside them"
    TDMREP = "by tdmrep.json"


def refusal_of(path: Path, top: Path) -> Refusal | None:
    """What refuses training on the video at `path`, in the data folder `top`; None if nothing.

    Raises OSError for files that cannot be opened.
    """
    beside = {s: p.read_bytes() for s in SIDECARS for p in sidecars(path, s)}
    if (found := refusal_beside(beside)) is not None:
        return found
    if reserved_above(path, top):
        return Refusal.TDMREP
    with path.open("rb") as file:
        return refusal_inside(file)


def sidecars(path: Path, suffix: str) -> list[Path]:
    """NAME.json or NAME.mp4.json, for every suffix in use."""
    both = path.with_suffix(suffix), path.with_name(path.name + suffix)
    return [p for p in both if p.is_file()]


def refusal_beside(sidecar_by_suffix: Mapping[str, bytes]) -> Refusal | None:
    """What the files beside a video say, by suffix (".json", ".xmp", ".c2pa")."""
    if (data := sidecar_by_suffix.get(".json")) is not None and json_refuses(data):
        return Refusal.JSON
    if (data := sidecar_by_suffix.get(".xmp")) is not None and xmp_refuses(data):
        return Refusal.XMP
    if (data := sidecar_by_suffix.get(".c2pa")) is not None and c2pa_refuses(data):
        return Refusal.C2PA
    return None


def refusal_inside(file: BinaryIO) -> Refusal | None:
    """What an ISO media file (MP4, MOV) itself says; other containers carry neither."""
    for kind, data in boxes.marks(file):
        if kind == "c2pa" and c2pa_refuses(data):
            return Refusal.C2PA
        if kind == "xmp" and xmp_refuses(data):
            return Refusal.XMP
    return None


def c2pa_refuses(jumbf: bytes) -> bool:
    """Whether any manifest in a C2PA store refuses, ingredients' included."""
    try:
        return any(
            refuses(data) for label, data in boxes.assertions(jumbf) if "training-mining" in label
        )
    except BoxError:
        return True


def xmp_refuses(data: bytes) -> bool:
    """PLUS `DataMining` with a DMI-PROHIBITED value, or `tdm:reservation` 1."""
    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")
    return "DMI-PROHIBITED" in text or bool(XMP_RESERVED.search(text))


def json_refuses(data: bytes) -> bool:
    """A description that says so at any depth; one that is no JSON cannot be told, so it does."""
    try:
        return refuses(json.loads(data))
    except (ValueError, RecursionError):
        return True


def refuses(value: Any) -> bool:
    """Whether data, of JSON or CBOR, holds a refused use, a reservation or a prohibition."""
    if isinstance(value, list):
        return any(map(refuses, value))
    if not isinstance(value, Mapping):
        return False
    for key, said in value.items():
        name = re.split(r"[.:]", str(key).lower())[-1].replace("-", "_").replace(" ", "_")
        if name in USES and denied(said):
            return True
        if name == "tdm_reservation" and str(said).strip().lower() in ("1", "true"):
            return True
        if name == "datamining" and "PROHIBITED" in str(said).upper():
            return True
        if refuses(said):
            return True
    return False


def denied(said: Any) -> bool:
    """An entry's value: "notAllowed", false, or {"use": "constrained", ...}."""
    if isinstance(said, Mapping):
        said = said.get("use")
    return str(said).strip().lower() in REFUSED


def reserved_above(path: Path, top: Path) -> bool:
    """Whether a `tdmrep.json` between the file and the data folder's top reserves the file."""
    folders = [f for f in path.parents if f == top or f.is_relative_to(top)]
    for folder in folders:
        for rules in (folder / TDM_FILE, folder / ".well-known" / TDM_FILE):
            if rules.is_file() and tdmrep_reserves(
                rules.read_bytes(), "/" + path.relative_to(folder).as_posix()
            ):
                return True
    return False


def tdmrep_reserves(data: bytes, location: str) -> bool:
    """Whether a TDMRep file reserves `location` ("/a/b.mp4"). Any rule that matches is enough."""
    try:
        rules = list(rules_of(json.loads(data)))
    except (ValueError, RecursionError):
        return True
    return any(matches(pattern, location) for pattern, reserved in rules if reserved)


def rules_of(value: Any) -> Iterator[tuple[str, bool]]:
    for rule in value if isinstance(value, list) else [value]:
        if not isinstance(rule, Mapping):
            raise ValueError("a rule is no object")
        yield str(rule.get("location", "/")), str(rule.get("tdm-reservation", "")).strip() == "1"


def matches(pattern: str, location: str) -> bool:
    """Path patterns as in robots files (RFC 9309, 2.2.3): a prefix, `*` any, `$` the end."""
    pattern = "/" + pattern.lstrip("/")
    ends = pattern.endswith("$")
    glob = re.sub(r"([\[?])", r"[\1]", pattern.rstrip("$"))
    return fnmatch.fnmatchcase(location, glob if ends else glob + "*")
