"""A command of the archivist's, which is given the notice on its standard input."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.notify.notice import NotDelivered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.notify.notice import Notice

PATIENCE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Command:
    """A program by its absolute path; it is started without arguments and without a shell."""

    path: str

    def __str__(self) -> str:
        return f"exec:{self.path}"

    def check(self) -> None:
        """Raises `NotDelivered` where there is no such program."""
        if not os.access(self.path, os.X_OK) or os.path.isdir(self.path):  # noqa: PTH112 - beside access
            raise NotDelivered(f"there is no program at {self.path} that could be started", may_pass=False)

    def deliver(self, notice: Notice) -> None:
        """Start it, with the notice as JSON on its standard input; raises `NotDelivered` where it fails."""
        self.check()
        ended = run_program([self.path], notice.body())
        if ended.returncode:
            said = ended.stderr.decode(errors="replace").strip() or "it said nothing"
            raise NotDelivered(f"{self.path} ended with status {ended.returncode}: {said}")


def run_program(words: Sequence[str], given: bytes) -> subprocess.CompletedProcess[bytes]:
    """Run a program to its end; raises `NotDelivered` where it does not start or does not end."""
    try:
        return subprocess.run(words, input=given, capture_output=True, check=False, timeout=PATIENCE_SECONDS)  # noqa: S603 - as configured
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotDelivered(f"{words[0]} could not be run: {error}") from error
