"""A second of a film made again; then only what the words name in it."""

from pathlib import Path

import yozora
from yozora import editing
from yozora.desk import Desk
from yozora.request import Request

desk = Desk.open(seed=1)
(dog,) = yozora.generate("a brown dog runs in a park", "dog.mp4", seconds=1, seed=3)
jump = Request("the dog jumps", Path("jump.mp4"), seed=1)
(film,) = desk.make(editing.retake(desk, jump, dog.path, 0.3, 0.8))
white = Request("the dog is white", Path("white.mp4"), seed=1)
where = editing.Where(box=(0.3, 0.3, 0.4, 0.5))  # or words="the dog", or mask=Path("mask.png")
(film,) = desk.make(editing.retake(desk, white, dog.path, where=where))
print(film.recipe.timeline.spans[0].region)
