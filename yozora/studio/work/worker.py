"""One worker: it leases a job, makes its film, stores it, and takes the next.

Bytes go into the store first, then one transaction makes them the video's; whoever dies in between
leaves keys without a row, which are swept away. A worker that is killed stops beating, and its job
goes to another.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection

from yozora.engine.protocol import Cancelled
from yozora.events import Event, Noted, Recaptioned, Result, Step
from yozora.media import latents, stills
from yozora.studio import estimates
from yozora.studio.errors import Busy, NotFound, StorageFull
from yozora.studio.objects import Objects
from yozora.studio.records import jobs, leases, ledger, library, workers
from yozora.studio.records.database import Database
from yozora.studio.records.jobs import Job, Made
from yozora.studio.room import check_disk
from yozora.studio.wishes import Wish, sources
from yozora.studio.work import refusals
from yozora.studio.work.making import make

if TYPE_CHECKING:
    from yozora.engine.finish import Finisher
    from yozora.engine.protocol import Engine

IDLE_S = 0.25  # between two looks at an empty queue
BEAT_S = 2.0
ASK_S = 0.2  # between two looks at what a job is asked to do
PREVIEW_S = 0.5  # between two previews
STORE_S = 600.0  # that a store may be away while a film waits for it
STUCK_S = 900.0  # without a step or a frame: the worker is hung, and ends itself
PREPARED, SAMPLED, FINISHED = 2, 80, 96  # percent
KINDS = {
    library.VIDEO: ("video.mp4", "video/mp4"),
    library.LATENTS: ("video.latents.safetensors", "application/octet-stream"),
    library.THUMBNAIL: ("thumbnail.webp", "image/webp"),
    library.SPRITESHEET: ("spritesheet.jpg", "image/jpeg"),
}

T = TypeVar("T")
Load = Callable[[], "tuple[Engine, Finisher]"]


@dataclass
class Worker:
    """`run` until `stopped` is set. `load` gives the networks, once."""

    id: str
    database: Database
    objects: Objects
    staging: Path  # a folder of its own
    load: Load
    keep_days: float | None = None  # how long videos are kept; None: for ever
    stuck_s: float = STUCK_S
    now: Callable[[], int] = lambda: time.time_ns() // 1_000_000
    stopped: threading.Event = field(default_factory=threading.Event)  # take no more
    leaving: threading.Event = field(default_factory=threading.Event)  # nor finish this one
    moved: float = field(default_factory=time.monotonic)  # when anything was done last

    def run(self) -> None:
        """Take jobs until `stopped`; what is at hand then is finished."""
        for _ in self.each():
            continue

    def each(self) -> Iterator[str]:
        """As `run`: the id of each job as it is over, and "" now and then where there is none."""
        with self.database.write() as db:
            workers.enter(db, self.id, self.now())
        threading.Thread(target=self._beat, daemon=True).start()
        engine, finisher = self.load()
        try:
            told = time.monotonic()
            while not self.stopped.is_set():
                job = self.once(engine, finisher)
                if job or time.monotonic() - told > BEAT_S:
                    told = time.monotonic()
                    yield job
                if not job:
                    self.stopped.wait(IDLE_S)
        finally:
            with self.database.write() as db:
                leases.lose_worker(db, self.id, self.now())
            shutil.rmtree(self.staging, ignore_errors=True)

    def once(self, engine: Engine, finisher: Finisher) -> str:
        """Do one job: its id, "" where there is none, or no room for its film."""
        self.moved = time.monotonic()
        try:
            check_disk(self.staging, self.objects.folder)
            with self.database.write() as db:
                job = leases.lease(db, self.id, self.now())
        except (Busy, StorageFull):
            return ""
        if job is None:
            return ""
        folder = self.staging / f"{job.id}-{job.attempt}"
        try:
            self._do(job, folder, engine, finisher)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return job.id

    def _do(self, job: Job, folder: Path, engine: Engine, finisher: Finisher) -> None:
        began = time.perf_counter()
        telling = _Telling(self, job, engine.grid.latent_fps)
        keys: list[str] = []
        try:
            folder.mkdir(parents=True, exist_ok=True)
            wish = Wish.model_validate(job.wish)
            files = self._fetched(job, wish, folder, telling.asked_to_stop)
            out = folder / "video.mp4"
            result = make(
                wish, files, out, engine=engine, finisher=finisher, on_event=telling,
                cancelled=telling.asked_to_stop,
            )  # fmt: skip
            telling.say(FINISHED, "storing")
            rows = self._stored(job, result, folder, keys, telling.asked_to_stop)
            made = Made(
                tuple(rows), result.frames / result.fps, result.width, result.height, result.fps,
                result.frames, result.recipe.packets_sha256, tuple(telling.notes), telling.caption,
                round((time.perf_counter() - began) * 1000),
            )  # fmt: skip
            if self._surely(lambda db: self._complete(db, job, made)):
                keys = []
        except Cancelled:
            self._end(job, telling.stop)
        except Exception as error:
            self._failed(job, error, folder)
        finally:
            for key in keys:  # nobody's
                self._swept(key)

    def _complete(self, db: Connection, job: Job, made: Made) -> bool:
        """It costs what it came to, not what was thought beforehand."""
        keep = None if self.keep_days is None else round(self.keep_days * 86_400_000)
        if not leases.complete(db, job, made, self.now(), keep):
            return False
        wish = Wish.model_validate(job.wish)
        cost = estimates.work(wish, round(made.seconds, 3), made.width, made.height)
        ledger.settle(db, job.account, job.id, estimates.price_micros(cost), self.now())
        return True

    def _fetched(
        self, job: Job, wish: Wish, folder: Path, stop: Callable[[], bool]
    ) -> dict[str, Path]:
        """Copies of what a wish names, by id. Raises NotFound."""
        found: dict[str, Path] = {}
        for number, one in enumerate(sources(wish)):
            with self.database.read() as db:
                if one.startswith("video_"):
                    other = jobs.find(db, one, job.account)
                    film = library.object_of(db, other, library.VIDEO).key
                    try:
                        beside = library.object_of(db, other, library.LATENTS).key
                    except NotFound:
                        beside = ""
                    name = f"{one}.mp4"
                else:
                    file = library.file(db, one, job.account)
                    film, beside = file.object, ""
                    name = f"{number}-{Path(file.filename).name[-60:]}"
            found[one] = folder / name
            self._patiently(partial(self.objects.fetch, film, found[one]), stop)
            if beside:
                path = latents.latents_path(found[one])
                self._patiently(partial(self.objects.fetch, beside, path), stop)
        return found

    def _stored(
        self, job: Job, result: Result, folder: Path, keys: list[str], stop: Callable[[], bool]
    ) -> list[dict[str, object]]:
        """Everything of a film in the store, `keys` first so that nothing is left behind."""
        (folder / "thumbnail.webp").write_bytes(stills.thumbnail(result.path))
        (folder / "spritesheet.jpg").write_bytes(stills.spritesheet(result.path))
        rows: list[dict[str, object]] = []
        for role, (name, mime) in KINDS.items():
            key = f"jobs/{job.id}/{job.attempt}/{name}"
            keys.append(key)
            put = partial(self.objects.put_file, key, folder / name)
            size, sha256 = self._patiently(put, stop)
            rows.append({"key": key, "role": role, "mime": mime, "bytes": size, "sha256": sha256})
        return rows

    def _end(self, job: Job, stop: str | None) -> None:
        """What was stopped: cancelled, held, or given back where the worker is leaving."""
        if stop == "cancel":
            self._surely(lambda db: leases.fail(db, job, "cancelled", leases.CANCELLED, self.now()))
        elif stop != "lost":
            self._surely(lambda db: leases.release(db, job, held=stop == "hold"))

    def _failed(self, job: Job, error: Exception, folder: Path) -> None:
        code, sentence = refusals.told(error)
        sentence = sentence.replace(f"{folder}/", "")
        if code == refusals.OURS:
            traceback.print_exception(error, file=sys.stderr)
        self._surely(lambda db: leases.fail(db, job, code, sentence, self.now()))

    def _patiently(self, deed: Callable[[], T], stop: Callable[[], bool]) -> T:
        """What the store is asked, again while it is away, so that no film is lost for that. Raises
        Cancelled, and Busy where it is away for too long."""
        until = time.monotonic() + STORE_S
        while True:
            try:
                return deed()
            except Busy:
                if time.monotonic() > until:
                    raise
                if stop():
                    raise Cancelled from None
                time.sleep(1.0)

    def _surely(self, deed: Callable[[Connection], bool]) -> bool:
        """A transaction for what must not be lost: it waits for the database to come back."""
        while True:
            try:
                with self.database.write() as db:
                    return deed(db)
            except Busy:
                self.moved = time.monotonic()
                time.sleep(1.0)

    def _swept(self, key: str) -> None:
        try:
            self.objects.delete(key)
        except (Busy, StorageFull):
            return  # the keeper sweeps it later

    def _beat(self) -> None:
        """Tell that it lives; end where nothing was done for too long, as somebody else shall."""
        while not self.stopped.wait(min(BEAT_S, self.stuck_s / 2)):
            if time.monotonic() - self.moved > self.stuck_s:
                print("the worker did nothing for too long: it ends", file=sys.stderr, flush=True)
                os._exit(errno.ETIME)
            try:
                with self.database.write() as db:
                    workers.beat(db, self.id, self.now())
            except Busy:
                continue


class _Telling:
    """What a render says, into the database; and what the job is asked to do."""

    def __init__(self, worker: Worker, job: Job, preview_fps: float) -> None:
        self.worker, self.job, self.preview_fps = worker, job, preview_fps
        self.progress, self.phase = 0, "preparing"
        self.notes = list(job.notes)  # what was said when it was asked
        self.caption = ""
        self.stop: str | None = None
        self.asked = self.shown = 0.0

    def __call__(self, event: Event) -> None:
        match event:
            case Recaptioned(recaption):
                self.caption = recaption.marked or recaption.caption
                self.notes += [note for note in recaption.notes if note not in self.notes]
                told: dict[str, Any] = {"caption": self.caption, "notes": self.notes}
                self.say(PREPARED, "sampling", told=told)
            case Noted(text):
                self.notes.append(text)
            case Step(film, films, done, of, preview):
                share = (film + done / of) / films
                picture = None
                if time.monotonic() - self.shown >= PREVIEW_S:
                    self.shown = time.monotonic()
                    picture = done, stills.moving(preview(), self.preview_fps)
                phase = "sampling" if done < of else "decoding"
                self.say(round(PREPARED + (SAMPLED - PREPARED) * share), phase, picture)

    def say(
        self, progress: int, phase: str, preview: tuple[int, bytes] | None = None,
        told: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        self.worker.moved = time.monotonic()
        self.progress, self.phase = max(self.progress, progress), phase
        try:
            with self.worker.database.write() as db:
                stop = leases.report(db, self.job, self.progress, phase, preview, told)
        except Busy:
            return  # the next step tells it
        self.stop = self.stop or stop
        self.asked = time.monotonic()

    def asked_to_stop(self) -> bool:
        """Asked of before each step and each frame; the database a few times a second."""
        self.worker.moved = time.monotonic()
        if self.worker.leaving.is_set():
            return True
        if self.stop is None and time.monotonic() - self.asked >= ASK_S:
            self.asked = time.monotonic()
            try:
                with self.worker.database.read() as db:
                    self.stop = leases.orders(db, self.job)
            except Busy:
                return False
        return self.stop is not None
