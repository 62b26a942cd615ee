"""How often and how long: `day`, `6h`, `90d`, and what calendars can say of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from archive.errors import UsageError

MINUTE, HOUR, DAY = 60, 3600, 86_400

_NAMED = {"hour": HOUR, "day": DAY, "week": 7 * DAY}
_UNITS = {"s": 1, "m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}
_SPAN = re.compile(r"([1-9]\d{0,8})([smhdw])")


class BadSpan(UsageError):
    """A text that should say how long, or how often, does not."""


@dataclass(frozen=True, slots=True, order=True)
class TimeSpan:
    """A length of time in whole seconds."""

    seconds: int

    @classmethod
    def parse(cls, text: str) -> TimeSpan:
        """Read `20m`, `6h`, `90d`, `2w`, or `hour`, `day`, `week`; raises `BadSpan` for anything else."""
        if text in _NAMED:
            return cls(_NAMED[text])
        match = _SPAN.fullmatch(text)
        if match is None:
            raise BadSpan(f"{text!r} is not a length of time: say 20m, 6h, 90d, 2w, or hour, day, week")
        return cls(int(match[1]) * _UNITS[match[2]])

    def __str__(self) -> str:
        """In the largest unit that says it exactly; weeks are said in days."""
        for unit in ("d", "h", "m"):
            if self.seconds % _UNITS[unit] == 0:
                return f"{self.seconds // _UNITS[unit]}{unit}"
        return f"{self.seconds}s"

    @property
    def delta(self) -> timedelta:
        """The same for reckoning with times."""
        return timedelta(seconds=self.seconds)
