"""What verify says of an object that is not what it was, and of a store that is not there."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.commandline import ROOT, Ran, program, run
from tests.holdings import holding, made_up

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OBJECTS = 40


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive that was found intact once."""
    place = tmp_path_factory.mktemp("checked") / "news"
    holding(place, [b"", *made_up(OBJECTS - 1, 500)]).close()
    assert run("verify", at=place).status == 0
    return place


@pytest.fixture
def archive(checked: Path, tmp_path: Path) -> Path:
    return shutil.copytree(checked, tmp_path / "news")


def files(archive: Path) -> list[Path]:
    """The objects that are not empty, in the order of their digests."""
    return sorted(p for p in (archive / "objects" / "sha256").glob("*/*") if p.stat().st_size)


def flip(path: Path) -> None:
    """Change one byte, and neither size nor time."""
    times = path.stat()
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    content[7] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def truncate(path: Path) -> None:
    path.chmod(0o644)
    os.truncate(path, 100)


def empty(path: Path) -> None:
    path.chmod(0o644)
    os.truncate(path, 0)


def grow(path: Path) -> None:
    path.chmod(0o644)
    with path.open("ab") as stream:
        stream.write(b"x")


def link(path: Path) -> None:
    kept = path.with_name("elsewhere")
    path.rename(kept.parent.parent.parent / "incoming" / "kept")
    path.symlink_to(kept.parent.parent.parent / "incoming" / "kept")


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("damage", "verdict", "words"),
    [
        (flip, "altered", "500 bytes"),
        (truncate, "altered", "100 bytes"),
        (empty, "altered", "0 bytes"),
        (grow, "altered", "501 bytes"),
        (link, "altered", "a symbolic link stands in its place"),
        (folder, "altered", "a folder stands in its place"),
        (pipe, "altered", "a pipe (FIFO) stands in its place"),
        (Path.unlink, "missing", "no such file"),
    ],
    ids=lambda each: getattr(each, "__name__", None),
)
def test_damage_to_one_is_named_and_nothing_else_is(
    archive: Path, damage: Callable[[Path], None], verdict: str, words: str
) -> None:
    target = files(archive)[5]
    damage(target)
    ran = run("verify", "--json", at=archive)
    assert ran.status == 1
    *findings, sums = ran.objects
    of_it = [each for each in findings if each["subject"] == f"sha256:{target.name}"]
    assert [each["code"] for each in of_it] == [verdict]
    [found] = of_it
    assert words in found["found"]
    assert found["expected"] == f"sha256:{target.name}, 500 bytes"
    assert found["where"] == str(target)
    assert found["last_intact"] == finding_time(archive)
    assert found["dependents"]["versions"] == [label_of(archive, target.name)]
    assert sums["counts"] == {verdict: 1, "intact": OBJECTS - 1} == counts_in_sql(archive, sums["run"])
    assert findings == of_it, "what stands in an object's place is told once"
    ran = run("verify", "--only", "strays", "--json", at=archive)
    assert ran.status == (1 if "in its place" in words else 0), "where nobody looks at objects, it is a stray"
    assert run("verify", "--only", "objects", at=archive).status == 1


def finding_time(archive: Path) -> str:
    with closing(sqlite3.connect(archive / "catalog.db")) as database:
        [(at,)] = database.execute("SELECT at FROM fixity_batch ORDER BY at LIMIT 1").fetchall()
    return f"{at.replace(' ', 'T')}Z"


def label_of(archive: Path, digest: str) -> str:
    with closing(sqlite3.connect(archive / "catalog.db")) as database:
        query = "SELECT i.label FROM item i JOIN version v ON v.item_id = i.id WHERE v.object_digest = ?"
        [(label,)] = database.execute(query, (f"sha256:{digest}",)).fetchall()
    return f"{label}@1"


def counts_in_sql(archive: Path, run_id: str) -> dict[str, int]:
    """The outcomes of a run, counted by hand."""
    key = run_id.replace("-", "")
    with closing(sqlite3.connect(archive / "catalog.db")) as database:
        other = "SELECT verdict, count(*) FROM fixity_check WHERE run_id = ? GROUP BY verdict"
        counts: dict[str, int] = dict(database.execute(other, (key,)).fetchall())
        intact = "SELECT sum(objects), sum(length(digests)) FROM fixity_batch WHERE run_id = ?"
        [(objects, size)] = database.execute(intact, (key,)).fetchall()
    assert size is None or size == 32 * objects
    return counts | ({"intact": objects} if objects else {})


