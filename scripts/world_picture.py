"""Make docs/gallery/world.png: every kind, place and style of the world, drawn by its renderer.

    .venv/bin/python scripts/world_picture.py

These are renders, what the model is taught; what it makes of that is in the gallery beside it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from yozora.media.images import contact_sheet, fit
from yozora.world.phrases import KINDS
from yozora.world.renderer import Renderer
from yozora.world.scene import PLACES, STYLES, Scene, Subject

PICTURE = Path(__file__).parents[1] / "docs" / "gallery" / "world.png"
TIMES = ("day", "sunset", "day", "night", "dawn")
FACINGS = (20.0, 160.0, 300.0, 235.0)
COLUMNS, WIDTH, HEIGHT = 8, 160, 90


def scenes() -> list[tuple[str, Scene]]:
    """A label and a scene for each kind at home, each place, and one scene in each style."""
    shown = []
    for n, (kind, words) in enumerate(KINDS.items()):
        action = list(words.actions)[n % len(words.actions)]
        subject = Subject(kind, words.natural_colours[0], action, look=7 * n + 1)
        place = words.homes[n % len(words.homes)] if words.homes else "park"
        facing = FACINGS[n % len(FACINGS)]
        still = Scene((subject,), place, "day", "clear", "natural", "follow", facing=facing)
        shown.append((f"{kind}, {action}", still))
    for n, place in enumerate(PLACES):
        alone = Scene((), place, TIMES[n % len(TIMES)], "clear", "natural", "static", seed=n)
        shown.append((place, alone))
    woman = Subject("woman", "red", "walk", look=5, worn=(("boots", "black"), ("jacket", "black")))
    for style in STYLES:
        scene = Scene((woman,), "castle", "day", "clear", style, "follow", facing=20.0)
        shown.append((style, scene))
    return shown


def main() -> None:
    pictures, labels = [], []
    with Renderer(2 * WIDTH, 2 * HEIGHT) as renderer:
        for label, scene in scenes():
            frame = renderer.render(scene, 1.2, 1)
            pictures.append(fit(frame, WIDTH, HEIGHT)[0])
            labels.append(label)
    sheet = Image.fromarray(np.asarray(contact_sheet(pictures, labels, columns=COLUMNS)))
    sheet.quantize(192, dither=Image.Dither.FLOYDSTEINBERG).save(PICTURE, optimize=True)


if __name__ == "__main__":
    main()
