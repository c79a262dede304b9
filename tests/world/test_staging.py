"""Laws of the staging: who stands where, what two do with each other, and what a mirror shows."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from yozora.world.actors import Actor, Staging
from yozora.world.assets.skeleton import FORE_R, PRESENT
from yozora.world.errors import WorldError
from yozora.world.pairs import GREETING, PAIRS
from yozora.world.sample import sample_scene
from yozora.world.scene import ACROSS, CAMERAS, DEEP, Scene, Subject
from yozora.world.staging import stage_scene

ASPECT, WIDTH, HEIGHT = 16 / 9, 160, 90
TIMES_S = (0.0, 1.0, 2.0, 3.0, 4.0)
SCENE = Scene((), "park", "day", "clear", "natural", "static", facing=20.0, seed=4)
Floats = NDArray[np.float64]


def pair(name: str, first: str = "woman", second: str = "man", facing: float = 20.0) -> Staging:
    two = (Subject(first, "red", name, look=2), Subject(second, "blue", PAIRS[name].partner))
    return stage_scene(replace(SCENE, subjects=two, facing=facing), ASPECT)


def towards(actor: Actor) -> Floats:
    """The way that it looks, a unit vector on the ground."""
    a = math.radians(actor.facing_deg)
    return np.array((math.cos(a), 0.0, -math.sin(a)))


def between(staging: Staging, t_s: float) -> Floats:
    """From where the first stands to where the second does, in metres."""
    first, second = staging.actors
    return np.subtract(second.place_at(t_s), first.place_at(t_s))


def part_at(actor: Actor, bone: int, t_s: float) -> Floats:
    return np.asarray(actor.points_at(t_s)[actor.mesh.bone_V == bone].mean(axis=0), np.float64)


def feet(staging: Staging, t_s: float) -> Floats:
    """Of each actor: pixels from the left and from the top, metres from the camera."""
    places = np.array(staging.places_at(t_s))
    return staging.view_at(t_s, ASPECT).project(places, WIDTH, HEIGHT)


# ---------------------------------------------------------------- two who do something together


@pytest.mark.parametrize("facing", [20.0, 160.0, 350.0])
@pytest.mark.parametrize("name", [name for name, pair in PAIRS.items() if pair.face])
def test_who_meets_greets_or_gives_looks_at_the_other(name: str, facing: float) -> None:
    staging = pair(name, facing=facing)
    for t_s in TIMES_S:
        way = between(staging, t_s)
        way /= np.linalg.norm(way)
        first, second = staging.actors
        assert towards(first) @ way == pytest.approx(1.0, abs=1e-6)
        assert towards(second) @ way == pytest.approx(-1.0, abs=1e-6)


@pytest.mark.parametrize("kinds", [("woman", "man"), ("child", "robot"), ("knight", "child")])
def test_hands_that_shake_touch(kinds: tuple[str, str]) -> None:
    staging = pair("shake hands", *kinds)
    tallest = max(actor.asset.height_m * actor.size for actor in staging.actors)
    for t_s in (0.5, 2.0):
        hands = []
        for actor in staging.actors:
            points = actor.points_at(t_s)[actor.mesh.bone_V == FORE_R]
            ahead = points @ towards(actor)
            hands.append(points[ahead >= np.percentile(ahead, 80)].mean(axis=0))
        assert np.linalg.norm(hands[0] - hands[1]) < 0.17 * tallest


def test_a_present_goes_from_hand_to_hand() -> None:
    first, second = pair("give").actors
    moments = np.arange(0.0, 3.7, 1 / 24)  # then the act begins again
    size = [[np.ptp(a.points_at(t)[a.mesh.bone_V == PRESENT], axis=0).max()
             for a in (first, second)] for t in moments]  # fmt: skip
    held = np.array(size) > 0.05
    assert (held.sum(axis=1) == 1).all()
    (over,) = np.nonzero(held[:-1, 0] & held[1:, 1])
    for i in over[:1]:
        gap = part_at(first, PRESENT, moments[i]) - part_at(second, PRESENT, moments[i + 1])
        assert np.linalg.norm(gap) < 0.35
    assert held[0, 0] and len(over) >= 1


@pytest.mark.parametrize("camera", [name for name in CAMERAS if name != "forward"])
@pytest.mark.parametrize("facing", [10.0, 190.0])
def test_who_chases_is_behind_whom_it_chases(camera: str, facing: float) -> None:
    two = (Subject("dog", "brown", "chase", look=1), Subject("cat", "white", "flee", look=5))
    scene = replace(SCENE, subjects=two, camera=camera, facing=facing)
    staging = stage_scene(scene, ASPECT)
    first, second = staging.actors
    ways = [np.subtract(a.place_at(3.0), a.place_at(1.0)) for a in staging.actors]
    for way in ways:
        assert way @ towards(first) > 0.2 * first.asset.height_m * first.size
    np.testing.assert_allclose(towards(first), towards(second))
    for t_s in TIMES_S:
        ahead = towards(first)
        nose, tail = first.points_at(t_s) @ ahead, second.points_at(t_s) @ ahead
        assert between(staging, t_s) @ ahead > 0.0
        assert nose.max() < tail.min() + 0.3 * np.ptp(nose), "it does not run it over"


def test_a_meeting_ends_in_a_greeting() -> None:
    staging = pair("meet")
    far = [float(np.linalg.norm(between(staging, t_s))) for t_s in (0.0, 1.0, 2.0, 2.5, 3.0, 4.0)]
    assert far[0] > far[1] > far[2] >= far[3]
    assert far[3] == pytest.approx(far[4]) == pytest.approx(far[5])
    for actor in staging.actors:
        assert (actor.action, actor.then) == ("walk", GREETING)
        raised = [part_at(actor, FORE_R, t_s)[1] for t_s in np.arange(0.0, 4.0, 0.25)]
        assert max(raised[10:]) > max(raised[:8]) + 0.15 * actor.asset.height_m * actor.size


def test_what_two_do_needs_two() -> None:
    for name in PAIRS:
        alone = replace(SCENE, subjects=(Subject("dog", "red", name),))
        with pytest.raises(WorldError, match="name both"):
            stage_scene(alone, ASPECT)


# ---------------------------------------------------------------- several, each for itself

TWO = (Subject("woman", "red", "walk", look=1), Subject("dog", "blue", "sit", look=2))
STILL_OR_PAN = ("static", "follow", "pan left", "pan right", "push in", "crane up", "handheld")


@pytest.mark.parametrize("camera", STILL_OR_PAN)
@pytest.mark.parametrize("relation", DEEP)
def test_who_is_in_front_is_nearer_and_lower_in_the_picture(relation: str, camera: str) -> None:
    for seed, facing in ((1, 20.0), (2, 165.0), (3, 250.0)):
        scene = replace(SCENE, subjects=TWO, relation=relation, camera=camera, seed=seed)
        staging = stage_scene(replace(scene, facing=facing), ASPECT)
        for t_s in TIMES_S[1:4]:
            first, second = feet(staging, t_s)
            if relation == "behind":
                first, second = second, first
            assert first[2] < 0.95 * second[2]
            assert first[1] > second[1] + 2.0
            assert t_s != 2.0 or abs(first[0] - second[0]) > 6.0, "nobody is hidden"


@pytest.mark.parametrize("camera", (*STILL_OR_PAN, "orbit"))
def test_three_kinds_stand_in_the_order_that_is_said(camera: str) -> None:
    three = (*TWO, Subject("box", "green", "spin", look=3))
    for relation, sign in zip(ACROSS, (1, -1), strict=True):
        scene = replace(SCENE, subjects=three, relation=relation, camera=camera)
        staging = stage_scene(scene, ASPECT)
        for t_s in TIMES_S[1:4]:
            assert (sign * np.diff(feet(staging, t_s)[:, 0]) > 8).all()


def test_a_place_alone_is_crossed_by_a_camera_that_goes_forward_and_by_no_other() -> None:
    for camera in CAMERAS:
        staging = stage_scene(replace(SCENE, camera=camera), ASPECT)
        assert staging.actors == ()
        way = np.subtract(staging.focus_at(3.0), staging.focus_at(1.0))
        assert (way[2] < -1.0) == (camera == "forward")
        assert way[:2].tolist() == [0.0, 0.0]


def test_a_camera_that_goes_forward_comes_after_whom_it_follows() -> None:
    for facing in (60.0, 120.0):
        dog = (Subject("dog", "red", "run"),)
        scene = replace(SCENE, subjects=dog, camera="forward", facing=facing)
        staging = stage_scene(scene, ASPECT)
        views = [staging.view_at(t_s, ASPECT) for t_s in TIMES_S]
        steps = np.diff([view.eye_3 for view in views], axis=0)
        assert (steps[:, 2] < -0.3).all() and np.abs(steps[:, 0]).max() < 1e-6
        assert np.ptp([feet(staging, t_s)[0] for t_s in TIMES_S], axis=0).max() < 1.0
        assert towards(staging.actors[0])[2] < -0.7, "it is seen from behind"


# ---------------------------------------------------------------- mirrors


def mirrored_scenes(what: str) -> list[Scene]:
    """Some scenes of a sort. Equals stand in a row as they come, and an orbit has one way round."""
    wanted = {
        "one": lambda s: len(s.subjects) == 1 and s.camera != "forward",
        "several": lambda s: s.relation is not None,
        "pair": lambda s: s.pair is not None,
        "ahead": lambda s: len(s.subjects) == 1 and s.camera == "forward",
    }[what]
    rng = random.Random(9)
    scenes = [scene for _ in range(800) if wanted(scene := sample_scene(rng))]
    scenes = [s for s in scenes if s.subjects[0].count == 1 and s.camera != "orbit"]
    assert len(scenes) >= 10
    return scenes[:20]


@pytest.mark.parametrize("what", ["one", "several", "pair", "ahead"])
def test_a_mirrored_scene_is_staged_as_its_mirror_image(what: str) -> None:
    """Feet are at the mirrored place, but for limbs that are not alike left and right."""
    for scene in mirrored_scenes(what):
        staging, other = (stage_scene(s, ASPECT) for s in (scene, scene.mirrored()))
        for t_s in (0.3, 2.0, 3.6):
            here, there = feet(staging, t_s), feet(other, t_s)
            np.testing.assert_allclose(here[:, 0], WIDTH - there[:, 0], atol=0.09 * WIDTH)
            np.testing.assert_allclose(here[:, 1], there[:, 1], atol=0.09 * WIDTH)
            nearer = np.subtract.outer(here[:, 2], here[:, 2])  # who stands before whom
            mirrored = np.subtract.outer(there[:, 2], there[:, 2])
            assert (np.sign(nearer) == np.sign(mirrored))[np.abs(nearer) > 0.3].all()
