"""Salted commitments: what may have to be erased one day enters the ledger only as one of these.

HMAC-SHA-256 with a random 32-byte salt as its key. Who has salt and value can show that they are what was
committed to; once the salt is erased nobody can find out the value, not even by trying all names there are,
and the leaf that holds the commitment stays as it is.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from typing import Self

from archive.errors import UsageError

SALT_SIZE = 32
"""Bytes in a salt: the one length at which two salts never mean the same HMAC key."""

_CONTEXT = b"claimtrail commitment/1\n"
_WRITTEN = re.compile(r"hmac-sha256:([0-9a-f]{64})")


class BadCommitment(UsageError):
    """A text that should be a commitment, or a salt, is not."""


@dataclass(frozen=True, slots=True)
class Commitment:
    """Stands in a leaf for a value; written `hmac-sha256:` and lower-case hexadecimal digits."""

    value: bytes

    def __post_init__(self) -> None:
        if len(self.value) != hashlib.sha256().digest_size:
            raise BadCommitment(f"a commitment has 32 bytes, not {len(self.value)}")

    def __str__(self) -> str:
        return f"hmac-sha256:{self.value.hex()}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a commitment; raises `BadCommitment`."""
        match = _WRITTEN.fullmatch(text)
        if not match:
            raise BadCommitment(f"not a commitment: {text!r}")
        return cls(bytes.fromhex(match.group(1)))


@dataclass(frozen=True, slots=True)
class Opening:
    """A value and the salt that shows what a commitment stands for; kept outside the ledger, erasable."""

    value: str
    salt: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.salt) != SALT_SIZE:
            raise BadCommitment(f"a salt has {SALT_SIZE} bytes, not {len(self.salt)}")

    @property
    def commitment(self) -> Commitment:
        """What stands in the ledger for the value."""
        return Commitment(hmac.digest(self.salt, _CONTEXT + self.value.encode(), "sha256"))

    def opens(self, commitment: Commitment) -> bool:
        """Whether this is what was committed to."""
        return hmac.compare_digest(self.commitment.value, commitment.value)
