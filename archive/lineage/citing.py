"""Leading each citation to the occurrence that it can mean, and telling which cannot be confirmed, and why."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from archive.lineage.graph import Citation, Edge, Node, Relation, by_date
from archive.model import Precision, SourceKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

PUBLISHED_SOURCES = frozenset({SourceKind.OUTLET, SourceKind.DOCUMENT})
"""Kinds of source that an archive could hold; a person or an unnamed official is none."""


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


def follow(
    nodes: Sequence[Node], citations: Iterable[Citation], known: set[str]
) -> tuple[list[Edge], list[FailingCitation]]:
    """Lead each citation to the occurrence it can mean, and tell which lead nowhere."""
    by_id = {node.id: node for node in nodes}
    of_outlet: dict[str, list[Node]] = defaultdict(list)
    for node in sorted(nodes, key=by_date):
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
