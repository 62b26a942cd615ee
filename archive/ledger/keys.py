"""Keys that sign checkpoints: Ed25519 (RFC 8032), named and written as C2SP signed-note does."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass, field
from enum import IntEnum
from typing import ClassVar, Self

from archive.digest import Digest
from archive.errors import ArchiveError, ExitCode

KEY_SIZE = 32
"""Bytes in a public key and in a seed (RFC 8032, section 5.1.5)."""

_NAME = re.compile(r"[^\s+\x00-\x1f\x7f]+")
_SPKI = bytes.fromhex("302a300506032b6570032100")
_SECRET = "PRIVATE+KEY+"  # noqa: S105 the mark that begins a written signing key, not a secret


class BadKey(ArchiveError):
    """A key cannot be read."""

    exit_code: ClassVar[ExitCode] = ExitCode.CHECK_FAILED


class Kind(IntEnum):
    """What a key signs, by its byte in the key's identifier (C2SP signed-note, "Signature types")."""

    NOTE = 0x01
    COSIGNATURE = 0x04


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A named key that checks signatures; `value` has 32 bytes.

    The name is the ledger's or witness's own: no spaces, no plus, best an address without its scheme.
    """

    name: str
    value: bytes
    kind: Kind = Kind.NOTE

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise BadKey(f"{self.name!r} cannot name a key: it may hold neither spaces nor a plus sign")
        if len(self.value) != KEY_SIZE:
            raise BadKey(f"the key of {self.name} has {len(self.value)} bytes, not {KEY_SIZE}")

    def __str__(self) -> str:
        """The key on one line, `name+id+base64` ("vkey")."""
        material = base64.b64encode(bytes([self.kind]) + self.value).decode()
        return f"{self.name}+{self.identifier.hex()}+{material}"

    @property
    def identifier(self) -> bytes:
        """Four bytes that say which key made a signature; no proof of anything."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.value).digest()[:4]

    @property
    def fingerprint(self) -> Digest:
        """The SHA-256 of the key in DER: what `openssl pkey -pubin -outform DER | sha256sum` prints."""
        return Digest.of(_SPKI + self.value)

    @property
    def pem(self) -> str:
        """The key as `openssl` reads it (RFC 8410)."""
        body = base64.b64encode(_SPKI + self.value).decode()
        return f"-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n"

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Whether this key made the Ed25519 signature over exactly these bytes."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(self.value).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `name+id+base64`; raises `BadKey` for anything else, or another key's identifier."""
        name, _, rest = text.strip().partition("+")
        identifier, _, material = rest.partition("+")
        kind, value = _material(material)
        key = cls(name, value, kind)
        if key.identifier.hex() != identifier:
            raise BadKey(
                f"the key of {name} does not have the identifier {identifier!r} that stands beside it"
            )
        return key


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A named key that signs; its 32-byte seed is never shown."""

    name: str
    seed: bytes = field(repr=False)
    public: PublicKey = field(init=False)

    def __post_init__(self) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        if len(self.seed) != KEY_SIZE:
            raise BadKey(f"the seed of {self.name} has {len(self.seed)} bytes, not {KEY_SIZE}")
        value = Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        object.__setattr__(self, "public", PublicKey(self.name, value))

    def sign(self, message: bytes) -> bytes:
        """The Ed25519 signature over the bytes, 64 bytes long."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)

    def secret(self) -> str:
        """The key with its seed on one line, for a file that only its owner can read."""
        material = base64.b64encode(bytes([Kind.NOTE]) + self.seed).decode()
        return f"{_SECRET}{self.name}+{self.public.identifier.hex()}+{material}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `secret` wrote; raises `BadKey` for anything else, without showing it."""
        text = text.strip()
        parts = text.removeprefix(_SECRET).split("+", 2)
        if not text.startswith(_SECRET) or len(parts) != 3:
            raise BadKey("not a signing key")
        name, identifier, material = parts
        kind, seed = _material(material)
        key = cls(name, seed)
        if kind is not Kind.NOTE or key.public.identifier.hex() != identifier:
            raise BadKey(f"the signing key of {name} is damaged")
        return key


def _material(text: str) -> tuple[Kind, bytes]:
    """The kind of a key and its bytes."""
    try:
        material = read_base64(text)
        return Kind(material[0]), material[1:]
    except (ValueError, IndexError):
        raise BadKey("not a key: its last part should be base64 of a kind and a key that we know") from None


def read_base64(text: str) -> bytes:
    """Bytes from base64 (RFC 4648, section 4); raises `ValueError` for any but the one way to write them."""
    try:
        value = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"not base64: {text!r}") from error
    if base64.b64encode(value).decode() != text:
        raise ValueError(f"base64 written in a way of its own: {text!r}")
    return value
