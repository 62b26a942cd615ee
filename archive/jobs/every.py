"""How often and how long: `day`, `6h`, `90d`, and what calendars can say of it."""

from __future__ import annotations

from dataclasses import dataclass

from archive.amounts import BadAmount, duration

MINUTE, HOUR, DAY = 60, 3600, 86_400

_NAMED = {"hour": HOUR, "day": DAY, "week": 7 * DAY}


@dataclass(frozen=True, slots=True, order=True)
class TimeSpan:
    """A length of time in whole seconds."""

    seconds: int

    @classmethod
    def parse(cls, text: str) -> TimeSpan:
        """Read `hour`, `day`, `week`, or an amount such as `20m`, `6h`, `90d`; raises `BadAmount`."""
        if text in _NAMED:
            return cls(_NAMED[text])
        seconds = duration(text).total_seconds()
        if not seconds.is_integer():
            raise BadAmount(f"not a whole number of seconds: {text!r}")
        return cls(int(seconds))

    def __str__(self) -> str:
        """In the largest unit that says it exactly; weeks are said in days."""
        for unit, length in (("d", DAY), ("h", HOUR), ("m", MINUTE)):
            if self.seconds % length == 0:
                return f"{self.seconds // length}{unit}"
        return f"{self.seconds}s"
