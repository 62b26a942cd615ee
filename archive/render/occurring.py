"""One occurrence of a claim as a person reads it: how close it is, its numbers, and whom it names as its source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.label import counted
from archive.lineage.citing import Failure
from archive.model import Basis, ClosenessKind, Property, Span
from archive.render.holding import title_of
from archive.render.words import amount, basis, named, plural
from archive.text.agreement import Agreement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archive.lineage.trail import Trail
    from archive.model import Statement
    from archive.record import Holding
    from archive.render.page import Page
    from archive.trace.occurrence import AttributedTo, Compared, Occurrence

ASK = "[ask]"
"""What is only claimed, and nothing held bears out: somebody should be asked."""

KIND_WORDS = {
    ClosenessKind.VERBATIM: "verbatim: in the same words",
    ClosenessKind.QUOTED: "quoted",
    ClosenessKind.REWORDED: "reworded: worded otherwise",
    ClosenessKind.NUMBERS_DIFFER: "numbers differ",
}

AGREEMENT_WORDS = {
    Agreement.AGREE: "agree",
    Agreement.ROUNDED: "rounded",
    Agreement.UPDATED: "updated",
    Agreement.CONFLICT: "in conflict",
}

FAILURE_WORDS = {
    Failure.NOT_HELD: "the archive holds nothing from that source",
    Failure.DOES_NOT_SAY_IT: "the archive holds that source, but nothing in which it says so",
    Failure.DATED_LATER: "that source, as held, is dated later than the citation",
    Failure.OTHER_NUMBER: "that source, as held, gives another number",
    Failure.NO_NUMBER: "that source, as held, gives no number",
}


def occurrence_of(page: Page, occurrence: Occurrence, trail: Trail) -> None:
    """The occurrence, with what it leads to in the trail."""
    holding, passage = occurrence.holding, occurrence.passage
    _head(page, holding, str(holding.version.label.at_passage(passage.number)))
    words = f"{KIND_WORDS[occurrence.kind]}, closeness {occurrence.closeness.score:.2f}{numbers(occurrence)}"
    page.line(f"{'states it':<11}{words}", 4)
    start = passage.span.start
    marks = [Span(start + s.start, start + s.end) for s in occurrence.closeness.spans]
    page.quoted(holding.text, passage.span, marks, 6, whole=True)
    if occurrence.words:
        page.wrapped(f"{'words':<11}{'; '.join(reworded(occurrence))}", 4)
    if occurrence.denied:
        page.line(f"{'denies it':<11}by its words {denials(occurrence)}", 4)
    if occurrence.also:
        page.line(f"{'also in':<11}{', '.join(f'#{other.number}' for other in occurrence.also)}", 4)
    if not occurrence.attributed:
        page.line(f"{'source':<11}{no_source(occurrence)}", 4)
    for each in occurrence.attributed:
        held = confirmed(trail, occurrence, each)
        _attributed(page, each, held, but(trail, occurrence, held))


def _head(page: Page, holding: Holding, label: str) -> None:
    """Label and title, then outlet and the two dates, what is only claimed of them marked."""
    page.line(f"{label}  {title_of(holding)}", 2)
    for name, about in (
        ("outlet", Property.OUTLET),
        ("published", Property.PUBLISHED),
        ("retrieved", Property.RETRIEVED),
    ):
        said = holding.first(about)
        page.line(f"{name:<11}{f'{said.value}  [{basis(said)}]{ask(said)}' if said else 'unknown'}", 4)


def reworded(occurrence: Occurrence) -> Iterable[str]:
    """The words of a quote that stand otherwise here."""
    for asked, found in occurrence.words:
        if asked and found:
            yield f'"{asked}" here "{found}"'
        else:
            yield f'"{asked}" left out here' if asked else f'"{found}" put in here'


def denials(occurrence: Occurrence) -> str:
    """The words by which it denies the claim."""
    return ", ".join(f'"{span.of(occurrence.holding.text)}"' for span in occurrence.denied)


def no_source(occurrence: Occurrence) -> str:
    """That no source is named, or that nothing was looked for in this language."""
    if occurrence.unread:
        return f"not looked for: attributions are not read in this language ({occurrence.unread})"
    return "none named in this passage or beside it"


def ask(said: Statement) -> str:
    """A mark where something is only claimed."""
    return f" {ASK}" if said.basis is Basis.CLAIMED else ""


def numbers(occurrence: Occurrence) -> str:
    """The numbers that are not the same, and how they differ."""
    said = [compared(each) for each in occurrence.numbers if each.agreement is not Agreement.AGREE]
    return f" ({'; '.join(said)})" if said else ""


def compared(each: Compared) -> str:
    """A number of the claim beside the one that stands for it here."""
    return f"{amount(each.asked.value)} here {amount(each.found.value)}, {AGREEMENT_WORDS[each.agreement]}"


def confirmed(trail: Trail, occurrence: Occurrence, each: AttributedTo) -> list[str]:
    """The held versions that a citation leads to and that say the same."""
    return sorted(
        {
            edge.origin
            for edge in trail.edges
            if edge.derived == occurrence.id and any(shown.quote == each.quote for shown in edge.evidence)
        },
        key=counted,
    )


BUT_WORDS = {
    Failure.DATED_LATER: "dated later than this",
    Failure.OTHER_NUMBER: "with another number",
    Failure.NO_NUMBER: "without the number",
}


def but(trail: Trail, occurrence: Occurrence, held: list[str]) -> str:
    """Why what a citation leads to does not bear it out, in words; empty where it does."""
    return ", ".join(
        dict.fromkeys(
            BUT_WORDS[fail.failure]
            for fail in trail.failing
            if fail.citation.by == occurrence.id and fail.nearest in held
        )
    )


def _attributed(page: Page, each: AttributedTo, held: list[str], doubt: str) -> None:
    mark = "" if held and not doubt else f" {ASK}"
    page.line(
        f"{'source':<11}attributed to {named(each.attribution.resolved)} {each.where}  [claimed]{mark}", 4
    )
    if each.where != "in this passage":
        page.wrapped(f'"{each.quote}"', 15)
    if held:
        page.line(f"that source, as held, says it: {', '.join(held)}{f'; but {doubt}' if doubt else ''}", 15)
    elif each.held:
        page.line(
            f"the archive holds {plural(each.held, 'version')} from that source; none found that says it", 15
        )
    elif each.held is not None:
        page.line(FAILURE_WORDS[Failure.NOT_HELD], 15)
