"""Claimed sources, attributions in their text, and the authority file, as a person reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.model import SourceKind, Span
from archive.render.holding import title_of
from archive.render.words import plural, who
from archive.text.folding import fold

if TYPE_CHECKING:
    from archive.attribution.resolve import Authority, Entry
    from archive.model import Attribution
    from archive.record import Holding
    from archive.render.page import Page
    from archive.sources import NamedSource


def sources(page: Page, found: list[NamedSource], total: int) -> None:
    """Who is named, how often, and what is held from them."""
    for each in found:
        held = f"{plural(each.held, 'version')} held" if each.held else "nothing held"
        if each.kind in (SourceKind.PERSON, SourceKind.ANONYMOUS, SourceKind.UNRESOLVED, SourceKind.SELF):
            held = each.kind.value
        page.line(f"{each.name}")
        counts = (
            f"named in {plural(each.versions, 'version')} of {plural(each.items, 'item')} "
            f"by {plural(each.outlets, 'known outlet')}"
        )
        page.line(f"{counts}; {held}", 4)
        others = [name for name in each.names if name != each.name]
        if others:
            page.wrapped(f"also as {'; '.join(others)}", 4)
        if each.proposed:
            page.line("looks like an outlet: `claimtrail outlets add` enters it", 4)
    shown = "" if len(found) == total else f"; shown: {len(found)}"
    page.line(f"{plural(total, 'source')}{shown}")


def attributions(page: Page, holding: Holding, only: int | None = None) -> None:
    """Each attribution in its text: the source, the cue, and what archivists said of it."""
    page.line(f"{holding.version.label}  {title_of(holding)}")
    for number, made in enumerate(holding.attributions, 1):
        if only not in (None, number):
            continue
        resolved = made.resolved
        key = f" = {resolved.outlet}" if resolved.outlet else ""
        link = f", within {made.within + 1}" if made.within is not None else ""
        page.line(
            f"{number:>3}  {who(resolved)} ({resolved.kind}{key}), {made.kind}{link}  [claimed, {made.method}]"
        )
        cut = _around(holding, made)
        page.quoted(holding.text, cut, [*made.source, *made.cue], 5, whole=True)
        for judged in holding.judged:
            if judged.number == number - 1 and judged.method == made.method:
                to = f" to {judged.source}" if judged.source else ""
                note = f": {judged.note}" if judged.note else ""
                page.line(f"{judged.judgement}{to} by {judged.by}{note}  [asserted]", 5)
    if not holding.attributions:
        page.line("names nobody as a source, as far as our rules see", 2)


def _around(holding: Holding, made: Attribution) -> Span:
    """The passages that source, cue and content lie in."""
    spans = (*made.source, *made.cue, *made.content)
    start, end = min(span.start for span in spans), max(span.end for span in spans)
    touched = [p.span for p in holding.passages if p.span.overlaps(Span(start, end))]
    return Span(min(s.start for s in touched), max(s.end for s in touched)) if touched else Span(start, end)


def matching(authority: Authority, words: str) -> list[Entry]:
    """The entries that have these words in one of their names, by name."""
    sought = fold(words)
    found = [
        entry
        for entry in authority
        if any(sought in fold(name) for name in (entry.key, entry.name, *entry.aliases, *entry.domains))
    ]
    return sorted(found, key=lambda entry: fold(entry.name))


def outlets(page: Page, found: list[Entry]) -> None:
    """Entries of the authority file with all their names."""
    for entry in found:
        names = ", ".join((*entry.aliases, *entry.domains))
        page.line(f"{entry.key:<32}{entry.name}" + (f" ({names})" if names else ""))
    page.line(plural(len(found), "entry", "entries"))
