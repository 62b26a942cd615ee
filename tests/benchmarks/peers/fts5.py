"""SQLite FTS5 with its stemmer for English; it has no fuzzy search and no near miss of a sentence."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

CLASSES = ("rare", "common", "AND", "OR", "NOT", "phrase of 3", "phrase of 8", "field", "date", "prefix")
_WORD = re.compile(r"(?<![\"\w:])(?!AND|OR|NOT)(\w+)\*?(?![\w\":])")


class Fts5:
    """An index in a file; rows are text, outlet and day."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._base = sqlite3.connect(folder / "fts.db")
        self._base.execute(
            "CREATE VIRTUAL TABLE docs USING fts5"
            "(text, outlet, content='', columnsize=1, tokenize='porter unicode61')"
        )
        self._base.execute("CREATE TABLE days (id INTEGER PRIMARY KEY, day TEXT)")
        self._base.execute("CREATE INDEX by_day ON days (day)")

    def fill(self, rows: Iterable[tuple[str, str, str]]) -> None:
        with self._base:
            for place, (text, outlet, day) in enumerate(rows):
                self._base.execute(
                    "INSERT INTO docs(rowid, text, outlet) VALUES (?,?,?)", (place, text, outlet)
                )
                self._base.execute("INSERT INTO days VALUES (?,?)", (place, day))

    def search(self, query: str) -> int:
        """The best twenty; how many there were."""
        match, day = _translated(query)
        within = " AND rowid IN (SELECT id FROM days WHERE day >= ? AND day < ?)" if day else ""
        sql = f"SELECT rowid FROM docs WHERE docs MATCH ?{within} ORDER BY bm25(docs) LIMIT 20"
        return len(self._base.execute(sql, (match, day, f"{day}~") if day else (match,)).fetchall())


def _translated(query: str) -> tuple[str, str]:
    day = ""
    if found := re.search(r" published:(\S+)", query):
        day, query = found.group(1), query.replace(found.group(), "")
    if found := re.search(r"outlet:(\S+) ", query):
        return f'outlet:"{found.group(1)}" AND "{query.replace(found.group(), "")}"', day
    if query.startswith('"'):
        return query, day
    return _WORD.sub(lambda m: f'"{m.group(1)}"' + ("*" if m.group().endswith("*") else ""), query), day
