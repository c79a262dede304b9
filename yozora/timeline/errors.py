"""What is wrong with a document: where, what, and how to mend it."""

from __future__ import annotations


class TimelineError(ValueError):
    """A malformed timeline, as one sentence."""

    def __init__(self, place: str, fault: str, remedy: str) -> None:
        super().__init__(f"{place}: {fault}: {remedy}")
        self.place = place  # "spans[2].level"
        self.fault = fault  # "1.5 is outside 0..1"
        self.remedy = remedy  # "use 0 to keep and 1 to invent"
