"""Digests: an algorithm and a value, never a bare string."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from archive.errors import UsageError

MIN_PREFIX = 6
"""The fewest hexadecimal digits that may stand for a digest."""

_PREFIX = re.compile(rf"(?:sha256:)?([0-9a-fA-F]{{{MIN_PREFIX},64}})")


_SIZES = {"sha256": 32, "sha512": 64, "blake3": 32}


class BadDigest(UsageError):
    """A text that should name a digest does not."""


class Algorithm(StrEnum):
    """A hash function by the name that stands before the colon."""

    SHA256 = "sha256"
    SHA512 = "sha512"
    BLAKE3 = "blake3"

    @property
    def size(self) -> int:
        """Length of a value, in bytes."""
        return _SIZES[self.value]


@dataclass(frozen=True, slots=True, order=True)
class Digest:
    """An algorithm and the bytes it yields; written `sha256:` and lower-case hexadecimal digits.

    Raises `BadDigest` where the value has not the algorithm's length.
    """

    algorithm: Algorithm
    value: bytes

    def __post_init__(self) -> None:
        if len(self.value) != self.algorithm.size:
            raise BadDigest(
                f"a {self.algorithm} digest has {self.algorithm.size} bytes, not {len(self.value)}"
            )

    def __str__(self) -> str:
        return f"{self.algorithm}:{self.value.hex()}"

    @property
    def hex(self) -> str:
        """The value alone in lower-case hexadecimal, as `sha256sum` prints it."""
        return self.value.hex()

    @classmethod
    def of(cls, data: bytes | bytearray | memoryview) -> Self:
        """The SHA-256 of the bytes (FIPS 180-4)."""
        return cls(Algorithm.SHA256, hashlib.sha256(data).digest())

    @classmethod
    def of_text(cls, text: str) -> Self:
        """The SHA-256 of the text in UTF-8."""
        return cls.of(text.encode())

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `sha256:<64 hex digits>`; raises `BadDigest` for anything else."""
        name, _, value = text.partition(":")
        try:
            return cls(Algorithm(name), bytes.fromhex(value))
        except ValueError as error:
            raise BadDigest(f"not a digest: {text!r} (expected sha256: and 64 hexadecimal digits)") from error


def digest_prefix(text: str) -> str | None:
    """The hexadecimal digits where the text is a SHA-256 digest or the beginning of one, else None."""
    match = _PREFIX.fullmatch(text)
    return match.group(1).lower() if match else None
