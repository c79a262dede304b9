"""Laws of meshes: solids are closed and face outward, normals are unit, files give back meshes."""

from __future__ import annotations

import base64
import json
import struct
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from yozora.world import mesh as m
from yozora.world.errors import WorldError
from yozora.world.meshfile import fitted, load_gltf, load_mesh, load_obj, save_obj

RED: m.RGB = (0.8, 0.1, 0.1)
SOLIDS: dict[str, m.Mesh] = {
    "box": m.box((1, 2, 3), (1, 1, 1), RED),
    "tapered box": m.box((1, 2, 3), (1, 1, 1), RED, top=(0.5, 0.7), top_shift=0.2),
    "ellipsoid": m.ellipsoid((1, 2, 3), (1, 1, 1), RED),
    "capsule": m.capsule((0, 0, 0), (1, 1, 1), 0.3, 0.1, RED),
    "cylinder": m.cylinder((0, 0, 0), (0, 1, 0), 0.3, RED),
    "cone": m.cone((0, 0, 0), 0.3, (0, 1, 0.5), RED),
    "tube": m.tube([(0, 0, 0), (1, 0, 0), (2, 1, 0)], [0.3, 0.4, 0.1], RED),
    "tube along z": m.tube([(0, 0, 0), (0, 0.1, 1), (0, 0.2, 2)], [0.3, 0.4, 0.1], RED),
    "slab": m.slab([(0, 0), (1, 0), (1, 1), (0, 1)], 0.5, (0, 0, 0), RED),
    "bevelled slab": m.slab([(0, 0), (1, 0), (1, 1), (0, 1)], 0.5, (0, 0, 0), RED, rim=0.8),
    "lathe": m.lathe([(0.0, 0.0), (0.1, 0.5), (0.9, 0.4), (1.0, 0.0)], (0, 0, 0), RED),
}


def volume(mesh: m.Mesh) -> float:
    a, b, c = mesh.position_V3[mesh.triangle_T3].astype(float).transpose(1, 0, 2)
    return float((np.cross(a, b) * c).sum() / 6.0)


def outward(mesh: m.Mesh) -> bool:
    """Whether every face's winding agrees with its vertices' normals."""
    a, b, c = mesh.position_V3[mesh.triangle_T3].astype(float).transpose(1, 0, 2)
    face = np.cross(b - a, c - a)
    return bool((np.einsum("ij,ij->i", face, mesh.normal_V3[mesh.triangle_T3].mean(1)) > 0).all())


@pytest.mark.parametrize("name", SOLIDS)
def test_solids_face_outward_with_unit_normals(name: str) -> None:
    mesh = SOLIDS[name]
    assert volume(mesh) > 0.0
    assert outward(mesh)
    assert np.allclose(np.linalg.norm(mesh.normal_V3, axis=1), 1.0, atol=1e-5)
    assert mesh.triangle_T3.max() < len(mesh.position_V3)


@pytest.mark.parametrize("name", SOLIDS)
def test_moving_keeps_the_laws(name: str) -> None:
    mesh = SOLIDS[name]
    for other in (m.turned(mesh, 33.0), m.mirrored(mesh), m.moved(mesh, 1, 2, 3)):
        assert volume(other) == pytest.approx(volume(mesh), rel=1e-3)
        assert outward(other)
    assert volume(m.scaled(mesh, (2, 1, 1))) == pytest.approx(2.0 * volume(mesh), rel=1e-3)
    assert outward(m.scaled(mesh, (2, 1, 0.5)))


def test_round_solids_have_their_volume() -> None:
    ball = m.ellipsoid((1, 1, 1), (0, 0, 0), RED, rings=24, sectors=32)
    assert volume(ball) == pytest.approx(4.0 / 3.0 * np.pi, rel=0.03)
    assert volume(SOLIDS["box"]) == pytest.approx(6.0)


def test_turning_by_ninety_points_away_from_the_viewer() -> None:
    arrow = m.turned(m.box((0.1, 0.1, 0.1), (1, 0, 0), RED), 90.0)
    assert np.allclose(arrow.position_V3.mean(0), (0, 0, -1), atol=1e-5)


def test_merge_keeps_every_part() -> None:
    parts = list(SOLIDS.values())
    whole = m.merge(*parts)
    assert len(whole.triangle_T3) == sum(len(p.triangle_T3) for p in parts)
    assert volume(whole) == pytest.approx(sum(map(volume, parts)), rel=1e-4)
    assert len(m.merge().triangle_T3) == 0


def test_plane_faces_up() -> None:
    ground = m.plane((4, 2), (0, 0, 0), RED, cells=3)
    a, b, c = ground.position_V3[ground.triangle_T3].transpose(1, 0, 2)
    face = np.cross(b - a, c - a)
    assert (face[:, 1] > 0).all()
    assert face[:, 1].sum() / 2.0 == pytest.approx(8.0)


