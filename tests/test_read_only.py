"""An archive that cannot be written: it answers, it says what it cannot do, and it changes nothing."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from archive.cli import main

ROOT = Path(__file__).parent.parent
NOBODY = 65534

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("setpriv"),
    reason="needs root and setpriv to become a user who may only read",
)


@pytest.fixture
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive that everybody may read and only root may write."""
    place = tmp_path_factory.mktemp("shared") / "news"
    assert main(["init", str(place)]) == 0
    assert main(["ingest", "--archive", str(place), str(ROOT / "seeds" / "000_4b77468e57cc8906.txt")]) == 0
    for path in (place, *place.parents):
        if path.stat().st_uid == 0 and path != Path("/") and path != Path("/tmp"):
            path.chmod(0o755)
    (place / "index").chmod(0o700)
    return place


def as_nobody(place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a user who owns nothing here."""
    program = "import sys; from archive.cli import main; sys.exit(main())"
    command = [
        "setpriv",
        f"--reuid={NOBODY}",
        f"--regid={NOBODY}",
        "--clear-groups",
        sys.executable,
        "-B",
        "-c",
        program,
    ]
    return subprocess.run(
        [*command, *arguments, "--archive", str(place)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_reader_without_rights_sees_what_is_held(shared: Path) -> None:
    ran = as_nobody(shared, "show", label(shared))
    assert ran.returncode == 0, ran.stderr
    assert "6625bdbcd6ee58f04ec7a64f04264a181aac45467d8b1faa42472fe90ef13812" in ran.stdout


def test_a_reader_sees_what_a_writer_at_work_has_recorded(shared: Path) -> None:
    writer = sqlite3.connect(shared / "catalog.db", isolation_level=None)
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("PRAGMA wal_autocheckpoint=0")
    writer.execute("INSERT INTO agent (id, kind, name, recorded) VALUES ('00', 'person', 'x', '2026-01-01')")
    for ending in ("-wal", "-shm"):
        (shared / f"catalog.db{ending}").chmod(0o644)
    try:
        ran = as_nobody(shared, "log")
    finally:
        writer.close()
    assert ran.returncode == 0, ran.stderr
    assert "ingest ended" in ran.stdout


def test_a_reader_can_check_it_and_is_told_that_this_is_not_recorded(shared: Path) -> None:
    ran = as_nobody(shared, "verify")
    assert ran.returncode == 0, ran.stderr
    assert "1 intact" in ran.stdout
    assert "read-only" in ran.stdout


def test_a_reader_cannot_bring_anything_in(shared: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("A short text that nobody can take in.\n")
    for path in (page, *page.parents):
        if path.stat().st_uid == 0 and path not in (Path("/"), Path("/tmp")):
            path.chmod(0o755)
    ran = as_nobody(shared, "ingest", str(page))
    assert ran.returncode == 3, ran.stdout
    assert "nothing" in ran.stderr
    assert "Traceback" not in ran.stderr


def label(place: Path) -> str:
    """The label of the one item held."""
    with sqlite3.connect(place / "catalog.db") as connection:
        return str(connection.execute("SELECT label FROM item").fetchone()[0])
