"""A little server that webhooks are sent to, and answers as a test wants."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Got:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """`answers`: statuses, one a request; then 200."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    got: list[Got] = field(default_factory=list)
    slow_s: float = 0.0
    location: str = ""
    after_s: int = 0  # what it asks for before the next attempt

    def until(self, count: int) -> list[Got]:
        """What came, when there is as much of it."""
        end = time.monotonic() + 20
        while len(self.got) < count:
            assert time.monotonic() < end, self.got
            time.sleep(0.01)
        return self.got


@contextlib.contextmanager
def receiver() -> Iterator[Receiver]:
    one = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            one.got.append(Got(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            time.sleep(one.slow_s)
            self.send_response(one.answers.pop(0) if one.answers else 200)
            if one.after_s:
                self.send_header("retry-after", str(one.after_s))
            if one.location:
                self.send_header("location", one.location)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    one.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield one
    finally:
        server.shutdown()
        server.server_close()
