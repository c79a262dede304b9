"""Laws of assets: whoever adds a file to the folder gets these for nothing."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from yozora.world import assets
from yozora.world.assets import ASSETS, Asset, Look, find_assets
from yozora.world.mesh import Mesh
from yozora.world.scene import COLOURS

KINDS = ("ball", "bird", "boat", "box", "car", "cat", "child", "dog", "flower", "horse", "man",
         "robot", "spaceship", "woman")  # fmt: skip
MOST_TRIANGLES = 1500
MOST_BONES = 40  # the renderer's uniform block
COLOUR_SHARE = 0.35  # of what is seen, in every look and from every side that we try
COLOUR_SHARE_MEAN = 0.45
ALSO_OTHERS = {"superhero": (0.28, 0.34), "astronaut": (0.35, 0.36)}  # a cape; white parts
CASES = [(kind, action) for kind in ASSETS for action in ASSETS[kind].actions]


def posed(mesh: Mesh, bones_B44: NDArray[np.float32]) -> NDArray[np.float32]:
    matrices = bones_B44[mesh.bone_V]
    moved = np.einsum("vij,vj->vi", matrices[:, :3, :3], mesh.position_V3)
    return np.asarray(moved + matrices[:, :3, 3], np.float32)


def at(asset: Asset, action: str, t_s: float, look: Look) -> NDArray[np.float32]:
    return posed(asset.build(look), asset.pose(action, t_s, look).bones_B44)


def colour_share(asset: Asset, look: Look, yaw_deg: float) -> float:
    """The share of the visible surface that has the look's colour, or a shade of it.

    Points drawn evenly from the triangles fall on a coarse picture; the nearest in each cell wins.
    """
    mesh = asset.build(look)
    calm = next(iter(asset.actions))
    corner_T33 = posed(mesh, asset.pose(calm, 60.0, look).bones_B44)[mesh.triangle_T3]
    edge = np.cross(corner_T33[:, 1] - corner_T33[:, 0], corner_T33[:, 2] - corner_T33[:, 0])
    area = np.linalg.norm(edge, axis=1) + 1e-12
    rng = np.random.default_rng(0)
    pick = rng.choice(len(area), 40_000, p=area / area.sum())
    u, v = rng.random((2, len(pick), 1))
    u, v = np.where(u + v > 1, 1 - u, u), np.where(u + v > 1, 1 - v, v)
    a, b, c = corner_T33[pick].transpose(1, 0, 2)
    point = a + u * (b - a) + v * (c - a)
    turn = np.radians(yaw_deg)
    across = point[:, 0] * np.cos(turn) + point[:, 2] * np.sin(turn)
    depth = -point[:, 0] * np.sin(turn) + point[:, 2] * np.cos(turn)
    facing = edge[pick, 2] * np.cos(turn) - edge[pick, 0] * np.sin(turn) > 0
    cell = asset.height_m / 40.0
    key = np.floor(across / cell).astype(int) * 1000 + np.floor(point[:, 1] / cell).astype(int)
    order = np.lexsort((-depth, key))
    order = order[facing[order]]
    _, first = np.unique(key[order], return_index=True)
    seen = mesh.colour_V3[mesh.triangle_T3[pick[order[first]], 0]]
    base = np.array(look.rgb)
    parallel = seen @ base / (np.linalg.norm(seen, axis=1) * np.linalg.norm(base) + 1e-9)
    size = np.linalg.norm(seen, axis=1) / np.linalg.norm(base)
    return float(((parallel > 0.995) & (size > 0.5) & (size < 1.3)).mean())


def test_the_kinds_are_there() -> None:
    assert set(KINDS) <= set(ASSETS)
    assert list(ASSETS) == sorted(ASSETS)


@pytest.mark.parametrize("kind", ASSETS)
def test_words(kind: str) -> None:
    asset = ASSETS[kind]
    assert 2 <= len(asset.actions) <= 16
    assert asset.setting in ("ground", "water", "air")
    assert set(asset.natural_colours) <= set(COLOURS) and len(asset.natural_colours) >= 3
    assert set(asset.stride_m_s) == set(asset.actions) == set(asset.action_synonyms)
    assert len(set(asset.synonyms)) == len(asset.synonyms) >= 8
    for words in (*asset.actions.values(), asset.synonyms, *asset.action_synonyms.values()):
        assert all(word == word.strip().lower() and word for word in words)


def test_no_word_means_two_kinds() -> None:
    words = [w for a in ASSETS.values() for w in (a.kind, a.plural, *a.synonyms)]
    assert sorted(words) == sorted(set(words))


@pytest.mark.parametrize("kind", ASSETS)
@pytest.mark.parametrize("seed", range(6))
def test_meshes(kind: str, seed: int) -> None:
    asset = ASSETS[kind]
    look = Look(seed, list(COLOURS)[(seed * 5 + len(kind)) % len(COLOURS)])
    mesh = asset.build(look)
    assert 0 < len(mesh.triangle_T3) <= MOST_TRIANGLES
    for values in (mesh.position_V3, mesh.normal_V3, mesh.colour_V3, mesh.glow_V):
        assert values.dtype == np.float32 and np.isfinite(values).all()
    assert np.allclose(np.linalg.norm(mesh.normal_V3, axis=1), 1.0, atol=1e-4)
    assert mesh.colour_V3.min() >= 0.0 and mesh.colour_V3.max() <= 1.0
    assert mesh.triangle_T3.min() >= 0 and mesh.triangle_T3.max() < len(mesh.position_V3)
    again = asset.build(look)
    assert np.array_equal(mesh.position_V3, again.position_V3)


@pytest.mark.parametrize("kind", ASSETS)
@pytest.mark.parametrize("seed", range(3))
def test_it_stands_on_the_ground_and_has_its_size(kind: str, seed: int) -> None:
    asset = ASSETS[kind]
    calm = next(iter(asset.actions))
    points = at(asset, calm, 60.0, Look(seed, "red"))
    low, high = points.min(axis=0), points.max(axis=0)
    if asset.setting == "water":
        assert -0.15 * asset.height_m < low[1] < 0.0
    elif asset.setting == "air":
        assert -0.035 * asset.height_m < low[1] < 0.6 * asset.height_m
    else:
        assert low[1] == pytest.approx(0.0, abs=0.035 * asset.height_m)
    ground = low[1] if asset.setting == "air" else 0.0
    assert high[1] - ground == pytest.approx(asset.height_m, rel=0.2)
    assert 0.5 * asset.length_m < high[0] - low[0] < 1.25 * asset.length_m


@pytest.mark.parametrize(("kind", "action"), CASES)
def test_poses_are_rigid_up_to_size_and_pure(kind: str, action: str) -> None:
    asset, look = ASSETS[kind], Look(3, "blue")
    bones = int(asset.build(look).bone_V.max()) + 1
    for t_s in (0.0, 0.4, 1.7, 30.0):
        pose = asset.pose(action, t_s, look).bones_B44
        assert pose.dtype == np.float32 and bones <= len(pose) <= MOST_BONES
        assert np.isfinite(pose).all()
        assert np.allclose(pose[:, 3], (0, 0, 0, 1))
        if (kind, action) == ("ball", "bounce"):  # it is squashed where it meets the ground
            pose = pose / np.cbrt(np.linalg.det(pose[:, :3, :3]))[:, None, None]
            stretch = np.linalg.svd(pose[:, :3, :3], compute_uv=False)
            assert stretch.max() < 1.4 and stretch.min() > 0.6
            continue
        size = np.cbrt(np.linalg.det(pose[:, :3, :3].astype(float)))
        assert (size > 0).all()
        turn = pose[:, :3, :3] / size[:, None, None]
        assert np.allclose(turn @ turn.transpose(0, 2, 1), np.eye(3), atol=1e-3)
        assert np.array_equal(pose, asset.pose(action, t_s, look).bones_B44)


@pytest.mark.parametrize(("kind", "action"), CASES)
def test_motion_is_smooth_and_stays_above_ground(kind: str, action: str) -> None:
    asset, look = ASSETS[kind], Look(4, "green")
    mesh = asset.build(look)
    frames = [posed(mesh, asset.pose(action, i / 48.0, look).bones_B44) for i in range(97)]
    steps = [float(np.abs(b - a).max()) for a, b in pairwise(frames)]
    assert max(steps) < 0.3 * max(asset.height_m, asset.length_m)
    if asset.setting == "ground":
        assert min(float(f[:, 1].min()) for f in frames) > -0.06 * asset.height_m


@pytest.mark.parametrize("kind", ASSETS)
def test_actions_look_different(kind: str) -> None:
    """Some moment of each action is far from every moment of every other, legs' phases aside."""
    asset, look = ASSETS[kind], Look(5, "red")
    mesh = asset.build(look)
    moments = np.arange(24) / 12.0

    def clip(action: str) -> NDArray[np.float32]:
        still = np.stack([posed(mesh, asset.pose(action, t, look).bones_B44) for t in moments])
        still[..., 0] += (asset.stride_m_s[action] * moments)[:, None]
        return np.asarray(np.diff(still, axis=0))

    clips = {action: clip(action) for action in asset.actions}
    heights = {a: at(asset, a, 0.9, look) for a in asset.actions}
    for a in asset.actions:
        for b in asset.actions:
            if a < b:
                motion = np.abs(np.abs(clips[a]).mean() - np.abs(clips[b]).mean())
                shape = np.abs(heights[a] - heights[b]).mean()
                assert max(motion, shape) > 0.015 * asset.height_m, (a, b)


