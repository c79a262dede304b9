"""Files that are written whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path

from yozora.media.errors import MediaError

MAX_NAME_BYTES = 200  # of a file's name: leaves room for what is written beside it


def write(path: Path | str, data: bytes) -> None:
    """Put `data` at `path` in one step: a reader sees the old file or the new one, never a half.

    Raises MediaError when the place cannot take it.
    """
    write_together({path: data})


def write_together(contents: Mapping[Path | str, bytes]) -> None:
    """Put several files in place, the last one last, once all of them lie on the disk.

    When one cannot be written, all places are as they were. Raises MediaError.
    """
    parts: list[tuple[Path, Path]] = []
    try:
        for path, data in contents.items():
            target = Path(path)
            check_writable(target)
            part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
            parts.append((part, target))
            try:
                with part.open("xb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
            except OSError as error:
                raise MediaError(_sentence(target, error, len(data))) from error
        for part, target in parts:
            try:
                part.replace(target)
            except OSError as error:
                raise MediaError(_sentence(target, error, 0)) from error
    finally:
        for part, _ in parts:
            part.unlink(missing_ok=True)


def check_writable(path: Path | str, need_bytes: int = 0) -> None:
    """Refuse a place that could not take a file of `need_bytes`, before any heavy work.

    Raises MediaError.
    """
    target = Path(path)
    folder = target.parent
    try:
        if not target.name or target.is_dir():
            raise MediaError(f"{path} is a folder: name a file in it")
        if not folder.is_dir():
            raise MediaError(f"there is no folder {folder}: make it first, or choose another place")
        if target.exists() and not target.is_file():
            raise MediaError(f"{path} is a device, not a file: choose another name")
        if len(os.fsencode(target.name)) > MAX_NAME_BYTES:
            raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG))
        # asking the file system is the only sure way: root passes every check of modes
        with tempfile.TemporaryFile(dir=folder):
            pass
        status = os.statvfs(folder)
        if need_bytes > status.f_bavail * status.f_frsize:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    except OSError as error:
        raise MediaError(_sentence(target, error, need_bytes)) from error


def _sentence(path: Path, error: OSError, need_bytes: int) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return (
            f"the disk under {path.parent} is full, {max(1, need_bytes >> 20)} MiB are needed: "
            "free some space, or choose another place"
        )
    reason = (error.strerror or str(error)).lower()
    return f"{path} cannot be written ({reason}): choose another place"
