"""A share of the work: several jobs divide ranges of digests among them, and one that dies is taken over.

    with Lease(catalog, clock, "verify") as lease:      # at work from here on, and shown to be alive
        while (parts := lease.share(wants)):            # the ranges that are ours until the next call
            ...                                         # in each transaction: lease.must_be_held(writer)

`exclusive` is for work that only one may do at a time.
"""

from __future__ import annotations

import os
import platform
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

from archive.catalog import leases
from archive.catalog.leases import PARTS, Holder, LeaseLost
from archive.errors import ArchiveError, ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from uuid import UUID

    from archive.catalog import Catalog
    from archive.catalog.leases import Job
    from archive.catalog.writing import Writer
    from archive.clock import Clock

BEAT_SECONDS = 2.0
"""How often a job shows itself, and looks whether another waits; more often where a lease is short."""

LEASE_SECONDS = 60.0
"""How long a job of another machine may be silent before it is taken for dead."""

EVERYTHING = frozenset(range(PARTS))


class AtWork(ArchiveError):
    """The work is being done by another job."""

    exit_code = ExitCode.LOCKED


class Watch:
    """Watches the jobs of one kind of work: which of them are alive.

    Dead is one whose process is gone from this machine, or whose beat did not grow for `lease_seconds` of
    our watching; the time of day has no part in it.
    """

    def __init__(self, lease_seconds: float = LEASE_SECONDS) -> None:
        self._seconds = lease_seconds
        self._here = this_process()
        self._seen: dict[UUID, tuple[int, float]] = {}

    def alive(self, jobs: Iterable[Job]) -> list[Job]:
        """Those of the jobs that are not known to be dead."""
        return [job for job in jobs if not self._dead(job)]

    def _dead(self, job: Job) -> bool:
        if gone(job.holder, self._here):
            return True
        now = time.monotonic()
        beat, since = self._seen.get(job.id, (-1, now))
        if beat != job.beat:
            self._seen[job.id] = (job.beat, now)
            return False
        return now - since > self._seconds


class Lease:
    """One job's part in a kind of work; entered, it shows itself alive in a thread until it is left.

    Fork what you fork before you enter it.
    """

    def __init__(
        self, catalog: Catalog, clock: Clock, work: str, *, lease_seconds: float = LEASE_SECONDS
    ) -> None:
        self._catalog, self._work, self._seconds = catalog, work, lease_seconds
        self.id = clock.new_id()
        self._watch = Watch(lease_seconds)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True, name=f"lease of {work}")
        self._lost: ArchiveError | None = None
        self.asked = False
        """Whether another job waits for ranges that this one holds; `share` should be called soon."""

    def __enter__(self) -> Self:
        self._catalog.write(self._announce)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._catalog.write(lambda writer: leases.bury(writer, self.id))

    def _announce(self, writer: Writer) -> None:
        leases.announce(writer, self.id, self._work, this_process())

    def _beat(self) -> None:
        while not self._stop.wait(min(BEAT_SECONDS, self._seconds / 6)):
            try:
                self._catalog.write(lambda writer: leases.beat(writer, self.id))
                self.asked = any(job.wants and not job.parts for job in self.others())
            except LeaseLost as error:
                self._lost = error
                return
            except ArchiveError:
                continue  # a catalogue that does not answer just now is met again by the work itself

    def must_be_held(self, writer: Writer) -> None:
        """Raise `LeaseLost` where another took this job for dead; in the transaction that records its work."""
        leases.must_be_held(writer, self.id)

    def others(self) -> list[Job]:
        """The other jobs of the same work that are alive."""
        with self._catalog.read() as reader:
            found = leases.jobs(reader.session, self._work)
        return [job for job in self._watch.alive(found) if job.id != self.id]

    def share(self, wants: Iterable[int] = EVERYTHING) -> frozenset[int]:
        """The ranges this job holds from now on, of those it wants; empty where others hold all of them.

        To be called when nothing of the ranges is under way. What it does not want any more it gives back;
        to another that waits it leaves half of what that one waits for. Raises `LeaseLost`.
        """
        if self._lost:
            raise self._lost
        wanted, self.asked = frozenset(wants), False
        return self._catalog.write(lambda writer: self._settle(writer, wanted))

    def _settle(self, writer: Writer, wanted: frozenset[int]) -> frozenset[int]:
        leases.must_be_held(writer, self.id)
        others = self._others_buried(writer)
        mine = next(job for job in leases.jobs(writer.session, self._work) if job.id == self.id).parts
        waiting = [job for job in others if job.wants and not job.parts]
        keep = mine & wanted
        for each in waiting:
            keep -= _half(keep & each.wants)
        free = EVERYTHING - mine - frozenset().union(*(job.parts for job in others))
        claimed = free & wanted & frozenset().union(*(job.wants for job in waiting))
        fresh = (free & wanted) - (claimed if keep else _half(claimed, larger=False))
        leases.give_back(writer, self.id, mine - keep)
        leases.take(writer, self.id, self._work, fresh)
        held = keep | fresh
        leases.beat(writer, self.id, () if held else wanted)
        return held

    def _others_buried(self, writer: Writer) -> list[Job]:
        """The other jobs that are alive; those that died are removed, and what they held is free."""
        found = [job for job in leases.jobs(writer.session, self._work) if job.id != self.id]
        alive = self._watch.alive(found)
        for dead in found:
            if dead not in alive:
                leases.bury(writer, dead.id)
        return alive


def _half(parts: frozenset[int], *, larger: bool = True) -> frozenset[int]:
    """The later half of the ranges; the larger or the smaller one where they do not divide evenly.

    Of what is held the larger is given away, so that the last range can be had too; of what is free the smaller
    is left, so that two who wait do not leave the last range to each other.
    """
    ordered = sorted(parts)
    return frozenset(ordered[(len(ordered) + (not larger)) // 2 :])


@contextmanager
def exclusive(
    catalog: Catalog, clock: Clock, work: str, *, lease_seconds: float = LEASE_SECONDS
) -> Iterator[Lease]:
    """Do work that only one job may do at a time; raises `AtWork` where another that is alive does it."""
    with Lease(catalog, clock, work, lease_seconds=lease_seconds) as lease:
        if lease.share() != EVERYTHING:
            holders = ", ".join(job.holder.words for job in lease.others())
            raise AtWork(
                f"{work}: already under way by {holders or 'another job'}; try again when it has ended"
            )
        yield lease


def this_process() -> Holder:
    """The process we are, so that others of this machine can tell when it is gone."""
    node, own = platform.node() or "an unnamed machine", os.getpid()
    return Holder(f"process {own} on {node}", _machine(), own, _started(own) or 0)


def gone(holder: Holder, here: Holder) -> bool:
    """Whether the process is known to have ended; never said of one that cannot be seen from here."""
    if not holder.machine or holder.machine != here.machine:
        return False
    return _started(holder.process) != holder.process_started


def _machine(proc: Path = Path("/proc")) -> str:
    """This boot of this machine and the space its process numbers are of; empty where the system tells neither."""
    try:
        boot = (proc / "sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {(proc / 'self/ns/pid').readlink()}"
    except OSError:
        return ""


def _started(process: int) -> int | None:
    """When a process began, in ticks since the start of the machine; None where there is none (proc(5))."""
    try:
        stat = Path(f"/proc/{process}/stat").read_bytes()
    except OSError:
        return None
    state, *rest = stat.rpartition(b")")[2].split()
    return None if state in (b"Z", b"X") else int(rest[18])
