"""How a stream keeps up with the clock, how soon it turns to new words, and what drifts.

    python benchmarks/streaming.py [--seconds 60] [--turns 8] [--judged] [--out DIR]

On a warm process with the weights that ship: time to the first frame; seconds of video a wall
second, chunk by chunk; how much memory grows from the first quarter to the last; wall time from new
words to the first frame made under them. With `--judged`, the time to the first frame that the
judge gives to a new place, and what it says of each tenth second of a film told nothing new. Prints
one JSON object.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import sys
import time
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from yozora.desk import Desk
from yozora.engine.protocol import Frames
from yozora.live import Live
from yozora.media.video import write_mp4
from yozora.model.checkpoint import load_judge, weights_folder
from yozora.model.judge import Judge
from yozora.model.layers import compute_dtype
from yozora.request import Request
from yozora.training.eval_clips import held_out_scene
from yozora.world.captions import caption
from yozora.world.phrases import PLACES

PROMPT = "a brown dog runs in a park by day, clear weather, natural style, the camera follows"
COLUMNS = ("subject", "colour", "place", "time", "weather", "style")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--turns", type=int, default=8)
    parser.add_argument("--judged", action="store_true")
    parser.add_argument("--out", type=Path, help="a folder for the films")
    arguments = parser.parse_args()
    desk = Desk.open()
    list(islice(iter(live_of(desk, PROMPT, 0)), 24))  # warm
    found: dict[str, Any] = {"pace": pace(desk, arguments.seconds)}
    print(json.dumps(found), file=sys.stderr, flush=True)
    judge: Judge | None = None
    if arguments.judged:
        judge = load_judge(weights_folder() / "judge.safetensors")[0].to(compute_dtype())
        found["drift"] = drift(desk, judge, arguments.seconds, arguments.out)
        print(json.dumps(found["drift"]), file=sys.stderr, flush=True)
    found["turns"] = turns(desk, judge, arguments.turns, arguments.out)
    print(json.dumps(found))


def live_of(desk: Desk, words: str, seed: int) -> Live:
    return Live(replace(desk, enhance=False), Request(words, Path("live.mp4"), seed=seed))


def pace(desk: Desk, seconds: float) -> dict[str, float]:
    """A film of so many seconds, thrown away as it comes."""
    began = time.perf_counter()
    live = live_of(desk, PROMPT, 1)
    frames = iter(live)
    next(frames)
    first = time.perf_counter() - began
    count = round(seconds * live.fps)
    memory: list[int] = []
    for n, _ in enumerate(islice(frames, count - 1)):
        if n % 24 == 0:
            memory.append(resident())
    wall = time.perf_counter() - began
    quarter = max(1, len(memory) // 4)
    grown = statistics.mean(memory[-quarter:]) / statistics.mean(memory[:quarter])
    return {
        "first_frame_s": round(first, 3),
        "video_s_a_wall_s": round((seconds - 1 / float(live.fps)) / (wall - first), 3),
        "seconds": seconds,
        "memory_last_to_first_quarter": round(grown, 4),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def resident() -> int:
    """Pages of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1])


def turns(desk: Desk, judge: Judge | None, count: int, out: Path | None) -> dict[str, Any]:
    """Wall time from a new place to the first frame under it, and to the first one that the judge
    gives to it. A film that is given to the new place before it is asked for is left out."""
    under: list[float] = []
    given: list[float | None] = []
    names = list(PLACES)
    for index in range(count):
        scene = replace(held_out_scene(index).as_one_act(), length_s=3.0)
        other = names[(names.index(scene.place) + 1 + index % (len(names) - 1)) % len(names)]
        live = live_of(desk, caption(scene), index)
        frames, fps = iter(live), int(live.fps)
        shown = list(islice(frames, 2 * fps))
        asked, begun = time.perf_counter(), live.made
        live.steer(caption(replace(scene, place=other)))
        first = begun * live.engine.grid.frames_per_latent  # frame that is made under the words
        when: list[float] = []
        while len(when) < 3 * fps:
            shown.append(next(frames))
            when.append(time.perf_counter() - asked)
        under.append(when[max(0, first - 2 * fps)])
        if judge is not None:
            given.append(heard(np.stack(shown), when, fps, judge, scene.place, other))
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
            write_mp4(out / f"turn-{index}.mp4", shown, fps)
    told: dict[str, Any] = {"wall_s_to_first_frame": round(statistics.median(under), 3)}
    if judge is not None:
        known = sorted(value for value in given if value is not None)
        told |= {"judged": len(known), "of": count}
        told |= {"wall_s_to_the_judge": round(statistics.median(known), 3)} if known else {}
    return told


def heard(
    frames: Frames, when: list[float], fps: int, judge: Judge, old: str, new: str
) -> float | None:
    """When the first frame whose second the judge gives to the new place was there."""
    asked = len(frames) - len(when)
    for middle in range(asked, len(frames) - fps // 2 + 1):
        second = frames[middle - fps // 2 : middle + fps // 2]
        shares = judge.look(second, fps).shares["place"]
        if shares[new] > shares[old]:
            return when[middle - asked]
    return None


def drift(desk: Desk, judge: Judge, seconds: float, out: Path | None) -> dict[str, Any]:
    """What the judge says of a film at its beginning and later on, told nothing new: of four films,
    how many columns are still as in the first two seconds."""
    rows: dict[int, list[float]] = {}
    for seed in range(4):
        scene = replace(held_out_scene(seed).as_one_act(), length_s=4.0)
        live = live_of(desk, caption(scene), seed)
        fps = int(live.fps)
        frames = np.stack(list(islice(iter(live), round(seconds * fps))))
        looks = {
            at: judge.look(frames[at * fps : (at + 2) * fps], fps).shares
            for at in range(0, round(seconds) - 1, 10)
        }
        for at, shares in looks.items():
            same = [best(shares[c]) == best(looks[0][c]) for c in COLUMNS]
            rows.setdefault(at, []).append(float(np.mean(same)))
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
            write_mp4(out / f"drift-{seed}.mp4", frames, fps)
    return {f"same_after_{at}_s": round(float(np.mean(row)), 3) for at, row in rows.items()}


def best(shares: dict[str, float]) -> str:
    return max(shares, key=lambda name: shares[name])


if __name__ == "__main__":
    main()
