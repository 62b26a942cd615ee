"""A claim keeps the history of its number, in the order of the dates that matter."""

from __future__ import annotations

from archive.lineage.history import Stage, Stated, history
from archive.text.agreement import Agreement
from archive.text.dates import date
from archive.text.numbers import numbers


def stated(*passages: str) -> list[Stated]:
    """A passage a day."""
    return [at(f"2024-07-{day:02d}", passage) for day, passage in enumerate(passages, 1)]


def at(day: str, passage: str, *, claimed: bool = True) -> Stated:
    return Stated(f"of {day}", date(day), numbers(passage)[0], claimed)


def told(stages: list[Stage]) -> list[tuple[int, int, Agreement | None, bool]]:
    return [(int(stage.number.value), len(stage.stated), stage.change, stage.again) for stage in stages]


def test_a_number_that_grows_has_stages() -> None:
    stages = history(stated("29 dead", "29 people dead", "nearly 30 dead", "32 dead", "31 dead"))
    assert told(stages) == [
        (29, 3, None, False),
        (32, 1, Agreement.UPDATED, False),
        (31, 1, Agreement.CONFLICT, False),
    ]


def test_dates_put_it_in_order_and_other_kinds_stay_out() -> None:
    found = stated("29 dead", "30%", "32 dead")
    assert [int(stage.number.value) for stage in history(reversed(found))] == [29, 32]
    assert history([]) == []


def test_an_older_number_that_comes_back_is_no_update() -> None:
    stages = history(stated("2,300 homes", "1,900 homes", "2,300 homes", "2,500 homes"))
    assert told(stages) == [
        (2300, 1, None, False),
        (1900, 1, Agreement.CONFLICT, False),
        (2300, 1, Agreement.CONFLICT, True),
        (2500, 1, Agreement.UPDATED, False),
    ]


def test_what_is_dated_to_the_same_day_does_not_go_back_and_forth() -> None:
    day = [at("2024-07-01", words) for words in ("29 dead", "32 dead", "29 dead", "32 dead")]
    assert told(history(day)) == [(29, 2, None, False), (32, 2, Agreement.CONFLICT, False)]


def test_a_day_is_not_before_an_hour_of_it() -> None:
    found = [at("2024-07-01", "32 dead"), at("2024-07-01T09:00Z", "29 dead")]
    assert told(history(found)) == [(29, 1, None, False), (32, 1, Agreement.CONFLICT, False)]


def test_a_copy_of_which_only_the_retrieval_is_known_joins_what_it_repeats() -> None:
    copy = at("2026-11-25", "29 dead", claimed=False)
    assert told(history([*stated("29 dead", "32 dead"), copy])) == [
        (29, 2, None, False),
        (32, 1, Agreement.UPDATED, False),
    ]
