"""A scene loaded for drawing: its buffers on the graphics side, made once for all of its frames."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import moderngl
import numpy as np
from numpy.typing import NDArray

from yozora.world.actors import MAX_BONES, Staging
from yozora.world.assets import ASSETS
from yozora.world.assets.asset import Asset
from yozora.world.camera import Point, View, distance_for
from yozora.world.errors import WorldError
from yozora.world.light import Light, for_noir, indoor_light, light_for, lit_by_signs
from yozora.world.mesh import Mesh
from yozora.world.places import build_stage
from yozora.world.places.stage import GROUND, LEAVES, WATER, Stage, corridor
from yozora.world.scene import CAMERAS, PLACES, SHELTERED, STYLES, TIMES, WEATHERS, Scene, Subject
from yozora.world.shaders import STYLE_NUMBER
from yozora.world.staging import asset_of, stage_scene

Floats = NDArray[np.float32]

REFERENCE_S = 0.4  # the moment of a pose that a reference picture shows
CLAY_FPS = 6
PASSING_STEP_S = 0.1  # and for what moves in the place
CAMERA_STEP_S = 0.5  # how finely a clip's views are looked through for what may be seen


@dataclass(frozen=True, slots=True)
class Solid:
    """A mesh on the graphics side."""

    position: moderngl.Buffer
    normal: moderngl.Buffer
    colour: moderngl.Buffer
    bone: moderngl.Buffer
    smooth: moderngl.Buffer
    index: moderngl.Buffer

    def release(self) -> None:
        for part in (self.position, self.normal, self.colour, self.bone, self.smooth, self.index):
            part.release()


@dataclass(slots=True)
class Clip:
    """Everything that stays the same from frame to frame."""

    staging: Staging
    light: Light
    stage: Stage
    style: int
    aspect: float
    views: tuple[View, ...] | None  # fixed views (a reference picture); None: the scene's camera
    solids: dict[str, Solid]  # "still", "ground", "water", "moving" of the stage; "actor 0"...
    bones: list[moderngl.Buffer]  # one for each actor
    arrays: dict[str, moderngl.VertexArray]  # by drawing.py, made when first drawn
    moving: moderngl.Buffer | None = None  # bones of what moves in the place

    def release(self) -> None:
        """Gives the buffers back."""
        for array in self.arrays.values():
            array.release()
        for solid in self.solids.values():
            solid.release()
        for buffer in self.bones:
            buffer.release()
        if self.moving is not None:
            self.moving.release()

    def time_of(self, t_s: float) -> float:
        """The moment that is shown at a time: clay is moved by hand, six times a second."""
        if self.style == STYLE_NUMBER["clay"] and self.views is None:
            return math.floor(t_s * CLAY_FPS + 1e-4) / CLAY_FPS
        return t_s

    def view_at(self, t_s: float) -> View:
        return self.views[0] if self.views else self.staging.view_at(t_s, self.aspect)


def smooth_normals(mesh: Mesh) -> Floats:
    """Normals (V, 3) shared by vertices that coincide, so that outlines do not tear at edges."""
    span = float(np.ptp(mesh.position_V3)) or 1.0
    key = np.round(mesh.position_V3 / (span * 1e-4)).astype(np.int64)
    key = np.c_[key, mesh.bone_V]
    _, group = np.unique(key, axis=0, return_inverse=True)
    group = group.reshape(-1)
    total = np.stack([np.bincount(group, weights=mesh.normal_V3[:, i]) for i in range(3)], axis=1)[
        group
    ]
    length = np.linalg.norm(total, axis=1, keepdims=True)
    return np.where(length > 1e-6, total / np.maximum(length, 1e-6), mesh.normal_V3).astype("f4")


def load_solid(
    context: moderngl.Context, mesh: Mesh, extra_V: NDArray[np.number], outlined: bool
) -> Solid:
    """Uploads a mesh; `extra_V` (0..1) goes along with the normals (what sways in the wind)."""
    smooth = smooth_normals(mesh) if outlined else np.zeros((1, 3), np.float32)
    normal = np.c_[mesh.normal_V3, extra_V]
    colour = np.c_[mesh.colour_V3, mesh.glow_V]
    return Solid(
        context.buffer(np.ascontiguousarray(mesh.position_V3, np.float32)),
        context.buffer(normal.astype(np.float16)),
        context.buffer(np.clip(np.round(colour * 255), 0, 255).astype(np.uint8)),
        context.buffer(mesh.bone_V.astype(np.float32)),
        context.buffer(smooth),
        context.buffer(np.ascontiguousarray(mesh.triangle_T3, np.int32)),
    )


def subset(mesh: Mesh, keep_T: NDArray[np.bool_]) -> Mesh:
    """Only some of a mesh's triangles, and only the vertices that they use."""
    triangles = mesh.triangle_T3[keep_T]
    used, index = np.unique(triangles, return_inverse=True)
    return Mesh(
        mesh.position_V3[used],
        mesh.normal_V3[used],
        mesh.colour_V3[used],
        mesh.glow_V[used],
        mesh.bone_V[used],
        index.reshape(-1, 3).astype(np.int32),
    )


