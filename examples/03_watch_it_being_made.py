"""A preview picture at every step, and a wish to stop that is heard within one."""

from pathlib import Path

from yozora.engine.protocol import Cancelled
from yozora.media.images import save_png
from yozora.render import Step, render
from yozora.request import Request

seen: list[Step] = []


def watch(event: object) -> None:
    if isinstance(event, Step):
        seen.append(event)
        save_png(f"preview-{event.done}.png", event.preview()[0])


wish = Request("a boat sails on the sea at sunset", Path("boat.mp4"), seconds=1.0, seed=1)
try:
    render(wish, watch, cancelled=lambda: len(seen) >= 3)
except Cancelled:
    print("stopped after", len(seen), "steps")
