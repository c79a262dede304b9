"""Who stands where, how large, and how everybody moves: a scene before it is drawn.

A staged scene is measured in metres. Sizes, places, paths and the picture's height follow from
the subjects' own meshes; poses and places are functions of the clip's time.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from yozora.world.assets import ASSETS
from yozora.world.assets.asset import Asset, Look
from yozora.world.camera import Point, View, distance_for, view_at
from yozora.world.errors import WorldError
from yozora.world.mesh import Mesh
from yozora.world.scene import COLOURS, Scene, Subject

Floats = NDArray[np.float32]

TALL_SHARE = 0.66  # of the picture's height that an upright subject fills
WIDE_SHARE = 0.70  # of its width that a long one fills
GROUP_SHARE = 0.84  # of its width that several fill together
UNIT_M = 3.0  # the picture's height for which a stage has scale 1
SIZE_RATIO = 1.7  # two kinds are shown at most this much different in size
TRAVEL = 4.0  # picture heights that a subject covers at most in a clip
FADE_S = 0.25  # from one action to the next
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
    facing_deg: float
    place_3: Point  # where it is in the middle of its path
    speed: tuple[float, float]  # metres a second along its facing, by action
    middle_m: float  # what it has covered halfway along its path
    half_size_3: Point  # metres shown, of the resting mesh
    delay_s: float  # its clock is ahead by this, so that equals do not move as one

    def covered(self, t_s: float) -> float:
        """Metres along its facing since the clip began."""
        return _covered(t_s, self.switch_s if self.then else math.inf, *self.speed)

    def place_at(self, t_s: float) -> Point:
        """Where it stands at a time, on the ground."""
        along = self.covered(t_s) - self.middle_m
        a = math.radians(self.facing_deg)
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

    @property
    def scale(self) -> float:
        """Of the stage: 1 where a person is framed."""
        return self.height_m / UNIT_M

    @property
    def on_water(self) -> bool:
        return any(actor.asset.setting == "water" for actor in self.actors)

    def focus_at(self, t_s: float) -> Point:
        """The point that belongs in the middle of the picture."""
        if self.scene.camera == "static":
            return (0.0, self.focus_y_m, 0.0)
        places = np.mean([np.subtract(a.place_at(t_s), a.place_3) for a in self.actors], axis=0)
        return (float(places[0]), self.focus_y_m, float(places[2]))

    def view_at(self, t_s: float, aspect: float) -> View:
        return view_at(self.scene, t_s, self.focus_at(t_s), self.height_m, aspect)


def posed(mesh: Mesh, bones_B44: Floats) -> Floats:
    """Positions (V, 3) of a mesh's vertices under a pose."""
    m = bones_B44[mesh.bone_V]
    return np.einsum("vij,vj->vi", m[:, :3, :3], mesh.position_V3) + m[:, :3, 3]


def asset_of(subject: Subject, assets: Mapping[str, Asset] = ASSETS) -> Asset:
    """The asset of a subject; WorldError where its words mean nothing."""
    if subject.kind not in assets:
        raise WorldError(
            f'no subject is called "{subject.kind}": choose one of {", ".join(assets)}.'
        )
    asset = assets[subject.kind]
    for action in (subject.action, subject.then):
        if action is not None and action not in asset.actions:
            raise WorldError(
                f'a {subject.kind} cannot "{action}": choose one of {", ".join(asset.actions)}.'
            )
    if subject.colour not in COLOURS:
        raise WorldError(
            f'no colour is called "{subject.colour}": choose one of {", ".join(COLOURS)}.'
        )
    return asset


def stage_scene(scene: Scene, aspect: float, assets: Mapping[str, Asset] = ASSETS) -> Staging:
    """Sizes, places and paths for a scene in a picture of `aspect` = width / height."""
    actors: list[Actor] = []
    for index, subject in enumerate(scene.subjects):
        asset = asset_of(subject, assets)
        for copy in range(subject.count):
            look = Look(subject.look + 1009 * copy, subject.colour)
            mesh = asset.build(look)
            assert int(mesh.bone_V.max(initial=0)) < MAX_BONES, f"{asset.kind}: too many bones"
            strides = (asset.stride_m_s.get(subject.action, 0.0),
                       asset.stride_m_s.get(subject.then or subject.action, 0.0))  # fmt: skip
            actors.append(
                Actor(index, asset, look, mesh, subject.action, subject.then,
                      scene.length_s / 2, 1.0, scene.facing, (0.0, 0.0, 0.0), strides, 0.0,
                      _half_size(mesh), 0.37 * copy + 0.61 * index)
            )  # fmt: skip
    actors = _resized(actors)
    return _placed(scene, actors, aspect)


def _resized(actors: list[Actor]) -> list[Actor]:
    """Two kinds of very different size, both drawn towards their geometric mean."""
    sizes = [math.sqrt(a.asset.height_m * max(a.asset.height_m, a.asset.length_m)) for a in actors]
    ratio = max(sizes) / min(sizes)
    if ratio <= SIZE_RATIO:
        return actors
    power = math.log(SIZE_RATIO) / math.log(ratio)
    mean = math.sqrt(max(sizes) * min(sizes))
    return [_sized(a, (s / mean) ** (power - 1.0)) for a, s in zip(actors, sizes, strict=True)]


def _sized(actor: Actor, size: float) -> Actor:
    x, y, z = actor.half_size_3
    return replace(actor, size=size, half_size_3=(x * size, y * size, z * size))


def _half_size(mesh: Mesh) -> Point:
    x, y, z = (float(v) / 2 for v in np.ptp(mesh.position_V3, axis=0))
    return (x, y, z)


