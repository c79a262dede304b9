"""Stills: sizes, sheets, strips, and latents on disk."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from PIL import Image

from yozora.media import files, images, latents
from yozora.media.errors import MediaError
from yozora.media.images import read_image, read_opaque


def test_fit_covers_and_cuts_evenly():
    frames = np.zeros((2, 20, 40, 3), np.uint8)
    frames[:, :, 10:30] = 255  # the middle square is white
    square = images.fit(frames, 32, 32)
    assert square.shape == (2, 32, 32, 3)
    assert square.min() > 200  # only the middle was kept
    assert images.fit(frames, 40, 20) is frames


def test_sheet_strip_and_png(tmp_path):
    pictures = [np.full((10, 16, 3), 40 * i, np.uint8) for i in range(5)]
    sheet = images.contact_sheet(pictures, [str(i) for i in range(5)], columns=3)
    assert sheet.shape == (2 * (10 + 14 + 4) + 4, 3 * 20 + 4, 3)
    strip = images.filmstrip(np.stack(pictures), 3)
    assert strip.shape == (10, 48, 3)
    assert [int(strip[0, x, 0]) for x in (0, 16, 32)] == [0, 80, 160]
    images.save_png(tmp_path / "a.png", sheet)
    assert np.array_equal(images.read_image(tmp_path / "a.png"), sheet)


def test_no_image_is_refused(tmp_path):
    (tmp_path / "a.png").write_bytes(b"no")
    with pytest.raises(MediaError, match="not a readable image"):
        images.read_image(tmp_path / "a.png")
    with pytest.raises(MediaError, match="check the name"):
        images.read_image(tmp_path / "b.png")


def test_latents_come_back_exactly(tmp_path):
    path = latents.latents_path(tmp_path / "a.mp4")
    assert path.name == "a.latents.safetensors"
    values = np.random.default_rng(0).standard_normal((3, 4, 2, 2)).astype(np.float16)
    beside, copied = np.array([[0, 0], [1, 3], [1, 2]]), np.array([True, False, False])
    values = values.astype(np.float32)
    seen = np.array([[3, 2]])
    stored = latents.Latents(
        values, {"engine": "native"}, Fraction(14, 5), beside, values[:1] + 1, seen, copied
    )
    files.write(path, latents.to_file(stored))
    back = latents.load_latents(path)
    assert np.array_equal(back.latents_FCHW, values)
    assert np.array_equal(back.beyond_GCHW, (values[:1] + 1).astype(np.float16))
    assert back.beside_F2 is not None and np.array_equal(back.beside_F2, beside)
    assert back.beyond_G2 is not None and np.array_equal(back.beyond_G2, seen)
    assert back.copied_F is not None and back.copied_F.tolist() == [True, False, False]
    assert (back.header, back.lead) == (stored.header, Fraction(14, 5))
    path.write_bytes(b"broken")
    with pytest.raises(MediaError, match="holds no latents"):
        latents.load_latents(path)


def test_a_picture_is_read_as_it_is_seen(tmp_path):
    """Turned as its camera noted, greys of 16 bits as greys, what is transparent on black."""
    turned = Image.new("RGB", (40, 20))
    turned.paste((255, 0, 0), (0, 0, 20, 20))
    note = Image.Exif()
    note[0x0112] = 6  # turn it clockwise
    turned.save(tmp_path / "t.png", exif=note)
    seen = read_image(tmp_path / "t.png")
    assert seen.shape == (40, 20, 3) and seen[5, 5].tolist() == [255, 0, 0]
    assert seen[35, 5].tolist() == [0, 0, 0]
    deep = np.array([[0, 257 * 100, 65535]], np.uint16)
    Image.fromarray(deep).save(tmp_path / "d.png")
    assert read_image(tmp_path / "d.png")[0, :, 0].tolist() == [0, 100, 255]
    clear = np.full((1, 3, 4), 255, np.uint8)
    clear[0, :, 3] = 255, 51, 0
    Image.fromarray(clear).save(tmp_path / "c.png")
    picture, is_cut = read_opaque(tmp_path / "c.png")
    assert picture[0, :, 0].tolist() == [255, 51, 0] and is_cut
    clear[..., 3] = 255
    Image.fromarray(clear).save(tmp_path / "c.png")
    assert read_opaque(tmp_path / "c.png")[1] is False
