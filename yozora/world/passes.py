"""One frame: shadow maps, the mirrored picture where the ground shines, the picture itself."""

from __future__ import annotations

import math
from collections.abc import Sequence

import moderngl
import numpy as np
from numpy.typing import NDArray

from yozora.world.camera import View
from yozora.world.clip import Clip
from yozora.world.drawing import (
    BONES_BINDING,
    DROPS,
    FLAKES,
    FRAME_BINDING,
    MIRROR_UNIT,
    MOVING_UNIT,
    NOISE_UNIT,
    SPLASHES,
    STILL_UNIT,
    Programs,
    Targets,
)
from yozora.world.places.stage import Lamp
from yozora.world.post import develop
from yozora.world.scene import COLOURS, METALS, SHELTERED

Matrix = NDArray[np.float64]

INK = (0.003, 0.002, 0.005)  # outlines of cartoons
LINE_SUBJECT, LINE_STAGE = 1.3, 0.7  # their widths in pixels, in a picture 144 high
GROUND_REACH = 90.0  # picture heights that the plane reaches to each side
KINDS = {"solid": 0, "wet": 1, "water": 2}


def light_matrix(sun_dir: Sequence[float], middle: Sequence[float], radius: float) -> Matrix:
    """World -> clip space of a light far away that sees a ball around `middle`."""
    ahead = -np.asarray(sun_dir, np.float64)
    right = np.cross(ahead, (0.0, 1.0, 0.0))
    right /= np.linalg.norm(right)
    up = np.cross(right, ahead)
    m = np.eye(4)
    m[0, :3], m[1, :3], m[2, :3] = right / radius, up / radius, ahead / (3.0 * radius)
    m[:3, 3] = -m[:3, :3] @ np.asarray(middle)
    return m


HALVED = np.array([[0.5, 0, 0, 0.5], [0, 0.5, 0, 0.5], [0, 0, 0.5, 0.4985], [0, 0, 0, 1.0]])
FLIPPED = np.diag([1.0, -1.0, 1.0, 1.0])


def shadow_maps(clip: Clip, t_s: float) -> tuple[Matrix, Matrix]:
    """(moving, still): world -> clip space of the two shadow maps."""
    height = clip.staging.height_m
    places = np.array(clip.staging.places_at(t_s))
    spread = float(np.abs(places - places.mean(axis=0)).max())
    x, _, z = places.mean(axis=0)
    reach = max((a.asset.length_m * a.size for a in clip.staging.actors), default=height)
    radius = spread + 0.6 * max(height, reach)
    y = clip.staging.focus_y_m
    moving = light_matrix(clip.light.sun_dir, (x, y, z), radius)
    still = light_matrix(clip.light.sun_dir, (0.0, 0.0, -1.2 * height), 4.2 * height)
    return moving, still


