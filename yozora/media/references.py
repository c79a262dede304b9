"""Pictures of who or what should appear in a film, made to look as training shows them.

Training shows a thing alone before a plain grey wall and floor, filling most of a square. So a
picture's own plain backdrop, or what is transparent, becomes that one, and the rest is cut away.
"""

# Y rows, X columns, S the side of a square

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from yozora.media.errors import MediaError
from yozora.media.files import is_stream
from yozora.media.images import Picture, fit

Floats = NDArray[np.float32]

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MESHES = (".obj", ".glb", ".gltf")
MOST_BYTES = 64 << 20
MOST_PIXELS = 64_000_000
LEAST_PX = 8  # of a picture's shorter side: below, nothing can be told
MOST_SIDES = 20.0  # times that a picture may be longer than wide, or the other way round
WORK_PX = 384  # longest side at which a picture is looked at: four times what training shows
THING_SHARE = 0.86  # of the square's side that the thing's longer side fills, as in training
# The backdrop of training's pictures: (share of the height from the top, grey of 0..255). A wall
# that grows lighter downwards, then the floor.
BACKDROP = ((0.0, 173.0), (0.265, 186.0), (0.27, 165.0), (0.5, 167.0), (1.0, 153.0))
ALIKE, UNLIKE = 12.0, 48.0  # 8-bit steps from the backdrop's colour: surely it, surely not it
BORDER_SHARE = 0.85  # of the border that is alike where there is a plain backdrop
EDGE_PX = 2  # over which a thing's edge may be mixed with the backdrop
LEAST_SHARE = 0.001  # of the picture that a thing covers


@dataclass(frozen=True, slots=True)
class Reference:
    """A picture of one thing, as training shows such pictures."""

    name: str  # of the file, without its folder
    sha256: str  # of the file
    picture_SS3: Picture = field(repr=False, compare=False)
    note: str = ""  # a sentence about what could not be made as training shows it
    role: str = "character"  # what it stands for: who or what appears, or a look ("style")

    @property
    def pixels_sha256(self) -> str:
        """What the film is made from, whatever the file's form."""
        shape = str(self.picture_SS3.shape).encode()
        return hashlib.sha256(shape + self.picture_SS3.tobytes()).hexdigest()

    def at(self, side_px: int) -> Picture:
        """The picture at exactly that side."""
        return fit(self.picture_SS3[None], side_px, side_px)[0]


def is_mesh(path: Path) -> bool:
    return path.suffix.lower() in MESHES


def read_reference(path: Path) -> Reference:
    """A PNG, JPEG, WebP or GIF (its first frame) as a reference. Raises MediaError."""
    if is_mesh(path):
        raise MediaError(
            f"{path} is a mesh, which only the command line draws: give it to yozora generate "
            "--reference, or name a picture of it"
        )
    raw = read_bytes(path)
    rgba = _open(path, raw)
    try:
        picture, plain = as_trained(rgba)
    except ValueError:
        raise MediaError(
            f"{path} shows nothing before its backdrop: name a picture with a person or a thing"
        ) from None
    note = "" if plain else (
        f"{path.name} has no plain backdrop, so what stands around may come along: cut it out, or "
        "take a picture before a plain wall"
    )  # fmt: skip
    return Reference(path.name, hashlib.sha256(raw).hexdigest(), picture, note)


def read_style(path: Path) -> Reference:
    """A picture of a look: its middle, whole. Raises MediaError."""
    raw = read_bytes(path)
    rgba = _open(path, raw)
    side = min(rgba.shape[:2])
    top, left = (rgba.shape[0] - side) // 2, (rgba.shape[1] - side) // 2
    middle = rgba[top : top + side, left : left + side, :3]
    note = (
        f"{path.name} is a picture of a look, and weights hardly keep to one: say it in words too"
    )
    return Reference(path.name, hashlib.sha256(raw).hexdigest(), middle.copy(), note, "style")