def test_two_that_were_swapped_are_both_altered(archive: Path) -> None:
    one, two = files(archive)[3], files(archive)[30]
    contents = one.read_bytes(), two.read_bytes()
    for path, content in zip((two, one), contents, strict=True):
        path.chmod(0o644)
        path.write_bytes(content)
    ran = run("verify", "--json", at=archive)
    assert ran.status == 1
    *findings, sums = ran.objects
    assert {(each["subject"], each["code"]) for each in findings} == {
        (f"sha256:{one.name}", "altered"),
        (f"sha256:{two.name}", "altered"),
    }
    [found] = [each["found"] for each in findings if each["subject"] == f"sha256:{one.name}"]
    assert f"sha256:{two.name}" in found
    assert sums["counts"] == {"altered": 2, "intact": OBJECTS - 2}


def test_what_is_needed_of_it_is_said_in_words(archive: Path) -> None:
    target = files(archive)[5]
    flip(target)
    ran = run("verify", at=archive)
    assert f"needed by {label_of(archive, target.name)} (1 capture)" in ran.flat
    assert "since last found intact 20" in ran.flat
    assert "1 finding" in ran.out
    again = run("verify", at=archive)
    assert "since last found intact 20" in again.flat, "what failed twice was intact before"


def test_an_empty_object_is_intact_and_a_device_in_its_place_is_not(archive: Path) -> None:
    [path] = [p for p in (archive / "objects" / "sha256").glob("*/*") if not p.stat().st_size]
    assert run("verify", at=archive).status == 0
    path.unlink()
    os.mkfifo(path)
    ran = run("verify", "--json", at=archive)
    assert ("altered", f"sha256:{path.name}") in {(o.get("code"), o.get("subject")) for o in ran.objects}


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("setpriv"), reason="needs root and setpriv")
def test_one_that_may_not_be_read_is_unreadable_and_not_altered(archive: Path) -> None:
    target = files(archive)[5]
    target.chmod(0)
    ran = program("verify", "--json", at=archive, shell='setpriv --bounding-set=-all "$@"')
    assert ran.returncode == 3, ran.stderr
    said = Ran(ran.returncode, ran.stdout.decode(), "").objects
    assert [(each["code"], each["subject"]) for each in said[:-1]] == [
        ("unreadable", f"sha256:{target.name}")
    ]
    assert said[-1]["counts"] == {"unreadable": 1, "intact": OBJECTS - 1}


@pytest.mark.skipif(not shutil.which("strace"), reason="needs strace")
def test_one_that_the_disk_cannot_give_is_unreadable(archive: Path) -> None:
    target = files(archive)[5]
    inject = f'strace -f -qq -o /dev/null -P {target} -e trace=readv -e inject=readv:error=EIO "$@"'
    ran = program("verify", "--json", at=archive, shell=inject)
    assert ran.returncode == 3, ran.stderr
    said = Ran(ran.returncode, ran.stdout.decode(), "").objects
    assert [(each["code"], each["subject"], each["found"]) for each in said[:-1]] == [
        ("unreadable", f"sha256:{target.name}", "Input/output error")
    ]
    assert said[-1]["counts"] == {"unreadable": 1, "intact": OBJECTS - 1}
    assert run("verify", at=archive).status == 0


def test_what_nobody_recorded_is_a_finding(archive: Path) -> None:
    (archive / "objects" / "sha256" / "00").mkdir(exist_ok=True)
    (archive / "objects" / "sha256" / "00" / f"00{'a' * 62}").write_bytes(b"who put this here")
    ran = run("verify", at=archive)
    assert ran.status == 1
    assert "UNVERIFIABLE" in ran.out
    assert "an object that no record names" in ran.out


@contextmanager
def started(*words: str, at: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A command that runs beside us."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CLAIMTRAIL_")}
    command = [sys.executable, "-m", "archive.cli", *words]
    environment = kept | {
        "PYTHONPATH": str(ROOT),
        "CLAIMTRAIL_ARCHIVE": str(at),
        "CLAIMTRAIL_ARCHIVIST": "M. Tansley",
    }
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        yield running


