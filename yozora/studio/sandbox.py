"""What strangers upload is opened here, in a process of its own that may use little and touch less.

    python -m yozora.studio.sandbox IN OUT_FOLDER KIND

Writes the media anew, so that nothing of the upload but its pictures goes on, and prints a JSON
object: {"name", "mime"} or {"error"}. Pictures become PNG. Films are decoded once, whole, and their
packets copied into a fresh MP4, so that frames that are kept later are the source's own; what MP4
cannot hold is coded anew.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from yozora.studio.errors import StudioError

MOST_S = 120  # of processor time
MOST_MEMORY = 3 << 30
MOST_OUT = 2 << 30  # bytes of one file
MOST_PIXELS = 64 << 20  # of a picture
MOST_SIDE_PX = 8192
MOST_FRAMES = 20_000
KINDS = ("any", "image", "video")
COPIED = ("h264", "hevc", "av1", "vp9", "mpeg4")  # codecs that go into an MP4 as they are


@dataclass(frozen=True, slots=True)
class Clean:
    """A file that was written anew."""

    path: Path
    mime: str


def cleaned(path: Path, folder: Path, kind: str = "any") -> Clean:
    """A picture or a film written anew. Raises StudioError for what is neither, or too much."""
    command = [sys.executable, "-m", "yozora.studio.sandbox", str(path), str(folder), kind]
    try:
        run = subprocess.run(
            command, capture_output=True, timeout=MOST_S * 2, stdin=subprocess.DEVNULL, check=False,
            env={
                "PATH": "", "PYTHONPATH": ":".join(one for one in sys.path if one),
                "OPENBLAS_NUM_THREADS": "1",  # each takes memory, of which there is little
            },
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise StudioError("the file takes too long to read: send a shorter one") from error
    try:
        told = json.loads(run.stdout.decode().splitlines()[-1])
    except (ValueError, IndexError):
        told = {"error": "the file cannot be read here: send a smaller PNG, JPEG, WebP or MP4"}
    if "error" in told:
        raise StudioError(str(told["error"])[:300], code="invalid_media")
    return Clean(folder / Path(told["name"]).name, str(told["mime"]))


def main() -> None:
    """In the process of its own."""
    source, folder, kind = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_S, MOST_S + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_OUT, MOST_OUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        print(json.dumps(_written(source, folder, kind)))
    except StudioError as error:
        print(json.dumps({"error": str(error)}))
    except MemoryError:
        print(json.dumps({"error": "the file is too large to be read: send a smaller one"}))


def _written(source: Path, folder: Path, kind: str) -> dict[str, str]:
    with source.open("rb") as file:
        head = file.read(64)
    if _is_picture(head):
        if kind == "video":
            raise StudioError("the file is a picture, a film is wanted: send an MP4")
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        return _picture(source, folder)
    if not head:
        raise StudioError("the file is empty: send another copy of it")
    if head[:5] in (b"<?xml", b"<svg ", b"<!DOC", b"<html") or head.lstrip()[:1] in (b"<", b"{"):
        raise StudioError("the file is text, a picture or a film is wanted: send PNG or MP4")
    if kind == "image":
        raise StudioError("the file is no picture: send PNG, JPEG or WebP")
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY * 2, MOST_MEMORY * 2))
    return _film(source, folder)


def _is_picture(head: bytes) -> bool:
    return (
        head.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*"))
        or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
        or head[4:12] in (b"ftypavif", b"ftypavis", b"ftypmif1")
    )


def _picture(source: Path, folder: Path) -> dict[str, str]:
    from PIL import Image, ImageOps

    from yozora.media.errors import MediaError
    from yozora.media.images import in_8_bits

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(source) as found:
            if found.width * found.height > MOST_PIXELS:
                raise StudioError(
                    f"the picture has {found.width}x{found.height} pixels: send a smaller one"
                )
            upright = ImageOps.exif_transpose(found)
            whole = in_8_bits(upright)
            kind = "RGBA" if whole.has_transparency_data else "RGB"
            whole.convert(kind).save(folder / "clean.png", "PNG")
    except StudioError:
        raise
    except MediaError as error:
        raise StudioError(str(error)) from error
    except Image.DecompressionBombError as error:
        raise StudioError(
            f"the picture has more than {MOST_PIXELS / 1e6:.0f} million pixels: send a smaller one"
        ) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise StudioError("the picture is damaged, or of no known kind: send PNG") from error
    return {"name": "clean.png", "mime": "image/png"}


def _film(source: Path, folder: Path) -> dict[str, str]:
    from yozora.media.errors import MediaError
    from yozora.media.film import Film

    try:
        with Film(source) as film:
            if film.count > MOST_FRAMES or max(film.width, film.height) > MOST_SIDE_PX:
                raise StudioError(
                    f"the film has {film.count} frames of {film.width}x{film.height}: send a "
                    "shorter or smaller one"
                )
    except MediaError as error:
        text = str(error).replace(str(source), "the file")
        raise StudioError(text) from error
    _copied(source, folder / "clean.mp4")
    return {"name": "clean.mp4", "mime": "video/mp4"}


def _copied(source: Path, target: Path) -> None:
    """The film's first stream of pictures and what Yozora told of itself; all of it is decoded."""
    import av

    try:
        with av.open(str(source)) as given:
            stream = given.streams.video[0]
            codec = stream.codec_context.name
            recipe = given.metadata.get("yozora.recipe") or given.metadata.get("comment") or ""
            told = {"yozora.recipe": recipe} if recipe[:1] == "{" else {}
            frames = 0
            options = {"movflags": "+faststart+use_metadata_tags"}
            with av.open(str(target), "w", format="mp4", options=options) as made:
                made.metadata.update(told)
                if codec in COPIED:
                    out = made.add_stream_from_template(stream)
                    for packet in given.demux(stream):
                        frames += len(packet.decode())
                        if packet.dts is not None:
                            packet.stream = out
                            made.mux(packet)
                        _check(frames)
                else:
                    coded = made.add_stream("libx264", rate=stream.average_rate or 24)
                    coded.width, coded.height = stream.width & ~1, stream.height & ~1
                    coded.pix_fmt, coded.options = "yuv420p", {"crf": "12"}
                    for frame in given.decode(stream):
                        frames += 1
                        _check(frames)
                        for packet in coded.encode(frame.reformat(coded.width, coded.height)):
                            made.mux(packet)
                    made.mux(coded.encode(None))
    except (av.FFmpegError, OSError, ValueError, IndexError) as error:
        raise StudioError("the film is damaged: send another copy of it") from error
    if frames == 0:
        raise StudioError("the film has no frame that can be read: send another copy of it")


def _check(frames: int) -> None:
    if frames > MOST_FRAMES:
        raise StudioError(f"the film has more than {MOST_FRAMES} frames: send a shorter one")


def staged() -> tempfile.TemporaryDirectory[str]:
    """A folder for an upload and what becomes of it."""
    return tempfile.TemporaryDirectory(prefix="yozora-upload-")


if __name__ == "__main__":
    main()
