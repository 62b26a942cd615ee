"""The trail of a claim as a graph in DOT, the language of Graphviz: who has it from whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.lineage.citing import LEADING_NOWHERE
from archive.lineage.graph import Relation
from archive.render.shown import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.lineage.graph import Edge, Node
    from archive.trace import Traced

STYLES = {
    Relation.CITES: "solid",
    Relation.COPIES: "bold",
    Relation.QUOTES: "dashed",
    Relation.REVISES: "dotted",
}
"""How an edge of each relation is drawn."""


def graph(found: Traced) -> str:
    """The whole graph; an arrow leads from a version to the one that it has the claim from."""
    return "\n".join(["digraph trail {", *_head(found), *_nodes(found), *_edges(found), "}", ""])


def _head(found: Traced) -> Iterator[str]:
    yield f"  label={quoted(f'Claim: {found.claim}')};"
    yield '  labelloc="t"; rankdir="RL"; charset="UTF-8";'
    yield '  node [shape="box", fontname="sans-serif"]; edge [fontname="sans-serif", fontsize="10"];'


def _nodes(found: Traced) -> Iterator[str]:
    for number, group in enumerate(found.trail.groups):
        several = len(group.members) > 1
        if several:
            yield f'  subgraph "cluster_{number}" {{ label="one text or item";'
        for node in group.members:
            yield f"  {quoted(node.id)} [label={quoted(_label(node, found.names.get(node.id, '')))}];"
        if several:
            yield "  }"
    for name in sorted({f.citation.name for f in found.trail.failing if f.failure in LEADING_NOWHERE}):
        yield f'  {quoted(f"named {name}")} [label={quoted(name)}, style="dashed"];'


def _label(node: Node, outlet: str) -> str:
    date = f"published {node.published} as claimed" if node.published else "no date of publication"
    return "\n".join(part for part in (outlet, node.id, date) if part)


def _edges(found: Traced) -> Iterator[str]:
    closing = {edge for circle in found.trail.circles for edge in circle.edges}
    for edge in found.trail.edges:
        yield _edge(edge, circular=edge in closing)
    for fail in found.trail.failing:
        if fail.failure in LEADING_NOWHERE:
            ends = f"{quoted(fail.citation.by)} -> {quoted(f'named {fail.citation.name}')}"
            yield f'  {ends} [label={quoted(fail.failure)}, style="dashed"];'


def _edge(edge: Edge, *, circular: bool) -> str:
    words = [edge.relation.value, *(["circular"] if circular else [])]
    if not edge.order_known:
        words.append("order of retrieval only")
    told = "\n".join(shown.quote for shown in edge.evidence)
    more = ', dir="both"' if edge.symmetric else ""
    more += ', color="red"' if circular else ""
    tip = f", tooltip={quoted(told)}" if told else ""
    attributes = f"label={quoted(', '.join(words))}, style={quoted(STYLES[edge.relation])}{tip}{more}"
    return f"  {quoted(edge.derived)} -> {quoted(edge.origin)} [{attributes}];"


def quoted(text: str) -> str:
    r"""A quoted string of DOT, in which only `\n` is an escape: archived text cannot end it or format itself."""
    lines = [shown(line).replace("\\", "\\\\").replace('"', '\\"') for line in text.split("\n")]
    return '"' + "\\n".join(lines) + '"'
