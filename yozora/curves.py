"""Influence curves of a blend, as a person gives them."""

from __future__ import annotations

import json
from pathlib import Path

from yozora.media import files as media_files
from yozora.media.errors import MediaError
from yozora.request import RequestError
from yozora.timeline import tools
from yozora.timeline.checks import check_curve
from yozora.timeline.document import Curve
from yozora.timeline.errors import TimelineError

MOST_JSON_BYTES = 16 << 20


def curve_of(curve: str | Path | Curve) -> Curve:
    """An influence curve: a name, a JSON file of [place, share] pairs, or the pairs themselves."""
    if isinstance(curve, str) and curve in tools.CURVES:
        return tools.CURVES[curve]
    name = "the curve"
    if isinstance(curve, str | Path):
        name = str(curve)
        if not Path(curve).suffix:
            raise RequestError(
                f"{str(curve)[:40]!r} is no curve: use {', '.join(tools.CURVES)}, or a JSON "
                "file of [place, share] pairs"
            )
        raw = _json(Path(curve))
        rows = raw if isinstance(raw, list) else []
        curve = tuple((row[0], row[1]) for row in rows if isinstance(row, list) and len(row) == 2)
        numbers = all(type(value) in (int, float) for point in curve for value in point)
        if not rows or len(curve) < len(rows) or not numbers:
            raise TimelineError(
                name, "not a list of [place, share] pairs", "write [[0, 0], [0.5, 1], [1, 1]]"
            )
    check_curve(curve, name)
    return curve


def _json(path: Path) -> object:
    """Raises MediaError for a file that is missing, too large or no JSON."""
    text = media_files.read_text(path, MOST_JSON_BYTES)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MediaError(f"{path} is no JSON: check its brackets and quotes") from error
