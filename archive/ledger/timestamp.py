"""Trusted time (RFC 3161): a request over a checkpoint, and the full check of an authority's answer.

Needs the extra `claimtrail[timestamp]` for checking; asking needs nothing. What is stamped is the checkpoint
as the ledger's key signed it, so that the signature too is shown to have been there by then.
"""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar, Self

from archive.digest import Algorithm, Digest
from archive.errors import ArchiveError, ExitCode, UsageError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

MAX_DRIFT = timedelta(minutes=5)
"""How far an authority's clock may be ahead of ours."""

MAX_ANSWER = 1_000_000
"""The most bytes an answer may have."""

_DIGEST_SIZE = 32
_VERIFY_ERROR = re.compile(r'Verify error: ([^"]+)"')
_SHA256 = "2.16.840.1.101.3.4.2.1"
_HEAD = bytes.fromhex("3043 020101 3031 300d 0609 608648016503040201 0500 0420")
_NONCE = bytes.fromhex("0208")
_TAIL = bytes.fromhex("0101ff")


class BadStamp(ArchiveError):
    """A time stamp does not show what it should."""

    exit_code: ClassVar[ExitCode] = ExitCode.CHECK_FAILED


class BadAuthority(UsageError):
    """Certificates do not name an authority that can be trusted."""


class NoStampSupport(UsageError):
    """Time stamps cannot be checked by this installation."""


@dataclass(frozen=True, slots=True)
class StampRequest:
    """What an authority is asked to stamp (RFC 3161, section 2.4.1): a digest, and a number it must repeat.

    Always SHA-256, an 8-byte nonce and "send your certificate", so that it has one shape of 69 bytes.
    """

    digest: Digest
    nonce: int

    def __post_init__(self) -> None:
        if not 1 << 56 <= self.nonce < 1 << 63:
            raise BadStamp("a nonce has 63 bits, and not all of the highest are zero")

    @classmethod
    def over(cls, stamped: bytes, random: bytes) -> Self:
        """A request over the bytes; `random` are 8 bytes that nobody can foresee."""
        return cls(Digest.of(stamped), int.from_bytes(random, "big") & (1 << 62) - 1 | 1 << 62)

    def to_der(self) -> bytes:
        """The request as it is sent, or kept in a `.tsq` file."""
        return _HEAD + self.digest.value + _NONCE + self.nonce.to_bytes(8, "big") + _TAIL

    @classmethod
    def from_der(cls, written: bytes) -> Self:
        """Read what `to_der` wrote; raises `BadStamp` for anything else."""
        middle = len(_HEAD) + _DIGEST_SIZE
        value, rest = written[len(_HEAD) : middle], written[middle + len(_NONCE) :]
        if len(written) != middle + len(_NONCE) + 8 + len(_TAIL):
            raise BadStamp("not a time stamp request that this archive wrote")
        request = cls(Digest(Algorithm.SHA256, value), int.from_bytes(rest[:8], "big"))
        if request.to_der() != written:
            raise BadStamp("not a time stamp request that this archive wrote")
        return request


