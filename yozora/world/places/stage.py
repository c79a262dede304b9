"""What a place hands to the renderer: its surroundings, its ground, its lights.

Axes as in `mesh.py`: metres, x right, y up, z towards the viewer. The subject stands at the
origin on y = 0 and moves along x; cameras look from +z. A place is laid out at scale 1 (a person
fills half of the frame) and multiplied at the end, so that a ball and a ship stand before the
same picture.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from yozora.world.light import Light
from yozora.world.mesh import Mesh, merge

Colour = tuple[float, float, float]

# Materials. Surroundings have no bones, so `Mesh.bone_V` says what a vertex is made of.
STILL = 0  # walls, trunks, rocks
GROUND = 1  # blends towards the stage's second ground colour in soft patches
WATER = 2  # ripples and mirrors the sky
LEAVES = 3  # sways in the wind

SNOW: Colour = (0.90, 0.93, 0.97)


@dataclass(frozen=True, slots=True)
class Lamp:
    """A point light: a neon sign's pool, a street lamp, a chandelier."""

    position_3: tuple[float, float, float]  # metres
    colour: Colour
    reach_m: float  # the distance at which little of it is left
    power: float  # 0 off .. 1 a lamp by night


@dataclass(frozen=True, slots=True)
class Stage:
    """The surroundings of a scene. Everything in metres, in the world's frame."""

    mesh: Mesh  # all but the plane y = 0; bone_V holds materials: STILL, GROUND, WATER, LEAVES
    ground: str  # the plane y = 0: "solid", "wet" or "water"
    ground_colour: Colour
    ground_colour2: Colour  # the plane (and GROUND) blends towards it in soft patches
    sky: bool = True  # False: a closed room
    water_y: float | None = None  # height of the water's surface
    light: Light | None = None  # rooms only
    fog_density: float = 0.0  # a metre at scale 1; 0: the light's own
    fog_share: float = 1.0  # of foggy weather's density: less where the place's mark is far away
    lamps: tuple[Lamp, ...] = ()  # 4 at most
    signs: Colour = (0.0, 0.0, 0.0)  # light of many signs: from around, and on subjects' edges
    snow_cover: float = 1.0  # how much snow stays: the light's `white` times this
    puddles: bool = True  # rain makes solid ground a mirror
    moving: Mesh | None = None  # traffic, passers-by, fish: bone_V says which of at most 40
    motion: Callable[[float], NDArray[np.float32]] | None = None  # seconds -> matrices (B, 4, 4)
    ahead: Mesh | None = None  # ends the way of a camera that goes forward, along -z

    @property
    def glows(self) -> bool:
        """Whether anything in it shines by itself."""
        return bool(len(self.mesh.glow_V)) and float(self.mesh.glow_V.max()) > 0.3


@dataclass(frozen=True, slots=True)
class Site:
    """What a place is laid out from, at scale 1, with z = 0 at the back of the clear zone."""

    season: str
    time: str
    weather: str
    rng: random.Random
    on_water: bool
    subject_z: float = 2.5  # of the subject, for what lies flat around its feet

    @property
    def dark(self) -> float:
        """How far the lamps are on: 0 by day .. 1 at night."""
        return {"dawn": 0.45, "day": 0.0, "sunset": 0.55, "night": 1.0}[self.time]

    @property
    def dust(self) -> float:
        """How much old snow lies on what faces the sky, 0..1; fresh snow is the renderer's."""
        return 0.5 if self.season == "winter" else 0.0


def mixed(a: Colour, b: Colour, share: float) -> Colour:
    """`a` with `share` of it replaced by `b`."""
    r, g, bl = (p * (1.0 - share) + q * share for p, q in zip(a, b, strict=True))
    return (r, g, bl)


def shaded(colour: Colour, factor: float) -> Colour:
    """A lighter or darker colour, within 0..1."""
    r, g, b = (min(1.0, max(0.0, c * factor)) for c in colour)
    return (r, g, b)


def dusted(mesh: Mesh, amount: float) -> Mesh:
    """Snow on whatever faces the sky and neither shines nor is water."""
    if amount <= 0.0:
        return mesh
    lies_V = np.clip((mesh.normal_V3[:, 1] - 0.15) * 1.6, 0.0, 1.0) * amount
    lies_V = np.where((mesh.bone_V == WATER) | (mesh.glow_V > 0.0), 0.0, lies_V)[:, None]
    snow = np.asarray(SNOW, np.float32)
    colour_V3 = (mesh.colour_V3 * (1.0 - lies_V) + snow * lies_V).astype(np.float32)
    return replace(mesh, colour_V3=colour_V3)


