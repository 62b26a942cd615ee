"""The kinds of checks of what is held, and of which kind a finding is that says nothing but its own words.

The leaf of a finding that is of no object names the run and not the kind of check. The words of each kind are its
own, so the kind is told from them; they are in ledgers for good and must go on being understood.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from archive.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping


class Kind(StrEnum):
    """What can be checked by itself."""

    OBJECTS = "objects"
    COPIES = "copies"
    STRAYS = "strays"
    CATALOGUE = "catalogue"
    TEXTS = "texts"
    LEDGER = "ledger"
    INDEX = "index"
    READINGS = "readings"
    SCHEDULE = "schedule"


_WHOLE = {
    "catalogue": Kind.CATALOGUE,
    "index": Kind.INDEX,
    "checkpoints": Kind.LEDGER,
    "store": Kind.OBJECTS,
    "reader": Kind.OBJECTS,
}
"""Subjects of which there is one."""

_BEGINNINGS = (
    ("replica ", Kind.COPIES),
    ("paragraph ", Kind.TEXTS),
    ("spans of ", Kind.TEXTS),
    ("reading of ", Kind.READINGS),
    ("event ", Kind.LEDGER),
    ("events ", Kind.LEDGER),
    ("ledger, event", Kind.LEDGER),
    ("table ", Kind.LEDGER),
    ("checkpoint ", Kind.LEDGER),
    ("time stamp ", Kind.LEDGER),
)
"""How subjects begin of which there are many."""


def kinds_of(leaf: Mapping[str, object]) -> frozenset[Kind]:
    """The kinds of checks that can have made a finding, from its leaf; empty where it is of none that we know.

    A text is compared with its digest by two kinds.
    """
    code, subject, expected = (str(leaf.get(name)) for name in ("code", "subject", "expected"))
    if code == Verdict.UNVERIFIABLE and expected in ("nothing", "a record"):
        return frozenset({Kind.STRAYS})
    if expected == "a leaf of the ledger":
        return frozenset({Kind.LEDGER})
    if subject.startswith("text sha256:"):
        return frozenset({Kind.TEXTS, Kind.LEDGER})
    if subject in _WHOLE:
        return frozenset({_WHOLE[subject]})
    if subject.endswith(" in the index"):
        return frozenset({Kind.INDEX})
    return frozenset(kind for beginning, kind in _BEGINNINGS if subject.startswith(beginning))
