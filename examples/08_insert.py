"""A red ball in a corner of the picture; all else stays."""

from pathlib import Path

import yozora
from yozora import editing
from yozora.desk import Desk
from yozora.request import Request

desk = Desk.open(seed=1)
(dog,) = yozora.generate("a brown dog runs in a park", "dog.mp4", seconds=1, seed=3)
wish = Request("add a red ball", Path("ball.mp4"), seed=1)
corner = editing.Where(box=(0.6, 0.5, 0.35, 0.45))
(film,) = desk.make(editing.retake(desk, wish, dog.path, where=corner))
print(film.recipe.timeline.spans[0].caption)
