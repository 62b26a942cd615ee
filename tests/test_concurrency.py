"""Several at once on one archive: nothing is lost, and whoever waits says so."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest
import sqlalchemy

from archive.archive import catalog_address, open_archive
from archive.catalog import create_catalog, open_catalog
from archive.catalog.database import BUSY_MILLISECONDS, open_database
from archive.catalog.retry import Locked
from archive.cli import main
from archive.clock import SystemClock
from archive.errors import ExitCode
from archive.ledger.merkle import Frontier, leaf_hash
from archive.record import EventType, Outcome
from archive.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parent.parent
APPENDS, PROCESSES = 200, 4

APPENDING = """
import sys
from archive.catalog import open_catalog
from archive.cli import main
from archive.clock import SystemClock
from archive.record import EventType, Outcome
address, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
with open_catalog(address, SystemClock()) as catalog:
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(count):
        subject = f"{name}-{number}"
        catalog.write(lambda w: w.append(EventType.FIXITY_CHECK, subject, Outcome.SUCCESS, name, {}))
"""

Command: TypeAlias = "Callable[..., tuple[int, str, str]]"
COMMAND = "import sys; from archive.cli import main; sys.exit(main())"


def python(script: str, *words: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *words],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def claimtrail(capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs a command in this process: its exit status, its output, and what it says beside it."""

    def run(*words: str | Path) -> tuple[int, str, str]:
        capsys.readouterr()
        status = main([str(word) for word in words])
        return status, *capsys.readouterr()

    return run


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a catalogue can be made, on each back end."""
    if request.param == "sqlite":
        return f"sqlite:{tmp_path / 'catalog.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def archive(address: str, tmp_path: Path, claimtrail: Command) -> Path:
    """An archive with its catalogue on each back end, made on the command line."""
    place = tmp_path / "archive"
    where = [] if address.startswith("sqlite") else ["--catalog", address]
    status, _, beside = claimtrail("init", place, *where)
    assert status == ExitCode.DONE, beside
    return place


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "files"
    folder.mkdir()
    made = [folder / f"{number}.txt" for number in range(12)]
    for number, path in enumerate(made):
        path.write_text(f"The council met on day {number}. It spent {number} million, the clerk said.\n")
    return made


@contextmanager
def writing(archive: Path) -> Iterator[None]:
    """Hold the writer's lock, as another command does that is at work."""
    database = open_database(catalog_address(archive, load_settings(archive)))
    with database.writing().begin() as connection:
        connection.execute(
            sqlalchemy.text("SELECT * FROM ledger_head" + ("" if database.is_sqlite else " FOR UPDATE"))
        )
        yield
        connection.rollback()
    database.close()


