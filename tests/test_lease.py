"""Jobs share ranges of digests: none is held twice, a dead one is taken over, and no clock decides it."""

from __future__ import annotations

import itertools
import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from archive.catalog import create_catalog, leases
from archive.catalog.leases import PARTS, Holder, LeaseLost
from archive.clock import SystemClock
from archive.lease import EVERYTHING, AtWork, Lease, exclusive, gone, this_process

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from archive.catalog import Catalog

ELSEWHERE = Holder("process 7 on another machine", "other boot", 7, 7)


@pytest.fixture(params=["sqlite", "postgresql"])
def catalog(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Catalog]:
    if request.param == "sqlite":
        address = f"sqlite:{tmp_path / 'catalog.db'}"
    else:
        address = request.getfixturevalue("postgres_url")
    with create_catalog(address, SystemClock()) as made:
        yield made


def lease(catalog: Catalog, seconds: float = 60) -> Lease:
    return Lease(catalog, SystemClock(), "verify", lease_seconds=seconds)


def test_the_ranges_are_all_digests_and_none_twice() -> None:
    edges = [leases.bounds(part) for part in range(PARTS)]
    assert edges[0][0] == "sha256:0"
    assert all(before[1] == after[0] for before, after in itertools.pairwise(edges))
    assert edges[-1][1] > f"sha256:{'f' * 64}"


def test_one_alone_has_everything_and_leaves_nothing_behind(catalog: Catalog) -> None:
    with lease(catalog) as one:
        assert one.share() == EVERYTHING
        assert one.share() == EVERYTHING
    with catalog.read() as reader:
        assert leases.jobs(reader.session, "verify") == []


def test_a_second_gets_half_when_the_first_is_between_two_pieces_of_work(catalog: Catalog) -> None:
    with lease(catalog) as one, lease(catalog) as two:
        assert one.share() == EVERYTHING
        assert two.share() == frozenset()
        first, second = one.share(), two.share()
        assert len(first) == len(second) == PARTS // 2
        assert first | second == EVERYTHING
        assert (one.share(), two.share()) == (first, second)


def test_one_that_wants_only_what_another_holds_gets_some_of_it(catalog: Catalog) -> None:
    with lease(catalog) as one, lease(catalog) as two:
        one.share()
        assert two.share({3}) == frozenset()
        assert one.share() == EVERYTHING - {3}
        assert two.share({3}) == {3}
        assert two.share(()) == frozenset()
        assert one.share() == EVERYTHING


def test_two_that_both_wait_do_not_wait_for_each_other(catalog: Catalog) -> None:
    with lease(catalog) as one, lease(catalog) as two:
        one.share(())
        two.share(())
        assert one.share({1, 2}) == {1, 2}
        assert two.share({3}) == {3}


def test_other_work_is_not_in_the_way(catalog: Catalog) -> None:
    with lease(catalog) as one, Lease(catalog, SystemClock(), "repair") as two:
        assert one.share() == two.share() == EVERYTHING


def test_one_whose_process_is_gone_is_taken_over_at_once(catalog: Catalog) -> None:
    child = subprocess.run(
        [
            sys.executable,
            "-c",
            "from archive.lease import this_process as t; h = t(); print(h.process, h.process_started)",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    process, started = map(int, child.stdout.split())
    dead = Holder("one that was killed", this_process().machine, process, started)
    with lease(catalog) as one:
        plant(catalog, dead)
        assert one.share() == EVERYTHING


def plant(catalog: Catalog, holder: Holder) -> Lease:
    """A job that holds everything and does not go on."""
    silent = lease(catalog)
    catalog.write(lambda writer: leases.announce(writer, silent.id, "verify", holder))
    catalog.write(lambda writer: leases.take(writer, silent.id, "verify", EVERYTHING))
    return silent


def test_one_of_another_machine_is_taken_over_when_it_has_been_silent(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr("archive.lease.time.monotonic", lambda: now)
    silent = plant(catalog, ELSEWHERE)
    with lease(catalog) as one:
        assert one.share() == frozenset()
        now = 1059.0
        assert one.share() == frozenset()
        now = 1061.0
        assert one.share() == EVERYTHING
        with pytest.raises(LeaseLost):
            catalog.write(silent.must_be_held)


def test_one_that_beats_is_alive_however_long_it_takes(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr("archive.lease.time.monotonic", lambda: now)
    busy = plant(catalog, ELSEWHERE)
    with lease(catalog) as one:
        for _ in range(5):
            assert one.share() == frozenset()
            catalog.write(lambda writer: leases.beat(writer, busy.id))
            now += 59
        assert len(one.others()) == 1


class Unsteady(SystemClock):
    """A clock that somebody sets."""

    off = timedelta()

    def now(self) -> datetime:
        return super().now() + self.off


@pytest.mark.parametrize("days", [-400, 400])
def test_a_clock_that_is_set_gives_nobody_two_and_keeps_nothing_from_anybody(
    tmp_path: Path, days: int
) -> None:
    clock = Unsteady()
    with create_catalog(f"sqlite:{tmp_path / 'catalog.db'}", clock) as catalog, lease(catalog) as one:
        assert one.share() == EVERYTHING
        clock.off = timedelta(days=days)
        with lease(catalog) as two:
            assert two.share() == frozenset()
            assert one.share() | two.share() == EVERYTHING
    with create_catalog(f"sqlite:{tmp_path / 'other.db'}", clock) as catalog:
        plant(catalog, Holder("gone", this_process().machine, 2**22 + 1, 1))
        clock.off = timedelta()
        with lease(catalog) as three:
            assert three.share() == EVERYTHING


def test_it_shows_itself_alive_while_the_work_takes_long(catalog: Catalog) -> None:
    with lease(catalog, 0.06) as one:
        before = beat_of(catalog, one)
        for _ in range(500):
            if beat_of(catalog, one) > before + 2:
                return
        pytest.fail("no beat")


def beat_of(catalog: Catalog, one: Lease) -> int:
    with catalog.read() as reader:
        return next(job.beat for job in leases.jobs(reader.session, "verify") if job.id == one.id)


def test_work_for_one_at_a_time(catalog: Catalog) -> None:
    clock = SystemClock()
    with (
        exclusive(catalog, clock, "schedule"),
        pytest.raises(AtWork, match="already under way by process"),
        exclusive(catalog, clock, "schedule"),
    ):
        pytest.fail("two at once")
    with exclusive(catalog, clock, "schedule") as again:
        assert again.share() == EVERYTHING


def test_nothing_is_said_of_a_process_that_cannot_be_seen() -> None:
    here = this_process()
    assert not gone(here, here)
    assert not gone(ELSEWHERE, here)
    assert not gone(Holder("x", "", 1, 1), Holder("y", "", 2, 2))
    assert gone(Holder("another of the same number", here.machine, here.process, 1), here)
