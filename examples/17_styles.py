"""A look of one's own, kept under a name, over a film; --style takes the same names."""

from pathlib import Path

import yozora
from yozora import editing, styles
from yozora.desk import Desk
from yozora.prompts.styles import Preset
from yozora.request import Request

home = Path("styles")
mine, notes = styles.add(Preset("sea mist", "watercolour, at dawn, fog", ("cyan",)), home)
(dog,) = yozora.generate("a dog runs in a park", "dog.mp4", seconds=1, seed=3, style="film noir")
print(dog.recipe.timeline.spans[0].caption)
desk = Desk.open(seed=1)
desk.style = styles.named("sea mist", home)
(film,) = desk.make(editing.remix(desk, Request("", Path("mist.mp4"), seed=1), dog.path))
print(film.recipe.timeline.spans[0].caption)
