"""What is read ahead comes in its order, takes no more room than it may, and is left cleanly."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.attribution.resolve import shipped
from archive.digest import Digest
from archive.ingest.ahead import ITEMS_AHEAD, WEIGHT_AHEAD, Ahead
from archive.ingest.journal import Pending
from archive.ingest.reading import Readers
from archive.ingest.told import Told
from archive.limits import Limits
from archive.record import HeldObject
from tests.arrivals import BY, CLOCK, NOON

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def nothing(_: object) -> int:
    return 0


@given(st.lists(st.integers()))
def test_everything_comes_in_order(items: list[int]) -> None:
    ahead = Ahead(iter(items), nothing)
    assert list(ahead) == items
    ahead.join()


def test_what_the_reading_raises_comes_after_what_came_before_it() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise OSError("the disk is gone")

    ahead = iter(Ahead(broken(), nothing))
    assert next(ahead) == 1
    with pytest.raises(OSError, match="the disk is gone"):
        next(ahead)


@pytest.mark.parametrize(
    ("weight", "most"), [(0, ITEMS_AHEAD), (WEIGHT_AHEAD // 4, 4), (2 * WEIGHT_AHEAD, 1)]
)
def test_only_so_much_waits(weight: int, most: int) -> None:
    made: list[int] = []

    def endless() -> Iterator[int]:
        while True:
            made.append(len(made))
            yield made[-1]

    ahead = Ahead(endless(), lambda _: weight)
    until = time.monotonic() + 20
    while len(made) <= most and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(0.05)
    assert len(made) == most + 1, "those in line, and the one that waits for room"
    ahead.leave()
    ahead.join()


def test_one_that_is_left_closes_what_it_reads() -> None:
    closed = threading.Event()

    def held() -> Iterator[int]:
        try:
            while True:
                yield 1
        finally:
            closed.set()

    ahead = Ahead(held(), nothing)
    assert next(iter(ahead)) == 1
    ahead.leave()
    ahead.join()
    assert closed.is_set()


def test_readers_are_left_at_once_though_a_worker_is_at_work(tmp_path: Path) -> None:
    """A row that takes long, after one that is read: whoever stops in between does not wait for it."""
    rows = tmp_path / "rows.jsonl"
    slow = "<div>" * 20_000 + "x " * 200_000
    rows.write_text('{"text": "one", "id": "1"}\n' + f'{{"html": "{slow}", "id": "2"}}\n' * 50)
    held = HeldObject(Digest.of(rows.read_bytes()), rows.stat().st_size)
    pending = Pending(CLOCK.new_id(), held, "rows.jsonl", None, NOON, Told())
    with Readers(BY, shipped(), Limits()) as readers:
        parts = readers.parts(pending, rows)
        first = next(parts)
        begun = time.monotonic()
    assert first.number == 1
    assert time.monotonic() - begun < 2


def test_rows_in_memory_are_read_ahead_too() -> None:
    content = b'{"text": "one"}\n{"text": "two"}\n'
    held = HeldObject(Digest.of(content), len(content))
    pending = Pending(CLOCK.new_id(), held, "rows.jsonl", None, NOON, Told())
    with Readers(BY, shipped(), Limits()) as readers:
        assert [part.reading.text for part in readers.parts(pending, content)] == ["one", "two"]
