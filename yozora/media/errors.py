"""What goes wrong between pixels and files."""

from __future__ import annotations


class MediaError(ValueError):
    """A file that cannot be read or written: one sentence that ends in a remedy."""
