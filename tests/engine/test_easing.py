"""Where two latent frames meet, what jumps is spread over the pictures beside it; nothing else is
touched, and what a film keeps is eased as it was."""

import itertools

import numpy as np
import pytest

from tests.fakes.engine import faded
from yozora.engine.canvas import Beside
from yozora.engine.easing import eased

K = 4


def film(*values: float) -> np.ndarray:
    """Plain frames, one a value."""
    return np.stack([np.full((4, 6, 3), value, np.uint8) for value in values])


def nobody(n: int) -> np.ndarray:
    raise AssertionError(f"{n} is asked for, which is not beyond the film")


def shown(frames: np.ndarray, beside: Beside, decoded=nobody) -> list[int]:
    out = eased(frames, K, beside, decoded, faded)
    assert (out == out[:, :1, :1, :1]).all()
    return out[:, 0, 0, 0].tolist()


def plain(count: int, closed: bool = False) -> Beside:
    return Beside.plain(count, np.zeros((count, 1, 1, 1), np.float32), closed)


def test_a_jump_becomes_even_steps():
    assert shown(film(*[0] * 4, *[90] * 4), plain(2)) == [0, 0, 0, 0, 30, 60, 90, 90]


@pytest.mark.parametrize("step", [0, 5, 10])
def test_what_moves_evenly_stays_to_the_bit(step):
    values = [n * step for n in range(12)]
    assert shown(film(*values), plain(3)) == values


def test_the_larger_the_jump_the_more_of_it_is_spread():
    """From none at a usual step to all of it, without a leap on the way."""
    worst = []
    for jump in range(10, 31):
        values = shown(film(0, 10, 20, 30, 30 + jump, 40 + jump, 50 + jump, 60 + jump), plain(2))
        worst.append(max(b - a for a, b in itertools.pairwise(values)))
    assert worst[0] == 10 and worst[-1] <= (30 + 20) / 3 + 1
    assert max(abs(b - a) for a, b in itertools.pairwise(worst)) <= 3


def test_a_closed_film_is_eased_where_it_begins_again():
    assert shown(film(*[90] * 4, *[0] * 4), plain(2, closed=True)) == [30, 60, 90, 90, 60, 30, 0, 0]


def test_over_a_cut_nothing_is_eased():
    beside = plain(2)
    beside.index_F2[:] = [[0, 0], [1, 1]]
    values = [0] * 4 + [90] * 4
    assert shown(film(*values), beside) == values


def test_beside_what_is_kept_the_end_of_what_is_made_is_eased():
    """The second latent frame began a film of its own: it stays as it was there."""
    beside = plain(2)
    beside.index_F2[1, 0] = 1
    assert shown(film(*[0] * 4, *[90] * 4), beside) == [0, 0, 30, 60, 90, 90, 90, 90]


def test_a_kept_part_is_eased_to_what_lay_before_it_once():
    """A cut out of the middle of a film shows what it showed there."""
    whole = film(*[60] * 4, *[0] * 4, *[90] * 4)
    then = shown(whole, plain(3))
    beside = Beside(np.array([[1, 0]]), np.zeros((1, 1, 1, 1), np.float32), np.array([[1, 0]]))
    assert shown(whole[4:8], beside, lambda n: whole[:4]) == then[4:8]


def test_one_picture_a_latent_frame_is_left():
    frames = film(0, 90, 30)
    assert np.array_equal(eased(frames, 1, plain(3), nobody, faded), frames)
