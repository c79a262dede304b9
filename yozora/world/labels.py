"""What is in every pixel of a render, exactly: depth, normals, identities, motion, boxes.

Labels come from a second, unsmoothed draw of the same triangles: one sample at each pixel's centre.
Water, particles and soft shadows are pictures of light, so they have no labels of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import moderngl
import numpy as np
from numpy.typing import NDArray

from yozora.world.actors import MAX_BONES, posed
from yozora.world.camera import View
from yozora.world.clip import Clip

NOTHING, STAGE, FIRST_SUBJECT = 0, 1, 2  # instance ids
BONES_BINDING, NEXT_BINDING = 1, 2
GROUND_REACH = 90.0  # picture heights, as in `passes.py`

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Labels:
    """T frames of H x W pixels with I subject instances; y counts from the top row."""

    frames_THW3: NDArray[np.uint8]
    depth_THW: Floats  # metres along the camera's axis; inf where there is nothing
    normal_THW3: Floats  # unit, eye space: x right, y up, z to the camera; 0 where nothing
    instance_THW: NDArray[np.uint8]  # 0 nothing, 1 the place, 2.. subjects in order
    flow_THW2: Floats  # pixels (x, y) to the next frame, of the surface seen in this one
    subject_I: tuple[int, ...]  # index into scene.subjects of each instance
    box2d_TI4: Floats  # x0, y0, x1, y1 of the visible pixels, half-open; 0 where none
    box3d_TI83: Floats  # corners in the world, metres
    corner_TI82: Floats  # the same in pixels
    view_T44: NDArray[np.float64]  # world -> eye space
    projection_44: NDArray[np.float64]  # eye -> clip space


VERT = """
#version 330
uniform mat4 clip;
uniform mat4 next_clip;
uniform mat3 to_eye;
#if PLANE
in vec2 in_corner;
uniform float around;
#else
in vec3 in_position;
in vec4 in_normal;
#endif
#if SKIN
in float in_bone;
layout(std140) uniform Bones { mat4 bone[40]; };
layout(std140) uniform Next { mat4 next_bone[40]; };
#endif
#if LEAVES
uniform vec3 when;      // now, next (s); scale of the stage
#endif
out vec3 v_normal;
out vec4 v_now;
out vec4 v_next;
void main() {
#if PLANE
    vec3 p = vec3(in_corner.x, 0.0, in_corner.y) * around, n = vec3(0.0, 1.0, 0.0);
#else
    vec3 p = in_position, n = in_normal.xyz;
#endif
    vec3 q = p;
#if LEAVES
    q.x += in_normal.w * 0.012 * p.y * sin(1.5 * when.y + p.x / when.z);
    p.x += in_normal.w * 0.012 * p.y * sin(1.5 * when.x + p.x / when.z);
#endif
#if SKIN
    mat4 m = bone[int(in_bone)];
    q = (next_bone[int(in_bone)] * vec4(p, 1.0)).xyz;
    p = (m * vec4(p, 1.0)).xyz;
    n = mat3(m) * n;
#endif
    v_normal = to_eye * n;
    v_now = clip * vec4(p, 1.0);
    v_next = next_clip * vec4(q, 1.0);
    gl_Position = v_now;
}
"""
FRAG = """
#version 330
uniform float id;
uniform vec2 half_size;
in vec3 v_normal;
in vec4 v_now;
in vec4 v_next;
layout(location = 0) out vec4 surface;  // normal, depth
layout(location = 1) out vec4 motion;   // flow, id
void main() {
    vec3 n = normalize(v_normal);
    surface = vec4(n, v_now.w);
    vec2 move = (v_next.xy / v_next.w - v_now.xy / v_now.w) * half_size;
    motion = vec4(move.x, -move.y, id, 1.0);
}
"""


class LabelPass:
    """The second draw, for one size."""

    def __init__(self, context: moderngl.Context, width: int, height: int) -> None:
        self.context, self.width, self.height = context, width, height
        size = (width, height)
        self.target = context.framebuffer(
            [context.renderbuffer(size, 4, dtype="f4") for _ in range(2)],
            context.depth_renderbuffer(size),
        )
        self.programs: dict[str, moderngl.Program] = {}
        for name in ("skin", "still", "plane"):
            defines = "\n".join([
                "#version 330",
                f"#define SKIN {int(name == 'skin')}",
                f"#define PLANE {int(name == 'plane')}",
                f"#define LEAVES {int(name == 'still')}",
            ])  # fmt: skip
            program = context.program(
                vertex_shader=VERT.strip().replace("#version 330", defines),
                fragment_shader=FRAG.strip(),
            )
            for block, binding in (("Bones", BONES_BINDING), ("Next", NEXT_BINDING)):
                if block in program:
                    program[block].binding = binding
            self.programs[name] = program
        corners = np.array([(-1, -1), (1, -1), (-1, 1), (1, 1)], np.float32)
        self.corners = context.buffer(corners)
        self.plane = context.vertex_array(
            self.programs["plane"], [(self.corners, "2f", "in_corner")]
        )
        self.now = context.buffer(reserve=64 * MAX_BONES)
        self.next = context.buffer(reserve=64 * MAX_BONES)

    def labels(
        self, clip: Clip, frames_THW3: NDArray[np.uint8], start_s: float, fps: int
    ) -> Labels:
        """Labels of the frames from `start_s` on."""
        actors = clip.staging.actors
        count, size = len(frames_THW3), (self.height, self.width)
        depth = np.full((count, *size), np.inf, np.float32)
        normal = np.zeros((count, *size, 3), np.float32)
        instance = np.zeros((count, *size), np.uint8)
        flow = np.zeros((count, *size, 2), np.float32)
        box2d = np.zeros((count, len(actors), 4), np.float32)
        box3d = np.zeros((count, len(actors), 8, 3), np.float32)
        corner = np.zeros((count, len(actors), 8, 2), np.float32)
        matrices = np.zeros((count, 4, 4))
        aspect = self.width / self.height
        for i in range(count):
            now_s = clip.time_of(start_s + i / fps)
            next_s = clip.time_of(start_s + (i + 1) / fps)
            view, after = clip.view_at(now_s), clip.view_at(next_s)
            surface, motion = self._draw(clip, view, after, now_s, next_s)
            instance[i] = np.round(motion[..., 2])
            there = instance[i] > NOTHING
            depth[i][there] = surface[there, 3]
            normal[i] = surface[..., :3] * there[..., None]
            far = sky_flow(view, after, self.width, self.height)
            flow[i] = np.where(there[..., None], motion[..., :2], far)
            matrices[i] = view.view_matrix()
            for a, actor in enumerate(actors):
                box2d[i, a] = box_of(instance[i] == FIRST_SUBJECT + a)
                box3d[i, a] = corners_of(posed(actor.mesh, actor.bones_at(now_s)))
                corner[i, a] = view.project(box3d[i, a], self.width, self.height)[:, :2]
        return Labels(
            frames_THW3, depth, normal, instance, flow, tuple(a.subject for a in actors),
            box2d, box3d, corner, matrices, clip.view_at(start_s).projection(aspect),
        )  # fmt: skip

    def subjects(self, clip: Clip, seconds: Sequence[float]) -> NDArray[np.bool_]:
        """Where subjects are seen at some times, and where the first of them: (T, 2, H, W)."""
        out = np.zeros((len(seconds), 2, self.height, self.width), bool)
        of_first = sum(actor.subject == 0 for actor in clip.staging.actors)  # they come first
        for i, now_s in enumerate(seconds):
            now_s = clip.time_of(now_s)
            view = clip.view_at(now_s)
            instance = self._draw(clip, view, view, now_s, now_s)[1][..., 2]
            out[i, 0] = instance > STAGE + 0.5
            out[i, 1] = out[i, 0] & (instance < FIRST_SUBJECT + of_first - 0.5)
        return out

    def _draw(
        self, clip: Clip, view: View, after: View, now_s: float, next_s: float
    ) -> tuple[Floats, Floats]:
        aspect = self.width / self.height
        matrix = view.projection(aspect) @ view.view_matrix()
        following = after.projection(aspect) @ after.view_matrix()
        for program in self.programs.values():
            program["clip"].write(matrix.T.astype("f4").tobytes())
            program["next_clip"].write(following.T.astype("f4").tobytes())
            program["to_eye"].write(view.view_matrix()[:3, :3].T.astype("f4").tobytes())
            program["half_size"].value = (self.width / 2, self.height / 2)
            program["id"].value = float(STAGE)
        self.context.enable_only(moderngl.DEPTH_TEST | moderngl.CULL_FACE)
        self.context.depth_func = "<="
        self.target.use()
        self.target.clear(depth=1.0)
        self.programs["still"]["when"].value = (now_s, next_s, clip.staging.scale)
        self.programs["plane"]["around"].value = GROUND_REACH * clip.staging.height_m
        for name in clip.solids:
            if name.startswith("actor"):
                self._draw_actor(clip, int(name.split()[1]), now_s, next_s)
            elif name != "moving":
                self._array(clip, name, "still").render()
        self._draw_moving(clip, now_s, next_s)
        self.context.disable(moderngl.CULL_FACE)
        self.plane.render(moderngl.TRIANGLE_STRIP)
        parts = []
        for which in range(2):
            raw = self.target.read(components=4, attachment=which, dtype="f4")
            parts.append(np.frombuffer(raw, np.float32).reshape(self.height, self.width, 4)[::-1])
        return parts[0], parts[1]

    def _draw_moving(self, clip: Clip, now_s: float, next_s: float) -> None:
        if "moving" not in clip.solids or clip.stage.motion is None:
            return
        for buffer, t_s, binding in (
            (self.now, now_s, BONES_BINDING),
            (self.next, next_s, NEXT_BINDING),
        ):
            buffer.write(np.ascontiguousarray(clip.stage.motion(t_s).transpose(0, 2, 1)))
            buffer.bind_to_uniform_block(binding)
        self.programs["skin"]["id"].value = float(STAGE)
        self._array(clip, "moving", "skin").render()

    def _draw_actor(self, clip: Clip, index: int, now_s: float, next_s: float) -> None:
        actor = clip.staging.actors[index]
        for buffer, t_s, binding in (
            (self.now, now_s, BONES_BINDING),
            (self.next, next_s, NEXT_BINDING),
        ):
            buffer.write(np.ascontiguousarray(actor.bones_at(t_s).transpose(0, 2, 1)))
            buffer.bind_to_uniform_block(binding)
        self.programs["skin"]["id"].value = float(FIRST_SUBJECT + index)
        self._array(clip, f"actor {index}", "skin").render()

    def _array(self, clip: Clip, solid: str, program: str) -> moderngl.VertexArray:
        key = f"label {self.width}x{self.height} {solid}"  # this pass has its own programs
        if key not in clip.arrays:
            parts = clip.solids[solid]
            content = [(parts.position, "3f", "in_position"), (parts.normal, "4f2", "in_normal")]
            if program == "skin":
                content.append((parts.bone, "1f", "in_bone"))
            clip.arrays[key] = self.context.vertex_array(
                self.programs[program], content, parts.index
            )
        return clip.arrays[key]


def box_of(mask_HW: NDArray[np.bool_]) -> tuple[float, float, float, float]:
    """Half-open box (x0, y0, x1, y1) around a mask; zeros around nothing."""
    ys, xs = np.nonzero(mask_HW)
    if not len(xs):
        return (0.0, 0.0, 0.0, 0.0)
    return (float(xs.min()), float(ys.min()), float(xs.max() + 1), float(ys.max() + 1))


def corners_of(point_V3: Floats) -> Floats:
    """The 8 corners (8, 3) of the upright box around points."""
    low, high = point_V3.min(axis=0), point_V3.max(axis=0)
    pick = np.array([[(k >> axis) & 1 for axis in range(3)] for k in range(8)])
    return np.where(pick, high, low).astype(np.float32)


def sky_flow(view: View, after: View, width: int, height: int) -> Floats:
    """How what is infinitely far away moves between two views, (H, W, 2) pixels."""
    aspect = width / height
    x, y = np.meshgrid((np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height)
    lens = view.projection(aspect)
    rays = np.stack([(x * 2 - 1) / lens[0, 0], (1 - y * 2) / lens[1, 1], -np.ones_like(x)], axis=2)
    turned = rays @ (after.view_matrix()[:3, :3] @ view.view_matrix()[:3, :3].T).T
    lens = after.projection(aspect)
    ahead = np.minimum(turned[..., 2], -1e-6)
    moved_x = (turned[..., 0] * lens[0, 0] / -ahead + 1) / 2 * width
    moved_y = (1 - turned[..., 1] * lens[1, 1] / -ahead) / 2 * height
    return np.stack([moved_x - x * width, moved_y - y * height], axis=2).astype(np.float32)
