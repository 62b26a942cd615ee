"""Notices that could not be sent, a file each, until they are."""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.errors import ArchiveError
from archive.notify.notice import Notice
from archive.store.durable import sync_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class BadSpool(ArchiveError):
    """A file among the kept notices is none."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A notice that waits for its address."""

    notice: Notice
    address: str
    path: Path


class Spool:
    """The folder of an archive in which they are kept; made when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, notice: Notice, address: str, why: str) -> Path | None:
        """Keep a notice durably; where, or None where this disk does not let us."""
        written = {**notice.as_json(), "address": address, "why": why}
        number = sum(1 for _ in self._folder.glob(f"{notice.id}-*.json"))
        path = self._folder / f"{notice.id}-{number}.json"
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            draft = path.with_suffix(".new")
            draft.write_text(json.dumps(written), encoding="utf-8")
            sync_path(str(draft))
            draft.rename(path)
            sync_path(str(self._folder))
        except OSError:
            return None
        return path

    @contextmanager
    def waiting(self) -> Iterator[list[Kept]]:
        """What is kept, oldest first, held against a second sender; empty where another is sending it."""
        try:
            fd = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except FileNotFoundError:
            yield []
            return
        try:
            yield self._kept() if _locked(fd) else []
        finally:
            os.close(fd)

    def count(self) -> int:
        """How many wait."""
        return sum(1 for _ in self._folder.glob("*.json"))

    def _kept(self) -> list[Kept]:
        return [_read(path) for path in sorted(self._folder.glob("*.json"))]


def _locked(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read(path: Path) -> Kept:
    try:
        written = json.loads(path.read_bytes())
        return Kept(Notice.from_json(written), str(written["address"]), path)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadSpool(f"{path} is no notice that was kept; look at it and remove it") from error
