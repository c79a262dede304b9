"""Files that are written whole or not at all."""

from __future__ import annotations

import errno
import glob
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from yozora.media.errors import MediaError

STALE_S = 3600.0  # after which half a file is nobody's
MAX_NAME_BYTES = 200  # of a file's name: leaves room for what is written beside it


def is_stream(path: Path) -> bool:
    """Whether it is a device or a pipe, which may have no end."""
    return path.exists() and not (path.is_file() or path.is_dir())


def read_text(path: Path, most_bytes: int) -> str:
    """A file's text, whatever mark it begins with. Raises MediaError for what is none, or is too
    large."""
    try:
        if is_stream(path):
            raise MediaError(f"{path} is a device or a pipe: name a file")
        if path.stat().st_size > most_bytes:
            raise MediaError(f"{path} is larger than {most_bytes >> 20} MiB: split it")
        return path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise MediaError(f"there is no file {path}: check the name") from error
    except (OSError, UnicodeError) as error:
        raise MediaError(f"{path} is no text: name another file") from error


def write(path: Path | str, data: bytes) -> None:
    """Put `data` at `path` in one step: a reader sees the old file or the new one, never a half.

    Raises MediaError when the place cannot take it.
    """
    write_together({path: data})


def write_together(contents: Mapping[Path | str, bytes]) -> None:
    """Put several files in place once all of them lie on the disk: all of them, or none.

    Whatever ends this in between, a signal too, brings back what was there. A link is followed.
    Raises MediaError.
    """
    token = secrets.token_hex(4)  # the same for all: what a kill leaves tells how far it came
    parts: list[tuple[Path, Path]] = []
    undo: list[tuple[Path, Path, Path | None]] = []  # part, its place, what is kept of before
    try:
        for path, data in contents.items():
            check_writable(path)
            target = Path(path).resolve()
            _sweep(target)
            part = _beside(target, token, "part")
            parts.append((part, target))
            try:
                with part.open("xb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
            except OSError as error:
                raise MediaError(_sentence(target, error, len(data))) from error
        for part, target in parts:
            kept = _beside(target, token, "old") if target.exists() else None
            try:
                if len(parts) > 1:
                    undo.append((part, target, kept))
                    if kept is not None:
                        _keep(target, kept)
                part.replace(target)
            except OSError as error:
                raise MediaError(_sentence(target, error, 0)) from error
        done, undo = undo, []
        for _, _, kept in done:
            if kept is not None:
                kept.unlink(missing_ok=True)
    finally:
        for part, target, kept in undo:
            if part.exists():  # not moved yet
                if kept is not None:
                    kept.unlink(missing_ok=True)
            elif kept is not None:
                kept.replace(target)
            else:
                target.unlink(missing_ok=True)
        for part, _ in parts:
            part.unlink(missing_ok=True)


def _beside(target: Path, token: str, kind: str) -> Path:
    return target.with_name(f".{target.name}.{token}.{kind}")


def _keep(target: Path, kept: Path) -> None:
    """A second name for a file; a copy where the file system knows no second names."""
    try:
        os.link(target, kept)
    except OSError:
        shutil.copy2(target, kept)


def _sweep(target: Path) -> None:
    """Clear what a process that was killed in mid-write left beside `target`.

    What it had kept of before comes back where the write was not finished, an hour after, unless
    `target` was written since. A young half may be somebody's.
    """
    name = glob.escape(target.name)
    for kept in target.parent.glob(f".{name}.????????.old"):
        token = kept.name.split(".")[-2]
        with suppress(OSError):
            halves = [p.stat().st_mtime for p in target.parent.glob(f".*.{token}.part")]
            if halves and time.time() - max(halves) <= STALE_S:
                continue
            if halves and target.exists() and target.stat().st_mtime <= max(halves):
                kept.replace(target)
            kept.unlink(missing_ok=True)  # where both are names of one file, it is still there
    for left in target.parent.glob(f".{name}.????????.part"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > STALE_S:
                left.unlink()


def check_writable(path: Path | str, need_bytes: int = 0) -> None:
    """Refuse a place that could not take a file of `need_bytes`, before any heavy work.

    A link is followed, as `write_together` does. Raises MediaError.
    """
    target = Path(path)
    try:
        if target.is_symlink():
            target = Path(os.path.realpath(target))
            if target.is_symlink():
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        folder = target.parent
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


def check_apart(paths: Iterable[Path]) -> None:
    """Refuse names that lead to one file, of which only the last would stay. Raises MediaError."""
    taken: dict[str, Path] = {}
    for path in paths:
        other = taken.setdefault(os.path.realpath(path), path)
        if other is not path:
            raise MediaError(f"{other} and {path} are one file: choose another name for the film")


def _sentence(path: Path, error: OSError, need_bytes: int) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return (
            f"the disk under {path.parent} is full, {max(1, need_bytes >> 20)} MiB are needed: "
            "free some space, or choose another place"
        )
    reason = (error.strerror or str(error)).lower()
    other = "a shorter name" if error.errno == errno.ENAMETOOLONG else "another place"
    return f"{path} cannot be written ({reason}): choose {other}"
