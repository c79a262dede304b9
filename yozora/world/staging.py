"""Who stands where, how large, and where everybody goes: a scene before it is drawn.

A staged scene is measured in metres. Sizes, places, paths and the picture's height follow from
the subjects' own meshes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from yozora.world.actors import FADE_S, MAX_BONES, UNIT_M, Actor, Staging, covered, posed
from yozora.world.assets import ASSETS
from yozora.world.assets.asset import Asset, Look
from yozora.world.assets.gestures import REACH_HEIGHTS
from yozora.world.camera import Point, distance_for
from yozora.world.errors import WorldError
from yozora.world.mesh import Mesh
from yozora.world.pairs import GREETING, PAIRS, PARTNERS, Pair, pose_of
from yozora.world.scene import COLOURS, DEEP, INDOORS, Scene, Subject

TALL_SHARE = 0.70  # of the picture's height that an upright subject fills
WIDE_SHARE = 0.74  # of its width that a long one fills
GROUP_SHARE = 0.90  # of its width that several fill together
ALONE_M = 4.4  # the picture's height where a place has no subject
SIZE_RATIO = 1.7  # several kinds are shown at most this much different in size
TRAVEL = 4.0  # picture heights that a subject covers at most in a clip
CHASE_GAP = 0.25  # between who flees and who follows, in heights of the taller
SHOWN_SHARE = 0.3  # of a scene's facing, that turns what has a best one
VAST_FOOT = 0.09  # how far below the middle the foot of something vast is, in picture heights
APART = {  # in their mean height
    "meet": 0.80,
    "shake hands": 2.0 * REACH_HEIGHTS,
    "give": 2.0 * REACH_HEIGHTS,
}
APPROACH = 0.34  # of the picture's width that each comes to meet the other
BEHIND = 0.9  # how much farther one stands who is behind, in heights of the taller
ASIDE = 0.62  # of their widths side by side, that one who is behind stands aside

Extent = tuple[float, float, float, float]
Floats64 = NDArray[np.float64]


def asset_of(subject: Subject, assets: Mapping[str, Asset] = ASSETS) -> Asset:
    """The asset of a subject; WorldError where its words mean nothing."""
    if subject.kind not in assets:
        raise WorldError(
            f'no subject is called "{subject.kind}": choose one of {", ".join(assets)}.'
        )
    asset = assets[subject.kind]
    for action in (subject.action, subject.then):
        if action is not None and pose_of(action, asset.actions) not in asset.actions:
            raise WorldError(
                f'a {subject.kind} cannot "{action}": choose one of {", ".join(asset.actions)}.'
            )
    for colour in (subject.colour, *(colour for _, colour in subject.worn)):
        if colour not in COLOURS:
            raise WorldError(f'no colour is called "{colour}": choose one of {", ".join(COLOURS)}.')
    return asset


def stage_scene(scene: Scene, aspect: float, assets: Mapping[str, Asset] = ASSETS) -> Staging:
    """Sizes, places and paths for a scene in a picture of `aspect` = width / height."""
    if len(scene.subjects) != 2 and any(s.action in (*PAIRS, *PARTNERS) for s in scene.subjects):
        raise WorldError("what two do with each other needs two subjects: name both.")
    actors: list[Actor] = []
    for index, subject in enumerate(scene.subjects):
        asset = asset_of(subject, assets)
        action = pose_of(subject.action, asset.actions)
        for copy in range(subject.count):
            look = Look(subject.look + 1009 * copy, subject.colour, subject.worn)
            mesh = asset.build(look)
            assert int(mesh.bone_V.max(initial=0)) < MAX_BONES, f"{asset.kind}: too many bones"
            strides = (asset.stride_m_s.get(action, 0.0),
                       asset.stride_m_s.get(subject.then or action, 0.0))  # fmt: skip
            heading = 90.0 if scene.camera == "forward" else scene.facing
            actors.append(
                Actor(index, asset, look, mesh, action, subject.then,
                      scene.length_s / 2, 1.0, facing_of(asset, scene), heading, (0.0, 0.0, 0.0),
                      strides, 0.0, _half_size(mesh), 0.37 * copy + 0.61 * index)
            )  # fmt: skip
    if not actors:
        return Staging(scene, (), ALONE_M, 0.38 * ALONE_M, 0.8 * UNIT_M)
    actors = _resized(actors)
    if scene.pair is not None:
        return _paired(scene, scene.pair, actors, aspect)
    return _placed(scene, actors, aspect)


def facing_of(asset: Asset, scene: Scene) -> float:
    """Degrees that a subject's mesh is turned: the scene's facing, or near its own best one.

    Mirrored scenes have mirrored angles: what is shown best has one side that faces right.
    """
    if asset.shown_deg is None:
        return scene.facing
    left = math.cos(math.radians(scene.facing)) < 0.0
    turn = (180.0 - scene.facing if left else scene.facing) % 360.0
    shown = asset.shown_deg + SHOWN_SHARE * (turn - 360.0 if turn > 180.0 else turn)
    return (180.0 - shown if left else shown) % 360.0


def _resized(actors: list[Actor]) -> list[Actor]:
    """Kinds of very different size, drawn towards their geometric mean."""
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


def _extent(actor: Actor) -> Extent:
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


def _placed(scene: Scene, actors: list[Actor], aspect: float) -> Staging:
    """Each for itself: in a row, or one behind the other."""
    extents = [_extent(a) for a in actors]
    a = math.radians(actors[0].heading_deg)
    heights = [actor.asset.height_m * actor.size for actor in actors]
    tallest = max(heights)
    several = len(actors) > 1
    moving = scene.camera == "static" and any(max(actor.speed) > 0 for actor in actors)

    longish = max(e[0] * 2 / h for e, h in zip(extents, heights, strict=True)) > 1.1
    alike = len(scene.subjects) == 1
    tight = 1.0  # several may overlap a little, one behind the other
    if several:
        aloft = all(actor.asset.setting == "air" for actor in actors)
        tight = 0.62 if aspect < 1.0 else (0.95 if aloft else 0.82) if alike and longish else 1.0
    deep = scene.relation in DEEP
    if deep:
        tight = ASIDE
    order = list(range(len(actors)))
    turned = steps_aside(scene) if deep else scene.relation == "right of"
    if turned:
        order.sort(key=lambda i: -actors[i].subject)
    gap = 0.14 * tallest if tight == 1.0 else 0.0
    at, x = {}, 0.0
    for rank, i in enumerate(order):
        half = extents[i][0] * tight
        x += half + (gap if rank else 0.0)
        at[i] = x
        x += half
    width = x if not deep else x + (1.0 - ASIDE) * (extents[order[0]][0] + extents[order[-1]][0])
    height = _picture_height(scene, extents, tallest, width, several, moving, a, aspect)

    actors = _in_step(actors)
    travel = _travel_factor(scene, actors, height, width, aspect)
    placed = []
    for i, actor in enumerate(actors):
        z = (0.0 if len(actors) < 3 or i != 1 else -0.35) * tallest
        if deep:
            near = (actor.subject == 0) == (scene.relation == "in front of")
            z = (0.4 if near else -0.6) * BEHIND * tallest
        elif tight < 1.0:
            z = (0.35 - (i % 2) * 0.8) * tallest
        speed = (actor.speed[0] * travel, actor.speed[1] * travel)
        switch = actor.switch_s if actor.then else math.inf
        middle = covered(scene.length_s, switch, *speed) / 2
        place = (at[i] - x / 2, 0.0, z)
        placed.append(replace(actor, place_3=place, speed=speed, middle_m=middle))
    return _framed(scene, placed, extents, height, tallest)


def steps_aside(scene: Scene) -> bool:
    """Whether the first of two in depth stands to the right of the other, rather than left.

    The mirrored scene has the other answer: it depends on the side that the scene faces.
    """
    return (scene.seed % 2 == 1) == (math.cos(math.radians(scene.facing)) >= 0.0)


def _paired(scene: Scene, pair: Pair, actors: list[Actor], aspect: float) -> Staging:
    """Two who do something with each other: face to face, or one after the other."""
    extents = [_extent(a) for a in actors]
    heights = [actor.asset.height_m * actor.size for actor in actors]
    tallest, name = max(heights), scene.subjects[0].action
    a = math.radians(scene.facing)
    ahead = np.array((math.cos(a), 0.0, -math.sin(a)))
    if pair.face:
        apart = APART[name] * sum(heights) / 2
    else:
        apart = extents[0][0] + extents[1][0] + CHASE_GAP * tallest
    width = apart + extents[0][0] + extents[1][0]
    moving = scene.camera == "static" and not pair.face
    height = _picture_height(scene, extents, tallest, width, True, moving, a, aspect)
    if name == "meet":
        return _meeting(scene, actors, extents, apart, max(height, 1.15 * tallest / TALL_SHARE),
                        aspect)  # fmt: skip
    actors = _in_step(actors)
    travel = _travel_factor(scene, actors, height, width, aspect)
    placed = []
    for actor, side in zip(actors, (-0.5, 0.5), strict=True):
        facing = scene.facing + (180.0 if pair.face and side > 0 else 0.0)
        speed = (0.0, 0.0) if pair.face else (actor.speed[0] * travel, actor.speed[1] * travel)
        middle = covered(scene.length_s, math.inf, *speed) / 2
        place = _point(ahead * (side * apart))
        delay = 0.0 if pair.face else actor.delay_s  # hands that shake move as one
        placed.append(
            replace(actor, facing_deg=facing, heading_deg=facing, place_3=place, speed=speed,
                    middle_m=middle, delay_s=delay)
        )  # fmt: skip
    return _framed(scene, placed, extents, height, tallest)


def _meeting(
    scene: Scene, actors: list[Actor], extents: list[Extent], apart: float, height: float,
    aspect: float,
) -> Staging:  # fmt: skip
    """Two come from the sides until they face each other, and greet."""
    a = math.radians(scene.facing)
    ahead = np.array((math.cos(a), 0.0, -math.sin(a)))
    switch = scene.length_s / 2
    room = min(APPROACH * height * aspect, 1.6 * height)
    placed = []
    for actor, side in zip(actors, (-1.0, 1.0), strict=True):
        rate = min(actor.speed[0], room / (switch + FADE_S / 2))
        way = covered(scene.length_s, switch, rate, 0.0)
        end = ahead * (side * apart / 2)
        middle = end + ahead * (side * way / 2)  # of its path
        facing = scene.facing + (180.0 if side > 0 else 0.0)
        placed.append(
            replace(actor, facing_deg=facing, heading_deg=facing, place_3=_point(middle),
                    speed=(rate, 0.0), middle_m=way / 2, then=GREETING, switch_s=switch)
        )  # fmt: skip
    tallest = max(actor.asset.height_m * actor.size for actor in actors)
    return _framed(scene, placed, extents, height, tallest)


def _point(at: Floats64) -> Point:
    x, y, z = (float(v) for v in at)
    return (x, y, z)


def _picture_height(
    scene: Scene, extents: list[Extent], tallest: float, width: float, several: bool, moving: bool,
    heading: float, aspect: float,
) -> float:  # fmt: skip
    """How high the picture is where the subjects are, so that all of them fit (metres)."""
    low, high = min(e[1] for e in extents), max(e[2] for e in extents)
    share = GROUP_SHARE if several else WIDE_SHARE
    if moving and abs(math.cos(heading)) > 0.3:
        share *= 0.88 if several else 0.72
    tall = TALL_SHARE
    if "pan" in scene.camera:  # it carries them a quarter of the picture to each side
        share *= 0.74
    if scene.camera in ("push in", "pull out"):  # they grow by a third at one end
        share, tall = share * 0.88, tall * 0.94
    if scene.camera == "forward":  # and the way ahead shows
        share, tall = share * 0.72, tall * 0.78
    height = max(tallest / tall, (high - low) / 0.82, width / (share * aspect))
    return height + max(e[3] for e in extents) / distance_for(1.0)  # what is near looks larger


def _framed(
    scene: Scene, placed: list[Actor], extents: list[Extent], height: float, tallest: float
) -> Staging:
    """The staging around actors that have their places."""
    low, high = min(e[1] for e in extents), max(e[2] for e in extents)
    focus_y = (low + high) / 2 + 0.025 * height
    if low <= 0.15 * tallest:  # on the ground: keep some of it below the feet
        focus_y = min(focus_y, 0.36 * height + low)
        if high <= 1.2 * tallest:
            focus_y = max(focus_y, 0.24 * height)
    a = math.radians(placed[0].heading_deg)
    ahead = scene.camera == "forward"  # the way is free, and the walls are at the sides
    depth = 0.0 if ahead else abs(math.sin(a)) * max(actor.middle_m for actor in placed)
    longest = max(e.asset.length_m * e.size for e in placed) / 2 * abs(math.sin(a))
    behind = max(0.0, -min(actor.place_3[2] for actor in placed))
    clear = max(1.3 * tallest, 0.75 * height) + depth + (0.0 if ahead else longest) + behind
    vast = placed[0].asset.vast if len(scene.subjects) == 1 else 1.0
    if vast > 1.0 and scene.place in INDOORS:  # a model, whose broad foot comes near
        focus_y = min(focus_y, low + 0.29 * height)
    elif vast > 1.0:  # seen from below, and its smoke leaves above
        return Staging(scene, tuple(placed), height, low + VAST_FOOT * height, clear, vast)
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
    far = max(covered(scene.length_s, switch, *actor.speed) for actor in actors)
    if far <= 0.0:
        return 1.0
    if scene.camera == "forward":
        return min(1.0, 2.2 * height / far)
    a = math.radians(scene.facing)
    slow = min(covered(scene.length_s, switch, *actor.speed) for actor in actors)
    allowed = TRAVEL * height if slow > 0.0 else 0.5 * height  # who moves stays beside who stands
    if scene.camera == "static":
        across = max(0.92 * height * aspect - width, 0.1 * height)
        deep = 0.55 * height
        allowed = min(across / max(abs(math.cos(a)), 1e-3), deep / max(abs(math.sin(a)), 1e-3))
    return min(1.0, allowed / far)
