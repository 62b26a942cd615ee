"""Telling of what is wrong: to a real web server, a real command, a mail program; again, and loudly where it fails."""

from __future__ import annotations

import email
import email.policy
import hashlib
import hmac
import json
import os
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

import archive.notify as notify
from archive.clock import SystemClock
from archive.errors import ExitCode
from archive.notify import Notice, Notifier
from archive.notify.addresses import BadAddress, parse_address
from tests.commandline import run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = "3f" * 16


class Receiver(ThreadingHTTPServer):
    """A web server that keeps what it was sent, and answers with the codes it was told to, then with 204."""

    def __init__(self, *answers: int, slow_seconds: float = 0) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers, self.slow_seconds = list(answers), slow_seconds
        super().__init__(("127.0.0.1", 0), Answering)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class Answering(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        time.sleep(self.server.slow_seconds)
        self.server.got.append((dict(self.headers), body))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 204)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def do_GET(self) -> None:
        self.server.got.append(({"redirected": "yes"}, b""))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def receiver(*answers: int, slow_seconds: float = 0) -> Iterator[Receiver]:
    with Receiver(*answers, slow_seconds=slow_seconds) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Every pause that was asked for; none is made."""
    asked: list[float] = []
    monkeypatch.setattr(Notifier.__init__, "__defaults__", (asked.append,))
    return asked


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Something like an archive: a folder with a key."""
    (tmp_path / "keys").mkdir()
    key = tmp_path / "keys" / "notify.key"
    key.write_text(KEY + "\n")
    key.chmod(0o600)
    return tmp_path


@pytest.fixture
def broken(archive_of_seeds: Path, place: Path) -> Path:
    """An archive with an object gone and a key to sign with."""
    victim = next((archive_of_seeds / "objects" / "sha256").glob("*/*"))
    victim.unlink()
    (place / "keys" / "notify.key").rename(archive_of_seeds / "keys" / "notify.key")
    return archive_of_seeds


def sender(place: Path, *addresses: str) -> Notifier:
    return Notifier(place, addresses, place / "keys" / "notify.key")


def notice(subject: str = "3 findings") -> Notice:
    return Notice(SystemClock().new_id(), subject, "ALTERED  sha256:ab\n", {"event": "verification"})


