"""`python -m yozora.studio.work`: one worker, until its input closes or it is told to end."""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yozora.engine.finish import Finisher
    from yozora.engine.protocol import Engine
    from yozora.studio.work.worker import Worker

LEAVE_S = 8.0  # for a job to stop and go back to the queue


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--name", default=f"worker-{secrets.token_hex(6)}")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--storage", required=True)
    parser.add_argument("--nice", type=int, default=19)
    parser.add_argument("--keep-days", type=float, default=0.0)
    parser.add_argument("--stay", action="store_true", help="go on when the input closes")
    arguments = parser.parse_args()
    os.nice(arguments.nice)
    from yozora.studio.objects import Objects
    from yozora.studio.records.database import Database
    from yozora.studio.work.worker import Worker

    worker = Worker(
        arguments.name,
        Database.open(arguments.database),
        Objects.open(arguments.storage),
        arguments.home / "staging" / arguments.name,
        networks,
        arguments.keep_days or None,
    )
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: leave(worker))
    if not arguments.stay:
        threading.Thread(target=_until_closed, args=(worker,), daemon=True).start()
    worker.run()
    return 0


def networks() -> tuple[Engine, Finisher]:
    """The weights that ship, or of the folder that YOZORA_WEIGHTS names."""
    from yozora.render import load_engine, load_finisher

    return load_engine(), load_finisher(None)


def leave(worker: Worker) -> None:
    """Stop what is being made, give it back, and end; at the latest after `LEAVE_S`."""
    worker.leaving.set()
    worker.stopped.set()
    timer = threading.Timer(LEAVE_S, lambda: os._exit(1))
    timer.daemon = True
    timer.start()


def _until_closed(worker: Worker) -> None:
    while sys.stdin.buffer.read(4096):
        continue
    leave(worker)


if __name__ == "__main__":
    sys.exit(main())
