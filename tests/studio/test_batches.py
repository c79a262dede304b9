"""Batches: every line is done once, whoever is killed when; what became of it is in the files."""

from __future__ import annotations

import base64
import contextlib
import json
import time

import openai
import pytest
from sqlalchemy import func, select, update

from tests.studio.test_files import lines, png
from yozora.studio import batches as work
from yozora.studio.batches import Batches
from yozora.studio.records import batches as records
from yozora.studio.records import jobs, leases, ledger, people
from yozora.studio.records.jobs import Made, Status
from yozora.studio.records.tables import BATCH_LINES, EVENTS, JOBS

MADE = Made((), 1.0, 256, 144, 12.0, 12, "0" * 64)


def line(name, **body):
    small = {"model": "yozora-1", "prompt": "a dog runs", "seconds": "1"}
    return {"custom_id": name, "method": "POST", "url": "/v1/videos", "body": small | body}


def begun(client, *found, raw=b"", **more):
    """The id of a batch of these lines."""
    file = client.files.create(file=raw or lines(*found), purpose="batch")
    made = client.batches.create(
        input_file_id=file.id, endpoint="/v1/videos", completion_window="24h", **more
    )
    assert (made.status, made.request_counts.total) == ("validating", 0)
    return made.id


def until(client, batch, keeper, *states):
    end = time.monotonic() + 30
    while (found := client.batches.retrieve(batch)).status not in states:
        assert time.monotonic() < end, found
        if not keeper.tick():
            time.sleep(0.02)
    return found


def written(client, file):
    """The lines of a file, by their names."""
    if file is None:
        return {}
    found = [json.loads(one) for one in client.files.content(file).text.splitlines()]
    assert len({one["custom_id"] for one in found}) == len({one["id"] for one in found})
    return {one["custom_id"]: one for one in found}


def jobs_of(here, batch):
    with here.state.database.read() as db:
        rows = db.execute(select(JOBS).where(JOBS.c.batch == batch).order_by(JOBS.c.turn))
        return [jobs.as_job(row) for row in rows]


def done(here, batch, most=10**6, good=True):
    """End waiting jobs of a batch as a worker would."""
    for job in jobs_of(here, batch)[:most]:
        with here.state.database.write() as db:
            db.execute(update(JOBS).where(JOBS.c.id == job.id).values(priority=10))
            mine = leases.lease(db, "w", here.state.now())
            if mine is None:
                return
            assert mine.id == job.id or mine.batch == batch
            if good:
                leases.complete(db, mine, MADE, here.state.now(), None)
            else:
                leases.fail(db, mine, "internal_error", "it broke", here.state.now())


def test_lines_become_videos_and_faults_are_told_by_a_real_worker(running):
    client = running.openai()
    url = "data:image/png;base64," + base64.b64encode(png()).decode()
    batch = begun(
        client, line("good", seed=7), line("picture", input_reference={"image_url": url}),
        line("bad size", size="wide"), line("no words", prompt=""), line("odd", colour="red"),
        line("nobody", characters=[{"id": "char_none"}]), metadata={"of": "a test"},
    )  # fmt: skip
    found = until(client, batch, running.keeper.batches, "completed", "failed")
    assert (found.status, found.metadata) == ("completed", {"of": "a test"})
    counts = found.request_counts
    assert (counts.total, counts.completed, counts.failed) == (6, 2, 4)
    assert found.in_progress_at <= found.finalizing_at <= found.completed_at
    good, bad = written(client, found.output_file_id), written(client, found.error_file_id)
    assert set(good) == {"good", "picture"} and len(bad) == 4
    video = good["good"]["response"]["body"]
    assert good["good"]["response"]["status_code"] == 200 and good["good"]["error"] is None
    assert (video["object"], video["status"], video["seed"]) == ("video", "completed", 7)
    with running.client() as http:
        assert http.get(f"/v1/videos/{video['id']}").json() == video
        assert http.get(f"/v1/videos/{video['id']}/content").status_code == 200
    for name, status in (("bad size", 400), ("no words", 400), ("odd", 400), ("nobody", 404)):
        response = bad[name]["response"]
        assert response["status_code"] == status
        assert set(response["body"]["error"]) == {"message", "type", "param", "code"}
    assert bad["odd"]["response"]["body"]["error"]["code"] == "unknown_parameter"
    assert client.files.retrieve(found.output_file_id).purpose == "batch_output"
    with running.state.database.read() as db:
        told = db.execute(select(EVENTS.c.type).where(EVENTS.c.subject == batch)).all()
        assert [row.type for row in told] == ["batch.completed"]
    while running.keeper.batches.tick():
        pass
    with running.state.database.read() as db:
        assert db.execute(select(func.count()).select_from(BATCH_LINES)).scalar() == 0


