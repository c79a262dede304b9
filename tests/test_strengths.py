"""A remix's strength is a scale from the film as it is to one that forgets it."""

import itertools

from yozora.editing import LEVELS, STRENGTHS
from yozora.timeline.document import value_at


def test_the_stronger_the_more_is_made_anew_and_each_step_is_seen():
    levels = [value_at(LEVELS, n / 20) for n in range(21)]
    assert (levels[0], levels[-1]) == (0.0, 1.0)
    assert all(a < b for a, b in itertools.pairwise(levels))
    assert min(levels[1:]) >= 0.75, "below it nothing is seen to change"


def test_its_words_stand_on_the_scale_in_their_order():
    told = [STRENGTHS[name] for name in ("subtle", "mild", "strong")]
    assert told == sorted(told) and told[0] > 0.0 and told[-1] < 1.0
