"""Attributions, claimed sources and the authority file as JSON lines; keys documented in docs/reference/json.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.render.jsonlines import Object, attribution, instant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archive.attribution.resolve import Entry
    from archive.record import Holding
    from archive.sources import NamedSource


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
