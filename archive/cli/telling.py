"""Telling somebody of what a check found, or that it could not be made."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from archive.cli.opening import say
from archive.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from archive.notify import Notice, Notifier, Unsent
    from archive.settings import Settings
    from archive.verify import Report


class Telling:
    """Takes in how a check ended, and tells those who asked for it of what is wrong."""

    def __init__(self, path: Path, sender: Notifier) -> None:
        self._path, self._sender = path, sender
        self.unsent: list[Unsent] = []

    def report(self, found: Report) -> None:
        """Tell of findings; of none only those notices are sent that are left from before."""
        from archive.render.notices import of_report

        self._send(of_report(self._path, found) if found.findings else None)

    def failure(self, error: ArchiveError) -> None:
        """Tell that there was no check, or no whole one."""
        from archive.render.notices import of_failure

        self._send(of_failure(self._path, error))

    def say_unsent(self) -> None:
        """Say what could not be sent, a line each."""
        for each in self.unsent:
            say(_words(each))

    def _send(self, notice: Notice | None) -> None:
        self.unsent += self._sender.send(notice)


@contextmanager
def telling(archive: Path | None, notify: Sequence[str] | None) -> Iterator[Telling]:
    """Whatever ends the check is told: also that the archive is not there, which no report can say."""
    from archive.archive import NoArchive, find_archive
    from archive.settings import load_settings

    try:
        path = find_archive(archive)
    except NoArchive as error:
        if archive is not None and notify:
            _tell_failure(Telling(archive, notifier(archive, load_settings(archive), notify)), error)
        raise
    told = Telling(path, notifier(path, load_settings(path), notify))
    try:
        yield told
    except ArchiveError as error:
        if notify:
            _tell_failure(told, error)
        raise


def _tell_failure(told: Telling, error: ArchiveError) -> None:
    """The failure itself keeps the last word; that it could not be told is said before it."""
    told.failure(error)
    told.say_unsent()


def notifier(path: Path, settings: Settings, notify: Sequence[str] | None) -> Notifier:
    """What sends notices of an archive; raises `BadAddress`."""
    from archive.notify import Notifier

    return Notifier(path, notify or (), path / settings.text("notify_key"))


def _words(unsent: Unsent) -> str:
    kept = f"kept in {unsent.kept} for the next run" if unsent.kept else "and it could not be kept either"
    return f"a notice to {unsent.address} was NOT sent: {unsent.why}; {kept}"
