"""A finding is open until the kind of check that made it was made again; the kind is told from the finding's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archive.checks import Kind, kinds_of
from tests.commandline import Ran, run
from tests.test_verify_rows import change

if TYPE_CHECKING:
    from pathlib import Path

TWICE = {Kind.TEXTS, Kind.LEDGER}
"""Both compare a text with its digest."""


@pytest.fixture
def archive(archive_of_seeds: Path, tmp_path: Path) -> Path:
    """An archive with a replica that is in place, and nothing wrong."""
    assert run("replica", "add", tmp_path / "copy", at=archive_of_seeds).status == 0
    assert run("replica", "sync", at=archive_of_seeds).status == 0
    return archive_of_seeds


def only(archive: Path, *kinds: Kind) -> Ran:
    return run("verify", "--json", *(word for kind in kinds for word in ("--only", kind)), at=archive)


def open_now(archive: Path) -> dict[str, int]:
    [status] = run("status", "--json", at=archive).objects
    found: dict[str, int] = status["findings"]
    return found


def test_every_kind_is_told_from_what_it_finds(archive: Path, tmp_path: Path) -> None:
    (archive / "objects" / "stray").write_text("")
    (tmp_path / "copy").rename(tmp_path / "aside")
    change(
        archive,
        "UPDATE text SET body = replace(body, '415', '451') WHERE body LIKE '%415 million%'",
        "UPDATE paragraph SET end = 999999 WHERE number = 1",
        "UPDATE passage SET end = 999999 WHERE number = 1",
        "UPDATE version SET number = 5, reader_version = '0' WHERE number = 2",
        "DELETE FROM attribution",
    )
    [checkpoint, *_] = sorted((archive / "ledger").rglob("*.checkpoint"))
    checkpoint.chmod(0o600)
    checkpoint.write_bytes(checkpoint.read_bytes().replace(b"A", b"B"))
    told = {kind: told_apart(archive, kind) for kind in Kind}
    for file in (archive / "index").glob("gen-*/*"):
        file.chmod(0o600)
        file.write_bytes(file.read_bytes() + b"x")
    told[Kind.INDEX] |= told_apart(archive, Kind.INDEX)
    without = {kind for kind, subjects in told.items() if not subjects}
    assert without == {Kind.OBJECTS, Kind.SCHEDULE}, (
        "an object has a row of its own; what is late is no fault"
    )


def told_apart(archive: Path, kind: Kind) -> set[str]:
    """The subjects of what a kind finds by itself, each seen to be told to be of that kind."""
    findings = [each for each in only(archive, kind).objects[:-1] if not each.get("where")]
    for each in findings:
        kinds = kinds_of(each)
        assert kind in kinds, each
        assert kinds == {kind} or (kinds == TWICE and each["subject"].startswith("text sha256:")), each
    return {each["subject"] for each in findings}


@pytest.mark.parametrize(
    "leaf",
    [
        {"code": "unreadable", "subject": "store", "expected": "the store"},
        {"code": "unreadable", "subject": "reader", "expected": "12 objects read"},
    ],
)
def test_what_keeps_objects_from_being_read_is_of_the_check_of_objects(leaf: dict[str, str]) -> None:
    assert kinds_of(leaf) == {Kind.OBJECTS}


def test_a_stray_may_be_named_like_anything() -> None:
    stray = {
        "code": "unverifiable",
        "subject": "reading of 2026-0001.1@1 in the index",
        "expected": "nothing",
    }
    assert kinds_of(stray) == {Kind.STRAYS}


def test_what_is_of_no_kind_that_we_know_is_of_none() -> None:
    assert (
        kinds_of({"code": "altered", "subject": "something of later", "expected": {"digest": "", "size": 9}})
        == set()
    )


def test_a_finding_is_closed_by_its_own_kind_of_check(archive: Path, tmp_path: Path) -> None:
    stray = archive / "objects" / "stray"
    stray.write_text("")
    (tmp_path / "copy").rename(tmp_path / "aside")
    run("verify", at=archive)
    assert open_now(archive) == {"unverifiable": 1, "unreadable": 1}
    stray.unlink()
    (tmp_path / "aside").rename(tmp_path / "copy")
    only(archive, *(set(Kind) - {Kind.STRAYS, Kind.COPIES}))
    assert open_now(archive) == {"unverifiable": 1, "unreadable": 1}, "it was not looked for"
    only(archive, Kind.STRAYS)
    assert open_now(archive) == {"unreadable": 1}
    only(archive, Kind.COPIES)
    assert open_now(archive) == {}


def test_what_is_still_there_is_open_still(archive: Path) -> None:
    (archive / "objects" / "stray").write_text("")
    run("verify", at=archive)
    only(archive, Kind.STRAYS)
    only(archive, Kind.CATALOGUE)
    assert open_now(archive) == {"unverifiable": 1}


def test_a_text_is_open_until_both_that_compare_it_did_so_again(archive: Path) -> None:
    change(archive, "UPDATE text SET body = replace(body, '415 m', '451 m') WHERE body LIKE '%415 million%'")
    run("verify", at=archive)
    assert open_now(archive)["altered"] > 1
    change(archive, "UPDATE text SET body = replace(body, '451 m', '415 m') WHERE body LIKE '%451 million%'")
    only(archive, Kind.TEXTS)
    assert open_now(archive) == {"altered": 1}, "its paragraphs are compared by this kind alone"
    only(archive, Kind.LEDGER)
    assert open_now(archive) == {}
