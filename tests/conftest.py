"""Fixtures that more than one file of tests asks for."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.commandline import taken_in
from tests.postgres import postgres_cluster, postgres_url

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["postgres_cluster", "postgres_url"]


@pytest.fixture(scope="session")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the sample documents, for copying only: no command is ever run in it."""
    return taken_in(tmp_path_factory.mktemp("untouched"))


@pytest.fixture(scope="session")
def seeded(untouched: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of it for looking only, though a look may be recorded: a check is."""
    return shutil.copytree(untouched, tmp_path_factory.mktemp("seeded") / "news")


@pytest.fixture
def archive_of_seeds(untouched: Path, tmp_path: Path) -> Path:
    """A copy of it for changing."""
    return shutil.copytree(untouched, tmp_path / "news")
