"""Trusted time: a real local authority (`openssl ts`), its answers, and what must be refused."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import given
from hypothesis import strategies as st

from archive.digest import Digest
from archive.ledger.checkpoint import Checkpoint, sign_checkpoint
from archive.ledger.keys import SigningKey
from archive.ledger.merkle import Frontier, leaf_hash
from archive.ledger.note import SignedNote
from archive.ledger.pack.build import MANIFEST, LedgerEvidence, Stamped, manifest
from archive.ledger.proof import Proof
from archive.ledger.timestamp import (
    Authority,
    BadAuthority,
    BadStamp,
    NoStampSupport,
    StampRequest,
    check_answer,
)

if TYPE_CHECKING:
    from pathlib import Path

BEGUN = datetime.now(UTC)


def now() -> datetime:
    """The time as it is: the authority stamps by it, however long ago this module was loaded."""
    return datetime.now(UTC)


KEY = SigningKey("archive.example/ledger", b"k" * 32)
STAMPED = bytes(
    sign_checkpoint(Checkpoint.of(KEY.name, Frontier().append(leaf_hash(b'{"event":"ing"}'))), KEY)
)
REQUEST = StampRequest.over(STAMPED, b"\xff" * 8)

CONFIG = """
[tsa]
default_tsa = local
[local]
serial = serial
default_policy = 1.2.3.4.1
signer_digest = sha256
digests = sha256, sha512
accuracy = secs:1, millisecs:500
tsa_name = yes
ess_cert_id_alg = sha256
"""


@dataclass(frozen=True)
class Issued:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)


def issue(
    name: str,
    by: Issued | None = None,
    *,
    ca: bool = False,
    use: x509.ObjectIdentifier | None = ExtendedKeyUsageOID.TIME_STAMPING,
    critical: bool = True,
    days: tuple[int, int] = (-10, 10),
) -> Issued:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(BEGUN + timedelta(days[0]))
        .not_valid_after(BEGUN + timedelta(days[1]))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if use and not ca:
        made = made.add_extension(x509.ExtendedKeyUsage([use]), critical=critical)
    return Issued(made.sign(by.key if by else key, hashes.SHA256()), key)


ROOT = issue("Root", ca=True)
MIDDLE = issue("Middle", ROOT, ca=True)
FAR = issue("A root whose name is long enough for what is below to sort last", ca=True)
NEAR = issue("Near", FAR, ca=True)
LOCAL = issue("Local time stamping authority", MIDDLE)
AUTHORITY = Authority.from_pem(MIDDLE.pem + ROOT.pem)


@pytest.fixture
def checker() -> None:
    pytest.importorskip("rfc3161_client", reason="rfc3161-client is not installed (the extra `timestamp`)")


def pem_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def answer(
    folder: Path, signer: Issued = LOCAL, query: bytes = REQUEST.to_der(), chain: Issued | None = None
) -> bytes:
    """What the authority answers."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    if not (folder / "config").exists():
        (folder / "config").write_text(CONFIG)
        (folder / "serial").write_text("01\n")
    (folder / "query.tsq").write_bytes(query)
    (folder / "signer.pem").write_bytes(signer.pem)
    (folder / "key.pem").write_bytes(pem_of(signer.key))
    command = ["openssl", "ts", "-reply", "-config", "config", "-queryfile", "query.tsq"]
    command += ["-signer", "signer.pem", "-inkey", "key.pem", "-out", "answer.tsr"]
    if chain:
        (folder / "chain.pem").write_bytes(chain.pem)
        command += ["-chain", "chain.pem"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return (folder / "answer.tsr").read_bytes()


def test_a_request_is_what_openssl_reads(tmp_path: Path) -> None:
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    (tmp_path / "query.tsq").write_bytes(REQUEST.to_der())
    command = ["openssl", "ts", "-query", "-in", str(tmp_path / "query.tsq"), "-text"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "Hash Algorithm: sha256" in said
    assert f"Nonce: 0x{REQUEST.nonce:X}" in said
    assert "Certificate required: yes" in said
    assert REQUEST.digest.value[:8].hex(" ") in said


@given(st.binary(max_size=50), st.binary(min_size=8, max_size=8))
def test_a_request_is_read_back(stamped: bytes, random: bytes) -> None:
    request = StampRequest.over(stamped, random)
    assert StampRequest.from_der(request.to_der()) == request
    assert request.nonce & (1 << 61) - 1 == int.from_bytes(random, "big") & (1 << 61) - 1


@pytest.mark.parametrize("place", range(0, 69, 4))
def test_a_damaged_request_is_refused(place: int) -> None:
    der = REQUEST.to_der()
    assert len(der) == 69
    with pytest.raises(BadStamp):
        StampRequest.from_der(der[:place])
    with pytest.raises(BadStamp):
        StampRequest.from_der(der + b"\x00")
    if place < 24 or place >= 67:
        with pytest.raises(BadStamp):
            StampRequest.from_der(der[:place] + bytes([der[place] ^ 1]) + der[place + 1 :])


@pytest.mark.usefixtures("checker")
def test_an_answer_is_believed(tmp_path: Path) -> None:
    stamp = check_answer(answer(tmp_path), STAMPED, AUTHORITY, now=now(), nonce=REQUEST.nonce)
    assert abs(stamp.at - now()) < timedelta(minutes=5)
    assert stamp.at.tzinfo is not None
    assert stamp.accuracy == timedelta(seconds=1.5)
    assert (stamp.signer, stamp.policy) == ("CN=Local time stamping authority", "1.2.3.4.1")
    assert check_answer(answer(tmp_path), STAMPED, AUTHORITY, now=now()).serial == stamp.serial + 1


@pytest.mark.usefixtures("checker")
def test_openssl_believes_it_too(tmp_path: Path) -> None:
    (tmp_path / "kept.tsr").write_bytes(answer(tmp_path))
    (tmp_path / "stamped").write_bytes(STAMPED)
    (tmp_path / "tsa.pem").write_bytes(MIDDLE.pem + ROOT.pem)
    command = ["openssl", "ts", "-verify", "-in", "kept.tsr", "-data", "stamped", "-CAfile", "tsa.pem"]
    done = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.usefixtures("checker")
def test_an_answer_over_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadStamp, match="Mismatch between messages"):
        check_answer(answer(tmp_path), STAMPED + b"\n", AUTHORITY, now=now())


@pytest.mark.usefixtures("checker")
def test_an_answer_to_another_request_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadStamp, match="Nonce"):
        check_answer(answer(tmp_path), STAMPED, AUTHORITY, now=now(), nonce=REQUEST.nonce ^ 1)


