"""Archives to link: stories told as outlet and text, and everything that linking wrote."""

from __future__ import annotations

import contextlib
import itertools
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from sqlalchemy import select

import archive.linking as linking
from archive.archive import make_archive, open_archive
from archive.catalog.database import open_database
from archive.catalog.link_tables import (
    CommonFingerprintRow,
    FingerprintRow,
    LinkedRow,
    LinkRow,
    LinkStateRow,
)
from tests.arrivals import copy, take

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from archive.archive import Archive

_SPACES = itertools.count()

Story = tuple[str, str]
"""Outlet (none where empty) and text."""


def words(seed: str, count: int) -> str:
    """So many words that occur nowhere else."""
    return " ".join(f"{seed}{number}" for number in range(count))


def empty(place: Path, catalog: str | None = None) -> Path:
    make_archive(place, catalog=catalog).close()
    return place


@contextlib.contextmanager
def linked_by(size: int) -> Iterator[None]:
    """Batches of so many versions."""
    with patch.object(linking, "BATCH", size):
        yield


def record(archive: Archive, stories: Iterable[Story], **told: str) -> list[str]:
    """Record stories without linking them; their labels."""
    copies = []
    for number, (outlet, text) in enumerate(stories):
        said = told | ({"outlet": outlet} if outlet else {})
        # Bytes of their own, by which an item is recognised, and the same text.
        copies.append(copy(text + " " * next(_SPACES), f"{number}.txt", **said))
    return [str(line.version) for line in take(archive.catalog, *copies)]  # type: ignore[union-attr]  # none is refused


def everything(archive: Archive) -> dict[str, list[tuple[Any, ...]]]:
    """Every row that linking wrote, in order."""
    address = str(archive.settings.text("catalog"))
    if address.startswith("sqlite:"):
        address = f"sqlite:{archive.path / address.removeprefix('sqlite:')}"
    database = open_database(address)
    try:
        with database.engine.connect() as connection:
            tables = (FingerprintRow, CommonFingerprintRow, LinkedRow, LinkRow, LinkStateRow)
            return {
                table.__tablename__: sorted(map(tuple, connection.execute(select(table.__table__))), key=str)  # type: ignore[attr-defined]  # SQLModel adds it
                for table in tables
            }
    finally:
        database.close()


def labels(archive: Archive) -> dict[tuple[str, str], str]:
    """The label of each link, by the labels of its versions' items, the one recorded later first."""
    from archive.related import every_link

    return {
        (
            each.later.partition("@")[0].partition(".")[2],
            each.earlier.partition("@")[0].partition(".")[2],
        ): each.link.label.value
        for each in every_link(archive)
    }


__all__ = ["open_archive"]
