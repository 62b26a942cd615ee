"""Signed notes (C2SP signed-note): a text, a blank line, and a line for each signature."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Self

from archive.errors import ArchiveError, ExitCode
from archive.ledger.keys import Kind, PublicKey, SigningKey, read_base64

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_NOTE = 1_000_000
"""The most bytes a note may have."""

MAX_SIGNATURES = 100
"""The most signatures a note may carry; C2SP asks for at least 16."""

DASH = "\u2014 "


class BadNote(ArchiveError):
    """Bytes that should be a signed note are not."""

    exit_code: ClassVar[ExitCode] = ExitCode.CHECK_FAILED


class NotSigned(ArchiveError):
    """A note lacks the signature it should have, or has a false one."""

    exit_code: ClassVar[ExitCode] = ExitCode.CHECK_FAILED


@dataclass(frozen=True, slots=True)
class Signature:
    """One line under a note: who signed, by name and identifier of the key, and the signature's bytes."""

    name: str
    identifier: bytes
    value: bytes

    def __str__(self) -> str:
        return f"{DASH}{self.name} {base64.b64encode(self.identifier + self.value).decode()}"

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read a line; raises `BadNote`."""
        name, _, encoded = line.removeprefix(DASH).partition(" ")
        try:
            value = read_base64(encoded)
        except ValueError:
            value = b""
        if not line.startswith(DASH) or len(value) < 5 or not _is_name(name):
            raise BadNote(f"not a line of a signature: {line!r}")
        return cls(name, value[:4], value[4:])

    def is_by(self, key: PublicKey) -> bool:
        """Whether the line says that this key made it; whether it did is for the key to say."""
        return (self.name, self.identifier) == (key.name, key.identifier)


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A text that ends in a newline, and its signatures; nothing in it is to be believed before `check`."""

    text: str
    signatures: tuple[Signature, ...]

    def __post_init__(self) -> None:
        if not self.text.endswith("\n") or any(c < " " and c != "\n" for c in self.text):
            raise BadNote("a note is lines of text without control characters, the last one ended")
        if not 0 < len(self.signatures) <= MAX_SIGNATURES:
            raise BadNote(f"a note has between 1 and {MAX_SIGNATURES} signatures, not {len(self.signatures)}")

    def __bytes__(self) -> bytes:
        lines = "".join(f"{signature}\n" for signature in self.signatures)
        return f"{self.text}\n{lines}".encode()

    @classmethod
    def parse(cls, stored: bytes) -> Self:
        """Read a note; raises `BadNote` where the bytes are none."""
        if len(stored) > MAX_NOTE:
            raise BadNote(f"a note of {len(stored):,} bytes is too long")
        try:
            whole = stored.decode()
        except UnicodeDecodeError as error:
            raise BadNote("a note is UTF-8, this is not") from error
        text, blank, lines = whole.rpartition("\n\n")
        if not blank or not lines.endswith("\n"):
            raise BadNote("a note ends in a blank line and lines of signatures, each ended")
        return cls(text + "\n", tuple(map(Signature.parse, lines[:-1].split("\n"))))

    def check(self, keys: Iterable[PublicKey]) -> tuple[PublicKey, ...]:
        """Which of these keys signed the text, at least one.

        Raises `NotSigned` where none did, or where a signature says that it is by one of them and is not.
        Signatures by other keys, and cosignatures, say nothing here.
        """
        known = [key for key in keys if key.kind is Kind.NOTE]
        signed: list[PublicKey] = []
        for signature in self.signatures:
            for key in filter(signature.is_by, known):
                if not key.verifies(self.text.encode(), signature.value):
                    raise NotSigned(f"the signature said to be by {key.name} is not over this text")
                signed.append(key)
        if not signed:
            names = ", ".join(f"{key.name}+{key.identifier.hex()}" for key in known)
            raise NotSigned(f"no signature by {names or 'any key that is known'}")
        return tuple(dict.fromkeys(signed))

    def adding(self, signature: Signature) -> SignedNote:
        """The note with one signature more, instead of any by the same key."""
        kept = (
            s for s in self.signatures if (s.name, s.identifier) != (signature.name, signature.identifier)
        )
        return replace(self, signatures=(*kept, signature))


def sign(text: str, *keys: SigningKey) -> SignedNote:
    """The text signed by each of the keys; raises `BadNote` where it cannot be a note's."""
    signatures = (Signature(k.name, k.public.identifier, k.sign(text.encode())) for k in keys)
    return SignedNote(text, tuple(signatures))


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(c.isspace() or c < " " for c in name)
