"""Two versions beside one another: words, numbers and attributions that were added, dropped and changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.compare.changes import Changes, changes

if TYPE_CHECKING:
    from archive.archive import Archive
    from archive.record import Holding

NOTHING = Changes((), ())
"""What a first version changed."""


@dataclass(frozen=True, slots=True)
class Step:
    """A version and what it changed against the one before."""

    holding: Holding
    changes: Changes


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions and what differs between them."""

    before: Holding
    after: Holding
    changes: Changes


def compare(archive: Archive, one: str, other: str, *, trivial: bool = True) -> Comparison:
    """Compare the versions that two identifiers name; of an item it is the latest.

    Without `trivial`, changes of punctuation, white space, case, typography and place are left out. Raises
    what finding a version raises.
    """
    with archive.catalog.read() as reader:
        found = [reader.find(reference)[-1] for reference in (one, other)]
        before, after = reader.holdings(found)
    return Comparison(before, after, _changes(before, after, trivial=trivial))


def versions(archive: Archive, reference: str, *, trivial: bool = True) -> list[Step]:
    """All versions of the items that the reference names, in order, each with its changes."""
    with archive.catalog.read() as reader:
        held = reader.holdings(reader.siblings(reader.find(reference)))
    steps: list[Step] = []
    for holding in held:
        before = steps[-1].holding if steps else None
        same_item = before is not None and before.version.item_id == holding.version.item_id
        found = _changes(before, holding, trivial=trivial) if before and same_item else NOTHING
        steps.append(Step(holding, found))
    return steps


def _changes(before: Holding, after: Holding, *, trivial: bool) -> Changes:
    found = changes(before, after)
    return found if trivial else found.without_trivial()
