"""A claim keeps the history of its number."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from archive.lineage.history import Stated, history
from archive.text.agreement import Agreement
from archive.text.numbers import numbers


def stated(*passages: str) -> list[Stated]:
    start = datetime(2024, 7, 1, tzinfo=UTC)
    return [
        Stated(f"v{at}", start + timedelta(days=at), numbers(passage)[0])
        for at, passage in enumerate(passages)
    ]


def test_a_number_that_grows_has_stages() -> None:
    stages = history(stated("29 dead", "29 people dead", "nearly 30 dead", "32 dead", "31 dead"))
    assert [(int(stage.number.value), len(stage.stated), stage.change) for stage in stages] == [
        (29, 3, None),
        (32, 1, Agreement.UPDATED),
        (31, 1, Agreement.CONFLICT),
    ]


def test_dates_put_it_in_order_and_other_kinds_stay_out() -> None:
    found = stated("29 dead", "30%", "32 dead")
    assert [int(stage.number.value) for stage in history(reversed(found))] == [29, 32]
    assert history([]) == []