def test_a_line_is_done_once_whoever_is_killed_when(here, who):
    """A new keeper at every step, and the old ones come back in between with what they read."""
    client, account = who
    names = [f"line {n}" for n in range(40)]
    batch = begun(client, *(line(name, seed=n) for n, name in enumerate(names)))
    old = [Batches(here.state) for _ in range(3)]
    for n in range(400):
        keeper = Batches(here.state) if n % 2 else old[n % 3]
        with here.state.database.read() as db:
            stale = records.find(db, batch, account)
        keeper.tick()
        with contextlib.suppress(work._Stale):
            old[(n + 1) % 3].step(stale)  # it knows of the batch what is not true any more
        if n % 5 == 0:
            done(here, batch, 4, good=n % 10 == 0)
        if stale.ended_at is not None:
            break
    else:
        raise AssertionError(stale)
    mine = jobs_of(here, batch)
    assert sorted(job.seed for job in mine) == list(range(40))
    found = client.batches.retrieve(batch)
    good, bad = written(client, found.output_file_id), written(client, found.error_file_id)
    assert sorted([*good, *bad]) == sorted(names)
    counts = found.request_counts
    assert (counts.completed, counts.failed) == (len(good), len(bad)) and good and bad
    completed = {job.id for job in mine if job.status is Status.COMPLETED}
    assert {one["response"]["body"]["id"] for one in good.values()} == completed
    with here.state.database.read() as db:
        told = db.execute(select(EVENTS.c.type).where(EVENTS.c.subject == batch)).all()
        assert [row.type for row in told] == ["batch.completed"]
    assert len(list(client.files.list(purpose="batch_output"))) == 2


def test_two_who_count_the_same_lines_count_them_once(here, who):
    client, account = who
    batch = begun(client, *(line(f"{n}") for n in range(4)))
    keeper = Batches(here.state)
    while len(jobs_of(here, batch)) < 4:
        keeper.tick()
    done(here, batch)
    with here.state.database.write() as db:
        one = records.find(db, batch, account)
        ended = [(found, True) for found, _ in records.over(db, one, 10)]
        for _ in range(2):
            records.end_lines(db, one, ended)
        assert records.find(db, batch, account).completed == 4
    until(client, batch, keeper, "completed")


def test_what_is_killed_within_a_transaction_leaves_nothing_half(here, who):
    client, account = who
    batch = begun(client, line("a"), line("b"))
    keeper = Batches(here.state)
    keeper.tick()
    with here.state.database.read() as db:
        one, owner = records.find(db, batch, account), people.get(db, account)
    read = keeper._read_ahead(one, owner)
    with pytest.raises(RuntimeError), here.state.database.write() as db:
        placed = [keeper._placed(db, one, owner, each) for each in read]
        assert records.advance(db, one, placed, read[-1].end)
        raise RuntimeError("killed")
    assert jobs_of(here, batch) == []
    with here.state.database.read() as db:
        assert records.find(db, batch, account).placed == 0
    client.batches.cancel(batch)
    until(client, batch, Batches(here.state), "cancelled")


@pytest.mark.parametrize(
    ("raw", "code", "at"),
    [
        (lines(line("a"), line("a")), "duplicate_custom_id", 2),
        (lines(line("a"), {**line("b"), "method": "GET"}), "invalid_method", 2),
        (lines({**line("a"), "url": "/v1/responses"}), "invalid_url", 1),
        (lines({**line("a"), "custom_id": 7}), "missing_required_parameter", 1),
        (lines({**line("a"), "custom_id": "\ud800"}), "missing_required_parameter", 1),
        (lines({**line("a"), "body": []}), "missing_required_parameter", 1),
    ],
)
def test_a_file_that_is_not_in_order_fails_as_a_whole(here, who, raw, code, at):
    client, _ = who
    batch = begun(client, raw=raw)
    found = until(client, batch, Batches(here.state), "failed")
    assert (found.errors.data[0].code, found.errors.data[0].line) == (code, at)
    assert found.failed_at and jobs_of(here, batch) == []
    assert found.output_file_id is None and found.error_file_id is None


def test_people_come_before_batches_and_a_batch_takes_no_turn_of_its_owners(here, who):
    client, account = who
    batch = begun(client, *(line(f"{n}") for n in range(8)), line("mine", priority=7))
    keeper = Batches(here.state)
    while len(jobs_of(here, batch)) < 9:
        keeper.tick()
    with here.client(client.api_key) as http:
        asked = http.post("/v1/videos", json=line("x")["body"]).json()["id"]
    with here.state.database.write() as db:
        assert people.get(db, account).turn < people.get(db, account).batch_turn
        first, second = (leases.lease(db, "w", here.state.now()) for _ in range(2))
        assert (first.batch, first.priority, second.id) == (batch, 7, asked)
        for one in (first, second):
            leases.fail(db, one, "x", "y", here.state.now())
    client.batches.cancel(batch)
    until(client, batch, keeper, "cancelled")


