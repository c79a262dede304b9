"""What frames are drawn with and into: compiled programs, shared buffers, targets."""

from __future__ import annotations

import moderngl
import numpy as np
from numpy.typing import NDArray

from yozora.world import shaders, shaders_ground, shaders_post, shaders_subject

FRAME_BINDING, BONES_BINDING = 0, 1
NOISE_UNIT, MOVING_UNIT, STILL_UNIT, MIRROR_UNIT, LARGE_UNIT = 0, 1, 2, 3, 4
DEPTH_UNIT, SOFT_UNIT, QUARTER_UNIT, CELLS_UNIT, BLURRED_UNIT = 5, 6, 7, 8, 9
NOISE_SIZE = 256
SOFT_ROWS, QUARTER_ROWS = 60, 36  # of the pictures that are blurred, at any size
BLOCKS = 36  # rows of the pixel art style
SHRINK_REACH = 0.40  # pixels of the large picture from a small pixel's centre to each tap
DROPS, FLAKES, SPLASHES = 330, 380, 90

TEXTS = {
    "shadow": (shaders.SHADOW_VERT, shaders.SHADOW_FRAG),
    "stage": (shaders.STAGE_VERT, shaders.STAGE_FRAG),
    "subject": (shaders_subject.SUBJECT_VERT, shaders_subject.SUBJECT_FRAG),
    "hull": (shaders.HULL_VERT, shaders.HULL_FRAG),
    "sky": (shaders.SKY_VERT, shaders.SKY_FRAG),
    "plane": (shaders_ground.GROUND_VERT, shaders_ground.GROUND_FRAG),
    "shrink": (shaders_post.POST_VERT, shaders_post.SHRINK_FRAG),
    "quarter": (shaders_post.POST_VERT, shaders_post.QUARTER_FRAG),
    "blur": (shaders_post.POST_VERT, shaders_post.BLUR_FRAG),
    "soft": (shaders_post.POST_VERT, shaders_post.SOFT_FRAG),
    "post": (shaders_post.POST_VERT, shaders_post.POST_FRAG),
    "watercolour": (shaders_post.POST_VERT, shaders_post.WATERCOLOUR_FRAG),
    "cell": (shaders_post.POST_VERT, shaders_post.CELL_FRAG),
    "pixels": (shaders_post.POST_VERT, shaders_post.PIXELS_FRAG),
    "paper": (shaders_post.POST_VERT, shaders_post.PAPER_FRAG),
    "lines": (shaders_post.POST_VERT, shaders_post.LINES_FRAG),
    "falling": (shaders_ground.FALLING_VERT, shaders_ground.FALLING_FRAG),
    "splash": (shaders_ground.SPLASH_VERT, shaders_ground.SPLASH_FRAG),
}
UNITS = {
    "noise": NOISE_UNIT,
    "moving_depth": MOVING_UNIT,
    "still_depth": STILL_UNIT,
    "mirror": MIRROR_UNIT,
    "large": LARGE_UNIT,
    "depth": DEPTH_UNIT,
    "soft": SOFT_UNIT,
    "quarter": QUARTER_UNIT,
    "cells": CELLS_UNIT,
    "blurred": BLURRED_UNIT,
}


def noise_texture(size: int = NOISE_SIZE) -> NDArray[np.uint8]:
    """(size, size, 4) bytes that tile: clouds (1/f), grain (finer), 0, 0; means 0.5."""
    rng = np.random.default_rng(7)
    k = np.hypot(*np.meshgrid(np.fft.fftfreq(size) * size, np.fft.fftfreq(size) * size))
    layers = []
    for low, high, power in ((2.0, 40.0, 1.7), (10.0, 90.0, 0.9)):
        weight = np.where((k >= low) & (k <= high), np.maximum(k, 1.0) ** -power, 0.0)
        field = np.fft.ifft2(np.fft.fft2(rng.standard_normal((size, size))) * weight).real
        layers.append(np.clip(0.5 + 0.2 * field / field.std(), 0, 1))
    layers += [np.zeros((size, size))] * 2  # four bytes a pixel are read fastest
    return np.round(np.stack(layers, axis=2) * 255).astype(np.uint8)


