"""`/v1/files` by OpenAI's own client: what is taken, what is not, and how long it stays."""

from __future__ import annotations

import io
import json

import numpy as np
import openai
import pytest
from PIL import Image
from sqlalchemy import update

from tests.fakes.people import png
from yozora.media.video import write_mp4
from yozora.studio.keeping import Keeper
from yozora.studio.records.people import Role
from yozora.studio.records.tables import FILES

LINE = {"custom_id": "a", "method": "POST", "url": "/v1/videos", "body": {"prompt": "a dog"}}


def lines(*found: object) -> bytes:
    return "".join(json.dumps(one) + "\n" for one in found).encode()


@pytest.fixture
def client(running):
    return running.openai()


def test_a_picture_and_a_film_are_written_anew_and_can_be_used(client, running, tmp_path):
    picture = client.files.create(file=("my dog.jpeg", png()), purpose="vision")
    assert (picture.object, picture.filename, picture.purpose) == ("file", "my dog.png", "vision")
    assert picture.status == "processed" and picture.expires_at is None
    content = client.files.content(picture.id)
    assert Image.open(io.BytesIO(content.read())).size == (64, 36)
    assert client.files.retrieve(picture.id) == picture
    assert client.files.wait_for_processing(picture.id) == picture
    path = tmp_path / "own.mp4"
    write_mp4(path, [np.full((72, 128, 3), 9 * n, np.uint8) for n in range(12)], 12)
    film = client.files.create(file=path, purpose="user_data")
    assert film.filename == "own.mp4" and film.bytes > 500
    with running.client() as http:
        body = {"model": "yozora-1", "prompt": "a dog", "seconds": 1}
        made = http.post("/v1/videos", json=body | {"input_reference": {"file_id": picture.id}})
        assert running.completed(made, http)["tool"] == "animate"


def test_ranges_of_a_file_are_the_bytes_that_were_asked(client, running):
    raw = lines(LINE, LINE | {"custom_id": "b"})
    id_ = client.files.create(file=("日本.jsonl", raw), purpose="batch").id
    assert client.files.content(id_).read() == raw
    with running.client() as http:
        part = http.get(f"/v1/files/{id_}/content", headers={"range": "bytes=3-7"})
        assert (part.status_code, part.content) == (206, raw[3:8])
        assert int(http.head(f"/v1/files/{id_}/content").headers["content-length"]) == len(raw)


def test_lists_are_paged_in_both_orders_and_by_purpose(running):
    client = running.openai(running.somebody("filer"))
    made = [client.files.create(file=png(), purpose="user_data").id for _ in range(3)]
    batch = client.files.create(file=lines(LINE), purpose="batch").id
    assert [one.id for one in client.files.list(limit=2, order="asc")] == [*made, batch]
    assert [one.id for one in client.files.list(limit=1)] == [batch, *made[::-1]]
    assert [one.id for one in client.files.list(purpose="batch")] == [batch]
    assert client.files.delete(made[0]).model_dump() == {
        "id": made[0], "deleted": True, "object": "file",
    }  # fmt: skip
    assert not list(running.state.objects.everything(f"files/{made[0]}"))
    with pytest.raises(openai.NotFoundError):
        client.files.retrieve(made[0])
    other = running.openai(running.somebody("stranger")).files
    for deed in (other.retrieve, other.content, other.delete):
        with pytest.raises(openai.NotFoundError):
            deed(batch)


@pytest.mark.parametrize(
    ("raw", "purpose"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "vision"),
        (b"<html><script>1</script>", "user_data"),
        (b"PK\x03\x04" + b"\0" * 64, "user_data"),
        (b"plain words", "user_data"),
        (lines(LINE), "user_data"),
        (png(), "batch"),
        (b"\xff\xfe{}\n", "batch"),
        (b"[1]\n", "batch"),
        (b'{"a": 1}\nnonsense\n', "batch"),
        (b"\n\n", "batch"),
        (b"[" * 100_000, "batch"),
        (b"", "batch"),
        (png(), "fine-tune"),
        (b'{"a":1}\n' * 50_001, "batch"),
    ],
)
def test_nothing_else_is_taken(client, raw, purpose):
    with pytest.raises(openai.APIStatusError) as error:
        client.files.create(file=raw, purpose=purpose)
    assert error.value.status_code in (400, 413) and error.value.code


def test_files_go_when_their_time_is_over(client, running):
    def make(**more):
        return client.files.create(file=lines(LINE), purpose="batch", **more)

    usual, short = make(), make(expires_after={"anchor": "created_at", "seconds": 3600})
    assert abs(usual.expires_at - usual.created_at - 30 * 86_400) <= 1
    assert abs(short.expires_at - short.created_at - 3600) <= 1
    with pytest.raises(openai.BadRequestError):
        make(expires_after={"anchor": "created_at", "seconds": 60})
    with running.state.database.write() as db:
        db.execute(update(FILES).where(FILES.c.id == short.id).values(expires_at=1))
    running.keeper.expire()
    with pytest.raises(openai.NotFoundError):
        client.files.retrieve(short.id)
    assert not list(running.state.objects.everything(f"files/{short.id}"))
    assert client.files.retrieve(usual.id) == usual


def test_what_a_batch_reads_stays_until_it_is_over(running):
    client = running.openai()
    id_ = client.files.create(file=lines(LINE), purpose="batch").id
    batch = client.batches.create(
        input_file_id=id_, endpoint="/v1/videos", completion_window="24h"
    ).id
    with pytest.raises(openai.ConflictError):
        client.files.delete(id_)
    with running.state.database.write() as db:
        db.execute(update(FILES).where(FILES.c.id == id_).values(expires_at=1))
    running.keeper.expire()
    assert client.files.retrieve(id_).id == id_
    client.batches.cancel(batch)
    keeper = Keeper(running.state.settings, running.state.database, running.state.objects)
    while client.batches.retrieve(batch).status != "cancelled":
        keeper.batches.tick()
    keeper.expire()
    with pytest.raises(openai.NotFoundError):
        client.files.retrieve(id_)


def test_files_need_their_scope_and_room(running):
    with pytest.raises(openai.PermissionDeniedError):
        running.openai(running.somebody("looker", Role.VIEWER)).files.list()
    few = running.openai(running.somebody("small", most_bytes=10))
    with pytest.raises(openai.RateLimitError) as error:
        few.files.create(file=png(), purpose="user_data")
    assert error.value.code == "storage_quota_exceeded"


@pytest.mark.parametrize("where", ["/v1/files/%00", "/v1/videos/%00", "/v1/batches?after=%00"])
def test_letters_that_no_database_holds_are_refused(here, where):
    with here.client() as http:
        answer = http.get(where)
    assert answer.status_code in (400, 404) and answer.json()["error"]["code"]
