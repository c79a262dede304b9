"""The one error type of this room."""

from __future__ import annotations


class WorldError(Exception):
    """What a person asked of the world cannot be done; the message is a sentence with a remedy."""