def seen(mesh: Mesh, views: Iterable[View], aspect: float, mirrored: bool) -> NDArray[np.bool_]:
    """Which triangles (T,) may be in a picture of any of the views; none is left out wrongly."""
    keep = np.zeros(len(mesh.triangle_T3), bool)
    point_4V = np.r_[mesh.position_V3.T, np.ones((1, len(mesh.position_V3)), np.float32)]
    corners = mesh.triangle_T3.T
    margin = np.float32(1.22)  # between the views that are looked at, the camera moves on
    for view in dict.fromkeys(views):  # a still camera has one view
        for flip in (1.0, -1.0) if mirrored else (1.0,):
            clip = view.projection(aspect) @ view.view_matrix() @ np.diag((1.0, flip, 1.0, 1.0))
            x, y, _, w = clip.astype(np.float32) @ point_4V
            edge = margin * w
            out_V = (x > edge) * 1 | (x < -edge) * 2 | (y > edge) * 4 | (y < -edge) * 8
            out_V |= (w < 0.8 * view.near) * 16
            out_T = out_V[corners[0]] & out_V[corners[1]] & out_V[corners[2]]
            keep |= out_T == 0
    return keep


def passing_by(
    moving: Mesh, motion: Callable[[float], Floats], staging: Staging, aspect: float
) -> Mesh:
    """The movers of a place that come into the picture in the course of a clip, or near it."""
    used = np.unique(moving.bone_V)
    assert int(used.max(initial=0)) < MAX_BONES, "too many movers in a place"
    middle_B4 = np.ones((MAX_BONES, 4))
    radius_B = np.zeros(MAX_BONES)
    for bone in used:
        points = moving.position_V3[moving.bone_V == bone]
        middle_B4[bone, :3] = (points.min(axis=0) + points.max(axis=0)) / 2
        radius_B[bone] = np.linalg.norm(np.ptp(points, axis=0)) / 2
    keep_B = np.zeros(MAX_BONES, bool)
    length_s = staging.scene.length_s
    before = None
    for t_s in np.linspace(0.0, length_s, max(2, math.ceil(length_s / PASSING_STEP_S) + 1)):
        matrices = motion(float(t_s))
        count = len(matrices)
        at = np.einsum("bij,bj->bi", matrices, middle_B4[:count])
        step = np.zeros(count) if before is None else np.linalg.norm(at - before, axis=1)
        before = at
        view = staging.view_at(float(t_s), aspect)
        near = 2.5 * (radius_B[:count] + step)  # a ball around it is wider in an oblique view
        lens = view.projection(aspect)
        x, _, _, w = lens @ view.view_matrix() @ at.T  # what is above may be mirrored below
        keep_B[:count] |= (np.abs(x) < w + near * lens[0, 0]) & (w > -near)
    if not keep_B.any():
        return _nothing()
    return subset(moving, keep_B[moving.bone_V[moving.triangle_T3[:, 0]]])


def near_first(mesh: Mesh, view: View) -> Mesh:
    """The triangles ordered by distance: what is hidden is then rejected before it is shaded."""
    far_V = np.linalg.norm(mesh.position_V3 - np.asarray(view.eye_3), axis=1)
    order = np.argsort(far_V[mesh.triangle_T3].min(axis=1), kind="stable")
    return replace(mesh, triangle_T3=mesh.triangle_T3[order])


def check_words(scene: Scene) -> None:
    """WorldError where a scene's words mean nothing; staging looks at those of its subjects."""
    for word, table, what in (
        (scene.place, PLACES, "place"),
        (scene.time, TIMES, "time of day"),
        (scene.weather, WEATHERS, "weather"),
        (scene.style, STYLES, "style"),
        (scene.camera, CAMERAS, "camera"),
    ):
        if word not in table:
            raise WorldError(f'no {what} is called "{word}": choose one of {", ".join(table)}.')


