"""Telling somebody that something is wrong: by mail, a signed web request, or a command; loud where that fails."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.notify.addresses import parse_address
from archive.notify.notice import NotDelivered, Notice
from archive.notify.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from archive.notify.addresses import Address

__all__ = ["NotDelivered", "Notice", "Notifier", "Unsent"]

PAUSES_SECONDS = (1.0, 5.0, 25.0)
"""Between one attempt and the next; after the last the notice is kept for the next run."""


@dataclass(frozen=True, slots=True)
class Unsent:
    """A notice that did not reach its address: why, and where it is kept (None: it could not even be kept)."""

    notice: Notice
    address: str
    why: str
    kept: Path | None


class Notifier:
    """Sends notices of the archive at `path` to addresses, and keeps what cannot be sent for the next time.

    `key` is the file of the key that signs web requests. Raises `BadAddress` for an address of no known kind.
    """

    def __init__(
        self,
        path: Path,
        addresses: Sequence[str],
        key: Path,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._key, self._pause = key, pause
        self._addresses = [parse_address(each, key) for each in addresses]
        self._spool = Spool(path / "notices")

    def check(self) -> None:
        """Whether every address could be sent to as far as this machine goes; raises `NotDelivered`."""
        for address in self._addresses:
            address.check()

    def send(self, notice: Notice | None) -> list[Unsent]:
        """Send this one, then what was kept before; what could not be sent, new and old.

        Raises `BadSpool` where something else lies among what was kept.
        """
        unsent = self._send_new(notice) if notice else []
        return unsent + self._send_kept(notice)

    def _send_new(self, notice: Notice) -> list[Unsent]:
        unsent = []
        for address in self._addresses:
            why = self._attempt(address, notice)
            if why is not None:
                unsent.append(Unsent(notice, str(address), why, self._spool.keep(notice, str(address), why)))
        return unsent

    def _send_kept(self, new: Notice | None) -> list[Unsent]:
        unsent = []
        with self._spool.waiting() as waiting:
            for kept in waiting:
                if new and kept.notice.id == new.id:
                    continue
                why = self._attempt(parse_address(kept.address, self._key), kept.notice)
                if why is None:
                    kept.path.unlink()
                else:
                    unsent.append(Unsent(kept.notice, kept.address, why, kept.path))
        return unsent

    def _attempt(self, address: Address, notice: Notice) -> str | None:
        """Try, and try again after each pause where that may help; why it failed, or None."""
        for pause in (*PAUSES_SECONDS, None):
            try:
                address.deliver(notice)
            except NotDelivered as error:
                if pause is None or not error.may_pass:
                    return str(error)
                self._pause(pause)
            else:
                return None
        return None
