"""Claimed sources on the real command line: who is named, what is held from them, and the archivist's last word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from archive.attribution.extract import extract
from archive.model import Method
from tests.commandline import DOCUMENT, STORY, new_archive, run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def seeded(tmp_path: Path) -> Path:
    """An archive of the real document, 2026-....1, and the made-up story."""
    place = new_archive(tmp_path)
    for words in (["ingest", DOCUMENT], ["ingest", "--manifest", STORY / "manifest.csv"]):
        ran = run(*words, at=place)
        assert ran.status == 0, ran.err
    return place


def label(place: Path, words: str) -> str:
    """The label of the version in which these words stand."""
    return str(run("search", "--json", f'"{words}"', at=place).objects[0]["id"])


def sources(place: Path, *options: str) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in run("sources", "--json", *options, at=place).objects}


def made(place: Path, reference: str) -> list[dict[str, Any]]:
    return run("attributions", "--json", reference, at=place).objects


def test_a_source_is_counted_and_what_is_held_from_it_is_said(seeded: Path) -> None:
    found = sources(seeded)
    assert found["Greek City Times"]["outlet"] == "greek-city-times"
    assert (found["Greek City Times"]["versions"], found["Greek City Times"]["held"]) == (1, 0)
    assert found["Ellery Water Authority"]["held"] == 1
    assert found["Ellery Water Authority"]["versions"] >= 3


def test_the_shopping_list_names_only_what_could_be_held_and_is_not(seeded: Path) -> None:
    listed = sources(seeded, "--unheld")
    assert "Greek City Times" in listed
    assert "Ellery Water Authority" not in listed
    assert {each["kind"] for each in listed.values()} <= {"outlet", "document", "organisation"}
    assert all(each["held"] == 0 for each in listed.values())


def test_attributions_are_shown_in_their_text(seeded: Path) -> None:
    reference = label(seeded, "renounced their affiliation")
    shown = run("attributions", reference, at=seeded).flat
    assert "«According to» «the Greek City Times», these mass resignations" in shown
    for each in made(seeded, reference):
        assert each["words"]["content"], each


@pytest.mark.parametrize(
    ("options", "judgement"),
    [(["--confirm"], "confirmed"), (["--reject"], "rejected"), (["--source", "Hellas Daily"], "corrected")],
)
def test_a_judgement_stands_beside_what_was_extracted(
    seeded: Path, options: list[str], judgement: str
) -> None:
    reference = label(seeded, "renounced their affiliation")
    before = made(seeded, reference)[0]
    ran = run("attribute", reference, "1", *options, "--note", "read twice", at=seeded)
    assert ran.status == 0, ran.err
    after = made(seeded, reference)[0]
    assert {**after, "judged": []} == before
    assert [(j["judgement"], j["by"], j["note"]) for j in after["judged"]] == [
        (judgement, "M. Tansley", "read twice")
    ]
    assert run("verify", at=seeded).status == 0


def test_a_rejected_attribution_no_longer_attributes_a_claim(seeded: Path) -> None:
    claim = "415 million people have renounced their membership"
    reference = label(seeded, "renounced their affiliation")
    named = run("trace", "--json", claim, at=seeded).objects[0]["attributed_to"]
    assert [each["resolved"]["name"] for each in named] == ["Greek City Times"]
    assert run("attribute", reference, "1", "--reject", at=seeded).status == 0
    assert run("trace", "--json", claim, at=seeded).objects[0]["attributed_to"] == []


def test_a_judgement_must_be_one_and_of_something(seeded: Path) -> None:
    reference = label(seeded, "renounced their affiliation")
    for words in (["1"], ["1", "--confirm", "--reject"], ["99", "--confirm"]):
        ran = run("attribute", reference, *words, at=seeded)
        assert ran.status == 2
        assert ran.err.startswith("claimtrail: ")


def test_a_name_of_several_versions_asks_which(seeded: Path) -> None:
    item = label(seeded, "1,900 households").partition("@")[0]
    ran = run("attributions", item, at=seeded)
    assert ran.status == 2
    assert f"{item}@1" in ran.err


def key_of(place: Path, name: str) -> list[dict[str, Any]]:
    return run("outlets", "list", name, "--json", at=place).objects


def test_an_outlet_is_found_by_all_its_names_after_each_act(seeded: Path) -> None:
    assert run("outlets", "add", "The Ellery Tidings", "ellery-tidings.example", at=seeded).status == 0
    assert run("outlets", "alias", "Ellery Tidings", "the Tidings", at=seeded).status == 0
    (entry,) = key_of(seeded, "ellery-tidings")
    assert (entry["name"], entry["domains"]) == ("The Ellery Tidings", ["ellery-tidings.example"])
    assert "the Tidings" in entry["aliases"]
    acts = [e["leaf"]["act"] for e in run("log", "--json", at=seeded).objects if "act" in e["leaf"]]
    assert acts == ["add", "alias"]
    assert run("verify", at=seeded).status == 0


def test_a_merge_joins_what_is_held_and_a_split_undoes_it(seeded: Path) -> None:
    assert run("outlets", "add", "Ellery Water Authority", at=seeded).status == 0
    assert run("outlets", "add", "EWA Newsroom", at=seeded).status == 0
    before = sources(seeded)["Ellery Water Authority"]
    assert run("outlets", "merge", "Ellery Water Authority", "EWA Newsroom", at=seeded).status == 0
    merged = sources(seeded)
    assert "Ellery Water Authority" not in merged
    assert merged["EWA Newsroom"]["versions"] == before["versions"]
    assert merged["EWA Newsroom"]["held"] == before["held"] == 1
    assert run("outlets", "split", "ellery-water-authority", at=seeded).status == 0
    assert sources(seeded)["Ellery Water Authority"] == before


def test_a_name_can_be_made_an_outlet_of_its_own(seeded: Path) -> None:
    assert run("outlets", "add", "Port Ellery Beacon", "Beacon Sport", at=seeded).status == 0
    assert run("outlets", "split", "port-ellery-beacon", "Beacon Sport", at=seeded).status == 0
    (beacon,) = [e for e in key_of(seeded, "beacon") if e["key"] == "port-ellery-beacon"]
    assert beacon["aliases"] == []
    assert [e["name"] for e in key_of(seeded, "beacon sport")] == ["Beacon Sport"]


@pytest.mark.parametrize(
    "words",
    [
        ["add", "Greek City Times"],
        ["alias", "Greek City Times", "Reuters"],
        ["alias", "no such outlet", "x"],
        ["merge", "Greek City Times", "no such outlet"],
        ["split", "greek-city-times"],
    ],
)
def test_an_act_that_cannot_be_is_refused_in_words(seeded: Path, words: list[str]) -> None:
    events = len(run("log", "--json", at=seeded).objects)
    ran = run("outlets", *words, at=seeded)
    assert ran.status == 2
    assert ran.err.startswith("claimtrail: ")
    assert len(run("log", "--json", at=seeded).objects) == events


def test_texts_are_read_again_when_the_rules_change(seeded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reference = label(seeded, "renounced their affiliation")
    old = made(seeded, reference)
    with monkeypatch.context() as changed:
        newer = Method("attribution", "2+en2")
        changed.setattr("archive.sources.method_for", lambda _language: newer)

        def extract_newer(*given: Any) -> Any:
            from dataclasses import replace

            return tuple(replace(each, method=newer) for each in extract(*given)[:1])

        changed.setattr("archive.sources.extract", extract_newer)
        assert run("reread", at=seeded).flat == "read 11 versions again for attributions"
        assert run("reread", at=seeded).flat == "read 0 versions again for attributions"
    new = made(seeded, reference)
    assert [each["method"] for each in new] == ["attribution/2+en2"]
    assert len(old) > 1
    assert run("verify", at=seeded).status == 0
