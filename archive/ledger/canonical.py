"""Canonical JSON after RFC 8785: one value, one sequence of bytes."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from json.encoder import encode_basestring as _quote
from typing import TypeAlias

from archive.errors import ArchiveError

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"

MAX_INTEGER = 2**53 - 1
"""The largest integer that every reader of JSON gets exactly (RFC 7493, section 2.2)."""

MAX_DEPTH = 64
"""How deep lists and objects may lie in one another; also ends a value that holds itself."""

MAX_LEAF = 64 * 1024
"""The most bytes a leaf of the ledger may have."""


class Unwritable(ArchiveError):
    """A value has no canonical JSON."""


class LeafTooLong(ArchiveError):
    """An event is too large for one leaf of the ledger."""


class NotCanonical(ArchiveError):
    """Bytes that should be canonical JSON are not."""


def canonical(value: Json) -> bytes:
    """The value as canonical JSON in UTF-8 (RFC 8785, section 3.2).

    Integers lie within the I-JSON range; a float is written as ECMAScript would. Raises `Unwritable` for
    anything else: other types, keys that are no strings, half a surrogate pair, NaN, infinities.
    """
    try:
        return _text(value, MAX_DEPTH).encode()
    except UnicodeEncodeError as error:
        raise Unwritable("a string holds half of a surrogate pair, which no UTF-8 can carry") from error


def leaf_bytes(value: Json) -> bytes:
    """The value as the bytes of a leaf; raises `LeafTooLong` past `MAX_LEAF`, else as `canonical` does."""
    leaf = canonical(value)
    if len(leaf) > MAX_LEAF:
        raise LeafTooLong(f"an event of {len(leaf):,} bytes does not fit a leaf of the ledger ({MAX_LEAF:,})")
    return leaf


def parse(text: bytes) -> Json:
    """Read canonical JSON; raises `NotCanonical` where the bytes are not exactly what `canonical` writes."""
    try:
        value: Json = json.loads(text.decode(), parse_int=_read_integer)
        if canonical(value) == text:
            return value
    except (ValueError, RecursionError, Unwritable) as error:
        raise NotCanonical(f"not canonical JSON: {error}") from error
    raise NotCanonical("JSON, but not in its canonical form (RFC 8785)")


def _text(value: Json, depth: int) -> str:
    if isinstance(value, str):
        return _quote(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return _integer(value)
    if isinstance(value, float):
        return _float(value)
    if not depth:
        raise Unwritable(f"lists and objects lie more than {MAX_DEPTH} deep in one another")
    if isinstance(value, Mapping):
        return _object(value, depth - 1)
    if isinstance(value, (list, tuple)):
        return f"[{','.join([_text(each, depth - 1) for each in value])}]"
    raise Unwritable(f"a {type(value).__name__} has no canonical JSON")


def _object(value: Mapping[str, Json], depth: int) -> str:
    for key in value:
        if not isinstance(key, str):
            raise Unwritable(f"the key {key!r} is not a string")
    keys = sorted(value) if "".join(value).isascii() else sorted(value, key=_utf16)
    return f"{{{','.join([f'{_quote(key)}:{_member(value[key], depth)}' for key in keys])}}}"


def _member(value: Json, depth: int) -> str:
    """As `_text`, and quick for what most members are."""
    return _quote(value) if type(value) is str else _text(value, depth)


def _utf16(key: str) -> bytes:
    """Keys are ordered by UTF-16 units, which is not code point order (RFC 8785, section 3.2.3)."""
    return key.encode("utf-16-be", "surrogatepass")


def _integer(value: int) -> str:
    if not -MAX_INTEGER <= value <= MAX_INTEGER:
        raise Unwritable("an integer outside plus or minus 2**53 - 1 is not read the same everywhere")
    return int.__repr__(value)


def _float(value: float) -> str:
    """A number as ECMAScript writes it: Number::toString, which RFC 8785 section 3.2.2.3 asks for."""
    if not math.isfinite(value):
        raise Unwritable(f"{value} has no JSON")
    if value == 0:
        return "0"
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    shown = "".join(map(str, digits))
    point = len(shown) + int(exponent)
    return ("-" if sign else "") + _placed(shown.rstrip("0"), point)


def _placed(digits: str, point: int) -> str:
    """Shortest digits with the decimal point after the `point`th of them."""
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    if len(digits) <= point <= 21:
        return digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    tail = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{tail}e{point - 1:+d}"


def _read_integer(text: str) -> int | float:
    """An integer, or the float that canonical JSON writes without point or exponent (up to 1e21)."""
    if len(text) <= len(str(-MAX_INTEGER)):
        value = int(text)
        if -MAX_INTEGER <= value <= MAX_INTEGER:
            return value
    return float(text)