def frame_block(
    clip: Clip, view: View, t_s: float, lift_m: Sequence[float], size: tuple[int, int],
    mirrored: bool,
) -> bytes:  # fmt: skip
    """The bytes of the uniform block `Frame` (see `shaders.FRAME`)."""
    light, staging, stage = clip.light, clip.staging, clip.stage
    matrix = view.projection(clip.aspect) @ view.view_matrix()
    eye = np.asarray(view.eye_3)
    right, up, ahead = view.axes()
    tall = math.tan(math.radians(view.fov_deg) / 2)
    if mirrored:
        matrix = matrix @ FLIPPED
        eye = eye * (1.0, -1.0, 1.0)
        flip = np.array((1.0, -1.0, 1.0))
        right, up, ahead = right * flip, up * flip, ahead * flip
    moving, still = shadow_maps(clip, t_s)
    rows: list[Sequence[float]] = [
        (*eye, t_s),
        (*light.sun_dir, light.shadow),
        (*light.sun, staging.scale if clip.views is None else 1e6),  # a bare floor has no grain
        (*light.up, light.fog),
        (*light.down, light.subject),
        (*light.zenith, light.clouds),
        (*light.horizon, light.stars),
        (*light.halo, 1.0 if stage.sky else 0.0),
        (*light.disc_dir, math.cos(math.radians(light.disc_deg))),
        (*light.disc, light.wet),
        (*light.cloud, light.white),
        (*light.rim, (staging.scene.seed * 0.618034) % 1.0),
        (*(right * tall * clip.aspect), clear_until(clip, view, t_s)),
        (*(up * tall), subject_distance(clip, view, t_s)),
        (*ahead, 0.0),
        (*size, staging.height_m, 0.0),
    ]
    lamps = lit_lamps(clip)
    empty: list[Sequence[float]] = [(0.0, 0.0, 0.0, 0.0)] * (4 - len(lamps))
    rows += [*((*lamp.position_3, lamp.reach_m) for lamp in lamps), *empty]
    rows += [*((*(c * c * lamp.power for c in lamp.colour), 0.0) for lamp in lamps), *empty]
    rows += blobs(clip, t_s, lift_m)
    rows += [(*stage.ground_colour, 0.0), (*stage.ground_colour2, 0.0)]
    matrices = [m.T.ravel() for m in (matrix, HALVED @ moving, HALVED @ still)]
    return np.concatenate([*matrices, np.ravel(rows)]).astype(np.float32).tobytes()


def subject_distance(clip: Clip, view: View, t_s: float) -> float:
    """Metres from the eye to the farthest subject."""
    places = np.array(clip.staging.places_at(t_s))
    _, _, ahead = view.axes()
    return float(((places - np.asarray(view.eye_3)) @ ahead).max())


def clear_until(clip: Clip, view: View, t_s: float) -> float:
    """Metres from the eye at which the mist begins: fog stands behind the subjects."""
    if clip.staging.scene.weather != "fog" or clip.stage.light is not None:
        return 0.0
    return subject_distance(clip, view, t_s) + 0.2 * clip.staging.height_m


def lit_lamps(clip: Clip) -> list[Lamp]:
    """The lamps that are on, 4 at most."""
    return [lamp for lamp in clip.stage.lamps if lamp.power > 0.0][:4]


def blobs(clip: Clip, t_s: float, lift_m: Sequence[float]) -> list[Sequence[float]]:
    """The soft shadows right under the subjects: 4 rows of places, 4 of axes.

    `lift_m`: how high each subject is above the ground; the shadow fades with it.
    """
    places: list[Sequence[float]] = []
    axes: list[Sequence[float]] = []
    for actor, lift in zip(clip.staging.actors[:4], lift_m, strict=False):
        x, _, z = actor.place_at(t_s)
        long, _, wide = actor.half_size_3
        away = 1.0 + (2.0 * max(lift, 0.0) / (actor.asset.height_m * actor.size)) ** 2
        a = math.radians(actor.facing_deg)
        places.append((x, z, 0.0, 0.62 / away))
        axes.append((math.cos(a), -math.sin(a), 0.8 / max(long, 1e-3), 0.8 / max(wide, 1e-3)))
    none: list[Sequence[float]] = [(0.0, 0.0, 0.0, 0.0)] * (4 - len(places))
    return places + none + axes + none


# ---------------------------------------------------------------- passes


