"""Keys, signed notes and checkpoints: the published examples of C2SP and Go, and what must be refused."""

from __future__ import annotations

import base64
import hashlib
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.ledger.checkpoint import (
    BadCheckpoint,
    Checkpoint,
    cosign,
    cosignatures,
    open_checkpoint,
    sign_checkpoint,
    witness_key,
)
from archive.ledger.keys import BadKey, Kind, PublicKey, SigningKey
from archive.ledger.merkle import EMPTY_ROOT, Frontier, leaf_hash
from archive.ledger.note import MAX_SIGNATURES, BadNote, NotSigned, SignedNote, sign
from archive.ledger.succession import BadSuccession, Term, keys_at, succeed, successor, terms

if TYPE_CHECKING:
    from pathlib import Path

# The example of Go's package golang.org/x/mod/sumdb/note.
GO_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_OTHER_KEY = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
GO_TEXT = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
)
GO_SIGNATURE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcE"
    "lZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
GO_OTHER_SIGNATURE = (
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCO"
    "Xm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
)
# The example of C2SP tlog-cosignature; its keys are not published.
C2SP_CHECKPOINT = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGz"
    "Gku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1n"
    "PZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
)

ORIGIN = "archive.example/ledger"
KEY = SigningKey(ORIGIN, bytes(range(32)))
NEXT = SigningKey(ORIGIN, bytes(range(1, 33)))
THIRD = SigningKey(ORIGIN, bytes(range(2, 34)))
WITNESS = SigningKey("witness.example/w", bytes(range(3, 35)))
STRANGER = SigningKey(ORIGIN, bytes(32))
LEDGER = Frontier().extend([leaf_hash(b"%d" % n) for n in range(5)])[0]
CHECKPOINT = Checkpoint.of(ORIGIN, LEDGER)
SEEN = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


def test_the_published_key_signs_the_published_note() -> None:
    key = SigningKey.parse(GO_SECRET)
    assert key.secret() == GO_SECRET
    assert str(key.public) == GO_KEY
    assert bytes(sign(GO_TEXT, key)).decode() == f"{GO_TEXT}\n{GO_SIGNATURE}"


def test_the_published_note_is_checked() -> None:
    note = SignedNote.parse(f"{GO_TEXT}\n{GO_SIGNATURE}{GO_OTHER_SIGNATURE}".encode())
    peter, enoch = PublicKey.parse(GO_KEY), PublicKey.parse(GO_OTHER_KEY)
    assert note.text == GO_TEXT
    assert note.check([peter]) == (peter,)
    assert note.check([enoch, peter]) == (peter, enoch)
    with pytest.raises(NotSigned, match="no signature by"):
        note.check([KEY.public])
    with pytest.raises(NotSigned, match="any key"):
        note.check([])


def test_the_published_checkpoint_is_read() -> None:
    note = SignedNote.parse(C2SP_CHECKPOINT.encode())
    assert bytes(note).decode() == C2SP_CHECKPOINT
    checkpoint = Checkpoint.parse(note.text)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint.root.hex().startswith("0ac5186a91863e8e1d90c808")
    assert checkpoint.text == note.text
    log, witness = note.signatures
    assert (log.identifier.hex(), len(log.value)) == ("033de0ae", 64)
    assert int.from_bytes(witness.value[:8], "big") == 1679315147


def test_a_checkpoint_of_the_go_checksum_database_is_checked() -> None:
    # The example of C2SP is this checkpoint under another origin, with the signature of the true one.
    key = PublicKey.parse("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8")
    example = SignedNote.parse(C2SP_CHECKPOINT.encode())
    signature = replace(example.signatures[0], name=key.name)
    true = example.text.replace("example.com/behind-the-sofa", "go.sum database tree")
    assert SignedNote(true, (signature,)).check([key]) == (key,)
    with pytest.raises(NotSigned, match="not over this text"):
        SignedNote(example.text, (signature,)).check([key])


