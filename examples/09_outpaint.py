"""What lies around a film: a wide picture becomes a square one."""

from pathlib import Path

import yozora
from yozora import editing
from yozora.desk import Desk
from yozora.request import Request

desk = Desk.open(seed=1)
(dog,) = yozora.generate("a brown dog runs in a park", "dog.mp4", seconds=1, seed=3)
wish = Request("", Path("square.mp4"), width=192, height=192, seed=1)
(film,) = desk.make(editing.outpaint(desk, wish, dog.path))
print(film.width, film.height)
