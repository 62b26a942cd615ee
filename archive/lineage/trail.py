"""The trail of a claim: groups of the same text, independent origins, circles and citations that fail."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from archive.label import counted
from archive.lineage.graph import Citation, Edge, Node, Relation, Unions, components, same_text
from archive.model import Precision, SourceKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

PUBLISHED_SOURCES = frozenset({SourceKind.OUTLET, SourceKind.DOCUMENT})
"""Kinds of source that an archive could hold; a person or an unnamed official is none."""


@dataclass(frozen=True, slots=True)
class Group:
    """Versions that are one text or one item: the members in order of date, and the agencies they credit.

    The first member is the *earliest held*, never more than that. `by_retrieval` warns that some member has
    no date of its own, so that nothing but the order of retrieval is known.
    """

    members: tuple[Node, ...]
    agencies: tuple[str, ...]
    by_retrieval: bool

    @property
    def earliest(self) -> Node:
        """The member dated earliest among those held."""
        return self.members[0]

    @property
    def outlets(self) -> tuple[str, ...]:
        """The outlets that have it, in the order of their earliest member."""
        return tuple(dict.fromkeys(node.outlet for node in self.members if node.outlet))


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a claim can be followed no further: a group, a named source not held, or a closed circle.

    Several groups are one origin where they are of one outlet or agency, or name the same organisation, of which
    nothing held says it: such texts do not bear each other out. `name` is a source that is named and not held.
    """

    groups: tuple[Group, ...]
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Circle:
    """Occurrences that lead back to themselves, with the edges that close the circle."""

    nodes: tuple[str, ...]
    edges: tuple[Edge, ...]


class Failure(StrEnum):
    """In what way a citation cannot be confirmed from what is held."""

    NOT_HELD = "source not held"
    DOES_NOT_SAY_IT = "source held, but does not say it as archived"
    DATED_LATER = "source dated later than the citation"
    OTHER_NUMBER = "source held, but with another number"
    NO_NUMBER = "source held, but without the number"


LEADING_NOWHERE = frozenset({Failure.NOT_HELD, Failure.DOES_NOT_SAY_IT})
"""Failures of citations that lead to nothing held; the others lead to a text that does not bear them out."""


@dataclass(frozen=True, slots=True)
class FailingCitation:
    """A citation that cannot be confirmed, and the held node that comes nearest."""

    citation: Citation
    failure: Failure
    nearest: str | None = None


@dataclass(frozen=True, slots=True)
class Trail:
    """The answer to where a claim comes from, as far as the archive can show.

    `leads` names for each node the places in `origins`, from 0, that it can be followed to.
    """

    groups: tuple[Group, ...]
    origins: tuple[Origin, ...]
    edges: tuple[Edge, ...]
    circles: tuple[Circle, ...]
    failing: tuple[FailingCitation, ...]
    leads: Mapping[str, tuple[int, ...]]

    @property
    def outlets(self) -> tuple[str, ...]:
        """The outlets that state the claim, earliest first."""
        return tuple(dict.fromkeys(outlet for group in self.groups for outlet in group.outlets))


def trail(
    nodes: Sequence[Node],
    edges: Iterable[Edge] = (),
    citations: Sequence[Citation] = (),
    held_outlets: Iterable[str] = (),
) -> Trail:
    """Follow a claim from its occurrences to its origins.

    `edges` are derivations that the text shows (copies, quotes, revises); `citations` what the occurrences
    name as their source. `held_outlets` are the outlets of which anything is held, whether or not it states
    the claim.
    """
    known = set(held_outlets) | {node.outlet for node in nodes if node.outlet}
    cited, failing = _follow(nodes, citations, known)
    every = (*_without_contradiction(edges, cited), *cited)
    group_of = same_text(nodes, every)
    groups = _groups(nodes, group_of, citations)
    network = _network(groups, every, failing, group_of)
    named = _organisations(citations, group_of, {edge.derived for edge in cited})
    ends = _joined(_ends(network.successors), groups, named)
    origins = tuple(network.origin(end, groups, named) for end in ends)
    leads = {node: _reached(root, network.successors, ends) for node, root in group_of.items()}
    ordered = tuple(sorted(groups.values(), key=lambda group: _when(group.earliest)))
    circles = tuple(_circles(nodes, every, group_of))
    return Trail(ordered, origins, every, circles, tuple(failing), leads)