def script(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


# Addresses


@pytest.mark.parametrize(
    "text",
    [
        "", "tansley@example.org", "mailto:", "mailto:nobody", "mailto:-oQ/tmp@x", "mailto:a@b\nBcc: c@d",
        "exec:relative/path", "exec:", "ftp://example.org/x", "http://example.org/x", "https://", "https:///x",
        "https://user:secret@example.org/", "https://example.org/a b", "https://[::1", "mailto:a@b c@d",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str, place: Path) -> None:
    with pytest.raises(BadAddress):
        parse_address(text, place / "key")


@pytest.mark.parametrize(
    "text",
    ["mailto:a@example.org", "https://example.org/x?y=1", "http://127.0.0.1:1/", "exec:/bin/it has spaces"],
)
def test_an_address_says_itself(text: str, place: Path) -> None:
    assert str(parse_address(text, place / "key")) == text


# The web


def test_a_web_address_is_sent_a_signed_body(place: Path) -> None:
    told = notice()
    with receiver() as server:
        assert sender(place, server.address).send(told) == []
    [(headers, body)] = server.got
    timestamp = headers["Claimtrail-Timestamp"]
    expected = hmac.new(KEY.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert headers["Claimtrail-Signature"] == f"v1={expected}"
    assert abs(int(timestamp) - time.time()) < 60
    assert headers["Claimtrail-Notice"] == json.loads(body)["id"] == str(told.id)
    assert headers["Content-Type"] == "application/json"


def test_a_failing_server_is_asked_again_after_longer_and_longer(place: Path, pauses: list[float]) -> None:
    with receiver(500, 503) as server:
        assert sender(place, server.address).send(notice()) == []
    assert len(server.got) == 3
    assert len({headers["Claimtrail-Notice"] for headers, _ in server.got}) == 1
    assert pauses == list(notify.PAUSES_SECONDS[:2])


@pytest.mark.parametrize("answer", [301, 302, 307, 400, 401, 404])
def test_what_another_attempt_cannot_mend_is_not_tried_again_and_no_redirect_followed(
    place: Path, pauses: list[float], answer: int
) -> None:
    with receiver(answer) as server:
        [unsent] = sender(place, server.address).send(notice())
    assert f"answered {answer}" in unsent.why
    assert len(server.got) == 1
    assert pauses == []


def test_a_server_that_is_not_there_or_says_nothing_is_given_up(
    place: Path, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiver() as server:
        gone = server.address
    [unsent] = sender(place, gone).send(notice())
    assert "did not answer" in unsent.why
    assert pauses == list(notify.PAUSES_SECONDS)
    monkeypatch.setattr("archive.notify.webhook.PATIENCE_SECONDS", 0.1)
    monkeypatch.setattr(notify, "PAUSES_SECONDS", ())
    with receiver(slow_seconds=0.5) as server:
        unsent, kept = sender(place, server.address).send(notice())
    assert "did not answer: timed out" in unsent.why
    assert kept.address == gone


@pytest.mark.parametrize("fault", ["none", "open", "short"])
def test_without_a_good_key_nothing_is_sent_and_it_is_said_how_to_make_one(place: Path, fault: str) -> None:
    key = place / "keys" / "notify.key"
    if fault == "none":
        key.unlink()
    elif fault == "open":
        key.chmod(0o640)
    else:
        key.write_text("short")
    with receiver() as server:
        [unsent] = sender(place, server.address).send(notice())
    assert server.got == []
    assert {"none": "openssl rand", "open": "chmod 600", "short": "shorter than 16"}[fault] in unsent.why


# A command and mail


def test_a_command_is_given_the_notice(place: Path) -> None:
    program = script(place / "tell me", f'cat > "{place}/given"')
    told = notice()
    assert sender(place, f"exec:{program}").send(told) == []
    assert json.loads((place / "given").read_bytes()) == told.as_json()


def test_a_command_that_fails_is_said_in_its_own_words(place: Path, pauses: list[float]) -> None:
    program = script(place / "tell", f"echo x >> '{place}/tries'; echo no route >&2; exit 3")
    [unsent] = sender(place, f"exec:{program}").send(notice())
    assert "status 3: no route" in unsent.why
    assert len((place / "tries").read_text().split()) == len(notify.PAUSES_SECONDS) + 1


def test_mail_is_a_message_for_one_person(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(place / "sendmail", f'echo "$@" > "{place}/words"; cat > "{place}/message"')
    monkeypatch.setenv("PATH", f"{place}:{os.environ['PATH']}")
    assert sender(place, "mailto:ops@example.org").send(notice("a\nBcc: all@example.org")) == []
    assert (place / "words").read_text().split() == ["-i", "--", "ops@example.org"]
    message = email.message_from_bytes((place / "message").read_bytes(), policy=email.policy.default)
    assert (message["To"], message["Bcc"], message["Auto-Submitted"]) == (
        "ops@example.org",
        None,
        "auto-generated",
    )
    assert message["Subject"] == "a Bcc: all@example.org"
    assert message.get_content() == "ALTERED  sha256:ab\n"


# What could not be sent


def test_it_is_kept_and_sent_by_the_next_run_once(place: Path, pauses: list[float]) -> None:
    program, given = place / "tell", place / "given"
    script(program, "exit 1")
    first = notice("first")
    [unsent] = sender(place, f"exec:{program}").send(first)
    assert unsent.kept is not None
    assert unsent.kept.parent.stat().st_mode & 0o777 == 0o700
    script(program, f"cat >> '{given}'; echo >> '{given}'")
    assert sender(place).send(None) == []
    assert sender(place).send(None) == []
    assert [json.loads(line)["id"] for line in given.read_text().splitlines()] == [str(first.id)]
    assert list((place / "notices").glob("*.json")) == []


def test_it_is_kept_for_each_address_of_its_own(place: Path, pauses: list[float]) -> None:
    good = script(place / "good", f"cat > '{place}/given'")
    bad = [script(place / f"bad{number}", "exit 1") for number in range(2)]
    unsent = sender(place, *(f"exec:{each}" for each in (bad[0], good, bad[1]))).send(notice())
    assert [each.address for each in unsent] == [f"exec:{each}" for each in bad]
    assert len({each.kept for each in unsent}) == 2
    assert (place / "given").exists()


def test_where_it_cannot_be_kept_that_is_said_too(place: Path, pauses: list[float]) -> None:
    (place / "notices").write_text("in the way")
    [unsent] = sender(place, f"exec:{script(place / 'bad', 'exit 1')}")._send_new(notice())
    assert unsent.kept is None


# Verify


def facts(given: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(given.read_bytes())
    return found


def test_verify_tells_what_it_found(broken: Path, tmp_path: Path) -> None:
    given = tmp_path / "given"
    program = script(tmp_path / "tell", f"cat > '{given}'")
    with receiver() as server:
        ran = run("verify", "--notify", server.address, "--notify", f"exec:{program}", at=broken)
    assert ran.status == ExitCode.CHECK_FAILED
    told = facts(given)
    [finding] = told["facts"]["findings"]
    assert finding["code"] == "missing"
    assert told["facts"]["findings_total"] == 1
    assert f"MISSING  {finding['subject']}" in told["text"]
    assert json.loads(server.got[0][1])["facts"]["findings"] == [finding]


def test_verify_tells_nothing_where_all_is_well(seeded: Path, tmp_path: Path) -> None:
    program = script(tmp_path / "tell", f"cat > '{tmp_path}/given'")
    assert run("verify", "--notify", f"exec:{program}", at=seeded).status == 0
    assert not (tmp_path / "given").exists()


@pytest.mark.parametrize("gone", ["objects/sha256", "catalog.db", "claimtrail.toml"])
def test_verify_tells_that_it_could_not_check(archive_of_seeds: Path, tmp_path: Path, gone: str) -> None:
    (archive_of_seeds / gone).rename(tmp_path / "unmounted")
    program = script(tmp_path / "tell", f"cat > '{tmp_path}/given'")
    ran = run("verify", "--notify", f"exec:{program}", "--archive", archive_of_seeds)
    assert ran.status in (ExitCode.INCOMPLETE, ExitCode.NO_ARCHIVE)
    told = facts(tmp_path / "given")["facts"]
    assert (told["event"], told["status"]) == ("failure", ran.status)
    assert f"claimtrail: {told['message']}" in ran.err


def test_a_notice_that_was_not_sent_is_loud_and_the_next_verify_sends_it(
    archive_of_seeds: Path, tmp_path: Path, pauses: list[float]
) -> None:
    victim = next((archive_of_seeds / "objects" / "sha256").glob("*/*"))
    victim.rename(tmp_path / "aside")
    program = script(tmp_path / "tell", "exit 1")
    ran = run("verify", "--notify", f"exec:{program}", at=archive_of_seeds)
    assert ran.status == ExitCode.CHECK_FAILED
    assert "was NOT sent" in ran.err
    (tmp_path / "aside").rename(victim)
    ran = run("verify", at=archive_of_seeds)
    assert ran.status == ExitCode.INCOMPLETE, "all is intact, and still a notice waits"
    assert "was NOT sent" in ran.err
    script(program, f"cat > '{tmp_path}/given'")
    assert run("verify", at=archive_of_seeds).status == 0
    assert facts(tmp_path / "given")["facts"]["findings_total"] == 1


def test_an_install_that_could_not_tell_is_refused(seeded: Path, tmp_path: Path) -> None:
    for address in (f"exec:{tmp_path}/absent", "https://example.org/hook"):
        ran = run("schedule", "install", "--with", "cron", "--notify", address, at=seeded)
        assert ran.status == ExitCode.INCOMPLETE
