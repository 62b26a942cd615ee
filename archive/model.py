"""The vocabulary: what is said about an item, on what basis, and by which method."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


class Basis(StrEnum):
    """How a statement came about; two bases never overwrite each other."""

    OBSERVED = "observed"
    CLAIMED = "claimed"
    INFERRED = "inferred"
    ASSERTED = "asserted"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a canonical text, in characters, from `start` up to but not including `end`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start} to {self.end}")

    def of(self, text: str) -> str:
        """The characters of the text that the span covers."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one character."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: Span) -> bool:
        """Whether the other lies wholly inside this one."""
        return self.start <= other.start and other.end <= self.end

    def __len__(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True, order=True)
class Method:
    """What made a statement: a rule or tool and its version, written `name/version`."""

    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.name}/{self.version}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a statement can be seen: the quoted words, and their span where they stand in the canonical text.

    `place` names where else the words stand: `header Date`, `meta[name=author]`, `command line`.
    """

    quote: str
    span: Span | None = None
    place: str | None = None


class Precision(StrEnum):
    """How exactly a time is known."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"


_SHAPES = {
    Precision.YEAR: "%Y",
    Precision.MONTH: "%Y-%m",
    Precision.DAY: "%Y-%m-%d",
    Precision.MINUTE: "%Y-%m-%dT%H:%MZ",
    Precision.SECOND: "%Y-%m-%dT%H:%M:%SZ",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as far as it is known: its earliest instant in UTC, how precise it is, and the original words.

    `zone` is the offset or name that the original gave (None: it gave none). A date-only moment is the
    date as it was written, at midnight UTC: it is not shifted.
    """

    at: datetime
    precision: Precision
    original: str
    zone: str | None = None

    def __post_init__(self) -> None:
        if self.at.tzinfo is not UTC:
            raise ValueError(f"a moment is in UTC, not {self.at.tzinfo}")

    def __str__(self) -> str:
        shape = _SHAPES[self.precision].replace("%Y", f"{self.at.year:04d}")
        return self.at.strftime(shape)


class Property(StrEnum):
    """What a statement about an item says."""

    TITLE = "title"
    BYLINE = "byline"
    OUTLET = "outlet"
    PUBLISHED = "published"
    MODIFIED = "modified"
    RETRIEVED = "retrieved"
    RETRIEVED_BY = "retrieved_by"
    LANGUAGE = "language"
    ADDRESS = "url"
    CANONICAL_ADDRESS = "canonical_url"
    SECTION = "section"
    CLAIMED_SOURCE = "claimed_source"
    EXTERNAL_ID = "external_id"
    CHARSET = "charset"
    COLUMNS = "columns"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing said about an item: what, on which basis, by which method, where it can be seen, who says so.

    `value` is in normal form (a date as ISO 8601 to its precision, a language as a BCP 47 tag); the
    original wording stands in the evidence and, for a time, in the moment. `said_by` names the person
    behind an asserted statement.
    """

    about: Property
    value: str
    basis: Basis
    method: Method
    evidence: Evidence | None = None
    moment: Moment | None = None
    said_by: str | None = None

    def __post_init__(self) -> None:
        if self.basis is Basis.ASSERTED and not self.said_by:
            raise ValueError(f"an asserted {self.about} needs the name of who asserts it")
        if self.basis is Basis.CLAIMED and self.evidence is None:
            raise ValueError(f"a claimed {self.about} needs its evidence")


class ParagraphKind(StrEnum):
    """What a paragraph of a news text is."""

    HEADLINE = "headline"
    TEXT = "text"
    CROSSHEAD = "crosshead"
    CAPTION = "caption"
    BYLINE = "byline"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a canonical text."""

    span: Span
    kind: ParagraphKind = ParagraphKind.TEXT


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence or heading of a canonical text, numbered from 1 in the order of the text."""

    number: int
    span: Span
    kind: ParagraphKind = ParagraphKind.TEXT


class ReadingState(StrEnum):
    """How reading a file ended; the bytes are kept whichever it is."""

    READ = "read"
    EMPTY = "empty"
    FAILED = "failed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found in a file: canonical text, its paragraphs, and the statements the file makes.

    `format` is the short name of the format as `claimtrail formats` lists it. `reason` says in words why
    a reading is not `read`; `text` is empty then.
    """

    state: ReadingState
    format: str
    reader: Method
    text: str = ""
    paragraphs: tuple[Paragraph, ...] = ()
    statements: tuple[Statement, ...] = ()
    reason: str | None = None

    def first(self, about: Property) -> Statement | None:
        """The first statement about a property: readers give the best first."""
        return next((s for s in self.statements if s.about is about), None)


class AttributionKind(StrEnum):
    """How a passage says that its content comes from someone."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"
    CREDIT = "credit"
    DOCUMENT = "document"
    HEARSAY = "hearsay"


class SourceKind(StrEnum):
    """What the someone in an attribution is, as far as it can honestly be said."""

    OUTLET = "outlet"
    PERSON = "person"
    ORGANISATION = "organisation"
    DOCUMENT = "document"
    ANONYMOUS = "anonymous"
    SELF = "self"
    UNRESOLVED = "unresolved"


@dataclass(frozen=True, slots=True)
class ClaimedSource:
    """The someone in an attribution: as named there, and what that name stands for within the article.

    `name` is the fullest name the article gives for it ("the report" may stand for "Greek City Times");
    `outlet` is the key of an entry of the authority file where the name is one of its names.
    """

    kind: SourceKind
    name: str
    outlet: str | None = None


@dataclass(frozen=True, slots=True)
class Attribution:
    """A passage says that its content comes from someone: source words, cue and content as spans of the text.

    A span list may hold several stretches (`"...", he said, "..."` has its content in two). `within` is the
    place in the list of attributions of the one that encloses this one in a chain, from 0.
    """

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    kind: AttributionKind
    resolved: ClaimedSource
    method: Method
    within: int | None = None


class ClosenessKind(StrEnum):
    """In what way a passage states the claim."""

    VERBATIM = "verbatim"
    QUOTED = "quoted"
    REWORDED = "reworded"
    NUMBERS_DIFFER = "numbers differ"
