"""`yozora stream` and `--steer` as a person uses them: lines in, a film out."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
import time

import av
import pytest

from tests.cli.test_cli import environment, refused, yozora
from yozora.cli.steering import VERBS, Line, parsed
from yozora.media import video
from yozora.request import RequestError

PROMPT = "a red ball bounces on a beach"


def started(tiny_weights, tmp_path, *args: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "yozora", *args],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path,
        env=environment(tiny_weights),
    )  # fmt: skip


def test_a_stream_goes_into_a_pipe_and_lines_steer_it(tiny_weights, tmp_path):
    stream = started(tiny_weights, tmp_path, "stream", PROMPT, "--seed", "7")
    out, told = stream.communicate(b"/at 1 the ball is blue\n/jump\n/at 3\n/stop\n", timeout=100)
    said = told.decode()
    assert stream.returncode == 0, said
    assert "a blue ball bounces on a beach" in said and "'/jump' is no command: write" in said
    assert "Traceback" not in said
    if out:  # what was done before the line that ends it
        with av.open(io.BytesIO(out)) as film:
            assert sum(1 for _ in film.decode(video=0)) % 12 == 0


def test_a_pipe_of_bare_frames_and_a_reader_that_leaves(tiny_weights, tmp_path):
    args = ("stream", PROMPT, "--seed", "7", "-o", "-", "--format", "y4m")
    stream = started(tiny_weights, tmp_path, *args)
    assert stream.stdout is not None and stream.stderr is not None and stream.stdin is not None
    head = stream.stdout.readline()
    assert head.startswith(b"YUV4MPEG2 W128 H64 F12:1 ")
    stream.stdout.close()
    assert stream.wait(60) == 0
    assert b"nobody reads the film any more" in stream.stderr.read()
    stream.stdin.close()
    stream.stderr.close()


def test_ctrl_c_ends_a_film_that_is_whole(tiny_weights, tmp_path):
    stream = started(tiny_weights, tmp_path, "stream", PROMPT, "-o", "live.mp4", "--json")
    path = tmp_path / "live.mp4"
    until = time.monotonic() + 60
    while time.monotonic() < until and not (path.exists() and path.stat().st_size > 4000):
        time.sleep(0.05)
    stream.send_signal(signal.SIGINT)
    out, told = stream.communicate(timeout=60)
    assert stream.returncode == 0, told.decode()
    (film,) = json.loads(out)["films"]
    assert film["frames"] == len(video.read_video(path).frames_THWC) > 0
    assert film["recipe"]["quality"] == "live"
    done = yozora("inspect", "live.mp4", weights=tiny_weights, cwd=tmp_path)
    assert done.returncode == 0 and "as made" in done.stdout


def test_a_render_is_steered_by_lines(tiny_weights, tmp_path):
    args = ("generate", PROMPT, "--seed", "7", "--seconds", "1", "--steer", "--json")
    render = started(tiny_weights, tmp_path, *args)
    lines = b"the ball is blue\n/place 0.2,0.5\n/place 3\n/stop\n"
    out, told = render.communicate(lines, timeout=100)
    assert render.returncode == 0, told.decode()
    (film,) = json.loads(out)["films"]
    turns = film["recipe"]["steered"]
    assert [turn["words"] for turn in turns] == ["the ball is blue", ""]
    assert turns[1]["place"] == [0.2, 0.5] and [turn["step"] for turn in turns] == [1, 2]
    assert "'3' is no place: write" in told.decode() and "'/stop' is no command" in told.decode()


@pytest.mark.parametrize(
    "args",
    [
        ("--window", "-o", "a.mp4"),
        ("--window",),
        ("-o", "a.mp4", "--format", "rgb"),
        ("-o", "-", "--json"),
        ("-o", "a.mp4", "--seconds", "-1"),
        ("-o", "a.mp4", "--size", "8x8"),
        ("-o", "a.txt"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_streamed_is_refused(args, tiny_weights, tmp_path):
    refused(yozora("stream", PROMPT, *args, weights=tiny_weights, cwd=tmp_path, DISPLAY=""))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("it snows", Line("", "it snows")),
        ("/at 2.5 it snows", Line("", "it snows", 2.5)),
        ("/place 0.1,0.9", Line("", "", None, (0.1, 0.9))),
        ("/at 2 /place 0.1,0.9 it snows", Line("", "it snows", 2.0, (0.1, 0.9))),
        ("/pause", Line("/pause")),
    ],
)
def test_what_a_line_asks(line, asked):
    assert parsed(line, VERBS, places=True) == asked


@pytest.mark.parametrize("line", ["/at", "/at 2", "/at nan it snows", "/place 1", "/foo", "..."])
def test_a_line_nobody_could_mean_says_what_to_write(line):
    with pytest.raises(RequestError, match=r"[:,] "):
        parsed(line, VERBS, places=True)
