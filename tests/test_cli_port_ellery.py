"""The story that was invented for demonstration comes out as `truth.json` says, or is marked where it does not yet."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.commandline import STORY, Ran, new_archive, run

TRUTH = json.loads((STORY / "truth.json").read_text(encoding="utf-8"))
MAIN = TRUTH["main_claim"]


@cache
def labels(archive: Path) -> dict[str, str]:
    """Each file's version."""
    hits = run("search", "invented", "--group", "none", "--json", at=archive).objects[:-1]
    held = {}
    for hit in hits:
        for version in run("show", hit["id"], "--json", at=archive).objects:
            for capture in version["captures"]:
                held[Path(capture["name"]).name] = version["id"]
    return held


@cache
def traced(archive: Path, claim: str) -> Ran:
    return run("trace", claim, "--json", at=archive)


def occurrence(archive: Path, claim: str, file: str) -> dict[str, Any]:
    version = labels(archive)[file]
    found = [o for o in traced(archive, claim).objects if o.get("id", "").startswith(f"{version}#")]
    assert found, f"{file} ({version}) is not in the trail"
    return max(found, key=lambda one: one["score"])


def test_every_file_is_held(seeded: Path) -> None:
    assert set(labels(seeded)) >= {one["file"] for one in MAIN["occurrences"]}


def occurrences() -> list[Any]:
    """The known occurrences of the main claim."""
    return [pytest.param(known, id=known["file"]) for known in MAIN["occurrences"]]


@pytest.mark.parametrize("known", occurrences())
def test_the_claim_is_found_where_it_stands(seeded: Path, known: dict[str, str]) -> None:
    found = occurrence(seeded, MAIN["sentence"], known["file"])
    assert known["sentence"] in straight(found["text"])


@pytest.mark.parametrize("known", occurrences())
def test_how_closely_each_states_it(seeded: Path, known: dict[str, str]) -> None:
    found = occurrence(seeded, MAIN["sentence"], known["file"])
    assert found["kind"].replace("_", " ") == known["closeness"]
    if "numbers" in known:
        assert known["numbers"] in {pair["agreement"] for pair in found["numbers"]}


@pytest.mark.parametrize("known", occurrences())
def test_whom_each_names_as_its_source(seeded: Path, known: dict[str, Any]) -> None:
    found = occurrence(seeded, MAIN["sentence"], known["file"])
    names = {
        made["resolved"]["name"] for made in found["attributed_to"] if made["where"] == "in this passage"
    }
    bare = {name.casefold().removeprefix("the ") for name in names}
    source = known.get("stands_for") or known["claimed_source"]
    assert bare == ({source.casefold()} if source else set())


def test_how_many_independent_origins_the_claim_has(seeded: Path) -> None:
    trail = traced(seeded, MAIN["sentence"]).objects[-1]
    assert len(trail["origins"]) == MAIN["independent_origins"]


def test_the_silent_edit_shows_number_and_attribution(seeded: Path) -> None:
    edit = TRUTH["edit"]
    first, later = labels(seeded)[edit["first"]], labels(seeded)[edit["later"]]
    assert first.split("@")[0] == later.split("@")[0]
    ran = run("versions", first, at=seeded)
    assert f"- {edit['sentence']['first']}" in ran.flat
    assert f"+ {edit['sentence']['later']}" in ran.flat
    [_, change] = run("versions", first.split("@")[0], "--json", at=seeded).objects
    [pair] = change["changes"]
    assert edit["number"]["first"] in pair["before"]
    assert edit["attribution"]["first"] in pair["before"]
    assert edit["number"]["later"] in pair["after"]
    assert edit["attribution"]["later"] in pair["after"]


def test_the_reservoir_stands_in_two_files_that_name_each_other(seeded: Path) -> None:
    circular = TRUTH["circular"]
    for known in circular["occurrences"]:
        found = occurrence(seeded, circular["claim"], known["file"])
        assert straight(found["text"]) == known["sentence"]
        assert known["claimed_source"] in {made["resolved"]["name"] for made in found["attributed_to"]}


def test_a_report_and_its_reprints_are_no_circle(seeded: Path) -> None:
    assert traced(seeded, MAIN["sentence"]).objects[-1]["circles"] == []


def circles(archive: Path) -> list[list[str]]:
    trail = run("trace", TRUTH["circular"]["claim"], "--json", at=archive).objects[-1]
    held = {version: file for file, version in labels(archive).items()}
    return [sorted(held[version] for version in circle) for circle in trail["circles"]]


def test_the_circle_is_reported(seeded: Path) -> None:
    assert circles(seeded) == [sorted(TRUTH["circular"]["files"])]


@pytest.fixture(scope="module")
def entered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive whose authority file had the story's outlets before the story came in."""
    place = new_archive(tmp_path_factory.mktemp("entered"))
    for outlet in (
        "Kittle Bay Post",
        "Fennimoor Bulletin",
        "Ellery Water Authority",
        "Quillmark Press Agency",
    ):
        assert run("outlets", "add", outlet, at=place).status == 0
    assert run("ingest", "--manifest", STORY / "manifest.csv", at=place).status == 0
    return place


def test_with_its_outlets_entered_the_circle_is_reported_and_is_no_origin(entered: Path) -> None:
    assert circles(entered) == [sorted(TRUTH["circular"]["files"])]
    ran = run("trace", TRUTH["circular"]["claim"], at=entered)
    assert "cite one another; none of them is an origin" in ran.out
    assert f"{TRUTH['circular']['independent_origins']} independent origins" in ran.out


def test_the_page_states_outlet_and_date_itself(seeded: Path) -> None:
    [courier] = run("show", labels(seeded)["courier-2024-04-17.html"], "--json", at=seeded).objects
    assert courier["outlet"] == "Sallowvale Courier"
    assert {said["basis"] for said in courier["statements"]["outlet"]} == {"claimed"}
    assert courier["statements"]["published"][0]["value"] == "2024-04-17T06:30:00+01:00"


def test_the_mail_is_dated_by_its_header(seeded: Path) -> None:
    shown = run("show", labels(seeded)["ewa-press-notice.eml"], at=seeded).out
    assert "2024-04-16T09:05:12+01:00" in shown
    assert "[claimed in the header Date]" in shown


def test_zones_are_kept_as_they_were_given(seeded: Path) -> None:
    [dispatch] = run("show", labels(seeded)["dispatch-2024-04-17.txt"], "--json", at=seeded).objects
    assert dispatch["statements"]["retrieved"][0]["value"] == "2024-04-17T12:30:00+02:00"
    assert dispatch["statements"]["retrieved"][0]["said_by"] == "M. Tansley"


def test_nothing_is_made_up_about_the_untitled_note(seeded: Path) -> None:
    [note] = run("show", labels(seeded)["untitled.txt"], "--json", at=seeded).objects
    assert note["outlet"] is None
    assert "published" not in note["statements"]
    assert "address" not in note["statements"]


def straight(text: str) -> str:
    return text.translate(str.maketrans({"\u201c": '"', "\u201d": '"', "\u2019": "'"}))
