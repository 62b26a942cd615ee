"""The PostgreSQL that tests run on: real, private, and gone when the run is, however that ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy

if TYPE_CHECKING:
    from tests.postgres import Cluster

ROOT = Path(__file__).parent.parent

HOLDER = """
import time
from tests.postgres import cluster
with cluster() as running:
    print(running.socket, flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_has_a_fresh_database(postgres_url: str, turn: int) -> None:
    engine = sqlalchemy.create_engine(postgres_url)
    with engine.begin() as connection:
        assert not sqlalchemy.inspect(connection).get_table_names()
        connection.execute(sqlalchemy.text("CREATE TABLE left_over (n integer)"))
        major = connection.execute(sqlalchemy.text("SHOW server_version")).scalar_one()
    engine.dispose()
    assert int(major.split(".")[0]) >= 15


def test_the_server_has_no_port_and_is_not_root(postgres_cluster: Cluster) -> None:
    server = int((postgres_cluster.socket / "cluster" / "postmaster.pid").read_text().split()[0])
    status = Path(f"/proc/{server}/status").read_text()
    (user,) = [line.split()[1] for line in status.splitlines() if line.startswith("Uid:")]
    assert user != "0"
    assert postgres_cluster.socket.stat().st_mode & 0o077 == 0
    engine = sqlalchemy.create_engine(postgres_cluster.url("postgres"))
    with engine.connect() as connection:
        assert connection.execute(sqlalchemy.text("SHOW listen_addresses")).scalar_one() == ""
    engine.dispose()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_when_the_run_is_cut_off(postgres_cluster: Cluster, how: signal.Signals) -> None:
    run = subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert run.stdout
    where = Path(run.stdout.readline().strip())
    server = int((where / "cluster" / "postmaster.pid").read_text().split()[0])
    run.send_signal(how)
    run.wait()
    run.stdout.close()
    end = time.monotonic() + 30
    while (where.exists() or Path(f"/proc/{server}").exists()) and time.monotonic() < end:
        time.sleep(0.05)
    assert not where.exists()
    assert not Path(f"/proc/{server}").exists()
