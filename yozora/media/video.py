"""Frames to an MP4 that a browser plays, and back.

H.264 yuv420p, BT.709 limited range and tagged so, index first. One thread codes, and colours are
converted in integers, so equal frames give equal packets on every machine.
"""

# T frames, H rows, W columns

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO, TypeVar

import av
import av.container
import av.video
import numpy as np
from av.video.reformatter import ColorRange, Interpolation
from numpy.typing import NDArray

from yozora.media import files, mp4
from yozora.media.errors import MediaError

Frames = NDArray[np.uint8]  # (T, H, W, 3)
T = TypeVar("T")
RECIPE_KEY = "yozora.recipe"
# FFmpeg would also play lists of files, descriptions of streams and text: these open other files
# and connections
FORMATS = "mov,matroska,mpegts,avi,mpeg,flv,gif,asf,ogg,mxf,dv"

QUALITY = "14"  # x264's constant rate factor; 18 already shows blocks in dark, flat skies
_BT709 = 1  # ITU-T H.273 code for primaries, transfer and matrix
# rows of Y, U and V in 16-bit fixed point, limited range
BT709 = ((11966, 40254, 4064), (-6596, -22189, 28784), (28784, -26145, -2640))
BT601 = ((16829, 33039, 6416), (-9714, -19070, 28784), (28784, -24103, -4681))
_LIMITED = 1  # 16..235
_EXACT = (  # libswscale without these darkens a picture by one level
    Interpolation.BICUBIC
    | Interpolation.ACCURATE_RND
    | Interpolation.FULL_CHR_H_INT
    | Interpolation.FULL_CHR_H_INP
)


@dataclass(frozen=True, slots=True)
class Encoded:
    """A coded film in memory; `packets_sha256` is its identity, whatever the container adds."""

    mp4: bytes  # without metadata
    packets_sha256: str
    frames: int
    width: int  # as asked; odd sizes are coded one pixel larger and cropped by the container
    height: int
    fps: Fraction


@dataclass(frozen=True, slots=True)
class Video:
    """A film read back."""

    frames_THWC: Frames
    fps: Fraction


def encode(frames: Iterable[NDArray[np.uint8]], fps: int | Fraction | float) -> Encoded:
    """Code `frames`, each (H, W, 3) uint8 of one size, at `fps` frames a second.

    Raises MediaError when there are no frames or their sizes differ.
    """
    rate = Fraction(fps).limit_denominator(1001)
    buffer = io.BytesIO()
    count, shape = 0, (0, 0)
    with av.open(buffer, "w", format="mp4") as container:
        stream: av.video.VideoStream | None = None
        for frame in frames:
            if stream is None:
                shape = frame.shape[:2]
                stream = h264(container, rate, shape[1], shape[0])
            if frame.shape != (*shape, 3) or frame.dtype != np.uint8:
                raise MediaError(
                    f"frame {count} is {frame.shape} {frame.dtype}, the first was {shape}: "
                    "give uint8 frames of one size"
                )
            container.mux(stream.encode(picture_of(frame, count, rate)))
            count += 1
        if stream is None:
            raise MediaError("a video needs at least one frame: ask for a longer one")
        container.mux(stream.encode(None))
    data = buffer.getvalue()
    return Encoded(data, _packets_sha256(data), count, shape[1], shape[0], rate)


def save_mp4(path: Path | str, film: Encoded, metadata: Mapping[str, str] | None = None) -> None:
    """Write `film` with `metadata` to `path`: whole or not at all.

    Raises MediaError when the path cannot be written.
    """
    files.write(path, to_mp4(film, metadata))


def to_mp4(film: Encoded, metadata: Mapping[str, str] | None = None) -> bytes:
    """`film` with `metadata` as a file that a browser plays while it loads."""
    buffer = io.BytesIO()
    options = {"movflags": "use_metadata_tags"}  # else unknown keys are dropped
    with (
        av.open(io.BytesIO(film.mp4), "r") as source,
        av.open(buffer, "w", format="mp4", options=options) as target,
    ):
        copy_packets(source, target, metadata or {})
    data = mp4.faststart(buffer.getvalue())
    if film.width % 2 or film.height % 2:
        data = mp4.crop_to(data, film.width, film.height)
    return data


