"""Comparing on all cores: forked workers, each with a desk and a way into the catalogue of its own.

They read what is recorded and nothing that linking writes, so they need not wait for it; one that is gone has
its share done here.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

from archive.archive import catalog_address
from archive.catalog import open_catalog
from archive.clock import SystemClock
from archive.linking.comparing import Desk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from multiprocessing.connection import Connection

    from archive.archive import Archive
    from archive.lineage.shared import SharedText
    from archive.linking.comparing import Comparison

FEWEST = 4_000
"""With fewer versions to link than this, workers cost more than they bring."""


class Crew:
    """The workers at work, this process among them."""

    def __init__(self, desk: Desk, workers: Sequence[Connection]) -> None:
        self._desk, self._workers = desk, list(workers)

    def compare(self, work: Sequence[Comparison]) -> Iterator[SharedText]:
        """What the pairs share, as `Desk.compare` says it, a share of them found by each worker."""
        own, *others = _shares(work, len(self._workers) + 1)
        sent = []
        for worker, share in zip(list(self._workers), others, strict=True):
            # A worker answers what it is sent: whoever sends nothing must not wait, and who sends must read.
            if share and self._send(worker, share):
                sent.append((worker, share))
            else:
                own += share
        yield from self._desk.compare(own)
        for worker, share in sent:
            yield from self._receive(worker, share)

    def _send(self, worker: Connection, share: Sequence[Comparison]) -> bool:
        try:
            worker.send(share)
        except OSError:
            self._workers.remove(worker)
            return False
        return True

    def _receive(self, worker: Connection, share: Sequence[Comparison]) -> Iterable[SharedText]:
        try:
            found: list[SharedText] = worker.recv()
        except (EOFError, OSError):
            self._workers.remove(worker)
            return self._desk.compare(share)
        return found


def _shares(work: Sequence[Comparison], count: int) -> list[list[Comparison]]:
    """The work in so many shares: what copies the same version is the same worker's, who has it at hand."""
    shares: list[list[Comparison]] = [[] for _ in range(count)]
    for each in work:
        shares[each.earlier[0] % count].append(each)
    return shares


@contextmanager
def crew_for(archive: Archive, desk: Desk, versions: int) -> Iterator[Crew]:
    """A crew for so many versions: a worker for each further core, none where there is little to do."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    context = multiprocessing.get_context("fork")
    ours: list[Connection] = []
    children = []
    for _ in range(cores - 1 if versions >= FEWEST else 0):
        here, there = context.Pipe()
        ours.append(here)
        address = catalog_address(archive.path, archive.settings)
        child = context.Process(target=_serve, args=(there, list(ours), address), daemon=True)
        child.start()
        there.close()
        children.append(child)
    try:
        yield Crew(desk, ours)
    finally:
        for each in ours:
            each.close()
        for child in children:
            child.join()


def _serve(tasks: Connection, others: Iterable[Connection], address: str) -> None:
    """Compare what comes until nothing does: the end of the other process is the end of this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for other in others:
        other.close()
    with open_catalog(address, SystemClock()) as catalog, contextlib.suppress(EOFError, OSError):

        def texts(positions: Iterable[int]) -> Mapping[int, str]:
            with catalog.read() as reader:
                return reader.links.texts(positions)

        desk = Desk(texts, many=True)
        while True:
            tasks.send(list(desk.compare(tasks.recv())))
