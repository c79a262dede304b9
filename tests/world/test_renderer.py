"""Laws of the renderer: the same bytes again, any part of a clip, exact labels, visible words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from yozora.world.errors import WorldError
from yozora.world.labels import FIRST_SUBJECT, STAGE, Labels
from yozora.world.renderer import Renderer
from yozora.world.scene import Scene, Subject
from yozora.world.staging import stage_scene

DOG = Subject("dog", "orange", "run", look=3)
SCENE = Scene((DOG,), "park", "day", "clear", "natural", "follow", facing=20.0, seed=5)
PAIR = replace(
    SCENE,
    subjects=(DOG, Subject("woman", "blue", "walk", look=1)),
    relation="left of",
    camera="orbit",
)


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer(160, 90) as made:
        yield made


@pytest.fixture(scope="module")
def labels(renderer: Renderer) -> Labels:
    return renderer.render_labels(PAIR, 1.0, 3)


def middle(renderer: Renderer, scene: Scene) -> NDArray[np.float64]:
    """The frame at 2 s as floats 0..1."""
    return renderer.render(scene, 2.0, 1)[0] / 255.0


def saturation(picture: NDArray[np.float64]) -> float:
    return float((picture.max(axis=2) - picture.min(axis=2)).mean())


# ---------------------------------------------------------------- determinism


def test_equal_scenes_give_equal_bytes_whatever_came_before(renderer: Renderer) -> None:
    scene = replace(SCENE, weather="rain", place="street", time="night")
    first = renderer.render(scene, 0.5, 3)
    renderer.render(replace(PAIR, style="cartoon", weather="snow"), 0.0, 1)
    renderer.render(replace(SCENE, style="noir", place="library"), 0.0, 1)
    assert np.array_equal(first, renderer.render(scene, 0.5, 3))
    with Renderer(160, 90) as other:
        assert np.array_equal(first, other.render(scene, 0.5, 3))


@pytest.mark.parametrize("camera", ["static", "pan left", "push in", "orbit"])
def test_a_part_of_a_clip_equals_that_part_of_the_whole(renderer: Renderer, camera: str) -> None:
    scene = replace(SCENE, camera=camera, weather="snow", length_s=2.0)
    whole = renderer.render(scene)
    assert whole.shape == (24, 90, 160, 3) and whole.dtype == np.uint8
    assert np.array_equal(renderer.render(scene, 1.0, 5), whole[12:17])


def test_a_stream_is_the_clip_frame_by_frame(renderer: Renderer) -> None:
    short = replace(SCENE, length_s=0.5)
    np.testing.assert_array_equal(np.stack([*renderer.stream(short)]), renderer.render(short))


@pytest.mark.parametrize("size", [(96, 160), (101, 67), (64, 64)])
def test_any_size_renders(size: tuple[int, int]) -> None:
    with Renderer(*size) as renderer:
        picture = renderer.render(replace(SCENE, place="street"), 0.0, 1)
        assert picture.shape == (1, size[1], size[0], 3)
        assert picture.std() > 10


def test_twice_the_rate_holds_every_frame_of_the_single_rate(renderer: Renderer) -> None:
    with Renderer(160, 90, fps=24) as fast:
        assert np.array_equal(fast.render(SCENE, 0.0, 5)[::2], renderer.render(SCENE, 0.0, 3))


# ---------------------------------------------------------------- what words look like


def test_times_of_day_are_ordered_by_brightness_and_warmth(renderer: Renderer) -> None:
    for place in ("park", "desert", "beach"):
        scene = replace(SCENE, place=place)
        by = {t: middle(renderer, replace(scene, time=t)) for t in ("day", "sunset", "night")}
        assert by["night"].mean() < 0.6 * by["day"].mean()
        assert by["night"].mean() < by["sunset"].mean() < by["day"].mean()
        warm = {t: float((p[..., 0] - p[..., 2]).mean()) for t, p in by.items()}
        assert warm["sunset"] > warm["day"] > warm["night"]


def test_noir_has_no_colour_and_a_cartoon_more_than_nature(renderer: Renderer) -> None:
    by = {s: middle(renderer, replace(SCENE, style=s)) for s in ("natural", "cartoon", "noir")}
    assert saturation(by["noir"]) == 0.0
    assert saturation(by["cartoon"]) > 1.15 * saturation(by["natural"])


def test_rain_is_darker_and_greyer_and_snow_whiter_than_clear_weather(renderer: Renderer) -> None:
    by = {w: middle(renderer, replace(SCENE, weather=w)) for w in ("clear", "rain", "snow")}
    assert by["rain"].mean() < by["clear"].mean() < by["snow"].mean()
    assert saturation(by["rain"]) < 0.8 * saturation(by["clear"])
    ground = {w: p[-12:, :40].min(axis=2).mean() for w, p in by.items()}
    assert ground["snow"] > ground["clear"] + 0.2


def test_weather_moves_and_stays_outdoors(renderer: Renderer) -> None:
    still = replace(SCENE, subjects=(replace(DOG, action="stand"),), camera="static")
    for weather in ("rain", "snow"):
        a, b = renderer.render(replace(still, weather=weather), 1.0, 2).astype(int)
        assert (np.abs(a - b)[:30] > 12).mean() > 0.01
    inside = replace(SCENE, place="spaceship")
    dry = renderer.render(inside, 1.0, 1)
    assert np.array_equal(dry, renderer.render(replace(inside, weather="rain"), 1.0, 1))


def test_the_subjects_colour_is_readable_at_every_time(renderer: Renderer) -> None:
    """On the subject's own pixels, red stays redder than green is, and so on; night too."""
    for time in ("dawn", "day", "sunset", "night"):
        for colour, channel in (("red", 0), ("green", 1), ("blue", 2)):
            box = Subject("box", colour, "stand", look=2)
            labels = renderer.render_labels(replace(SCENE, subjects=(box,), time=time), 1.0, 1)
            seen = labels.frames_THW3[0][labels.instance_THW[0] == FIRST_SUBJECT].mean(axis=0)
            assert seen.argmax() == channel, (time, colour, seen)
            assert seen.max() > 50, (time, colour, seen)