def _when(node: Node) -> tuple[bool, float, tuple[tuple[int, str], ...]]:
    return (node.dated is None, node.dated.timestamp() if node.dated else 0.0, counted(node.id))


def _follow(
    nodes: Sequence[Node], citations: Iterable[Citation], known: set[str]
) -> tuple[list[Edge], list[FailingCitation]]:
    """Lead each citation to the occurrence it can mean, and tell which lead nowhere."""
    by_id = {node.id: node for node in nodes}
    of_outlet: dict[str, list[Node]] = defaultdict(list)
    for node in sorted(nodes, key=_when):
        if node.outlet:
            of_outlet[node.outlet].append(node)
    found: list[Edge] = []
    failing: list[FailingCitation] = []
    for citation in citations:
        citing = by_id[citation.by]
        meant = [node for node in of_outlet[citation.outlet or citation.name] if node.item != citing.item]
        if meant:
            chosen, later = _meant(citing, meant)
            found.append(Edge(citing.id, chosen.id, Relation.CITES, citation.evidence))
            if later:
                failing.append(FailingCitation(citation, Failure.DATED_LATER, chosen.id))
        elif _could_be_held(citation, citing, known):
            held = (citation.outlet or citation.name) in known
            failing.append(FailingCitation(citation, Failure.DOES_NOT_SAY_IT if held else Failure.NOT_HELD))
    return found, failing


def _could_be_held(citation: Citation, citing: Node, known: set[str]) -> bool:
    """Whether a source publishes: an outlet, a document, an organisation of which something is held; not itself."""
    name = citation.outlet or citation.name
    publishes = citation.kind is SourceKind.ORGANISATION and name in known
    return (citation.kind in PUBLISHED_SOURCES or publishes) and name != citing.outlet


def _meant(citing: Node, candidates: Sequence[Node]) -> tuple[Node, bool]:
    """The last candidate that is not later than the citation, else the first; and whether it is later."""
    before = [node for node in candidates if not _later(node, citing)]
    return (before[-1], False) if before else (candidates[0], True)


def _later(one: Node, other: Node) -> bool:
    """Whether one is surely dated later: dates given to the day alone are compared by their day."""
    if one.published is None or other.published is None:
        return False
    a, b = one.published, other.published
    if Precision.SECOND is a.precision is b.precision or Precision.MINUTE in (a.precision, b.precision):
        return a.at > b.at
    return _day(a.at) > _day(b.at)


def _day(at: datetime) -> tuple[int, int, int]:
    return at.year, at.month, at.day


def _without_contradiction(edges: Iterable[Edge], cited: Iterable[Edge]) -> list[Edge]:
    """Leave out derivations inferred from dates alone where the texts name the opposite direction."""
    named = {(edge.derived, edge.origin) for edge in cited}
    return [edge for edge in edges if edge.symmetric or (edge.origin, edge.derived) not in named]


def _groups(
    nodes: Iterable[Node], group_of: Mapping[str, str], citations: Iterable[Citation]
) -> dict[str, Group]:
    members: dict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        members[group_of[node.id]].append(node)
    agencies: dict[str, list[str]] = defaultdict(list)
    for citation in citations:
        if citation.agency:
            agencies[group_of[citation.by]].append(citation.outlet or citation.name)
    return {
        root: Group(
            tuple(sorted(some, key=_when)),
            tuple(dict.fromkeys(agencies[root])),
            any(node.published is None for node in some),
        )
        for root, some in members.items()
    }


@dataclass(frozen=True, slots=True)
class _Network:
    """Groups, and sources that are named but not held, with what each leads to."""

    successors: dict[str, set[str]]
    names: dict[str, str]

    def origin(
        self, end: tuple[str, ...], groups: Mapping[str, Group], named: Mapping[str, Mapping[str, str]]
    ) -> Origin:
        """What an end of the trail is, its groups in order of date."""
        held = [groups[member] for member in end if member in groups]
        names = dict(pair for member in end for pair in named.get(member, {}).items())
        known = [self.names[member] for member in end if member in self.names]
        name = " and ".join(known or names.values())
        return Origin(tuple(sorted(held, key=lambda group: _when(group.earliest))), name or None)


