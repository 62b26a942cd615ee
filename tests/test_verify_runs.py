"""Runs of verify: cut off and gone on with, two at a time, beside an ingest, with a clock that is set."""

from __future__ import annotations

import random
import signal
import sqlite3
import time
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from archive.catalog import fixity_entry
from archive.clock import SystemClock
from tests.commandline import DOCUMENT, Ran, run
from tests.holdings import holding, made_up
from tests.test_verify_objects import counts_in_sql, files, flip, started, until_open

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from archive.catalog.fixity import Plan
    from archive.catalog.fixity_entry import Found
    from archive.catalog.writing import Writer

OBJECTS = 500
SLOWLY = ("--rate", "500kB/s", "--only", "objects")
MORE_SLOWLY = ("--rate", "150kB/s", "--only", "objects")
"""So that another one begins before the end, on a machine that is busy as well."""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    holding(tmp_path / "news", made_up(OBJECTS, 4000)).close()
    return tmp_path / "news"


def rows(archive: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(archive / "catalog.db", timeout=30)) as database:
        return database.execute(query).fetchall()


def each_object_once(archive: Path) -> None:
    """Every object stands on one shelf of those found intact, and in one batch of results."""
    shelved = [bytes(digests) for (digests,) in rows(archive, "SELECT digests FROM fixity_shelf")]
    batches = [bytes(digests) for (digests,) in rows(archive, "SELECT digests FROM fixity_batch")]
    recorded = {bytes.fromhex(d.partition(":")[2]) for (d,) in rows(archive, "SELECT digest FROM object")}
    for blobs in (shelved, batches):
        values = [blob[i : i + 32] for blob in blobs for i in range(0, len(blob), 32)]
        assert sorted(values) == sorted(recorded)


def test_a_run_that_is_killed_is_seen_and_gone_on_with(archive: Path) -> None:
    kill_while_it_reads(archive, 1.8)
    status = run("status", at=archive)
    assert status.status == 3
    assert "KILLED before its end" in status.out
    first = rows(archive, "SELECT coalesce(sum(objects), 0) FROM fixity_batch")[0][0]
    assert 0 < first < OBJECTS, "the kill came in the middle"
    ran = run("verify", "--only", "objects", "--json", at=archive)
    assert ran.status == 0
    [sums] = ran.objects
    assert len(sums["cut_off"]) == 1
    assert sums["before"] == first
    assert sums["counts"] == {"intact": OBJECTS - first} == counts_in_sql(archive, sums["run"])
    each_object_once(archive)
    ended = rows(archive, "SELECT outcome FROM fixity_end ORDER BY position")
    assert ended == [("war",), ("suc",)]
    after = run("verify", "--only", "objects", "--json", at=archive).objects[-1]
    assert (after["cut_off"], after["before"], after["counts"]) == ([], 0, {"intact": OBJECTS})


def kill_while_it_reads(archive: Path, seconds: float) -> bool:
    """Begin a check and kill it some time after; whether the kill came before its end."""
    with started("verify", *SLOWLY, at=archive) as checking:
        until_open(archive)
        time.sleep(seconds)
        checking.kill()
        checking.communicate()
    time.sleep(0.1)
    return checking.returncode == -signal.SIGKILL


def kills(archive: Path, times: int, seed: int) -> None:
    """Kill checks at random moments; whatever was cut off, no object is lost or counted twice."""
    moments = random.Random(seed)
    hits = sum(kill_while_it_reads(archive, moments.uniform(0, 1.5)) for _ in range(times))
    assert hits >= times // 2
    ran = run("verify", "--json", at=archive)
    assert ran.status == 0, ran.out
    counts = rows(archive, "SELECT sum(objects) FROM fixity_batch")[0][0]
    assert counts % OBJECTS == 0, "every pass is of every object, once"
    assert ran.objects[-1]["counts"] == counts_in_sql(archive, ran.objects[-1]["run"])
    assert rows(archive, "SELECT count(*) FROM fixity_run") == rows(
        archive, "SELECT count(*) FROM fixity_end"
    )
    assert rows(archive, "SELECT count(*) FROM job") == [(0,)]
    again = run("verify", "--json", at=archive)
    assert (again.status, again.objects[-1]["counts"]) == (0, {"intact": OBJECTS})


def test_killed_three_times(archive: Path) -> None:
    kills(archive, 3, 7)


@pytest.mark.long
def test_killed_fifty_times(archive: Path) -> None:
    kills(archive, 50, 8)


