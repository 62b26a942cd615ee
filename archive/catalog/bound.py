"""Rows in the form in which a leaf is bound to them: one line of canonical JSON a row, one digest a table.

A line holds the row's columns by name, those without a value left out: a column that a later migration adds
leaves the lines of older rows as they were. A person's name stands in it as the commitment that stands in
leaves, so that a name can be erased and no digest changes. A text's body is left out: its digest is its name.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from archive.digest import Digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

NAMES = {"agent": "name", "statement": "said_by", "judgement": "said_by", "outlet_act": "said_by"}
"""The column of a table that holds a person's name."""

_LEFT_OUT = {"text": "body", "opening": "salt"}
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


def instant(at: datetime) -> str:
    """A time as leaves and lines write it: ISO 8601 in UTC to the microsecond."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def line_of(table: str, row: Mapping[str, object], commit: Callable[[str], str]) -> str:
    """One row as a line; `commit` gives the commitment that stands for a name.

    It is canonical JSON (RFC 8785): keys are plain ASCII, values are strings and whole numbers.
    """
    left_out, named = _LEFT_OUT.get(table), NAMES.get(table)
    plain = {
        column: value if type(value) in (str, int) else _plain(value)
        for column, value in row.items()
        if value is not None and column != left_out
    }
    if named and named in plain:
        plain[named] = commit(str(plain[named]))
    return _encode(plain)


def document(lines: Iterable[str]) -> bytes:
    """The lines in their order, each ended: the bytes that a leaf names by their SHA-256."""
    return "".join([f"{line}\n" for line in sorted(lines)]).encode()


def digest_of(lines: Iterable[str]) -> str:
    """The digest of the lines as a leaf writes it."""
    return str(Digest.of(document(lines)))


def _plain(value: object) -> object:
    """A value of a column as JSON has it."""
    if isinstance(value, UUID | Digest):
        return str(value)
    if isinstance(value, datetime):
        return instant(value)
    return value.hex() if isinstance(value, bytes) else value
