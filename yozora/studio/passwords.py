"""Passwords: how they are kept, and how they are looked at so that nothing is learnt by it.

Argon2id with RFC 9106's second choice of settings. It is slow and large on purpose: a few are
looked at in the same moment, others wait or are told to come again.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from yozora.studio.errors import Busy, StudioError

LEAST, MOST = 10, 1000  # characters
AT_ONCE, WAIT_S = 2, 5.0  # of 64 MiB each
_HASHER = PasswordHasher()
_SLOTS = threading.BoundedSemaphore(AT_ONCE)


def hashed(password: str) -> str:
    """What is kept of a password. Raises StudioError for one that is too short, Busy."""
    if not LEAST <= len(password) <= MOST:
        raise StudioError(
            f"a password has {LEAST} to {MOST} characters: take a few words",
            param="password", code="invalid_value",
        )  # fmt: skip
    with _slot():
        return _HASHER.hash(_raw(password))


def is_right(password: str, kept: str | None) -> bool:
    """Whether it is the one that was kept. Where none was, as much work is done. Raises Busy."""
    if len(password) > MOST:
        password = ""
    with _slot():
        try:
            return _HASHER.verify(kept or _nobodys(), _raw(password)) and kept is not None
        except (Argon2Error, InvalidHashError):
            return False


def is_old(kept: str) -> bool:
    """Whether it was kept under weaker settings than today's."""
    return _HASHER.check_needs_rehash(kept)


def _raw(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")


@cache
def _nobodys() -> str:
    return _HASHER.hash(b"nobody's")


@contextmanager
def _slot() -> Iterator[None]:
    if not _SLOTS.acquire(timeout=WAIT_S):
        raise Busy("many log in")
    try:
        yield
    finally:
        _SLOTS.release()
