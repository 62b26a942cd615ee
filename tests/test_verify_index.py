"""The index against the catalogue, version by version: one missing, one twice, one foreign, one that is another."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from archive import indexing
from archive.archive import open_archive
from archive.verify import indexed
from tests.commandline import new_archive, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from archive.archive import Archive
    from index import Document

CHECK = ("verify", "--only", "index", "--json")


@pytest.fixture(scope="module", params=["whoosh", "tantivy"])
def template(
    request: pytest.FixtureRequest, untouched: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The story, indexed by each engine: by the first in two goes."""
    made = shutil.copytree(untouched, tmp_path_factory.mktemp(request.param) / "news")
    if request.param != "whoosh":
        with (made / "claimtrail.toml").open("a") as settings:
            settings.write(f'index = "{request.param}"\n')
        assert run("reindex", at=made).status == 0
    return made


@pytest.fixture
def place(template: Path, tmp_path: Path) -> Path:
    """A copy of it, in which nothing is found."""
    made = shutil.copytree(template, tmp_path / "news")
    assert findings(made) == []
    return made


def findings(place: Path) -> list[tuple[str, str, str]]:
    """What the check says of the index; its status says the same."""
    ran = run(*CHECK, at=place)
    told = [(one["code"], one["subject"], one["found"]) for one in ran.objects[:-1]]
    assert ran.status == (1 if told else 0), ran.err
    return told


@pytest.fixture(autouse=True)
def in_short_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that there are several, and versions at their ends."""
    monkeypatch.setattr(indexed, "STRETCH", 7)


def change(place: Path, act: Callable[[Archive, list[Document], int], object]) -> list[Document]:
    """Do something to the index behind the catalogue's back; the versions that it held before."""
    with open_archive(place) as archive:
        held = list(indexing.documents(archive, 0))
        act(archive, held, archive.index.health().position)
    return held


def test_a_missing_version_is_named(place: Path) -> None:
    held = change(place, lambda archive, held, upto: archive.index.remove([held[3].key], upto=upto))
    assert findings(place) == [("missing", f"{held[3].label} in the index", "nothing")]
    assert run("reindex", at=place).status == 0
    assert findings(place) == []


def test_a_finding_stays_open_until_the_index_is_checked_again(place: Path) -> None:
    change(place, lambda archive, held, upto: archive.index.remove([held[3].key], upto=upto))
    assert run("verify", "--index", at=place).status == 1
    assert run("verify", at=place).status == 0, "it does not look at the index"
    told = run("status", "--json", at=place)
    assert (told.status, told.objects[0]["findings"]) == (1, {"missing": 1})
    run("reindex", at=place)
    assert run("status", at=place).status == 1
    assert findings(place) == []
    assert run("status", at=place).status == 0


def test_a_version_that_is_in_it_twice_is_named(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("index.engine.following.Following.drop", lambda *_: 0)
        patched.setattr("index.swift.swift_index._delete", lambda *_: None)
        held = change(place, lambda archive, held, upto: archive.index.add([held[2]], upto=upto))
    assert findings(place) == [("altered", f"{held[2].label} in the index", "it 2 times")]


@pytest.mark.parametrize("beyond", [0, 1000])
def test_a_version_that_no_record_names_is_named(place: Path, beyond: int) -> None:
    def act(archive: Archive, held: list[Document], upto: int) -> None:
        foreign = replace(held[1], key="foreign", label="2020-0001.1@1", position=held[1].position + beyond)
        archive.index.add([foreign], upto=upto)

    change(place, act)
    [(code, subject, words)] = findings(place)
    assert (code, subject) == ("altered", "2020-0001.1@1 in the index")
    assert "which no record names" in words


def test_one_in_the_place_of_another_is_found_though_they_are_as_many(place: Path) -> None:
    def act(archive: Archive, held: list[Document], upto: int) -> None:
        archive.index.remove([held[0].key], upto=upto)
        archive.index.add([replace(held[0], key="foreign")], upto=upto)

    held = change(place, act)
    subject = f"{held[0].label} in the index"
    assert [(code, about) for code, about, _ in findings(place)] == [
        ("missing", subject),
        ("altered", subject),
    ]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("same_text", "sha256:" + "0" * 64, "another text"),
        ("label", "2020-0001.1@1", "another label"),
        ("number", 9, "another number"),
        ("item", "other", "another item"),
    ],
)
def test_a_version_indexed_as_something_else_is_named(
    place: Path, field: str, value: object, words: str
) -> None:
    def act(archive: Archive, held: list[Document], upto: int) -> None:
        archive.index.add([replace(held[4], **{field: value})], upto=upto)

    held = change(place, act)
    assert findings(place) == [("altered", f"{held[4].label} in the index", words)]


def test_what_is_recorded_and_not_yet_indexed_is_no_finding(
    archive_of_seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = archive_of_seeds
    (place / "index").rename(tmp_path / "old")
    extra = tmp_path / "later.txt"
    extra.write_text("A levy of 415 million was agreed in Port Ellery on Monday, the council said.\n")
    assert run("ingest", extra, at=place).status == 0
    run_to_last = indexing.documents
    with open_archive(place) as archive:
        last = max(each.position for each in run_to_last(archive, 0))

    def without_the_last(archive: Archive, position: int) -> Iterator[Document]:
        return (each for each in run_to_last(archive, position) if each.position < last)

    with monkeypatch.context() as patched, open_archive(place) as archive:
        patched.setattr(indexing, "documents", without_the_last)
        archive.index.rebuild(lambda after: without_the_last(archive, after), upto=last)
    assert findings(place) == []


def test_an_empty_archive_has_an_index_without_findings(tmp_path: Path) -> None:
    place = new_archive(tmp_path)
    assert run("reindex", at=place).status == 0
    assert findings(place) == []
