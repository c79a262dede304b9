"""`yozora inspect` tells the truth about films that somebody changed."""

from __future__ import annotations

import json

import pytest

from tests.cli.test_cli import refused, yozora
from tests.cli.test_places import FILM


@pytest.mark.parametrize(
    ("was", "made"), [(b'"seed":0', b'"seed":9'), (b"a brown dog", b"a brown cat")]
)
def test_a_recipe_that_was_edited_is_told(tmp_path, was, made):
    """Of equal length, so that the film around it stays a film."""
    raw = FILM.read_bytes()
    assert was in raw
    (tmp_path / "a.mp4").write_bytes(raw.replace(was, made))
    (tmp_path / "b.mp4").write_bytes(raw)
    for name, untouched in (("a.mp4", False), ("b.mp4", True)):
        told = yozora("inspect", name, cwd=tmp_path).stdout
        assert ("the recipe was CHANGED since" in told) is not untouched
        facts = json.loads(yozora("inspect", name, "--json", cwd=tmp_path).stdout)
        assert facts["recipe_untouched"] is untouched and facts["packets_untouched"]


def test_a_film_cut_off_before_its_pictures_is_refused(tmp_path):
    raw = FILM.read_bytes()
    (tmp_path / "a.mp4").write_bytes(raw[: raw.index(b"mdat") + 4])
    assert "cut short" in refused(yozora("inspect", "a.mp4", cwd=tmp_path))
