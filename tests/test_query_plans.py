"""What is asked about a few versions is sought among their statements, not among all about a property."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Engine, event

from tests.commandline import DOCUMENT, STORY, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ALL_OF_A_PROPERTY = "statement USING INDEX ix_statement_about_folded (about=?)"


@contextmanager
def plans() -> Iterator[list[str]]:
    """How SQLite goes about each question that concerns statements."""
    found: list[str] = []

    def explain(
        connection: Any, _cursor: object, asked: str, values: Any, _context: object, many: object
    ) -> None:
        if asked.startswith("SELECT") and "statement" in asked and not many:
            rows = connection.connection.dbapi_connection.execute(f"EXPLAIN QUERY PLAN {asked}", values)
            found.append(" | ".join(row[3] for row in rows))

    event.listen(Engine, "before_cursor_execute", explain)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", explain)


@pytest.mark.parametrize(
    "words",
    [
        ("ingest", DOCUMENT),
        ("ingest", "--manifest", STORY / "manifest.csv"),
        ("verify", "--only", "readings"),
        ("show", "2026-0001.1"),
    ],
)
def test_the_cost_does_not_grow_with_the_archive(
    archive_of_seeds: Path, words: tuple[str | Path, ...]
) -> None:
    with plans() as found:
        run(*words, at=archive_of_seeds)
    assert found
    assert [plan for plan in found if ALL_OF_A_PROPERTY in plan] == []
