"""Manifests: a row a file with what the archivist knew on receipt, as CSV or as JSON lines."""

from __future__ import annotations

import csv
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.errors import ArchiveError, UsageError
from archive.ingest.told import TOLD_FIELDS, Told

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE_COLUMN = "file"
COLUMNS = (FILE_COLUMN, *TOLD_FIELDS)


class BadManifest(UsageError):
    """A manifest cannot be read; nothing was taken in."""


@dataclass(frozen=True, slots=True)
class ManifestRow:
    """A row: the file it names, absolute and as named, and what it says or why that cannot be used."""

    path: bytes
    named: bytes
    told: Told | None
    fault: str | None = None


def read_manifest(path: Path) -> list[ManifestRow]:
    """The rows of a `.csv` or `.jsonl` manifest; files are named relative to its folder.

    A row with a date or label that cannot be read comes out with its fault; the rest stands. Raises
    `BadManifest` where the manifest as a whole cannot be used, or names a file twice.
    """
    rows = [_row(path, number, row) for number, row in _rows(path)]
    seen: set[bytes] = set()
    for row in rows:
        if row.path in seen:
            raise BadManifest(f"{path.name} names {os.fsdecode(row.path)} twice; nothing was taken in")
        seen.add(row.path)
    return rows


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str | None]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            if path.suffix == ".csv":
                yield from _csv_rows(path, csv.DictReader(stream, strict=True))
            elif path.suffix == ".jsonl":
                for number, line in enumerate(stream, 1):
                    if line.strip():
                        yield number, _json_row(path, number, line)
            else:
                raise BadManifest(f"{path.name} is neither .csv nor .jsonl; nothing was taken in")
    except UnicodeDecodeError as error:
        raise BadManifest(f"{path.name} is not in UTF-8; nothing was taken in") from error
    except csv.Error as error:
        raise BadManifest(f"{path.name} is not proper CSV ({error}); nothing was taken in") from error
    except OSError as error:
        raise BadManifest(f"{path} cannot be read: {error.strerror}") from error


def _csv_rows(path: Path, reader: csv.DictReader[str]) -> Iterator[tuple[int, dict[str, str | None]]]:
    _check_columns(path, reader.fieldnames or ())
    for row in reader:
        if None in row or None in row.values():
            raise BadManifest(
                f"{path.name}, line {reader.line_num}: not as many fields as the first line names; nothing was taken in"
            )
        yield reader.line_num, dict(row)


def _json_row(path: Path, number: int, line: str) -> dict[str, str | None]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise BadManifest(f"{path.name}, line {number}: not JSON ({error}); nothing was taken in") from error
    if not isinstance(row, dict) or not all(isinstance(v, str) or v is None for v in row.values()):
        raise BadManifest(f"{path.name}, line {number}: not an object of strings; nothing was taken in")
    _check_columns(path, row)
    return row


def _check_columns(path: Path, names: object) -> None:
    given = list(names) if hasattr(names, "__iter__") else []
    unknown = [name for name in given if name not in COLUMNS]
    if unknown:
        raise BadManifest(
            f"{path.name} has a column {unknown[0]!r}; known are {', '.join(COLUMNS)}. Nothing was taken in"
        )
    if FILE_COLUMN not in given:
        raise BadManifest(f"{path.name} has no column {FILE_COLUMN!r}; nothing was taken in")


def _row(path: Path, number: int, row: dict[str, str | None]) -> ManifestRow:
    named = (row.get(FILE_COLUMN) or "").strip()
    if not named:
        raise BadManifest(f"{path.name}, line {number}: names no file; nothing was taken in")
    place = f"{path.name} line {number}"
    beside = os.path.normpath(os.path.join(os.fsencode(path.parent), os.fsencode(named)))  # noqa: PTH118 - bytes
    file = os.path.abspath(beside)  # noqa: PTH100 - bytes
    try:
        return ManifestRow(file, beside, Told.of(row, place))
    except ArchiveError as error:
        return ManifestRow(file, beside, None, f"{place}: {error}")