def test_pans_go_opposite_ways(renderer: Renderer) -> None:
    still = replace(SCENE, subjects=(replace(DOG, action="stand"),))
    left = renderer.render_labels(replace(still, camera="pan left"), 1.0, 1).flow_THW2
    right = renderer.render_labels(replace(still, camera="pan right"), 1.0, 1).flow_THW2
    assert np.median(left[..., 0]) > 0.5 and np.median(right[..., 0]) < -0.5


def test_a_reference_is_the_subject_alone_on_grey(renderer: Renderer) -> None:
    picture = renderer.reference(Subject("car", "red", "drive"), 96)
    assert picture.shape == (96, 96, 3)
    corners = picture[[0, 0], [0, -1]].astype(int)
    assert corners.min() > 170 and np.ptp(corners, axis=1).max() <= 4
    red = (picture[..., 0].astype(int) - picture[..., 1]) > 60
    assert 0.08 < red.mean() < 0.7
    assert np.array_equal(picture, renderer.reference(Subject("car", "red", "drive"), 96))


# ---------------------------------------------------------------- framing


@pytest.mark.parametrize("kind", ["woman", "dog", "car", "ball"])
@pytest.mark.parametrize("camera", ["static", "pan right", "push in"])
def test_subjects_are_large_and_stay_in_view(renderer: Renderer, kind: str, camera: str) -> None:
    moves = {"woman": "walk", "dog": "run", "car": "drive", "ball": "roll"}
    scene = replace(SCENE, subjects=(Subject(kind, "red", moves[kind]),), camera=camera, facing=0.0)
    staging = stage_scene(scene, 160 / 90)
    for t_s in (0.0, 2.0, 3.9):
        points = staging.actors[0].points_at(t_s)
        x, y, _ = staging.view_at(t_s, 160 / 90).project(points, 160, 90).T
        assert x.min() >= -8 and x.max() <= 168 and y.min() >= -4 and y.max() <= 94
        if t_s == 2.0:
            assert max(np.ptp(y) / 90, np.ptp(x) / 160) > 0.42


