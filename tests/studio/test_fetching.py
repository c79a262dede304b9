"""What strangers name is fetched from the open internet alone."""

from __future__ import annotations

import http.server
import threading

import pytest

from yozora.studio.errors import StudioError
from yozora.studio.fetching import Fetcher, is_public


@pytest.fixture
def inside():
    """A server of this machine, which no stranger may reach; (port, what was asked of it)."""
    asked: list[str] = []

    class Receiver(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            away = self.path.startswith("/to=")
            self.send_response(302 if away else 200)
            if away:
                self.send_header("location", self.path.removeprefix("/to="))
            body = b"x" * (100 if "long" not in self.path else 5000)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1], asked
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f000001", "0",
     "127.1"],
)  # fmt: skip
def test_this_machine_is_not_reached_under_any_name(inside, host):
    port, asked = inside
    with pytest.raises(StudioError):
        Fetcher(ports=(port,)).get(f"http://{host}:{port}/secret")
    assert asked == []


@pytest.mark.parametrize(
    "address",
    ["10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "::1",
     "::", "fe80::1", "fc00::1", "::ffff:10.0.0.1", "2002:7f00:1::", "224.0.0.1", "240.0.0.1",
     "nonsense"],
)  # fmt: skip
def test_addresses_that_are_nobodys_on_the_internet(address):
    assert not is_public(address)
    with pytest.raises(StudioError):
        Fetcher(lookup=lambda host, port: ["93.184.216.34", address]).check("http://films.example/")


def test_the_address_that_was_looked_up_is_the_one_that_is_asked(inside):
    """A second look-up, which says something else, is never made."""
    port, asked = inside
    answers = [["127.0.0.1"], ["10.9.9.9"]]
    fetcher = Fetcher(
        lookup=lambda host, port: answers.pop(0), allowed=lambda one: True, ports=(port,)
    )
    assert fetcher.get(f"http://films.example:{port}/a.png") == b"x" * 100
    assert asked == ["/a.png"] and len(answers) == 1


def test_a_redirect_is_looked_at_like_any_address(inside):
    port, asked = inside
    outside = {"films.example": "127.0.0.1", "inner.example": "127.0.0.2"}
    fetcher = Fetcher(
        lookup=lambda host, port: [outside[host]], allowed=lambda one: one == "127.0.0.1",
        ports=(port,),
    )  # fmt: skip
    with pytest.raises(StudioError):
        fetcher.get(f"http://films.example:{port}/to=http://inner.example:{port}/secret")
    for kind in ("file:///etc/hostname", "gopher://films.example/", "//inner.example/"):
        with pytest.raises(StudioError):
            fetcher.get(f"http://films.example:{port}/to={kind}")
    assert all(one.startswith("/to=") for one in asked)


def test_what_is_too_large_or_leads_on_for_ever_is_refused(inside):
    port, _ = inside
    fetcher = Fetcher(
        lookup=lambda host, port: ["127.0.0.1"], allowed=lambda one: True, ports=(port,), most=1000
    )
    with pytest.raises(StudioError, match="more than"):
        fetcher.get(f"http://films.example:{port}/long")
    with pytest.raises(StudioError, match="too often"):
        fetcher.get(f"http://films.example:{port}/to=" + "/to=" * 9 + "/end")


@pytest.mark.parametrize(
    "url",
    ["", "films.example", "ftp://films.example/a", "http://", "http://u:p@films.example/",
     "http://films.example:99999/", "http://films.example:22/", "http://\x00/",
     "javascript:alert(1)"],
)  # fmt: skip
def test_what_is_no_address_is_refused(url):
    with pytest.raises(StudioError):
        Fetcher(lookup=lambda host, port: ["93.184.216.34"]).get(url)
