"""One film into another, and a film of both along a curve of one's own."""

from pathlib import Path

import yozora
from yozora import editing
from yozora.desk import Desk
from yozora.request import Request

desk = Desk.open(seed=1)
(dog,) = yozora.generate("a brown dog runs in a park", "dog.mp4", seconds=1, seed=3)
(cat,) = yozora.generate("a white cat sits in the snow", "cat.mp4", seconds=1, seed=4)
wish = Request("", Path("blend.mp4"), seed=1)
for curve in ("transition", ((0.0, 0.2), (0.5, 0.8), (1.0, 0.2))):
    made = editing.blend(desk, wish, dog.path, cat.path, curve, overlap_s=0.5)
    (film,) = desk.make(made)
    print(film.frames)