@pytest.mark.parametrize("kind", ASSETS)
def test_the_colour_covers_what_is_seen(kind: str) -> None:
    asset, best = ASSETS[kind], ASSETS[kind].shown_deg
    yaws = (0.0, 50.0) if best is None else (best - 25.0, best + 25.0)
    shares = [
        colour_share(asset, Look(seed, colour), yaw)
        for seed, colour in enumerate(("red", "blue", "yellow", "green", "purple", "orange"))
        for yaw in yaws
    ]
    least, mean = ALSO_OTHERS.get(kind, (COLOUR_SHARE, COLOUR_SHARE_MEAN))
    assert min(shares) >= least
    assert float(np.mean(shares)) >= mean


@pytest.mark.parametrize("kind", ASSETS)
def test_individuals_differ(kind: str) -> None:
    asset = ASSETS[kind]
    meshes = [asset.build(Look(seed, "red")) for seed in range(8)]
    prints = {(len(x.position_V3), round(float(np.abs(x.position_V3).sum()), 3),
               round(float(x.colour_V3.sum()), 2)) for x in meshes}  # fmt: skip
    assert len(prints) >= 3


@pytest.mark.parametrize(
    "kind",
    [
        "dog",
        "cat",
        "horse",
        "woman",
        "man",
        "child",
        "robot",
        "dinosaur",
        "dragon",
        "elephant",
        "bear",
        "lion",
        "cow",
    ],
)
def test_feet_do_not_skate(kind: str) -> None:
    """While something walks, the foot on the ground stays about where it is in the world."""
    asset, look = ASSETS[kind], Look(2, "red")
    mesh = asset.build(look)
    times = np.arange(0.0, 2.0, 1.0 / 60.0)
    speed = asset.stride_m_s["walk"]
    points = np.stack([posed(mesh, asset.pose("walk", t, look).bones_B44) for t in times])
    lowest = points[:-1, :, 1].argmin(axis=1)
    step = np.array([points[i + 1, v, 0] - points[i, v, 0] for i, v in enumerate(lowest)])
    drift = step * 60.0 + speed
    assert float(np.median(np.abs(drift))) < 0.4 * speed


def test_poses_are_quick() -> None:
    for asset in ASSETS.values():
        look = Look(1, "red")
        for action in asset.actions:
            asset.pose(action, 0.0, look)
            best = min(_timed(asset, action, look) for _ in range(5))
            assert best < 1e-3, (asset.kind, action)


def _timed(asset: Asset, action: str, look: Look) -> float:
    begun = time.perf_counter()
    for i in range(10):
        asset.pose(action, 0.1 * i, look)
    return (time.perf_counter() - begun) / 10.0


def test_a_new_file_adds_a_kind(tmp_path: Path) -> None:
    (tmp_path / "lantern_for_a_test.py").write_text(
        "from dataclasses import replace\n"
        "from yozora.world.assets.ball import ASSET as BALL\n"
        "ASSET = replace(BALL, kind='lantern', plural='lanterns')\n"
    )
    assets.__path__.append(str(tmp_path))
    try:
        found = find_assets()
    finally:
        assets.__path__.remove(str(tmp_path))
    assert set(found) == set(ASSETS) | {"lantern"}
