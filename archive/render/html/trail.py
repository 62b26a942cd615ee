"""The trail of a claim as one page: the claim, a graph, a timeline by origin, the evidence of every edge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.model import Basis, Property
from archive.render.holding import title_of
from archive.render.html.drawing import anchor, graph, missing
from archive.render.html.markup import Markup, joined, tag
from archive.render.html.style import STYLE, policy
from archive.render.occurring import (
    AGREEMENT_WORDS,
    ASK,
    FAILURE_WORDS,
    KIND_WORDS,
    but,
    confirmed,
    no_source,
)
from archive.render.trails import by_origin, circles, failures, sums, values
from archive.render.words import amount, basis, named, plural
from archive.text.agreement import Agreement

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from archive.lineage.graph import Edge
    from archive.lineage.trail import Trail
    from archive.model import Statement
    from archive.record import Holding
    from archive.trace import Traced
    from archive.trace.occurrence import AttributedTo, Occurrence


def page(found: Traced) -> str:
    """The whole page, with nothing in it that leads outside."""
    head = tag(
        "head",
        Markup('<meta charset="utf-8">'),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{policy()}">'),
        Markup('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        Markup('<meta name="referrer" content="no-referrer">'),
        tag("title", f"Trail: {found.claim[:80]}"),
        Markup(f"<style>{STYLE}</style>"),
    )
    body = tag("body", _top(found), tag("main", *_sections(found)), _foot())
    return f"<!doctype html>\n{tag('html', head, body, lang='en').text}\n"


def _top(found: Traced) -> Markup:
    origin = tag("p", f"Taken from {found.asked_from}.", class_="soft") if found.asked_from else None
    links = [
        tag("a", name, href=f"#{place}")
        for place, name in (("graph", "Graph"), ("timeline", "Timeline"), ("evidence", "Evidence"))
    ]
    return tag(
        "header",
        tag("h1", "The trail of a claim"),
        tag("blockquote", found.claim, class_="claim"),
        origin,
        tag("p", sums(found) if found.occurrences else "No version in this archive states it."),
        tag("nav", *links, aria_label="Parts of this page"),
    )


def _sections(found: Traced) -> Iterator[Markup]:
    if not found.occurrences:
        return
    shown = {each.id for each in found.occurrences}
    caption = (
        "Arrows lead to the version that a claim was taken from. Boxes and arrows lead to their evidence."
    )
    yield tag("h2", "Who has it from whom", id="graph")
    yield tag("figure", graph(found), class_="graph", tabindex="0", aria_label="Graph, can be scrolled")
    yield tag("p", caption, class_="soft")
    yield from _remarks(found)
    yield tag("h2", "Timeline", id="timeline")
    order = "By the date claimed, else by that of retrieval. The earliest held need not be the earliest there was."
    yield tag("p", order, class_="soft")
    for title, occurrences in by_origin(found):
        yield tag(
            "section", tag("h3", title), *(_occurrence(each, found.trail, shown) for each in occurrences)
        )
    yield tag("h2", "Evidence", id="evidence")
    yield tag("ol", *_evidence(found.trail, shown), class_="evidence")


def _remarks(found: Traced) -> Iterator[Markup]:
    """What does not hold, and how the numbers changed."""
    bad = [*circles(found.trail), *failures(found.trail)]
    told = [values(each) for each in found.values]
    if bad or told:
        lines = [*(tag("li", line, class_="bad") for line in bad), *(tag("li", line) for line in told)]
        yield tag("h2", "To be noticed")
        yield tag("ul", *lines)


def _occurrence(each: Occurrence, trail: Trail, shown: Container[str]) -> Markup:
    held, label = each.holding, each.holding.version.label
    return tag(
        "article",
        tag("h4", title_of(held)),
        tag("blockquote", _marked(each)),
        tag(
            "p",
            tag("span", KIND_WORDS[each.kind], class_="kind"),
            *_numbers(each),
            *_words(each),
            *_denied(each),
        ),
        tag("dl", *_facts(held), *_attributed(each, trail, shown)),
        tag(
            "p",
            f"{label.at_passage(each.passage.number)}, closeness {each.closeness.score:.2f}",
            class_="ref",
        ),
        id=anchor(each.id),
    )


def _marked(each: Occurrence) -> Markup:
    text = each.passage.span.of(each.holding.text)
    parts: list[Markup | str] = []
    at = 0
    for span in sorted(each.closeness.spans):
        if span.start >= at:
            parts += [text[at : span.start], tag("mark", span.of(text))]
            at = span.end
    return joined([*parts, text[at:]])


def _numbers(each: Occurrence) -> Iterator[Markup]:
    for pair in each.numbers:
        if pair.agreement is not Agreement.AGREE:
            yield joined(
                [
                    " ",
                    tag("del", amount(pair.asked.value)),
                    " ",
                    tag("ins", amount(pair.found.value)),
                    f" ({AGREEMENT_WORDS[pair.agreement]})",
                ]
            )


def _words(each: Occurrence) -> Iterator[Markup]:
    for asked, found in each.words:
        yield joined([" ", tag("del", asked), " ", tag("ins", found)])


def _denied(each: Occurrence) -> Iterator[Markup]:
    if each.denied:
        cues = ", ".join(span.of(each.holding.text) for span in each.denied)
        yield joined([" ", tag("strong", f"denies it: {cues}", class_="bad")])


def _facts(held: Holding) -> Iterator[Markup]:
    for name, about in (
        ("outlet", Property.OUTLET),
        ("published", Property.PUBLISHED),
        ("retrieved", Property.RETRIEVED),
    ):
        said = held.first(about)
        yield tag("dt", name)
        yield tag("dd", *_said(said)) if said else tag("dd", "unknown")


def _said(said: Statement) -> Iterator[Markup | str]:
    yield f"{said.value} "
    yield tag("span", f"[{basis(said)}]", class_="soft")
    if said.basis is Basis.CLAIMED:
        yield _ask()


def _ask() -> Markup:
    return joined([" ", tag("abbr", ASK, class_="ask", title="only claimed; nothing held bears it out")])


def _attributed(each: Occurrence, trail: Trail, shown: Container[str]) -> Iterator[Markup]:
    for made in each.attributed:
        held = confirmed(trail, each, made)
        yield tag("dt", "source")
        links = [_link(label, shown) for label in held]
        yield tag("dd", *_source(made, links, but(trail, each, held)))
    if not each.attributed:
        yield tag("dt", "source")
        yield tag("dd", no_source(each))


def _source(made: AttributedTo, held: Sequence[Markup | str], doubt: str) -> Iterator[Markup | str]:
    yield f"attributed to {named(made.attribution.resolved)} {made.where} "
    yield tag("span", "[claimed]", class_="soft")
    if held:
        yield joined(["; as held, it says so:", *(part for label in held for part in (" ", label))])
        if doubt:
            yield joined([f", but {doubt}", _ask()])
        return
    yield _ask()
    if made.held is not None:
        yield (
            f" {plural(made.held, 'version')} of that source held, none found that says it"
            if made.held
            else " nothing of that source held"
        )


def _evidence(trail: Trail, shown: Container[str]) -> Iterator[Markup]:
    """An entry for each edge, then for each source that is named and not held; the graph leads here."""
    for at, edge in enumerate(trail.edges, 1):
        yield tag("li", *_edge(edge, shown), id=f"evidence-{at}")
    for at, fail in enumerate(missing(trail), len(trail.edges) + 1):
        yield tag(
            "li",
            _link(fail.citation.by, shown),
            f" names {fail.citation.name} as its source: {FAILURE_WORDS[fail.failure]}. ",
            *(tag("q", piece.quote) for piece in fail.citation.evidence),
            id=f"evidence-{at}",
        )


def _edge(edge: Edge, shown: Container[str]) -> Iterator[Markup | str]:
    yield _link(edge.derived, shown)
    yield f" {edge.relation.value} "
    yield _link(edge.origin, shown)
    yield "" if edge.order_known else " (nothing but the order of retrieval says which has it from the other)"
    for piece in edge.evidence:
        yield " "
        yield tag("q", piece.quote)
    if not edge.evidence:
        yield ": a later version of the same item"


def _link(label: str, shown: Container[str]) -> Markup | str:
    """A version by its label, which leads to its occurrence where that is on the page."""
    return tag("a", label, href=f"#{anchor(label)}") if label in shown else label


def _foot() -> Markup:
    told = (
        f"{ASK}: only claimed; nothing held bears it out. Whether a claim is true is not said here, only who "
        "states it, whom they name as their source, and what of that is held."
    )
    return tag("footer", tag("p", told))
