"""Storyboards: cards at times in one film, written by hand or broken out of a script."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.engine import FakeEngine
from tests.fakes.footage import number, painted
from yozora import boards, storyboards
from yozora.desk import Desk
from yozora.engine.finish import Finisher
from yozora.media import video
from yozora.media.images import save_png
from yozora.prompts.script import broken, placed
from yozora.render import edit
from yozora.request import Request, RequestError
from yozora.timeline.document import Clip, Mix, Still
from yozora.timeline.errors import TimelineError
from yozora.world.parsing import parse

ENGINE = FakeEngine()
STORY = """# The last train

- MARA: a woman in a red coat

EXT. CITY STREET - NIGHT

Mara walks along the pavement in the rain. She looks at the sky.

MARA
Where is everybody?

A small brown dog, wet and cold, runs past her. "Wait," she says.

INT. OLD LIBRARY - DAY

MARA sits and reads a book. The dog sleeps.
"""


def asked(folder: Path, text: str, **changes: object) -> tuple[boards.Board, storyboards.Edit]:
    (folder / "b.yaml").write_text(text)
    board, _ = boards.read(folder / "b.yaml")
    wish = Request("", folder / "out.mp4", seed=3)
    return board, storyboards.storyboard(Desk(ENGINE, 3), wish, board)


def test_a_card_lasts_until_the_next_and_close_ones_are_cut(tmp_path):
    _, one = asked(
        tmp_path,
        "seconds: 9\ncards:\n- text: a dog runs in a park\n- {at: 0.5, text: it jumps}\n"
        "- {at: 4, text: it sits}\n- {at: 6.5, text: a cat, cut: true}\n",
    )
    assert [span.ticks for span in one.timeline.spans] == [60_000, 420_000, 300_000, 300_000]
    assert [span.cut for span in one.timeline.spans] == [False, True, False, True]
    captions = [span.caption for span in one.timeline.spans]
    assert all("park" in caption for caption in captions)  # what a card does not say stays
    assert "jumps" in captions[1] and "sits" in captions[2] and "cat" in captions[3]


def test_a_character_is_the_same_in_every_card(tmp_path):
    _, one = asked(
        tmp_path,
        "characters: {Mara: a woman in a red coat}\ncards:\n- Mara walks along a street at night\n"
        "- {text: Mara reads in a library by day, cut: true}\n- {text: Mara waves on a beach}\n",
    )
    people = [parse(span.caption).subjects[0] for span in one.timeline.spans]
    assert len({(p.kind, p.colour, p.worn) for p in people}) == 1
    assert people[0].kind == "woman" and len({p.action for p in people}) == 3
    assert any(colour == "red" for _, colour in people[0].worn) or people[0].colour == "red"


def test_media_stand_at_their_card_and_the_rest_is_invented(tmp_path):
    video.write_mp4(tmp_path / "f.mp4", (painted(n, 64, 36) for n in range(60)), 30)
    save_png(tmp_path / "p.png", painted(900, 64, 36))
    _, one = asked(
        tmp_path,
        "seconds: 4\ncards:\n- a dog\n"
        "- {at: 1, media: f.mp4, from: 0.5, to: 1.5, text: a dog runs}\n"
        "- {at: 3, media: [p.png], text: a cat}\n",
    )
    kinds = [type(span.content) for span in one.timeline.spans]
    assert kinds == [type(None), Clip, Mix, Still, type(None)]
    (result,) = edit(one, engine=ENGINE, finisher=Finisher())
    frames = video.read_video(result.path).frames_THWC
    assert (len(frames), result.fps, result.width) == (120, 30.0, 64)
    assert [number(frame) for frame in frames[30:60]] == list(range(15, 45))
    assert number(frames[90]) == 900


def test_the_boards_settings_hold_unless_the_command_says_otherwise(tmp_path):
    text = "size: 128x128\nfps: 24\nseed: 9\ncards:\n- a dog runs\n"
    (tmp_path / "b.yaml").write_text(text)
    board, _ = boards.read(tmp_path / "b.yaml")
    wish = Request("", tmp_path / "out.mp4")
    one = storyboards.storyboard(Desk(ENGINE, 0), wish, board)
    assert (one.timeline.width, one.timeline.fps, one.request.seed) == (128, 24, 9)
    wish = Request("", tmp_path / "out.mp4", width=64, height=64, seed=1)
    one = storyboards.storyboard(Desk(ENGINE, 0), wish, board)
    assert (one.timeline.width, one.request.seed) == (64, 1)


def test_a_script_is_broken_into_what_is_seen():
    script = broken(STORY)
    assert script.title == "The last train"
    assert script.characters == {"Mara": "a woman in a red coat"}
    texts = [shot.text for shot in script.shots]
    assert texts == [
        "Mara walks along the pavement in the rain, in a city street at night",
        "She looks at the sky, in a city street at night",
        "A small brown dog, wet and cold, runs past her, in a city street at night",
        "Mara sits and reads a book, in an old library by day",
        "The dog sleeps, in an old library by day",
    ]
    assert all(2.0 <= shot.seconds <= 5.0 for shot in script.shots)
    assert any("dialogue" in note for note in script.notes)
    assert placed("EXT. A WIDE BEACH - DUSK") == "in a wide beach at sunset"


def test_a_scripts_cards_are_written_down_edited_and_read_again(tmp_path):
    (tmp_path / "s.md").write_text(STORY)
    board, notes = boards.read(tmp_path / "s.md")
    assert notes and len(board.cards) == 5
    again = boards.of_yaml(boards.to_yaml(board), tmp_path)
    assert again.cards == board.cards and again.characters == board.characters
    assert again.seconds == board.seconds


BAD = {
    "cards: []": "cards: there are none",
    "cards:\n- {text: a}\n- {at: 0, text: b}": "not after the card before it",
    "cards:\n- {text: a, seconds: 3}\n- {at: 2, text: b}": "overlaps the card before it",
    "seconds: 4\ncards:\n- a\n- {at: 4, text: b}": "after the end of the film",
    "cards:\n- {at: -1, text: a}": "is no time",
    "cards:\n- {at: .nan, text: a}": "is no time",
    "cards:\n- {text: 7}": "is no text",
    "cards:\n- {wobble: 7}": "not a known key",
    "cards:\n- {at: 1}": "nothing happens on it",
    "cards:\n- {text: a, seconds: 0}": "no length",
    "cards:\n- {text: a, cut: maybe}": "write true or false",
    "cards:\n- {media: [7]}": "no file's name",
    "characters: [Mara]\ncards:\n- a": "no names",
    "seconds: 1000\ncards:\n- a": "600 are the most",
    "cards: [": "not YAML",
    "- a": "not a list of keys",
    "cards: !!python/object/apply:os.system ['true']": "not YAML",
}


@pytest.mark.parametrize("text", BAD)
def test_a_bent_board_is_refused_with_its_place(tmp_path, text):
    (tmp_path / "b.yaml").write_text(text)
    with pytest.raises(TimelineError) as caught:
        boards.read(tmp_path / "b.yaml")
    assert BAD[text] in str(caught.value)


def test_a_board_that_asks_for_no_size_is_refused(tmp_path):
    (tmp_path / "b.yaml").write_text("size: huge\ncards:\n- a dog")
    board, _ = boards.read(tmp_path / "b.yaml")
    with pytest.raises(RequestError, match="write it as 256x144"):
        storyboards.storyboard(Desk(ENGINE, 0), Request("", tmp_path / "o.mp4"), board)


def test_what_a_card_says_that_nobody_knows_is_named_with_the_card(tmp_path):
    _, one = asked(
        tmp_path,
        "characters: {Mara: a skibidi woman}\ncards:\n- Mara walks on a beach\n"
        "- text: a zorg dog runs\n  cut: true\n",
    )
    assert any(note.startswith("card 2:") and '"zorg" is not known' in note for note in one.notes)
    assert any(note.startswith("Mara:") and '"skibidi"' in note for note in one.notes)
    assert not any(note.startswith("card 1:") for note in one.notes)


def test_how_a_shot_ends_is_no_shot_and_its_length_may_be_said_in_words():
    script = broken(
        "FADE IN:\n\nEXT. BEACH - DAY\n\nA dog runs for ten seconds. A cat waits (2.5 seconds).\n\n"
        "CUT TO:\n\nTwo seconds later the cat jumps.\n\nFADE OUT.\nTHE END\n"
    )
    assert [(shot.text, shot.seconds) for shot in script.shots] == [
        ("A dog runs, in a beach by day", 10.0),
        ("A cat waits, in a beach by day", 2.5),
        ("Two seconds later the cat jumps, in a beach by day", 2.0),
    ]
