"""Workers are reused from file to file on ingest: starting one costs more than reading a hundred pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.formats.pool import Pool, Worker, available_cores
from tests.commandline import new_archive, run
from tests.test_formats_containers import PAGE, record, warc

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_no_worker_is_started_while_another_is_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Worker] = []
    start = Worker.__init__

    def counted(self: Worker) -> None:
        started.append(self)
        start(self)

    monkeypatch.setattr(Worker, "__init__", counted)
    with Pool(4) as pool:
        for number in range(6):
            (part,) = pool.parts(PAGE + b"<!-- %d -->" % number)
            assert part.reading.text
    assert len(started) == 1


def test_an_ingest_starts_no_more_workers_than_cores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Worker] = []
    start = Worker.__init__

    def counted(self: Worker) -> None:
        started.append(self)
        start(self)

    monkeypatch.setattr(Worker, "__init__", counted)
    place, files = new_archive(tmp_path), tmp_path / "files"
    files.mkdir()
    for number in range(8):
        (files / f"{number}.html").write_bytes(PAGE + b"<!-- %d -->" % number)
    (files / "8.warc").write_bytes(warc(record(1), record(2)))
    (files / "9.html").write_bytes(PAGE)
    assert run("ingest", files, at=place).status == 0
    assert 0 < len(started) <= available_cores()
