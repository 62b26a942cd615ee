"""The versions of an item beside one another: what each changed, word by word."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archive.archive import Archive
    from archive.record import Holding


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence that was added (`before` is empty), dropped (`after` is empty) or changed."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Step:
    """A version and what it changed against the one before."""

    holding: Holding
    changes: tuple[Change, ...]


def versions(archive: Archive, reference: str) -> list[Step]:
    """All versions of the items that the reference names, in order, each with its changes."""
    with archive.catalog.read() as reader:
        held = reader.holdings(reader.siblings(reader.find(reference)))
    steps: list[Step] = []
    for holding in held:
        before = steps[-1].holding if steps else None
        same_item = before is not None and before.version.item_id == holding.version.item_id
        steps.append(Step(holding, changes(before, holding) if before and same_item else ()))
    return steps


def changes(before: Holding, after: Holding) -> tuple[Change, ...]:
    """The sentences that differ; neighbours that were replaced together are paired in order."""
    old, new = _sentences(before), _sentences(after)
    found: list[Change] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        gone, come = old[a:b], new[c:d]
        found += [Change(was, now) for was, now in zip_longest(gone, come, fillvalue="")]
    return tuple(found)


def _sentences(holding: Holding) -> list[str]:
    return [passage.span.of(holding.text) for passage in holding.passages]
