"""What upsampler and interpolator gain on held-out renders, and what they take, in one run.

    python benchmarks/upsampling.py [--json] [--pictures 96] [--runs 5] [--threads 0]

Scenes hold at least one pair of attributes that training never shows. Decibels are means over
pictures; of the interpolator, over those where something moves. Seconds are of 48 frames at the
grid's size, the least of some runs, beside those of a render: sampling and decoding four seconds
with the weights that ship. Needs OpenGL without a window (EGL).
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import torch
from PIL import Image

from yozora.engine.finish import Asked, Finisher, plan
from yozora.engine.native import NativeEngine
from yozora.media.images import fit
from yozora.model.interpolator import Interpolator, between
from yozora.model.upsampler import Upsampler
from yozora.render import lay_out, told
from yozora.timeline.document import to_ticks
from yozora.training.measures import psnr
from yozora.world.renderer import Renderer
from yozora.world.sample import sample_scene

FPS, WIDTH, HEIGHT = 12, 256, 144
FRAMES = 48  # that are timed: four seconds
AGAIN = 3  # a picture in so many is measured through the tokenizer too
STILL_DB = 60.0  # two frames that are more alike than this: nothing moves
Table = dict[str, dict[str, float]]


def mean(rows: list[float]) -> float:
    return round(float(np.mean(rows)), 2) if rows else float("nan")


def bicubic(frame: np.ndarray) -> np.ndarray:
    size = (2 * frame.shape[1], 2 * frame.shape[0])
    return np.asarray(Image.fromarray(frame).resize(size, Image.Resampling.BICUBIC))


def lanczos(frame: np.ndarray) -> np.ndarray:
    return fit(frame[None], 2 * frame.shape[1], 2 * frame.shape[0])[0]


def of_styles(found: list[tuple[str, dict[str, float]]]) -> Table:
    """Means over all, and over each style."""
    names = ["all", *sorted({style for style, _ in found})]
    out: Table = {}
    for name in names:
        rows = [row for style, row in found if name in ("all", style)]
        out[name] = {"pictures": len(rows)} | {k: mean([r[k] for r in rows]) for k in rows[0]}
    return out


def sizes(network: Upsampler, engine: NativeEngine | None, pictures: int) -> dict[str, Table]:
    """Decibels of twice the size: of renders, and of renders as the tokenizer gives them back."""
    rng = random.Random("upsampling")
    found, soft = [], []
    around = network.size.around
    with Renderer(WIDTH, HEIGHT, FPS) as small, Renderer(2 * WIDTH, 2 * HEIGHT, FPS) as large:
        for number in range(pictures):
            scene = sample_scene(rng, held_out=True)
            start_s, at = rng.uniform(0.0, scene.length_s - 4 / FPS), 1 + number % 2
            frames = small.render(scene, start_s, 4)
            wanted = large.render(scene, start_s + at / FPS, 1)[0]

            def compared(
                seen: np.ndarray, wanted: np.ndarray = wanted, at: int = at
            ) -> dict[str, float]:
                with torch.inference_mode():
                    window = torch.from_numpy(seen[at - around : at + around + 1].copy())
                    made = network.run(window)[0].round().clamp(0, 255).to(torch.uint8).numpy()
                row = {"network": psnr(made, wanted)}
                for name, way in (("lanczos", lanczos), ("bicubic", bicubic)):
                    row[name] = psnr(way(seen[at]), wanted)
                return row | {"gain": row["network"] - row["lanczos"]}

            found.append((scene.style, compared(frames)))
            if engine is not None and number % AGAIN == 0:
                soft.append((scene.style, compared(engine.decode(engine.encode(frames)))))
    tables = {"twice the size": of_styles(found)}
    if soft:
        tables["twice the size, of reconstructions"] = {"all": of_styles(soft)["all"]}
    return tables


def rates(network: Interpolator, pictures: int) -> dict[str, Table]:
    """Decibels of what lies a fifth, two fifths, ... between two frames."""
    rng = random.Random("interpolation")
    found = []
    with Renderer(WIDTH, HEIGHT, 5 * FPS) as renderer:
        while len(found) < pictures:
            scene = sample_scene(rng, held_out=True)
            start_s = rng.uniform(0.0, scene.length_s - 1 / FPS)
            frames = renderer.render(scene, start_s, 6)
            if psnr(frames[0], frames[5]) > STILL_DB:
                continue
            part = 1 + len(found) % 4
            wanted, share = frames[part], part / 5
            blend = ((1.0 - share) * frames[0] + share * frames[5]).round().astype(np.uint8)
            row = {
                "network": psnr(between(network, frames[0], frames[5], share), wanted),
                "blending": psnr(blend, wanted),
                "repetition": psnr(frames[0 if share < 0.5 else 5], wanted),
            }
            best = max(row["blending"], row["repetition"])
            found.append((scene.style, row | {"gain": row["network"] - best}))
    return {"between two frames": of_styles(found)}


def least_s(work: Callable[[], object], runs: int) -> float:
    work()
    taken = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return min(taken)


def speeds(finisher: Finisher, engine: NativeEngine | None, runs: int) -> Table:
    """Seconds of four seconds of film, and their share of sampling and decoding it."""
    rng = np.random.default_rng(0)
    frames = rng.integers(0, 256, (FRAMES, HEIGHT, WIDTH, 3), dtype=np.uint8)
    out: Table = {}
    render_s = float("nan")
    if engine is not None:
        film = replace(told("a dog runs in the park by day", to_ticks(4.0)), seed=1)
        canvas = lay_out(film, engine).canvas
        render_s = least_s(lambda: engine.decode(engine.generate(canvas)), runs)
        out["a render of 48 frames"] = {"s": round(render_s, 3)}
    wishes = {
        "512x288": Asked(512, 288, Fraction(FPS), FRAMES, WIDTH, HEIGHT, Fraction(FPS)),
        "1024x576": Asked(1024, 576, Fraction(FPS), FRAMES, WIDTH, HEIGHT, Fraction(FPS)),
        "24 a second": Asked(WIDTH, HEIGHT, Fraction(24), 96, WIDTH, HEIGHT, Fraction(FPS)),
        "60 a second": Asked(WIDTH, HEIGHT, Fraction(60), 240, WIDTH, HEIGHT, Fraction(FPS)),
    }
    for name, asked in wishes.items():
        way = plan(asked, finisher)
        taken = least_s(lambda way=way: sum(1 for _ in way.frames(frames)), runs)
        out[name] = {"s": round(taken, 3), "share of a render": round(taken / render_s, 2)}
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--pictures", type=int, default=96)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=0, help="0: as torch chooses")
    arguments = parser.parse_args()
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    finisher = Finisher.shipped()
    engine: NativeEngine | None = NativeEngine.load()
    if engine is not None and (engine.grid.width, engine.grid.height) != (WIDTH, HEIGHT):
        engine = None
    found: dict[str, Any] = {}
    if finisher.path("upsampler"):
        found |= sizes(finisher.upsampler, engine, arguments.pictures)
    if finisher.path("interpolator"):
        found |= rates(finisher.interpolator, arguments.pictures)
    found["seconds"] = speeds(finisher, engine, arguments.runs)
    if arguments.json:
        print(json.dumps(found, indent=1))
        return
    for title, table in found.items():
        print(title)
        for name, row in table.items():
            print(f"  {name:24}" + "  ".join(f"{k} {v:g}" for k, v in row.items()))


if __name__ == "__main__":
    main()
