"""A mesh file's thing alone, three quarters from the front, as training shows a subject apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from yozora.world import mesh as m
from yozora.world.assets.asset import Asset, Pose
from yozora.world.errors import WorldError
from yozora.world.meshfile import load_mesh
from yozora.world.renderer import Frames, Renderer
from yozora.world.scene import Subject

KIND = "mesh"
MOST_TRIANGLES = 1_000_000


def portrait(path: Path, size: int) -> Frames:
    """(size, size, 3) of a .obj, .gltf or .glb, whose front is its +z. Raises WorldError."""
    mesh = load_mesh(path)
    if len(mesh.triangle_T3) > MOST_TRIANGLES:
        raise WorldError(
            f"{path.name} has {len(mesh.triangle_T3)} triangles, {MOST_TRIANGLES} are the most: "
            "export it simpler"
        )
    points = mesh.position_V3
    sized = (
        len(points) > 0 and np.isfinite(points).all() and float(np.ptp(points, axis=0).max()) > 0
    )
    if not sized:
        raise WorldError(f"{path.name} has no surface, or points that lie nowhere: export it again")
    asset = asset_of_mesh(mesh)
    with Renderer(size, size) as renderer:
        return renderer.reference(Subject(KIND, "grey", "stand"), size, {KIND: asset})


def asset_of_mesh(mesh: m.Mesh) -> Asset:
    """A still thing of one metre, standing on the ground and turned as the world's things are."""
    turned = m.turned(mesh, 90.0)
    low, high = turned.position_V3.min(axis=0), turned.position_V3.max(axis=0)
    middle = 0.5 * (low + high)
    moved = m.moved(turned, -float(middle[0]), -float(low[1]), -float(middle[2]))
    shape = m.scaled(moved, 1.0 / float((high - low).max()))
    length, height, _ = (float(side) for side in np.ptp(shape.position_V3, axis=0))
    still = np.eye(4, dtype=np.float32)[None]
    return Asset(
        kind=KIND,
        plural=KIND,
        synonyms=(),
        actions={"stand": ("stands", "standing")},
        action_synonyms={},
        natural_colours=("grey",),
        wears=None,
        height_m=max(height, 0.05),
        length_m=max(length, 0.05),
        setting="ground",
        build=lambda look: shape,
        pose=lambda action, at_s, look: Pose(still),
        stride_m_s={},
    )