def test_appends_from_several_processes_lose_none(address: str) -> None:
    create_catalog(address, SystemClock()).close()
    share = str(APPENDS // PROCESSES)
    running = [python(APPENDING, address, f"process-{number}", share) for number in range(PROCESSES)]
    for each in running:
        assert each.stdout
        assert each.stdout.readline() == "ready\n"
    for each in running:
        assert each.stdin
        each.stdin.write("go\n")
        each.stdin.flush()
    for each in running:
        _, beside = each.communicate()
        assert each.returncode == 0, beside
    with open_catalog(address, SystemClock()) as catalog, catalog.read() as reader:
        leaves, events, head = list(reader.leaves()), reader.events(), reader.ledger_head()
    assert [position for position, _, _ in leaves] == list(range(APPENDS))
    assert all(leaf_hash(body) == recorded for _, body, recorded in leaves)
    assert Frontier().extend([recorded for _, _, recorded in leaves])[0].root() == head.root()
    said = [f"process-{number}-{each}" for number in range(PROCESSES) for each in range(int(share))]
    assert sorted(event.subject for event in events) == sorted(said)
    by_process = [event.agent for event in events]
    assert by_process != sorted(by_process), "they did take turns"


def test_two_ingests_at_once_both_succeed(archive: Path, files: list[Path], claimtrail: Command) -> None:
    halves = [files[:6], files[6:]]
    running = [
        python(COMMAND, "ingest", "--archive", str(archive), *map(str, half), CLAIMTRAIL_BATCH_FILES="2")
        for half in halves
    ]
    for each in running:
        output, beside = each.communicate()
        assert each.returncode == ExitCode.DONE, beside
        assert "6 new items" in output
    status, output, beside = claimtrail("verify", "--archive", archive)
    assert status == ExitCode.DONE, output + beside
    assert "12 intact" in output
    with open_archive(archive) as held, held.catalog.read() as reader:
        totals = reader.totals()
        labels = {str(version.label) for version in reader.recorded_from(0, 100)}
    assert (totals.accessions, totals.items, totals.captures) == (2, 12, 12)
    assert {label.partition("-")[2] for label in labels} == {
        f"{accession:04d}.{number}@1" for accession in (1, 2) for number in range(1, 7)
    }


def test_an_ingest_beside_a_writer_says_that_it_waits_and_goes_on(archive: Path, files: list[Path]) -> None:
    with writing(archive):
        ingest = python(COMMAND, "ingest", "--archive", str(archive), str(files[0]))
        assert ingest.stderr
        assert "waiting for another command" in ingest.stderr.readline()
        assert ingest.poll() is None
    output, beside = ingest.communicate()
    assert ingest.returncode == ExitCode.DONE, beside
    assert "1 new item" in output
    assert beside == "", "it says so once"


def test_patience_ends_in_a_message_and_nothing_recorded(
    archive: Path, files: list[Path], claimtrail: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAIMTRAIL_PATIENCE", "1")
    with writing(archive):
        status, output, beside = claimtrail("ingest", "--archive", archive, files[0])
    assert status == ExitCode.LOCKED
    assert "new item" not in output
    assert "try again" in beside
    assert "Traceback" not in beside
    status, output, _ = claimtrail("status", "--archive", archive)
    assert status == ExitCode.DONE
    assert "1 item, 1 version, 1 capture" in output, "what was sealed is recorded by the next command"


@pytest.mark.parametrize("words", [["verify"], ["ingest", "--dry-run", __file__], ["upgrade"]], ids=" ".join)
def test_whatever_waits_says_so(
    tmp_path: Path, claimtrail: Command, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setenv("CLAIMTRAIL_PATIENCE", "1")
    assert claimtrail("init", tmp_path / "archive")[0] == ExitCode.DONE
    with writing(tmp_path / "archive"):
        status, _, beside = claimtrail(*words, "--archive", tmp_path / "archive")
    assert status == ExitCode.LOCKED
    assert beside.startswith("claimtrail: waiting for another command")


def test_reading_goes_on_beside_a_writer(archive: Path, files: list[Path], claimtrail: Command) -> None:
    assert claimtrail("ingest", "--archive", archive, files[3])[0] == ExitCode.DONE
    with writing(archive), open_archive(archive) as held, held.catalog.read() as reader:
        assert reader.totals().items == 1


def test_patience_is_what_was_asked_for(address: str) -> None:
    create_catalog(address, SystemClock()).close()
    database, waited = open_database(address), list[bool]()
    with open_catalog(address, SystemClock(), patience_seconds=0) as catalog:
        with database.writing().begin() as connection:
            if not database.is_sqlite:
                connection.execute(sqlalchemy.text("SELECT * FROM ledger_head FOR UPDATE"))
            with pytest.raises(Locked):
                catalog.write(append, lambda: waited.append(True))
        assert not waited, "without patience it does not wait"
        assert catalog.write(append) == 0, "nothing was recorded by the one that gave up"
    database.close()


def test_a_writer_that_waits_gets_its_turn(address: str) -> None:
    create_catalog(address, SystemClock()).close()
    database, told = open_database(address), threading.Event()
    with open_catalog(address, SystemClock()) as catalog:
        with database.writing().begin() as connection:
            if not database.is_sqlite:
                connection.execute(sqlalchemy.text("SELECT * FROM ledger_head FOR UPDATE"))
            positions = list[int]()
            waiting = threading.Thread(target=lambda: positions.append(catalog.write(append, told.set)))
            waiting.start()
            assert told.wait(60)
            time.sleep(BUSY_MILLISECONDS / 1000)
            assert positions == []
        waiting.join(60)
        assert positions == [0]
    database.close()


def append(writer: object) -> int:
    return writer.append(EventType.FIXITY_CHECK, "x", Outcome.SUCCESS, "x", {})  # type: ignore[attr-defined,no-any-return]


def test_an_archive_on_postgresql_works_from_end_to_end(
    postgres_url: str, tmp_path: Path, claimtrail: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, story = tmp_path / "archive", ROOT / "seeds" / "port-ellery"
    monkeypatch.setenv("CLAIMTRAIL_ARCHIVE", str(place))
    assert claimtrail("init", place, "--catalog", postgres_url)[0] == ExitCode.DONE
    assert not (place / "catalog.db").exists()
    status, output, beside = claimtrail("ingest", "--manifest", story / "manifest.csv")
    assert (status, "9 new items, 1 new version" in output) == (ExitCode.DONE, True), output + beside
    for words, expected in {
        ("show", "2026-0001.2"): "Quillmark Press Agency",
        ("search", '"2,300 households"'): "households",
        ("trace", "2,300 households had no running water"): "origin",
        ("versions", "2026-0001.4"): "1,900",
        ("log",): "captured",
        ("status",): "10 versions",
        ("verify",): "10 intact",
        ("reindex",): "10",
        ("upgrade",): "nothing to do",
    }.items():
        status, output, beside = claimtrail(*words)
        assert (status, expected in output) == (ExitCode.DONE, True), (words, output, beside)
    taken = claimtrail("init", tmp_path / "other", "--catalog", postgres_url)
    assert taken[0] == ExitCode.USAGE
    assert "belongs to an archive" in taken[2]
