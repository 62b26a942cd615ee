"""Waiting that a signal ends: for the loop that runs checks in the foreground."""

from __future__ import annotations

import os
import select
import signal
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import FrameType

STOPPING = (signal.SIGTERM, signal.SIGINT)


class Signals:
    """While entered, SIGTERM, SIGINT and SIGCHLD do nothing but end a `wait`.

    Each arrives as its number on a pipe (`signal.set_wakeup_fd`), so that none is lost between two waits.
    """

    def __enter__(self) -> Self:
        self._read, self._write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._fd_before = signal.set_wakeup_fd(self._write)
        self._before = {each: signal.signal(each, _nothing) for each in (*STOPPING, signal.SIGCHLD)}
        self._stopped = False
        return self

    def __exit__(self, *_: object) -> None:
        for each, before in self._before.items():
            signal.signal(each, before)
        signal.set_wakeup_fd(self._fd_before)
        os.close(self._read)
        os.close(self._write)

    def stopped(self) -> bool:
        """Whether a signal has asked to stop."""
        return self._stopped

    def wait(self, seconds: float | None) -> bool:
        """Wait for a signal, or for that long; whether a signal came. `stopped` says if one asked to stop."""
        if not select.select([self._read], [], [], seconds)[0]:
            return False
        came = os.read(self._read, 1024)
        self._stopped = self._stopped or any(each in came for each in STOPPING)
        return True


def _nothing(_number: int, _frame: FrameType | None) -> None:
    """Be a handler: without one a signal has its usual effect."""
