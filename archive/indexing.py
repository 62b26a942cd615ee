"""Keeping the index up with the catalogue, of which it is a cache."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from archive.catalog.chunks import batched
from archive.errors import ArchiveError, UsageError
from archive.model import Property
from archive.text.numbers import numbers
from index import Document, Health, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from archive.archive import Archive
    from archive.record import Holding
    from index import Index
    from index.model import Frequencies, Request, Results

Told = TypeVar("Told")


class BadSearch(UsageError):
    """A query cannot be understood."""


class NoIndex(ArchiveError):
    """There is no index to ask, and none can be made here."""


PART = 1_000
"""Versions for which one more process is worth its start."""

BATCH = 200
"""How many versions are fetched from the catalogue at a time."""


@dataclass(frozen=True, slots=True)
class Lag:
    """How far the index is behind: its state in words, and the versions recorded but not yet indexed."""

    state: State
    behind: int
    reason: str = ""


def lag(archive: Archive) -> Lag:
    """How far the index is behind the catalogue."""
    health = _health(archive)
    covered = health.position if health.state is State.READY else 0
    with archive.catalog.read() as reader:
        behind = reader.count_from(covered)
        if covered:
            behind += len(reader.touched_from(covered))
        return Lag(health.state, behind, health.reason)


def catch_up(archive: Archive) -> Lag:
    """Index what is recorded and not yet indexed; builds the index anew where it cannot be used.

    Another writer at work on the index is left to it, and a disk that fails or is full stops it: what is
    behind then is in the answer, as what is recorded stays recorded.
    """
    from index import IndexBusy
    from index.errors import IndexFailure

    health = _health(archive)
    try:
        if health.state is not State.READY:
            rebuild(archive)
        else:
            _follow(archive)
    except IndexBusy:
        pass
    except (IndexFailure, OSError) as error:
        left = lag(archive)
        return Lag(left.state, left.behind, left.reason or _words(error))
    return lag(archive)


def _health(archive: Archive) -> Health:
    """The health of the index; one that cannot even be looked at is damaged, and says why."""
    from index.errors import IndexFailure

    try:
        return archive.index.health()
    except (IndexFailure, OSError) as error:
        return Health(State.DAMAGED, reason=_words(error))


def _words(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def rebuild(archive: Archive, progress: Callable[[int], None] | None = None) -> int:
    """Build the index anew from the catalogue, on all cores; returns the number of versions indexed.

    One that was cut off goes on where it stopped. `progress` is told the versions read so far.
    """
    with archive.catalog.read() as reader:
        upto, held = reader.ledger_head().size, reader.totals().versions
    workers = max(1, min(len(os.sched_getaffinity(0)), held // PART))
    source = partial(_told, archive, held, progress)
    archive.index.rebuild(source, upto=upto, workers=workers, expected=held)
    _follow(archive)
    return archive.index.health().documents


def _told(
    archive: Archive, held: int, progress: Callable[[int], None] | None, after: int
) -> Iterator[Document]:
    """The versions recorded after a position, counted out as they are read."""
    with archive.catalog.read() as reader:
        done = held - reader.count_from(after)
    for number, one in enumerate(documents(archive, after), done + 1):
        if progress and number % BATCH == 0:
            progress(number)
        yield one
    if progress:
        progress(held)


def _follow(archive: Archive) -> None:
    """Index what the catalogue holds beyond what the index covers: new versions, and what was said of old ones."""
    position = archive.index.health().position
    with archive.catalog.read() as reader:
        upto = reader.ledger_head().size
    if upto > position:
        fresh = chain(touched_documents(archive, position), documents(archive, position))
        archive.index.add(fresh, upto=upto)


def ask(archive: Archive, request: Request) -> Results:
    """The index's answer; an index that is missing, outdated or damaged is rebuilt and asked again.

    Raises `BadSearch` for a query that cannot be understood and `NoIndex` where none can be had.
    """
    mended: list[State] = []
    found = _asked(archive, lambda index: index.search(request), mended)
    notes = [f"the index was {state} and has been built anew from the record" for state in mended]
    return replace(found, notes=(*found.notes, *notes)) if notes else found


def frequencies(archive: Archive, words: Iterable[str]) -> Frequencies:
    """In how many versions each of these folded words stands; the index is rebuilt where it must be.

    Raises `NoIndex` where none can be had.
    """
    wanted = list(words)
    return _asked(archive, lambda index: index.frequencies(wanted))


def _asked(archive: Archive, question: Callable[[Index], Told], mended: list[State] | None = None) -> Told:
    """The answer to a question; what state the index was in is entered in `mended` where it was built anew."""
    from index import NeedsRebuild
    from index.errors import IndexFailure
    from index.query import BadQuery

    try:
        try:
            return question(archive.index)
        except NeedsRebuild as failure:
            if not archive.writable:
                raise
            rebuild(archive)
            if mended is not None and failure.state is not State.MISSING:
                mended.append(failure.state)
            return question(archive.index)
    except BadQuery as error:
        bound = f"\n  (setting search_{error.bound})" if error.bound else ""
        raise BadSearch(f"{error}{bound}") from error
    except IndexFailure as error:
        raise NoIndex(str(error)) from error


def documents(archive: Archive, position: int) -> Iterator[Document]:
    """The versions recorded at this position of the ledger or later, as they are indexed."""
    while True:
        with archive.catalog.read() as reader:
            versions = reader.recorded_from(position, BATCH)
            held = reader.holdings(versions, structure=False)
        for holding in held:
            yield document(holding)
        if len(versions) < BATCH:
            return
        position = versions[-1].position + 1


def touched_documents(archive: Archive, position: int) -> Iterator[Document]:
    """The versions recorded before this position of which something was recorded since, as they now are."""
    with archive.catalog.read() as reader:
        versions = reader.touched_from(position)
    for some in batched(versions, BATCH):
        with archive.catalog.read() as reader:
            held = reader.holdings(some, structure=False)
        yield from map(document, held)


def document(holding: Holding) -> Document:
    """One version as it is indexed."""
    version = holding.version
    asserted = [s.value for s in holding.about(Property.CLAIMED_SOURCE)]
    named = [made.resolved.name for made in holding.standing()]
    return Document(
        key=str(version.id),
        item=str(version.item_id),
        label=str(version.label),
        number=version.label.version or 1,
        position=version.position,
        text=holding.text,
        headline=_first(holding, Property.TITLE),
        byline=_first(holding, Property.BYLINE),
        outlet=_first(holding, Property.OUTLET),
        sources=tuple(dict.fromkeys((*asserted, *named))),
        language=_first(holding, Property.LANGUAGE),
        section=_first(holding, Property.SECTION),
        quoted=tuple(span.of(holding.text) for made in holding.standing() for span in made.content),
        numbers=tuple(str(number.value) for number in numbers(holding.text)),
        published=_moment(holding, Property.PUBLISHED),
        retrieved=_moment(holding, Property.RETRIEVED),
        recorded=version.recorded,
        accession=str(holding.captures[0].accession) if holding.captures else "",
        digest=str(version.object),
        same_text=str(version.text_digest) if version.text_digest else "",
        external_ids=tuple(s.value for s in holding.about(Property.EXTERNAL_ID)),
        bases=tuple(sorted({said.statement.basis.value for said in holding.said})),
    )


def _first(holding: Holding, about: Property) -> str:
    statement = holding.first(about)
    return statement.value if statement else ""


def _moment(holding: Holding, about: Property) -> datetime | None:
    statement = holding.first(about)
    return statement.moment.at if statement and statement.moment else None
