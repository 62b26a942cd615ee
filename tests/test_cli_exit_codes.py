"""Every exit status, reached by the real program or by `main`."""

from __future__ import annotations

import fcntl
import os
import signal
import sqlite3
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from archive.errors import ExitCode
from tests.commandline import DOCUMENT, ROOT, new_archive, program, run

if TYPE_CHECKING:
    from pathlib import Path

OBJECT = "objects/sha256/66/6625bdbcd6ee58f04ec7a64f04264a181aac45467d8b1faa42472fe90ef13812"


def test_0_done(seeded: Path) -> None:
    assert program("verify", at=seeded).returncode == ExitCode.DONE


def test_1_an_altered_object(archive_of_seeds: Path) -> None:
    held = archive_of_seeds / OBJECT
    held.chmod(0o644)
    held.write_bytes(held.read_bytes().replace(b"415", b"451", 1))
    ran = program("verify", at=archive_of_seeds)
    assert ran.returncode == ExitCode.CHECK_FAILED
    assert b"ALTERED" in ran.stdout
    assert ran.stdout.count(b"ALTERED") == 1


def test_1_a_missing_object(archive_of_seeds: Path) -> None:
    (archive_of_seeds / OBJECT).unlink()
    ran = run("verify", at=archive_of_seeds)
    assert ran.status == ExitCode.CHECK_FAILED
    assert "MISSING" in ran.out
    assert "1 missing" in ran.out


@pytest.mark.parametrize(
    "words",
    [
        ("verify", "--nope"),
        ("nope",),
        ("search", "--limit", "0", "x"),
        ("show",),
        ("show", "not-a-label"),
        ("show", "1999-0001.1"),
        ("ingest",),
        ("ingest", str(DOCUMENT), "--published", "soon"),
        ("ingest", "--manifest", "absent.csv"),
        ("search", "x*"),
        ("trace", "the of and"),
    ],
    ids=" ".join,
)
def test_2_usage(seeded: Path, words: tuple[str, ...]) -> None:
    ran = run(*words, at=seeded)
    assert ran.status == ExitCode.USAGE
    assert ran.out == ""
    assert ran.err.startswith("claimtrail: ")


def test_3_incomplete(tmp_path: Path) -> None:
    archive = new_archive(tmp_path)
    assert run("ingest", tmp_path / "absent", at=archive).status == ExitCode.INCOMPLETE


def test_10_no_archive(tmp_path: Path) -> None:
    ran = run("status", "--archive", tmp_path)
    assert ran.status == ExitCode.NO_ARCHIVE
    assert f"make one with `claimtrail init {tmp_path}`" in ran.err


def test_10_no_archive_here_or_above(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run("status")
    assert ran.status == ExitCode.NO_ARCHIVE
    assert "there is no archive here or above" in ran.err


def test_11_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = new_archive(tmp_path)
    (archive / "claimtrail.toml").write_text("patience = 1\n")
    other = sqlite3.connect(archive / "catalog.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    ran = run("ingest", DOCUMENT, at=archive)
    other.execute("ROLLBACK")
    assert ran.status == ExitCode.LOCKED
    assert "claimtrail: " in ran.err
    assert run("ingest", DOCUMENT, at=archive).status == 0
    assert run("verify", at=archive).status == 0


def test_12_needs_upgrade(tmp_path: Path) -> None:
    archive = new_archive(tmp_path)
    with sqlite3.connect(archive / "catalog.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '0000'")
    database.close()
    ran = run("status", at=archive)
    assert ran.status == ExitCode.NEEDS_UPGRADE
    assert "upgrade" in ran.err


def test_130_interrupted(tmp_path: Path) -> None:
    archive = new_archive(tmp_path)
    ingest = subprocess.Popen(
        [sys.executable, "-m", "archive.cli", "ingest", "-"],
        env=os.environ | {"PYTHONPATH": str(ROOT), "CLAIMTRAIL_ARCHIVE": str(archive)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert ingest.stdin
    ingest.stdin.write(b"a story that is still coming in")
    ingest.stdin.flush()
    _wait_until_read(ingest.stdin.fileno())
    ingest.send_signal(signal.SIGINT)
    _, err = ingest.communicate()
    assert ingest.returncode == ExitCode.INTERRUPTED
    assert b"interrupted; what was recorded stays recorded" in err
    assert run("verify", at=archive).status == 0
    [state] = run("status", "--json", at=archive).objects
    assert state["captures"] == 0


def _wait_until_read(pipe: int) -> None:
    """Until the program has taken what was written, and so is waiting for more."""
    import struct
    import termios

    for _ in range(600):
        [left] = struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, b"\0" * 4))
        if not left:
            return
        time.sleep(0.05)
    pytest.fail("standard input was not read")


def test_every_status_has_a_test() -> None:
    named = {int(name.split("_")[1]) for name in globals() if name.startswith("test_") and name[5].isdigit()}
    assert named == {int(code) for code in ExitCode}