def read_bytes(path: Path) -> bytes:
    """A reference's file. Raises MediaError where it is missing, no file, or too large."""
    try:
        size = path.stat().st_size
        if is_stream(path):
            raise MediaError(f"{path} is a device or a pipe, no picture: name a file")
        if size > MOST_BYTES:
            raise MediaError(
                f"{path} has {size >> 20} MiB, {MOST_BYTES >> 20} are the most: make it smaller"
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise MediaError(f"there is no file {path}: check the name") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no such name"
        raise MediaError(f"{path} cannot be read ({reason}): name a picture") from None


def _open(path: Path, raw: bytes) -> Picture:
    """(Y, X, 4) with straight alpha, upright, at most `WORK_PX` a side. Raises MediaError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(raw), formats=FORMATS) as image:
                width, height = image.size
                if width * height > MOST_PIXELS:
                    raise MediaError(
                        f"{path} has {width}x{height} pixels, {MOST_PIXELS // 10**6} million are "
                        "the most: make it smaller"
                    )
                if min(width, height) < LEAST_PX:
                    raise MediaError(
                        f"{path} has {width}x{height} pixels, {LEAST_PX} a side are the least: "
                        "name a larger picture"
                    )
                if max(width, height) > MOST_SIDES * min(width, height):
                    raise MediaError(
                        f"{path} has {width}x{height} pixels, a stripe: name a picture of a person "
                        "or a thing"
                    )
                upright = ImageOps.exif_transpose(image).convert("RGBA")
    except MediaError:
        raise
    except Image.DecompressionBombError:
        raise MediaError(f"{path} has too many pixels: make it smaller") from None
    except (OSError, ValueError, SyntaxError, EOFError, OverflowError):
        raise MediaError(
            f"{path} is not a readable picture: name a PNG, JPEG, WebP or GIF, or a mesh (.obj, "
            ".glb, .gltf)"
        ) from None
    scale = WORK_PX / max(upright.size)
    if scale < 1.0:
        size = tuple(max(1, round(side * scale)) for side in upright.size)
        upright = upright.resize((size[0], size[1]), Image.Resampling.LANCZOS)
    return np.asarray(upright, np.uint8)


def as_trained(rgba_YX4: Picture) -> tuple[Picture, bool]:
    """(the square picture that training would show, whether the backdrop could be replaced).

    Raises ValueError where nothing stands before the backdrop.
    """
    rgba = rgba_YX4.astype(np.float32)
    rgb, alpha = rgba[..., :3], (rgba[..., 3] / 255.0).astype(np.float32)
    there_YX: Floats = alpha
    behind_3: Floats = np.zeros(3, np.float32)
    plain = bool((alpha < 0.98).mean() > LEAST_SHARE)
    if not plain and _is_trained(rgb):
        return rgba_YX4[..., :3].copy(), True
    if plain:
        rgb = rgb * alpha[..., None]
    else:
        colour = backdrop_colour(rgb)
        plain = colour is not None
        if colour is not None:
            behind_3, there_YX = colour, np.float32(1.0) - backdrop_share(rgb, colour)
    box = _box(there_YX)
    left, top, right, bottom = box
    if not plain:
        left, top, right, bottom = 0, 0, rgb.shape[1], rgb.shape[0]
    side = round(max(right - left, bottom - top) / (THING_SHARE if plain else 1.0))
    corner = round((top + bottom - side) / 2), round((left + right - side) / 2)
    seen, there = (_square(part, corner, side) for part in (rgb, there_YX[..., None]))
    outside = _square(np.ones_like(there_YX)[..., None], corner, side) == 0
    seen = np.where(outside, behind_3, seen)
    # what is left of the old colour at soft edges goes with it; shadows stay
    out = seen + (1.0 - there) * (backdrop(side)[:, None, None] - behind_3)
    return out.round().clip(0, 255).astype(np.uint8), plain


def backdrop(side: int) -> Floats:
    """The grey of each row of training's backdrop: (side,)."""
    heights, greys = np.array(BACKDROP).T
    return np.interp((np.arange(side) + 0.5) / side, heights, greys).astype(np.float32)


def _is_trained(rgb_YX3: Floats) -> bool:
    """Whether a picture stands before that backdrop already: a still of the world."""
    height, width = rgb_YX3.shape[:2]
    if height != width:
        return False
    sides = rgb_YX3[:, [0, 1, -2, -1]]
    off = np.abs(sides - backdrop(height)[:, None, None]).max((1, 2))
    return float((off < ALIKE).mean()) > BORDER_SHARE


def backdrop_colour(rgb_YX3: Floats) -> Floats | None:
    """The colour of a backdrop that nearly all of the border shows, or None."""
    height, width = rgb_YX3.shape[:2]
    edge = max(1, round(0.03 * min(height, width)))
    inner = np.zeros((height, width), bool)
    inner[edge : height - edge, edge : width - edge] = True
    border = rgb_YX3[~inner]
    colour: Floats = np.median(border, axis=0).astype(np.float32)
    alike = np.abs(border - colour).max(-1) < (ALIKE + UNLIKE) / 2
    return colour if float(alike.mean()) >= BORDER_SHARE else None


def backdrop_share(rgb_YX3: Floats, colour_3: Floats) -> Floats:
    """How much of each pixel (Y, X) is backdrop, 0..1: alike, and joined to the border by alike."""
    off = np.abs(rgb_YX3 - colour_3).max(-1)
    share = np.clip((UNLIKE - off) / (UNLIKE - ALIKE), 0.0, 1.0).astype(np.float32)
    alike = share > 0.5
    reached = np.zeros_like(alike)
    for edge in (np.s_[0], np.s_[-1], np.s_[:, 0], np.s_[:, -1]):
        reached[edge] = alike[edge]
    count, before = int(reached.sum()), -1
    while count != before:
        before = count
        reached = _spread(reached) & alike
        count = int(reached.sum())
    # what is mixed of both at an edge is as much backdrop as it is nearer to it than what is inside
    inside, edge_YX = off, reached
    for _ in range(EDGE_PX):
        inside, edge_YX = _most(inside), _spread(edge_YX)
    mixed = np.clip(1.0 - off / np.maximum(inside, UNLIKE), 0.0, 1.0)
    found: Floats = np.where(edge_YX, np.maximum(share, mixed), 0.0).astype(np.float32)
    return found


def _most(values_YX: Floats) -> Floats:
    """The largest of each value and its four neighbours."""
    out = values_YX.copy()
    out[1:] = np.maximum(out[1:], values_YX[:-1])
    out[:-1] = np.maximum(out[:-1], values_YX[1:])
    out[:, 1:] = np.maximum(out[:, 1:], values_YX[:, :-1])
    out[:, :-1] = np.maximum(out[:, :-1], values_YX[:, 1:])
    return out


def _spread(mask_YX: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The mask and its four neighbours."""
    out = mask_YX.copy()
    out[1:] |= mask_YX[:-1]
    out[:-1] |= mask_YX[1:]
    out[:, 1:] |= mask_YX[:, :-1]
    out[:, :-1] |= mask_YX[:, 1:]
    return out


def _box(there_YX: Floats) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what is there. Raises ValueError for nothing."""
    solid = there_YX > 0.5
    if float(solid.mean()) < LEAST_SHARE:
        raise ValueError("nothing is there")
    rows, columns = np.flatnonzero(solid.any(1)), np.flatnonzero(solid.any(0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _square(values_YXC: Floats, corner: tuple[int, int], side: int) -> Floats:
    """A square of the values from a corner (top, left) on; zeros beyond the picture."""
    top, left = corner
    out = np.zeros((side, side, values_YXC.shape[-1]), np.float32)
    rows, columns = slice(max(top, 0), top + side), slice(max(left, 0), left + side)
    part = values_YXC[rows, columns]
    at = max(-top, 0), max(-left, 0)
    out[at[0] : at[0] + part.shape[0], at[1] : at[1] + part.shape[1]] = part
    return out