class Programs:
    """Compiled programs by name and variant, and the buffers that all clips share."""

    def __init__(self, context: moderngl.Context) -> None:
        self.context = context
        self._compiled: dict[tuple[str, int, int, int, int], moderngl.Program] = {}
        self.noise = context.texture((NOISE_SIZE, NOISE_SIZE), 4, noise_texture().tobytes())
        self.noise.build_mipmaps()
        self.noise.filter = (moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR)
        self.frame = context.buffer(reserve=16 * 64)
        corners = np.array([(-1, -1), (1, -1), (-1, 1), (1, 1)], np.float32)
        self.corners = context.buffer(corners)
        chance = np.random.default_rng(11).random((max(DROPS, FLAKES, SPLASHES), 4))
        self.chance = context.buffer(chance.astype(np.float32))
        self.sky: dict[int, moderngl.VertexArray] = {}
        self.fills: dict[tuple[str, int, int], moderngl.VertexArray] = {}

    def get(
        self, name: str, style: int, variant: int = 0, lamps: int = 0, blobs: int = 0
    ) -> moderngl.Program:
        """`variant`: SKIN for meshes, KIND for planes, RAIN for what falls."""
        key = (name, style, variant, lamps, blobs)
        if key not in self._compiled:
            vertex, fragment = shaders.assemble(*TEXTS[name], style, variant, lamps, blobs)
            program = self.context.program(vertex_shader=vertex, fragment_shader=fragment)
            for block, binding in (("Frame", FRAME_BINDING), ("Bones", BONES_BINDING)):
                if block in program:
                    program[block].binding = binding
            for sampler, unit in UNITS.items():
                if sampler in program:
                    program[sampler].value = unit
            self._compiled[key] = program
        return self._compiled[key]


class Targets:
    """What is drawn into, at one size. Pictures are drawn larger and shrunk, to smooth edges."""

    def __init__(
        self, programs: Programs, width: int, height: int, supersample: float, still: int,
        moving: int,
    ) -> None:  # fmt: skip
        context = programs.context
        self.width, self.height = width, height
        self.large = (round(width * supersample), round(height * supersample))
        self.picture = context.texture(self.large, 4)
        self.picture.repeat_x = self.picture.repeat_y = False
        self.depth = context.depth_texture(self.large)
        self.depth.compare_func = ""
        self.depth.filter = (moderngl.NEAREST, moderngl.NEAREST)
        self.depth.repeat_x = self.depth.repeat_y = False
        self.main = context.framebuffer([self.picture], self.depth)
        self.small = context.framebuffer([context.renderbuffer((width, height), 4)])
        self.still = context.depth_texture((still, still))
        self.moving = context.depth_texture((moving, moving))
        for texture in (self.still, self.moving):
            texture.compare_func = "<="
            texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
            texture.repeat_x = texture.repeat_y = False
        self.still_target = context.framebuffer(depth_attachment=self.still)
        self.moving_target = context.framebuffer(depth_attachment=self.moving)
        half = (max(width // 2, 8), max(height // 2, 8))
        self.mirror = context.texture(half, 4)
        self.mirror.repeat_x = self.mirror.repeat_y = False
        self.mirror_target = context.framebuffer([self.mirror], context.depth_renderbuffer(half))
        self.still_owner: object = None  # the clip whose shadows `still` holds
        self.doubled = supersample == 2.0
        spread = 0.0 if supersample == 1.0 else SHRINK_REACH
        self.reach = (spread / self.large[0], spread / self.large[1])
        self.soft, self.soft_target = self._picture(context, SOFT_ROWS)
        self.quarter, self.quarter_target = self._picture(context, QUARTER_ROWS)
        self.blurred, self.blurred_target = self._picture(context, QUARTER_ROWS)
        self.quarter_reach = (0.5 / self.quarter.width, 0.5 / self.quarter.height)
        self.block = max(2, round(height / BLOCKS))  # pixels to a side
        blocks = (-(-width // self.block), -(-height // self.block))
        self.cells = context.texture(blocks, 4)
        self.cells_target = context.framebuffer([self.cells])

    def _picture(
        self, context: moderngl.Context, rows: int
    ) -> tuple[moderngl.Texture, moderngl.Framebuffer]:
        """A small picture of this shape, to be blurred."""
        texture = context.texture((max(round(rows * self.width / self.height), 4), rows), 4)
        texture.repeat_x = texture.repeat_y = False
        return texture, context.framebuffer([texture])

    def use_large(self) -> None:
        """Lets programs read the large picture and its depth."""
        self.picture.use(LARGE_UNIT)
        self.depth.use(DEPTH_UNIT)

    def read(self) -> NDArray[np.uint8]:
        """The picture that was drawn last, (H, W, 3), the top row first."""
        raw = self.small.read(components=4, alignment=4)
        picture = np.frombuffer(raw, np.uint8).reshape(self.height, self.width, 4)
        return picture[::-1, :, :3]

    def release(self) -> None:
        """Gives everything back."""
        for part in (self.main, self.small, self.still_target, self.moving_target,
                     self.mirror_target, self.soft_target, self.quarter_target,
                     self.blurred_target, self.blurred, self.cells_target,
                     self.picture, self.depth, self.still, self.moving, self.mirror,
                     self.soft, self.quarter, self.cells):  # fmt: skip
            part.release()
