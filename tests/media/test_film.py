"""Any frame of any film: the right picture in whatever order, or a sentence with a remedy."""

from __future__ import annotations

import io
import os
import random
import re
import struct
import time
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.stream import Disposition
from PIL import Image

from yozora.media import film as limits
from yozora.media import mp4
from yozora.media.errors import MediaError
from yozora.media.film import Film
from yozora.media.video import read_video

SHORT = {"g": "12", "sc_threshold": "0", "bf": "3", "b_strategy": "0"}  # B-frames always
OPEN = {"x264-params": "keyint=12:open-gop=1:scenecut=0:bframes=3:b-adapt=0"}
NO_JUMP = {"g": "999", "bf": "3"}  # one key frame
PIXELS = {"gif": "rgb8", "mjpeg": "yuvj420p", "ffv1": "bgr0"}
MARK = (210, 50, 40)  # of the upper edge


def painted(number: int, height: int = 48, width: int = 64) -> np.ndarray:
    """Eight upright bars, the bits of a number, under a red edge."""
    picture = np.full((height, width, 3), 16, np.uint8)
    for bit in range(8):
        if number >> bit & 1:
            picture[:, bit * width // 8 : (bit + 1) * width // 8] = 235
    picture[: height // 4] = MARK
    return picture


def number(picture: np.ndarray) -> int:
    bars = picture[len(picture) // 2 :, picture.shape[1] // 16 :: picture.shape[1] // 8]
    return sum((level > 128) << bit for bit, level in enumerate(bars.mean((0, 2))[:8]))


def write(
    path: Path,
    count: int = 40,
    rate: int | Fraction = 24,
    codec: str = "libx264",
    *,
    options: dict[str, str] | None = None,
    at: Sequence[int] | None = None,  # ticks; one after another unless told
    tick_s: Fraction | None = None,
    size: tuple[int, int] = (48, 64),
    turned: int = 0,
    aspect: Fraction | None = None,
    sound_s: int = 0,
    muxer: dict[str, str] | None = None,
    longer: int = 1,  # times that the last picture is shown longer than the others
) -> Path:
    if codec not in av.codecs_available:
        pytest.skip(f"this PyAV has no {codec}")
    with av.open(str(path), "w", options=muxer or {}) as container:
        stream = container.add_stream(codec, rate=rate)
        stream.height, stream.width = size
        stream.pix_fmt = pixels = PIXELS.get(codec, "yuv420p")
        stream.options = options or (SHORT if codec == "libx264" else {})
        stream.codec_context.thread_count = 1
        if tick_s:
            stream.time_base = stream.codec_context.time_base = tick_s
        if turned:
            stream.set_display_rotation(turned)
        if aspect:
            stream.codec_context.sample_aspect_ratio = aspect
        sound = container.add_stream("aac", rate=48000, layout="mono") if sound_s else None
        packets = []
        for i in range(count):
            frame = av.VideoFrame.from_ndarray(painted(i, *size), format="rgb24")
            frame = frame.reformat(format=pixels)
            frame.pts = at[i] if at else i
            frame.time_base = tick_s or 1 / Fraction(rate)
            packets += stream.encode(frame)
        packets += stream.encode(None)
        max(packets, key=lambda p: p.pts).duration *= longer
        container.mux(packets)
        if sound:
            mux_silence(container, sound, sound_s)
    return path


def mux_silence(container, stream, seconds: int) -> None:
    samples = np.zeros((1, 48000 * seconds), np.float32)
    quiet = av.AudioFrame.from_ndarray(samples, "fltp", "mono")
    quiet.rate = 48000
    container.mux([*stream.encode(quiet), *stream.encode(None)])


def assert_every_frame(path: Path, count: int, rate: int | Fraction) -> None:
    """In order, backwards, at random: what reading the whole film gives; beyond it, its ends."""
    whole = read_video(path).frames_THWC
    assert [number(picture) for picture in whole] == list(range(count))
    with Film(path) as film:
        assert (film.count, film.fps, film.steady, film.sound) == (count, rate, True, False)
        assert (film.height, film.width) == whole.shape[1:3]
        mixed = random.Random(0).sample(range(count), count)
        for order in range(count), range(count)[::-1], mixed:
            wrong = [i for i in order if not np.array_equal(film.frame(i), whole[i])]
            assert not wrong
        assert number(film.frame(count)) == count - 1 and number(film.frame(-5)) == 0


def still(picture: np.ndarray) -> bytes:
    data = io.BytesIO()
    Image.fromarray(picture).save(data, "jpeg")
    return data.getvalue()


def refused(path: Path | str, words: str = "") -> None:
    """One error of the house: a sentence with the file's name and, after a colon, a remedy."""
    began = time.monotonic()
    with pytest.raises(MediaError, match=re.escape(str(path)) + rf".*{words}.*: \w+ \w+"):
        Film(path)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("rate", [30, Fraction(24000, 1001), 25, 12])
def test_every_frame_at_every_rate(tmp_path, rate):
    assert_every_frame(write(tmp_path / "a.mp4", 60, rate), 60, rate)
    assert_every_frame(write(tmp_path / "a.mkv", 26, rate), 26, rate)


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("open.mp4", "libx264", OPEN),
        ("open.ts", "libx264", OPEN),
        ("long.mp4", "libx264", NO_JUMP),
        ("long.ts", "libx264", NO_JUMP),
        ("a.ts", "libx264", SHORT),
        ("a.flv", "libx264", SHORT),
        ("a.avi", "libx264", SHORT),
        ("b.avi", "mpeg4", {"g": "12", "bf": "2"}),
        ("long.mpg", "mpeg2video", {"g": "12", "bf": "2"}),
        ("a.wmv", "wmv2", {"g": "12"}),
        ("h265.mp4", "libx265", {"x265-params": "keyint=12:log-level=none"}),
        ("vp8.webm", "libvpx", {"g": "12", "cpu-used": "8"}),
        ("vp9.webm", "libvpx-vp9", {"g": "12", "cpu-used": "8"}),
        ("a.gif", "gif", {}),
    ],
)
def test_every_frame_of_every_format(tmp_path, name, codec, options):
    count = 60 if name.startswith("long") else 26  # beyond what is worth a jump
    path = write(tmp_path / name, count, 25, codec, options=options)
    assert_every_frame(path, count, 25)


def test_every_frame_wherever_it_begins_and_ends(tmp_path):
    for name in ("late.mp4", "late.mkv", "late.ts"):
        assert_every_frame(write(tmp_path / name, 26, at=range(1000, 1026)), 26, 24)
    pieces = {"movflags": "frag_keyframe+empty_moov"}
    assert_every_frame(write(tmp_path / "pieces.mp4", 26, muxer=pieces), 26, 24)
    assert_every_frame(write(tmp_path / "still.mp4", 26, longer=50), 26, 24)  # on average slower


def test_a_film_trimmed_by_its_header_begins_and_ends_there(tmp_path):
    data = bytearray(write(tmp_path / "a.mp4").read_bytes())
    edit = data.index(b"elst") + 12
    length, start = struct.unpack_from(">II", data, edit)
    frame = 512  # ticks
    struct.pack_into(">II", data, edit, length * 20 // 40, start + 10 * frame)
    (tmp_path / "a.mp4").write_bytes(data)
    with Film(tmp_path / "a.mp4") as film:
        assert (film.count, film.steady) == (20, True)
        assert [number(film.frame(i)) for i in (19, 0, 7)] == [29, 10, 17]


def test_a_recording_that_begins_within_a_scene_begins_at_its_first_whole_picture(tmp_path):
    data = write(tmp_path / "a.ts").read_bytes()
    (tmp_path / "a.ts").write_bytes(data[len(data) // 188 // 4 * 188 :])
    with Film(tmp_path / "a.ts") as film:
        shown = [number(film.frame(i)) for i in range(film.count)]
        assert film.steady
        assert shown == list(range(12, 40))


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.ts", "a.flv"])
def test_without_a_steady_rate_each_picture_is_shown_when_it_is_due(tmp_path, name):
    ms = [0, 10, 20, 500, 520, 900, 1000, 1400, 1410, 4000, 4020]
    write(tmp_path / name, len(ms), 30, at=ms, tick_s=Fraction(1, 1000))
    with Film(tmp_path / name) as film:
        assert not film.steady
        assert film.count / film.fps == pytest.approx(4.02, abs=1.5 / film.fps)
        for i in [*range(film.count), *random.Random(0).sample(range(film.count), film.count)]:
            due = 1000 * (i + 0.5) / film.fps
            assert number(film.frame(i)) == sum(one <= due for one in ms) - 1


def test_an_avi_that_leaves_pictures_out_keeps_time(tmp_path):
    with Film(write(tmp_path / "a.avi", 6, 25, "mjpeg", at=[0, 1, 2, 5, 6, 9])) as film:
        assert (film.count, film.steady) == (10, False)
        assert [number(film.frame(i)) for i in range(10)] == [0, 1, 2, 2, 2, 3, 4, 4, 4, 5]


@pytest.mark.parametrize(("turned", "edge"), [(0, 0), (90, 3), (180, 2), (270, 1), (-90, 1)])
def test_a_turned_film_is_upright(tmp_path, turned, edge):
    """The tag says how far counterclockwise; edges count clockwise from above."""
    with Film(write(tmp_path / "a.mp4", 2, turned=turned)) as film:
        picture = film.frame(1).astype(int)
    height, width = (64, 48) if turned % 180 else (48, 64)
    assert (film.height, film.width) == picture.shape[:2] == (height, width)
    edges = picture[2], picture[:, -3], picture[-3], picture[:, 2]
    marked = [bool((np.abs(one - MARK) < 30).all()) for one in edges]
    assert marked == [one == edge for one in range(4)]


def test_pixels_become_square(tmp_path):
    with Film(write(tmp_path / "a.mp4", 3, aspect=Fraction(4, 3))) as film:
        assert film.frame(2).shape == (film.height, film.width, 3) == (48, 85, 3)
        assert [number(film.frame(i)) for i in range(3)] == [0, 1, 2]
    with Film(write(tmp_path / "b.mp4", 3, aspect=Fraction(2), turned=90)) as film:
        assert film.frame(2).shape == (film.height, film.width, 3) == (128, 48, 3)


def test_odd_sizes_lose_nothing_and_lines_are_refused(tmp_path):
    path = write(tmp_path / "a.mkv", 5, codec="ffv1", size=(47, 63))
    with Film(path) as film:
        assert all(np.array_equal(film.frame(i), painted(i, 47, 63)) for i in range(5))
    refused(write(path, 1, codec="ffv1", size=(1, 8)), "8x1 pixels")


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.avi", "a.gif"])
def test_one_frame_is_a_film(tmp_path, name):
    with Film(write(tmp_path / name, 1, 10, "gif" if "gif" in name else "libx264")) as film:
        assert (film.count, film.fps, film.steady) == (1, 10, True)
        assert np.array_equal(film.frame(0), film.frame(7))


def test_sound_is_told_and_does_not_count(tmp_path):
    for name in ("a.mp4", "a.mkv", "a.ts"):
        with Film(write(tmp_path / name, sound_s=4)) as film:
            assert (film.sound, film.count, film.steady) == (True, 40, True)
            assert [number(film.frame(i)) for i in (39, 1)] == [39, 1]


LIST = "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:2,\nreal.ts\n#EXT-X-ENDLIST\n"
STREAM = "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 32\n"


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("empty.mp4", b"", "not a readable video"),
        ("random.mp4", random.Random(0).randbytes(20000), "not a readable video"),
        ("text.mp4", b"Not a film at all.\n" * 50, "not a readable video"),
        ("text.txt", b"Not a film at all.\n" * 50, "not a readable video"),
        ("list.m3u8", LIST.encode(), "not a readable video"),
        ("list.mp4", b"ffconcat version 1.0\nfile real.ts\n", "not a readable video"),
        ("stream.sdp", STREAM.encode(), "not a readable video"),
        ("photograph.mp4", still(painted(5)), "is a picture"),
    ],
)
def test_what_is_no_film_is_refused(tmp_path, name, data, words):
    write(tmp_path / "real.ts", 60)  # which a list of films may name, and must not reach
    (tmp_path / name).write_bytes(data)
    refused(tmp_path / name, words)


def test_what_is_no_file_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.mp4")
    refused(tmp_path, "a folder or a device")
    refused(tmp_path / "pipe.mp4", "a folder or a device")
    refused("/dev/zero", "a folder or a device")
    refused(tmp_path / ("x" * 300), "too long")
    refused(tmp_path / "a\0b", "no such name")
    refused(tmp_path / "gone.mp4")


def test_sound_alone_is_refused_with_or_without_a_cover(tmp_path):
    for name in ("plain.mp4", "cover.mp4"):
        with av.open(str(tmp_path / name), "w") as container:
            sound = container.add_stream("aac", rate=48000, layout="mono")
            if name == "cover.mp4":
                cover = container.add_stream("mjpeg", rate=1)
                cover.width, cover.height, cover.pix_fmt = 64, 48, "yuvj420p"
                cover.disposition = Disposition.attached_pic
                packet = av.Packet(still(painted(5)))
                packet.stream, packet.time_base, packet.dts = cover, Fraction(1), 0
                container.mux(packet)
            mux_silence(container, sound, 1)
        refused(tmp_path / name, "holds no video")


@pytest.mark.parametrize("name", ["a.mp4", "fast.mp4", "a.mkv", "a.ts", "a.avi", "a.gif"])
@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.99])
def test_what_is_left_of_a_cut_off_film_is_right_or_refused(tmp_path, name, kept):
    codec, options = ("gif", {}) if name == "a.gif" else ("libx264", {"g": "12", "bf": "0"})
    data = write(tmp_path / name, 60, 25, codec, options=options).read_bytes()
    if name == "fast.mp4":
        data = mp4.faststart(data)
    (tmp_path / name).write_bytes(data[: int(len(data) * kept)])
    shown = []
    try:
        with Film(tmp_path / name) as film:
            for i in range(film.count):
                shown.append(number(film.frame(i)))
    except MediaError as error:
        assert re.search(rf"{name}.*: \w+ \w+", str(error))
    lost = limits.LOST_FRAMES + 1
    assert shown[:-lost] == list(range(len(shown)))[:-lost]
    if name.endswith("mp4") and kept < 0.9:
        assert not shown


