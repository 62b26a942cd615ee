"""Copies in other places: made and checked like the objects themselves, on the same faults, and repaired both ways."""

from __future__ import annotations

import contextlib
import errno
import itertools
import json
import os
import pkgutil
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from archive.archive import open_archive
from archive.digest import Digest
from archive.errors import ExitCode
from archive.replicas import find_replica, new_replica, open_replica
from archive.replicas.sync import sync
from archive.store import ObjectState
from archive.store.inspecting import FileInspector
from archive.store.mending import CopyAltered
from tests.commandline import DOCUMENT, ROOT, new_archive, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from archive.archive import Archive

Fault = tuple[str, str]


@pytest.fixture(scope="module")
def twice(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive and a replica of it, for looking only."""
    folder = tmp_path_factory.mktemp("twice")
    archive = shutil.copytree(seeded, folder / "news")
    for words in (("add", folder / "copy"), ("sync",)):
        ran = run("replica", *words, at=archive)
        assert ran.status == 0, ran.err
    return folder


@pytest.fixture
def pair(seeded: Path, tmp_path: Path) -> tuple[Path, Path]:
    """An archive and its replica, for changing."""
    archive, copy = shutil.copytree(seeded, tmp_path / "news"), tmp_path / "copy"
    for words in (("add", copy), ("sync",)):
        assert run("replica", *words, at=archive).status == 0
    return archive, copy


def files(store: Path) -> list[Path]:
    return sorted((store / "sha256").glob("*/*"))


def rows(archive: Path, query: str, *values: object) -> list[Any]:
    with contextlib.closing(sqlite3.connect(f"file:{archive}/catalog.db?mode=ro", uri=True)) as connection:
        return connection.execute(query, values).fetchall()


def findings(ran: Any) -> list[tuple[str, str]]:
    return [(one["code"], one["subject"]) for one in ran.objects if one["type"] == "finding"]


# Making copies


def test_a_replica_is_read_by_sha256sum_alone(twice: Path) -> None:
    copies = files(twice / "copy")
    assert len(copies) == rows(twice / "news", "SELECT count(*) FROM object")[0][0]
    said = subprocess.run(["sha256sum", *copies], capture_output=True, text=True, check=True).stdout
    for line in said.splitlines():
        digest, path = line.split()
        assert Path(path).name == digest


def test_each_copy_is_recorded_and_an_event_says_so(twice: Path) -> None:
    archive = twice / "news"
    [(count, positions)] = rows(archive, "SELECT count(*), count(DISTINCT position) FROM replica_copy")
    assert count == len(files(twice / "copy"))
    events = rows(archive, "SELECT position, body FROM event WHERE type = 'rep'")
    assert len(events) == positions
    leaf = json.loads(events[0][1])
    copied = rows(archive, "SELECT object_digest FROM replica_copy WHERE position = ?", events[0][0])
    listed = "\n".join(sorted(digest for (digest,) in copied))
    assert leaf["digests"] == str(Digest.of_text(listed))
    assert leaf["objects"] == len(copied)


def test_a_second_sync_copies_only_what_is_new(pair: tuple[Path, Path], tmp_path: Path) -> None:
    archive, copy = pair
    before = {path: path.stat().st_mtime_ns for path in files(copy)}
    new = tmp_path / "new.txt"
    new.write_text("A story that is new.")
    run("ingest", new, at=archive)
    ran = run("replica", "sync", "--json", at=archive)
    assert ran.objects[-1]["copied"] == 1
    assert {path: path.stat().st_mtime_ns for path in files(copy) if path in before} == before
    assert len(files(copy)) == len(before) + 1
    assert run("replica", "sync", "--json", at=archive).objects[-1]["copied"] == 0


def test_copies_that_lie_there_already_are_hashed_and_taken_on(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    archive, copy = pair
    run("replica", "remove", "1", at=archive)
    assert run("replica", "add", copy, at=archive).status == ExitCode.USAGE, "it is not empty"
    with open_archive(archive) as held:
        second = new_replica(held, str(tmp_path / "second"))
        for path in files(copy)[:-1]:
            target = tmp_path / "second" / path.relative_to(copy)
            target.parent.mkdir(exist_ok=True)
            shutil.copy(path, target)
        bad = tmp_path / "second" / files(copy)[0].relative_to(copy)
        bad.chmod(0o644)
        bad.write_text("other bytes")
        done = sync(held, second)
    assert done.copied == len(files(copy)) - 1
    [finding] = done.findings
    assert finding.subject == f"sha256:{bad.name}"
    assert bad.read_text() == "other bytes", "what is in the way is left there"
    assert run("repair", at=archive).status == 0
    assert Digest.of(bad.read_bytes()).hex == bad.name


def test_an_altered_object_is_never_copied(pair: tuple[Path, Path], tmp_path: Path) -> None:
    archive, _ = pair
    victim = files(archive / "objects")[0]
    victim.chmod(0o644)
    victim.write_bytes(victim.read_bytes()[:-1] + b"X")
    run("replica", "add", tmp_path / "second", at=archive)
    ran = run("replica", "sync", "2", "--json", at=archive)
    assert ran.status == ExitCode.CHECK_FAILED
    assert findings(ran) == [("altered", f"sha256:{victim.name}")]
    assert victim.name not in {path.name for path in files(tmp_path / "second")}
    assert list((tmp_path / "second" / "incoming").iterdir()) == []


def test_a_replica_holds_what_is_needed_to_make_the_archive_again(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    archive, copy = pair
    (archive / "ledger" / "checkpoint").write_text("a checkpoint")
    (archive / "keys" / "signing").write_text("a secret")
    run("replica", "sync", at=archive)
    before = run("show", "2026-0001.1", "--json", at=archive).out
    events = run("status", "--json", at=archive).objects[0]["events"]
    shutil.rmtree(archive)
    steps = [
        line.strip() for line in (copy / "README.txt").read_text().splitlines() if line.startswith("    ")
    ]
    subprocess.run(
        "\n".join(step for step in steps if "claimtrail " not in step), shell=True, cwd=copy, check=True
    )
    again = copy / "news"
    assert (again / "ledger" / "checkpoint").read_text() == "a checkpoint"
    assert not [path for path in copy.rglob("*") if path.is_file() and b"a secret" in path.read_bytes()]
    assert findings(run("verify", "--json", at=again)) == []
    assert run("status", "--json", at=again).objects[0]["events"] >= events
    assert run("show", "2026-0001.1", "--json", at=again).out == before


@pytest.mark.parametrize("place", ["news", "news/objects", "news/inside", "file", "full"])
def test_a_place_that_cannot_be_a_replica_is_refused(
    pair: tuple[Path, Path], tmp_path: Path, place: str
) -> None:
    archive, _ = pair
    (tmp_path / "file").write_text("")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "something").write_text("")
    ran = run("replica", "add", tmp_path / place, at=archive)
    assert ran.status == ExitCode.USAGE, ran.err
    assert len(run("replica", "list", "--json", at=archive).objects) == 1


def test_another_disk_in_its_place_is_not_taken_for_it(pair: tuple[Path, Path], tmp_path: Path) -> None:
    archive, copy = pair
    run("replica", "add", tmp_path / "second", at=archive)
    copy.rename(tmp_path / "aside")
    (tmp_path / "second").rename(copy)
    ran = run("replica", "sync", at=archive)
    assert ran.status == ExitCode.INCOMPLETE
    assert "another replica" in ran.err
    assert files(copy) == []


def test_a_sync_killed_anywhere_is_made_good_by_the_next(twice: Path, tmp_path: Path) -> None:
    archive = new_archive(tmp_path)
    texts = tmp_path / "texts"
    texts.mkdir()
    for number in range(300):
        (texts / f"{number}.txt").write_text(f"Story {number}.")
    run("ingest", texts, at=archive)
    run("replica", "add", tmp_path / "copy", at=archive)
    settled = {name: value for name, value in os.environ.items() if not name.startswith("CLAIMTRAIL_")}
    environment = {
        **settled,
        "PYTHONPATH": str(ROOT),
        "CLAIMTRAIL_BATCH_FILES": "10",
        "CLAIMTRAIL_ARCHIVIST": "T",
    }
    killed = 0
    for wait in (0.0, 0.02, 0.05, 0.1, 0.15):
        command = [sys.executable, "-m", "archive.cli", "replica", "sync", "--archive", str(archive)]
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as running:
            while not any((tmp_path / "copy" / "incoming").iterdir()) and running.poll() is None:
                time.sleep(0.002)
            time.sleep(wait)
            running.send_signal(signal.SIGKILL)
        killed += running.returncode == -signal.SIGKILL
    assert killed >= 3
    assert run("replica", "sync", at=archive).status == 0
    assert {path.name for path in files(tmp_path / "copy")} == {
        path.name for path in files(archive / "objects")
    }
    assert list((tmp_path / "copy" / "incoming").iterdir()) == []
    assert findings(run("verify", "--json", at=archive)) == []
    [(copied, distinct)] = rows(archive, "SELECT count(*), count(DISTINCT object_digest) FROM replica_copy")
    assert copied == distinct == 300


def test_two_syncs_at_once_record_each_copy_once(seeded: Path, tmp_path: Path) -> None:
    archive = shutil.copytree(seeded, tmp_path / "news")
    run("replica", "add", tmp_path / "copy", at=archive)
    settled = {name: value for name, value in os.environ.items() if not name.startswith("CLAIMTRAIL_")}
    command = [sys.executable, "-m", "archive.cli", "replica", "sync", "--archive", str(archive)]
    environment = {
        **settled,
        "PYTHONPATH": str(ROOT),
        "CLAIMTRAIL_BATCH_FILES": "2",
        "CLAIMTRAIL_ARCHIVIST": "T",
    }
    both = [subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) for _ in range(2)]
    for each in both:
        _, err = each.communicate(timeout=60)
        assert each.returncode == 0, err
    assert rows(archive, "SELECT count(*) FROM replica_copy") == rows(archive, "SELECT count(*) FROM object")
    assert findings(run("verify", "--json", at=archive)) == []


# The same faults in either place


def flip(path: Path) -> None:
    """One byte, at the same size and time stamp."""
    found = path.stat()
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    path.chmod(0o444)
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))


def truncate(path: Path) -> None:
    path.chmod(0o644)
    os.truncate(path, path.stat().st_size - 1)


def grow(path: Path) -> None:
    path.chmod(0o644)
    with path.open("ab") as stream:
        stream.write(b"\0")


def swap(path: Path) -> None:
    """Put another object's bytes here."""
    other = next(each for each in files(path.parent.parent.parent) if each != path)
    path.unlink()
    shutil.copyfile(other, path)


def link(path: Path) -> None:
    path.rename(path.with_suffix(".real"))
    path.symlink_to(path.with_suffix(".real"))


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


FAULTS: dict[str, tuple[Callable[[Path], None], str]] = {
    "flipped": (flip, "altered"),
    "truncated": (truncate, "altered"),
    "grown": (grow, "altered"),
    "swapped": (swap, "altered"),
    "linked": (link, "altered"),
    "a folder": (folder, "altered"),
    "removed": (Path.unlink, "missing"),
}


@pytest.mark.parametrize("where", ["archive", "replica"])
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_and_repaired_from_the_other_place(
    pair: tuple[Path, Path], name: str, where: str
) -> None:
    archive, copy = pair
    spoil, verdict = FAULTS[name]
    store = copy if where == "replica" else archive / "objects"
    victim = files(store)[2]
    good = victim.read_bytes()
    spoil(victim)
    bad = victim.read_bytes() if victim.is_file() else None
    ran = run("verify", "--json", at=archive)
    assert ran.status == ExitCode.CHECK_FAILED
    ours = [one for one in ran.objects if one.get("subject") == f"sha256:{victim.name}"]
    assert [one["code"] for one in ours] == [verdict]
    assert (str(copy) in ours[0]["detail"]) == (where == "replica")
    counted = ran.objects[-1]["copies"][str(copy)] if where == "replica" else ran.objects[-1]["counts"]
    assert counted[verdict] == 1

    rehearsed = run("repair", "--dry-run", "--json", at=archive)
    assert rehearsed.objects[-1]["counts"]["would be restored"] == 1
    assert not victim.is_file() or victim.is_symlink() or victim.read_bytes() == bad

    ran = run("repair", "--json", at=archive)
    assert ran.status == 0, ran.out
    [mend] = [one for one in ran.objects if one.get("became") == "restored"]
    assert (mend["sha256"], mend["was"]) == (victim.name, verdict)
    assert victim.read_bytes() == good
    assert not victim.is_symlink()
    assert victim.stat().st_mode & 0o777 == 0o444
    if verdict == "altered":
        kept = store / mend["quarantine"]
        assert kept.is_symlink() or kept.is_dir() or kept.read_bytes() == bad
        assert bad is None or name == "linked" or kept.name.startswith(Digest.of(bad).hex)
    if name == "linked":
        victim.with_suffix(".real").unlink()
    assert findings(run("verify", "--json", at=archive)) == []


def test_both_events_of_a_repair_are_in_the_ledger(pair: tuple[Path, Path]) -> None:
    archive, copy = pair
    victim = files(archive / "objects")[0]
    grow(victim)
    bad = Digest.of(victim.read_bytes())
    run("verify", at=archive)
    run("repair", at=archive)
    events = [one["leaf"] for one in run("log", "--json", "--limit", "20", at=archive).objects]
    of_it = {leaf["type"]: leaf for leaf in events if leaf["subject"] == f"sha256:{victim.name}"}
    assert (of_it["rep"]["from"], of_it["rep"]["to"]) == (str(copy), str(archive / "objects"))
    assert (of_it["rec"]["was"], of_it["rec"]["found"]) == ("altered", str(bad))
    assert of_it["rec"]["quarantine"].startswith(f"quarantine/{bad.hex}.")


def test_nothing_is_repaired_without_being_asked(pair: tuple[Path, Path]) -> None:
    archive, copy = pair
    victims = [files(copy)[0], files(archive / "objects")[3]]
    for victim in victims:
        flip(victim)
    spoiled = [victim.read_bytes() for victim in victims]
    run("verify", at=archive)
    run("replica", "sync", at=archive)
    assert [victim.read_bytes() for victim in victims] == spoiled
    ran = run("verify", "--repair", at=archive)
    assert ran.status == ExitCode.CHECK_FAILED, "the status speaks of what was found"
    assert ran.out.count("RESTORED") == 2
    assert run("verify", at=archive).status == 0


def test_a_repair_killed_anywhere_is_made_good_by_the_next(pair: tuple[Path, Path]) -> None:
    """Every thing in quarantine is named by one recovery in the ledger, and every object is back."""
    archive, _ = pair
    for victim in files(archive / "objects"):
        flip(victim)
    run("verify", at=archive)
    settled = {name: value for name, value in os.environ.items() if not name.startswith("CLAIMTRAIL_")}
    command = [sys.executable, "-m", "archive.cli", "repair", "--archive", str(archive)]
    killed = 0
    for done in (1, 3, 5, 7):
        environment = {**settled, "PYTHONPATH": str(ROOT), "CLAIMTRAIL_ARCHIVIST": "T"}
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as running:
            while running.poll() is None and len(list(archive.glob("objects/quarantine/*.json"))) < done:
                time.sleep(0.0005)
            running.send_signal(signal.SIGKILL)
        killed += running.returncode == -signal.SIGKILL
    assert killed >= 3
    assert run("repair", at=archive).status == 0
    assert findings(run("verify", "--json", at=archive)) == []
    assert run("status", at=archive).status == 0
    kept = {f"quarantine/{path.name}" for path in archive.glob("objects/quarantine/*Z")}
    assert len(kept) == len(files(archive / "objects"))
    bodies = rows(archive, "SELECT body FROM event WHERE type = 'rec'")
    named = [json.loads(body)["quarantine"] for (body,) in bodies]
    assert sorted(name for name in named if name) == sorted(kept)
    assert list((archive / "objects" / "incoming").iterdir()) == []


MOMENTS = [
    ("archive.store.durable.sync_path", False),
    ("archive.store.placing.Placer.place", False),
    ("archive.store.placing.Placer.place", True),
    ("archive.catalog.Catalog.write", False),
    ("archive.catalog.Catalog.write", True),
]
"""What a repair does, and whether it dies before or after it."""


def dies_at(archive: Path, number: int) -> bool:
    """Repair in a process that dies at the so-many-th of the moments; whether it did."""
    child = os.fork()
    if child == 0:
        left = itertools.count(number - 1, -1)
        for name, late in MOMENTS:
            owner, _, attribute = name.rpartition(".")
            held = pkgutil.resolve_name(owner)
            setattr(held, attribute, dying(getattr(held, attribute), left, late=late))
        os._exit(run("repair", at=archive).status)
    _, ended = os.waitpid(child, 0)
    assert os.WIFSIGNALED(ended) or os.waitstatus_to_exitcode(ended) == 0
    return os.WIFSIGNALED(ended)


def dying(real: Callable[..., Any], left: Iterator[int], *, late: bool) -> Callable[..., Any]:
    """The same, but that the process dies before or after it when none are left."""

    def call(*given: Any, **named: Any) -> Any:
        found = real(*given, **named) if late else None
        if next(left) == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return found if late else real(*given, **named)

    return call


@pytest.mark.parametrize("was", ["missing", "altered"])
def test_a_repair_that_dies_at_any_moment_is_recorded_once(
    pair: tuple[Path, Path], tmp_path: Path, was: str
) -> None:
    """The object is back, one event says that it was recovered and what it was, and no slip is left."""
    archive, _ = pair
    victim = files(archive / "objects")[0]
    flip(victim) if was == "altered" else victim.unlink()
    run("verify", "--only", "objects", at=archive)
    shutil.copytree(archive, tmp_path / "before", symlinks=True)
    for number in range(1, 100):
        died = dies_at(archive, number)
        assert run("repair", at=archive).status == 0
        assert run("repair", at=archive).status == 0
        bodies = rows(archive, "SELECT body FROM event WHERE type = 'rec'")
        assert [json.loads(body)["was"] for (body,) in bodies] == [was], f"died at {number}"
        assert Digest.of(victim.read_bytes()).hex == victim.name
        assert not list(archive.glob("objects/quarantine/missing.*"))
        assert len(list(archive.glob("objects/quarantine/*Z"))) == (was == "altered")
        shutil.rmtree(archive)
        shutil.copytree(tmp_path / "before", archive, symlinks=True)
        if not died:
            break
    assert number > 8, "it died at many moments"


def test_where_every_copy_is_bad_nothing_is_touched(pair: tuple[Path, Path]) -> None:
    archive, copy = pair
    victims = [files(copy)[0], files(archive / "objects")[0]]
    for victim in victims:
        flip(victim)
    spoiled = [victim.read_bytes() for victim in victims]
    run("verify", at=archive)
    ran = run("repair", at=archive)
    assert ran.status == ExitCode.CHECK_FAILED
    assert ran.out.count("NO COPY VERIFIES") == 2
    assert [victim.read_bytes() for victim in victims] == spoiled
    assert not (copy / "quarantine").exists()


def test_a_copy_is_hashed_again_while_it_is_placed(pair: tuple[Path, Path]) -> None:
    """The copy may go bad between the look at it and the reading of it."""
    archive, copy = pair
    victim = files(archive / "objects")[0]
    flip(victim)
    spoiled = victim.read_bytes()
    with open_archive(archive) as held:
        store = open_replica(held, find_replica(held, "1"))
        digest = Digest.parse(f"sha256:{victim.name}")
        assert store.check(digest).state is ObjectState.INTACT
        flip(copy / "sha256" / victim.name[:2] / victim.name)
        with store.open(digest) as content, pytest.raises(CopyAltered):
            held.store.restore(digest, content)
    assert victim.read_bytes() == spoiled
    assert list((archive / "objects" / "incoming").iterdir()) == []


@contextlib.contextmanager
def failing(victim: Path, number: int = errno.EIO) -> Any:
    """Reading this file fails, as on a disk with a bad sector; the number of the store's descriptors is real."""
    real, readv = os.open, os.readv
    bad: set[int] = set()

    def opening(path: Any, *rest: Any, **more: Any) -> int:
        fd = real(path, *rest, **more)
        bad.discard(fd)
        if str(path) == str(victim):
            bad.add(fd)
        return fd

    def reading(fd: int, buffers: Any) -> int:
        if fd in bad:
            raise OSError(number, os.strerror(number))
        return readv(fd, buffers)

    with patch("os.open", opening), patch("os.readv", reading):
        yield


@pytest.mark.parametrize("where", ["archive", "replica"])
def test_a_disk_error_is_unreadable_and_repaired_only_by_name(pair: tuple[Path, Path], where: str) -> None:
    archive, copy = pair
    victim = files(copy if where == "replica" else archive / "objects")[1]
    with failing(victim):
        ran = run("verify", "--json", at=archive)
        assert ran.status == ExitCode.INCOMPLETE
        assert findings(ran) == [("unreadable", f"sha256:{victim.name}")]
        ran = run("repair", at=archive)
        assert ran.status == ExitCode.CHECK_FAILED
        assert "LEFT, UNREADABLE" in ran.out
        assert not list(victim.parent.parent.parent.glob("quarantine/*"))
        failed = victim.stat().st_ino
        ran = run("repair", victim.name[:10], "--json", at=archive)
    [kept] = victim.parent.parent.parent.glob("quarantine/unread.*Z")
    assert kept.stat().st_ino == failed, "what could not be read is kept as it is"
    assert [one["was"] for one in ran.objects if one.get("became") == "failed"] == ["unreadable"], (
        "the disk goes on failing at that name in this test, and it is seen when it is looked at again"
    )
    assert findings(run("verify", "--json", at=archive)) == []


@pytest.mark.parametrize("how", ["unmounted", "no marker", "not a folder"])
def test_a_replica_that_is_not_there_is_said_once(pair: tuple[Path, Path], tmp_path: Path, how: str) -> None:
    archive, copy = pair
    if how == "no marker":
        (copy / "replica.json").unlink()
    else:
        copy.rename(tmp_path / "aside")
        if how == "not a folder":
            copy.write_text("")
    ran = run("verify", "--json", at=archive)
    assert ran.status == ExitCode.INCOMPLETE
    assert findings(ran) == [("unreadable", f"replica {copy}")]
    assert ran.objects[-1]["copies"] == {}
    [listed] = run("replica", "list", "--json", at=archive).objects
    assert listed["unreachable"]
    assert set(listed["copies"]) == {"intact"}, "what was known of it stays"


def test_a_replica_unmounted_in_the_middle_is_said_once(pair: tuple[Path, Path], tmp_path: Path) -> None:
    archive, copy = pair
    real, seen = FileInspector.inspect, []

    def inspecting(inspector: FileInspector, values: Any, further: Any) -> Any:
        if inspector._objects.startswith(str(copy)):
            seen.append(len(values))
            if len(seen) == 2:
                copy.rename(tmp_path / "aside")
        return real(inspector, values, further)

    with patch.object(FileInspector, "inspect", inspecting), patch("archive.verify.copies.COPIES_A_BATCH", 4):
        ran = run("verify", "--json", at=archive)
    assert ran.status == ExitCode.INCOMPLETE
    assert findings(ran) == [("unreadable", f"replica {copy}")]
    assert seen == [4, 4]
    assert ran.objects[-1]["copies"] == {str(copy): {"intact": 4}}
    assert rows(archive, "SELECT count(*) FROM replica_check") == [(4,)]


def test_the_counts_are_those_of_the_rows(pair: tuple[Path, Path]) -> None:
    archive, copy = pair
    for number, spoil in ((0, flip), (1, Path.unlink), (2, grow)):
        spoil(files(copy)[number if number != 2 else 1])
    ran = run("verify", "--json", at=archive)
    counted = rows(archive, "SELECT verdict, count(*) FROM replica_check GROUP BY verdict")
    assert ran.objects[-1]["copies"][str(copy)] == dict(counted)
    assert dict(rows(archive, "SELECT verdict, count(*) FROM copy_state GROUP BY verdict")) == dict(counted)
    assert sum(dict(counted).values()) == rows(archive, "SELECT count(*) FROM object")[0][0]


@pytest.mark.parametrize("table", ["schedule", "replica", "replica_end", "replica_copy", "replica_check"])
@pytest.mark.parametrize("act", ["UPDATE {} SET recorded = 1", "DELETE FROM {}"])
def test_what_is_recorded_of_copies_cannot_be_changed(pair: tuple[Path, Path], table: str, act: str) -> None:
    archive, _ = pair
    run("verify", at=archive)
    run("replica", "remove", "1", at=archive)
    with open_archive(archive) as held:
        _promise(held)
    statement = act.format(table) if table != "replica_check" else act.format(table).replace("recorded", "at")
    with contextlib.closing(sqlite3.connect(archive / "catalog.db")) as connection:
        assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] > 0
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(statement)
        row = connection.execute(f"SELECT * FROM {table}").fetchone()
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' * len(row))})", row)


def _promise(held: Archive) -> None:
    from archive.catalog.schedules import Promise, promise

    made = Promise("cron", "here", 86_400, 90 * 86_400, None, "M. Tansley", held.clock.now())
    held.catalog.write(lambda writer: promise(writer, made))


def test_it_is_the_same_on_postgresql(postgres_url: str, tmp_path: Path) -> None:
    archive, copy = tmp_path / "news", tmp_path / "copy"
    assert run("init", archive, "--catalog", postgres_url).status == 0
    run("ingest", DOCUMENT, at=archive)
    run("replica", "add", copy, at=archive)
    ran = run("replica", "sync", "--json", at=archive)
    assert (ran.objects[-1]["copied"], ran.objects[-1]["record"]) == (1, False)
    [victim] = files(copy)
    flip(victim)
    assert findings(run("verify", "--json", at=archive)) == [("altered", f"sha256:{victim.name}")]
    assert run("repair", at=archive).status == 0
    assert findings(run("verify", "--json", at=archive)) == []
    assert not (copy / "record").exists()