def until_open(archive: Path) -> None:
    """Until a run is recorded and its readers are at work."""
    for _ in range(600):
        with closing(sqlite3.connect(archive / "catalog.db")) as database:
            if database.execute("SELECT count(*) FROM lease").fetchone()[0]:
                return
        time.sleep(0.02)
    pytest.fail("the check did not begin")


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "none", disk], check=False).returncode:
        pytest.skip("no file system can be mounted here")
    yield disk
    subprocess.run(["umount", "-l", disk], check=False, stderr=subprocess.DEVNULL)


def test_a_disk_that_goes_away_in_the_middle_is_one_finding(tmp_path: Path, mounted: Path) -> None:
    archive = tmp_path / "news"
    holding(archive, made_up(200, 4000)).close()
    shutil.move(archive / "objects", mounted / "objects")
    (archive / "claimtrail.toml").write_text(f'store = "{mounted / "objects"}"\n')
    with started("verify", "--rate", "400kB/s", "--json", at=archive) as checking:
        until_open(archive)
        time.sleep(0.5)
        subprocess.run(["umount", "-l", mounted], check=True)
        out, err = checking.communicate(timeout=60)
    assert checking.returncode == 3, err
    *findings, sums = Ran(3, out.decode(), "").objects
    assert [(each["code"], each["subject"]) for each in findings] == [("unreadable", "store")]
    assert "is its disk mounted?" in findings[0]["found"]
    assert set(sums["counts"]) <= {"intact"}
    assert sums["unfinished"] == "the store is gone"
    assert sums["counts"] == counts_in_sql(archive, sums["run"])
    later = run("verify", at=archive)
    assert later.status == 3
    assert "is its disk mounted?" in later.err
    assert later.out == ""


def test_a_reader_that_dies_is_reported_and_what_it_had_is_read_again(archive: Path) -> None:
    from archive.store import inspecting

    with pytest.MonkeyPatch.context() as patch:
        first = files(archive)[0].name

        def die_once(self: Any, *arguments: Any, real: Any = inspecting.FileInspector.inspect) -> Any:
            marker = archive / "died"
            if bytes.fromhex(first) in arguments[0] and not marker.exists():
                marker.touch()
                os.kill(os.getpid(), 9)
            return real(self, *arguments)

        patch.setattr(inspecting.FileInspector, "inspect", die_once)
        ran = run("verify", "--json", at=archive)
    *findings, sums = ran.objects
    assert ran.status == 3
    assert [(each["code"], each["subject"]) for each in findings] == [("unreadable", "reader")]
    assert "ended with signal SIGKILL" in findings[0]["found"]
    assert sums["counts"] == {"intact": OBJECTS}


def test_when_every_reader_dies_the_check_says_so_and_the_next_goes_on(archive: Path) -> None:
    from archive.store import inspecting

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inspecting.FileInspector, "inspect", lambda *_: os.kill(os.getpid(), 9))
        ran = run("verify", "--json", at=archive)
    assert ran.status == 3
    assert "every process that reads objects has ended" in ran.objects[-1]["unfinished"]
    again = run("verify", "--json", at=archive)
    assert (again.status, again.objects[-1]["counts"]) == (0, {"intact": OBJECTS})


def test_whether_the_disk_was_read_is_said(archive: Path) -> None:
    for path in files(archive):
        path.read_bytes()
    cold = run("verify", "--json", at=archive).objects[-1]
    assert cold["cold"]
    assert cold["looked_at"] >= 1
    warm = run("verify", "--warm", "--json", at=archive).objects[-1]
    assert (warm["cold"], warm["looked_at"]) == (False, 0)
    assert "memory or disk, whichever had it (--warm)" in run("verify", "--warm", at=archive).out


def test_on_a_file_system_in_memory_it_is_not_called_cold(mounted: Path) -> None:
    holding(mounted / "news", made_up(40)).close()
    ran = run("verify", at=mounted / "news")
    assert "read from memory: the file system keeps its files there" in ran.out


def test_it_reads_no_faster_than_asked(archive: Path) -> None:
    begun = time.monotonic()
    assert run("verify", "--rate", "20kB/s", "--only", "objects", at=archive).status == 0
    taken = time.monotonic() - begun
    size = sum(path.stat().st_size for path in files(archive))
    assert taken >= size / 20_000 - 0.5
