"""A film at twice its size, then at 24 frames a second."""

from pathlib import Path

import yozora
from yozora import editing
from yozora.desk import Desk
from yozora.request import Request

desk = Desk.open(seed=1)
(dog,) = yozora.generate("a brown dog runs in a park", "dog.mp4", seconds=1, seed=3)
(large,) = desk.make(editing.enlarge(desk, Request("", Path("large.mp4")), dog.path, times=2))
smooth = Request("", Path("smooth.mp4"), fps=24)
(film,) = desk.make(editing.enlarge(desk, smooth, dog.path))
print(large.width, film.fps)
