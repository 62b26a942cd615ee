"""The same answers as JSON lines, for programs: one object a line, keys documented in docs/reference/json.md."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from archive.ingest.receipt import RefusedCopy
from archive.model import Basis, Precision, Property
from archive.render.findings import conflicts_of, conflicts_on_receipt, finding_json
from archive.render.page import put

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from archive.attribution.resolve import Entry
    from archive.finding import Finding
    from archive.indexing import Lag
    from archive.ingest.receipt import Line, Receipt
    from archive.model import Attribution, Evidence, Span, Statement
    from archive.reading import Looked
    from archive.record import Arrival, Capture, Event, Holding
    from archive.search import Answer
    from archive.settings import Settings, Value
    from archive.sources import NamedSource
    from archive.status import Status

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


def looked(each: Looked) -> Object:
    """A part of a file as it was read, with what was wrong with it and its attributions."""
    from archive.formats.batch import file_json

    return (
        {"type": "file"}
        | file_json(each.found)
        | _wrong(each.found.part.findings, each.conflicts)
        | {"attributions": [attribution(made) for made in each.attributions]}
    )


def absent(path: str) -> Object:
    """A file that is not there, in the shape of one that was read."""
    from archive.formats.batch import to_json
    from archive.formats.compose import unread
    from archive.model import Method, ReadingState

    reading = unread(ReadingState.FAILED, "unknown", Method("reading", "1"), "there is no such file")
    return {"type": "file", "file": path} | to_json(reading) | _wrong((), ()) | {"attributions": []}


def _wrong(findings: Iterable[Finding], conflicting: Iterable[Finding]) -> Object:
    return {
        "findings": [finding_json(each) for each in findings],
        "conflicts": [finding_json(each) for each in conflicting],
    }


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
        "text_unicode": version.text_unicode,
        "format": version.format,
        "state": version.state,
        "reason": version.reason,
        "reader": str(version.reader),
        "recorded": instant(version.recorded),
        "outlet": _value(held, "outlet"),
        "external_id": _value(held, "external_id"),
        "dates": dates(held),
        "conflicts": [finding_json(each) for each in conflicts_of(held)],
        "findings": [
            finding_json(each.finding) | {"capture": str(each.capture_id), "position": each.position}
            for each in held.findings
        ],
        "statements": by_property,
        "captures": [capture(each) for each in held.captures],
        "attributions": [attribution(each) for each in held.attributions],
        "paragraphs": [span(each.span) for each in held.paragraphs],
        "passages": [span(each.span) for each in held.passages],
        "text": held.text if text else None,
    }


def _value(held: Holding, about: str) -> str | None:
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
            "dates": dates(each.holding),
            "conflicts": [finding_json(one) for one in conflicts_of(each.holding)],
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
        "external_id": _first_value(line.arrival, Property.EXTERNAL_ID),
        "findings": [finding_json(each) for each in line.arrival.findings],
        "conflicts": [finding_json(each) for each in conflicts_on_receipt(line.arrival)],
        "because": line.because,
    }


def _first_value(arrival: Arrival, about: Property) -> str | None:
    said = (*arrival.said, *arrival.reading.statements)
    return next((each.value for each in said if each.about is about), None)


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
        "findings": receipt.findings,
    }


def status(found: Status) -> Object:
    """The state of the archive."""
    from archive.render.standing import facts

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
            "state": found.last_state,
            "counts": found.last_counts,
        }
        if run
        else None,
        "index": lag(found.lag),
        "links": {"not_linked": found.links.behind, "links": found.links.links},
        "free": found.free,
        "key": str(found.key) if found.key else None,
        "fingerprint": found.key.fingerprint.hex if found.key else None,
        "signed": found.signed,
    } | facts(found)


def event(one: Event) -> Object:
    """An event: its leaf as it is in the ledger."""
    return {"type": "event", "position": one.position, "agent": one.agent, "leaf": json.loads(one.body)}


def _value_shown(each: Value) -> str | int | float:
    return each.shown if isinstance(each.value, str) else each.value


def settings(found: Settings) -> Iterable[Object]:
    """An object a setting."""
    for each in found.values():
        yield {"type": "setting", "name": each.setting.name, "value": _value_shown(each), "from": each.origin}