@pytest.mark.parametrize("place", range(len(GO_KEY)))
def test_a_mangled_key_is_refused(place: int) -> None:
    with pytest.raises(BadKey):
        PublicKey.parse(GO_KEY[:place])
    with pytest.raises(BadKey):
        PublicKey.parse(GO_KEY[:place] + chr(ord(GO_KEY[place]) + 1) + GO_KEY[place + 1 :])


@pytest.mark.parametrize("place", range(len(GO_SECRET)))
def test_a_mangled_signing_key_is_refused_and_not_shown(place: int) -> None:
    for mangled in (GO_SECRET[:place], GO_SECRET[:place] + "!" + GO_SECRET[place + 1 :]):
        with pytest.raises(BadKey) as refused:
            SigningKey.parse(mangled)
        assert GO_SECRET[-44:-4] not in str(refused.value)
    assert "8281" not in repr(SigningKey.parse(GO_SECRET))


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u2003b"])
def test_a_name_with_spaces_or_plus_names_no_key(name: str) -> None:
    with pytest.raises(BadKey):
        PublicKey(name, bytes(32))


def test_openssl_reads_the_key_and_its_fingerprint(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text(KEY.public.pem)
    command = ["openssl", "pkey", "-pubin", "-in", str(tmp_path / "key.pem"), "-outform", "DER"]
    try:
        der = subprocess.run(command, check=True, capture_output=True).stdout
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    assert hashlib.sha256(der).hexdigest() == KEY.public.fingerprint.hex


@pytest.mark.parametrize(
    "stored",
    [
        GO_TEXT,
        f"{GO_TEXT}\n",
        f"{GO_TEXT}\n{GO_SIGNATURE[:-1]}",
        f"\x01{GO_TEXT}\n{GO_SIGNATURE}",
        f"{GO_TEXT}\n{GO_SIGNATURE}Unexpected line.\n",
        f"{GO_TEXT}\n{GO_SIGNATURE.replace('PeterNeumann', 'Bad Name')}",
        f"{GO_TEXT}\n{GO_SIGNATURE.replace('PeterNeumann', 'Bad+Name')}",
        f"{GO_TEXT}\n{GO_SIGNATURE.replace('AM=', 'AN=')}",
        f"{GO_TEXT}\n{GO_SIGNATURE.replace('—', '-')}",
        f"{GO_TEXT}\n{GO_SIGNATURE * (MAX_SIGNATURES + 1)}",
        f"{GO_TEXT}\n— PeterNeumann x08g\n",
        f"{'x' * 1_000_000}\n\n{GO_SIGNATURE}",
    ],
    ids=range(12),
)
def test_what_is_no_note_is_refused(stored: str) -> None:
    with pytest.raises(BadNote):
        SignedNote.parse(stored.encode())


def test_a_note_that_is_not_utf8_is_refused() -> None:
    with pytest.raises(BadNote, match="UTF-8"):
        SignedNote.parse(b"\xff" + f"{GO_TEXT}\n{GO_SIGNATURE}".encode())


def test_many_signatures_are_taken() -> None:
    note = SignedNote.parse(f"{GO_TEXT}\n{GO_SIGNATURE * MAX_SIGNATURES}".encode())
    assert note.check([PublicKey.parse(GO_KEY)]) == (PublicKey.parse(GO_KEY),)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "origin\n5\n",
        "origin\n05\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "origin\n-5\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "origin\n+5\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "origin\n9999999999999999999\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "origin\n\u0665\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "origin\n0\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "\n5\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "origin\n5\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n",
        "origin\n5\nAAAA\n",
        "origin\n5\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "origin\n5\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\nmore\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(BadCheckpoint):
        Checkpoint.parse(text)


def test_an_empty_ledger_and_extension_lines_are_read() -> None:
    assert Checkpoint.parse(Checkpoint("origin", 0, EMPTY_ROOT).text).size == 0
    longer = Checkpoint("origin", 5, bytes(32), ("one", "two words"))
    assert Checkpoint.parse(longer.text) == longer


def test_a_signed_checkpoint_is_opened() -> None:
    note = SignedNote.parse(bytes(sign_checkpoint(CHECKPOINT, KEY)))
    assert open_checkpoint(note, KEY.public) == CHECKPOINT
    assert open_checkpoint(note, STRANGER.public, KEY.public) == CHECKPOINT


def test_a_forged_checkpoint_is_refused() -> None:
    with pytest.raises(NotSigned):
        open_checkpoint(sign_checkpoint(CHECKPOINT, STRANGER), KEY.public)
    true = sign_checkpoint(CHECKPOINT, KEY)
    later = Checkpoint(ORIGIN, 6, bytes(32))
    with pytest.raises(NotSigned, match="not over this text"):
        open_checkpoint(SignedNote(later.text, true.signatures), KEY.public)


def test_a_checkpoint_of_another_ledger_is_refused() -> None:
    other = Checkpoint("archive.example/other", 5, bytes(32))
    with pytest.raises(BadCheckpoint, match="does not sign for"):
        sign_checkpoint(other, KEY)
    with pytest.raises(BadCheckpoint, match="example/other"):
        open_checkpoint(sign(other.text, KEY), KEY.public)


@given(st.data())
def test_no_tampered_checkpoint_is_opened(data: st.DataObject) -> None:
    stored = bytes(sign_checkpoint(CHECKPOINT, KEY))
    place = data.draw(st.integers(0, len(stored) - 1))
    form = data.draw(st.sampled_from(["change", "drop", "insert"]))
    if form == "change":
        changed = stored[place] ^ data.draw(st.integers(1, 255))
        tampered = stored[:place] + bytes([changed]) + stored[place + 1 :]
    elif form == "drop":
        tampered = stored[:place] + stored[place + 1 :]
    else:
        tampered = stored[:place] + bytes([data.draw(st.integers(0, 255))]) + stored[place:]
    with pytest.raises((BadNote, NotSigned, BadCheckpoint)):
        open_checkpoint(SignedNote.parse(tampered), KEY.public)


def test_a_witness_is_heard() -> None:
    note = SignedNote.parse(bytes(cosign(sign_checkpoint(CHECKPOINT, KEY), WITNESS, SEEN)))
    (seen,) = cosignatures(note, [WITNESS.public, STRANGER.public])
    assert (seen.witness, seen.at) == (witness_key(WITNESS.public), SEEN)
    assert open_checkpoint(note, KEY.public) == CHECKPOINT
    assert cosignatures(note, [STRANGER.public]) == ()


def test_a_cosignature_is_as_c2sp_writes_it() -> None:
    line = cosign(sign_checkpoint(CHECKPOINT, KEY), WITNESS, SEEN).signatures[-1]
    key = WITNESS.public.value
    assert line.identifier == hashlib.sha256(b"witness.example/w\n\x04" + key).digest()[:4]
    assert line.value[:8] == (1795464000).to_bytes(8, "big")
    message = f"cosignature/v1\ntime 1795464000\n{CHECKPOINT.text}".encode()
    assert WITNESS.public.verifies(message, line.value[8:])


def test_a_witness_alone_does_not_sign_a_checkpoint() -> None:
    note = cosign(sign_checkpoint(CHECKPOINT, KEY), WITNESS, SEEN)
    with pytest.raises(NotSigned):
        open_checkpoint(note, WITNESS.public, witness_key(WITNESS.public))


def test_a_witness_among_the_keys_does_not_spoil_the_log_s_own_signature() -> None:
    note = cosign(sign_checkpoint(CHECKPOINT, KEY), WITNESS, SEEN)
    assert open_checkpoint(note, KEY.public, witness_key(WITNESS.public)) == CHECKPOINT


@pytest.mark.parametrize("place", [0, 7, 8, 40, 71])
def test_a_false_cosignature_is_refused(place: int) -> None:
    note = cosign(sign_checkpoint(CHECKPOINT, KEY), WITNESS, SEEN)
    own, line = note.signatures
    value = bytearray(line.value)
    value[place] ^= 1
    forged = SignedNote(note.text, (own, type(line)(line.name, line.identifier, bytes(value))))
    with pytest.raises(NotSigned, match=r"witness\.example"):
        cosignatures(forged, [WITNESS.public])


def test_cosigning_again_replaces_the_first() -> None:
    note = cosign(sign_checkpoint(CHECKPOINT, KEY), WITNESS, SEEN)
    again = cosign(note, WITNESS, SEEN.replace(hour=21))
    assert len(again.signatures) == 2
    assert cosignatures(again, [WITNESS.public])[0].at.hour == 21


def test_keys_follow_one_another() -> None:
    notes = [succeed(KEY, NEXT, 5), succeed(NEXT, THIRD, 9)]
    notes = [SignedNote.parse(bytes(note)) for note in notes]
    found = terms(KEY.public, notes)
    assert found == (Term(KEY.public, 0, 5), Term(NEXT.public, 5, 9), Term(THIRD.public, 9))
    assert keys_at(found, 4) == (KEY.public,)
    assert keys_at(found, 5) == (KEY.public, NEXT.public)
    assert keys_at(found, 10_000) == (THIRD.public,)
    with pytest.raises(BadSuccession):
        terms(KEY.public, reversed(notes))
    with pytest.raises(BadSuccession):
        terms(STRANGER.public, notes)
    with pytest.raises(BadSuccession, match="before"):
        terms(KEY.public, [notes[0], succeed(NEXT, THIRD, 4)])


@pytest.mark.parametrize("size", ["", "-1", "05", "\u0665", "9" * 20, "x"])
def test_a_succession_at_no_size_is_refused(size: str) -> None:
    text = succeed(KEY, NEXT, 5).text.replace("\n5\n", f"\n{size}\n")
    with pytest.raises(BadSuccession):
        successor(sign(text, KEY, NEXT), KEY.public)


def test_a_key_cannot_be_put_in_the_place_of_another() -> None:
    true = succeed(KEY, NEXT, 5)
    forged = true.text.replace(str(NEXT.public), str(STRANGER.public))
    for signers in ([STRANGER], [NEXT, STRANGER], [KEY], [KEY, NEXT]):
        with pytest.raises((NotSigned, BadSuccession)):
            successor(sign(forged, *signers), KEY.public)
    with pytest.raises(BadSuccession):
        succeed(KEY, WITNESS, 5)
    with pytest.raises(BadSuccession):
        succeed(KEY, KEY, 5)
    elsewhere = true.text.replace(str(NEXT.public), str(WITNESS.public))
    with pytest.raises(BadSuccession, match="witness"):
        successor(sign(elsewhere, KEY, WITNESS), KEY.public)


def test_a_succession_is_no_checkpoint_and_no_checkpoint_a_succession() -> None:
    with pytest.raises(BadCheckpoint):
        open_checkpoint(succeed(KEY, NEXT, 5), KEY.public)
    with pytest.raises(BadSuccession):
        successor(sign_checkpoint(CHECKPOINT, KEY), KEY.public)


def test_a_key_that_cosigns_has_another_identifier() -> None:
    key = witness_key(KEY.public)
    assert key.identifier != KEY.public.identifier
    assert PublicKey.parse(str(key)) == key
    assert key.kind is Kind.COSIGNATURE
    unknown = base64.b64encode(b"\x09" + bytes(32)).decode()
    with pytest.raises(BadKey, match="kind"):
        PublicKey.parse(f"{ORIGIN}+00000000+{unknown}")
