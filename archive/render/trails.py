"""The trail of a claim as a person reads it: the sums, the timeline by origin, then what does not hold."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from archive.label import counted
from archive.lineage.citing import Failure
from archive.model import Basis, ClosenessKind, Property, Span
from archive.render.holding import title_of
from archive.render.words import amount, basis, named, plural
from archive.text.agreement import Agreement
from archive.text.numbers import NumberKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archive.lineage.history import Stage
    from archive.lineage.origins import Group, Origin
    from archive.lineage.trail import Trail
    from archive.model import Statement
    from archive.record import Holding
    from archive.render.page import Page
    from archive.trace import Traced
    from archive.trace.occurrence import AttributedTo, Compared, Occurrence
    from archive.trace.values import Values

ASK = "[ask]"
"""What is only claimed, and nothing held bears out: somebody should be asked."""

STAGES = 8
"""So many changes of a number are told; where it changes more often the rest says little."""

DATES = (NumberKind.DAY, NumberKind.TIME, NumberKind.YEAR)
"""What is told as it is written, since its value is no amount."""

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


def traced(page: Page, found: Traced) -> None:
    """The trail of a claim."""
    origin = f" (from {found.asked_from})" if found.asked_from else ""
    page.wrapped(f"Claim{origin}: {found.claim}")
    page.line()
    if not found.occurrences:
        page.line("No version in this archive states it, as far as its words can be matched.")
        _beyond(page, found)
        return
    page.wrapped(sums(found))
    page.line("Timeline, earliest held at the top, by the date claimed, else by that of retrieval:")
    for title, occurrences in by_origin(found):
        page.line()
        page.wrapped(title)
        for occurrence in occurrences:
            page.line()
            _occurrence(page, occurrence, found.trail)
    page.line()
    for each in found.values:
        page.wrapped(values(each))
    for line in (*circles(found.trail), *failures(found.trail)):
        page.wrapped(line)
    _beyond(page, found)
    page.line(f"{ASK}: only claimed; nothing held bears it out")


def _beyond(page: Page, found: Traced) -> None:
    if found.beyond:
        page.wrapped(
            f"{plural(found.beyond, 'more occurrence')} held that the question leaves out; "
            "origins are counted with them"
        )


def sums(found: Traced) -> str:
    """How many occurrences, outlets and independent origins, in a sentence."""
    trail = found.trail
    count = plural(len(found.occurrences) + found.beyond, "occurrence")
    outlets = plural(len(trail.outlets), "outlet") if trail.outlets else "no known outlet"
    ends = [(at, origin) for at, origin in enumerate(trail.origins) if not circular(trail, origin)]
    origins = plural(len(ends), "independent origin")
    denials = sum(found.only_denied(at) for at, _ in ends)
    told = [described(ends[0][1], found)] if len(ends) == 1 else []
    told += [f"{denials} only of denials"] if denials else []
    return (
        f"{count} held{_within(_parts(found))}, from {outlets}; {origins}{_within(told)}, "
        "as far as the archive shows."
    )


def _parts(found: Traced) -> list[str]:
    """What is to be known of some of the occurrences before they are counted as one."""
    nodes = [node for group in found.trail.groups for node in group.members]
    parts = [f"{len(found.occurrences)} shown"] if found.beyond else []
    if found.denying:
        parts.append(f"{len(found.denying)} {'denies' if len(found.denying) == 1 else 'deny'} it")
    if found.trail.outlets and (unknown := sum(node.outlet is None for node in nodes)):
        parts.append(f"{unknown} of no known outlet")
    if found.unread:
        parts.append(f"{len(found.unread)} in a language in which sources are not looked for")
    return parts


def _within(said: list[str]) -> str:
    return f" ({'; '.join(said)})" if said else ""


def circular(trail: Trail, origin: Origin) -> bool:
    """Whether an end of the trail is a circle, which is no origin."""
    inside = {node.id for group in origin.groups for node in group.members}
    return any(inside and inside <= set(circle.nodes) for circle in trail.circles)


def described(origin: Origin, found: Traced) -> str:
    """An origin in words: who, what, of which date; never that it was the first."""
    if origin.name:
        return f"{origin.name}, named as the source; nothing of it that says so is held"
    if circular(found.trail, origin):
        return "; ".join(_group(group, found) for group in origin.groups)
    more = len(origin.groups) - 1
    others = f", and {plural(more, 'other text')} of the same source" if more else ""
    return _group(origin.groups[0], found) + others


def _group(group: Group, found: Traced) -> str:
    earliest = group.earliest
    credit = f"{found.names[earliest.id]}, " if earliest.id in found.names else ""
    if group.agencies:
        credit = f"a report credited to {' and '.join(group.agencies)}, "
    when = "without any date"
    if earliest.published:
        when = f"published {earliest.published} as claimed"
    elif earliest.retrieved:
        when = f"retrieved {earliest.retrieved}, of its publication no date is known"
    return f"{credit}earliest held: {earliest.id}, {when}"


def by_origin(found: Traced) -> list[tuple[str, list[Occurrence]]]:
    """The occurrences in order of date under the origin each leads to, with a heading for each origin.

    One that leads to several origins stands under the first of them.
    """
    trail = found.trail
    under: dict[int, list[Occurrence]] = defaultdict(list)
    for occurrence in found.occurrences:
        under[min(trail.leads.get(occurrence.id, ()), default=-1)].append(occurrence)
    order = sorted(under, key=lambda at: found.occurrences.index(under[at][0]))
    return [(_heading(found, number, at), under[at]) for number, at in enumerate(order, 1)]


def _heading(found: Traced, number: int, at: int) -> str:
    if at < 0:
        return f"{number}. Without a known origin"
    origin = found.trail.origins[at]
    what = "Origin of denials" if found.only_denied(at) else "Origin"
    if circular(found.trail, origin):
        what = "A circle, which is no origin"
    order = (
        "; where no date is claimed, only the order of retrieval is known" if _by_retrieval(origin) else ""
    )
    return f"{number}. {what}: {described(origin, found)}{order}"


def _by_retrieval(origin: Origin) -> bool:
    return any(group.by_retrieval for group in origin.groups)


def _occurrence(page: Page, occurrence: Occurrence, trail: Trail) -> None:
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


def values(each: Values) -> str:
    """The history of a number: what it was stated as, from which date on."""
    told = "; then ".join(_stage(stage) for stage in each.stages[:STAGES])
    more = len(each.stages) - STAGES
    return f"number {each.written}: {told}" + (
        f"; and {more} more changes (all with --json)" if more > 0 else ""
    )


def _stage(stage: Stage) -> str:
    earliest = stage.stated[0]
    again, change = "", ""
    if stage.again:
        again = "again "
    elif stage.change:
        change = f" ({AGREEMENT_WORDS[stage.change]})"
    by = plural(len(stage.stated), "occurrence")
    day = str(earliest.moment)[: len("2024-04-16")]
    number = earliest.written if stage.number.kind in DATES else amount(stage.number.value)
    return f"{again}{number}{change}, earliest held {day} in {earliest.node}, {by}"


def circles(trail: Trail) -> Iterable[str]:
    """The circles in words."""
    for circle in trail.circles:
        yield f"circular: {' and '.join(circle.nodes)} cite one another; none of them is an origin"


def failures(trail: Trail) -> Iterable[str]:
    """The citations that what is held does not bear out; sources not held are said with each occurrence."""
    for fail in trail.failing:
        if fail.failure is not Failure.NOT_HELD:
            yield f"citation: {fail.citation.by} names {fail.citation.name}; {FAILURE_WORDS[fail.failure]}"
