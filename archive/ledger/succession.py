"""How one key of the ledger follows another: a note in which the old key names the new, signed by both."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from archive.errors import ArchiveError, ExitCode
from archive.ledger.keys import BadKey, PublicKey, SigningKey
from archive.ledger.note import SignedNote, sign

if TYPE_CHECKING:
    from collections.abc import Iterable

HEADER = "claimtrail key succession/1"
"""The first line; no origin of a ledger begins like this, so that no checkpoint can be taken for one."""


class BadSuccession(ArchiveError):
    """A note does not show that one key follows another."""

    exit_code: ClassVar[ExitCode] = ExitCode.CHECK_FAILED


def succeed(old: SigningKey, new: SigningKey, size: int) -> SignedNote:
    """The note by which the new key takes over once the ledger has `size` leaves.

    The old key signs because only it can pass the name on, the new one to show that somebody holds it.
    """
    if old.name != new.name or old.public == new.public:
        raise BadSuccession("a key is followed by another key of the same ledger")
    return sign(f"{HEADER}\n{size}\n{old.public}\n{new.public}\n", old, new)


def successor(note: SignedNote, old: PublicKey) -> PublicKey:
    """The key that the note puts in the place of `old`; raises `BadSuccession` or `NotSigned`."""
    match note.text.removesuffix("\n").split("\n"):
        case [header, size, before, after] if header == HEADER and size.isdecimal() and before == str(old):
            try:
                new = PublicKey.parse(after)
            except BadKey as error:
                raise BadSuccession(f"the key that should follow: {error}") from error
        case _:
            raise BadSuccession(f"not a note by which the key {old.identifier.hex()} is followed by another")
    if new.name != old.name:
        raise BadSuccession(f"a key of {old.name} is not followed by one of {new.name}")
    for key in (old, new):
        note.check([key])
    return new


def keys_since(first: PublicKey, notes: Iterable[SignedNote]) -> tuple[PublicKey, ...]:
    """All keys of the ledger from the first to the present one, following the notes in their order."""
    keys = [first]
    for note in notes:
        keys.append(successor(note, keys[-1]))
    return tuple(keys)
