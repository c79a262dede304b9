"""Places that cannot take a film are refused before it is made, names that are too long as well."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.test_cli import refused, yozora
from yozora.media import files

FILM = Path(__file__).parents[2] / "docs" / "gallery" / "dog.mp4"


@pytest.mark.parametrize("leads_to", ["a.mp4", "b.mp4", "no/such/folder/a.mp4", "."])
def test_links_that_lead_nowhere_are_refused_before_weights_are_read(leads_to, tmp_path):
    (tmp_path / "a.mp4").symlink_to(leads_to)
    if leads_to == "b.mp4":
        (tmp_path / "b.mp4").symlink_to("a.mp4")
    before = sorted(os.listdir(tmp_path))
    told = refused(yozora("generate", "a dog", "-o", "a.mp4", weights=tmp_path, cwd=tmp_path))
    assert "No weights" not in told
    assert sorted(os.listdir(tmp_path)) == before


def test_a_link_to_a_file_that_is_not_there_yet_is_followed(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "a.mp4").symlink_to("folder/b.mp4")
    files.write(tmp_path / "a.mp4", b"film")
    assert (tmp_path / "a.mp4").is_symlink() and (tmp_path / "folder" / "b.mp4").is_file()


def test_a_film_whose_name_has_no_room_for_more_is_repeated_elsewhere_only(tmp_path):
    long = "x" * 246 + ".mp4"
    (tmp_path / long).write_bytes(FILM.read_bytes())
    told = refused(yozora("generate", "--from", long, weights=tmp_path, cwd=tmp_path))
    assert "shorter name" in told
    (tmp_path / "a.mp4").write_bytes(FILM.read_bytes())
    wish = ("generate", "--from", "a.mp4", "-o", "x" * 300 + ".mp4")
    assert "shorter name" in refused(yozora(*wish, weights=tmp_path, cwd=tmp_path))
    assert sorted(os.listdir(tmp_path)) == ["a.mp4", long]


@pytest.mark.parametrize(
    ("links", "more"),
    [(("y.mp4", "y.latents.safetensors"), ()), (("y-1.mp4", "y-2.mp4"), ("--variations", "2"))],
)
@pytest.mark.parametrize("there", [False, True])
def test_names_that_lead_to_one_file_are_refused_before_weights_are_read(
    links, more, there, tmp_path
):
    for link in links:
        (tmp_path / link).symlink_to("same.bin")
    if there:
        (tmp_path / "same.bin").write_bytes(b"kept")
    before = sorted(os.listdir(tmp_path))
    wish = ("generate", "a dog", "-o", "y.mp4", *more)
    assert "are one file" in refused(yozora(*wish, weights=tmp_path, cwd=tmp_path))
    assert sorted(os.listdir(tmp_path)) == before
    assert not there or (tmp_path / "same.bin").read_bytes() == b"kept"


def test_a_film_where_its_repeats_latents_would_go_is_kept(tmp_path):
    film = tmp_path / "q.latents.safetensors"
    film.write_bytes(FILM.read_bytes())
    wish = ("generate", "--from", film.name, "-o", "q.mp4")
    assert "the film itself" in refused(yozora(*wish, weights=tmp_path, cwd=tmp_path))
    assert film.read_bytes() == FILM.read_bytes()
