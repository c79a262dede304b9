"""How long a job takes, learned from those that are done; and what it costs."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from yozora.studio.records.jobs import Job, Status, ahead
from yozora.studio.records.paces import pace
from yozora.studio.wishes import Generate, Wish

OWN_PX = 256 * 144  # what the starter weights make; larger sizes are finished from it
QUALITY = {"fast": 1.0, "best": 4.0, "live": 1.0}
MICROS_A_UNIT = 1_000_000  # a credit is a second of film at the weights' own size, fast
LEAST_POLL_MS, MOST_POLL_MS = 500, 10_000


def work(wish: Wish, seconds: float, width: int, height: int) -> float:
    """Units of work: seconds of film, heavier where it is larger, made in more steps or steered
    away from something."""
    own = wish.settings
    steps = QUALITY[own.quality] if own.steps is None else own.steps / 6
    drawn = seconds * max(0.25, steps) * (1.6 if own.negative else 1.0)
    finished = seconds * 0.15 * width * height / OWN_PX
    tool = 0.5 if isinstance(wish.tool, Generate) else 1.0  # reading what a film is made from
    return round(drawn + finished + tool, 3)


@dataclass(frozen=True, slots=True)
class Estimate:
    """In seconds of wall time from now."""

    starts_s: float
    done_s: float

    @property
    def poll_ms(self) -> int:
        """When a client should ask again: a few times in what is left."""
        return round(min(MOST_POLL_MS, max(LEAST_POLL_MS, self.done_s * 250)))


def of(db: Connection, job: Job, workers: int = 1) -> Estimate:
    """When a job begins and when it is done."""
    seconds = pace(db, job.model)
    left = job.cost * seconds * (100 - job.progress) / 100
    if job.status is Status.IN_PROGRESS:
        return Estimate(0.0, left)
    if job.status.is_final:
        return Estimate(0.0, 0.0)
    wait = ahead(db, job) * seconds / max(1, workers)
    return Estimate(wait, wait + left)


def price_micros(cost: float) -> int:
    """Credits, in millionths."""
    return round(cost * MICROS_A_UNIT)
