"""The shipped weights still make what they made when they were shipped."""

import numpy as np

from tests.golden.make import GOLDEN, picture
from yozora.media.images import read_image


def test_the_weights_make_the_golden_picture_within_45_db():
    golden, now = read_image(GOLDEN).astype(np.float64), picture().astype(np.float64)
    assert golden.shape == now.shape
    assert golden.std() > 20, "a golden picture of nothing"
    error = np.mean((golden - now) ** 2)
    assert 10 * np.log10(255**2 / max(error, 1e-9)) >= 45
