"""What is promised of the weights that ship, as a person would use them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from yozora.media.video import packets_sha256, read_video
from yozora.model.checkpoint import weights_folder

pytestmark = pytest.mark.acceptance


def yozora(*words: str) -> dict:
    """Run the command line; its one JSON object."""
    done = subprocess.run(
        [sys.executable, "-m", "yozora", *words, "--json"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def generate(out: Path, prompt: str, *flags: str) -> np.ndarray:
    yozora("generate", prompt, "-o", str(out), *flags)
    return read_video(out).frames_THWC


def test_the_weights_fit():
    files = list(weights_folder().glob("*.safetensors"))
    assert {f.stem for f in files} >= {"tokenizer", "transformer"}
    assert sum(f.stat().st_size for f in files) <= 42 * 2**20


def test_same_words_and_seed_give_the_same_packets_and_repeating_does_too(tmp_path):
    for name in ("a.mp4", "b.mp4"):
        generate(tmp_path / name, "a red car in the desert", "--seed", "5", "--seconds", "2")
    assert packets_sha256(tmp_path / "a.mp4") == packets_sha256(tmp_path / "b.mp4")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "yozora", "generate"),
            *("--from", str(tmp_path / "a.mp4"), "-o", str(tmp_path / "c.mp4")),
        ],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert packets_sha256(tmp_path / "a.mp4") == packets_sha256(tmp_path / "c.mp4")


@pytest.mark.parametrize(
    ("size", "seconds"),
    [("144x256", 1), ("192x192", 1), ("251x143", 1), ("256x144", 20), ("640x360", 0.5)],
)
def test_shape_and_length_are_what_was_asked(tmp_path, size, seconds):
    frames = generate(
        tmp_path / "x.mp4", "a dog", "--seed", "1", "--size", size, "--seconds", str(seconds)
    )
    width, height = map(int, size.split("x"))
    assert frames.shape == (round(seconds * 12), height, width, 3)


@pytest.mark.parametrize("steps", [1, 4, 11])
def test_the_steps_asked_are_the_steps_taken(tmp_path, steps):
    yozora(
        *("generate", "a cat", "-o", str(tmp_path / "x.mp4"), "--seed", "1"),
        *("--seconds", "1", "--steps", str(steps)),
    )
    recipe = yozora("inspect", str(tmp_path / "x.mp4"))
    recipe = recipe.get("recipe", recipe)
    assert recipe["evaluations"] == steps


def test_words_change_the_picture(tmp_path):
    """Night is darker than day, noir has no colour, a desert's ground is redder than a lawn."""

    def look(name: str, prompt: str, seed: int = 3) -> np.ndarray:
        out = tmp_path / f"{name}.mp4"
        frames = generate(out, prompt, "--seed", str(seed), "--seconds", "1")
        return frames.astype(np.float32)

    def ground(place: str) -> float:
        """Red over green in the lower third, over three seeds."""
        prompt = f"a white dog stands in {place} by day, clear weather, natural style"
        lower = [look("ground", prompt, seed)[:, 96:] for seed in (3, 4, 5)]
        return float(np.mean([(x[..., 0] - x[..., 1]).mean() for x in lower]))

    day = look("day", "a white dog stands in a park by day, clear weather, natural style")
    night = look("night", "a white dog stands in a park at night, clear weather, natural style")
    noir = look("noir", "a white dog stands in a park by day, clear weather, film noir style")
    assert night.mean() < 0.7 * day.mean()
    spread = lambda x: (x.max(-1) - x.min(-1)).mean()  # noqa: E731
    assert spread(noir) < 0.4 * spread(day)
    assert ground("a desert") > ground("a park") + 15


@pytest.mark.xfail(strict=True, reason="missed by these weights: docs/model-card.md, --negative")
def test_a_negative_red_leaves_less_red(tmp_path):
    """Pixels of dresses whose colour nobody said, over sixteen seeds: no judge measures them."""

    def red(*flags: str) -> float:
        wish = ("a woman dances in a street", "--no-enhance", "--seconds", "1", "--seed", "0")
        yozora("generate", *wish, "--variations", "16", "-o", str(tmp_path / "film.mp4"), *flags)
        shares = []
        for number in range(1, 17):
            frames = read_video(tmp_path / f"film-{number}.mp4").frames_THWC.astype(np.int32)
            r, g, b = np.moveaxis(frames, -1, 0)
            shares.append(((r > 90) & (r > 1.6 * g) & (r > 1.6 * b)).mean())
        return float(np.mean(shares))

    plain = red()
    assert plain > 0.005, "there is red to lose"
    assert red("--negative", "red") < 0.3 * plain
    assert red("--negative", "blue") > 0.5 * plain, "another word takes no red away"


def test_what_no_word_names_turns_away_from_a_negative_colour_and_from_no_other(tmp_path):
    """By how much red and blue stand out of the other two, in levels, where she dances: no judge
    measures them. Without added words, so that the colour is the weights' own choice.
    """

    def colours(*flags: str) -> dict[str, float]:
        wish = ("a woman dances in a park by day", "--no-enhance", "--seconds", "0.5")
        out = tmp_path / f"{'-'.join(('film', *(flag.strip('-') for flag in flags)))}.mp4"
        yozora("generate", *wish, "--seed", "0", "--variations", "8", "-o", str(out), *flags)
        films = [read_video(p).frames_THWC for p in sorted(tmp_path.glob(f"{out.stem}-?.mp4"))]
        middle = np.stack(films)[:, :, 40:130, 90:166].astype(np.float32)
        r, g, b = np.moveaxis(middle, -1, 0)
        return {"red": float((r - (g + b) / 2).mean()), "blue": float((b - (r + g) / 2).mean())}

    plain, red, blue = colours(), colours("--negative", "red"), colours("--negative", "blue")
    assert red["red"] < plain["red"] < blue["red"]
    assert blue["blue"] < plain["blue"] < red["blue"]
