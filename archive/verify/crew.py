"""Forked workers that hash: shares of a few hundred objects out, what is not intact back."""

from __future__ import annotations

import os
import signal
import time
from collections import deque
from dataclasses import dataclass, field
from multiprocessing import connection, get_context
from typing import TYPE_CHECKING, Self, TypeAlias

from archive.errors import ArchiveError
from archive.verify.pace import give_way

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from multiprocessing.connection import Connection

    from archive.digest import Digest
    from archive.store import Inspected, Inspector

SHARES_AHEAD = 2
"""Shares a worker has at a time, so that it need not wait while we record."""

SHARE_SECONDS = 0.25
"""How long reading one share should take: what a killed run has read and not recorded is little more."""

LARGEST_SHARE = 400
"""Two of them fit into the buffer of a line, so that nobody waits for one who waits for them."""


class WorkersGone(ArchiveError):
    """Every process that reads objects has ended before its time."""


@dataclass(frozen=True, slots=True)
class Share:
    """Objects to be checked together: their SHA-256 values, and the further digests recorded for them."""

    values: Sequence[bytes]
    further: Mapping[Digest, tuple[Digest, ...]]
    of: object = None


@dataclass(frozen=True, slots=True)
class Dead:
    """A worker that ended before its time, and the shares that it did not finish."""

    words: str
    shares: tuple[Share, ...]


Answer: TypeAlias = "tuple[Share, Inspected] | Dead"


@dataclass(slots=True)
class _Worker:
    process: object
    line: Connection
    shares: deque[Share] = field(default_factory=deque)


class Crew:
    """Workers, forked as it is made; to be left in any case."""

    def __init__(self, count: int, inspector: Callable[[], Inspector], *, urgent: bool) -> None:
        context = get_context("fork")
        self._workers: list[_Worker] = []
        self._pace = 8.0
        for _ in range(count):
            ours, theirs = context.Pipe()
            others = [*(worker.line for worker in self._workers), ours]
            process = context.Process(
                target=_work, args=(theirs, others, inspector, urgent), name="claimtrail reader", daemon=True
            )
            process.start()
            theirs.close()
            self._workers.append(_Worker(process, ours))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.line.close()
        for worker in self._workers:
            worker.process.terminate()  # type: ignore[attr-defined]  # a process of the fork context
            worker.process.join()  # type: ignore[attr-defined]

    @property
    def share_size(self) -> int:
        """How many objects the next share should have."""
        return max(1, min(LARGEST_SHARE, int(self._pace)))

    @property
    def at_work(self) -> bool:
        """Whether anything is under way."""
        return any(worker.shares for worker in self._workers)

    def has_room(self) -> bool:
        """Whether a worker would begin a share at once, or soon; where none is left, `give` says so."""
        return not self._workers or any(len(worker.shares) < SHARES_AHEAD for worker in self._workers)

    def give(self, share: Share) -> None:
        """Hand out a share; raises `WorkersGone`."""
        if not self._workers:
            raise WorkersGone("every process that reads objects has ended: what they had read is recorded")
        worker = min(self._workers, key=lambda each: len(each.shares))
        worker.shares.append(share)
        try:
            worker.line.send((share.values, share.further))
        except OSError:
            return  # it is dead: `answers` tells

    def answers(self, seconds: float) -> list[Answer]:
        """What came back within that time; raises what a worker could not go on from."""
        ready = connection.wait([worker.line for worker in self._workers], timeout=seconds)
        return [self._answer(worker) for worker in list(self._workers) if worker.line in ready]

    def _answer(self, worker: _Worker) -> Answer:
        try:
            answer, elapsed = worker.line.recv()
        except (EOFError, OSError):
            return self._bury(worker)
        if isinstance(answer, BaseException):
            raise answer
        share = worker.shares.popleft()
        measured = len(share.values) * SHARE_SECONDS / max(elapsed, 1e-4)
        self._pace = min(measured, 2 * self._pace)
        return share, answer

    def _bury(self, worker: _Worker) -> Dead:
        self._workers.remove(worker)
        worker.line.close()
        worker.process.join()  # type: ignore[attr-defined]
        code = worker.process.exitcode  # type: ignore[attr-defined]
        ended = f"signal {signal.Signals(-code).name}" if code < 0 else f"status {code}"
        return Dead(f"a process that read objects ended with {ended}", tuple(worker.shares))


def _work(
    line: Connection, others: Sequence[Connection], inspector: Callable[[], Inspector], urgent: bool
) -> None:
    """A worker's life: until its parent closes the line, however that one ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent says when it is over
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for other in others:
        other.close()
    if not urgent:
        give_way()
    try:
        reader = inspector()
        while True:
            values, further = line.recv()
            begun = time.monotonic()
            line.send((reader.inspect(values, further), time.monotonic() - begun))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        os._exit(0)
    except ArchiveError as error:
        line.send((error, 0.0))
