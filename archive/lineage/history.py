"""The value history of a claim: which number was stated from when on, by whom it was held earliest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.text.agreement import Agreement, compare

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from archive.text.numbers import Number


@dataclass(frozen=True, slots=True)
class Stated:
    """A number as one occurrence of a claim states it, and the date the occurrence is put in order by."""

    node: str
    at: datetime
    number: Number


@dataclass(frozen=True, slots=True)
class Stage:
    """Occurrences in a row that agree on a number, and how it compares with the stage before, if any."""

    stated: tuple[Stated, ...]
    change: Agreement | None

    @property
    def number(self) -> Number:
        """The number as its earliest held occurrence writes it."""
        return self.stated[0].number


def history(stated: Iterable[Stated]) -> list[Stage]:
    """The stages of a claim's number in order of date: 29, then 32.

    A rounded statement joins the stage whose number it rounds; numbers of another kind are left out.
    """
    stages: list[tuple[list[Stated], Agreement | None]] = []
    for one in sorted(stated, key=lambda one: (one.at, one.node)):
        if not stages:
            stages.append(([one], None))
            continue
        change = compare(stages[-1][0][0].number, one.number, in_order=True)
        if change in (Agreement.AGREE, Agreement.ROUNDED):
            stages[-1][0].append(one)
        elif change:
            stages.append(([one], change))
    return [Stage(tuple(some), change) for some, change in stages]
