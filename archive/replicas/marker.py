"""Which replica a store is: a file beside the objects, so that another disk in its place is noticed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from archive.store.durable import sync_path
from archive.store.failures import StoreNotThere

if TYPE_CHECKING:
    from uuid import UUID

    from archive.store import Store

MARKER = "replica.json"


def write_marker(store: Store, replica: UUID) -> None:
    """Mark a local store; one elsewhere is known by its address."""
    if folder := folder_of(store):
        written = {"what": "a copy of the objects of a Claimtrail archive", "replica": str(replica)}
        write_durably(folder / MARKER, json.dumps(written, indent=1).encode() + b"\n")


def must_be(store: Store, replica: UUID) -> None:
    """Raises `StoreNotThere` where a local store is not marked as this replica."""
    folder = folder_of(store)
    if folder is None:
        return
    try:
        marked = json.loads((folder / MARKER).read_bytes())["replica"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreNotThere(
            f"{folder} is not marked as a replica ({MARKER} is not there or not readable)"
        ) from error
    if marked != str(replica):
        raise StoreNotThere(
            f"{folder} is another replica than the one that was added here: is it the right disk?"
        )


def folder_of(store: Store) -> Path | None:
    """The folder of a local store, None for one elsewhere."""
    return None if "://" in store.address else Path(store.address)


def write_durably(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all after a power cut."""
    draft = path.with_name(path.name + ".new")
    draft.write_bytes(content)
    sync_path(str(draft))
    draft.replace(path)
    sync_path(str(path.parent))
