"""The demonstration comes out as it should, and says so when it does not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests import demo
from tests.commandline import run
from tests.transcript import ROOT

if TYPE_CHECKING:
    import pytest


def test_it_runs_and_shows_no_path_of_this_machine() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.demo"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "/tmp" not in ran.stdout
    assert str(ROOT) not in ran.stdout
    assert ran.stdout.count("$ claimtrail ") == 8


def within(command: list[str], **how: object) -> subprocess.CompletedProcess[str]:
    """The command without a process of its own."""
    assert command[:3] == [sys.executable, "-m", "archive.cli"]
    ran = run(*command[3:], at=Path("news"))
    return subprocess.CompletedProcess(command, ran.status, ran.out + ran.err)


def test_it_fails_where_a_step_does(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demo, "flip", lambda *_: None)
    monkeypatch.setattr(demo.subprocess, "run", within)
    assert demo.main() == 1
    said = capsys.readouterr()
    assert said.out.count("$ claimtrail ") == 8, "every step before it went well"
    assert "the demonstration failed: it ended with status 0 instead of 1" in said.err
