"""Laws of the queue: nothing is lost, nothing is done twice, nobody waits behind a crowd."""

from __future__ import annotations

import itertools
import tempfile

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import select

from yozora.studio.errors import Conflict, NotFound
from yozora.studio.records import facts, jobs, leases, ledger, people, workers
from yozora.studio.records.database import Database
from yozora.studio.records.jobs import Made, New, Status
from yozora.studio.records.migrating import migrate
from yozora.studio.records.people import Role
from yozora.studio.records.tables import EVENTS, JOBS

MADE = Made((), 4.0, 256, 144, 12.0, 48, "0" * 64)


def account(db, name="ada", **limits):
    return people.add(db, name, Role.MEMBER, 1, **limits)


def job(db, owner, id_="video_1", now=1, **more):
    new = New(id_, owner.id, {"tool": {"tool": "generate"}}, "a dog", "yozora-1", 4.0, 256, 144, 7,
              more.pop("cost", 1.0), **more)  # fmt: skip
    return jobs.submit(db, new, now)


def test_a_job_is_leased_once_and_its_end_is_told_once(database):
    with database.write() as db:
        owner = account(db)
        job(db, owner)
        mine = leases.lease(db, "w1", 2)
        assert mine is not None and mine.status is Status.IN_PROGRESS
        assert leases.lease(db, "w2", 2) is None
        assert leases.complete(db, mine, MADE, 3, None)
        assert not leases.complete(db, mine, MADE, 3, None)
        assert not leases.fail(db, mine, "late", "too late", 4)
        assert jobs.get(db, mine.id).status is Status.COMPLETED
        assert [row.type for row in db.execute(select(EVENTS))] == ["video.completed"]


def test_who_was_taken_for_lost_changes_nothing_any_more(database):
    with database.write() as db:
        owner = account(db)
        job(db, owner)
        workers.enter(db, "w1", 1)
        first = leases.lease(db, "w1", 2)
        leases.lose_worker(db, "w1", 3)
        second = leases.lease(db, "w1", 4)  # the same name: the attempt tells them apart
        assert leases.report(db, first, 50, "sampling") == "lost"
        assert leases.orders(db, first) == "lost"
        assert not leases.complete(db, first, MADE, 5, None)
        assert not leases.release(db, first)
        assert leases.complete(db, second, MADE, 6, None)


def test_a_job_that_takes_its_workers_with_it_is_given_up(database):
    with database.write() as db:
        job(db, account(db))
        for n in range(leases.MOST_LOSSES):
            assert leases.lease(db, f"w{n}", n) is not None
            leases.lose_worker(db, f"w{n}", n)
        assert leases.lease(db, "w", 9) is None
        last = jobs.get(db, "video_1")
        assert (last.status, last.error_code) == (Status.FAILED, "worker_lost")


def test_pauses_do_not_count_as_losses(database):
    with database.write() as db:
        job(db, account(db))
        for n in range(2 * leases.MOST_LOSSES):
            mine = leases.lease(db, "w", n)
            jobs.hold(db, mine)
            assert leases.orders(db, mine) == "hold"
            assert leases.release(db, mine, held=True)
            assert leases.lease(db, "w", n) is None
            jobs.resume(db, jobs.get(db, mine.id))
        assert leases.complete(db, leases.lease(db, "w", 99), MADE, 99, None)


def test_progress_never_falls(database):
    with database.write() as db:
        job(db, account(db))
        mine = leases.lease(db, "w", 1)
        seen = []
        for percent in (10, 40, 20, 60, 5):
            leases.report(db, mine, percent, "sampling")
            seen.append(jobs.get(db, mine.id).progress)
        assert seen == [10, 40, 40, 60, 60]


def test_who_asks_for_one_does_not_wait_behind_a_crowd(database):
    with database.write() as db:
        crowd, single = account(db, "crowd"), account(db, "single")
        for n in range(100):
            job(db, crowd, f"video_{n}")
        for _ in range(3):
            leases.complete(db, leases.lease(db, "w", 1), MADE, 1, None)
        job(db, single, "video_mine")
        taken = [leases.lease(db, "w", 1).id for _ in range(2)]
        assert "video_mine" in taken


