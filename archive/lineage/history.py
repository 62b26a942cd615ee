"""The value history of a claim: which number was stated from when on, by whom it was held earliest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.text.agreement import Agreement, compare
from archive.text.dates import after

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from archive.model import Moment
    from archive.text.numbers import Number

_SAME = (Agreement.AGREE, Agreement.ROUNDED)


@dataclass(frozen=True, slots=True)
class Stated:
    """A number as one occurrence of a claim states it, and the date the occurrence is put in order by.

    `claimed` is False where nothing but its retrieval is known: then it may have been stated long before.
    `written` are its words.
    """

    node: str
    moment: Moment
    number: Number
    claimed: bool = True
    written: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """Occurrences in a row that agree on a number, and how it compares with the stage before, if any.

    `again` marks a number that goes back to that of an earlier stage; it is no update.
    """

    stated: tuple[Stated, ...]
    change: Agreement | None
    again: bool = False

    @property
    def number(self) -> Number:
        """The number as its earliest held occurrence writes it."""
        return self.stated[0].number


def history(stated: Iterable[Stated]) -> list[Stage]:
    """The stages of a claim's number in order of date: 29, then 32.

    A rounded statement joins the stage whose number it rounds; numbers of another kind are left out. What is
    dated alike, as far as the dates are precise, is not taken to go back and forth, nor is one number an update
    of the other. What is dated by its retrieval alone joins a stage that it agrees with wherever that stands.
    """
    waiting = sorted(stated, key=lambda one: (after(one.moment), one.moment.at, one.node))
    stages: list[Stage] = []
    while waiting:
        one = _following(stages, waiting)
        waiting.remove(one)
        joined = _joined(stages, one)
        if joined is not None:
            stages[joined] = Stage((*stages[joined].stated, one), stages[joined].change, stages[joined].again)
        elif not stages:
            stages.append(Stage((one,), None))
        elif change := _compared(stages[-1].stated[-1], stages[-1].number, one):
            again = any(_agrees(stage, one) for stage in stages)
            stages.append(Stage((one,), Agreement.CONFLICT if again else change, again))
    return stages


def _following(stages: Sequence[Stage], waiting: Sequence[Stated]) -> Stated:
    """The next in order of date; of several dated alike one that goes on with the last stage."""
    alike = (one for one in waiting if abreast(waiting[0].moment, one.moment))
    return next((one for one in alike if stages and _agrees(stages[-1], one)), waiting[0])


def _joined(stages: Sequence[Stage], one: Stated) -> int | None:
    """The stage that a statement belongs to: the last one, or any that it agrees with where its date is open."""
    for at in range(len(stages) - 1, -1, -1):
        if _agrees(stages[at], one):
            return at
        if one.claimed:
            return None
    return None


def _agrees(stage: Stage, one: Stated) -> bool:
    return compare(stage.number, one.number) in _SAME


def _compared(last: Stated, number: Number, one: Stated) -> Agreement | None:
    return compare(number, one.number, in_order=not abreast(last.moment, one.moment))


def abreast(one: Moment, other: Moment) -> bool:
    """Whether two dates overlap, as far as they are precise, so that their order is not known."""
    return max(one.at, other.at) < min(after(one), after(other))
