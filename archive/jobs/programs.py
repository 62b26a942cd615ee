"""Starting the programs that keep schedules, and saying what they said."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from archive.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Sequence

PATIENCE_SECONDS = 60


class KeeperFailed(ArchiveError):
    """systemd or cron did not take what it was given."""


def ask(words: Sequence[str], given: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run a program to its end; raises `KeeperFailed` where it is not there or does not end."""
    try:
        return subprocess.run(words, input=given, capture_output=True, check=False, timeout=PATIENCE_SECONDS)  # noqa: S603 - our own words
    except FileNotFoundError as error:
        raise KeeperFailed(f"there is no program {words[0]} on this machine") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise KeeperFailed(f"{' '.join(words)} did not end: {error}") from error


def insist(words: Sequence[str], given: bytes | None = None) -> bytes:
    """What a program prints; raises `KeeperFailed` with its own words where it does not succeed."""
    ran = ask(words, given)
    if ran.returncode:
        said = (ran.stderr or ran.stdout).decode(errors="replace").strip()
        raise KeeperFailed(f"`{' '.join(words)}` ended with status {ran.returncode}: {said or 'no words'}")
    return ran.stdout
