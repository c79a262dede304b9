"""The one error of this room."""


class PromptError(ValueError):
    """A prompt that cannot be read: one sentence that says why, and a remedy."""
