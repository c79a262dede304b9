"""What the weights tell of renders: captions by the flow's own error, and where words are found.

    python benchmarks/captions.py --cases 40 --out captions-benchmark

Case i is held-out scene i of a series that nothing was tuned on. `caption`: each attribute of the
one caption that three latent frames are given, beside the judge's opinion of the same frames.
`find`: intersection over union of where `Engine.find` sees subjects with the world's instances, at
a quarter of a cell, of each latent frame and of all frames together. Needs OpenGL without a window
(EGL). A run that is stopped goes on in its folder.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from yozora.engine.native import NativeEngine
from yozora.model.checkpoint import load_judge, weights_folder
from yozora.model.grid import FINE
from yozora.model.judge import Judge
from yozora.model.layers import compute_dtype
from yozora.training.eval_clips import held_out_scene
from yozora.world.captions import caption_said, parse, readable, said
from yozora.world.labels import Labels
from yozora.world.parsing import Said
from yozora.world.renderer import Renderer
from yozora.world.scene import Scene

FRAMES, START_S = 24, 1.0
MOMENTS = (1, 3, 5)  # latent frames that are captioned
COLUMNS = ("subject", "colour", "place", "time", "weather", "style")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--cases", type=int, default=40)
    parser.add_argument("--out", type=Path, default=Path("captions-benchmark"))
    parser.add_argument("--captioned", type=int, default=40, help="of these cases, the first N")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    kept = arguments.out / "cases.jsonl"
    rows = [json.loads(line) for line in kept.read_text().splitlines()] if kept.exists() else []
    done = {row["case"] for row in rows}
    engine = NativeEngine.load()
    judge = load_judge(weights_folder() / "judge.safetensors")[0].to(compute_dtype())
    grid = engine.grid
    with Renderer(grid.width, grid.height, grid.fps) as renderer, kept.open("a") as file:
        for case in range(arguments.cases):
            if case in done:
                continue
            scene = held_out_scene(case, "captioner").as_one_act()
            labels = renderer.render_labels(scene, START_S, FRAMES)
            latents = engine.encode(labels.frames_THW3)
            row = {"case": case, **overlaps(engine, scene, labels, latents)}
            if case < arguments.captioned:
                row |= measured(engine, judge, scene, labels, latents)
            rows.append(row)
            print(json.dumps(rows[-1]), file=file, flush=True)
            print(json.dumps(rows[-1]), file=sys.stderr, flush=True)
    for line in table([row for row in rows if row["case"] < arguments.cases]):
        print(line)


def measured(
    engine: NativeEngine, judge: Judge, scene: Scene, labels: Labels, latents: np.ndarray
) -> dict[str, Any]:
    began = time.process_time()
    told = engine.tell(latents[list(MOMENTS)])
    seconds = time.process_time() - began
    opinion = judge.look(labels.frames_THW3, engine.grid.fps)
    truth = {name: value for name, value in columns(said(scene)).items() if name in readable(scene)}
    what = columns(parse(told))
    return {
        "told": told,
        "truth": caption_said(said(scene)),
        "right": {name: what[name] == value for name, value in truth.items()},
        "judge": {name: opinion.best(name) == value for name, value in truth.items()},
        "among": what["subject"] in [s.kind for s in scene.subjects] if scene.subjects else None,
        "cpu_s": seconds,
    }


def columns(what: Said) -> dict[str, str]:
    first = what.subjects[0] if what.subjects else None
    own = {"subject": first.kind if first else None, "colour": first.colour if first else None}
    clauses = {name: getattr(what, name) for name in ("place", "time", "weather", "style")}
    return {name: value or "none" for name, value in {**own, **clauses}.items()}


def overlaps(
    engine: NativeEngine, scene: Scene, labels: Labels, latents: np.ndarray
) -> dict[str, Any]:
    """Of all subjects, by the whole caption; and of the first kind among others, by its name."""
    if not scene.subjects:
        return {}
    every = masks(engine, labels, range(len(labels.subject_I)))
    found = {"all": iou(engine.find(latents, caption_said(said(scene))), every)}
    found["size"] = float(every.mean())  # of the picture
    found["nameless"] = iou(engine.find(latents, ""), every)
    if len(scene.subjects) > 1:
        first = replace(said(scene).subjects[0], action=None, then=None, worn=())
        words = caption_said(Said(subjects=(first,)))
        mine = [i for i, subject in enumerate(labels.subject_I) if subject == 0]
        found["first of several"] = iou(engine.find(latents, words), masks(engine, labels, mine))
    return {"iou": found}


def masks(engine: NativeEngine, labels: Labels, which: Any) -> np.ndarray:
    """Where some instances are, (F, rows, columns) of parts of cells: in most of a part."""
    k, part = engine.grid.frames_per_latent, engine.grid.cell_px // FINE
    there = np.isin(labels.instance_THW, [2 + i for i in which])
    t, h, w = there.shape
    shares = there.reshape(t // k, k, h // part, part, w // part, part).mean((1, 3, 5))
    return np.asarray(shares > 0.5)


def iou(share_FYX: np.ndarray, mask_FYX: np.ndarray) -> float | None:
    """Over all frames together; None where there is nothing to find."""
    there = share_FYX > 0.5
    if not mask_FYX.any():
        return None
    return float((there & mask_FYX).sum() / (there | mask_FYX).sum())


def table(rows: list[dict[str, Any]]) -> list[str]:
    lines, told = [], [row for row in rows if "told" in row]
    for name in COLUMNS:
        mine = [row for row in told if name in row["right"]]
        ours = np.mean([row["right"][name] for row in mine])
        judge = np.mean([row["judge"][name] for row in mine])
        lines.append(f"{name:8} {ours:4.0%}  judge {judge:4.0%}  of {len(mine)}")
    among = [row["among"] for row in told if row["among"] is not None]
    lines.append(f"one of the subjects {np.mean(among):.0%} of {len(among)}")
    cpu = [row["cpu_s"] for row in told]
    lines.append(f"seconds of one core: median {np.median(cpu):.0f}, most {max(cpu):.0f}")
    for name in ("all", "nameless", "first of several"):
        found = [row["iou"].get(name) for row in rows if "iou" in row]
        values = np.array([value for value in found if value is not None])
        lines.append(
            f"find, {name}: mean {values.mean():.2f}, median {np.median(values):.2f}, "
            f">= 0.5 in {(values >= 0.5).mean():.0%} of {len(values)}"
        )
    return lines


if __name__ == "__main__":
    main()
