"""Two versions beside one another: what was added, dropped, changed and moved, and what of it matters."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.compare.alignment import ChangeKind, Sentence, aligned
from archive.compare.changes import word_changes
from archive.model import Passage, Span
from tests.commandline import Ran, new_archive, run

if TYPE_CHECKING:
    from pathlib import Path

BEFORE = """The bridge at Orrin was closed on Monday.
According to the Skerrin Herald, 29 people were hurt.
The mayor promised a new bridge.
Traffic was led over the hills all week."""
AFTER = """Traffic was led over the hills all week.
The bridge at Orrin was closed on Tuesday.
At least 32 people were hurt, officials said.
the mayor promised a new bridge!
A fund was set up."""
LAST = AFTER.replace("At least 32 people were hurt, officials said.", "At least 32 people were hurt.")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compare")
    place = new_archive(folder)
    assert run("outlets", "add", "Skerrin Herald", at=place).status == 0
    for number, text in enumerate((BEFORE, AFTER, LAST)):
        row = {
            "url": "https://example.org/bridge",
            "outlet": "Orrin Post",
            "title": "Bridge closed",
            "text": text,
        }
        file = folder / f"{number}.jsonl"
        file.write_text(json.dumps(row) + "\n", "utf-8")
        assert run("ingest", file, at=place).status == 0
    return place


def labels(archive: Path) -> list[str]:
    [hit, *_] = run("search", "bridge", "--json", at=archive).objects
    return [one["id"] for one in run("versions", hit["id"], "--json", at=archive).objects]


def compared(archive: Path, one: int, other: int, *more: str) -> Ran:
    names = labels(archive)
    return run("compare", names[one], names[other], *more, at=archive)


def changes(archive: Path, one: int, other: int, *more: str) -> list[dict[str, Any]]:
    [found] = compared(archive, one, other, "--json", *more).objects
    return list(found["changes"])


def test_every_kind_of_change_is_told_apart(archive: Path) -> None:
    found = {(one["kind"], one["before"], one["after"]) for one in changes(archive, 0, 1)}
    traffic = "Traffic was led over the hills all week."
    assert found == {
        ("moved", traffic, traffic),
        (
            "changed",
            "The bridge at Orrin was closed on Monday.",
            "The bridge at Orrin was closed on Tuesday.",
        ),
        (
            "changed",
            "According to the Skerrin Herald, 29 people were hurt.",
            "At least 32 people were hurt, officials said.",
        ),
        ("changed", "The mayor promised a new bridge.", "the mayor promised a new bridge!"),
        ("added", "", "A fund was set up."),
    }


def test_trivial_changes_are_left_out_on_request(archive: Path) -> None:
    every, telling = changes(archive, 0, 1), changes(archive, 0, 1, "--no-trivial")
    assert [one for one in every if not one["trivial"]] == telling
    assert {one["before"][:9] for one in every if one["trivial"]} == {"Traffic w", "The mayor"}


def test_an_attribution_is_changed_and_then_vanishes(archive: Path) -> None:
    [first] = [one for one in changes(archive, 0, 1) if one["attribution"]]
    assert first["attribution"] == "attribution changed"
    assert [s["name"] for s in first["sources_before"]] == ["Skerrin Herald"]
    assert [s["name"] for s in first["sources_after"]] == ["officials"]
    [second] = [one for one in changes(archive, 1, 2) if one["attribution"]]
    assert second["attribution"] == "attribution dropped"
    assert compared(archive, 1, 2).flat.count('attribution dropped: officials ("officials ... said")') == 1
    [back] = [one for one in changes(archive, 2, 1) if one["attribution"]]
    assert back["attribution"] == "attribution added"


def test_numbers_that_changed_are_told_with_how(archive: Path) -> None:
    [pair] = [pair for one in changes(archive, 0, 1) for pair in one["numbers"]]
    assert pair == {"before": "29", "after": "32", "agreement": "updated"}
    assert "number changed: 29 became 32, updated" in compared(archive, 0, 1).flat


def test_the_sums_stand_at_the_end(archive: Path) -> None:
    last = compared(archive, 0, 1).out.splitlines()[-1]
    assert last == ("sentences 1 added, 3 changed, 1 moved; 1 attribution changed; 1 number changed")


def test_versions_show_the_same_between_each_two(archive: Path) -> None:
    steps = run("versions", labels(archive)[0], "--json", at=archive).objects
    assert steps[0]["changes"] == []
    assert steps[1]["changes"] == changes(archive, 0, 1)
    assert steps[2]["changes"] == changes(archive, 1, 2)


def test_an_item_stands_for_its_latest_version(archive: Path) -> None:
    names = labels(archive)
    item = names[0].split("@")[0]
    [found] = run("compare", names[0], item, "--json", at=archive).objects
    assert (found["before"], found["after"]) == (names[0], names[2])


def test_a_version_is_the_same_as_itself(archive: Path) -> None:
    ran = compared(archive, 1, 1)
    assert "The two have the same text." in ran.out
    assert "no sentence differs" in ran.out
    assert changes(archive, 1, 1) == []


def test_what_is_not_held_cannot_be_compared(archive: Path) -> None:
    ran = run("compare", labels(archive)[0], "2001-0001.1", at=archive)
    assert (ran.status, ran.out) == (2, "")


def test_words_are_told_as_they_are_written() -> None:
    [change] = word_changes("It cost £1.2 million, he said.", "It cost £1.4 million, he said")
    assert (change.before, change.after) == ("1.2", "1.4")


def sentences(texts: list[str]) -> list[Sentence]:
    return [Sentence.of(Passage(at, Span(0, len(text))), text) for at, text in enumerate(texts, 1)]


WORDS = st.lists(
    st.sampled_from(["the", "bridge", "was", "closed", "on", "Monday", "officials", "said"]),
    min_size=1,
    max_size=6,
)
TEXTS = st.lists(WORDS.map(" ".join), max_size=7)


@given(TEXTS, TEXTS)
def test_each_sentence_is_accounted_for_once(old: list[str], new: list[str]) -> None:
    found = aligned(sentences(old), sentences(new))
    gone = [one.before.passage.number for one in found if one.before]
    come = [one.after.passage.number for one in found if one.after]
    assert len(gone) == len(set(gone))
    assert len(come) == len(set(come))
    kept_old = [text for at, text in enumerate(old, 1) if at not in gone]
    kept_new = [text for at, text in enumerate(new, 1) if at not in come]
    assert kept_old == kept_new
    for one in found:
        assert (one.kind is ChangeKind.ADDED) == (one.before is None)
        assert (one.kind is ChangeKind.DROPPED) == (one.after is None)
        assert one.kind is not ChangeKind.MOVED or one.trivial
