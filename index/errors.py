"""The family of failures of the index. Those that a caller acts on stand here, so that no engine need be
loaded.
"""

from __future__ import annotations

from enum import StrEnum


class IndexFailure(Exception):
    """The index could not do what was asked; the record is untouched, for the index is a cache of it."""


class State(StrEnum):
    """Whether the index can be read; all but `ready` ask for a rebuild."""

    READY = "ready"
    MISSING = "missing"
    OUTDATED = "outdated"
    DAMAGED = "damaged"


class NotOurs(IndexFailure):
    """The index directory can be written by others, or belongs to someone else; it is not opened."""


class IndexBusy(IndexFailure):
    """Another writer is at work on the index."""


class NeedsRebuild(IndexFailure):
    """There is no index that can be trusted; `state` says why, a rebuild from the record mends it."""

    def __init__(self, state: State, reason: str) -> None:
        self.state = state
        super().__init__(f"the index is {state}: {reason}; it has to be rebuilt from the record")


class CannotWrite(IndexFailure):
    """The index could not be written; what it was before still stands."""
