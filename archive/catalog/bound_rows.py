"""Which rows the leaves of a page stand for: read table by table, a query each, never one for each leaf."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from sqlalchemy import Select, String, and_, select, type_coerce

from archive.catalog.bound import lines_of
from archive.catalog.chunks import chunked
from archive.catalog.columns import columns_of, table_of
from archive.catalog.copy_tables import (
    ReplicaCheckRow,
    ReplicaCopyRow,
    ReplicaEndRow,
    ReplicaRow,
    ScheduleRow,
)
from archive.catalog.fixity_results import results_said
from archive.catalog.fixity_tables import FixityPlanRow, ObjectDigestRow
from archive.catalog.ledger_rows import OpeningRow
from archive.catalog.rows import said_of
from archive.catalog.tables import (
    AccessionRow,
    AgentRow,
    AttributionRow,
    CaptureRow,
    EventRow,
    ExtractionRow,
    FixityEndRow,
    FixityRunRow,
    ItemRow,
    JudgementRow,
    ObjectRow,
    OutletActRow,
    ParagraphRow,
    PassageRow,
    Row,
    StatementRow,
    TextRow,
    VersionRow,
)
from archive.errors import ArchiveError, ExitCode
from archive.record import EventType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlmodel import Session

    from archive.ledger.canonical import Json
    from archive.model import Statement

Leaves = Mapping[int, Mapping[str, Any]]
"""What leaves say, by position."""

Lines = dict[int, dict[str, list[str]]]
"""The lines of rows by the position of the leaf that stands for them, and by table."""


class UnreadableRow(ArchiveError):
    """A row of a table holds what no such row can hold."""

    exit_code: ClassVar[ExitCode] = ExitCode.CHECK_FAILED

    def __init__(self, table: str, reason: str) -> None:
        super().__init__(f"a row holds what it cannot hold: {reason}")
        self.table = table


class Standing:
    """Finds the rows behind leaves in one state of the catalogue; `names` gives what stands for a name in a line."""

    def __init__(self, session: Session, names: Mapping[str, str]) -> None:
        self._session, self._names = session, names

    def lines(self, leaves: Leaves) -> Lines:
        """The rows that these leaves, which are neighbours, stand for, as lines."""
        lines: Lines = defaultdict(lambda: defaultdict(list))
        first, last = min(leaves), max(leaves)
        for name, query in self._queries(first, last, leaves):
            rows = list(self._each(name, query))
            positions = [columns.pop("leaf_position") for columns in rows]
            for position, line in zip(positions, self._lines(name, rows), strict=True):
                lines[position][name].append(line)
        self._captured(leaves, lines)
        self._named(leaves, lines)
        return lines

    def _each(self, name: str, query: Select[Any]) -> Iterator[dict[str, Any]]:
        """The rows of a table; raises `UnreadableRow` where somebody left in one what cannot be there."""
        try:
            for row in self._session.execute(query).mappings():
                yield dict(row)
        except (LookupError, ValueError, TypeError, ArchiveError) as error:
            raise UnreadableRow(name, str(error)) from error

    def captured(self, leaves: Leaves) -> dict[int, tuple[Any, list[Statement]]]:
        """What rows have of the captures that these leaves are about, by position: columns, and the statements."""
        positions = {key: at for at, leaf in leaves.items() if (key := identifier(leaf.get("subject")))}
        capture, version, held = table_of(CaptureRow), table_of(VersionRow), table_of(ObjectRow)
        columns = (capture.c.id, capture.c.object_digest, capture.c.container_digest)
        query = (
            select(*columns, version.c.text_digest, held.c.size)
            .join(version, version.c.id == capture.c.version_id)
            .join(held, held.c.digest == capture.c.object_digest)
        )
        found: dict[int, tuple[Any, list[Statement]]] = {}
        for some in chunked(list(positions)):
            for row in self._session.execute(query.where(capture.c.id.in_(some))):
                found[positions[row.id]] = (row, [])
            statement = table_of(StatementRow)
            with_capture = select(StatementRow).where(statement.c.capture_id.in_(some))
            for made in self._session.execute(with_capture).scalars():
                if made.capture_id and positions[made.capture_id] in found:
                    found[positions[made.capture_id]][1].append(said_of(made).statement)
        return found

    def _lines(self, name: str, rows: list[dict[str, Any]]) -> list[str]:
        return lines_of(name, rows, lambda said: self._names.get(said, said)) if rows else []

    def results(self, leaves: Leaves) -> dict[int, Json]:
        """Size and root over the results of each run whose end is among these leaves."""
        end = table_of(FixityEndRow)
        query = select(end.c.position, end.c.run_id).where(end.c.position.between(min(leaves), max(leaves)))
        return {
            row.position: results_said(self._session, row.run_id)
            for row in self._session.execute(query).all()
        }

    def _queries(self, first: int, last: int, leaves: Leaves) -> Iterator[tuple[str, Select[Any]]]:
        """A query for each table whose rows have a position or hang on a row that has one."""
        kinds = {leaf.get("type") for leaf in leaves.values()}
        if kinds & {EventType.CAPTURE, EventType.METADATA_EXTRACTION}:
            yield from _of_versions(first, last)
        if EventType.METADATA_MODIFICATION in kinds:
            for table in (JudgementRow, OutletActRow, ScheduleRow, ReplicaRow, ReplicaEndRow):
                yield _at(table, table_of(table).c.position, first, last)
        if EventType.REPLICATION in kinds:
            yield _at(ReplicaCopyRow, table_of(ReplicaCopyRow).c.position, first, last)
        if EventType.FIXITY_CHECK in kinds:
            yield _at(ReplicaCheckRow, table_of(ReplicaCheckRow).c.position, first, last)
            end = table_of(FixityEndRow)
            yield _at(FixityEndRow, end.c.position, first, last)
            for run, key in ((FixityRunRow, "id"), (FixityPlanRow, "run_id")):
                name, query = _at(run, end.c.position, first, last)
                yield name, query.join(end, end.c.run_id == table_of(run).c[key])
        if EventType.DIGEST_CALCULATION in kinds:
            yield _at(ObjectDigestRow, table_of(ObjectDigestRow).c.position, first, last)
        opening = table_of(OpeningRow)
        yield _at(OpeningRow, opening.c.position, first, last)
        name, query = _at(AgentRow, opening.c.position, first, last)
        yield name, query.join(opening, opening.c.agent_id == table_of(AgentRow).c.id)
        if EventType.ACCESSION in kinds:
            event, accession = table_of(EventRow), table_of(AccessionRow)
            name, query = _at(AccessionRow, event.c.position, first, last)
            opens = and_(event.c.subject == accession.c.label, event.c.type == EventType.ACCESSION)
            yield name, query.join(event, opens)

    def _captured(self, leaves: Leaves, lines: Lines) -> None:
        """The captures that leaves are about, and the statements that came with them."""
        positions = {}
        for position, leaf in leaves.items():
            if leaf.get("type") == EventType.CAPTURE and (key := identifier(leaf.get("subject"))):
                positions[key] = position
        for table, column in ((CaptureRow, "id"), (StatementRow, "capture_id")):
            name, key_column = str(table.__tablename__), table_of(table).c[column]
            for some in chunked(list(positions)):
                rows = list(self._each(name, select(*columns_of(table)).where(key_column.in_(some))))
                for row, line in zip(rows, self._lines(name, rows), strict=True):
                    lines[positions[row[column]]][name].append(line)

    def _named(self, leaves: Leaves, lines: Lines) -> None:
        """The objects and texts that the leaves of captures name."""
        for table, members in ((ObjectRow, ("object", "container")), (TextRow, ("text",))):
            name = str(table.__tablename__)
            wanted = defaultdict(set)
            for position, leaf in leaves.items():
                if leaf.get("type") == EventType.CAPTURE and name in leaf.get("rows", {}):
                    for member in members:
                        if leaf.get(member):
                            wanted[leaf[member]].add(position)
            columns = [column for column in columns_of(table) if column.name != "body"]
            digest = type_coerce(table_of(table).c.digest, String)
            for some in chunked(list(wanted)):
                rows = list(self._each(name, select(*columns).where(digest.in_(some))))
                for row, line in zip(rows, self._lines(name, rows), strict=True):
                    for position in wanted[str(row["digest"])]:
                        lines[position][name].append(line)


def identifier(subject: object) -> UUID | None:
    """The identifier that an event's subject is, None where it is something else."""
    try:
        return UUID(str(subject))
    except ValueError:
        return None