def test_damage_and_gaps_are_told_each_time_and_spare_the_rest(tmp_path):
    path = write(tmp_path / "a.mp4", 60, options={**SHORT, "bf": "0"})
    with av.open(str(path)) as container:
        places = [(packet.pos, packet.size) for packet in container.demux(video=0)]
    data = bytearray(path.read_bytes())
    for i, (at, size) in enumerate(places[30:31] + places[50:60]):
        over = struct.pack(">IB", size - 4, 10) + bytes(size - 5)  # says that the film ends
        data[at : at + size] = over if i else b"\xff" * size
    path.write_bytes(data)
    with Film(path) as film:
        assert film.count == 60
        for _ in range(2):
            assert [number(film.frame(i)) for i in (49, 20, 0, 29)] == [49, 20, 0, 29]
            for i, words in ((31, "is not a"), (35, "is not a"), (58, "breaks off")):
                with pytest.raises(MediaError, match=rf"a\.mp4 {words}.*: \w+ \w+"):
                    film.frame(i)


@pytest.mark.parametrize("name", ["a.mp4", "a.ts"])
def test_a_file_that_is_gone_is_still_read_one_that_was_written_to_is_not(tmp_path, name):
    path = write(tmp_path / name)
    other = write(tmp_path / f"other-{name}", 5)
    with Film(path) as film:
        os.replace(other, path)
        assert [number(film.frame(i)) for i in (39, 3, 20)] == [39, 3, 20]
        path.unlink()
        assert [number(film.frame(i)) for i in (0, 38, 12)] == [0, 38, 12]
    data = write(path).read_bytes()
    for changed in (data[: len(data) // 2], bytes(len(data)), b""):
        path.write_bytes(data)
        os.utime(path, (0, 0))
        with Film(path) as film:
            film.frame(0)
            path.write_bytes(changed)
            with pytest.raises(MediaError, match=rf"{name} was written to.*: start again"):
                film.frame(30)


@pytest.mark.parametrize("name", ["a.mkv", "a.avi", "a.mov"])
def test_a_film_that_changes_its_size_is_told_where_it_does(tmp_path, name):
    with av.open(str(tmp_path / name), "w") as container:
        stream = container.add_stream("mjpeg", rate=24)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuvj420p"
        for i in range(20):
            packet = av.Packet(still(painted(i, *((48, 64) if i < 10 else (32, 32)))))
            packet.stream, packet.time_base, packet.is_keyframe = stream, Fraction(1, 24), True
            packet.pts = packet.dts = i
            container.mux(packet)
    with Film(tmp_path / name) as film:
        assert number(film.frame(9)) == 9
        with pytest.raises(MediaError, match="changes its size half way: convert it"):
            film.frame(10)
        assert number(film.frame(3)) == 3


@pytest.mark.parametrize(("name", "parts"), [("a.mp4", 3), ("a.ts", 1)])
def test_a_film_of_hours_opens_at_once_and_is_counted_to_the_frame(tmp_path, name, parts):
    """A scene of a hundred frames over and over, made of its packets."""
    scene = write(tmp_path / "scene.mp4", 100, 30, options={"crf": "5"}, size=(16, 16))
    count = (parts * limits.LONG_PACKETS // 100 + 9) * 100
    with av.open(str(scene)) as source, av.open(str(tmp_path / name), "w") as target:
        stream = source.streams.video[0]
        copy, turn = target.add_stream_from_template(stream), stream.duration
        packets = [(bytes(p), p) for p in source.demux(stream) if p.pts is not None]
        for i in range(count):
            data, model = packets[i % 100]
            packet = av.Packet(data)
            packet.stream, packet.time_base = copy, stream.time_base
            packet.pts, packet.dts = (at + i // 100 * turn for at in (model.pts, model.dts))
            packet.duration, packet.is_keyframe = model.duration, model.is_keyframe
            target.mux(packet)
    with av.open(str(tmp_path / name)) as container:
        began = time.process_time()
        assert sum(packet.size > 0 for packet in container.demux(video=0)) == count
        whole_s, began = time.process_time() - began, time.process_time()
    with Film(tmp_path / name) as film:
        assert parts == 1 or time.process_time() - began < whole_s * 0.7
        assert (film.count, film.fps, film.steady) == (count, 30, True)
        for i in (count - 1, 0, count // 2 - 1, count - 100):
            assert number(film.frame(i)) == i % 100