def test_where_the_queue_is_full_lines_wait_and_without_credits_they_fail(here):
    few = here.openai(here.somebody("few", most_queued=2))
    batch = begun(few, *(line(f"{n}") for n in range(5)))
    keeper = Batches(here.state)
    for _ in range(8):
        keeper.tick()
    assert len(jobs_of(here, batch)) == 2
    while (found := few.batches.retrieve(batch)).status != "completed":
        done(here, batch, 2)
        keeper.tick()
    assert found.request_counts.completed == 5
    poor = here.openai(here.somebody("poor"))
    with here.state.database.write() as db:
        ledger.grant(db, people.named(db, "poor").id, 3_000_000, 1)
    batch = begun(poor, *(line(f"{n}") for n in range(4)))
    while len(jobs_of(here, batch)) < 1 or keeper.tick():
        keeper.tick()
    done(here, batch)
    found = until(poor, batch, keeper, "completed")
    bad = written(poor, found.error_file_id)
    assert found.request_counts.completed >= 1 and bad
    errors = {one["response"]["body"]["error"]["code"] for one in bad.values()}
    assert errors == {"insufficient_quota"}


def test_letters_that_no_database_holds_fail_their_line_alone(here, who):
    client, _ = who
    odd = [line("nul", prompt="a dog \0 runs"), line("half", prompt="a dog \ud800 runs"),
           line("deep", timeline={"a": "\ud800\0"}), line("told", negative_prompt="\0"),
           line("a", after=["\0"]), line("s", style="\0"), line("good")]  # fmt: skip
    batch = begun(client, *odd)
    keeper = Batches(here.state)
    while client.batches.retrieve(batch).request_counts.failed < 5 or not jobs_of(here, batch):
        assert keeper.tick()
    while jobs_of(here, batch)[-1].status is Status.QUEUED:
        done(here, batch)
    found = until(client, batch, keeper, "completed")
    assert "good" in written(client, found.output_file_id)


def test_batches_are_listed_and_nobody_elses(here, who):
    client, _ = who
    made = [begun(client, line("a")) for _ in range(3)]
    assert [one.id for one in client.batches.list(limit=2)] == made[::-1]
    other = here.openai(here.somebody("stranger of batches"))
    for deed in (other.batches.retrieve, other.batches.cancel):
        with pytest.raises(openai.NotFoundError):
            deed(made[0])
    file = client.batches.retrieve(made[0]).input_file_id
    with pytest.raises(openai.NotFoundError):
        other.batches.create(input_file_id=file, endpoint="/v1/videos", completion_window="24h")
    for one in made:
        client.batches.cancel(one)
        assert until(client, one, Batches(here.state), "cancelled").request_counts.total in (0, 1)


def test_what_cannot_be_a_batch_is_refused(who):
    client, _ = who
    file = client.files.create(file=lines(line("a")), purpose="batch").id
    picture = client.files.create(file=png(), purpose="vision").id
    usual = {"input_file_id": file, "endpoint": "/v1/videos", "completion_window": "24h"}
    for wrong in (
        {"endpoint": "/v1/responses"}, {"completion_window": "soon"}, {"input_file_id": picture},
        {"completion_window": "999d"}, {"metadata": {"a": "x" * 513}},
        {"metadata": {f"{n}": "" for n in range(17)}}, {"metadata": {"x" * 65: ""}},
        {"output_expires_after": {"anchor": "created_at", "seconds": 1}},
    ):  # fmt: skip
        with pytest.raises(openai.BadRequestError):
            client.batches.create(**usual | wrong)
    told = {"extra_headers": {"idempotency-key": "once"}}
    first = client.batches.create(**usual, **told)
    assert client.batches.create(**usual, **told).id == first.id
    with pytest.raises(openai.ConflictError):
        client.batches.create(**usual | {"completion_window": "2d"}, **told)
    client.batches.cancel(first.id)


def test_lines_are_read_alike_from_any_byte_on(tmp_path, here):
    raw = b"\n\n{1}\n  \n" + b"{%s}\n" % (b"2" * (3 << 20)) + b"{3}\r\n\n{4}"
    here.state.objects.put("files/file_x/jsonl", raw)
    whole = list(work.batch_lines.lines(here.state.objects, "files/file_x/jsonl", len(raw), 0))
    assert [one.strip()[1:2] for one, _ in whole] == [b"1", b"2", b"3", b"4"]
    for number, (_, end) in enumerate(whole):
        rest = work.batch_lines.lines(here.state.objects, "files/file_x/jsonl", len(raw), end)
        assert list(rest) == whole[number + 1 :]


def test_a_transaction_holds_others_for_as_long_as_it_says(here, who):
    """No timing: what is placed at once is bounded, and so is what waits ahead."""
    client, _account = who
    batch = begun(client, *(line(f"{n}") for n in range(work.READ_AHEAD * 2)))
    keeper = Batches(here.state)
    before = 0
    while before < work.READ_AHEAD * 2:
        keeper.tick()
        now = len(jobs_of(here, batch))
        assert now - before <= work.READ_AHEAD
        before = now
    client.batches.cancel(batch)
    until(client, batch, keeper, "cancelled")
