"""The trail of a claim as a part of the report: who states it, in which words, citing whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.model import Property
from archive.render.evidence.page import paragraph, tag, text
from archive.render.holding import outlet_of, title_of
from archive.render.trails import KIND_WORDS
from archive.render.words import plural, stated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.trace import Traced
    from archive.trace.occurrence import Occurrence


def trail_part(traced: Traced) -> Iterator[str]:
    """The claim, a line of sums, and its occurrences in the order of their dates."""
    yield tag("h2", "The trail of the claim")
    yield tag("blockquote", text(traced.claim))
    origins = plural(len(traced.trail.origins), "origin")
    yield paragraph(
        f"{plural(len(traced.occurrences), 'occurrence')} held, {origins} as far as the archive shows. Found by "
        "rules: read the passages before you rely on it.",
        "soft",
    )
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
    yield paragraph(f"how it states it: {KIND_WORDS[one.kind]}; closeness {one.closeness.score:.2f}", "soft")
    for each in one.attributed:
        yield paragraph(f"attributed to {each.attribution.resolved.name} {each.where} [claimed]", "soft")
