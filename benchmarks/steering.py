"""Whether a subject that is to be recoloured or moved in the middle of a render is.

    python benchmarks/steering.py [--cases 40] [--out DIR]

Films of two seconds of one held-out subject, seed i, steered before the fourth of five steps: odd
cases to another colour, even ones to another place. A colour is there where the judge gives the
film to it; a subject is moved where the middle of what the weights find of it has gone at least
half of the way that was asked, beside the same film left alone. `rest`: the mean difference, in
levels of 255, outside of both of the subject's places. Prints one JSON line a case, and a sum.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from yozora.desk import Desk
from yozora.engine.canvas import Floats
from yozora.engine.protocol import Frames
from yozora.media.latents import load_latents
from yozora.media.video import read_video
from yozora.model.checkpoint import load_judge, weights_folder
from yozora.model.judge import Judge
from yozora.model.layers import compute_dtype
from yozora.render import Step, render
from yozora.request import Request
from yozora.steering import Steering
from yozora.training.eval_clips import held_out_scene
from yozora.world.captions import caption
from yozora.world.scene import COLOURS, Scene

SECONDS, AFTER = 2.0, 3  # steps that are done when the wish comes
PLACES = ((0.25, 0.55), (0.75, 0.55))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--cases", type=int, default=40)
    parser.add_argument("--out", type=Path, default=Path("steering-benchmark"))
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    kept = arguments.out / "cases.jsonl"
    rows = [json.loads(line) for line in kept.read_text().splitlines()] if kept.exists() else []
    desk = replace(Desk.open(), enhance=False)
    judge = load_judge(weights_folder() / "judge.safetensors")[0].to(compute_dtype())
    scenes = subjects(arguments.cases)
    with kept.open("a") as file:
        for case in range(len(rows), arguments.cases):
            make = recoloured if case % 2 else moved
            rows.append({"case": case, **make(desk, judge, scenes[case], case, arguments.out)})
            print(json.dumps(rows[-1]), file=file, flush=True)
            print(json.dumps(rows[-1]), file=sys.stderr, flush=True)
    for what in ("colour", "place"):
        mine = [row for row in rows if row["asked"] == what]
        if mine:
            share = np.mean([row["done"] for row in mine])
            rest = np.median([row["rest"] for row in mine])
            print(f"{what}: {share:.0%} of {len(mine)}, rest {rest:.1f} levels")


def subjects(count: int) -> list[Scene]:
    """Held-out scenes of one subject of a colour that has a name."""
    found: list[Scene] = []
    index = 0
    while len(found) < count:
        scene = replace(held_out_scene(index).as_one_act(), length_s=SECONDS)
        index += 1
        if len(scene.subjects) == 1 and scene.subjects[0].count == 1 and scene.subjects[0].colour:
            found.append(scene)
    return found


def films(
    desk: Desk, scene: Scene, case: int, out: Path, words: str, place: tuple[float, float] | None
) -> tuple[tuple[Frames, Floats], tuple[Frames, Floats]]:
    """(frames, latents) of a film left alone, and of the same one steered."""

    def film(name: str, steering: Steering | None) -> tuple[Frames, Floats]:
        path = out / f"{name}-{case}.mp4"

        def heard(event: object) -> None:
            if isinstance(event, Step) and event.done == AFTER and steering is not None:
                steering.steer(words, 0.0, place)

        wish = Request(caption(scene), path, SECONDS, seed=case, enhance=False)
        (made,) = render(wish, heard, engine=desk.engine, finisher=desk.finisher, steering=steering)
        return read_video(path).frames_THWC, load_latents(made.latents).latents_FCHW

    return film("alone", None), film("steered", Steering())


def recoloured(desk: Desk, judge: Judge, scene: Scene, case: int, out: Path) -> dict[str, Any]:
    subject = scene.subjects[0]
    names = [name for name in COLOURS if name != subject.colour]
    new = names[case % len(names)]
    words = f"a {new} {subject.kind}"
    alone, steered = films(desk, scene, case, out, words, None)
    fps = int(desk.engine.grid.fps)
    before, after = (judge.look(film, fps).shares["colour"] for film in (alone[0], steered[0]))
    mask = outline(desk, scene, alone[1]) | outline(desk, scene, steered[1])
    return {
        "asked": "colour", "words": words, "was": best(before), "done": best(after) == new,
        "before": best(before) == new, "rest": rest(alone[0], steered[0], mask),
    }  # fmt: skip


def moved(desk: Desk, judge: Judge, scene: Scene, case: int, out: Path) -> dict[str, Any]:
    alone_at = PLACES[case // 2 % 2]
    alone, steered = films(desk, scene, case, out, "", alone_at)
    masks = [outline(desk, scene, film[1]) for film in (alone, steered)]
    was, is_now = (middle(mask) for mask in masks)
    way = np.array(alone_at) - was
    length = float(np.hypot(*way))
    gone = float((is_now - was) @ way / max(length, 1e-6) ** 2)
    return {
        "asked": "place", "to": alone_at, "was": was.round(3).tolist(),
        "is": is_now.round(3).tolist(), "done": gone >= 0.5,
        "rest": rest(alone[0], steered[0], masks[0] | masks[1]),
    }  # fmt: skip


def outline(desk: Desk, scene: Scene, latents_FCHW: Floats) -> np.ndarray:
    """(F, Y, X) bool: where the weights find the subject."""
    return desk.engine.find(latents_FCHW, caption(scene)) > 0.5


def middle(mask_FYX: np.ndarray) -> np.ndarray:
    """Of what is found, in shares of the picture; its own middle where nothing is."""
    _, rows, cols = np.nonzero(mask_FYX)
    if not len(rows):
        return np.array([0.5, 0.5])
    _, y, x = mask_FYX.shape
    return np.array([(cols.mean() + 0.5) / x, (rows.mean() + 0.5) / y])


def rest(one: Frames, other: Frames, mask_FYX: np.ndarray) -> float:
    """Mean difference where no subject is."""
    k, (y, x) = len(one) // len(mask_FYX), one.shape[1:3]
    outside = ~mask_FYX.repeat(y // mask_FYX.shape[1], 1).repeat(x // mask_FYX.shape[2], 2)
    outside = outside.repeat(k, 0)
    apart = np.abs(one[: len(outside)].astype(int) - other[: len(outside)]).mean(3)
    return round(float(apart[outside].mean()), 2)


def best(shares: dict[str, float]) -> str:
    return max(shares, key=lambda name: shares[name])


if __name__ == "__main__":
    main()
