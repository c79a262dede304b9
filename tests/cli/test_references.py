"""A mesh is drawn in the command line, as training draws what stands apart."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.cli.test_cli import refused, yozora
from yozora.cli.references import MESH_PX, drawn
from yozora.media.errors import MediaError
from yozora.media.references import BACKDROP, Reference
from yozora.world.errors import WorldError

needs_gl = pytest.mark.skipif(importlib.util.find_spec("moderngl") is None, reason="no OpenGL")

WEDGE = """mtllib wedge.mtl
v -1 0 -3
v 1 0 -3
v 1 0 3
v -1 0 3
v 0 1 3
usemtl {paint}
f 1 2 3 4
f 4 3 5
f 1 4 5
f 2 1 5
f 3 2 5
"""
PAINTS = "newmtl red\nKd 0.8 0.05 0.05\nnewmtl blue\nKd 0.05 0.05 0.8\n"


def wedge(folder: Path, paint: str = "red") -> Path:
    """A long wedge, high at its front (+z)."""
    (folder / "wedge.mtl").write_text(PAINTS)
    path = folder / f"{paint}.obj"
    path.write_text(WEDGE.format(paint=paint))
    return path


@needs_gl
def test_a_mesh_becomes_a_picture_as_training_shows_it(tmp_path):
    (red,) = drawn([wedge(tmp_path)])
    assert isinstance(red, Reference) and red.name == "red.obj"
    (again,) = drawn([wedge(tmp_path)])
    assert again == red and again.pixels_sha256 == red.pixels_sha256
    picture = red.picture_SS3.astype(int)
    assert picture.shape == (MESH_PX, MESH_PX, 3)
    thing = picture[..., 0] > picture[..., 1:].max(-1) + 30
    rows, columns = np.flatnonzero(thing.any(1)), np.flatnonzero(thing.any(0))
    spans = np.ptp(rows) / MESH_PX, np.ptp(columns) / MESH_PX
    assert 0.6 < max(spans) <= 0.9
    high = columns[thing[rows[0] : rows[0] + 4][:, columns].any(0)].mean()
    assert high > columns.mean(), "its front is at the right, as a subject's"
    (blue,) = drawn([wedge(tmp_path, "blue")])
    assert blue.sha256 != red.sha256 and blue.pixels_sha256 != red.pixels_sha256


@needs_gl
def test_the_backdrop_of_pictures_is_that_of_training(tmp_path):
    from yozora.world.renderer import Renderer
    from yozora.world.scene import Subject

    with Renderer(96, 96) as renderer:
        picture = renderer.reference(Subject("box", "red", "stand"), 96)
    heights, greys = np.array(BACKDROP).T
    wanted = np.interp((np.arange(96) + 0.5) / 96, heights, greys)
    sides = picture[:, [1, 2, 93, 94]].mean((1, 2))
    from yozora.media.references import read_reference

    Image.fromarray(picture).save(tmp_path / "still.png")
    assert (read_reference(tmp_path / "still.png").at(96) == picture).all()
    away = np.abs(sides - wanted) > 8  # where a shadow falls, or the wall meets the floor
    assert away.mean() < 0.1


def test_pictures_stay_names_and_bad_meshes_are_refused(tmp_path):
    assert drawn([Path("a.png"), Path("b.jpg")]) == (Path("a.png"), Path("b.jpg"))
    wrong = {"a.obj": b"v 0 0 0\n", "b.glb": b"glTF", "c.gltf": b"[]", "d.obj": b"v 0 0\nf 1 1 1\n",
             "e.obj": b"v nan 0 0\nf 1 1 1\n", "f.obj": b"v 1 1 1\nf 1 1 1\n"}  # fmt: skip
    for name, raw in wrong.items():
        (tmp_path / name).write_bytes(raw)
        with pytest.raises(WorldError) as caught:
            drawn([tmp_path / name])
        assert ": " in str(caught.value), name
    with pytest.raises(MediaError, match="no file"):
        drawn([tmp_path / "missing.glb"])


def test_the_command_refuses_references_in_sentences_before_torch(tmp_path):
    (tmp_path / "text.png").write_text("no picture")
    (tmp_path / "bad.obj").write_text("v 0 0\n")
    for files, told in (
        (("missing.png",), "no file"),
        (("text.png",), "PNG, JPEG, WebP or GIF"),
        (("bad.obj",), "OBJ"),
        (("a.png", "b.png", "c.png", "d.png"), "3 are the most"),
    ):
        flags = [word for file in files for word in ("--reference", file)]
        done = yozora("generate", "a dog", *flags, cwd=tmp_path, YOZORA_WEIGHTS=str(tmp_path))
        assert told in refused(done)
    done = yozora("eval", "--references", "3", "--quick", cwd=tmp_path)
    assert "--references" in refused(done)
    assert "No matcher" in refused(
        yozora(
            "eval",
            "--references",
            "3",
            cwd=tmp_path,
            YOZORA_WEIGHTS=str(tmp_path),
            YOZORA_HOME=str(tmp_path),
        )
    )


def test_a_film_with_a_reference_is_inspected_and_repeated(tmp_path, tiny_weights):
    pixels = np.full((60, 60, 3), 255, np.uint8)
    pixels[20:40, 20:40] = (200, 20, 20)
    Image.fromarray(pixels).save(tmp_path / "red.png")
    words = ("a dog runs", "--reference", "red.png", "--seconds", "0.3", "--steps", "1")
    made = yozora("generate", *words, "-o", "a.mp4", weights=tiny_weights, cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    shown = yozora("inspect", "a.mp4", cwd=tmp_path)
    assert "reference: red.png, sha256" in shown.stdout
    again = ("generate", "--from", "a.mp4", "-o", "b.mp4")
    assert "'red.png'" in refused(yozora(*again, weights=tiny_weights, cwd=tmp_path))
    done = yozora(*again, "--reference", "red.png", weights=tiny_weights, cwd=tmp_path)
    assert "the same packets as the original" in done.stdout


@needs_gl
def test_a_mesh_makes_a_film_of_its_own(tmp_path):
    from tests.fakes.engine import FakeEngine
    from yozora.render import render
    from yozora.request import Request

    wish = Request("a box", tmp_path / "a.mp4", seconds=0.25, seed=1)
    made = {
        paint: render(
            replace(wish, references=drawn([wedge(tmp_path, paint)])), engine=FakeEngine()
        )[0].recipe.packets_sha256
        for paint in ("red", "blue")
    }
    assert made["red"] != made["blue"]
