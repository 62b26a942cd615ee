"""What goes into the index and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from index.errors import State
    from index.tree import Node


@dataclass(frozen=True, slots=True)
class Document:
    """One version, as it is indexed.

    `key` is the version's identifier, `item` the identifier of its item, `number` its number within the item
    from 1. `position` is the catalogue's position at which it was recorded. `text` is the canonical text: it
    is given to be indexed and is not kept here. `numbers` are in normal form (`415000000`, `3.5`); times are
    in UTC. `same_text` is the digest of the canonical text, `digest` that of the object.
    """

    key: str
    item: str
    label: str
    position: int
    text: str
    headline: str = ""
    number: int = 1
    byline: str = ""
    outlet: str = ""
    sources: tuple[str, ...] = ()
    language: str = ""
    section: str = ""
    quoted: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    published: datetime | None = None
    retrieved: datetime | None = None
    recorded: datetime | None = None
    accession: str = ""
    digest: str = ""
    same_text: str = ""
    external_ids: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()


class Versions(StrEnum):
    """Which versions of an item may be found."""

    ALL = "all"
    LATEST = "latest"
    FIRST = "first"


class Order(StrEnum):
    """What comes first: the best match, or the newest (by publication as claimed, else by retrieval)."""

    RELEVANCE = "relevance"
    DATE = "date"
    OLDEST = "oldest"


class Group(StrEnum):
    """What hits are put together by."""

    NONE = "none"
    ITEM = "item"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one search may cost, so that no query can hurt.

    `length` counts characters of the query, `clauses` its words and conditions, `depth` its nested brackets;
    `prefix` is the fewest letters before a `*`, `expansions` the most words a prefix or a range of numbers
    may
    stand for, `fuzzy` the most words that a `~` stands for; `distance` is the widest near; `seconds` is
    the time
    after which a search ends with what it has; `page` the most hits on one page.
    """

    length: int = 4_000
    clauses: int = 200
    depth: int = 20
    prefix: int = 3
    expansions: int = 2_000
    fuzzy: int = 50
    distance: int = 100
    seconds: float = 10.0
    page: int = 1_000


@dataclass(frozen=True, slots=True)
class Request:
    """A question to the index.

    `query` is text in the language of `index.query`, a tree that was parsed from it, or empty for everything.
    The other conditions narrow it: `since` (inclusive) and `until` (exclusive) are compared with the
    publication
    as claimed. `like` is a text whose likes are wanted, and `unlike` the keys of versions to leave out.
    `facets` names any of `outlet`, `source`, `language`, `section`, `year`, `basis`. Pages count from 1.
    """

    query: str | Node = ""
    outlets: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    versions: Versions = Versions.ALL
    order: Order = Order.RELEVANCE
    group: Group = Group.NONE
    facets: tuple[str, ...] = ()
    limit: int = 20
    page: int = 1
    like: str = ""
    unlike: tuple[str, ...] = ()
    suggest: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A version that was found; `others` are the further ones of its group, best first."""

    key: str
    item: str
    label: str
    score: float
    others: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """A value of a facet and how many of the versions found have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Another spelling of a word of the query that the index knows: "did you mean"."""

    word: str
    instead: str
    count: int


@dataclass(frozen=True, slots=True)
class Results:
    """What a search found.

    `total` counts versions, `groups` the groups they fall into (or versions again, ungrouped). `incomplete`:
    the time was up, what is here is right but not all. `position` is the catalogue position the answer
    covers.
    `tree` is the query as it was understood, for highlights. `notes` are remarks in words for a person.
    """

    hits: tuple[Hit, ...]
    total: int
    groups: int
    position: int
    tree: Node
    incomplete: bool = False
    facets: dict[str, tuple[Count, ...]] = field(default_factory=dict)
    suggestions: tuple[Suggestion, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Health:
    """The state of the index, the catalogue position it covers, how many versions it holds, and why it is
    so.
    """

    state: State
    position: int = 0
    documents: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A document that could not be indexed, and why; nothing of it is in the index."""

    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Added:
    """What became of documents given to the index."""

    added: int
    refused: tuple[Refused, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index holds of a version, as far as it can be compared with the record; `text` is its mark."""

    key: str
    item: str
    label: str
    number: int
    position: int
    text: int


@dataclass(frozen=True, slots=True)
class Frequencies:
    """In how many of the versions each of some folded words stands in the text, in any of its forms."""

    versions: int
    counts: Mapping[str, int]
