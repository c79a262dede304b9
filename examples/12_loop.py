"""A film that runs into itself."""

from pathlib import Path

import yozora
from yozora import editing
from yozora.desk import Desk
from yozora.request import Request

desk = Desk.open(seed=1)
(dog,) = yozora.generate("a brown dog runs in a park", "dog.mp4", seconds=1, seed=3)
wish = Request("", Path("loop.mp4"), seed=1)
(film,) = desk.make(editing.loop(desk, wish, dog.path, "short"))
print(film.frames, film.recipe.timeline.closed)
