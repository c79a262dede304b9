"""A document says it all: kept, invented, reworked; other editors read it as OpenTimelineIO."""

from pathlib import Path

import yozora
from yozora import editing
from yozora.desk import Desk
from yozora.request import Request

desk = Desk.open(seed=1)
(dog,) = yozora.generate("a brown dog runs in a park", "dog.mp4", seconds=1, seed=3)
timeline = """{"version": 1, "seed": 5, "spans": [
  {"ticks": 60000, "caption": "", "level": 0,
   "content": {"kind": "clip", "asset": "dog.mp4", "start": 0, "stop": 60000}},
  {"ticks": 60000, "caption": "a white dog runs in the snow", "level": [[0, 0.5], [1, 1]],
   "content": {"kind": "clip", "asset": "dog.mp4", "start": 60000, "stop": 120000}}]}"""
Path("film.json").write_text(timeline)
(film,) = desk.make(editing.document(desk, Request("", Path("film.mp4")), Path("film.json")))
editing.write(editing.written(film.path)[0], Path("film.otio"))
print(film.frames)