def test_who_was_away_does_not_get_what_he_did_not_ask_for(database):
    """A newcomer shares from now on; he is not served alone until all is even."""
    with database.write() as db:
        busy, new = account(db, "busy"), account(db, "new")
        for n in range(30):
            job(db, busy, f"video_b{n}")
        for _ in range(20):
            leases.complete(db, leases.lease(db, "w", 1), MADE, 1, None)
        for n in range(10):
            job(db, new, f"video_n{n}")
        first = [leases.lease(db, "w", 1).account for _ in range(10)]
        assert 4 <= first.count(busy.id) <= 6


def test_turns_are_shared_as_weights_say(database):
    with database.write() as db:
        heavy, light = account(db, "heavy", weight=3), account(db, "light")
        for n in range(40):
            job(db, heavy, f"video_h{n}")
            job(db, light, f"video_l{n}")
        first = [leases.lease(db, "w", 1).account for _ in range(20)]
        assert 14 <= first.count(heavy.id) <= 16


def test_priority_comes_before_turns_and_limits_hold(database):
    with database.write() as db:
        one, other = account(db, "one", most_running=1), account(db, "other")
        job(db, one, "video_a")
        job(db, one, "video_b", priority=5)
        job(db, other, "video_c")
        assert leases.lease(db, "w", 1).id == "video_b"
        assert leases.lease(db, "w", 1).id == "video_c"  # `one` has its one
        assert leases.lease(db, "w", 1) is None


def test_jobs_wait_for_those_that_they_are_made_of(database):
    with database.write() as db:
        owner = account(db)
        job(db, owner, "video_a")
        job(db, owner, "video_b", after=("video_a",))
        job(db, owner, "video_c", after=("video_b", "video_a"))
        first = leases.lease(db, "w", 1)
        assert first.id == "video_a" and leases.lease(db, "w", 1) is None
        leases.complete(db, first, MADE, 2, None)
        second = leases.lease(db, "w", 1)
        assert second.id == "video_b" and leases.lease(db, "w", 1) is None
        leases.fail(db, second, "x", "y", 3)
        last = jobs.get(db, "video_c")
        assert (last.status, last.error_code) == (Status.FAILED, "dependency_failed")


def test_a_long_chain_fails_as_one(database):
    with database.write() as db:
        owner = account(db)
        job(db, owner, "video_0")
        for n in range(1, 120):
            job(db, owner, f"video_{n}", after=(f"video_{n - 1}",))
        leases.cancel(db, jobs.get(db, "video_0"), 2)
        assert not list(db.execute(select(JOBS).where(JOBS.c.status != Status.FAILED)))


def test_one_may_reorder_ones_own_and_nobody_elses(database):
    with database.write() as db:
        owner, other = account(db), account(db, "bob")
        for name in "abc":
            job(db, owner, f"video_{name}")
        job(db, other, "video_theirs")
        jobs.reorder(db, owner.id, ["video_c", "video_a", "video_b"])
        with pytest.raises(NotFound):
            jobs.reorder(db, owner.id, ["video_theirs"])
        mine = [one for _ in range(4) if (one := leases.lease(db, "w", 1).id) != "video_theirs"]
        assert mine == ["video_c", "video_a", "video_b"]


def test_what_has_begun_is_not_changed_and_what_runs_is_not_removed(database):
    with database.write() as db:
        job(db, account(db))
        mine = leases.lease(db, "w", 1)
        with pytest.raises(Conflict):
            jobs.change(db, mine, title="a cat")
        with pytest.raises(Conflict):
            jobs.remove(db, mine)
        leases.cancel(db, mine, 2)
        assert leases.orders(db, mine) == "cancel"
        leases.fail(db, mine, "cancelled", "", 3)
        with pytest.raises(Conflict):
            leases.cancel(db, jobs.get(db, mine.id), 4)
        jobs.remove(db, jobs.get(db, mine.id))