@pytest.mark.usefixtures("checker")
def test_an_answer_by_a_stranger_is_refused(tmp_path: Path) -> None:
    stranger = issue("Root", ca=True)
    with pytest.raises(BadStamp, match="does not hold"):
        check_answer(answer(tmp_path), STAMPED, Authority.from_pem(stranger.pem), now=now())
    forged = answer(tmp_path, issue("Local time stamping authority", stranger))
    with pytest.raises(BadStamp, match="does not hold"):
        check_answer(forged, STAMPED, AUTHORITY, now=now())


@pytest.mark.usefixtures("checker")
def test_an_authority_that_vouches_for_itself_is_refused(tmp_path: Path) -> None:
    own = issue("Own")
    with pytest.raises(BadStamp, match="self-signed certificate"):
        check_answer(answer(tmp_path, own), STAMPED, AUTHORITY, now=now())
    with pytest.raises(BadAuthority, match="no root"):
        Authority.from_pem(own.pem)


@pytest.mark.usefixtures("checker")
@pytest.mark.parametrize(
    ("days", "reason"), [((-10, -1), "certificate has expired"), ((1, 10), "certificate is not yet valid")]
)
def test_an_authority_that_is_not_valid_is_refused(
    tmp_path: Path, days: tuple[int, int], reason: str
) -> None:
    with pytest.raises(BadStamp, match=reason):
        check_answer(answer(tmp_path, issue("Late", MIDDLE, days=days)), STAMPED, AUTHORITY, now=now())


@pytest.mark.usefixtures("checker")
def test_a_root_that_expired_is_refused(tmp_path: Path) -> None:
    root = issue("Old root", ca=True, days=(-10, -1))
    made = answer(tmp_path, issue("Local", root))
    with pytest.raises(BadStamp, match="certificate has expired"):
        check_answer(made, STAMPED, Authority.from_pem(root.pem), now=now())


@pytest.mark.usefixtures("checker")
def test_a_stamp_of_the_future_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadStamp, match="of the future"):
        check_answer(answer(tmp_path), STAMPED, AUTHORITY, now=now() - timedelta(days=1))


@pytest.mark.usefixtures("checker")
def test_a_stamp_over_sha512_is_refused(tmp_path: Path) -> None:
    (tmp_path / "stamped").write_bytes(STAMPED)
    command = ["openssl", "ts", "-query", "-data", "stamped", "-sha512", "-cert", "-out", "other.tsq"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    made = answer(tmp_path, query=(tmp_path / "other.tsq").read_bytes())
    with pytest.raises(BadStamp, match="SHA-256"):
        check_answer(made, STAMPED, AUTHORITY, now=now())


@pytest.mark.usefixtures("checker")
def test_a_refusal_is_told(tmp_path: Path) -> None:
    made = answer(tmp_path, query=b"\x30\x03\x02\x01\x01")
    with pytest.raises(BadStamp, match=r"did not grant|no time stamp"):
        check_answer(made, STAMPED, AUTHORITY, now=now())


@pytest.mark.usefixtures("checker")
def test_a_damaged_answer_is_refused(tmp_path: Path) -> None:
    made = answer(tmp_path)
    for place in range(0, len(made), 16):
        damaged = made[:place] + bytes([made[place] ^ 0x20]) + made[place + 1 :]
        try:
            stamp = check_answer(damaged, STAMPED, AUTHORITY, now=now(), nonce=REQUEST.nonce)
        except BadStamp:
            continue
        # What is not signed may be damaged: the chain sent along, where the reader has its own.
        assert stamp == check_answer(made, STAMPED, AUTHORITY, now=now())
    for other in (b"", b"\x00" * 50, made[:-1], b"\x30" * 2_000_000):
        with pytest.raises(BadStamp):
            check_answer(other, STAMPED, AUTHORITY, now=now())


@pytest.mark.usefixtures("checker")
def test_a_chain_that_is_sent_along_is_used(tmp_path: Path) -> None:
    made = answer(tmp_path, issue("Signer", NEAR), chain=NEAR)
    assert check_answer(made, STAMPED, Authority.from_pem(FAR.pem), now=now()).signer == "CN=Signer"
    with pytest.raises(BadStamp, match="does not hold"):
        check_answer(answer(tmp_path), STAMPED, Authority.from_pem(ROOT.pem), now=now())


@pytest.mark.usefixtures("checker")
def test_a_chain_in_the_wrong_order_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadStamp, match="wrong order"):
        check_answer(answer(tmp_path, chain=MIDDLE), STAMPED, AUTHORITY, now=now())


