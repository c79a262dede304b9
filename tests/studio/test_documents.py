"""Whole timelines over the API: what they name is checked at once, and is at hand when they are
made."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from yozora.media.video import read_video

WORDS = "a red ball rolls on a beach"
SPAN = {"ticks": 120_000, "caption": WORDS}


def upload(http, picture, mime="image/png"):
    """The id of a picture (H, W, ...), uploaded."""
    target = io.BytesIO()
    Image.fromarray(picture).save(target, "PNG")
    sent = {"file": ("picture.png", target.getvalue(), mime)}
    return http.post("/v1/files", data={"purpose": "vision"}, files=sent).json()["id"]


def disc(colour):
    """Something before a plain white backdrop."""
    rows, cols = np.mgrid[:144, :144]
    inside = (rows - 72) ** 2 + (cols - 72) ** 2 < 50**2
    return np.where(inside[..., None], colour, (255, 255, 255)).astype(np.uint8)


def asked(http, *spans, **more):
    document = {"version": 1, "width": 256, "height": 144, "spans": list(spans)}
    return http.post("/v1/videos", json={"timeline": document, "seed": 7, **more})


@pytest.fixture
def pixels(http, running, tmp_path):
    """(what a request came to, its frames as numbers)."""

    def of(answer):
        done = running.completed(answer, http)
        path = tmp_path / f"{done['id']}.mp4"
        path.write_bytes(http.get(f"/v1/videos/{done['id']}/content").content)
        return done, read_video(path).frames_THWC.astype(int)

    return of


def test_a_mask_says_what_is_made_anew(http, pixels):
    film, before = pixels(asked(http, {**SPAN, "caption": "a blue ball rolls in a forest"}))
    picture = np.zeros((144, 256), np.uint8)
    picture[:, :128] = 255
    mask = upload(http, picture)
    clip = {"kind": "clip", "asset": film["id"], "start": 0, "stop": 120_000}
    span = {**SPAN, "content": clip, "region": {"mask": mask, "feather": 0}}
    done, after = pixels(asked(http, span))
    assert done["made_from"] == [film["id"], mask]
    apart = np.abs(after - before).mean((0, 1, 3))
    assert apart[:120].min() > 10 > 3 > apart[136:].max()


@pytest.mark.parametrize("role", ["character", "style"])
def test_a_reference_is_drawn_on(http, pixels, role):
    plain = pixels(asked(http, SPAN, SPAN))[1]
    seen = []
    for colour in ((255, 0, 0), (0, 0, 255)):
        file = upload(http, disc(colour))
        span = {**SPAN, "references": [{"asset": file, "role": role}]}
        done, frames = pixels(asked(http, SPAN, span))
        assert done["made_from"] == [file]
        seen.append(frames)
    first, second = (frames.mean((0, 1, 2)) - plain.mean((0, 1, 2)) for frames in seen)
    assert first[0] - first[2] > second[0] - second[2] + 5, "the colours are not theirs"


def test_each_of_several_references_is_drawn_on(http, pixels):
    red, blue = upload(http, disc((255, 0, 0))), upload(http, disc((0, 0, 255)))
    span = {**SPAN, "references": [{"asset": red}]}
    both = asked(http, {**SPAN, "references": [{"asset": red}, {"asset": blue}]})
    with_one = pixels(asked(http, span))[1]
    assert np.abs(pixels(both)[1] - with_one).mean() > 3


@pytest.mark.parametrize("name", ["/etc/passwd", "../film.mp4", "file_0", "video_0", "file_\0", ""])
@pytest.mark.parametrize("key", ["mask", "content", "reference"])
def test_what_is_nobodys_is_refused_at_once(http, pixels, key, name):
    film = upload(http, disc((255, 0, 0)))
    still = {"kind": "still", "asset": film}
    span = {
        "mask": {**SPAN, "content": still, "region": {"mask": name}},
        "content": {**SPAN, "level": 0, "content": {**still, "asset": name}},
        "reference": {**SPAN, "references": [{"asset": name}]},
    }[key]
    answer = asked(http, span)
    assert answer.json()["error"]["code"] in ("invalid_timeline", "not_found")
    assert answer.status_code in (400, 404) and "/v1/" not in answer.text


def test_what_is_no_picture_is_refused_at_once(http):
    sent = {"file": ("lines.jsonl", b'{"custom_id": "1", "method": "POST"}\n')}
    lines = http.post("/v1/files", data={"purpose": "batch"}, files=sent).json()["id"]
    still = {"kind": "still", "asset": upload(http, disc((255, 0, 0)))}
    answer = asked(http, {**SPAN, "content": still, "region": {"mask": lines}})
    assert answer.status_code == 400 and lines in answer.json()["error"]["message"]


def test_a_mask_of_a_film_that_waits_is_kept(http, running):
    picture = upload(http, np.full((144, 256), 255, np.uint8))
    still = {"kind": "still", "asset": picture}
    held = asked(http, {**SPAN, "content": still, "region": {"mask": picture}}, held=True).json()
    assert http.delete(f"/v1/files/{picture}").status_code == 409
    http.post(f"/v1/videos/{held['id']}/cancel")


def test_a_card_says_what_people_write(http, running):
    tool = {"tool": "storyboard", "cards": [{"text": "a dog 🐕 runs in a park"}]}
    answer = http.post("/v1/videos", json={"tool": tool, "seconds": 1, "size": "256x144"})
    assert running.completed(answer, http)["seconds"] == "1"
