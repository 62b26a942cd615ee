"""A damaged or foreign index on the command line: it is said, and the answer is right or there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.commandline import DOCUMENT, new_archive, run

if TYPE_CHECKING:
    from pathlib import Path


def held(folder: Path) -> Path:
    place = new_archive(folder)
    assert run("ingest", DOCUMENT, at=place).status == 0
    return place


def test_a_damaged_index_is_built_anew_and_that_is_said(tmp_path: Path) -> None:
    place = held(tmp_path)
    path = next((place / "index").glob("gen-*/*.trm"))
    path.chmod(0o600)
    raw = bytearray(path.read_bytes())
    raw[40] ^= 1
    path.write_bytes(raw)
    assert run("verify", "--index", at=place).status == 1
    found = run("search", "renounced", at=place)
    assert "1 version found" in found.out
    assert "the index was damaged and has been built anew from the record" in found.flat
    again = run("search", "renounced", at=place)
    assert "1 version found" in again.out
    assert "built anew" not in again.out
    assert run("verify", "--index", at=place).status == 0


def test_an_index_open_to_others_is_a_finding_and_never_read(tmp_path: Path) -> None:
    place = held(tmp_path)
    (place / "index").chmod(0o770)
    refused = run("search", "renounced", at=place)
    assert refused.status != 0
    assert "close it with chmod 700" in refused.err
    checked = run("verify", "--index", at=place)
    assert checked.status == 1
    assert "close it with chmod 700" in checked.flat
    assert "Traceback" not in checked.err
    (place / "index").chmod(0o700)
    assert "1 version found" in run("search", "renounced", at=place).out
