"""The camera: where it stands, what it sees, and how it moves.

Every move is a function of the clip's time with a constant rate a second, centred on the middle
of the clip, so that any part of a clip shows the same move at the same speed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yozora.world.scene import Scene

Matrix = NDArray[np.float64]
Point = tuple[float, float, float]

FOV_DEG = 36.0  # vertical; a short portrait lens, little distortion at the edges
PITCH_DEG = 4.6  # how far the camera looks down: puts the horizon 62 % up
PAN_DEG_S = 7.0
ORBIT_DEG_S = 18.0
DOLLY_1_S = 0.14  # the distance changes by this share a second
PAN_LIMIT = 0.52  # of the half width: how far a pan may carry the subject from the middle
ORBIT_LIMIT_DEG = 54.0  # to either side
CRANE_DEG = 12.0  # how far a camera that rises looks down in the middle of its way
CRANE_DEG_S = 8.0
CRANE_LIMIT_DEG = 17.0  # to either side of that
SHAKE_SHARE = 0.022  # of the picture's height, that a camera held by hand strays
SHAKES_HZ = (0.55, 0.93, 1.7)


@dataclass(frozen=True, slots=True)
class View:
    """A pinhole camera. Eye space: x right, y up, looks along -z (as OpenGL has it)."""

    eye_3: Point  # metres
    target_3: Point
    fov_deg: float  # vertical
    near: float  # metres
    far: float

    def axes(self) -> tuple[Matrix, Matrix, Matrix]:
        """Unit vectors (right, up, ahead), each (3,)."""
        x, y, z = (b - a for a, b in zip(self.eye_3, self.target_3, strict=True))
        length, flat = math.hypot(x, y, z), math.hypot(x, z)
        x, y, z = x / length, y / length, z / length
        right = np.array((-z * length / flat, 0.0, x * length / flat))
        up = np.array((-x * y * length / flat, flat / length, -z * y * length / flat))
        return right, up, np.array((x, y, z))

    def view_matrix(self) -> Matrix:
        """World -> eye space, (4, 4), for column vectors."""
        right, up, ahead = self.axes()
        m = np.eye(4)
        m[0, :3], m[1, :3], m[2, :3] = right, up, -ahead
        m[:3, 3] = -m[:3, :3] @ np.asarray(self.eye_3)
        return m

    def projection(self, aspect: float) -> Matrix:
        """Eye space -> clip space, (4, 4); `aspect` is width / height."""
        f = 1.0 / math.tan(math.radians(self.fov_deg) / 2)
        m = np.zeros((4, 4))
        m[0, 0], m[1, 1] = f / aspect, f
        m[2, 2] = (self.far + self.near) / (self.near - self.far)
        m[2, 3] = 2 * self.far * self.near / (self.near - self.far)
        m[3, 2] = -1.0
        return m

    def project(self, point_N3: NDArray[np.floating], width: int, height: int) -> Matrix:
        """World points -> (N, 3): pixel x, pixel y (from the top left corner), depth in metres."""
        points = np.asarray(point_N3, np.float64).reshape(-1, 3)
        clip = self.projection(width / height) @ self.view_matrix()
        at = np.c_[points, np.ones(len(points))] @ clip.T
        x = (at[:, 0] / at[:, 3] + 1) * 0.5 * width
        y = (1 - at[:, 1] / at[:, 3]) * 0.5 * height
        return np.stack([x, y, at[:, 3]], axis=1)


def distance_for(height_m: float) -> float:
    """How far a camera stands from what it frames, if the picture is `height_m` high there."""
    return height_m / 2 / math.tan(math.radians(FOV_DEG) / 2)


def pan_rate(length_s: float, aspect: float) -> float:
    """Degrees a second: 7, or less where the subject would leave a narrow picture."""
    half = math.degrees(math.atan(math.tan(math.radians(FOV_DEG) / 2) * aspect))
    return min(PAN_DEG_S, PAN_LIMIT * half / max(length_s / 2, 1e-6))


def orbit_rate(length_s: float) -> float:
    """Degrees a second: 18, or less where a long clip would look behind the scenery."""
    return min(ORBIT_DEG_S, ORBIT_LIMIT_DEG / max(length_s / 2, 1e-6))


def dolly_factor(camera: str, since_middle_s: float) -> float:
    """What the distance is multiplied by, at a time counted from the middle of the clip."""
    if camera == "push in":
        return math.exp(-DOLLY_1_S * since_middle_s)
    if camera == "pull out":
        return math.exp(DOLLY_1_S * since_middle_s)
    return 1.0


def shaken(point_3: Point, height_m: float, t_s: float, seed: int) -> Point:
    """The point as an unsteady hand holds it: sums of slow waves, another for each seed."""
    x, y, z = point_3
    stray = SHAKE_SHARE * height_m
    for n, hz in enumerate(SHAKES_HZ):
        angle = math.tau * hz * t_s + 1.7 * n + 0.618034 * (seed % 997)
        x += stray / (1 + 0.6 * n) * math.sin(angle)
        y += stray / (1 + 0.6 * n) * math.sin(1.31 * angle + 2.1)
    return (x, y, z)


def view_at(scene: Scene, t_s: float, focus_3: Point, height_m: float, aspect: float) -> View:
    """The camera of a scene at a time.

    `focus_3` is the point that belongs in the middle of the picture at that time (it moves with
    the subject unless the camera is static), `height_m` how high the picture is there.
    """
    since = t_s - scene.length_s / 2
    factor = dolly_factor(scene.camera, since)
    distance = distance_for(height_m) * factor
    yaw = 0.0  # of the camera's place around the focus; positive: it swings to the right
    if scene.camera == "orbit":
        yaw = math.radians(orbit_rate(scene.length_s) * since)
    pitch = math.radians(PITCH_DEG)
    if scene.camera == "crane up":
        rate = min(CRANE_DEG_S, CRANE_LIMIT_DEG / max(scene.length_s / 2, 1e-6))
        pitch = math.radians(CRANE_DEG + rate * since)
    flat = distance * math.cos(pitch)
    eye = (
        focus_3[0] + math.sin(yaw) * flat,
        focus_3[1] + math.sin(pitch) * distance,
        focus_3[2] + math.cos(yaw) * flat,
    )
    if scene.camera == "handheld":
        focus_3 = shaken(focus_3, height_m, t_s, scene.seed)
        eye = shaken(eye, 0.5 * height_m, t_s + 7.3, scene.seed)
    turn = 0.0  # about the camera's own foot; positive: it looks further right
    if scene.camera in ("pan left", "pan right"):
        turn = math.radians(pan_rate(scene.length_s, aspect) * since)
        turn = -turn if scene.camera == "pan left" else turn
    dx, dz = focus_3[0] - eye[0], focus_3[2] - eye[2]
    target = (
        eye[0] + dx * math.cos(turn) - dz * math.sin(turn),
        focus_3[1],
        eye[2] + dx * math.sin(turn) + dz * math.cos(turn),
    )
    return View(eye, target, FOV_DEG, near=0.45 * distance, far=distance + 110.0 * height_m)
