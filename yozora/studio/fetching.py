"""Addresses that strangers name are fetched here: of the open internet alone (no SSRF).

A name is looked up once, every address that it stands for must be public, and the connection goes
to the very address that was checked, so that a second look-up cannot say something else. Redirects
are followed by the same rules.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from yozora.studio.errors import StudioError

MOST_BYTES = 32 << 20
MOST_S = 20.0
MOST_REDIRECTS = 3
PORTS = (80, 443)

Lookup = Callable[[str, int], list[str]]


def looked_up(host: str, port: int) -> list[str]:
    """Every address of a name."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(one[4][0]) for one in found]


def is_public(address: str) -> bool:
    """Whether an address is one of the open internet."""
    try:
        one = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return False
    mapped = getattr(one, "ipv4_mapped", None) or getattr(one, "sixtofour", None)
    if mapped is not None:
        one = mapped
    return one.is_global and not one.is_multicast and not one.is_reserved


def is_loopback(address: str) -> bool:
    """Whether an address is this machine's own."""
    try:
        return ipaddress.ip_address(address.split("%")[0]).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Fetcher:
    """`lookup` and `allowed` are arguments, so that a test can have an internet of its own."""

    lookup: Lookup = looked_up
    allowed: Callable[[str], bool] = is_public
    ports: tuple[int, ...] = PORTS
    here: Callable[[int], bool] | None = None  # this machine's own ports that are asked too
    most: int = MOST_BYTES
    most_s: float = MOST_S
    instead: str = "upload the file instead"

    def get(self, url: str) -> bytes:
        """The bytes behind an address. Raises StudioError."""
        until = time.monotonic() + self.most_s
        for _ in range(MOST_REDIRECTS + 1):
            status, headers, raw = self._once("GET", url, None, {"accept": "image/*"}, until)
            where = headers.get("location")
            if status in (301, 302, 303, 307, 308) and where:
                url = urljoin(url, where)
                continue
            if status != 200:
                raise _refused(f"the address answers {status}, not a picture: check it")
            return raw
        raise _refused("the address leads on too often: name the picture's own")

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, float]:
        """The status of an answer, whose body is left unread, and for how many seconds it asks to
        be left alone; redirects are not followed. Raises StudioError."""
        until = time.monotonic() + self.most_s
        status, told, _ = self._once("POST", url, body, headers, until, reads=False)
        wait = told.get("retry-after", "")
        return status, float(wait) if wait.isascii() and wait.isdigit() and len(wait) < 9 else 0.0

    def check(self, url: str) -> tuple[SplitResult, int, str]:
        """(parts, port, the address to connect to). Raises StudioError."""
        try:
            parts = urlsplit(url)
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError as error:
            raise _refused("the address cannot be read: write https://...") from error
        strange = not url.isascii() or any(c <= " " or c == "\x7f" for c in url)
        if strange:
            raise _refused("the address has characters that none has: encode them with %")
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise _refused("only http and https addresses are fetched: write https://...")
        if port not in self.ports and self.here is None:
            raise _refused(f"the port {port} is not asked: use one of {self._named()}")
        try:
            found = self.lookup(parts.hostname, port)
        except (OSError, UnicodeError) as error:
            raise _refused(f"{parts.hostname[:80]!r} is not found: check the address") from error
        if self.here is not None and found and all(map(is_loopback, found)):
            if not self.here(port):
                raise _refused(f"the port {port} is the studio's own: name another")
            return parts, port, found[0]
        if port not in self.ports:
            raise _refused(f"the port {port} is not asked: use one of {self._named()}")
        if not found or not all(self.allowed(one) for one in found):
            raise _refused(f"the address is not one of the open internet: {self.instead}")
        return parts, port, found[0]

    def _named(self) -> str:
        return ", ".join(map(str, self.ports))

    def _once(
        self, method: str, url: str, body: bytes | None, headers: dict[str, str], until: float,
        reads: bool = True,
    ) -> tuple[int, dict[str, str], bytes]:  # fmt: skip
        parts, port, address = self.check(url)
        left = max(0.1, until - time.monotonic())
        connection = _To(parts, port, address, left)
        ended = threading.Timer(left, connection.end)  # whoever sends a byte now and then is ended
        ended.daemon = True
        ended.start()
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            host = parts.netloc.rpartition("@")[2]
            connection.request(
                method, path, body, {"host": host, "user-agent": "Yozora", **headers}
            )
            answer = connection.getresponse()
            raw = b""
            while reads and len(raw) <= self.most and (part := answer.read(65_536)):
                raw += part
                if time.monotonic() > until:
                    raise _refused(f"the address answers too slowly: {self.instead}")
        except (OSError, http.client.HTTPException, ValueError) as error:
            if isinstance(error, StudioError):
                raise
            raise _refused(f"the address does not answer: check it, or {self.instead}") from error
        finally:
            ended.cancel()
            connection.close()
        if len(raw) > self.most:
            raise _refused(f"more than {self.most >> 20} MiB lie there: upload something smaller")
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, raw


class _To(http.client.HTTPConnection):
    """A connection to an address that was checked, under the name that was asked for."""

    def __init__(self, parts: SplitResult, port: int, address: str, timeout: float) -> None:
        super().__init__(str(parts.hostname), port, timeout=timeout)
        self.address, self.secure = address, parts.scheme == "https"

        self.line: socket.socket | None = None

    def end(self) -> None:
        """Its time is over: whoever reads from it or writes to it is woken."""
        with contextlib.suppress(OSError):
            if self.line is not None:
                self.line.shutdown(socket.SHUT_RDWR)

    def connect(self) -> None:
        self.sock = self.line = socket.create_connection((self.address, self.port), self.timeout)
        if self.secure:
            context = ssl.create_default_context()
            self.sock = self.line = context.wrap_socket(self.sock, server_hostname=self.host)


def _refused(message: str) -> StudioError:
    return StudioError(message, code="invalid_url")
