"""Still pictures: sizes, sheets, strips, PNG."""

# T frames, H rows, W columns

from __future__ import annotations

import io
import math
import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageOps, UnidentifiedImageError

from yozora.media import files
from yozora.media.errors import MediaError

Picture = NDArray[np.uint8]  # (H, W, 3)
_INK = (235, 235, 235)
_PAPER = (24, 24, 28)
LIGHTS = 16.0  # times white: fractions up to there are light's, not of 0 to 255
_BENT = (SyntaxError, ValueError, struct.error)  # of a file whose parts are damaged


def save_png(path: Path | str, picture_HWC: Picture) -> None:
    """Write a PNG, whole or not at all. Raises MediaError when the place cannot take it."""
    buffer = io.BytesIO()
    Image.fromarray(picture_HWC).save(buffer, format="PNG", optimize=True)
    files.write(path, buffer.getvalue())


def save_jpeg(path: Path | str, picture_HWC: Picture) -> None:
    """Write a JPEG, whole or not at all: a fifth of a PNG's size. Raises as `save_png`."""
    buffer = io.BytesIO()
    Image.fromarray(picture_HWC).save(buffer, format="JPEG", quality=86, optimize=True)
    files.write(path, buffer.getvalue())


def read_image(path: Path | str) -> Picture:
    """An image file as RGB. Raises MediaError when it is missing or no image."""
    return read_opaque(path)[0]


def read_opaque(path: Path | str) -> tuple[Picture, bool]:
    """(an image file as RGB, turned as a camera's note in it says and laid on black; whether any of
    that black shows). Raises MediaError as `read_image` does."""
    try:
        with Image.open(path) as image:
            return _opaque(in_8_bits(ImageOps.exif_transpose(image)))
    except FileNotFoundError as error:
        raise MediaError(f"there is no file {path}: check the name") from error
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError, *_BENT) as error:
        raise MediaError(f"{path} is not a readable image: name a PNG or JPEG") from error


def in_8_bits(image: Image.Image) -> Image.Image:
    """Greys of more than 8 bits in 8; others as they are. Raises MediaError for no numbers."""
    if image.mode not in ("I", "F") and not image.mode.startswith("I;16"):
        return image
    given = np.asarray(image)
    least, most = float(given.min()), float(given.max())
    if not math.isfinite(most - least):
        raise MediaError("some of the picture's values are no numbers: make it one of 8 bits")
    black, white = _ends(image.mode, least, most)
    scaled = given.astype(np.float64)
    scaled -= black
    scaled *= 255 / (white - black)
    made = Image.fromarray(np.rint(scaled, out=scaled).astype(np.uint8))
    clear = image.info.get("transparency")  # the one value that is
    if isinstance(clear, int):
        made.putalpha(Image.fromarray(np.where(given == clear, 0, 255).astype(np.uint8)))
    return made


def _ends(mode: str, least: float, most: float) -> tuple[float, float]:
    """(black, white) of a picture's values, of which none is beyond them.

    Of 16 bits, white is 65535. Of numbers of 32 bits no file says it: it is 1 for fractions up to
    that, their own brightest where they go a little above, as lights and sharpened edges do, else
    255, else 65535. Where values are below 0 or above all of these, the darkest is black and the
    brightest white.
    """
    if mode.startswith("I;16"):
        return 0.0, 65535.0
    if least < 0 or most > 65535:
        return least, max(most, least + 1)
    if mode == "F" and most <= LIGHTS:
        return 0.0, max(most, 1.0)
    return 0.0, 255.0 if most <= 255 else 65535.0


def _opaque(image: Image.Image) -> tuple[Picture, bool]:
    if not image.has_transparency_data:
        return np.asarray(image.convert("RGB"), dtype=np.uint8), False
    whole = image.convert("RGBA")
    shows = bool(np.asarray(whole)[..., 3].min() < 255)
    laid = Image.alpha_composite(Image.new("RGBA", whole.size, (0, 0, 0, 255)), whole)
    return np.asarray(laid.convert("RGB"), dtype=np.uint8), shows


def fit(frames_THWC: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """Frames at exactly `width` x `height`: scaled to cover it, the rest cut evenly.

    (T, H, W, 3) to (T, height, width, 3); what already fits comes back untouched.
    """
    rows, cols = frames_THWC.shape[1:3]
    if (cols, rows) == (width, height):
        return frames_THWC
    scale = max(width / cols, height / rows)
    keep_w, keep_h = width / scale, height / scale
    left, top = max(0.0, (cols - keep_w) / 2), max(0.0, (rows - keep_h) / 2)  # rounding
    box = (left, top, min(left + keep_w, cols), min(top + keep_h, rows))
    out = np.empty((len(frames_THWC), height, width, 3), np.uint8)
    for i, frame in enumerate(frames_THWC):
        image = Image.fromarray(frame)
        out[i] = np.asarray(image.resize((width, height), Image.Resampling.LANCZOS, box=box))
    return out


def filmstrip(frames_THWC: NDArray[np.uint8], count: int, height: int = 0) -> Picture:
    """`count` frames spread over the clip, first and last among them, side by side."""
    picked = np.linspace(0, len(frames_THWC) - 1, count).round().astype(int)
    strip = np.concatenate(list(frames_THWC[picked]), axis=1)
    if height and height != strip.shape[0]:
        width = max(1, round(strip.shape[1] * height / strip.shape[0]))
        strip = fit(strip[None], width, height)[0]
    return strip


def contact_sheet(
    pictures: Sequence[Picture],
    labels: Sequence[str] = (),
    columns: int | None = None,
    gap_px: int = 4,
) -> Picture:
    """Pictures in a grid, row by row, each over its label when there are labels.

    Pictures may differ in size: a cell is as large as the largest.
    """
    assert pictures and (not labels or len(labels) == len(pictures))
    columns = columns or math.ceil(math.sqrt(len(pictures)))
    rows = math.ceil(len(pictures) / columns)
    cell_h = max(p.shape[0] for p in pictures)
    cell_w = max(p.shape[1] for p in pictures)
    label_h = 14 if labels else 0
    step_w, step_h = cell_w + gap_px, cell_h + label_h + gap_px
    sheet = Image.new("RGB", (columns * step_w + gap_px, rows * step_h + gap_px), _PAPER)
    draw = ImageDraw.Draw(sheet)
    for i, picture in enumerate(pictures):
        x = gap_px + (i % columns) * step_w
        y = gap_px + (i // columns) * step_h
        sheet.paste(Image.fromarray(picture), (x, y))
        if labels:
            most = max(1, int(cell_w / draw.textlength("n")))
            draw.text((x, y + cell_h + 1), labels[i][:most], fill=_INK)
    return np.asarray(sheet, dtype=np.uint8)
