"""A watch list is followed row by row: ranked, bounded in time, only what is new, and bad rows told by their line."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from archive.clock import SystemClock
from tests.commandline import Ran, new_archive, run

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

ITEMS = [
    {"id": "dam", "title": "Dam at Orrin Fell holds", "published": "2021-03-01",
     "text": "Engineers said the dam at Orrin Fell held 40 million litres."},
    {"id": "dam-later", "title": "Orrin Fell dam lower", "published": "2021-09-01",
     "text": "Engineers said the dam at Orrin Fell held 31 million litres."},
    {"id": "ferry", "title": "Ferry runs again", "published": "2021-03-02",
     "text": "The ferry to Skerrin runs again after eleven days."},
    {"id": "title-only", "title": "Lighthouse keeper of Skerrin retires", "published": "2021-03-03", "text": ""},
]  # fmt: skip


def lines(place: Path, rows: Iterable[object]) -> Path:
    place.write_text(
        "".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows), "utf-8"
    )
    return place


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("watch")
    place = new_archive(folder)
    ran = run("ingest", lines(folder / "items.jsonl", ITEMS), at=place)
    assert ran.status == 0, ran.err
    return place


def followed(archive: Path, folder: Path, *rows: object, more: Iterable[str] = ()) -> Ran:
    return run("trace", "--from", lines(folder / "watch.jsonl", rows), "--json", *more, at=archive)


def ids(ran: Ran, watch: object) -> list[Any]:
    found = [one for one in ran.objects if one["type"] == "watched" and one["watch"] == watch]
    assert [one["rank"] for one in found] == list(range(1, len(found) + 1))
    assert [one["score"] for one in found] == sorted((one["score"] for one in found), reverse=True)
    return [one["external_id"] for one in found]


def test_each_row_has_its_ranked_versions_under_its_own_id(archive: Path, tmp_path: Path) -> None:
    ran = followed(
        archive,
        tmp_path,
        {"id": 7, "text": "The ferry to Skerrin is running again"},
        "",
        {"id": "b", "text": "40 million litres held by the dam at Orrin Fell https://t.co/x"},
    )
    assert ran.status == 0
    assert ids(ran, 7)[0] == "ferry"
    assert ids(ran, "b")[:2] == ["dam", "dam-later"]


def test_a_row_is_kept_to_its_own_time(archive: Path, tmp_path: Path) -> None:
    text = "The dam at Orrin Fell held 31 million litres, engineers said"
    ran = followed(
        archive,
        tmp_path,
        {"id": "until", "text": text, "until": "2021-03-01"},
        {"id": "since", "text": text, "since": "2021-03-02"},
    )
    assert ids(ran, "until") == ["dam"]
    assert "dam" not in ids(ran, "since")
    assert ids(ran, "since")[0] == "dam-later"


def test_a_version_with_a_headline_alone_is_found_by_it(archive: Path, tmp_path: Path) -> None:
    ran = followed(archive, tmp_path, {"id": 1, "text": "The keeper of the lighthouse at Skerrin retires"})
    [first, *_] = ran.objects
    assert first["external_id"] == "title-only"
    assert "#" not in first["id"]
    assert first["text"] == "Lighthouse keeper of Skerrin retires"


BAD = [
    ('{"id": "x"', "not JSON"),
    ("[1, 2]", "no object"),
    ('{"text": "words"}', "no 'id'"),
    ('{"id": "x", "text": ""}', "no 'text'"),
    ('{"id": true, "text": "words"}', "neither text nor a whole number"),
    ('{"id": "x", "text": ["words"]}', "'text' is not text"),
    ('{"id": "x", "text": "words", "since": "yesterday"}', "not a date"),
    ('{"id": "x", "text": "..."}', "no word in it"),
]


def test_bad_rows_are_told_by_their_line_and_the_rest_goes_on(archive: Path, tmp_path: Path) -> None:
    good = {"id": "good", "text": "The ferry to Skerrin runs again"}
    ran = followed(archive, tmp_path, *(row for row, _ in BAD), good)
    assert ran.status == 3
    assert ids(ran, "good")[0] == "ferry"
    unread = [one for one in ran.objects if one["type"] == "unread"]
    assert [one["line"] for one in unread] == list(range(1, len(BAD) + 1))
    for (_, words), one in zip(BAD, unread, strict=True):
        assert words in one["reason"]
        assert f"line {one['line']}: " in ran.err


def test_only_what_is_new_is_reported(tmp_path: Path) -> None:
    class Later(SystemClock):
        def now(self) -> datetime:
            return datetime(2031, 5, 1, tzinfo=UTC)

    place = new_archive(tmp_path)
    assert run("ingest", lines(tmp_path / "old.jsonl", ITEMS[:1]), at=place).status == 0
    assert run("ingest", lines(tmp_path / "new.jsonl", ITEMS[1:]), at=place, clock=Later()).status == 0
    row = {"id": 1, "text": "Engineers said the dam at Orrin Fell held 31 million litres"}
    assert set(ids(followed(place, tmp_path, row), 1)) >= {"dam", "dam-later"}
    fresh = followed(place, tmp_path, row, more=("--new-since", "2031-01-01"))
    assert ids(fresh, 1) == ["dam-later"]
    assert fresh.objects[0]["kind"]
    assert followed(place, tmp_path, row, more=("--new-since", "2032-01-01")).out == ""


def test_the_limit_and_the_kind_are_those_of_each_row(archive: Path, tmp_path: Path) -> None:
    row = {"id": 1, "text": "Engineers said the dam at Orrin Fell held 31 million litres."}
    assert len(ids(followed(archive, tmp_path, row, more=("--limit", "1")), 1)) == 1
    assert ids(followed(archive, tmp_path, row, more=("--kind", "numbers differ")), 1) == ["dam"]
    assert ids(followed(archive, tmp_path, row, more=("--kind", "verbatim")), 1) == ["dam-later"]


def test_a_person_is_shown_what_states_it(archive: Path, tmp_path: Path) -> None:
    watch = lines(
        tmp_path / "w.jsonl", [{"id": "f", "text": "The ferry to Skerrin runs again after eleven days"}]
    )
    ran = run("trace", "--from", watch, at=archive)
    assert "f: The ferry to Skerrin runs again after eleven days" in ran.out
    assert "1 occurrence" in ran.out
    assert "verbatim" in ran.out


@pytest.mark.parametrize(
    "words",
    [(), ("words", "--from", "x.jsonl"), ("--from", "x.jsonl", "--html", "x.html"), ("--from", "absent")],
)
def test_what_cannot_be_followed_is_refused(archive: Path, words: tuple[str, ...]) -> None:
    ran = run("trace", *words, at=archive)
    assert ran.status == 2
    assert ran.err.startswith("claimtrail: ")