@dataclass(frozen=True, slots=True)
class Authority:
    """Whom we trust for the time: certificates from the lowest to a root, each issued by the next."""

    chain: tuple[Certificate, ...]

    @classmethod
    def from_pem(cls, text: bytes) -> Self:
        """Read a chain; raises `BadAuthority` with the reason where it is none.

        The first may be the authority's own certificate or the one above it. The last is a root that signed
        itself and may sign others: an authority that only vouches for itself is refused.
        """
        from cryptography import x509
        from cryptography.exceptions import InvalidSignature

        try:
            chain = tuple(x509.load_pem_x509_certificates(text))
        except ValueError as error:
            raise BadAuthority(f"no certificates in PEM: {error}") from error
        for lower, upper in pairwise((*chain, chain[-1])):
            try:
                lower.verify_directly_issued_by(upper)
            except (ValueError, TypeError, InvalidSignature) as error:
                raise BadAuthority(
                    f"the certificate {_name(lower)} is not issued by {_name(upper)}, which follows it: "
                    "they must stand in order, the authority's first and a root last"
                ) from error
            if not _may_issue(upper):
                raise BadAuthority(f"the certificate {_name(upper)} may not issue others: it is no root")
        return cls(chain)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an answer says, once checked: when, how exactly, by whom, under which policy and number."""

    at: datetime
    accuracy: timedelta | None
    signer: str
    policy: str
    serial: int


def check_answer(
    answer: bytes, stamped: bytes, authority: Authority, *, now: datetime, nonce: int | None = None
) -> Stamp:
    """What an authority's answer in DER says of the bytes that were stamped.

    Checked: that it was granted, is over exactly these bytes by SHA-256, repeats the nonce where one is
    given, is signed by a certificate for time stamping that leads to the root and was valid at that time,
    and is not of the future. Raises `BadStamp` with the reason, `NoStampSupport` without the extra.
    """
    client = _client()
    if len(answer) > MAX_ANSWER:
        raise BadStamp(f"an answer of {len(answer):,} bytes is no time stamp")
    try:
        response = client.decode_timestamp_response(answer)
        granted = response.status == client.PKIStatus.GRANTED
    except ValueError as error:
        raise BadStamp(_why_unreadable(str(error))) from error
    if not granted:
        said = ", ".join(response.status_string) or f"status {response.status}"
        raise BadStamp(f"the authority did not grant the time stamp: {said}")
    return _checked(client, response, stamped, authority, now, nonce)


def _checked(
    client: Any, response: Any, stamped: bytes, authority: Authority, now: datetime, nonce: int | None
) -> Stamp:
    """The checks on an answer that was granted."""
    builder = client.VerifierBuilder(
        roots=[authority.chain[-1]], intermediates=list(authority.chain[:-1]), nonce=nonce
    )
    try:
        token = response.tst_info
        if token.message_imprint.hash_algorithm.dotted_string != _SHA256:
            raise BadStamp("the time stamp is over a digest by another rule than SHA-256")
        builder.build().verify_message(response, stamped)
    except (client.VerificationError, ValueError) as error:
        raise BadStamp(f"the time stamp does not hold: {_why_untrusted(str(error))}") from error
    if token.gen_time > now + MAX_DRIFT:
        raise BadStamp(f"the time stamp is of the future, {token.gen_time:%Y-%m-%dT%H:%M:%SZ}: check clocks")
    return Stamp(
        at=token.gen_time,
        accuracy=_accuracy(token.accuracy),
        signer=_signer(response),
        policy=token.policy.dotted_string,
        serial=token.serial_number,
    )


def _why_unreadable(said: str) -> str:
    """The reason in words; authorities that send their chain as it comes to hand are not rare."""
    if "InvalidSetOrdering" in said and "certificates" in said:
        return (
            "the certificates in the answer stand in the wrong order (DER wants them sorted): ask the "
            "authority not to send its chain, and give the chain here"
        )
    return f"the answer is no time stamp: {said}"


def _why_untrusted(said: str) -> str:
    """The reason without the places in OpenSSL's source that come with it."""
    found = _VERIFY_ERROR.search(said)
    return found.group(1) if found else said


def _signer(response: Any) -> str:
    """The subject of the certificate that signed."""
    from cryptography import x509

    (signer,) = response.signed_data.signer_infos
    for der in response.signed_data.certificates:
        certificate = x509.load_der_x509_certificate(der)
        if (certificate.issuer, certificate.serial_number) == (signer.issuer, signer.serial_number):
            return _name(certificate)
    return str(signer.issuer.rfc4514_string())


def _accuracy(said: Any) -> timedelta | None:
    if said is None:
        return None
    return timedelta(seconds=said.seconds or 0, milliseconds=said.millis or 0, microseconds=said.micros or 0)


def _name(certificate: Certificate) -> str:
    return certificate.subject.rfc4514_string()


def _may_issue(certificate: Certificate) -> bool:
    """Whether a certificate says that it is one of a certification authority (RFC 5280, section 4.2.1.9)."""
    from cryptography.x509 import BasicConstraints, ExtensionNotFound

    try:
        return certificate.extensions.get_extension_for_class(BasicConstraints).value.ca
    except (ExtensionNotFound, ValueError):
        return False


def _client() -> Any:
    """The library that checks answers; untyped, as it is not always there."""
    try:
        return importlib.import_module("rfc3161_client")
    except ImportError as error:
        raise NoStampSupport("checking time stamps needs: pip install 'claimtrail[timestamp]'") from error
