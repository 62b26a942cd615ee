"""What is shipped works by itself, away from the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from archive.catalog.schema import NEWEST
from tests.old import unpack

ROOT = Path(__file__).parent.parent

LAUNCH = "import runpy; runpy.run_path(sys.path[0] + '/bin/claimtrail', run_name='__main__')"
"""Starts the command that the installer made."""
WHERE = (
    "import archive, archive.catalog.schema as s; print(archive.__file__); print(s.migrations_directory())"
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without a network from a copy of what the project tracks."""
    room = tmp_path_factory.mktemp("build")
    source = room / "source"
    for name in ("archive", "index", "migrations"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    told = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(room / "dist")],
        cwd=source,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    (built,) = (room / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as packed:
        return {name for name in packed.namelist() if ".dist-info/" not in name}


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel installed where nothing else of the project is; its dependencies are those of the tests."""
    place = tmp_path_factory.mktemp("installed")
    options = ["--disable-pip-version-check", "--no-deps", "--no-index", "--target", str(place)]
    told = subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", *options, str(wheel)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    return place


def run(installed: Path, script: str, *words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Python on what was installed and its dependencies, and on nothing of the checkout."""
    libraries = dict.fromkeys([sysconfig.get_path("purelib"), sysconfig.get_path("platlib")])
    # -I keeps the folder one stands in and PYTHONPATH out, -S the editable checkout of the test environment
    path = "import sys; sys.path[:0] = " + repr([str(installed)]) + "; sys.path += " + repr(list(libraries))
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"{path}\n{script}", *map(str, words)],
        cwd=cwd,
        env={name: value for name, value in os.environ.items() if not name.startswith("CLAIMTRAIL_")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_holds_everything_that_runs_and_nothing_else(names: set[str]) -> None:
    assert {name.partition("/")[0] for name in names} == {"archive", "index"}
    kinds = {Path(name).suffix for name in names}
    assert kinds <= {".py", ".toml", ".mako", ".typed", ".html", ".css", ".js", ".json", ".sh", ".txt"}, kinds
    for folder in ("archive", "index"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                assert path.relative_to(ROOT).as_posix() in names
    for path in (ROOT / "migrations").rglob("*.py"):
        assert f"archive/_migrations/{path.relative_to(ROOT / 'migrations').as_posix()}" in names


def test_it_names_its_command_and_its_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        told = {name.rpartition("/")[2]: name for name in packed.namelist() if ".dist-info/" in name}
        assert "claimtrail = archive.cli:main" in packed.read(told["entry_points.txt"]).decode()
        assert "LICENSE" in told


def test_it_runs_from_where_it_was_installed(installed: Path, tmp_path: Path) -> None:
    told = run(installed, WHERE, cwd=tmp_path)
    assert told.stdout.splitlines() == [
        str(installed / "archive" / "__init__.py"),
        str(installed / "archive" / "_migrations"),
    ], told.stderr


def test_it_makes_fills_and_checks_an_archive(installed: Path, tmp_path: Path) -> None:
    place, story = tmp_path / "news", ROOT / "seeds" / "port-ellery"
    for words, expected in (
        (("init", place), "made an archive"),
        (("ingest", "--archive", place, "--manifest", story / "manifest.csv"), "9 new items, 1 new version"),
        (("verify", "--archive", place), "10 intact"),
    ):
        told = run(installed, LAUNCH, *words, cwd=tmp_path)
        assert (told.returncode, expected in told.stdout) == (0, True), told.stdout + told.stderr


def test_it_brings_an_old_archive_up_to_date(installed: Path, tmp_path: Path) -> None:
    old = unpack(tmp_path)
    for words, expected in (
        (("upgrade", "--archive", old), f"from 0001 to {NEWEST}"),
        (("verify", "--archive", old), "11 intact"),
    ):
        told = run(installed, LAUNCH, *words, cwd=tmp_path)
        assert (told.returncode, expected in told.stdout) == (0, True), told.stdout + told.stderr
