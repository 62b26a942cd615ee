"""Evidence packs: `verify.py` and `verify.sh` as a third person runs them, and what they must catch."""

from __future__ import annotations

import ast
import contextlib
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from archive.digest import Digest
from archive.ledger.canonical import leaf_bytes
from archive.ledger.checkpoint import Checkpoint, cosign, sign_checkpoint
from archive.ledger.commitment import Opening
from archive.ledger.keys import SigningKey
from archive.ledger.merkle import Frontier, consistency_proof, leaf_hash
from archive.ledger.note import sign
from archive.ledger.pack import verify
from archive.ledger.pack.build import (
    MANIFEST,
    BadPack,
    Earlier,
    LedgerEvidence,
    Stamped,
    manifest,
    object_path,
    programs,
)
from archive.ledger.proof import Proof, prove
from archive.ledger.succession import succeed
from archive.ledger.tiles import Tiles

if TYPE_CHECKING:
    from archive.ledger.note import SignedNote

ORIGIN = "archive.example/ledger"
OLD = SigningKey(ORIGIN, b"o" * 32)
KEY = SigningKey(ORIGIN, b"k" * 32)
WITNESS = SigningKey("witness.example/w", b"w" * 32)
THIEF = SigningKey(ORIGIN, b"t" * 32)
SEEN = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)

PAGE = b"<p>The water works are closed.</p>\n"
NAME = Opening("Nora Quill", b"s" * 32)
CAPTURE = {
    "at": "2026-11-20T08:00:00Z",
    "by": str(NAME.commitment),
    "event": "cap",
    "object": str(Digest.of(PAGE)),
}
EVENTS = [{"event": "fix", "number": n} for n in range(9)]
EVENTS[6] = CAPTURE
LEAVES = [leaf_bytes(event) for event in EVENTS]


def ledger(leaves: list[bytes], key: SigningKey = KEY) -> tuple[Tiles, SignedNote]:
    hashes = [leaf_hash(leaf) for leaf in leaves]
    held = Tiles(lambda level, first, count: hashes[first : first + count] if level == 0 else [])
    return held, sign_checkpoint(Checkpoint.of(ORIGIN, Frontier().extend(hashes)[0]), key)


NODES, CHECKPOINT = ledger(LEAVES)
_, BEFORE = ledger(LEAVES[:4], OLD)


def answer_over(note: SignedNote) -> bytes:
    """Like a time stamping answer as far as `verify.py` looks into one."""
    return bytes.fromhex("0609608648016503040201050004 20") + hashlib.sha256(bytes(note)).digest()


EVIDENCE = LedgerEvidence(
    first_key=OLD.public,
    successions=(succeed(OLD, KEY, 5),),
    checkpoint=cosign(CHECKPOINT, WITNESS, SEEN),
    proofs=tuple(prove(NODES.node, LEAVES[n], n, cosign(CHECKPOINT, WITNESS, SEEN)) for n in (0, 5, 6, 8)),
    earlier=(Earlier(BEFORE, tuple(consistency_proof(NODES.node, 4, 9))),),
    stamped=(Stamped(BEFORE, answer_over(BEFORE)), Stamped(CHECKPOINT, answer_over(CHECKPOINT))),
    openings=(NAME,),
)


def write(folder: Path, files: dict[str, bytes]) -> Path:
    """A pack with these files, and a manifest that fits them."""
    listed = {path: Digest.of(content) for path, content in files.items() if path != MANIFEST}
    for path, content in {**files, MANIFEST: manifest(listed)}.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return folder


def whole() -> dict[str, bytes]:
    return {
        **EVIDENCE.files(),
        object_path(Digest.of(PAGE)): PAGE,
        "report.html": b"<h1>Report</h1>",
    }


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write(tmp_path / "pack", whole())


def run(pack: Path, *options: str, python: str = sys.executable) -> subprocess.CompletedProcess[str]:
    command = [python, "-I", str(pack / "verify.py"), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=pack.parent)