def _of_versions(first: int, last: int) -> Iterator[tuple[str, Select[Any]]]:
    """What was recorded with new versions, and what was extracted from them then or later."""
    version, extraction, made = table_of(VersionRow), table_of(ExtractionRow), table_of(AttributionRow)
    yield _at(VersionRow, version.c.position, first, last)
    name, query = _at(ItemRow, version.c.position, first, last)
    item = table_of(ItemRow)
    yield name, query.join(version, and_(version.c.item_id == item.c.id, version.c.number == 1))
    for table in (ParagraphRow, PassageRow):
        name, query = _at(table, version.c.position, first, last)
        yield name, query.join(version, version.c.id == table_of(table).c.version_id)
    yield _at(ExtractionRow, extraction.c.position, first, last)
    name, query = _at(AttributionRow, extraction.c.position, first, last)
    same = and_(
        made.c.version_id == extraction.c.version_id,
        made.c.method == extraction.c.method,
        made.c.method_version == extraction.c.method_version,
    )
    yield name, query.join(extraction, same)


def _at(table: type[Row], position: Any, first: int, last: int) -> tuple[str, Select[Any]]:
    query = select(position.label("leaf_position"), *columns_of(table)).select_from(table_of(table))
    return str(table.__tablename__), query.where(position.between(first, last))
