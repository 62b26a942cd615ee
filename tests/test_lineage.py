"""The trail says who has it from whom, and no more than the archive can show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from archive.lineage.citing import Failure
from archive.lineage.graph import Citation, Edge, Node, Relation
from archive.lineage.trail import trail
from archive.model import Moment, Precision, SourceKind

START = datetime(2024, 7, 10, tzinfo=UTC)


def day(number: int) -> Moment:
    at = START + timedelta(days=number)
    return Moment(at, Precision.DAY, at.date().isoformat())


def node(name: str, published: int | None = 0, retrieved: int = 99, item: str | None = None) -> Node:
    moment = None if published is None else day(published)
    return Node(name, item or name, name, moment, day(retrieved))


def cites(by: str, source: str, kind: SourceKind = SourceKind.OUTLET, agency: bool = False) -> Citation:
    return Citation(by, source, kind, source, agency=agency)


def same(derived: str, origin: str) -> Edge:
    return Edge(derived, origin, Relation.COPIES, symmetric=True)


def test_reprints_are_one_origin() -> None:
    found = trail([node("b", 1), node("a", 0), node("c", 2)], [same("b", "a"), same("c", "a")])
    assert [group.earliest.id for group in found.groups] == ["a"]
    assert found.groups[0].outlets == ("a", "b", "c")
    assert len(found.origins) == 1


def test_a_text_that_contains_another_does_not_join_it() -> None:
    edges = [Edge("b", "a", Relation.COPIES), Edge("b", "c", Relation.COPIES)]
    found = trail([node("a"), node("b", 1), node("c")], edges)
    assert len(found.groups) == 3
    assert {origin.groups[0].earliest.id for origin in found.origins} == {"a", "c"}


def test_an_agency_credit_spreads_inside_its_group() -> None:
    nodes = [node("a", 0), node("b", 1), node("c", 2), node("d", 3)]
    found = trail(nodes, [same("b", "a"), same("c", "d")], [cites("b", "AP", agency=True), cites("d", "AP")])
    assert found.groups[0].agencies == ("AP",)
    assert [(origin.name, origin.groups) for origin in found.origins] == [("AP", ())]


def test_a_source_not_held_is_an_origin_and_a_failing_citation() -> None:
    found = trail([node("a")], [], [cites("a", "Greek City Times")])
    assert [origin.name for origin in found.origins] == ["Greek City Times"]
    assert [failing.failure for failing in found.failing] == [Failure.NOT_HELD]


def test_a_source_held_that_does_not_say_it_is_told_apart() -> None:
    found = trail([node("a")], [], [cites("a", "gct")], held_outlets=["gct"])
    assert [failing.failure for failing in found.failing] == [Failure.DOES_NOT_SAY_IT]


def test_a_source_dated_later_is_told() -> None:
    found = trail([node("a", 0), node("b", 3)], [], [cites("a", "b")])
    assert [(f.failure, f.nearest) for f in found.failing] == [(Failure.DATED_LATER, "b")]


def test_a_date_is_not_later_than_a_time_of_the_same_day() -> None:
    at = START + timedelta(hours=9)
    morning = Node("a", "a", "a", Moment(at, Precision.SECOND, "9:00"))
    assert trail([morning, node("b", 0)], [], [cites("a", "b")]).failing == ()


def test_a_person_or_unnamed_official_is_no_failing_citation() -> None:
    citations = [cites("a", "officials", SourceKind.ANONYMOUS), cites("a", "Xi Jinping", SourceKind.PERSON)]
    found = trail([node("a")], [], citations)
    assert found.failing == ()
    assert [origin.groups[0].earliest.id for origin in found.origins] == ["a"]


def test_two_that_cite_each_other_are_a_circle() -> None:
    found = trail([node("a"), node("b")], [], [cites("a", "b"), cites("b", "a")])
    assert [circle.nodes for circle in found.circles] == [("a", "b")]
    assert len(found.origins) == 1


def test_a_copy_that_cites_its_own_origin_through_a_third_is_a_circle() -> None:
    nodes = [node("a", 0), node("copy", 2), node("third", 1)]
    found = trail(nodes, [same("copy", "a")], [cites("copy", "third"), cites("third", "a")])
    assert [circle.nodes for circle in found.circles] == [("a", "copy", "third")]


def test_a_copy_that_names_its_origin_is_no_circle() -> None:
    found = trail([node("a", 0), node("copy", 2)], [same("copy", "a")], [cites("copy", "a")])
    assert found.circles == ()


def test_a_later_version_that_confirms_itself_by_its_own_copy_is_a_circle() -> None:
    nodes = [node("a1", 0, item="a"), node("a2", 2, item="a"), node("b", 1)]
    nodes = [Node(n.id, n.item, n.item, n.published, n.retrieved) for n in nodes]
    found = trail(nodes, [Edge("a2", "a1", Relation.REVISES)], [cites("b", "a"), cites("a2", "b")])
    assert [circle.nodes for circle in found.circles] == [("a1", "a2", "b")]


def test_a_direction_taken_from_dates_yields_to_the_text() -> None:
    by_date = Edge("b", "a", Relation.COPIES)
    found = trail([node("a", 0), node("b", 1)], [by_date], [cites("a", "b")])
    assert found.circles == ()
    assert [f.failure for f in found.failing] == [Failure.DATED_LATER]


def test_order_of_retrieval_alone_is_a_warning() -> None:
    found = trail([node("a", None, 1), node("b", None, 2)], [same("b", "a")])
    assert found.groups[0].earliest.id == "a"
    assert found.groups[0].by_retrieval


NAMES = "abcdef"
names = st.sampled_from(NAMES)
relations = st.sampled_from(list(Relation))
drawn_edges = st.lists(
    st.builds(Edge, names, names, relations, symmetric=st.booleans(), order_known=st.booleans()), max_size=12
)
named = st.sampled_from([*NAMES, "elsewhere"])
drawn_citations = st.lists(st.builds(Citation, names, named, st.sampled_from(list(SourceKind))), max_size=8)


@given(st.lists(st.none() | st.integers(0, 9), min_size=6, max_size=6), drawn_edges, drawn_citations)
def test_any_network_has_an_answer(
    days: list[int | None], edges: list[Edge], citations: list[Citation]
) -> None:
    nodes = [node(name, published) for name, published in zip(NAMES, days, strict=True)]
    found = trail(nodes, edges, citations)
    assert sorted(member.id for group in found.groups for member in group.members) == list(NAMES)
    assert 1 <= len(found.origins) <= len(found.groups) + 1
    assert all(set(circle.nodes) <= set(NAMES) and len(circle.nodes) > 1 for circle in found.circles)
    assert trail(list(reversed(nodes)), reversed(edges), citations).groups == found.groups


def test_the_agency_credits_of_a_group_are_one_origin() -> None:
    nodes = [node(f"paper{n}", n) for n in range(11)]
    edges = [same(f"paper{n}", "paper0") for n in range(1, 11)]
    found = trail(nodes, edges, [cites(f"paper{n}", "AP", agency=True) for n in (2, 5, 7)])
    assert len(found.outlets) == 11
    assert [origin.name for origin in found.origins] == ["AP"]
