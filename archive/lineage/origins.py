"""Origins: where the groups of a claim lead to, and which ends of it are one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.lineage.citing import LEADING_NOWHERE, FailingCitation
from archive.lineage.graph import Citation, Edge, Node, Unions, by_date, components
from archive.model import SourceKind

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
    """Where a claim can be followed no further: a group, a named source not held, or a closed circle.

    Several groups are one origin where they are of one outlet or agency, or name the same organisation, of which
    nothing held says it: such texts do not bear each other out. `name` is a source that is named and not held.
    """

    groups: tuple[Group, ...]
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Network:
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
        return Origin(tuple(sorted(held, key=lambda group: by_date(group.earliest))), name or None)

    def ends(self) -> list[tuple[str, ...]]:
        """The ends of the trail: components of the network from which nothing leads on."""
        return [
            component
            for component in components(self.successors)
            if all(target in component for member in component for target in self.successors[member])
        ]

    def reached(self, start: str, ends: Sequence[tuple[str, ...]]) -> tuple[int, ...]:
        """The places of the ends that a group leads to."""
        met, waiting = {start}, [start]
        while waiting:
            fresh = self.successors[waiting.pop()] - met
            met |= fresh
            waiting += fresh
        return tuple(at for at, end in enumerate(ends) if not met.isdisjoint(end))


def network_of(
    groups: Mapping[str, Group],
    edges: Iterable[Edge],
    failing: Iterable[FailingCitation],
    group_of: Mapping[str, str],
) -> Network:
    """The network of groups that these edges make, with the sources that lead to nothing held."""
    network = Network({root: set() for root in groups}, {})
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


def organisations(
    citations: Iterable[Citation], group_of: Mapping[str, str], led: set[str]
) -> dict[str, dict[str, str]]:
    """For each group the organisations that it names, by key: of those whose citations lead to nothing held."""
    named: dict[str, dict[str, str]] = defaultdict(dict)
    for citation in citations:
        if citation.kind is SourceKind.ORGANISATION and citation.by not in led:
            named[group_of[citation.by]][citation.outlet or citation.name] = citation.name
    return named


def joined(
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
