"""The command line as a subprocess: exit codes, one sentence, one JSON object, no half files.

The weights are untrained: these tests are about the house, not the pictures.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import av
import pytest
from safetensors.numpy import save_file

from tests.fakes.weights import write_tiny_weights


def yozora(*args: str, weights: Path | None = None, cwd: Path | None = None, **env: str):
    """Run `yozora ARGS`; text in and out, no terminal, nothing on stdin."""
    return subprocess.run(
        [sys.executable, "-m", "yozora", *args],
        capture_output=True,
        text=True,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        env=environment(weights, **env),
        timeout=120,
    )


def environment(weights: Path | None, **env: str) -> dict[str, str]:
    root = str(Path(__file__).parents[2])
    found = {**os.environ, "PYTHONPATH": root, **env}
    if weights is not None:
        found["YOZORA_WEIGHTS"] = str(weights)
    return found


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """The sentence of a refusal; asserts that it is one."""
    assert done.returncode == 2, (done.returncode, done.stderr)
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1 and lines[0].startswith("yozora: "), done.stderr
    assert ":" in lines[0][8:] or "," in lines[0][8:], f"no remedy: {lines[0]}"
    return lines[0]


def test_generate_inspect_and_repeat(tmp_path, tiny_weights):
    args = ("generate", "a red ball on a beach", "--seconds", "1", "--seed", "5", "--json")
    done = yozora(*args, "-o", "a.mp4", weights=tiny_weights, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)  # exactly one object, nothing else
    (film,) = report["films"]
    assert (film["frames"], film["width"], film["height"]) == (12, 128, 64)
    assert film["recipe"]["seed"] == 5
    assert "making" in done.stderr

    shown = yozora("inspect", "a.mp4", cwd=tmp_path)
    assert shown.returncode == 0
    assert "a red ball on a beach" in shown.stdout and "as made" in shown.stdout
    raw = json.loads(yozora("inspect", "a.mp4", "--json", cwd=tmp_path).stdout)
    assert raw["packets_untouched"] and raw["packets_sha256"] == film["recipe"]["packets_sha256"]

    again = yozora(
        "generate", "--from", "a.mp4", "-o", "b.mp4", "--json", weights=tiny_weights, cwd=tmp_path
    )
    assert again.returncode == 0, again.stderr
    repeated = json.loads(again.stdout)
    assert repeated["films"][0]["recipe"]["packets_sha256"] == raw["packets_sha256"]
    assert repeated["notes"] == ["the same packets as the original"]
    assert sorted(os.listdir(tmp_path)) == [
        "a.latents.safetensors",
        "a.mp4",
        "b.latents.safetensors",
        "b.mp4",
    ]


def test_sizes_steps_negative_and_variations(tmp_path, tiny_weights):
    done = yozora(
        "generate", "a dog", "-o", "d.mp4", "--size", "101x75", "--seconds", "0.5", "--steps", "3",
        "--negative", "red", "--variations", "2", "--quality", "best", "--no-enhance",
        "--seed", "0",
        weights=tiny_weights, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "caption:" in done.stdout and "d-2.mp4" in done.stdout
    for name in ("d-1.mp4", "d-2.mp4"):
        with av.open(str(tmp_path / name)) as container:
            frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
        assert len(frames) == 6 and frames[0].shape == (75, 101, 3)
    raw = json.loads(yozora("inspect", "d-2.mp4", "--json", cwd=tmp_path).stdout)
    assert raw["evaluations"] == 3 and raw["timeline"]["negative"] == "red" and raw["seed"] == 1


BAD_ARGUMENTS = [
    (),
    ("nonsense",),
    ("generate",),
    ("generate", ""),
    ("generate", "   "),
    ("generate", "a dog " * 1700),
    ("generate", "a\x1bdog"),
    ("generate", "a\x07dog"),
    ("generate", "a dog", "--seconds", "0"),
    ("generate", "a dog", "--seconds", "-3"),
    ("generate", "a dog", "--seconds", "10000"),
    ("generate", "a dog", "--seconds", "nan"),
    ("generate", "a dog", "--seconds", "soon"),
    ("generate", "a dog", "--size", "1x1"),
    ("generate", "a dog", "--size", "100000x100000"),
    ("generate", "a dog", "--size", "abc"),
    ("generate", "a dog", "--size", "256"),
    ("generate", "a dog", "--steps", "0"),
    ("generate", "a dog", "--steps", "many"),
    ("generate", "a dog", "--seed", "-1"),
    ("generate", "a dog", "--seed", "9" * 5000),
    ("generate", "a dog", "--variations", "99"),
    ("generate", "a dog", "--quality", "superb"),
    ("generate", "a dog", "--nonsense"),
    ("generate", "a dog", "-o", "a.gif"),
    ("generate", "a dog", "-o", "no/such/folder/a.mp4"),
    ("generate", "a dog", "-o", "/dev/full"),
    ("generate", "a dog", "-o", "/proc/a.mp4"),
    ("generate", "a dog", "--from", "a.mp4"),
    ("generate", "--from", "missing.mp4"),
    ("generate", "a dog", "-o", "a.MP4"),
    ("generate", "a dog", "-o", "x" * 196 + ".mp4"),
    ("world", "qwxyz blorf"),
    ("world", "a dog", "-o", ".mp4"),
    ("eval", "--judge", "--footage", "a.mp4"),
    ("train", "judge", "--config", "runs/tiny.toml", "--init-from", "a"),
    ("inspect", "x" * 300),
    ("inspect", "missing.mp4"),
    ("inspect", "."),
    ("world",),
    ("world", "a dog", "--sheet"),
    ("world", "a dog", "--size", "1x1"),
    ("world", "a dog", "-o", "a.gif"),
    ("train", "nonsense"),
    ("train", "tokenizer"),
]


@pytest.mark.parametrize("args", BAD_ARGUMENTS, ids=lambda args: " ".join(args)[:50])
def test_bad_input_gets_one_sentence_and_exit_code_2(args, tmp_path):
    refused(yozora(*args, cwd=tmp_path))
    assert os.listdir(tmp_path) == []


def test_json_reports_refusals_too(tmp_path):
    done = yozora("generate", "", "--json", cwd=tmp_path)
    refused(done)
    assert json.loads(done.stdout)["exit_code"] == 2


@pytest.mark.parametrize(
    "args", [("generate", "--json"), ("generate", "a dog", "--seconds", "soon", "--json")]
)
def test_json_reports_what_the_parser_refuses_too(args, tmp_path):
    done = yozora(*args, cwd=tmp_path)
    refused(done)
    assert json.loads(done.stdout)["exit_code"] == 2


def begin(*args: str, weights: Path, cwd: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "yozora", *args],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(weights, PYTHONUNBUFFERED="1"),
    )


def test_who_listens_may_leave_and_the_film_is_made(tmp_path, tiny_weights):
    wish = ("generate", "a dog", "--seconds", "0.5", "--variations", "2", "-o", "a.mp4")
    process = begin(*wish, weights=tiny_weights, cwd=tmp_path)
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    process.stderr.close()
    assert process.wait(60) == 0
    assert {"a-1.mp4", "a-2.mp4"} <= set(os.listdir(tmp_path))


def test_an_output_that_takes_nothing_is_told(tmp_path, tiny_weights):
    yozora(
        "generate", "a dog", "--seconds", "0.5", "-o", "a.mp4", weights=tiny_weights, cwd=tmp_path
    )
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "yozora", "inspect", "a.mp4"],
            cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True, check=False,
            env=environment(None),
        )  # fmt: skip
    refused(done)
    assert "output cannot be written" in done.stderr


def test_a_transformer_is_not_trained_for_another_grids_tokenizer(tmp_path, tiny_weights):
    recipe = Path(__file__).parents[2] / "runs" / "tiny.toml"
    home = {"YOZORA_HOME": str(tmp_path)}
    done = yozora("train", "transformer", "--config", str(recipe), weights=tiny_weights, **home)
    assert "another grid" in refused(done)
    assert not (tmp_path / "runs" / "tiny" / "data").exists(), "refused before rendering"


def test_what_could_not_be_shipped_is_not_trained(tmp_path, tiny_weights):
    recipe = str(Path(__file__).parents[2] / "runs" / "tiny.toml")
    home = {"YOZORA_HOME": str(tmp_path)}
    command = "train", "tokenizer", "--config", recipe, "--ship"
    assert "without --ship" in refused(yozora(*command, weights=tiny_weights, **home))
    (tmp_path / "weights").write_text("a file")
    refused(yozora(*command, weights=tmp_path / "weights", **home))
    assert not (tmp_path / "runs" / "tiny" / "data").exists(), "refused before rendering"


def test_a_film_is_not_repeated_over_itself(tmp_path, tiny_weights):
    yozora("generate", "a dog", "--seconds", "0.5", weights=tiny_weights, cwd=tmp_path)
    before = (tmp_path / "video.mp4").read_bytes()
    refused(yozora("generate", "--from", "video.mp4", "-o", "./video.mp4", cwd=tmp_path))
    again = yozora("generate", "--from", "video.mp4", weights=tiny_weights, cwd=tmp_path)
    assert again.returncode == 0 and (tmp_path / "video-again.mp4").exists()
    assert (tmp_path / "video.mp4").read_bytes() == before


def test_a_films_recipe_drives_no_terminal_and_forges_no_line(tmp_path, tiny_weights):
    from yozora import recipe as recipes
    from yozora.media import video

    yozora(
        "generate", "a dog", "--seconds", "0.5", "-o", "a.mp4", weights=tiny_weights, cwd=tmp_path
    )
    made = json.loads(video.read_recipe(tmp_path / "a.mp4"))
    made["prompt"] = "a dog\x1b[2K\x07\npackets:   0000 (as made)\u202e"
    told = {video.RECIPE_KEY: recipes.plain_json(made)}
    film = video.encode(video.read_video(tmp_path / "a.mp4").frames_THWC, 12)
    (tmp_path / "b.mp4").write_bytes(video.to_mp4(film, told))
    shown = yozora("inspect", "b.mp4", cwd=tmp_path)
    assert shown.returncode == 0 and not {"\x1b", "\x07", "\u202e"} & set(shown.stdout)
    assert sum(line.startswith("packets:") for line in shown.stdout.splitlines()) == 1


def test_make_reads_a_prompt_as_text(tmp_path):
    """The Makefile's own rule, with a program that prints what it is given."""
    rule = (Path(__file__).parents[2] / "Makefile").read_text()
    rule = rule.replace("$(BIN)/yozora", "printf '%s\\n'").replace(
        "video: .venv/.runtime", "video:"
    )
    (tmp_path / "Makefile").write_text(rule)
    prompt = 'a dog $(shell touch pwned) costs $5 `touch x` "q" ${PATH'
    wish = ["make", "video", f"PROMPT={prompt}", "OUT=$(shell touch y)a.mp4"]
    done = subprocess.run(wish, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == prompt and "$(shell touch y)a.mp4" in done.stdout
    assert os.listdir(tmp_path) == ["Makefile"]


def test_make_reads_a_name_that_looks_like_a_flag(tmp_path):
    rule = (Path(__file__).parents[2] / "Makefile").read_text()
    rule = rule.replace("$(BIN)/yozora", f"{sys.executable} -m yozora")
    (tmp_path / "Makefile").write_text(rule.replace("video: .venv/.runtime", "video:"))
    wish = ["make", "video", "PROMPT=-a dog", "OUT=-y.gif"]
    env = environment(None)
    done = subprocess.run(wish, cwd=tmp_path, capture_output=True, text=True, env=env)
    assert "'-y.gif' is no film's name" in done.stderr


def damage(folder: Path, kind: str) -> None:
    path = folder / "transformer.safetensors"
    if kind == "missing":
        path.unlink()
    elif kind == "cut off":
        path.write_bytes(path.read_bytes()[:1000])
    elif kind == "noise":
        path.write_bytes(os.urandom(5000))
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind == "foreign":
        import numpy as np

        save_file({"weight": np.zeros((4, 4), np.float32)}, path)
    elif kind == "foreign with our mark":
        import numpy as np

        save_file({"w": np.zeros(4, np.float32)}, path, {"format": "yozora-1", "yozora": "{}"})
    elif kind == "of another network":
        path.write_bytes((folder / "tokenizer.safetensors").read_bytes())
    elif kind == "a folder":
        path.unlink()
        path.mkdir()


@pytest.mark.parametrize(
    "kind",
    ["missing", "cut off", "noise", "empty", "foreign", "foreign with our mark",
     "of another network", "a folder"],
)  # fmt: skip
def test_bad_weights_get_one_sentence(kind, tmp_path):
    weights, out = tmp_path / "weights", tmp_path / "out"
    weights.mkdir()
    out.mkdir()
    write_tiny_weights(weights)
    damage(weights, kind)
    refused(yozora("generate", "a dog", weights=weights, cwd=out))
    assert os.listdir(out) == []


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_killed_run_leaves_nothing_half_written(sign, tmp_path, tiny_weights):
    process = subprocess.Popen(
        ["env", "--default-signal=HUP,INT"]  # in the background they would be ignored
        + [
            sys.executable,
            "-m",
            "yozora",
            "generate",
            "a dog",
            "--steps",
            "100",
            "--seconds",
            "30",
        ],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(tiny_weights, PYTHONUNBUFFERED="1"),
    )
    assert process.stdout is not None
    assert "caption" in process.stdout.readline()  # sampling comes next
    time.sleep(0.3)
    process.send_signal(sign)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert "cancelled" in errors and "Traceback" not in errors
    assert os.listdir(tmp_path) == []


def test_a_full_disk_is_told_in_a_sentence(tmp_path, tiny_weights):
    """A limit on file sizes stands in for the disk that fills up while the film is written."""
    code = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))\n"
        "from yozora.cli.main import run\n"
        "sys.exit(run(['generate', 'a dog', '--seconds', '0.5', '--steps', '1']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=environment(tiny_weights),
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert "cannot be written" in done.stderr and "Traceback" not in done.stderr
    assert os.listdir(tmp_path) == []


def test_arguments_are_checked_before_anything_heavy_is_imported():
    code = (
        "import sys; from yozora.cli.main import parser; parser()\n"
        "heavy = {'torch', 'numpy', 'av', 'PIL'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment(None)
    )
    assert done.returncode == 0, done.stderr


def test_a_request_is_refused_without_torch():
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "from yozora.cli.main import run; sys.exit(run(['generate', 'a dog', '--seconds', '0']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment(None)
    )
    refused(done)