def test_obj_round_trip(tmp_path: Path) -> None:
    mesh = m.merge(
        m.box((1, 2, 1), (0, 1, 0), RED), m.ellipsoid((1, 1, 1), (3, 1, 0), (0, 0, 1), glow=0.5)
    )
    save_obj(mesh, tmp_path / "thing.obj")
    again = load_mesh(tmp_path / "thing.obj")
    assert volume(again) == pytest.approx(volume(mesh), rel=1e-4)
    assert outward(again)
    colours = {(*map(float, c), float(g)) for c, g in zip(
        np.round(again.colour_V3, 2), np.round(again.glow_V, 2), strict=True)}  # fmt: skip
    assert len(colours) == 2


def test_obj_polygons_and_counting_backwards(tmp_path: Path) -> None:
    text = "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nf -4 -3 -2 -1\n"
    (tmp_path / "quad.obj").write_text(text)
    quad = load_obj(tmp_path / "quad.obj")
    assert len(quad.triangle_T3) == 2
    assert np.allclose(quad.normal_V3, (0, 0, 1))


def gltf(mesh: m.Mesh, embed: bool) -> tuple[dict[str, Any], bytes]:
    """A minimal document with one node that lifts the mesh by 2 m."""
    blobs = [mesh.position_V3.tobytes(), mesh.normal_V3.tobytes(),
             mesh.triangle_T3.astype("<u4").tobytes()]  # fmt: skip
    data, starts = b"".join(blobs), np.cumsum([0] + [len(b) for b in blobs])
    count = len(mesh.position_V3)
    document: dict[str, Any] = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"children": [1], "translation": [0, 2, 0]}, {"mesh": 0}],
        "meshes": [{"primitives": [
            {"attributes": {"POSITION": 0, "NORMAL": 1}, "indices": 2, "material": 0}]}],
        "materials": [{"pbrMetallicRoughness": {"baseColorFactor": [*RED, 1.0]}}],
        "buffers": [{"byteLength": len(data)}],
        "bufferViews": [{"buffer": 0, "byteOffset": int(s), "byteLength": len(b)}
                        for s, b in zip(starts, blobs, strict=False)],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": count, "type": "VEC3"},
            {"bufferView": 1, "componentType": 5126, "count": count, "type": "VEC3"},
            {"bufferView": 2, "componentType": 5125, "count": mesh.triangle_T3.size,
             "type": "SCALAR"}],
    }  # fmt: skip
    if embed:
        uri = "data:application/octet-stream;base64," + base64.b64encode(data).decode()
        document["buffers"][0]["uri"] = uri
    return document, data


@pytest.mark.parametrize("binary", [False, True])
def test_gltf_round_trip(tmp_path: Path, binary: bool) -> None:
    mesh = SOLIDS["capsule"]
    document, data = gltf(mesh, embed=not binary)
    path = tmp_path / ("thing.glb" if binary else "thing.gltf")
    text = json.dumps(document).encode()
    if binary:
        text += b" " * (-len(text) % 4)
        data += b"\0" * (-len(data) % 4)
        chunks = struct.pack("<I4s", len(text), b"JSON") + text
        chunks += struct.pack("<I4s", len(data), b"BIN\0") + data
        path.write_bytes(struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks)
    else:
        path.write_bytes(text)
    again = load_gltf(path)
    assert np.allclose(again.position_V3, mesh.position_V3 + (0, 2, 0), atol=1e-5)
    assert np.allclose(again.normal_V3, mesh.normal_V3, atol=1e-5)
    assert np.array_equal(again.triangle_T3, mesh.triangle_T3)
    assert np.allclose(again.colour_V3, RED)


def test_fitted_stands_on_the_ground() -> None:
    mesh = fitted(m.moved(SOLIDS["capsule"], 5, 7, -3), height_m=1.5, turn_deg=40.0)
    low, high = mesh.position_V3.min(0), mesh.position_V3.max(0)
    assert low[1] == pytest.approx(0.0, abs=1e-5)
    assert high[1] == pytest.approx(1.5, abs=1e-5)
    assert np.allclose((low + high)[[0, 2]], 0.0, atol=1e-5)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.obj", "v 0 0 zero\n"),
        ("b.obj", "v 0 0 0\nf 1 2 3\n"),
        ("c.obj", ""),
        ("j.obj", "v 1e400 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n"),
        ("d.gltf", "{"),
        ("e.gltf", "{}"),
        ("f.stl", "solid"),
        ("g.gltf", '{"nodes": [{"children": [0]}]}'),
        ("h.glb", "glTF"),
        ("i.gltf", '{"buffers": [{"uri": "../../secret.bin"}]}'),
    ],
)
def test_bad_files_get_a_sentence(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    with warnings.catch_warnings(), pytest.raises(WorldError, match=name):
        warnings.simplefilter("error")
        load_mesh(tmp_path / name)
