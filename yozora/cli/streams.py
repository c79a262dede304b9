"""What is said to a terminal, a pipe or a file: who listens may leave, and nothing said acts."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO, TypeVar

T = TypeVar("T")


class OutputError(Exception):
    """The output takes no more: one sentence with a remedy."""


def plain(text: object) -> str:
    """One line that drives no terminal, whatever a film or a name holds."""
    return "".join(f"\\x{ord(c):02x}" if _acts(c) else c for c in str(text))


def _acts(c: str) -> bool:
    """Control characters, ends of lines, and what turns the direction of the text after it."""
    turns = "\u202a" <= c <= "\u202e" or "\u2066" <= c <= "\u2069"
    return turns or unicodedata.category(c) in ("Cc", "Zl", "Zp")


class Stream:
    """A text stream whose reader may go away: the work goes on, unheard."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream: Any = open(os.devnull, "w") if stream is None else stream  # noqa: SIM115
        if hasattr(self._stream, "reconfigure"):  # prompts may hold what no terminal can show
            self._stream.reconfigure(errors="backslashreplace")

    def write(self, text: str) -> int:
        with self._unheard():
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with self._unheard():
            self._stream.flush()

    @contextmanager
    def _unheard(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())
        except OSError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())
            reason = (error.strerror or str(error)).lower()
            raise OutputError(
                f"the output cannot be written ({reason}): send it elsewhere"
            ) from error

    def __getattr__(self, name: str) -> Callable[..., Any]:
        found: Callable[..., Any] = getattr(self._stream, name)
        return found
