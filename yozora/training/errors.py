"""The one error of this room."""


class TrainingError(Exception):
    """A recipe, folder or checkpoint that cannot be used: a sentence with a remedy."""
