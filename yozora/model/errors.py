"""The one error of this room: weights that cannot be used, as a sentence with a remedy."""


class WeightsError(Exception):
    """Missing, damaged or foreign weights."""
