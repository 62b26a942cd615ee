"""Column types: digests, enumerations by value, and the naming of constraints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Enum, MetaData, String, TypeDecorator, type_coerce

from archive.digest import Digest

if TYPE_CHECKING:
    from enum import StrEnum

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Dialect
    from sqlmodel import SQLModel

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

METADATA = MetaData(naming_convention=NAMES)


class DigestColumn(TypeDecorator[Digest]):
    """A digest as `sha256:` and hexadecimal digits."""

    impl = String
    cache_ok = True

    def __init__(self) -> None:
        super().__init__(length=160)

    def process_bind_param(self, value: Digest | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Python to SQL."""
        return None if value is None else str(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Digest | None:  # noqa: ARG002 - SQLAlchemy's signature
        """SQL to Python."""
        return None if value is None else Digest.parse(value)


def by_value(kind: type[StrEnum]) -> Enum:
    """An enumeration kept as its values in plain text: no native type, no CHECK that a batch alter would drop."""
    return Enum(
        kind,
        native_enum=False,
        length=32,
        values_callable=lambda members: [member.value for member in members],
        validate_strings=True,
        create_constraint=False,
    )


def table_of(row: type[SQLModel]) -> Any:
    """The table behind a row's class, for queries that make no objects."""
    return row.__table__  # type: ignore[attr-defined]  # every class of a table has one


def columns_of(row: type[SQLModel]) -> list[Any]:
    """The columns of a table, for reading rows as mappings."""
    return list(table_of(row).columns)


def unindexed(column: object) -> ColumnElement[str]:
    """A column of words as an expression, so that no index of it is chosen.

    Without statistics SQLite takes an index for a good one by how many columns it has: what is asked about a few
    versions or captures, and about a property, would be sought among all statements about that property. Statistics
    of a few hundred rows an index, which would be quick enough to gather, do not tell it better.
    """
    return type_coerce(column, String).concat("")
