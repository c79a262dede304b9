"""Two parts of a film change places, one at half its speed; what lies between is invented."""

from pathlib import Path

import yozora
from yozora import editing
from yozora.desk import Desk
from yozora.request import Request

desk = Desk.open(seed=1)
(dog,) = yozora.generate("a brown dog runs in a park", "dog.mp4", seconds=1, seed=3)
keep = [
    editing.Keep(0.5, 1.0, at_s=0.25),
    editing.Keep(0.0, 0.25, at_s=1.25, speed=0.5),
]
wish = Request("", Path("recut.mp4"), seed=1)
(film,) = desk.make(editing.recut(desk, wish, dog.path, keep, seconds=2))
print([(span.ticks / 120_000, span.level) for span in film.recipe.timeline.spans])
