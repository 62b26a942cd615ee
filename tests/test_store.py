"""A store takes objects in, gives them out under their digest, and says exactly what it holds."""

from __future__ import annotations

import io
import os
import stat
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.digest import Digest
from archive.store import (
    Held,
    ObjectState,
    PlacedAs,
    Store,
    Stray,
    UnknownStore,
    make_store,
    open_store,
)
from archive.store.failures import NotHeld, NotPlain, StoreNotThere
from archive.store.note import read_note, write_note
from archive.store.port import Staged


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return make_store(tmp_path / "objects")


def take(store: Store, *contents: bytes) -> list[Digest]:
    with store.intake() as intake:
        staged = [intake.stage(io.BytesIO(content)) for content in contents]
        intake.seal(b"what to record")
        assert all(placement.safe for placement in intake.place())
        intake.clear()
    return [one.digest for one in staged]


class CutOff(Exception):
    """What ends a command here."""


def leave_sealed(store: Store, note: bytes, *contents: bytes, placed: bool = False) -> None:
    """Do what an ingest does up to the moment in which it is cut off."""
    with suppress(CutOff), store.intake() as intake:
        for content in contents:
            intake.stage(io.BytesIO(content))
        intake.seal(note)
        if placed:
            intake.place()
        raise CutOff


def path_of(store: Store, digest: Digest) -> Path:
    return Path(store.address, "sha256", digest.hex[:2], digest.hex)


def incoming(store: Store) -> list[str]:
    return sorted(path.name for path in Path(store.address, "incoming").iterdir())


def test_an_object_is_a_read_only_file_named_by_the_digest_that_sha256sum_gives(store: Store) -> None:
    (digest,) = take(store, b"council delays vote\n")
    path = path_of(store, digest)
    assert digest == Digest.of(b"council delays vote\n")
    assert path.read_bytes() == b"council delays vote\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o444
    assert path.stat().st_nlink == 1
    with store.open(digest) as file:
        assert file.read() == b"council delays vote\n"
    assert incoming(store) == []


def test_the_mode_does_not_depend_on_the_umask(store: Store) -> None:
    before = os.umask(0o077)
    try:
        (digest,) = take(store, b"kept from no reader")
    finally:
        os.umask(before)
    assert stat.S_IMODE(path_of(store, digest).stat().st_mode) == 0o444


def test_an_empty_file_is_an_object(store: Store) -> None:
    (digest,) = take(store, b"")
    assert store.check(digest).state is ObjectState.INTACT
    assert store.check(digest).size == 0


def test_the_same_bytes_twice_in_a_batch_are_one_object(store: Store) -> None:
    with store.intake() as intake:
        first, second = (intake.stage(io.BytesIO(b"twice")) for _ in range(2))
        assert first == second
        intake.seal(b"")
        assert [p.outcome for p in intake.place()] == [PlacedAs.NEW]
        intake.clear()
    assert list(store.held()) == [Held(first.digest)]


def test_an_intake_lives_through_many_batches(store: Store) -> None:
    contents = [f"batch {number}".encode() for number in range(20)]
    with store.intake() as intake:
        for content in contents:
            intake.stage(io.BytesIO(content))
            intake.seal(content)
            assert [p.outcome for p in intake.place()] == [PlacedAs.NEW]
            intake.clear()
        assert len(incoming(store)) == 1
    assert {held.digest for held in store.held() if isinstance(held, Held)} == {
        Digest.of(c) for c in contents
    }
    assert incoming(store) == []


def test_many_files_in_a_batch_are_made_durable_in_one_act(store: Store) -> None:
    digests = take(store, *(str(number).encode() for number in range(300)))
    assert all(store.check(digest).state is ObjectState.INTACT for digest in digests)


def test_what_is_staged_can_be_read_before_it_is_an_object(store: Store) -> None:
    with store.intake() as intake:
        staged = intake.stage(io.BytesIO(b"to be read"))
        with intake.open(staged) as file:
            assert file.read() == b"to be read"
    assert list(store.held()) == []


