"""Linking one batch of versions: who may share text with whom, compared, and ready to be entered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

from archive.catalog.link_writing import LinkedBatch
from archive.lineage.candidates import MOST_HOLDERS, Postings
from archive.lineage.furniture import Holder
from archive.linking.comparing import Comparison
from archive.linking.marks import marks_of
from archive.text.folding import fold_name

if TYPE_CHECKING:
    from archive.attribution.resolve import Authority
    from archive.catalog.link_reading import LinkReader, Unlinked
    from archive.lineage.candidates import Pair
    from archive.lineage.furniture import Furniture
    from archive.lineage.shared import SharedText
    from archive.linking.comparing import Desk
    from archive.linking.manymarks import KnownMarks
    from archive.linking.marks import Told

Compare = Callable[["Sequence[Comparison]"], "Iterable[SharedText]"]


def link_batch(
    reader: LinkReader,
    versions: Sequence[Unlinked],
    desk: Desk,
    authority: Authority,
    compare: Compare | None = None,
    known: KnownMarks | None = None,
) -> LinkedBatch:
    """Find and compare everything that the versions share with one another and with those linked before.

    The pairs are compared by `compare`, else at the desk. `known` tells which fingerprints need not be asked for.
    """
    copies = desk.put({version.position: version.text for version in versions})
    marks = marks_of([*copies.values()], many=desk.many, known=known)
    asked = marks.asked()
    common = reader.common(asked)
    held = reader.holders(asked)
    told = marks.told(held.keys() | common.keys())
    postings = Postings(held, common)
    alike = reader.alike({version.same for version in versions})
    holders = _holders(reader, versions, alike, authority)
    for holder in holders:
        postings.meet(holder, told.of.get(holder.version, {}))
    pairs = postings.pairs | _same(versions, alike)
    first = versions[0].position
    if postings.doubtful:
        pairs |= _linked_among(reader, postings.doubtful)
    compared = (compare or desk.compare)(_comparisons(reader, pairs, postings, desk, told))
    links = sorted(compared, key=lambda link: (link.later, link.earlier))
    return LinkedBatch(
        [(holder, len(copies[holder.version].cut.words)) for holder in holders],
        told.rows(postings.rows()),
        {mark: postings.common[mark] for mark in postings.grown},
        {pair for pair in pairs if pair[0] < first},
        links,
    )


def _holders(
    reader: LinkReader, versions: Sequence[Unlinked], alike: dict[str, list[int]], authority: Authority
) -> list[Holder]:
    """What counting furniture takes of each version."""
    positions = [version.position for version in versions]
    firsts, outlets = reader.firsts_of_items(positions), reader.outlets(positions)
    numbers = {name: _outlet_number(authority, name) for name in set(outlets.values())}
    return [
        Holder(
            version.position,
            firsts[version.position],
            alike[version.same][0],
            numbers[outlets[version.position]] if version.position in outlets else None,
        )
        for version in versions
    ]


def _outlet_number(authority: Authority, name: str) -> int:
    """A number that stands for an outlet: by its key in the authority file, else by its folded name."""
    key = authority.resolve(name) or fold_name(name)
    return int.from_bytes(blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), signed=True)


def _same(versions: Iterable[Unlinked], alike: dict[str, list[int]]) -> set[Pair]:
    """Each version with the first of those before it that have the same text."""
    return {
        (version.position, other)
        for version in versions
        for other in alike[version.same][:MOST_HOLDERS]
        if other < version.position
    }


def _linked_among(reader: LinkReader, doubtful: Iterable[Sequence[int]]) -> set[Pair]:
    """The pairs linked already whose two versions are in one of these sets."""
    sets_of: dict[int, set[int]] = defaultdict(set)
    for number, versions in enumerate(doubtful):
        for version in versions:
            sets_of[version].add(number)
    linked = reader.links_among(sets_of.keys())
    return {(later, earlier) for later, earlier in linked if sets_of[later] & sets_of[earlier]}


def _comparisons(
    reader: LinkReader, pairs: Iterable[Pair], postings: Postings, desk: Desk, told: Told
) -> list[Comparison]:
    """The pairs by their later version, with the furniture among its fingerprints."""
    by_later: dict[int, list[int]] = defaultdict(list)
    for later, earlier in sorted(pairs):
        by_later[later].append(earlier)
    # A version that is looked at again may have fingerprints that no other of the batch has.
    again = desk.copies(by_later.keys() - told.of.keys())
    unknown = {mark for copy in again.values() for mark in copy.marks} - postings.holders.keys()
    unknown -= postings.common.keys()
    if unknown:
        postings.common |= reader.common(unknown)
        postings.holders |= reader.holders(unknown)
    several = postings.several()
    return [
        Comparison(
            later,
            tuple(earlier),
            _furniture(
                several.intersection(again[later].marks if later in again else told.of[later]), postings
            ),
        )
        for later, earlier in by_later.items()
    ]


def _furniture(marks: Iterable[int], postings: Postings) -> dict[int, Furniture]:
    owned = ((mark, postings.furniture(mark)) for mark in marks)
    return {mark: whose for mark, whose in owned if whose}
