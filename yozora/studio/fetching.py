"""Addresses that strangers name are fetched here: of the open internet alone (no SSRF).

A name is looked up once, every address that it stands for must be public, and the connection goes
to the very address that was checked, so that a second look-up cannot say something else. Redirects
are followed by the same rules.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
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


@dataclass(frozen=True, slots=True)
class Fetcher:
    """`lookup` and `allowed` are arguments, so that a test can have an internet of its own."""

    lookup: Lookup = looked_up
    allowed: Callable[[str], bool] = is_public
    ports: tuple[int, ...] = PORTS
    most: int = MOST_BYTES

    def get(self, url: str) -> bytes:
        """The bytes behind an address. Raises StudioError."""
        until = time.monotonic() + MOST_S
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

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        """The status of an answer; redirects are not followed. Raises StudioError."""
        return self._once("POST", url, body, headers, time.monotonic() + MOST_S)[0]

    def check(self, url: str) -> tuple[SplitResult, int, str]:
        """(parts, port, the address to connect to). Raises StudioError."""
        try:
            parts = urlsplit(url)
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError as error:
            raise _refused("the address cannot be read: write https://...") from error
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise _refused("only http and https addresses are fetched: write https://...")
        if port not in self.ports:
            raise _refused(f"the port {port} is not asked: use 80 or 443")
        try:
            found = self.lookup(parts.hostname, port)
        except (OSError, UnicodeError) as error:
            raise _refused(f"{parts.hostname[:80]!r} is not found: check the address") from error
        if not found or not all(self.allowed(one) for one in found):
            raise _refused("the address is not one of the open internet: upload the file instead")
        return parts, port, found[0]

    def _once(
        self, method: str, url: str, body: bytes | None, headers: dict[str, str], until: float
    ) -> tuple[int, dict[str, str], bytes]:
        parts, port, address = self.check(url)
        left = max(0.1, until - time.monotonic())
        connection = _To(parts, port, address, left)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            host = parts.netloc.rpartition("@")[2]
            connection.request(
                method, path, body, {"host": host, "user-agent": "Yozora", **headers}
            )
            answer = connection.getresponse()
            raw = b""
            while len(raw) <= self.most and (part := answer.read(65_536)):
                raw += part
                if time.monotonic() > until:
                    raise _refused("the address answers too slowly: upload the file instead")
        except (OSError, http.client.HTTPException, ValueError) as error:
            if isinstance(error, StudioError):
                raise
            raise _refused("the address does not answer: check it, or upload the file") from error
        finally:
            connection.close()
        if len(raw) > self.most:
            raise _refused(f"more than {self.most >> 20} MiB lie there: upload something smaller")
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, raw


class _To(http.client.HTTPConnection):
    """A connection to an address that was checked, under the name that was asked for."""

    def __init__(self, parts: SplitResult, port: int, address: str, timeout: float) -> None:
        super().__init__(str(parts.hostname), port, timeout=timeout)
        self.address, self.secure = address, parts.scheme == "https"

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), self.timeout)
        if self.secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)


def _refused(message: str) -> StudioError:
    return StudioError(message, code="invalid_url", param="image_url")