def _extent(actor: Actor) -> tuple[float, float, float, float]:
    """(half width on the screen, lowest y, highest y, reach to the camera) in metres.

    Over the actor's poses, the width at its largest, the reach (of most of it) at rest.
    """
    a = math.radians(actor.facing_deg)
    half, low, high = 0.0, math.inf, -math.inf
    rest = actor.mesh.position_V3 * actor.size
    near = float(np.percentile(rest[:, 2] * math.cos(a) - rest[:, 0] * math.sin(a), 85))
    for action in {actor.action, actor.then or actor.action}:
        for step in range(5):
            bones = actor.asset.pose(action, 0.23 * step, actor.look).bones_B44
            p = posed(actor.mesh, bones) * actor.size
            x = p[:, 0] * math.cos(a) + p[:, 2] * math.sin(a)
            half = max(half, float(np.abs(x).max()))
            low, high = min(low, float(p[:, 1].min())), max(high, float(p[:, 1].max()))
    return half, low, high, near


def _covered(t_s: float, switch_s: float, first: float, second: float) -> float:
    """Distance under two speeds with a soft change between them at `switch_s`."""
    if t_s <= switch_s:
        return first * t_s
    since = t_s - switch_s
    ramp = min(since, FADE_S)
    done = first * switch_s + first * ramp + (second - first) * ramp * ramp / (2 * FADE_S)
    return done + second * max(since - FADE_S, 0.0)


def _placed(scene: Scene, actors: list[Actor], aspect: float) -> Staging:
    extents = [_extent(a) for a in actors]
    a = math.radians(scene.facing)
    heights = [actor.asset.height_m * actor.size for actor in actors]
    tallest = max(heights)
    low, high = min(e[1] for e in extents), max(e[2] for e in extents)
    several = len(actors) > 1
    moving = scene.camera == "static" and any(max(actor.speed) > 0 for actor in actors)

    longish = max(e[0] * 2 / h for e, h in zip(extents, heights, strict=True)) > 1.1
    alike = len(scene.subjects) == 1
    tight = 1.0  # several may overlap a little, one behind the other
    if several:
        tight = 0.62 if aspect < 1.0 else 0.82 if alike and longish else 1.0
    order = list(range(len(actors)))
    if scene.relation == "right of":
        order.sort(key=lambda i: -actors[i].subject)
    gap = 0.14 * tallest if tight == 1.0 else 0.0
    at, x = {}, 0.0
    for rank, i in enumerate(order):
        half = extents[i][0] * tight
        x += half + (gap if rank else 0.0)
        at[i] = x
        x += half
    width = x
    share = GROUP_SHARE if several else WIDE_SHARE
    if moving and abs(math.cos(a)) > 0.3:
        share *= 0.88 if several else 0.72
    tall = TALL_SHARE
    if "pan" in scene.camera:  # it carries them a quarter of the picture to each side
        share *= 0.74
    if scene.camera in ("push in", "pull out"):  # they grow by a third at one end
        share, tall = share * 0.88, tall * 0.94
    height = max(tallest / tall, (high - low) / 0.82, width / (share * aspect))
    height += max(e[3] for e in extents) / distance_for(1.0)  # what is near looks larger

    actors = _in_step(actors)
    travel = _travel_factor(scene, actors, height, width, aspect)
    placed = []
    for i, actor in enumerate(actors):
        stagger = (0.0 if len(actors) < 3 or i != 1 else -0.35) * tallest
        if tight < 1.0:
            stagger = (0.35 - (i % 2) * 0.8) * tallest
        speed = (actor.speed[0] * travel, actor.speed[1] * travel)
        switch = actor.switch_s if actor.then else math.inf
        middle = _covered(scene.length_s, switch, *speed) / 2
        place = (at[i] - width / 2, 0.0, stagger)
        placed.append(replace(actor, place_3=place, speed=speed, middle_m=middle))

    focus_y = (low + high) / 2 + 0.025 * height
    if low <= 0.15 * tallest:  # on the ground: keep some of it below the feet
        focus_y = min(focus_y, 0.36 * height + low)
        if high <= 1.2 * tallest:
            focus_y = max(focus_y, 0.24 * height)
    depth = abs(math.sin(a)) * max(actor.middle_m for actor in placed)
    longest = max(e.asset.length_m * e.size for e in placed) / 2 * abs(math.sin(a))
    clear = max(1.3 * tallest, 0.75 * height) + depth + longest
    return Staging(scene, tuple(placed), height, focus_y, clear)


def _in_step(actors: list[Actor]) -> list[Actor]:
    """Those who move together move equally fast, so that they stay side by side."""

    def common(which: int) -> float:
        speeds = [actor.speed[which] for actor in actors]
        return sum(speeds) / len(speeds) if min(speeds) > 0.0 else 0.0

    both = (common(0), common(1))
    return [replace(a, speed=(both[0] or a.speed[0], both[1] or a.speed[1])) for a in actors]


def _travel_factor(
    scene: Scene, actors: list[Actor], height: float, width: float, aspect: float
) -> float:
    """What speeds are multiplied by, so that a clip keeps its subjects in view and in place."""
    switch = scene.length_s / 2 if actors[0].then else math.inf
    far = max(_covered(scene.length_s, switch, *actor.speed) for actor in actors)
    if far <= 0.0:
        return 1.0
    a = math.radians(scene.facing)
    slow = min(_covered(scene.length_s, switch, *actor.speed) for actor in actors)
    allowed = TRAVEL * height if slow > 0.0 else 0.5 * height  # who moves stays beside who stands
    if scene.camera == "static":
        across = max(0.92 * height * aspect - width, 0.1 * height)
        deep = 0.55 * height
        allowed = min(across / max(abs(math.cos(a)), 1e-3), deep / max(abs(math.sin(a)), 1e-3))
    return min(1.0, allowed / far)
