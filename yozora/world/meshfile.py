"""Meshes from files: OBJ and glTF 2.0, so that anybody's model can stand in the world.

Read with the standard library and numpy only. Every part keeps its material's base colour; the
mesh comes as one rigid bone. `fitted` turns and sizes it as the world wants things.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yozora.world import mesh as m
from yozora.world.errors import WorldError

_GREY: m.RGB = (0.6, 0.6, 0.6)  # of what has no material
_TYPES = {5120: "i1", 5121: "u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}
_DAMAGE = (
    OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError,
)  # fmt: skip
_TRIANGLES = 4  # glTF 2.0 section 3.7.2.1: the primitive modes


def load_mesh(path: Path) -> m.Mesh:
    """The mesh of a .obj, .gltf or .glb file; raises WorldError with a remedy."""
    suffix = path.suffix.lower()
    if suffix == ".obj":
        return load_obj(path)
    if suffix in (".gltf", ".glb"):
        return load_gltf(path)
    raise WorldError(f"{path.name} is not a mesh that is known here: save it as OBJ or glTF")


def fitted(mesh: m.Mesh, height_m: float, turn_deg: float = 0.0) -> m.Mesh:
    """The mesh turned about the vertical, scaled to a height, standing over the origin."""
    turned = m.turned(mesh, turn_deg)
    low, high = turned.position_V3.min(axis=0), turned.position_V3.max(axis=0)
    scale = height_m / max(float(high[1] - low[1]), 1e-9)
    middle = 0.5 * (low + high)
    return m.scaled(m.moved(turned, -middle[0], -low[1], -middle[2]), scale)


# ---------------------------------------------------------------- Wavefront OBJ


def load_obj(path: Path) -> m.Mesh:
    """A Wavefront OBJ with its .mtl beside it: `v vn f usemtl mtllib`; polygons become fans."""
    positions: list[list[float]] = []
    normals: list[list[float]] = []
    paints: dict[str, tuple[m.RGB, float]] = {}
    paint: tuple[m.RGB, float] = (_GREY, 0.0)
    faces: dict[tuple[m.RGB, float], list[list[tuple[int, int | None]]]] = {}
    try:
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            word, *rest = line.split("#")[0].split() or [""]
            if word in ("v", "vn") and len(rest) < 3:
                raise ValueError("a point of fewer than three numbers")
            if word == "v":
                positions.append(_point(rest))
            elif word == "vn":
                normals.append(_point(rest))
            elif word == "mtllib":
                paints |= _load_mtl(path.parent / " ".join(rest))
            elif word == "usemtl":
                paint = paints.get(" ".join(rest), (_GREY, 0.0))
            elif word == "f":
                corners = [_corner(c, len(positions), len(normals)) for c in rest]
                fan = [[corners[0], *corners[i : i + 2]] for i in range(1, len(corners) - 1)]
                faces.setdefault(paint, []).extend(fan)
    except _DAMAGE as error:
        raise WorldError(f"{path.name} cannot be read as OBJ ({error}): export it again") from None
    if not faces:
        raise WorldError(f"{path.name} has no faces: export it with its mesh")
    parts = [_obj_part(faces[p], positions, normals, *p, name=path.name) for p in faces]
    return m.merge(*parts)


def _point(texts: list[str]) -> list[float]:
    """Raises ValueError for what is no number, or beyond all."""
    values = [float(text) for text in texts[:3]]
    if not all(map(math.isfinite, values)):
        raise ValueError("a point that is infinitely far away")
    return values


def _corner(text: str, positions: int, normals: int) -> tuple[int, int | None]:
    """`v`, `v/vt`, `v//vn` or `v/vt/vn`; counted from 1, or backwards from the last when < 0."""
    fields = text.split("/")
    v = int(fields[0])
    n = int(fields[2]) if len(fields) > 2 and fields[2] else None
    normal = None if n is None else n - 1 if n > 0 else normals + n
    return (v - 1 if v > 0 else positions + v), normal


def _obj_part(
    faces: list[list[tuple[int, int | None]]],
    positions: list[list[float]],
    normals: list[list[float]],
    colour: m.RGB,
    glow: float,
    name: str,
) -> m.Mesh:
    if any(not 0 <= v < len(positions) for face in faces for v, _ in face):
        raise WorldError(f"{name} has faces of points that it lacks: export it again")
    corner_T33 = np.array([[positions[v] for v, _ in face] for face in faces])
    if not all(n is not None and 0 <= n < len(normals) for face in faces for _, n in face):
        return m.flat(corner_T33, colour, glow=glow)
    normal = np.array([normals[n] for face in faces for _, n in face if n is not None])
    count = np.arange(3 * len(faces))
    return m.from_arrays(corner_T33.reshape(-1, 3), normal, count, colour, glow=glow)


def _load_mtl(path: Path) -> dict[str, tuple[m.RGB, float]]:
    """Materials: Kd is the colour; Ke that is not black makes it shine."""
    paints: dict[str, tuple[m.RGB, float]] = {}
    name = ""
    if not path.is_file():
        return paints
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        word, *rest = line.split("#")[0].split() or [""]
        if word == "newmtl":
            name = " ".join(rest)
            paints[name] = (_GREY, 0.0)
        elif word in ("Kd", "Ke") and name and len(rest) >= 3:
            rgb = (float(rest[0]), float(rest[1]), float(rest[2]))
            colour, glow = paints[name]
            paints[name] = (rgb, glow) if word == "Kd" else (colour, min(1.0, max(rgb)))
    return paints


def save_obj(mesh: m.Mesh, path: Path) -> None:
    """Writes the mesh as OBJ, and its colours as .mtl beside it; bones are left out."""
    look = np.concatenate([mesh.colour_V3, mesh.glow_V[:, None]], axis=1)
    paint_P4, paint_V = np.unique(np.round(look, 4), axis=0, return_inverse=True)
    materials = [
        f"newmtl paint{i}\nKd {r:.4f} {g:.4f} {b:.4f}\nKe {k:.4f} {k:.4f} {k:.4f}"
        for i, (r, g, b, k) in enumerate(paint_P4)
    ]
    lines = [f"mtllib {path.with_suffix('.mtl').name}"]
    lines += [f"v {x:.6f} {y:.6f} {z:.6f}" for x, y, z in mesh.position_V3]
    lines += [f"vn {x:.6f} {y:.6f} {z:.6f}" for x, y, z in mesh.normal_V3]
    owner_T = paint_V.reshape(-1)[mesh.triangle_T3[:, 0]]
    for i in range(len(paint_P4)):
        lines.append(f"usemtl paint{i}")
        lines += [f"f {a}//{a} {b}//{b} {c}//{c}" for a, b, c in mesh.triangle_T3[owner_T == i] + 1]
    path.with_suffix(".mtl").write_text("\n".join(materials) + "\n", encoding="utf-8")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


# ---------------------------------------------------------------- glTF 2.0


def load_gltf(path: Path) -> m.Mesh:
    """A .gltf (buffers beside it or inside) or .glb: all triangles of its scene, nodes applied.

    Colours are the materials' base colour factors, times vertex colours where there are any;
    textures, skins and morphs are left out. Source: the glTF 2.0 specification, Khronos.
    """
    try:
        document, binary = _open_gltf(path)
        buffers = [_buffer(path, b, binary) for b in document.get("buffers", [])]
        scene = document.get("scenes", [{}])[document.get("scene", 0)]
        roots = scene.get("nodes", range(len(document.get("nodes", []))))
        parts: list[m.Mesh] = []
        for root in roots:
            _visit(document, buffers, root, np.eye(4), parts, depth=0)
    except (*_DAMAGE, struct.error) as error:
        raise WorldError(f"{path.name} cannot be read as glTF ({error}): export it again") from None
    if not parts:
        raise WorldError(f"{path.name} has no triangles: export it with its mesh")
    return m.merge(*parts)


def _open_gltf(path: Path) -> tuple[dict[str, Any], bytes]:
    """The JSON and, for .glb, the binary chunk (specification section 4.4)."""
    raw = path.read_bytes()
    if raw[:4] != b"glTF":
        return json.loads(raw.decode("utf-8")), b""
    document, binary, at = {}, b"", 12
    while at + 8 <= len(raw):
        length, kind = struct.unpack_from("<I4s", raw, at)
        chunk = raw[at + 8 : at + 8 + length]
        if kind == b"JSON":
            document = json.loads(chunk.decode("utf-8"))
        elif kind == b"BIN\0":
            binary = chunk
        at += 8 + length
    return document, binary


def _buffer(path: Path, buffer: dict[str, Any], binary: bytes) -> bytes:
    uri = buffer.get("uri")
    if uri is None:
        return binary
    if uri.startswith("data:"):
        try:
            return base64.b64decode(uri.split(",", 1)[1], validate=True)
        except binascii.Error as error:
            raise ValueError(f"bad base64: {error}") from None
    beside = (path.parent / uri).resolve()
    if not beside.is_relative_to(path.parent.resolve()):
        raise ValueError("a buffer outside the file's folder")
    return beside.read_bytes()


def _accessor(document: dict[str, Any], buffers: list[bytes], index: int) -> NDArray[np.float64]:
    """An accessor as (count, width) numbers; integers that stand for 0..1 are divided."""
    accessor = document["accessors"][index]
    view = document["bufferViews"][accessor["bufferView"]]
    kind = np.dtype(_TYPES[accessor["componentType"]])
    width, count = _WIDTHS[accessor["type"]], accessor["count"]
    start = view.get("byteOffset", 0) + accessor.get("byteOffset", 0)
    stride = view.get("byteStride") or kind.itemsize * width
    data = buffers[view["buffer"]]
    if start + (count - 1) * stride + kind.itemsize * width > len(data):
        raise ValueError("an accessor reads past its buffer")
    rows = np.ndarray((count, width), kind, data, start, (stride, kind.itemsize))
    values = rows.astype(np.float64)
    return values / np.iinfo(kind).max if accessor.get("normalized") else values


def _node_matrix(node: dict[str, Any]) -> NDArray[np.float64]:
    if "matrix" in node:
        return np.array(node["matrix"], float).reshape(4, 4).T
    x, y, z, w = node.get("rotation", (0.0, 0.0, 0.0, 1.0))
    out = np.eye(4)
    out[:3, :3] = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    out[:3, :3] *= np.array(node.get("scale", (1.0, 1.0, 1.0)))
    out[:3, 3] = node.get("translation", (0.0, 0.0, 0.0))
    return out


def _visit(
    document: dict[str, Any],
    buffers: list[bytes],
    index: int,
    above_44: NDArray[np.float64],
    parts: list[m.Mesh],
    depth: int,
) -> None:
    """A node's triangles and its children's, appended to `parts`."""
    if depth > 64:
        raise ValueError("nodes nested more than 64 deep")
    node = document["nodes"][index]
    matrix_44 = above_44 @ _node_matrix(node)
    if "mesh" in node:
        for primitive in document["meshes"][node["mesh"]]["primitives"]:
            if primitive.get("mode", _TRIANGLES) == _TRIANGLES:
                parts.append(m.transform(_primitive(document, buffers, primitive), matrix_44))
    for child in node.get("children", []):
        _visit(document, buffers, child, matrix_44, parts, depth + 1)


def _primitive(document: dict[str, Any], buffers: list[bytes], primitive: dict[str, Any]) -> m.Mesh:
    fields = primitive["attributes"]
    position = _accessor(document, buffers, fields["POSITION"])
    if "indices" in primitive:
        corners = _accessor(document, buffers, primitive["indices"]).astype(np.int64).ravel()
    else:
        corners = np.arange(len(position))
    triangle = corners[: len(corners) // 3 * 3].reshape(-1, 3)
    if triangle.size and triangle.max() >= len(position):
        raise ValueError("a triangle of points that it lacks")
    material = document["materials"][primitive["material"]] if "material" in primitive else {}
    rough = material.get("pbrMetallicRoughness", {})
    r, g, b = rough.get("baseColorFactor", _GREY if not material else (1.0, 1.0, 1.0))[:3]
    glow = min(1.0, max(material.get("emissiveFactor", (0.0,))))
    if "NORMAL" in fields:
        normal = _accessor(document, buffers, fields["NORMAL"])
        mesh = m.from_arrays(position, normal, triangle, (r, g, b), glow=glow)
    else:
        mesh = m.flat(position[triangle], (r, g, b), glow=glow)
    if "COLOR_0" in fields and "NORMAL" in fields:
        tint = _accessor(document, buffers, fields["COLOR_0"])[:, :3]
        mesh = replace(mesh, colour_V3=(mesh.colour_V3 * tint).astype(np.float32))
    return mesh
