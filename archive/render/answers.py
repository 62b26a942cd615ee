"""What searching, tracing and comparing found, as a person reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.lineage.trail import Failure
from archive.model import SourceKind, Span
from archive.render.holding import head
from archive.render.words import plural
from archive.text.agreement import Agreement
from archive.text.similarity import ClosenessKind
from index import State

if TYPE_CHECKING:
    from archive.compare import Step
    from archive.indexing import Lag
    from archive.lineage.trail import Origin
    from archive.render.page import Page
    from archive.search import Answer
    from archive.trace import Traced
    from archive.trace.occurrence import AttributedTo, Occurrence

KIND_WORDS = {
    ClosenessKind.VERBATIM: "in the same words",
    ClosenessKind.QUOTED: "quoted",
    ClosenessKind.REWORDED: "worded otherwise",
    ClosenessKind.NUMBERS_DIFFER: "numbers differ",
}

FAILURE_WORDS = {
    Failure.NOT_HELD: "the archive holds nothing from that source",
    Failure.DOES_NOT_SAY_IT: "the archive holds that source, but nothing in which it says so",
    Failure.DATED_LATER: "that source, as held, is dated later than the citation",
}


def answer(page: Page, found: Answer) -> None:
    """The hits of a search."""
    for each in found.found:
        holding = each.holding
        head(page, holding, str(holding.version.label))
        for snippet in each.snippets:
            page.quoted(holding.text, snippet.span, snippet.matches, 4)
        if each.others:
            page.line(f"also {', '.join(each.others)}", 4)
        page.line()
    for facet, counts in found.facets.items():
        page.line(f"{facet}: " + ", ".join(f"{count.value} ({count.count})" for count in counts))
    shown = "" if len(found.found) == found.total else f"; shown: {len(found.found)}"
    page.line(f"{plural(found.total, 'version')} found{shown}")
    for suggestion in found.suggestions:
        page.line(f"did you mean {suggestion.instead!r} instead of {suggestion.word!r}?")
    for note in found.notes:
        page.line(note)
    if found.incomplete:
        page.line("the time for a search was up: there may be more (setting search_seconds)")
    behind(page, found.lag)


def behind(page: Page, lag: Lag) -> None:
    """What the index does not cover yet, where there is something."""
    words = lag_words(lag)
    if words:
        page.line(words)


def lag_words(lag: Lag) -> str:
    """What the index does not cover and what to do; nothing where it is up to date."""
    if lag.state is not State.READY:
        return f"the index is {lag.state}: run `claimtrail reindex`"
    if lag.behind:
        verb = "is" if lag.behind == 1 else "are"
        return (
            f"{plural(lag.behind, 'version')} {verb} recorded but not yet indexed: "
            "the next ingest catches up, or `claimtrail reindex`"
        )
    return ""


def traced(page: Page, found: Traced) -> None:
    """The trail of a claim: a line of sums, the timeline, then what does not hold."""
    origin = f" (from {found.asked_from})" if found.asked_from else ""
    page.wrapped(f"Claim{origin}: {found.claim}")
    page.line()
    if not found.occurrences:
        page.line("No version in this archive states it, as far as its words can be matched.")
        return
    page.line(_sums(found))
    page.line("Timeline, by the date claimed, else by that of retrieval (earliest held first):")
    page.line()
    for occurrence in found.occurrences:
        _occurrence(page, occurrence)
    for circle in found.trail.circles:
        page.line(f"circular: {' and '.join(circle.nodes)} cite one another; none of them is an origin")
    for fail in found.trail.failing:
        if fail.failure is not Failure.NOT_HELD:
            page.line(
                f"citation: {fail.citation.by} names {fail.citation.name}; {FAILURE_WORDS[fail.failure]}"
            )


def _sums(found: Traced) -> str:
    count = len(found.occurrences)
    outlets = plural(len(found.trail.outlets), "outlet") if found.trail.outlets else "no known outlet"
    open_ends = [origin for origin in found.trail.origins if not _circular(found, origin)]
    origins = plural(len(open_ends), "independent origin")
    return f"{plural(count, 'occurrence')} held, from {outlets}; {origins}, as far as the archive shows."


def _circular(found: Traced, origin: Origin) -> bool:
    inside = {node.id for group in origin.groups for node in group.members}
    return any(inside and inside <= set(circle.nodes) for circle in found.trail.circles)


def _occurrence(page: Page, occurrence: Occurrence) -> None:
    holding, passage = occurrence.holding, occurrence.passage
    head(page, holding, str(holding.version.label.at_passage(passage.number)), 2)
    words = f"{KIND_WORDS[occurrence.kind]}, closeness {occurrence.closeness.score:.2f}{_numbers(occurrence)}"
    page.line(f"{'states it':<11}{words}", 4)
    spans = [
        Span(passage.span.start + s.start, passage.span.start + s.end) for s in occurrence.closeness.spans
    ]
    page.quoted(holding.text, passage.span, spans, 6, whole=True)
    if not occurrence.attributed:
        page.line(f"{'source':<11}none named in this passage or beside it", 4)
    for each in occurrence.attributed:
        _attributed(page, each)
    page.line()


def _numbers(occurrence: Occurrence) -> str:
    """The numbers that are not the same, and how they differ."""
    said = [
        f"{pair.earlier.value:,f} here {pair.later.value:,f}"
        + (", rounded" if pair.agreement is Agreement.ROUNDED else "")
        for pair in occurrence.closeness.numbers
        if pair.agreement is not Agreement.AGREE
    ]
    return f" ({'; '.join(said)})" if said else ""


def _attributed(page: Page, each: AttributedTo) -> None:
    source = each.attribution.resolved
    named = source.name if source.kind is not SourceKind.UNRESOLVED else f"{source.name} (unresolved)"
    page.line(f"{'source':<11}attributed to {named} {each.where}  [claimed]", 4)
    if each.where != "in this passage":
        page.wrapped(f'"{each.quote}"', 15)
    if each.held is not None:
        held = (
            f"the archive holds {plural(each.held, 'version')} from that source"
            if each.held
            else FAILURE_WORDS[Failure.NOT_HELD]
        )
        page.line(held, 15)


def steps(page: Page, found: list[Step]) -> None:
    """The versions of items, each with what it changed."""
    for step in found:
        holding = step.holding
        head(page, holding, str(holding.version.label))
        page.line(f"{'sha256':<11}{holding.version.object.hex}", 2)
        page.line(f"{'captures':<11}{len(holding.captures):,}", 2)
        if step.changes:
            page.line("changed from the version before:", 2)
        for change in step.changes:
            if change.before:
                page.wrapped(f"- {change.before}", 4)
            if change.after:
                page.wrapped(f"+ {change.after}", 4)
        page.line()
