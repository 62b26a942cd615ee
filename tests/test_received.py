"""What the archivist names is opened once, never through a link, never waiting, and must hold still."""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.digest import Digest
from archive.store import Held, Readable, make_store
from archive.store.received import (
    ChangedWhileRead,
    IsDevice,
    IsFolder,
    IsLink,
    IsPipe,
    IsSocket,
    NotFound,
    NotReadable,
    Refused,
    open_received,
    printable,
)


def read_all(source: Readable) -> bytes:
    buffer, parts = memoryview(bytearray(7)), []
    while count := source.readinto(buffer):
        parts.append(bytes(buffer[:count]))
    return b"".join(parts)


def test_a_file_gives_its_bytes_name_size_and_time(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(b"<p>Bread is dearer.</p>")
    os.utime(path, ns=(0, 1_600_000_000_123_456_789))
    with open_received(path) as received:
        assert received.name == str(path)
        assert received.raw_name == os.fsencode(path)
        assert received.size == 23
        assert received.modified == datetime(2020, 9, 13, 12, 26, 40, 123456, tzinfo=UTC)
        assert read_all(received) == b"<p>Bread is dearer.</p>"


def test_an_empty_file_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    with open_received(tmp_path / "empty") as received:
        assert received.size == 0
        assert read_all(received) == b""


def make_link(path: Path) -> None:
    path.with_name("target").write_bytes(b"x")
    path.symlink_to("target")


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


@pytest.mark.parametrize(
    ("make", "refusal", "words"),
    [
        (make_link, IsLink, "symbolic link"),
        (lambda path: path.symlink_to("nowhere"), IsLink, "symbolic link"),
        (Path.mkdir, IsFolder, "folder"),
        (os.mkfifo, IsPipe, "named pipe"),
        (make_socket, IsSocket, "socket"),
        (lambda _: None, NotFound, "no such file"),
    ],
    ids=["link", "dangling link", "folder", "pipe", "socket", "nothing"],
)
def test_what_is_not_a_plain_file_is_refused_in_words(tmp_path: Path, make, refusal, words: str) -> None:
    path = tmp_path / "named"
    make(path)
    with pytest.raises(refusal, match=rf"named was not taken in: .*{words}"):
        open_received(path)


def test_a_device_is_refused() -> None:
    with pytest.raises(IsDevice, match="device"):
        open_received("/dev/zero")


def test_a_name_with_a_null_byte_is_refused_in_words() -> None:
    with pytest.raises(Refused, match="was not taken in"):
        open_received("a\0b")


def test_a_pipe_with_a_waiting_writer_is_left_waiting(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = subprocess.Popen(["sh", "-c", f"echo precious > '{pipe}'"])
    try:
        with pytest.raises(IsPipe):
            open_received(pipe)
        with pipe.open("rb") as reader:
            assert reader.read() == b"precious\n"
    finally:
        assert writer.wait(10) == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda path: path.write_bytes(b"0123456789 and more"),
        lambda path: os.truncate(path, 4),
        lambda path: path.write_bytes(b"9876543210"),
        lambda path: os.utime(path, ns=(0, 0)),
    ],
    ids=["grown", "cut", "same size", "touched"],
)
def test_a_file_that_changes_while_it_is_read_is_never_taken_in(tmp_path: Path, change) -> None:
    path = tmp_path / "growing.log"
    path.write_bytes(b"0123456789")
    os.utime(path, ns=(0, 1_600_000_000_000_000_000))
    store = make_store(tmp_path / "objects")
    with store.intake() as intake:
        with open_received(path) as received:
            received.readinto(memoryview(bytearray(5)))
            change(path)
            with pytest.raises(ChangedWhileRead, match=r"growing\.log was not taken in: it changed"):
                intake.stage(received)
        intake.seal(b"")
        assert intake.place() == ()
        intake.clear()


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"plain.txt", "plain.txt"),
        ("Zeitung für Heute.txt".encode(), "Zeitung für Heute.txt"),
        (b"caf\xe9.txt", r"caf\xe9.txt"),
        (b"back\\slash.txt", r"back\slash.txt"),
        (b"back\\\xff.txt", r"back\\\xff.txt"),
    ],
)
def test_any_name_can_be_opened_and_printed(tmp_path: Path, raw: bytes, shown: str) -> None:
    path = os.fsencode(tmp_path) + b"/" + raw
    fd = os.open(path, os.O_WRONLY | os.O_CREAT)
    os.write(fd, b"named oddly")
    os.close(fd)
    for name in (path, os.fsdecode(path)):
        with open_received(name) as received:
            assert received.name == f"{tmp_path}/{shown}"
            assert received.name == received.name.encode().decode()
            assert received.raw_name == path
            assert read_all(received) == b"named oddly"
    assert printable(raw) == shown


def test_standard_input_is_received_as_a_stream(tmp_path: Path) -> None:
    content = os.urandom(3_000_000)
    script = (
        "import sys\n"
        "from archive.store import make_store\n"
        "from archive.store.received import standard_input\n"
        "with make_store(sys.argv[1]).intake() as intake, standard_input() as received:\n"
        "    print(received.name, received.size, received.modified, intake.stage(received).digest)\n"
        "    intake.seal(b''); intake.place(); intake.clear()\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "objects"],
        input=content,
        capture_output=True,
        cwd=Path(__file__).parent.parent,
        check=True,
    )
    digest = Digest.of(content)
    assert run.stdout.decode().split() == ["-", "None", "None", str(digest)]
    assert list(make_store(tmp_path / "objects").held()) == [Held(digest)]


AS_NOBODY = (
    "import os, sys\n"
    "from archive.store.received import Refused, open_received\n"
    "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
    "try:\n"
    "    open_received(sys.argv[1])\n"
    "except Refused as refusal:\n"
    "    print(type(refusal).__name__, refusal)\n"
)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another user")
def test_a_file_without_permission_is_refused_in_words() -> None:
    with tempfile.TemporaryDirectory() as open_folder:  # unlike pytest's own, which only its user may enter
        Path(open_folder).chmod(0o755)
        secret = Path(open_folder, "secret.txt")
        secret.write_bytes(b"x")
        secret.chmod(0)
        run = subprocess.run(
            [sys.executable, "-c", AS_NOBODY, secret],
            capture_output=True,
            text=True,
            cwd=Path(__file__).parent.parent,
            check=True,
        )
    assert run.stdout == f"NotPermitted {secret} was not taken in: this user may not read it\n"


def test_a_medium_that_fails_is_refused_in_words(tmp_path: Path) -> None:
    """Reading `/proc/self/mem` at 0 is the one EIO that every Linux gives without special tools."""
    with (
        open_received("/proc/self/mem") as received,
        pytest.raises(NotReadable, match="disk reported an error"),
    ):
        received.readinto(memoryview(bytearray(10)))
    store = make_store(tmp_path / "objects")
    with store.intake() as intake:
        with open_received("/proc/self/mem") as received, pytest.raises(NotReadable):
            intake.stage(received)
        intake.stage(io.BytesIO(b"the next one"))
        intake.seal(b"")
        assert len(intake.place()) == 1
        intake.clear()
