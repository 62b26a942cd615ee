"""Whether the index holds the versions that the catalogue does: one by one, a stretch of the ledger at a time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import fields
from typing import TYPE_CHECKING

from archive.catalog.indexable import indexable
from archive.verdict import IntegrityFinding, Verdict
from index import Entry
from index.engine.prepared import hashed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.archive import Archive
    from archive.catalog.indexable import Indexable

STRETCH = 50_000
"""Events whose versions are compared at a time: so much is in memory, however large the archive is."""

END = 2**62

REINDEX = "run `claimtrail reindex`"


def compare(archive: Archive, covered: int) -> Iterator[IntegrityFinding]:
    """What is in the index otherwise than in the catalogue, or in one only; `covered` is where the index ends.

    The index is asked before the catalogue: what is recorded and indexed meanwhile is then in both.
    """
    for first in range(0, covered, STRETCH):
        yield from _stretch(archive, first, min(first + STRETCH, covered))
    beyond = [entry.position for entry in archive.index.entries(covered, END)]
    if beyond:
        yield from _stretch(archive, covered, max(beyond) + 1, is_covered=False)


def _stretch(
    archive: Archive, first: int, beyond: int, *, is_covered: bool = True
) -> Iterator[IntegrityFinding]:
    held = defaultdict(list)
    for entry in archive.index.entries(first, beyond):
        held[entry.key].append(entry)
    with archive.catalog.read() as reader:
        for version in indexable(reader, first, beyond):
            found = held.pop(str(version.id), [])
            if found or is_covered:
                yield from _compared(version, found)
    for foreign in held.values():
        for entry in foreign:
            yield _finding(Verdict.ALTERED, entry.label, "nothing", f"{_said(entry)}, which no record names")


def _compared(version: Indexable, found: list[Entry]) -> Iterator[IntegrityFinding]:
    expected = _entry(version)
    if not found:
        yield _finding(Verdict.MISSING, version.label, _said(expected), "nothing")
    elif len(found) > 1:
        yield _finding(Verdict.ALTERED, version.label, "it once", f"it {len(found)} times")
    for entry in dict.fromkeys(found):
        if entry != expected:
            names = [
                each.name
                for each in fields(Entry)
                if getattr(entry, each.name) != getattr(expected, each.name)
            ]
            words = f"another {' and '.join(names)}"
            yield _finding(Verdict.ALTERED, version.label, _said(expected), words)


def _entry(version: Indexable) -> Entry:
    """What the index should hold of it; one without a text is like no other."""
    key = str(version.id)
    text = hashed(str(version.text) if version.text else key)
    return Entry(key, str(version.item_id), version.label, version.number, version.position, text)


def _said(entry: Entry) -> str:
    return f"version {entry.key}"


def _finding(code: Verdict, label: str, expected: str, found: str) -> IntegrityFinding:
    return IntegrityFinding(code, f"{label} in the index", expected, found, REINDEX)
