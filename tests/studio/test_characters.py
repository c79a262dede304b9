"""Characters: somebody from a clip, drawn in other videos, and nobody else's."""

from __future__ import annotations

import numpy as np
import openai
import pytest

from tests.fakes.people import png
from yozora.media.video import write_mp4
from yozora.studio.records import library, people

pytestmark = pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning")


def owner(running) -> str:
    with running.state.database.read() as db:
        return people.owner(db).id


@pytest.fixture
def client(running):
    return running.openai()


@pytest.fixture
def clip(tmp_path):
    path = tmp_path / "mossy.mp4"
    frames = np.full((24, 72, 128, 3), 170, np.uint8)
    frames[:, 20:60, 50:80] = (20, 160, 60)
    write_mp4(path, list(frames), 12)
    return path


def test_somebody_is_made_of_a_clip_and_drawn_on(client, running, clip):
    made = client.videos.create_character(name="Mossy", video=clip)
    assert made.id.startswith("char_") and made.name == "Mossy" and made.created_at > 0
    assert client.videos.get_character(made.id).model_dump() == made.model_dump()
    body = {"characters": [{"id": made.id}], "model": "yozora-1", "seconds": "1"}
    named = client.videos.create(prompt="the dog mossy runs", extra_body=body)
    other = client.videos.create(prompt="a dog runs", extra_body=body)
    for video, wanted in ((named, 0), (other, 1)):
        done = running.finished(video.id)
        assert done["status"] == "completed", done["error"]
        assert sum("Mossy" in note for note in done["notes"]) == wanted
    with running.state.database.read() as db:
        picture = library.character(db, made.id, owner(running)).file
    content = client.files.content(picture).read()
    assert content.startswith(b"\x89PNG")


def test_they_are_listed_and_go_with_their_pictures(running, clip):
    client = running.openai(running.somebody("director"))
    made = [client.videos.create_character(name=f"n{n}", video=clip).id for n in range(3)]
    assert [one.id for one in client.files.list()] == []
    pictures = [one.id for one in client.files.list(purpose="character")]
    with pytest.raises(openai.ConflictError):
        client.files.delete(pictures[0])
    with running.client(client.api_key) as http:
        page = http.get("/v1/videos/characters", params={"limit": 2, "order": "asc"}).json()
        assert [one["id"] for one in page["data"]] == made[:2] and page["has_more"]
        rest = http.get("/v1/videos/characters", params={"after": made[1], "order": "asc"}).json()
        assert [one["id"] for one in rest["data"]] == made[2:]
        deleted = http.delete(f"/v1/videos/characters/{made[0]}").json()
        assert deleted == {"id": made[0], "object": "character.deleted", "deleted": True}
        assert http.get(f"/v1/videos/characters/{made[0]}").status_code == 404
    assert len(list(client.files.list(purpose="character"))) == 2
    other = running.openai(running.somebody("thief"))
    with pytest.raises(openai.NotFoundError):
        other.videos.get_character(made[1])
    with pytest.raises(openai.NotFoundError):
        other.videos.create(prompt="a dog", extra_body={"characters": [{"id": made[1]}]})


def test_what_is_no_character_is_refused(client, clip):
    for name in ("", "   ", "a\nb", "x" * 81):
        with pytest.raises(openai.BadRequestError):
            client.videos.create_character(name=name, video=clip)
    with pytest.raises(openai.BadRequestError):
        client.videos.create_character(name="Mossy", video=b"no film")
    with pytest.raises(openai.BadRequestError, match="shows nothing"):
        client.videos.create_character(name="Mossy", video=png())
    assert client.videos.create_character(name="日本/../x", video=clip).name == "日本/../x"


def test_a_video_that_is_called_so_is_not_in_the_way(client, running):
    with running.client() as http:
        assert http.get("/v1/videos/characters").json()["object"] == "list"
        assert http.post("/v1/videos/characters", json={"name": "x"}).status_code == 400
        assert http.get("/v1/videos/characters/content").status_code == 404
