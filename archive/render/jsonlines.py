"""The same answers as JSON lines, for programs: one object a line, keys documented in docs/reference/json.md."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from archive.ingest.taking import RefusedCopy
from archive.render.page import put

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from archive.attribution.resolve import Entry
    from archive.compare import Step
    from archive.indexing import Lag
    from archive.ingest.taking import Line, Receipt
    from archive.model import Attribution, Evidence, Span, Statement
    from archive.reading import Looked
    from archive.record import Capture, Event, Finding, Holding
    from archive.search import Answer
    from archive.settings import Settings, Value
    from archive.sources import NamedSource
    from archive.status import Status
    from archive.trace import Traced
    from archive.trace.occurrence import Occurrence
    from archive.verify import Report

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


def looked(each: Looked) -> Object:
    """A part of a file as it was read, with its attributions."""
    from archive.formats.batch import file_json

    return (
        {"type": "file"}
        | file_json(each.found)
        | {"attributions": [attribution(made) for made in each.attributions]}
    )


def attributions(held: Holding) -> Iterable[Object]:
    """An object an attribution, with its words, and what archivists said of it."""
    for number, made in enumerate(held.attributions, 1):
        words = {
            name: [s.of(held.text) for s in getattr(made, name)] for name in ("source", "cue", "content")
        }
        yield {
            "type": "attribution",
            "id": str(held.version.label),
            "number": number,
            **attribution(made),
            "words": words,
            "judged": [
                {
                    "judgement": judged.judgement,
                    "source": judged.source,
                    "note": judged.note,
                    "by": judged.by,
                    "recorded": instant(judged.recorded),
                }
                for judged in held.judged
                if judged.number == number - 1 and judged.method == made.method
            ],
        }


def named_source(each: NamedSource) -> Object:
    """A claimed source with its counts."""
    return {
        "type": "source",
        "name": each.name,
        "kind": each.kind,
        "outlet": each.outlet,
        "names": list(each.names),
        "versions": each.versions,
        "items": each.items,
        "outlets": each.outlets,
        "held": each.held,
        "proposed": each.proposed,
    }


def outlet(entry: Entry) -> Object:
    """An entry of the authority file."""
    return {
        "type": "outlet",
        "key": entry.key,
        "name": entry.name,
        "kind": entry.kind,
        "aliases": list(entry.aliases),
        "domains": list(entry.domains),
        "languages": list(entry.languages),
        "country": entry.country,
    }


def capture(one: Capture) -> Object:
    """A capture, without what is said about it."""
    return {
        "id": str(one.id),
        "accession": str(one.accession),
        "name": one.name,
        "sha256": one.object.hex,
        "size": one.size,
        "recorded": instant(one.recorded),
    }


def holding(held: Holding, *, text: bool = True) -> Object:
    """A version with all that is recorded about it; `outlet` is null where nobody names one."""
    version = held.version
    by_property: dict[str, list[Object]] = {}
    for said in held.said:
        entry = statement(said.statement) | {"capture": str(said.capture_id) if said.capture_id else None}
        by_property.setdefault(said.statement.about.value, []).append(entry)
    return {
        "type": "version",
        "id": str(version.label),
        "uuid": str(version.id),
        "item": str(version.label.of_item),
        "version": version.label.version,
        "sha256": version.object.hex,
        "text_digest": str(version.text_digest) if version.text_digest else None,
        "text_rule": version.text_rule,
        "format": version.format,
        "state": version.state,
        "reason": version.reason,
        "reader": str(version.reader),
        "recorded": instant(version.recorded),
        "outlet": _value(held, "outlet"),
        "external_id": _value(held, "external_id"),
        "statements": by_property,
        "captures": [capture(each) for each in held.captures],
        "attributions": [attribution(each) for each in held.attributions],
        "paragraphs": [span(each.span) for each in held.paragraphs],
        "passages": [span(each.span) for each in held.passages],
        "text": held.text if text else None,
    }


def _value(held: Holding, about: str) -> str | None:
    from archive.model import Property

    first = held.first(Property(about))
    return first.value if first else None


def lag(found: Lag) -> Object:
    """How far the index is behind."""
    return {"state": found.state, "not_indexed": found.behind}


def answer(found: Answer) -> Iterable[Object]:
    """An object a hit, then one with the sums."""
    for each in found.found:
        yield {
            "type": "hit",
            "id": str(each.holding.version.label),
            "score": round(each.score, 6),
            "title": _value(each.holding, "title"),
            "outlet": _value(each.holding, "outlet"),
            "published": _value(each.holding, "published"),
            "retrieved": _value(each.holding, "retrieved"),
            "external_id": _value(each.holding, "external_id"),
            "sha256": each.holding.version.object.hex,
            "snippets": [
                {
                    "span": span(cut.span),
                    "text": cut.span.of(each.holding.text),
                    "matches": [span(match) for match in cut.matches],
                }
                for cut in each.snippets
            ],
            "others": list(each.others),
        }
    yield {
        "type": "search",
        "total": found.total,
        "groups": found.groups,
        "incomplete": found.incomplete,
        "index": lag(found.lag),
        "facets": {name: {c.value: c.count for c in counts} for name, counts in found.facets.items()},
        "suggestions": [{"word": s.word, "instead": s.instead} for s in found.suggestions],
        "notes": list(found.notes),
    }


def occurrence(one: Occurrence) -> Object:
    """One passage that states the claim."""
    held = one.holding
    return {
        "type": "occurrence",
        "id": str(held.version.label.at_passage(one.passage.number)),
        "kind": one.kind,
        "score": round(one.closeness.score, 4),
        "parts": {name: round(part, 4) for name, part in one.closeness.parts.items()},
        "text": one.passage.span.of(held.text),
        "span": span(one.passage.span),
        "matches": [span(each) for each in one.closeness.spans],
        "title": _value(held, "title"),
        "outlet": _value(held, "outlet"),
        "published": _value(held, "published"),
        "retrieved": _value(held, "retrieved"),
        "external_id": _value(held, "external_id"),
        "numbers": [
            {"asked": str(p.earlier.value), "found": str(p.later.value), "agreement": p.agreement}
            for p in one.closeness.numbers
        ],
        "attributed_to": [
            attribution(each.attribution)
            | {"where": each.where, "quote": each.quote, "held_from_source": each.held}
            for each in one.attributed
        ],
    }


def traced(found: Traced) -> Iterable[Object]:
    """An object an occurrence, then one with the trail."""
    yield from (occurrence(each) for each in found.occurrences)
    yield {
        "type": "trail",
        "claim": found.claim,
        "asked_from": str(found.asked_from) if found.asked_from else None,
        "occurrences": len(found.occurrences),
        "outlets": list(found.trail.outlets),
        "origins": [
            {"name": o.name, "versions": [n.id for g in o.groups for n in g.members]}
            for o in found.trail.origins
        ],
        "circles": [list(circle.nodes) for circle in found.trail.circles],
        "failing": [
            {"by": f.citation.by, "source": f.citation.name, "failure": f.failure, "nearest": f.nearest}
            for f in found.trail.failing
        ],
    }


def step(one: Step) -> Object:
    """A version and what it changed."""
    return holding(one.holding, text=False) | {
        "changes": [{"before": change.before, "after": change.after} for change in one.changes]
    }


def receipt_line(line: Line) -> Object:
    """One line of a receipt."""
    if isinstance(line, RefusedCopy):
        return {"type": "refused", "name": line.name, "reason": line.reason}
    return {
        "type": "recorded",
        "name": line.arrival.name,
        "novelty": line.novelty,
        "id": str(line.version),
        "sha256": line.arrival.object.digest.hex,
        "size": line.arrival.object.size,
        "state": line.arrival.reading.state,
        "reason": line.arrival.reading.reason,
        "because": line.because,
    }


def receipt_end(receipt: Receipt, *, rehearsed: bool) -> Object:
    """The sums of a receipt."""
    return {
        "type": "receipt",
        "accession": receipt.label,
        "dry_run": rehearsed,
        "new_items": receipt.items,
        "new_versions": receipt.versions,
        "already_held": receipt.captures,
        "refused": receipt.refused,
    }


def finding(one: Finding) -> Object:
    """One thing a check found wrong."""
    return {
        "type": "finding",
        "code": one.code,
        "subject": one.subject,
        "expected": one.expected,
        "found": one.found,
        "detail": one.detail,
    }


def report(found: Report) -> Iterable[Object]:
    """An object a finding, then one with the sums."""
    yield from (finding(each) for each in found.findings)
    yield {
        "type": "verification",
        "run": str(found.run_id) if found.run_id else None,
        "recorded": found.recorded,
        "objects": found.objects,
        "size": found.size,
        "counts": found.counts,
        "events": found.events,
        "findings": len(found.findings),
    }


def status(found: Status) -> Object:
    """The state of the archive."""
    totals, run = found.totals, found.last_run
    return {
        "type": "status",
        "archive": found.path,
        "writable": found.writable,
        "accessions": totals.accessions,
        "items": totals.items,
        "versions": totals.versions,
        "captures": totals.captures,
        "objects": totals.objects,
        "size": totals.size,
        "without_outlet": found.without_outlet,
        "events": totals.events,
        "root": found.root,
        "last_check": {
            "run": str(run.id),
            "started": instant(run.started),
            "ended": instant(run.ended),
            "outcome": run.outcome,
            "counts": found.last_counts,
        }
        if run
        else None,
        "index": lag(found.lag),
        "free": found.free,
    }


def event(one: Event) -> Object:
    """An event: its leaf as it is in the ledger."""
    return {"type": "event", "position": one.position, "leaf": json.loads(one.body)}


def _value_shown(each: Value) -> str | int | float:
    return each.shown if isinstance(each.value, str) else each.value


def settings(found: Settings) -> Iterable[Object]:
    """An object a setting."""
    for each in found.values():
        yield {"type": "setting", "name": each.setting.name, "value": _value_shown(each), "from": each.origin}
