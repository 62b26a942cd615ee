"""The note of a sealed batch: which files hold which objects, and the caller's words; it checks itself."""

from __future__ import annotations

from archive.digest import Algorithm, Digest
from archive.store.port import Staged

_HEADER = b"claimtrail batch 1"


def write_note(staged: tuple[Staged, ...], words: bytes) -> bytes:
    """A header, the digest of the rest, a line a staged file, an empty line, then the caller's bytes."""
    lines = [f"{s.digest.hex} {s.size} {s.number}\n".encode() for s in staged]
    rest = b"".join([*lines, b"\n", words])
    return b"\n".join([_HEADER, Digest.of(rest).hex.encode(), rest])


def read_note(raw: bytes) -> tuple[tuple[Staged, ...], bytes] | None:
    """The staged files and the caller's bytes; None for a note that was torn or is none."""
    header, _, body = raw.partition(b"\n")
    digest, _, rest = body.partition(b"\n")
    if header != _HEADER or Digest.of(rest).hex.encode() != digest:
        return None
    listed, words = (b"", rest[1:]) if rest.startswith(b"\n") else _halves(rest)
    return tuple(_staged(line) for line in listed.splitlines()), words


def _halves(rest: bytes) -> tuple[bytes, bytes]:
    listed, _, words = rest.partition(b"\n\n")
    return listed, words


def _staged(line: bytes) -> Staged:
    value, size, number = line.decode().split(" ")
    return Staged(Digest(Algorithm.SHA256, bytes.fromhex(value)), int(size), int(number))
