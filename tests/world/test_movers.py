"""Laws of what moves in a place: it follows the time alone, and is sized, culled and labelled."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from yozora.world.actors import posed
from yozora.world.clip import passing_by
from yozora.world.labels import STAGE
from yozora.world.mesh import box
from yozora.world.places.movers import SPAN, Mover, Part, passing
from yozora.world.places.stage import Site, Stage, finished
from yozora.world.renderer import Renderer
from yozora.world.scene import Scene, Subject
from yozora.world.staging import stage_scene

CUBE = Part(box((1.0, 1.0, 1.0), (0.0, 0.5, 0.0), (0.9, 0.1, 0.1)))
SCENE = Scene((Subject("ball", "white", "stand"),), "park", "day", "clear", "natural", "static")


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer(160, 90) as made:
        yield made


def test_a_mover_comes_back_and_shrinks_where_it_begins_again() -> None:
    _, motion = passing([Mover((CUBE,), -2.0, 0.0, -3.0, 8.0), Mover((CUBE,), 0, 0, 0, -8.0)])
    np.testing.assert_allclose(motion(0.3), motion(0.3 + 2 * SPAN / 8.0), atol=1e-3)
    times = np.arange(0.0, 2 * SPAN / 8.0, 1 / 12)
    path = np.stack([motion(float(t))[0] for t in times])
    jumps = np.abs(np.diff(path[:, 0, 3])) > 5.0
    assert jumps.sum() == 1
    assert path[:-1][jumps][0, 1, 1] < 0.25 and path[1:][jumps][0, 1, 1] < 0.25
    assert motion(1.0)[0, 0, 3] > motion(0.0)[0, 0, 3]
    assert motion(1.0)[1, 0, 3] < motion(0.0)[1, 0, 3]
    assert np.linalg.det(motion(1.0)[:, :3, :3]).min() > 0.9


def test_a_stage_carries_its_movers_to_its_own_size_and_place() -> None:
    mesh, motion = passing([Mover((CUBE,), -2.0, 0.0, -3.0, 1.0)])
    plain = Stage(mesh, "solid", (0.5,) * 3, (0.5,) * 3, moving=mesh, motion=motion)
    site = Site("summer", "day", "clear", random.Random(0), False)
    done = finished(plain, site, 4.0, 2.0)
    assert done.moving is not None and done.motion is not None
    size = 2.0 * np.sqrt(10.0 / 8.5)
    expected = posed(mesh, motion(0.7)) * size - (0.0, 0.0, 8.0)
    np.testing.assert_allclose(posed(done.moving, done.motion(0.7)), expected, atol=1e-4)


def test_only_what_comes_into_the_picture_is_kept() -> None:
    near, far = Mover((CUBE,), 0.0, 0.0, -3.0, 1.0), Mover((CUBE,), 38.0, 0.0, -3.0, 0.1)
    mesh, motion = passing([near, far])
    kept = passing_by(mesh, motion, stage_scene(SCENE, 16 / 9), 16 / 9)
    assert set(kept.bone_V) == {0}


@pytest.mark.parametrize("place", ["road", "future city", "castle", "market", "street"])
def test_traffic_moves_and_belongs_to_the_place(renderer: Renderer, place: str) -> None:
    scene = replace(SCENE, subjects=(Subject("woman", "red", "stand"),), place=place)
    labels = renderer.render_labels(scene, 1.0, 2)
    assert np.array_equal(labels.frames_THW3, renderer.render(scene, 1.0, 2))
    change = np.abs(np.diff(labels.frames_THW3.astype(int), axis=0)[0]).max(axis=2)
    moves = np.abs(labels.flow_THW2[0]).max(axis=2) > 0.3
    moves &= labels.instance_THW[0] == STAGE
    assert moves.sum() > 15
    assert (change[moves] > 8).mean() > 0.1
