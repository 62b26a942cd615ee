"""Reading no faster than asked, and giving way to whoever else needs the machine."""

from __future__ import annotations

import contextlib
import os
import platform
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized

NICE = 10
"""How far a check stands back from other programs for the processor (nice(2))."""

_IOPRIO_SET = {"x86_64": 251, "aarch64": 30, "riscv64": 30, "ppc64le": 273, "s390x": 282}
_IDLE = 3 << 13
"""The idle class: the disk is ours only while nobody else wants it (ioprio_set(2))."""

BURST_SECONDS = 0.25
"""How much reading may run ahead of the rate; a file's first buffer is read before it is counted."""


class Rate:
    """A bucket of tokens that all workers draw from: make it before they are forked.

    It holds only the moment at which the next byte may be read (the generic cell rate algorithm), on the
    clock that is the same in every process and is never set.
    """

    def __init__(self, bytes_a_second: int) -> None:
        import multiprocessing

        self._rate = bytes_a_second
        self._next: Synchronized[float] = multiprocessing.get_context("fork").Value("d", 0.0)

    def spend(self, count: int) -> None:
        """Take bytes out of the bucket, and wait until they are there."""
        with self._next.get_lock():
            now = time.monotonic()
            begin = max(self._next.value, now - BURST_SECONDS)
            self._next.value = begin + count / self._rate
        if begin > now:
            time.sleep(begin - now)


def give_way() -> None:
    """Take the lowest priority for the disk and a low one for the processor, as far as the system lets us."""
    with contextlib.suppress(OSError):
        os.nice(NICE)
    number = _IOPRIO_SET.get(platform.machine())
    if platform.system() != "Linux" or number is None:
        return
    import ctypes

    ctypes.CDLL(None, use_errno=True).syscall(number, 1, 0, _IDLE)
