"""Which objects a check reads, in which order, and when it stops."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from archive.amounts import Subset
from archive.archive import open_archive
from archive.catalog import create_catalog, fixity_work
from archive.catalog.coverage import coverage
from archive.catalog.fixity import Plan
from archive.clock import SystemClock
from archive.lease import EVERYTHING
from archive.verify.choosing import Choosing
from archive.verify.scope import Scope
from tests.commandline import run
from tests.holdings import holding, made_up, take_in
from tests.test_verify_objects import files, flip

if TYPE_CHECKING:
    from pathlib import Path

    from archive.catalog.writing import Writer

OBJECTS = 200
ONLY = ("verify", "--only", "objects", "--json", "--warm")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    holding(tmp_path / "news", made_up(OBJECTS, 200)).close()
    return tmp_path / "news"


def sums(archive: Path, *words: str) -> dict[str, Any]:
    ran = run(*ONLY, *words, at=archive)
    assert ran.status in (0, 1), ran.err
    found: dict[str, Any] = ran.objects[-1]
    return found


def test_the_twelfths_are_everything_and_nothing_twice(archive: Path) -> None:
    done = [sums(archive, "--subset", f"{n}/3", "--due", "90d")["objects"] for n in (1, 2, 3)]
    assert sum(done) == OBJECTS
    assert min(done) > 0
    assert sums(archive, "--due", "90d")["counts"] == {}


def test_parts_and_samples_are_of_the_size_asked_for_and_samples_differ() -> None:
    values = [os.urandom(32) for _ in range(4000)]
    parts = [Scope(subset=Subset(n, 7)).of(values, uuid4()) for n in range(1, 8)]
    assert sorted(value for part in parts for value in part) == sorted(values)
    one, two = (set(Scope(sample=0.25).of(values, uuid4())) for _ in range(2))
    assert 800 < len(one) < 1200
    assert 150 < len(one & two) < 350, "as many as of two samples that know nothing of one another"
    assert Scope(sample=1.0).of(values, uuid4()) == values


def test_samples_leave_no_object_out_for_ever() -> None:
    """Though some bits of an identifier are the same in all."""
    values = {os.urandom(32) for _ in range(1000)}
    ids = (SystemClock().new_id() for _ in range(300))
    assert set().union(*(Scope(sample=0.1).of(list(values), run_id) for run_id in ids)) == values


def test_a_sample_of_the_archive(archive: Path) -> None:
    assert 1 <= sums(archive, "--sample", "20%")["objects"] <= OBJECTS // 2


def test_only_what_is_due(archive: Path) -> None:
    assert sums(archive)["objects"] == OBJECTS
    assert sums(archive, "--due", "1d")["objects"] == 0
    with open_archive(archive) as held:
        take_in(held, made_up(5, 300, seed=2))
    assert sums(archive, "--due", "1d")["objects"] == 5


def test_what_failed_is_due_until_it_is_intact(archive: Path) -> None:
    sums(archive)
    flip(files(archive)[0])
    assert sums(archive, "--due", "1d")["objects"] == 0, "it was intact a moment ago"
    assert sums(archive)["counts"] == {"altered": 1, "intact": OBJECTS - 1}
    assert sums(archive, "--due", "1d")["counts"] == {"altered": 1}
    flip(files(archive)[0])
    assert sums(archive, "--due", "1d")["counts"] == {"intact": 1}
    assert sums(archive, "--due", "1d")["counts"] == {}


def test_only_an_accession_and_only_what_is_new(archive: Path) -> None:
    with open_archive(archive) as held:
        take_in(held, made_up(7, 300, seed=3))
    label = newest_accession(archive)
    assert sums(archive, "--accession", label)["objects"] == 7
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%d")
    assert sums(archive, "--since", tomorrow)["objects"] == 0
    assert sums(archive, "--since", "2020-01-01")["objects"] == OBJECTS + 7
    assert run(*ONLY, "--accession", "1999-0001", at=archive).status == 2


def newest_accession(archive: Path) -> str:
    with closing(sqlite3.connect(archive / "catalog.db")) as database:
        return str(database.execute("SELECT max(label) FROM accession").fetchone()[0])


def test_bytes_and_time_are_kept_to_and_the_next_goes_on(archive: Path) -> None:
    some = sums(archive, "--bytes", "4kB")
    assert 20 <= some["objects"] < OBJECTS
    rest = sums(archive, "--due", "1d")
    assert some["objects"] + rest["objects"] == OBJECTS
    begun = time.monotonic()
    timed = sums(archive, "--for", "1s", "--rate", "10kB/s")
    assert 0 < timed["objects"] < OBJECTS
    assert time.monotonic() - begun < 10


def test_never_checked_then_failed_then_oldest(archive: Path) -> None:
    sums(archive, "--subset", "1/2")
    sums(archive, "--subset", "2/2")
    flip(files(archive)[-1])
    sums(archive)
    flip(files(archive)[-1])
    sums(archive, "--subset", "1/4")
    with open_archive(archive) as held:
        fresh = {digest.value for digest in take_in(held, made_up(3, 300, seed=4))}
        plan = Plan(uuid4(), 99, 99, 99, whole=True)
        pieces = list(Choosing(held, plan, Scope(), None).pieces(EVERYTHING))
    order = [value for piece in pieces for value in piece.wanted]
    assert set(order[:3]) == fresh
    assert order[3].hex() == files(archive)[-1].name
    newest = int.from_bytes(order[-1][:8]) * 4 // 2**64
    assert newest == 0, "the quarter that was checked last comes last"
    assert len(order) == OBJECTS + 3


@pytest.mark.parametrize(
    "words",
    [
        ("--due", "soon"),
        ("--for", "0m"),
        ("--bytes", "x"),
        ("--sample", "5"),
        ("--subset", "4/3"),
        ("--only", "x"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_is_refused(archive: Path, words: tuple[str, ...]) -> None:
    ran = run("verify", *words, at=archive)
    assert (ran.status, ran.out) == (2, "")


@pytest.mark.parametrize("back_end", ["sqlite", "postgresql"])
def test_choosing_among_a_million_takes_less_than_a_tenth_of_a_second(
    request: pytest.FixtureRequest, tmp_path: Path, back_end: str
) -> None:
    """Shelves of 10,000 as checks leave them, a few days apart; the first piece of what is due."""
    address = (
        f"sqlite:{tmp_path / 'catalog.db'}"
        if back_end == "sqlite"
        else request.getfixturevalue("postgres_url")
    )
    clock = SystemClock()
    with create_catalog(address, clock) as catalog:
        catalog.write(lambda writer: fill(writer, 100, 10_000))
        plan, due = (
            Plan(uuid4(), 999, 999, 999, whole=False),
            fixity_work.Due(clock.now() - timedelta(days=90), clock.now()),
        )
        for _ in range(3):
            begun = time.process_time(), time.monotonic()
            with catalog.read() as reader:
                never = fixity_work.open_objects(reader.session, 0, plan, EVERYTHING, (-1, ""), 10_000)
                failed = fixity_work.open_objects(reader.session, 1, plan, EVERYTHING, (-1, ""), 10_000)
                shelves = fixity_work.shelves(reader.session, plan, EVERYTHING, due)
                values = fixity_work.shelf(reader.session, shelves[0][0])
            taken = time.process_time() - begun[0]
        with catalog.read() as reader:
            reach = coverage(reader.session, due.since, due.now)
    assert (never, failed) == ([], [])
    assert 50 <= len(shelves) < 60
    assert len(values) == 320_000
    assert reach.fresh + reach.stale == reach.objects == 1_000_000
    assert taken < 0.1


def fill(writer: Writer, shelves: int, objects: int) -> None:
    from sqlalchemy import insert

    from archive.catalog.fixity_tables import FixityShelfRow

    rows = [
        {
            "id": writer.clock.new_id(),
            "part": number % 16,
            "run_number": number,
            "at": writer.clock.now() - timedelta(days=180) + timedelta(days=1.7 * number),
            "objects": objects,
            "digests": bytes([number % 16 << 4]) * 32 * objects,
        }
        for number in range(shelves)
    ]
    writer.session.execute(insert(FixityShelfRow), rows)
