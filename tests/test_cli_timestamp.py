"""Time stamps on the command line, from a real authority: `openssl ts` behind a small server on this machine."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest

from archive.digest import Digest
from archive.ledger.proof import Proof
from archive.ledger.timestamp import StampRequest
from tests.commandline import DOCUMENT, new_archive, run
from tests.test_ledger_timestamp import LOCAL, MIDDLE, NEAR, ROOT, answer, issue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")
pytest.importorskip("rfc3161_client", reason="rfc3161-client is not installed (the extra `timestamp`)")


@contextmanager
def authority(reply: Callable[[bytes], bytes], kind: str = "application/timestamp-reply") -> Iterator[str]:
    """A time stamping authority on this machine; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/timestamp-query"
            made = reply(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(made)))
            self.end_headers()
            self.wfile.write(made)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = new_archive(tmp_path_factory.mktemp("stamped"))
    assert run("ingest", DOCUMENT, at=place).status == 0
    return place


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "news")


@pytest.fixture
def trusted(tmp_path: Path) -> Path:
    path = tmp_path / "trusted.pem"
    path.write_bytes(MIDDLE.pem + ROOT.pem)
    return path


def kept(place: Path) -> list[str]:
    folder = place / "ledger" / "timestamps"
    return sorted(path.name.lstrip("0") for path in folder.iterdir()) if folder.exists() else []


def test_an_authority_stamps_the_newest_checkpoint(place: Path, trusted: Path, tmp_path: Path) -> None:
    with authority(lambda query: answer(tmp_path, query=query)) as address:
        ran = run("timestamp", "--tsa", address, "--root-cert", trusted, at=place)
    assert ran.status == 0, ran.err
    assert "3 events were in the ledger by 20" in ran.out
    assert "CN=Local time stamping authority" in ran.out
    assert kept(place) == ["3.stamped", "3.tsr"]
    proof = Proof.from_json(run("prove", "--event", "1", at=place).out.encode())
    assert len(proof.timestamps) == 1
    assert run("verify", "--ledger", at=place).status == 0


def test_settings_name_the_authority(place: Path, trusted: Path, tmp_path: Path) -> None:
    with authority(lambda query: answer(tmp_path, query=query)) as address:
        (place / "claimtrail.toml").write_text(f'tsa = "{address}"\ntsa_certificates = "{trusted}"\n')
        assert run("timestamp", at=place).status == 0
    assert kept(place) == ["3.stamped", "3.tsr"]


def test_openssl_believes_what_is_in_the_pack(place: Path, trusted: Path, tmp_path: Path) -> None:
    with authority(lambda query: answer(tmp_path, query=query)) as address:
        assert run("timestamp", "--tsa", address, "--root-cert", trusted, at=place).status == 0
    assert run("verify", at=place).status == 0
    digest = Digest.of(DOCUMENT.read_bytes()).hex
    assert run("evidence", digest, "--out", tmp_path / "pack", at=place).status == 0
    pack = tmp_path / "pack"
    report = (pack / "report.html").read_text()
    line = (
        "openssl ts -verify -in ledger/timestamps/3.tsr -data ledger/timestamps/3.stamped -CAfile ../tsa.pem"
    )
    assert line in report
    (tmp_path / "tsa.pem").write_bytes(MIDDLE.pem + ROOT.pem)
    done = subprocess.run(line.split(), cwd=pack, capture_output=True, text=True, check=False)
    assert (done.returncode, "Verification: OK" in done.stdout + done.stderr) == (0, True)
    program = [sys.executable, "-I", "-S", "verify.py"]
    said = subprocess.run(program, cwd=pack, env={}, capture_output=True, text=True, check=False)
    assert (said.returncode, "the time stamp over 3 leaves is true" in said.stdout) == (0, True)


OWN = issue("Own")
REFUSALS: dict[str, tuple[Callable[[Path, bytes], bytes], str]] = {
    "a stranger": (lambda f, q: answer(f, issue("Stranger", NEAR), query=q), "does not hold"),
    "self-signed": (lambda f, q: answer(f, OWN, query=q), "self-signed certificate"),
    "expired": (
        lambda f, q: answer(f, issue("Late", MIDDLE, days=(-10, -1)), query=q),
        "certificate has expired",
    ),
    "the wrong order": (lambda f, q: answer(f, query=q, chain=MIDDLE), "wrong order"),
    "another nonce": (lambda f, q: answer(f, query=_other(q, nonce=True)), "does not hold"),
    "another digest": (lambda f, q: answer(f, query=_other(q, nonce=False)), "does not hold"),
    "a refusal": (lambda f, _q: answer(f, query=b"\x30\x03\x02\x01\x01"), "did not grant"),
    "nothing": (lambda _f, _q: b"", "no time stamp"),
}


