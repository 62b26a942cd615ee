"""Written proofs, and commitments to what may be erased."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import ArchiveError
from archive.ledger.canonical import leaf_bytes
from archive.ledger.checkpoint import Checkpoint, sign_checkpoint
from archive.ledger.commitment import BadCommitment, Commitment, Opening
from archive.ledger.keys import SigningKey
from archive.ledger.merkle import Frontier, ProofFails, leaf_hash
from archive.ledger.note import NotSigned
from archive.ledger.proof import BadProof, Proof, prove
from archive.ledger.tiles import Tiles

KEY = SigningKey("archive.example/ledger", bytes(range(32)))
LEAVES = [leaf_bytes({"event": "ing", "number": n, "note": "sömething"}) for n in range(11)]
HASHES = [leaf_hash(leaf) for leaf in LEAVES]
HEAD = Frontier().extend(HASHES)[0]
CHECKPOINT = sign_checkpoint(Checkpoint.of(KEY.name, HEAD), KEY)
NODE = Tiles(lambda level, first, count: HASHES[first : first + count] if level == 0 else []).node


@pytest.fixture(params=range(11))
def proof(request: pytest.FixtureRequest) -> Proof:
    return prove(NODE, LEAVES[request.param], request.param, CHECKPOINT)


def test_a_proof_is_written_and_read_both_ways(proof: Proof) -> None:
    assert Proof.from_json(proof.to_json()) == proof
    assert Proof.from_tlog_proof(proof.to_tlog_proof(), proof.leaf) == proof
    assert proof.check([KEY.public]) == Checkpoint.of(KEY.name, HEAD)


def test_a_proof_is_as_c2sp_writes_it() -> None:
    proof = prove(NODE, LEAVES[10], 10, CHECKPOINT)
    header, index, *rest = proof.to_tlog_proof().decode().split("\n")
    assert (header, index) == ("c2sp.org/tlog-proof@v1", "index 10")
    assert [len(step) for step in rest[:3]] == [44, 44, 0]
    assert "\n".join(rest[3:]) == bytes(CHECKPOINT).decode()
    extra = proof.to_tlog_proof().replace(b"index", b"extra YWdl\nindex")
    assert Proof.from_tlog_proof(extra, LEAVES[10]) == proof


def test_a_proof_with_a_time_stamp_keeps_it() -> None:
    stamped = Proof(LEAVES[0], 0, (), CHECKPOINT, (b"\x30\x00", b"\x30\x01"))
    assert Proof.from_json(stamped.to_json()).timestamps == stamped.timestamps


def test_a_proof_of_another_leaf_or_by_another_key_fails(proof: Proof) -> None:
    other = Proof(LEAVES[proof.index - 1], proof.index, proof.path, proof.checkpoint)
    with pytest.raises(ProofFails):
        other.check([KEY.public])
    with pytest.raises(NotSigned):
        proof.check([SigningKey(KEY.name, bytes(32)).public])


@given(st.data())
def test_no_tampered_proof_is_believed(data: st.DataObject) -> None:
    index = data.draw(st.integers(0, 10))
    whole = prove(NODE, LEAVES[index], index, CHECKPOINT)
    written = whole.to_json() if data.draw(st.booleans()) else whole.to_tlog_proof()
    place = data.draw(st.integers(0, len(written) - 1))
    changed = bytes([written[place] ^ data.draw(st.integers(1, 255))])
    tampered = written[:place] + changed + written[place + 1 :]
    try:
        as_json = written.startswith(b"{")
        read = Proof.from_json(tampered) if as_json else Proof.from_tlog_proof(tampered, LEAVES[index])
        read.check([KEY.public])
    except ArchiveError:
        return
    # White space in JSON says nothing; what the proof says is untouched.
    assert read == whole


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("format", "claimtrail proof/2"),
        ("leaf", None),
        ("leaf", "\ud800"),
        ("index", "1"),
        ("index", True),
        ("index", 1.0),
        ("path", "AAAA"),
        ("path", [1]),
        ("path", None),
        ("checkpoint", 5),
        ("checkpoint", "no note"),
        ("timestamps", ["!"]),
    ],
)
def test_a_proof_with_a_wrong_member_is_refused(member: str, value: object) -> None:
    written = json.loads(prove(NODE, LEAVES[1], 1, CHECKPOINT).to_json())
    written[member] = value
    with pytest.raises(ArchiveError):
        Proof.from_json(json.dumps(written).encode())
    del written[member]
    with pytest.raises(BadProof):
        Proof.from_json(json.dumps(written).encode())


@pytest.mark.parametrize(
    "written",
    [b"", b"[]", b"{", b"[" * 100_000, b'{"format":1,"format":1}', b"\xff", b" " * 3_000_000],
    ids=lambda written: repr(written[:12]),
)
def test_what_is_no_proof_is_refused(written: bytes) -> None:
    with pytest.raises(BadProof):
        Proof.from_json(written)


@pytest.mark.parametrize(
    "head",
    [
        "wrong-header\nindex 0",
        "c2sp.org/tlog-proof@v1\nextra !!notbase64!!\nindex 0",
        "c2sp.org/tlog-proof@v1\n",
        "c2sp.org/tlog-proof@v1",
        "c2sp.org/tlog-proof@v1\nindex notanumber",
        "c2sp.org/tlog-proof@v1\nindex -5",
        "c2sp.org/tlog-proof@v1\nindex 05",
        "c2sp.org/tlog-proof@v1\nindex 0\n!!notbase64!!",
    ],
)
def test_what_is_no_tlog_proof_is_refused(head: str) -> None:
    with pytest.raises(BadProof):
        Proof.from_tlog_proof(f"{head}\n\n".encode() + bytes(CHECKPOINT), LEAVES[0])


def test_a_hash_of_the_wrong_length_proves_nothing() -> None:
    head = f"c2sp.org/tlog-proof@v1\nindex 0\n{'A' * 86}==\n\n".encode()
    with pytest.raises(ProofFails, match="32 bytes"):
        Proof.from_tlog_proof(head + bytes(CHECKPOINT), LEAVES[0]).check([KEY.public])


@given(st.text(), st.binary(min_size=32, max_size=32))
def test_only_the_value_and_its_salt_open_a_commitment(value: str, salt: bytes) -> None:
    opening = Opening(value.encode(errors="replace").decode(), salt)
    commitment = Commitment.parse(str(opening.commitment))
    assert opening.opens(commitment)
    assert not Opening(opening.value + " ", salt).opens(commitment)
    assert not Opening(opening.value, bytes([salt[0] ^ 1]) + salt[1:]).opens(commitment)


def test_a_commitment_is_an_hmac_that_anyone_can_compute() -> None:
    # printf 'claimtrail commitment/1\nNora Quill' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0707...
    written = "hmac-sha256:cdfdcbe769662ca8233e3b21a4d638f4805e05656071d4d6f4c5497bf3074f07"
    assert str(Opening("Nora Quill", b"\x07" * 32).commitment) == written


@pytest.mark.parametrize("salt", [b"", bytes(31), bytes(33), bytes(64)])
def test_a_salt_of_another_length_is_refused(salt: bytes) -> None:
    with pytest.raises(BadCommitment):
        Opening("Nora Quill", salt)


@pytest.mark.parametrize("text", ["", "hmac-sha256:00", "sha256:" + "0" * 64, "hmac-sha256:" + "A" * 64])
def test_what_is_no_commitment_is_refused(text: str) -> None:
    with pytest.raises(BadCommitment):
        Commitment.parse(text)
    with pytest.raises(BadCommitment):
        Commitment(b"short")


def test_the_salt_is_not_shown() -> None:
    assert "salt" not in repr(Opening("Nora Quill", b"\x07" * 32))
