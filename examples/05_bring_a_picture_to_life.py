"""A picture becomes a film that ends in another one."""

from pathlib import Path

import yozora
from yozora import editing
from yozora.desk import Desk
from yozora.media.images import save_png
from yozora.media.video import read_video
from yozora.request import Request

desk = Desk.open(seed=1)
(dog,) = yozora.generate("a brown dog runs in a park", "dog.mp4", seconds=1, seed=3)
frames = read_video(dog.path).frames_THWC
save_png("first.png", frames[0])
save_png("last.png", frames[-1])
wish = Request("a brown dog jumps in a park", Path("alive.mp4"), seconds=1, seed=1)
(film,) = desk.make(editing.animate(desk, wish, Path("first.png"), end=Path("last.png")))
print(film.path, film.frames)
