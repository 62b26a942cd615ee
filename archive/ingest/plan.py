"""What an ingest will take in, in order: the paths named, the rows of a manifest, and what is said of each."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from archive.catalog.references import NotHeld
from archive.ingest.manifest import read_manifest
from archive.ingest.sources import STANDARD_INPUT, Source, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from archive.archive import Archive
    from archive.ingest.manifest import ManifestRow
    from archive.ingest.told import Told


def plan(
    archive: Archive, paths: Sequence[str | bytes], general: Told, manifest: Path | None
) -> Iterator[Source]:
    """The sources, each with what is said of it: its manifest row where it has one, over the options.

    Without paths, a manifest stands for the files it names. An item that is not held, or a row that cannot be
    used, comes out as a source with a fault.
    """
    rows = {row.path: row for row in read_manifest(manifest)} if manifest else {}
    known: dict[str, bool] = {}
    for path in walk(paths) if paths else [row.named for row in rows.values()]:
        row = rows.get(path if path == STANDARD_INPUT else os.path.abspath(path))  # noqa: PTH100 - bytes
        yield _source(archive, path, row, general, known)


def _source(
    archive: Archive, path: bytes, row: ManifestRow | None, general: Told, known: dict[str, bool]
) -> Source:
    if row and row.told is None:
        return Source(path, general, row.fault)
    told = row.told.over(general) if row and row.told else general
    if told.item and not _is_known(archive, told.item, known):
        return Source(path, told, f"there is no item {told.item} in this archive")
    return Source(path, told)


def _held(archive: Archive, item: str) -> bool:
    with archive.catalog.read() as reader:
        try:
            return bool(reader.find(item))
        except NotHeld:
            return False


def _is_known(archive: Archive, item: str, known: dict[str, bool]) -> bool:
    """Whether the item is held, asked once for each item."""
    if item not in known:
        known[item] = _held(archive, item)
    return known[item]
