"""Who is on the stage: instances of subjects with their paths and poses, in metres.

Poses and places are functions of the clip's time; `staging.py` decides on them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from yozora.world.assets.asset import Asset, Look
from yozora.world.camera import Point, View, view_at
from yozora.world.mesh import Mesh
from yozora.world.scene import Scene

Floats = NDArray[np.float32]

UNIT_M = 3.0  # the picture's height for which a stage has scale 1
FADE_S = 0.25  # from one action to the next
CRUISE_1_S = 0.42  # picture heights a second that a camera goes forward where nobody leads it
MAX_BONES = 40


@dataclass(frozen=True, slots=True)
class Actor:
    """One instance of a subject."""

    subject: int  # index into scene.subjects
    asset: Asset
    look: Look
    mesh: Mesh
    action: str
    then: str | None
    switch_s: float  # when `then` begins
    size: float  # metres shown for a metre of the asset
    facing_deg: float  # where it looks
    heading_deg: float  # where it goes
    place_3: Point  # where it is in the middle of its path
    speed: tuple[float, float]  # metres a second along its path, by action
    middle_m: float  # what it has covered halfway along its path
    half_size_3: Point  # metres shown, of the resting mesh
    delay_s: float  # its clock is ahead by this, so that equals do not move as one

    def covered(self, t_s: float) -> float:
        """Metres along its path since the clip began."""
        return covered(t_s, self.switch_s if self.then else math.inf, *self.speed)

    def place_at(self, t_s: float) -> Point:
        """Where it stands at a time, on the ground."""
        along = self.covered(t_s) - self.middle_m
        a = math.radians(self.heading_deg)
        x, y, z = self.place_3
        return (x + math.cos(a) * along, y, z - math.sin(a) * along)

    def bones_at(self, t_s: float) -> Floats:
        """World-from-rest matrices (B, 4, 4) at a time."""
        clock = t_s + self.delay_s
        bones = self.asset.pose(self.action, clock, self.look).bones_B44
        if self.then is not None and t_s > self.switch_s:
            since = t_s - self.switch_s
            second = self.asset.pose(self.then, since, self.look).bones_B44
            share = min(since / FADE_S, 1.0)
            bones = second if share >= 1.0 else bones + (second - bones) * np.float32(share)
        a = math.radians(self.facing_deg)
        world = np.eye(4, dtype=np.float32)
        world[0, :3] = (math.cos(a), 0.0, math.sin(a))
        world[2, :3] = (-math.sin(a), 0.0, math.cos(a))
        world[:3, :3] *= self.size
        world[:3, 3] = self.place_at(t_s)
        return np.asarray(world @ bones, np.float32)

    def points_at(self, t_s: float) -> Floats:
        """World positions of its vertices, (V, 3)."""
        return posed(self.mesh, self.bones_at(t_s))


@dataclass(frozen=True, slots=True)
class Staging:
    """A scene with sizes, places and paths: what renderer and labels share."""

    scene: Scene
    actors: tuple[Actor, ...]
    height_m: float  # of the picture, where the subjects are
    focus_y_m: float
    clear_m: float  # what the stage keeps free to the front and back
    vast: float = 1.0  # how many times smaller than usual the stage is drawn

    @property
    def scale(self) -> float:
        """Of the stage: 1 where a person is framed."""
        return self.height_m / UNIT_M / self.vast

    @property
    def on_water(self) -> bool:
        return any(actor.asset.setting == "water" for actor in self.actors)

    def places_at(self, t_s: float) -> list[Point]:
        """Where the actors stand, on the ground; of a place alone its middle."""
        if not self.actors:
            x, _, z = self.focus_at(t_s)
            return [(x, 0.0, z)]
        return [actor.place_at(t_s) for actor in self.actors]

    def focus_at(self, t_s: float) -> Point:
        """The point that belongs in the middle of the picture."""
        if not self.actors:
            ahead = CRUISE_1_S * self.height_m * (t_s - self.scene.length_s / 2)
            return (0.0, self.focus_y_m, -ahead if self.scene.camera == "forward" else 0.0)
        if self.scene.camera == "static":
            return (0.0, self.focus_y_m, 0.0)
        places = np.mean([np.subtract(a.place_at(t_s), a.place_3) for a in self.actors], axis=0)
        return (float(places[0]), self.focus_y_m, float(places[2]))

    def view_at(self, t_s: float, aspect: float) -> View:
        view = view_at(self.scene, t_s, self.focus_at(t_s), self.height_m, aspect)
        # A camera that stands low sees ground that is near.
        return replace(view, near=0.5 * view.near) if self.vast > 1.0 else view


def posed(mesh: Mesh, bones_B44: Floats) -> Floats:
    """Positions (V, 3) of a mesh's vertices under a pose."""
    m = bones_B44[mesh.bone_V]
    return np.einsum("vij,vj->vi", m[:, :3, :3], mesh.position_V3) + m[:, :3, 3]


def covered(t_s: float, switch_s: float, first: float, second: float) -> float:
    """Distance under two speeds with a soft change between them at `switch_s`."""
    if t_s <= switch_s:
        return first * t_s
    since = t_s - switch_s
    ramp = min(since, FADE_S)
    done = first * switch_s + first * ramp + (second - first) * ramp * ramp / (2 * FADE_S)
    return done + second * max(since - FADE_S, 0.0)
