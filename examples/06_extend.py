"""A film goes on, begins earlier, and leads to another one; what was there stays bit-exact."""

from pathlib import Path

import yozora
from yozora import editing
from yozora.desk import Desk
from yozora.request import Request

desk = Desk.open(seed=1)
(dog,) = yozora.generate("a brown dog runs in a park", "dog.mp4", seconds=1, seed=3)
snow = Request("it snows", Path("snow.mp4"), seconds=1, seed=1)
(longer,) = desk.make(editing.extend(desk, snow, dog.path, before=True))
meet = Request("the dog sits", Path("meet.mp4"), seconds=1, seed=2)
(met,) = desk.make(editing.extend(desk, meet, dog.path, ending=longer.path))
print(longer.frames, met.frames)