def copy_packets(
    source: av.container.InputContainer,
    target: av.container.OutputContainer,
    metadata: Mapping[str, str],
) -> None:
    """The pictures of one container in another, as they are coded, with `metadata`; the first is
    shown at once: fragments cannot say that what is decoded early is no delay."""
    target.metadata.update(metadata)
    stream = source.streams.video[0]
    copy = target.add_stream_from_template(stream)
    begins: int | None = None
    for packet in source.demux(stream):
        if packet.dts is not None:
            begins = packet.pts if begins is None else begins
            packet.pts, packet.dts = (packet.pts or 0) - (begins or 0), packet.dts - (begins or 0)
            packet.stream = copy
            target.mux(packet)


def write_mp4(
    path: Path | str,
    frames: Iterable[NDArray[np.uint8]],
    fps: int | Fraction | float,
    metadata: Mapping[str, str] | None = None,
) -> str:
    """Code and save in one go; the packets' sha256. For films whose recipe does not need it."""
    film = encode(frames, fps)
    save_mp4(path, film, metadata)
    return film.packets_sha256


def read_video(path: Path | str, most_frames: int | None = None) -> Video:
    """Every frame of a film, or the first `most_frames`, as RGB.

    Raises MediaError when the file is missing, damaged or holds no picture.
    """

    def frames(container: av.container.InputContainer) -> Video:
        stream = container.streams.video[0]
        pictures: list[NDArray[np.uint8]] = []
        for frame in container.decode(stream):
            pictures.append(to_rgb(frame))
            if most_frames is not None and len(pictures) >= most_frames:
                break
        if not pictures:
            raise MediaError(f"{path} holds no frames: make or copy it again")
        return Video(np.stack(pictures), Fraction(stream.average_rate or 1))

    return _reading(path, frames)