@pytest.mark.long
def test_what_a_killed_run_found_altered_is_read_and_told_again(archive: Path) -> None:
    target = files(archive)[0]
    flip(target)
    kill_while_it_reads(archive, 1.8)
    found = rows(archive, "SELECT object_digest FROM fixity_check WHERE verdict = 'altered'")
    assert found == [(f"sha256:{target.name}",)]
    ran = run("verify", "--only", "objects", "--json", at=archive)
    assert ran.status == 1
    assert [each["subject"] for each in ran.objects[:-1]] == [f"sha256:{target.name}"]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_an_interruption_ends_it_cleanly(archive: Path, how: signal.Signals) -> None:
    with started("verify", *SLOWLY, at=archive) as checking:
        until_open(archive)
        time.sleep(1.0)
        checking.send_signal(how)
        out, err = checking.communicate(timeout=30)
    assert checking.returncode == 130, (out, err)
    assert b"interrupted; what was recorded stays recorded" in err
    assert b"Traceback" not in err
    assert rows(archive, "SELECT outcome FROM fixity_end") == [("war",)]
    assert rows(archive, "SELECT count(*) FROM job") == [(0,)]
    [sums] = run("verify", "--only", "objects", "--json", at=archive).objects
    assert sums["before"] + sums["counts"]["intact"] == OBJECTS
    each_object_once(archive)


@pytest.mark.long
def test_from_the_start_though_one_was_cut_off(archive: Path) -> None:
    kill_while_it_reads(archive, 1.8)
    [sums] = run("verify", "--only", "objects", "--anew", "--json", at=archive).objects
    assert (sums["before"], sums["counts"]) == (0, {"intact": OBJECTS})
    assert len(sums["cut_off"]) == 1


def test_two_at_once_share_the_work_and_do_none_of_it_twice(archive: Path) -> None:
    with (
        started("verify", *MORE_SLOWLY, "--json", at=archive) as one,
        started("verify", *MORE_SLOWLY, "--json", at=archive) as two,
    ):
        said = [each.communicate(timeout=60) for each in (one, two)]
    assert (one.returncode, two.returncode) == (0, 0), said
    sums = [Ran(0, out.decode(), "").objects[-1] for out, _ in said]
    done = [each["counts"].get("intact", 0) for each in sums]
    assert sum(done) == OBJECTS
    assert min(done) > 0, "both had a share"
    assert [each["elsewhere"] for each in sums] == done[::-1]
    each_object_once(archive)


@pytest.mark.long
def test_one_that_asks_for_a_few_objects_need_not_wait_for_the_end_of_a_long_one(archive: Path) -> None:
    with started("verify", "--rate", "100kB/s", "--only", "objects", at=archive) as long:
        until_open(archive)
        with started("verify", "--only", "objects", "--subset", "1/200", "--json", at=archive) as short:
            out, err = short.communicate(timeout=60)
        assert short.returncode == 0, err
        assert long.poll() is None
        long.send_signal(signal.SIGINT)
        long.communicate(timeout=30)
    assert Ran(0, out.decode(), "").objects[-1]["scope"] == "part 1/200"


def test_what_comes_in_meanwhile_does_no_harm(archive: Path) -> None:
    with started("verify", "--rate", "1MB/s", "--json", at=archive) as checking:
        until_open(archive)
        taken = run("ingest", DOCUMENT, at=archive)
        out, err = checking.communicate(timeout=60)
    assert taken.status == 0, taken.err
    assert checking.returncode == 0, (out, err)
    sums = Ran(0, out.decode(), "").objects[-1]
    assert sums["counts"] == counts_in_sql(archive, sums["run"])
    assert sums["counts"]["intact"] in (OBJECTS, OBJECTS + 1)
    after = run("verify", "--json", at=archive)
    assert (after.status, after.objects[-1]["counts"]) == (0, {"intact": OBJECTS + 1})


class Unsteady(SystemClock):
    """A clock that somebody sets."""

    off = timedelta()

    def now(self) -> datetime:
        return super().now() + self.off


def test_a_clock_that_was_set_back_makes_nothing_count_as_checked(archive: Path) -> None:
    clock = Unsteady()
    clock.off = timedelta(days=400)
    first = run("verify", "--json", at=archive, clock=clock).objects[-1]
    assert first["counts"] == {"intact": OBJECTS}
    clock.off = timedelta()
    whole = run("verify", "--json", at=archive, clock=clock).objects[-1]
    assert whole["counts"] == {"intact": OBJECTS}
    clock.off = timedelta(days=-400)
    due = run("verify", "--due", "90d", "--json", at=archive, clock=clock).objects[-1]
    assert due["counts"] == {"intact": OBJECTS}, "a check that is dated in the future is of no known time"
    again = run("verify", "--due", "90d", "--json", at=archive, clock=clock).objects[-1]
    assert again["counts"] == {}
    clock.off = timedelta(days=-300)
    later = run("verify", "--due", "90d", "--json", at=archive, clock=clock).objects[-1]
    assert later["counts"] == {"intact": OBJECTS}


def test_what_a_run_records_does_not_hang_on_which_process_was_done_first(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered: list[bytes] = []

    def last_first(writer: Writer, plan: Plan, by: str, batch: int, found: Sequence[Found]) -> int:
        for each in found:
            each.intact.reverse()
            entered.extend(each.intact)
        return enter(writer, plan, by, batch, found[::-1])

    enter = fixity_entry.enter
    monkeypatch.setattr(fixity_entry, "enter", last_first)
    assert run("verify", "--only", "objects", at=archive).status == 0
    assert len(entered) == OBJECTS
    for (blob,) in rows(archive, "SELECT digests FROM fixity_batch"):
        values = [blob[i : i + 32] for i in range(0, len(blob), 32)]
        assert values == sorted(values)
