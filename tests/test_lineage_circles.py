"""Circles are found where they were made, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.lineage.graph import components
from tests.quality.circular import Network, acyclic, constructed

CONSTRUCTED = constructed()


def test_there_are_enough_constructed_networks() -> None:
    assert len(CONSTRUCTED) >= 30


@pytest.mark.parametrize("network", CONSTRUCTED, ids=[network.name for network in CONSTRUCTED])
def test_a_constructed_circle_is_found(network: Network) -> None:
    assert {circle.nodes for circle in network.trail().circles} == network.circles


@pytest.mark.parametrize("seed", range(300))
def test_no_circle_is_found_where_there_is_none(seed: int) -> None:
    network = acyclic(seed)
    found = network.trail()
    assert found.circles == ()
    assert 1 <= len(found.origins) <= len(found.groups)


graphs = st.dictionaries(st.sampled_from("abcdefgh"), st.sets(st.sampled_from("abcdefgh")), max_size=8)


@given(graphs)
def test_components_are_the_sets_that_reach_each_other(graph: dict[str, set[str]]) -> None:
    def reached(start: str) -> set[str]:
        found, frontier = set(), {start}
        while frontier:
            found |= frontier
            frontier = {after for node in frontier for after in graph.get(node, set())} - found
        return found

    ends = {node: reached(node) for node in {*graph, *(after for some in graph.values() for after in some)}}
    mutual = {tuple(sorted(other for other in ends[node] if node in ends[other])) for node in ends}
    assert set(components(graph)) == mutual
