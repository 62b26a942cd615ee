"""Workers, kept and reused: each file that needs a complex parser is read in one, within the limits."""

from __future__ import annotations

import json
import os
import queue
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from archive.errors import ArchiveError
from archive.formats import parts, recognise
from archive.formats.compose import unread
from archive.formats.format import HEAD_SIZE, Context, Part
from archive.formats.wire import LENGTHS, NO_PAYLOAD, BadFrame, context_out, frame, part_in
from archive.limits import Limits
from archive.model import Method, ReadingState

if TYPE_CHECKING:
    from collections.abc import Iterator

TASKS_A_WORKER = 2_000
"""A worker is replaced after so many files: libraries keep caches that grow."""

START_SECONDS = 120.0
"""Time on the clock for a worker to load its libraries, on a machine that is busy."""

_POOL = Method("worker", "1")
_ROOT = Path(__file__).resolve().parents[2]


class WorkerStopped(ArchiveError):
    """A worker was stopped by a limit, or died."""


class Worker:
    """One worker process, at our end of its pipes."""

    def __init__(self) -> None:
        path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))
        self._child = subprocess.Popen(
            [sys.executable, "-m", "archive.formats.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # One thread a worker: the pool is what uses the cores.
            env=os.environ | {"PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )
        self.tasks = 0
        try:
            self._receive(Limits(wall_seconds=START_SECONDS))
        except ArchiveError:
            self.stop()
            raise

    def parts(self, source: bytes | Path, context: Context) -> Iterator[Part]:
        """The parts of a file; raises `WorkerStopped`, after which the worker is gone."""
        self.tasks += 1
        body = source if isinstance(source, bytes) else None
        path = None if isinstance(source, bytes) else os.fspath(source.absolute())
        self._send(frame({"path": path, "context": context_out(context)}, body))
        while (answer := self._receive(context.limits))[0] != {"done": True}:
            yield part_in(*answer)

    def kill(self) -> None:
        """End it, whatever it is at; the one who waits for it still has to `stop` it."""
        self._child.kill()

    def stop(self) -> None:
        """Kill it and wait for its end."""
        self.kill()
        self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe:
                pipe.close()

    def _send(self, pieces: tuple[bytes, ...]) -> None:
        pipe = self._child.stdin
        try:
            for piece in pieces:
                pipe.write(piece)  # type: ignore[union-attr]
            pipe.flush()  # type: ignore[union-attr]
        except OSError as error:
            raise WorkerStopped(self._end()) from error

    def _receive(self, limits: Limits) -> tuple[dict[str, Any], bytes | None]:
        deadline = time.monotonic() + limits.wall_seconds
        words, size = LENGTHS.unpack(self._exactly(LENGTHS.size, deadline))
        if words > 8 * limits.output_size or (size != NO_PAYLOAD and size > limits.input_size):
            raise WorkerStopped("what was read from it is larger than the limit")
        try:
            message = json.loads(self._exactly(words, deadline))
        except ValueError as error:
            raise BadFrame("a worker sent what is no message") from error
        return message, None if size == NO_PAYLOAD else self._exactly(size, deadline)

    def _exactly(self, size: int, deadline: float) -> bytes:
        number = self._child.stdout.fileno()  # type: ignore[union-attr]
        pieces = bytearray()
        while len(pieces) < size:
            if not _is_ready(number, deadline):
                raise WorkerStopped("reading it took longer than the limit of time")
            piece = os.read(number, min(size - len(pieces), 1 << 20))
            if not piece:
                raise WorkerStopped(self._end())
            pieces += piece
        return bytes(pieces)

    def _end(self) -> str:
        code = self._child.wait()
        if code == -signal.SIGXCPU:
            return "reading it took more processor time than the limit"
        if code == -signal.SIGKILL:
            return "the parser was ended by signal SIGKILL, as a system does that runs out of memory"
        if code < 0:
            return f"the parser was ended by signal {signal.Signals(-code).name}"
        return f"the parser ended with status {code}"


def _is_ready(number: int, deadline: float) -> bool:
    poll = select.poll()
    poll.register(number, select.POLLIN)
    return bool(poll.poll(max(0.0, deadline - time.monotonic()) * 1000))


class Pool:
    """Reused workers for any number of threads; each file has one to itself.

    Use it as a context manager: its end kills the workers. Plain text needs none and is read here.
    """

    def __init__(self, workers: int | None = None) -> None:
        self.size = workers or available_cores()
        self._busy: set[Worker] = set()
        # The last that came back goes out first: no worker is started while another is idle.
        self._idle: queue.LifoQueue[Worker | None] = queue.LifoQueue()
        for _ in range(self.size):
            self._idle.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def interrupt(self) -> None:
        """Kill the workers that are at work; whoever waits for one is told that it died."""
        for worker in tuple(self._busy):
            worker.kill()

    def close(self) -> None:
        """Kill the workers that are idle; those at work end with their file."""
        for _ in range(self.size):
            try:
                worker = self._idle.get_nowait()
            except queue.Empty:
                return
            if worker is not None:
                worker.stop()

    def parts(self, source: bytes | Path, context: Context | None = None) -> Iterator[Part]:
        """Each thing to archive out of a file, whatever it does to the worker that reads it."""
        context = context or Context()
        if not _needs_worker(source):
            yield from parts(source, context)
            return
        worker, kept, number = self._idle.get(), False, 0
        try:
            worker = worker or Worker()
            self._busy.add(worker)
            for part in worker.parts(source, context):
                number = part.number
                yield part
            kept = worker.tasks < TASKS_A_WORKER
        except ArchiveError as error:
            yield _stopped(source, number, error)
        finally:
            if worker:
                self._busy.discard(worker)
            if worker and not kept:
                worker.stop()
            self._idle.put(worker if kept else None)


def available_cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _needs_worker(source: bytes | Path) -> bool:
    format_ = recognise(_head(source))
    return format_ is not None and format_.complex_parser


def _head(source: bytes | Path) -> bytes:
    if isinstance(source, bytes):
        return source[:HEAD_SIZE]
    try:
        with source.open("rb") as stream:
            return stream.read(HEAD_SIZE)
    except OSError:
        return b""


def _stopped(source: bytes | Path, number: int, error: ArchiveError) -> Part:
    format_ = recognise(_head(source))
    name = format_.name if format_ else "unknown"
    place = f"after part {number}" if number else "the whole file"
    return Part(number + 1, place, unread(ReadingState.FAILED, name, _POOL, str(error)))
