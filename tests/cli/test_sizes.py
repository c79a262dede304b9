"""`--size` and `--fps`: films come out at exactly that, the recipe says how, and repeats it."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from tests.cli.test_cli import refused, yozora
from tests.fakes.weights import write_finishing_weights, write_tiny_weights
from yozora.media.latents import load_latents


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("all")
    write_tiny_weights(folder)
    write_finishing_weights(folder)
    return folder


def probe(path: Path) -> tuple[int, int, int, Fraction]:
    """(width, height, frames, rate) as a player finds them."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(stream)]
        rate = Fraction(stream.average_rate or 0)
    assert len({frame.shape for frame in frames}) == 1
    return frames[0].shape[1], frames[0].shape[0], len(frames), rate


@pytest.mark.acceptance  # minutes, where the machine is slow
@pytest.mark.parametrize(
    ("size", "fps", "shape"),
    [
        ("512x256", "24", (512, 256, 12, 24)),
        ("333x201", "30", (333, 201, 15, 30)),
        ("64x32", "60", (64, 32, 30, 60)),
    ],
)
def test_films_come_out_at_size_and_rate(
    tmp_path: Path, weights: Path, size: str, fps: str, shape: tuple[int, int, int, int]
) -> None:
    asked = ("generate", "a red ball on a beach", "--seconds", "0.5", "--seed", "5")
    done = yozora(
        *asked, "--size", size, "--fps", fps, "--json", "-o", "a.mp4",
        weights=weights, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert probe(tmp_path / "a.mp4") == shape
    (film,) = report["films"]
    assert (film["width"], film["height"], film["frames"], film["fps"]) == shape
    finishing = film["recipe"]["finishing"]
    assert ("upsampler" in finishing) == (size != "64x32") and "interpolator" in finishing
    assert not [note for note in report["notes"] if "yozora train" in note]

    shown = yozora("inspect", "a.mp4", cwd=tmp_path).stdout
    assert f"{fps} frames a second" in shown and finishing["interpolator"][:16] in shown
    again = yozora(
        "generate", "--from", "a.mp4", "-o", "b.mp4", "--json", weights=weights, cwd=tmp_path
    )
    repeated = json.loads(again.stdout)
    assert repeated["notes"][-1] == "the same packets as the original", repeated
    assert repeated["films"][0]["recipe"]["identity"] == film["recipe"]["identity"]
    plain = yozora(*asked, "-o", "c.mp4", weights=weights, cwd=tmp_path)
    assert plain.returncode == 0, plain.stderr
    if size == "512x256":  # of the same shape: what was made is the same
        of = [load_latents(tmp_path / f"{name}.latents.safetensors").latents_FCHW for name in "ac"]
        assert np.array_equal(*of)


def test_without_the_networks_a_note_says_so(tmp_path: Path, tiny_weights: Path) -> None:
    done = yozora(
        "generate", "a dog", "--seconds", "0.5", "--size", "200x100", "--fps", "24", "--seed", "1",
        "--json", "-o", "a.mp4", weights=tiny_weights, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    notes = [note for note in report["notes"] if "yozora train" in note]
    assert len(notes) == 2 and "Lanczos" in notes[0] and "repeated" in notes[1]
    assert probe(tmp_path / "a.mp4") == (200, 100, 12, 24)
    assert report["films"][0]["recipe"]["finishing"] == {}


@pytest.mark.parametrize("fps", ["0", "-3", "1000", "fast", "24/0", "0.5"])
def test_other_rates_are_refused(tmp_path: Path, tiny_weights: Path, fps: str) -> None:
    said = refused(yozora("generate", "a dog", f"--fps={fps}", weights=tiny_weights, cwd=tmp_path))
    assert "fps" in said or "frames a second" in said
    assert not list(tmp_path.iterdir())
