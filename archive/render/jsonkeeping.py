"""Receipts, the state of the archive, its log and settings as JSON lines; keys documented in docs/reference/json.md."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from archive.ingest.receipt import Line, Receipt, RefusedCopy
from archive.model import Property
from archive.render.findings import conflicts_on_receipt, finding_json
from archive.render.jsonlines import Object, instant, lag
from archive.render.standing import facts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archive.record import Arrival, Event
    from archive.settings import Settings, Value
    from archive.status import Status


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


def settings(found: Settings) -> Iterable[Object]:
    """An object a setting."""
    for each in found.values():
        yield {"type": "setting", "name": each.setting.name, "value": _value_shown(each), "from": each.origin}


def _value_shown(each: Value) -> str | int | float:
    return each.shown if isinstance(each.value, str) else each.value
