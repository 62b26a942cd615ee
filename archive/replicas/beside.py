"""The record beside the copies: with it a replica is all that is needed after the archive is lost."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from archive.replicas.marker import folder_of, write_durably
from archive.settings import FILE
from archive.store.durable import make_folder, sync_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archive.archive import Archive
    from archive.store import Store

RECORD = "record"

README = """\
This folder is a copy of a Claimtrail archive's objects and of its record.

sha256/ab/<digest>   the objects; `sha256sum` of each prints its own name
record/              the catalogue, the settings and the ledger's checkpoints

To make an archive of it again, with the folders named as you like:

    mkdir news
    cp record/claimtrail.toml record/catalog.db news/
    cp -r record/ledger news/
    mkdir -p news/objects/incoming news/index news/keys
    cp -r sha256 news/objects/
    claimtrail verify --archive news
    claimtrail reindex --archive news

Private keys are not copied here.
"""


def copy_record(archive: Archive, store: Store) -> bool:
    """Put a snapshot of the catalogue and the public files of the ledger beside the copies.

    False where the replica is no local folder, or the catalogue no file: a database server has means of its own.
    Where nothing was recorded since the last snapshot, that one stays.
    """
    folder = folder_of(store)
    if folder is None or not archive.catalog.is_file:
        return False
    record = folder / RECORD
    if not record.is_dir():
        make_folder(record)
        record.chmod(0o700)
    with _alone(record):
        _copy_catalog(archive, record)
        _copy_files(archive, record)
        write_durably(folder / "README.txt", README.encode())
    return True


@contextmanager
def _alone(record: Path) -> Iterator[None]:
    """One sync after another: their drafts have the same names."""
    fd = os.open(record, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


def _copy_catalog(archive: Archive, record: Path) -> None:
    with archive.catalog.read() as reader:
        head = f"{reader.ledger_head().size}\n"
    at = record / "events"
    if not (record / "catalog.db").exists() or not at.exists() or at.read_text() != head:
        _snapshot(archive, record / "catalog.db")
        write_durably(at, head.encode())


def _snapshot(archive: Archive, target: Path) -> None:
    draft = target.with_name("catalog.new")
    draft.unlink(missing_ok=True)
    archive.catalog.snapshot(draft)
    sync_path(str(draft))
    draft.replace(target)
    sync_path(str(target.parent))


def _copy_files(archive: Archive, record: Path) -> None:
    """The settings and whatever lies in the ledger's folder; the private keys lie elsewhere."""
    write_durably(record / FILE, (archive.path / FILE).read_bytes())
    source = archive.path / "ledger"
    make_folder(record / "ledger")
    for path in sorted(source.rglob("*")):
        if path.is_file() and not path.is_symlink():
            target = record / "ledger" / path.relative_to(source)
            make_folder(target.parent)
            if not target.exists() or target.read_bytes() != path.read_bytes():
                write_durably(target, path.read_bytes())
