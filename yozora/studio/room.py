"""Room on the disk: some is always kept free, so that what is there can still be deleted."""

from __future__ import annotations

import os
from pathlib import Path

from yozora.studio.errors import StorageFull

RESERVE = 64 << 20  # bytes: of the database's log, of a film under way, of a deletion


def check_disk(*folders: Path | None) -> None:
    """Raises StorageFull where one of these has less than `RESERVE` bytes free. None: elsewhere."""
    for folder in folders:
        if folder is not None and free_bytes(folder) < RESERVE:
            raise StorageFull


def free_bytes(folder: Path) -> int:
    """Of the disk on which a folder lies, or its parent where it is not there yet."""
    while not folder.exists():
        folder = folder.parent
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize
