"""Copies of every object in other stores: adding one, opening it, finding it by what it is called."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from archive.catalog.replicas import add_replica, end_replica, replicas
from archive.errors import ArchiveError, UsageError
from archive.replicas.marker import must_be, write_marker
from archive.store import make_store, open_store

if TYPE_CHECKING:
    from archive.archive import Archive
    from archive.catalog.replicas import Replica
    from archive.store import Store

__all__ = ["AlreadyReplica", "NoReplica", "NotFree", "find_replica", "listed", "new_replica", "open_replica"]


class NoReplica(UsageError):
    """There is no replica of that name."""


class AlreadyReplica(UsageError):
    """That store is a replica already, or the archive's own."""


class NotFree(UsageError):
    """A replica was asked for where something else lies."""


class UnrecordableAddress(ArchiveError):
    """The catalogue cannot keep the address of a replica."""


def listed(archive: Archive) -> list[Replica]:
    """The replicas in use, the first added first."""
    with archive.catalog.read() as reader:
        return replicas(reader)


def find_replica(archive: Archive, name: str) -> Replica:
    """The replica at an address, or of a number as `claimtrail replica list` gives them; raises `NoReplica`."""
    used = listed(archive)
    for number, replica in enumerate(used, 1):
        if name in (str(number), replica.address) or _absolute(name) == replica.address:
            return replica
    raise NoReplica(f"there is no replica {name}; `claimtrail replica list` lists them")


def open_replica(archive: Archive, replica: Replica) -> Store:
    """The replica's store; raises `StoreNotThere`, also where another disk than the replica's is mounted there."""
    store = open_store(replica.address, archive.clock)
    must_be(store, replica.id)
    return store


def new_replica(archive: Archive, place: str) -> Replica:
    """Make an empty store at an address and enter it; raises `AlreadyReplica`, `NotFree`, and what the store raises."""
    address = _absolute(place)
    _must_be_recordable(address)
    _must_be_free(archive, address)
    store = make_store(address, archive.clock)
    by = archive.settings.archivist
    replica_id = archive.catalog.write(lambda writer: add_replica(writer, address, by))
    write_marker(store, replica_id)
    return next(each for each in listed(archive) if each.id == replica_id)


def remove_replica(archive: Archive, replica: Replica) -> None:
    """Keep a replica up no more; what lies there stays as it is."""
    by = archive.settings.archivist
    archive.catalog.write(lambda writer: end_replica(writer, replica, by))


def _absolute(place: str) -> str:
    """A path from the root of the file system, whatever directory it was named in; another address as it is."""
    return place if "://" in place else str(Path(place).expanduser().absolute())


def _must_be_recordable(address: str) -> None:
    if not address.isprintable():
        raise UnrecordableAddress("the path of a replica must be readable text: it has to be recorded")


def _must_be_free(archive: Archive, address: str) -> None:
    if any(each.address == address for each in listed(archive)):
        raise AlreadyReplica(f"{address} is a replica of this archive already")
    if "://" in address:
        return
    path, own = Path(address), Path(archive.store.address)
    if path.resolve() == own.resolve() or path.resolve().is_relative_to(archive.path.resolve()):
        raise AlreadyReplica(f"{address} lies in the archive itself; a copy there would be lost with it")
    if path.exists() and (not path.is_dir() or any(each.name != "lost+found" for each in path.iterdir())):
        raise NotFree(f"{address} is not empty; name a new or an empty folder for the copies")
