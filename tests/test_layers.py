"""The map of the house: imports go down the floors, never up."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

FLOORS: dict[str, int] = {
    # knows: no I/O, no database, no framework
    "archive": 0,
    "archive.model": 0,
    "archive.digest": 0,
    "archive.label": 0,
    "archive.limits": 0,
    "archive.dating": 0,
    "archive.finding": 0,
    "archive.address": 0,
    "archive.amounts": 0,
    "archive.record": 0,
    "archive.verdict": 0,
    "archive.checks": 0,
    "archive.clock": 0,
    "archive.errors": 0,
    "archive.uncollected": 0,
    "archive.text": 0,
    "archive.attribution": 0,
    "archive.lineage": 0,
    "archive.ledger": 0,
    # keeps
    "index": 1,
    "archive.settings": 1,
    "archive.formats": 1,
    "archive.store": 1,
    "archive.catalog": 1,
    "archive._migrations": 1,
    # holds: the archive itself, and above it what keeps index and links up with its catalogue
    "archive.archive": 2,
    "archive.lease": 2,
    "archive.indexing": 3,
    "archive.checkpoints": 3,
    "archive.replicas": 3,
    "archive.linking": 3,
    "archive.recurring": 3,
    "archive.gathering": 3,
    # does
    "archive.ingest": 4,
    "archive.reading": 4,
    "archive.sources": 4,
    "archive.search": 4,
    "archive.trace": 4,
    "archive.related": 4,
    "archive.claims": 4,
    "archive.compare": 4,
    "archive.verify": 4,
    "archive.evidence": 4,
    "archive.status": 4,
    "archive.exchange": 4,
    "archive.jobs": 4,
    "archive.notify": 4,
    "archive.repair": 4,
    # shows
    "archive.render": 5,
    # says
    "archive.cli": 6,
    "archive.web": 6,
}

KNOWS_NOTHING_OF = {
    "sqlalchemy",
    "sqlmodel",
    "alembic",
    "typer",
    "rich",
    "whoosh",
    "sqlite3",
    "lxml",
    "trafilatura",
}


def modules() -> list[tuple[str, Path]]:
    found = []
    for top in ("archive", "index"):
        for path in sorted((ROOT / top).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found.append((name, path))
    return found


def room(name: str) -> str:
    """The room a module is in: its longest prefix that the map names."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        prefix = ".".join(parts[:length])
        if prefix in FLOORS and (prefix != "archive" or length == len(parts)):
            return prefix
    raise AssertionError(f"{name} has no place in the house: put it in a room of tests/test_layers.py")


def imports(path: Path, known: set[str]) -> set[str]:
    """Every module that the file imports, wherever in the file it does so."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import hides the floor"
            module = node.module or ""
            for alias in node.names:
                full = f"{module}.{alias.name}"
                found.add(full if full in known else module)
    return found


MODULES = modules()
KNOWN = {name for name, _ in MODULES}


@pytest.mark.parametrize(("name", "path"), MODULES, ids=[name for name, _ in MODULES])
def test_imports_go_down(name: str, path: Path) -> None:
    here = room(name)
    for target in imports(path, KNOWN):
        top = target.partition(".")[0]
        if FLOORS[here] == 0:
            assert top not in KNOWS_NOTHING_OF, f"{name} knows {top}"
        if top not in ("archive", "index"):
            continue
        there = room(target)
        if here == "index":
            assert there == "index", f"{name} imports {target}: the index knows nothing of the archive"
        elif there != here:
            assert FLOORS[there] < FLOORS[here] or FLOORS[there] == FLOORS[here] == 0, (
                f"{name} imports {target}"
            )


@pytest.mark.parametrize(("name", "path"), MODULES, ids=[name for name, _ in MODULES])
def test_rooms_are_named_by_the_field(name: str, path: Path) -> None:
    banned = {
        "process",
        "handle",
        "handler",
        "manage",
        "manager",
        "data",
        "info",
        "util",
        "utils",
        "helper",
        "helpers",
    }
    assert not banned & set(name.split(".")), f"{name} is a word the design does not use"