def checked(pack: Path) -> tuple[int, str]:
    """The same without a process of its own, where there are many to check."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        status = verify.main([str(pack)])
    return status, said.getvalue()


def parts(said: str) -> dict[str, str]:
    """The report by its headings."""
    found = re.split(r"^(FAILED|Shown|Not shown):$", said, flags=re.MULTILINE)
    return dict(zip(found[1::2], found[2::2], strict=True))


def shell(pack: Path, *options: str) -> subprocess.CompletedProcess[str]:
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    command = ["sh", str(pack / "verify.sh"), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_whole_pack_is_shown(pack: Path) -> None:
    done = run(pack)
    assert (done.returncode, done.stderr) == (0, "")
    said = parts(done.stdout)
    assert "FAILED" not in said
    shown = " ".join(said["Shown"].split())
    for words in (
        "archive.example/ledger had 9 leaves",
        KEY.public.fingerprint.hex,
        f"objects/{Digest.of(PAGE).hex} have not changed since leaf 6 was written",
        "is to Nora Quill",
        "continues, unchanged, the one of 4 leaves",
        '{"at":"2026-11-20T08:00:00Z"',
    ):
        assert words in shown
    rest = " ".join(said["Not shown"].split())
    for words in (
        "Whose key that is",
        "Anything about report.html",
        "did not rewrite its whole history",
        "times in leaves are the archive's own word",
        "time stamp over 4 leaves",
        "time stamp over 9 leaves",
        "That a page existed",
    ):
        assert words in rest


def test_what_the_reader_brings_is_used(pack: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_bytes(bytes(BEFORE))
    marks = [f"{b:02X}" for b in KEY.public.fingerprint.value]
    options = ["--fingerprint", ":".join(marks), "--checkpoint", str(kept), "--witness", str(WITNESS.public)]
    done = run(pack, *options)
    assert done.returncode == 0
    said = parts(done.stdout)
    for words in ("the key that you gave", "the checkpoint you kept", "by 2026-11-23T20:00:00+00:00"):
        assert words in said["Shown"]
    for words in ("Whose key", "did not rewrite", "own word."):
        assert words not in said["Not shown"].replace("its maker's word.", "")
    assert run(pack, "--fingerprint", OLD.public.fingerprint.hex).returncode == 0


def test_a_stranger_s_key_or_checkpoint_fails(pack: Path, tmp_path: Path) -> None:
    assert run(pack, "--fingerprint", THIEF.public.fingerprint.hex).returncode == 1
    other = tmp_path / "other"
    rewritten = [*LEAVES[:2], leaf_bytes({"event": "forged"}), *LEAVES[3:]]
    for size, key in ((4, OLD), (9, KEY)):
        other.write_bytes(bytes(ledger(rewritten[:size], key)[1]))
        done = run(pack, "--checkpoint", str(other))
        assert (done.returncode, "history was rewritten" in done.stdout.replace("\n", " ")) == (1, True)
    other.write_bytes(bytes(ledger(LEAVES[:7])[1]))
    done = run(pack, "--checkpoint", str(other))
    assert (done.returncode, "no proof between them" in done.stdout) == (0, True)
    other.write_bytes(bytes(ledger(LEAVES[:4], THIEF)[1]))
    assert run(pack, "--checkpoint", str(other)).returncode == 1
    assert "did not sign it" in run(pack, "--witness", str(THIEF.public)).stdout


FILES = sorted(set(whole()) - {"report.html", "verify.py", "verify.sh"})


@pytest.mark.parametrize("path", FILES)
def test_no_file_can_be_edited(path: str, tmp_path: Path) -> None:
    """The manifest is made to fit each time: what catches the edit is the ledger."""
    for place in (0, 0.3, 0.5, 0.7, 0.999):
        files = whole()
        content = bytearray(files[path])
        content[int(place * len(content))] ^= 0x04
        files[path] = bytes(content)
        status, said = checked(write(tmp_path / f"pack{place}", files))
        assert status == 1, f"{path} at {place}: {said}"


@pytest.mark.parametrize("path", [path for path in FILES if not re.search(r"pem|timestamps|openings", path)])
def test_no_file_can_be_dropped(path: str, tmp_path: Path) -> None:
    files = whole()
    del files[path]
    status, said = checked(write(tmp_path / "pack", files))
    if re.search(r"leaves/[058]|objects", path):
        before = parts(checked(write(tmp_path / "all", whole()))[1])
        assert parts(said)["Shown"].count("\n") < before["Shown"].count("\n")
    else:
        assert status == 1


def test_the_manifest_finds_damage(pack: Path) -> None:
    (pack / "report.html").write_bytes(b"<h1>Retouched</h1>")
    assert "report.html is not as" in parts(run(pack).stdout)["FAILED"]
    (pack / "report.html").unlink()
    assert "report.html is missing" in parts(run(pack).stdout)["FAILED"]
    (pack / "more.html").write_bytes(b"")
    assert "more.html is not in" in parts(run(pack).stdout)["FAILED"]


def test_an_object_swapped_with_its_name_is_found(tmp_path: Path) -> None:
    files = whole()
    del files[object_path(Digest.of(PAGE))]
    forged = b"<p>The water works are open.</p>\n"
    files[object_path(Digest.of(forged))] = forged
    done = run(write(tmp_path / "pack", files))
    assert "is named by no leaf" in parts(done.stdout)["FAILED"]


def test_an_object_under_another_s_name_is_found(tmp_path: Path) -> None:
    files = whole()
    files[f"objects/{'0' * 64}"] = PAGE
    pack = write(tmp_path / "pack", files)
    assert "does not have the SHA-256 it is named by" in parts(run(pack).stdout)["FAILED"]
    assert "is not what it is named by" in shell(pack).stdout


def test_a_checkpoint_by_the_key_s_predecessor_is_told_from_its_own(tmp_path: Path) -> None:
    """Who knows only the later key has nothing that vouches for the earlier one."""
    held, _ = ledger(LEAVES[:4])
    evidence = LedgerEvidence(
        OLD.public, BEFORE, (prove(held.node, LEAVES[0], 0, BEFORE),), EVIDENCE.successions
    )
    pack = write(tmp_path / "pack", evidence.files())
    assert run(pack, "--fingerprint", OLD.public.fingerprint.hex).returncode == 0
    done = run(pack, "--fingerprint", KEY.public.fingerprint.hex)
    assert "not signed by the key that you gave" in parts(done.stdout)["FAILED"]


def test_a_checkpoint_of_another_ledger_is_found(tmp_path: Path) -> None:
    evidence = LedgerEvidence(KEY.public, CHECKPOINT, (prove(NODES.node, LEAVES[0], 0, CHECKPOINT),))
    files = evidence.files()
    other = sign(Checkpoint.parse(CHECKPOINT.text).text.replace("ledger", "other"), KEY)
    for path in ("ledger/checkpoint", "ledger/proofs/0.tlog-proof"):
        files[path] = files[path].replace(bytes(CHECKPOINT), bytes(other))
    done = run(write(tmp_path / "pack", files))
    assert "a checkpoint of another ledger" in parts(done.stdout)["FAILED"]


def test_a_path_that_ends_early_is_found(tmp_path: Path) -> None:
    """A root that is a leaf's own hash, signed as that of nine leaves."""
    note = sign_checkpoint(Checkpoint(ORIGIN, 9, leaf_hash(LEAVES[0])), KEY)
    files = LedgerEvidence(KEY.public, note, ()).files()
    files["ledger/leaves/0.json"] = LEAVES[0]
    files["ledger/proofs/0.tlog-proof"] = Proof(LEAVES[0], 0, (), note).to_tlog_proof()
    pack = write(tmp_path / "pack", files)
    assert "leaf 0 does not lead to the root" in parts(run(pack).stdout)["FAILED"]
    assert "the proof of leaf 0 is too short" in shell(pack).stdout