def test_relations_hold_on_the_screen() -> None:
    for relation, sign in (("left of", -1), ("right of", 1)):
        for camera in ("static", "orbit", "pan left"):
            staging = stage_scene(replace(PAIR, relation=relation, camera=camera), 16 / 9)
            for t_s in (0.0, 2.0, 4.0):
                view = staging.view_at(t_s, 16 / 9)
                places = [np.array(actor.place_at(t_s)) for actor in staging.actors]
                first, second = view.project(np.array(places), 160, 90)
                assert sign * (first[0] - second[0]) > 8


def test_very_different_sizes_are_drawn_together() -> None:
    two = (Subject("ball", "red", "bounce"), Subject("spaceship", "blue", "hover"))
    staging = stage_scene(replace(PAIR, subjects=two), 16 / 9)
    ball, ship = (np.ptp(actor.points_at(0.0), axis=0).max() for actor in staging.actors)
    assert 0.25 < ball / ship < 1.0


# ---------------------------------------------------------------- labels


def test_boxes_hold_the_masks_and_corners_the_boxes(labels: Labels) -> None:
    assert set(np.unique(labels.instance_THW)) >= {STAGE, FIRST_SUBJECT, FIRST_SUBJECT + 1}
    for frame in range(3):
        for i in range(len(labels.subject_I)):
            x0, y0, x1, y1 = labels.box2d_TI4[frame, i]
            ys, xs = np.nonzero(labels.instance_THW[frame] == FIRST_SUBJECT + i)
            assert (x0, y0, x1, y1) == (xs.min(), ys.min(), xs.max() + 1, ys.max() + 1)
            corners = labels.corner_TI82[frame, i]
            assert (corners.min(axis=0) <= (x0 + 0.51, y0 + 0.51)).all()
            assert (corners.max(axis=0) >= (x1 - 0.51, y1 - 0.51)).all()


def test_the_share_of_cells_agrees_with_the_masks(renderer: Renderer, labels: Labels) -> None:
    seen = labels.instance_THW
    share = renderer.subject_share(PAIR, [1.0 + f / 12 for f in range(3)], 10)
    assert share.shape == (3, 2, 9, 16)
    for plane, mask in enumerate((seen >= FIRST_SUBJECT, seen == FIRST_SUBJECT)):
        exact = mask.reshape(3, 9, 10, 16, 10).mean((2, 4))
        assert np.abs(share[:, plane] - exact).mean() < 0.02
        assert share[:, plane].max() > 0.5
    assert (share[:, 1] <= share[:, 0]).all() and (share[:, 1] < share[:, 0]).any()


def test_outlines_alone_are_those_of_the_picture(renderer: Renderer) -> None:
    """Left out is what is built around subjects, which hides next to nothing of them."""
    scenes = [PAIR, replace(PAIR, place="market"), replace(PAIR, place="sea bed")]
    for scene in scenes:
        whole = renderer.subject_share(scene, [0.5, 1.0], 10)
        bare = renderer.subject_share(scene, [0.5, 1.0], 10, bare=True)
        assert (bare >= whole - 0.01).all(), "nothing hides what is seen"
        assert np.abs(bare - whole).sum() < 0.02 * bare.sum()
    with pytest.raises(WorldError, match='no place is called "moon"'):
        renderer.subject_share(replace(PAIR, place="moon"), [0.5], 10, bare=True)


def test_surface_points_fall_into_their_masks(renderer: Renderer, labels: Labels) -> None:
    staging = stage_scene(PAIR, 160 / 90)
    for i, actor in enumerate(staging.actors):
        at = staging.view_at(1.0, 160 / 90).project(actor.points_at(1.0), 160, 90)
        x, y = np.floor(at[:, 0]).astype(int), np.floor(at[:, 1]).astype(int)
        mask = labels.instance_THW[0] == FIRST_SUBJECT + i
        wide = mask.copy()
        for dy, dx in ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1)):
            wide |= np.roll(mask, (dy, dx), (0, 1))
        assert wide[y, x].mean() > 0.97


