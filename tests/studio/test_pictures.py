"""Pictures of every kind are kept as they are seen: no grey becomes white, no alpha is lost."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from yozora.studio.errors import StudioError
from yozora.studio.sandbox import cleaned


def kept(picture: Image.Image, folder, suffix: str, **more) -> np.ndarray:
    """The first row of what the studio keeps of a picture."""
    given, out = folder / f"given.{suffix}", folder / "out"
    out.mkdir()
    picture.save(given, **more)
    clean = cleaned(given, out, "image")
    assert clean.mime == "image/png"
    with Image.open(clean.path) as found:
        assert found.mode in ("RGB", "RGBA")
        return np.asarray(found)[0].astype(int)


def grey(row: np.ndarray) -> list[int]:
    """Asserts that all three colours are alike."""
    assert (row[:, :3] == row[:, :1]).all()
    return row[:, 0].tolist()


@pytest.mark.parametrize("suffix", ["png", "tiff"])
def test_greys_of_16_bits_are_scaled(tmp_path, suffix):
    deep = Image.fromarray(np.array([[0, 100, 257, 40_000, 65_535]], np.uint16))
    assert deep.mode == "I;16"
    assert grey(kept(deep, tmp_path, suffix)) == [0, 0, 1, 156, 255]


def test_dark_greys_of_16_bits_stay_dark(tmp_path):
    deep = Image.fromarray(np.array([[0, 128, 255]], np.uint16))
    assert grey(kept(deep, tmp_path, "png")) == [0, 0, 1]


@pytest.mark.parametrize(
    ("values", "seen"),
    [
        ([0.0, 0.25, 0.5, 1.0], [0, 64, 128, 255]),
        ([0.0, 0.25, 0.5], [0, 64, 128]),
        ([0.0, 0.5, 1.0, 2.0], [0, 64, 128, 255]),  # a light brighter than white
        ([0.0, 17.0, 128.0, 200.0], [0, 17, 128, 200]),
        ([0.0, 257.0, 40_000.0], [0, 1, 156]),
        ([0.0, 50_000.0, 100_000.0], [0, 128, 255]),
        ([-1.0, 0.0, 1.0], [0, 128, 255]),
        ([0.0, 0.0], [0, 0]),
        ([-3.0, -3.0], [0, 0]),
        ([-3e38, 0.0, 3e38], [0, 128, 255]),
    ],
)
def test_fractions_are_seen_within_the_range_that_they_have(tmp_path, values, seen):
    found = grey(kept(Image.fromarray(np.array([values], np.float32)), tmp_path, "tiff"))
    assert found == pytest.approx(seen, abs=1)


@pytest.mark.parametrize(
    ("values", "seen"),
    [
        ([0, 1, 128, 255], [0, 1, 128, 255]),
        ([0, 257, 40_000], [0, 1, 156]),
        ([0, 1 << 29, 1 << 30], [0, 128, 255]),
        ([-(1 << 31), 0, (1 << 31) - 1], [0, 128, 255]),
    ],
)
def test_whole_numbers_are_seen_within_the_range_that_they_have(tmp_path, values, seen):
    picture = Image.fromarray(np.array([values], np.int32))
    assert picture.mode == "I"
    assert grey(kept(picture, tmp_path, "tiff")) == pytest.approx(seen, abs=1)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_refused(tmp_path, value):
    picture = Image.fromarray(np.array([[0.0, value, 1.0]], np.float32))
    with pytest.raises(StudioError, match="no numbers: make"):
        kept(picture, tmp_path, "tiff")


def test_a_grey_that_stands_for_nothing_is_clear(tmp_path):
    deep = Image.fromarray(np.array([[0, 40_000, 65_535]], np.uint16))
    row = kept(deep, tmp_path, "png", transparency=40_000)
    assert grey(row) == [0, 156, 255] and row[:, 3].tolist() == [255, 0, 255]


def test_a_deep_picture_is_turned_as_its_camera_noted(tmp_path):
    note = Image.Exif()
    note[0x0112] = 6  # turn it clockwise
    deep = Image.fromarray(np.array([[40_000, 0], [0, 0], [20_000, 0]], np.uint16))
    assert grey(kept(deep, tmp_path, "png", exif=note)) == [78, 0, 156]


COLOURS = Image.new("RGB", (2, 1), (200, 30, 60))
CLEAR = Image.new("RGBA", (2, 1), (200, 30, 60, 0))


@pytest.mark.parametrize(
    ("picture", "suffix", "more", "seen"),
    [
        (Image.new("1", (2, 1), 1), "png", {}, [255, 255, 255]),
        (Image.new("L", (2, 1), 90), "png", {}, [90, 90, 90]),
        (Image.new("L", (2, 1), 90), "png", {"transparency": 90}, [90, 90, 90, 0]),
        (Image.new("LA", (2, 1), (90, 40)), "png", {}, [90, 90, 90, 40]),
        (COLOURS.quantize(4), "png", {}, [200, 30, 60]),
        (COLOURS.quantize(4), "png", {"transparency": 0}, [200, 30, 60, 0]),
        (COLOURS, "png", {"transparency": (200, 30, 60)}, [200, 30, 60, 0]),
        (CLEAR, "png", {}, [200, 30, 60, 0]),
        (CLEAR, "webp", {"lossless": True, "exact": True}, [200, 30, 60, 0]),
        (COLOURS, "bmp", {}, [200, 30, 60]),
        (COLOURS.convert("CMYK"), "tiff", {}, [200, 30, 60]),
        (COLOURS.convert("YCbCr"), "tiff", {}, [200, 30, 60]),
    ],
)
def test_every_other_kind_keeps_its_colours_and_its_alpha(tmp_path, picture, suffix, more, seen):
    row = kept(picture, tmp_path, suffix, **more)
    assert row.shape == (2, len(seen))
    assert row[0].tolist() == pytest.approx(seen, abs=2)
