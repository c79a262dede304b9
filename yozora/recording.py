"""A live film that is kept: it can be watched while it is written, and ends as every other film."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np

from yozora import recipe as recipes
from yozora.engine.chunks import LIVE
from yozora.events import Noted, OnEvent, Result, Stored
from yozora.live import Live
from yozora.media import files, fragments, latents, video
from yozora.render import recipe_of
from yozora.storing import check_places, latents_header

if TYPE_CHECKING:
    from yozora.engine.canvas import Floats
    from yozora.engine.finish import Frame

MOST_S = 600.0  # whose latents are kept: no film that tools take is longer


def record(
    live: Live,
    path: Path,
    on_event: OnEvent = lambda event: None,
    on_frame: Callable[[Frame], None] = lambda frame: None,
) -> Result | None:
    """Write a live film until it ends; None where it ended before its first frame.

    The file plays up to its last fragment meanwhile. Then it gets its recipe, and its latents go
    beside it. Whatever ends this early, Ctrl-C too, leaves a film of what was made. Raises
    MediaError.
    """
    began = time.perf_counter()
    width, height = live.size
    check_places((path,), width * height * float(live.fps) * (live.seconds or 60.0))
    with tempfile.TemporaryFile() as spool:

        def keep(latents_FCHW: Floats) -> None:
            if live.made <= MOST_S * live.engine.grid.latent_fps:
                spool.write(np.ascontiguousarray(latents_FCHW, np.float16).tobytes())

        live.on_chunk = keep
        sink: fragments.Mp4 | None = None
        result: Result | None = None
        with ExitStack() as stack:
            try:
                for frame in live:
                    if sink is None:  # what was there before stays until there is a frame
                        file = stack.enter_context(fragments.opened(path))
                        sink = fragments.Mp4(file, live.fps)
                    sink.put(frame)
                    on_frame(frame)
            finally:
                if sink is not None:
                    sink.close()
                    stack.close()
                    result = _finished(live, path, spool, on_event, began)
        return result


def _finished(live: Live, path: Path, spool: IO[bytes], on_event: OnEvent, began: float) -> Result:
    recipe = recipe_of(live.timeline, replace(live.request, quality=LIVE), live.engine, live.shown)
    packets = video.packets_sha256(path)
    width, height = live.size
    recipe = replace(
        recipe,
        added=tuple(live.recaption.added),
        finishing=dict(live.finish.told),
        packets_sha256=packets,
    )
    asked, grid = live.finish.asked, live.engine.grid
    rows, cols = grid.cells(asked.made_width, asked.made_height)
    spool.seek(0)
    made = np.frombuffer(spool.read(), np.float16).reshape(-1, grid.channels, rows, cols)
    fragments.finish(path, width, height, {video.RECIPE_KEY: recipes.to_json(recipe)})
    place = latents.latents_path(path)
    if len(made) == live.made:
        header = latents_header(live.engine, packets)
        files.write(place, latents.to_file(latents.Latents(made.astype(np.float32), header)))
    else:
        place.unlink(missing_ok=True)  # of another film
        on_event(Noted(f"longer than {MOST_S:g} s, so its latents are not kept: tools encode it"))
    result = Result(
        path=path,
        latents=place,
        recipe=recipe,
        frames=live.frames,
        width=width,
        height=height,
        fps=float(live.fps),
        wall_s=time.perf_counter() - began,
    )
    on_event(Stored(result))
    return result
