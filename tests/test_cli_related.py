"""`related` says what shares text with what, `relink` makes it anew, and `claims` lists what recurs."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import pytest

from archive.errors import ExitCode
from archive.model import Method
from tests.commandline import STORY, new_archive, run
from tests.linked import words

if TYPE_CHECKING:
    from pathlib import Path

TRUTH = json.loads((STORY / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the story of Port Ellery."""
    place = new_archive(tmp_path_factory.mktemp("town"))
    assert run("ingest", "--manifest", STORY / "manifest.csv", at=place).status == 0
    return place


def named(place: Path) -> dict[str, str]:
    """From each file of the story to its version."""
    held = [
        one
        for n in range(1, 10)
        for one in run("show", f"{year(place)}-0001.{n}", "--json", at=place).objects
    ]
    return {each["captures"][0]["name"].rpartition("/")[2]: each["id"] for each in held}


def year(place: Path) -> str:
    return str(run("log", "--json", "--limit", "1000", at=place).objects[0]["leaf"]["at"][:4])


def rows(place: Path, *stories: tuple[str, str, str, str], name: str = "stories.jsonl") -> None:
    """Ingest stories (identifier, outlet, date, text) as JSON lines."""
    file = place.parent / name
    keys = ("id", "outlet", "published", "text")
    file.write_text("\n".join(json.dumps(dict(zip(keys, story, strict=True))) for story in stories))
    assert run("ingest", file, at=place).status == 0


# related


def test_every_copy_of_the_story_is_linked(town: Path) -> None:
    of = named(town)
    links = {
        frozenset((one["id"], one["other"])): one
        for one in run("related", "--all", "--json", at=town).objects
    }
    for copy in TRUTH["copies"]:
        pair = frozenset((of[copy["file"]], of[copy["of"]]))
        if copy["how"] == "rewrite":
            assert pair not in links, "a rewrite shares no passage of forty words"
            continue
        label = links[pair]["label"]
        assert label in {"reprint": {"same text", "contained"}, "revision": {"same text"}}.get(
            copy["how"], {"shares passage"}
        )
    assert len(links) == 7


def test_a_link_says_how_much_and_which_is_dated_earlier_with_the_basis(town: Path) -> None:
    of = named(town)
    asked = of["courier-2024-04-17.html"]
    found = {one["other"]: one for one in run("related", asked, "--json", at=town).objects}
    link = found[of["quillmark-2024-04-16.txt"]]
    assert (link["covered"], link["words"], link["label"]) == (197, 243, "same text")
    assert link["dated_earlier"] == of["quillmark-2024-04-16.txt"]
    assert (link["dated_earlier_by"], link["dated_earlier_bases"]) == ("published", ["claimed", "asserted"])
    texts = {one["id"]: one["text"] for one in run("show", f"{year(town)}-0001", "--json", at=town).objects}
    for start, end, at, to in link["spans"]:
        assert texts[asked][start:end] == texts[link["other"]][at:to]
    out = run("related", asked, at=town).flat
    assert f"earlier {of['quillmark-2024-04-16.txt']}, by the dates of publication" in out
    assert "[claimed in the JSON-LD NewsArticle datePublished]" in out


def test_versions_of_one_item_are_told_as_such(town: Path) -> None:
    beacon = named(town)["beacon-2024-04-16.txt"]
    (link,) = run("related", beacon, "--json", at=town).objects
    assert link["same_item"]
    assert (link["dated_earlier"], link["dated_earlier_by"]) == (beacon, "version")
    assert "another version of the same item" in run("related", beacon, at=town).out


def test_where_days_do_not_tell_the_order_it_is_that_of_retrieval(town: Path) -> None:
    of = named(town)
    found = {
        one["other"]: one for one in run("related", of["tidings-2024-04-16.txt"], "--json", at=town).objects
    }
    link = found[of["quillmark-2024-04-16.txt"]]
    assert (link["dated_earlier"], link["dated_earlier_by"]) == (of["quillmark-2024-04-16.txt"], "retrieved")
    assert (
        "which was published earlier is not known"
        in run("related", of["tidings-2024-04-16.txt"], at=town).flat
    )


def test_nothing_in_common_is_said(town: Path) -> None:
    alone = named(town)["untitled.txt"]
    ran = run("related", alone, at=town)
    assert ran.status == 0
    assert f"nothing held shares text with {alone}" in ran.out
    assert run("related", alone, "--json", at=town).out == ""


