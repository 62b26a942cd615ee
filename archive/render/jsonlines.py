"""The same answers as JSON lines, for programs: one object a line, and the parts that many answers have in common.

Keys are documented in docs/reference/json.md.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from archive.model import Basis, Precision, Property
from archive.render.page import put

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from archive.indexing import Lag
    from archive.model import Attribution, Evidence, Span, Statement
    from archive.record import Holding

Object = dict[str, Any]


def write(objects: Iterable[Object]) -> None:
    """Each object on a line of its own; everything outside ASCII is escaped, so nothing can be displayed."""
    for each in objects:
        put(sys.stdout, json.dumps(each) + "\n")


def instant(at: datetime | None) -> str | None:
    """A time of ours in ISO 8601, UTC."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if at else None


def span(stretch: Span) -> list[int]:
    """Start and end, in characters."""
    return [stretch.start, stretch.end]


def evidence(shown: Evidence | None) -> Object | None:
    """The quoted words, and where they stand."""
    if shown is None:
        return None
    return {"quote": shown.quote, "span": span(shown.span) if shown.span else None, "place": shown.place}


def statement(said: Statement) -> Object:
    """A statement with its basis, method and evidence."""
    moment = said.moment
    return {
        "value": said.value,
        "basis": said.basis,
        "method": str(said.method),
        "evidence": evidence(said.evidence),
        "said_by": said.said_by,
        "precision": moment.precision if moment else None,
        "original": moment.original if moment else None,
        "zone": moment.zone if moment else None,
    }


def dates(held: Holding) -> Object:
    """The four dates of a version, each with its basis; where several are said, the weightiest."""
    said = {
        about.value: held.first(about)
        for about in (Property.RETRIEVED, Property.PUBLISHED, Property.MODIFIED)
    }
    recorded = instant(held.version.recorded)
    return {name: statement(each) if each else None for name, each in said.items()} | {
        "recorded": {
            "value": recorded,
            "basis": Basis.OBSERVED,
            "method": "clock/1",
            "evidence": None,
            "said_by": None,
            "precision": Precision.SECOND,
            "original": recorded,
            "zone": "+00:00",
        }
    }


def attribution(made: Attribution) -> Object:
    """An attribution: source, cue and content as lists of spans, and what the source was resolved to."""
    return {
        "source": [span(each) for each in made.source],
        "cue": [span(each) for each in made.cue],
        "content": [span(each) for each in made.content],
        "kind": made.kind,
        "resolved": {"kind": made.resolved.kind, "name": made.resolved.name, "outlet": made.resolved.outlet},
        "within": made.within,
        "method": str(made.method),
    }


def lag(found: Lag) -> Object:
    """How far the index is behind."""
    return {"state": found.state, "not_indexed": found.behind}