def _network(
    groups: Mapping[str, Group],
    edges: Iterable[Edge],
    failing: Iterable[FailingCitation],
    group_of: Mapping[str, str],
) -> _Network:
    network = _Network({root: set() for root in groups}, {})
    for edge in edges:
        if group_of[edge.derived] != group_of[edge.origin]:
            network.successors[group_of[edge.derived]].add(group_of[edge.origin])
    for fail in failing:
        if fail.failure in LEADING_NOWHERE:
            source = f"named {fail.citation.outlet or fail.citation.name}"
            network.names[source] = fail.citation.name
            network.successors.setdefault(source, set())
            network.successors[group_of[fail.citation.by]].add(source)
    return network


def _ends(successors: Mapping[str, set[str]]) -> list[tuple[str, ...]]:
    """The ends of the trail: components of the network of groups from which nothing leads on."""
    return [
        component
        for component in components(successors)
        if all(target in component for member in component for target in successors[member])
    ]


def _organisations(
    citations: Iterable[Citation], group_of: Mapping[str, str], led: set[str]
) -> dict[str, dict[str, str]]:
    """For each group the organisations that it names, by key: of those whose citations lead to nothing held."""
    named: dict[str, dict[str, str]] = defaultdict(dict)
    for citation in citations:
        if citation.kind is SourceKind.ORGANISATION and citation.by not in led:
            named[group_of[citation.by]][citation.outlet or citation.name] = citation.name
    return named


def _joined(
    ends: Sequence[tuple[str, ...]],
    groups: Mapping[str, Group],
    named: Mapping[str, Mapping[str, str]],
) -> list[tuple[str, ...]]:
    """The ends, those as one that go back to the same outlet, agency or named organisation; circles by themselves."""
    unions = Unions(end[0] for end in ends)
    first: dict[str, str] = {}
    for end in ends:
        if len(end) == 1 and end[0] in groups:
            group = groups[end[0]]
            own = group.agencies or (() if group.earliest.outlet is None else (group.earliest.outlet,))
            for key in (*own, *named.get(end[0], ())):
                unions.join(first.setdefault(key, end[0]), end[0])
    together: dict[str, tuple[str, ...]] = {}
    for end in ends:
        root = unions.root(end[0])
        together[root] = (*together.get(root, ()), *end)
    return list(together.values())


def _reached(
    start: str, successors: Mapping[str, set[str]], ends: Sequence[tuple[str, ...]]
) -> tuple[int, ...]:
    """The places of the ends that a group leads to."""
    met, waiting = {start}, [start]
    while waiting:
        fresh = successors[waiting.pop()] - met
        met |= fresh
        waiting += fresh
    return tuple(at for at, end in enumerate(ends) if not met.isdisjoint(end))


def _circles(nodes: Iterable[Node], edges: Sequence[Edge], group_of: Mapping[str, str]) -> list[Circle]:
    """Circles among groups, and circles of citations inside one group of the same text."""
    item_of = {node.id: node.item for node in nodes}
    sure = [edge for edge in edges if edge.relation is not Relation.REVISES and edge.order_known]
    found = _closed(sure, group_of, nodes=group_of)
    inside = [
        edge
        for edge in sure
        if edge.relation is Relation.CITES and group_of[edge.derived] == group_of[edge.origin]
    ]
    return found + _closed(inside, item_of, nodes=group_of)


def _closed(edges: Sequence[Edge], unit_of: Mapping[str, str], nodes: Iterable[str]) -> list[Circle]:
    successors: dict[str, set[str]] = defaultdict(set)
    for edge in edges:
        if unit_of[edge.derived] != unit_of[edge.origin]:
            successors[unit_of[edge.derived]].add(unit_of[edge.origin])
    circles = []
    for component in components(successors):
        if len(component) > 1:
            within = {node for node in nodes if unit_of[node] in component}
            closing = tuple(edge for edge in edges if {edge.derived, edge.origin} <= within)
            # Copies alone close no circle: a reprint of a reprint leads back into the group it came from.
            if any(edge.relation is Relation.CITES for edge in closing):
                touched = {end for edge in closing for end in (edge.derived, edge.origin)}
                circles.append(Circle(tuple(sorted(touched)), closing))
    return circles
