"""Plants one fault in the store and then runs a command: `python -m tests.faults.plant FAULT MODULE WORD...`.

Each fault is a mistake that a programmer could make and that no ordinary test sees. A crash test that
does not find it is not worth running.
"""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

from archive.store import durable, intake, placing
from archive.store.port import PlacedAs, Placement


def no_file_sync() -> None:
    """Names are put on the disk, the bytes behind them are not."""
    keep_only(lambda path: Path(path).is_dir())


def no_folder_sync() -> None:
    """The folders that objects are linked into are not put on the disk."""
    keep_only(lambda path: "/sha256/" not in path)


def no_parent_sync() -> None:
    """A new folder's entry in its parent is not put on the disk."""
    keep_only(lambda path: not path.endswith("/sha256"))


def no_note_sync() -> None:
    """The note has its name, but only in memory."""
    durable.sync_path = lambda path: None  # noqa: ARG005 - the shape of what it replaces


def no_intake_sync() -> None:
    """The entry of the intake's own folder is not put on the disk."""
    keep_only(lambda path: not path.endswith("/incoming"))


def note_before_bytes() -> None:
    """The batch counts as sealed before its bytes are on the disk."""
    real = durable.sync_all
    late: list[tuple[list[str], int]] = []
    after = durable.sync_path

    def sync_all(paths, within):
        if any(path.endswith("/note.draft") for path in paths):
            late.append(([p for p in paths if not p.endswith(".draft")], within))
            after(next(p for p in paths if p.endswith(".draft")))
        else:
            real(paths, within)

    def place(self, folder, batch, disk):
        while late:
            real(*late.pop())
        return placed(self, folder, batch, disk)

    placed = placing.Placer.place
    durable.sync_all = sync_all
    placing.Placer.place = place


def record_before_bytes() -> None:
    """Objects are said to be placed, and are placed when the batch is cleared."""
    real, cleared = intake.FilesystemIntake.place, intake.FilesystemIntake.clear

    def place(self):
        return tuple(Placement(s.digest, s.size, PlacedAs.NEW) for s in self._batch.values())

    def clear(self):
        Path(f"{self._folder}/note").unlink()  # so that the next command cannot mend it
        real(self)
        self._sealed = True
        Path(f"{self._folder}/note").touch()
        cleared(self)

    intake.FilesystemIntake.place = place
    intake.FilesystemIntake.clear = clear


def clear_before_record() -> None:
    """What is to be recorded is forgotten as soon as the objects are in their place."""
    real = intake.FilesystemIntake.place

    def place(self):
        placements = real(self)
        Path(f"{self._folder}/note").unlink()
        return placements

    intake.FilesystemIntake.place = place


def no_seal() -> None:
    """The note is written only after the objects are placed."""
    real, placed = intake.FilesystemIntake.seal, intake.FilesystemIntake.place

    def seal(self, note):
        self._late = note
        self._sealed = True

    def place(self):
        placements = placed(self)
        self._sealed = False
        real(self, self._late)
        return placements

    intake.FilesystemIntake.seal = seal
    intake.FilesystemIntake.place = place


def torn_objects() -> None:
    """Objects are written under their own names instead of being linked there whole."""

    def link(self, source, target):
        if Path(target).exists() or not Path(source).exists():
            return False
        Path(target).parent.mkdir(exist_ok=True)
        Path(target).write_bytes(Path(source).read_bytes())
        return True

    placing.Placer._link = link


def no_journal_sync() -> None:
    """SQLite answers a commit before its log is on the disk."""
    import sqlite3

    real = sqlite3.connect

    class Hasty(sqlite3.Connection):
        def execute(self, sql, *rest):
            return super().execute(sql.replace("synchronous=FULL", "synchronous=OFF"), *rest)

    sqlite3.connect = lambda *given, **named: real(*given, factory=Hasty, **named)


def syncfs() -> None:
    """No fault: the way that large batches go."""
    durable.FEW = 0


def threads() -> None:
    """No fault: the way that large batches go on systems without a syncfs that can be believed."""
    durable.FEW = 0
    durable.SYNCFS_REPORTS = (99, 0)


FAULTS = {
    fault.__name__: fault
    for fault in (
        no_file_sync,
        no_folder_sync,
        no_parent_sync,
        no_note_sync,
        no_intake_sync,
        note_before_bytes,
        record_before_bytes,
        clear_before_record,
        no_seal,
        torn_objects,
        no_journal_sync,
    )
}
WAYS = {way.__name__: way for way in (syncfs, threads)}


def keep_only(wanted) -> None:
    """Let only those paths be put on the disk, one after another."""

    def sync_all(paths, within):
        for path in paths:
            if wanted(path):
                fd = os.open(path, os.O_RDONLY)
                os.fsync(fd)
                os.close(fd)

    durable.sync_all = sync_all


def plant(name: str) -> None:
    """Plant a fault, or set a way, by name; `-` plants none."""
    if name != "-":
        (FAULTS | WAYS)[name]()


if __name__ == "__main__":
    plant(sys.argv[1])
    sys.exit(importlib.import_module(sys.argv[2]).main(sys.argv[3:]))
