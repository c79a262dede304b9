"""Reference files of the command line: pictures stay names, meshes are drawn.

Only here: nothing on the way from a prompt to a film may know the world's renderer.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yozora.media.references import Reference

MESH_PX = 192  # side at which a mesh is drawn: as much as any weights take


def drawn(files: Sequence[Path]) -> tuple[Path | Reference, ...]:
    """The same files, each mesh as a picture of it. Raises MediaError, WorldError."""
    from yozora.media.references import is_mesh

    return tuple(mesh(file) if is_mesh(file) else file for file in files)


def mesh(path: Path) -> Reference:
    """A .obj, .gltf or .glb from three quarters before the plain backdrop."""
    from yozora.media.references import Reference, read_bytes
    from yozora.world.errors import WorldError

    raw = read_bytes(path)
    if importlib.util.find_spec("moderngl") is None:
        raise WorldError(
            "drawing a mesh needs the package moderngl: pip install '.[world]' here, or give a "
            "picture of it"
        )
    from yozora.world.portrait import portrait

    return Reference(path.name, hashlib.sha256(raw).hexdigest(), portrait(path, MESH_PX))
