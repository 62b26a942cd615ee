"""The rows that the ledger keeps beside its leaves: nodes of the tree, salts of names, long details."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary, Text
from sqlmodel import Field

from archive.catalog.columns import DigestColumn
from archive.catalog.tables import Row
from archive.digest import Digest


class NodeRow(Row, table=True):
    """A node of the ledger's tree over 256, 65,536, ... leaves: a cache, made anew from the leaves."""

    __tablename__ = "ledger_node"
    level: int = Field(primary_key=True)
    place: int = Field(sa_type=BigInteger, primary_key=True)
    hash: bytes = Field(sa_type=LargeBinary)


class OpeningRow(Row, table=True):
    """What opens the commitment that stands in leaves for an agent's name: append-only, but a salt can be erased."""

    __tablename__ = "opening"
    agent_id: UUID = Field(primary_key=True, foreign_key="agent.id")
    commitment: str = Field(max_length=80)
    salt: bytes | None = Field(default=None, sa_type=LargeBinary)
    position: int = Field(sa_type=BigInteger, index=True)


class DetailRow(Row, table=True):
    """A detail too long for a leaf, under the digest by which leaves name it."""

    __tablename__ = "detail"
    digest: Digest = Field(sa_type=DigestColumn, primary_key=True)
    body: str = Field(sa_type=Text)
