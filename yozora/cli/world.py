"""`yozora world`: a scene of the world as it is rendered, which is what the model learns from."""

from __future__ import annotations

import argparse
import importlib.util
import random
from pathlib import Path

from yozora.cli import arguments as read
from yozora.cli.errors import DONE
from yozora.cli.streams import plain

SHEET_SCENES = 48
SHEET_COLUMNS = 6


def add_to(commands: read.Commands) -> None:
    command = commands.add_parser(
        "world",
        help="render a scene of the world",
        description="Render a scene of the world, or a contact sheet of many. This is what the "
        "model was taught with, not what it makes. Needs OpenGL without a window (EGL).",
        allow_abbrev=False,
    )
    command.add_argument("prompt", nargs="?", metavar="PROMPT", help="what to show")
    command.add_argument("--sheet", action="store_true", help="a contact sheet of drawn scenes")
    command.add_argument(
        "-o", "--out", type=read.file, metavar="OUT", help="world.mp4 or world.png"
    )
    command.add_argument("--seconds", type=read.seconds, default=4.0, metavar="S", help="length")
    command.add_argument("--size", type=read.size, default=(256, 144), metavar="WxH", help="pixels")
    command.add_argument("--seed", type=read.whole, default=0, metavar="N", help="which of many")
    command.set_defaults(run=run, error=command.error)


def run(arguments: argparse.Namespace) -> int:
    """Render, save, say where."""
    if arguments.sheet == (arguments.prompt is not None):
        arguments.error("give either a prompt in quotes or --sheet")
    out = arguments.out or Path("world.png" if arguments.sheet else "world.mp4")
    wanted = ".png" if arguments.sheet else ".mp4"
    if out.suffix.lower() != wanted:
        arguments.error(f"{str(out)!r} is no name for that, write one as name{wanted}")
    width, height = arguments.size
    if not 0.25 <= arguments.seconds <= 60.0:
        arguments.error(f"{arguments.seconds:g} seconds asked, choose 0.25 to 60")
    if not (32 <= width <= 1920 and 32 <= height <= 1920):
        arguments.error(f"{width}x{height} pixels asked, choose each side from 32 to 1920")
    if arguments.seed < 0:
        arguments.error(f"the seed {arguments.seed} is negative, choose 0 or more")
    from yozora.media import files
    from yozora.world.errors import WorldError

    files.check_writable(out)
    if importlib.util.find_spec("moderngl") is None:
        raise WorldError("rendering needs the package moderngl: pip install '.[world]' here")
    if arguments.sheet:
        sheet(out, arguments.seed, width, height)
    else:
        scene_film(out, arguments.prompt, arguments.seconds, arguments.seed, width, height)
    print(f"made:    {out}")
    return DONE


def sheet(out: Path, seed: int, width: int, height: int) -> None:
    """The middle frame of drawn scenes, each over its caption."""
    from yozora.media import images
    from yozora.world.captions import caption
    from yozora.world.renderer import Renderer
    from yozora.world.sample import sample_scene

    rng = random.Random(seed)
    scenes = [sample_scene(rng) for _ in range(SHEET_SCENES)]
    with Renderer(width, height) as renderer:
        pictures = [renderer.render(scene, scene.length_s / 2, 1)[0] for scene in scenes]
    labels = [caption(scene) for scene in scenes]
    images.save_png(out, images.contact_sheet(pictures, labels, SHEET_COLUMNS))


def scene_film(out: Path, prompt: str, seconds: float, seed: int, width: int, height: int) -> None:
    """The prompt, recaptioned into a scene, rendered."""
    from dataclasses import replace

    from yozora.cli.making import caption_lines
    from yozora.media import video
    from yozora.prompts.reading import Fate
    from yozora.prompts.recaption import recaption
    from yozora.request import tidy
    from yozora.world.errors import WorldError
    from yozora.world.renderer import Renderer

    words = recaption(tidy(prompt, "the prompt"), seed)
    known = any(word.fate is not Fate.UNKNOWN for word in words.words)
    if words.scene is None or not known:
        raise WorldError(f"{prompt!r} names nothing in the world: name a subject, as 'a red car'")
    for line in caption_lines(words):
        print(plain(line))
    scene = replace(words.scene, length_s=seconds, seed=seed)
    with Renderer(width, height) as renderer:
        video.write_mp4(out, renderer.stream(scene), renderer.fps)
