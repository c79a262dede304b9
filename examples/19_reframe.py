"""A wide film as an upright one, on whom it shows."""

from pathlib import Path

import yozora
from yozora import reframing
from yozora.desk import Desk
from yozora.request import Request

desk = Desk.open(seed=1)
(dog,) = yozora.generate("a brown dog runs in a park", "dog.mp4", seconds=1, seed=3)
wish = Request("", Path("upright.mp4"), width=144, height=256, seed=1)
edit, notes = reframing.reframe(desk, wish, dog.path)
(film,) = desk.make(edit)
print(film.width, film.height, *notes)
