"""Cutting long lists of keys into queries of a bounded length."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Key = TypeVar("Key")

KEYS_A_QUERY = 500
"""Below every limit on bound variables (SQLite's oldest was 999)."""


def chunked(keys: Sequence[Key]) -> Iterator[Sequence[Key]]:
    """The keys in slices of `KEYS_A_QUERY`."""
    for start in range(0, len(keys), KEYS_A_QUERY):
        yield keys[start : start + KEYS_A_QUERY]


def batched(rows: Iterable[Key], size: int) -> Iterator[list[Key]]:
    """The rows in lists of that many, the last one shorter; never more than one list in memory."""
    remaining = iter(rows)
    while batch := list(islice(remaining, size)):
        yield batch
