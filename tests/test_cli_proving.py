"""Checkpoints, keys and proofs on the command line: made by themselves, kept, copied, cosigned, rotated, checked."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.digest import Digest
from archive.ledger.checkpoint import Checkpoint, cosign
from archive.ledger.keys import PublicKey, SigningKey
from archive.ledger.note import SignedNote
from archive.ledger.pack import verify
from archive.ledger.proof import Proof
from tests.commandline import DOCUMENT, new_archive, run
from tests.old import unpack

DIGEST = Digest.of(DOCUMENT.read_bytes()).hex
WITNESS = SigningKey("witness.example/w", b"w" * 32)


def checkpoints(place: Path) -> list[int]:
    return sorted(int(path.stem) for path in (place / "ledger").glob("*.checkpoint"))


def key_of(place: Path) -> PublicKey:
    (*_, last) = run("keys", "--json", at=place).objects
    return PublicKey.parse(last["key"])


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the real document."""
    made = new_archive(tmp_path_factory.mktemp("template"))
    assert run("ingest", DOCUMENT, at=made).status == 0
    return made


@pytest.fixture
def place(template: Path, tmp_path: Path) -> Path:
    """A copy of it, for changing."""
    return shutil.copytree(template, tmp_path / "news")


def test_init_makes_a_key_that_only_its_owner_can_read(tmp_path: Path) -> None:
    place = new_archive(tmp_path)
    secret = place / "keys" / "ledger.key"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert stat.S_IMODE(secret.parent.stat().st_mode) == 0o700
    key = key_of(place)
    assert SigningKey.parse(secret.read_text()).public == key
    said = run("status", at=place)
    assert key.fingerprint.hex in said.out
    assert str(key) in said.out
    assert "no event is signed yet" in said.flat


def test_every_accession_and_every_job_is_signed(place: Path) -> None:
    assert checkpoints(place) == [3]
    for words in (("verify",), ("outlets", "add", "Beacon Post"), ("attribute", DIGEST, "1", "--confirm")):
        before = checkpoints(place)
        assert run(*words, at=place).status == 0
        assert checkpoints(place) == [*before, before[-1] + 1]
    assert run("show", DIGEST, at=place).status == 0
    assert len(checkpoints(place)) == 4, "who only looks signs nothing"


def test_the_checkpoint_is_printed_and_signed_by_the_key(place: Path) -> None:
    note = SignedNote.parse(run("checkpoint", at=place).out.encode())
    assert note.check([key_of(place)])
    checkpoint = Checkpoint.parse(note.text)
    assert checkpoint.size == 3
    assert checkpoint.root.hex() in run("status", at=place).out


def test_an_empty_ledger_has_nothing_to_sign(tmp_path: Path) -> None:
    ran = run("checkpoint", at=new_archive(tmp_path))
    assert (ran.status, "no event to sign" in ran.err) == (3, True)


def test_copies_are_kept_elsewhere_by_hand_and_by_habit(place: Path, tmp_path: Path) -> None:
    copies = tmp_path / "elsewhere"
    assert run("checkpoint", "--copy-to", copies, at=place).status == 0
    assert len(list(copies.rglob("*.checkpoint"))) == 1
    (place / "claimtrail.toml").write_text(f"checkpoint_copies = {json.dumps(str(copies))}\n")
    assert run("verify", at=place).status == 0
    assert len(list(copies.rglob("*.checkpoint"))) == 2
    ran = run("verify", "--ledger", "--against", copies, "--json", at=place)
    assert [each["continued"] for each in ran.objects[-1]["compared"]] == [True, True]