def draw_frame(clip: Clip, targets: Targets, programs: Programs, t_s: float) -> None:
    """Draws the picture of a clip at a time into `targets.small`."""
    t_s = clip.time_of(t_s)
    view = clip.view_at(t_s)
    lifts = []
    for actor, buffer in zip(clip.staging.actors, clip.bones, strict=True):
        bones = actor.bones_at(t_s)
        lifts.append(float(bones[0, 1, 3]))
        buffer.write(np.ascontiguousarray(bones.transpose(0, 2, 1)))
    if clip.moving is not None and clip.stage.motion is not None:
        clip.moving.write(np.ascontiguousarray(clip.stage.motion(t_s).transpose(0, 2, 1)))
    context = programs.context
    context.enable_only(moderngl.DEPTH_TEST)
    context.depth_func = "<="
    _draw_shadows(clip, targets, programs, t_s)

    programs.frame.bind_to_uniform_block(FRAME_BINDING)
    programs.noise.use(NOISE_UNIT)
    targets.moving.use(MOVING_UNIT)
    targets.still.use(STILL_UNIT)
    ground = clip.stage.ground
    if ground != "solid":
        size = targets.mirror.size
        programs.frame.write(frame_block(clip, view, t_s, lifts, size, True))
        targets.mirror_target.use()
        targets.mirror_target.clear(depth=1.0)
        context.front_face = "cw"
        _draw_solids(clip, programs, size[1], outlines=False)
        context.front_face = "ccw"
        _draw_sky(clip, programs)
    targets.mirror.use(MIRROR_UNIT)

    size = targets.large
    programs.frame.write(frame_block(clip, view, t_s, lifts, size, False))
    targets.main.use()
    targets.main.clear(depth=1.0)
    _draw_solids(clip, programs, size[1], outlines=clip.style == 1)
    _draw_ground(clip, programs, KINDS[ground])
    _draw_sky(clip, programs)
    scene = clip.staging.scene
    if scene.weather in ("rain", "snow") and clip.stage.sky and scene.place not in SHELTERED:
        _draw_weather(clip, programs, scene.weather == "rain")
    develop(clip, targets, programs, t_s)


def _draw_shadows(clip: Clip, targets: Targets, programs: Programs, t_s: float) -> None:
    moving, still = shadow_maps(clip, t_s)
    context = programs.context
    context.polygon_offset = 2.0, 3.0
    targets.moving_target.use()
    targets.moving_target.clear(depth=1.0)
    program = programs.get("shadow", 0, 1)
    program["map"].write(moving.T.astype("f4").tobytes())
    for i, buffer in enumerate(clip.bones):
        buffer.bind_to_uniform_block(BONES_BINDING)
        _array(clip, programs, "shadow", f"actor {i}", 1, 0).render()
    if targets.still_owner is not clip:
        targets.still_owner = clip
        targets.still_target.use()
        targets.still_target.clear(depth=1.0)
        if "still" in clip.solids:
            program = programs.get("shadow", 0, 0)
            program["map"].write(still.T.astype("f4").tobytes())
            _array(clip, programs, "shadow", "still", 0, 0).render()
    context.polygon_offset = 0.0, 0.0


def _draw_solids(clip: Clip, programs: Programs, height: int, outlines: bool) -> None:
    context = programs.context
    context.enable(moderngl.CULL_FACE)
    for i, buffer in enumerate(clip.bones):
        buffer.bind_to_uniform_block(BONES_BINDING)
        _dress(clip, programs, i)
        _array(clip, programs, "subject", f"actor {i}", 1, clip.style).render()
        if outlines:
            _draw_hull(clip, programs, f"actor {i}", 1, LINE_SUBJECT * height / 144)
    if clip.moving is not None:  # lit as the place is: kinds 2 and 3 of its program
        clip.moving.bind_to_uniform_block(BONES_BINDING)
        _array(clip, programs, "stage", "moving", 2 + int(clip.stage.sky), clip.style).render()
        if outlines:
            _draw_hull(clip, programs, "moving", 1, LINE_STAGE * height / 144)
    if "still" in clip.solids:
        _array(clip, programs, "stage", "still", int(clip.stage.sky), clip.style).render()
        if outlines:
            _draw_hull(clip, programs, "still", 0, LINE_STAGE * height / 144)
    for name, kind in (("water", 3), ("ground", 4)):
        if name in clip.solids:
            _array(clip, programs, "plane", name, kind, clip.style).render()
    context.disable(moderngl.CULL_FACE)


