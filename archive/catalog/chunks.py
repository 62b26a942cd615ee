"""Cutting long lists of keys into queries of a bounded length."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Key = TypeVar("Key")

KEYS_A_QUERY = 500
"""Below every limit on bound variables (SQLite's oldest was 999)."""


def chunked(keys: Sequence[Key]) -> Iterator[Sequence[Key]]:
    """The keys in slices of `KEYS_A_QUERY`."""
    for start in range(0, len(keys), KEYS_A_QUERY):
        yield keys[start : start + KEYS_A_QUERY]
