"""Laws of the styles and of the weather: each is itself, and costs no determinism."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from yozora.world.labels import FIRST_SUBJECT
from yozora.world.renderer import Renderer
from yozora.world.scene import STYLES, WEATHERS, Scene, Subject

DOG = Subject("dog", "orange", "run", look=3)
SCENE = Scene((DOG,), "park", "day", "clear", "natural", "orbit", facing=20.0, seed=5, length_s=2.0)


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer(160, 90) as made:
        yield made


@pytest.fixture(scope="module")
def another() -> Iterator[Renderer]:
    """A second renderer, which has drawn nothing of what the first one has."""
    with Renderer(160, 90) as made:
        yield made


def picture(renderer: Renderer, scene: Scene) -> NDArray[np.float64]:
    """The frame at 1 s as floats 0..1."""
    return renderer.render(scene, 1.0, 1)[0] / 255.0


def saturation(picture: NDArray[np.float64]) -> NDArray[np.float64]:
    """max - min over the channels, (H, W)."""
    high: NDArray[np.float64] = picture.max(axis=2)
    return high - picture.min(axis=2)


@pytest.mark.parametrize("place", ["park", "street", "library"])
def test_each_style_differs_clearly_from_every_other(renderer: Renderer, place: str) -> None:
    scene = replace(SCENE, place=place)
    by = {s: picture(renderer, replace(scene, style=s)) for s in STYLES}
    for a in by:
        for b in by:
            if a < b:
                least = 0.035 if "natural" in (a, b) else 0.03
                assert np.abs(by[a] - by[b]).mean() > least, (a, b)


@pytest.mark.parametrize("style", STYLES)
def test_a_part_of_a_clip_equals_that_part_in_every_style(
    renderer: Renderer, another: Renderer, style: str
) -> None:
    scene = replace(SCENE, style=style, weather="rain", place="street", time="night")
    whole = renderer.render(scene)
    renderer.render(replace(SCENE, style="natural", weather="fog"), 0.0, 1)
    assert np.array_equal(renderer.render(scene, 1.0, 3), whole[12:15])
    assert np.array_equal(another.render(scene, 1.25, 1), whole[15:16])


@pytest.mark.parametrize("size", [(64, 48), (101, 67), (96, 160)])
def test_every_style_renders_at_any_size(size: tuple[int, int]) -> None:
    with Renderer(*size) as renderer:
        for style in STYLES:
            shown = renderer.render(replace(SCENE, style=style), 0.0, 1)
            assert shown.shape == (1, size[1], size[0], 3)
            assert shown.std() > 10, style


@pytest.mark.parametrize("supersample", [1.0, 2.0])
def test_styles_hold_at_other_supersampling(renderer: Renderer, supersample: float) -> None:
    with Renderer(160, 90, supersample=supersample) as other:
        for style in STYLES:
            scene = replace(SCENE, style=style)
            gap = np.abs(picture(other, scene) - picture(renderer, scene)).mean()
            assert gap < 0.06, style


def test_pixel_art_has_few_colours_in_blocks() -> None:
    with Renderer(256, 144) as renderer:
        shown = renderer.render(replace(SCENE, style="pixel art"), 1.0, 1)[0]
    blocks = shown.reshape(36, 4, 64, 4, 3)
    assert np.array_equal(blocks, np.broadcast_to(blocks[:, :1, :, :1], blocks.shape))
    assert len(np.unique(shown.reshape(-1, 3), axis=0)) < 150


def test_clay_is_moved_six_times_a_second(renderer: Renderer) -> None:
    scene = replace(SCENE, style="clay", weather="snow")
    frames = renderer.render(scene)
    assert np.array_equal(frames[0::2], frames[1::2])
    assert (np.abs(np.diff(frames[::2].astype(int), axis=0)).mean(axis=(1, 2, 3)) > 0.5).all()
    labels = renderer.render_labels(scene, 0.5, 2)
    assert np.array_equal(labels.instance_THW[0], labels.instance_THW[1])
    assert np.abs(labels.flow_THW2[0]).max() < 1e-3 < np.abs(labels.flow_THW2[1]).max()


def test_a_line_drawing_is_pale_and_only_its_subject_has_a_tint(renderer: Renderer) -> None:
    scene = replace(SCENE, style="line drawing")
    labels = renderer.render_labels(scene, 1.0, 1)
    shown = labels.frames_THW3[0] / 255.0
    on = labels.instance_THW[0] >= FIRST_SUBJECT
    assert np.median(shown) > 0.8
    assert saturation(shown)[on].mean() > 0.12
    assert np.percentile(saturation(shown)[~on], 90) < 0.08


def test_watercolour_leaves_its_paper_white_at_the_border(renderer: Renderer) -> None:
    shown = picture(renderer, replace(SCENE, style="watercolour"))
    border = np.concatenate([shown[0], shown[-1], shown[:, 0], shown[:, -1]])
    assert border.mean() > 0.9


def test_metals_shine(renderer: Renderer) -> None:
    for dull, metal in (("grey", "silver"), ("yellow", "gold")):
        bright = {}
        for colour in (dull, metal):
            cat = Subject("cat", colour, "stand", look=2)
            labels = renderer.render_labels(replace(SCENE, subjects=(cat,)), 1.0, 1)
            on = labels.instance_THW[0] == FIRST_SUBJECT
            lumas = labels.frames_THW3[0][on].mean(axis=1)
            bright[colour] = float(np.percentile(lumas, 98) - np.median(lumas))
        assert bright[metal] > 1.5 * bright[dull], bright


# ---------------------------------------------------------------- weather


@pytest.mark.parametrize("time", ["day", "night"])
@pytest.mark.parametrize("place", ["park", "beach"])
def test_each_weather_differs_from_every_other(renderer: Renderer, place: str, time: str) -> None:
    scene = replace(SCENE, place=place, time=time)
    by = {w: picture(renderer, replace(scene, weather=w)) for w in WEATHERS}
    for a in by:
        for b in by:
            if a < b:
                assert np.abs(by[a] - by[b]).mean() > 0.02, (a, b)


def test_fog_hides_the_place_and_not_the_subject(renderer: Renderer) -> None:
    shown = {}
    for weather in ("clear", "fog"):
        labels = renderer.render_labels(replace(SCENE, weather=weather), 1.0, 1)
        shown[weather] = labels.frames_THW3[0] / 255.0
        on = labels.instance_THW[0] >= FIRST_SUBJECT
        above = np.zeros_like(on)
        above[:40] = True
    assert shown["fog"][above & ~on].std() < 0.5 * shown["clear"][above & ~on].std()
    full = {w: saturation(p)[on].mean() for w, p in shown.items()}
    assert full["fog"] > 0.75 * full["clear"]


def test_a_cloudy_day_is_grey_and_dry_and_has_no_shadows(renderer: Renderer) -> None:
    still = replace(SCENE, subjects=(replace(DOG, action="stand"),), camera="static")
    by = {w: picture(renderer, replace(still, weather=w)) for w in ("clear", "cloudy")}
    sky = {w: saturation(p[:6]).mean() for w, p in by.items()}
    assert sky["cloudy"] < 0.4 * sky["clear"]
    a, b = renderer.render(replace(still, weather="cloudy"), 1.0, 2).astype(int)
    assert (np.abs(a - b)[:30] > 12).mean() < 0.01  # nothing falls
