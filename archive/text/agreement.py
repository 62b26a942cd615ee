"""Whether two numbers that stand for the same thing agree: asked after a match, never to decide one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from archive.text import numerals
from archive.text.numbers import Hedge, Number, NumberKind

if TYPE_CHECKING:
    from collections.abc import Sequence


class Agreement(StrEnum):
    """How two numbers that stand for the same thing compare."""

    AGREE = "agree"
    ROUNDED = "rounded"
    UPDATED = "updated"
    CONFLICT = "conflict"


_SCALED = 1000
"""From this step on a number has a scale in words ("400 million"), before which zeros fill as those in digits do."""

# Quantities that do not move with time: where these differ, one of the two is wrong.
_FIXED = {NumberKind.YEAR, NumberKind.DAY, NumberKind.TIME, NumberKind.AGE}
# What news counts is counted up: a later count that is lower takes the earlier one back.
_GROWING = {NumberKind.COUNT, NumberKind.MEASURE, NumberKind.ORDINAL}


def compare(earlier: Number, later: Number, *, in_order: bool = False) -> Agreement | None:
    """How two numbers for the same thing compare; None where they count different kinds of thing.

    `agree`: the same value. `rounded`: one lies within what the wording of the other leaves open. `updated`:
    they differ, are known to be in this order (`in_order`), and count something that moves, and not back.
    Else `conflict`.
    """
    if earlier.kind is not later.kind or earlier.unit != later.unit:
        return None
    vague = Hedge.PLURAL in (earlier.hedge, later.hedge)
    if earlier.value == later.value and not (vague and earlier.hedge is not later.hedge):
        return Agreement.AGREE
    if earlier.kind not in _FIXED and (_leaves_open(earlier, later) or _leaves_open(later, earlier)):
        return Agreement.ROUNDED
    moved = in_order and earlier.kind not in _FIXED
    taken_back = earlier.kind in _GROWING and later.value < earlier.value
    return Agreement.UPDATED if moved and not taken_back else Agreement.CONFLICT


def _leaves_open(stated: Number, other: Number) -> bool:
    """Whether the wording of a number leaves room for another.

    Two that are bounded on the same side ("at least 37", "more than 39") are two counts, not one rounded.
    """
    if stated.hedge in (Hedge.AT_LEAST, Hedge.AT_MOST) and stated.hedge is other.hedge:
        return False
    low, high = bounds(stated)
    return low <= other.value <= high


def bounds(stated: Number) -> tuple[Decimal, Decimal]:
    """The least and the greatest value that the wording of a number leaves open.

    A number written to the last unit leaves nothing open; one with a scale or filling zeros half its last
    place; one bounded on one side its last place, or with a scale a tenth where zeros fill that much, for who
    says "more than 400 million" does not speak in single millions; one called approximate its last place or a tenth.
    """
    value, step = stated.value, stated.step
    place = step if step > 1 or step != step.to_integral_value() else Decimal(0)
    if step >= _SCALED:
        place = max(place, min(_last_place(value), abs(value) / 10))
    loose = max(step, abs(value) / 10)
    match stated.hedge:
        case Hedge.ABOUT:
            return value - loose, value + loose
        case Hedge.NEARLY:
            return value - loose, value + loose / 2
        case Hedge.AT_LEAST:
            return value, value + place
        case Hedge.AT_MOST:
            return value - place, value
        case Hedge.PLURAL:
            return _plural_bounds(value)
    half = step / 2 if step >= 100 or step != step.to_integral_value() else Decimal(0)
    return value - half, value + half


def _last_place(value: Decimal) -> Decimal:
    """The place of the last digit that is no zero."""
    exponent = value.normalize().as_tuple().exponent if value else 0
    return Decimal(10) ** exponent if isinstance(exponent, int) else Decimal(0)


def _plural_bounds(value: Decimal) -> tuple[Decimal, Decimal]:
    return next((Decimal(low), Decimal(high)) for low, high in numerals.PLURALS.values() if low == value)


@dataclass(frozen=True, slots=True)
class NumberPair:
    """Two numbers that stand for the same thing in two passages, and how they compare."""

    earlier: Number
    later: Number
    agreement: Agreement


def paired(earlier: Sequence[Number], later: Sequence[Number], *, in_order: bool = False) -> list[NumberPair]:
    """Set numbers of two matching passages side by side: the same kind and unit, best the same thing counted.

    Each number is used once. Numbers that find no counterpart are left out: they are no disagreement.
    """
    ranked = sorted(
        (
            (_likeness(one, other), -abs(at - to), at, to)
            for at, one in enumerate(earlier)
            for to, other in enumerate(later)
            if one.kind is other.kind and one.unit == other.unit
        ),
        reverse=True,
    )
    used_earlier: set[int] = set()
    used_later: set[int] = set()
    found: dict[int, NumberPair] = {}
    for likeness, _, at, to in ranked:
        if likeness <= 0 or at in used_earlier or to in used_later:
            continue
        agreement = compare(earlier[at], later[to], in_order=in_order)
        if agreement:
            used_earlier.add(at)
            used_later.add(to)
            found[at] = NumberPair(earlier[at], later[to], agreement)
    return [found[at] for at in sorted(found)]


def _likeness(one: Number, other: Number) -> int:
    """How likely two numbers stand for the same thing: value, word after them, kind."""
    same_value = compare(one, other) in (Agreement.AGREE, Agreement.ROUNDED)
    counted = one.counted == other.counted
    return (
        4 * same_value
        + 2 * (counted and one.counted is not None)
        + (one.counted is None or other.counted is None or one.kind is not NumberKind.COUNT)
    )
