"""The trail of a claim as a person reads it: the sums, the timeline by origin, then what does not hold."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from archive.lineage.citing import Failure
from archive.render.occurring import AGREEMENT_WORDS, ASK, FAILURE_WORDS, occurrence_of
from archive.render.words import amount, plural
from archive.text.numbers import NumberKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archive.lineage.history import Stage
    from archive.lineage.origins import Group, Origin
    from archive.lineage.trail import Trail
    from archive.render.page import Page
    from archive.trace import Traced
    from archive.trace.occurrence import Occurrence
    from archive.trace.values import Values

STAGES = 8
"""So many changes of a number are told; where it changes more often the rest says little."""

DATES = (NumberKind.DAY, NumberKind.TIME, NumberKind.YEAR)
"""What is told as it is written, since its value is no amount."""


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
            occurrence_of(page, occurrence, found.trail)
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
