"""Time stamps over the newest checkpoint: asked of an authority, or by files where there is no network."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from archive.catalog import ReadOnly
from archive.checkpoints.stamps import Stamps
from archive.checkpoints.witnessed import newest_note
from archive.errors import ArchiveError, ExitCode, UsageError
from archive.ledger.checkpoint import Checkpoint
from archive.ledger.timestamp import MAX_ANSWER, Authority, StampRequest, check_answer

if TYPE_CHECKING:
    from archive.archive import Archive
    from archive.ledger.note import SignedNote
    from archive.ledger.timestamp import Stamp

ANSWER_SECONDS = 30
NONCE_SIZE = 8


class NoAuthority(UsageError):
    """It is not said whom to ask for the time, or whose word to trust."""


class NothingAsked(UsageError):
    """An answer was given to a request that this archive did not write."""


class AuthorityFails(ArchiveError):
    """The authority does not answer, or with something that is no answer."""

    exit_code: ClassVar[ExitCode] = ExitCode.INCOMPLETE


@dataclass(frozen=True, slots=True)
class Kept:
    """A time stamp that was checked and is kept: what it says, how many events it covers, and where it lies."""

    stamp: Stamp
    size: int
    path: Path


def stamps_of(archive: Archive) -> Stamps:
    """The archive's time stamps."""
    return Stamps(archive.path / "ledger" / "timestamps")


def stamp(archive: Archive, address: str | None, root: Path | None) -> Kept:
    """Have the newest checkpoint stamped by the authority at an address; what it answers is checked, then kept.

    Raises `NoAuthority`, `AuthorityFails`, `BadStamp` with the reason, `BadAuthority`, `NoStampSupport`.
    """
    address = address or archive.settings.text("tsa")
    if not address:
        raise NoAuthority("say which authority to ask: --tsa URL, or the setting tsa")
    authority = _authority(archive, root)
    note = _writable(archive)
    request = StampRequest.over(bytes(note), archive.clock.secret(NONCE_SIZE))
    return _keep(archive, note, request, _ask(address, request.to_der()), authority)


def write_request(archive: Archive, out: Path) -> int:
    """Write a request over the newest checkpoint for an authority that is reached by other ways.

    Returns how many events it covers; its answer is read by `read_answer`.
    """
    note = _writable(archive)
    request = StampRequest.over(bytes(note), archive.clock.secret(NONCE_SIZE))
    stamps_of(archive).ask(note, request)
    try:
        out.write_bytes(request.to_der())
    except OSError as error:
        raise AuthorityFails(f"{out} cannot be written: {error.strerror}") from error
    return Checkpoint.parse(note.text).size


def read_answer(archive: Archive, answer: Path, root: Path | None) -> Kept:
    """Check and keep the answer to the last request that was written."""
    authority = _authority(archive, root)
    asked = stamps_of(archive).asked()
    if asked is None:
        raise NothingAsked("there is no request that waits for an answer: write one with --request-out FILE")
    try:
        with answer.open("rb") as stream:
            content = stream.read(MAX_ANSWER + 1)
    except OSError as error:
        raise NothingAsked(f"{answer} cannot be read: {error.strerror}") from error
    return _keep(archive, *asked, content, authority)


def _writable(archive: Archive) -> SignedNote:
    if not archive.writable:
        raise ReadOnly("the archive is read-only here: a time stamp could not be kept")
    return newest_note(archive)


def _authority(archive: Archive, root: Path | None) -> Authority:
    """Whom to trust: certificates from the authority's own or the one above it up to a root."""
    place = root or (Path(name) if (name := archive.settings.text("tsa_certificates")) else None)
    if place is None:
        raise NoAuthority(
            "say whose time to trust: --root-cert FILE with the authority's certificates in PEM, lowest first and a "
            "root last, or the setting tsa_certificates"
        )
    try:
        return Authority.from_pem((archive.path / place).read_bytes() if not root else root.read_bytes())
    except OSError as error:
        raise NoAuthority(f"{place} cannot be read: {error.strerror}") from error


def _ask(address: str, request: bytes) -> bytes:
    """Send a request (RFC 3161, section 3.4); raises `AuthorityFails` with the reason."""
    from http.client import HTTPException
    from urllib.request import Request, urlopen

    if urlsplit(address).scheme not in ("http", "https"):
        raise NoAuthority(f"an authority is at http://... or https://..., not at {address!r}")
    sent = Request(address, request, {"Content-Type": "application/timestamp-query"})  # noqa: S310 - scheme seen above
    try:
        with urlopen(sent, timeout=ANSWER_SECONDS) as answer:  # noqa: S310 - as above
            kind, content = answer.headers.get_content_type(), answer.read(MAX_ANSWER + 1)
    except (OSError, HTTPException, ValueError) as error:
        raise AuthorityFails(f"no time stamp from {address}: {error}") from error
    if kind != "application/timestamp-reply":
        raise AuthorityFails(f"what answers at {address} is no time stamping authority: it sent {kind}")
    return bytes(content)


def _keep(
    archive: Archive, note: SignedNote, request: StampRequest, answer: bytes, authority: Authority
) -> Kept:
    """Check an answer in full and only then keep it."""
    made = check_answer(answer, bytes(note), authority, now=archive.clock.now(), nonce=request.nonce)
    path = stamps_of(archive).keep(note, answer)
    return Kept(made, Checkpoint.parse(note.text).size, path)
