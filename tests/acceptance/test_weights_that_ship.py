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


def colours_of(folder: Path, wish: tuple[str, ...], *flags: str) -> dict[str, float]:
    """Over sixteen seeds: the share of red pixels, and by how much red and blue stand out of the
    other two, in levels. No judge measures them."""
    name = "-".join(("film", *(flag.strip("-") for flag in flags)))
    wish = (*wish, "--seconds", "0.5", "--seed", "0", "--variations", "16")
    yozora("generate", *wish, "-o", str(folder / f"{name}.mp4"), *flags)
    films = [read_video(folder / f"{name}-{n}.mp4").frames_THWC for n in range(1, 17)]
    r, g, b = np.moveaxis(np.stack(films).astype(np.float32), -1, 0)
    return {
        "share of red": float(((r > 90) & (r > 1.6 * g) & (r > 1.6 * b)).mean()),
        "red": float((r - (g + b) / 2).mean()),
        "blue": float((b - (r + g) / 2).mean()),
    }


def test_a_negative_red_leaves_less_red(tmp_path):
    """In colours that nobody said: red goes where red is named, and stays where blue is."""
    wish = ("a woman dances in a park by day",)
    plain, red, blue = (
        colours_of(tmp_path, wish, *flags)["share of red"]
        for flags in ((), ("--negative", "red"), ("--negative", "blue"))
    )
    assert plain > 0.002, "there is red to lose"
    assert red < 0.3 * plain
    assert blue > 0.5 * plain, "another word takes no red away"


def test_what_no_word_names_turns_away_from_a_negative_colour_and_from_no_other(tmp_path):
    """Without added words, so that the colour is the weights' own choice."""
    wish = ("a woman dances in a park by day", "--no-enhance")
    plain, red, blue = (
        colours_of(tmp_path, wish, *flags)
        for flags in ((), ("--negative", "red"), ("--negative", "blue"))
    )
    assert red["red"] < plain["red"] < blue["red"]
    assert blue["blue"] < plain["blue"] < red["blue"]
