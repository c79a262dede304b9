"""A film in another shape: whom it shows stays in the picture."""

from __future__ import annotations

import numpy as np
import pytest

from tests.fakes.engine import FakeEngine
from yozora import reframing
from yozora.desk import Desk
from yozora.engine.finish import Finisher
from yozora.media import video
from yozora.media.images import save_png
from yozora.render import edit
from yozora.request import Request, RequestError
from yozora.timeline.document import Clip

ENGINE = FakeEngine()
WIDTH, HEIGHT, FPS, COUNT = 256, 144, 24, 72


def picture(n: int, wide: int = 40) -> np.ndarray:
    """A red thing that crosses a green picture from left to right."""
    frame = np.empty((HEIGHT, WIDTH, 3), np.uint8)
    frame[:] = (20, 160, 40)
    x = middle(n) - wide // 2
    frame[40:110, max(x, 0) : x + wide] = (220, 20, 20)
    return frame


def middle(n: int) -> int:
    return 50 + round(150 * n / (COUNT - 1))


def film(folder, wide: int = 40):
    path = folder / "thing.mp4"
    video.write_mp4(path, (picture(n, wide) for n in range(COUNT)), FPS)
    return path


def made(one) -> np.ndarray:
    frames: list[np.ndarray] = []
    edit(one, engine=ENGINE, finisher=Finisher(), on_frame=frames.append)
    return np.stack(frames)


def wish(folder, size=(72, 144)) -> Request:
    width, height = size
    return Request("", folder / "out.mp4", seed=1, width=width, height=height)


def red_middles(frames: np.ndarray) -> np.ndarray:
    red = (frames[..., 0] > 150) & (frames[..., 1] < 90)
    return np.array([np.flatnonzero(one.any(0)).mean() if one.any() else np.nan for one in red])


def test_the_thing_stays_in_the_picture_and_every_pixel_is_the_films(tmp_path):
    path = film(tmp_path)
    one, notes = reframing.reframe(Desk(ENGINE, 1), wish(tmp_path), path, "the red ball")
    assert notes == ()
    frames = made(one)
    assert frames.shape == (COUNT, 144, 72, 3)
    where = red_middles(frames)
    assert np.isfinite(where).all()
    assert np.abs(where - 36).max() < 20, "within the middle half"
    assert np.abs(where[18:-18] - 36).max() < 9
    colours = frames.reshape(-1, 3).astype(int)
    green = np.abs(colours - (20, 160, 40)).max(1) < 40
    red = np.abs(colours - (220, 20, 20)).max(1) < 60
    assert (green | red).mean() > 0.95, "nothing is invented; edges are soft"
    moved = np.diff(where - [middle(n) for n in range(COUNT)])
    assert np.abs(np.diff(moved)).max() <= 2.5, "no jitter beyond rounding to pixels"


def test_what_is_wider_than_the_crop_is_shown_whole_and_the_rest_invented(tmp_path):
    path = film(tmp_path, wide=120)
    one, notes = reframing.reframe(Desk(ENGINE, 1), wish(tmp_path), path, "the red ball", True)
    assert one.timeline.spans[0].caption == "a red car on a beach by day"
    assert any("what lies around is invented" in note for note in notes)
    clip = one.timeline.spans[0].content
    assert isinstance(clip, Clip)
    assert all(box.height < 1.0 and box.y > 0.0 for _, box in clip.place)
    red = (made(one)[36:40, 60:80, :, 0] > 150).any(1)
    assert red.sum(1).max() < 72, "both its edges are seen"


def test_what_is_not_there_is_said(tmp_path):
    path = film(tmp_path)
    with pytest.raises(RequestError, match="name something else with --on"):
        reframing.reframe(Desk(ENGINE, 1), wish(tmp_path), path, "a yellow cat")
    one, notes = reframing.reframe(Desk(ENGINE, 1), wish(tmp_path), path)
    assert "the middle of the picture" in notes[0]
    clip = one.timeline.spans[0].content
    assert isinstance(clip, Clip) and len(clip.place) == 1
    with pytest.raises(RequestError, match="there is no size"):
        reframing.reframe(Desk(ENGINE), Request("", tmp_path / "o.mp4", seed=1), path)
    save_png(tmp_path / "p.png", picture(0))
    with pytest.raises(RequestError, match="is a picture"):
        reframing.reframe(Desk(ENGINE), wish(tmp_path), tmp_path / "p.png")
