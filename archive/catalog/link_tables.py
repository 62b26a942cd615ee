"""The rows of links. All of them are a cache: made from the record, and made again by `claimtrail relink`.

So these tables have no guards: rows change and go as links are found and found wanting. A version is named by
its position in the ledger, a small number, where the record names it by an identifier of sixteen bytes.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, Text
from sqlmodel import Field

from archive.catalog.columns import by_value
from archive.catalog.tables import Row
from archive.lineage.links import LinkLabel

LINKS, CLAIM_MARKS = 1, 2
"""Which row of `link_state` speaks of what."""

_CLUSTERED = {"sqlite_with_rowid": False}
"""Rows lie in the order of their key, which is all that most of them are."""


class FingerprintRow(Row, table=True):
    """A cache: a fingerprint of a version and the number of its first word; none of those that are common."""

    __tablename__ = "fingerprint"
    __table_args__ = _CLUSTERED
    hash: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    version: int = Field(sa_type=BigInteger, primary_key=True)
    position: int


class CommonFingerprintRow(Row, table=True):
    """A cache: a fingerprint that very many versions hold, and whose furniture it is, with three that show it."""

    __tablename__ = "common_fingerprint"
    __table_args__ = _CLUSTERED
    hash: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    outlet: int | None = Field(default=None, sa_type=BigInteger)
    first: int | None = Field(default=None, sa_type=BigInteger)
    second: int | None = Field(default=None, sa_type=BigInteger)
    third: int | None = Field(default=None, sa_type=BigInteger)


class LinkedRow(Row, table=True):
    """A cache: a version whose links are made; `item` and `twin` are the first of its item and of its text.

    `outlet` is a number made from the outlet's key or name; `words` is the length of the text.
    """

    __tablename__ = "linked"
    __table_args__ = _CLUSTERED
    version: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    item: int = Field(sa_type=BigInteger)
    twin: int = Field(sa_type=BigInteger)
    outlet: int | None = Field(default=None, sa_type=BigInteger)
    words: int


class LinkRow(Row, table=True):
    """A cache: two versions that share text, the later recorded first; spans as JSON, in characters of both.

    A span is `[start, end, start there, end there]`; `covered` and `covered_there` count words.
    """

    __tablename__ = "link"
    __table_args__ = (Index("ix_link_earlier", "earlier", "later"),)
    later: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    earlier: int = Field(sa_type=BigInteger, primary_key=True)
    label: LinkLabel = Field(sa_type=by_value(LinkLabel))
    covered: int
    covered_there: int
    words: int
    words_there: int
    spans: str = Field(sa_type=Text)
    method: str = Field(max_length=64)
    method_version: str = Field(max_length=64)


class ClaimMarkRow(Row, table=True):
    """A cache: a mark of what a passage of a version states; passages worded nearly alike share one."""

    __tablename__ = "claim_mark"
    __table_args__ = _CLUSTERED
    hash: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    version: int = Field(sa_type=BigInteger, primary_key=True)
    passage: int = Field(primary_key=True)


class LinkStateRow(Row, table=True):
    """A cache: how far in the ledger links (1) and claim marks (2) are made, by which method, and whether anew."""

    __tablename__ = "link_state"
    id: int = Field(primary_key=True)
    position: int = Field(sa_type=BigInteger)
    method: str = Field(max_length=64)
    method_version: str = Field(max_length=64)
    rebuilding: bool