def test_an_earlier_checkpoint_under_another_size_is_found(tmp_path: Path) -> None:
    files = whole()
    for end in ("checkpoint", "proof"):
        files[f"ledger/earlier/3.{end}"] = files.pop(f"ledger/earlier/4.{end}")
    done = run(write(tmp_path / "pack", files))
    assert "does not continue its checkpoint over 3 leaves" in parts(done.stdout)["FAILED"]


def test_a_leaf_that_was_never_in_the_ledger_is_found(tmp_path: Path) -> None:
    files = whole()
    files["ledger/leaves/6.json"] = leaf_bytes({**CAPTURE, "at": "2019-01-01T00:00:00Z"})
    pack = write(tmp_path / "pack", files)
    assert "leaf 6 does not lead to the root" in parts(run(pack).stdout)["FAILED"]
    assert "leaf 6 does not lead to the root" in shell(pack).stdout


@pytest.mark.parametrize("key", [THIEF, OLD], ids=["a stranger's key", "a key that was followed by another"])
def test_a_checkpoint_by_the_wrong_key_is_found(tmp_path: Path, key: SigningKey) -> None:
    forged = sign_checkpoint(Checkpoint.parse(CHECKPOINT.text), key)
    files = whole()
    files["ledger/checkpoint"] = bytes(forged)
    for n in (0, 5, 6, 8):
        proof = Proof.from_tlog_proof(files[f"ledger/proofs/{n}.tlog-proof"], LEAVES[n])
        swapped = Proof(proof.leaf, n, proof.path, forged)
        files[f"ledger/proofs/{n}.tlog-proof"] = swapped.to_tlog_proof()
    done = run(write(tmp_path / "pack", files))
    assert "not signed by a key that may sign it" in parts(done.stdout)["FAILED"]