def test_an_object_that_is_held_is_hashed_again_before_it_is_trusted(store: Store) -> None:
    (digest,) = take(store, b"one reading")
    before = path_of(store, digest).stat()
    with store.intake() as intake:
        intake.stage(io.BytesIO(b"one reading"))
        intake.seal(b"")
        (placement,) = intake.place()
        assert placement.outcome is PlacedAs.HELD
        assert placement.check
        assert placement.check.state is ObjectState.INTACT
        intake.clear()
    assert path_of(store, digest).stat().st_ino == before.st_ino


def overwrite(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(b"One reading")


def truncate(path: Path) -> None:
    path.chmod(0o644)
    os.truncate(path, 3)


def link_away(path: Path) -> None:
    path.rename(path.parent.parent / "elsewhere")
    path.symlink_to("../elsewhere")


def put_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def put_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def unread(path: Path) -> tuple[int, ...]:
    """What a file is, but for the time of its last reading."""
    found = path.lstat()
    return found.st_ino, found.st_mode, found.st_nlink, found.st_size, found.st_mtime_ns, found.st_ctime_ns


ALTERATIONS = [overwrite, truncate, link_away, put_folder, put_pipe]


@pytest.mark.parametrize("alter", ALTERATIONS)
def test_an_altered_object_is_an_outcome_and_is_never_overwritten(store: Store, alter) -> None:
    (digest,) = take(store, b"one reading")
    alter(path_of(store, digest))
    before = unread(path_of(store, digest))
    checked = store.check(digest)
    assert checked.state is ObjectState.ALTERED
    assert checked.found != digest
    assert checked.reason
    with store.intake() as intake:
        intake.stage(io.BytesIO(b"one reading"))
        intake.seal(b"")
        (placement,) = intake.place()
        assert placement.outcome is PlacedAs.ALTERED
        assert not placement.safe
        assert placement.check == checked
        intake.clear()
    assert unread(path_of(store, digest)) == before


def test_a_missing_object_is_missing(store: Store) -> None:
    digest = Digest.of(b"never taken in")
    assert store.check(digest).state is ObjectState.MISSING
    with pytest.raises(NotHeld, match=digest.hex):
        store.open(digest)
    take(store, b"a neighbour")
    path_of(store, digest).parent.mkdir(exist_ok=True)
    assert store.check(digest).state is ObjectState.MISSING


def test_opening_never_follows_a_link(store: Store) -> None:
    (digest,) = take(store, b"one reading")
    link_away(path_of(store, digest))
    with pytest.raises(NotPlain, match="symbolic link"):
        store.open(digest)


def test_a_store_that_is_gone_is_one_failure_and_not_a_missing_object(store: Store) -> None:
    (digest,) = take(store, b"one reading")
    root = Path(store.address)
    root.rename(root.with_name("unmounted"))
    root.mkdir()
    for look in (
        lambda: store.check(digest),
        lambda: store.open(digest),
        lambda: list(store.held()),
        store.intake,
        lambda: list(store.unfinished()),
        lambda: open_store(root),
    ):
        with pytest.raises(StoreNotThere, match="mounted"):
            look()


def test_another_store_in_its_place_is_not_taken_for_it(store: Store) -> None:
    (digest,) = take(store, b"one reading")
    root = Path(store.address)
    root.rename(root.with_name("first"))
    make_store(root)
    with pytest.raises(StoreNotThere, match="no longer"):
        store.check(digest)


def test_what_does_not_belong_is_listed_beside_what_does(store: Store) -> None:
    digests = take(store, b"a", b"b", b"c")
    root = Path(store.address)
    folder = path_of(store, digests[0]).parent
    (root / "thumbs.db").write_bytes(b"")
    (root / "sha256" / "README").write_bytes(b"")
    (root / "sha256" / "zz").mkdir()
    (root / "sha256" / "00").symlink_to(folder)
    (folder / "notes.txt").write_bytes(b"")
    (folder / digests[1].hex).write_bytes(b"in another's folder")
    (folder / f"{folder.name}{'0' * 62}").symlink_to("notes.txt")
    (folder / f"{folder.name}{'1' * 62}").mkdir()
    listed = list(store.held())
    assert {one.digest for one in listed if isinstance(one, Held)} == set(digests)
    assert {one.place: one.reason for one in listed if isinstance(one, Stray)} == {
        "thumbs.db": "neither objects nor incoming",
        "sha256/README": "not a folder of objects by its name",
        "sha256/zz": "not a folder of objects by its name",
        "sha256/00": "not a folder",
        f"sha256/{folder.name}/notes.txt": "its name is not a digest of this folder",
        f"sha256/{folder.name}/{digests[1].hex}": "its name is not a digest of this folder",
        f"sha256/{folder.name}/{folder.name}{'0' * 62}": "a symbolic link",
        f"sha256/{folder.name}/{folder.name}{'1' * 62}": "not a plain file",
    }


class Breaks(io.RawIOBase):
    """A source that gives a few bytes and then fails."""

    def __init__(self) -> None:
        self.left = 3

    def readinto(self, buffer) -> int:
        if not self.left:
            raise InterruptedError("the medium gave up")
        self.left -= 1
        buffer[:4] = b"part"
        return 4


def test_a_source_that_fails_leaves_nothing_and_does_not_stop_the_batch(store: Store) -> None:
    with store.intake() as intake:
        with pytest.raises(InterruptedError, match="gave up"):
            intake.stage(Breaks())
        good = intake.stage(io.BytesIO(b"good"))
        intake.seal(b"")
        intake.place()
        intake.clear()
    assert list(store.held()) == [Held(good.digest)]
    assert incoming(store) == []


def test_a_batch_that_was_never_sealed_leaves_nothing(store: Store) -> None:
    with suppress(KeyboardInterrupt), store.intake() as intake:
        intake.stage(io.BytesIO(b"half"))
        raise KeyboardInterrupt
    assert incoming(store) == []
    assert list(store.unfinished()) == []


def test_a_sealed_batch_waits_for_the_next_command(store: Store) -> None:
    leave_sealed(store, b"record this", b"sealed")
    digest = Digest.of(b"sealed")
    assert list(store.held()) == []
    for left in store.unfinished():
        assert left.note == b"record this"
        assert [(p.digest, p.outcome) for p in left.place()] == [(digest, PlacedAs.NEW)]
        assert [p.outcome for p in left.place()] == [PlacedAs.HELD]
        left.clear()
    assert list(store.held()) == [Held(digest)]
    assert incoming(store) == []
    assert list(store.unfinished()) == []


def test_a_batch_placed_but_not_recorded_is_placed_again(store: Store) -> None:
    leave_sealed(store, b"n", b"one", b"two", placed=True)
    (left,) = store.unfinished()
    assert [p.outcome for p in left.place()] == [PlacedAs.HELD, PlacedAs.HELD]


def test_a_note_that_came_back_without_its_files_is_placed_from_what_is_held(store: Store) -> None:
    leave_sealed(store, b"n", b"one", b"two", placed=True)
    for staged in Path(store.address, "incoming").glob("*/[12]"):
        staged.unlink()
    (left,) = store.unfinished()
    assert [p.outcome for p in left.place()] == [PlacedAs.HELD, PlacedAs.HELD]
    path_of(store, Digest.of(b"one")).unlink()
    outcomes = {p.digest: p.outcome for p in left.place()}
    assert outcomes == {
        Digest.of(b"one"): PlacedAs.UNREADABLE,
        Digest.of(b"two"): PlacedAs.HELD,
    }


def test_a_torn_note_counts_as_not_sealed(store: Store) -> None:
    leave_sealed(store, b"record this", b"one")
    (note,) = Path(store.address, "incoming").glob("*/note")
    os.truncate(note, note.stat().st_size - 1)
    for left in store.unfinished():
        assert left.note is None
        assert left.place() == ()
        left.clear()
    assert incoming(store) == []


def test_a_live_intake_is_not_unfinished(store: Store) -> None:
    with store.intake() as intake:
        intake.stage(io.BytesIO(b"alive"))
        intake.seal(b"")
        assert list(open_store(store.address).unfinished()) == []
        assert [p.outcome for p in intake.place()] == [PlacedAs.NEW]
        intake.clear()


def test_an_unfinished_batch_is_given_to_one_at_a_time(store: Store) -> None:
    leave_sealed(store, b"")
    first = store.unfinished()
    assert next(first).note == b""
    assert list(store.unfinished()) == []
    first.close()  # type: ignore[attr-defined]
    assert len(list(store.unfinished())) == 1


def test_intakes_begun_while_others_clean_up_are_never_lost(store: Store) -> None:
    done = threading.Event()

    def clean() -> None:
        mine = open_store(store.address)
        while not done.is_set():
            for left in mine.unfinished():
                left.clear()

    def bring(who: int) -> None:
        for number in range(60):
            take(open_store(store.address), f"{who} {number}".encode(), f"shared {number}".encode())

    with ThreadPoolExecutor(4) as threads:
        cleaner = threads.submit(clean)
        bringers = [threads.submit(bring, who) for who in range(3)]
        wait(bringers)
        done.set()
    for future in (cleaner, *bringers):
        assert future.exception() is None
    assert sum(isinstance(one, Held) for one in store.held()) == 60 * 4
    assert incoming(store) == []


def test_staged_bytes_that_were_altered_meanwhile_never_become_an_object(store: Store) -> None:
    leave_sealed(store, b"n", b"one", b"two")
    (staged,) = Path(store.address, "incoming").glob("*/1")
    overwrite(staged)
    (left,) = store.unfinished()
    outcomes = {p.digest: (p.outcome, p.safe) for p in left.place()}
    assert outcomes == {
        Digest.of(b"one"): (PlacedAs.ALTERED, False),
        Digest.of(b"two"): (PlacedAs.NEW, True),
    }
    assert list(store.held()) == [Held(Digest.of(b"two"))]


def test_misuse_is_refused(store: Store) -> None:
    with store.intake() as intake:
        with pytest.raises(ValueError, match="sealed"):
            intake.place()
        intake.seal(b"")
        with pytest.raises(ValueError, match="clear"):
            intake.stage(io.BytesIO(b""))
        with pytest.raises(ValueError, match="already"):
            intake.seal(b"")
        intake.clear()


@pytest.mark.parametrize("prefix", ["", "file://", "FILE://localhost"])
def test_an_address_is_a_path_or_a_file_address(tmp_path: Path, prefix: str) -> None:
    store = make_store(f"{prefix}{tmp_path}/objects")
    take(store, b"x")
    assert list(open_store(tmp_path / "objects").held()) == [Held(Digest.of(b"x"))]


def test_a_store_may_lie_behind_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "home").symlink_to("disk")
    take(make_store(tmp_path / "home" / "objects"), b"x")
    assert list(open_store(tmp_path / "disk" / "objects").held()) == [Held(Digest.of(b"x"))]