def _dress(clip: Clip, programs: Programs, index: int) -> None:
    """What the subjects' program has to know of one of them."""
    actor = clip.staging.actors[index]
    program = programs.get("subject", clip.style, 1)
    colour = clip.staging.scene.subjects[actor.subject].colour
    metal = float(colour in METALS)
    program["coat"].value = (*(c * c for c in COLOURS[colour]), metal)
    if "unit" in program:
        program["unit"].value = actor.size / clip.staging.height_m


def _draw_hull(clip: Clip, programs: Programs, name: str, skin: int, width: float) -> None:
    context = programs.context
    program = programs.get("hull", clip.style, skin)
    program["width"].value = width
    program["ink"].value = (*INK, float(not name.startswith("actor")))
    context.cull_face = "front"
    _array(clip, programs, "hull", name, skin, clip.style).render()
    context.cull_face = "back"


def _draw_ground(clip: Clip, programs: Programs, kind: int) -> None:
    program = _program(clip, programs, "plane", clip.style, kind)
    program["around"].value = (0.0, 0.0, GROUND_REACH * clip.staging.height_m)
    _quads(clip, programs, "plane", kind, 0)


def _draw_sky(clip: Clip, programs: Programs) -> None:
    if clip.style not in programs.sky:
        programs.sky[clip.style] = programs.context.vertex_array(
            programs.get("sky", clip.style), []
        )
    programs.sky[clip.style].render(moderngl.TRIANGLES, vertices=3)


def _draw_weather(clip: Clip, programs: Programs, rain: bool) -> None:
    context = programs.context
    context.enable(moderngl.BLEND)
    context.blend_func = (  # the fourth channel keeps its note
        moderngl.SRC_ALPHA, moderngl.ONE_MINUS_SRC_ALPHA, moderngl.ZERO, moderngl.ONE,
    )  # fmt: skip
    context.fbo.depth_mask = False
    if rain:
        _quads(clip, programs, "splash", 0, SPLASHES)
    _quads(clip, programs, "falling", int(rain), DROPS if rain else FLAKES)
    context.fbo.depth_mask = True
    context.disable(moderngl.BLEND)


FORMATS = {
    "in_position": ("position", "3f"),
    "in_normal": ("normal", "4f2"),
    "in_colour": ("colour", "4f1"),
    "in_bone": ("bone", "1f"),
    "in_smooth": ("smooth", "3f"),
}


def _program(
    clip: Clip, programs: Programs, name: str, style: int, variant: int
) -> moderngl.Program:
    """The program for as many lamps and subjects as the clip has."""
    # few variants: each is compiled once and kept; what is not there is dark, and costs little
    lamps = 4 if name in ("plane", "stage") and lit_lamps(clip) else 0
    count = min(len(clip.staging.actors), 4) if name == "plane" and variant < 3 else 0
    blobs = 4 if count == 3 else count
    return programs.get(name, style, variant, lamps, blobs)


def _array(
    clip: Clip, programs: Programs, program: str, solid: str, variant: int, style: int
) -> moderngl.VertexArray:
    """The vertex array of a solid for a program, made when it is first needed."""
    key = f"{program} {solid}"
    if key not in clip.arrays:
        compiled = _program(clip, programs, program, style, variant)
        parts = clip.solids[solid]
        content = [
            (getattr(parts, part), layout, name)
            for name, (part, layout) in FORMATS.items()
            if name in compiled
        ]
        clip.arrays[key] = programs.context.vertex_array(compiled, content, parts.index)
    return clip.arrays[key]


def _quads(clip: Clip, programs: Programs, program: str, variant: int, count: int) -> None:
    """Draws `count` instances of a quad (0: one, without chance)."""
    key = f"{program} quads"
    if key not in clip.arrays:
        compiled = _program(clip, programs, program, clip.style, variant)
        content = [(programs.corners, "2f", "in_corner")]
        if count:
            content.append((programs.chance, "4f/i", "in_chance"))
        clip.arrays[key] = programs.context.vertex_array(compiled, content)
    clip.arrays[key].render(moderngl.TRIANGLE_STRIP, vertices=4, instances=count or 1)
