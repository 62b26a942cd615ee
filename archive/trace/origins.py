"""From occurrences to origins: the network of who has it from whom, as the texts and their words show it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archive.lineage.citing import FailingCitation, Failure
from archive.lineage.graph import Citation, Edge, Node, Relation
from archive.lineage.trail import Trail, trail
from archive.model import AttributionKind, Evidence, Property
from archive.text.agreement import Agreement, compare
from archive.text.folding import fold_name
from archive.trace.copies import copies
from archive.trace.occurrence import NAMED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from archive.attribution.resolve import Authority
    from archive.label import Label
    from archive.lineage.shared import SharedText
    from archive.trace.occurrence import Occurrence


def when(occurrence: Occurrence) -> tuple[bool, float, Label]:
    """What occurrences are put in order by: the date claimed, else that of retrieval; undated ones last."""
    held = occurrence.holding
    dated = node_of(occurrence).dated
    return dated is None, dated.timestamp() if dated else 0.0, held.version.label


def trail_of(
    occurrences: Sequence[Occurrence], authority: Authority, links: Sequence[SharedText] | None
) -> Trail:
    """The trail that occurrences make: copies compared word by word, revisions, and whom they cite.

    `links` are those kept between their versions, None where some are not linked.
    """
    nodes = [node_of(each, outlet_of(each, authority)) for each in occurrences]
    held = {
        outlet_key(each.attribution.resolved.name, authority)
        for o in occurrences
        for each in o.attributed
        if each.held
    }
    edges = [*_revisions(occurrences), *copies(occurrences, nodes, links)]
    citations = list(_citations(occurrences, authority))
    found = trail(nodes, edges, citations, held)
    return replace(found, failing=(*found.failing, *_misquoted(occurrences, citations, found.edges)))


def outlet_key(name: str, authority: Authority) -> str:
    """What stands for an outlet: its key in the authority file, else its folded name."""
    return authority.resolve(name) or fold_name(name)


def outlet_of(occurrence: Occurrence, authority: Authority) -> str | None:
    """The outlet that an occurrence is from, as `outlet_key` writes it, where anybody names one."""
    outlet = occurrence.holding.first(Property.OUTLET)
    return outlet_key(outlet.value, authority) if outlet else None


def node_of(occurrence: Occurrence, outlet: str | None = None) -> Node:
    """The occurrence as the trail knows it."""
    held = occurrence.holding
    published, retrieved = held.first(Property.PUBLISHED), held.first(Property.RETRIEVED)
    return Node(
        str(held.version.label),
        str(held.version.label.of_item),
        outlet,
        published.moment if published else None,
        retrieved.moment if retrieved else None,
    )


def _citations(occurrences: Iterable[Occurrence], authority: Authority) -> Iterator[Citation]:
    for occurrence in occurrences:
        for each in occurrence.attributed:
            source = each.attribution.resolved
            yield Citation(
                str(occurrence.holding.version.label),
                source.name,
                source.kind,
                outlet_key(source.name, authority) if source.kind in NAMED else None,
                (Evidence(each.quote),),
                agency=each.attribution.kind is AttributionKind.CREDIT,
            )


def _misquoted(
    occurrences: Iterable[Occurrence], citations: Iterable[Citation], edges: Sequence[Edge]
) -> Iterator[FailingCitation]:
    """Citations that lead to what gives another number for the claim's, or none."""
    by_id = {occurrence.id: occurrence for occurrence in occurrences}
    for citation in citations:
        for edge in edges:
            if (edge.derived, edge.relation, edge.evidence) == (
                citation.by,
                Relation.CITES,
                citation.evidence,
            ):
                failure = _number_of(by_id[edge.derived], by_id[edge.origin])
                if failure:
                    yield FailingCitation(citation, failure, edge.origin)


def _number_of(citing: Occurrence, cited: Occurrence) -> Failure | None:
    given = {pair.asked: pair.found for pair in cited.numbers}
    for pair in citing.numbers:
        if pair.asked not in given:
            return Failure.NO_NUMBER
        if compare(given[pair.asked], pair.found) not in (Agreement.AGREE, Agreement.ROUNDED):
            return Failure.OTHER_NUMBER
    return None


def _revisions(occurrences: Sequence[Occurrence]) -> Iterator[Edge]:
    """Later versions of one item."""
    latest: dict[str, str] = {}
    for occurrence in sorted(occurrences, key=lambda each: each.holding.version.label.version or 0):
        label = occurrence.holding.version.label
        item = str(label.of_item)
        if item in latest:
            yield Edge(str(label), latest[item], Relation.REVISES)
        latest[item] = str(label)
