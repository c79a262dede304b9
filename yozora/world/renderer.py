"""Scene -> frames, with OpenGL 3.3: on Mesa's software renderer or on a graphics card.

    with Renderer(256, 144) as renderer:
        frames_THW3 = renderer.render(scene)

One process renders on one core; run one process a core. Equal scenes give equal bytes on one
machine, whatever was rendered before, and any part of a clip equals that part of the whole.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType

import moderngl
import numpy as np
from numpy.typing import NDArray

from yozora.world.assets import ASSETS
from yozora.world.assets.asset import Asset
from yozora.world.clip import REFERENCE_S, Clip, bare_clip, load_clip, reference_clip
from yozora.world.drawing import Programs, Targets
from yozora.world.errors import WorldError
from yozora.world.labels import LabelPass, Labels
from yozora.world.passes import draw_frame
from yozora.world.scene import Scene, Subject

Frames = NDArray[np.uint8]
Floats = NDArray[np.float32]

FPS = 12
SUPERSAMPLE = 1.5  # 2.0 has smoother edges at two thirds of the speed
COARSE = 4  # samples across a cell when only the subjects' share of it is asked
CLIPS_KEPT = 2  # scenes whose meshes stay loaded
SHADOW_STILL = 512  # pixels of the shadow map of the surroundings, drawn once a clip
SHADOW_MOVING = 256  # of the subjects, drawn for each frame


def create_context() -> moderngl.Context:
    """A context without a window. Mesa's software renderer gets no threads of its own: that is
    fastest with one process a core. WorldError where there is no OpenGL."""
    os.environ.setdefault("LP_NUM_THREADS", "0")
    try:
        return moderngl.create_context(standalone=True, backend="egl", require=330)
    except Exception as error:
        raise WorldError(
            "this machine has no OpenGL without a window (EGL): install it, for instance "
            f"`apt-get install libegl1 libgl1-mesa-dri`, and try again ({error})."
        ) from error


class Renderer:
    """Renders scenes at one size and frame rate. Close it, or use it in a `with`."""

    def __init__(
        self, width: int, height: int, fps: int = FPS, supersample: float = SUPERSAMPLE
    ) -> None:
        """`supersample`: how much larger than asked pictures are drawn before they are shrunk."""
        if min(width, height) < 16 or max(width, height) > 4096:
            raise WorldError(
                f"{width}x{height} pixels asked: choose each side between 16 and 4096."
            )
        self.width, self.height, self.fps = width, height, fps
        self.context = create_context()
        self._supersample = supersample
        self._programs = Programs(self.context)
        self._targets = Targets(
            self._programs, width, height, self._supersample, SHADOW_STILL, SHADOW_MOVING
        )
        self._label_pass: LabelPass | None = None
        self._coarse_pass: LabelPass | None = None
        self._clips: OrderedDict[Scene, Clip] = OrderedDict()

    def __enter__(self) -> Renderer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Gives back everything on the graphics side."""
        for clip in self._clips.values():
            clip.release()
        self._clips.clear()
        self.context.release()

    def frame_count(self, scene: Scene) -> int:
        """How many frames the whole scene has."""
        return max(1, round(scene.length_s * self.fps))

    def render(self, scene: Scene, start_s: float = 0.0, frames: int | None = None) -> Frames:
        """Frames (T, H, W, 3) from `start_s` on; `frames` None: to the end of the scene."""
        if frames is None:
            frames = max(1, self.frame_count(scene) - round(start_s * self.fps))
        out = np.empty((frames, self.height, self.width, 3), np.uint8)
        with self.context:
            clip = self._clip(scene)
            for i in range(frames):
                draw_frame(clip, self._targets, self._programs, start_s + i / self.fps)
                out[i] = self._targets.read()
        return out

    def stream(self, scene: Scene) -> Iterator[Frames]:
        """The whole scene's frames (H, W, 3), one after another: of any length in little memory."""
        for i in range(max(1, self.frame_count(scene))):
            yield self.render(scene, i / self.fps, 1)[0]

    def render_labels(
        self, scene: Scene, start_s: float = 0.0, frames: int | None = None
    ) -> Labels:
        """The same frames with what is in them, exactly (see `labels.py`)."""
        pictures = self.render(scene, start_s, frames)
        with self.context:
            if self._label_pass is None:
                self._label_pass = LabelPass(self.context, self.width, self.height)
            return self._label_pass.labels(self._clip(scene), pictures, start_s, self.fps)

    def subject_share(
        self, scene: Scene, seconds: Sequence[float], cell_px: int, bare: bool = False
    ) -> Floats:
        """How much of each cell of the picture subjects cover at some times, and how much the first
        of them: (T, 2, rows, columns) in [0, 1]. From a coarse draw; `cell_px` divides both sides.

        `bare`: the place is not built, so that nothing of it hides a subject: several times as
        fast, and within 1 % of what they cover (docs/log.md).
        """
        fine = max(1, cell_px // COARSE)
        with self.context:
            if self._coarse_pass is None:
                self._coarse_pass = LabelPass(self.context, self.width // fine, self.height // fine)
            clip = bare_clip(self.context, scene, self.width / self.height) if bare else None
            seen = self._coarse_pass.subjects(clip or self._clip(scene), seconds)
            if clip is not None:
                clip.release()
        rows, columns = self.height // cell_px, self.width // cell_px
        t, two, h, w = seen.shape
        parts = seen.reshape(t, two, rows, h // rows, columns, w // columns)
        return parts.mean((3, 5), np.float32)

    def reference(
        self, subject: Subject, size: int = 192, assets: Mapping[str, Asset] = ASSETS
    ) -> Frames:
        """The subject alone before a plain backdrop, three quarters from the front: (H, W, 3)."""
        with self.context:
            clip = reference_clip(self.context, subject, assets)
            targets = Targets(
                self._programs, size, size, self._supersample, SHADOW_STILL, SHADOW_MOVING
            )
            draw_frame(clip, targets, self._programs, REFERENCE_S)
            picture = targets.read().copy()
            clip.release()
            targets.release()
        return picture

    def _clip(self, scene: Scene) -> Clip:
        if scene in self._clips:
            self._clips.move_to_end(scene)
            return self._clips[scene]
        clip = load_clip(self.context, scene, self.width / self.height)
        self._clips[scene] = clip
        while len(self._clips) > CLIPS_KEPT:
            self._clips.popitem(last=False)[1].release()
        return clip
