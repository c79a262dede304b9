"""Laws of pictures: places alone, the way ahead, who is in front, what is worn, mirror images."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray

from yozora.world.labels import FIRST_SUBJECT
from yozora.world.phrases import WORN_BY
from yozora.world.places import build_stage
from yozora.world.places.stage import corridor
from yozora.world.renderer import Renderer
from yozora.world.scene import COLOURS, PLACES, Scene, Subject

WIDTH, HEIGHT, FPS = 96, 54, 12
SCENE = Scene((), "park", "day", "clear", "natural", "static", facing=15.0, seed=7, length_s=2.0)
DOG, CAT = Subject("dog", "orange", "run", look=3), Subject("cat", "blue", "sit", look=4)


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer(WIDTH, HEIGHT, fps=FPS) as made:
        yield made


def masks(renderer: Renderer, scene: Scene, t_s: float = 1.0) -> list[NDArray[np.bool_]]:
    """Where each of the scene's subjects is, (H, W) each."""
    labels = renderer.render_labels(scene, t_s, 1)
    return [labels.instance_THW[0] == FIRST_SUBJECT + i for i in range(len(labels.subject_I))]


@pytest.mark.parametrize("place", PLACES)
def test_a_place_alone_is_a_picture_and_a_way_through_it(renderer: Renderer, place: str) -> None:
    """What is on the left goes by on the left, what is on the right on the right."""
    labels = renderer.render_labels(replace(SCENE, place=place, camera="forward"), 0.5, 2)
    first = labels.frames_THW3[0]
    assert first.std() > 10
    assert not (labels.instance_THW >= FIRST_SUBJECT).any()
    across = labels.flow_THW2[0, :, :, 0]
    edge = WIDTH // 4
    assert np.median(across[HEIGHT // 2 :, :edge]) < -0.1
    assert np.median(across[HEIGHT // 2 :, -edge:]) > 0.1
    still = renderer.render(replace(SCENE, place=place), 0.5, 1)[0]
    assert still.std() > 10 and np.abs(still.astype(int) - first).mean() > 3


@pytest.mark.parametrize("place", PLACES)
def test_the_way_ahead_is_free_and_has_walls_on_both_sides(place: str) -> None:
    clear_m = 3.0
    stage = build_stage(place, "summer", "day", "clear", 5, clear_m, 1.0, False)
    ahead = 0 if stage.ahead is None else len(stage.ahead.position_V3)
    mesh = corridor(stage).mesh
    sides = mesh.position_V3[: len(mesh.position_V3) - ahead]
    left, right = np.split(sides, 2)
    np.testing.assert_allclose(right, left * (-1.0, 1.0, 1.0), atol=1e-4)
    corner_T33 = mesh.position_V3[mesh.triangle_T3]
    corner_T33 = corner_T33[(mesh.triangle_T3 < len(sides)).all(axis=1)]
    tall_T = (corner_T33[..., 1].max(axis=1) > 0.1) & (corner_T33[..., 1].min(axis=1) < 4.0)
    near_T = (corner_T33[..., 2].min(axis=1) > -20.0) & (corner_T33[..., 2].max(axis=1) < 20.0)
    assert not (np.abs(corner_T33[tall_T & near_T, :, 0]).min(axis=1) < clear_m - 0.01).any()
    assert left[:, 0].min() < -clear_m < clear_m < right[:, 0].max()


def test_a_way_ahead_is_its_own_mirror_image(renderer: Renderer) -> None:
    """But for the light, which comes from one side, and for what ends the way."""
    for place in ("forest", "library", "spaceship"):
        scene = replace(SCENE, place=place, camera="forward", weather="cloudy")
        shown = renderer.render(scene, 0.5, 1)[0].astype(float)
        same = renderer.render(scene.mirrored(), 0.5, 1)[0]
        assert np.array_equal(shown, same), "nobody is there to face another way"
        other = renderer.render(replace(scene, seed=8), 0.5, 1)[0]
        assert np.abs(shown - shown[:, ::-1]).mean() < 0.6 * np.abs(shown - other).mean()


@pytest.mark.parametrize("camera", ["crane up", "handheld"])
def test_new_cameras_move_as_they_are_called(renderer: Renderer, camera: str) -> None:
    scene = replace(SCENE, subjects=(replace(CAT, action="sit"),), camera=camera)
    down = [renderer.render_labels(scene, t, 2).flow_THW2[0] for t in (0.2, 0.6, 1.0, 1.4)]
    sky = np.array([np.median(flow[:12], axis=(0, 1)) for flow in down])
    if camera == "crane up":  # it looks down more and more: what is far away sinks out of sight
        assert (sky[:, 1] < -0.1).all() and np.abs(sky[:, 0]).max() < 0.1
    else:  # it strays, and comes back
        assert np.abs(sky).max() < 2.0 and np.ptp(np.sign(sky), axis=0).max() == 2.0


@pytest.mark.parametrize("relation", ["in front of", "behind"])
def test_who_is_in_front_is_lower_and_covers_the_other(renderer: Renderer, relation: str) -> None:
    woman = Subject("woman", "red", "stand", look=1)
    scene = replace(SCENE, subjects=(woman, CAT), relation=relation)
    labels = renderer.render_labels(scene, 1.0, 1)
    near, far = (labels.instance_THW[0] == FIRST_SUBJECT + i for i in (0, 1))
    if relation == "behind":
        near, far = far, near
    depth = labels.depth_THW[0]
    assert depth[near].max() < depth[far].min()
    assert np.nonzero(near)[0].max() > np.nonzero(far)[0].max() + 1
    assert near.sum() > 40 and far.sum() > 40


@pytest.mark.parametrize(("kind", "garment"), [(k, g) for k, all_ in WORN_BY.items() for g in all_])
def test_what_is_worn_is_seen_in_its_colour(renderer: Renderer, kind: str, garment: str) -> None:
    shown = []
    for worn in ((), ((garment, "lime"),)):
        subject = Subject(kind, "purple", "walk", look=2, worn=worn)
        labels = renderer.render_labels(replace(SCENE, subjects=(subject,)), 1.0, 1)
        on = labels.frames_THW3[0][labels.instance_THW[0] == FIRST_SUBJECT].astype(float)
        green = on @ np.array(COLOURS["lime"]) / np.linalg.norm(on + 1e-3, axis=1)
        shown.append(int((green > 0.98 * np.linalg.norm(COLOURS["lime"])).sum()))
    assert shown[1] >= shown[0] + 4, shown


@pytest.mark.parametrize(
    ("who", "camera"),
    [*product(("one", "depth", "chase", "meet"), ("static", "crane up", "handheld")),
     ("one", "forward")],
)  # fmt: skip
def test_a_mirrored_scene_shows_the_mirror_image(renderer: Renderer, who: str, camera: str) -> None:
    scene = replace(SCENE, camera=camera, weather="cloudy", facing=20.0)
    two = (replace(DOG, action="chase"), replace(CAT, action="flee"))
    people = (Subject("woman", "red", "meet"), Subject("man", "blue", "be met"))
    scene = {
        "one": replace(scene, subjects=(DOG,), facing=60.0 if camera == "forward" else 20.0),
        "depth": replace(scene, subjects=(DOG, CAT), relation="behind"),
        "chase": replace(scene, subjects=two),
        "meet": replace(scene, subjects=people),
    }[who]
    here, there = masks(renderer, scene), masks(renderer, scene.mirrored())
    for mask, mirrored in zip(here, there, strict=True):
        both = mask & mirrored[:, ::-1]
        assert both.sum() > 0.4 * (mask | mirrored[:, ::-1]).sum()
