"""The tree of a query, which every engine and the highlighter understand alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

TEXT = "text"
"""The field that is searched where none is named: the headline and the text."""

WORDY = (TEXT, "headline", "quoted")
"""Fields of running text: words are found in all their forms, phrases exactly."""

NAMED = ("byline", "outlet", "source", "section")
"""Fields that hold names: their words are found as they stand."""

EXACT = ("language", "accession", "id", "digest", "basis", "item")
"""Fields that hold a sign: found whole, or by its beginning where a `*` follows."""

TIMES = ("published", "retrieved", "recorded")
"""Fields that hold a time, given as a day, month, year, or a range of these."""

NUMBER = "number"
"""The field of numbers with their scale."""


def stems(field: str) -> str:
    """The field that holds the stems of a field of running text."""
    return f"{field}_stem"


def values(field: str) -> str:
    """The field that holds the whole names of a field of names."""
    return f"{field}_is"


@dataclass(frozen=True, slots=True)
class All:
    """Everything."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No version at all."""


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word, in any of its forms where the field is of running text."""

    field: str
    word: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Folded words that follow on one another, exactly as they stand."""

    field: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """Folded words, in any order, each at its own place, that all lie within `distance` + 1 places."""

    field: str
    words: tuple[str, ...]
    distance: int


@dataclass(frozen=True, slots=True)
class Prefix:
    """Every word that begins so; `start` is where it stands in the query."""

    field: str
    word: str
    start: int = 0


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Words that differ by at most `edits` letters put in, left out, changed or swapped with the next."""

    field: str
    word: str
    edits: int


@dataclass(frozen=True, slots=True)
class Exactly:
    """A sign: a language, an accession, a label, a digest."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Between:
    """A time from `since` up to but not including `until`; None is open. Unknown times are never between."""

    field: str
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Number:
    """A number in normal form, or a range of numbers with both ends."""

    low: str
    high: str
    start: int = 0


@dataclass(frozen=True, slots=True)
class Every:
    """All of these hold."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of these holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Most:
    """At least so many of these hold: how a pasted sentence is looked for."""

    parts: tuple[Node, ...]
    least: int


@dataclass(frozen=True, slots=True)
class Without:
    """This does not hold."""

    part: Node


Node = (
    All
    | Nothing
    | Word
    | Phrase
    | Near
    | Prefix
    | Fuzzy
    | Exactly
    | Between
    | Number
    | Every
    | Either
    | Most
    | Without
)


def positive(node: Node) -> Iterator[Node]:
    """The leaves that a version is found by: all but those under a negation."""
    match node:
        case Every(parts) | Either(parts) | Most(parts):
            for part in parts:
                yield from positive(part)
        case Without() | All() | Nothing():
            return
        case _:
            yield node