def _carried(
    motion: Callable[[float], NDArray[np.float32]], size: float, behind: NDArray[np.float32]
) -> Callable[[float], NDArray[np.float32]]:
    """A motion at scale 1 -> the same of things that were multiplied by `size`, then shifted."""

    def carried(t_s: float) -> NDArray[np.float32]:
        matrices = motion(t_s).copy()
        matrices[:, :3, 3] = matrices[:, :3, 3] * size + behind - matrices[:, :3, :3] @ behind
        return matrices

    return carried


def _ahead_at(mesh: Mesh, size: float, dust: float) -> Mesh:
    mesh = dusted(mesh, dust)
    return replace(mesh, position_V3=(mesh.position_V3 * size).astype(np.float32))


def growth_of(clear: float) -> float:
    """How much a place grows for a clear zone of so many metres at scale 1."""
    return math.sqrt((6.0 + max(clear, 2.5)) / 8.5)


def finished(stage: Stage, site: Site, clear: float, scale: float) -> Stage:
    """The stage as weather leaves it, moved behind the clear zone, at its final size.

    A place is laid out with the back line of the clear zone at z = 0. A wide clear zone pushes
    everything away, so it also grows a little: the picture behind the subject stays alike.
    """
    growth = growth_of(clear)
    mesh, first, second = stage.mesh, stage.ground_colour, stage.ground_colour2
    ground = stage.ground
    dust = site.dust * stage.snow_cover if stage.sky else 0.0
    if stage.sky:
        mesh = dusted(mesh, dust)
        second = mixed(second, SNOW, dust * 0.8)
        if ground != "water":
            first = mixed(first, SNOW, dust)
        if site.weather == "rain" and ground == "solid" and stage.puddles:
            ground = "wet"
    size = growth * scale
    behind = np.array([0.0, 0.0, -clear * scale], np.float32)

    def lamp_at(lamp: Lamp) -> Lamp:
        x, y, z = lamp.position_3
        return replace(
            lamp,
            position_3=(x * size, y * size, z * size - clear * scale),
            reach_m=lamp.reach_m * size,
        )

    def at_size(part: Mesh) -> Mesh:
        return replace(part, position_V3=(part.position_V3 * size + behind).astype(np.float32))

    return replace(
        stage,
        mesh=at_size(mesh),
        moving=at_size(stage.moving) if stage.moving else None,
        ahead=_ahead_at(stage.ahead, size, dust) if stage.ahead else None,
        motion=_carried(stage.motion, size, behind) if stage.motion else None,
        ground=ground,
        ground_colour=first,
        ground_colour2=second,
        water_y=None if stage.water_y is None else stage.water_y * size,
        lamps=tuple(lamp_at(lamp) for lamp in stage.lamps),
    )


# A quarter turn about the vertical: what lay to the right lies ahead, what lay behind to the left.
_TURN = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]], np.float32)
_ACROSS = np.diag([-1.0, 1.0, 1.0]).astype(np.float32)


def corridor(stage: Stage) -> Stage:
    """The stage as a way that leads ahead: turned to the left of the viewer, and mirrored to the
    right. What moves in it keeps to the left."""
    left = _turned(stage.mesh, _TURN)
    right = _turned(left, _ACROSS)
    turn = np.eye(4, dtype=np.float32)
    turn[:3, :3] = _TURN
    motion = stage.motion
    lamps = []
    for n, lamp in enumerate(stage.lamps):  # four are the most: one side, then the other
        x, y, z = lamp.position_3
        lamps.append(replace(lamp, position_3=(z if n % 2 else -z, y, -x)))
    return replace(
        stage,
        mesh=merge(left, right, stage.ahead) if stage.ahead else merge(left, right),
        lamps=tuple(lamps),
        moving=_turned(stage.moving, _TURN) if stage.moving else None,
        motion=(lambda t_s: np.asarray(turn @ motion(t_s) @ turn.T, np.float32))
        if motion
        else None,
    )


def _turned(mesh: Mesh, turn_33: NDArray[np.float32]) -> Mesh:
    triangles = mesh.triangle_T3
    if np.linalg.det(turn_33) < 0:  # a mirror turns faces inside out
        triangles = np.ascontiguousarray(triangles[:, ::-1])
    return replace(
        mesh,
        position_V3=np.ascontiguousarray(mesh.position_V3 @ turn_33.T),
        normal_V3=np.ascontiguousarray(mesh.normal_V3 @ turn_33.T),
        triangle_T3=triangles,
    )
