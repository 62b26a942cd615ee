"""What a segment consists of: its fields, its columns and its files, under the names that Whoosh gives them.

Reading needs no more of Whoosh than this, and Whoosh takes longer to import than a search takes.
"""

from __future__ import annotations

import struct

from index.engine.prepared import UNKNOWN
from index.tree import EXACT, NAMED, NUMBER, WORDY, values

INDEX_NAME = "MAIN"

TERMS, POSTINGS, VOCABULARY = ".trm", ".pst", ".wds"
"""Extensions of a segment's files: its terms, their postings, the words of its running text one a line."""

PLACED = (*WORDY, *NAMED)
"""Fields whose words have places."""

WHOLE = (*EXACT, NUMBER, "key", *(values(name) for name in NAMED))
"""Fields whose values are one term."""

NUMERIC = {
    "length": "I",
    "number": "I",
    "position": "q",
    "published": "q",
    "retrieved": "q",
    "recorded": "q",
    "item": "Q",
    "same": "Q",
}
"""Columns by their array type; a time is in microseconds, `UNKNOWN` where it is not known."""

UNSET = {
    name: UNKNOWN + 1 if code == "q" else (1 << 32) - 1 if code == "I" else 0
    for name, code in NUMERIC.items()
}
"""Values that no version has: Whoosh leaves out what equals the default."""

HIT = "hit"
"""The column with the key, item and label of each version."""

TERM = struct.Struct("!BfIBBfIIqi")
"""Whoosh's record of a term: flags, weight, versions, lengths, largest weight, first, last; place and size."""

STARTS = "starts"
"""Under this name the file of terms tells where the terms of each field begin; Whoosh does not mind."""

FIELD = struct.Struct("!H")
LENGTHS = struct.Struct("!ii")


def file_of(segment: str, extension: str) -> str:
    """The name of one of a segment's files."""
    return f"{segment}{extension}"


def column_file(segment: str, name: str) -> str:
    """The name of a column's file."""
    return f"{segment}.{name}.col"
