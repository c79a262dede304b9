"""From the large picture to the one that is shown: it is shrunk, and its style takes hold of it."""

from __future__ import annotations

import moderngl

from yozora.world.clip import Clip
from yozora.world.drawing import (
    BLURRED_UNIT,
    CELLS_UNIT,
    QUARTER_UNIT,
    SOFT_UNIT,
    Programs,
    Targets,
)
from yozora.world.shaders import STYLE_NUMBER

PLAIN = {STYLE_NUMBER["cartoon"], STYLE_NUMBER["noir"]}  # only shrunk
WASHED, BLOCKY = STYLE_NUMBER["watercolour"], STYLE_NUMBER["pixel art"]
FLAT = {STYLE_NUMBER["papercraft"], STYLE_NUMBER["line drawing"]}  # without light from the side
FILMED = STYLE_NUMBER["3d animation"]  # all that is bright glows a little
TEXTS = {WASHED: "watercolour", BLOCKY: "pixels", STYLE_NUMBER["papercraft"]: "paper",
         STYLE_NUMBER["line drawing"]: "lines"}  # fmt: skip
GLOWING, FOCUSED, MIXED = 1, 2, 3  # what the soft picture holds


def develop(clip: Clip, targets: Targets, programs: Programs, t_s: float) -> None:
    """Finishes `targets.main` into `targets.small`."""
    context = programs.context
    context.enable_only(moderngl.NOTHING)
    targets.use_large()
    style = clip.style
    name, kind = TEXTS.get(style, "post"), 0
    if style in PLAIN:
        name, kind = "shrink", int(targets.doubled)
    elif style == BLOCKY:
        targets.cells_target.use()
        _fill(clip, targets, programs, "cell", 0, t_s)
        targets.cells.use(CELLS_UNIT)
    elif style not in FLAT:
        kind = soft_kind(clip)
        if kind:
            targets.quarter_target.use()
            _fill(clip, targets, programs, "quarter", kind, t_s)
            targets.quarter.use(QUARTER_UNIT)
            targets.blurred_target.use()
            _fill(clip, targets, programs, "blur", kind, t_s)
            targets.blurred.use(BLURRED_UNIT)
        targets.soft_target.use()
        _fill(clip, targets, programs, "soft", kind, t_s)
        targets.soft.use(SOFT_UNIT)
    targets.small.use()
    _fill(clip, targets, programs, name, kind, t_s)


def soft_kind(clip: Clip) -> int:
    """What a clip's picture is blurred for; 0: nothing."""
    if clip.style == WASHED:
        return MIXED
    if clip.staging.scene.place == "studio" and clip.views is None:
        return FOCUSED
    lit = any(lamp.power > 0.0 for lamp in clip.stage.lamps)
    sun = clip.stage.sky and max(clip.light.disc) > 0.0
    lit = lit or any(actor.mesh.glow_V.max() > 0.3 for actor in clip.staging.actors)
    return GLOWING if lit or sun or clip.stage.glows or clip.style == FILMED else 0


def _fill(
    clip: Clip, targets: Targets, programs: Programs, name: str, kind: int, t_s: float
) -> None:
    """One triangle over the whole target."""
    program = programs.get(name, clip.style, kind)
    if "lens" in program:
        lens = clip.view_at(t_s).projection(clip.aspect)
        program["lens"].value = (lens[2, 2], lens[2, 3])
    if "reach" in program:
        program["reach"].value = targets.quarter_reach if name == "quarter" else targets.reach
    if "cell" in program:
        program["cell"].value = (targets.block / targets.width, targets.block / targets.height)
    if "block" in program:
        program["block"].value = targets.block
    key = (name, clip.style, kind)
    if key not in programs.fills:
        programs.fills[key] = programs.context.vertex_array(program, [])
    programs.fills[key].render(moderngl.TRIANGLES, vertices=3)
