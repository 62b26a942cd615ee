"""The trail of a claim as a part of the report: who states it, in which words, citing whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.model import Property
from archive.render.evidence.page import paragraph, tag, text
from archive.render.holding import outlet_of, title_of
from archive.render.occurring import KIND_WORDS, denials, numbers, reworded
from archive.render.trails import sums
from archive.render.words import named, stated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.trace import Traced
    from archive.trace.occurrence import Occurrence


def trail_part(traced: Traced) -> Iterator[str]:
    """The claim, a line of sums, and its occurrences in the order of their dates."""
    yield tag("h2", "The trail of the claim")
    yield tag("blockquote", text(traced.claim))
    counted = sums(traced) if traced.occurrences else "No version in this archive states it."
    yield paragraph(f"{counted} Found by rules: read the passages before you rely on it.", "soft")
    for occurrence in traced.occurrences:
        yield tag("div", "".join(_occurrence(occurrence)), "box")


def _occurrence(one: Occurrence) -> Iterator[str]:
    holding = one.holding
    label = str(holding.version.label.at_passage(one.passage.number))
    yield tag("p", f"<strong>{text(label)}</strong> {text(title_of(holding))}")
    published = holding.first(Property.PUBLISHED)
    date = f"; published {stated(published)}" if published else ""
    yield paragraph(f"outlet {outlet_of(holding)}{date}", "soft")
    yield tag("blockquote", text(one.passage.span.of(holding.text)))
    how = f"{KIND_WORDS[one.kind]}{numbers(one)}; closeness {one.closeness.score:.2f}"
    yield paragraph(f"how it states it: {how}", "soft")
    if one.words:
        yield paragraph(f"words: {'; '.join(reworded(one))}", "soft")
    if one.denied:
        yield paragraph(f"it denies it, by its words {denials(one)}", "soft")
    for each in one.attributed:
        yield paragraph(f"attributed to {named(each.attribution.resolved)} {each.where} [claimed]", "soft")