def test_an_opening_of_another_name_is_found(tmp_path: Path) -> None:
    files = whole()
    other = Opening("Piers Mallow", b"s" * 32)
    written = json.loads(files["openings/1.json"])
    for change in (
        {"value": other.value},
        {"value": other.value, "commitment": str(other.commitment)},
        {"salt": "00" * 32},
        {"salt": written["salt"] + "00"},
    ):
        files["openings/1.json"] = json.dumps({**written, **change}).encode()
        done = run(write(tmp_path / f"pack{len(str(change))}", files))
        assert "does not open a commitment" in parts(done.stdout)["FAILED"]


def test_a_time_stamp_over_something_else_is_found(tmp_path: Path) -> None:
    files = whole()
    files["ledger/timestamps/9.tsr"] = files["ledger/timestamps/4.tsr"]
    done = run(write(tmp_path / "pack", files))
    assert "9.tsr is not over the checkpoint beside it" in parts(done.stdout)["FAILED"]
    unknown = ledger(LEAVES[:7])[1]
    files = whole()
    files["ledger/timestamps/7.stamped"] = bytes(unknown)
    files["ledger/timestamps/7.tsr"] = answer_over(unknown)
    done = run(write(tmp_path / "other", files))
    assert "7.stamped is not a checkpoint" in parts(done.stdout)["FAILED"]
    split = ledger([leaf_bytes({"event": "another history"}), *LEAVES[1:]])[1]
    files = whole()
    files["ledger/timestamps/9.stamped"] = bytes(split)
    files["ledger/timestamps/9.tsr"] = answer_over(split)
    done = run(write(tmp_path / "split", files))
    assert "9.stamped is not a checkpoint" in parts(done.stdout)["FAILED"]


def test_a_terminal_is_not_obeyed(tmp_path: Path) -> None:
    evil = leaf_bytes({"note": "\u009b2J\u202eevil", "object": str(Digest.of(PAGE))})
    held, checkpoint = ledger([evil])
    evidence = LedgerEvidence(KEY.public, checkpoint, (prove(held.node, evil, 0, checkpoint),))
    done = run(write(tmp_path / "pack", {**evidence.files(), object_path(Digest.of(PAGE)): PAGE}))
    assert done.returncode == 0
    assert "\\x9b2J\\u202eevil" in done.stdout
    assert done.stdout.isascii()


def test_links_and_pipes_are_not_followed(pack: Path) -> None:
    (pack / "report.html").unlink()
    (pack / "report.html").symlink_to("/etc/hostname")
    assert "neither a file nor a folder" in run(pack).stdout
    (pack / "report.html").unlink()
    os.mkfifo(pack / "report.html")
    assert "neither a file nor a folder" in run(pack).stdout


