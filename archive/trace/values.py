"""The values of a claim: what its numbers were stated as, from when on, by whom held earliest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.lineage.history import Stage, Stated, history
from archive.text.agreement import paired
from archive.text.numbers import Number, NumberKind, numbers
from archive.trace.origins import node_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.trace.occurrence import Occurrence

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
        node = node_of(occurrence)
        moment = node.published or node.retrieved
        if moment is not None:
            said, claimed = _text(occurrence), node.published is not None
            for pair in paired(tuple(stated), numbers(said)):
                written = pair.later.span.of(said)
                stated[pair.earlier].append(Stated(occurrence.id, moment, pair.later, claimed, written))
    found = (Values(number.span.of(text), tuple(history(some))) for number, some in stated.items())
    return tuple(each for each in found if len(each.stages) > 1)


def _text(occurrence: Occurrence) -> str:
    return occurrence.passage.span.of(occurrence.holding.text)
