"""Amounts as people write them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from archive import amounts
from archive.amounts import BadAmount, Subset

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (amounts.duration, "90d", timedelta(days=90)),
        (amounts.duration, "20m", timedelta(minutes=20)),
        (amounts.duration, "1.5 h", timedelta(minutes=90)),
        (amounts.duration, "2W", timedelta(days=14)),
        (amounts.size, "50G", 50_000_000_000),
        (amounts.size, "50GiB", 50 * 2**30),
        (amounts.size, "1.5kB", 1500),
        (amounts.size, "7", 7),
        (amounts.rate, "50MB/s", 50_000_000),
        (amounts.rate, "1Mi", 2**20),
        (amounts.share, "5%", 0.05),
        (amounts.share, "100 %", 1.0),
        (amounts.subset, "3/12", Subset(3, 12)),
    ],
)
def test_read(read: Callable[[str], object], text: str, value: object) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (amounts.duration, "90"),
        (amounts.duration, "0d"),
        (amounts.duration, "-1d"),
        (amounts.duration, "9" * 40 + "d"),
        (amounts.size, "50X"),
        (amounts.size, "0"),
        (amounts.size, "0.1"),
        (amounts.rate, "/s"),
        (amounts.rate, "50MB/h"),
        (amounts.share, "0%"),
        (amounts.share, "101%"),
        (amounts.share, "5"),
        (amounts.subset, "0/12"),
        (amounts.subset, "13/12"),
        (amounts.subset, "3"),
    ],
)
def test_refused(read: Callable[[str], object], text: str) -> None:
    with pytest.raises(BadAmount, match="as in"):
        read(text)