def test_an_evidence_pack_carries_a_stamp(tmp_path: Path) -> None:
    """The pack's own program sees what the answer is over; the rest is as its report says, for openssl."""
    note, leaf = SignedNote.parse(STAMPED), b'{"event":"ing"}'
    evidence = LedgerEvidence(
        KEY.public, note, (Proof(leaf, 0, (), note),), stamped=(Stamped(note, answer(tmp_path)),)
    )
    files = evidence.files()
    files[MANIFEST] = manifest({path: Digest.of(content) for path, content in files.items()})
    for path, content in files.items():
        (tmp_path / "pack" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "pack" / path).write_bytes(content)
    (tmp_path / "tsa.pem").write_bytes(MIDDLE.pem + ROOT.pem)
    command = [sys.executable, "-I", "verify.py"]
    done = subprocess.run(command, cwd=tmp_path / "pack", check=True, capture_output=True, text=True)
    (check,) = re.findall(r"openssl ts -verify .*", done.stdout)
    checked = subprocess.run(check.split(), cwd=tmp_path / "pack", check=False, capture_output=True)
    assert checked.returncode == 0, checked.stderr


def test_a_chain_stands_in_order() -> None:
    assert len(Authority.from_pem(LOCAL.pem + MIDDLE.pem + ROOT.pem).chain) == 3
    assert len(Authority.from_pem(ROOT.pem).chain) == 1
    for wrong in (ROOT.pem + MIDDLE.pem, LOCAL.pem + ROOT.pem, MIDDLE.pem, LOCAL.pem + MIDDLE.pem):
        with pytest.raises(BadAuthority, match="not issued by"):
            Authority.from_pem(wrong)
    for none in (b"", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"):
        with pytest.raises(BadAuthority, match="no certificates"):
            Authority.from_pem(none)


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    with pytest.raises(NoStampSupport, match=r"claimtrail\[timestamp\]"):
        check_answer(b"", STAMPED, AUTHORITY, now=now())


def forged(folder: Path, signer: Issued) -> bytes:
    """What the authority says, signed by somebody whom `openssl ts` would not let stamp."""
    answer(folder)
    (folder / "other.pem").write_bytes(signer.pem)
    (folder / "other.key").write_bytes(pem_of(signer.key))
    sign = "cms -sign -binary -nodetach -econtent_type id-smime-ct-TSTInfo -outform DER"
    for command in (
        "ts -reply -in answer.tsr -token_out -out token",
        "cms -verify -noverify -inform DER -in token -out said",
        f"{sign} -in said -signer other.pem -inkey other.key -out again",
    ):
        subprocess.run(["openssl", *command.split()], cwd=folder, check=True, capture_output=True)
    token = (folder / "again").read_bytes()
    return b"\x30\x82" + (len(token) + 5).to_bytes(2, "big") + b"\x30\x03\x02\x01\x00" + token


@pytest.mark.usefixtures("checker")
@pytest.mark.parametrize(
    ("use", "critical"),
    [(ExtendedKeyUsageOID.CODE_SIGNING, True), (None, True), (ExtendedKeyUsageOID.TIME_STAMPING, False)],
    ids=["for something else", "for nothing", "not critical"],
)
def test_a_certificate_that_is_not_for_time_stamping_is_refused(
    tmp_path: Path, use: x509.ObjectIdentifier | None, critical: bool
) -> None:
    true = forged(tmp_path, issue("Other", MIDDLE))
    assert check_answer(true, STAMPED, AUTHORITY, now=now()).signer == "CN=Other"
    untrue = forged(tmp_path, issue("Other", MIDDLE, use=use, critical=critical))
    with pytest.raises(BadStamp, match="hold: unsuitable certificate purpose"):
        check_answer(untrue, STAMPED, AUTHORITY, now=now())
