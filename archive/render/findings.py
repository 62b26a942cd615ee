"""Findings on receipt and conflicting dates, as they stand beside what they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archive.dating import conflicts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archive.finding import Finding
    from archive.model import Property
    from archive.record import Arrival, Holding
    from archive.render.page import Page


def finding_json(one: Finding) -> dict[str, Any]:
    """A finding: what kind of check, the code, the subject, what was expected and what was found."""
    return {
        "check": one.check,
        "code": one.code,
        "subject": one.subject,
        "expected": one.expected,
        "found": one.found,
        "outcome": "warning" if one.is_warning else "failure",
    }


def conflicts_of(held: Holding) -> tuple[Finding, ...]:
    """The contradictions between the dates of a version, those of all its captures counted."""
    first = min((each.recorded for each in held.captures), default=held.version.recorded)
    return conflicts((each.statement for each in held.said), first)


def conflicts_on_receipt(arrival: Arrival) -> tuple[Finding, ...]:
    """The contradictions between the dates of a copy that has just come in."""
    return conflicts((*arrival.said, *arrival.reading.statements))


def beside(page: Page, about: Property, said: Iterable[Finding], indent: int) -> None:
    """The conflicts of one date, below it."""
    for each in said:
        if each.subject == about.value:
            page.line(f"! {conflict_words(each)}", indent)


def conflict_words(one: Finding) -> str:
    """A conflict in words: what is wrong with the date, and which other date says so."""
    return f"{one.code}: {one.found}, {one.expected}"


def received(page: Page, said: Iterable[Finding], indent: int) -> None:
    """What a check on receipt found, a line each."""
    for each in said:
        page.line(f"{'warning' if each.is_warning else 'finding':<12}{each}", indent)
