"""Four dates stay four, each with its precision, wording and zone; where they contradict each other it is said."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.dating import bounds, conflicts, is_after
from archive.model import Basis, Evidence, Method, Moment, Precision, Property, Statement
from archive.text.dates import iso_moment
from tests.commandline import new_archive, run

if TYPE_CHECKING:
    from pathlib import Path

BY = Method("test", "1")
ZONES = st.sampled_from([None, "+00:00", "-05:00", "+14:00"])
MOMENTS = st.builds(
    lambda at, precision, zone: Moment(at.replace(tzinfo=UTC), precision, "as written", zone),
    st.datetimes(),
    st.sampled_from(list(Precision)),
    ZONES,
)


def said(about: Property, words: str, basis: Basis = Basis.CLAIMED) -> Statement:
    when = iso_moment(words)
    assert when is not None
    return Statement(about, words, basis, BY, Evidence(words), when)


def published(words: str) -> Statement:
    return said(Property.PUBLISHED, words)


def modified(words: str) -> Statement:
    return said(Property.MODIFIED, words)


def retrieved(words: str) -> Statement:
    return said(Property.RETRIEVED, words, Basis.OBSERVED)


def codes(*statements: Statement, recorded: datetime | None = None) -> list[str]:
    return [each.code for each in conflicts(statements, recorded)]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the first draw reads the project
@given(MOMENTS)
def test_a_moment_lies_within_its_bounds(when: Moment) -> None:
    start, end = bounds(when)
    assert start <= when.at <= end


@given(MOMENTS, MOMENTS)
def test_no_two_moments_are_each_after_the_other(one: Moment, other: Moment) -> None:
    assert not (is_after(one, other) and is_after(other, one))
    assert not is_after(one, one)


@given(MOMENTS, st.timedeltas(min_value=timedelta(), max_value=timedelta(hours=20)))
def test_what_a_zone_can_reconcile_is_no_conflict(when: Moment, apart: timedelta) -> None:
    vague = Moment(when.at, Precision.DAY, "as written")
    if when.at < datetime(9999, 12, 1, tzinfo=UTC) and when.at > datetime(1, 1, 5, tzinfo=UTC):
        start, end = bounds(vague)
        assert end - start == timedelta(hours=24 + 26)
        other = Moment(max(start, when.at - apart), Precision.SECOND, "x", "+00:00")
        assert is_after(vague, other) is (start > bounds(other)[1])


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ((published("2023-08-01"), retrieved("2023-07-05T10:00:00Z")), ["published after it was retrieved"]),
        ((modified("2023-08-01"), retrieved("2023-07-05T10:00:00Z")), ["modified after it was retrieved"]),
        ((published("2023-07-05"), modified("2023-07-02")), ["modified before it was published"]),
        ((published("2023-07-05T10:00:01Z"), retrieved("2023-07-05T12:00:00+02:00")), []),
        (
            (published("2023-07-05T10:00:05Z"), retrieved("2023-07-05T12:00:00+02:00")),
            ["published after it was retrieved"],
        ),
        # It was the sixth already where the outlet is, for all we know.
        ((published("2023-07-06"), retrieved("2023-07-05T10:00:00Z")), []),
        ((published("2023-07"), retrieved("2023-07-05T10:00:00Z")), []),
        ((published("2023-07-05T20:00:00"), retrieved("2023-07-05T10:00:00Z")), []),
        ((published("2023-07-04"), modified("2023-07-04T01:00:00+02:00")), []),
        ((published("2023-07-05"), published("2023-07-01"), modified("2023-07-02")), []),
        ((published("2023-07-04"), modified("2023-07-05"), retrieved("2023-07-08T00:00:00Z")), []),
    ],
)
def test_a_conflict_is_said_where_it_is_certain(
    statements: tuple[Statement, ...], expected: list[str]
) -> None:
    assert codes(*statements) == expected


def test_a_date_after_our_own_clock_is_a_conflict() -> None:
    now = datetime(2024, 1, 1, tzinfo=UTC)
    assert codes(retrieved("2025-01-01"), recorded=now) == ["retrieved after it was recorded"]
    assert codes(published("2025-01-01"), recorded=now) == ["published after it was recorded"]
    both = (published("2025-01-01"), retrieved("2023-01-01"))
    assert codes(*both, recorded=now) == ["published after it was retrieved"]


ROWS = (
    {
        "id": "ABC-17",
        "text": "The bridge is closed, the mayor said.",
        "title": "Bridge",
        "published": "2023-08-01T09:30:00+02:00",
        "modified": "2023-01-01",
        "retrieved": "2023-07-05T10:00:00Z",
    },
    {"id": "ABC-18", "text": "The dam is full.", "published": "03/04/2024"},
    {"id": "ABC-20", "text": "The mill has burned.", "published": "no later than soon"},
    {
        "id": "ABC-19",
        "text": "La digue est pleine, dit le maire.",
        "published": "hier",
        "retrieved": "2024-03-04T12:00:00Z",
        "language": "fr",
    },
)


@pytest.fixture(scope="module")
def read(held: tuple[Path, Path]) -> list[dict[str, Any]]:
    return run("read", held[1], "--json").objects


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("dated")
    place, rows = new_archive(folder), folder / "rows.jsonl"
    rows.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    assert run("ingest", rows, at=place).status == 0
    return place, rows


def of(objects: list[dict[str, Any]], external_id: str) -> dict[str, Any]:
    def identifier(one: dict[str, Any]) -> object:
        found = one.get("external_id")
        return found["value"] if isinstance(found, dict) else found

    return next(one for one in objects if identifier(one) == external_id)


def test_each_of_the_four_has_its_basis_precision_wording_and_zone(held: tuple[Path, Path]) -> None:
    [hit, _] = run("search", "id:ABC-17", "--json", at=held[0]).objects
    [shown] = run("show", hit["id"], "--json", at=held[0]).objects
    assert shown["dates"] == hit["dates"]
    four = shown["dates"]
    assert set(four) == {"retrieved", "published", "modified", "recorded"}
    for name, value, precision, zone in (
        ("published", "2023-08-01T09:30:00+02:00", "second", "+02:00"),
        ("modified", "2023-01-01", "day", None),
        ("retrieved", "2023-07-05T10:00:00Z", "second", "+00:00"),
    ):
        found = four[name]
        assert (found["value"], found["precision"], found["zone"]) == (value, precision, zone)
        assert (found["basis"], found["original"]) == ("claimed", ROWS[0][name])
    assert (four["recorded"]["basis"], four["recorded"]["value"]) == ("observed", shown["recorded"])


EXPECTED = {"published after it was retrieved", "modified before it was published"}


def test_conflicts_stand_beside_the_dates_wherever_they_are_shown(
    held: tuple[Path, Path], read: list[dict[str, Any]]
) -> None:
    place, rows = held
    [hit, _] = run("search", "id:ABC-17", "--json", at=place).objects
    [shown] = run("show", hit["id"], "--json", at=place).objects
    [traced, *_] = run("trace", "The bridge is closed, the mayor said.", "--json", at=place).objects
    again = of(run("ingest", rows, "--json", "--dry-run", at=place).objects, "ABC-17")
    for one in (hit, shown, traced, again, of(read, "ABC-17")):
        assert {each["code"] for each in one["conflicts"]} == EXPECTED
    lines = run("show", hit["id"], at=place).out.splitlines()
    [place_of] = [number for number, line in enumerate(lines) if line.lstrip().startswith("published ")]
    assert "! published after it was retrieved" in lines[place_of + 1]
    assert "published after it was retrieved" in run("read", rows).out


def test_an_ambiguous_date_is_recorded_as_ambiguous(
    held: tuple[Path, Path], read: list[dict[str, Any]]
) -> None:
    [hit, _] = run("search", "id:ABC-18", "--json", at=held[0]).objects
    [shown] = run("show", hit["id"], "--json", at=held[0]).objects
    [found] = shown["statements"]["published"]
    assert (found["value"], found["precision"], found["original"]) == ("2024", "year", "03/04/2024")
    assert "2024-04-03 or 2024-03-04" in shown["statements"]["note"][0]["value"]
    assert "2024-04-03 or 2024-03-04" in of(read, "ABC-18")["notes"][0]["value"]


def test_a_relative_date_is_read_against_the_rows_own_retrieval_and_language(held: tuple[Path, Path]) -> None:
    [hit, _] = run("search", "id:ABC-19", "--json", at=held[0]).objects
    [shown] = run("show", hit["id"], "--json", at=held[0]).objects
    [found] = shown["statements"]["published"]
    assert (found["value"], found["basis"], found["original"]) == ("2024-03-03", "inferred", "hier")
    assert "2024-03-03 (written hier)" in run("show", hit["id"], at=held[0]).out


def test_a_date_that_is_none_is_said(read: list[dict[str, Any]]) -> None:
    found = of(read, "ABC-20")
    assert found["published"] is None
    assert "cannot be read as a date" in found["notes"][0]["value"]


def test_a_relative_date_in_a_web_archive_is_read_against_the_records_own_date() -> None:
    from archive.formats import parts
    from tests.test_formats_containers import PAGE, record, warc

    page = PAGE.replace(b"<body>", b"<head><meta name='date' content='yesterday'></head><body>")
    (part,) = parts(warc(record(5, page)))
    found = part.reading.first(Property.PUBLISHED)
    assert found is not None
    assert (found.value, found.basis) == ("2023-05-04", Basis.INFERRED)
