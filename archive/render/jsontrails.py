"""Trails, watch lists and comparisons as JSON lines; keys documented in docs/reference/json.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.model import Property
from archive.render.findings import conflicts_of, finding_json
from archive.render.jsonholdings import holding
from archive.render.jsonlines import Object, attribution, dates, evidence, instant, span, statement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archive.compare import Comparison, Step
    from archive.compare.changes import Change, Changes, Source
    from archive.lineage.graph import Edge
    from archive.record import Holding, Sketch
    from archive.trace import Traced
    from archive.trace.finding import Match
    from archive.trace.occurrence import Occurrence
    from archive.trace.values import Values
    from archive.trace.watch import Followed, Unread


def _said(held: Holding | Sketch) -> Object:
    """What is said of a version, each null where nobody says it."""
    first = {
        name: held.first(about)
        for name, about in (
            ("title", Property.TITLE),
            ("outlet", Property.OUTLET),
            ("published", Property.PUBLISHED),
            ("retrieved", Property.RETRIEVED),
            ("external_id", Property.EXTERNAL_ID),
        )
    }
    return {name: said.value if said else None for name, said in first.items()}


def occurrence(one: Occurrence) -> Object:
    """One passage that states the claim."""
    held = one.holding
    return {
        "type": "occurrence",
        "id": str(held.version.label.at_passage(one.passage.number)),
        "version": one.id,
        "kind": one.kind,
        "score": round(one.closeness.score, 4),
        "parts": {name: round(part, 4) for name, part in one.closeness.parts.items()},
        "text": one.passage.span.of(held.text),
        "span": span(one.passage.span),
        "matches": [span(each) for each in one.closeness.spans],
        **_said(held),
        "dates": dates(held),
        "conflicts": [finding_json(each) for each in conflicts_of(held)],
        "numbers": [
            {"asked": f"{n.asked.value:f}", "found": f"{n.found.value:f}", "agreement": n.agreement}
            for n in one.numbers
        ],
        "words": [{"asked": asked, "found": found} for asked, found in one.words],
        "denied": [span(each) for each in one.denied],
        "also": [str(held.version.label.at_passage(each.number)) for each in one.also],
        "attributed_to": [
            attribution(each.attribution)
            | {"where": each.where, "quote": each.quote, "held_from_source": each.held}
            for each in one.attributed
        ],
        "attributions_read": one.unread is None,
    }


def traced(found: Traced) -> Iterable[Object]:
    """An object an occurrence, then one with the trail."""
    yield from (occurrence(each) for each in found.occurrences)
    trail = found.trail
    yield {
        "type": "trail",
        "claim": found.claim,
        "asked_from": str(found.asked_from) if found.asked_from else None,
        "occurrences": len(found.occurrences),
        "beyond": found.beyond,
        "outlets": list(trail.outlets),
        "origins": [
            {
                "name": origin.name,
                "versions": [node.id for group in origin.groups for node in group.members],
                "agencies": [agency for group in origin.groups for agency in group.agencies],
                "by_retrieval": any(group.by_retrieval for group in origin.groups),
                "only_denied": found.only_denied(at),
            }
            for at, origin in enumerate(trail.origins)
        ],
        "leads": {node: list(places) for node, places in trail.leads.items()},
        "edges": [_edge(edge) for edge in trail.edges],
        "circles": [list(circle.nodes) for circle in trail.circles],
        "failing": [
            {"by": f.citation.by, "source": f.citation.name, "failure": f.failure, "nearest": f.nearest}
            for f in trail.failing
        ],
        "values": [_values(each) for each in found.values],
    }


def _edge(edge: Edge) -> Object:
    return {
        "derived": edge.derived,
        "origin": edge.origin,
        "relation": edge.relation,
        "same_text": edge.symmetric,
        "order_known": edge.order_known,
        "evidence": [evidence(each) for each in edge.evidence],
    }


def _values(each: Values) -> Object:
    return {
        "written": each.written,
        "stages": [
            {
                "value": f"{stage.number.value:f}",
                "written": stage.stated[0].written,
                "change": "again" if stage.again else stage.change,
                "versions": [stated.node for stated in stage.stated],
                "from": instant(stage.stated[0].moment.at),
            }
            for stage in each.stages
        ],
    }


def followed(each: Followed) -> Iterable[Object]:
    """An object a version that was found for a row, closest first."""
    for rank, match in enumerate(each.found, 1):
        yield {
            "type": "watched",
            "watch": each.row.id,
            "rank": rank,
            "score": round(match.ranked.score, 6),
            **_match(match),
        }


def _match(match: Match) -> Object:
    sketch = match.sketch
    return {
        "id": str(match.label),
        "version": str(sketch.label),
        "item": str(sketch.label.of_item),
        **_said(sketch),
        "external_ids": [said.value for said in sketch.about(Property.EXTERNAL_ID)],
        "recorded": instant(sketch.recorded),
        "kind": match.closeness.kind,
        "closeness": round(match.closeness.score, 4),
        "text": match.text,
    }


def unread(each: Unread) -> Object:
    """A row that could not be followed."""
    return {"type": "unread", "line": each.line, "reason": each.reason}


def comparison(found: Comparison) -> Iterable[Object]:
    """What differs between two versions, in one object."""
    yield {
        "type": "comparison",
        "before": str(found.before.version.label),
        "after": str(found.after.version.label),
        **changes(found.changes),
    }


def step(one: Step) -> Object:
    """A version and what it changed."""
    return holding(one.holding, text=False) | changes(one.changes)


def changes(found: Changes) -> Object:
    """What differs, sentence by sentence, and in what is said."""
    return {
        "said": [
            {
                "about": each.about,
                "before": statement(each.before) if each.before else None,
                "after": statement(each.after) if each.after else None,
            }
            for each in found.said
        ],
        "changes": [_change(change) for change in found.sentences],
    }


def _change(change: Change) -> Object:
    return {
        "kind": change.kind,
        "before": change.before,
        "after": change.after,
        "trivial": change.trivial,
        "words": [{"before": words.before, "after": words.after} for words in change.words],
        "numbers": [
            {
                "before": f"{pair.earlier.value:f}",
                "after": f"{pair.later.value:f}",
                "agreement": pair.agreement,
            }
            for pair in change.numbers
        ],
        "attribution": change.source,
        "sources_before": [_source(each) for each in change.sources_before],
        "sources_after": [_source(each) for each in change.sources_after],
    }


def _source(each: Source) -> Object:
    return {"name": each.name, "kind": each.kind, "words": each.words}
