"""The end of the time that a search may take."""

from __future__ import annotations

import time

OFTEN = 256
"""Steps between two looks at the clock."""


class Deadline:
    """The time by which a search ends, and whether it was cut off."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds
        self.passed = False

    def over(self) -> bool:
        """Whether the time is up; from then on the search is incomplete."""
        if not self.passed and time.monotonic() > self._until:
            self.passed = True
        return self.passed
