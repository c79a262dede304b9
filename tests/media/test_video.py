"""Films: exact counts and shapes, equal packets for equal frames, nothing half-written."""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from yozora.media import files, video
from yozora.media.errors import MediaError


def clip(frames: int = 13, height: int = 48, width: int = 64) -> np.ndarray:
    """A gradient that moves: colours of every kind, no noise."""
    y, x = np.mgrid[0:height, 0:width]
    shape = np.broadcast_to
    return np.stack(
        [
            np.stack([x * 255 // width, y * 255 // height, shape((t * 16) % 256, x.shape)], axis=-1)
            for t in range(frames)
        ]
    ).astype(np.uint8)


@pytest.mark.parametrize(
    ("frames", "height", "width", "fps"),
    [(1, 48, 64, 12), (13, 48, 64, 24), (6, 33, 47, 12), (5, 143, 255, Fraction(24000, 1001))],
)
def test_comes_back_at_its_length_shape_and_rate(tmp_path, frames, height, width, fps):
    path = tmp_path / "a.mp4"
    source = clip(frames, height, width)
    digest = video.write_mp4(path, source, fps)
    back = video.read_video(path)
    assert back.frames_THWC.shape == source.shape
    assert back.fps == fps
    assert digest == video.packets_sha256(path)
    with av.open(str(path)) as container:
        assert container.streams.video[0].frames == frames


def test_colours_survive(tmp_path):
    source = clip(8, 144, 256)
    video.write_mp4(tmp_path / "a.mp4", source, 12)
    back = video.read_video(tmp_path / "a.mp4").frames_THWC.astype(int)
    error = back - source
    assert np.abs(error).mean() < 1.5
    assert np.abs(error.mean(axis=(0, 1, 2))).max() < 0.5  # no tint, no darkening


def test_grey_stays_grey_and_white_white():
    for level in (0, 1, 127, 254, 255):
        frame = np.full((4, 4, 3), level, np.uint8)
        planes = video.to_yuv420(frame)
        assert set(planes[4:].reshape(-1)) == {128}
        assert planes[0, 0] == round(16 + level * 219 / 255)


def test_is_what_browsers_play(tmp_path):
    path = tmp_path / "a.mp4"
    video.write_mp4(path, clip(), 12, {"title": "x"})
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        assert stream.pix_fmt == "yuv420p"
        context = stream.codec_context
        assert (context.colorspace, context.color_primaries, context.color_trc) == (1, 1, 1)
        assert context.color_range == 1


def test_metadata_changes_no_packet(tmp_path):
    frames = clip()
    one = video.write_mp4(tmp_path / "a.mp4", frames, 12)
    recipe = {video.RECIPE_KEY: '{"words": "\\u65e5"}'}
    two = video.write_mp4(tmp_path / "b.mp4", frames, 12, recipe)
    assert one == two == video.packets_sha256(tmp_path / "b.mp4")
    assert video.read_recipe(tmp_path / "b.mp4") == '{"words": "\\u65e5"}'


def test_a_film_without_recipe_says_so(tmp_path):
    video.write_mp4(tmp_path / "a.mp4", clip(), 12)
    with pytest.raises(MediaError, match="no recipe"):
        video.read_recipe(tmp_path / "a.mp4")


@pytest.mark.parametrize(
    "data", [b"", b"not a film at all", b"\x00\x00\x00\x18ftypisom" + b"x" * 99]
)
def test_a_file_that_is_no_film_is_refused(tmp_path, data):
    path = tmp_path / "a.mp4"
    path.write_bytes(data)
    with pytest.raises(MediaError, match="name a"):
        video.read_video(path)


def test_a_cut_off_film_is_refused_or_read_in_part(tmp_path):
    path = tmp_path / "a.mp4"
    video.write_mp4(path, clip(), 12)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(MediaError):
        video.read_video(path)


@pytest.mark.parametrize("order", [("film", "gone/latents"), ("gone/latents", "film")])
def test_of_two_files_both_appear_or_neither(tmp_path, order):
    (tmp_path / "film").write_bytes(b"old")
    with pytest.raises(MediaError, match="no folder"):
        files.write_together({tmp_path / name: b"new" for name in order})
    assert (tmp_path / "film").read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["film"]
    files.write_together({tmp_path / "film": b"new", tmp_path / "latents": b"too"})
    assert (tmp_path / "film").read_bytes() == b"new"
    assert sorted(os.listdir(tmp_path)) == ["film", "latents"]


def test_of_two_files_the_first_comes_back_when_the_second_cannot_be_placed(tmp_path):
    class Late(dict):
        """The second place is taken by a folder after both files have been written aside."""

        def items(self):
            yield from super().items()
            (tmp_path / "film").mkdir()

    (tmp_path / "latents").write_bytes(b"old")
    with pytest.raises(MediaError):
        files.write_together(Late({tmp_path / "latents": b"new", tmp_path / "film": b"new"}))
    assert (tmp_path / "latents").read_bytes() == b"old"
    assert sorted(os.listdir(tmp_path)) == ["film", "latents"]
    (tmp_path / "latents").unlink()
    (tmp_path / "film").rmdir()
    with pytest.raises(MediaError):
        files.write_together(Late({tmp_path / "latents": b"new", tmp_path / "film": b"new"}))
    assert os.listdir(tmp_path) == ["film"], "what was not there is not there afterwards"


def test_a_link_is_followed_and_old_halves_are_swept(tmp_path):
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    dead, fresh = (tmp_path / f".real.{name * 8}.part" for name in "ab")
    for part in (dead, fresh):
        part.write_bytes(b"half")
    os.utime(dead, (0, 0))
    files.write(tmp_path / "link", b"new")
    assert (tmp_path / "real").read_bytes() == b"new" and (tmp_path / "link").is_symlink()
    assert not dead.exists() and fresh.exists(), "a young half may be somebody's"


def killed(folder: Path, age: float) -> None:
    """What a kill between the two renames leaves: new latents beside an old film."""
    then = time.time() - age
    for name, data, at in (
        ("latents", b"new latents", then), (".latents.aaaaaaaa.old", b"old latents", then - 9),
        ("film", b"old film", then - 9), (".film.aaaaaaaa.part", b"new film", then + 1),
    ):  # fmt: skip
        (folder / name).write_bytes(data)
        os.utime(folder / name, (at, at))
    os.link(folder / "film", folder / ".film.aaaaaaaa.old")


def test_what_a_kill_between_two_files_left_is_cleared(tmp_path):
    killed(tmp_path, 7200)
    files.write_together({tmp_path / "latents": b"newer", tmp_path / "film": b"too"})
    assert sorted(os.listdir(tmp_path)) == ["film", "latents"]
    assert (tmp_path / "latents").read_bytes() == b"newer"


def test_what_was_there_before_a_kill_comes_back_when_the_next_write_fails(tmp_path):
    killed(tmp_path, 7200)
    places = tmp_path / "latents", tmp_path / "film", tmp_path / "gone" / "a"
    with pytest.raises(MediaError):
        files.write_together(dict.fromkeys(places, b"newer"))
    assert sorted(os.listdir(tmp_path)) == ["film", "latents"]
    assert (tmp_path / "latents").read_bytes() == b"old latents"
    assert (tmp_path / "film").read_bytes() == b"old film"


def test_what_was_written_since_a_kill_stays(tmp_path):
    killed(tmp_path, 7200)
    (tmp_path / "latents").write_bytes(b"since")
    with pytest.raises(MediaError):
        files.write_together(dict.fromkeys((tmp_path / "latents", tmp_path / "no" / "a"), b"x"))
    assert (tmp_path / "latents").read_bytes() == b"since"
    assert not list(tmp_path.glob(".latents.*"))


def test_a_write_that_may_be_going_on_is_left_alone(tmp_path):
    killed(tmp_path, 60)
    files.write_together({tmp_path / "latents": b"newer", tmp_path / "film": b"too"})
    left = [".film.aaaaaaaa.old", ".film.aaaaaaaa.part", ".latents.aaaaaaaa.old"]
    assert sorted(os.listdir(tmp_path)) == [*left, "film", "latents"]
    (tmp_path / left[1]).unlink()  # it is done, and was killed before it cleared up
    files.write_together({tmp_path / "latents": b"newest", tmp_path / "film": b"too"})
    assert sorted(os.listdir(tmp_path)) == ["film", "latents"]
    assert (tmp_path / "latents").read_bytes() == b"newest"


def test_a_name_that_looks_like_a_protocol_is_a_file(tmp_path):
    with contextlib.chdir(tmp_path):
        video.write_mp4("12:30.mp4", clip(), 12)
        assert len(video.read_video("12:30.mp4").frames_THWC) == len(clip())
    with pytest.raises(MediaError, match="too long"):
        video.read_video("x" * 300)


def test_frames_of_two_sizes_and_none_are_refused():
    with pytest.raises(MediaError, match="one size"):
        video.encode([clip()[0], clip(1, 32, 32)[0]], 12)
    with pytest.raises(MediaError, match="at least one frame"):
        video.encode([], 12)


def test_unwritable_places_are_refused_and_left_alone(tmp_path):
    film = video.encode(clip(), 12)
    for path in (tmp_path, tmp_path / "no" / "a.mp4", Path("/dev/full"), tmp_path / ("n" * 300)):
        with pytest.raises(MediaError):
            video.save_mp4(path, film)
    assert list(tmp_path.iterdir()) == []
    assert not Path("/dev/full").is_file()


def test_a_place_without_room_is_refused(tmp_path):
    with pytest.raises(MediaError, match="full"):
        files.check_writable(tmp_path / "a.mp4", 1 << 60)


def test_a_disk_that_fills_up_leaves_the_old_file(tmp_path):
    """A limit on file sizes stands in for a full disk: the write itself fails half-way."""
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    code = (
        "import resource, signal, sys; from yozora.media import files\n"
        "from yozora.media.errors import MediaError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: files.write(sys.argv[1], b'x' * 5000)\n"
        "except MediaError as error: print('refused:', error)\n"
    )
    out = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
    )
    assert out.stdout.startswith("refused:")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.bin"]
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 1000


def test_equal_frames_give_equal_packets_every_time() -> None:
    """Noise, at a size that is no multiple of 16, while memory is used for other things."""
    rng = np.random.default_rng(0)
    frames = [rng.integers(0, 255, (101, 173, 3), dtype=np.uint8) for _ in range(6)]
    found = set()
    for turn in range(10):
        other = [np.random.default_rng(n).random(997 * (n + turn + 1)) for n in range(12)]
        found.add(video.encode((frame.copy() for frame in frames), 12).packets_sha256)
        del other
    assert len(found) == 1


def test_a_list_of_other_files_is_no_film(tmp_path):
    """FFmpeg's lists and descriptions open what they name: they are not read at all."""
    film = tmp_path / "a.mp4"
    video.write_mp4(film, np.zeros((3, 32, 32, 3), np.uint8), 12)
    for name, text in (
        ("l.mp4", f"ffconcat version 1.0\nfile {film.name}\n"),
        ("l.m3u8", f"#EXTM3U\n#EXTINF:1,\n{film.name}\n"),
    ):
        (tmp_path / name).write_text(text)
        for read in (video.read_video, video.read_metadata):
            with pytest.raises(MediaError, match="is not a readable video"):
                read(tmp_path / name)
