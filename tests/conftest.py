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
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the sample documents, for looking only."""
    return taken_in(tmp_path_factory.mktemp("seeded"))


@pytest.fixture
def archive_of_seeds(seeded: Path, tmp_path: Path) -> Path:
    """A copy of that archive, for changing."""
    return shutil.copytree(seeded, tmp_path / "news")