def test_a_paused_queue_gives_nothing_out(database):
    with database.write() as db:
        job(db, account(db))
        facts.put(db, facts.PAUSED, True)
        assert leases.lease(db, "w", 1) is None
        facts.put(db, facts.PAUSED, False)
        assert leases.lease(db, "w", 1) is not None


def test_credits_are_reserved_and_given_back_where_a_job_fails(database):
    with database.write() as db:
        owner = account(db)
        assert ledger.balance(db, owner.id) is None
        ledger.grant(db, owner.id, 5_000_000, 1)
        for name in ("video_a", "video_b"):
            job(db, owner, name)
            ledger.reserve(db, owner.id, name, 2_000_000, 1)
        assert ledger.balance(db, owner.id) == 1_000_000
        leases.complete(db, leases.lease(db, "w", 1), MADE, 2, None)
        leases.fail(db, leases.lease(db, "w", 1), "x", "y", 2)
        assert ledger.balance(db, owner.id) == 3_000_000


class Queue(RuleBasedStateMachine):
    """Any order of what people and workers do: every job ends once, and none is two workers'."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.database = Database.open(f"sqlite:///{self.folder.name}/studio.db")
        migrate(self.database)
        self.numbers = itertools.count()
        self.held: dict[str, jobs.Job] = {}  # by worker: what it thinks is its own
        self.ended: dict[str, int] = {}
        with self.database.write() as db:
            self.people = [account(db, name).id for name in ("ada", "bob")]

    def teardown(self) -> None:
        self.database.close()
        self.folder.cleanup()

    @rule(who=st.integers(0, 1), after=st.booleans(), held=st.booleans())
    def submit(self, who, after, held):
        with self.database.write() as db:
            mine = [j for j in self.all(db) if j.account == self.people[who]]
            first = tuple(j.id for j in mine[-1:] if j.status is not Status.FAILED) if after else ()
            owner = people.get(db, self.people[who])
            job(db, owner, f"video_{next(self.numbers)}", after=first, held=held)

    @rule(worker=st.sampled_from("xyz"))
    def lease(self, worker):
        if worker in self.held:
            return
        with self.database.write() as db:
            taken = leases.lease(db, worker, 1)
        if taken is not None:
            self.held[worker] = taken

    @precondition(lambda self: self.held)
    @rule(worker=st.sampled_from("xyz"), good=st.booleans())
    def end(self, worker, good):
        mine = self.held.pop(worker, None)
        if mine is None:
            return
        with self.database.write() as db:
            done = leases.complete(db, mine, MADE, 2, None) if good else (
                leases.fail(db, mine, "x", "y", 2)
            )  # fmt: skip
        self.ended[mine.id] = self.ended.get(mine.id, 0) + done

    @rule(worker=st.sampled_from("xyz"))
    def lose(self, worker):
        """Taken for lost; it does not know, and may come back with `end`."""
        with self.database.write() as db:
            leases.lose_worker(db, worker, 3)

    @rule(number=st.integers(0, 20), what=st.sampled_from(["cancel", "hold", "resume"]))
    def ask(self, number, what):
        with self.database.write() as db:
            found = self.all(db)
            if not found:
                return
            one = found[number % len(found)]
            if not one.status.is_final:
                deed = {"hold": jobs.hold, "resume": jobs.resume}.get(what)
                deed(db, one) if deed else leases.cancel(db, one, 4)

    @staticmethod
    def all(db) -> list[jobs.Job]:
        return [jobs.as_job(row) for row in db.execute(select(JOBS).order_by(JOBS.c.id))]

    @invariant()
    def laws(self):
        with self.database.read() as db:
            found = self.all(db)
            told = [row.subject for row in db.execute(select(EVENTS))]
        assert all(count <= 1 for count in self.ended.values())
        assert sorted(told) == sorted(j.id for j in found if j.status.is_final)
        running = [j for j in found if j.status is Status.IN_PROGRESS]
        assert all(j.worker is not None for j in running)
        assert all(j.worker is None for j in found if j.status is not Status.IN_PROGRESS)
        assert all(j.waits >= 0 for j in found)


Queue.TestCase.settings = settings(max_examples=12, stateful_step_count=40, deadline=None)
TestQueue = Queue.TestCase
