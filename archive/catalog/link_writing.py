"""Writing fingerprints and links: a batch in one transaction, together with how far linking has come."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, update
from sqlmodel import col

from archive.catalog.chunks import batched
from archive.catalog.link_reading import LinkState
from archive.catalog.link_tables import (
    LINKS,
    CommonFingerprintRow,
    FingerprintRow,
    LinkedRow,
    LinkRow,
    LinkStateRow,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlmodel import Session

    from archive.catalog.tables import Row
    from archive.catalog.writing import Writer
    from archive.lineage.candidates import FreshRow, Pair
    from archive.lineage.furniture import Furniture, Holder
    from archive.lineage.shared import SharedText
    from archive.model import Method

NUMBERS_A_DELETE = 4000
ROWS_AN_INSERT = 10_000


@dataclass(frozen=True, slots=True)
class LinkedBatch:
    """What linking a batch of versions came to; `linked` has each version's length in words.

    `compared` are the pairs that were compared, whose older links give way to `links`.
    """

    linked: Sequence[tuple[Holder, int]]
    fingerprints: Iterable[FreshRow]
    common: Mapping[int, Furniture | None]
    compared: Iterable[Pair]
    links: Sequence[SharedText]


def enter(writer: Writer, before: LinkState, after: LinkState, batch: LinkedBatch) -> bool:
    """Enter a batch and how far linking has come with it; does nothing where another writer was faster."""
    session = writer.session
    if not moved(session, before, after):
        return False
    _delete(session, "fingerprint", "hash", batch.common)
    _forget(session, batch.compared)
    insert_rows(session, LinkedRow, [_linked_values(*each) for each in batch.linked])
    insert_rows(session, FingerprintRow, batch.fingerprints)
    common = [(hashed, *_furniture_values(owned)) for hashed, owned in batch.common.items()]
    insert_rows(session, CommonFingerprintRow, common)
    insert_rows(session, LinkRow, [_link_values(link) for link in batch.links])
    return True


def finish(writer: Writer, state: LinkState) -> None:
    """Note that links made anew have come to the end of what is recorded."""
    moved(writer.session, state, LinkState(state.position, state.method, rebuilding=False))


def restart(writer: Writer, method: Method, *, rebuilding: bool) -> LinkState:
    """Forget all links and fingerprints, to make them anew by this method."""
    for table in (FingerprintRow, CommonFingerprintRow, LinkedRow, LinkRow):
        writer.session.execute(delete(table))
    state = LinkState(0, method, rebuilding)
    writer.session.execute(
        update(LinkStateRow).where(col(LinkStateRow.id) == LINKS).values(_state_values(state))
    )
    return state


def _state_values(state: LinkState) -> dict[str, Any]:
    method = {"method": state.method.name, "method_version": state.method.version}
    return {"position": state.position, "rebuilding": state.rebuilding, **method}


def moved(session: Session, before: LinkState, after: LinkState, which: int = LINKS) -> bool:
    """Move on from where a batch began; False where linking is somewhere else by now."""
    step = update(LinkStateRow).where(
        col(LinkStateRow.id) == which,
        col(LinkStateRow.position) == before.position,
        col(LinkStateRow.method) == before.method.name,
        col(LinkStateRow.method_version) == before.method.version,
    )
    return session.connection().execute(step.values(_state_values(after))).rowcount == 1


def insert_rows(session: Session, table: type[Row], rows: Iterable[tuple[Any, ...]]) -> None:
    """Rows straight to the driver: ten thousand of them take a third of the time that Core takes."""
    connection = session.connection()
    columns = [column.name for column in table.__table__.columns]  # type: ignore[attr-defined]  # SQLModel adds it
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    name = table.__tablename__
    names, marks = ", ".join(columns), ", ".join([mark] * len(columns))
    for some in batched(rows, ROWS_AN_INSERT):
        connection.exec_driver_sql(f"INSERT INTO {name} ({names}) VALUES ({marks})", some)  # noqa: S608 - our own names


def _delete(session: Session, table: str, column: str, numbers: Iterable[int]) -> None:
    for some in batched(sorted(numbers), NUMBERS_A_DELETE):
        listed = ",".join(map(str, some))
        session.connection().exec_driver_sql(f"DELETE FROM {table} WHERE {column} IN ({listed})")  # noqa: S608 - as above


def _forget(session: Session, pairs: Iterable[Pair]) -> None:
    """Delete the links of these pairs."""
    connection = session.connection()
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    rows = sorted(pairs)
    if rows:
        connection.exec_driver_sql(f"DELETE FROM link WHERE later = {mark} AND earlier = {mark}", rows)  # noqa: S608 - as above


def _linked_values(holder: Holder, words: int) -> tuple[Any, ...]:
    return holder.version, holder.item, holder.twin, holder.outlet, words


def _furniture_values(owned: Furniture | None) -> tuple[int | None, ...]:
    return (owned.outlet, *owned.first) if owned else (None, None, None, None)


def _link_values(link: SharedText) -> tuple[Any, ...]:
    counts = link.covered, link.covered_there, link.words, link.words_there
    spans = json.dumps(link.spans, separators=(",", ":"))
    return (
        link.later,
        link.earlier,
        link.label.value,
        *counts,
        spans,
        link.method.name,
        link.method.version,
    )
