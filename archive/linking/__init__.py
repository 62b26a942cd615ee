"""Keeping fingerprints and links up with the catalogue, of which they are a cache.

A link between two versions is decided by what is recorded up to where linking has come: a fingerprint that
becomes furniture takes links back, one that other outlets print as well gives them back. Versions are met in
the order of the ledger, so links made as material comes in are those that `claimtrail relink` makes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING

from archive.catalog.link_writing import enter, finish, restart
from archive.linking.batch import link_batch
from archive.linking.comparing import MANY, Desk
from archive.linking.crew import crew_for
from archive.text.fingerprints import METHOD
from archive.uncollected import uncollected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from archive.archive import Archive
    from archive.catalog.link_reading import LinkState
    from archive.linking.batch import Compare
    from archive.linking.manymarks import KnownMarks

BATCH = 5_000
"""How many versions are linked in one transaction: with more of them a page of the fingerprints is read less often."""
COPIES_BESIDE = 2_000
"""Copies of earlier versions that are kept beside those of a batch."""
LEARNED_FOR_ONE = 8
"""So many versions' fingerprints are learned in the time that asking for those of one new version takes."""


@dataclass(frozen=True, slots=True)
class LinkLag:
    """How far links are behind: the versions recorded and not yet linked, out of how many."""

    behind: int
    versions: int
    links: int


def lag(archive: Archive) -> LinkLag:
    """How far links are behind the catalogue."""
    with archive.catalog.read() as reader:
        versions, links = reader.count_from(0), reader.links
        state = links.state()
        behind = versions if state.method != METHOD else reader.count_from(state.position)
        return LinkLag(behind, versions, links.count())


def catch_up(archive: Archive, progress: Callable[[int], None] | None = None) -> LinkLag:
    """Link what is recorded and not yet linked; begins anew where links were made by another method.

    Much of it is compared by several workers. It stops between two batches without harm: the next one goes on
    from there.
    """
    late = lag(archive)
    desk = Desk(partial(_texts, archive), many=late.behind >= MANY, kept=BATCH + COPIES_BESIDE)
    known = _known(late) if desk.many else None
    done = 0
    with crew_for(archive, desk, late.behind) as workers:
        while batch := _one_batch(archive, desk, workers.compare, known):
            done += batch
            if progress:
                progress(done)
    return lag(archive)


def rebuild(archive: Archive, progress: Callable[[int], None] | None = None) -> LinkLag:
    """Make all links anew from the catalogue, or go on where an earlier run was interrupted."""
    with archive.catalog.read() as reader:
        state = reader.links.state()
    if not state.rebuilding:
        archive.catalog.write(lambda writer: restart(writer, METHOD, rebuilding=True))
    return catch_up(archive, progress)


def _texts(archive: Archive, positions: Iterable[int]) -> Mapping[int, str]:
    with archive.catalog.read() as reader:
        return reader.links.texts(positions)


def _known(late: LinkLag) -> KnownMarks | None:
    """What is asked which fingerprints are known, where learning them all costs less than asking the catalogue."""
    if late.versions > LEARNED_FOR_ONE * late.behind:
        return None
    from archive.linking.manymarks import KnownMarks

    return KnownMarks()


@uncollected()
def _one_batch(archive: Archive, desk: Desk, compare: Compare | None, known: KnownMarks | None) -> int:
    """Link the next batch; how many versions it had, 0 where nothing is left."""
    state = _state(archive)
    with archive.catalog.read() as reader:
        versions = reader.links.unlinked(state.position, BATCH)
        if known and versions:
            known.follow(reader.links, state)
        batch = (
            link_batch(reader.links, versions, desk, archive.authority, compare, known) if versions else None
        )
    if batch:
        after = replace(state, position=versions[-1].position + 1)
        if archive.catalog.write(lambda writer: enter(writer, state, after, batch)) and known:
            known.learn(chain(map(itemgetter(0), batch.fingerprints), batch.common), after)
    elif state.rebuilding:
        archive.catalog.write(lambda writer: finish(writer, state))
    return len(versions)


def _state(archive: Archive) -> LinkState:
    """How far linking has come by our method; what another method made is forgotten."""
    with archive.catalog.read() as reader:
        state = reader.links.state()
    if state.method == METHOD:
        return state
    return archive.catalog.write(lambda writer: restart(writer, METHOD, rebuilding=state.rebuilding))
