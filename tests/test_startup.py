"""Asking for help loads nothing heavy."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

HEAVY = [
    "alembic",
    "cryptography",
    "dateparser",
    "lxml",
    "py3langid",
    "rich",
    "sqlalchemy",
    "sqlite3",
    "sqlmodel",
    "trafilatura",
    "whoosh",
]

ASKING = """
import sys
from archive.cli import main
before = "import " + repr(sys.argv[1:])
if sys.argv[1:]:
    assert main(sys.argv[1:]) == 0
loaded = {name.partition(".")[0] for name in sys.modules}
print("\\nloaded", *sorted(loaded))
"""

COMMANDS = ["init", "ingest", "show", "search", "trace", "versions", "log"]
COMMANDS += ["verify", "status", "reindex", "upgrade", "settings", "schedule", "replica", "repair"]


def loaded(*words: str) -> set[str]:
    """The packages in memory after a command in a Python of its own, as a user has it."""
    told = subprocess.run(
        [sys.executable, "-c", ASKING, *words],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(told.stdout.splitlines()[-1].split()[1:])


@pytest.mark.parametrize("words", [[], ["--help"], ["--version"], ["ingest", "--help"]], ids=" ".join)
def test_help_imports_no_database_no_index_and_no_reader(words: list[str]) -> None:
    found = loaded(*words)
    assert "typer" in found or not words
    assert sorted(found & set(HEAVY)) == []


def test_no_command_needs_them_to_explain_itself() -> None:
    explaining = "\n".join(f"assert main(['{name}', '--help']) == 0" for name in COMMANDS)
    script = ASKING.replace("    assert main(sys.argv[1:]) == 0", f"    pass\n{explaining}")
    told = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(told.stdout.splitlines()[-1].split()[1:]) & set(HEAVY) == set()


def test_a_command_at_work_does_load_them(tmp_path: Path) -> None:
    assert {"sqlalchemy", "sqlmodel"} <= loaded("init", str(tmp_path / "archive"))
