"""A thing laid into a part of a picture: its shape stays in its room, and all around it is kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.engine.test_outliner import canvas, write
from yozora.engine.canvas import Canvas, Within
from yozora.engine.chunks import LIVE
from yozora.engine.native import NativeEngine
from yozora.engine.within import FILLED, laid, placed
from yozora.model.grid import FINE
from yozora.model.outlines import shares_of

ROWS, COLUMNS = 6, 8
HIGH, WIDE = FINE * ROWS, FINE * COLUMNS


def block(left: int, top: int, right: int, bottom: int) -> np.ndarray:
    share = np.zeros((HIGH, WIDE), np.float32)
    share[top:bottom, left:right] = 1.0
    return share


def sides(share: np.ndarray) -> tuple[int, int, int, int]:
    across, down = np.flatnonzero(share.max(0) > 0.5), np.flatnonzero(share.max(1) > 0.5)
    return int(across[0]), int(down[0]), int(across[-1]) + 1, int(down[-1]) + 1


@pytest.mark.parametrize("shape", [(2, 2, 8, 20), (1, 10, 25, 16), (13, 9, 17, 13)])
@pytest.mark.parametrize("room", [(16, 8, 30, 22), (0, 0, 8, 24), (4, 3, 32, 9)])
def test_a_shape_fills_the_middle_of_its_room_and_keeps_its_aspect(shape, room):
    found = placed(block(*shape)[None], block(*room)[None])[0]
    assert not found[block(*room) == 0].any(), "beside its room"
    left, top, right, bottom = sides(found)
    wide, high = right - left, bottom - top
    most = room[2] - room[0], room[3] - room[1]
    assert max(wide / most[0], high / most[1]) > FILLED - 0.2
    aspect = (shape[2] - shape[0]) / (shape[3] - shape[1])
    assert wide == pytest.approx(high * aspect, abs=2.0 * max(aspect, 1.0))
    middle = (left + right) / 2, (top + bottom) / 2
    assert middle == pytest.approx(((room[0] + room[2]) / 2, (room[1] + room[3]) / 2), abs=1.0)


def test_it_goes_where_its_room_goes_wherever_its_own_film_moved_it():
    shape = np.stack([block(2 + 4 * f, 6, 10 + 4 * f, 14) for f in range(4)])
    room = np.stack([block(20 - 4 * f, 4, 32 - 4 * f, 16) for f in range(4)])
    lefts = [sides(frame)[0] for frame in placed(shape, room)]
    assert np.diff(lefts).tolist() == pytest.approx([-4] * 3, abs=1)


def test_where_there_is_no_shape_all_of_the_room_is_made():
    room = block(4, 4, 12, 12)[None]
    np.testing.assert_array_equal(placed(np.zeros_like(room), room), room)


def scene(frames: int = 2) -> Canvas:
    """Kept, but for a room of 5 by 5 cells on the right, into which a ball is laid."""
    rng = np.random.default_rng(0)
    content = rng.standard_normal((frames, 8, ROWS, COLUMNS)).astype(np.float16)
    level = np.zeros((frames, ROWS, COLUMNS), np.float32)
    level[:, :5, 3:] = 1.0
    share = np.broadcast_to(block(12, 0, 32, 20), (frames, HIGH, WIDE)).copy()
    told = ("a dog to the left of a ball",) * frames
    within = Within(("a ball",) * frames, share)
    return Canvas(content.astype(np.float32), level, told, 12.0, 5, within=within)


def test_what_a_thing_does_not_touch_is_kept_inside_its_room_too():
    of = scene()
    asked: list[Canvas] = []

    def shapes(film: Canvas) -> np.ndarray:
        asked.append(film)
        return np.stack([block(0, 0, 2, 24)] * 2)  # narrow: a column of its room

    assert of.within is not None
    things = laid(of, of.within, shapes)
    (film,) = asked
    assert film.caption_F == ("a ball",) * 2 and film.level.min() == 1.0, "a film of its own"
    assert not film.content_FCHW.any() and film.within is None
    made = things.canvas.level > 0
    assert things.canvas.caption_F == ("a ball",) * 2
    assert made.any() and (things.canvas.level <= of.level).all()
    assert made[:, :, 4:7].any() and not made[:, :, 7].any() and not made[:, :, 3].any()
    known = np.full((2, 2 * FINE**2, ROWS, COLUMNS), 0.25, np.float32)
    among = things.among(known)
    np.testing.assert_array_equal(among.transpose(0, 2, 3, 1)[~made], 0.25)
    cells = things.cover_FYX.reshape(2, ROWS, FINE, COLUMNS, FINE).transpose(0, 1, 3, 2, 4)
    own = shares_of(among)[:, 0].reshape(2, ROWS, FINE, COLUMNS, FINE).transpose(0, 1, 3, 2, 4)
    np.testing.assert_allclose(own[made], cells[made], atol=1e-6)
    assert not things.are_not_all


def test_frames_that_nothing_is_laid_into_stay_as_they_were():
    of = scene()
    assert of.within is not None
    within = replace(of.within, caption_F=("a ball", ""))
    things = laid(of, within, lambda film: np.stack([block(0, 0, 2, 24)] * len(film.caption_F)))
    np.testing.assert_array_equal(things.canvas.level[1], of.level[1])
    assert things.canvas.caption_F == ("a ball", of.caption_F[1])


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> NativeEngine:
    return NativeEngine.load(write(tmp_path_factory.mktemp("weights")))


def test_an_insert_leaves_all_else_bit_identical(engine: NativeEngine) -> None:
    of = canvas(frames=2, columns=4, kept=2)
    level = np.zeros((2, 3, 4), np.float32)
    level[:, 1:, 2:] = 1.0
    share = np.zeros((2, FINE * 3, FINE * 4), np.float32)
    share[:, FINE:, 2 * FINE :] = 1.0
    of = replace(of, level=level, within=Within(("a ball",) * 2, share))
    made = engine.generate(of, steps=2)
    kept = np.broadcast_to(level[:, None] <= 0, made.shape)
    np.testing.assert_array_equal(made[kept], of.content_FCHW[kept])
    assert np.abs(made - of.content_FCHW)[~kept].max() > 1e-3
    np.testing.assert_array_equal(made, engine.generate(of, steps=2))
    assert of.within is not None
    other = replace(of.within, caption_F=("a blue box",) * 2)
    assert np.abs(engine.generate(replace(of, within=other), steps=2) - made).max() > 1e-4


def test_without_an_outliner_the_region_is_made_under_the_films_caption(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "outliner.safetensors").unlink()
    alone = NativeEngine.load(folder)
    of = canvas(frames=1, columns=4, kept=1)
    within = Within(("a ball",), np.ones((1, FINE * 3, FINE * 4), np.float32))
    of = replace(of, level=np.ones((1, 3, 4), np.float32))
    plain = alone.generate(of, steps=2)
    np.testing.assert_array_equal(plain, alone.generate(replace(of, within=within), steps=2))


def test_in_chunks_each_frame_keeps_its_own_thing(engine: NativeEngine) -> None:
    """A film made chunk by chunk: what is laid in is cut with the frames."""
    of = canvas(frames=9, columns=4, kept=9)
    share = np.zeros((9, FINE * 3, FINE * 4), np.float32)
    share[:, FINE:, 2 * FINE :] = 1.0
    level = np.zeros((9, 3, 4), np.float32)
    level[:, 1:, 2:] = 1.0
    of = replace(of, level=level, within=Within(("a ball",) * 9, share))
    made = engine.generate(of, steps=2, quality=LIVE)
    kept = np.broadcast_to(level[:, None] <= 0, made.shape)
    np.testing.assert_array_equal(made[kept], of.content_FCHW[kept])
    assert (np.abs(made - of.content_FCHW).max((1, 2, 3)) > 1e-3).all(), "a thing in every frame"
