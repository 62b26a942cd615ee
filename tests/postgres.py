"""A real PostgreSQL for tests: a private cluster on a socket of its own, and a fresh database for each test.

The server runs as an unprivileged user (it refuses root), listens on no port, and ends with the test run:
its keeper waits on a pipe from the run and stops and removes everything when that closes, however it closes.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

OWNER = "claimtrail"
START_SECONDS = 60
MEMORY = Path("/dev/shm")
ROOM = 1 << 30

# Tests ask for what happens when processes die, not when the power does: nothing is synced.
SETTINGS = (
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "shared_buffers=32MB",
    "max_connections=100",
    "autovacuum=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "jit=off",
)

KEEPER = """
"$PROGRAMS/initdb" -D cluster -U "$1" -A trust -E UTF8 --locale=C --no-sync >log 2>&1 || exit
shift
"$PROGRAMS/postgres" -D cluster "$@" >>log 2>&1 &
read -r _
kill -INT $!
wait $!
rm -rf "$PWD"
"""


class NoServer(Exception):
    """There is no PostgreSQL here; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server."""

    socket: Path

    def url(self, database: str) -> str:
        """Where SQLAlchemy finds a database of this server."""
        return f"postgresql+psycopg://{OWNER}@/{database}?host={self.socket}"

    def run(self, statement: str) -> None:
        """Send one statement outside any test's database."""
        import psycopg

        with psycopg.connect(
            host=str(self.socket), user=OWNER, dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement)

    @contextmanager
    def database(self, like: str | None = None) -> Iterator[str]:
        """A fresh database, or a copy of one that nobody is connected to; dropped in the end whoever is connected."""
        name = f"test_{uuid.uuid4().hex}"
        template = like.split("@/")[1].split("?")[0] if like else "template1"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url(name)
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")


def programs() -> Path:
    """The folder of the newest server installed; raises `NoServer`."""
    found = shutil.which("postgres")
    if found and shutil.which("initdb"):
        return Path(found).resolve().parent
    installed = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    if not installed:
        raise NoServer("PostgreSQL is not installed (on Debian: apt-get install postgresql)")
    return max(installed, key=lambda path: int(path.parent.name))


def in_memory() -> Path | None:
    """A folder that is no disk, where there is one with room: to copy a database is six times as quick there."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        return MEMORY
    return None


def unprivileged() -> tuple[list[str], int, int]:
    """How to run the server as someone who is not root, and that someone's ids."""
    if os.getuid() != 0:
        return [], os.getuid(), os.getgid()
    setpriv = shutil.which("setpriv")
    if not setpriv:
        raise NoServer(
            "PostgreSQL does not run as root, and there is no setpriv (util-linux) to run it as another"
        )
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        ids = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        return [setpriv, *ids, "--"], user.pw_uid, user.pw_gid
    raise NoServer("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A running server, stopped and removed in the end; raises `NoServer` where there can be none."""
    folder = programs()
    prefix, user, group = unprivileged()
    where = Path(tempfile.mkdtemp(prefix="claimtrail-pg-", dir=in_memory()))
    os.chown(where, user, group)
    settings = [part for each in (*SETTINGS, f"unix_socket_directories={where}") for part in ("-c", each)]
    keeper = subprocess.Popen(
        [*prefix, "/bin/sh", "-c", KEEPER, "keeper", OWNER, *settings],
        stdin=subprocess.PIPE,
        cwd=where,
        env={"PATH": os.defpath, "PROGRAMS": str(folder), "LC_ALL": "C"},
        start_new_session=True,  # Ctrl-C reaches the run, which then closes the pipe
    )
    try:
        running = Cluster(where)
        wait_for(running, keeper)
        yield running
    finally:
        assert keeper.stdin
        keeper.stdin.close()
        keeper.wait(timeout=START_SECONDS)
        shutil.rmtree(where, ignore_errors=True)


def wait_for(running: Cluster, keeper: subprocess.Popen[bytes]) -> None:
    """Return once the server answers; raises `NoServer` with its last words where it does not."""
    import psycopg

    end = time.monotonic() + START_SECONDS
    while True:
        try:
            return running.run("SELECT 1")
        except psycopg.OperationalError as error:
            if time.monotonic() > end or keeper.poll() is not None:
                log = running.socket / "log"
                said = log.read_text(errors="replace")[-2000:] if log.exists() else ""
                raise RuntimeError(f"PostgreSQL did not start: {error}\n{said}") from error
        time.sleep(0.05)


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """One server for the whole run (under pytest-xdist, one a worker)."""
    pytest.importorskip("psycopg", reason="psycopg is not installed (the extra `postgresql`)")
    try:
        programs()
        unprivileged()
    except NoServer as missing:
        pytest.skip(str(missing))
    with cluster() as running:
        yield running


@pytest.fixture
def postgres_url(postgres_cluster: Cluster) -> Iterator[str]:
    """The address of a fresh, empty database."""
    with postgres_cluster.database() as url:
        yield url