def test_a_copy_that_cannot_be_kept_is_said_and_stops_nothing(place: Path, tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")
    (place / "claimtrail.toml").write_text(f"checkpoint_copies = {json.dumps(str(tmp_path / 'a file'))}\n")
    ran = run("verify", at=place)
    assert (ran.status, "no checkpoint was kept" in ran.err) == (0, True)


def test_nothing_where_a_checkpoint_should_be_is_said(place: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "empty", tmp_path / "absent"):
        ran = run("verify", "--against", path, at=place)
        assert (ran.status, "there is no checkpoint" in ran.err) == (2, True)


# Witnesses


def test_a_witness_s_cosignature_is_kept(place: Path, tmp_path: Path) -> None:
    note = SignedNote.parse(run("checkpoint", at=place).out.encode())
    given = tmp_path / "given"
    given.write_bytes(bytes(cosign(note, WITNESS, datetime(2026, 11, 23, tzinfo=UTC))))
    ran = run("checkpoint", "--add-signature", given, "--witness", WITNESS.public, at=place)
    assert (ran.status, "witness.example/w" in ran.out) == (0, True)
    assert "witness.example/w" in run("checkpoint", at=place).out, "it stays with the checkpoint"
    lines = tmp_path / "lines"
    lines.write_text("\n".join(map(str, SignedNote.parse(given.read_bytes()).signatures[1:])) + "\n")
    assert run("checkpoint", "--add-signature", lines, "--witness", WITNESS.public, at=place).status == 0


def test_a_cosignature_that_is_none_is_refused(place: Path, tmp_path: Path) -> None:
    note = SignedNote.parse(run("checkpoint", at=place).out.encode())
    given = tmp_path / "given"
    given.write_bytes(bytes(note))
    assert run("checkpoint", "--add-signature", given, "--witness", WITNESS.public, at=place).status == 2
    assert run("checkpoint", "--add-signature", given, at=place).status == 2
    other = SignedNote(note.text.replace("\n3\n", "\n2\n"), note.signatures)
    given.write_bytes(bytes(cosign(other, WITNESS, datetime(2026, 11, 23, tzinfo=UTC))))
    assert run("checkpoint", "--add-signature", given, "--witness", WITNESS.public, at=place).status == 2
    false = cosign(other, WITNESS, datetime(2026, 11, 23, tzinfo=UTC)).signatures[-1]
    given.write_text(f"{false}\n")
    assert run("checkpoint", "--add-signature", given, "--witness", WITNESS.public, at=place).status == 1


# Keys


def test_a_key_is_followed_by_another(place: Path, tmp_path: Path) -> None:
    assert run("checkpoint", "--copy-to", tmp_path / "old", at=place).status == 0
    old, secret = key_of(place), (place / "keys" / "ledger.key").read_text()
    ran = run("keys", "rotate", at=place)
    new = key_of(place)
    assert (ran.status, old != new) == (0, True)
    assert f"{old.fingerprint.hex} signed over to {new.fingerprint.hex}" in ran.out
    assert secret not in [path.read_text() for path in (place / "keys").iterdir()]
    assert stat.S_IMODE((place / "keys" / "ledger.key").stat().st_mode) == 0o600
    assert SignedNote.parse(run("checkpoint", at=place).out.encode()).check([new])
    assert "signing key" in run("log", at=place).out
    assert run("verify", "--ledger", "--against", tmp_path / "old", at=place).status == 0
    assert run("keys", "rotate", at=place).status == 0
    assert [each["to"] is None for each in run("keys", "--json", at=place).objects] == [False, False, True]
    assert run("verify", at=place).status == 0


def test_a_rotation_that_was_cut_off_is_finished_or_never_happened(place: Path) -> None:
    before = key_of(place)
    secret = (place / "keys" / "ledger.key").read_text()
    assert run("keys", "rotate", at=place).status == 0
    after, key = key_of(place), (place / "keys" / "ledger.key").read_text()
    (place / "keys" / "next.key").write_text(key)
    (place / "keys" / "ledger.key").write_text(secret)
    assert run("verify", at=place).status == 0, "the note was there: the new key signs"
    assert key_of(place) == after != before
    assert (place / "keys" / "ledger.key").read_text() == key
    (place / "keys" / "next.key").write_text(f"{SigningKey(after.name, b'n' * 32).secret()}\n")
    assert run("verify", at=place).status == 0, "there was no note: the old key signs"
    assert key_of(place) == after


def test_an_archive_whose_key_is_lost_works_on_and_says_so(place: Path) -> None:
    (place / "keys" / "ledger.key").unlink()
    ran = run("verify", at=place)
    assert (ran.status, "no checkpoint was kept: the secret of the ledger's key" in ran.err) == (0, True)
    assert run("verify", "--ledger", at=place).status == 0
    assert run("prove", DIGEST, at=place).status == 0, "what was signed before proves it"


def test_an_older_archive_gets_a_key_and_its_ledger_says_so(tmp_path: Path) -> None:
    place = unpack(tmp_path)
    assert run("keys", at=place).status == 12
    assert run("upgrade", at=place).status == 0
    assert (place / "keys" / "ledger.key").is_file()
    assert "signing key" in run("log", at=place).out
    ran = run("verify", "--ledger", at=place)
    assert (ran.status, "of an older format" in ran.out) == (0, True)
    assert len(checkpoints(place)) == 1


# Proofs


def test_a_proof_of_a_version_is_small_and_holds(place: Path, tmp_path: Path) -> None:
    out = tmp_path / "proof.json"
    identifier = run("show", DIGEST, "--json", at=place).objects[0]["id"]
    assert run("prove", identifier, "--out", out, at=place).status == 0
    proof = Proof.from_json(out.read_bytes())
    assert proof.check([key_of(place)]).size == 3
    leaf = json.loads(proof.leaf)
    assert leaf["object"].startswith(f"sha256:{DIGEST}")
    assert len(out.read_bytes()) < 10_000
    written = run("prove", identifier, "--tlog", at=place).out
    assert Proof.from_tlog_proof(written.encode(), proof.leaf) == proof


def test_any_event_can_be_proved(place: Path) -> None:
    for number in range(3):
        proof = Proof.from_json(run("prove", "--event", str(number), at=place).out.encode())
        assert proof.check([key_of(place)])
        assert json.loads(proof.leaf)["position"] == number
    for wrong in ("3", "-1", "x", "9" * 40):
        assert run("prove", "--event", "--", wrong, at=place).status == 2


def test_what_has_several_versions_is_not_proved_as_one(place: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed.txt"
    changed.write_text("Another text.")
    identifier = run("show", DIGEST, "--json", at=place).objects[0]["id"].partition("@")[0]
    assert run("ingest", changed, "--item", identifier, at=place).status == 0
    ran = run("prove", identifier, at=place)
    assert (ran.status, "has 2 versions" in ran.err) == (2, True)
    assert run("prove", "2020-0001.1", at=place).status == 2


def test_a_proof_is_checked_without_an_archive(place: Path, tmp_path: Path) -> None:
    out, key = tmp_path / "proof.json", key_of(place)
    assert run("prove", DIGEST, "--out", out, at=place).status == 0
    ran = run("check", out, "--key", key)
    assert (ran.status, "Leaf 1 was in the ledger" in ran.flat) == (0, True)
    for wrong in (SigningKey(key.name, b"t" * 32).public, "no key"):
        assert run("check", out, "--key", wrong).status == 1
    assert run("check", out).status == 1, "whoever gives a proof can have made its key"
    assert run("check", tmp_path / "absent").status == 2
    program = [sys.executable, "-I", "-S", str(Path(verify.__file__)), str(out), "--key", str(key)]
    assert subprocess.run(program, env={}, capture_output=True, check=False).returncode == 0


def test_no_part_of_a_proof_can_be_edited(place: Path, tmp_path: Path) -> None:
    out, key = tmp_path / "proof.json", key_of(place)
    assert run("prove", DIGEST, "--out", out, at=place).status == 0
    whole = json.loads(out.read_bytes())
    for member, value in {
        "leaf": whole["leaf"].replace("suc", "fai"),
        "index": 2,
        "path": whole["path"][:-1],
        "checkpoint": whole["checkpoint"].replace("\n3\n", "\n4\n"),
        "format": "another",
    }.items():
        out.write_text(json.dumps({**whole, member: value}))
        assert run("check", out, "--key", key).status == 1, member


def test_all_of_it_works_on_postgresql(postgres_url: str, tmp_path: Path) -> None:
    place = tmp_path / "news"
    assert run("init", place, "--catalog", postgres_url).status == 0
    for words in (("ingest", DOCUMENT), ("verify",), ("keys", "rotate"), ("verify", "--ledger")):
        assert run(*words, at=place).status == 0
    assert checkpoints(place) == [3, 4, 5]
    assert run("evidence", DIGEST, "--out", tmp_path / "pack", at=place).status == 0
    assert run("check", tmp_path / "pack").status == 0
