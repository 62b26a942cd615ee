"""A full disk, a disk that may not be written, a file that outgrows memory: each told, nothing half kept."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from archive.digest import Digest
from archive.store import Held, ObjectState, Store, make_store, open_store
from archive.store.failures import FileTooLarge, StoreForbidden, StoreFull, StoreReadOnly

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
MEGABYTE = 1024 * 1024


def mount(*words: str | Path) -> bool:
    return subprocess.run(["mount", *words], capture_output=True, check=False).returncode == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of four megabytes and 300 files."""
    place = tmp_path / "disk"
    place.mkdir()
    if os.geteuid() != 0 or not mount("-t", "tmpfs", "-o", "size=4m,nr_inodes=300", "tmpfs", place):
        pytest.skip("only root may mount a disk, and not in every container")
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)


@contextmanager
def read_only(disk: Path) -> Iterator[None]:
    assert mount("-o", "remount,ro", disk)
    try:
        yield
    finally:
        assert mount("-o", "remount,rw", disk)


def take(store: Store, *contents: bytes) -> None:
    with store.intake() as intake:
        for content in contents:
            intake.stage(io.BytesIO(content))
        intake.seal(b"note")
        assert all(placement.safe for placement in intake.place())
        intake.clear()


def everything(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*")}


def test_a_file_that_fills_the_disk_is_told_and_leaves_nothing(small_disk: Path) -> None:
    store = make_store(small_disk / "objects")
    take(store, b"held before")
    before = everything(small_disk)
    with (
        pytest.raises(StoreFull, match=r"disk is full.*nothing of this batch was recorded"),
        store.intake() as intake,
    ):
        intake.stage(io.BytesIO(os.urandom(5 * MEGABYTE)))
    assert everything(small_disk) == before
    take(store, b"small enough")
    assert store.check(Digest.of(b"held before")).state is ObjectState.INTACT


def test_the_files_that_fit_can_still_be_taken_in_after_one_that_does_not(small_disk: Path) -> None:
    store = make_store(small_disk / "objects")
    with store.intake() as intake:
        with pytest.raises(StoreFull):
            intake.stage(io.BytesIO(os.urandom(5 * MEGABYTE)))
        good = intake.stage(io.BytesIO(b"small enough"))
        intake.seal(b"")
        intake.place()
        intake.clear()
    assert list(store.held()) == [Held(good.digest)]


def test_a_disk_without_room_for_another_folder_keeps_the_sealed_batch(small_disk: Path) -> None:
    store = make_store(small_disk / "objects")
    contents = [str(number).encode() for number in range(150)]
    with store.intake() as intake:
        for content in contents:
            intake.stage(io.BytesIO(content))
        intake.seal(b"record these")
        with pytest.raises(StoreFull, match="the next command records it"):
            intake.place()
    assert subprocess.run(["mount", "-o", "remount,nr_inodes=2000", small_disk], check=False).returncode == 0
    (left,) = (place_all(unfinished) for unfinished in store.unfinished())
    assert left == b"record these"
    assert {one.digest for one in store.held() if isinstance(one, Held)} == {Digest.of(c) for c in contents}


def place_all(unfinished) -> bytes:
    assert all(placement.safe for placement in unfinished.place())
    note = unfinished.note
    unfinished.clear()
    return note


def test_a_read_only_disk_can_be_read_and_checked_and_refuses_an_intake(small_disk: Path) -> None:
    store = make_store(small_disk / "objects")
    take(store, b"held before")
    before = everything(small_disk)
    with read_only(small_disk):
        again = open_store(small_disk / "objects")
        assert again.check(Digest.of(b"held before")).state is ObjectState.INTACT
        assert len(list(again.held())) == 1
        assert list(again.unfinished()) == []
        with pytest.raises(StoreReadOnly, match="read-only"), again.intake():
            pass
    assert everything(small_disk) == before


def test_a_disk_that_turns_read_only_during_an_intake_loses_nothing_sealed(small_disk: Path) -> None:
    store = make_store(small_disk / "objects")
    with suppress(StoreReadOnly), store.intake() as intake:
        intake.stage(io.BytesIO(b"sealed"))
        intake.seal(b"record this")
        os.close(intake._lock)  # a file open for writing would keep the disk from turning read-only
        intake._lock = os.open(small_disk, os.O_RDONLY)
        assert mount("-o", "remount,ro", small_disk)
        intake.place()
    with pytest.raises(StoreReadOnly, match="nothing was changed"):
        list(store.unfinished())
    assert mount("-o", "remount,rw", small_disk)
    assert [place_all(left) for left in store.unfinished()] == [b"record this"]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can reach, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o755)
        yield Path(made)


AS_NOBODY = (
    "import os, sys\n"
    "from archive.store import open_store\n"
    "store = open_store(sys.argv[1])  # with all that it imports late: the other user may not read this Python\n"
    "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
    "print(*(store.check(held.digest).state for held in store.held()))\n"
    "try:\n"
    "    store.intake().__enter__()\n"
    "except Exception as refusal:\n"
    "    print(type(refusal).__name__, refusal)\n"
)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another user")
def test_another_user_may_check_and_is_told_that_he_may_not_write(open_folder: Path) -> None:
    store = make_store(open_folder / "objects")
    take(store, b"for everybody")
    run = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, store.address], capture_output=True, text=True, cwd=ROOT, check=True
    )
    first, second = run.stdout.splitlines()
    assert first == "intact"
    assert second.startswith(f"{StoreForbidden.__name__} this user has no permission for it")
    Path(store.address, "sha256", Digest.of(b"for everybody").hex[:2], Digest.of(b"for everybody").hex).chmod(
        0
    )
    run = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, store.address], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert run.stdout.startswith("unreadable\n")


UNDER_A_LIMIT = (
    "import io, resource, sys\n"
    "from archive.store import open_store\n"
    "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
    "with open_store(sys.argv[1]).intake() as intake:\n"
    "    try:\n"
    "        intake.stage(io.BytesIO(bytes(5000)))\n"
    "    except Exception as refusal:\n"
    "        print(type(refusal).__name__)\n"
)


def test_a_file_beyond_the_limit_of_the_shell_is_told(tmp_path: Path) -> None:
    store = make_store(tmp_path / "objects")
    run = subprocess.run(
        [sys.executable, "-c", UNDER_A_LIMIT, store.address],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    assert run.stdout.strip() == FileTooLarge.__name__
    assert list(Path(store.address, "incoming").iterdir()) == []


STREAMED = (
    "import sys\n"
    "from archive.store import open_store\n"
    "from archive.store.received import open_received\n"
    "store = open_store(sys.argv[1])\n"
    "with store.intake() as intake, open_received(sys.argv[2]) as received:\n"
    "    staged = intake.stage(received)\n"
    "    intake.seal(b''); intake.place(); intake.clear()\n"
    "peak = next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM'))\n"
    "print(staged.size, store.check(staged.digest).state, peak)\n"
)


@pytest.mark.parametrize(
    "size",
    [64 * MEGABYTE, pytest.param(2048 * MEGABYTE, marks=pytest.mark.long)],
    ids=["64 MiB", "2 GiB"],
)
def test_memory_does_not_grow_with_a_file(tmp_path: Path, size: int) -> None:
    large = tmp_path / "large.warc"
    with large.open("wb") as file:
        file.truncate(size)
    store = make_store(tmp_path / "objects")
    run = subprocess.run(
        [sys.executable, "-c", STREAMED, store.address, large],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    found, state, peak_kilobytes = run.stdout.split()
    assert (int(found), state) == (size, "intact")
    assert int(peak_kilobytes) < 60 * 1024