def test_depth_and_pixel_give_back_points_on_the_ground(labels: Labels) -> None:
    world = unprojected(labels, 0)
    flat = (labels.normal_THW3[0] @ labels.view_T44[0][:3, :3])[..., 1] > 0.999
    ground = (labels.instance_THW[0] == STAGE) & flat & (labels.depth_THW[0] < 7.0)
    assert ground.sum() > 500
    assert (np.abs(world[ground][:, 1]) < 0.02).mean() > 0.9  # the rest: steps and basins


def test_flow_agrees_with_reprojection_of_what_stands_still(labels: Labels) -> None:
    world = unprojected(labels, 0)
    where = (labels.instance_THW[0] == STAGE) & (np.abs(world[..., 1]) < 0.02)
    clip = labels.projection_44 @ labels.view_T44[1]
    at = np.c_[world[where], np.ones(where.sum())] @ clip.T
    after = np.stack([(at[:, 0] / at[:, 3] + 1) * 80, (1 - at[:, 1] / at[:, 3]) * 45], axis=1)
    y, x = np.nonzero(where)
    error = after - np.stack([x + 0.5, y + 0.5], axis=1) - labels.flow_THW2[0][where]
    assert np.abs(error).max() < 0.25


def test_flow_of_subjects_agrees_with_the_motion_of_their_points(labels: Labels) -> None:
    staging = stage_scene(PAIR, 160 / 90)
    now, after = 1.0, 1.0 + 1 / 12
    for i, actor in enumerate(staging.actors):
        a = staging.view_at(now, 160 / 90).project(actor.points_at(now), 160, 90)
        b = staging.view_at(after, 160 / 90).project(actor.points_at(after), 160, 90)
        x, y = np.floor(a[:, 0]).astype(int), np.floor(a[:, 1]).astype(int)
        mine = (labels.instance_THW[0, y, x] == FIRST_SUBJECT + i) & (
            np.abs(labels.depth_THW[0, y, x] - a[:, 2]) < 0.004 * a[:, 2]
        )
        error = labels.flow_THW2[0, y, x] - (b - a)[:, :2]
        assert mine.sum() > 50
        assert np.median(np.abs(error[mine])) < 0.25


def unprojected(labels: Labels, frame: int) -> NDArray[np.float64]:
    """World points (H, W, 3) of all pixels' centres."""
    depth = np.where(np.isfinite(labels.depth_THW[frame]), labels.depth_THW[frame], 1.0)
    height, width = depth.shape
    x, y = np.meshgrid((np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height)
    lens = labels.projection_44
    eye = np.stack(
        [(x * 2 - 1) / lens[0, 0] * depth, (1 - y * 2) / lens[1, 1] * depth, -depth,
         np.ones_like(depth)], axis=2,
    )  # fmt: skip
    return (eye @ np.linalg.inv(labels.view_T44[frame]).T)[..., :3]


# ---------------------------------------------------------------- errors


@pytest.mark.parametrize(
    "broken",
    [
        replace(SCENE, subjects=(Subject("unicorn", "red", "run"),)),
        replace(SCENE, subjects=(Subject("dog", "red", "bloom"),)),
        replace(SCENE, subjects=(Subject("dog", "ultraviolet", "run"),)),
        replace(SCENE, place="moon"),
        replace(SCENE, time="noon"),
        replace(SCENE, weather="hail"),
        replace(SCENE, style="cubist"),
        replace(SCENE, camera="drone"),
    ],
)
def test_unknown_words_get_a_sentence_with_a_remedy(renderer: Renderer, broken: Scene) -> None:
    with pytest.raises(WorldError, match="choose one of"):
        renderer.render(broken, 0.0, 1)


def test_impossible_sizes_get_a_sentence() -> None:
    with pytest.raises(WorldError, match="choose"):
        Renderer(4, 90000)
