"""Where an engine's latent frames lie on a film: the arithmetic of time, in whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from yozora.model.grid import Grid
from yozora.timeline.document import TICKS_PER_S, Timeline, edges, is_kept


@dataclass(frozen=True, slots=True)
class Anchor:
    """A lead that lets a stretch's own latents fall on the grid."""

    lead: Fraction  # pixel frames at the grid's rate
    ticks: int  # how long the stretch is


class Lattice:
    """A timeline's spans over the latent frames of a grid.

    The grid begins `lead` pixel frames before the film: so that latents which exist fall on it,
    else so that as many joins as possible fall between two latent frames.
    """

    def __init__(self, timeline: Timeline, grid: Grid, anchors: Sequence[Anchor]) -> None:
        """A closed film lasts whole latent frames, so that its end meets its beginning."""
        self.k = grid.frames_per_latent
        self.fps = Fraction(grid.fps)
        self.spans, self.edges = timeline.spans, edges(timeline)
        self.lead = self._lead(anchors)
        self.frames = max(1, round(timeline.ticks * self.fps / TICKS_PER_S))
        self.latent_frames = int(-(-(self.lead + self.frames) // self.k))
        self.period: Fraction | None = None  # of a closed film, in ticks
        if timeline.closed:
            self.latent_frames = -(-self.frames // self.k)
            self.frames = self.latent_frames * self.k
            self.period = self.frames * TICKS_PER_S / self.fps

    def _lead(self, anchors: Sequence[Anchor]) -> Fraction:
        votes: dict[Fraction, tuple[int, int]] = {Fraction(0): (0, 0)}

        def vote(lead: Fraction, ticks: int, joins: int) -> None:
            before = votes.get(lead % self.k, (0, 0))
            votes[lead % self.k] = before[0] + ticks, before[1] + joins

        for anchor in anchors:
            vote(anchor.lead, anchor.ticks, 0)
        for (_, cut), span, after in zip(self.edges, self.spans, self.spans[1:], strict=False):
            if is_kept(span) != is_kept(after) or after.cut:
                vote(-cut * self.fps / TICKS_PER_S, 0, 1)
        return max(votes, key=lambda lead: (*votes[lead], -lead))

    def ticks(self, frame: int | Fraction) -> Fraction:
        """When a made pixel frame begins, in ticks of the film."""
        return (frame - self.lead) * TICKS_PER_S / self.fps

    def middle(self, f: int) -> Fraction:
        """The middle of a latent frame, in ticks of the film."""
        return self.ticks(f * self.k + Fraction(self.k, 2))

    def pixel_frames(self, f: int) -> range:
        """The made pixel frames of a latent frame."""
        return range(f * self.k, (f + 1) * self.k)

    def touched(self, f: int) -> list[int]:
        """The spans within a latent frame, the one with the largest share first."""
        start, stop = self.ticks(f * self.k), self.ticks((f + 1) * self.k)
        parts = [(start, stop)]
        if self.period is not None and start < 0:  # what lies before its beginning is its end
            parts = [(start + self.period, min(stop, Fraction(0)) + self.period)]
            parts += [(Fraction(0), stop)] if stop > 0 else []
        last = len(self.edges) - 1
        shares = [
            sum(
                max(min(b, end if i < last else b) - max(a, begin if i else a), Fraction(0))
                for a, b in parts
            )
            for i, (begin, end) in enumerate(self.edges)
        ]
        touched = [i for i, share in enumerate(shares) if share > 0] or [last]
        return sorted(touched, key=lambda i: -shares[i])

    def into(self, i: int, ticks: Fraction) -> Fraction:
        """A moment of the film as a place 0..1 in a span."""
        begin, end = self.edges[i]
        ticks = self._within(ticks)
        return min(max((ticks - begin) / (end - begin), Fraction(0)), Fraction(1))

    def span_at(self, ticks: Fraction) -> int:
        """The span that a moment of the film lies in; the first and the last one reach on."""
        ticks, last = self._within(ticks), len(self.edges) - 1
        return next((i for i, (_, end) in enumerate(self.edges) if ticks < end), last)

    def _within(self, ticks: Fraction) -> Fraction:
        """A moment of a closed film, counted from its beginning."""
        return ticks if self.period is None else ticks % self.period

    def latents_of(self, n: int, rate: Fraction) -> tuple[int, ...]:
        """The latent frames that a film's frame `n`, at its own rate, is made of."""
        at = self.lead + n * self.fps / rate
        found = (int(p // self.k) for p in (at, -(-at // 1)))
        if self.period is not None:
            return tuple(f % self.latent_frames for f in found)
        return tuple(min(f, self.latent_frames - 1) for f in found)


def film_frames(edge: tuple[int, int], rate: Fraction) -> tuple[int, int]:
    """[first, last) of the film's frames that begin within a span, to the nearest."""
    begin, end = (round(ticks * rate / TICKS_PER_S) for ticks in edge)
    return begin, end
