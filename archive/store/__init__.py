"""Objects by digest: taken in durably, read, checked. The port, and the opener that chooses a back end."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from archive.errors import UsageError
from archive.store.port import (
    Aside,
    Checked,
    Coldness,
    Held,
    Inspected,
    Inspector,
    Intake,
    ObjectState,
    PlacedAs,
    Placement,
    Readable,
    Staged,
    Store,
    Stray,
    Unfinished,
)

if TYPE_CHECKING:
    from pathlib import Path

    from archive.clock import Clock

__all__ = [
    "Aside",
    "Checked",
    "Coldness",
    "Held",
    "Inspected",
    "Inspector",
    "Intake",
    "ObjectState",
    "PlacedAs",
    "Placement",
    "Readable",
    "Staged",
    "Store",
    "Stray",
    "Unfinished",
    "UnknownStore",
    "make_store",
    "open_store",
]


class UnknownStore(UsageError):
    """The address of a store has a scheme for which there is no back end."""


def open_store(address: str | Path, clock: Clock | None = None) -> Store:
    """The store at an address: a path or `file://` names the folder that holds `sha256/`.

    Raises `UnknownStore` for another scheme and `StoreNotThere` where no store is to be found: a folder
    without `sha256/` is taken for a disk that is not mounted, never for an empty store.
    """
    from archive.store.filesystem import FilesystemStore

    return FilesystemStore(_local(address), _clock(clock))


def make_store(address: str | Path, clock: Clock | None = None) -> Store:
    """Make an empty store that survives a power cut from here on, or open the one that is there."""
    from archive.store.filesystem import FilesystemStore

    return FilesystemStore.make(_local(address), _clock(clock))


def _local(address: str | Path) -> str:
    """The path that an address names."""
    text = str(address)
    scheme, mark, rest = text.partition("://")
    if not mark or not scheme.isalnum():
        return text
    if scheme.lower() != "file":
        raise UnknownStore(
            f"there is no store for addresses that begin with {scheme}:// (a path or file:// is one)"
        )
    host, path = urlsplit(f"file://{rest}")[1:3]
    if host not in ("", "localhost") or not path:
        raise UnknownStore(f"{text} names another machine; a file:// address is file:///folder")
    return unquote(path, errors="surrogateescape")


def _clock(clock: Clock | None) -> Clock:
    from archive.clock import SystemClock

    return clock or SystemClock()
