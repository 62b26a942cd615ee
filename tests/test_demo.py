"""The demonstration comes out as it should, and says so when it does not."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.transcript import ROOT


def demo(changed: str = "") -> subprocess.CompletedProcess[str]:
    script = f"import sys; from tests import demo\n{changed}\nsys.exit(demo.main())"
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_it_runs_and_shows_no_path_of_this_machine() -> None:
    ran = demo()
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "/tmp" not in ran.stdout
    assert str(ROOT) not in ran.stdout
    assert ran.stdout.count("$ claimtrail ") == 8


def test_it_fails_where_a_step_does() -> None:
    ran = demo("demo.flip = lambda path, at: None")
    assert ran.returncode == 1
    assert "the demonstration failed: it ended with status 0 instead of 1" in ran.stderr
