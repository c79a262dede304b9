"""Webhooks are sent from here, signed as Standard Webhooks are: at least once, until they arrive.

What did not arrive is sent again after some seconds, then minutes, then hours, for three days. An
endpoint where nothing arrived for as long is switched off, and says so; so is one that answers 410.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import random
import secrets
import sys
import threading
import traceback
from dataclasses import dataclass, field
from http import HTTPStatus

from yozora.studio.errors import Busy, Conflict, StudioError, TooMany
from yozora.studio.fetching import Fetcher
from yozora.studio.records import hooks, people
from yozora.studio.records.hooks import Delivery, Endpoint
from yozora.studio.records.pages import new_id
from yozora.studio.records.people import Account, Role
from yozora.studio.state import State

MARK = "whsec_"
OLD_MS = 24 * 3_600_000  # an old secret signs too, where it is kept
GIVE_UP_MS = 3 * 24 * 3_600_000
FIRST_MS, TIMES, MOST_MS = 5_000, 4, 6 * 3_600_000  # between two attempts
CLAIM_MS = 60_000  # a delivery is its sender's; longer than a receiver may take
ANSWER_S = 10.0
MOST_AT_ONCE, TO_ONE, OF_ONE = 32, 4, 8  # deliveries: in all, to an endpoint, of an account
LOOK_S = 0.5
MOST_ENDPOINTS = 20  # of an account
PORTS = (80, 443, 8080, 8443)


def fetcher_for(state: State, account: Account) -> Fetcher:
    """Where an account's webhooks may be sent: to the open internet; and, where nobody needs a
    login to be the owner, the owner's to an address of this machine too, at any port but the
    studio's own. Who sits there can reach those anyway, and a developer's receiver is one of them;
    others may come through a proxy. Nothing else decides this."""
    sits_here = state.is_open and account.role is Role.OWNER
    here = (lambda port: port != state.settings.port) if sits_here else None
    return Fetcher(ports=PORTS, here=here, most_s=ANSWER_S, instead="name another")


def new_secret() -> str:
    return MARK + base64.b64encode(secrets.token_bytes(32)).decode()


def signed(id_: str, body: str, keys: tuple[str, ...], now: int) -> dict[str, str]:
    """The headers of a delivery: a signature by each of its secrets."""
    moment = str(now // 1000)
    told = f"{id_}.{moment}.{body}".encode()
    marks = []
    for key in keys:
        raw = base64.b64decode(key.removeprefix(MARK))
        mark = base64.b64encode(hmac.new(raw, told, hashlib.sha256).digest()).decode()
        marks.append(f"v1,{mark}")
    return {
        "content-type": "application/json",
        "webhook-id": id_,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(marks),
    }


def wait_ms(attempts: int) -> int:
    """Before the next attempt, after so many; half as long or half as long again, by chance, so
    that many that failed together do not come back together."""
    usual = min(MOST_MS, FIRST_MS * TIMES ** min(attempts - 1, 12))
    return round(usual * random.uniform(0.5, 1.5))


@dataclass
class Hooks:
    """One of each server; several may share a database."""

    state: State
    at_work: dict[str, tuple[str, str]] = field(default_factory=dict)  # endpoint, account by id
    lock: threading.Lock = field(default_factory=threading.Lock)
    moved: threading.Event = field(default_factory=threading.Event)  # a sender is free again
    testing: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(4)
    )

    def run(self, stopped: threading.Event) -> None:
        """Until it is stopped; whatever is under way then is sent again later."""
        while not stopped.is_set():
            self.moved.clear()
            try:
                self.tick()
            except Busy:
                stopped.wait(LOOK_S)
            except Exception as error:  # told; the next look goes on
                traceback.print_exception(error, file=sys.stderr)
                stopped.wait(LOOK_S)
            self.moved.wait(LOOK_S)

    def tick(self) -> list[threading.Thread]:
        """Share out what happened, and begin to send what is due, each in a thread of its own.
        Raises Busy."""
        with self.state.database.read() as db:
            new = hooks.any_to_share(db)
        while new:
            with self.state.database.write() as db:
                new = hooks.share_out(db, self.state.now()) > 0
        with self.lock:
            busy = list(self.at_work.values())
        accounts = [account for _, account in busy]
        with self.state.database.read() as db:
            found = hooks.due(
                db, self.state.now(), MOST_AT_ONCE - len(busy), TO_ONE, OF_ONE,
                frozenset(endpoint for endpoint, _ in busy),
                frozenset(one for one in accounts if accounts.count(one) >= OF_ONE),
            )  # fmt: skip
        begun = []
        for id_ in found:
            now = self.state.now()
            with self.state.database.write() as db:
                claimed = hooks.claim(db, id_, now, now + CLAIM_MS)
            if claimed is None:
                continue
            with self.lock:
                self.at_work[id_] = claimed[1].id, claimed[1].account
            thread = threading.Thread(target=self._send, args=claimed, daemon=True)
            thread.start()
            begun.append(thread)
        return begun

    def test(self, endpoint: Endpoint, type_: str) -> int:
        """Send a sample now: the status of the answer. Raises StudioError where there is none."""
        if not self.testing.acquire(blocking=False):
            raise TooMany("other webhooks are tested now: try again in a moment", after_s=2.0)
        try:
            now = self.state.now()
            kind = type_.partition(".")[0]
            body = hooks.body_of(new_id("evt", now), type_, f"{kind}_{'0' * 32}", now)
            return self._post(endpoint, new_id("wh", now), body, now)[0]
        finally:
            self.testing.release()

    def _post(self, endpoint: Endpoint, id_: str, body: str, now: int) -> tuple[int, float]:
        with self.state.database.read() as db:
            account = people.get(db, endpoint.account)
        headers = signed(id_, body, endpoint.secrets(now), now)
        return fetcher_for(self.state, account).post(endpoint.url, body.encode(), headers)

    def _send(self, one: Delivery, endpoint: Endpoint) -> None:
        try:
            self._tell(one, *self._sent(one, endpoint))
        except Busy:
            pass  # it is due again when its claim is over
        finally:
            with self.lock:
                self.at_work.pop(one.id, None)
            self.moved.set()

    def _sent(self, one: Delivery, endpoint: Endpoint) -> tuple[int | None, float, str]:
        """(the status of the answer, when it wants to be asked again, why it did not arrive).
        Raises Busy."""
        try:
            status, after_s = self._post(endpoint, one.id, one.body, self.state.now())
        except Busy:
            raise
        except StudioError as error:
            return None, 0.0, str(error)
        except Exception as error:  # whatever a stranger's server makes of a connection
            return None, 0.0, f"it cannot be sent there ({type(error).__name__})"
        return status, after_s, "" if 200 <= status < 300 else f"it answered {status}"

    def _tell(self, one: Delivery, status: int | None, after_s: float, why: str) -> None:
        now = self.state.now()
        again = now + max(wait_ms(one.attempts), min(MOST_MS, round(after_s * 1000)))
        with self.state.database.write() as db:
            if not why:
                assert status is not None
                hooks.delivered(db, one, status, now)
                return
            over = status == HTTPStatus.GONE or now - one.created_at >= GIVE_UP_MS
            hooks.failed(db, one, why, status, None if over else again, now)
            if status == HTTPStatus.GONE:
                hooks.switch_off(db, one.endpoint, "it answered 410: it wants no more", now)
                return
            since = hooks.failing_since(db, one.endpoint)
            if over and since is not None and now - since >= GIVE_UP_MS:
                hooks.switch_off(db, one.endpoint, f"nothing arrived for three days: {why}", now)


def check(state: State, account: Account, url: str) -> str:
    """An address that something can be sent to. Raises StudioError."""
    try:
        fetcher_for(state, account).check(url)
    except StudioError as error:
        error.param = "url"
        raise
    return url


def added(state: State, account: Account, name: str, url: str, types: tuple[str, ...]) -> Endpoint:
    """A new endpoint. Raises StudioError for an address that nothing is sent to, Conflict."""
    check(state, account, url)
    now = state.now()
    one = Endpoint(
        id=new_id("we", now), account=account.id, name=name, url=url, event_types=types,
        secret=new_secret(), old_secret=None, old_secret_until=None, disabled=None,
        failing_since=None, last_error=None, created_at=now, updated_at=now,
    )  # fmt: skip
    with state.database.write() as db:
        if hooks.count(db, account.id) >= MOST_ENDPOINTS:
            raise Conflict(f"there are {MOST_ENDPOINTS} endpoints, the most: delete one")
        hooks.add(db, one)
    return one


def rotated(state: State, one: Endpoint, keep_old: bool) -> Endpoint:
    """The same under a new secret; the old one signs for a day more where it is kept."""
    now = state.now()
    with state.database.write() as db:
        one = hooks.find(db, one.id, one.account)
        return hooks.change(
            db, one, secret=new_secret(), updated_at=now,
            old_secret=one.secret if keep_old else None,
            old_secret_until=now + OLD_MS if keep_old else None,
        )  # fmt: skip
