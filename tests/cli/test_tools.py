"""Every tool as a command, on weights that cost nothing; and what each refuses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.footage import painted
from yozora.cli.main import joined, parser, run
from yozora.media.images import save_png
from yozora.media.video import write_mp4

ROOT = Path(__file__).parents[2]
# One process makes them all: what is imported is imported once.
RUN = (
    "import json, sys\n"
    "from yozora.cli.main import run\n"
    "for line in sys.stdin:\n"
    "    argv = json.loads(line)\n"
    "    sys.argv = ['yozora', *argv]\n"
    "    print(json.dumps({'code': run(argv)}), flush=True)\n"
)


def commands(weights: Path, cwd: Path, *argvs: list[str]) -> list[tuple[int, str, list[str]]]:
    """(exit code, what stderr said, lines of stdout) of each command, in one process."""
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        input="".join(json.dumps(argv) + "\n" for argv in argvs),
        capture_output=True,
        text=True,
        cwd=cwd,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "YOZORA_WEIGHTS": str(weights),
            "YOZORA_HOME": str(cwd / "home"),
        },
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: list[tuple[int, str, list[str]]] = []
    lines: list[str] = []
    for line in done.stdout.splitlines():
        if line.startswith('{"code"'):
            found.append((json.loads(line)["code"], done.stderr, lines))
            lines = []
        else:
            lines.append(line)
    assert len(found) == len(argvs), done.stderr[-2000:]
    return found


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    write_mp4(folder / "foot.mp4", (painted(n, 64, 36) for n in range(45)), 30)
    save_png(folder / "p.png", painted(7, 64, 36))
    save_png(folder / "white.png", np.full((36, 64, 3), 255, np.uint8))
    save_png(folder / "wide.png", np.full((32, 64, 3), 255, np.uint8))
    save_png(folder / "square.png", np.full((64, 64, 3), 255, np.uint8))
    (folder / "curve.json").write_text("[[0, 0], [1, 1]]")
    (folder / "bent.json").write_text("[[0, 0], [1, 1.5]]")
    (folder / "s.md").write_text("A dog runs in a park. A cat sits on a beach.\n")
    (folder / "late.yaml").write_text("seconds: 2\ncards:\n- a dog\n- {at: 3, text: a cat}\n")
    (folder / "empty.mp4").write_bytes(b"")
    (folder / "media.yaml").write_text("cards:\n- media: p.png\n")
    (folder / "auto.yaml").write_text("cards:\n- text: auto\n")
    return folder


def test_every_tool_makes_a_film_and_says_how(desk, tiny_weights):
    made = {
        "a.mp4": ["generate", "a dog runs", "--seconds", "1"],
        "animate.mp4": ["animate", "p.png", "a dog runs", "--seconds", "1"],
        "extend.mp4": ["extend", "a.mp4", "it snows", "--seconds", "0.5", "--both"],
        "on.mp4": ["extend", "a.mp4", "--seconds", "0.25"],
        "foot-on.mp4": ["extend", "foot.mp4", "a dog", "--seconds", "0.5", "--before"],
        "retake.mp4": ["retake", "a.mp4", "it jumps", "--from", "0.3", "--to", "0.7"],
        "insert.mp4": ["insert", "a.mp4", "add a ball", "--mask", "wide.png", "--feather", "0"],
        "outpaint.mp4": ["outpaint", "foot.mp4", "--size", "96x64"],
        "reframe.mp4": ["reframe", "foot.mp4", "--size", "32x64"],
        "styled.mp4": ["remix", "a.mp4", "--style", "Sea-Mist", "--no-enhance"],
        "recut.mp4": ["recut", "foot.mp4", "--keep", "0:0.5", "--at", "0.5", "--keep", "1:1.5",
                      "--speed", "2", "--seconds", "2"],
        "remix.mp4": ["remix", "a.mp4", "the dog becomes a white cat", "--strength", "strong"],
        "loop.mp4": ["loop", "a.mp4", "--seam", "0.5"],
        "blend.mp4": ["blend", "a.mp4", "extend.mp4", "--curve", "curve.json", "--overlap", "0.5",
                      "--trim-b", "0:1.5"],
        "upscale.mp4": ["upscale", "foot.mp4", "--times", "1.5"],
        "interpolate.mp4": ["interpolate", "a.mp4", "--fps", "23.976"],
        "board.mp4": ["storyboard", "cards.yaml"],
        "again.mp4": ["timeline", "t.otio"],
    }  # fmt: skip
    asked = [[*argv, "-o", name, "--seed", "3", "--json"] for name, argv in made.items()]
    at = list(made).index("board.mp4")
    asked.insert(at, ["storyboard", "s.md", "--yaml", "cards.yaml"])
    asked.insert(len(asked) - 1, ["timeline", "retake.mp4", "--write", "t.otio"])
    asked.append(["generate", "--from", "remix.mp4", "-o", "remix-2.mp4", "--json"])
    asked.insert(0, ["styles", "--add", "sea mist", "--words", "watercolour, at dawn", "--json"])
    asked.append(["storyboard", "media.yaml", "--caption-media", "--yaml", "told.yaml", "--json"])
    asked += [["caption", "a.mp4", "--json"], ["caption", "p.png", "--json"]]
    asked += [["styles", "--json"], ["styles", "--remove", "sea mist"]]
    told = commands(tiny_weights, desk, *asked)
    films = {}
    for argv, (code, said, lines) in zip(asked, told, strict=True):
        assert code == 0, (argv, said[-1500:])
        if "-o" in argv and "--json" in argv:
            (film,) = json.loads(lines[-1])["films"]
            films[film["path"]] = film
    by = {tuple(argv[:2]): lines[-1] for argv, (_, _, lines) in zip(asked, told, strict=True)}
    recipe = films["a.mp4"]["recipe"]
    own = json.loads(by["caption", "a.mp4"])
    assert (own["caption"], own["origin"]) == (recipe["captions"][0], "recipe")
    guess = json.loads(by["caption", "p.png"])
    assert guess["origin"] == "weights" and "a guess" in guess["notes"][-1]
    assert guess["caption"] in (desk / "told.yaml").read_text().replace("\n    ", " ")
    names = [one["name"] for one in json.loads(by["styles", "--json"])["styles"]]
    assert "film noir" in names and names[-1] == "sea mist"
    assert not list((desk / "home" / "styles").iterdir())
    (said,) = films["styled.mp4"]["recipe"]["captions"]
    assert "watercolour style" in said and "at dawn" in said and "dog" in said
    sizes = {name: (f["frames"], f["fps"], f["width"], f["height"]) for name, f in films.items()}
    own = films["a.mp4"]["width"], films["a.mp4"]["height"]
    fps = films["a.mp4"]["fps"]
    assert sizes["extend.mp4"] == (2 * fps, fps, *own)
    assert sizes["foot-on.mp4"] == (60, 30.0, 64, 36)
    assert sizes["outpaint.mp4"] == (45, 30.0, 96, 64)
    assert sizes["reframe.mp4"] == (45, 30.0, 32, 64)
    assert sizes["recut.mp4"] == (60, 30.0, 64, 36)
    assert sizes["upscale.mp4"] == (45, 30.0, 96, 54)
    assert sizes["interpolate.mp4"][:2] == (24, pytest.approx(24000 / 1001))
    packets = {name: f["recipe"]["packets_sha256"] for name, f in films.items()}
    assert packets["remix-2.mp4"] == packets["remix.mp4"]
    assert packets["again.mp4"] == packets["retake.mp4"]


REFUSED = {
    "is no stretch of foot.mp4": ["retake", "foot.mp4", "x dog", "--from", "1", "--to", "9"],
    "is no stretch, write FROM:TO": ["recut", "foot.mp4", "--keep", "2"],
    "nothing is kept": ["recut", "foot.mp4"],
    "--at is given twice": ["recut", "foot.mp4", "--keep", "0:1", "--at", "0", "--at", "1"],
    "--speed comes before any --keep": ["recut", "foot.mp4", "--speed", "2", "--keep", "0:1"],
    "starts before the one before it ends": [
        "recut", "foot.mp4", "--keep", "0:1", "--at", "0", "--keep", "0:1", "--at", "0.5"],
    "there is no file none.mp4": ["extend", "none.mp4", "a dog"],
    "is not a readable video": ["extend", "empty.mp4", "a dog"],
    "is a picture, this takes a film": ["extend", "p.png", "a dog"],
    "--strength is 'wild'": ["remix", "foot.mp4", "a dog", "--strength", "wild"],
    "outside 0..1": ["remix", "foot.mp4", "a dog", "--strength", "1.2"],
    "--seam is 'wide'": ["loop", "foot.mp4", "--seam", "wide"],
    "there is no size": ["outpaint", "foot.mp4"],
    "there is no place for it": ["insert", "foot.mp4", "a ball"],
    "lies wholly outside": ["insert", "foot.mp4", "a ball", "--box", "-10,-10,5,5"],
    "it is empty, write what is meant": ["insert", "foot.mp4", "a ball", "--region", ""],
    "'skibidi' in": ["insert", "foot.mp4", "a ball", "--region", "the skibidi"],
    "0.1..10 s": ["loop", "foot.mp4", "--seam", "12"],
    "times of 0.5": ["upscale", "foot.mp4", "--times", "0.5"],
    "is no time in a film": ["animate", "foot.mp4", "a dog", "--at", "-1"],
    "leave --at out": ["animate", "p.png", "a dog", "--at", "1"],
    "is an empty box": ["insert", "foot.mp4", "a ball", "--box", "0,0,0,1"],
    "is no box": ["insert", "foot.mp4", "a ball", "--box", "here"],
    "draw it on a frame of the film": ["insert", "foot.mp4", "a ball", "--mask", "square.png"],
    "give one of them": ["insert", "foot.mp4", "a ball", "--mask", "white.png", "--region", "it"],
    "did you mean 'film noir'": ["generate", "a dog", "--style", "film noirr"],
    "leave --style out": ["upscale", "foot.mp4", "--style", "noir"],
    "there is no prompt": ["remix", "foot.mp4"],
    "say that of the new picture": ["reframe", "foot.mp4"],
    "is a picture, this takes": ["reframe", "p.png", "--size", "32x64"],
    "there are no media": ["storyboard", "auto.yaml"],
    "is for --endpoint": ["storyboard", "media.yaml", "--model", "eyes"],
    "there is no rate": ["interpolate", "foot.mp4"],
    "say the same": ["upscale", "foot.mp4", "--times", "2", "--size", "64x64"],
    "overlap less": ["blend", "foot.mp4", "foot.mp4", "--overlap", "9"],
    "bent.json: not a curve over 0..1": ["blend", "foot.mp4", "foot.mp4", "--curve", "bent.json"],
    "too short for a blend": ["blend", "foot.mp4", "foot.mp4", "--overlap", "0.1"],
    "use transition, mix, sample": ["blend", "foot.mp4", "foot.mp4", "--curve", "wobble"],
    "after the end of the film": ["storyboard", "late.yaml"],
    "there is no file none.yaml": ["storyboard", "none.yaml"],
    "not a known key": ["timeline", "curve-none.json"],
    "is what the film is made from": ["extend", "foot.mp4", "a dog", "-o", "foot.mp4"],
}  # fmt: skip


REFUSED_OTHERS = {
    "is no endpoint": ["caption", "p.png", "--endpoint", "localhost"],
    "the endpoint failed": ["caption", "p.png", "--endpoint", "http://127.0.0.1:9/v1"],
    "leave --at out": ["caption", "p.png", "--at", "1"],
    "there is no file none.png": ["caption", "none.png"],
    "is for --add": ["styles", "--words", "noir"],
    "give them with --words": ["styles", "--add", "mine"],
    "names dog": ["styles", "--add", "mine", "--words", "a dog"],
    "is built in": ["styles", "--remove", "noir"],
    "not allowed with": ["styles", "--add", "mine", "--remove", "mine"],
}


def test_what_cannot_be_is_refused_with_a_sentence_and_nothing_is_written(desk, tiny_weights):
    (desk / "curve-none.json").write_text('{"version": 1, "wobble": 1}')
    before = {path.name: path.stat().st_mtime_ns for path in desk.iterdir()}
    asked = [argv if "-o" in argv else [*argv, "-o", "no.mp4"] for argv in REFUSED.values()]
    asked += REFUSED_OTHERS.values()
    sentences = [*REFUSED, *REFUSED_OTHERS]
    told = commands(tiny_weights, desk, *[[*argv, "--json"] for argv in asked])
    for sentence, argv, (code, _, lines) in zip(sentences, asked, told, strict=True):
        said = json.loads(lines[-1])["error"]
        assert code == 2, (argv, said)
        assert sentence in said and ":" in said, (argv, said)
    assert {path.name: path.stat().st_mtime_ns for path in desk.iterdir()} == before


def refusal(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    """What a command that needs no weights says before it does anything."""
    assert run(argv) == 2
    return capsys.readouterr().err


def test_what_is_said_after_a_keep_is_said_of_that_one():
    flags = [
        "--keep",
        "0:1",
        "--keep",
        "2:3",
        "--at",
        "4",
        "--speed",
        "0.5",
        "--keep",
        "-1:5",
        "--speed",
        "2",
    ]
    told = parser().parse_args(joined(["recut", "f.mp4", *flags]))
    assert told.keep == [
        {"--keep": (0.0, 1.0)},
        {"--keep": (2.0, 3.0), "--at": 4.0, "--speed": 0.5},
        {"--keep": (-1.0, 5.0), "--speed": 2.0},
    ]


def test_places_may_begin_with_a_minus():
    told = parser().parse_args(joined(["insert", "f.mp4", "a ball", "--box", "-10,-.5,60,60"]))
    assert told.box == (-10.0, -0.5, 60.0, 60.0) and told.prompt == "a ball"
    told = parser().parse_args(joined(["outpaint", "f.mp4", "--place", "-.1,0,1,1", "--json"]))
    assert told.place == (-0.1, 0.0, 1.0, 1.0) and told.json


def test_a_document_is_never_written_over_what_is_read_or_what_is_no_document(tmp_path, capsys):
    own = {"b.yaml": "cards:\n- a dog\n", "t.json": "{}", "f.mp4": "film", "s.md": "A dog runs."}
    for name, text in own.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "link.json").symlink_to(tmp_path / "t.json")
    at = {name: str(tmp_path / name) for name in (*own, "link.json")}
    for argv in (
        ["storyboard", at["b.yaml"], "--yaml", at["b.yaml"]],
        ["timeline", at["t.json"], "--write", at["t.json"]],
        ["timeline", at["t.json"], "--write", at["link.json"]],
    ):
        assert "which is read, choose another name" in refusal(capsys, *argv)
    said = refusal(capsys, "storyboard", at["s.md"], "--yaml", at["f.mp4"])
    assert "let its name end in .yaml or .yml" in said
    said = refusal(capsys, "timeline", at["t.json"], "--write", at["f.mp4"])
    assert "let its name end in .json or .otio" in said
    assert {name: (tmp_path / name).read_text() for name in own} == own
