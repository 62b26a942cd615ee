"""The trail of a claim: groups of the same text, independent origins, circles and citations that fail."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.lineage.circles import Circle, circles
from archive.lineage.citing import FailingCitation, Failure, follow
from archive.lineage.graph import Citation, Edge, Node, by_date, components, same_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


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
    """Where a claim can be followed no further: a group, a named source not held, or a closed circle."""

    groups: tuple[Group, ...]
    name: str | None = None


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
    cited, failing = follow(nodes, citations, known)
    every = (*_without_contradiction(edges, cited), *cited)
    group_of = same_text(nodes, every)
    groups = _groups(nodes, group_of, citations)
    network = _network(groups, every, failing, group_of)
    ends = _ends(network.successors)
    origins = tuple(network.origin(end, groups) for end in ends)
    leads = {node: _reached(root, network.successors, ends) for node, root in group_of.items()}
    ordered = tuple(sorted(groups.values(), key=lambda group: by_date(group.earliest)))
    closed = tuple(circles(nodes, every, group_of))
    return Trail(ordered, origins, every, closed, tuple(failing), leads)


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
            tuple(sorted(some, key=by_date)),
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

    def origin(self, end: tuple[str, ...], groups: Mapping[str, Group]) -> Origin:
        held = tuple(groups[member] for member in end if member in groups)
        return Origin(held, self.names.get(end[0]))


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
        if fail.failure is not Failure.DATED_LATER:
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
