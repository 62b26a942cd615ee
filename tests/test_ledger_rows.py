"""Rows against leaves: whatever is edited, added or taken away past the triggers, in whatever table, is found."""

from __future__ import annotations

import shutil
import sqlite3
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
import sqlalchemy
from hypothesis import given
from hypothesis import strategies as st

from archive.archive import open_archive, upgrade_archive
from archive.attribution.acts import Act, ActKind
from archive.catalog import create_catalog, fixity, fixity_entry, open_catalog
from archive.catalog.authority import enter_act
from archive.catalog.bound import lines_of
from archive.catalog.columns import DigestColumn
from archive.catalog.database import open_database
from archive.catalog.extraction import enter, judge
from archive.catalog.reading import Reader
from archive.catalog.replicas import (
    Replica,
    add_replica,
    end_replica,
    record_copies,
    record_copy_checks,
)
from archive.catalog.schedules import Promise, promise
from archive.catalog.schema import MADE_ANEW
from archive.catalog.tables import Row
from archive.checkpoints.continuing import continues, leaf_path
from archive.digest import Algorithm, Digest
from archive.ledger.canonical import canonical
from archive.ledger.checkpoint import Checkpoint
from archive.ledger.merkle import Frontier
from archive.model import Method
from archive.record import EventType, Judgement, Outcome
from archive.verdict import FixityResult, Verdict
from archive.verify.ledger import LedgerReport, audit_ledger
from tests.arrivals import BY, NOON, STORY, StoppedClock, copy, take
from tests.old import unpack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archive.archive import Archive
    from archive.catalog import Catalog
    from archive.catalog.writing import Writer
    from tests.postgres import Cluster

CACHES = {"ledger_head", *MADE_ANEW}
TABLES = {name: table for name, table in Row.metadata.tables.items() if name not in CACHES}
SALT = ("opening", "salt")
"""Erasing or changing a salt is looked at by itself."""


def fill(catalog: Catalog) -> None:
    """Something in every table, and in every column what can be there."""
    arrival = copy(outlet="Beacon", note="as it came", url="https://example.org/a")
    take(
        catalog, arrival, copy(f"Another.\n\n{STORY}", published="2026-03-01", retrieved="2026-03-02T10:00Z")
    )
    catalog.write(events)


def events(writer: Writer) -> None:
    reader = Reader(writer.session)
    first, second = reader.find("2026-0001.1@1")[0], reader.find("2026-0001.2@1")[0]
    run = writer.clock.new_id()
    intact, bad = [held.digest for held in reader.objects()][:2]
    plan, _ = fixity.open_run(writer, run, BY, "everything", whole=True)
    found = fixity_entry.Found(
        [intact.value],
        3,
        [FixityResult(bad, Verdict.ALTERED, "other bytes", NOON)],
        [(intact, Digest(Algorithm.SHA512, bytes(64)))],
    )
    fixity_entry.enter(writer, plan, BY, 0, [found])
    fixity.close_run(writer, run, BY, Outcome.FAILURE, {})
    writer.open_fixity_run("someone new", "a run that is cut off")
    enter_act(writer, BY, Act(ActKind.ADD, "beacon", ("Beacon", "The Beacon"), "other"))
    attribution = (Method("a rule", "1"), 0)
    judge(writer, BY, first, attribution, Judgement.CORRECTED, "Nora Quill", "she says so")
    (holding,) = reader.holdings([second])
    rule = Method("another rule", "2")
    enter(writer, BY, [(second, rule, [replace(made, method=rule) for made in holding.attributions])])
    writer.append(EventType.INGESTION, "long", Outcome.SUCCESS, BY, {"found": "long" * 5000})
    promise(writer, Promise("cron", "here", 86_400, 90 * 86_400, 1200, BY, NOON))
    held = next(reader.objects())
    place = Replica(add_replica(writer, "/mnt/copy", BY), "/mnt/copy", BY, NOON)
    record_copies(writer, place, [held], BY)
    record_copy_checks(writer, place, run, [FixityResult(held.digest, Verdict.MISSING, "nothing", NOON)], BY)
    end_replica(writer, place, BY)


def audit(catalog: Catalog) -> LedgerReport:
    return audit_ledger(cast("Archive", SimpleNamespace(catalog=catalog)))


def unguarded(address: str) -> sqlalchemy.Engine:
    """The database with its triggers gone and its references unchecked, as its owner can have it."""
    database = open_database(address)
    with database.writing().begin() as connection:
        if database.is_sqlite:
            names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in names.fetchall():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            for name in Row.metadata.tables:
                connection.exec_driver_sql(f'ALTER TABLE "{name}" DISABLE TRIGGER ALL')
    return database.writing()