def test_the_whole_stream_names_the_rows_it_came_from(tmp_path: Path) -> None:
    place = new_archive(tmp_path)
    text = words("agency", 90)
    rows(
        place,
        ("a-1", "A", "2026-01-02", text),
        ("b-7", "B", "2026-01-03", f"{words('intro', 10)} {text}"),
        ("c-9", "C", "2026-01-03", words("else", 90)),
    )
    (link,) = run("related", "--all", "--json", at=place).objects
    assert (link["external_id"], link["other_external_id"], link["label"]) == ("b-7", "a-1", "same text")
    assert (link["covered"], link["words"], link["other_covered"], link["other_words"]) == (90, 100, 90, 90)


@pytest.mark.parametrize("asked", [(), ("--all",), ("2026-0001.1", "--all", "--json")])
def test_one_or_all_has_to_be_asked_for(town: Path, asked: tuple[str, ...]) -> None:
    ran = run("related", *asked, at=town)
    assert ran.status == ExitCode.USAGE
    assert ran.err.startswith("claimtrail: ")


# status, relink, what is behind


def test_status_says_what_is_not_linked_and_the_next_ingest_links_it(tmp_path: Path) -> None:
    place = new_archive(tmp_path)
    rows(place, ("1", "A", "2026-01-02", words("x", 90)), ("2", "B", "2026-01-02", words("x", 90)))
    assert "links      1 link\n" in run("status", at=place).out
    with closing(sqlite3.connect(place / "catalog.db")) as catalog:
        for table in ("link", "fingerprint", "linked"):
            catalog.execute(f"DELETE FROM {table}")
        catalog.execute("UPDATE link_state SET position = 0")
        catalog.commit()
    out = run("status", at=place).out
    assert (
        "links      2 versions are recorded but not yet linked: the next ingest or `claimtrail relink` does it"
        in out
    )
    (status,) = run("status", "--json", at=place).objects
    assert status["links"] == {"not_linked": 2, "links": 0}
    assert "2 versions are recorded but not yet linked" in run("related", "--all", "--json", at=place).err
    rows(place, ("3", "C", "2026-01-02", words("x", 90)), name="more.jsonl")
    assert run("status", "--json", at=place).objects[0]["links"] == {"not_linked": 0, "links": 3}


def test_relink_says_what_it_did(town: Path) -> None:
    before = run("related", "--all", "--json", at=town).out
    ran = run("relink", at=town)
    assert (ran.status, ran.out) == (0, "linked 10 versions: 7 links\n")
    assert run("related", "--all", "--json", at=town).out == before


