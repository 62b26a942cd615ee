"""Following a claim: every occurrence held, how close each is, whom it is attributed to, where it leads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archive.catalog.links_between import links_between
from archive.model import Property
from archive.trace.asked import NothingToTrace, Scope, claim_of, scope
from archive.trace.finding import Finder
from archive.trace.occurrence import occurrences_of
from archive.trace.origins import trail_of, when
from archive.trace.values import Values, in_time, values
from archive.uncollected import uncollected

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archive.archive import Archive
    from archive.label import Label
    from archive.lineage.trail import Trail
    from archive.trace.asked import Claim
    from archive.trace.finding import Match
    from archive.trace.occurrence import Occurrence

PROPOSED = 100
"""How many versions the index proposes from each window of time; all are ranked."""

COMPARED = 80
"""How many of these are compared with the claim word by word: those that rank highest."""

FOLLOWED = 100
"""How many of the closest occurrences make the trail, whether or not they are shown."""


@dataclass(frozen=True, slots=True)
class Traced:
    """The answer: what was asked, its occurrences in order of date, the trail they make, and changed numbers.

    The trail is made of all occurrences that were found, also of those that lie outside of what was asked for:
    `beyond` counts these. A narrow question does not cut a claim off from its origin. `names` are the outlets
    of all versions in the trail, as they are named; `denying` are those of its versions that deny the claim, and
    `unread` those in a language in which attributions are not read.
    """

    claim: str
    asked_from: Label | None
    occurrences: tuple[Occurrence, ...]
    trail: Trail
    values: tuple[Values, ...] = ()
    beyond: int = 0
    names: Mapping[str, str] = field(default_factory=dict)
    denying: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()

    def only_denied(self, at: int) -> bool:
        """Whether nothing leads to an origin but what denies the claim."""
        led = {node for node, places in self.trail.leads.items() if at in places}
        return bool(led) and led <= self.denying


def trace(archive: Archive, asked: str, limit: int = 50, within: Scope | None = None) -> Traced:
    """Follow a claim given in words, or by the label of a passage, version or item, or by a digest.

    Raises `NothingToTrace`, and what finding a label or asking the index raises.
    """
    with uncollected():
        return _traced(archive, asked, limit, within or Scope())


def _traced(archive: Archive, asked: str, limit: int, within: Scope) -> Traced:
    claim = claim_of(archive, asked, within)
    wanted, others = _matches(archive, claim, within, limit)
    with archive.catalog.read() as reader:
        occurrences = occurrences_of(reader, archive.authority, claim, [*wanted, *others])
        links = links_between(reader, [each.holding.version.position for each in occurrences])
    ordered = sorted(occurrences, key=when)
    if claim.at is None:
        ordered = in_time(ordered)
    asked_for = {match.sketch.label for match in wanted}
    shown = tuple(each for each in ordered if each.holding.version.label in asked_for)
    trail = trail_of(ordered, archive.authority, links)
    said = {each.id: each.holding.first(Property.OUTLET) for each in ordered}
    return Traced(
        claim.text,
        claim.asked_from,
        shown,
        trail,
        values(claim.text, ordered),
        len(ordered) - len(shown),
        {version: outlet.value for version, outlet in said.items() if outlet},
        frozenset(each.id for each in ordered if each.denied),
        frozenset(each.id for each in ordered if each.unread),
    )


def _matches(archive: Archive, claim: Claim, within: Scope, limit: int) -> tuple[list[Match], list[Match]]:
    """What states the claim and was asked for, closest first, and what else states it and makes the trail."""
    finder = Finder(archive)
    every = _closest(finder.find(claim, Scope(), PROPOSED, COMPARED))
    inside = every
    if within.narrow:
        inside = _closest(finder.find(claim, within, PROPOSED, max(limit, COMPARED)))
    wanted = [match for match in inside if not within.kinds or match.closeness.kind in within.kinds][:limit]
    known = {match.sketch.id for match in wanted}
    return wanted, [match for match in every[:FOLLOWED] if match.sketch.id not in known]


def _closest(found: list[Match]) -> list[Match]:
    """Those that state the claim, closest first; a headline without a text has no place that could be shown."""
    stated = [match for match in found if match.closeness.kind is not None and match.passage is not None]
    return sorted(stated, key=lambda match: -match.closeness.score)


__all__ = ["NothingToTrace", "Scope", "Traced", "scope", "trace"]
