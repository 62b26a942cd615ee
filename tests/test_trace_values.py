"""The values of a claim: amounts are followed, and dates only where the claim itself names one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.commandline import new_archive, run

if TYPE_CHECKING:
    from pathlib import Path

PAID = range(101, 221, 10)
ITEMS = [
    ("2022-01-10", "The council of Marrowby signed the tunnel contract on January 8, 2022."),
    ("2022-01-11", "The council of Marrowby signed the tunnel contract on January 9, 2022."),
    ("2022-02-10", "The ferry strike in Skerrin left 29 people stranded on the quay."),
    ("2022-02-11", "The ferry strike in Skerrin left 32 people stranded on the quay."),
    *(
        (f"2022-03-{day:02}", f"The lottery of Fellside paid {value} crowns to its winners this week.")
        for day, value in enumerate(PAID, 1)
    ),
]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("values")
    place = new_archive(folder)
    rows = [{"id": str(at), "published": day, "text": text} for at, (day, text) in enumerate(ITEMS)]
    (folder / "items.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    assert run("ingest", folder / "items.jsonl", at=place).status == 0
    return place


def told(archive: Path, claim: str) -> str:
    """What a trace says of the numbers of a claim, on one line."""
    out = " ".join(run("trace", claim, at=archive).out.split())
    return out.partition(" number ")[2].partition(" [ask]")[0]


def test_a_claim_without_a_number_is_followed_by_amounts(archive: Path) -> None:
    said = told(archive, "The ferry strike in Skerrin left people stranded on the quay")
    assert "29, earliest held 2022-02-10" in said
    assert "; then 32 (updated), earliest held 2022-02-11" in said


def test_and_not_by_the_dates_of_whoever_states_it(archive: Path) -> None:
    assert told(archive, "The council of Marrowby signed the tunnel contract") == ""


def test_a_date_in_the_claim_is_followed_and_told_as_it_is_written(archive: Path) -> None:
    said = told(archive, "The council of Marrowby signed the tunnel contract on January 8, 2022")
    assert said.startswith("January 8, 2022: January 8, 2022, earliest held 2022-01-10")
    assert "; then January 9, 2022 (in conflict), earliest held 2022-01-11" in said
    assert "20,220,109" not in said


def test_a_number_that_changes_with_every_telling_is_cut_short(archive: Path) -> None:
    claim = "The lottery of Fellside paid 101 crowns to its winners this week"
    said = told(archive, claim)
    assert said.count("; then ") == 7
    assert said.endswith("and 4 more changes (all with --json)")
    *_, sums = run("trace", claim, "--json", at=archive).objects
    [followed] = sums["values"]
    assert [stage["written"] for stage in followed["stages"]] == [str(value) for value in PAID]
