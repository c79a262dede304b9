"""New words over a film: what they do not change stays."""

from pathlib import Path

import yozora
from yozora import editing
from yozora.desk import Desk
from yozora.request import Request

desk = Desk.open(seed=1)
(dog,) = yozora.generate("a brown dog runs in a park", "dog.mp4", seconds=1, seed=3)
wish = Request("the park becomes a beach at night", Path("beach.mp4"), seed=1)
for strength in ("subtle", "strong"):
    (film,) = desk.make(editing.remix(desk, wish, dog.path, strength))
    print(film.recipe.timeline.spans[0].shows, "->", film.recipe.timeline.spans[0].caption)
