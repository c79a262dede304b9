"""Re-framing: a film in another shape, on whom it shows."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np

from yozora import assets, captioning
from yozora.desk import Desk
from yozora.model.grid import Grid
from yozora.render import Edit
from yozora.request import Request, RequestError
from yozora.timeline import tools
from yozora.timeline.document import Path as BoxPath
from yozora.timeline.following import (
    ROOM,
    Sight,
    crop_size,
    crops,
    places,
    sight_of,
)
from yozora.world.captions import caption_said, parse
from yozora.world.parsing import Said

MOST_MOMENTS = 240  # at which a film is looked at
AT_ONCE = 8  # moments that are encoded together


def reframe(
    desk: Desk, wish: Request, film: Path, on: str = "", whole: bool = False
) -> tuple[Edit, tuple[str, ...]]:
    """A film in `wish`'s size, cut to what `on` names, or to its subjects; and what is to be said.

    `whole`: what is followed is shown whole, where need be with less of the film around it than the
    new picture has room for; that is invented. Otherwise nothing is, and its ends may be cut off.

    Raises RequestError, MediaError, PromptError, TimelineError.
    """
    if wish.width is None or wish.height is None:
        raise RequestError("there is no size: say that of the new picture, as --size 288x512")
    one = desk.footage(film)
    clip = one.clip()
    film = one.file.path
    notes = desk.named(on) if on else []
    words = on or subjects_of(one.told)
    seen, step_s = looked_for(desk, film, words)
    found = sum(sight is not None for sight in seen)
    if not found:
        if on:
            raise RequestError(
                f"nothing in {film.name} is found to be {on[:60]!r}: name something else with "
                "--on, or use yozora outpaint, which keeps the whole picture"
            )
        notes.append("nobody is found to follow: the middle of the picture is shown")
    elif found < len(seen):
        notes.append(
            f"what is followed is seen at {found} of {len(seen)} moments, and taken to be between "
            "them at the others"
        )
    aspect = (wish.width / wish.height) / (one.width / one.height)
    width, height = crop_size(seen, aspect, ROOM if whole else 0.0)
    path = path_of(seen, step_s, (width, height), (wish.width, wish.height))
    if width > 1.0 or height > 1.0:
        notes.append("what is followed is larger than such a crop: what lies around is invented")
    told = desk.asked(wish.prompt, one.told)
    caption = told.caption if told else one.told
    if not caption and (width > 1.0 or height > 1.0):
        guess = captioning.seen(desk, film)
        caption = guess.caption
        notes += [*guess.notes, f"around it is made: {caption}; --prompt says something else"]
    made = tools.outpaint(clip, caption, path, shows=one.told)
    return desk.edit(made, wish, told, one), tuple(notes)


def path_of(
    seen: list[Sight | None], step_s: float, size: tuple[float, float], pixels: tuple[int, int]
) -> BoxPath:
    """Where the film lies in a new picture of so many pixels, moment by moment."""
    return places(crops(seen, step_s, *size), pixels)


def subjects_of(caption: str) -> str:
    """Whom a film of ours shows; "" where nobody knows: whoever stands out."""
    return caption_said(Said(subjects=parse(caption).subjects[:1])) if caption else ""


def looked_for(desk: Desk, film: Path, words: str) -> tuple[list[Sight | None], float]:
    """Where what words name is, at moments so many seconds apart, each in the middle of its part of
    the film."""
    engine = desk.engine
    one = assets.open_asset(assets.known(film), engine)
    assert one.film is not None, "a picture has no clip"
    with closing(one.film):
        lasts_s = one.count / float(one.fps)
        count = min(MOST_MOMENTS, max(1, round(lasts_s * engine.grid.latent_fps)))
        step_s = lasts_s / count
        half_s = engine.grid.frames_per_latent / engine.grid.fps / 2
        at = [max(0.0, (i + 0.5) * step_s - half_s) for i in range(count)]
        seen: list[Sight | None] = []
        for first in range(0, count, AT_ONCE):
            some = at[first : first + AT_ONCE]
            frames = np.concatenate([assets.moment(one, engine.grid, s) for s in some])
            shares_FYX = assets.named(engine, engine.encode(frames), words)
            seen += [sight_of(share) for share in shares_FYX]
    return [_uncut(sight, one, engine.grid) for sight in seen], step_s


def _uncut(sight: Sight | None, one: assets.Opened, grid: Grid) -> Sight | None:
    """A sight in shares of the film's own picture, of which the grid shows the middle."""
    if sight is None:
        return None
    width, height = grid.nearest_size(one.width, one.height)
    scale = max(width / one.width, height / one.height)
    wide, high = width / scale / one.width, height / scale / one.height
    return Sight(
        (1 - wide) / 2 + sight.x * wide,
        (1 - high) / 2 + sight.y * high,
        sight.width * wide,
        sight.height * high,
    )
