"""Rows in the form in which a leaf is bound to them: one line of canonical JSON a row, one digest a table.

A line holds the row's columns by name, those without a value left out: a column that a later migration adds
leaves the lines of older rows as they were. A person's name stands in it as the commitment that stands in
leaves, so that a name can be erased and no digest changes. A text's body is left out: its digest is its name.
"""

from __future__ import annotations

from datetime import UTC, datetime
from json.encoder import encode_basestring as _quote
from typing import TYPE_CHECKING

from archive.digest import Digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

NAMES = {"agent": "name", "statement": "said_by", "judgement": "said_by", "outlet_act": "said_by"}
"""The column of a table that holds a person's name."""

_LEFT_OUT = {"text": "body", "opening": "salt"}


def instant(at: datetime) -> str:
    """A time as leaves and lines write it: ISO 8601 in UTC to the microsecond."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def line_of(table: str, row: Mapping[str, object], commit: Callable[[str], str]) -> str:
    """One row as a line; see `lines_of`."""
    return lines_of(table, [row], commit)[0]


def lines_of(table: str, rows: Sequence[Mapping[str, object]], commit: Callable[[str], str]) -> list[str]:
    """Rows of one table with the same columns as lines; `commit` gives the commitment that stands for a name.

    A line is canonical JSON (RFC 8785): keys are plain ASCII, values are strings and whole numbers. It is put
    together here because an ingest makes some fifty of them a copy.
    """
    left_out, named = _LEFT_OUT.get(table), NAMES.get(table)
    heads = [(name, f'"{name}":') for name in sorted(rows[0]) if name != left_out]
    written: dict[int, str] = {}  # by identity: the rows of a copy share their keys and times
    lines = []
    for row in rows:
        parts = []
        for name, head in heads:
            value = row[name]
            if value is None:
                continue
            kind = type(value)
            if name == named:
                part = _quote(commit(str(value)))
            elif kind is str:
                part = _quote(value)  # type: ignore[arg-type]  # its type was just looked at
            elif kind is int:
                part = str(value)
            else:
                part = written.get(id(value)) or written.setdefault(id(value), _quote(_plain(value)))
            parts.append(head + part)
        lines.append(f"{{{','.join(parts)}}}")
    return lines


def document(lines: Iterable[str]) -> bytes:
    """The lines in their order, each ended: the bytes that a leaf names by their SHA-256."""
    return "".join([f"{line}\n" for line in sorted(lines)]).encode()


def digest_of(lines: Iterable[str]) -> str:
    """The digest of the lines as a leaf writes it."""
    return str(Digest.of(document(lines)))


def _plain(value: object) -> str:
    """A value of a column that is neither text nor number, as text."""
    if isinstance(value, datetime):
        return instant(value)
    return value.hex() if isinstance(value, bytes) else str(value)
