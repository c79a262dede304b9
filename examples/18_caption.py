"""What a film and a picture show, in words; a card takes them as its own."""

from pathlib import Path

import yozora
from yozora import boards, captioning
from yozora.desk import Desk
from yozora.media.images import save_png
from yozora.media.video import read_video

desk = Desk.open(seed=1)
(dog,) = yozora.generate("a brown dog runs in a park", "dog.mp4", seconds=1, seed=3)
print(captioning.seen(desk, dog.path).caption)  # its own: exact
save_png("dog.png", read_video(dog.path).frames_THWC[6])
found = captioning.seen(desk, Path("dog.png"))  # looked at by the weights: a guess
print(found.caption, found.notes)
board = boards.of_yaml("cards: [{media: dog.png, text: auto}]", Path())
print(boards.to_yaml(captioning.told(desk, board)[0]))