def _other(query: bytes, *, nonce: bool) -> bytes:
    """The request with another nonce, or over another digest."""
    asked = StampRequest.from_der(query)
    changed = (
        StampRequest(asked.digest, asked.nonce ^ 1) if nonce else StampRequest.over(b"other", b"\x01" * 8)
    )
    return (changed if nonce else StampRequest(changed.digest, asked.nonce)).to_der()


@pytest.mark.parametrize(("reply", "reason"), REFUSALS.values(), ids=REFUSALS)
def test_what_does_not_hold_is_refused_with_the_reason_and_not_kept(
    place: Path, trusted: Path, tmp_path: Path, reply: Callable[[Path, bytes], bytes], reason: str
) -> None:
    with authority(lambda query: reply(tmp_path, query)) as address:
        ran = run("timestamp", "--tsa", address, "--root-cert", trusted, at=place)
    assert (ran.status, reason in ran.err) == (1, True), ran.err
    assert kept(place) == []


def test_who_is_no_authority_is_said(place: Path, trusted: Path, tmp_path: Path) -> None:
    with authority(lambda _query: b"<html>", "text/html") as address:
        ran = run("timestamp", "--tsa", address, "--root-cert", trusted, at=place)
    assert (ran.status, "it sent text/html" in ran.err) == (3, True)
    ran = run("timestamp", "--tsa", address, "--root-cert", trusted, at=place)
    assert (ran.status, "no time stamp from" in ran.err) == (3, True), "nobody answers there now"
    for wrong in ("file:///etc/passwd", "ftp://example.org/", "tsa"):
        assert run("timestamp", "--tsa", wrong, "--root-cert", trusted, at=place).status == 2
    assert run("timestamp", "--tsa", address, at=place).status == 2, "nobody says whose time to trust"
    assert run("timestamp", "--root-cert", trusted, at=place).status == 2, "nobody says whom to ask"
    alone = tmp_path / "alone.pem"
    alone.write_bytes(LOCAL.pem)
    ran = run("timestamp", "--tsa", address, "--root-cert", alone, at=place)
    assert (ran.status, "not issued by" in ran.err) == (2, True)


def test_a_request_and_its_answer_travel_as_files(place: Path, trusted: Path, tmp_path: Path) -> None:
    request, reply = tmp_path / "request.tsq", tmp_path / "reply.tsr"
    ran = run("timestamp", "--request-out", request, at=place)
    assert (ran.status, "next:" in ran.out) == (0, True)
    assert run("outlets", "add", "Beacon Post", at=place).status == 0, "work goes on meanwhile"
    reply.write_bytes(answer(tmp_path, query=request.read_bytes()))
    ran = run("timestamp", "--response", reply, "--root-cert", trusted, at=place)
    assert (ran.status, "3 events were in the ledger by" in ran.out) == (0, True), ran.err
    assert kept(place) == ["3.stamped", "3.tsr"]
    ran = run("timestamp", "--response", reply, "--root-cert", trusted, at=place)
    assert (ran.status, "no request that waits" in ran.err) == (2, True)


def test_an_answer_by_file_to_something_else_is_refused(place: Path, trusted: Path, tmp_path: Path) -> None:
    request, reply = tmp_path / "request.tsq", tmp_path / "reply.tsr"
    assert run("timestamp", "--request-out", request, at=place).status == 0
    reply.write_bytes(answer(tmp_path, query=_other(request.read_bytes(), nonce=True)))
    ran = run("timestamp", "--response", reply, "--root-cert", trusted, at=place)
    assert (ran.status, "does not hold" in ran.err) == (1, True)
    assert kept(place) == ["3.stamped", "3.tsq"], "it still waits for its own answer"


def test_what_was_dated_back_is_not_covered_by_an_earlier_stamp(
    place: Path, trusted: Path, tmp_path: Path
) -> None:
    """Who has the key and sets the clock back writes any time; only what an earlier stamp covers was there by then."""
    from tests.transcript import StoppedClock

    with authority(lambda query: answer(tmp_path, query=query)) as address:
        assert run("timestamp", "--tsa", address, "--root-cert", trusted, at=place).status == 0
    assert run("outlets", "add", "Dated Back", at=place, clock=StoppedClock()).status == 0
    covered, late = (
        Proof.from_json(run("prove", "--event", number, at=place).out.encode()) for number in ("2", "3")
    )
    assert (len(covered.timestamps), late.timestamps) == (1, ())
