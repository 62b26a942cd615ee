"""What an ingest meets in the field: each is told with the right exit status, and nothing is half recorded."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from archive.errors import ExitCode
from tests.faults.target import Claimtrail, Outcome, Warm, warmed

MEGABYTE = 1024 * 1024
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a disk or become another user")


@pytest.fixture
def warm() -> Warm:
    return warmed(Claimtrail())


@pytest.fixture
def archive(warm: Warm, tmp_path: Path) -> Path:
    place = tmp_path / "archive"
    assert warm.run(["init", place]).status == 0
    return place


def ingest(warm: Warm, archive: Path, *names: Path | str) -> Outcome:
    return warm.run(["ingest", "--json", "--archive", archive, *names])


def lines(ended: Outcome) -> dict[str, dict]:
    """The lines of the receipt by the last part of the name."""
    read = [json.loads(line) for line in ended.out.splitlines()]
    return {Path(line["name"]).name: line for line in read if "name" in line}


def sound(warm: Warm, archive: Path, captures: int) -> None:
    checked = warm.run(["verify", "--archive", archive])
    assert checked.status == 0, checked
    assert len(Claimtrail().recorded(archive)) == captures


def story(path: Path, words: str) -> Path:
    path.write_text(words, encoding="utf-8")
    return path


def fill(disk: Path) -> Path:
    """Leave no room on the disk; returns the file that takes it up."""
    filler = disk / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    return filler


def test_one_bad_file_after_another_stops_nothing(warm: Warm, archive: Path, tmp_path: Path) -> None:
    folder = tmp_path / "box"
    folder.mkdir()
    story(folder / "good.txt", "The harbour road reopens on Monday.")
    story(tmp_path / "target.txt", "elsewhere")
    (folder / "empty.txt").touch()
    (folder / "link.txt").symlink_to(tmp_path / "target.txt")
    (folder / "dangling.txt").symlink_to("nowhere")
    os.mkfifo(folder / "pipe.txt")
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.txt")).write_bytes(b"The cafe reopens on Tuesday.")
    (folder / "last.txt").write_bytes(b"The post office reopens on Friday.")
    ended = ingest(warm, archive, folder, tmp_path / "missing.txt", "/dev/null")
    found = lines(ended)
    assert ended.status == ExitCode.INCOMPLETE
    assert {name for name, line in found.items() if line["type"] == "recorded"} == {
        "good.txt",
        "empty.txt",
        r"caf\xe9.txt",
        "last.txt",
    }
    words = {"link.txt": "link", "dangling.txt": "link", "pipe.txt": "pipe", "missing.txt": "no such file"}
    for name, word in (words | {"null": "device"}).items():
        assert found[name]["type"] == "refused"
        assert word in found[name]["reason"]
    sound(warm, archive, captures=4)


def test_a_file_that_changes_while_it_is_read_is_refused(warm: Warm, archive: Path, tmp_path: Path) -> None:
    growing = tmp_path / "growing.log"
    with growing.open("wb") as file:
        file.truncate(200 * MEGABYTE)
    done = threading.Event()

    def write() -> None:
        with growing.open("ab", buffering=0) as file:
            while not done.wait(0.0005):
                file.write(b"another line\n")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        ended = ingest(warm, archive, growing, story(tmp_path / "good.txt", "The bridge is closed."))
    finally:
        done.set()
        writer.join()
    assert ended.status == ExitCode.INCOMPLETE
    assert "changed while it was read" in lines(ended)["growing.log"]["reason"]
    sound(warm, archive, captures=1)


@AS_ROOT
def test_a_disk_without_room_is_told_and_the_archive_stays_sound(warm: Warm, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", disk], check=False).returncode:
        pytest.skip("no disk may be mounted in this container")
    try:
        archive = disk / "archive"
        assert warm.run(["init", archive]).status == 0
        good = story(tmp_path / "good.txt", "The mill reopens on Monday.")
        assert ingest(warm, archive, good).status == 0
        (tmp_path / "large.txt").write_bytes(b"word " * (2 * MEGABYTE))
        ended = ingest(warm, archive, tmp_path / "large.txt")
        assert ended.status == ExitCode.INCOMPLETE
        assert "the disk is full" in ended.err + ended.out
        assert "Traceback" not in ended.err
        sound(warm, archive, captures=1)
        filler = fill(disk)
        full = ingest(warm, archive, story(tmp_path / "new.txt", "The ferry is late again."))
        assert full.status == ExitCode.INCOMPLETE
        assert "the disk is full" in full.err or "the disk failed under the catalogue" in full.err
        assert "Traceback" not in full.err
        filler.unlink()
        sound(warm, archive, captures=len(Claimtrail().recorded(archive)))
    finally:
        subprocess.run(["umount", disk], check=True)


@AS_ROOT
def test_a_read_only_archive_can_be_asked_and_refuses_an_ingest(warm: Warm, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", disk], check=False).returncode:
        pytest.skip("no disk may be mounted in this container")
    try:
        archive = disk / "archive"
        assert warm.run(["init", archive]).status == 0
        assert ingest(warm, archive, story(tmp_path / "good.txt", "The mill reopens.")).status == 0
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        ended = ingest(warm, archive, story(tmp_path / "new.txt", "The ferry is late."))
        assert ended.status == ExitCode.INCOMPLETE
        assert "read-only" in ended.err
        assert "Traceback" not in ended.err
        for words in (["status"], ["search", "mill"], ["verify"]):
            asked = warm.run([*words, "--archive", archive])
            assert asked.status == 0, (words, asked)
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
        sound(warm, archive, captures=1)
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.mark.long
def test_two_gigabytes_are_taken_in_under_200_megabytes_of_memory(tmp_path: Path) -> None:
    large = tmp_path / "large.bin"
    with large.open("wb") as file:
        file.truncate(2048 * MEGABYTE)
    script = (
        "import sys; from archive.cli import main; "
        "main(['init', sys.argv[1]]); status = main(['ingest', '--archive', sys.argv[1], sys.argv[2]]); "
        "print(status, next(l.split()[1] for l in open('/proc/self/status') if l.startswith('VmHWM')))"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "archive", large],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent.parent,
        check=True,
    )
    status, peak_kilobytes = map(int, run.stdout.splitlines()[-1].split())
    shutil.rmtree(tmp_path / "archive")
    assert status == 0
    assert peak_kilobytes < 200 * 1024
