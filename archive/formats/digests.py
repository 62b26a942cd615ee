"""Digests as containers write them: any algorithm they use, hexadecimal or base32, in any spelling."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re

_ALGORITHMS = {"md5": 16, "sha1": 20, "sha224": 28, "sha256": 32, "sha384": 48, "sha512": 64}
_WRITTEN = re.compile(r"\s*([A-Za-z][A-Za-z0-9-]{1,10})\s*[:=]\s*([A-Za-z0-9=+/_-]{8,200})\s*")


def normal(written: str | None) -> str | None:
    """The digest as `sha1:<hex>`, None where the text is none that can be checked here."""
    match = _WRITTEN.fullmatch(written or "")
    if not match:
        return None
    name = match[1].lower().replace("-", "")
    size = _ALGORITHMS.get(name)
    value = _value(match[2], size) if size else None
    return f"{name}:{value.hex()}" if value else None


def computed(name: str, content: bytes) -> str:
    """The digest of the bytes by the algorithm of a normal digest, in the same form."""
    return f"{name}:{hashlib.new(name, content, usedforsecurity=False).hexdigest()}"


def agrees(digest: str, content: bytes) -> bool:
    """Whether the bytes have the digest, which is in normal form."""
    return computed(digest.partition(":")[0], content) == digest


def _value(text: str, size: int) -> bytes | None:
    bare = text.rstrip("=")
    try:
        if len(bare) == size * 2:
            return bytes.fromhex(bare)
        if len(bare) == (size * 8 + 4) // 5:
            return base64.b32decode(bare.upper() + "=" * (-len(bare) % 8))
        if len(bare) == (size * 4 + 2) // 3:
            return base64.urlsafe_b64decode(bare.replace("+", "-").replace("/", "_") + "=" * (-len(bare) % 4))
    except (ValueError, binascii.Error):
        return None
    return None
