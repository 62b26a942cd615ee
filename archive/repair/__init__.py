"""Restoring an altered or missing object from a copy that verifies, in the archive and in its replicas alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.repair.holders import Holder, holders
from archive.repair.mend import Became, Mend
from archive.repair.record import Repairs
from archive.store import ObjectState
from archive.store.failures import StoreFailure, Unreadable
from archive.store.mending import CopyAltered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archive.archive import Archive
    from archive.digest import Digest
    from archive.store import Checked

__all__ = ["Became", "Mend", "repair"]


def repair(archive: Archive, digests: Sequence[Digest], *, named: bool, dry_run: bool) -> Iterator[Mend]:
    """Look at each object in the archive and in each replica that was given it, and restore where it is not intact.

    An unreadable object is left alone unless it is `named`: a disk or a permission may be all that is wrong. What
    was restored is recorded before it is yielded; at the end come the events of the whole. Raises `StoreNotThere`
    where the archive's own store is gone; a replica that is not there can only not help.
    """
    places = holders(archive, digests)
    with Repairs(archive, dry_run=dry_run) as repairs:
        for holder in places:
            repairs.catch_up(holder)
        for digest in digests:
            for holder in places:
                if holder.expects(digest):
                    mend = _mend(holder, places, digest, named=named, dry_run=dry_run)
                    repairs.record(holder, mend)
                    yield mend


def _mend(holder: Holder, places: Sequence[Holder], digest: Digest, *, named: bool, dry_run: bool) -> Mend:
    before = holder.store.check(digest)
    if before.state is ObjectState.INTACT:
        return Mend(digest, holder.address, before, Became.INTACT, size=before.size or 0)
    if before.state is ObjectState.UNREADABLE and not named:
        return Mend(digest, holder.address, before, Became.UNREADABLE)
    source = _good_copy(places, holder, digest)
    if source is None:
        return Mend(digest, holder.address, before, Became.NO_COPY)
    if dry_run:
        return Mend(digest, holder.address, before, Became.WOULD_RESTORE, source.address)
    return _restore(holder, source, before)


def _good_copy(places: Sequence[Holder], other_than: Holder, digest: Digest) -> Holder | None:
    """The first other place whose copy verifies just now; a replica whose disk has gone meanwhile has none."""
    for place in places:
        if place is other_than:
            continue
        try:
            if place.store.check(digest).state is ObjectState.INTACT:
                return place
        except StoreFailure:
            continue
    return None


def _restore(holder: Holder, source: Holder, before: Checked) -> Mend:
    """Copy, hashing once more on the way, and look at what is there afterwards."""
    digest = before.digest
    try:
        with source.store.open(digest) as content:
            aside = holder.store.restore(digest, content)
    except (CopyAltered, Unreadable, StoreFailure) as error:
        return Mend(digest, holder.address, before, Became.FAILED, source.address, reason=str(error))
    after = holder.store.check(digest)
    place = aside.place if aside else None
    kept, slip = (None, place) if aside and aside.was is ObjectState.MISSING else (place, None)
    if after.state is not ObjectState.INTACT:
        return Mend(digest, holder.address, before, Became.FAILED, source.address, kept, after.reason)
    size = after.size or 0
    return Mend(digest, holder.address, before, Became.RESTORED, source.address, kept, size=size, slip=slip)