def other(column: sqlalchemy.Column[Any], value: Any) -> Any:
    """Another value that the column can have."""
    if isinstance(column.type, DigestColumn):
        return Digest.of(str(value).encode())
    if isinstance(column.type, sqlalchemy.Enum):
        kinds = list(column.type.enum_class or ())
        return next(kind for kind in kinds if kind != value)
    if isinstance(value, datetime):
        return value + timedelta(seconds=1)
    if isinstance(column.type, sqlalchemy.Boolean):
        return not value
    if isinstance(column.type, sqlalchemy.Uuid):
        return uuid.uuid4()
    if isinstance(value, int):
        return value + 1_000_000
    return value + (b"x" if isinstance(value, bytes) else "x") if value is not None else _first(column)


def _first(column: sqlalchemy.Column[Any]) -> Any:
    """A value where there was none."""
    if "DATETIME" in str(column.type) or "time" in type(column.type).__name__.lower():
        return datetime(2020, 1, 1, tzinfo=UTC)
    return 7 if isinstance(column.type, sqlalchemy.Integer) else "x"


def edited(connection: sqlalchemy.Connection, table: str, name: str, place: int = 0) -> None:
    """Change one column of one row."""
    rows = TABLES[table]
    keys = list(rows.primary_key.columns)
    found = (
        connection.execute(sqlalchemy.select(rows).order_by(*keys).offset(place).limit(1)).mappings().one()
    )
    same = sqlalchemy.and_(*(key == found[key.name] for key in keys))
    value = other(rows.c[name], found[name])
    assert connection.execute(rows.update().where(same).values({name: value})).rowcount == 1


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue on SQLite with something in every table, and its guards gone."""
    path = tmp_path_factory.mktemp("rows") / "catalog.db"
    address = f"sqlite:{path}"
    with create_catalog(address, StoppedClock()) as catalog:
        fill(catalog)
        assert audit(catalog).findings == ()
    unguarded(address).dispose()
    return path


@pytest.fixture
def path(filled: Path, tmp_path: Path) -> Path:
    return shutil.copy(filled, tmp_path / "catalog.db")


def found_after(path: Path, *statements: str) -> list[str]:
    """What an audit finds once these statements were run: the subjects of its findings."""
    database = open_database(f"sqlite:{path}")
    with database.writing().connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        for statement in statements:
            connection.exec_driver_sql(statement)
        connection.commit()
    database.close()
    with open_catalog(f"sqlite:{path}", StoppedClock()) as catalog:
        return [finding.subject for finding in audit(catalog).findings]


@pytest.mark.parametrize("table", TABLES)
def test_no_column_of_any_row_can_be_edited(path: Path, table: str) -> None:
    rows = path.read_bytes()
    unseen = []
    for column in TABLES[table].columns:
        if (table, column.name) == SALT:
            continue
        path.write_bytes(rows)
        database = open_database(f"sqlite:{path}")
        with database.writing().connect() as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            edited(connection, table, column.name)
            connection.commit()
        database.close()
        with open_catalog(f"sqlite:{path}", StoppedClock()) as catalog:
            if not audit(catalog).findings:
                unseen.append(column.name)
    assert unseen == []


@pytest.mark.parametrize("table", TABLES)
def test_no_row_can_be_taken_away(path: Path, table: str) -> None:
    (key, *_) = TABLES[table].primary_key.columns
    gone = f'DELETE FROM "{table}" WHERE rowid = (SELECT min(rowid) FROM "{table}")'
    assert found_after(path, gone) != [], f"a row of {table} without {key}"


def another(key: str) -> str:
    """Another identifier than the one in this column: they are random, so that it may begin with any digit."""
    return f"CASE substr({key}, 1, 1) WHEN 'f' THEN 'e' ELSE 'f' END || substr({key}, 2)"


NEW_KEYS = {
    "accession": {"id": another("id"), "label": "'2026-0099'", "year": "2027"},
    "attribution": {"number": "77"},
    "capture": {"id": another("id")},
    "extraction": {"method": "'a third rule'"},
    "fixity_batch": {"number": "77"},
    "fixity_check": {"object_digest": f"'sha256:{'ab' * 32}'"},
    "fixity_end": {"run_id": another("run_id")},
    "item": {"id": another("id"), "label": "'2026-0099.1'", "number": "77"},
    "judgement": {"id": another("id")},
    "object": {"digest": f"'sha256:{'ab' * 32}'"},
    "object_digest": {"object_digest": f"'sha256:{'ab' * 32}'"},
    "opening": {"agent_id": another("agent_id")},
    "outlet_act": {"id": another("id")},
    "paragraph": {"number": "77"},
    "replica": {"id": another("id")},
    "replica_check": {"object_digest": f"'sha256:{'ab' * 32}'"},
    "replica_copy": {"object_digest": f"'sha256:{'ab' * 32}'"},
    "replica_end": {"replica_id": another("replica_id")},
    "schedule": {"id": another("id")},
    "passage": {"number": "77"},
    "statement": {"id": another("id")},
    "text": {"digest": f"'sha256:{'ab' * 32}'"},
    "version": {"id": another("id"), "number": "77"},
}
"""What makes another row of a row there is. An agent who did nothing, a run that was cut off, what it set out to do
and a detail that no leaf names say nothing and stand under no leaf."""


def test_every_table_has_rows_to_add() -> None:
    assert set(TABLES) - set(NEW_KEYS) == {"agent", "detail", "event", "fixity_plan", "fixity_run"}


@pytest.mark.parametrize("table", NEW_KEYS)
def test_no_row_can_be_added(path: Path, table: str) -> None:
    columns = [column.name for column in TABLES[table].columns]
    values = ", ".join(NEW_KEYS[table].get(name, f'"{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    last = f'rowid = (SELECT min(rowid) FROM "{table}")'
    assert (
        found_after(path, f'INSERT INTO "{table}" ({names}) SELECT {values} FROM "{table}" WHERE {last}')
        != []
    )


def test_an_edit_is_named_by_event_table_and_label(path: Path) -> None:
    database = open_database(f"sqlite:{path}")
    with database.writing().begin() as connection:
        connection.exec_driver_sql("UPDATE statement SET value = 'Post' WHERE about = 'outlet'")
    database.close()
    with open_catalog(f"sqlite:{path}", StoppedClock()) as catalog:
        (finding,) = audit(catalog).findings
    assert (finding.code, finding.subject, finding.detail) == (Verdict.ALTERED, "event 1", "2026-0001.1@1")
    assert finding.found.startswith("statement: ")


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE version SET state = 'nonsense'",
        "UPDATE capture SET recorded = 'yesterday'",
        "UPDATE object SET recorded = 'yesterday'",
        "UPDATE event SET type = 'nonsense', at = 'yesterday', id = 'x', outcome = 'none' WHERE position = 1",
        "UPDATE event SET body = CAST('[1' AS BLOB) WHERE position = 1",
    ],
)
def test_what_a_column_cannot_hold_is_a_finding(path: Path, damage: str) -> None:
    assert found_after(path, damage) != []


def test_a_name_is_erased_with_its_salt_and_nothing_breaks(path: Path) -> None:
    """The leaves hold a commitment; where its salt is gone and it stands in the place of the name, all fits."""
    erased = (
        "(SELECT commitment FROM opening WHERE agent_id = (SELECT id FROM agent WHERE name = 'M. Tansley'))"
    )
    assert (
        found_after(
            path,
            f"UPDATE statement SET said_by = {erased} WHERE said_by = 'M. Tansley'",
            f"UPDATE judgement SET said_by = {erased} WHERE said_by = 'M. Tansley'",
            f"UPDATE outlet_act SET said_by = {erased} WHERE said_by = 'M. Tansley'",
            "UPDATE opening SET salt = NULL",
            f"UPDATE agent SET name = {erased} WHERE name = 'M. Tansley'",
        )
        == []
    )
    assert b"Tansley" not in b"".join(leaves(path))


def leaves(path: Path) -> list[bytes]:
    with open_catalog(f"sqlite:{path}", StoppedClock()) as catalog, catalog.read() as reader:
        return [bytes(body) for _, body, _ in reader.leaves()]


def test_no_leaf_names_a_person(path: Path) -> None:
    written = b"".join(leaves(path))
    assert b"hmac-sha256:" in written
    for name in (b"Tansley", b"Nora Quill", b"she says so"):
        assert name not in written


def test_another_salt_or_name_is_found(path: Path, filled: Path) -> None:
    assert "event 0" in found_after(path, "UPDATE opening SET salt = randomblob(32)")
    shutil.copy(filled, path)
    assert "event 0" in found_after(path, "UPDATE agent SET name = 'Somebody Else' WHERE name = 'M. Tansley'")
    shutil.copy(filled, path)
    assert "event 0" in found_after(path, "UPDATE opening SET salt = NULL")


def test_a_salt_can_be_erased_and_nothing_else_of_an_opening(tmp_path: Path) -> None:
    address = f"sqlite:{tmp_path / 'catalog.db'}"
    with create_catalog(address, StoppedClock()) as catalog:
        take(catalog, copy())
    erases(address)


def test_a_salt_can_be_erased_and_nothing_else_of_an_opening_on_postgresql(postgres_url: str) -> None:
    with create_catalog(postgres_url, StoppedClock()) as catalog:
        take(catalog, copy())
    erases(postgres_url)


def erases(address: str) -> None:
    database = open_database(address)
    for refused in (
        "position = 7",
        "salt = NULL, position = 7",
        "salt = salt",
        "commitment = 'x', salt = NULL",
    ):
        with pytest.raises(sqlalchemy.exc.DBAPIError, match="append-only"):
            run(database.writing(), f"UPDATE opening SET {refused}")
    run(database.writing(), "UPDATE opening SET salt = NULL")
    database.close()


def run(engine: sqlalchemy.Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)


def test_a_leaf_has_at_most_64_kib_whatever_is_told(tmp_path: Path) -> None:
    with create_catalog(f"sqlite:{tmp_path / 'catalog.db'}", StoppedClock()) as catalog:
        long = {f"detail {n}": ["\x01" * 3000] * 3000 for n in range(3)}
        catalog.write(lambda w: w.append(EventType.FIXITY_CHECK, "x" * 200_000, Outcome.SUCCESS, BY, long))
        with catalog.read() as reader:
            ((_, body, _),) = reader.leaves()
        assert len(body) < 64 * 1024
        assert audit(catalog).findings == ()


@pytest.fixture(scope="module")
def filled_database(postgres_cluster: Cluster) -> Iterator[str]:
    with postgres_cluster.database() as url:
        with create_catalog(url, StoppedClock()) as catalog:
            fill(catalog)
            assert audit(catalog).findings == ()
        unguarded(url).dispose()
        yield url


def test_an_edit_in_any_table_is_found_on_postgresql(filled_database: str) -> None:
    """One column a table, and then as it was again."""
    unseen = []
    with open_catalog(filled_database, StoppedClock()) as catalog:
        for table, rows in TABLES.items():
            keys = {key.name for key in rows.primary_key.columns}
            plain = [c for c in rows.columns if c.name not in keys and not c.foreign_keys]
            column = next((c for c in plain if (table, c.name) != SALT and c.name != "commitment"), None)
            if column is None:
                continue
            engine = open_database(filled_database).writing()
            with engine.begin() as connection:
                before = connection.execute(sqlalchemy.select(rows)).mappings().all()
                edited(connection, table, column.name)
            if not audit(catalog).findings:
                unseen.append(f"{table}.{column.name}")
            with engine.begin() as connection:
                for row in before:
                    same = sqlalchemy.and_(*(rows.c[key] == row[key] for key in keys))
                    connection.execute(rows.update().where(same).values({column.name: row[column.name]}))
            engine.dispose()
        assert audit(catalog).findings == ()
    assert unseen == []


def test_an_archive_of_the_first_format_fits_and_it_is_said_what_is_not_bound(tmp_path: Path) -> None:
    place = unpack(tmp_path)
    upgrade_archive(place)
    with open_archive(place) as archive:
        report = audit_ledger(archive)
        assert (report.findings, report.first_format) == ((), report.size)
    with sqlite3.connect(place / "catalog.db") as connection:
        connection.execute("DROP TRIGGER guard_statement_update")
        connection.execute("UPDATE statement SET value = 'Another Post' WHERE about = 'outlet'")
    with open_archive(place) as archive:
        assert audit_ledger(archive).findings != ()


@given(
    st.dictionaries(
        st.from_regex(r"[a-z_]{1,12}", fullmatch=True),
        st.none() | st.text(st.characters(exclude_categories=["Cs"])) | st.integers(-(2**53) + 1, 2**53 - 1),
        min_size=1,
    )
)
def test_a_line_is_canonical_json(row: dict[str, str | int | None]) -> None:
    assert lines_of("any", [row], str) == [
        canonical({name: value for name, value in row.items() if value is not None}).decode()
    ]


def test_kept_nodes_that_do_not_fit_are_found_and_done_without(tmp_path: Path) -> None:
    """600 events, so that two nodes are kept. They are a cache: proofs are made from the leaves where it is wrong."""
    with create_catalog(f"sqlite:{tmp_path / 'catalog.db'}", StoppedClock()) as catalog:
        catalog.write(
            lambda w: [w.append(EventType.FIXITY_CHECK, f"{n}", Outcome.SUCCESS, BY, {}) for n in range(600)]
        )
        assert audit(catalog).findings == ()
        for wrong in (
            "UPDATE ledger_node SET hash = zeroblob(32) WHERE place = 1",
            "DELETE FROM ledger_node",
        ):
            engine = open_database(f"sqlite:{tmp_path / 'catalog.db'}")
            run(engine.writing(), wrong)
            engine.close()
            assert "node altered" in [each.detail for each in audit(catalog).findings]
            with catalog.read() as reader:
                ledger = reader.ledger()
                now = Checkpoint.of("o", ledger.head())
                assert len(leaf_path(ledger, ledger.leaf(7) or b"", 7, now)) == 10
                before = Frontier().extend(list(ledger.hashes())[:300])[0]
                assert continues(ledger, Checkpoint.of("o", before), now)
                assert not continues(ledger, Checkpoint("o", 300, bytes(32)), now)