def stream_video(
    source: Path | str | BinaryIO, name: str, size: Callable[[int, int], tuple[int, int]]
) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    """(seconds, RGB picture) one after another, for films that are too long to hold.

    `size` is asked once with the width and height as shown (turned upright, pixels square) and
    answers with the width and height that pictures shall have; `name` is used in sentences.
    Raises MediaError, also half way where a film is damaged.
    """
    try:
        with av.open(
            source,
            "r",
            container_options={"format_whitelist": FORMATS},
            metadata_errors="replace",
        ) as container:
            if not container.streams.video:
                raise MediaError(f"{name} holds no video: name a video file")
            stream = container.streams.video[0]
            stream.thread_type = "SLICE"
            wanted: tuple[int, int] | None = None
            first_s = 0.0
            for count, frame in enumerate(container.decode(stream)):
                turned = frame.rotation % 180 != 0
                if wanted is None:
                    aspect = float(stream.sample_aspect_ratio or 1)
                    shown = round(frame.width * aspect), frame.height
                    wanted = size(*(shown[::-1] if turned else shown))
                    first_s = frame.time or 0.0
                small = frame.reformat(
                    width=wanted[turned],
                    height=wanted[not turned],
                    format="rgb24",
                    interpolation=Interpolation.AREA,
                    dst_color_range=ColorRange.JPEG,
                )
                picture = np.asarray(small.to_ndarray(), dtype=np.uint8)
                at_s = frame.time if frame.time is not None else count / (stream.average_rate or 1)
                yield float(at_s) - first_s, np.rot90(picture, frame.rotation // 90)
            if wanted is None:
                raise MediaError(f"{name} holds no frames: make or copy it again")
    except (OSError, av.FFmpegError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise MediaError(f"{name} is not a readable video ({reason}): name another one") from error


def read_metadata(path: Path | str) -> dict[str, str]:
    """The container's metadata. Raises MediaError as `read_video`."""
    return _reading(path, lambda container: dict(container.metadata))


def read_recipe(path: Path | str) -> str:
    """The recipe's JSON text inside a film. Raises MediaError when there is none."""
    recipe = read_metadata(path).get(RECIPE_KEY)
    if recipe is None:
        raise MediaError(f"{path} carries no recipe: only videos that Yozora wrote can be repeated")
    return recipe


def packets_sha256(path: Path | str) -> str:
    """sha256 over the video packets in decoding order: equal films, whatever their metadata.

    Raises MediaError, also where there is no packet.
    """
    found = _reading(path, _hash_packets)
    if not found:
        raise MediaError(f"{path} has no pictures: it is cut short, copy it again")
    return found


def picture_of(frame_HWC: NDArray[np.uint8], index: int, rate: Fraction) -> av.VideoFrame:
    """Frame `index` of a film as it is coded."""
    picture = av.VideoFrame.from_ndarray(to_yuv420(frame_HWC), format="yuv420p")
    picture.pts, picture.time_base = index, 1 / rate
    picture.colorspace, picture.color_range = _BT709, _LIMITED
    return picture


def h264(
    container: av.container.OutputContainer,
    rate: Fraction,
    width: int,
    height: int,
    more: Mapping[str, str] | None = None,
) -> av.video.VideoStream:
    """A stream that is coded the same way everywhere. `more`: options of x264 beside ours."""
    stream = container.add_stream("libx264", rate=rate)
    stream.width, stream.height = width + width % 2, height + height % 2
    stream.pix_fmt = "yuv420p"
    preset = "medium" if width * height <= 1280 * 720 else "veryfast"
    keyframes = str(max(1, round(2 * rate)))  # one in two seconds: a player can seek
    # x264's tree of macroblocks, with AVX-512, gives other packets for the same film now and then
    usual = {"crf": QUALITY, "preset": preset, "g": keyframes, "mbtree": "0"}
    stream.options = {**usual, **(more or {})}
    context = stream.codec_context
    context.thread_count = 1  # x264 gives other packets with another number of threads
    context.color_primaries = context.color_trc = context.colorspace = _BT709
    context.color_range = _LIMITED
    return stream


def to_yuv420(
    frame_HWC: NDArray[np.uint8], matrix: tuple[tuple[int, int, int], ...] = BT709
) -> NDArray[np.uint8]:
    """(H, W, 3) RGB to planar yuv420p (H*3/2, W), an odd edge repeated.

    BT.709 (ITU-R BT.709-6, item 3) unless told, chroma sited left. libswscale's own conversion
    darkens a picture by one level each way, and rounds as the CPU likes.
    """
    height, width = frame_HWC.shape[:2]
    if height % 2 or width % 2:
        frame_HWC = np.pad(frame_HWC, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
        height, width = frame_HWC.shape[:2]
    r, g, b = (frame_HWC[..., i].astype(np.int32) for i in range(3))
    half, luma_offset, chroma_offset = 1 << 15, 16 << 16, 128 << 16
    (yr, yg, yb), (ur, ug, ub), (vr, vg, vb) = matrix
    y = (yr * r + yg * g + yb * b + luma_offset + half) >> 16
    # rows in pairs, columns with weights 1 2 1 around each even one; each adds 1 + 2 bits
    r, g, b = (_halve(plane) for plane in (r, g, b))
    u = (ur * r + ug * g + ub * b + 8 * (chroma_offset + half)) >> 19
    v = (vr * r + vg * g + vb * b + 8 * (chroma_offset + half)) >> 19
    planes = [plane.astype(np.uint8).reshape(-1) for plane in (y, u, v)]
    return np.concatenate(planes).reshape(height * 3 // 2, width)


def _halve(plane_HW: NDArray[np.int32]) -> NDArray[np.int32]:
    """Half the size, eight times the value."""
    rows = plane_HW[0::2] + plane_HW[1::2]
    left = np.concatenate([rows[:, :1], rows[:, 1:-1:2]], axis=1)
    return left + 2 * rows[:, 0::2] + rows[:, 1::2]


def to_rgb(frame: av.VideoFrame, width: int | None = None) -> NDArray[np.uint8]:
    """A decoded picture as (H, W, 3), as wide as it is unless told."""
    picture = frame.reformat(
        width=width,
        format="rgb24",
        interpolation=_EXACT,
        dst_color_range=ColorRange.JPEG,
        threads=1,  # starting more takes longer than most pictures do
    ).to_ndarray()
    return np.asarray(picture, dtype=np.uint8)


def _reading(path: Path | str, read: Callable[[av.container.InputContainer], T]) -> T:
    try:
        if Path(path).exists() and not Path(path).is_file():
            raise MediaError(f"{path} is a folder or a device, not a film: name a video file")
        # a file, not its name: that may look like a protocol
        with (
            Path(path).open("rb") as file,
            av.open(
                file,
                "r",
                container_options={"format_whitelist": FORMATS},
                metadata_errors="replace",
            ) as container,
        ):
            if not container.streams.video:
                raise MediaError(f"{path} holds no video: name a video file")
            return read(container)
    except FileNotFoundError as error:
        raise MediaError(f"there is no file {path}: check the name") from error
    except (OSError, av.FFmpegError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise MediaError(f"{path} is not a readable video ({reason}): name another one") from error


def _packets_sha256(data: bytes) -> str:
    with av.open(io.BytesIO(data), "r") as container:
        return _hash_packets(container)


def _hash_packets(container: av.container.InputContainer) -> str:
    digest, count = hashlib.sha256(), 0
    for packet in container.demux(container.streams.video[0]):
        if packet.dts is not None:  # the last one only flushes
            digest.update(bytes(packet))
            count += 1
    return digest.hexdigest() if count else ""
