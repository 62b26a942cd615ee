"""What the archivist says about a copy on receipt, and the statements that it makes."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Self

from archive.errors import UsageError
from archive.formats.columns import columns
from archive.label import Label
from archive.model import Basis, Evidence, Method, Moment, Precision, Property, Statement
from archive.text.dates import date

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

TOLD = Method("archivist", "1")

LONGEST = 8_000
"""The most characters that one thing said may have: all of them have to fit a leaf of the ledger."""

FILE_TIME = Method("file-time", "1")
RECEIPT_TIME = Method("time-of-receipt", "1")


@dataclass(frozen=True, slots=True)
class Told:
    """What the archivist said of one copy, in the words of the options or of a manifest's row.

    `place` says where: `option`, or the manifest's name and line. `columns` is what a file of rows calls its
    columns. Raises `BadDate`, `BadLabel` and `BadColumns`.
    """

    outlet: str | None = None
    url: str | None = None
    retrieved: str | None = None
    retrieved_by: str | None = None
    published: str | None = None
    claimed_source: str | None = None
    item: str | None = None
    note: str | None = None
    columns: str | None = None
    place: str = "option"

    def __post_init__(self) -> None:
        for name in TOLD_FIELDS:
            if len(getattr(self, name) or "") > LONGEST:
                raise UsageError(f"the {name.replace('_', ' ')} is longer than {LONGEST:,} characters")
        for given in (self.retrieved, self.published):
            if given is not None:
                date(given)
        columns(self.columns)
        if self.item is not None and Label.parse(self.item).item is None:
            raise UsageError(f"{self.item} is an accession; name an item, such as {self.item}.1")

    @classmethod
    def of(cls, row: Mapping[str, str | None], place: str) -> Self:
        """From a row of a manifest; empty fields say nothing."""
        return cls(**{name: row[name] for name in TOLD_FIELDS if row.get(name)}, place=place)

    def over(self, general: Told) -> Told:
        """This, and what the other says where this says nothing."""
        gaps = {name: getattr(general, name) for name in TOLD_FIELDS if getattr(self, name) is None}
        return replace(self, **gaps)

    def as_dict(self) -> dict[str, str]:
        """Only what was said; `Told(**...)` reads it."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @property
    def item_label(self) -> Label | None:
        """The item that the copy is said to be a version of."""
        return Label.parse(self.item).of_item if self.item else None

    @property
    def column_map(self) -> dict[str, str]:
        """From our name of each column of a file of rows to the file's."""
        return columns(self.columns)

    @property
    def retrieved_moment(self) -> Moment | None:
        """When the archivist says the copy was retrieved."""
        return date(self.retrieved) if self.retrieved else None

    def statements(self, by: str) -> tuple[Statement, ...]:
        """What it asserts, in the archivist's name."""
        given = {
            Property.OUTLET: self.outlet,
            Property.ADDRESS: self.url,
            Property.RETRIEVED: self.retrieved,
            Property.RETRIEVED_BY: self.retrieved_by,
            Property.PUBLISHED: self.published,
            Property.CLAIMED_SOURCE: self.claimed_source,
            Property.COLUMNS: self.columns,
            Property.NOTE: self.note,
        }
        return tuple(self._statement(about, value, by) for about, value in given.items() if value)

    def _statement(self, about: Property, value: str, by: str) -> Statement:
        moment = date(value) if about in (Property.RETRIEVED, Property.PUBLISHED) else None
        evidence = Evidence(value, place=f"{self.place} {about.value}")
        return Statement(about, value.strip(), Basis.ASSERTED, TOLD, evidence, moment, said_by=by)


TOLD_FIELDS = tuple(field.name for field in fields(Told) if field.name != "place")


def retrieval(modified: datetime | None, received: datetime) -> tuple[Statement, ...]:
    """When the copy was retrieved where nobody says: the file's time, else that of receipt."""
    at, method, place = (
        (modified, FILE_TIME, "file modification time") if modified else (received, RECEIPT_TIME, "clock")
    )
    whole = at.replace(microsecond=0)
    moment = Moment(whole, Precision.SECOND, whole.isoformat(), "+00:00")
    evidence = Evidence(moment.original, place=place)
    return (Statement(Property.RETRIEVED, str(moment), Basis.INFERRED, method, evidence, moment),)