@pytest.mark.parametrize("line", ["../outside", "/etc/passwd", "a/../../b", "a b", "a\\nb"])
def test_a_manifest_cannot_point_elsewhere(pack: Path, line: str) -> None:
    with (pack / MANIFEST).open("a") as stream:
        stream.write(f"{'0' * 64}  {line}\n")
    assert "a line that should not be there" in run(pack).stdout


def test_nothing_is_not_a_pack(tmp_path: Path) -> None:
    (tmp_path / "verify.py").write_bytes(programs()["verify.py"])
    (tmp_path / "verify.sh").write_bytes(programs()["verify.sh"])
    for done in (run(tmp_path), shell(tmp_path)):
        assert done.returncode == 2
        assert "no evidence pack" in done.stderr


def test_a_pack_without_a_leaf_shows_nothing(tmp_path: Path) -> None:
    files = LedgerEvidence(KEY.public, CHECKPOINT, ()).files()
    pack = write(tmp_path / "pack", files)
    assert "it shows nothing" in parts(run(pack).stdout)["FAILED"]
    assert shell(pack).returncode == 1


def test_pieces_that_do_not_fit_make_no_pack() -> None:
    other = prove(NODES.node, LEAVES[0], 0, BEFORE)
    with pytest.raises(BadPack, match="another checkpoint"):
        LedgerEvidence(KEY.public, CHECKPOINT, (other,)).files()
    for path in ("../x", "/x", "a b", "a/../b", "-x", "", MANIFEST, "a\nb"):
        with pytest.raises(BadPack, match="cannot be called"):
            manifest({path: Digest.of(b"")})


def test_the_shell_finds_the_same(pack: Path) -> None:
    done = shell(pack)
    assert (done.returncode, done.stderr) == (0, "")
    assert "4 leaves were in the ledger archive.example/ledger when it had 9 leaves" in done.stdout
    assert "Not shown: whose key" in done.stdout
    assert "Not shown: whose key" not in shell(pack, KEY.public.fingerprint.hex).stdout
    assert shell(pack, THIEF.public.fingerprint.hex).returncode == 1


@pytest.mark.parametrize("path", [path for path in FILES if re.search(r"r/checkpoint|/[56]\.|obj|pem", path)])
def test_the_shell_catches_an_edit(path: str, tmp_path: Path) -> None:
    for place in (0.2, 0.7):
        files = whole()
        content = bytearray(files[path])
        content[int(place * len(content))] ^= 0x04
        files[path] = bytes(content)
        done = shell(write(tmp_path / f"pack{place}", files))
        assert done.returncode == 1, f"{path} at {place}: {done.stdout}"


def test_the_shell_finds_damage(pack: Path) -> None:
    (pack / "report.html").write_bytes(b"<h1>Retouched</h1>")
    assert "a file is not as manifest.sha256 says" in shell(pack).stdout


def test_sha256sum_reads_the_manifest(pack: Path) -> None:
    command = ["sha256sum", "--strict", "-c", MANIFEST]
    assert subprocess.run(command, cwd=pack, capture_output=True, check=False).returncode == 0


def test_the_program_stands_alone() -> None:
    """One file, the standard library only, and the grammar of Python 3.8."""
    tree = ast.parse(programs()["verify.py"], feature_version=(3, 8))
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            imported.add(str(node.module).partition(".")[0])
        elif isinstance(node, ast.Import):
            imported.update(alias.name.partition(".")[0] for alias in node.names)
    assert imported <= set(sys.stdlib_module_names)


def other_pythons() -> list[str]:
    names = ["python3.8", "python3.9", "python3.13"]
    found = [shutil.which(name, path=os.defpath) for name in names]
    kept = Path.home() / ".pyenv" / "versions"
    return [str(p) for p in found if p] + [str(p) for name in names for p in kept.glob(f"*/bin/{name}")]


@pytest.mark.parametrize("python", other_pythons() or [""], ids=lambda python: Path(python).name)
def test_the_program_runs_on_other_pythons(pack: Path, python: str) -> None:
    if not python:
        pytest.skip("there is no other Python here than the one that runs the tests")
    done = run(pack, "--witness", str(WITNESS.public), python=python)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == run(pack, "--witness", str(WITNESS.public)).stdout
