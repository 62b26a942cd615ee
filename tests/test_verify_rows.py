"""Rows that were changed past the triggers: texts against digests and objects, and rows against one another."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.commandline import run

if TYPE_CHECKING:
    from pathlib import Path

ROWS = ("verify", "--only", "catalogue", "--only", "texts", "--json")
READINGS = ("verify", "--only", "readings", "--json")


def change(archive: Path, *statements: str) -> None:
    """What somebody who owns the database could do."""
    with closing(sqlite3.connect(archive / "catalog.db")) as database, database:
        triggers = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            database.execute(f"DROP TRIGGER {name}")
        assert sum(database.execute(statement).rowcount for statement in statements) > 0


def found(archive: Path, *words: str) -> list[tuple[str, str, str]]:
    ran = run(*words, at=archive)
    findings = [(o["code"], o["subject"], o["found"]) for o in ran.objects[:-1]]
    assert ran.status == (1 if findings else 0)
    return findings


def test_nothing_is_found_in_an_archive_as_it_was_made(archive_of_seeds: Path) -> None:
    assert found(archive_of_seeds, *ROWS, "--only", "readings") == []


def test_a_byte_inside_a_text_is_found_which_the_database_does_not_see(archive_of_seeds: Path) -> None:
    change(
        archive_of_seeds,
        "UPDATE text SET body = replace(body, '415', '451') WHERE body LIKE '%415 million%'",
    )
    findings = found(archive_of_seeds, *ROWS)
    assert {code for code, _, _ in findings} == {"altered"}
    assert sum(subject.startswith("text sha256:") for _, subject, _ in findings) == 1
    assert any(subject.startswith("paragraph ") for _, subject, _ in findings)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE version SET number = 5 WHERE number = 2", "numbered up to 5"),
        (
            "UPDATE item SET label = '1999-0001.1' WHERE number = 1 AND label LIKE '%-0002.1'",
            "should be labelled",
        ),
        ("UPDATE version SET state = 'empty' WHERE number = 2", "has a text and was not read"),
        ("UPDATE paragraph SET end = 999999 WHERE number = 1", "characters 0 to 999999"),
        ("UPDATE passage SET end = 999999 WHERE number = 1", "spans from 0 to 999999"),
        ("UPDATE passage SET end = start - 1 WHERE number = 3", "a span that ends before it begins"),
        ("UPDATE capture SET container_digest = 'sha256:" + "0" * 64 + "'", "which is not recorded"),
        ("UPDATE capture SET version_id = (SELECT min(version_id) FROM capture)", "has no capture"),
        ("DELETE FROM text WHERE body LIKE '%415 million%'", "has no parent in text"),
    ],
    ids=lambda each: each[:40],
)
def test_what_must_hold_between_rows_is_asked(archive_of_seeds: Path, statement: str, words: str) -> None:
    change(archive_of_seeds, statement)
    assert any(words in said for _, _, said in found(archive_of_seeds, *ROWS))


def test_objects_that_no_check_would_read_are_found(archive_of_seeds: Path) -> None:
    change(
        archive_of_seeds,
        "DELETE FROM fixity_open",
        "DELETE FROM fixity_shelf",
    )
    assert any("are accounted for by checks" in said for _, _, said in found(archive_of_seeds, *ROWS))


def test_a_text_and_its_digest_changed_together_are_found_by_reading_again(archive_of_seeds: Path) -> None:
    change(
        archive_of_seeds,
        "UPDATE paragraph SET digest = 'sha256:" + "0" * 64 + "' WHERE number = 2",
    )
    findings = found(archive_of_seeds, *READINGS)
    assert findings
    assert {code for code, _, _ in findings} == {"altered"}
    assert all("other paragraphs, from 2 on" in said for _, _, said in findings)


def test_a_text_by_another_reader_is_unverifiable_and_not_altered(archive_of_seeds: Path) -> None:
    change(archive_of_seeds, "UPDATE version SET reader_version = '0' WHERE reader = 'plain'")
    change(archive_of_seeds, "UPDATE text SET unicode = '1.1' WHERE body LIKE '%415 million%'")
    findings = found(archive_of_seeds, *READINGS)
    assert findings
    assert {code for code, _, _ in findings} == {"unverifiable"}
    assert any("it was read by plain/0" in said for _, _, said in findings)
