"""Laws of the camera: constant rates, its matrices, what it keeps in view."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from yozora.world.camera import PAN_DEG_S, View, distance_for, orbit_rate, pan_rate, view_at
from yozora.world.scene import CAMERAS, Scene, Subject

WIDE = 16 / 9
FOCUS = (0.5, 1.0, -0.3)
SCENE = Scene((Subject("box", "red", "stand"),), "park", "day", "clear", "natural", "static")


def seen(camera: str, t_s: float) -> View:
    return view_at(replace(SCENE, camera=camera), t_s, FOCUS, 3.0, WIDE)


def yaw_of(view: View) -> float:
    """Degrees to the right of straight ahead (-z)."""
    ahead = view.axes()[2]
    return float(np.degrees(np.arctan2(ahead[0], -ahead[2])))


def test_the_focus_is_in_the_middle_and_the_horizon_above_it() -> None:
    view = seen("static", 2.0)
    (focus,) = view.project(np.array([FOCUS]), 256, 144)
    (far,) = view.project(np.array([[0.5, view.eye_3[1], -1e6]]), 256, 144)
    assert np.allclose(focus[:2], (128, 72), atol=1e-6)
    assert 0.55 <= 1 - far[1] / 144 <= 0.66


def test_the_picture_is_as_high_as_asked_where_the_focus_is() -> None:
    view = seen("static", 0.0)
    up = view.axes()[1]
    points = np.array(FOCUS) + np.outer((-1.5, 1.5), up)
    low, high = view.project(points, 256, 144)
    assert low[1] == pytest.approx(144, abs=0.5) and high[1] == pytest.approx(0, abs=0.5)
    assert np.linalg.norm(np.subtract(view.eye_3, FOCUS)) == pytest.approx(distance_for(3.0))


def test_axes_are_orthonormal_and_the_view_matrix_is_rigid() -> None:
    for camera in CAMERAS:
        rotation = seen(camera, 0.7).view_matrix()[:3, :3]
        assert np.allclose(rotation @ rotation.T, np.eye(3), atol=1e-9)
        assert np.linalg.det(rotation) == pytest.approx(1.0)


def test_pans_turn_at_seven_degrees_a_second_about_a_still_eye() -> None:
    for camera, sign in (("pan left", -1), ("pan right", 1)):
        views = [seen(camera, t) for t in (0.0, 1.0, 2.0, 4.0)]
        yaws = [yaw_of(view) for view in views]
        assert np.allclose(np.diff(yaws), sign * PAN_DEG_S * np.array([1, 1, 2]), atol=1e-6)
        assert len({view.eye_3 for view in views}) == 1


def test_a_narrow_picture_and_a_long_clip_slow_moves_down() -> None:
    assert pan_rate(4.0, 160 / 256) < PAN_DEG_S
    assert pan_rate(4.0, WIDE) == PAN_DEG_S
    assert orbit_rate(4.0) == 18.0
    assert orbit_rate(20.0) * 10.0 <= 54.0 + 1e-9


def test_push_and_pull_change_the_distance_by_a_constant_share() -> None:
    for camera, sign in (("push in", -1), ("pull out", 1)):
        far = [np.linalg.norm(np.subtract(seen(camera, t).eye_3, FOCUS)) for t in (0, 1, 2, 3)]
        assert np.allclose(np.diff(np.log(far)), sign * 0.14, atol=1e-9)


def test_an_orbit_keeps_its_distance_and_swings_past_the_front_in_the_middle() -> None:
    views = [seen("orbit", t) for t in (0.0, 1.0, 2.0, 3.0, 4.0)]
    far = [np.linalg.norm(np.subtract(view.eye_3, FOCUS)) for view in views]
    assert np.allclose(far, far[0])
    assert yaw_of(views[2]) == pytest.approx(0.0, abs=1e-6)
    assert np.allclose(np.diff([yaw_of(view) for view in views]), -18.0, atol=1e-6)
