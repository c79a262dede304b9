"""Seconds of video a wall second, with the weights that ship and the default settings.

    python benchmarks/realtime.py [--json] [--runs 3]

Sampling, decoding and encoding to MP4 are all inside the clock. Prints the default clip, the growth
with length and size, the time from command to file with imports, the peak memory of that process,
and the same with AMX and AVX-512 switched off.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROMPT = "a brown dog runs in the park by day"
SLOW_ISA = {"ONEDNN_MAX_CPU_ISA": "AVX2", "ATEN_CPU_CAPABILITY": "avx2"}
LENGTHS_S = (1.0, 2.0, 4.0, 8.0, 16.0)
SIZES = ((256, 144), (144, 256), (192, 192), (512, 288))


def clip(engine: object, folder: Path, seconds: float, size: tuple[int, int] | None) -> float:
    """Wall seconds of one clip in this process."""
    from yozora.render import render
    from yozora.request import Request

    width, height = size or (None, None)
    request = Request(
        PROMPT, folder / "clip.mp4", seconds=seconds, width=width, height=height, seed=1
    )
    began = time.perf_counter()
    render(request, engine=engine)  # type: ignore[arg-type]
    return time.perf_counter() - began


def inside(runs: int) -> dict[str, object]:
    """Everything that one warm process can tell."""
    from yozora.render import load_engine

    engine = load_engine()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clip(engine, folder, 4.0, None)
        best = min(clip(engine, folder, 4.0, None) for _ in range(runs))
        growth = {s: min(clip(engine, folder, s, None) for _ in range(2)) for s in LENGTHS_S}
        sizes = {f"{w}x{h}": clip(engine, folder, 4.0, (w, h)) for w, h in SIZES}
    return {
        "wall_s": best,
        "video_s_a_wall_s": 4.0 / best,
        "growth_s": growth,
        "sizes_s": sizes,
        "peak_gib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
    }


def command(environment: dict[str, str]) -> float:
    """Wall seconds from command to file, imports included."""
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "clip.mp4"
        line = [sys.executable, "-m", "yozora", "generate", PROMPT, "-o", str(out), "--seed", "1"]
        began = time.perf_counter()
        subprocess.run(line, check=True, capture_output=True, env={**os.environ, **environment})
        return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.inside:
        print(json.dumps(inside(arguments.runs)))
        return
    found = {"fast": measure(arguments.runs, {}), "without AMX and AVX-512": measure(1, SLOW_ISA)}
    if arguments.json:
        print(json.dumps(found, indent=1))
        return
    for name, figures in found.items():
        print(name)
        for key, value in figures.items():
            print(f"  {key:18} {value if isinstance(value, dict) else f'{value:.2f}'}")


def measure(runs: int, environment: dict[str, str]) -> dict[str, object]:
    line = [sys.executable, __file__, "--inside", "--runs", str(runs)]
    out = subprocess.run(
        line, check=True, capture_output=True, text=True, env={**os.environ, **environment}
    ).stdout
    figures: dict[str, object] = json.loads(out.splitlines()[-1])
    figures["command_s"] = min(command(environment) for _ in range(runs))
    return figures


if __name__ == "__main__":
    main()
