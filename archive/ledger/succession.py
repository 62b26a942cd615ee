"""How one key of the ledger follows another: a note in which the old key names the new, signed by both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from archive.errors import ArchiveError, ExitCode
from archive.ledger.keys import BadKey, PublicKey, SigningKey
from archive.ledger.note import SignedNote, sign

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HEADER = "claimtrail key succession/1"
"""The first line; it holds spaces, as no origin does: no checkpoint is taken for a succession."""


class BadSuccession(ArchiveError):
    """A note does not show that one key follows another."""

    exit_code: ClassVar[ExitCode] = ExitCode.CHECK_FAILED


@dataclass(frozen=True, slots=True)
class Term:
    """A key and the sizes of the ledger it signs for, `begins` to `ends` (None: it still does)."""

    key: PublicKey
    begins: int = 0
    ends: int | None = None

    def covers(self, size: int) -> bool:
        """Whether a checkpoint of this size may be signed by this key."""
        return self.begins <= size and (self.ends is None or size <= self.ends)


def succeed(old: SigningKey, new: SigningKey, size: int) -> SignedNote:
    """The note by which the new key takes over once the ledger has `size` leaves.

    The old key signs because only it can pass the name on, the new one to show that somebody holds it.
    """
    if old.name != new.name or old.public == new.public:
        raise BadSuccession("a key is followed by another key of the same ledger")
    return sign(f"{HEADER}\n{size}\n{old.public}\n{new.public}\n", old, new)


def successor(note: SignedNote, old: PublicKey) -> tuple[PublicKey, int]:
    """The key that the note puts in the place of `old`, and from which size of the ledger on.

    Raises `BadSuccession` or `NotSigned`.
    """
    lines = note.text.removesuffix("\n").split("\n")
    if len(lines) != 4 or lines[0] != HEADER or lines[2] != str(old) or not _is_size(lines[1]):
        raise BadSuccession(f"not a note by which the key {old.identifier.hex()} is followed by another")
    try:
        new = PublicKey.parse(lines[3])
    except BadKey as error:
        raise BadSuccession(f"the key that should follow: {error}") from error
    if new.name != old.name:
        raise BadSuccession(f"a key of {old.name} is not followed by one of {new.name}")
    for key in (old, new):
        note.check([key])
    return new, int(lines[1])


def terms(first: PublicKey, notes: Iterable[SignedNote]) -> tuple[Term, ...]:
    """All keys of the ledger from the first to the present one, following the notes in their order."""
    found = [Term(first)]
    for note in notes:
        key, size = successor(note, found[-1].key)
        if size < found[-1].begins:
            raise BadSuccession(f"a key took over at {size:,} leaves, before the one that it follows")
        found[-1] = replace(found[-1], ends=size)
        found.append(Term(key, size))
    return tuple(found)


def keys_at(found: Sequence[Term], size: int) -> tuple[PublicKey, ...]:
    """The keys that may sign a checkpoint of this size: one, or two where one has just followed the other."""
    return tuple(term.key for term in found if term.covers(size))


def _is_size(text: str) -> bool:
    """Whether the text is a whole number as we write it."""
    return text.isascii() and text.isdecimal() and len(text) < 20 and str(int(text)) == text
