"""A check gives way to whoever else wants the disk and the processor, unless it is urgent: read off its processes."""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import time
from pathlib import Path

import pytest

from archive.verify.pace import _IDLE, _IOPRIO_SET, NICE
from tests.holdings import holding, made_up
from tests.test_verify_objects import started, until_open

pytestmark = pytest.mark.skipif(
    platform.system() != "Linux" or platform.machine() not in _IOPRIO_SET,
    reason="priorities for the disk are Linux's, and only on some machines is their call known here",
)

THREADS = 5
"""A reader that reads the disk has four threads besides its own."""


def disk_priority(thread: int) -> int:
    """Class and level of a thread (ioprio_get(2), whose number is the next after that of ioprio_set)."""
    return ctypes.CDLL(None, use_errno=True).syscall(_IOPRIO_SET[platform.machine()] + 1, 1, thread)


def readers(process: int, threads: int) -> list[Path]:
    """The processes that a check has forked, once they read with all their threads."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        found = [Path("/proc", child) for child in children]
        if found and all(len(list(each.glob("task/*"))) >= threads for each in found):
            return found
        time.sleep(0.05)
    pytest.fail("no process read anything")


@pytest.mark.parametrize("urgent", [False, True])
def test_every_thread_that_reads_stands_back_unless_it_is_urgent(tmp_path: Path, urgent: bool) -> None:
    archive = tmp_path / "news"
    holding(archive, made_up(400, 4000)).close()
    words = ("verify", "--only", "objects", "--rate", "50kB/s", *(["--urgent"] if urgent else []))
    own = os.getpriority(os.PRIO_PROCESS, 0)
    with started(*words, at=archive) as checking:
        until_open(archive)
        threads = [task for each in readers(checking.pid, THREADS) for task in each.glob("task/*")]
        nice = {os.getpriority(os.PRIO_PROCESS, int(task.name)) for task in threads}
        disk = {disk_priority(int(task.name)) for task in threads}
        checking.send_signal(signal.SIGINT)
        checking.communicate(timeout=60)
    assert nice == {own if urgent else min(own + NICE, 19)}
    assert (disk == {_IDLE}) is not urgent
    assert urgent or _IDLE >> 13 == 3, "the idle class"
