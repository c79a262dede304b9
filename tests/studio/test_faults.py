"""What goes wrong around a job: it ends once, or fails with its reason, and leaves nothing."""

from __future__ import annotations

import errno
import itertools
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace

import pytest

from tests.fakes.disk import small_disk
from tests.fakes.studio import SlowEngine, studio, worker
from yozora.engine.finish import Finisher
from yozora.studio.errors import Busy, StorageFull, StudioError
from yozora.studio.keeping import LOST_S, Keeper
from yozora.studio.objects import Objects
from yozora.studio.records import jobs, leases, workers
from yozora.studio.records.jobs import Status
from yozora.studio.serving import serve
from yozora.studio.settings import Settings
from yozora.studio.state import State

SMALL = {"model": "yozora-1", "seconds": 1, "prompt": "a dog runs in a park"}


@pytest.fixture
def idle(tmp_path):
    """A studio that nobody works in but the test."""
    with studio(tmp_path, workers=0) as one:
        yield one


def ask(one, **more) -> str:
    with one.client() as http:
        return http.post("/v1/videos", json=SMALL | more).json()["id"]


def state_of(one, video):
    with one.state.database.read() as db:
        return jobs.get(db, video)


def keys(one):
    return [key for key, _ in one.state.objects.everything()]


def test_a_worker_that_dies_between_store_and_row_leaves_no_bytes(idle):
    """It stored its film, and was gone before it could say so."""
    video = ask(idle)
    dead = worker(idle.state, SlowEngine(), "dead")
    with idle.state.database.write() as db:
        workers.enter(db, "dead", 1)
        job = leases.lease(db, "dead", 1)
    for name in ("video.mp4", "thumbnail.webp"):
        idle.state.objects.put(f"jobs/{video}/{job.attempt}/{name}", b"half a film")
    idle.keeper.sweep()
    assert len(keys(idle)) == 2, "what is being made now is left alone"
    idle.keeper.lose(dead.id)
    other = worker(idle.state, SlowEngine(), "other")
    assert other.once(other.load()[0], Finisher())
    idle.keeper.sweep()
    assert state_of(idle, video).status is Status.COMPLETED
    assert {key.split("/")[2] for key in keys(idle)} == {"2"}


def test_who_was_taken_for_lost_comes_back_too_late(idle):
    """Both make the film; one of them is its maker, the other's bytes go."""
    video = ask(idle)
    slow = SlowEngine()
    slow.slow.set()
    first, second = worker(idle.state, slow, "a"), worker(idle.state, SlowEngine(), "b")
    thread = threading.Thread(target=lambda: first.once(slow, Finisher()))
    with idle.state.database.write() as db:
        workers.enter(db, "a", 1)
    thread.start()
    while state_of(idle, video).status is not Status.IN_PROGRESS:
        time.sleep(0.01)
    idle.keeper.lose("a")
    assert second.once(second.load()[0], Finisher())
    thread.join(timeout=30)
    done = state_of(idle, video)
    assert (done.status, done.attempt) == (Status.COMPLETED, 2)
    assert all(key.startswith(f"jobs/{video}/2/") for key in keys(idle)) and len(keys(idle)) == 4
    assert not list(idle.state.settings.staging.rglob("*.mp4"))


def test_clocks_that_jump_take_no_job_away(idle):
    jumps = itertools.cycle([10**12, 1, 2 * 10**12, 5])
    mine = worker(idle.state, SlowEngine(), "w")
    mine.now = lambda: next(jumps)
    keeper = Keeper(idle.state.settings, idle.state.database, idle.state.objects, now=mine.now)
    videos = [ask(idle) for _ in range(3)]
    with idle.state.database.write() as db:
        workers.enter(db, "w", mine.now())
    for _ in videos:
        assert mine.once(mine.load()[0], Finisher())
        keeper.tick()
    assert [state_of(idle, one).status for one in videos] == [Status.COMPLETED] * 3
    assert {state_of(idle, one).attempt for one in videos} == {1}


def test_a_worker_is_lost_when_its_beats_stand_still_for_long_enough(idle):
    time_s = 0.0
    keeper = Keeper(
        idle.state.settings, idle.state.database, idle.state.objects, steady=lambda: time_s
    )
    with idle.state.database.write() as db:
        workers.enter(db, "w", 1)
    assert keeper.find_lost() == []
    for _ in range(20):
        time_s += LOST_S * 0.9
        with idle.state.database.write() as db:
            workers.beat(db, "w", 1)
        assert keeper.find_lost() == []
    time_s += LOST_S * 0.9
    assert keeper.find_lost() == []
    time_s += LOST_S * 0.2
    assert keeper.find_lost() == ["w"]


def test_a_worker_whose_process_is_gone_is_lost_at_once(idle):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    with idle.state.database.write() as db:
        workers.enter(db, "w", 1, pid=gone.pid)
    assert idle.keeper.find_lost() == ["w"]


class Full(SlowEngine):
    """The disk is full when the film is coded."""

    def decode(self, *arguments, **settings):
        raise OSError(errno.ENOSPC, "No space left on device")


class Broken(SlowEngine):
    def decode(self, *arguments, **settings):
        raise RuntimeError("a secret of the inside: /etc/passwd")


@pytest.mark.parametrize(("engine", "code"), [(Full, "storage_full"), (Broken, "internal_error")])
def test_a_fault_fails_the_job_with_its_reason_and_no_secret(idle, engine, code, capfd):
    video = ask(idle)
    mine = worker(idle.state, engine(), "w")
    assert mine.once(mine.load()[0], Finisher())
    job = state_of(idle, video)
    assert (job.status, job.error_code) == (Status.FAILED, code)
    assert "secret" not in job.error_message and "/" not in job.error_message
    assert keys(idle) == [] and not list(idle.state.settings.staging.rglob("*"))[1:]


