"""What this machine can do, before a long run: `python -m yozora.training.probe RECIPE.toml`.

Three ceilings, each with a rule for giving up: bf16 matrix products, the renderers on all workers,
and one training step's share of the first (model-FLOP utilisation). Ends with exit code 3 where a
rule says so; with `--only-tell` it tells and ends with 0.
"""

from __future__ import annotations

import multiprocessing
import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import torch

from yozora.model.layers import compute_dtype
from yozora.model.transformer import Transformer
from yozora.prompts.vocabulary import vocabulary
from yozora.training.noising import noised
from yozora.training.optim import Optimiser
from yozora.training.recipe import Recipe
from yozora.training.recipe_reading import read_recipe
from yozora.training.transformer_loop import Velocity, flops_a_token, velocity_loss

LEAST_TFLOPS = 200.0  # an H100 does about 600, an H200 about 790
LEAST_USED = 0.08  # of the ceiling in a training step; a quarter is usual
MOST_REPEATS = 60.0  # times that training would see each rendered clip
GIVE_UP = 3  # exit code


@dataclass(frozen=True, slots=True)
class Finding:
    """One measure and whether it lets the run begin."""

    what: str
    value: str
    rule: str
    good: bool


def matmul_tflops(device: torch.device, seconds: float = 2.0) -> float:
    """bf16 products of square matrices."""
    side = 8192 if device.type == "cuda" else 512
    a = torch.randn(side, side, device=device, dtype=compute_dtype(device))
    a @ a
    began, count = time.monotonic(), 0
    while time.monotonic() - began < seconds:
        for _ in range(10):
            out = a @ a
        out[0, 0].item()  # waits for the device
        count += 10
    return count * 2.0 * side**3 / (time.monotonic() - began) / 1e12


def rendered_frames(recipe: Recipe, seed: int, seconds: float) -> int:
    """Frames that one process renders in so many seconds, scenes set up included."""
    from yozora.world.renderer import Renderer
    from yozora.world.sample import sample_scene

    width, height, _ = recipe.data.sizes[0]
    rng, frames = random.Random(f"probe/{seed}"), 0
    with Renderer(width, height, fps=recipe.grid.fps) as renderer:
        renderer.render(sample_scene(rng), frames=1)
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            count = 3 * recipe.grid.frames_per_latent
            renderer.render(sample_scene(rng), frames=count)
            frames += count
    return frames


def frames_a_second(recipe: Recipe, seconds: float = 8.0) -> float:
    """What all workers of the recipe render together."""
    workers = recipe.data.workers
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        jobs = [(recipe, seed, seconds) for seed in range(workers)]
        return sum(pool.starmap(rendered_frames, jobs)) / seconds


def step_tflops(recipe: Recipe, device: torch.device, steps: int = 4) -> tuple[float, float]:
    """(TFLOP/s as the training loop counts them, tokens/s) of steps like the first stage's."""
    grid, settings = recipe.grid, recipe.transformer
    network = Transformer(grid, settings.size, len(vocabulary()))
    network.to(device, compute_dtype(device))
    optimiser = Optimiser(network, settings.optimiser, settings.ema)
    velocity = Velocity(network)
    rows, cols = grid.cells(grid.width, grid.height)
    tokens = grid.tokens(grid.width, grid.height)
    count = max(1, settings.batch_tokens // tokens)
    began = 0.0
    for step in range(steps + 1):
        clean = torch.randn(count, 1, network.state, rows, cols, device=device)
        level = torch.rand(count, 1, device=device)
        x, target = noised(clean, level, 0.0)
        ids = torch.full((count, 24), 5, device=device)
        caption = torch.arange(count, device=device)[:, None]
        out, _ = velocity(x, level, ids, caption, torch.zeros(1, device=device), None)
        loss = velocity_loss(out, target, level)
        loss.backward()
        optimiser.step()
        loss.item()
        if step == 0:  # the first one plans and allocates
            began = time.monotonic()
    rate = count * tokens * steps / (time.monotonic() - began)
    return rate * flops_a_token(network, tokens) / 1e12, rate


def probe(recipe: Recipe) -> list[Finding]:
    """All measures; about twenty seconds on an accelerator."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.set_num_threads(recipe.threads)
    frames = frames_a_second(recipe)
    ceiling = matmul_tflops(device)
    used, tokens_s = step_tflops(recipe, device)
    minutes = sum(stage.minutes for stage in recipe.transformer.stages)
    a_latent = recipe.grid.tokens(recipe.grid.width, recipe.grid.height)
    asked_s = tokens_s / a_latent * recipe.grid.frames_per_latent  # frames that training sees
    both = minutes + recipe.tokenizer.minutes  # rendering goes on in both; each clip is mirrored
    repeats = asked_s * minutes / max(2.0 * frames * both, 1e-9)
    return [
        Finding(
            "bf16 matrix products",
            f"{ceiling:,.1f} TFLOP/s",
            f"below {LEAST_TFLOPS:.0f} this is no such accelerator: train runs/starter.toml",
            ceiling >= LEAST_TFLOPS,
        ),
        Finding(
            "rendering, all workers",
            f"{frames:,.0f} frames/s",
            f"training would see each frame {repeats:.1f} times; above {MOST_REPEATS:.0f} shorten "
            "the stages, or make data.sizes smaller",
            repeats <= MOST_REPEATS,
        ),
        Finding(
            "a training step",
            f"{used:,.2f} TFLOP/s, {100 * used / ceiling:.0f} % of the ceiling",
            f"below {100 * LEAST_USED:.0f} % something is wrong (type, attention, batch): stop",
            used / ceiling >= LEAST_USED,
        ),
    ]


def main(argv: list[str]) -> int:
    path, *rest = argv
    findings = probe(read_recipe(Path(path)))
    for finding in findings:
        verdict = "ok     " if finding.good else "GIVE UP"
        print(f"{verdict} {finding.what}: {finding.value} ({finding.rule})", flush=True)
    if "--only-tell" in rest or all(finding.good for finding in findings):
        return 0
    return GIVE_UP


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
