"""The trail of a claim: groups of the same text, independent origins, circles and citations that fail."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.lineage.circles import Circle, circles
from archive.lineage.citing import FailingCitation, follow
from archive.lineage.graph import Citation, Edge, Node, by_date, same_text
from archive.lineage.origins import Group, Origin, joined, network_of, organisations

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


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
    network = network_of(groups, every, failing, group_of)
    named = organisations(citations, group_of, {edge.derived for edge in cited})
    ends = joined(network.ends(), groups, named)
    origins = tuple(network.origin(end, groups, named) for end in ends)
    leads = {node: network.reached(root, ends) for node, root in group_of.items()}
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
