"""Make docs/gallery/tools: a clip a tool, and a sheet of what it was given and what came of it.

    .venv/bin/python scripts/gallery_tools.py

Nothing is picked: seed 1, the default settings, the weights that ship. No camera has a film in this
tree: a render of the world with the grain and the rate of one stands for it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from yozora import boards, editing, storyboards
from yozora.desk import Desk
from yozora.live import Live
from yozora.media.images import Picture, contact_sheet, fit, save_jpeg, save_png
from yozora.media.latents import latents_path
from yozora.media.video import read_video, write_mp4
from yozora.prompts.recaption import recaption
from yozora.recording import record
from yozora.render import Edit, render
from yozora.request import Request
from yozora.world.renderer import Renderer

TOOLS = Path(__file__).parents[1] / "docs" / "gallery" / "tools"
SOURCES = {
    "library": "a serene library",
    "flower": "a flower blooming",
    "gadget": "product shot of a smartphone turning on a pedestal",
    "sunset": "a red boat sails on the sea at sunset, watercolour style",
    "night": "a white boat sails on the sea at night, comic style",
    "car": "a yellow car drives on a road",
}
BOARD = """
seconds: 4
characters: {Mara: a woman in a red coat}
cards:
  - text: Mara walks along a neon street at night
  - {text: she waves, cut: true}
"""
FRAMES, SMALL = 4, (144, 81)


def main() -> None:
    TOOLS.mkdir(parents=True, exist_ok=True)
    desk = Desk.open(seed=1)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        given = {name: home / f"{name}.mp4" for name in SOURCES}
        for name, words in SOURCES.items():
            wish = Request(words, given[name], seconds=2.0, seed=1)
            render(wish, engine=desk.engine, finisher=desk.finisher)
        given["street"] = footage(home / "street.mp4")
        given["still"] = home / "still.png"
        save_png(given["still"], read_video(given["sunset"]).frames_THWC[0])
        rows: list[Picture] = []
        labels: list[str] = []
        for name, (source, told, tool) in tools(desk, given, home).items():
            path = TOOLS / f"{name}.mp4"
            tool(path)
            latents_path(path).unlink(missing_ok=True)
            for label, film in ((f"{name}: {told}", path), ("from", given.get(source))):
                if film is not None and film.suffix == ".mp4":
                    rows += strip(film)
                    labels += [label, *[""] * (FRAMES - 1)]
        save_jpeg(TOOLS / "sheet.jpg", contact_sheet(rows, labels, columns=2 * FRAMES))


def tools(
    desk: Desk, given: dict[str, Path], home: Path
) -> dict[str, tuple[str, str, Callable[[Path], object]]]:
    """By name: what it is made from, what is asked, and how."""

    def made(tool: Callable[[Request], Edit], prompt: str = "") -> Callable[[Path], object]:
        wish = Request(prompt, Path("x.mp4"), seconds=2.0, seed=1)
        return lambda path: desk.make(tool(replace(wish, out=path)))

    def streamed(path: Path) -> object:
        live = Live(desk, Request(SOURCES["car"], path, seed=1), 3.0)

        def turn(frame: object) -> None:
            if live.frames == 12:
                live.steer("the car is blue")

        return record(live, path, on_frame=turn)

    ship, rain = "the library becomes a spaceship", "a white boat in the rain"
    robot, later = "a yellow robot", "the boat sails at night"
    keep = [editing.Keep(0.5, 1.5, 0.5, 0.5)]
    box = editing.Where((0.1, 0.3, 0.35, 0.65))
    boat = editing.Where(words="the boat")
    return {
        "remix": ("library", ship, made(
            lambda w: editing.remix(desk, w, given["library"], "strong"), ship)),
        "loop": ("flower", "a flower that blooms without an end", made(
            lambda w: editing.loop(desk, w, given["flower"]))),
        "recut": ("gadget", "a second stretched to two, with more before and after", made(
            lambda w: editing.recut(desk, w, given["gadget"], keep, 3.0))),
        "insert": ("street", f"{robot}, into footage", made(
            lambda w: editing.insert(desk, w, given["street"], box), robot)),
        "blend": ("night", "two palettes", made(
            lambda w: editing.blend(desk, w, given["sunset"], given["night"]))),
        "extend": ("sunset", later, made(
            lambda w: editing.extend(desk, w, given["sunset"]), later)),
        "retake": ("sunset", rain, made(
            lambda w: editing.retake(desk, w, given["sunset"], where=boat), rain)),
        "outpaint": ("car", "what lies around it", made(
            lambda w: editing.outpaint(desk, replace(w, width=256, height=256), given["car"]))),
        "animate": ("still", "a picture that moves", made(
            lambda w: editing.animate(desk, w, given["still"]), "the boat sails")),
        "storyboard": ("", "two cards, one woman", made(
            lambda w: storyboards.storyboard(desk, w, boards.of_yaml(BOARD, home)))),
        "stream": ("", "the car is blue, told after a second", streamed),
    }  # fmt: skip


def strip(film: Path) -> list[Picture]:
    frames = read_video(film).frames_THWC
    at = np.linspace(0, len(frames) - 1, FRAMES).round().astype(int)
    return list(fit(frames[at], *SMALL))


def footage(path: Path) -> Path:
    """Two seconds of a street at 24 frames a second, with grain."""
    scene = recaption("a bus drives on a street with pedestrians by day, static camera", 3).scene
    assert scene is not None
    dice = np.random.default_rng(3)
    with Renderer(256, 144, fps=24) as renderer:
        frames = np.stack(list(renderer.stream(replace(scene, length_s=2.0))))
    grain = dice.normal(0.0, 2.0, frames.shape)
    write_mp4(path, (frames + grain).clip(0, 255).astype(np.uint8), 24)
    return path


if __name__ == "__main__":
    main()
