"""The ledger's keys as files: the first public key, the notes by which one followed another, the present secret.

keys/first.vkey         the key with which the ledger began (C2SP signed-note)
keys/<n>.succession     the note by which the next key took over, from 1
keys/ledger.key         the key that signs now; only its owner can read it
keys/next.key           a key that is about to take over
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.checkpoints.files import write_new, write_whole
from archive.errors import ArchiveError
from archive.ledger.keys import KEY_SIZE, PublicKey, SigningKey
from archive.ledger.note import SignedNote
from archive.ledger.succession import succeed, terms

if TYPE_CHECKING:
    from pathlib import Path

    from archive.clock import Clock
    from archive.ledger.succession import Term

PRIVATE, OPEN = 0o600, 0o644


class NoKey(ArchiveError):
    """The ledger has no key that can be used here."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys of one archive's ledger: the public ones in one directory, the secret ones in another."""

    public: Path
    secret: Path

    def first(self) -> PublicKey | None:
        """The key with which the ledger began, None where it has none yet; raises `BadKey`."""
        try:
            return PublicKey.parse(_text(self.public / "first.vkey"))
        except FileNotFoundError:
            return None

    def successions(self) -> list[SignedNote]:
        """The notes by which one key followed another, in order; raises `BadNote`."""
        notes: list[SignedNote] = []
        while (note := self.public / f"{len(notes) + 1}.succession").is_file():
            notes.append(SignedNote.parse(_text(note).encode()))
        return notes

    def terms(self) -> tuple[Term, ...]:
        """Every key with the sizes it signs for; none where there is no key yet. Raises `BadSuccession`."""
        first = self.first()
        return terms(first, self.successions()) if first else ()

    def present(self) -> PublicKey | None:
        """The key that signs now."""
        found = self.terms()
        return found[-1].key if found else None

    def signing(self) -> SigningKey:
        """The present key with its secret; raises `NoKey` where there is none or it cannot be read here."""
        present = self.present()
        if present is None:
            raise NoKey("the ledger has no key yet: the next command that records something makes one")
        for name in ("ledger.key", "next.key"):
            key = self._secret(name)
            if key and key.public == present:
                if name == "next.key":  # A rotation was cut off after the note by which the key took over.
                    self._take_over()
                return key
        raise NoKey(
            f"the secret of the ledger's key {present.fingerprint.hex[:16]}... is not in {self.secret / 'ledger.key'}"
        )

    def _secret(self, name: str) -> SigningKey | None:
        try:
            return SigningKey.parse(_text(self.secret / name))
        except FileNotFoundError:
            return None

    def make(self, clock: Clock) -> SigningKey:
        """Make the first key, or the one whose making was cut off; raises `NoKey` where the disk refuses."""
        try:
            self.secret.mkdir(mode=0o700, exist_ok=True)
            self.public.mkdir(exist_ok=True)
            key = SigningKey(f"claimtrail/{clock.new_id()}", clock.secret(KEY_SIZE))
            write_new(self.secret / "ledger.key", f"{key.secret()}\n".encode(), PRIVATE)
            made = self._secret("ledger.key") or key
            write_whole(self.public / "first.vkey", f"{made.public}\n".encode(), OPEN)
        except OSError as error:
            raise NoKey(f"no key could be made in {self.secret}: {error.strerror}") from error
        return made

    def rotate(self, clock: Clock, size: int) -> tuple[SigningKey, SigningKey]:
        """Let a new key take over from this size of the ledger on; the secret of the old one is gone then.

        Returns the old key and the new. Cut off before its note is there, the old key still signs.
        """
        old = self.signing()
        new = SigningKey(old.name, clock.secret(KEY_SIZE))
        try:
            write_whole(self.secret / "next.key", f"{new.secret()}\n".encode(), PRIVATE)
            number = len(self.successions()) + 1
            write_whole(self.public / f"{number}.succession", bytes(succeed(old, new, size)), OPEN)
            self._take_over()
        except OSError as error:
            raise NoKey(f"the key could not be changed in {self.secret}: {error.strerror}") from error
        return old, new

    def _take_over(self) -> None:
        if os.access(self.secret, os.W_OK):
            write_whole(self.secret / "ledger.key", (self.secret / "next.key").read_bytes(), PRIVATE)
            (self.secret / "next.key").unlink()


def _text(path: Path) -> str:
    """A small file's text; raises `NoKey` where it is there and cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise
    except (OSError, UnicodeDecodeError) as error:
        raise NoKey(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error
