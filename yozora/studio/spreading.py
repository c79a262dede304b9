"""Workers beyond this machine: actors of a Ray cluster, each with a GPU where there are GPUs.

The queue stays the database's, the films the store's: an actor is a worker like any other, on
another node. It streams what it does to the server that started it, so that a node that is lost is
known at once and its job goes to another; its beats tell all other servers.
"""

from __future__ import annotations

import contextlib
import logging
import platform
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from yozora.studio.errors import Busy, StudioError
from yozora.studio.keeping import Keeper
from yozora.studio.settings import Settings

RESTART_S = 2.0
PLACE_S = 60.0  # for the cluster to find room
Say = Callable[[str], None]


def ray_of(address: str) -> Any:
    """Ray, joined to a cluster. Raises StudioError."""
    try:
        import ray
    except ImportError as error:
        raise StudioError("Ray is not installed: pip install 'yozora[ray]'") from error
    try:
        ray.init(address=address, logging_level=logging.ERROR, namespace="yozora")
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise StudioError(
            f"there is no Ray at {address[:60]!r} ({str(error)[:80]}): start it, ray start --head"
        ) from error
    return ray


class Hand:
    """On another node: one worker, whose doings are streamed to who started it."""

    def __init__(self, name: str, home: str, database: str, storage: str, keep_days: float) -> None:
        from pathlib import Path

        from yozora.studio.objects import Objects
        from yozora.studio.records.database import Database
        from yozora.studio.work.__main__ import networks
        from yozora.studio.work.worker import Worker

        self.worker = Worker(
            name, Database.open(database), Objects.open(storage), Path(home) / "staging" / name,
            networks, keep_days or None,
        )  # fmt: skip

    def work(self) -> Iterator[str]:
        """The id of each job as it is over; an empty string is a sign of life."""
        yield from self.worker.each()

    def leave(self) -> None:
        self.worker.leaving.set()
        self.worker.stopped.set()


@dataclass
class Cluster:
    """As many hands as `settings.workers` says, each in a place of its own, and replaced."""

    settings: Settings
    keeper: Keeper
    say: Say
    ended: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)
    hands: dict[str, Any] = field(default_factory=dict)

    def start(self) -> None:
        """Raises StudioError for what a cluster cannot share."""
        self.ray = ray_of(self.settings.ray)
        others = {one["NodeManagerHostname"] for one in self.ray.nodes()} - {platform.node()}
        if others and (self.keeper.database.is_sqlite or self.keeper.objects.folder is not None):
            self.ray.shutdown()
            raise StudioError(
                f"{len(others)} other machines cannot reach SQLite or a folder of this one: give "
                "--database postgresql://... and --storage s3://..."
            )
        gpus = int(self.ray.cluster_resources().get("GPU", 0))
        self.say(f"ray:     {len(self.ray.nodes())} nodes, {gpus} GPUs")
        for number in range(self.settings.workers):
            needs = {"CPU": 1.0} | ({"GPU": 1.0} if number < gpus else {})
            thread = threading.Thread(target=self._keep_one, args=(needs,), daemon=True)
            thread.start()
            self.threads.append(thread)

    def stop(self) -> None:
        self.ended.set()
        for hand in list(self.hands.values()):
            hand.leave.remote()
        for thread in self.threads:
            thread.join(timeout=10)
        self.ray.shutdown()

    def kill(self, name: str) -> None:
        """One that hangs."""
        hand = self.hands.get(name)
        if hand is not None:
            self.ray.kill(hand)

    def _keep_one(self, needs: dict[str, float]) -> None:
        while not self.ended.is_set():
            name = f"worker-{secrets.token_hex(6)}"
            try:
                self._run(name, needs)
            except self.ray.exceptions.RayError as error:
                if not self.ended.is_set():
                    self.say(f"note:    {name} is lost ({type(error).__name__}): another begins")
            finally:
                self.hands.pop(name, None)
                with contextlib.suppress(Busy):  # the keeper finds it
                    self.keeper.lose(name)
            self.ended.wait(RESTART_S)

    def _run(self, name: str, needs: dict[str, float]) -> None:
        """One hand in a placement group of its own, until it is lost or told to leave."""
        from ray.util.placement_group import placement_group, remove_placement_group
        from ray.util.scheduling_strategies import PlacementGroupSchedulingStrategy

        group = placement_group([needs], strategy="STRICT_PACK", name=name)
        try:
            self.ray.get(group.ready(), timeout=PLACE_S)
            actor = self.ray.remote(Hand).options(
                name=name, num_cpus=needs["CPU"], num_gpus=needs.get("GPU", 0.0), max_concurrency=4,
                scheduling_strategy=PlacementGroupSchedulingStrategy(group),
            )  # fmt: skip
            hand = actor.remote(
                name, str(self.settings.home), self.settings.database_url,
                self.settings.storage_url, self.settings.keep_days or 0.0,
            )  # fmt: skip
            self.hands[name] = hand
            for told in hand.work.options(num_returns="streaming").remote():
                self.ray.get(told)
                if self.ended.is_set():
                    return
        finally:
            remove_placement_group(group)
            time.sleep(0.1)
