"""Laws of references: a picture of somebody changes the film, and nothing else does."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageFilter

from tests.fakes.engine import FakeEngine
from yozora import generate
from yozora.engine.canvas import Reference as CanvasReference
from yozora.engine.guidance import Guidance, GuidedFlow
from yozora.engine.native import NativeEngine
from yozora.media.errors import MediaError
from yozora.media.references import MESHES, WORK_PX, Reference, as_trained, read_reference
from yozora.model.checkpoint import load_transformer, save
from yozora.model.errors import WeightsError
from yozora.prompts.recaption import recaption
from yozora.recipe import from_json, to_json
from yozora.render import Event, Noted, Result, read_recipe, render, repeat
from yozora.request import Request, RequestError, check

RED, BLUE = (200, 20, 20), (20, 20, 200)


def picture(path: Path, colour: tuple[int, int, int] = RED, wall: int = 255) -> Path:
    """A block of a colour before a plain wall."""
    pixels = np.full((90, 120, 3), wall, np.uint8)
    pixels[30:70, 50:70] = colour
    Image.fromarray(pixels).save(path)
    return path


def film(out: Path, *references: Path | Reference, **changes: object) -> Result:
    wish = Request("a dog runs", out, seconds=0.25, seed=7, references=references)
    return render(replace(wish, **changes), engine=FakeEngine())[0]


def packets(result: Result) -> str:
    return result.recipe.packets_sha256


# -- films -----------------------------------------------------------------------------------------


def test_a_reference_changes_the_film_and_none_leaves_it_as_it_was(tmp_path):
    red, blue = picture(tmp_path / "red.png"), picture(tmp_path / "blue.png", BLUE)
    captioned = {"prompt": "a brown dog runs"}  # or the reference would change the words as well
    bare = film(tmp_path / "a.mp4", **captioned)
    assert packets(bare) == packets(film(tmp_path / "b.mp4", **captioned))
    assert bare.recipe.references == () and bare.recipe.timeline.spans[0].references == ()
    shown = film(tmp_path / "c.mp4", red, **captioned)
    others = packets(film(tmp_path / "d.mp4", blue, **captioned))
    assert len({packets(bare), packets(shown), others}) == 3
    assert shown.recipe.timeline.spans[0].caption == bare.recipe.timeline.spans[0].caption


def test_the_same_file_gives_the_same_packets_also_when_given_twice(tmp_path):
    red = picture(tmp_path / "red.png")
    copy = tmp_path / "copy.png"
    copy.write_bytes(red.read_bytes())
    first, again = film(tmp_path / "a.mp4", red), film(tmp_path / "b.mp4", red)
    twice = film(tmp_path / "c.mp4", red, copy)
    read = film(tmp_path / "d.mp4", read_reference(red))
    assert packets(first) == packets(again) == packets(twice) == packets(read)
    assert len(twice.recipe.references) == 1


def test_references_of_a_film_with_two_actions_are_those_of_every_part(tmp_path):
    red = picture(tmp_path / "red.png")
    result = film(tmp_path / "a.mp4", red, prompt="a dog runs then sits", seconds=2.0)
    spans = result.recipe.timeline.spans
    assert len(spans) == 2 and spans[0].references == spans[1].references != ()


def test_the_recipe_tells_the_file_and_repeat_needs_it(tmp_path):
    red, blue = picture(tmp_path / "red.png"), picture(tmp_path / "blue.png", BLUE)
    made = film(tmp_path / "a.mp4", red)
    recipe = read_recipe(made.path)
    assert recipe == made.recipe and from_json(to_json(recipe)) == recipe
    (told,) = recipe.references
    assert told.name == "red.png" and str(tmp_path) not in to_json(recipe)
    assert told.sha256 == hashlib.sha256(red.read_bytes()).hexdigest()
    assert recipe.timeline.spans[0].references[0].asset == told.sha256

    notes: list[str] = []

    def listen(event: Event) -> None:
        if isinstance(event, Noted):
            notes.append(event.text)

    again = tmp_path / "b.mp4"
    for given in ((), (blue,), (red, blue)):
        with pytest.raises(RequestError, match="reference"):
            repeat(recipe, again, listen, references=given, engine=FakeEngine())
    with pytest.raises(RequestError, match=r"'red\.png'.*--reference"):
        repeat(recipe, again, listen, engine=FakeEngine())
    result = repeat(recipe, again, listen, references=(red,), engine=FakeEngine())
    assert packets(result) == packets(made) and notes[-1] == "the same packets as the original"
    assert result.recipe.identity == recipe.identity
    other = replace(told, pixels_sha256="0" * 64)
    repeat(
        replace(recipe, references=(other,)),
        again,
        listen,
        references=(red,),
        engine=FakeEngine(),
    )
    assert any("another picture" in note for note in notes)


def test_no_colour_is_added_to_who_a_picture_shows():
    plain = recaption("a dog runs in the park", 3)
    shown = recaption("a dog runs in the park", 3, colours=False)
    (colour,) = set(plain.caption.split()) - set(shown.caption.split())
    assert plain.caption.replace(f"{colour} ", "") == shown.caption and colour in plain.added
    assert colour not in shown.added
    assert "blue dog" in recaption("a blue dog", 3, colours=False).caption
    assert "woman in a red" in recaption("a woman in red runs", 3, colours=False).caption


# -- the engine ------------------------------------------------------------------------------------


def test_the_network_draws_on_references_and_is_deterministic(tmp_path, tiny_weights):
    engine = NativeEngine.load(tiny_weights)
    assert engine.reference_px == 96
    red, blue = picture(tmp_path / "red.png"), picture(tmp_path / "blue.png", BLUE)
    wish = Request("a brown dog runs", tmp_path / "a.mp4", seconds=0.25, seed=7, steps=2)

    def made(*references: Path) -> str:
        return packets(render(replace(wish, references=references), engine=engine)[0])

    assert made() == made()
    assert made(red) == made(red)
    assert len({made(), made(red), made(blue), made(red, blue), made(blue, red)}) == 5


def test_guidance_leads_away_from_no_words_and_no_references(tiny_weights):
    engine = NativeEngine.load(tiny_weights)
    network, rng = engine.transformer, np.random.default_rng(0)
    x = rng.standard_normal((2, network.state, 4, 8)).astype(np.float32)
    still = rng.standard_normal((engine.grid.channels, 6, 6)).astype(np.float32)
    now, then = np.full(2, 0.7, np.float32), np.full(2, 0.6, np.float32)

    def flow(weight: float, words: str, references: bool, built_in: bool = False) -> np.ndarray:
        given = (CanvasReference(still, "character"),) if references else ()
        guidance = Guidance(weight, built_in=built_in)
        guided = GuidedFlow(network, engine.vocabulary, guidance, references=given)
        return guided(x, now, then, (words,) * 2)

    shown, bare = flow(1.0, "a dog runs", True), flow(1.0, "", False)
    assert np.abs(shown - flow(1.0, "a dog runs", False)).max() > 0.0
    guided = flow(3.0, "a dog runs", True)
    assert np.allclose(guided, bare + 3.0 * (shown - bare), atol=1e-5)
    # a weight that is built in was never taught with references: it is not asked for
    assert np.array_equal(flow(3.0, "a dog runs", True, built_in=True), guided)


def test_a_negative_prompt_pushes_from_one_side_to_the_other_beside_guidance(tiny_weights):
    engine = NativeEngine.load(tiny_weights)
    network, rng = engine.transformer, np.random.default_rng(0)
    x = rng.standard_normal((2, network.state, 4, 8)).astype(np.float32)
    now, then = np.full(2, 0.7, np.float32), np.full(2, 0.6, np.float32)

    def flow(weight: float, words: str, negative: str = "") -> np.ndarray:
        guided = GuidedFlow(network, engine.vocabulary, Guidance(weight, away=2.0), negative)
        return guided(x, now, then, (words,) * 2)

    plain, wet = flow(3.0, "a dog runs , clear weather"), flow(1.0, "a dog runs , rain")
    pushed = plain + 2.0 * (flow(1.0, "a dog runs , clear weather") - wet)
    assert np.allclose(flow(3.0, "a dog runs , clear weather", "rain"), pushed, atol=1e-5)
    asked = flow(3.0, "a red dog runs")
    assert np.array_equal(flow(3.0, "a red dog runs", "red"), asked), "what was asked for stays"
    red, blue = (flow(3.0, "a dog runs", colour) for colour in ("red", "blue"))
    assert np.abs(red - blue).max() > 1e-4 and np.abs(red - flow(3.0, "a dog runs")).max() > 1e-4


def test_guidance_leads_a_frame_from_another_caption_and_the_rest_from_no_words(tiny_weights):
    engine = NativeEngine.load(tiny_weights)
    network, rng = engine.transformer, np.random.default_rng(0)
    x = rng.standard_normal((2, network.state, 4, 8)).astype(np.float32)
    now, then = np.full(2, 0.7, np.float32), np.full(2, 0.6, np.float32)

    def flow(weight: float, *words: str, against: tuple[str, ...] = (), **more: Any) -> np.ndarray:
        guidance = Guidance(weight, contrast=4.0, **more)
        guided = GuidedFlow(network, engine.vocabulary, guidance)
        return guided(x, now, then, words, against)

    new, old = "a red dog runs", "a dog runs"
    shown, was = flow(1.0, new, new), flow(1.0, old, "")
    led = flow(3.0, new, new, against=(old, ""))
    wanted = was + np.array([4.0, 3.0])[:, None, None, None] * (shown - was)
    assert np.allclose(led, wanted, atol=1e-5)
    assert np.allclose(flow(3.0, new, new, against=(new, new)), shown, atol=1e-5)
    # a weight that is built in leads from no words alone
    assert np.array_equal(flow(3.0, new, new, against=(old, ""), built_in=True), led)
    aside = flow(3.0, new, new, against=(old, old), between=(0.8, 0.9))
    assert np.array_equal(aside, shown)


def test_weights_tell_how_large_references_were_or_that_there_were_none(tmp_path, tiny_weights):
    for name in ("tokenizer", "transformer"):
        weights = f"{name}.safetensors"
        (tmp_path / weights).write_bytes((tiny_weights / weights).read_bytes())
    path = tmp_path / "transformer.safetensors"
    network, header = load_transformer(path)

    def engine_of(told: object) -> NativeEngine:
        facts = {**(header.facts or {}), "reference_px": told}
        save(path, replace(header, facts=facts), network.state_dict(), small=True)
        return NativeEngine.load(tmp_path)

    assert engine_of(64).reference_px == 64
    for wrong in (63, -96, "96", 2**40):
        with pytest.raises(WeightsError, match="reference"):
            engine_of(wrong)
    without = engine_of(0)
    red = picture(tmp_path / "red.png")
    wish = Request("a dog", tmp_path / "a.mp4", seconds=0.25, references=(red,))
    with pytest.raises(RequestError, match="trained without references: "):
        render(wish, engine=without)
    assert not wish.out.exists()


# -- pictures --------------------------------------------------------------------------------------


def test_what_is_transparent_becomes_the_backdrop_of_training():
    rgba = np.zeros((80, 60, 4), np.uint8)
    rgba[..., :3] = (0, 255, 0)  # under what is transparent lies any colour
    rgba[20:60, 20:40] = (*RED, 255)
    square, plain = as_trained(rgba)
    assert plain and square.shape[0] == square.shape[1]
    corners = square[[0, 0, -1, -1], [0, -1, 0, -1]]
    assert np.ptp(corners, axis=1).max() == 0 and 140 < corners.min() <= corners.max() < 190
    thing = (square == np.array(RED)).all(-1)
    assert np.abs(np.flatnonzero(thing.any(1))[[0, -1]].mean() * 2 + 1 - len(square)) <= 1.5
    assert thing.any(1).sum() / len(square) == pytest.approx(0.86, abs=0.02)
    half = rgba.copy()
    half[20:60, 20:40, 3] = 204
    mixed = as_trained(half)[0][len(square) // 2, len(square) // 2]
    assert (mixed != RED).all() and mixed[0] > mixed[1]


@pytest.mark.parametrize("wall", [0, 30, 128, 220, 255])
def test_a_plain_wall_of_any_grey_becomes_the_same_picture(tmp_path, wall):
    found = read_reference(picture(tmp_path / "a.png", wall=wall))
    first = read_reference(picture(tmp_path / "b.png", wall=255))
    assert not found.note
    a, b = found.at(96).astype(int), first.at(96).astype(int)
    assert np.abs(a - b).mean() < 1.0


def test_soft_edges_lose_the_colour_of_the_wall(tmp_path):
    """A blurred edge before white is no bright rim before grey."""
    pixels = np.full((300, 300, 3), 255, np.uint8)
    pixels[60:240, 60:240] = (20, 60, 20)
    soft = Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(1.0))
    soft.save(tmp_path / "a.png")
    square = read_reference(tmp_path / "a.png").at(96).astype(int)
    assert square[10:86].max() <= 190 and square[48, 48].max() < 70


def test_white_inside_a_thing_before_a_white_wall_stays_white(tmp_path):
    pixels = np.full((100, 100, 3), 255, np.uint8)
    pixels[20:80, 20:80] = RED
    pixels[40:60, 40:60] = 255
    Image.fromarray(pixels).save(tmp_path / "a.png")
    square = read_reference(tmp_path / "a.png").at(96)
    assert square[48, 48].min() > 245 and square[2, 2].max() < 190


def test_a_picture_without_a_plain_backdrop_is_kept_whole_and_told(tmp_path):
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (60, 90, 3)).astype(np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    found = read_reference(tmp_path / "a.png")
    assert "no plain backdrop" in found.note and ": " in found.note
    assert (found.picture_SS3[15:75] == pixels).all()
    notes = []
    wish = Request("a dog", tmp_path / "a.mp4", seconds=0.25, references=(tmp_path / "a.png",))
    render(wish, notes.append, engine=FakeEngine())
    assert Noted(found.note) in notes


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "gif"])
def test_every_kind_of_picture_is_read_large_ones_too(tmp_path, suffix):
    pixels = np.full((900, 1200, 3), 250, np.uint8)
    pixels[300:700, 500:700] = RED
    image, other = Image.fromarray(pixels), Image.fromarray(255 - pixels)
    path = tmp_path / f"a.{suffix}"
    if suffix == "gif":
        image.save(path, save_all=True, append_images=[other])
    else:
        image.save(path)
    found = read_reference(path)
    middle = found.at(96)[48, 48].astype(int)
    assert np.abs(middle - RED).max() < 12 and len(found.picture_SS3) <= 1.2 * WORK_PX


# -- refusals --------------------------------------------------------------------------------------


def bad_files(folder: Path) -> list[Path]:
    (folder / "text.png").write_text("no picture")
    (folder / "empty.png").write_bytes(b"")
    good = picture(folder / "good.png").read_bytes()
    (folder / "cut.png").write_bytes(good[: len(good) // 2])
    Image.fromarray(np.full((50, 50, 3), 90, np.uint8)).save(folder / "nothing.png")
    Image.fromarray(np.zeros((50, 50, 4), np.uint8)).save(folder / "clear.png")
    Image.fromarray(np.zeros((2, 900, 3), np.uint8)).save(folder / "stripe.png")
    Image.new("1", (9000, 9000)).save(folder / "huge.png")
    with (folder / "heavy.png").open("wb") as file:
        file.truncate(1 << 27)
    (folder / "folder.png").mkdir()
    os.mkfifo(folder / "pipe.png")
    for side in (1, 7):
        Image.fromarray(np.zeros((side, side, 3), np.uint8)).save(folder / f"tiny{side}.png")
    (folder / f"mesh{MESHES[0]}").write_text("v 0 0 0\n")
    names = ("text", "empty", "cut", "nothing", "clear", "stripe", "huge", "heavy", "folder",
             "pipe", "tiny1", "tiny7", "missing")  # fmt: skip
    return [*(folder / f"{name}.png" for name in names), folder / f"mesh{MESHES[0]}"]


def test_bad_files_are_refused_in_one_sentence_before_anything_heavy(tmp_path):
    for path in bad_files(tmp_path):
        wish = Request("a dog", tmp_path / "a.mp4", references=(path,))
        with pytest.raises(MediaError) as caught:
            render(wish, engine=None)
        sentence = str(caught.value)
        assert ": " in sentence and "\n" not in sentence and path.name in sentence, path.name
        assert not wish.out.exists()


@pytest.mark.parametrize(
    "references", [("a.png",) * 4, "a.png", None, (7,), (None,), ("a\0.png",), 3]
)
def test_what_is_no_reference_is_refused(tmp_path, references):
    with pytest.raises(RequestError) as caught:
        check(Request("a dog", tmp_path / "a.mp4", references=references))
    assert ": " in str(caught.value)
    with pytest.raises(RequestError):
        generate("a dog", tmp_path / "a.mp4", references=references)
