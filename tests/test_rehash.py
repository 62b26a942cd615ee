"""A further digest: the old ones are verified in the same reading, and nothing altered is ever blessed."""

from __future__ import annotations

import hashlib
import sqlite3
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from archive.archive import open_archive
from tests.commandline import run
from tests.holdings import holding, made_up, take_in
from tests.test_verify_objects import files, flip

if TYPE_CHECKING:
    from pathlib import Path

OBJECTS = 30


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    holding(tmp_path / "news", made_up(OBJECTS, 400)).close()
    return tmp_path / "news"


def rows(archive: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(archive / "catalog.db")) as database:
        return database.execute(query).fetchall()


def value_of(algorithm: str, content: bytes) -> str:
    if algorithm == "blake3":
        from blake3 import blake3

        return str(blake3(content).hexdigest())
    return hashlib.new(algorithm, content).hexdigest()


@pytest.mark.parametrize("algorithm", ["sha512", "blake3"])
def test_every_object_gets_one_with_an_event_of_its_own(archive: Path, algorithm: str) -> None:
    if algorithm == "blake3":
        pytest.importorskip("blake3")
    ran = run("rehash", "--add", algorithm, at=archive)
    assert ran.status == 0, ran.err
    assert f"{OBJECTS} {algorithm} digests added" in ran.out
    added = dict(rows(archive, "SELECT object_digest, digest FROM object_digest"))
    assert added == {
        f"sha256:{path.name}": f"{algorithm}:{value_of(algorithm, path.read_bytes())}"
        for path in files(archive)
    }
    events = rows(archive, "SELECT subject FROM event WHERE type = 'mes'")
    assert {subject for (subject,) in events} == set(added)
    again = run("rehash", "--add", algorithm, at=archive)
    assert f"0 {algorithm} digests added" in again.out
    checked = run("verify", "--json", at=archive)
    assert (checked.status, checked.objects[-1]["counts"]) == (0, {"intact": OBJECTS})


def test_an_altered_object_is_refused_and_reported(archive: Path) -> None:
    target = files(archive)[3]
    flip(target)
    ran = run("rehash", "--add", "sha512", "--json", at=archive)
    assert ran.status == 1
    assert [(each["code"], each["subject"]) for each in ran.objects[:-1]] == [
        ("altered", f"sha256:{target.name}")
    ]
    assert ran.objects[-1]["digests_added"] == OBJECTS - 1
    assert not rows(archive, f"SELECT 1 FROM object_digest WHERE object_digest = 'sha256:{target.name}'")
    flip(target)
    mended = run("rehash", "--add", "sha512", "--json", at=archive)
    assert (mended.status, mended.objects[-1]["digests_added"]) == (0, 1)


def test_what_no_longer_has_its_further_digest_is_altered(archive: Path) -> None:
    """As if the object and its SHA-256 had been made to fit each other: the other digest still tells."""
    assert run("rehash", "--add", "sha512", at=archive).status == 0
    target = files(archive)[3].name
    with closing(sqlite3.connect(archive / "catalog.db")) as database, database:
        database.execute("DROP TRIGGER guard_object_digest_update")
        change = "UPDATE object_digest SET digest = ? WHERE object_digest = ?"
        database.execute(change, (f"sha512:{'0' * 128}", f"sha256:{target}"))
    ran = run("verify", "--only", "objects", "--json", at=archive)
    assert ran.status == 1
    [finding, sums] = ran.objects
    assert (finding["code"], finding["subject"]) == ("altered", f"sha256:{target}")
    assert "its sha512 is not the one recorded" in finding["found"]
    assert sums["counts"] == {"altered": 1, "intact": OBJECTS - 1}


def test_it_goes_on_where_it_stopped(archive: Path) -> None:
    first = run("rehash", "--add", "sha512", "--bytes", "2kB", "--json", at=archive).objects[-1]
    assert 0 < first["digests_added"] < OBJECTS
    second = run("rehash", "--add", "sha512", "--json", at=archive).objects[-1]
    assert first["digests_added"] + second["digests_added"] == OBJECTS
    with open_archive(archive) as held:
        take_in(held, made_up(2, 500, seed=5))
    assert run("rehash", "--add", "sha512", "--json", at=archive).objects[-1]["digests_added"] == 2


def test_what_there_is_no_algorithm_for_is_refused(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("md5", "sha256", "crc"):
        ran = run("rehash", "--add", name, at=archive)
        assert (ran.status, ran.out) == (2, "")
    monkeypatch.setitem(sys.modules, "blake3", None)
    ran = run("rehash", "--add", "blake3", at=archive)
    assert ran.status == 2
    assert "pip install 'claimtrail[blake3]'" in ran.err
