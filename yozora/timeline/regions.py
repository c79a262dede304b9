"""Which part of each picture is made, and which is kept: as shares of pixels, and by cells."""

# F latent frames, H rows, W columns

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from yozora.engine.canvas import Floats
from yozora.media.images import fit
from yozora.timeline.document import (
    Box,
    Mask,
    Region,
    Span,
    Words,
    box_at,
    level_at,
    levels_of,
    sources,
)
from yozora.timeline.errors import TimelineError
from yozora.timeline.material import Asset, Material, covered

LEAST = 1 / 64  # of a cell: what a mask touches less is kept

Found = Mapping[str, Floats]  # by words, what they name in the span: (frames, parts, parts), 0..1


def made_share(
    span: Span, into: Fraction, width: int, height: int, material: Material, found: Found
) -> Floats:
    """How much of each pixel is made, (H, W) 0..1, at `into` 0..1 of a span.

    1 inside the region and where the content leaves the frame free, 0 where it is kept; the edge
    runs outward over the region's feather, so that all that was named is made whole.
    """
    inside = reworked(span, into, width, height, material, found)
    soft = span.region.feather if span.region is not None else 0.0
    return np.maximum(inside, _grown(free(span, into, width, height), soft * height))


def reworked(
    span: Span, into: Fraction, width: int, height: int, material: Material, found: Found
) -> Floats:
    """The part that the span's level is for, (H, W) 0..1: all of it where it has no region."""
    if span.region is None:
        whole = level_at(span, float(into)) > 0.0
        return np.full((height, width), np.float32(whole))
    return _region(span.region, span, into, width, height, material, found)


def free(span: Span, into: Fraction, width: int, height: int) -> Floats:
    """What the span's content leaves free, (H, W) 0 or 1: always invented."""
    share = np.full((height, width), np.float32(span.content is None))
    for source in sources(span.content):
        if source.place:
            left, top, right, bottom = covered(source, into, width, height)
            around = np.ones((height, width), np.float32)
            around[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)] = 0.0
            share = np.maximum(share, around)
    return share


def _region(
    region: Region,
    span: Span,
    into: Fraction,
    width: int,
    height: int,
    material: Material,
    found: Found,
) -> Floats:
    match region.shape:
        case Mask(asset):
            covers = [one for one in sources(span.content) if not one.place]
            films = [material.asset(one.asset, "content") for one in covers]
            shapes = [(width, height), *((film.width, film.height) for film in films)]
            share = mask_picture(material.asset(asset, "region.mask"), into, shapes)
        case Words(text):
            rows = found[text]
            at = min(int(into * len(rows)), len(rows) - 1)
            share = _sized(rows[at], width, height)
        case path:
            share = _filled(box_at(path, float(into)), width, height)
    if region.inverted:
        share = 1.0 - share
    return _grown(share, region.feather * height)


def mask_picture(asset: Asset, into: Fraction, shapes: Sequence[tuple[int, int]]) -> Floats:
    """A mask's share of white at `into` 0..1 of its span, on the first of some sizes.

    It is cut to it as the films are whose sizes are the others. Raises TimelineError for a mask of
    no such shape: stretched, it would mean another place."""
    if not any(alike(asset.width, asset.height, *shape) for shape in shapes):
        raise TimelineError(
            "region.mask",
            f"{asset.name} is {asset.width}x{asset.height}, another shape than the film's",
            "draw it on a frame of the film, or one of that shape",
        )
    shown = asset.frame(min(int(into * asset.count), asset.count - 1))
    share: Floats = fit(shown[None], *shapes[0])[0].mean(2, dtype=np.float32) / np.float32(255.0)
    return share


def alike(wide: int, high: int, width: int, height: int) -> bool:
    """Whether two sizes are of one shape, but for rounding."""
    return abs(wide * height - high * width) <= 0.02 * wide * height


def _filled(box: Box, width: int, height: int) -> Floats:
    share = np.zeros((height, width), np.float32)
    left, right = (round(v * width) for v in (box.x, box.x + box.width))
    top, bottom = (round(v * height) for v in (box.y, box.y + box.height))
    share[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)] = 1.0
    return share


def _sized(share_HW: Floats, width: int, height: int) -> Floats:
    if share_HW.shape == (height, width):
        return share_HW.astype(np.float32)
    image = Image.fromarray(share_HW.astype(np.float32), mode="F")
    return np.asarray(image.resize((width, height), Image.Resampling.BILINEAR), np.float32)


def _grown(share: Floats, feather_px: float) -> Floats:
    """The same with an edge that falls to 0 over so many pixels outside."""
    reach = round(feather_px)
    if reach < 1 or not share.any() or share.all():
        return share
    picture = Image.fromarray((share * 255).astype(np.uint8))
    soft = picture.filter(ImageFilter.MaxFilter(2 * (reach // 2) + 1))
    soft = soft.filter(ImageFilter.BoxBlur(max(reach / 2, 0.5)))
    return np.asarray(np.maximum(share, np.asarray(soft, np.float32) / 255.0), np.float32)


def in_cells(share_HW: Floats, rows: int, cols: int) -> NDArray[np.bool_]:
    """Which cells (rows, cols) hold anything that is made: a cell is made whole or kept whole."""
    y, x = share_HW.shape
    cells = share_HW.reshape(rows, y // rows, cols, x // cols).mean((1, 3))
    return np.asarray(cells >= LEAST)


def check_covered(
    spans: Sequence[Span], touched: Sequence[Sequence[int]], level_FHW: Floats
) -> None:
    """Refuse regions that cover nothing of the picture at any moment: nothing would be made.

    `touched`: which spans each latent frame shows. Raises TimelineError.
    """
    for i, span in enumerate(spans):
        alone = [f for f, beside in enumerate(touched) if [*beside] == [i]]
        wanted = span.region is not None and min(levels_of(span)) > 0.0
        if wanted and alone and not (level_FHW[alone] > 0.0).any():
            raise TimelineError(
                _place_of(i, spans),
                "it covers nothing of the picture, so that nothing would change",
                "let it cover what shall be made: of a mask, what is white",
            )


def check_found(spans: Sequence[Span], i: int, shares: Floats) -> None:
    """Refuse words, of a span's region, that were found nowhere. Raises TimelineError."""
    region = spans[i].region
    if region is not None and isinstance(region.shape, Words) and not (shares > 0.5).any():
        raise TimelineError(
            _place_of(i, spans),
            f"nothing in the picture is {region.shape.text!r}",
            "name what it shows, or give a box or a mask",
        )


def _place_of(i: int, spans: Sequence[Span]) -> str:
    """How a span's region is called: by its place in a document where others have one too."""
    several = sum(span.region is not None for span in spans) > 1
    return f"spans[{i}].region" if several else "the region"


def joins_pixels(span: Span) -> bool:
    """Whether parts of its pictures are kept and others made."""
    placed = any(source.place for source in sources(span.content))
    return span.content is not None and (span.region is not None or placed)