class Hung(SlowEngine):
    def generate(self, *arguments, **settings):
        time.sleep(3600)


def test_a_worker_that_hangs_ends_itself_and_its_job_goes_to_another(idle, tmp_path):
    video = ask(idle)
    code = (
        "import sys; from pathlib import Path\n"
        "from tests.fakes.studio import worker; from tests.studio.test_faults import Hung\n"
        "from yozora.studio.serving import opened; from yozora.studio.settings import Settings\n"
        "one = worker(opened(Settings(Path(sys.argv[1]))), Hung(), 'hung'); one.stuck_s = 1.0\n"
        "one.run()"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, timeout=60, check=False
    )
    assert ended.returncode == errno.ETIME, ended.stderr
    assert state_of(idle, video).status is Status.IN_PROGRESS
    idle.keeper.find_lost()
    assert state_of(idle, video).status is Status.QUEUED
    mine = worker(idle.state, SlowEngine(), "w")
    assert mine.once(mine.load()[0], Finisher())
    assert state_of(idle, video).status is Status.COMPLETED


class Away:
    """A database that cannot be written for a while."""

    def __init__(self, database, times):
        self.database, self.times = database, times

    def read(self):
        return self.database.read()

    def write(self):
        if self.times > 0:
            self.times -= 1
            raise Busy
        return self.database.write()


def test_a_film_is_not_lost_where_the_database_is_away_when_it_is_done(idle):
    video = ask(idle)
    mine = worker(idle.state, SlowEngine(), "w")

    class Then(SlowEngine):
        def decode(self, *arguments, **settings):
            mine.database = Away(idle.state.database, 3)
            return super().decode(*arguments, **settings)

    assert mine.once(Then(), Finisher())
    assert state_of(idle, video).status is Status.COMPLETED


class Unreachable:
    """A store that is away for a while."""

    def __init__(self, objects, times, error):
        self.objects, self.times, self.error = objects, times, error
        self.folder = None

    def __getattr__(self, name):
        def call(*arguments):
            if self.times > 0:
                self.times -= 1
                raise self.error
            return getattr(self.objects, name)(*arguments)

        return call


@pytest.mark.parametrize("begins", ["fetch", "put_file"])
def test_a_film_is_not_lost_where_the_store_is_away_for_a_while(idle, begins):
    first = ask(idle)
    mine = worker(idle.state, SlowEngine(), "w")
    assert mine.once(mine.load()[0], Finisher())
    with idle.client() as http:
        body = {"tool": {"tool": "remix", "film": first}, "prompt": "a cat"}
        second = http.post("/v1/videos", json=SMALL | body).json()["id"]

    class Then(SlowEngine):
        def decode(self, *arguments, **settings):
            if begins == "put_file":
                mine.objects = Unreachable(idle.state.objects, 1, Busy())
            return super().decode(*arguments, **settings)

    if begins == "fetch":
        mine.objects = Unreachable(idle.state.objects, 2, Busy())
    assert mine.once(Then(), Finisher())
    assert state_of(idle, second).status is Status.COMPLETED


def test_who_waits_for_a_store_can_be_stopped_and_a_full_one_is_said(idle):
    video, other = ask(idle), ask(idle)
    mine = worker(idle.state, SlowEngine(), "w")
    mine.objects = Unreachable(idle.state.objects, 10**6, Busy())
    thread = threading.Thread(target=lambda: mine.once(SlowEngine(), Finisher()))
    thread.start()
    while state_of(idle, video).phase != "storing":
        time.sleep(0.01)
    with idle.client() as http:
        assert http.post(f"/v1/videos/{video}/cancel").is_success
    thread.join(timeout=20)
    assert state_of(idle, video).error_code == "cancelled"
    mine.objects.error = StorageFull()
    assert mine.once(SlowEngine(), Finisher())
    assert state_of(idle, other).error_code == "storage_full"


def test_nothing_is_begun_without_room_and_what_waits_waits(idle, tmp_path):
    video = ask(idle)
    mine = worker(idle.state, SlowEngine(), "w")
    with small_disk(tmp_path / "small") as folder:
        mine.objects = Objects.open(folder)
        assert not mine.once(SlowEngine(), Finisher())
        assert state_of(idle, video).status is Status.QUEUED
        other = State(replace(idle.state.settings, home=folder), idle.state.database, mine.objects)
        with pytest.raises(StorageFull):
            other.check_disk()


def test_videos_expire_with_their_bytes(tmp_path):
    with studio(tmp_path, workers=0, keep_days=1.0) as one:
        video = ask(one)
        mine = worker(one.state, SlowEngine(), "w")
        mine.keep_days = 1.0
        assert mine.once(mine.load()[0], Finisher())
        one.keeper.expire()
        assert state_of(one, video).expires_at
        one.keeper.now = lambda: one.state.now() + 2 * 86_400_000
        one.keeper.expire()
        with one.client() as http:
            assert http.get(f"/v1/videos/{video}").status_code == 404
        assert keys(one) == []


def test_a_port_that_is_taken_is_said_before_anything_is_begun(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = replace(Settings(tmp_path / "home"), port=taken.getsockname()[1])
        with pytest.raises(StudioError, match="choose another --port"):
            serve(settings, pytest.fail)
    assert not (tmp_path / "home").exists()
