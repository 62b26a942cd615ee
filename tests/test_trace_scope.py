"""What a trace is narrowed to, and that its origins are counted with what was left out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.commandline import Ran, new_archive, run

if TYPE_CHECKING:
    from pathlib import Path

CLAIM = "The Marrowby tunnel will cost 90 million crowns"
ITEMS = [
    ("Marrowby Gazette", "2022-01-10", "The Marrowby tunnel will cost 90 million crowns, the council announced."),
    ("Fellside Herald", "2022-01-11", "A tunnel at Marrowby will cost 90 million crowns, Marrowby Gazette reported."),
    ("Norrland Times", "2022-04-02", "Now the Marrowby tunnel will cost 120 million crowns, the minister said."),
    ("Norrland Times", "2022-04-03", "The minister denied that the Marrowby tunnel will cost 90 million crowns."),
    ("Skerrin Echo", "2022-04-04", "Sheep on the Marrowby road held up the traffic for three hours."),
]  # fmt: skip


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scope")
    place = new_archive(folder)
    for outlet in dict.fromkeys(outlet for outlet, *_ in ITEMS):
        assert run("outlets", "add", outlet, at=place).status == 0
    rows = [
        {"id": str(at), "outlet": outlet, "published": published, "text": text}
        for at, (outlet, published, text) in enumerate(ITEMS)
    ]
    file = folder / "items.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    assert run("ingest", file, at=place).status == 0
    return place


def traced(archive: Path, *words: str) -> Ran:
    return run("trace", CLAIM, "--json", *words, at=archive)


def found(archive: Path, *words: str) -> set[str]:
    return {one["external_id"] for one in traced(archive, *words).objects[:-1]}


def test_every_occurrence_is_found_and_nothing_else(archive: Path) -> None:
    assert found(archive) == {"0", "1", "2", "3"}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--since", "2022-01-11"), {"1", "2", "3"}),
        (("--until", "2022-01-11"), {"0", "1"}),
        (("--since", "2022-04", "--until", "2022-04-02"), {"2"}),
        (("--outlet", "norrland times"), {"2", "3"}),
        (("--outlet", "Fellside Herald", "--outlet", "Marrowby Gazette"), {"0", "1"}),
        (("--kind", "numbers differ"), {"2"}),
        (("--since", "2022-04-03", "--kind", "verbatim"), {"3"}),
        (("--until", "2021-12-31"), set()),
    ],
)
def test_it_is_narrowed(archive: Path, words: tuple[str, ...], expected: set[str]) -> None:
    assert found(archive, *words) == expected


def test_the_limit_keeps_the_closest(archive: Path) -> None:
    ran = traced(archive, "--limit", "2")
    assert len(ran.objects) == 3
    assert {one["kind"] for one in ran.objects[:-1]} == {"verbatim"}


def test_origins_are_counted_with_what_was_left_out(archive: Path) -> None:
    whole = traced(archive).objects[-1]
    narrow = traced(archive, "--outlet", "Fellside Herald").objects[-1]
    assert narrow["origins"] == whole["origins"]
    assert (narrow["occurrences"], narrow["beyond"]) == (1, 3)
    assert narrow["failing"] == whole["failing"] == []
    ran = run("trace", CLAIM, "--outlet", "Fellside Herald", at=archive)
    assert "3 more occurrences held that the question leaves out" in ran.flat


def test_a_citation_that_is_borne_out_needs_no_asking(archive: Path) -> None:
    shown = run("trace", CLAIM, "--outlet", "Fellside Herald", at=archive).flat
    assert "attributed to Marrowby Gazette in this passage [claimed] that source, as held, says it:" in shown
    minister = run("trace", CLAIM, "--since", "2022-04-02", at=archive).flat
    assert "in this passage [claimed] [ask]" in minister


def test_a_denial_stays_with_the_claim_and_is_marked(archive: Path) -> None:
    [denial] = [one for one in traced(archive).objects[:-1] if one["external_id"] == "3"]
    [[start, end]] = denial["denied"]
    assert ITEMS[3][2][start:end] == "denied"
    assert 'denies it by its words "denied"' in run("trace", CLAIM, at=archive).flat


def test_the_claim_keeps_the_history_of_its_value(archive: Path) -> None:
    [history] = traced(archive).objects[-1]["values"]
    assert history["written"] == "90 million crowns" or history["written"].startswith("90 million")
    assert [stage["value"] for stage in history["stages"]][:2] == ["90000000", "120000000"]
    assert history["stages"][1]["change"] == "updated"


def test_with_both_dates_known_a_later_number_is_an_update(archive: Path) -> None:
    [first] = [one for one in traced(archive).objects[:-1] if one["external_id"] == "0"]
    by_label = run("trace", first["id"], "--json", at=archive).objects[:-1]
    [later] = [one for one in by_label if one["external_id"] == "2"]
    assert later["numbers"] == [{"asked": "90000000", "found": "120000000", "agreement": "updated"}]


@pytest.mark.parametrize("asked", ["90 million", "90,000,000", "90000000"])
def test_a_number_is_found_however_it_is_written(archive: Path, asked: str) -> None:
    ran = run("trace", asked, "--json", at=archive)
    assert {one["external_id"] for one in ran.objects[:-1]} == {"0", "1", "3"}


def test_items_versions_passages_and_digests_can_be_traced(archive: Path) -> None:
    [first] = [one for one in traced(archive).objects[:-1] if one["external_id"] == "0"]
    [held] = run("show", first["version"], "--json", at=archive).objects
    for asked in (first["id"], first["version"], held["item"], held["sha256"], held["sha256"][:12]):
        trail = run("trace", asked, "--json", at=archive).objects[-1]
        assert trail["asked_from"] == first["id"]
    assert run("trace", "0" * 64, at=archive).status == 2


def test_a_damaged_quote_is_found(archive: Path) -> None:
    ran = run("trace", "the Marrowby tunnel shall cost 90 million crowns", "--json", at=archive)
    assert {"0", "3"} <= {one["external_id"] for one in ran.objects[:-1]}
