"""The values of a claim: what its numbers were stated as, from when on, by whom held earliest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from archive.lineage.history import Stage, Stated, abreast, history
from archive.text.agreement import Agreement, compare, paired
from archive.text.numbers import Number, NumberKind, numbers
from archive.trace.origins import node_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.model import Moment
    from archive.trace.occurrence import Compared, Occurrence

AMOUNTS = (NumberKind.COUNT, NumberKind.PERCENT, NumberKind.MONEY, NumberKind.MEASURE)
"""What a claim may leave out and its occurrences fill in: how many, how much."""


@dataclass(frozen=True, slots=True)
class Values:
    """A number as it is written in the claim (or in its closest occurrence), and its stages in order of date."""

    written: str
    stages: tuple[Stage, ...]


def values(claim: str, occurrences: Sequence[Occurrence]) -> tuple[Values, ...]:
    """The history of each number of the claim that was stated in more than one way.

    A claim without numbers is followed by the amounts in its closest occurrence, not by that one's dates, which
    are of the event as that one tells it. Only dated occurrences take part.
    """
    text, followed = claim, numbers(claim)
    if not followed and occurrences:
        text = _text(max(occurrences, key=lambda each: each.closeness.score))
        followed = [number for number in numbers(text) if number.kind in AMOUNTS]
    stated: dict[Number, list[Stated]] = {number: [] for number in followed}
    for occurrence in occurrences:
        moment = _moment(occurrence)
        if moment is not None:
            said, claimed = _text(occurrence), node_of(occurrence).published is not None
            for pair in paired(tuple(stated), numbers(said)):
                written = pair.later.span.of(said)
                stated[pair.earlier].append(Stated(occurrence.id, moment, pair.later, claimed, written))
    found = (Values(number.span.of(text), tuple(history(some))) for number, some in stated.items())
    return tuple(each for each in found if len(each.stages) > 1)


def in_time(occurrences: Sequence[Occurrence]) -> list[Occurrence]:
    """The same, of a claim in words that have no date: its number is of the day on which it is held earliest.

    What states another number on another day is then put in order with it: only that tells an update.
    """
    since: dict[Number, Moment] = {}
    for occurrence in occurrences:
        for pair in occurrence.numbers:
            moment = _moment(occurrence)
            if moment and pair.agreement is Agreement.AGREE:
                since.setdefault(pair.asked, moment)
    return [
        replace(
            each,
            numbers=tuple(_in_order(pair, since.get(pair.asked), _moment(each)) for pair in each.numbers),
        )
        for each in occurrences
    ]


def _in_order(pair: Compared, asked: Moment | None, found: Moment | None) -> Compared:
    if pair.agreement is not Agreement.CONFLICT or asked is None or found is None or abreast(asked, found):
        return pair
    order = (pair.asked, pair.found) if asked.at < found.at else (pair.found, pair.asked)
    return replace(pair, agreement=compare(*order, in_order=True) or pair.agreement)


def _moment(occurrence: Occurrence) -> Moment | None:
    node = node_of(occurrence)
    return node.published or node.retrieved


def _text(occurrence: Occurrence) -> str:
    return occurrence.passage.span.of(occurrence.holding.text)
