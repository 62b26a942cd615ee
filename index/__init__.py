"""The full-text index: a cache of the record behind a small protocol. It knows nothing of the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.errors import CannotWrite, IndexBusy, IndexFailure, NeedsRebuild, NotOurs, State
from index.model import (
    Added,
    Bounds,
    Count,
    Document,
    Entry,
    Frequencies,
    Group,
    Health,
    Hit,
    Order,
    Refused,
    Request,
    Results,
    Suggestion,
    Versions,
)
from index.port import Index

if TYPE_CHECKING:
    from pathlib import Path

ENGINES = ("whoosh", "tantivy")


class NoSuchEngine(IndexFailure):
    """The index is to be kept by an engine that there is none of."""


def open_index(
    directory: Path, engine: str = "whoosh", bounds: Bounds | None = None, wait: float = 0.0
) -> Index:
    """The index in a directory, which need not be there yet; `wait`: seconds a writer waits for another."""
    if engine == "whoosh":
        from index.engine.whoosh_index import WhooshIndex

        return WhooshIndex(directory, bounds, wait)
    if engine == "tantivy":
        return _tantivy(directory, bounds, wait)
    raise NoSuchEngine(f"there is no index engine {engine!r}; there are: {', '.join(ENGINES)}")


def _tantivy(directory: Path, bounds: Bounds | None, wait: float) -> Index:
    try:
        from index.swift.swift_index import SwiftIndex

        return SwiftIndex(directory, bounds, wait)
    except ModuleNotFoundError as error:
        raise NoSuchEngine(
            "the index engine tantivy is not installed: pip install claimtrail[tantivy]"
        ) from error


__all__ = [
    "ENGINES",
    "Added",
    "Bounds",
    "CannotWrite",
    "Count",
    "Document",
    "Entry",
    "Frequencies",
    "Group",
    "Health",
    "Hit",
    "Index",
    "IndexBusy",
    "IndexFailure",
    "NeedsRebuild",
    "NoSuchEngine",
    "NotOurs",
    "Order",
    "Refused",
    "Request",
    "Results",
    "State",
    "Suggestion",
    "Versions",
    "open_index",
]