def test_what_is_held_read_only_can_be_asked(town: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    catalog = town / "catalog.db"
    catalog.chmod(0o400)
    try:
        assert len(run("related", "--all", "--json", at=town).objects) == 7
        assert run("claims", at=town).status == 0
    finally:
        catalog.chmod(0o600)


# claims


def stated(claim: dict[str, Any]) -> set[str]:
    return {one["text"] for one in claim["stated"]}


def test_the_main_claim_of_the_story_is_the_most_spread(town: Path) -> None:
    first, *others = run("claims", "--outlets", "3", "--json", at=town).objects
    of = named(town) | {"beacon-2024-04-23.txt": named(town)["beacon-2024-04-16.txt"].replace("@1", "@2")}
    expected = {of[each["file"]]: each["sentence"] for each in TRUTH["main_claim"]["occurrences"]}
    # The agency's sentence has its dateline before it.
    found = {one["id"].partition("#")[0]: one["text"].rpartition(" (QPA) - ")[2] for one in first["stated"]}
    assert found == expected
    assert (len(first["outlets"]), first["items"], first["versions"]) == (6, 7, 8)
    assert first["numbers_differ"] == {TRUTH["edit"]["number"]["later"]: 1}
    assert all(len(other["outlets"]) >= 3 for other in others)


@pytest.mark.parametrize("salt", [3, 10, 38])
def test_no_hash_decides_whether_a_claim_is_found_whole(
    town: Path, monkeypatch: pytest.MonkeyPatch, salt: int
) -> None:
    """With hashes of words salted by some of these, the claim fell in two or was not found at all."""

    def salted(text: str) -> list[int]:
        made = (blake2b(word.encode(), digest_size=8, salt=bytes([salt])) for word in text.split())
        return [int.from_bytes(each.digest()) >> 1 for each in made]

    monkeypatch.setattr("archive.text.claimed.word_hashes", salted)
    monkeypatch.setattr("archive.claims.METHOD", Method("salted", str(salt)))
    for outlets in ("3", "6"):
        first, *_ = run("claims", "--outlets", outlets, "--json", at=town).objects
        assert (len(first["outlets"]), first["items"], first["versions"]) == (6, 7, 8)


def test_each_quote_of_the_story_is_in_a_claim_with_the_files_that_have_it(town: Path) -> None:
    of = named(town)
    found = run("claims", "--outlets", "2", "--limit", "50", "--json", at=town).objects
    (quote,) = [each for each in TRUTH["quotes"] if each["words"].startswith("great patience")]
    (claim,) = [one for one in found if any(quote["words"] in text for text in stated(one))]
    assert {one["id"].partition("#")[0] for one in claim["stated"]} == {of[file] for file in quote["files"]}


TOLL = (
    "The flood at Dunmere killed {} people and left the old bridge under water, the county sheriff reported."
)


@pytest.fixture(scope="module")
def floods(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A toll that rises over three outlets, a sentence of one outlet only, and one of two items."""
    place = new_archive(tmp_path_factory.mktemp("floods"))
    own = "Readers of this newspaper can follow every council meeting on our pages free of charge."
    rows(
        place,
        ("1", "A", "2026-03-01", f"{TOLL.format(29)}\n{words('a', 30)}.\n{own}"),
        ("2", "B", "2026-03-02", f"{words('b', 30)}.\n{TOLL.format(29)}"),
        ("3", "C", "2026-03-05", f"{words('c', 30)}.\n{TOLL.format(32)}"),
        ("4", "A", "2026-03-06", f"{words('d', 30)}.\n{own}"),
        ("5", "A", "2026-03-07", f"{words('e', 30)}.\n{own}"),
    )
    return place


def claimed(place: Path, *words: str) -> list[dict[str, Any]]:
    return run("claims", *words, "--json", at=place).objects


def test_numbers_that_differ_do_not_part_a_claim(floods: Path) -> None:
    (claim,) = claimed(floods)
    assert stated(claim) == {TOLL.format(29), TOLL.format(32)}
    assert (claim["outlets"], claim["numbers_differ"]) == (["A", "B", "C"], {"32": 1})
    assert [one["external_id"] for one in claim["stated"]] == ["1", "2", "3"]
    assert claim["kinds"] == {"verbatim": 2, "numbers differ": 1}
    out = run("claims", at=floods).flat
    assert "3 items from 3 outlets: A, B, C" in out
    assert "numbers that differ: 32 (1 version)" in out


def test_outlets_and_versions_are_asked_for_apart(floods: Path) -> None:
    assert len(claimed(floods, "--versions", "3")) == 2
    assert len(claimed(floods, "--versions", "4")) == 0
    assert len(claimed(floods, "--outlets", "3")) == 1
    assert len(claimed(floods, "--outlets", "4")) == 0
    assert len(claimed(floods, "--versions", "3", "--limit", "1")) == 1
    assert run("claims", "--outlets", "1", at=floods).status == ExitCode.USAGE


def test_only_what_was_published_in_a_time_counts(floods: Path) -> None:
    assert claimed(floods, "--outlets", "2", "--since", "2026-03-02")
    assert not claimed(floods, "--outlets", "2", "--since", "2026-03-03")
    assert claimed(floods, "--outlets", "2", "--until", "2026-03-02")
    assert not claimed(floods, "--outlets", "2", "--until", "2026-03-01")


def test_what_is_ingested_later_is_counted(tmp_path: Path) -> None:
    place = new_archive(tmp_path)
    rows(place, ("1", "A", "2026-03-01", TOLL.format(29)))
    assert claimed(place) == []
    rows(place, ("2", "B", "2026-03-02", f"{TOLL.format(29)}\n{words('b', 20)}"), name="more.jsonl")
    (claim,) = claimed(place)
    assert claim["outlets"] == ["A", "B"]


def test_the_same_text_is_said_only_where_no_word_differs(tmp_path: Path) -> None:
    story = " ".join(
        f"The {n}th barge of the fleet was moored at quay number {n} before noon." for n in range(9)
    )
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(f"{story}\n", "utf-8")
    (folder / "b.txt").write_text(f"{story}\n\n", "utf-8")
    (folder / "c.txt").write_text(f"{story.replace('fleet', 'convoy', 1)}\n", "utf-8")
    place = new_archive(tmp_path)
    assert run("ingest", folder, at=place).status == 0
    label = run("search", "barge", "--sort", "oldest", "--group", "none", "--json", at=place)
    first = min(one["id"] for one in label.objects if one["type"] == "hit")
    out = run("related", first, at=place).out
    assert out.count("shares     the same text") == 1
    assert out.count("shares     largely the same text") == 1
