"""An old archive comes up to date without losing a row, or stays as it was."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import archive.catalog.schema as schema
from archive.archive import open_archive, upgrade_archive
from archive.catalog import create_catalog, open_catalog
from archive.catalog.database import open_database
from archive.catalog.retry import CatalogFailed, Locked
from archive.catalog.schema import (
    NEWEST,
    NeedsUpgrade,
    NewerCatalog,
    UpgradeFailed,
    migrations_directory,
    upgrade,
)
from archive.catalog.tables import Row
from archive.cli import main
from archive.clock import SystemClock
from archive.errors import ExitCode
from archive.verify import verify
from tests.old import changed, rows_of, schema_of, unpack

if TYPE_CHECKING:
    from collections.abc import Callable

    from archive.catalog.database import Database

Told: TypeAlias = "Callable[..., tuple[int, str, str]]"


def revisions() -> list[str]:
    """Every revision, the first one first."""
    config = Config()
    config.set_main_option("script_location", str(migrations_directory()))
    return [made.revision for made in ScriptDirectory.from_config(config).walk_revisions()][::-1]


def bring(path: Path, target: str = "head") -> tuple[str | None, str | None]:
    database = open_database(f"sqlite:{path}")
    try:
        return upgrade(database, target)
    finally:
        database.close()


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return unpack(tmp_path)


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    create_catalog(f"sqlite:{tmp_path / 'fresh.db'}", SystemClock()).close()
    return tmp_path / "fresh.db"


# What the migrations are


def test_they_are_one_line_that_ends_in_what_the_program_needs() -> None:
    assert revisions() == [f"{number:04d}" for number in range(1, len(revisions()) + 1)]
    assert revisions()[-1] == NEWEST


def test_none_of_them_can_be_undone_or_reads_the_program() -> None:
    for path in (migrations_directory() / "versions").glob("*.py"):
        source = path.read_text()
        assert "def downgrade" not in source, "nothing is forgotten"
        assert "import archive" not in source, "the program moves on, a migration stays"
        assert "from archive" not in source


def difference(database: Database) -> list[object]:
    """What autogenerate would write."""
    with database.engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), Row.metadata))


def test_the_tables_are_what_the_program_says_on_sqlite(fresh: Path) -> None:
    database = open_database(f"sqlite:{fresh}")
    assert difference(database) == []
    database.close()


def test_the_tables_are_what_the_program_says_on_postgresql(postgres_url: str) -> None:
    create_catalog(postgres_url, SystemClock()).close()
    database = open_database(postgres_url)
    assert difference(database) == []
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE item ADD COLUMN extra text")
    assert difference(database) != []
    database.close()


# The old archive


def test_the_old_archive_is_full_and_names_no_machine(old: Path) -> None:
    rows = rows_of(old / "catalog.db")
    assert rows["alembic_version"] == [{"version_num": "0001"}]
    assert all(rows.values()), "a row in every table"
    assert {Path(str(row["name"])).parent.as_posix() for row in rows["capture"]} == {"port-ellery"}
    assert {row["name"] for row in rows["agent"]} == {"M. Tansley"}


@pytest.mark.parametrize("target", revisions()[1:])
def test_every_migration_keeps_every_row_as_it_was(old: Path, target: str) -> None:
    file = old / "catalog.db"
    for revision in revisions()[1 : revisions().index(target) + 1]:
        before = rows_of(file)
        assert bring(file, revision)[1] == revision
        assert changed(before, rows_of(file)) == []
        with closing(sqlite3.connect(file)) as connection:
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_an_old_catalogue_becomes_what_a_new_one_is(old: Path, fresh: Path) -> None:
    assert upgrade_archive(old) == ("0001", NEWEST)
    assert schema_of(old / "catalog.db") == schema_of(fresh)


def test_an_old_archive_is_intact_and_usable_afterwards(old: Path) -> None:
    upgrade_archive(old)
    with open_archive(old) as archive:
        report = verify(archive)
        assert report.findings == ()
        assert report.counts == {"intact": 11}
        with archive.catalog.read() as reader:
            labels = [str(version.label) for version in reader.find("2026-0001.4")]
            assert labels == ["2026-0001.4@1", "2026-0001.4@2"]
            assert all(holding.captures for holding in reader.holdings(reader.find("2026-0001")))


def test_old_rows_come_up_to_date_on_postgresql(old: Path, postgres_url: str) -> None:
    database = open_database(postgres_url)
    assert upgrade(database, "0001") == (None, "0001")
    before = copy_rows(old / "catalog.db", database)
    assert upgrade(database) == ("0001", NEWEST)
    after = read_rows(database)
    database.close()
    assert changed(before, after) == []
    with open_catalog(postgres_url, SystemClock()) as catalog, catalog.read() as reader:
        assert reader.totals().captures == 12
        assert len(list(reader.leaves())) == reader.ledger_head().size == 19


def copy_rows(source: Path, target: Database) -> dict[str, list[dict[str, object]]]:
    """Put the rows of the SQLite catalogue into the tables of the other; what is there then."""
    tables = reflected(target)
    reading = sqlalchemy.create_engine(f"sqlite:///{source}")
    with reading.connect() as connection, target.engine.begin() as into:
        for table in tables.sorted_tables:
            if table.name == "alembic_version":
                continue
            rows = [
                {
                    name: value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
                    for name, value in row.items()
                }
                for row in connection.execute(table.select()).mappings()
            ]
            if table.name == "ledger_head":
                into.execute(table.update().values({name: rows[0][name] for name in ("size", "frontier")}))
            else:
                into.execute(table.insert(), rows)
    reading.dispose()
    return read_rows(target)


def read_rows(database: Database) -> dict[str, list[dict[str, object]]]:
    with database.engine.connect() as connection:
        return {
            name: [dict(row) for row in connection.execute(table.select()).mappings()]
            for name, table in reflected(database).tables.items()
        }


def reflected(database: Database) -> sqlalchemy.MetaData:
    """The tables as they are, with types that both back ends know."""
    metadata = sqlalchemy.MetaData()
    sqlalchemy.event.listen(
        metadata, "column_reflect", lambda _i, _t, column: column.update(type=column["type"].as_generic())
    )
    metadata.reflect(database.engine)
    return metadata


# The machinery, with made-up migrations


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The migrations in a place of their own, to which one can be added."""
    place = tmp_path / "migrations"
    shutil.copytree(migrations_directory(), place, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(schema, "migrations_directory", lambda: place)
    monkeypatch.setattr(schema, "NEWEST", "9999")
    return place


def plant(place: Path, *lines: str) -> None:
    body = "\n".join(f"    {line}" for line in lines)
    (place / "versions" / "9999_planted.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f"revision, down_revision, branch_labels, depends_on = '9999', '{NEWEST}', None, None\n"
        f"def upgrade():\n{body}\n"
    )


BATCH = (
    "with op.batch_alter_table('item') as table:",
    "    table.add_column(sa.Column('shelf', sa.String(), nullable=True))",
    "    table.alter_column('label', type_=sa.String(64))",
)


def test_a_batch_alter_of_a_parent_keeps_its_children(old: Path, planted: Path) -> None:
    plant(planted, *BATCH)
    before = rows_of(old / "catalog.db")
    assert bring(old / "catalog.db") == ("0001", "9999")
    assert changed(before, rows_of(old / "catalog.db")) == []


def test_the_comparison_sees_the_triggers_that_a_batch_alter_drops(
    fresh: Path, old: Path, planted: Path
) -> None:
    plant(planted, *BATCH)
    bring(old / "catalog.db")
    missing = {name for _, name, _ in schema_of(fresh)} - {
        name for _, name, _ in schema_of(old / "catalog.db")
    }
    assert missing == {"guard_item_update", "guard_item_delete", "guard_item_insert"}


def test_the_comparison_sees_a_row_that_was_lost_or_changed(old: Path, planted: Path) -> None:
    plant(
        planted,
        "op.execute('DROP TRIGGER guard_fixity_check_delete')",
        "op.execute('DROP TRIGGER guard_passage_update')",
        "op.execute('DELETE FROM fixity_check WHERE rowid = 1')",
        "op.execute('UPDATE passage SET start = start + 1 WHERE rowid = 1')",
    )
    before = rows_of(old / "catalog.db")
    bring(old / "catalog.db")
    lost = changed(before, rows_of(old / "catalog.db"))
    assert sum("fixity_check" in words for words in lost) == 2
    assert sum("passage" in words for words in lost) == 1


@pytest.mark.parametrize(
    ("last", "failure"),
    [
        ("op.execute('DROP TRIGGER guard_version_delete'); op.execute('DELETE FROM version')", UpgradeFailed),
        ("op.execute('DELETE FROM object')", CatalogFailed),
        ("raise RuntimeError('half way')", RuntimeError),
    ],
)
def test_a_migration_that_fails_changes_nothing(
    old: Path, planted: Path, last: str, failure: type[Exception]
) -> None:
    plant(planted, "op.create_table('made_halfway', sa.Column('id', sa.Integer()))", *BATCH, last)
    file = old / "catalog.db"
    rows, made = rows_of(file), schema_of(file)
    with pytest.raises(failure):
        bring(file)
    assert rows_of(file) == rows
    assert schema_of(file) == made
    database = open_database(f"sqlite:{file}")
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    database.close()


def test_a_migration_that_fails_changes_nothing_on_postgresql(planted: Path, postgres_url: str) -> None:
    database = open_database(postgres_url)
    upgrade(database, NEWEST)
    plant(
        planted,
        "op.create_table('made_halfway', sa.Column('id', sa.Integer()))",
        "op.execute('DELETE FROM item')",
    )
    with pytest.raises(CatalogFailed, match="item is append-only"):
        upgrade(database)
    with database.engine.connect() as connection:
        assert schema.revision_of(connection) == NEWEST
        assert not sqlalchemy.inspect(connection).has_table("made_halfway")
    database.close()


def test_a_catalogue_that_is_up_to_date_is_left_alone(fresh: Path) -> None:
    rows, made = rows_of(fresh), schema_of(fresh)
    assert bring(fresh) == (NEWEST, NEWEST)
    assert (rows_of(fresh), schema_of(fresh)) == (rows, made)


def test_an_upgrade_waits_for_a_writer_and_then_gives_up(old: Path) -> None:
    with closing(sqlite3.connect(old / "catalog.db", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        database = open_database(f"sqlite:{old / 'catalog.db'}")
        with pytest.raises(Locked):
            upgrade(database, patience_seconds=0)
        writer.execute("ROLLBACK")
        assert upgrade(database, patience_seconds=0) == ("0001", NEWEST)
        database.close()


# What the commands say


@pytest.fixture
def told(old: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Told:
    """Runs a command on the old archive: its exit status, its output, and what it says beside it."""
    monkeypatch.setenv("CLAIMTRAIL_ARCHIVE", str(old))

    def run(*words: str) -> tuple[int, str, str]:
        status = main(words)
        return status, *capsys.readouterr()

    return run


def test_commands_on_an_old_catalogue_name_the_upgrade_and_it_works(told: Told) -> None:
    for words in (["status"], ["ingest", __file__], ["verify"], ["reindex"], ["show", "2026-0001.1"]):
        status, output, beside = told(*words)
        assert (status, output) == (ExitCode.NEEDS_UPGRADE, "")
        assert "run `claimtrail upgrade`" in beside
    status, output, beside = told("upgrade")
    brought, key = output.splitlines()
    assert (status, brought, beside) == (0, f"the catalogue was brought from 0001 to {NEWEST}", "")
    assert key.startswith("made a key that signs checkpoints, fingerprint ")
    assert told("upgrade") == (0, f"the catalogue is at {NEWEST} already; nothing to do\n", "")
    assert told("show", "2026-0001.1")[0] == 0


def test_commands_on_a_newer_catalogue_say_so(old: Path, told: Told) -> None:
    with closing(sqlite3.connect(old / "catalog.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    for words in (["status"], ["upgrade"]):
        status, output, beside = told(*words)
        assert (status, output) == (ExitCode.NEEDS_UPGRADE, "")
        assert "install a newer Claimtrail" in beside


def test_the_two_have_the_same_exit_code() -> None:
    assert NeedsUpgrade.exit_code is NewerCatalog.exit_code is ExitCode.NEEDS_UPGRADE
