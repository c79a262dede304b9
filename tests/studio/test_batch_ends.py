"""How a batch ends before all its lines are done: cancelled, out of time, erased with its owner."""

from __future__ import annotations

import contextlib

import openai
import pytest
from sqlalchemy import select, update

from tests.studio.test_batches import begun, done, jobs_of, line, until, written
from yozora.studio import batches as work
from yozora.studio import leaving
from yozora.studio.batches import Batches
from yozora.studio.errors import NotFound
from yozora.studio.records import batches as records
from yozora.studio.records import people
from yozora.studio.records.tables import BATCH_LINES, BATCHES, EVENTS, JOBS


def test_a_cancelled_batch_keeps_what_is_made_and_tells_of_the_rest(here, who):
    client, _ = who
    batch = begun(client, *(line(f"{n}") for n in range(30)))
    keeper = Batches(here.state)
    while len(jobs_of(here, batch)) < 5:
        keeper.tick()
    done(here, batch, 2)
    assert client.batches.cancel(batch).status == "cancelling"
    assert client.batches.cancel(batch).cancelling_at
    found = until(client, batch, Batches(here.state), "cancelled")
    assert found.cancelled_at and found.request_counts.total == 30
    good, bad = written(client, found.output_file_id), written(client, found.error_file_id)
    assert len(good) == 2 and len(bad) == 28
    assert {one["error"]["code"] for one in bad.values()} == {"batch_cancelled"}
    assert all(job.status.is_final for job in jobs_of(here, batch))
    with pytest.raises(openai.ConflictError):
        client.batches.cancel(batch)


def test_a_batch_whose_time_is_over_expires(here, who):
    client, _account = who
    batch = begun(client, *(line(f"{n}") for n in range(5)))
    keeper = Batches(here.state)
    while len(jobs_of(here, batch)) < 2:
        keeper.tick()
    done(here, batch, 1)
    with here.state.database.write() as db:
        db.execute(update(BATCHES).where(BATCHES.c.id == batch).values(expires_at=1))
    found = until(client, batch, keeper, "expired")
    assert found.expired_at and found.request_counts.completed == 1
    bad = written(client, found.error_file_id)
    assert {one["error"]["code"] for one in bad.values()} == {"batch_expired"} and len(bad) == 4
    with here.state.database.read() as db:
        told = db.execute(select(EVENTS.c.type).where(EVENTS.c.subject == batch)).all()
        assert [row.type for row in told] == ["batch.expired"]


def test_outputs_go_when_it_was_asked(here, who):
    client, _ = who
    batch = begun(client, line("a"), output_expires_after={"anchor": "created_at", "seconds": 3600})
    keeper = Batches(here.state)
    while not jobs_of(here, batch):
        keeper.tick()
    done(here, batch)
    found = until(client, batch, keeper, "completed")
    output = client.files.retrieve(found.output_file_id)
    assert output.expires_at - output.created_at == 3600


def test_a_video_that_was_deleted_before_it_was_counted_is_told(here, who):
    client, _ = who
    batch = begun(client, line("a"), line("b"))
    keeper = Batches(here.state)
    while len(jobs_of(here, batch)) < 2:
        keeper.tick()
    done(here, batch)
    with here.client(client.api_key) as http:
        gone = jobs_of(here, batch)[0].id
        assert http.delete(f"/v1/videos/{gone}").status_code == 200
    found = until(client, batch, keeper, "completed")
    (bad,) = written(client, found.error_file_id).values()
    assert bad["error"]["code"] == "video_deleted" and found.request_counts.completed == 1


def test_who_is_erased_leaves_no_line_behind(here):
    client = here.openai(here.somebody("leaver"))
    batch = begun(client, line("a"), line("b"))
    keeper = Batches(here.state)
    while len(jobs_of(here, batch)) < 2:
        keeper.tick()
    with here.state.database.read() as db:
        stale, account = records.find(db, batch, None), people.named(db, "leaver").id
    leaving.erase(here.state, account, lambda db, nobody: None)
    with contextlib.suppress(NotFound, work._Stale):
        keeper.step(stale)
    keeper.tick()
    with here.state.database.read() as db:
        for table in (BATCH_LINES, BATCHES, JOBS):
            key = table.c.batch if "batch" in table.c else table.c.id
            assert not db.execute(select(key).where(key == batch)).all()
