"""The form that a viewer fills in: nothing that somebody wrote is lost."""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from yozora.media import images
from yozora.training import viewer
from yozora.training.errors import TrainingError
from yozora.training.eval_clips import Row, held_out_scene


def export(folder: Path, identity: str) -> Path:
    """The form of one film, made again for these weights."""
    clips = folder / "clips"
    clips.mkdir(exist_ok=True)
    images.save_png(clips / "viewer-0000.png", np.zeros((8, 8, 3), np.uint8))
    rows = [Row(0, held_out_scene(0), {}, {}, ())]
    return viewer.export(rows, clips, folder / "viewer", identity)


def read(path: Path) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(path.read_text())
    return body


def fill_in(form: Path, place: str, **more: object) -> None:
    body = read(form)
    body["films"][0]["answers"]["place"] = place
    form.write_text(json.dumps(body | more))


def answer(form: Path) -> str:
    told: str = read(form)["films"][0]["answers"]["place"]
    return told


def test_a_kept_form_is_never_replaced(tmp_path: Path) -> None:
    form = export(tmp_path, "first")
    fill_in(form, "park")
    (kept := form.with_name("form-first.json")).write_bytes(form.read_bytes())
    fill_in(form, "beach")
    export(tmp_path, "second")
    assert answer(kept) == "park" and answer(form) == ""
    assert answer(form.with_name("form-first-2.json")) == "beach"
    for _ in range(2):  # the latest comes back, and goes beside the other again
        assert answer(export(tmp_path, "first")) == "beach"
        assert answer(kept) == "park"
        export(tmp_path, "second")
    assert answer(form.with_name("form-first-2.json")) == "beach"


def test_a_form_of_other_weights_is_not_taken_for_ours(tmp_path: Path) -> None:
    form = export(tmp_path, "first")
    fill_in(form, "park")
    form.rename(form.with_name("form-second.json"))
    export(tmp_path, "second")
    assert read(form)["identity"] == "second" and answer(form) == ""
    other = form.with_name("form-second.json")
    assert read(other)["identity"] == "first" and answer(other) == "park"
    export(tmp_path, "third")
    assert answer(other) == "park", "nor is it replaced by ours"


def test_what_else_somebody_wrote_stays(tmp_path: Path) -> None:
    form = export(tmp_path, "first")
    fill_in(form, "park", notes=["seen on a phone"])
    for identity in ("first", "second", "first"):
        export(tmp_path, identity)
    assert read(form)["notes"] == ["seen on a phone"] and answer(form) == "park"


@pytest.mark.parametrize("harm", ["deep", f'"identity": "{chr(0x4E00) * 64}"'])
def test_what_could_not_be_written_again_is_refused(tmp_path: Path, harm: str) -> None:
    if harm == "deep":  # as deep as this interpreter goes, which some libraries change
        depth = sys.getrecursionlimit() - 20
        harm = '"notes": ' + "[" * depth + "]" * depth
    form = export(tmp_path, "first")
    form.write_text(form.read_text().rstrip().removesuffix("}") + f", {harm}}}")
    with pytest.raises(TrainingError, match="mend that place"):
        viewer.check(form.parent, "first")