def load_clip(context: moderngl.Context, scene: Scene, aspect: float) -> Clip:
    """Stages a scene and uploads it. WorldError where the scene's words mean nothing."""
    check_words(scene)
    staging = stage_scene(scene, aspect)
    stage = build_stage(
        scene.place, scene.season, scene.time, scene.weather, scene.seed,
        staging.clear_m, staging.scale, staging.on_water,
    )  # fmt: skip
    weather = "clear" if scene.place in SHELTERED else scene.weather
    if scene.camera == "forward":
        stage = corridor(stage)
    light = stage.light or light_for(scene.time, weather, scene.seed)
    if any(stage.signs):
        light = lit_by_signs(light, stage.signs)
    if weather == "fog":
        light = replace(light, fog=light.fog * stage.fog_share)
    if stage.fog_density > 0.0:
        light = replace(light, fog=max(light.fog, stage.fog_density))
    light = replace(light, fog=light.fog / staging.scale, white=light.white * stage.snow_cover)
    if scene.style == "noir":
        light = for_noir(light)
    if staging.on_water:
        stage = replace(stage, ground="water")
    count = max(2, math.ceil(scene.length_s / CAMERA_STEP_S) + 1)
    views = [staging.view_at(t, aspect) for t in np.linspace(0.0, scene.length_s, count)]
    solids: dict[str, Solid] = {}
    wet, outlined = stage.ground != "solid", scene.style == "cartoon"
    if len(stage.mesh.triangle_T3):
        in_view = subset(stage.mesh, seen(stage.mesh, views, aspect, wet))
        material_T = in_view.bone_V[in_view.triangle_T3[:, 0]]
        for name, keep_T in (
            ("still", (material_T != GROUND) & (material_T != WATER)),
            ("ground", material_T == GROUND),
            ("water", material_T == WATER),
        ):
            if keep_T.any():
                part = near_first(subset(in_view, keep_T), views[len(views) // 2])
                solids[name] = load_solid(context, part, part.bone_V == LEAVES, outlined)
    if stage.moving is not None and stage.motion is not None:
        passing = passing_by(stage.moving, stage.motion, staging, aspect)
        if len(passing.triangle_T3):
            still_V = np.zeros(len(passing.bone_V))
            solids["moving"] = load_solid(context, passing, still_V, outlined)
    return _with_actors(context, staging, light, stage, aspect, None, solids)


def bare_clip(context: moderngl.Context, scene: Scene, aspect: float) -> Clip:
    """A scene's subjects as `load_clip` stages them, without what is built around them: a tenth of
    the work where only their outlines are asked. Raises as `load_clip` does."""
    check_words(scene)
    stage = _plain(indoor_light((1.0, 1.0, 1.0), 1.0))
    assert stage.light is not None
    return _with_actors(context, stage_scene(scene, aspect), stage.light, stage, aspect, None, {})


def reference_clip(
    context: moderngl.Context, subject: Subject, assets: Mapping[str, Asset] = ASSETS
) -> Clip:
    """One subject before a plain light grey backdrop, three quarters from the front."""
    first = next(iter(asset_of(subject, assets).actions))
    alone = replace(subject, count=1, then=None, action=first)
    scene = Scene((alone,), "park", "day", "clear", "natural", "static", facing=315.0)
    staging = stage_scene(scene, 1.0, assets)
    grey = 0.80 * 0.80
    light = replace(
        indoor_light((1.0, 1.0, 1.0), 1.0), horizon=(grey,) * 3, zenith=(grey,) * 3, shadow=0.25
    )
    stage = _plain(light)
    light = replace(light, fog=0.0)
    points = staging.actors[0].points_at(REFERENCE_S)
    low, high = points.min(axis=0), points.max(axis=0)
    middle = (low + high) / 2
    height = float(np.ptp(points[:, :2], axis=0).max()) / 0.8
    for _ in range(3):  # what is nearer than the middle looks larger: step back until all fits
        far = distance_for(height)
        eye: Point = (float(middle[0]), float(middle[1] + 0.16 * far), float(middle[2] + far))
        target: Point = (float(middle[0]), float(middle[1]), float(middle[2]))
        view = View(eye, target, 36.0, 0.3 * far, 40.0 * far)
        at = view.project(points, 1, 1)
        height *= 2 * float(np.abs(at[:, :2] - 0.5).max()) / 0.86
        middle = middle + (0.0, (0.5 - (at[:, 1].min() + at[:, 1].max()) / 2) * height, 0.0)
    staging = replace(staging, height_m=height)
    return _with_actors(context, staging, light, stage, 1.0, (view,), {})


def _with_actors(
    context: moderngl.Context,
    staging: Staging,
    light: Light,
    stage: Stage,
    aspect: float,
    views: tuple[View, ...] | None,
    solids: dict[str, Solid],
) -> Clip:
    outlined = staging.scene.style == "cartoon"
    for i, actor in enumerate(staging.actors):
        still_V = np.zeros(len(actor.mesh.bone_V))
        solids[f"actor {i}"] = load_solid(context, actor.mesh, still_V, outlined)
    bones = [context.buffer(reserve=64 * MAX_BONES) for _ in staging.actors]
    style = STYLE_NUMBER[staging.scene.style]
    moving = context.buffer(reserve=64 * MAX_BONES) if "moving" in solids else None
    return Clip(staging, light, stage, style, aspect, views, solids, bones, {}, moving)


def _plain(light: Light) -> Stage:
    """A grey ground under nothing."""
    return Stage(
        mesh=_nothing(), ground="solid", ground_colour=(0.72,) * 3, ground_colour2=(0.72,) * 3,
        sky=False, light=light,
    )  # fmt: skip


def _nothing() -> Mesh:
    return Mesh(
        np.zeros((0, 3), np.float32), np.zeros((0, 3), np.float32), np.zeros((0, 3), np.float32),
        np.zeros(0, np.float32), np.zeros(0, np.int32), np.zeros((0, 3), np.int32),
    )  # fmt: skip
