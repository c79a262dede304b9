"""What a stream costs: a slice of film is paid for before it is made, and the rest given back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from yozora.studio import estimates, orders
from yozora.studio.errors import TooMany
from yozora.studio.records import jobs, ledger
from yozora.studio.records.pages import new_id
from yozora.studio.records.people import Account
from yozora.studio.state import State
from yozora.studio.tiers import OWN_SIZE
from yozora.studio.wishes import Settings, Wish

SLICE_S = 10.0  # of film
LIVE = Wish(settings=Settings(quality="live"))


@dataclass
class Meter:
    """Of one stream of one account. Where credits are not counted it counts nothing."""

    state: State
    account: Account
    id: str = ""
    width: int = OWN_SIZE[0]
    height: int = OWN_SIZE[1]
    paid_s: float = 0.0
    made_s: float = 0.0

    def __post_init__(self) -> None:
        self.id = self.id or new_id("stream", self.state.now())

    def cost(self, seconds: float) -> float:
        return estimates.work(LIVE, seconds, self.width, self.height)

    def made(self, seconds: float) -> None:
        """So much of the film there is now. Raises TooMany where the next slice cannot be paid."""
        self.made_s = max(self.made_s, seconds)
        if self.made_s > self.paid_s:
            self.pay(self.made_s + SLICE_S)

    def pay(self, seconds: float) -> None:
        """So much of the film is paid for. Raises TooMany, Busy."""
        more = self.cost(seconds) - (self.cost(self.paid_s) if self.paid_s else 0.0)
        with self.state.database.write() as db:
            orders.check_credit(db, self.account.id, more)
            micros = estimates.price_micros(more)
            ledger.reserve(db, self.account.id, self.id, micros, self.state.now())
        self.paid_s = seconds

    def settle(self) -> None:
        """What was paid and not made comes back. Raises Busy."""
        spent = self.cost(self.made_s) if self.made_s else 0.0
        with self.state.database.write() as db:
            micros = estimates.price_micros(spent)
            ledger.settle(db, self.account.id, self.id, micros, self.state.now())


@contextmanager
def counted(state: State, account: Account) -> Iterator[None]:
    """A stream is one of the videos that an account may have made at once. Raises TooMany."""
    most = account.most_running
    if most is not None:
        with state.database.read() as db:
            running = jobs.count_running(db, account.id)
        if running + state.streaming[account.id] >= most:
            raise TooMany(
                f"{most} videos are made at once for this account: wait for one", after_s=10.0
            )
    state.streaming[account.id] += 1
    try:
        yield
    finally:
        state.streaming[account.id] -= 1
