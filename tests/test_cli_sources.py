"""Claimed sources on the real command line: who is named, what is held from them, and the archivist's last word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from archive.attribution.extract import extract
from archive.model import Method
from tests.commandline import run

if TYPE_CHECKING:
    from pathlib import Path


def label(place: Path, words: str) -> str:
    """The label of the version in which these words stand."""
    return str(run("search", "--json", f'"{words}"', at=place).objects[0]["id"])


def sources(place: Path, *options: str) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in run("sources", "--json", *options, at=place).objects}


def made(place: Path, reference: str) -> list[dict[str, Any]]:
    return run("attributions", "--json", reference, at=place).objects


def test_a_source_is_counted_and_what_is_held_from_it_is_said(archive_of_seeds: Path) -> None:
    found = sources(archive_of_seeds)
    assert found["Greek City Times"]["outlet"] == "greek-city-times"
    assert (found["Greek City Times"]["versions"], found["Greek City Times"]["held"]) == (1, 0)
    assert found["Ellery Water Authority"]["held"] == 1
    assert found["Ellery Water Authority"]["versions"] >= 3


def test_the_shopping_list_names_only_what_could_be_held_and_is_not(archive_of_seeds: Path) -> None:
    listed = sources(archive_of_seeds, "--unheld")
    assert "Greek City Times" in listed
    assert "Ellery Water Authority" not in listed
    assert {each["kind"] for each in listed.values()} <= {"outlet", "document", "organisation"}
    assert all(each["held"] == 0 for each in listed.values())


def test_attributions_are_shown_in_their_text(archive_of_seeds: Path) -> None:
    reference = label(archive_of_seeds, "renounced their affiliation")
    shown = run("attributions", reference, at=archive_of_seeds).flat
    assert "«According to» «the Greek City Times», these mass resignations" in shown
    for each in made(archive_of_seeds, reference):
        assert each["words"]["content"], each


@pytest.mark.parametrize(
    ("options", "judgement"),
    [(["--confirm"], "confirmed"), (["--reject"], "rejected"), (["--source", "Hellas Daily"], "corrected")],
)
def test_a_judgement_stands_beside_what_was_extracted(
    archive_of_seeds: Path, options: list[str], judgement: str
) -> None:
    reference = label(archive_of_seeds, "renounced their affiliation")
    before = made(archive_of_seeds, reference)[0]
    ran = run("attribute", reference, "1", *options, "--note", "read twice", at=archive_of_seeds)
    assert ran.status == 0, ran.err
    after = made(archive_of_seeds, reference)[0]
    assert {**after, "judged": []} == before
    assert [(j["judgement"], j["by"], j["note"]) for j in after["judged"]] == [
        (judgement, "M. Tansley", "read twice")
    ]
    assert run("verify", at=archive_of_seeds).status == 0


def test_a_rejected_attribution_no_longer_attributes_a_claim(archive_of_seeds: Path) -> None:
    claim = "415 million people have renounced their membership"
    reference = label(archive_of_seeds, "renounced their affiliation")
    named = run("trace", "--json", claim, at=archive_of_seeds).objects[0]["attributed_to"]
    assert [each["resolved"]["name"] for each in named] == ["Greek City Times"]
    assert run("attribute", reference, "1", "--reject", at=archive_of_seeds).status == 0
    assert run("trace", "--json", claim, at=archive_of_seeds).objects[0]["attributed_to"] == []


def test_a_judgement_must_be_one_and_of_something(archive_of_seeds: Path) -> None:
    reference = label(archive_of_seeds, "renounced their affiliation")
    for words in (["1"], ["1", "--confirm", "--reject"], ["99", "--confirm"]):
        ran = run("attribute", reference, *words, at=archive_of_seeds)
        assert ran.status == 2
        assert ran.err.startswith("claimtrail: ")


def test_a_name_of_several_versions_asks_which(archive_of_seeds: Path) -> None:
    item = label(archive_of_seeds, "1,900 households").partition("@")[0]
    ran = run("attributions", item, at=archive_of_seeds)
    assert ran.status == 2
    assert f"{item}@1" in ran.err


def key_of(place: Path, name: str) -> list[dict[str, Any]]:
    return run("outlets", "list", name, "--json", at=place).objects


def test_an_outlet_is_found_by_all_its_names_after_each_act(archive_of_seeds: Path) -> None:
    assert (
        run("outlets", "add", "The Ellery Tidings", "ellery-tidings.example", at=archive_of_seeds).status == 0
    )
    assert run("outlets", "alias", "Ellery Tidings", "the Tidings", at=archive_of_seeds).status == 0
    (entry,) = key_of(archive_of_seeds, "ellery-tidings")
    assert (entry["name"], entry["domains"]) == ("The Ellery Tidings", ["ellery-tidings.example"])
    assert "the Tidings" in entry["aliases"]
    acts = [e["leaf"]["act"] for e in run("log", "--json", at=archive_of_seeds).objects if "act" in e["leaf"]]
    assert acts == ["add", "alias"]
    assert run("verify", at=archive_of_seeds).status == 0


def test_a_merge_joins_what_is_held_and_a_split_undoes_it(archive_of_seeds: Path) -> None:
    assert run("outlets", "add", "Ellery Water Authority", at=archive_of_seeds).status == 0
    assert run("outlets", "add", "EWA Newsroom", at=archive_of_seeds).status == 0
    before = sources(archive_of_seeds)["Ellery Water Authority"]
    assert run("outlets", "merge", "Ellery Water Authority", "EWA Newsroom", at=archive_of_seeds).status == 0
    merged = sources(archive_of_seeds)
    assert "Ellery Water Authority" not in merged
    assert merged["EWA Newsroom"]["versions"] == before["versions"]
    assert merged["EWA Newsroom"]["held"] == before["held"] == 1
    assert run("outlets", "split", "ellery-water-authority", at=archive_of_seeds).status == 0
    assert sources(archive_of_seeds)["Ellery Water Authority"] == before


def test_a_name_can_be_made_an_outlet_of_its_own(archive_of_seeds: Path) -> None:
    assert run("outlets", "add", "Port Ellery Beacon", "Beacon Sport", at=archive_of_seeds).status == 0
    assert run("outlets", "split", "port-ellery-beacon", "Beacon Sport", at=archive_of_seeds).status == 0
    (beacon,) = [e for e in key_of(archive_of_seeds, "beacon") if e["key"] == "port-ellery-beacon"]
    assert beacon["aliases"] == []
    assert [e["name"] for e in key_of(archive_of_seeds, "beacon sport")] == ["Beacon Sport"]


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
def test_an_act_that_cannot_be_is_refused_in_words(archive_of_seeds: Path, words: list[str]) -> None:
    events = len(run("log", "--json", at=archive_of_seeds).objects)
    ran = run("outlets", *words, at=archive_of_seeds)
    assert ran.status == 2
    assert ran.err.startswith("claimtrail: ")
    assert len(run("log", "--json", at=archive_of_seeds).objects) == events


def test_texts_are_read_again_when_the_rules_change(
    archive_of_seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = label(archive_of_seeds, "renounced their affiliation")
    old = made(archive_of_seeds, reference)
    with monkeypatch.context() as changed:
        newer = Method("attribution", "2+en2")
        changed.setattr("archive.sources.method_for", lambda _language: newer)

        def extract_newer(*given: Any) -> Any:
            from dataclasses import replace

            return tuple(replace(each, method=newer) for each in extract(*given)[:1])

        changed.setattr("archive.sources.extract", extract_newer)
        assert run("reread", at=archive_of_seeds).flat == "read 11 versions again for attributions"
        assert run("reread", at=archive_of_seeds).flat == "read 0 versions again for attributions"
    new = made(archive_of_seeds, reference)
    assert [each["method"] for each in new] == ["attribution/2+en2"]
    assert len(old) > 1
    assert run("verify", at=archive_of_seeds).status == 0
