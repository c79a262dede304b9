"""The editor's tools on files: films in, films out, nothing of what is kept touched."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from tests.fakes.engine import FakeEngine
from tests.fakes.footage import number, painted
from yozora import editing
from yozora.assets import needed
from yozora.desk import Desk
from yozora.engine.canvas import Beside
from yozora.engine.finish import Finisher
from yozora.events import Noted, Result
from yozora.media import latents, video
from yozora.media.errors import MediaError
from yozora.media.images import save_png
from yozora.render import Edit, edit, read_recipe, render, repeat
from yozora.request import Request, RequestError
from yozora.timeline.document import Clip, Mix, Timeline, to_ticks
from yozora.timeline.errors import TimelineError
from yozora.timeline.joins import LED, turning

ENGINE = FakeEngine()
PROMPT = "a red ball rolls on a beach"


def wish(out: Path, prompt: str = "it snows at night", **changes: object) -> Request:
    return replace(Request(prompt, out, seconds=1.0, seed=7), **changes)


def desk() -> Desk:
    return Desk(ENGINE, seed=7)


def made(one: Edit, notes: list[str] | None = None) -> Result:
    def listen(event: object) -> None:
        if isinstance(event, Noted) and notes is not None:
            notes.append(event.text)

    (result,) = edit(one, listen, engine=ENGINE, finisher=Finisher())
    return result


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return render(wish(tmp_path / "film.mp4", PROMPT, seconds=2.0), engine=ENGINE)[0].path


@pytest.fixture
def footage(tmp_path: Path) -> Path:
    path = tmp_path / "footage.mp4"
    video.write_mp4(path, (painted(n, 64, 36) for n in range(60)), 30)
    return path


def test_words_change_what_they_say_and_leave_the_rest(tmp_path, film):
    before = read_recipe(film).timeline.spans[0].caption
    one = editing.extend(desk(), wish(tmp_path / "a.mp4"), film)
    told = one.timeline.spans[1].caption
    assert all(said in told for said in ("at night", "falling snow", "red ball"))
    assert one.timeline.spans[0].caption == before
    assert one.recaption is not None and one.recaption.caption == told


def test_ten_extensions_leave_the_first_film_bit_exact(tmp_path, film):
    first = latents.load_latents(latents.latents_path(film))
    frames = ENGINE.decode(first.latents_FCHW)
    for n in range(10):
        film = made(editing.extend(desk(), wish(tmp_path / f"{n}.mp4"), film)).path
    last = latents.load_latents(latents.latents_path(film))
    assert len(last.latents_FCHW) == 6 + 10 * 3 and last.beside_F2 is not None
    assert np.array_equal(last.latents_FCHW[:6], first.latents_FCHW)
    seen = last.beside_F2, last.beyond_GCHW, last.beyond_G2
    again = ENGINE.decode(last.latents_FCHW, beside=Beside.told(last.latents_FCHW, *seen))
    assert np.array_equal(again[:24], frames)  # its end still knows nothing of what came after


def test_footage_is_copied_at_its_own_size_and_rate(tmp_path, footage):
    notes: list[str] = []
    result = made(editing.extend(desk(), wish(tmp_path / "a.mp4", PROMPT), footage), notes)
    assert (result.width, result.height, result.fps, result.frames) == (64, 36, 30.0, 90)
    kept = video.read_video(result.path).frames_THWC[:60]
    assert [*map(number, kept)] == [*range(60)]
    assert any("its pictures are encoded" in note for note in notes)


def test_a_retake_changes_nothing_outside_its_window(tmp_path, film):
    before = ENGINE.decode(latents.load_latents(latents.latents_path(film)).latents_FCHW)
    one = editing.retake(desk(), wish(tmp_path / "a.mp4"), film, 0.5, 1.25)
    frames: list[np.ndarray] = []
    edit(one, engine=ENGINE, finisher=Finisher(), on_frame=frames.append)
    after = np.stack(frames)
    assert all(np.array_equal(after[part], before[part]) for part in (np.s_[:6], np.s_[15:]))
    assert np.abs(after[10:13].astype(int) - before[10:13]).mean((1, 2, 3)).min() > 10


def test_parts_are_moved_and_change_their_speed(tmp_path, footage):
    keep = [editing.Keep(1.0, 1.5, 0.5), editing.Keep(0.0, 0.5, None, 0.5)]
    one = editing.recut(desk(), wish(tmp_path / "a.mp4", ""), footage, keep, 2.5)
    frames = video.read_video(made(one).path).frames_THWC
    assert [number(frame) for frame in frames[15:30]] == list(range(30, 45))
    assert [number(frame) for frame in frames[30:60]] == [n // 2 for n in range(30)]
    assert len(frames) == 75


def test_each_tool_lays_out_what_it_says(tmp_path, film, footage):
    picture = tmp_path / "p.png"
    save_png(picture, painted(9, 100, 60))

    def levels(one: Edit) -> list[object]:
        return [span.level for span in one.timeline.spans]

    ask = wish(tmp_path / "a.mp4")
    assert levels(editing.extend(desk(), ask, film, before=True)) == [1, 0, 1]
    led = editing.extend(desk(), replace(ask, prompt=""), film, ending=footage)
    assert levels(led) == [0, turning(to_ticks(ask.seconds)), 0]
    assert {span.caption for span in led.timeline.spans} == {
        read_recipe(film).timeline.spans[0].caption
    }
    animated = editing.animate(desk(), ask, picture, end=film)
    assert levels(animated) == [0, turning(animated.timeline.spans[1].ticks), 0]
    assert (animated.timeline.width, animated.timeline.height) == (100, 60)
    assert levels(editing.remix(desk(), ask, film, 0.5)) == levels(editing.remix(desk(), ask, film))
    remixed = editing.remix(desk(), ask, film, "strong")
    assert levels(remixed) == [0.995]
    assert remixed.timeline.spans[0].shows == read_recipe(film).timeline.spans[0].caption
    looped = editing.loop(desk(), replace(ask, prompt=""), film, "short", 0.5, 1.5)
    assert levels(looped) == [0, LED] and looped.timeline.closed
    assert looped.timeline.spans[0].content == Clip(next(iter(looped.files)), 60_000, 180_000)
    mixed = editing.blend(desk(), ask, film, footage, "mix", first_s=(0.5, 1.5))
    (span,) = mixed.timeline.spans
    assert isinstance(span.content, Mix) and span.content.curve[0][1] == 0.5
    wide = editing.outpaint(desk(), wish(tmp_path / "a.mp4", width=400, height=144), film)
    assert wide.timeline.spans[0].content.place[0][1].width == pytest.approx(256 / 400)
    large = editing.enlarge(desk(), ask, footage, 2.0)
    assert (large.timeline.width, large.timeline.fps) == (128, Fraction(30))


def test_a_region_is_a_box_in_pixels_or_shares_a_mask_or_words(tmp_path, film):
    white = tmp_path / "m.png"
    save_png(white, np.full((144, 256, 3), 255, np.uint8))
    ask = wish(tmp_path / "a.mp4")
    shares = editing.retake(desk(), ask, film, where=editing.Where((0.25, 0.5, 0.5, 0.25)))
    pixels = editing.retake(desk(), ask, film, where=editing.Where((64, 72, 128, 36)))
    assert shares.timeline == pixels.timeline
    masked = editing.retake(desk(), ask, film, where=editing.Where(mask=white))
    assert len(masked.files) == 2
    with pytest.raises(RequestError, match="give one of them"):
        both = editing.Where((0.1, 0.1, 0.1, 0.1), words="the dog")
        editing.retake(desk(), ask, film, where=both)


def test_an_insert_tells_the_thing_alone_and_the_film_with_it(tmp_path, film):
    where = editing.Where((0.5, 0.5, 0.4, 0.4))
    one = editing.insert(desk(), wish(tmp_path / "a.mp4", "a blue box"), film, where)
    (span,) = one.timeline.spans
    assert "a red ball rolls next to a blue box" in span.caption
    assert span.region.caption.startswith("a blue box on a beach") and span.level == 1.0
    assert "ball" not in span.region.caption
    nobody = editing.insert(desk(), wish(tmp_path / "a.mp4", "snow"), film, where)
    assert nobody.timeline.spans[0].region.caption == ""
    assert made(one).path.exists()
    with pytest.raises(RequestError, match="there is no place for it"):
        editing.insert(desk(), wish(tmp_path / "a.mp4", "a box"), film, editing.Where())


def test_an_edit_carries_its_recipe_and_is_made_again_from_it(tmp_path, film):
    first = made(editing.remix(desk(), wish(tmp_path / "a.mp4"), film, 0.5))
    recipe = read_recipe(first.path)
    assert [one.name for one in recipe.assets] == ["film.mp4"]
    assert recipe == first.recipe
    files = needed(recipe, tmp_path, ())
    again = repeat(recipe, tmp_path / "b.mp4", files=files, engine=ENGINE, finisher=Finisher())
    assert again.recipe.packets_sha256 == first.recipe.packets_sha256
    assert again.recipe.identity == first.recipe.identity
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with pytest.raises(TimelineError, match="give that very file with --asset"):
        needed(recipe, elsewhere, ())
    assert needed(recipe, elsewhere, (film,)).keys() == files.keys()


def test_a_document_names_its_assets_from_its_own_folder(tmp_path, film):
    document = tmp_path / "sub" / "t.json"
    document.parent.mkdir()
    spans = [
        {"ticks": 120_000, "caption": "", "level": 0,
         "content": {"kind": "clip", "asset": "../film.mp4", "start": 0, "stop": 120_000}},
        {"ticks": 60_000, "caption": "a white cat jumps in the snow"},
    ]  # fmt: skip
    document.write_text(json.dumps({"version": 1, "spans": spans, "seed": 3}))
    one = editing.document(desk(), wish(tmp_path / "a.mp4", "", seed=None), document)
    result = made(one)
    assert result.frames == 18 and result.recipe.timeline.seed == 3
    assert "white cat" in result.recipe.timeline.spans[1].caption
    document.write_text(json.dumps({"version": 1, "spans": [{**spans[0], "level": 2}]}))
    with pytest.raises(TimelineError, match=r"spans\[0\].level"):
        editing.document(desk(), wish(tmp_path / "a.mp4", ""), document)


def test_latents_of_others_are_not_taken_and_this_is_said(tmp_path, film):
    own = latents.latents_path(film)
    data = own.read_bytes()
    for damage, said in (
        (own.unlink, "there are no latents beside"),
        (lambda: own.write_bytes(b"x"), "holds no latents"),
        (lambda: own.write_bytes(data.replace(b'"fake latents"', b'"other latent"')
                                 .replace(b"0" * 64, b"1" * 64)), "are of other weights"),
    ):  # fmt: skip
        own.write_bytes(data)
        damage()
        notes: list[str] = []
        made(editing.extend(desk(), wish(tmp_path / "a.mp4"), film), notes)
        assert any(said in note for note in notes), (said, notes)


def test_faults_are_sentences_and_leave_nothing(tmp_path, film, footage):
    before = sorted(p.name for p in tmp_path.iterdir())
    ask = wish(tmp_path / "a.mp4")
    bent = tmp_path.parent / f"{tmp_path.name}-curve.json"
    bent.write_text("[[0, 0], [1, 1.5]]")
    faults = [
        lambda: editing.retake(desk(), ask, film, 1.0, 9.0),
        lambda: editing.retake(desk(), ask, film, 1.0, 1.0),
        lambda: editing.extend(desk(), ask, film, after=False),
        lambda: editing.extend(desk(), ask, tmp_path / "none.mp4"),
        lambda: editing.blend(desk(), ask, film, footage, overlap_s=5.0),
        lambda: editing.blend(desk(), ask, film, footage, bent),
        lambda: editing.blend(desk(), ask, film, footage, "wobble"),
        lambda: editing.recut(
            desk(), ask, film, [editing.Keep(0, 1, 0), editing.Keep(1, 2, 0.5)], 4
        ),
        lambda: editing.recut(desk(), ask, film, [editing.Keep(0, 1, 3)], 3.5),
        lambda: editing.recut(desk(), ask, film, [editing.Keep(0, 1, 0, 100.0)], 4),
        lambda: editing.remix(desk(), ask, film, 1.5),
        lambda: editing.outpaint(desk(), ask, film),
        lambda: editing.write(Timeline(()), tmp_path / "film.mp4"),
        lambda: made(editing.remix(desk(), wish(film), film)),
    ]
    for fault in faults:
        with pytest.raises((RequestError, MediaError, TimelineError)) as caught:
            fault()
        assert ":" in str(caught.value)
    assert sorted(p.name for p in tmp_path.iterdir()) == before


def test_an_asset_that_changes_while_a_film_is_made_leaves_nothing(tmp_path, footage):
    one = editing.extend(desk(), wish(tmp_path / "a.mp4", PROMPT), footage)
    footage.write_bytes(footage.read_bytes()[:900])
    with pytest.raises(MediaError, match=r"footage\.mp4"):
        made(one)
    footage.unlink()
    with pytest.raises(MediaError, match=r"footage\.mp4"):
        made(one)
    assert not list(tmp_path.iterdir())


def test_a_timeline_is_written_and_read_in_every_form(tmp_path, film):
    first = made(editing.extend(desk(), wish(tmp_path / "a.mp4"), film))
    timeline, _ = editing.written(first.path)
    assert [span.content.asset for span in timeline.spans if span.content] == ["film.mp4"]
    for name in ("t.json", "t.otio"):
        editing.write(timeline, tmp_path / name)
        again = editing.document(desk(), wish(tmp_path / "b.mp4", "", seed=None), tmp_path / name)
        result = made(again)
        assert result.recipe.packets_sha256 == first.recipe.packets_sha256, name


def refused(act: Callable[[], object], *said: str) -> None:
    """One sentence with a remedy, in words that a person uses."""
    with pytest.raises((RequestError, MediaError, TimelineError)) as caught:
        act()
    told = str(caught.value)
    assert ":" in told and "tick" not in told and not re.search(r"\d{4}", told), told
    assert all(part in told for part in said), told


def test_times_are_told_in_seconds(tmp_path, film, footage):
    ask, keep = wish(tmp_path / "a.mp4"), editing.Keep
    refused(lambda: editing.recut(desk(), ask, film, [keep(0, 1, 3)], 3.5), "until 4 s")
    apart = [keep(0, 1, 0), keep(1, 2, 0.5)]
    refused(lambda: editing.recut(desk(), ask, film, apart), "at 0.5 s", "ends, at 1 s")
    long = lambda: editing.blend(desk(), ask, film, footage, overlap_s=5.0)  # noqa: E731
    refused(long, "an overlap of 5 s", "films of 2 s", "overlap less")
    refused(lambda: editing.blend(desk(), ask, film, footage, overlap_s=0.0), "0.5 s or more")
    refused(lambda: editing.animate(desk(), ask, film, at_s=-1.0), "-1 s is no time")
    refused(lambda: editing.animate(desk(), ask, film, at_s=2.0), "which lasts 2.000 s")
    for seam in (12.0, 0.0, -1.0, math.nan):
        refused(lambda seam=seam: editing.loop(desk(), ask, film, seam), "0.1..10 s")


def test_numbers_and_names_that_mean_nothing_are_refused(tmp_path, film):
    ask, keep = wish(tmp_path / "a.mp4"), editing.Keep
    for bad in (math.nan, math.inf, "much"):
        for act in (
            lambda bad=bad: editing.loop(desk(), ask, film, "short", bad),
            lambda bad=bad: editing.blend(desk(), ask, film, film, overlap_s=bad),
            lambda bad=bad: editing.recut(desk(), ask, film, [keep(0, 1)], bad),
            lambda bad=bad: editing.recut(desk(), ask, film, [keep(0, 1, bad)]),
            lambda bad=bad: editing.recut(desk(), ask, film, [keep(0, 1, None, bad)]),
            lambda bad=bad: editing.enlarge(desk(), ask, film, bad),
            lambda bad=bad: editing.extend(desk(), replace(ask, seconds=bad), film),
            lambda bad=bad: editing.retake(desk(), ask, film, strength=bad),
            lambda bad=bad: editing.outpaint(desk(), wish(film, width=64, height=64), film,
                                             (0, 0, 1, bad)),
        ):  # fmt: skip
            refused(act)
    refused(lambda: editing.remix(desk(), ask, film, "medium"), "subtle, mild, strong")
    refused(lambda: editing.loop(desk(), ask, film, "wide"), "short, normal, long")
    refused(lambda: editing.remix(desk(), ask, film, 2.0), "0..1")
    refused(lambda: editing.blend(desk(), ask, film, film, "foo"), "transition, mix, sample")
    refused(lambda: editing.enlarge(desk(), ask, film, 0.5), "--size makes a film smaller")
    refused(lambda: editing.extend(desk(), ask, 7), "no file's name")
    assert editing.extend(desk(), ask, str(film)).files.keys() == (
        editing.extend(desk(), ask, film).files.keys()
    )


def test_a_region_that_covers_nothing_is_refused(tmp_path, film):
    ask = wish(tmp_path / "a.mp4")
    black, square = tmp_path / "black.png", tmp_path / "square.png"
    save_png(black, np.zeros((144, 256, 3), np.uint8))
    save_png(square, np.zeros((64, 64, 3), np.uint8))

    def again(**where: object) -> Edit:
        return editing.retake(desk(), ask, film, where=editing.Where(**where))

    for box in ((-50, -50, 40, 40), (300, 0, 50, 50), (1.0, 0.0, 0.5, 0.5), (0, -0.5, 1.0, 0.5)):
        refused(lambda box=box: again(box=box), "wholly outside", "256x144")
    wide = wish(tmp_path / "a.mp4", width=400, height=144)
    refused(lambda: editing.outpaint(desk(), wide, film, (500, 0, 256, 144)), "wholly outside")
    refused(lambda: made(again(mask=black)), "covers nothing of the picture")
    assert made(again(mask=black, inverted=True)).frames == 24
    refused(lambda: again(mask=square), "square.png is 64x64, film.mp4 256x144")
    refused(lambda: again(words="the skibidi"), "'skibidi'", "other words")
    refused(lambda: again(words="the beach"), "names nobody")
    assert again(words="the skibidi dog").notes == (
        "'skibidi' in 'the skibidi dog' is not known: left out",
    )
    assert again(words="the dog").timeline.spans[0].region.shape.text == "the dog"


def test_an_edit_that_changes_nothing_tells_what_is_seen(tmp_path, film, footage):
    before = read_recipe(film).timeline.spans[0].caption
    ask = wish(tmp_path / "a.mp4")
    where = editing.Where((0.1, 0.1, 0.5, 0.5))
    for make in (
        lambda one: editing.retake(desk(), ask, one, 0.5, 1.0, strength=0.0),
        lambda one: editing.insert(desk(), ask, one, where, strength=0.0),
        lambda one: editing.remix(desk(), ask, one, 0.0),
    ):
        for one, shows in ((film, before), (footage, "")):
            notes: list[str] = []
            result = made(make(one), notes)
            assert {span.caption for span in result.recipe.timeline.spans} == {shows}
            assert any("a strength of 0 changes nothing" in note for note in notes)
    refused(lambda: editing.remix(desk(), wish(tmp_path / "a.mp4", "a red ball"), film),
            "change nothing of what film.mp4 shows", "say what shall be otherwise")  # fmt: skip


def test_a_remix_of_a_stretch_keeps_the_rest(tmp_path, film):
    before = ENGINE.decode(latents.load_latents(latents.latents_path(film)).latents_FCHW)
    one = editing.remix(desk(), wish(tmp_path / "a.mp4"), film, "strong", 1.0)
    frames: list[np.ndarray] = []
    edit(one, engine=ENGINE, finisher=Finisher(), on_frame=frames.append)
    assert len(frames) == 24 and np.array_equal(np.stack(frames)[:11], before[:11])
    assert [span.level for span in one.timeline.spans] == [0, 0.995]
    assert one.timeline.spans[0].caption == read_recipe(film).timeline.spans[0].caption


def test_words_that_nobody_knows_are_named(tmp_path, film):
    told = editing.extend(desk(), wish(tmp_path / "a.mp4", "a skibidi dog"), film).recaption
    assert told is not None and any('"skibidi" is not known' in note for note in told.notes)


def test_what_is_no_number_is_told_in_plain_words(tmp_path):
    for raw, said in (
        ('{"version": 1, "spans": [{"ticks": 1.5, "caption": ""}]}', "1.5 is no whole number"),
        ("[]", "[] is no object"),
        ('{"version": 1, "spans": {}}', "{} is no list"),
    ):
        (tmp_path / "t.json").write_text(raw)
        with pytest.raises(TimelineError, match=re.escape(said)):
            editing.written(tmp_path / "t.json")
