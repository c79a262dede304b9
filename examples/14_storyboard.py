"""A story: its script is broken into cards, which are edited and rendered in one film."""

from pathlib import Path

from yozora import boards, storyboards
from yozora.desk import Desk
from yozora.request import Request

STORY = """- MARA: a woman in a red coat

EXT. CITY STREET - NIGHT

Mara walks in the rain. She waves.
"""
Path("story.md").write_text(STORY)
board, _ = boards.read(Path("story.md"))
Path("story.yaml").write_text(boards.to_yaml(board).replace("2.0", "0.5"))
board, _ = boards.read(Path("story.yaml"))
desk = Desk.open(seed=1)
(film,) = desk.make(storyboards.storyboard(desk, Request("", Path("story.mp4"), seed=1), board))
print([span.caption for span in film.recipe.timeline.spans])
