"""Amounts as people write them: `90d`, `20m`, `50G`, `50MB/s`, `5%`, `3/12`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from archive.errors import UsageError

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4, "p": 5}
_DURATION = re.compile(r"(\d{1,7}(?:\.\d+)?)\s*([smhdw])", re.IGNORECASE)
_SIZE = re.compile(r"(\d{1,12}(?:\.\d+)?)\s*([kmgtp]?)(i?)b?", re.IGNORECASE)
_RATE = re.compile(r"(.+?)\s*/\s*s(?:ec(?:ond)?)?", re.IGNORECASE)
_SHARE = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*%")
_SUBSET = re.compile(r"(\d{1,6})\s*/\s*(\d{1,6})")


class BadAmount(UsageError):
    """An amount cannot be read, or there can be no such amount."""


@dataclass(frozen=True, slots=True)
class Subset:
    """The `number`th of `of` equal parts, counted from 1."""

    number: int
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


def duration(text: str) -> timedelta:
    """`90d`, `20m`, `36h`, `45s`, `2w`; raises `BadAmount` for anything else and for nothing."""
    match = _DURATION.fullmatch(text.strip())
    if not match or not float(match[1]):
        raise BadAmount(f"not a length of time: {text!r} (a number and s, m, h, d or w, as in 20m or 90d)")
    return timedelta(seconds=float(match[1]) * _SECONDS[match[2].lower()])


def size(text: str) -> int:
    """Bytes: `50G` is 50 thousand million, `50GiB` is 50 times 2 to the 30th; raises `BadAmount`."""
    match = _SIZE.fullmatch(text.strip())
    base = 1024 if match and match[3] else 1000
    value = int(float(match[1]) * base ** _POWERS[match[2].lower()]) if match else 0
    if not value:
        raise BadAmount(f"not a number of bytes: {text!r} (as in 500M, 50G or 50GiB)")
    return value


def rate(text: str) -> int:
    """Bytes a second: `50MB/s`, or `50M`; raises `BadAmount`."""
    match = _RATE.fullmatch(text.strip())
    try:
        return size(match[1] if match else text)
    except BadAmount as error:
        raise BadAmount(f"not a rate: {text!r} (as in 50MB/s)") from error


def share(text: str) -> float:
    """`5%` as 0.05; more than nothing and at most 1. Raises `BadAmount`."""
    match = _SHARE.fullmatch(text.strip())
    if not match or not 0 < float(match[1]) <= 100:
        raise BadAmount(f"not a share: {text!r} (more than 0% and at most 100%, as in 5%)")
    return float(match[1]) / 100


def subset(text: str) -> Subset:
    """`3/12`, the third of twelve parts; raises `BadAmount`."""
    match = _SUBSET.fullmatch(text.strip())
    if not match or not 1 <= int(match[1]) <= int(match[2]):
        raise BadAmount(f"not a part of a whole: {text!r} (as in 3/12, the third of twelve)")
    return Subset(int(match[1]), int(match[2]))
