"""The one clock and the one source of identifiers; tests stop both."""

from __future__ import annotations

import os
import threading
import time
import uuid
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time and makes identifiers."""

    def now(self) -> datetime:
        """The present time in UTC, to the microsecond."""
        ...

    def new_id(self) -> uuid.UUID:
        """A new UUIDv7 (RFC 9562), later than all that this clock has made."""
        ...

    def secret(self, size: int) -> bytes:
        """That many bytes which nobody can foresee: for salts, nonces and keys."""
        ...


class SystemClock:
    """The machine's clock; identifiers rise even within one millisecond and when the clock is set back."""

    def __init__(self) -> None:
        self._last = 0
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The present time in UTC, to the microsecond."""
        return datetime.now(UTC)

    def new_id(self) -> uuid.UUID:
        """A UUIDv7 with 12 bits of sub-millisecond time (RFC 9562, section 6.2, method 3)."""
        with self._lock:
            tick = max(time.time_ns() * 4096 // 1_000_000, self._last + 1)
            self._last = tick
        return _uuid7(tick, int.from_bytes(os.urandom(8)))

    def secret(self, size: int) -> bytes:
        """Random bytes of the operating system."""
        return os.urandom(size)


def _uuid7(tick: int, random: int) -> uuid.UUID:
    """Pack 48 bits of milliseconds and 12 bits of their fraction with 62 random bits."""
    millis, fraction = divmod(tick, 4096)
    value = (millis & (1 << 48) - 1) << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | random & (1 << 62) - 1
    return uuid.UUID(int=value)