def test_a_file_address_may_be_escaped(tmp_path: Path) -> None:
    make_store(tmp_path / "our archive")
    assert open_store(f"file://{tmp_path}/our%20archive").address == str(tmp_path / "our archive")


@pytest.mark.parametrize("address", ["s3://bucket/objects", "ftp://host/x", "file://host/objects"])
def test_an_unknown_address_is_refused_in_words(address: str) -> None:
    with pytest.raises(UnknownStore, match="file://"):
        open_store(address)


@given(
    st.lists(st.builds(Staged, st.binary().map(Digest.of), st.integers(0), st.integers(1)), max_size=4),
    st.binary(),
)
def test_a_note_is_read_as_it_was_written(staged: list[Staged], words: bytes) -> None:
    assert read_note(write_note(tuple(staged), words)) == (tuple(staged), words)


@settings(max_examples=50)
@given(st.binary(max_size=40), st.data())
def test_a_note_with_any_byte_changed_or_cut_is_none(words: bytes, data: st.DataObject) -> None:
    whole = write_note((Staged(Digest.of(b"x"), 1, 1),), words)
    place = data.draw(st.integers(0, len(whole) - 1))
    assert read_note(whole[:place]) is None
    torn = bytearray(whole)
    torn[place] ^= data.draw(st.integers(1, 255))
    assert read_note(bytes(torn)) is None
