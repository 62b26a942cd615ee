"""Versions held, and what a search finds among them, as JSON lines; keys documented in docs/reference/json.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.model import Property
from archive.render.findings import conflicts_of, finding_json
from archive.render.jsonlines import Object, attribution, dates, instant, lag, span, statement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archive.record import Capture, Holding
    from archive.search import Answer, Found


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


def answer(found: Answer) -> Iterable[Object]:
    """An object a hit, then one with the sums."""
    for each in found.found:
        yield _hit(each)
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


def _hit(each: Found) -> Object:
    return {
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
