"""What a tool leaves out of the films that it is given is said."""

from __future__ import annotations

import numpy as np
import pytest

from tests.test_editing import desk, wish
from yozora import editing
from yozora.media.video import write_mp4


@pytest.fixture
def wide(tmp_path):
    path = tmp_path / "wide.mp4"
    write_mp4(path, [np.full((72, 128, 3), 4 * n, np.uint8) for n in range(48)], 24)
    return path


@pytest.fixture
def high(tmp_path):
    path = tmp_path / "high.mp4"
    write_mp4(path, [np.full((128, 72, 3), 4 * n, np.uint8) for n in range(36)], 24)
    return path


def test_what_another_shape_cuts_off(tmp_path, wide, high):
    (note,) = editing.enlarge(desk(), wish(tmp_path / "a.mp4", "", width=96, height=96), wide).notes
    assert "44% of its width is cut off" in note
    assert not editing.enlarge(desk(), wish(tmp_path / "a.mp4"), wide, 2.0).notes
    both = editing.blend(desk(), wish(tmp_path / "a.mp4"), wide, high, overlap_s=0.5).notes
    assert len(both) == 1 and "high.mp4 is 72x128" in both[0] and "of its height" in both[0]
    around = wish(tmp_path / "a.mp4", "a park", width=128, height=128)
    assert not editing.outpaint(desk(), around, wide).notes


@pytest.mark.parametrize(
    ("curve", "left"),
    [("transition", []), ("mix", ["1 s of wide.mp4", "1 s of other.mp4"]), ("sample", ["other"])],
)
def test_what_a_curve_leaves_out(tmp_path, wide, curve, left):
    other = tmp_path / "other.mp4"
    write_mp4(other, [np.full((72, 128, 3), 5 * n, np.uint8) for n in range(48)], 24)
    notes = editing.blend(desk(), wish(tmp_path / "a.mp4"), wide, other, curve, 1.0).notes
    assert len(notes) == len(left)
    assert all(one in note and "left out" in note for one, note in zip(left, notes, strict=True))
