"""The family of failures of the index; each failure is a class beside the code that raises it."""

from __future__ import annotations


class IndexFailure(Exception):
    """The index could not do what was asked; the record is untouched, for the index is a cache of it."""
